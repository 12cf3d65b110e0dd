"""Links that lead to one cell: signed, for one person, and no key to the house."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "apps.reminders.cell"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a link says: whom it was sent to, and which cell it leads to."""

    person_id: int
    entry_id: int


def cell_link(entry_id: int, person_id: int) -> str:
    """Return the absolute address that leads a person to a cell. Who opens it must still sign in."""
    token = signing.dumps([person_id, entry_id], salt=SALT)
    return site_link("reminders:go", token)


def claim_of(token: str) -> Claim:
    """Return what a link says; raises `signing.BadSignature` for one that perftrack did not write."""
    person_id, entry_id = signing.loads(token, salt=SALT)
    return Claim(person_id, entry_id)


def site_link(name: str, *args: object) -> str:
    """Return the absolute address of a page."""
    return settings.SITE_URL + reverse(name, args=args)
