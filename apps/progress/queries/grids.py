"""Grids as a whole: which there are for a person, what one adds up to, and what it aims at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q

from apps.accounts.models import User
from apps.calculation.aggregation import Aggregate, Figure, aggregate
from apps.plans.models import Indicator, IndicatorTerms, Measure, Member, Target
from apps.plans.queries import target_in_force
from apps.progress.enums import EntryState
from apps.progress.models import Entry, Round
from apps.progress.queries.cells import GridCell
from apps.progress.queries.series import figure_of, method_of


@dataclass(frozen=True, slots=True)
class OpenGrid:
    """One measure in one round for one person: how many cells are theirs to fill, returned, waiting and approved."""

    round: Round
    measure: Measure
    to_fill: int
    returned: int
    submitted: int
    approved: int
    cells: int

    @property
    def asks(self) -> int:
        """Return how many cells wait for the person."""
        return self.to_fill + self.returned


def open_grids(user: User, today: date) -> list[OpenGrid]:
    """Return the grids of the fiscal year that the person may see, what waits for them first.

    December is reported in January, so those of the year before that are not all approved are among them. Three queries.
    `to_fill` and `returned` count only cells that the person's own unit reports.
    """
    mine = Q(pk__in=Entry.objects.reportable_by(user))
    rows = (
        Entry.objects.visible_to(user)
        .filter(round__opens_on__lte=today, round__fiscal_year__gte=today.year - 1)
        .values_list("round_id", "measure_id")
        .annotate(
            to_fill=Count("pk", filter=mine & Q(state=EntryState.PENDING)),
            returned=Count("pk", filter=mine & Q(state=EntryState.RETURNED)),
            submitted=Count("pk", filter=Q(state=EntryState.SUBMITTED)),
            approved=Count("pk", filter=Q(state=EntryState.APPROVED)),
            cells=Count("pk"),
        )
        .filter(Q(round__fiscal_year=today.year) | Q(approved__lt=F("cells")))
        .order_by()
    )
    rows = list(rows)
    rounds = Round.objects.in_bulk({row[0] for row in rows})
    measures = Measure.objects.in_bulk({row[1] for row in rows})
    grids = [OpenGrid(rounds[row[0]], measures[row[1]], *row[2:]) for row in rows]
    return sorted(grids, key=_by_urgency)


def _by_urgency(grid: OpenGrid) -> tuple:
    age = -grid.round.ends_on.toordinal()
    return (grid.asks == 0, grid.round.due_on if grid.asks else date.min, age, grid.measure.pk)


@dataclass(frozen=True, slots=True)
class RoundTotal:
    """What a grid adds up to as it stands, figures that wait for review and typed ones included."""

    figure: Aggregate[int]
    missing: list[Member]


def round_total(
    measure: Measure, cells: Sequence[GridCell], typed: Mapping[int, Mapping[str, Any]]
) -> RoundTotal | None:
    """Return the figure of all cells together, None for a measure that is no figure.

    `typed` are clean values by the entry's id; they stand in for what was submitted. No query.
    """
    if not measure.is_figured:
        return None
    figures = {cell.entry.member_id: figure for cell in cells if (figure := _figure(cell, typed.get(cell.entry.pk)))}
    members = {cell.entry.member_id: cell.entry.member for cell in cells}
    total = aggregate(list(members), [figures], method_of(measure))
    return RoundTotal(total, [members[pk] for pk in total.missing])


def _figure(cell: GridCell, values: Mapping[str, Any] | None) -> Figure | None:
    if values:
        if "value" in values:
            return Figure(Decimal(values["value"]))
        return Figure(values["numerator"], values["denominator"])
    return figure_of(cell.entry.latest) if cell.entry.latest else None


@dataclass(frozen=True, slots=True)
class TargetLine:
    """An indicator that looks at a measure, by its name in the approved plan, with its target.

    `is_visible` tells whether the person may open its page.
    """

    indicator: Indicator
    name: str
    target: Target | None
    is_visible: bool


def target_lines(measure: Measure, row: Round, user: User, today: date) -> list[TargetLine]:
    """Return what the approved plans of the round's year aim at with a measure. Four queries."""
    rows = (
        IndicatorTerms.objects.filter(
            indicator__measure=measure, indicator__plan__year=row.fiscal_year, version=F("indicator__plan__approved")
        )
        .select_related("indicator__measure")
        .order_by("position", "pk")
    )
    terms = list(rows)
    targets = target_in_force([line.indicator for line in terms], today)
    visible = set(Indicator.objects.visible_to(user).filter(measure=measure).values_list("pk", flat=True))
    return [
        TargetLine(line.indicator, str(line), targets.get(line.indicator_id), line.indicator_id in visible)
        for line in terms
    ]
