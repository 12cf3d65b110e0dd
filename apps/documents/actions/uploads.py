"""A file comes in, or is put away. Nothing of it is in a plan yet."""

import logging
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import Final

from celery import current_app
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from apps.accounts.models import Unit, User
from apps.documents.enums import OPEN_IMPORTS, ImportedState, ImportState
from apps.documents.models import ImportedPlan, PlanImport
from apps.files.actions import FileRefused, TypeNotTaken, store_file
from apps.files.models import StoredFile
from apps.jobs.actions import start_job
from apps.jobs.enums import JobKind
from apps.plans.actions.projects import require_officer

READING: Final = "apps.documents.tasks.read_plan_import"
CONFIRMING: Final = "apps.documents.tasks.confirm_plan_import"
NAME_LENGTH: Final = 200
WORKBOOKS: Final = (".xlsx", ".xls")
logger = logging.getLogger(__name__)


class NoWorkbook(FileRefused):
    """It is no Excel file, by its name or by its content."""


class SeenBefore(ValueError):
    """The very same content came in before; `imports` are those uploads, the latest first."""

    def __init__(self, imports: list[PlanImport]) -> None:
        super().__init__(_("这份文件已经导入过。"))
        self.imports = imports


def start_import(
    *,
    bureau: Unit,
    content: File,
    name: str,
    person: User,
    at: datetime,
    year: int | None = None,
    is_meant: bool = False,
) -> PlanImport:
    """Keep a file and have it read by a worker; `year` is for what the file says none of.

    Writes no event of the journal: an upload changes no plan. Raises `NoWorkbook` and other `files.FileRefused`,
    `ProjectRefused` for whoever is no officer of the bureau, and `SeenBefore` for a content that is or was on its way already,
    unless it `is_meant`.
    """
    require_officer(person, bureau)
    name = name[-NAME_LENGTH:]
    stored = _stored(content, name, person, at)
    before = PlanImport.objects.filter(bureau=bureau, file=stored).exclude(state=ImportState.REFUSED)
    if not is_meant and (seen := list(before.select_related("uploaded_by"))):
        raise SeenBefore(seen)
    with transaction.atomic():
        row = PlanImport.objects.create(
            bureau=bureau,
            file=stored,
            name=name,
            year=year,
            job=start_job(kind=JobKind.READ_IMPORT, at=at, person=person),
            uploaded_by=person,
            uploaded_at=at,
        )
        transaction.on_commit(partial(ring, task=READING, plan_import=row), robust=True)
    return row


def _stored(content: File, name: str, person: User, at: datetime) -> StoredFile:
    """Keep a file that may be a workbook."""
    why = NoWorkbook(_("“%(name)s”不是 Excel 文件，请上传 .xlsx 或 .xls（不含宏）。") % {"name": name})
    if PurePath(name).suffix.lower() not in WORKBOOKS:
        raise why
    try:
        return store_file(content=content, name=name, person=person, at=at)
    except TypeNotTaken:
        raise why from None


def ring(*, task: str, plan_import: PlanImport) -> None:
    """Tell the workers of a file. A missing broker is only noted: the sweep rings again."""
    try:
        current_app.send_task(task, args=[plan_import.pk], ignore_result=True, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("No bell for import %s, the sweep will ring: %s", plan_import.pk, error)


@transaction.atomic
def drop_import(*, plan_import: PlanImport) -> bool:
    """Put a file away; what was confirmed of it stays. Return whether it was still open."""
    rows = PlanImport.objects.filter(pk=plan_import.pk, state__in=OPEN_IMPORTS).exclude(state=ImportState.CONFIRMING)
    if not rows.update(state=ImportState.DROPPED):
        return False
    waiting = ImportedPlan.objects.filter(plan_import=plan_import)
    waiting.exclude(state=ImportedState.CONFIRMED).update(state=ImportedState.DROPPED)
    return True


def drop_imported(*, imported: ImportedPlan) -> bool:
    """Leave one project of a file out; return whether it was still open."""
    rows = ImportedPlan.objects.filter(pk=imported.pk, plan_import__state=ImportState.READ)
    return bool(rows.exclude(state=ImportedState.CONFIRMED).update(state=ImportedState.DROPPED))
