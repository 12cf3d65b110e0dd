"""Changing people, units and roles.

This floor lies below the journal. So an action returns what it changed, and whoever composes it (the administration, in
`journal`) writes that down in the same transaction.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Assignment, Token, Unit, User
from apps.accounts.queries import administered_people, token_digest

M = TypeVar("M", bound=models.Model)
TOKEN_BYTES: Final = 32


class AccountsRefused(Exception):
    """A change that is not made; the message is the sentence for people."""


class OwnRights(AccountsRefused):
    """Nobody widens, narrows or ends their own rights."""


class OutsideYourUnits(AccountsRefused):
    """An administrator's power ends with the units they administer."""


class SuccessorUnfit(AccountsRefused):
    """Nobody takes over from themselves, and nobody who cannot sign in takes over."""


class NothingHeld(AccountsRefused):
    """A person who holds no role in the units."""


@dataclass(frozen=True, slots=True)
class Changed(Generic[M]):
    """A row after a change, with the columns that changed as they were and as they are; `before` None for a new row."""

    row: M
    before: dict[str, Any] | None
    after: dict[str, Any]


@transaction.atomic
def add_person(
    *, username: str, name: str, password: str, email: str = "", language: str = "", is_staff: bool = False
) -> Changed[User]:
    """Add somebody who can sign in and may nothing yet. One insert; a taken username raises `IntegrityError`."""
    columns: dict[str, Any] = {
        "username": username,
        "name": name,
        "email": email,
        "language": language,
        "is_staff": is_staff,
    }
    return Changed(User.objects.create_user(password=password, **columns), None, columns)


@transaction.atomic
def change_person(*, person: User, by: User, values: dict[str, Any]) -> Changed[User]:
    """Change a person's columns. People are deactivated, never deleted: what they did stays theirs.

    Raises `OwnRights` for whoever would lock themselves out or let themselves in, and `OutsideYourUnits`.
    """
    _require_administered(person, by)
    if person.pk == by.pk and {"is_active", "is_staff"} & values.keys():
        raise OwnRights(_("不能停用自己或更改自己的后台权限，请另一位管理员办理。"))
    return _change(person, values)


@transaction.atomic
def set_password(*, person: User, by: User, password: str) -> Changed[User]:
    """Give a person a new password; their open sessions end with it. Raises `OutsideYourUnits`."""
    _require_administered(person, by)
    person.set_password(password)
    person.save(update_fields=["password"])
    return Changed(person, {}, {})


@transaction.atomic
def assign(*, person: User, unit: Unit, role: Role, ends_at: datetime | None, by: User) -> Changed[Assignment]:
    """Give a person a role in a unit, until a moment where it is limited; an auditor's must be.

    Raises `OwnRights` and `OutsideYourUnits`.
    """
    _require_other(person, by)
    require_within(unit, by)
    _require_administered(person, by)
    row = Assignment.objects.create(user=person, unit=unit, role=role, ends_at=ends_at)
    return Changed(row, None, {"user": str(person), "unit": str(unit), "role": role, "ends_at": ends_at})


@transaction.atomic
def limit_assignment(*, assignment: Assignment, ends_at: datetime | None, by: User) -> Changed[Assignment]:
    """Change when a role ends; a moment in the past ends it at once. Raises `OwnRights` and `OutsideYourUnits`."""
    _require_other(assignment.user, by)
    require_within(assignment.unit, by)
    return _change(assignment, {"ends_at": ends_at})


@transaction.atomic
def add_unit(*, parent: Unit, code: str, name: str, kind: UnitKind, by: User, name_en: str = "") -> Changed[Unit]:
    """Add a unit below another. Raises `OutsideYourUnits`."""
    require_within(parent, by)
    columns = {"code": code, "name": name, "name_en": name_en, "kind": kind}
    unit = Unit.objects.add_child(Unit.objects.get(pk=parent.pk), columns)
    return Changed(unit, None, {**columns, "parent": str(parent)})


@transaction.atomic
def change_unit(*, unit: Unit, by: User, values: dict[str, Any]) -> Changed[Unit]:
    """Change a unit's names. Its code and place stay: figures of years hang on them. Raises `OutsideYourUnits`."""
    require_within(unit, by)
    return _change(unit, values)


@transaction.atomic
def issue_token(*, person: User, secret: str, at: datetime, ends_at: datetime) -> Changed[Token]:
    """Let a program speak for the person until a moment, with a secret from `new_secret`. Only its hash is kept."""
    row = Token.objects.create(user=person, digest=token_digest(secret), issued_at=at, ends_at=ends_at)
    return Changed(row, None, {"user": person.username, "ends_at": ends_at})


def new_secret() -> str:
    """Return a fresh token of 256 random bits, as text that fits into a header and a shell."""
    return secrets.token_urlsafe(TOKEN_BYTES)


@transaction.atomic
def end_tokens(*, person: User, at: datetime) -> list[Changed[Token]]:
    """End every token of the person that is still in force, at a moment; returns what was ended."""
    return [
        _change(token, {"ends_at": at}) for token in Token.objects.filter(user=person, ends_at__gt=at).order_by("pk")
    ]


@dataclass(frozen=True, slots=True)
class RolesHandedOver:
    """Roles that ended and roles that began or last longer; `asleep` is the account if it was put to sleep with them."""

    ended: list[Changed[Assignment]]
    given: list[Changed[Assignment]]
    asleep: Changed[User] | None
    tokens: list[Changed[Token]]


@transaction.atomic
def hand_over_roles(
    *, person: User, successor: User, units: Collection[Unit], is_leaving: bool, by: User, at: datetime
) -> RolesHandedOver:
    """End what a person holds in the units and give it to a successor, as long as it would have lasted.

    Who is leaving and holds nothing else cannot sign in any more: open sessions and tokens end with it. The account stays,
    under its name, behind all it ever did. Raises `OwnRights`, `OutsideYourUnits`, `SuccessorUnfit` and `NothingHeld`.
    """
    for one in (person, successor):
        _require_other(one, by)
    for unit in units:
        require_within(unit, by)
    if successor.pk == person.pk or not successor.is_active:
        raise SuccessorUnfit(_("接手人须是另一位能登录的人。"))
    _require_administered(successor, by)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two at once: the second finds nothing left
    held = Assignment.objects.in_force().filter(user=person)
    rows = list(held.filter(unit__in=units).select_related("unit").order_by("pk"))
    if not rows:
        raise NothingHeld(_("%(person)s在所选单位没有任职。") % {"person": person})
    given = [done for row in rows if (done := _given(row, successor))]
    ended = [_change(row, {"ends_at": at}) for row in rows]
    if not is_leaving or held.exclude(pk__in=[row.pk for row in rows]).exists():
        return RolesHandedOver(ended, given, None, [])
    return RolesHandedOver(ended, given, _change(person, {"is_active": False}), end_tokens(person=person, at=at))


def _given(row: Assignment, successor: User) -> Changed[Assignment] | None:
    """Give a successor a role as long as it would have lasted; None where they hold it that long already."""
    own = Assignment.objects.filter(user=successor, unit=row.unit, role=row.role).first()
    if own is None:
        made = Assignment.objects.create(user=successor, unit=row.unit, role=row.role, ends_at=row.ends_at)
        after = {"user": str(successor), "unit": str(row.unit), "role": row.role, "ends_at": row.ends_at}
        return Changed(made, None, after)
    if own.ends_at is None or (row.ends_at is not None and row.ends_at <= own.ends_at):
        return None
    return _change(own, {"ends_at": row.ends_at})


def _change(row: M, values: dict[str, Any]) -> Changed[M]:
    """Write the columns of a row, read what they were under a lock, and leave the row with its new values."""
    stored = type(row)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    before = {name: getattr(stored, name) for name in values if getattr(stored, name) != values[name]}
    for name, value in values.items():
        setattr(row, name, value)
    if before:
        row.save(update_fields=list(before))
    return Changed(row, before, {name: values[name] for name in before})


def _require_other(person: User, by: User) -> None:
    if person.pk == by.pk:
        raise OwnRights(_("不能给自己任职或更改自己的任期，请另一位管理员办理。"))


def require_within(unit: Unit, by: User) -> None:
    """Refuse a unit that the person does not administer. No query, one where the duties were not read."""
    if not any(unit.path.startswith(path) for path in by.paths(Role.ADMIN)):
        raise OutsideYourUnits(_("“%(unit)s”不在您管理的单位之内。") % {"unit": unit})


def _require_administered(person: User, by: User) -> None:
    """Refuse people who work elsewhere; whoever works nowhere yet may be taken in by any administrator."""
    if not administered_people(by).filter(pk=person.pk).exists():
        raise OutsideYourUnits(_("“%(person)s”不在您管理的单位之内。") % {"person": person})
