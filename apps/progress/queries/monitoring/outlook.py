"""What the calculation expects of an indicator's year, for whoever fills a monitoring in to take or to leave."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.calculation import targets as calculated
from apps.calculation.forecast import FEWEST, Forecast, Limits, Point, forecast
from apps.calculation.periods import year_of
from apps.calculation.spending import in_wan
from apps.calculation.terms import Accumulation, Aggregation, ScopeRule
from apps.plans.enums import Kind
from apps.plans.queries import calculated_target
from apps.progress.queries.cases import FLOWS, Case, Past
from apps.progress.queries.series import Series
from apps.ui import formats

ZERO = Decimal(0)


def year_aim(case: Case) -> calculated.Target | None:
    """Return the target that the whole year's figure is held against, None where members are held against it one by one.

    What is compared with the same period of last year is, at the year's end, compared with the whole of it. A year of which
    only some months are known says nothing of the whole: the target then has no value.
    """
    if case.target is None or case.is_counted:
        return None
    year = case.indicator.plan.year
    totals = [_whole_year(past, year - back) for back, past in sorted(case.past.items())]
    years = totals[: case.target.years or 1]
    return calculated_target(case.target, year_total=totals[0], same_period=totals[0], years=years)


def _whole_year(past: Past, year: int) -> Decimal | None:
    """Return an earlier year's figure, None where neither a result was written down nor its rounds go to the year's end.

    What is added up by the period must begin with the year too. A season is a year of its own.
    """
    rounds, measure = past.series.rounds, past.series.measure
    if past.result is not None or not rounds:
        return past.result
    whole, season = year_of(year), rounds[-1].season
    first = max(season.starts_on, whole.starts_on) if season else whole.starts_on
    last = min(season.ends_on, whole.ends_on) if season else whole.ends_on
    is_added_up = Accumulation.INCREMENT in (measure.accumulation, measure.denominator_accumulation)
    if rounds[-1].ends_on < last or (is_added_up and rounds[0].starts_on > first):
        return None
    return past.total


def suggestion(case: Case) -> tuple[Forecast | None, str]:
    """Return what the calculation expects for the year's end, or the sentence that says why it cannot."""
    measure = case.indicator.measure
    if not measure.is_figured:
        return None, ""
    if case.is_counted:
        return None, _("按名单逐个考核的指标不作推算，请按各成员情况填写。")
    points = _points(case.shown, case.named, case.scope)
    if (why := _why_not(case.shown, points)) or not points:
        return None, why or _("还没有数据，不作推算。")
    is_flow = measure.accumulation in FLOWS and not measure.denominator_accumulation
    is_money = measure.kind == Kind.MONEY
    drawn = forecast(
        [Point(row.on, in_wan(row.value)) for row in points] if is_money else points,
        year_of(case.indicator.plan.year).ends_on,
        target=None if is_money else year_aim(case),
        last_year=_points(case.past[1].series, case.named, case.scope) if is_flow and not is_money else (),
        starts_on=year_of(case.indicator.plan.year).starts_on if is_flow else None,
        limits=_limits(case),
        places=measure.decimals,
        unit=formats.unit("万元" if is_money else measure.unit_name),
    )
    return drawn, "" if drawn else _("年度已结束，不作推算。")


def _why_not(series: Series, points: Sequence[Point]) -> str:
    """Return why a course says nothing of the year's end, empty where it does."""
    if len(points) < FEWEST:
        return _("完整的数据不足 3 期，不作推算。")
    if points[-1].on != series.rounds[-1].ends_on:
        return _("最近一期未报全，不作推算。")
    return ""


def _points(series: Series, members: Collection[int] | None, scope: ScopeRule = ScopeRule.TOGETHER) -> list[Point]:
    """Return the year so far at the end of each round that everybody reported."""
    found = []
    for row in series.rounds:
        cut = series.up_to(row.ends_on)
        figure = cut.aggregate(members, Aggregation.MEAN if scope is ScopeRule.MEAN else None)
        if figure.is_complete and figure.value is not None:
            found.append(Point(row.ends_on, figure.value))
    return found


def _limits(case: Case) -> Limits:
    measure = case.indicator.measure
    return (ZERO, measure.factor if measure.is_part_of_whole else None)
