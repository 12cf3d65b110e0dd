"""A measure by member and by month: who stands where, and how the year went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.calculation import achievement
from apps.calculation import targets as calculated
from apps.calculation.aggregation import Aggregate
from apps.plans.models import Indicator, Measure, Member, Target
from apps.progress.models import Round
from apps.progress.queries.cases import cases
from apps.progress.queries.series import Series, series_of


@dataclass(frozen=True, slots=True)
class MemberFigure:
    """One member of a measure up to the latest round: None as value is "no figure", `gap` what its line still lacks.

    For a ratio the gap is in units of the numerator at today's denominator, else in units of the figure; 0 when met,
    None when nobody can say. `is_waiting` is said of who is not reported and has handed in what is to be reviewed.
    `entry_id` is the cell of the latest figure that is in it.
    """

    member: Member
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    is_met: bool | None
    is_reported: bool
    gap: Decimal | None
    entry_id: int | None = None
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """The year up to the end of one round, all members together: of `asked` members `reported` count, `waiting` are to be reviewed."""

    round: Round
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    reported: int
    asked: int
    waiting: int = 0


def member_figures(
    indicator: Indicator, today: date, targets: dict[int, Target] | None = None, known_at: datetime | None = None
) -> list[MemberFigure]:
    """Return every member that was asked up to the latest round, best figure first. At most five queries, six as known then."""
    if not indicator.measure.is_figured:
        return []
    case = cases([indicator], today, targets, known_at)[0]
    line = case.calculated
    if line is not None and line.bounds is None:
        line = None
    figures = [_member_figure(case.shown, pk, figure, line) for pk, figure in case.shown.per_member().items()]
    return sorted(figures, key=_rank)


def _member_figure(series: Series, pk: int, figure: Aggregate[int], line: calculated.Target | None) -> MemberFigure:
    return MemberFigure(
        member=series.members[pk],
        value=figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        is_met=calculated.is_met(line, figure.value) if line else None,
        is_reported=not figure.missing,
        gap=achievement.gap(line, figure, series.measure.factor) if line else None,
        entry_id=_latest_cell(series, pk),
        is_waiting=bool(series.waiting_of(figure.missing)),
    )


def _latest_cell(series: Series, member_id: int) -> int | None:
    rows = (series.revisions.get(row.pk, {}).get(member_id) for row in reversed(series.rounds))
    return next((row.entry_id for row in rows if row), None)


def _rank(row: MemberFigure) -> tuple:
    return (row.value is None, -(row.value or Decimal(0)), row.member.position, row.member.pk)


def trend(measure: Measure, year: int, today: date, known_at: datetime | None = None) -> list[Point]:
    """Return the year's course, one point per round in the series that has opened: the figure up to that round. One query."""
    return course(series_of([measure], [year], today, known_at)[measure.pk, year], today)


def course(series: Series, today: date) -> list[Point]:
    """Return the course of a series, one point per round that has opened; none for what is no figure. No query."""
    opened: Iterable[Round] = (row for row in series.rounds if row.opens_on <= today)
    return [_point(series, row) for row in opened] if series.measure.is_figured else []


def _point(series: Series, row: Round) -> Point:
    cut = series.up_to(row.ends_on)
    figure = cut.aggregate()
    return Point(
        round=row,
        value=figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        reported=len(figure.reported),
        asked=figure.expected,
        waiting=len(cut.waiting_of(figure.missing)),
    )
