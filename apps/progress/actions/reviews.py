"""Approving, returning and taking an approval back; nobody their own, singly or in bulk."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.calculation.plausibility import is_word
from apps.journal.actions import Change
from apps.journal.enums import Channel, Verb
from apps.progress.actions.cells import locked, tell
from apps.progress.actions.locks import refuse_residents
from apps.progress.actions.refusals import Refused
from apps.progress.actions.standings import refresh_standings
from apps.progress.enums import EntryState, Verdict
from apps.progress.models import Entry, Review, Revision


class NotYourReview(Refused):
    """A figure that another division reviews."""


class OwnEntry(Refused):
    """A figure of the reviewer's own."""


class NotWaiting(Refused):
    """A figure that waits for no review, or no longer the one that was looked at."""


class NotCounting(Refused):
    """A figure whose approval cannot be taken back: it does not count, or no longer."""


class ReturnWithoutReason(Refused):
    """A return that does not say why."""


class TakenBackWithoutReason(Refused):
    """An approval taken back without saying why."""


@transaction.atomic
def approve(
    *,
    revision_ids: Collection[int],
    reviewer: User,
    today: date,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> list[Review]:
    """Let the revisions count and bring the standings they touch up to date, in this transaction; all or none.

    Revisions are named, not cells, so nobody approves a figure that changed after they looked. At most 25 queries however
    many cells of one grid. Raises the refusals declared above.
    """
    entries = locked(Entry.objects.filter(latest__in=revision_ids))
    _refuse(entries, revision_ids, reviewer)
    reviews = [
        Review(revision=entry.latest, verdict=Verdict.APPROVED, reviewer=reviewer, reviewed_at=at) for entry in entries
    ]
    Review.objects.bulk_create(reviews)
    told = []
    for entry, review in zip(entries, reviews, strict=True):
        before = {"counts": entry.approved_id}
        entry.approved, entry.state = review.revision, EntryState.APPROVED
        told.append((entry, Change(Verb.APPROVE, review.revision, before, {"counts": review.revision.pk})))
    Entry.objects.bulk_update(entries, ["approved", "state"])
    _refresh(entries, today)
    tell(told=told, actor=reviewer, at=at, channel=channel)
    return reviews


@transaction.atomic
def return_(
    *,
    revision_ids: Collection[int],
    reviewer: User,
    reason: str,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> list[Review]:
    """Send the revisions back with a reason; a figure that counted before goes on counting. All or none."""
    reason = reason.strip()
    if not is_word(reason):
        raise ReturnWithoutReason(_("退回时请写明原因，填报人才知道要改什么。"))
    refuse_residents(reason)
    entries = locked(Entry.objects.filter(latest__in=revision_ids))
    _refuse(entries, revision_ids, reviewer)
    reviews = [
        Review(revision=entry.latest, verdict=Verdict.RETURNED, reason=reason, reviewer=reviewer, reviewed_at=at)
        for entry in entries
    ]
    Review.objects.bulk_create(reviews)
    for entry in entries:
        entry.state = EntryState.RETURNED
    Entry.objects.bulk_update(entries, ["state"])
    told = [(review.revision.entry, Change(Verb.RETURN, review.revision, reason=reason)) for review in reviews]
    tell(told=told, actor=reviewer, at=at, channel=channel)
    return reviews


@transaction.atomic
def take_back(
    *,
    revision_ids: Collection[int],
    reviewer: User,
    reason: str,
    today: date,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> list[Review]:
    """Take approvals back: the figures count no more, and what counted before them counts again; all or none.

    Any head of the reviewing division may, not only who approved; but nobody lets a figure of their own count again. A figure
    that is still the cell's latest waits for its review again; a correction that was submitted since stays where it is.
    Standings are brought up to date in this transaction. At most 25 queries however many cells. Raises the refusals declared above.
    """
    reason = reason.strip()
    if not is_word(reason):
        raise TakenBackWithoutReason(_("撤回审核时请写明原因。"))
    refuse_residents(reason)
    entries = locked(Entry.objects.filter(approved__in=revision_ids))
    if not entries or len(entries) != len(set(revision_ids)):
        raise NotCounting(_("所选数据中有的已不是有效数据，请刷新后再撤回。没有任何数据被改动。"))
    taken = _counting(entries)
    _refuse_reviewer(taken, reviewer)
    earlier = _counted_before([revision for _entry, revision in taken])
    _refuse_own_again(taken, earlier, reviewer)
    reviews = [
        Review(revision=revision, verdict=Verdict.TAKEN_BACK, reason=reason, reviewer=reviewer, reviewed_at=at)
        for _entry, revision in taken
    ]
    Review.objects.bulk_create(reviews)
    told = [_let_go(entry, revision, earlier.get(entry.pk), reason) for entry, revision in taken]
    Entry.objects.bulk_update(entries, ["approved", "state"])
    _refresh(entries, today)
    tell(told=told, actor=reviewer, at=at, channel=channel)
    return reviews


def _let_go(entry: Entry, revision: Revision, earlier: Revision | None, reason: str) -> tuple[Entry, Change]:
    """Let a cell count what counted before a revision, nothing for None; return the cell and what to record."""
    entry.approved_id = earlier.pk if earlier else None
    entry.state = EntryState.SUBMITTED if entry.latest_id == revision.pk else entry.state
    after = {"counts": entry.approved_id}
    return entry, Change(Verb.TAKE_BACK, revision, {"counts": revision.pk}, after, reason)


def _counting(entries: Sequence[Entry]) -> list[tuple[Entry, Revision]]:
    """Return the cells with the revisions that count. One query."""
    by_entry = {entry.pk: entry for entry in entries}
    counting = []
    for revision in Revision.objects.in_fact().filter(entry__in=by_entry).order_by("entry"):
        revision.entry = by_entry[revision.entry_id]
        counting.append((revision.entry, revision))
    return counting


def _counted_before(taken: Collection[Revision]) -> dict[int, Revision]:
    """Return the revision that counts when these do not, by entry: the last approved before it and not taken back. One query."""
    numbers = {revision.entry_id: revision.number for revision in taken}
    rows = Review.objects.filter(revision__entry__in=numbers).select_related("revision")
    last: dict[tuple[int, int], Review] = {}
    for review in rows.order_by("revision__number", "pk"):
        if review.revision.number < numbers[review.revision.entry_id]:
            last[review.revision.entry_id, review.revision_id] = review
    return {entry_id: row.revision for (entry_id, _pk), row in last.items() if row.verdict == Verdict.APPROVED}


def _refuse_own_again(taken: Sequence[tuple[Entry, Revision]], earlier: Mapping[int, Revision], reviewer: User) -> None:
    """Raise the refusal of a person whose own figure would count again."""
    for entry, _revision in taken:
        if entry.pk in earlier and earlier[entry.pk].submitted_by_id == reviewer.pk:
            raise OwnEntry(
                _("撤回后，“%(cell)s”将重新采用您自己填报的数据，须由他人撤回。") % {"cell": entry}, entry.pk
            )


def _refresh(entries: Sequence[Entry], today: date) -> None:
    refresh_standings(
        measure_ids={entry.measure_id for entry in entries},
        since=min(entry.round.fiscal_year for entry in entries),
        today=today,
    )


def _refuse_reviewer(looked_at: Sequence[tuple[Entry, Revision]], reviewer: User) -> None:
    """Raise the refusal of a person who does not review a cell, or has typed the figure that was looked at."""
    units = {duty.unit_id for duty in reviewer.duties if duty.role == Role.HEAD}
    for entry, revision in looked_at:
        if entry.reviewing_unit_id not in units:
            raise NotYourReview(
                _("“%(cell)s”由%(unit)s审核，您不能审核。") % {"cell": entry, "unit": entry.reviewing_unit}, entry.pk
            )
        if revision.submitted_by_id == reviewer.pk:
            raise OwnEntry(_("“%(cell)s”是您自己填报的，须由他人审核。") % {"cell": entry}, entry.pk)


def _refuse(entries: Sequence[Entry], revision_ids: Collection[int], reviewer: User) -> None:
    """Raise the refusal that forbids this review, if any."""
    if not entries or len(entries) != len(set(revision_ids)):
        raise NotWaiting(_("所选数据中有的已被他人处理或重新提交，请刷新后再审核。没有任何数据被改动。"))
    _refuse_reviewer([(entry, entry.latest) for entry in entries if entry.latest], reviewer)
    for entry in entries:
        if entry.state != EntryState.SUBMITTED:
            raise NotWaiting(
                _("“%(cell)s”目前是“%(state)s”，不在待审核之列。")
                % {"cell": entry, "state": entry.get_state_display()},
                entry.pk,
            )
