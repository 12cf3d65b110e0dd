"""Taking back cells that ask a member for days after its end."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from apps.accounts.models import Unit
from apps.plans.models import MeasureMember
from apps.progress.enums import EntryState
from apps.progress.models import Draft, Entry


def take_back_cells(bureau: Unit, at: datetime) -> list[Entry]:
    """Release the empty cells whose member, or its place in the measure, ended before their round; return them.

    A cell that says anything, even in a draft, has a file or was opened again for somebody stays as it is; so does a round
    that is closed. Who is not asked any more is missing no more: the standings that look at the cells are the caller's to
    refresh.
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
    typed = {draft.entry_id for draft in Draft.objects.filter(entry__in=rows) if draft.says_something}
    keys = list(rows.exclude(pk__in=typed).values_list("pk", flat=True))
    if not keys:
        return []
    locked = Entry.objects.filter(pk__in=keys, latest=None).select_for_update(of=("self",), no_key=True)
    cells = list(locked.select_related("measure", "member", "round").order_by("pk"))
    for cell in cells:
        cell.released_at = at
    Entry.objects.bulk_update(cells, ["released_at"], batch_size=500)
    return cells
