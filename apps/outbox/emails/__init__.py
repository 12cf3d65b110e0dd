"""How a mail is written down and how it leaves the house."""

from django.conf import settings

from apps.outbox.emails.folders import FolderTransport
from apps.outbox.emails.letters import letter
from apps.outbox.emails.smtp import SmtpTransport
from apps.outbox.emails.transports import ClaimLost, Deferred, Refused, Transport, Unanswered

__all__ = [
    "ClaimLost",
    "Deferred",
    "FolderTransport",
    "Refused",
    "SmtpTransport",
    "Transport",
    "Unanswered",
    "configured_transport",
    "letter",
]


def configured_transport() -> Transport:
    """Return the way out that the settings name: a folder where `OUTBOX_TRANSPORT` has a `path`, else a mail server."""
    way = settings.OUTBOX_TRANSPORT
    if hasattr(way, "path"):
        return FolderTransport(way.path)
    return SmtpTransport(way.host, way.port, way.security, way.username, way.password, way.timeout)
