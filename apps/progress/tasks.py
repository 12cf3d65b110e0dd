"""The nights of progress on a worker. Each task goes through the bureaus; running one twice does nothing more."""

import gc
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import chain
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from celery import shared_task
from django.core.files.base import File
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.enums import UnitKind
from apps.accounts.models import Unit
from apps.calendars.queries import business_moment
from apps.files.actions import store_file
from apps.files.forms import SheetRefused
from apps.files.models import StoredFile
from apps.files.queries import path_of
from apps.jobs.actions import (
    GIVEN_UP_AFTER,
    advance_job,
    fail_job,
    finish_job,
    resume_job,
    ring_worker,
    start_job,
    tell_job,
)
from apps.jobs.enums import JobKind
from apps.jobs.models import Job
from apps.journal.models import Event
from apps.plans.enums import VersionState
from apps.plans.models import MeasureMember, Member, PlanVersion, Result
from apps.progress import actions
from apps.progress.actions import bulk_uploads
from apps.progress.actions.bulk import assessed, assize_of
from apps.progress.actions.bulk_previews import Preview
from apps.progress.enums import UploadKind, UploadState
from apps.progress.forms.bulk import BulkReading, read_bulk, rows_again
from apps.progress.layouts.bulk import write_error_list
from apps.progress.models import FigureUpload
from apps.progress.queries import drifts
from apps.progress.queries.bulk import MOST_TOLD, Place, Problem, Surroundings, surroundings_of, tell_progress

LATELY: Final = timedelta(minutes=15)
LEFT_LYING: Final = timedelta(minutes=6)
"""Longer than any task may run, so that a file is rung for only when its bell or its worker was lost."""
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

    The same where somebody changed lately who is asked: a member that begins or ends. Where a past year's result was
    written down lately, stored standings take it in; pages work it out until then. Progress looks for approvals and such
    changes; nobody calls it. What a worker slept through the night does.
    """
    now = timezone.now()
    today = business_moment(now).date()
    lately = PlanVersion.objects.filter(state=VersionState.APPROVED, approved_at__gt=now - LATELY)
    changed = Event.objects.filter(subject_type__in=ASKED, at__gt=now - LATELY)
    concerned = Q(pk__in=lately.values("plan__project__bureau")) | Q(pk__in=changed.values("chain__bureau"))
    bureaus = list(Unit.objects.filter(concerned).order_by("path"))
    _in_bureaus(bureaus, "open rounds", lambda bureau: actions.open_rounds(bureau=bureau, today=today, at=now))
    noted = Event.objects.filter(subject_type=Result._meta.label_lower, at__gt=now - LATELY)
    told = list(Unit.objects.filter(pk__in=noted.values("chain__bureau")).order_by("path"))
    _in_bureaus(told, "take results in", lambda bureau: actions.rebuild_standings(bureau=bureau, today=today))


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


@contextmanager
def _figures_at_rest() -> Iterator[None]:
    """Keep the collector of garbage from going through all figures of a long table again and again; they stay to the end."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@shared_task
@_figures_at_rest()
def read_bulk_upload(upload_id: int) -> None:
    """Read a long table of figures and keep what it would do, or why it cannot be read. Changes no figure."""
    upload = bulk_uploads.begin_bulk_reading(upload_id=upload_id)
    if upload is None:
        return
    read_at = timezone.now()
    known = surroundings_of(upload.bureau)
    tell_job(job=upload.job, news=resume_job, steps=0)
    reading = _bulk_reading(upload, known)
    if reading is None:
        return
    tell_job(job=upload.job, news=resume_job, steps=len(reading.figures))
    assize = assize_of(upload=upload, known=known, today=business_moment(read_at).date())
    preview = Preview(assize, len(reading.problems))
    for rows in assessed(reading.figures, assize):
        preview.add(rows)
        _advance(upload, len(rows))
    problems = sorted([*chain.from_iterable(reading.problems.values()), *preview.refused], key=attrgetter("place"))
    bulk_uploads.keep_bulk_reading(
        upload=upload,
        preview=preview,
        findings=[problem.told(reading.sheets) for problem in problems[:MOST_TOLD]],
        problems=len(problems),
        annotated=_error_list(upload, problems),
        read_at=read_at,
        at=timezone.now(),
    )


@shared_task
@_figures_at_rest()
def confirm_bulk_upload(upload_id: int) -> None:
    """Write a long table of figures in one transaction; a worker that is lost on the way has written nothing."""
    upload = bulk_uploads.confirming_bulk(upload_id=upload_id)
    if upload is None:
        return
    known, now = surroundings_of(upload.bureau), timezone.now()
    tell_job(job=upload.job, news=resume_job, steps=0)
    reading = _bulk_reading(upload, known)
    if reading is None:
        return
    tell_job(job=upload.job, news=resume_job, steps=len(reading.figures))
    bulk_uploads.confirm_bulk(
        upload=upload,
        figures=reading.figures,
        known=known,
        unread=len(reading.problems),
        today=business_moment(now).date(),
        at=now,
        step=lambda rows: tell_progress(upload, rows),
    )


@shared_task
def sweep_bulk_uploads() -> None:
    """Ring again for long tables whose bell was lost, and give up those that lost their worker again and again."""
    now = timezone.now()
    rows = FigureUpload.objects.filter(kind=UploadKind.BULK, job__started_at__lt=now - LEFT_LYING)
    for upload in rows.filter(state=UploadState.WAITING):
        ring_worker(task=bulk_uploads.READING, row_id=upload.pk)
    for state, task in ((UploadState.READING, bulk_uploads.READING), (UploadState.CONFIRMING, bulk_uploads.CONFIRMING)):
        for upload in rows.filter(state=state).select_related("job"):
            if upload.job and upload.job.started_at < now - GIVEN_UP_AFTER:
                bulk_uploads.give_up_bulk(upload=upload, at=now)
            else:
                ring_worker(task=task, row_id=upload.pk)


def _bulk_reading(upload: FigureUpload, known: Surroundings) -> BulkReading | None:
    """Return what a file says, None for one that cannot be read; why is kept then."""
    try:
        return read_bulk(
            path_of(upload.file.sha256),
            upload.name,
            known,
            step=lambda rows: _read_on(upload, rows),
        )
    except SheetRefused as why:
        findings = why.findings
    except FileNotFoundError:
        findings = [_("存储中找不到这份文件，请重新上传。")]
    bulk_uploads.refuse_bulk(upload=upload, findings=findings, at=timezone.now())
    return None


def _read_on(upload: FigureUpload, rows: int) -> None:
    """Tell that some more rows were read, and let their figures rest."""
    _advance(upload, rows)
    gc.freeze()


def _error_list(upload: FigureUpload, problems: Sequence[Problem]) -> StoredFile | None:
    """Keep the rows that cannot go in as a file with the reasons, None where all can."""
    if not problems:
        return None
    why: dict[Place, str] = {}
    for problem in problems:
        told = f"{problem.column}：{problem.why}" if problem.column else problem.why
        why[problem.place] = f"{why[problem.place]} {told}" if problem.place in why else told
    rows = rows_again(path_of(upload.file.sha256), upload.name, why)
    with TemporaryDirectory(prefix="perftrack-") as folder:
        path = Path(folder) / "errors.xlsx"
        write_error_list(path, ((place[1], texts, why[place]) for place, texts in rows))
        with path.open("rb") as content:
            return store_file(content=File(content), name=path.name, person=upload.uploaded_by, at=timezone.now())


def _advance(upload: FigureUpload, steps: int) -> None:
    tell_job(job=upload.job, news=advance_job, steps=steps)


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
