"""Keeping book of long work: begun, so far, done or failed.

A job is itself the record of work, so it writes no event of the journal; what the work changes does.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from celery import current_app
from django.core.cache import cache
from django.db.models import F
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from apps.accounts.models import User
from apps.jobs.enums import JobKind, JobState
from apps.jobs.models import Job
from apps.jobs.queries import PULSE, open_verification

OPEN: Final = (JobState.WAITING, JobState.RUNNING)
GIVEN_UP_AFTER: Final = timedelta(hours=1)
VERIFYING: Final = "apps.jobs.tasks.verify_journal"
logger = logging.getLogger(__name__)


class JobEnded(Exception):
    """A job that is done, failed or given up takes no more news."""


def start_job(*, kind: str, at: datetime, steps: int = 0, person: User | None = None) -> Job:
    """Begin a job of `steps` steps (0: nobody knows) and return it; None as person is the system.

    A job of the same kind that was begun an hour ago or more and never ended lost its worker: it is marked as failed,
    for no task may run that long. Two queries.
    """
    left_behind = Job.objects.filter(kind=kind, state__in=OPEN, started_at__lte=at - GIVEN_UP_AFTER)
    left_behind.update(state=JobState.FAILED, ended_at=at, outcome=_("中途停止，没有留下结果。"))
    return Job.objects.create(kind=kind, state=JobState.RUNNING, steps=steps, started_by=person, started_at=at)


def resume_job(*, job: Job, steps: int) -> None:
    """Begin a job's steps, or begin them anew after its worker was lost. One query; raises `JobEnded`."""
    _write(job, steps=steps, finished_steps=0)


def advance_job(*, job: Job, steps: int = 1) -> None:
    """Count `steps` more as finished. One query; raises `JobEnded`."""
    _write(job, finished_steps=F("finished_steps") + steps)


def finish_job(*, job: Job, outcome: str, at: datetime) -> None:
    """End a job with the sentence that says what came of it; all its steps are finished. Raises `JobEnded`."""
    _write(job, state=JobState.DONE, outcome=outcome, ended_at=at, finished_steps=F("steps"))


def fail_job(*, job: Job, outcome: str, at: datetime) -> None:
    """End a job with the sentence that says what went wrong; its steps stay where they were. Raises `JobEnded`."""
    _write(job, state=JobState.FAILED, outcome=outcome, ended_at=at)


def _write(job: Job, **columns: object) -> None:
    """Change a job that has not ended, whoever else holds a copy of it, and read it anew."""
    if not Job.objects.filter(pk=job.pk, state__in=OPEN).update(**columns):
        raise JobEnded(str(job.pk))
    job.refresh_from_db()


def tell_job(*, job: Job | None, news: Callable[..., None], **words: object) -> None:
    """Let a job take its news: `news` is one of the verbs above, `words` what it asks for beside the job.

    For work that goes on whatever its job says: where there is none, or one that was given up in the meantime, nothing is told.
    """
    if job is None:
        return
    try:
        news(job=job, **words)
    except JobEnded:
        return


def ring_worker(*, task: str, row_id: int) -> bool:
    """Tell the workers that a task waits for a row; return whether a broker took the bell.

    A missing broker is only noted: whoever keeps the row rings again, or says so to the person who waits.
    """
    try:
        current_app.send_task(task, args=[row_id], ignore_result=True, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("No bell for %s of %s: %s", task, row_id, error)
        return False
    return True


def start_verification(*, person: User, at: datetime) -> Job:
    """Have the journal of the person's bureaus verified by a worker and return the job, the one under way if there is one.

    Where no broker takes the bell the job fails at once and says so; nobody waits for what nobody does.
    """
    if (under_way := open_verification(person, at)) is not None:
        return under_way
    job = start_job(kind=JobKind.VERIFY_JOURNAL, at=at, person=person)
    if not ring_worker(task=VERIFYING, row_id=job.pk):
        fail_job(job=job, outcome=_("后台没有响应，没有开始核验。请稍后再试，或请管理员运行 verify_journal。"), at=at)
    return job


def note_pulse(*, at: datetime) -> None:
    """Remember that beat asked and a worker answered. It lies in the cache: only the latest matters, and only for minutes."""
    cache.set(PULSE, at, timeout=None)
