"""Money spent against money given."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.calculation.pace import DEFAULT_BANDS, execution_light
from apps.calculation.schemes import Bands, Scheme
from apps.calculation.spending import execution_rate, share_of_year
from apps.plans.models import Measure, Plan
from apps.plans.queries import adjusted_budget
from apps.progress.queries.series import Series, series_of

FULL = Decimal(100)
OVER = "over"


@dataclass(frozen=True, slots=True)
class Execution:
    """A plan's money: both amounts in 元, rates in percent; None is unknown (nothing reported), zero is zero.

    `expected_share` is the percent of the year that is over at the end of the last month reported or overdue.
    `light` is red, yellow, green, or "over" where more was spent than given.
    `is_complete` is False while a month that was due has not been reported from every source: never scored as the whole.
    """

    budget: Decimal | None
    executed: Decimal | None
    rate: Decimal | None
    expected_share: Decimal | None
    light: str | None
    reported_until: date | None
    is_complete: bool = False


def executions(
    plans: Collection[Plan],
    today: date,
    known_at: datetime | None = None,
    everything: Mapping[tuple[int, int], Series] | None = None,
) -> dict[int, Execution]:
    """Return the execution of each plan, by its id, from reviewed figures. Two queries.

    `project__execution` and `approved__scheme` should be loaded. `known_at` asks what was known then; plans that come
    `with_budget` and `everything`, series that are read already, save a query each.
    """
    budgets = _budgets(plans, known_at)
    if everything is None:
        everything = series_of(measures_of_money(plans), {plan.year for plan in plans}, today, known_at)
    return {
        plan.pk: _execution(
            budgets.get(plan.pk),
            everything.get((plan.project.execution_id or 0, plan.year)),
            _bands(plan),
            today,
        )
        for plan in plans
    }


def measures_of_money(plans: Collection[Plan]) -> list[Measure]:
    """Return the measures in which the plans' money is spent. No query where `project__execution` is loaded."""
    return [plan.project.execution for plan in plans if plan.project.execution]


def _budgets(plans: Collection[Plan], known_at: datetime | None) -> dict[int, Decimal]:
    if known_at is not None and all("budget" in vars(plan) for plan in plans):
        return {plan.pk: vars(plan)["budget"] for plan in plans}
    return adjusted_budget(plans, known_at)


def _bands(plan: Plan) -> Bands:
    """Return the edges of the plan's scheme, the usual ones for a plan without a scheme."""
    scheme = plan.approved.scheme if plan.approved else None
    return Scheme.from_data(scheme.content).standing_bands if scheme else DEFAULT_BANDS


def _execution(budget: Decimal | None, series: Series | None, bands: Bands, today: date) -> Execution:
    last = series.last_round if series else None
    until = series.told_until(today) if series else None
    if series is None or last is None or until is None:
        return Execution(budget, None, None, None, None, None)
    spent = series.up_to(until).aggregate()
    rate = execution_rate(budget, spent.value)
    return Execution(
        budget=budget,
        executed=spent.value,
        rate=rate,
        expected_share=share_of_year(until),
        light=OVER if rate is not None and rate > FULL else execution_light(rate, until.month, bands),
        reported_until=last.ends_on,
        is_complete=spent.is_complete,
    )
