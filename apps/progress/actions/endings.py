"""Taking back cells that ask a member for days after its end."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q

from apps.accounts.models import Unit
from apps.journal.actions import Change
from apps.journal.enums import Verb
from apps.plans.models import MeasureMember
from apps.progress.actions.standings import refresh_standings
from apps.progress.enums import EntryState
from apps.progress.models import Entry


def take_back_cells(bureau: Unit, today: date) -> list[Change]:
    """Delete the empty cells whose member, or its place in the measure, ended before their round; return what to record.

    A cell that says anything, has a file or was opened again for somebody stays as it is; so does a round that is closed.
    Who is not asked any more is missing no more, so the standings that look at the cells are written anew.
    """
    ended = Q(member__ends_on__lt=F("round__ends_on")) | Exists(
        MeasureMember.objects.filter(
            measure=OuterRef("measure"), member=OuterRef("member"), ends_on__lt=OuterRef("round__ends_on")
        )
    )
    empty = Entry.objects.filter(
        state=EntryState.PENDING, latest=None, evidence=None, reopenings=None, round__closed_at=None
    )
    rows = empty.filter(ended, round__bureau=bureau).order_by("pk")
    keys = list(rows.values_list("pk", flat=True))
    if not keys:
        return []
    locked = Entry.objects.filter(pk__in=keys, latest=None).select_for_update(of=("self",))
    cells = list(locked.select_related("measure", "member", "round").order_by("pk"))
    changes = [Change(Verb.CHANGE, cell, before={"asked": True}, after={"asked": False}) for cell in cells]
    Entry.objects.filter(pk__in=[cell.pk for cell in cells]).delete()
    since = min((cell.round.fiscal_year for cell in cells), default=today.year)
    refresh_standings(measure_ids={cell.measure_id for cell in cells}, since=since, today=today)
    return changes
