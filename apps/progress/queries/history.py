"""What one cell has said since it was opened, what was thought of it, and what stands behind it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Prefetch, Window
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.calculation.aggregation import ratio_of
from apps.journal.models import Event
from apps.journal.queries import loading_of
from apps.plans.models import Measure
from apps.progress.enums import RevisionOrigin, Verdict
from apps.progress.models import CheckMark, Entry, Reopening, Review, Revision
from apps.progress.queries.evidence import EvidenceLine, evidence_of
from apps.progress.queries.questions import questions_from
from apps.progress.queries.series import figure_of
from apps.ui import formats


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One revision of a cell: its figure in words, what was asked and answered, what was found, and its reviews in order."""

    revision: Revision
    figure: str
    counts: bool
    is_latest: bool
    questions: list[str] = field(default_factory=list)
    marks: list[CheckMark] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EntryHistory:
    """A cell with everything it ever said, the newest first; `evidence` with files that were replaced, `reopenings` with past ones.

    `loading` is the event that tells of the demonstration's figures, which have none of their own; None where there are none.
    """

    entry: Entry
    lines: list[HistoryLine]
    evidence: list[EvidenceLine]
    reopenings: list[Reopening]
    loading: Event | None = None


def entry_history(entry: Entry, viewer: User) -> EntryHistory:
    """Return the history of a cell. Four queries, one more for a measure that is judged and where a file is elsewhere too.

    Two more where a figure of the demonstration is in it. `measure` and `round` should be loaded.
    """
    rows = entry.revisions.select_related("submitted_by", "definition", "source").prefetch_related(
        Prefetch("reviews", Review.objects.select_related("reviewer"))
    )
    revisions = list(rows.order_by("-number"))
    marks = _marks(revisions, entry.measure)
    return EntryHistory(
        entry=entry,
        lines=[
            HistoryLine(
                revision=row,
                figure=figure_text(row, entry.measure),
                counts=row.pk == entry.approved_id,
                is_latest=row.pk == entry.latest_id,
                questions=_questions(row),
                marks=marks.get(row.pk, []),
                reviews=sorted(row.reviews.all(), key=lambda review: (review.reviewed_at, review.pk)),
            )
            for row in revisions
        ],
        evidence=evidence_of([entry], viewer).get(entry.pk, []),
        reopenings=list(entry.reopenings.select_related("person", "opened_by").order_by("-opened_at", "-pk")),
        loading=_loading(entry, revisions),
    )


def _loading(entry: Entry, revisions: Collection[Revision]) -> Event | None:
    if not any(row.origin == RevisionOrigin.DEMONSTRATION for row in revisions):
        return None
    return loading_of(entry.revisions.demonstration(), entry.round.bureau_id)


def _questions(row: Revision) -> list[str]:
    """Return what was asked about a figure when it was submitted, in the language of the page."""
    language = get_language() or "zh-hans"
    return [question.sentence.in_language(language) for question in questions_from(row.questions)]


def _marks(revisions: Collection[Revision], measure: Measure) -> dict[int, list[CheckMark]]:
    """Return what was found by each revision. One query for a measure that is judged, none for figures."""
    found: dict[int, list[CheckMark]] = {}
    if measure.is_figured:
        return found
    for mark in CheckMark.objects.filter(revision__in=revisions).select_related("item").order_by("item__number", "pk"):
        found.setdefault(mark.revision_id, []).append(mark)
    return found


def figure_text(revision: Revision | None, measure: Measure) -> str:
    """Return what a revision says as pages write it: 92,000 ÷ 100,000 = 92.00 %, 3,948.44 万元; a dash for None.

    Nothing of nothing is no percentage, and says so.
    """
    if revision is None:
        return formats.UNKNOWN
    if revision.numerator is not None:
        return _ratio_text(revision, measure)
    if revision.outcome:
        return str(revision.get_outcome_display())
    if revision.band:
        return f"{revision.get_band_display()} {formats.percent(revision.percent)}"
    return formats.measured(revision.value, measure)


def _ratio_text(revision: Revision, measure: Measure) -> str:
    parts = f"{formats.part(revision.numerator, measure)} ÷ {formats.part(revision.denominator, measure)}"
    if not revision.numerator and revision.denominator == 0:
        return _("%(parts)s，不适用") % {"parts": parts}
    return f"{parts} = {formats.measured(ratio_of(figure_of(revision), measure.factor or Decimal(1)), measure)}"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A review that changed which revision of a cell counts: from which to which, None for none."""

    review: Review
    entry: Entry
    before: Revision | None
    after: Revision | None


def figure_changes(
    measures: Collection[int], years: Collection[int], since: datetime, until: datetime, limit: int
) -> tuple[list[FigureChange], int]:
    """Return the newest changes of counting figures between two moments, and how many there are. Two queries.

    What counted before and after is read from all reviews of those cells, so it is what was known then.
    """
    told = Review.objects.filter(
        revision__entry__measure__in=measures,
        revision__entry__round__fiscal_year__in=years,
        verdict__in=[Verdict.APPROVED, Verdict.TAKEN_BACK],
        reviewed_at__gt=since,
        reviewed_at__lte=until,
    )
    joined = told.select_related("reviewer", "revision__entry__measure", "revision__entry__member")
    rows = joined.select_related("revision__entry__round").annotate(all_told=Window(Count("pk")))
    newest = list(rows.order_by("-reviewed_at", "-pk")[:limit])
    counted = _counted(newest, until)
    changes = [
        FigureChange(review, review.revision.entry, *counted[review.pk]) for review in newest if review.pk in counted
    ]
    return changes, newest[0].all_told if newest else 0


def _counted(reviews: Collection[Review], until: datetime) -> dict[int, tuple[Revision | None, Revision | None]]:
    """Return which revision counted before and after each review. One query."""
    entries = {review.revision.entry_id for review in reviews}
    rows = Review.objects.filter(revision__entry__in=entries, reviewed_at__lte=until).select_related("revision")
    approved: dict[int, dict[int, Revision]] = {entry: {} for entry in entries}
    found = {}
    for row in rows.order_by("reviewed_at", "pk"):
        standing = approved[row.revision.entry_id]
        before = _last(standing)
        standing.pop(row.revision.number, None)
        if row.verdict == Verdict.APPROVED:
            standing[row.revision.number] = row.revision
        found[row.pk] = (before, _last(standing))
    return found


def _last(standing: dict[int, Revision]) -> Revision | None:
    return standing[max(standing)] if standing else None
