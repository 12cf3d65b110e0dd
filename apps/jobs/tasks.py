"""The pulse of the installation: beat asks once a minute, a worker answers."""

from celery import shared_task
from django.utils import timezone

from apps.jobs import actions


@shared_task
def pulse() -> None:
    """Show that beat asks and a worker answers."""
    actions.note_pulse(at=timezone.now())
