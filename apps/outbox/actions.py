"""Putting mail into the outbox and getting it out: every step a conditional UPDATE, so that nobody sends what another has."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import partial
from typing import Final
from uuid import UUID, uuid4

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from apps.accounts.models import Unit, User
from apps.journal.actions import Change, record
from apps.journal.enums import Verb
from apps.outbox.emails import ClaimLost, Deferred, Refused, Transport, Unanswered, configured_transport
from apps.outbox.enums import MailState
from apps.outbox.models import Mail

BACK_OFF: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 720))
RUNG_AT_ONCE: Final = 500
DELIVERY: Final = "apps.outbox.tasks.deliver_mail"
logger = logging.getLogger(__name__)


class AttachmentNotTaken(ValueError):
    """The outbox keeps text and its web twin only; a mail with a file would lose it, so it is not taken."""


class MailNotStuck(ValueError):
    """Only a mail that failed, or whose fate is unknown, can be sent again by hand."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: mails put back, mails given up, mails whose fate is unknown, and mails due, in numbers."""

    put_back: int
    given_up: int
    unknown: int
    rung: int


def queue_mail(*, message: EmailMessage, now: datetime) -> list[Mail]:
    """Keep a message as one mail per recipient, in the caller's transaction, and ring the bell once that is through.

    Raises `AttachmentNotTaken`. One query, whatever the number of recipients.
    """
    if message.attachments:
        raise AttachmentNotTaken(_("发件箱不收附件。"))
    text, html = _bodies(message)
    with transaction.atomic():
        mails = Mail.objects.bulk_create(
            Mail(
                recipient=parseaddr(recipient)[1],
                sender=message.from_email,
                subject=" ".join(str(message.subject).split())[:300],
                text=text,
                html=html,
                message_id=_message_id(message.from_email),
                next_attempt_at=now,
                created_at=now,
            )
            for recipient in dict.fromkeys(message.recipients())
        )
        ring_later(mail_ids=[mail.pk for mail in mails])
    return mails


def _bodies(message: EmailMessage) -> tuple[str, str]:
    body = str(message.body)
    if message.content_subtype == "html":
        return strip_tags(body), body
    pages = [content for content, kind in getattr(message, "alternatives", []) if kind == "text/html"]
    return body, str(pages[0]) if pages else ""


def _message_id(sender: str) -> str:
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid4().hex}@{domain}>"


def ring_later(*, mail_ids: Sequence[int]) -> None:
    """Ring when the transaction is through; what is rolled back rings nothing."""
    if mail_ids:
        transaction.on_commit(lambda: ring(mail_ids=mail_ids), robust=True)


def ring(*, mail_ids: Sequence[int]) -> int:
    """Tell the workers of mails to send and return of how many. A missing broker is only noted: the next sweep rings again."""
    for number, mail_id in enumerate(mail_ids):
        try:
            current_app.send_task(DELIVERY, args=[mail_id], ignore_result=True, retry=False)
        except (OperationalError, OSError) as error:
            logger.warning("No bell for %s mails, the sweep will ring: %s", len(mail_ids) - number, error)
            return number
    return len(mail_ids)


def deliver(*, mail_id: int, now: datetime, transport: Transport | None = None) -> MailState | None:
    """Send one mail if it is due and nobody else has it; return where it ended, None where there was nothing to do.

    Three short transactions on purpose: what is known of a mail must be on disk before the next word goes to the server.
    """
    claim = uuid4()
    if not _is_claimed(mail_id, claim, now):
        return None
    mail = Mail.objects.get(pk=mail_id)
    mine = Mail.objects.filter(pk=mail_id, claim=claim)
    before_the_end = partial(mine.filter(state=MailState.CLAIMED).update, state=MailState.HANDING_OVER)
    try:
        (transport or configured_transport()).send(mail, lambda: bool(before_the_end()))
    except ClaimLost:
        return None
    except Deferred as delay:
        return _put_off(mine, mail, str(delay), now)
    except Refused as refusal:
        return _settle(mine, MailState.FAILED, error=str(refusal))
    except Unanswered as silence:
        return _settle(mine, MailState.UNKNOWN, error=str(silence))
    return _settle(mine, MailState.SENT, error="", sent_at=now)


def _is_claimed(mail_id: int, claim: UUID, now: datetime) -> bool:
    due = Mail.objects.filter(pk=mail_id, state=MailState.QUEUED, next_attempt_at__lte=now)
    return bool(due.update(state=MailState.CLAIMED, claim=claim, claimed_at=now, attempts=models.F("attempts") + 1))


def _put_off(mine: "models.QuerySet[Mail]", mail: Mail, error: str, now: datetime) -> MailState | None:
    if mail.attempts > len(BACK_OFF):
        return _settle(mine, MailState.FAILED, error=error)
    return _settle(mine, MailState.QUEUED, error=error, claim=None, next_attempt_at=now + BACK_OFF[mail.attempts - 1])


def _settle(mine: "models.QuerySet[Mail]", state: MailState, **columns: object) -> MailState | None:
    """Write down what became of an own mail, even where a sweep took it for lost meanwhile: an answer is knowledge."""
    open_states = (MailState.CLAIMED, MailState.HANDING_OVER, MailState.UNKNOWN)
    return state if mine.filter(state__in=open_states).update(state=state, **columns) else None


def sweep(*, now: datetime) -> Swept:
    """Repair what dead workers left and ring for what is due. Four queries; any number of sweeps at once is harmless."""
    expired = Mail.objects.filter(claimed_at__lt=now - timedelta(seconds=settings.OUTBOX_LEASE_SECONDS))
    left = _("发送进程中断。")
    given_up = expired.filter(state=MailState.CLAIMED, attempts__gt=len(BACK_OFF)).update(
        state=MailState.FAILED, error=left
    )
    put_back = expired.filter(state=MailState.CLAIMED).update(
        state=MailState.QUEUED, claim=None, next_attempt_at=now, error=left
    )
    unknown = expired.filter(state=MailState.HANDING_OVER).update(
        state=MailState.UNKNOWN, error=_("交付时进程中断，无法知道是否送达。")
    )
    due = Mail.objects.filter(state=MailState.QUEUED, next_attempt_at__lte=now).order_by("next_attempt_at", "pk")
    rung = ring(mail_ids=list(due.values_list("pk", flat=True)[:RUNG_AT_ONCE]))
    return Swept(put_back=put_back, given_up=given_up, unknown=unknown, rung=rung)


def resend(*, mail: Mail, actor: User, bureau: Unit, at: datetime) -> None:
    """Queue a failed or unknown mail again, as a person decided it, and say so in the bureau's journal.

    Raises `MailNotStuck` when it is in any other state by now.
    """
    stuck = Mail.objects.filter(pk=mail.pk, state__in=(MailState.FAILED, MailState.UNKNOWN))
    with transaction.atomic():
        before = {"state": mail.state, "error": mail.error}
        if not stuck.update(
            state=MailState.QUEUED, claim=None, claimed_at=None, attempts=0, error="", next_attempt_at=at
        ):
            raise MailNotStuck(_("只有发送失败或是否送达未知的邮件可以再发一次。"))
        mail.refresh_from_db()
        change = Change(Verb.RESEND, mail, before=before, after={"state": mail.state})
        record(bureau=bureau, actor=actor, changes=[change], at=at)
        ring_later(mail_ids=[mail.pk])
