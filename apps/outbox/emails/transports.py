"""What every way out of the house has in common: the moment before the end, and how it can go wrong."""

from collections.abc import Callable
from typing import Protocol

from apps.outbox.models import Mail


class Refused(Exception):
    """The other side will never take this mail; its words are the message. Nothing was handed over."""


class Deferred(Exception):
    """Not now: no connection, or the other side asks to come again. Nothing was handed over."""


class Unanswered(Exception):
    """The mail was handed over in full and no answer came: it may or may not have arrived."""


class ClaimLost(Exception):
    """Somebody else has the mail now. Nothing was handed over."""


class Transport(Protocol):
    """A way out. Sending comes in two halves, because a process may die between any two lines."""

    def send(self, mail: Mail, may_end: Callable[[], bool]) -> None:
        """Hand everything over but the last byte, ask `may_end`, then end it; return once it is accepted.

        Raises `Refused`, `Deferred`, `Unanswered`, or `ClaimLost` where `may_end` says no.
        """
        ...
