"""Cells for the people who fill and review them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import prefetch_related_objects

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.calculation.aggregation import ratio_of
from apps.calculation.comparison import difference
from apps.calculation.spending import in_wan
from apps.plans.enums import Kind
from apps.plans.models import Measure
from apps.progress.enums import EntryState, Verdict
from apps.progress.models import CheckMark, Draft, Entry, Reopening, Review, Revision, Round
from apps.progress.queries.evidence import EvidenceLine, evidence_of, evidence_required
from apps.progress.queries.series import figure_of

A_YEAR = timedelta(days=366)
MONEY_PLACES = -2
TYPED_COLUMNS = (
    "numerator",
    "denominator",
    "value",
    "outcome",
    "decided_on",
    "decided_by",
    "document",
    "band",
    "percent",
    "note",
)


@dataclass
class GridCell:
    """A cell of the grid: what counted the round before, what stands now, what the person has typed but not submitted.

    `returned` is the review that sent the latest figure back, None unless it waits for a mending; `taken_back` the one that
    took an approval back, None unless the figure waits for its second review. `earlier` are the counting cells of the member
    in earlier rounds of the same fiscal year, oldest first. `others` are drafts of colleagues in the same cell: who and when,
    their texts are nobody's business. `reopening` is what lets the person fill a cell of a closed round.
    """

    entry: Entry
    previous: Revision | None = None
    draft: dict[str, str] = field(default_factory=dict)
    draft_saved_at: datetime | None = None
    returned: Review | None = None
    taken_back: Review | None = None
    earlier: list[Entry] = field(default_factory=list)
    others: list[Draft] = field(default_factory=list)
    reopening: Reopening | None = None
    is_mine: bool = False
    marks: list[CheckMark] = field(default_factory=list)
    ratio: Decimal | None = None
    previous_ratio: Decimal | None = None
    evidence: list[EvidenceLine] = field(default_factory=list)
    evidence_required: str = ""

    @property
    def evidence_in_force(self) -> int:
        """Return how many files stand behind the cell, those that were replaced left out."""
        return sum(line.is_in_force for line in self.evidence)

    @property
    def lacks_evidence(self) -> bool:
        """Tell whether there is a figure without the file that the plan asks for."""
        return bool(self.evidence_required and self.entry.latest_id and not self.evidence_in_force)

    @property
    def is_locked(self) -> bool:
        """Tell whether typing needs a reason for the correction first."""
        return self.entry.approved_id is not None

    @property
    def is_closed(self) -> bool:
        """Tell whether the round was closed and the cell not opened again for the person."""
        return self.entry.round.closed_at is not None and self.reopening is None

    @property
    def seen(self) -> int:
        """Return the number of the revision that is on the screen, 0 for none."""
        return self.entry.latest.number if self.entry.latest else 0

    @property
    def numerator(self) -> Decimal | None:
        """Return the numerator that was last submitted."""
        return self.entry.latest.numerator if self.entry.latest else None

    @property
    def denominator(self) -> Decimal | None:
        """Return the denominator that was last submitted."""
        return self.entry.latest.denominator if self.entry.latest else None

    @property
    def value(self) -> Decimal | None:
        """Return the value that was last submitted, money in 元."""
        return self.entry.latest.value if self.entry.latest else None

    @property
    def percent(self) -> Decimal | None:
        """Return the percent that was last judged."""
        return self.entry.latest.percent if self.entry.latest else None

    @property
    def texts(self) -> dict[str, str]:
        """Return the latest figure as texts for the fields, by field name; money in 万元."""
        revision = self.entry.latest
        if revision is None:
            return {}
        texts = {name: _text(getattr(revision, name)) for name in TYPED_COLUMNS}
        if self.entry.measure.kind == Kind.MONEY and revision.value is not None:
            texts["value"] = _text(in_wan(revision.value))
        return texts

    @property
    def change(self) -> Decimal | None:
        """Return by how much the figure moved since the round before, in its own unit; None where either is unknown.

        It is the difference of the two as they are printed, so that what stands side by side adds up.
        """
        if self.entry.measure.kind == Kind.RATIO:
            return difference(self.ratio, self.previous_ratio, places_of(self.entry.measure))
        return difference(self.value, self.previous.value if self.previous else None, places_of(self.entry.measure))


def places_of(measure: Measure) -> int:
    """Return the decimals with which pages print the measure's figures; money is in 元 and printed in 万元 with two."""
    return MONEY_PLACES if measure.kind == Kind.MONEY else measure.decimals


def _text(value: Decimal | date | str | None) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def grid_cells(measure: Measure, row: Round, user: User, today: date | None = None) -> list[GridCell]:
    """Return the cells of a measure in a round that the person may see, with their files, in the order of the members.

    `today` tells which cells of a closed round are open again; without it none is. Six queries, one more for a measure that
    is judged, one more for a round that was closed, and one where the same file stands elsewhere.
    """
    return with_evidence(typing_cells(measure, row, user, today), user)


def typing_cells(measure: Measure, row: Round, user: User, today: date | None = None) -> list[GridCell]:
    """Return the same cells without the files behind them: what keeping a draft needs. Two queries less."""
    entries = list(
        Entry.objects.visible_to(user)
        .filter(measure=measure, round=row)
        .select_related("member", "latest__submitted_by", "approved", "reporting_unit", "reviewing_unit", "round")
        .order_by("member__position", "member_id")
    )
    for entry in entries:
        entry.measure = measure
    cells = cells_of(entries, user)
    if row.closed_at and today:
        again = _reopenings(entries, user, today)
        for cell in cells:
            cell.reopening = again.get(cell.entry.pk)
    return cells


def _reopenings(entries: Collection[Entry], user: User, today: date) -> dict[int, Reopening]:
    """Return what was opened again for the person and still is, by the entry's id. One query."""
    rows = Reopening.objects.filter(entry__in=entries, person=user, until__gte=today).select_related("opened_by")
    return {row.entry_id: row for row in rows.order_by("until", "pk")}


def with_evidence(cells: list[GridCell], viewer: User) -> list[GridCell]:
    """Return the cells with the files behind them and what is asked for. Two queries, a third for files that are elsewhere too."""
    entries = [cell.entry for cell in cells]
    lines, asked = evidence_of(entries, viewer), evidence_required(entries)
    for cell in cells:
        cell.evidence = lines.get(cell.entry.pk, [])
        cell.evidence_required = asked.get((cell.entry.measure_id, cell.entry.round.fiscal_year), "")
    return cells


def cells_of(entries: Sequence[Entry], user: User) -> list[GridCell]:
    """Return entries of whatever measures and rounds as cells of the person's, in their order.

    Three queries, one more where something is judged. `measure`, `round` and `latest` should be loaded.
    """
    judged = [entry.latest for entry in entries if entry.latest and not entry.measure.is_figured]
    prefetch_related_objects(judged, "marks")
    previous = _previous({entry.measure for entry in entries}, {entry.round for entry in entries})
    drafts, others = _drafts(entries, user)
    returned, taken_back = _words(entries)
    mine = {duty.unit_id for duty in user.duties if duty.role == Role.REPORTER}
    cells = [
        _cell(entry, _latest_before(entry, previous), drafts.get(entry.pk), returned.get(entry.latest_id), mine)
        for entry in entries
    ]
    for cell in cells:
        cell.earlier = _earlier_in_year(cell.entry, previous)
        cell.others = others[cell.entry.pk]
        cell.taken_back = taken_back.get(cell.entry.latest_id)
    return cells


def _cell(
    entry: Entry, previous: Revision | None, draft: Draft | None, returned: Review | None, mine: set[int]
) -> GridCell:
    return GridCell(
        entry=entry,
        previous=previous,
        draft=draft.fields if draft else {},
        draft_saved_at=draft.saved_at if draft else None,
        returned=returned,
        is_mine=entry.reporting_unit_id in mine,
        marks=list(entry.latest.marks.all()) if entry.latest and not entry.measure.is_figured else [],
        ratio=_ratio(entry.latest, entry.measure),
        previous_ratio=_ratio(previous, entry.measure),
    )


def seen_revisions(numbers: Mapping[int, int]) -> dict[int, Revision]:
    """Return the revisions of a number each, by the entry's id; an entry without it is not in the answer. One query."""
    rows = Revision.objects.filter(entry__in=numbers).select_related("entry__measure")
    return {row.entry_id: row for row in rows if row.number == numbers[row.entry_id]}


def _ratio(revision: Revision | None, measure: Measure) -> Decimal | None:
    if revision is None or revision.numerator is None or measure.factor is None:
        return None
    return ratio_of(figure_of(revision), measure.factor)


def _previous(measures: Collection[Measure], rounds: Collection[Round]) -> dict[tuple[int, int], list[Entry]]:
    """Return the counting cells of the year up to the rounds, oldest first, by measure and member. One query."""
    if not rounds:
        return {}
    earliest, latest = min(row.starts_on for row in rounds), max(row.starts_on for row in rounds)
    found = defaultdict(list)
    rows = Entry.objects.approved().filter(
        measure__in=measures, round__ends_on__gte=earliest - A_YEAR, round__ends_on__lt=latest
    )
    for entry in rows.select_related("approved", "round").order_by("round__ends_on", "pk"):
        found[entry.measure_id, entry.member_id].append(entry)
    return found


def _latest_before(entry: Entry, previous: dict[tuple[int, int], list[Entry]]) -> Revision | None:
    """Return what counted in the last round before the entry's own."""
    rows = previous.get((entry.measure_id, entry.member_id), [])
    earlier = [row.approved for row in rows if row.round.ends_on < entry.round.starts_on]
    return earlier[-1] if earlier else None


def _earlier_in_year(entry: Entry, previous: dict[tuple[int, int], list[Entry]]) -> list[Entry]:
    """Return the counting cells of earlier rounds of the entry's fiscal year, oldest first."""
    rows, row = previous.get((entry.measure_id, entry.member_id), []), entry.round
    return [cell for cell in rows if cell.round.fiscal_year == row.fiscal_year and cell.round.ends_on < row.starts_on]


def _drafts(entries: Collection[Entry], user: User) -> tuple[dict[int, Draft], dict[int, list[Draft]]]:
    """Return the person's own drafts by entry, and those of others, the last first. One query."""
    own: dict[int, Draft] = {}
    others: dict[int, list[Draft]] = defaultdict(list)
    for draft in Draft.objects.filter(entry__in=entries).select_related("person").order_by("-saved_at", "pk"):
        if draft.person_id == user.pk:
            own[draft.entry_id] = draft
        else:
            others[draft.entry_id].append(draft)
    return own, others


def _words(entries: Iterable[Entry]) -> tuple[dict[int | None, Review], dict[int | None, Review]]:
    """Return the reviews that sent latest figures back, and those that took an approval back, by revision. One query."""
    states: dict[int | None, str] = {entry.latest_id: entry.state for entry in entries if entry.latest_id}
    waiting = [pk for pk, state in states.items() if state in (EntryState.RETURNED, EntryState.SUBMITTED)]
    rows = Review.objects.filter(revision__in=waiting).exclude(verdict=Verdict.APPROVED).select_related("reviewer")
    last: dict[int | None, Review] = {row.revision_id: row for row in rows.order_by("pk")}
    returned: dict[int | None, Review] = {pk: row for pk, row in last.items() if states[pk] == EntryState.RETURNED}
    return returned, {pk: row for pk, row in last.items() if states[pk] == EntryState.SUBMITTED}
