"""Rules that hold targets against earlier years: what was reached, how easily, and what was merely copied."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from apps.calculation.achievement import ratio
from apps.calculation.targets import Target, is_met
from apps.calculation.terms import Direction
from apps.plans.enums import Basis, Operator, ScopeRule, TargetStatus
from apps.plans.queries.checks import sources
from apps.plans.queries.checks.checked import YEARS_COMPARED, Checked
from apps.plans.queries.checks.findings import CheckFinding, hint, warning
from apps.plans.queries.contents import IndicatorContent, MeasureContent, TargetContent
from apps.ui.formats import measured, names, percent
from apps.ui.targets import SIGNS

FAR_ABOVE: Final = Decimal("1.5")
"""Achievement from which on a target that is met every year is too low: 150 % (what auditors look for; practice)."""
FEWEST_YEARS: Final = 2
SAME: Final = ("operator", "value", "high", "basis", "factor", "offset", "scope", "members")
COMPARED: Final = (Operator.AT_LEAST, Operator.AT_MOST, Operator.MORE_THAN, Operator.LESS_THAN, Operator.EQUAL)


def below_last_year(checked: Checked) -> Iterator[CheckFinding]:
    """A target that last year's figure already passed; of named members, each of them."""
    for row, target in _comparable(checked):
        line = checked.line(target, row.measure, checked.year)
        last = _last_figures(checked, row, target)
        if last and all(_is_beaten(line, value) for value in last.values()):
            measure = checked.measure(row)
            sentence = _(
                "指标%(code)s的指标值（%(target)s）低于上年已达到的水平（%(last)s），请提高指标值或说明原因。"
            ) % {
                "code": row.code,
                "target": _told(line, measure),
                "last": names([f"{name}{measured(value, measure)}" for name, value in last.items()]),
            }
            yield warning("below_last_year", f"indicators.{row.code}.target", sentence, sources.AUDIT_LOW)


def far_above_every_year(checked: Checked) -> Iterator[CheckFinding]:
    """A target that was met by more than half again in each of the last years, and is not raised beyond what was reached."""
    for row, target in _comparable(checked):
        line = checked.line(target, row.measure, checked.year)
        last = checked.past(row.measure, checked.year - 1)
        if target.scope != ScopeRule.TOGETHER or last is None or not _is_beaten(line, last):
            continue
        shares = _shares_of_years(checked, row, target)
        if len(shares) >= FEWEST_YEARS:
            sentence = _("指标%(code)s连续%(count)s年完成率超过 150 %%（%(years)s），指标值明显偏低，请提高。") % {
                "code": row.code,
                "count": len(shares),
                "years": names(
                    [_("%(year)s年") % {"year": year} + f" {percent(share * 100)}" for year, share in shares.items()]
                ),
            }
            yield warning("far_above_every_year", f"indicators.{row.code}.target", sentence, sources.AUDIT_LOW)


def copied_though_reached(checked: Checked) -> Iterator[CheckFinding]:
    """Last year's target again although it was reached; one that cannot go higher (100 %, none at all) may stay."""
    for row, target in _comparable(checked):
        before = _same_aim(checked, row, target, checked.year - 1)
        last = checked.past(row.measure, checked.year - 1)
        if before is None or last is None or target.basis != Basis.FIXED or _is_utmost(target, checked.measure(row)):
            continue
        line = checked.line(before, row.measure, checked.year - 1)
        is_same = all(getattr(before, name) == getattr(target, name) for name in SAME)
        if is_same and is_met(line, last):
            sentence = _("指标%(code)s的指标值与上年相同（%(target)s），而上年已经达到，请考虑是否应当提高。") % {
                "code": row.code,
                "target": _told(line, checked.measure(row)),
            }
            yield hint("copied_though_reached", f"indicators.{row.code}.target", sentence, sources.AUDIT_COPIED)


def _comparable(checked: Checked) -> Iterator[tuple[IndicatorContent, TargetContent]]:
    """Yield the indicators whose target is a number on one side, with it."""
    for row in checked.content.indicators:
        if row.target and row.target.operator in COMPARED and row.target.status != TargetStatus.PENDING:
            yield row, row.target


def _last_figures(checked: Checked, row: IndicatorContent, target: TargetContent) -> dict[str, Decimal]:
    """Return last year's figure, or those of the named members by name; empty unless all are known."""
    year = checked.year - 1
    if target.scope == ScopeRule.TOGETHER:
        last = checked.past(row.measure, year)
        return {} if last is None else {"": last}
    measure = checked.measure(row)
    known = {code: checked.past(row.measure, year, code) for code in target.members}
    figures = {f"{checked.name_of_member(measure, code)} ": value for code, value in known.items() if value is not None}
    return figures if len(figures) == len(known) else {}


def _is_beaten(line: Target, figure: Decimal) -> bool:
    """Tell whether a figure is strictly on the better side of a target; a quota has none."""
    if line.bounds is None:
        return False
    bound = line.bounds[0]
    return (line.better is Direction.HIGHER and figure > bound) or (line.better is Direction.LOWER and figure < bound)


def _shares_of_years(checked: Checked, row: IndicatorContent, target: TargetContent) -> dict[int, Decimal]:
    """Return by how much the targets of the last years were met, latest first, for as long as it was far above."""
    shares: dict[int, Decimal] = {}
    for year in range(checked.year - 1, checked.year - 1 - YEARS_COMPARED, -1):
        aim = _same_aim(checked, row, target, year)
        share = ratio(checked.line(aim, row.measure, year), checked.past(row.measure, year)) if aim else None
        if share is None or share <= FAR_ABOVE:
            break
        shares[year] = share
    return shares


def _same_aim(checked: Checked, row: IndicatorContent, target: TargetContent, year: int) -> TargetContent | None:
    """Return the target of an earlier year that speaks of the same members; of the same measure in any plan."""
    aims = checked.aims.get((row.measure, year), ())
    return next((aim for aim in aims if (aim.scope, aim.members) == (target.scope, target.members)), None)


def _is_utmost(target: TargetContent, measure: MeasureContent) -> bool:
    """Tell whether a target cannot be set any better: the whole of a whole, or none at all."""
    is_whole = target.value == measure.factor and measure.factor is not None
    return target.value == 0 or (is_whole and target.operator not in (Operator.AT_MOST, Operator.LESS_THAN))


def _told(line: Target, measure: MeasureContent) -> str:
    """Return a target as it stands in a sentence: ≥ 80.00 %."""
    return f"{SIGNS[line.operator]} {measured(line.value, measure)}"


RULES: Final = (below_last_year, far_above_every_year, copied_though_reached)
