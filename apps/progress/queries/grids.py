"""Grids as a whole: which there are for a person, what one adds up to, and what it aims at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, Q

from apps.accounts.models import User
from apps.calculation.aggregation import Aggregate, Figure, aggregate, per_member
from apps.calculation.plausibility import told_of_parts
from apps.calculation.spending import in_wan
from apps.calculation.terms import Sentence
from apps.plans.enums import Accumulation, Aggregation, Kind
from apps.plans.models import Indicator, IndicatorTerms, Measure, Member, Target
from apps.plans.queries import target_in_force
from apps.progress.enums import EntryState
from apps.progress.models import Entry, Round
from apps.progress.queries.cells import GridCell
from apps.progress.queries.series import figure_of, method_of


@dataclass(frozen=True, slots=True)
class OpenGrid:
    """One measure in one round for one person: how many cells are theirs to fill, returned, waiting and approved.

    `again_until` is the last day of cells of a closed round that are open again for the person, None where none is.
    """

    round: Round
    measure: Measure
    to_fill: int
    returned: int
    submitted: int
    approved: int
    cells: int
    again_until: date | None = None

    @property
    def due_on(self) -> date:
        """Return the last day for what waits for the person, else the round's due day."""
        return self.again_until or self.round.due_on

    @property
    def asks(self) -> int:
        """Return how many cells wait for the person."""
        return self.to_fill + self.returned


def open_grids(user: User, today: date) -> list[OpenGrid]:
    """Return the grids of the fiscal year that the person may see, what waits for them first.

    December is reported in January, so those of the year before that are not all approved are among them. Three queries.
    `to_fill` and `returned` count only cells that the person's own unit reports and that still ask.
    """
    mine = Q(pk__in=Entry.objects.reportable_by(user).open_by(today, user))
    rows = (
        Entry.objects.visible_to(user)
        .with_last_day(user, today)
        .filter(round__opens_on__lte=today, round__fiscal_year__gte=today.year - 1)
        .values_list("round_id", "measure_id")
        .annotate(
            to_fill=Count("pk", filter=mine & Q(state=EntryState.PENDING)),
            returned=Count("pk", filter=mine & Q(state=EntryState.RETURNED)),
            submitted=Count("pk", filter=Q(state=EntryState.SUBMITTED)),
            approved=Count("pk", filter=Q(state=EntryState.APPROVED)),
            cells=Count("pk"),
            again_until=Min("last_day", filter=mine & Q(round__closed_at__isnull=False)),
        )
        .filter(Q(round__fiscal_year=today.year) | Q(approved__lt=F("cells")))
        .order_by()
    )
    rows = list(rows)
    rounds = Round.objects.select_related("season").in_bulk({row[0] for row in rows})
    measures = Measure.objects.in_bulk({row[1] for row in rows})
    grids = [OpenGrid(rounds[row[0]], measures[row[1]], *row[2:]) for row in rows]
    return sorted(grids, key=_by_urgency)


def _by_urgency(grid: OpenGrid) -> tuple:
    age = -grid.round.ends_on.toordinal()
    length = -grid.round.starts_on.toordinal()
    return (grid.asks == 0, grid.due_on if grid.asks else date.min, age, length, grid.round.pk, grid.measure.pk)


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


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """What a grid adds up to since the year began: all members together, and each by the entry's id."""

    whole: Aggregate[int]
    cells: dict[int, Aggregate[int]]


def year_so_far(
    measure: Measure, cells: Sequence[GridCell], typed: Mapping[int, Mapping[str, Any]]
) -> YearSoFar | None:
    """Return the year's figures with this round's, None for a measure whose rounds are not added up.

    Earlier rounds are in it as far as they were reviewed; this round as it stands, typed figures by the entry's id instead of
    submitted ones. A reviewed round that a member left out is its gap. No query.
    """
    if Accumulation.INCREMENT not in (measure.accumulation, measure.denominator_accumulation):
        return None
    periods: dict[int, dict[int, Figure]] = {}
    for earlier in sorted((row for cell in cells for row in cell.earlier), key=lambda row: row.round.ends_on):
        if earlier.approved:
            periods.setdefault(earlier.round_id, {})[earlier.member_id] = figure_of(earlier.approved)
    members = [cell.entry.member_id for cell in cells]
    now = {cell.entry.member_id: figure for cell in cells if (figure := _figure(cell, typed.get(cell.entry.pk)))}
    so_far = [*periods.values(), now]
    alone = per_member(members, so_far, method_of(measure))
    whole = aggregate(members, so_far, method_of(measure))
    return YearSoFar(whole, {cell.entry.pk: alone[cell.entry.member_id] for cell in cells})


def pasted_differences(
    measure: Measure, total: RoundTotal | None, pasted: Mapping[str, Decimal]
) -> dict[str, Sentence]:
    """Return what to say of a total row that came with a pasted block, by column, where the cells do not add up to it.

    `pasted` holds the numbers of that row by column as they are typed: money in 万元. Only what is added up is compared.
    """
    if total is None or measure.aggregation not in (Aggregation.POOLED, Aggregation.SUM):
        return {}
    figure = total.figure
    sums = {"numerator": figure.numerator, "denominator": figure.denominator, "value": figure.numerator}
    if measure.kind == Kind.MONEY:
        sums = {name: None if amount is None else in_wan(amount) for name, amount in sums.items()}
    counted = counted_in(measure)
    told = {
        name: told_of_parts(number, [sums[name]], counted.get(name)) for name, number in pasted.items() if name in sums
    }
    return {name: sentence for name, sentence in told.items() if sentence}


def counted_in(measure: Measure) -> dict[str, Sentence]:
    """Return what the parts of a ratio count, by column; empty for a measure that has one column of figures."""
    if measure.kind != Kind.RATIO:
        return {}
    return {
        "numerator": Sentence(measure.numerator_name, measure.numerator_name_en or measure.numerator_name),
        "denominator": Sentence(measure.denominator_name, measure.denominator_name_en or measure.denominator_name),
    }


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
