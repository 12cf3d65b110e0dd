"""Handing a person's work to a successor in one step. It stands here because this floor knows all that has a part in it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.actions import AccountsRefused, RolesHandedOver, hand_over_roles
from apps.accounts.models import Unit, User
from apps.accounts.queries import bureau_of
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.actions.hand_over import hand_over_drafts
from apps.plans.models import PlanVersion
from apps.progress.actions.hand_over import CellsHandedOver, hand_over_cells


class HandOverWithoutReason(AccountsRefused):
    """A hand-over that does not say why."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What changed hands: roles, what hangs on the person in cells, drafts of plans that came back."""

    roles: RolesHandedOver
    cells: CellsHandedOver
    plans: list[PlanVersion]


@transaction.atomic
def hand_over(
    *,
    person: User,
    successor: User,
    units: Collection[Unit],
    reason: str,
    is_leaving: bool,
    by: User,
    today: date,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> HandedOver:
    """Give a successor all that a person holds and owes in the units, all or nothing; what was done keeps its name.

    An administrator of the units does it, without seeing or moving a figure: what was submitted stays the person's, and
    whoever reported a figure still does not review it. What waits for a role, or a unit, follows the role. Raises an
    `AccountsRefused` that says what stands in the way.
    """
    reason = reason.strip()
    if not reason:
        raise HandOverWithoutReason(_("请写明移交的原因。"))
    cells = hand_over_cells(
        person=person, successor=successor, units=units, reason=reason, by=by, today=today, at=at, channel=channel
    )
    plans = hand_over_drafts(
        person=person, successor=successor, units=units, reason=reason, by=by, at=at, channel=channel
    )
    roles = hand_over_roles(person=person, successor=successor, units=units, is_leaving=is_leaving, by=by, at=at)
    done = HandedOver(roles, cells, plans)
    for bureau, changes in _changes(done, person, successor, reason).items():
        record(bureau=bureau, actor=by, changes=changes, at=at, channel=channel)
    return done


def _changes(done: HandedOver, person: User, successor: User, reason: str) -> dict[Unit, list[Change]]:
    """Return what to write down for each bureau: every role, and with the first the sum of what changed hands."""
    found: dict[Unit, list[Change]] = defaultdict(list)
    bureaus = {row.row.unit_id: bureau_of(row.row.unit) for row in done.roles.ended}
    for row in [*done.roles.ended, *done.roles.given]:
        change = Change(Verb.HAND_OVER, row.row, row.before, row.after, reason)
        found[bureaus[row.row.unit_id]].append(change)
    first = bureaus[done.roles.ended[0].row.unit_id]
    after = {
        "successor": str(successor),
        "roles": len(done.roles.ended),
        "drafts": done.cells.drafts,
        "kept_drafts": len(done.cells.kept),
        "reopenings": len(done.cells.reopenings),
        "plans": len(done.plans),
        "is_active": person.is_active,
    }
    found[first].append(Change(Verb.HAND_OVER, person, None, after, reason))
    found[first] += [Change(Verb.CHANGE, token.row, token.before, token.after, reason) for token in done.roles.tokens]
    return found
