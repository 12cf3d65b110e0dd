"""What of plans hangs on one person."""

from collections.abc import Collection

from django.db.models import QuerySet

from apps.accounts.models import Unit, User
from apps.accounts.querysets import below
from apps.plans.models import PlanVersion


def drafts_to_mend(person: User, units: Collection[Unit]) -> QuerySet[PlanVersion]:
    """Return the drafts that came back to a person as their author, of projects of the units.

    All else about a plan waits for whoever holds a role, so it follows the role by itself.
    """
    paths = [unit.path for unit in units]
    place = below("plan__project__division__path", paths) | below("plan__project__bureau__path", paths)
    return PlanVersion.objects.returned_to(person).filter(place)
