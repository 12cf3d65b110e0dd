"""Answers about long work and those who do it."""

from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache
from redis.exceptions import RedisError

from apps.accounts.models import User
from apps.jobs.enums import JobKind, JobState
from apps.jobs.models import Job

PULSE: Final = "jobs:pulse"
PULSE_EVERY: Final = timedelta(minutes=1)
PULSE_LOST_AFTER: Final = timedelta(minutes=3)
VERIFICATION_LOST_AFTER: Final = timedelta(minutes=10)
"""Longer than the two runs that a task may take, so that a verification without news has lost its worker."""


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


def last_verification(person: User) -> Job | None:
    """Return the latest verification that the person asked for, whether it has ended or not, None before the first. One query."""
    return Job.objects.filter(kind=JobKind.VERIFY_JOURNAL, started_by=person).order_by("-started_at", "-pk").first()


def open_verification(person: User, now: datetime) -> Job | None:
    """Return the person's verification that is under way, None where none is or its worker was lost. One query."""
    job = last_verification(person)
    return job if job is not None and is_under_way(job, now) else None


def is_under_way(job: Job, now: datetime) -> bool:
    """Tell whether a verification has not ended and still may."""
    return job.state in (JobState.WAITING, JobState.RUNNING) and now - job.started_at < VERIFICATION_LOST_AFTER
