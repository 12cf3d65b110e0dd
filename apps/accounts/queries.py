"""Who administers whom, and whose bureau a unit belongs to."""

import hashlib

from django.db.models import QuerySet

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Assignment, Token, Unit, User
from apps.accounts.querysets import below


def administered_units(by: User) -> QuerySet[Unit]:
    """Return the units at or below those of which the person is administrator, in the order of the tree."""
    return Unit.objects.filter(below("path", by.paths(Role.ADMIN))).order_by("path")


def administered_people(by: User) -> QuerySet[User]:
    """Return the people who work nowhere but in the administered units. Whoever works nowhere yet is among them."""
    elsewhere = Assignment.objects.in_force().exclude(below("unit__path", by.paths(Role.ADMIN)))
    return User.objects.exclude(pk__in=elsewhere.values("user"))


def administered_assignments(by: User) -> QuerySet[Assignment]:
    """Return the roles held in the administered units."""
    return Assignment.objects.filter(below("unit__path", by.paths(Role.ADMIN)))


def bureau_of(unit: Unit) -> Unit:
    """Return the bureau at or above a unit, in whose journal its changes stand; the root where there is none. One query."""
    path, step = unit.path, Unit.steplen
    above = list(
        Unit.objects.filter(path__in=[path[:end] for end in range(step, len(path) + 1, step)]).order_by("path")
    )
    return next((row for row in above if row.kind == UnitKind.BUREAU), above[0])


def home_bureau(by: User) -> Unit:
    """Return the bureau of a person's first duty; raises `Unit.DoesNotExist` for whoever has none. Two queries at most."""
    first = next(iter(by.duties), None)
    return bureau_of(Unit.objects.get(pk=first.unit_id if first else None))


def token_digest(secret: str) -> str:
    """Return what is kept of a token: a plain hash, because a token is long and random where a password is not."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def token_bearer(secret: str) -> User | None:
    """Return the person for whom a token speaks now; None for one that ended or never was. One query."""
    token = Token.objects.in_force().select_related("user").filter(digest=token_digest(secret)).first()
    return token.user if token else None
