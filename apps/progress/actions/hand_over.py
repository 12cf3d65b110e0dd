"""Handing over what of figures hangs on one person: texts not submitted, cells opened again for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.actions import require_within
from apps.accounts.models import Unit, User
from apps.journal.actions import Change
from apps.journal.enums import Channel, Verb
from apps.progress.actions.cells import tell
from apps.progress.models import Draft, Entry, Reopening
from apps.progress.queries.hand_over import clashing, drafts_of, reopenings_of


@dataclass(frozen=True, slots=True)
class CellsHandedOver:
    """How many drafts changed hands, which stayed because the successor has their own, and the cells opened anew."""

    drafts: int
    kept: list[Draft]
    reopenings: list[Reopening]


@transaction.atomic
def hand_over_cells(
    *,
    person: User,
    successor: User,
    units: Collection[Unit],
    reason: str,
    by: User,
    today: date,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> CellsHandedOver:
    """Give a successor what a person typed for the units and did not submit, and the cells that are open for them alone.

    Where the successor has typed in a cell themselves, theirs stays and the other stays the person's. An opened cell is
    open for the successor until the same day by the word of who opened it. Figures stay whose they are, so nobody comes to
    review their own by it. What waits for a unit's reporters needs nothing. Raises `OutsideYourUnits`.
    """
    for unit in units:
        require_within(unit, by)
    drafts = drafts_of(person, units)
    kept = clashing(drafts, successor)
    moved = {draft.pk for draft in drafts} - {draft.pk for draft in kept}
    count = Draft.objects.filter(pk__in=moved).update(person=successor)
    made = Reopening.objects.bulk_create(_again(list(reopenings_of(person, units, today)), successor, reason, at))
    told: list[tuple[Entry, Change]] = [
        (
            row.entry,
            Change(
                Verb.HAND_OVER,
                row,
                {"person": str(person)},
                {"person": str(successor), "cell": str(row.entry), "until": row.until},
                reason,
            ),
        )
        for row in made
    ]
    tell(told=told, actor=by, at=at, channel=channel)
    return CellsHandedOver(count, kept, made)


def _again(rows: Sequence[Reopening], successor: User, reason: str, at: datetime) -> list[Reopening]:
    """Return the cells, not saved yet, that are to be open for the successor, but those that are as long already. One query."""
    theirs = Reopening.objects.filter(entry__in=[row.entry_id for row in rows], person=successor).order_by("until")
    until = dict(theirs.values_list("entry", "until"))
    made = []
    for row in rows:
        if until.get(row.entry_id, date.min) < row.until:
            until[row.entry_id] = row.until
            made.append(_for_successor(row, successor, reason, at))
    return made


def _for_successor(row: Reopening, successor: User, reason: str, at: datetime) -> Reopening:
    words = {"before": row.reason, "person": row.person, "reason": reason}
    return Reopening(
        entry=row.entry,
        person=successor,
        until=row.until,
        reason=_("%(before)s（由%(person)s移交：%(reason)s）") % words,
        opened_by=row.opened_by,
        opened_at=at,
    )
