"""What reviewers have before them: figures that wait for their review, and approvals that they may still take back."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import F
from django.utils.translation import get_language

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.plans.models import Measure
from apps.progress.enums import Verdict
from apps.progress.models import Entry, Review, Round
from apps.progress.queries.cells import GridCell, cells_of, with_evidence
from apps.progress.queries.questions import questions_from

MOST_OF_A_GROUP = 50
MOST_ALONE = 1000
MOST_GROUPS = 20
MOST_APPROVALS = 200
RECENTLY = timedelta(days=30)
ORDER = ("round__due_on", "round_id", "measure_id", "member__position", "member_id")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One figure that waits for its review, with what was asked about it when it was submitted.

    `answered` is the return that the figure answers, with the figure that was returned; None where it answers none.
    """

    cell: GridCell
    questions: list[str]
    answered: Review | None = None

    @property
    def is_again(self) -> bool:
        """Tell whether the cell was looked over before: a correction, what was returned, what an approval was taken back from."""
        return bool(self.cell.entry.approved_id or self.answered or self.cell.taken_back)

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing at all was noticed: new, no question, no lacking file, nothing odd about a file."""
        noticed = any(found.is_grave for line in self.cell.evidence if line.is_in_force for found in line.findings)
        return not (self.is_again or self.questions or self.cell.lacks_evidence or noticed)


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """What waits of one measure and round. `lines` are what is shown, `revisions` the keys of all that waits.

    `asked` is how many of those that are not shown were asked about.
    """

    measure: Measure
    round: Round
    lines: list[Waiting]
    revisions: list[int]
    asked: int

    @property
    def hidden(self) -> int:
        """Return how many wait beyond those that are shown."""
        return len(self.revisions) - len(self.lines)


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """What waits for a reviewer, oldest due first; `waiting` counts all, `groups_left` the groups beyond those shown."""

    groups: list[QueueGroup]
    waiting: int
    groups_left: int

    @property
    def is_asking(self) -> bool:
        """Tell whether something was asked about any of the figures shown."""
        return any(line.questions for group in self.groups for line in group.lines)

    @property
    def plain(self) -> int:
        """Return how many of the figures shown have nothing noticed about them."""
        return sum(line.is_plain for group in self.groups for line in group.lines)


@dataclass(frozen=True, slots=True)
class _Key:
    """A cell that waits, as light as a queue of thousands needs it."""

    entry: int
    revision: int
    group: tuple[int, int]
    is_asked: bool


def review_queue(user: User, only: tuple[int, int] | None = None) -> ReviewQueue:
    """Return what waits for the person's review; at most fifty of a group are loaded, those asked about before others.

    `only` names a round and a measure, of which then a thousand are loaded. Eight queries however many wait, one more where
    something is judged, and one where the same file stands elsewhere.
    """
    groups = [(key, list(rows)) for key, rows in groupby(_keys(user, only), key=lambda row: row.group)]
    shown = groups[:MOST_GROUPS]
    most = MOST_ALONE if only else MOST_OF_A_GROUP
    picked = {row.entry for _key, rows in shown for row in _telling(rows, most)}
    lines = _lines(user, picked)
    return ReviewQueue(
        groups=[_group(rows, [lines[row.entry] for row in rows if row.entry in lines]) for _key, rows in shown],
        waiting=sum(len(rows) for _key, rows in groups),
        groups_left=len(groups) - len(shown),
    )


def _keys(user: User, only: tuple[int, int] | None) -> Iterator[_Key]:
    rows = Entry.objects.reviewable_by(user)
    if only:
        rows = rows.filter(round=only[0], measure=only[1])
    columns = rows.order_by(*ORDER).values_list("pk", "latest_id", "round_id", "measure_id", "latest__questions")
    for entry, revision, round_id, measure_id, asked in columns:
        yield _Key(entry, revision, (round_id, measure_id), bool(asked))


def _telling(rows: Sequence[_Key], most: int) -> list[_Key]:
    return sorted(rows, key=lambda row: not row.is_asked)[:most]


def _group(rows: Sequence[_Key], lines: list[Waiting]) -> QueueGroup:
    first, shown = lines[0].cell.entry, {line.cell.entry.pk for line in lines}
    asked = sum(row.is_asked for row in rows if row.entry not in shown)
    return QueueGroup(first.measure, first.round, lines, [row.revision for row in rows], asked)


def _lines(user: User, picked: Collection[int]) -> dict[int, Waiting]:
    """Return the cells with all that a reviewer looks at, by the entry's id."""
    if not picked:
        return {}
    rows = Entry.objects.filter(pk__in=picked).select_related(
        "member", "measure", "round", "latest__submitted_by", "latest__source", "approved", "reporting_unit"
    )
    cells, answered = with_evidence(cells_of(list(rows), user), user), _answered(picked)
    return {cell.entry.pk: Waiting(cell, _asked(cell), answered.get(cell.entry.pk)) for cell in cells}


def _answered(entries: Collection[int]) -> dict[int, Review]:
    """Return the returns that the figures waiting now answer, by the entry's id: a cell's last review, if it was one. One query."""
    rows = Review.objects.filter(revision__entry__in=entries).select_related("reviewer", "revision").order_by("pk")
    last = {row.revision.entry_id: row for row in rows}
    return {pk: row for pk, row in last.items() if row.verdict == Verdict.RETURNED}


def _asked(cell: GridCell) -> list[str]:
    language = get_language() or "zh-hans"
    kept = cell.entry.latest.questions if cell.entry.latest else []
    return [row.sentence.in_language(language) for row in questions_from(kept)]


def recent_approvals(user: User, now: datetime, revision_id: int | None = None) -> list[Review]:
    """Return the approvals that the person may take back, newest first: of figures that still count, none of their own.

    Those of the last thirty days and two hundred at most, or that of one revision, however old. One query.
    """
    units = [duty.unit_id for duty in user.duties if duty.role == Role.HEAD]
    rows = Review.objects.filter(
        verdict=Verdict.APPROVED, revision__entry__approved=F("revision"), revision__entry__reviewing_unit__in=units
    ).exclude(revision__submitted_by=user)
    chosen = rows.filter(revision=revision_id) if revision_id else rows.filter(reviewed_at__gte=now - RECENTLY)
    found: dict[int, Review] = {}
    for review in chosen.select_related(
        "reviewer",
        "revision__submitted_by",
        "revision__entry__measure",
        "revision__entry__member",
        "revision__entry__round",
    ).order_by("-reviewed_at", "-pk")[:MOST_APPROVALS]:
        found.setdefault(review.revision_id, review)
    return list(found.values())
