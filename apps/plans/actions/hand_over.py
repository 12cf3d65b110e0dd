"""Handing over what of plans hangs on one person."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from apps.accounts.actions import require_within
from apps.accounts.models import Unit, User
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.models import PlanVersion
from apps.plans.queries.hand_over import drafts_to_mend


@transaction.atomic
def hand_over_drafts(
    *,
    person: User,
    successor: User,
    units: Collection[Unit],
    reason: str,
    by: User,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> list[PlanVersion]:
    """Let a successor mend the drafts that came back to a person, and return them. Both are their authors from now on.

    So the successor does not pass them: the words are theirs now. Raises `OutsideYourUnits`.
    """
    for unit in units:
        require_within(unit, by)
    versions = list(drafts_to_mend(person, units).exclude(authors=successor).select_related("plan__project__bureau"))
    for version in versions:
        version.authors.add(successor)
        change = Change(Verb.HAND_OVER, version, {"author": str(person)}, {"author": str(successor)}, reason)
        record(bureau=version.plan.project.bureau, actor=by, changes=[change], at=at, channel=channel)
    return versions
