"""A file comes in, or is put away. Nothing of it is in a plan yet."""

from datetime import datetime
from functools import partial
from typing import Final

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Unit, User
from apps.documents.enums import OPEN_IMPORTS, ImportedState, ImportState
from apps.documents.models import ImportedPlan, PlanImport
from apps.files.actions import store_workbook
from apps.jobs.actions import ring_worker, start_job
from apps.jobs.enums import JobKind
from apps.plans.actions.projects import require_officer

READING: Final = "apps.documents.tasks.read_plan_import"
CONFIRMING: Final = "apps.documents.tasks.confirm_plan_import"
NAME_LENGTH: Final = 200


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

    Writes no event of the journal: an upload changes no plan. Raises `files.FileRefused`,
    `ProjectRefused` for whoever is no officer of the bureau, and `SeenBefore` for a content that is or was on its way already,
    unless it `is_meant`.
    """
    require_officer(person, bureau)
    name = name[-NAME_LENGTH:]
    stored = store_workbook(content=content, name=name, person=person, at=at)
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
        transaction.on_commit(partial(ring_worker, task=READING, row_id=row.pk), robust=True)
    return row


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
