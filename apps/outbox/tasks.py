"""The outbox on a worker."""

from celery import shared_task
from django.utils import timezone

from apps.outbox import actions


@shared_task
def deliver_mail(mail_id: int) -> None:
    """Send one mail, if it is still to be sent."""
    actions.deliver(mail_id=mail_id, now=timezone.now())


@shared_task
def sweep_outbox() -> None:
    """Repair what was left lying and ring for what is due."""
    actions.sweep(now=timezone.now())
