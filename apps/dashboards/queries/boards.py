"""One page for whoever decides: what is red, who is late, where the money is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F

from apps.accounts.models import User
from apps.calculation.aggregation import Aggregate
from apps.calculation.targets import Target as CalculatedTarget
from apps.calculation.targets import is_met
from apps.dashboards.queries.projects import ProjectRow, StatusCount, project_rows, status_counts, year_of
from apps.plans.enums import Dimension, Kind
from apps.plans.models import IndicatorTerms, Measure, Member, Plan
from apps.plans.queries import as_known, calculated_target
from apps.progress.enums import StandingStatus
from apps.progress.models import Entry, Round, Standing
from apps.progress.queries import Coverage, Series, coverages, current_standings, series_of
from apps.progress.querysets import EntryQuerySet
from apps.ui.formats import in_language

RED = (StandingStatus.BEHIND, StandingStatus.SLIGHTLY_BEHIND)
BLIND = (StandingStatus.BASELINE_MISSING, StandingStatus.TARGET_PENDING)


@dataclass(frozen=True, slots=True)
class NamedStanding:
    """An indicator's standing under the name that the approved plan gives it."""

    name: str
    standing: Standing
    coverage: Coverage

    @property
    def named(self) -> int:
        """Return how many members the target names."""
        return len(self.standing.target.named.all()) if self.standing.target else 0


@dataclass(frozen=True, slots=True)
class Late:
    """The cells of one measure and round that are past their due day."""

    measure: Measure
    round: Round
    members: list[Member]


@dataclass(frozen=True, slots=True)
class Board:
    """What the year looks like today: counts, what lags, what nobody can judge, who is late, and the money."""

    counts: list[StatusCount]
    total: int
    red: list[NamedStanding]
    blind: list[NamedStanding]
    late: list[Late]
    rows: list[ProjectRow]


def board(user: User, year: int, today: date, known_at: datetime | None = None) -> Board:
    """Return the board of a year over the approved plans that the person may see. Nine queries.

    Statuses and rates are those of the reviewed figures; the late are named by what is pending or returned. With a moment,
    what was known then, in ten.
    """
    plans = _plans(user, year, known_at)
    stands, spent = year_of(plans, today, known_at)
    standings = list(stands.values())
    names = _names(plans)
    behind = coverages([row for row in standings if row.status in RED], today, known_at)
    named = [
        NamedStanding(
            names[row.indicator_id], row, behind.get(row.indicator_id, Coverage(row.asked, row.reported, [], []))
        )
        for row in standings
        if row.indicator_id in names
    ]
    return Board(
        counts=status_counts(standings),
        total=len(standings),
        red=sorted((row for row in named if row.standing.status in RED), key=_worst_first),
        blind=[row for row in named if row.standing.status in BLIND],
        late=_late(user, year, today, known_at),
        rows=project_rows(plans, today, stands, spent),
    )


def _plans(user: User, year: int, known_at: datetime | None) -> list[Plan]:
    plans = Plan.objects.visible_to(user).in_year(year)
    if known_at is None:
        joined = plans.in_force().select_related("project__execution", "approved__scheme")
    else:
        known = plans.approved_by(known_at).with_budget(known_at)
        joined = known.select_related("project__execution", "known__scheme")
    return as_known(list(joined.order_by("project__number", "pk")), known_at)


def _worst_first(row: NamedStanding) -> tuple[int, str]:
    return (RED.index(StandingStatus(row.standing.status)), row.standing.indicator.code)


def _names(plans: Sequence[Plan]) -> dict[int, str]:
    """Return the names of the indicators in the approved plans, by the indicator's id. One query."""
    rows = IndicatorTerms.objects.filter(version__in=[plan.approved_id for plan in plans])
    return {pk: in_language(name, english) for pk, name, english in rows.values_list("indicator", "name", "name_en")}


def _overdue(user: User, year: int, today: date, known_at: datetime | None = None) -> EntryQuerySet:
    if known_at is None:
        return Entry.objects.visible_to(user).filter(round__fiscal_year=year).overdue(today)
    return Entry.everything.visible_to(user).filter(round__fiscal_year=year).overdue_at(today, known_at)


def _late(user: User, year: int, today: date, known_at: datetime | None) -> list[Late]:
    """Return what is late, the oldest first; a round that was closed asks nobody. One query."""
    rows = _overdue(user, year, today, known_at)
    if known_at is None:
        rows = rows.annotate(known_due_on=F("round__due_on"))
    ordered = rows.order_by("known_due_on", "round_id", "measure_id", "member__position", "member_id")
    groups: dict[tuple[int, int], Late] = {}
    for entry in ordered.select_related("measure", "round", "member"):
        entry.round.due_on = vars(entry)["known_due_on"]
        late = Late(entry.measure, entry.round, [])
        groups.setdefault((entry.round_id, entry.measure_id), late).members.append(entry.member)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a year's indicators stand, in a line."""

    counts: list[StatusCount]
    total: int
    late: int


def outlook(user: User, year: int, today: date) -> Outlook:
    """Return the year's status counts and how many cells are past their due day and not in. Five queries."""
    plans = list(Plan.objects.visible_to(user).in_year(year).in_force())
    standings = current_standings(plans, today)
    return Outlook(status_counts(standings.values()), len(standings), _overdue(user, year, today).count())


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One district's figure for one indicator.

    `is_met` is None where no line speaks of this district; an unreported figure may be an earlier one carried forward.
    `is_waiting` is said of an unreported one that was handed in and is to be reviewed.
    """

    value: Decimal | None
    is_met: bool | None
    is_reported: bool
    is_asked: bool
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One indicator over all districts."""

    name: str
    standing: Standing
    cells: list[HeatCell]


@dataclass(frozen=True, slots=True)
class Heat:
    """Indicators by districts."""

    members: list[Member]
    rows: list[HeatRow]


def heat(user: User, year: int, today: date, known_at: datetime | None = None) -> Heat:
    """Return the figures of every district for the indicators of the year that are broken down by district.

    Six queries, eleven as it was known at a moment; the cost grows with the year's cells of those measures, so the page
    fetches it after itself.
    """
    plans = _plans(user, year, known_at)
    standings = [
        row
        for row in current_standings(plans, today, known_at).values()
        if row.indicator.measure.dimension == Dimension.DISTRICT and row.indicator.measure.is_figured
    ]
    names = _names(plans)
    everything = series_of([row.indicator.measure for row in standings], {year}, today, known_at)
    figures = {row.indicator_id: _shown(everything[row.indicator.measure_id, year]) for row in standings}
    members: dict[int, Member] = {}
    for series, _figures in figures.values():
        members |= series.members
    columns = sorted(members.values(), key=lambda member: (member.position, member.pk))
    rows = [
        HeatRow(names[row.indicator_id], row, _cells(row, columns, *figures[row.indicator_id]))
        for row in standings
        if row.indicator_id in names
    ]
    return Heat(columns, rows)


def _shown(series: Series) -> tuple[Series, dict[int, Aggregate[int]]]:
    """Return the series up to its latest round with a figure, and each member's figure in it."""
    last = series.last_round
    cut = series.up_to(last.ends_on) if last else series
    return cut, cut.per_member()


def _cells(
    standing: Standing, columns: Sequence[Member], series: Series, figures: dict[int, Aggregate[int]]
) -> list[HeatCell]:
    line = _line(standing)
    spoken_of = {row.member_id for row in standing.target.named.all()} if standing.target else set()
    return [
        HeatCell(
            value=figures[member.pk].value if member.pk in figures else None,
            is_met=is_met(line, figures[member.pk].value)
            if line and member.pk in figures and (not spoken_of or member.pk in spoken_of)
            else None,
            is_reported=member.pk in figures and not figures[member.pk].missing,
            is_asked=member.pk in series.members,
            is_waiting=member.pk in figures and bool(series.waiting_of(figures[member.pk].missing)),
        )
        for member in columns
    ]


def _line(standing: Standing) -> CalculatedTarget | None:
    """Return the line that holds for a single district: only a rate's, for a sum is not each district's to reach."""
    if standing.target is None or standing.indicator.measure.kind != Kind.RATIO:
        return None
    return calculated_target(standing.target, year_total=None, same_period=None)
