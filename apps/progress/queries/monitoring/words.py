"""What stands in a monitoring, in the words of the form."""

from django.utils.translation import gettext as _

from apps.calculation.targets import Target
from apps.progress.enums import (
    Band,
    Likelihood,
    MonitoringLayout,
    Outcome,
    StandingStatus,
)
from apps.progress.models import (
    MonitoringLine,
)
from apps.ui import formats
from apps.ui.targets import SIGNS


def actual_words(line: MonitoringLine) -> str:
    """Return where an indicator stood at the window's end: its figure with unit, its outcome or band; 未报 without any."""
    measure = line.indicator.measure
    if not measure.is_figured:
        return _finding(line)
    if line.status == StandingStatus.NOT_APPLICABLE:
        return _("不适用（没有发生）")
    if line.met is not None:
        return _("%(named)s 个中 %(met)s 个达标") % {"named": line.named, "met": line.met}
    return _("未报") if line.actual is None else formats.measured(line.actual, measure)


def _finding(line: MonitoringLine) -> str:
    if line.outcome:
        return str(Outcome(line.outcome).label)
    if line.band:
        return str(Band(line.band).label) + formats.in_brackets(formats.percent(line.actual))
    return _("未报")


def year_end_words(line: MonitoringLine, aim: Target | None) -> str:
    """Return what the year's figure is held against where that is another number than the window's: < 860 件; else empty.

    At the year's end the same period of last year is the whole of it.
    """
    if aim is None or aim.value is None or line.target_value is None or aim.value == line.target_value:
        return ""
    return f"{SIGNS.get(aim.operator, '')} {formats.measured(aim.value, line.indicator.measure)}".strip()


def coverage_words(line: MonitoringLine) -> str:
    """Return who stands behind a figure that is not the whole, empty where it is: 10/11 已审，缺：从化."""
    if not line.missing:
        return ""
    words = {"reported": line.reported, "asked": line.asked, "names": formats.names(line.missing)}
    return _("%(reported)s/%(asked)s 已审，缺：%(names)s") % words


def estimate_words(line: MonitoringLine) -> str:
    """Return what is expected of the year: a figure with unit, or what was written; empty where the form does not ask."""
    if line.estimate is not None:
        return formats.measured(line.estimate, line.indicator.measure)
    return line.estimate_text


def likelihood_words(code: str, layout: str) -> str:
    """Return a likelihood as the form prints it: the central one says 完全不可能."""
    if code == Likelihood.IMPOSSIBLE and layout == MonitoringLayout.CENTRAL:
        return _("完全不可能")
    return str(Likelihood(code).label) if code else ""
