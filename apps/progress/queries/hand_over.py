"""What of figures hangs on one person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from apps.accounts.models import Unit, User
from apps.progress.models import Draft, Entry, Reopening


@dataclass(frozen=True, slots=True)
class Asked:
    """How many cells of some units ask for a figure, how many of them by today at the latest, how many are late."""

    cells: int
    due_today: int
    overdue: int


def drafts_of(person: User, units: Collection[Unit]) -> QuerySet[Draft]:
    """Return what a person has typed and not submitted for the units, or as a typist of theirs."""
    place = Q(entry__reporting_unit__in=units) | Q(entry__reviewing_unit__in=units)
    rows = Draft.objects.filter(place, person=person)
    return rows.select_related("entry__measure", "entry__member", "entry__round").order_by("pk")


def clashing(drafts: QuerySet[Draft], successor: User) -> QuerySet[Draft]:
    """Keep the drafts in whose cells the successor has one of their own."""
    return drafts.filter(entry__in=Draft.objects.filter(person=successor).values("entry"))


def reopenings_of(person: User, units: Collection[Unit], today: date) -> QuerySet[Reopening]:
    """Return the cells of closed rounds that are open for the person, of the units."""
    place = Q(entry__reporting_unit__in=units) | Q(entry__reviewing_unit__in=units)
    rows = Reopening.objects.filter(place, person=person, until__gte=today, entry__round__closed_at__isnull=False)
    return rows.select_related("entry__measure", "entry__member", "entry__round__bureau", "opened_by").order_by("pk")


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
