"""What the pages of monitoring read from a request."""

from datetime import date

from django.http import Http404, HttpRequest
from django.utils.dateparse import parse_date

from apps.plans.querysets import READERS
from apps.progress.models import Monitoring


def visible_monitorings(request: HttpRequest):
    """Return the monitorings that the person may see, with what a page shows of each; 404 for whoever may see none."""
    if not request.user.holds(*READERS):
        raise Http404
    return Monitoring.objects.visible_to(request.user).select_related(
        "round",
        "report",
        "plan__project__bureau",
        "plan__project__division",
        "plan__project__execution",
        "plan__approved__scheme",
    )


def parse_date_or_none(text: str) -> date | None:
    """Return the day that a text names, None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None
