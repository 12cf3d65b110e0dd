"""Files on a worker: read, and written into plans. Either may run twice, or begin anew after its worker was killed."""

from datetime import timedelta
from functools import partial
from typing import Final

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.calendars.queries import business_moment
from apps.documents import actions
from apps.documents.actions.confirmation import AT_ONCE
from apps.documents.actions.uploads import CONFIRMING, READING
from apps.documents.enums import ImportState
from apps.documents.forms import SheetRefused, read_plans
from apps.documents.forms.previews import preview_rows
from apps.documents.models import ImportedPlan, PlanImport
from apps.files.queries import path_of
from apps.jobs.actions import advance_job, finish_job, resume_job, ring_worker, tell_job

LEFT_LYING: Final = timedelta(minutes=6)
"""Longer than any task may run and its broker hides it, so that a file is rung for only when its bell was lost."""


@shared_task
def read_plan_import(import_id: int) -> None:
    """Read a file and keep what it would do to the plans, or why it cannot be read."""
    plan_import = actions.begin_reading(import_id=import_id)
    if plan_import is None:
        return
    path = path_of(plan_import.file.sha256)
    try:
        plans = read_plans(path, plan_import.name)
    except SheetRefused as why:
        actions.refuse_import(plan_import=plan_import, findings=why.findings, at=timezone.now())
        return
    except FileNotFoundError:
        lost = _("存储中找不到这份文件，请重新上传。")
        actions.refuse_import(plan_import=plan_import, findings=[lost], at=timezone.now())
        return
    tell_job(job=plan_import.job, news=resume_job, steps=len(plans))
    layout = plans[0].layout
    today = business_moment(timezone.now()).date()
    step = partial(tell_job, job=plan_import.job, news=advance_job)
    rows = list(preview_rows(plan_import, plans, day=today, step=lambda count: step(steps=count)))
    actions.keep_rows(plan_import=plan_import, layout=layout, rows=rows, at=timezone.now())


@shared_task
def confirm_plan_import(import_id: int) -> None:
    """Write all projects of a file that are ready, a hundred at a time; what was written stays when the worker is lost."""
    rows = PlanImport.objects.select_related("bureau", "file", "job", "confirmed_by")
    plan_import = rows.filter(pk=import_id, state=ImportState.CONFIRMING).first()
    if plan_import is None:
        return
    waiting = list(ImportedPlan.objects.filter(plan_import=plan_import).to_confirm().values_list("pk", flat=True))
    tell_job(job=plan_import.job, news=resume_job, steps=len(waiting))
    refused: list[str] = []
    for at in range(0, len(waiting), AT_ONCE):
        batch = _batch(waiting[at : at + AT_ONCE])
        refused += actions.confirm_batch(plan_import=plan_import, rows=batch, at=timezone.now())
        tell_job(job=plan_import.job, news=advance_job, steps=len(batch))
    actions.finish_confirmation(plan_import=plan_import, refused=refused)
    words = {"done": len(waiting) - len(refused), "refused": len(refused)}
    outcome = _("写入 %(done)d 个项目，%(refused)d 个没有写入。") % words
    tell_job(job=plan_import.job, news=finish_job, outcome=outcome, at=timezone.now())


def _batch(ids: list[int]) -> list[ImportedPlan]:
    rows = ImportedPlan.objects.filter(pk__in=ids).to_confirm()
    joined = rows.select_related(
        "plan_import__bureau", "plan_import__file", "project__bureau", "project__division", "division"
    )
    return list(joined.order_by("position"))


@shared_task
def sweep_imports() -> None:
    """Ring again for files whose bell was lost: nobody has heard of them for longer than any task may run."""
    since = timezone.now() - LEFT_LYING
    rows = PlanImport.objects.filter(job__started_at__lt=since)
    for state, task in (
        (ImportState.WAITING, READING),
        (ImportState.READING, READING),
        (ImportState.CONFIRMING, CONFIRMING),
    ):
        for row in rows.filter(state=state):
            ring_worker(task=task, row_id=row.pk)
