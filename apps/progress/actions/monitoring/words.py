"""What may be said in a line of a monitoring: one rule for the form and for every other door."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.calculation.rounding import half_up
from apps.calculation.spending import in_wan
from apps.calculation.targets import Target, is_met
from apps.plans.enums import Kind
from apps.progress.enums import CAUSES_OF, Likelihood, MonitoringLayout, StandingStatus
from apps.progress.models import (
    MonitoringLine,
)
from apps.progress.queries.cases import FLOWS
from apps.ui import formats


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of one indicator. `estimate` is in the measure's unit, money in 元; None is not said."""

    indicator_id: int
    likelihood: str
    estimate: Decimal | None = None
    estimate_text: str = ""
    causes: tuple[str, ...] = ()
    cause: str = ""
    remedy: str = ""
    note: str = ""


def unfit_words(line: MonitoringLine, said: Said, layout: str, aim: Target | None) -> dict[str, str]:
    """Return a sentence for each field of a line that cannot be so, by field; empty where all is well.

    The form of 136号 asks for the year's expected figure, and both forms for cause and measure of whatever is in doubt.
    """
    found = {}
    if sentence := _unfit_estimate(line, said, layout):
        found["estimate"] = sentence
    if said.likelihood not in Likelihood.values:
        found["likelihood"] = _("请选择完成目标的可能性。")
    elif said.likelihood != Likelihood.CERTAIN:
        found |= _unfit_doubt(said)
    if set(said.causes) - {str(cause) for cause in CAUSES_OF[MonitoringLayout(layout)]}:
        found["causes"] = _("所选原因不在本表式的原因之列。")
    return found | ({} if found else _contradiction(line, said, aim))


def unfit_money(estimate: Decimal | None, executed: Decimal | None) -> str:
    """Return the sentence for an expected amount that is missing or cannot be, empty where all is well. Both in 元.

    A year spends no less than its window did, as the form prints it: 万元 with two decimals.
    """
    if estimate is None:
        return _("请填写全年预计执行数。")
    if estimate < 0:
        return _("全年预计执行数不能小于 0。")
    if executed is not None and half_up(in_wan(estimate)) < half_up(in_wan(executed)):
        words = {"amount": formats.money(executed)}
        return _("全年预计执行数不能少于监控期内已执行的 %(amount)s 万元。") % words
    return ""


def _unfit_estimate(line: MonitoringLine, said: Said, layout: str) -> str:
    measure = line.indicator.measure
    if said.estimate is not None and said.estimate < 0 and measure.kind != "number":
        return _("全年预计完成数不能小于 0。")
    if sentence := _shrunk(line, said.estimate):
        return sentence
    is_said = said.estimate is not None if measure.is_figured else bool(said.estimate_text.strip())
    if is_said or layout != MonitoringLayout.CENTRAL or line.status == StandingStatus.NOT_APPLICABLE:
        return ""
    return _("请填写全年预计完成数。") if measure.is_figured else _("请写明全年预计完成情况。")


def _shrunk(line: MonitoringLine, estimate: Decimal | None) -> str:
    """Return the sentence for a year that comes to less than its window did, where what is counted only grows."""
    measure = line.indicator.measure
    only_grows = measure.accumulation in FLOWS and not measure.denominator_accumulation and line.met is None
    if estimate is None or line.actual is None or not only_grows:
        return ""
    if measure.kind == Kind.MONEY:
        year, window = half_up(in_wan(estimate)), half_up(in_wan(line.actual))
    else:
        year, window = half_up(estimate, measure.decimals), half_up(line.actual, measure.decimals)
    if year >= window:
        return ""
    words = {"estimate": formats.measured(estimate, measure), "actual": formats.measured(line.actual, measure)}
    return _("全年预计 %(estimate)s，比监控期内已有的 %(actual)s 还少；请填全年累计数。") % words


def _unfit_doubt(said: Said) -> dict[str, str]:
    found = {}
    if not said.causes:
        found["causes"] = _("不能确定完成的，请勾选偏差原因。")
    if not said.cause.strip():
        found["cause"] = _("请说明原因。")
    if not said.remedy.strip():
        found["remedy"] = _("请写明改进措施。")
    return found


def _contradiction(line: MonitoringLine, said: Said, aim: Target | None) -> dict[str, str]:
    """Return the sentence for an estimate and a likelihood that cannot both be, empty where they can."""
    if aim is None or said.estimate is None:
        return {}
    reaches = is_met(aim, said.estimate)
    words = {"estimate": formats.measured(said.estimate, line.indicator.measure), "wanted": line.wanted}
    if reaches is False and said.likelihood == Likelihood.CERTAIN:
        return {"likelihood": _("全年预计 %(estimate)s，达不到指标值 %(wanted)s，不能填“确定能”。") % words}
    if reaches is True and said.likelihood == Likelihood.IMPOSSIBLE:
        return {"likelihood": _("全年预计 %(estimate)s，已达到指标值 %(wanted)s，与所选可能性不符。") % words}
    return {}
