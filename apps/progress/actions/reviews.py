"""Approving and returning figures; nobody their own, singly or in bulk."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.journal.actions import Change
from apps.journal.enums import Channel, Verb
from apps.progress.actions.cells import locked, tell
from apps.progress.actions.refusals import Refused
from apps.progress.actions.standings import refresh_standings
from apps.progress.enums import EntryState, Verdict
from apps.progress.models import Entry, Review


class NotYourReview(Refused):
    """A figure that another division reviews."""


class OwnEntry(Refused):
    """A figure of the reviewer's own."""


class NotWaiting(Refused):
    """A figure that waits for no review, or no longer the one that was looked at."""


class ReturnWithoutReason(Refused):
    """A return that does not say why."""


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
    refresh_standings(
        measure_ids={entry.measure_id for entry in entries},
        since=min(entry.round.fiscal_year for entry in entries),
        today=today,
    )
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
    if not reason:
        raise ReturnWithoutReason(_("退回时请写明原因，填报人才知道要改什么。"))
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


def _refuse(entries: Sequence[Entry], revision_ids: Collection[int], reviewer: User) -> None:
    """Raise the refusal that forbids this review, if any."""
    if not entries or len(entries) != len(set(revision_ids)):
        raise NotWaiting(_("所选数据中有的已被他人处理或重新提交，请刷新后再审核。没有任何数据被改动。"))
    units = {duty.unit_id for duty in reviewer.duties if duty.role == Role.HEAD}
    for entry in entries:
        if entry.reviewing_unit_id not in units:
            raise NotYourReview(
                _("“%(cell)s”由%(unit)s审核，您不能审核。") % {"cell": entry, "unit": entry.reviewing_unit}, entry.pk
            )
        if entry.latest and entry.latest.submitted_by_id == reviewer.pk:
            raise OwnEntry(_("“%(cell)s”是您自己填报的，须由他人审核。") % {"cell": entry}, entry.pk)
        if entry.state != EntryState.SUBMITTED:
            raise NotWaiting(
                _("“%(cell)s”目前是“%(state)s”，不在待审核之列。")
                % {"cell": entry, "state": entry.get_state_display()},
                entry.pk,
            )
