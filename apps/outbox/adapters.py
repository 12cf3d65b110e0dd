"""Django's mail, turned towards the outbox."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from apps.outbox.actions import queue_mail


class OutboxBackend(BaseEmailBackend):
    """Keep every mail of every app as rows of the outbox, in the caller's transaction; workers send them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Return how many messages were kept."""
        now = timezone.now()
        return sum(bool(queue_mail(message=message, now=now)) for message in email_messages)
