"""The cells that a change is about: locked, and the change told to the journal of the bureau they belong to."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from apps.accounts.models import User
from apps.journal.actions import Change, record
from apps.journal.enums import Channel
from apps.progress.models import Entry
from apps.progress.querysets import EntryQuerySet


def locked(cells: EntryQuerySet) -> list[Entry]:
    """Return the cells with all that a change asks about, locked in the order of their keys. Two queries.

    The order keeps two people in one grid from blocking each other. The rows are read after they are locked: one that
    had to be waited for is not what it was when the wait began.
    """
    keys = list(cells.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    rows = Entry.objects.filter(pk__in=keys).select_related(
        "round__bureau", "member", "measure", "reporting_unit", "reviewing_unit", "latest__submitted_by"
    )
    entries = list(rows.order_by("pk"))
    for entry in entries:
        if entry.latest:
            entry.latest.entry = entry
    return entries


def tell(*, told: Sequence[tuple[Entry, Change]], actor: User, at: datetime, channel: Channel) -> None:
    """Write what happened to the cells into the chains of their bureaus, three queries for each bureau."""
    by_bureau = defaultdict(list)
    for entry, change in told:
        by_bureau[entry.round.bureau].append(change)
    for bureau in sorted(by_bureau, key=lambda unit: unit.pk):
        record(bureau=bureau, actor=actor, changes=by_bureau[bureau], at=at, channel=channel)
