"""Taking the demonstration away and leaving everything that a person typed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import Unit
from apps.calendars.models import DemonstrationDay
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.enums import Origin
from apps.plans.models import Measure, Member, Plan, Project, Result, Target
from apps.progress.actions.demonstration.people import demonstration_accounts, demonstration_units
from apps.progress.actions.standings import rebuild_standings
from apps.progress.enums import EntryState, Verdict
from apps.progress.models import CheckMark, Entry, Review, Revision, Round, Standing


@dataclass(frozen=True, slots=True)
class Removed:
    """What went: the ids of figures, targets and rounds, how many accounts were put to sleep, whether the day was set."""

    revisions: list[int]
    targets: list[int]
    rounds: list[int]
    accounts: int
    had_day: bool

    @property
    def is_nothing(self) -> bool:
        """Tell whether there was no demonstration."""
        return not (self.revisions or self.targets or self.accounts or self.had_day)


@transaction.atomic
def remove_demonstration(*, bureau: Unit, today: date, at: datetime, channel: Channel = Channel.COMMAND) -> Removed:
    """Delete what is of demonstration origin, put its accounts to sleep, and work the standings out anew.

    What people typed stays, their corrections of made-up figures included; only what hung on a made-up figure (its
    reviews and findings) goes with it. Cells that nobody has touched go too and open again with the next round. One event
    per plan that lost figures, the first of them with the ids of all that went; none where there is no demonstration.
    """
    revisions = Revision.objects.demonstration().filter(entry__round__bureau=bureau)
    entries = list(Entry.objects.filter(revisions__in=revisions).distinct())
    lost = {entry.measure_id for entry in entries}
    removed = Removed(
        revisions=_delete_revisions(revisions, entries),
        targets=_delete_targets(bureau),
        rounds=_delete_untouched(bureau),
        accounts=demonstration_accounts().filter(is_active=True).update(is_active=False),
        had_day=bool(DemonstrationDay.objects.all().delete()[0]),
    )
    Result.objects.filter(measure__bureau=bureau, origin=Origin.DEMONSTRATION).delete()
    _let_go(bureau)
    if not removed.is_nothing:
        rebuild_standings(bureau=bureau, today=today)
    record(bureau=bureau, actor=None, changes=_changes(bureau, removed, lost), at=at, channel=channel)
    return removed


def _delete_revisions(revisions: QuerySet[Revision], entries: list[Entry]) -> list[int]:
    """Delete the revisions, leave each of their cells as what remains in it says, and return the ids of those deleted."""
    ids = list(revisions.order_by("pk").values_list("pk", flat=True))
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(latest=None, approved=None)
    Review.objects.filter(revision__in=ids).delete()
    CheckMark.objects.filter(revision__in=ids).delete()
    Revision.objects.filter(pk__in=ids).delete()
    remaining: dict[int, list[Revision]] = {entry.pk: [] for entry in entries}
    for row in Revision.objects.filter(entry__in=entries).order_by("number").prefetch_related("reviews"):
        remaining[row.entry_id].append(row)
    for entry in entries:
        _settle(entry, remaining[entry.pk])
    Entry.objects.bulk_update(entries, ["latest", "approved", "state"], batch_size=200)
    return ids


def _settle(entry: Entry, revisions: list[Revision]) -> None:
    """Set the cell to what its revisions and their last reviews say."""
    verdicts = {row.pk: [review.verdict for review in row.reviews.all()][-1:] for row in revisions}
    approved = [row for row in revisions if verdicts[row.pk] == [Verdict.APPROVED]]
    entry.latest = revisions[-1] if revisions else None
    entry.approved = approved[-1] if approved else None
    entry.state = EntryState.PENDING
    if entry.latest is not None:
        said = verdicts[entry.latest.pk]
        entry.state = EntryState(said[0]) if said else EntryState.SUBMITTED


def _delete_targets(bureau: Unit) -> list[int]:
    targets = Target.objects.filter(indicator__plan__project__bureau=bureau, origin=Origin.DEMONSTRATION)
    ids = list(targets.order_by("pk").values_list("pk", flat=True))
    Standing.objects.filter(target__in=ids).update(target=None)
    targets.delete()
    return ids


def _delete_untouched(bureau: Unit) -> list[int]:
    """Delete the cells of the demonstration's units that hold nothing, and the rounds that hold no cell then."""
    Entry.objects.filter(
        round__bureau=bureau,
        reviewing_unit__in=demonstration_units(bureau),
        latest=None,
        drafts=None,
        evidence=None,
        reopenings=None,
    ).delete()
    empty = Round.objects.filter(bureau=bureau, entries=None)
    ids = list(empty.order_by("pk").values_list("pk", flat=True))
    Standing.objects.filter(round__in=ids).update(round=None)
    Round.objects.filter(pk__in=ids).delete()
    return ids


def _let_go(bureau: Unit) -> None:
    """Take measures, projects and members back from the demonstration's units, which stay behind what people typed."""
    units = demonstration_units(bureau)
    Measure.objects.filter(bureau=bureau, division__in=units).update(division=None)
    Project.objects.filter(bureau=bureau, division__in=units).update(division=None)
    Member.objects.filter(bureau=bureau, unit__in=units).update(unit=None)


def _changes(bureau: Unit, removed: Removed, lost: Collection[int]) -> list[Change]:
    """Return an event per plan that lost figures, or for the first plan where only targets or accounts went."""
    if removed.is_nothing:
        return []
    plans = Plan.objects.filter(project__bureau=bureau).select_related("project").order_by("pk")
    looked_at = plans.filter(indicators__measure__in=lost) | plans.filter(project__execution__in=lost)
    gone = {
        "progress.revision": removed.revisions,
        "plans.target": removed.targets,
        "progress.round": removed.rounds,
    }
    first, *others = list(looked_at.distinct()) or list(plans[:1])
    return [Change(Verb.REMOVE, first, before={"removed": gone}), *(Change(Verb.REMOVE, plan) for plan in others)]
