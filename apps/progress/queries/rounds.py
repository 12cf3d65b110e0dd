"""A bureau's rounds as its officer keeps them: how far each is, what is open in spite of a closed one, who types for whom."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Assignment, Unit, User
from apps.accounts.querysets import below
from apps.plans.models import Indicator, Measure
from apps.progress.enums import EntryState
from apps.progress.models import Entry, Reopening, Revision, Round
from apps.progress.querysets import OPEN_STATES

REPORTED = (EntryState.SUBMITTED, EntryState.APPROVED)


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round with how many cells it has, how many say something, how many count, and how many are late."""

    round: Round
    cells: int
    reported: int
    approved: int
    overdue: int

    @property
    def open(self) -> int:
        """Return how many cells still ask for a figure."""
        return self.cells - self.reported


@dataclass(frozen=True, slots=True)
class RoundCell:
    """One cell of a round, with whether somebody who can sign in reports its unit."""

    entry: Entry
    has_account: bool
    reopenings: list[Reopening]


def kept_bureaus(user: User) -> QuerySet[Unit]:
    """Return the bureaus whose rounds the person keeps, as their performance officer."""
    return Unit.objects.filter(below("path", user.paths(Role.OFFICER)), kind=UnitKind.BUREAU).order_by("path")


def round_years(bureau: Unit) -> list[int]:
    """Return the fiscal years in which the bureau has rounds, the latest first. One query."""
    return list(
        Round.objects.filter(bureau=bureau).order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct()
    )


def round_rows(bureau: Unit, year: int, today: date, frequency: str = "") -> list[RoundRow]:
    """Return the rounds of a fiscal year with their counts, the latest period first; `frequency` narrows. One query.

    `frequency` "extra" means those that a person opened. A cell is late by the rule of `EntryQuerySet.overdue`, as on the
    board: its round is open, its due day is past, and nothing is in or counts.
    """
    rows = Round.objects.filter(bureau=bureau, fiscal_year=year)
    if frequency == "extra":
        rows = rows.exclude(title="")
    elif frequency:
        rows = rows.filter(frequency=frequency, title="")
    counted = _counted(rows).select_related("season", "opened_by").order_by("-ends_on", "-starts_on", "-pk")
    return [_row(row, today) for row in counted]


def round_row(row: Round, today: date) -> RoundRow:
    """Return one round with its counts. One query."""
    return _row(_counted(Round.objects.filter(pk=row.pk)).select_related("season", "opened_by", "bureau").get(), today)


def _counted(rows: QuerySet[Round]) -> QuerySet[Round]:
    asked = Q(entries__released_at=None)
    return rows.annotate(
        cells=Count("entries", filter=asked),
        reported=Count("entries", filter=asked & Q(entries__state__in=REPORTED)),
        approved=Count("entries", filter=asked & Q(entries__state=EntryState.APPROVED)),
        silent=Count("entries", filter=asked & Q(entries__state__in=OPEN_STATES, entries__approved=None)),
    )


def _row(row: Round, today: date) -> RoundRow:
    cells, reported, approved, silent = row.cells, row.reported, row.approved, row.silent  # type: ignore[attr-defined]
    is_late = row.closed_at is None and row.due_on < today
    return RoundRow(row, cells, reported, approved, silent if is_late else 0)


def running_reopenings(bureau: Unit, today: date) -> list[Reopening]:
    """Return the cells of closed rounds that are open for somebody who can use it, the first to end first. One query."""
    rows = Reopening.objects.filter(entry__round__bureau=bureau, entry__round__closed_at__isnull=False)
    joined = _usable(rows, today).select_related(
        "entry__measure", "entry__member", "entry__round", "person", "opened_by"
    )
    return list(joined.order_by("until", "pk"))


def _usable(rows: QuerySet[Reopening], today: date) -> QuerySet[Reopening]:
    """Keep what is not over and is for somebody who can sign in and still reports for the cell's unit or its reviewing one."""
    units = Q(unit=OuterRef("entry__reporting_unit")) | Q(unit=OuterRef("entry__reviewing_unit"))
    held = Assignment.objects.in_force().filter(units, user=OuterRef("person"), role=Role.REPORTER)
    return rows.filter(Exists(held), until__gte=today, person__is_active=True)


def round_entries(row: Round, *, is_asking: bool) -> QuerySet[Entry]:
    """Return the cells of a round by measure and member, all or those that still ask for a figure."""
    rows = Entry.objects.filter(round=row)
    if is_asking:
        rows = rows.exclude(state__in=REPORTED)
    joined = rows.select_related("measure", "member", "reporting_unit")
    return joined.order_by("measure__name", "measure_id", "member__position", "member_id", "pk")


def round_cells(entries: Collection[Entry], today: date) -> list[RoundCell]:
    """Return what an officer has to know of some cells, in their order. Two queries however many."""
    held = units_with_reporters({entry.reporting_unit_id for entry in entries})
    again = defaultdict(list)
    for reopening in _usable(Reopening.objects.filter(entry__in=entries), today).select_related("person"):
        again[reopening.entry_id].append(reopening)
    return [RoundCell(entry, entry.reporting_unit_id in held, again[entry.pk]) for entry in entries]


def units_with_reporters(unit_ids: Collection[int]) -> set[int]:
    """Return which of the units have a reporter who can sign in. One query."""
    held = Assignment.objects.in_force().filter(unit__in=unit_ids, role=Role.REPORTER, user__is_active=True)
    return set(held.values_list("unit_id", flat=True))


def askable_measures(bureau: Unit) -> QuerySet[Measure]:
    """Return the measures that approved plans of the bureau look at, which alone can be asked for, by name."""
    indicators = Indicator.objects.in_force().filter(plan__project__bureau=bureau)
    money = Q(project__bureau=bureau, project__plans__approved__isnull=False)
    return Measure.objects.filter(Q(indicators__in=indicators) | money).distinct().order_by("name", "pk")


def letter_of(user: User, revision_id: int) -> Revision | None:
    """Return a figure that was typed for others, with the letter behind it, to whoever may see its entry. One query."""
    rows = Revision.objects.filter(pk=revision_id, source__isnull=False, entry__in=Entry.objects.visible_to(user))
    return rows.exclude(on_behalf_of="").select_related("source").first()
