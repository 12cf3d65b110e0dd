"""Reminders on a worker."""

from celery import shared_task
from django.utils import timezone

from apps.reminders import actions


@shared_task
def send_digests() -> None:
    """Tell people of figures that came back, then of everything else that is owed and was not told."""
    now = timezone.now()
    actions.send_returns(now=now)
    actions.send_digests(now=now)
