"""What a person would hand over: all that hangs on them, and how much waits for their units."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from apps.accounts.enums import Role
from apps.accounts.models import Assignment, Unit, User
from apps.accounts.querysets import below
from apps.plans.models import PlanVersion
from apps.plans.queries.hand_over import drafts_to_mend
from apps.progress.models import Draft, Reopening
from apps.progress.queries.hand_over import Asked, asked_of, clashing, drafts_of, reopenings_of


@dataclass(frozen=True, slots=True)
class HandOver:
    """What would change hands. `kept` are drafts that stay, because the successor has typed in the cell themselves.

    `remains` tells whether the person holds a role elsewhere, so that the account stays awake.
    """

    roles: list[Assignment]
    drafts: int
    kept: list[Draft]
    reopenings: list[Reopening]
    plans: list[PlanVersion]
    asked: Asked
    remains: bool


def held_roles(person: User, by: User) -> list[Assignment]:
    """Return the roles in force of a person in the units that somebody administers, by unit. One query."""
    rows = Assignment.objects.in_force().filter(below("unit__path", by.paths(Role.ADMIN)), user=person)
    return list(rows.select_related("unit").order_by("unit__path", "role", "pk"))


def hand_over_preview(person: User, successor: User, units: Collection[Unit], today: date) -> HandOver:
    """Return what would change hands today between two people in some units. Seven queries."""
    held = Assignment.objects.in_force().filter(user=person).select_related("unit").order_by("unit__path", "role", "pk")
    chosen = {unit.pk for unit in units}
    roles = list(held)
    drafts = drafts_of(person, units)
    kept = clashing(drafts, successor)
    return HandOver(
        roles=[row for row in roles if row.unit_id in chosen],
        drafts=len(drafts) - len(kept),
        kept=kept,
        reopenings=list(reopenings_of(person, units, today)),
        plans=list(drafts_to_mend(person, units).select_related("plan__project").order_by("pk")),
        asked=asked_of(units, today),
        remains=any(row.unit_id not in chosen for row in roles),
    )
