"""The money of monitorings: what was given, spent by the window's end, and what is expected of the year."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.calculation.pace import DEFAULT_BANDS, execution_light
from apps.calculation.schemes import Bands, Scheme
from apps.calculation.spending import execution_rate, left_light, share_of_year
from apps.plans.enums import BudgetKind
from apps.plans.models import BudgetLine, PlanVersion
from apps.progress.enums import (
    MoneySource,
    RevisionOrigin,
)
from apps.progress.models import (
    Monitoring,
    MonitoringMoney,
)
from apps.progress.queries.executions import FULL, OVER
from apps.progress.queries.series import Series, series_of

GENERAL_FUND = "general"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Spending:
    """The money of a monitoring: its rows by source, and the sum of them. Amounts in 元, rates in percent, None is unknown.

    `expected` is the percent of the year that is over at the window's end.
    """

    rows: list[MonitoringMoney]
    budget: Decimal | None
    executed: Decimal | None
    reported_until: date | None
    is_complete: bool
    month: int
    bands: Bands = DEFAULT_BANDS
    is_demonstration: bool = False

    @property
    def initial(self) -> Decimal | None:
        """Return what was given at the beginning of the year."""
        return _sum([row.initial for row in self.rows])

    @property
    def estimate(self) -> Decimal | None:
        """Return what will be spent by the end of the year, None while one of the sources is open."""
        amounts = [row.estimate for row in self.rows]
        return None if None in amounts else _sum(amounts)

    @property
    def rate(self) -> Decimal | None:
        """Return the part of the year's budget that was spent in the window."""
        return execution_rate(self.budget, self.executed)

    @property
    def estimated_rate(self) -> Decimal | None:
        """Return the part of the year's budget that will be spent by its end."""
        return execution_rate(self.budget, self.estimate)

    @property
    def expected(self) -> Decimal:
        """Return the percent of the year that is over at the window's end."""
        return share_of_year(date(2000, self.month, 1))

    @property
    def light(self) -> str | None:
        """Return the light of the execution's pace: red, yellow, green, or "over" where more was spent than given."""
        if self.rate is not None and self.rate > FULL:
            return OVER
        return execution_light(self.rate, self.month, self.bands)

    @property
    def is_over(self) -> bool:
        """Tell whether more is expected to be spent by the year's end than was given."""
        return self.estimated_rate is not None and self.estimated_rate > FULL

    @property
    def left(self) -> str | None:
        """Return yellow where more than a fifth of the budget will be left at the year's end."""
        return left_light(self.budget, self.estimate)


def spendings(monitorings: Collection[Monitoring]) -> dict[int, Spending]:
    """Return the money of each monitoring in its window, by its id, as it counts now. Two queries.

    `round` and the plan's `project__execution` and `approved__scheme` should be loaded. Money that was given after the
    window's end is not in it.
    """
    plans = [row.plan for row in monitorings]
    lines = defaultdict(list)
    for line in BudgetLine.objects.settled().filter(plan__in=plans).select_related("source").order_by("pk"):
        lines[line.plan_id].append(line)
    measures = [plan.project.execution for plan in plans if plan.project.execution]
    until = max((row.round.ends_on for row in monitorings), default=date.min)
    everything = series_of(measures, {plan.year for plan in plans}, until)
    return {
        row.pk: _spending(
            row,
            [line for line in lines[row.plan_id] if line.effective_on <= row.round.ends_on],
            everything.get((row.plan.project.execution_id or 0, row.plan.year)),
        )
        for row in monitorings
    }


def _spending(monitoring: Monitoring, lines: Sequence[BudgetLine], series: Series | None) -> Spending:
    cut = series.up_to(monitoring.round.ends_on) if series else None
    total = cut.aggregate() if cut and cut.rounds else None
    rows = [row for source in MoneySource if (row := _money(source, lines, cut)) is not None]
    return Spending(
        rows=rows,
        budget=_sum([line.amount for line in lines]),
        executed=total.value if total else None,
        reported_until=cut.last_round.ends_on if cut and cut.last_round else None,
        is_complete=bool(total and total.is_complete),
        month=monitoring.round.ends_on.month,
        bands=bands_of(monitoring.plan.approved),
        is_demonstration=bool(cut and has_demonstration(cut)),
    )


def _money(source: MoneySource, lines: Sequence[BudgetLine], series: Series | None) -> MonitoringMoney | None:
    """Return the row of one kind of source, None where nothing was given and nothing is asked."""
    mine = [line for line in lines if _source_of(line.source.code) == source]
    members = {pk for pk, member in series.members.items() if _source_of(member.code) == source} if series else set()
    if not mine and not members:
        return None
    spent = series.aggregate(members).value if series and members else None
    return MonitoringMoney(
        source=source,
        initial=_sum([line.amount for line in mine if line.kind == BudgetKind.INITIAL]),
        adjusted=_sum([line.amount for line in mine]),
        executed=spent,
    )


def _source_of(code: str) -> MoneySource:
    return MoneySource.GENERAL if code == GENERAL_FUND else MoneySource.OTHER


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """Return the sum of what is known, None where nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, ZERO) if known else None


def bands_of(version: PlanVersion | None) -> Bands:
    """Return the edges of a version's scheme, the usual ones without a scheme."""
    return Scheme.from_data(version.scheme.content).standing_bands if version and version.scheme else DEFAULT_BANDS


def has_demonstration(series: Series) -> bool:
    """Tell whether a made-up figure counts in a series."""
    rows = [series.revisions.get(row.pk, {}) for row in series.rounds]
    return any(row.origin == RevisionOrigin.DEMONSTRATION for cells in rows for row in cells.values())
