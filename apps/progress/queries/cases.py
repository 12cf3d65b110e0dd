"""What an indicator's standing and points depend on: its target, its figures, last year, and how far the year is told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Subquery

from apps.calculation import targets as calculated
from apps.calculation.aggregation import Aggregate
from apps.calculation.pace import expected_by_now, planned_by, shape_of
from apps.calculation.periods import elapsed, month_end, year_of
from apps.calculation.schemes import Bands, Scheme
from apps.calculation.terms import (
    Accumulation,
    Aggregation,
    Basis,
    Path,
    ScopeRule,
)
from apps.journal.models import Event
from apps.plans.enums import Kind
from apps.plans.models import Indicator, Measure, Result, Target
from apps.plans.queries import calculated_target, target_in_force
from apps.progress.models import Revision
from apps.progress.queries.series import Series, series_of

FLOWS = (Accumulation.INCREMENT, Accumulation.RUNNING_TOTAL)
DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier year of a measure: its series, and what was written down when it closed, None where nothing was."""

    series: Series
    result: Decimal | None

    @property
    def total(self) -> Decimal | None:
        """Return the year's figure: what was written down, else its complete series; None where it is not known whole."""
        if self.result is not None or not self.series.measure.is_figured:
            return self.result
        return _complete(self.series)


@dataclass(frozen=True, slots=True)
class Case:
    """One indicator with all that its standing depends on."""

    indicator: Indicator
    target: Target | None
    series: Series
    past: dict[int, Past]
    today: date

    @property
    def shown(self) -> Series:
        """Return the series up to the last round that was reported or is overdue: a round nobody answered counts as missing."""
        return self.series.up_to(self.now)

    @property
    def now(self) -> date:
        """Return the end of the last round reported or overdue, up to which progress may be expected; else New Year's Day."""
        return self.series.told_until(self.today) or date(self.indicator.plan.year, 1, 1)

    @property
    def year_total(self) -> Decimal | None:
        """Return last year's figure, None where it is not known whole."""
        return self.past[1].total

    @property
    def years(self) -> list[Decimal | None]:
        """Return the figures of the years that a mean of years looks back on, last year first."""
        back = self.target.years if self.target and self.target.years else 1
        return [self.past[past].total for past in range(1, back + 1)]

    @property
    def same_period(self) -> Decimal | None:
        """Return last year's figure up to the same round; at the end of the year that is the whole of last year's."""
        if not self.indicator.measure.is_figured:
            return None
        if self.now.month == DECEMBER:
            return self.year_total
        cut = self.past[1].series.up_to(month_end(self.now.year - 1, self.now.month))
        return _complete(cut) if cut.rounds else None

    @property
    def scope(self) -> ScopeRule:
        """Return whom the target speaks of; without a target, all members together."""
        return ScopeRule(self.target.scope) if self.target else ScopeRule.TOGETHER

    @property
    def is_counted(self) -> bool:
        """Tell whether members are held against the target one by one."""
        return self.scope not in (ScopeRule.TOGETHER, ScopeRule.MEAN)

    @property
    def named(self) -> set[int] | None:
        """Return the ids of the members that the target names, None for all."""
        if self.target is None or self.scope is ScopeRule.TOGETHER:
            return None
        return {row.member_id for row in self.target.named.all()} or None

    @property
    def total(self) -> Aggregate[int]:
        """Return the figure that the target speaks of: of all members, or the mean of the named ones."""
        mean = Aggregation.MEAN if self.scope is ScopeRule.MEAN else None
        return self.shown.aggregate(self.named, mean)

    @property
    def told(self) -> Revision | None:
        """Return what was said in the last round reported or overdue, for measures that are no figures; None if nothing."""
        rounds = self.shown.rounds
        return next(iter(self.series.revisions.get(rounds[-1].pk, {}).values()), None) if rounds else None

    @property
    def met(self) -> int:
        """Return how many of the named members meet the target as the figures stand."""
        target = self.calculated
        if target is None:
            return 0
        return sum(calculated.is_met(target, row.value) is True for row in self.shown.per_member(self.named).values())

    @property
    def lacks_names(self) -> bool:
        """Tell whether the target speaks of named members and names none: nobody knows whom, so it is as good as pending."""
        return self.scope is not ScopeRule.TOGETHER and self.named is None

    @property
    def calculated(self) -> calculated.Target | None:
        """Return the target with its basis resolved, None where the indicator has no target yet."""
        if self.target is None:
            return None
        return calculated_target(
            self.target, year_total=self.year_total, same_period=self.same_period, years=self.years
        )

    @property
    def is_over(self) -> bool:
        """Tell whether the last round of the year, or of its season, has been reported or was due."""
        rounds = self.series.rounds
        season = rounds[-1].season if rounds else None
        last_day = date(self.indicator.plan.year, 12, 31)
        return self.now >= (min(season.ends_on, last_day) if season else last_day)

    @property
    def is_irreversible(self) -> bool:
        """Tell whether what is reached stays reached: things counted up, unlike rates and stocks."""
        measure = self.indicator.measure
        return measure.kind == Kind.NUMBER and measure.accumulation in FLOWS

    @property
    def bands(self) -> Bands:
        """Return the scheme's edges, the usual ones for a plan without a scheme."""
        scheme = self.indicator.plan.approved.scheme if self.indicator.plan.approved else None
        return Scheme.from_data(scheme.content).standing_bands if scheme else Bands()


def cases(
    indicators: Sequence[Indicator],
    today: date,
    targets: dict[int, Target] | None = None,
    known_at: datetime | None = None,
    everything: dict[tuple[int, int], Series] | None = None,
) -> list[Case]:
    """Return each indicator with the figures that count and its target. At most four queries.

    `plan`, its approved version with scheme, and `measure` should be loaded. The cost depends on the cells of
    this year, last year and as many more as a mean of years asks for, never on all the years behind them. `known_at` asks
    what was known at a moment, in one query more.
    `everything` are the series of `years_of`, where they are read already.
    """
    if targets is None:
        targets = target_in_force(indicators, today, known_at)
    measures = list({row.measure_id: row.measure for row in indicators}.values())
    every_year, back = years_of(indicators, targets)
    if everything is None:
        everything = series_of(measures, every_year, today, known_at)
    results = _results(measures, every_year, known_at)
    return [
        Case(
            indicator=row,
            target=targets.get(row.pk),
            series=everything[row.measure_id, row.plan.year],
            past={
                past: Past(
                    everything[row.measure_id, row.plan.year - past],
                    results.get((row.measure_id, row.plan.year - past)),
                )
                for past in range(1, back + 1)
            },
            today=today,
        )
        for row in indicators
    ]


def years_of(indicators: Collection[Indicator], targets: Mapping[int, Target]) -> tuple[set[int], int]:
    """Return the years whose figures the indicators depend on, and how many lie behind each plan's own. No query."""
    back = max((target.years or 1 for target in targets.values()), default=1)
    return {row.plan.year - past for row in indicators for past in range(back + 1)}, back


def _results(
    measures: Collection[Measure], years: Collection[int], known_at: datetime | None
) -> dict[tuple[int, int], Decimal]:
    """Return what was written down of closed years, by measure and year. One query.

    As it was at a moment: the first event after it says what stood there before, nothing where that wrote it down first.
    """
    rows = Result.objects.filter(measure__in=measures, year__in=years, member=None)
    if known_at is None:
        return {(row.measure_id, row.year): row.value for row in rows}
    later = Event.objects.filter(subject_type=Result._meta.label_lower, subject_id=OuterRef("pk"), at__gt=known_at)
    first = later.order_by("at", "pk")
    told = rows.annotate(is_told=Exists(later), replaced=Subquery(first.values("before")[:1]))
    known = {(row.measure_id, row.year): _known_value(row) for row in told}
    return {key: value for key, value in known.items() if value is not None}


def _known_value(row: Result) -> Decimal | None:
    """Return what a result said before the event that replaced it, None where there was nothing."""
    told = vars(row)
    if not told["is_told"]:
        return row.value
    return Decimal(told["replaced"]["value"]) if told["replaced"] else None


def _complete(series: Series) -> Decimal | None:
    return whole(series.aggregate())


def expected_of(
    case: Case, target: calculated.Target, total: Decimal | None, same_period: Decimal | None
) -> Decimal | None:
    """Return what is expected by now of everybody, or of one member whose own last year is given.

    A same-period basis is already cut to now.
    """
    if case.target is None or case.target.basis == Basis.SAME_PERIOD:
        return target.value
    year, path = year_of(case.indicator.plan.year), Path(case.target.path)
    return expected_by_now(
        path=path,
        target_value=target.value,
        baseline=total,
        elapsed=elapsed(year.starts_on, year.ends_on, case.now + timedelta(days=1)),
        shape=shape_of(same_period, total),
        planned=planned_by(
            [(row.ends_on, row.value) for row in case.target.planned.all()] if path is Path.PER_PERIOD else [],
            year.starts_on,
            case.now,
        ),
    )


def whole(figure: Aggregate[int] | None) -> Decimal | None:
    """Return a figure where it is known whole, None where members or periods are lacking."""
    return figure.value if figure is not None and figure.is_complete else None
