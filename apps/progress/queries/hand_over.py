"""What of figures hangs on one person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Count, Q, QuerySet

from apps.accounts.models import Unit, User
from apps.calculation.numerals import NotANumber, read_number
from apps.progress.models import Draft, Entry, Reopening
from apps.progress.models.entries import UNTYPED
from apps.progress.queries.cells import GridCell

MOST_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """How many cells of some units ask for a figure, how many of them by today at the latest, how many are late."""

    cells: int
    due_today: int
    overdue: int


def drafts_of(person: User, units: Collection[Unit]) -> list[Draft]:
    """Return what a person has typed and not submitted for the units, or as a typist of theirs. One query.

    What was left behind in a cell and says nothing, or no more than the figure that went in, is none of it.
    """
    place = Q(entry__reporting_unit__in=units) | Q(entry__reviewing_unit__in=units)
    rows = Draft.objects.filter(place, person=person)
    joined = rows.select_related("entry__measure", "entry__member", "entry__round", "entry__latest")
    return [draft for draft in joined.order_by("pk") if _says_new(draft)]


def _says_new(draft: Draft) -> bool:
    """Tell whether a draft says something else than the latest figure of its cell."""
    latest = draft.entry.latest
    if latest is None or not draft.says_something:
        return draft.says_something
    there = {**GridCell(draft.entry).texts, "reason": latest.reason}
    typed = {name: text for name, text in draft.fields.items() if name not in UNTYPED and text.strip()}
    return any(_plain(text) != _plain(there.get(name, "")) for name, text in typed.items())


def _plain(text: str) -> str | Decimal | None:
    """Return a number as such, any other text without the blanks around it."""
    try:
        return read_number(text, MOST_PLACES)
    except NotANumber:
        return text.strip()


def clashing(drafts: Collection[Draft], successor: User) -> list[Draft]:
    """Keep the drafts in whose cells the successor has one of their own. One query."""
    cells = {draft.entry_id for draft in drafts}
    own = set(Draft.objects.filter(person=successor, entry__in=cells).values_list("entry", flat=True))
    return [draft for draft in drafts if draft.entry_id in own]


def reopenings_of(person: User, units: Collection[Unit], today: date) -> QuerySet[Reopening]:
    """Return the cells of closed rounds that are open for the person, of the units."""
    place = Q(entry__reporting_unit__in=units) | Q(entry__reviewing_unit__in=units)
    rows = Reopening.objects.filter(place, person=person, until__gte=today, entry__round__closed_at__isnull=False)
    return rows.select_related(
        "entry__measure", "entry__member", "entry__round__bureau", "opened_by", "person"
    ).order_by("pk")


def asked_of(units: Collection[Unit], today: date) -> Asked:
    """Return how much the units are asked for, which follows whoever reports there. One query."""
    counts = (
        Entry.objects.filter(reporting_unit__in=units)
        .open_by(today)
        .aggregate(
            cells=Count("pk"),
            due_today=Count("pk", filter=Q(round__due_on=today)),
            overdue=Count("pk", filter=Q(round__due_on__lt=today)),
        )
    )
    return Asked(**counts)
