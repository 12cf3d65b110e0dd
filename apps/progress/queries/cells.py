"""Cells for the people who fill and review them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.db.models import prefetch_related_objects

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.calculation.aggregation import ratio_of
from apps.calculation.comparison import difference
from apps.calculation.spending import in_wan
from apps.plans.enums import Kind
from apps.plans.models import Measure
from apps.progress.enums import EntryState, Verdict
from apps.progress.models import CheckMark, Draft, Entry, Review, Revision, Round
from apps.progress.queries.series import figure_of

A_YEAR = timedelta(days=366)
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

    `returned` is the review that sent the latest figure back, None unless it waits for a mending.
    """

    entry: Entry
    previous: Revision | None = None
    draft: dict[str, str] = field(default_factory=dict)
    draft_saved_at: datetime | None = None
    returned: Review | None = None
    is_mine: bool = False
    marks: list[CheckMark] = field(default_factory=list)
    ratio: Decimal | None = None
    previous_ratio: Decimal | None = None

    @property
    def is_locked(self) -> bool:
        """Tell whether typing needs a reason for the correction first."""
        return self.entry.approved_id is not None

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
        """Return by how much the figure moved since the round before, in its own unit; None where either is unknown."""
        if self.entry.measure.kind != Kind.RATIO:
            return _difference(self.entry.latest, self.previous)
        return difference(self.ratio, self.previous_ratio)


def _difference(latest: Revision | None, previous: Revision | None) -> Decimal | None:
    return difference(latest.value if latest else None, previous.value if previous else None)


def _text(value: Decimal | date | str | None) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def grid_cells(measure: Measure, row: Round, user: User) -> list[GridCell]:
    """Return the cells of a measure in a round that the person may see, in the order of the members.

    Four queries, one more for a measure that is judged.
    """
    entries = list(
        Entry.objects.visible_to(user)
        .filter(measure=measure, round=row)
        .select_related("member", "latest__submitted_by", "approved", "reporting_unit", "reviewing_unit", "round")
        .order_by("member__position", "member_id")
    )
    for entry in entries:
        entry.measure = measure
    if not measure.is_figured:
        prefetch_related_objects([entry.latest for entry in entries if entry.latest], "marks")
    previous = _previous([measure], [row])
    drafts = {draft.entry_id: draft for draft in Draft.objects.filter(entry__in=entries, person=user)}
    returned = _returned(entries)
    mine = {duty.unit_id for duty in user.duties if duty.role == Role.REPORTER}
    return [
        _cell(entry, _latest_before(entry, previous), drafts.get(entry.pk), returned.get(entry.latest_id), mine)
        for entry in entries
    ]


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


def _returned(entries: Iterable[Entry]) -> dict[int, Review]:
    """Return the returning reviews of the entries that are to be mended, by revision. One query."""
    waiting = [entry.latest_id for entry in entries if entry.state == EntryState.RETURNED]
    rows = Review.objects.filter(revision__in=waiting, verdict=Verdict.RETURNED).select_related("reviewer")
    return {row.revision_id: row for row in rows.order_by("pk")}


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """What waits for one reviewer, of one measure and round."""

    measure: Measure
    round: Round
    cells: list[GridCell]


def queue_groups(user: User) -> list[QueueGroup]:
    """Return what waits for the person's review, oldest due first, by round and measure. Two queries."""
    entries = list(
        Entry.objects.reviewable_by(user)
        .select_related("member", "measure", "round", "latest__submitted_by", "approved", "reporting_unit")
        .order_by("round__due_on", "round_id", "measure_id", "member__position", "member_id")
    )
    previous = _previous({entry.measure for entry in entries}, {entry.round for entry in entries})
    groups = groupby(entries, key=lambda entry: (entry.measure, entry.round))
    return [
        QueueGroup(measure, row, [_cell(entry, _latest_before(entry, previous), None, None, set()) for entry in rows])
        for (measure, row), rows in groups
    ]
