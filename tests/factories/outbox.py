"""Mail to be sent."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from apps.outbox.models import Mail

WRITTEN_AT = datetime(2016, 9, 6, 1, 30, tzinfo=UTC)


class MailFactory(DjangoModelFactory):
    """A mail that waits to be sent, written at half past nine on 6 September 2016 in Shanghai."""

    class Meta:
        model = Mail

    recipient = factory.Sequence(lambda number: f"person{number}@example.test")
    sender = "绩效跟踪 <perftrack@example.test>"
    subject = "【perftrack】9月6日 待办 3 项"
    text = "您有 3 项待填。\n.\n以点开头的一行\n"
    html = ""
    message_id = factory.Sequence(lambda number: f"<mail-{number}@example.test>")
    next_attempt_at = WRITTEN_AT
    created_at = WRITTEN_AT
