"""The nights of progress on a worker. Each task goes through the bureaus; running one twice does nothing more."""

import logging
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from celery import shared_task
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.enums import UnitKind
from apps.accounts.models import Unit
from apps.calendars.queries import business_moment
from apps.jobs.actions import advance_job, fail_job, finish_job, start_job
from apps.jobs.enums import JobKind
from apps.jobs.models import Job
from apps.journal.models import Event
from apps.plans.enums import VersionState
from apps.plans.models import MeasureMember, Member, PlanVersion
from apps.progress import actions
from apps.progress.queries import drifts

LATELY: Final = timedelta(minutes=15)
ASKED: Final = (Member._meta.label_lower, MeasureMember._meta.label_lower)
logger = logging.getLogger(__name__)


@shared_task
def open_rounds() -> None:
    """Open the rounds that are due to open, each bureau in a transaction of its own."""
    now = timezone.now()
    today = business_moment(now).date()
    _in_every_bureau("open rounds", lambda bureau: actions.open_rounds(bureau=bureau, today=today, at=now))


@shared_task
def open_rounds_of_new_plans() -> None:
    """Open what a plan approved lately asks for, so that its reporters need not wait for the night.

    The same where somebody changed lately who is asked: a member that begins or ends. Progress looks for approvals and
    such changes; nobody calls it. What a worker slept through the night opens.
    """
    now = timezone.now()
    today = business_moment(now).date()
    lately = PlanVersion.objects.filter(state=VersionState.APPROVED, approved_at__gt=now - LATELY)
    changed = Event.objects.filter(subject_type__in=ASKED, at__gt=now - LATELY)
    concerned = Q(pk__in=lately.values("plan__project__bureau")) | Q(pk__in=changed.values("chain__bureau"))
    bureaus = list(Unit.objects.filter(concerned).order_by("path"))
    _in_bureaus(bureaus, "open rounds", lambda bureau: actions.open_rounds(bureau=bureau, today=today, at=now))


@shared_task
def redate_standings() -> None:
    """Date all standings anew: a new day expects more."""
    today: date = business_moment(timezone.now()).date()
    _in_every_bureau("date standings", lambda bureau: actions.rebuild_standings(bureau=bureau, today=today))


@shared_task
def check_standings() -> None:
    """Say in the log, and on the page of the system, which stored standings are not what the figures come to."""
    bureaus = _bureaus()
    job = start_job(kind=JobKind.CHECK_STANDINGS, steps=len(bureaus), at=timezone.now())
    try:
        found = list(_drifts(bureaus, job))
    except Exception:
        fail_job(job=job, outcome=_("核对中途出错，详见日志。"), at=timezone.now())
        raise
    if found:
        told = {"count": len(found), "first": found[0]}
        fail_job(job=job, outcome=_("%(count)d 处不一致，第一处：%(first)s") % told, at=timezone.now())
    else:
        finish_job(job=job, outcome=_("全部一致。"), at=timezone.now())


def _drifts(bureaus: list[Unit], job: Job) -> Iterator[str]:
    """Yield every difference as a sentence, log it, and count the bureaus that were looked at."""
    for bureau in bureaus:
        for drift in drifts(bureau):
            logger.error("%s", drift.sentence)
            yield drift.sentence
        advance_job(job=job)


def _in_every_bureau(what: str, act: Callable[[Unit], object]) -> None:
    _in_bureaus(_bureaus(), what, act)


def _in_bureaus(bureaus: list[Unit], what: str, act: Callable[[Unit], object]) -> None:
    """Do something for each of the bureaus; one that fails is logged and keeps the others from nothing."""
    failed = []
    for bureau in bureaus:
        try:
            act(bureau)
        except Exception:
            logger.exception("Could not %s for %s", what, bureau)
            failed.append(bureau.code)
    if failed:
        raise BureausFailed(what, failed)


def _bureaus() -> list[Unit]:
    return list(Unit.objects.filter(kind=UnitKind.BUREAU).order_by("path"))


class BureausFailed(Exception):
    """A nightly task that some bureaus went without; the log says why."""

    def __init__(self, what: str, codes: list[str]) -> None:
        super().__init__(f"Could not {what} for {', '.join(codes)}")
