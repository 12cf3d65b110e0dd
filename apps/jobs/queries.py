"""Answers about long work and those who do it."""

from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache
from redis.exceptions import RedisError

from apps.jobs.models import Job

PULSE: Final = "jobs:pulse"
PULSE_EVERY: Final = timedelta(minutes=1)
PULSE_LOST_AFTER: Final = timedelta(minutes=3)


def last_pulse() -> datetime | None:
    """Return when beat and a worker last answered together; None when never, or when the cache cannot be asked."""
    try:
        return cache.get(PULSE)
    except RedisError:
        return None


def has_pulse(last: datetime | None, now: datetime) -> bool:
    """Tell whether the last pulse is recent enough to say that work gets done."""
    return last is not None and now - last <= PULSE_LOST_AFTER


def last_ended(kind: str) -> Job | None:
    """Return the latest job of a kind that came to an end, None while there is none. One query."""
    return Job.objects.filter(kind=kind, ended_at__isnull=False).order_by("-ended_at", "-pk").first()
