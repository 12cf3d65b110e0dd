"""What was read of a file is kept, and mended by people before it becomes a plan.

Like the draft of a figure, a preview is nobody's word yet: it is changed in place and writes no event. What is written into
plans does.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Unit
from apps.documents.enums import ImportedState, ImportState
from apps.documents.models import ImportedPlan, PlanImport
from apps.documents.queries.readings import IndicatorReading, counts_of, readings_from_json, readings_to_json
from apps.jobs.actions import fail_job, finish_job, tell_job
from apps.plans.actions.projects import NumberTaken
from apps.plans.enums import VersionState
from apps.plans.models import Project
from apps.plans.queries.comparisons import compare
from apps.plans.queries.contents import (
    IndicatorContent,
    MeasureContent,
    PlanContent,
    contents_of,
    from_json,
    to_json,
)

OPEN = (ImportedState.NEW, ImportedState.SAME, ImportedState.CHANGED, ImportedState.ADJUSTMENT)


class NotOpen(ValueError):
    """A project of a file that was confirmed or put away; the message is the sentence for people."""


def begin_reading(*, import_id: int) -> PlanImport | None:
    """Claim a file for reading, None where it is read already or was put away. A reading that lost its worker begins anew."""
    rows = PlanImport.objects.filter(pk=import_id, state__in=(ImportState.WAITING, ImportState.READING))
    if not rows.update(state=ImportState.READING):
        return None
    return PlanImport.objects.select_related("bureau", "file", "job").get(pk=import_id)


@transaction.atomic
def keep_rows(*, plan_import: PlanImport, layout: str, rows: Sequence[ImportedPlan], at: datetime) -> bool:
    """Keep what was read of a file, all of it or nothing; False where somebody else was faster."""
    claimed = PlanImport.objects.filter(pk=plan_import.pk, state=ImportState.READING)
    if not claimed.update(state=ImportState.READ, layout=layout):
        return False
    ImportedPlan.objects.bulk_create(rows, batch_size=100)
    words = {"plans": len(rows), "indicators": sum(len(row.readings) for row in rows)}
    outcome = _("读出 %(plans)d 个项目、%(indicators)d 个指标。") % words
    tell_job(job=plan_import.job, news=finish_job, outcome=outcome, at=at)
    return True


@transaction.atomic
def refuse_import(*, plan_import: PlanImport, findings: Sequence[str], at: datetime) -> None:
    """Say why a file cannot be read; nothing else of it is kept."""
    claimed = PlanImport.objects.filter(pk=plan_import.pk, state=ImportState.READING)
    if claimed.update(state=ImportState.REFUSED, findings=list(findings)):
        tell_job(job=plan_import.job, news=fail_job, outcome=findings[0], at=at)


@transaction.atomic
def mend_reading(
    *, imported: ImportedPlan, code: str, indicator: IndicatorContent, measure: MeasureContent
) -> ImportedPlan:
    """Let a person's word stand in the place of what was read of one indicator; its code and measure's code stay.

    Indicators that look at the same measure follow it. Raises `NotOpen`.
    """

    def mended(content: PlanContent) -> PlanContent:
        return replace(
            content,
            measures=tuple(measure if row.code == measure.code else row for row in content.measures),
            indicators=tuple(indicator if row.code == code else row for row in content.indicators),
        )

    def seen(reading: IndicatorReading) -> IndicatorReading:
        if reading.code != code:
            return reading
        return replace(reading, is_changed=True, is_confirmed=True)

    return _changed(imported, mended, seen)


@transaction.atomic
def confirm_readings(*, imported: ImportedPlan, code: str | None = None) -> ImportedPlan:
    """Note that a person looked at an indicator and left it as it was read; None as code is all of them. Raises `NotOpen`."""

    def seen(reading: IndicatorReading) -> IndicatorReading:
        return replace(reading, is_confirmed=True) if code in (None, reading.code) else reading

    return _changed(imported, lambda content: content, seen)


def _changed(
    imported: ImportedPlan,
    change: Callable[[PlanContent], PlanContent],
    see: Callable[[IndicatorReading], IndicatorReading],
) -> ImportedPlan:
    row = _locked(imported)
    content = change(from_json(row.content))
    readings = tuple(see(reading) for reading in readings_from_json(row.readings))
    row.content, row.readings = to_json(content), readings_to_json(readings)
    for name, count in asdict(counts_of(content, readings)).items():
        setattr(row, name, count)
    _compare(row, content)
    row.save()
    return row


def _locked(imported: ImportedPlan) -> ImportedPlan:
    rows = ImportedPlan.objects.select_for_update(of=("self",), no_key=True).select_related(
        "plan_import", "plan__approved"
    )
    row = rows.get(pk=imported.pk)
    if not row.is_open or row.plan_import.state != ImportState.READ:
        raise NotOpen(_("“%(project)s”已经写入或放弃，不能再修改。") % {"project": row})
    return row


def _compare(row: ImportedPlan, content: PlanContent) -> None:
    """Hold a mended content against what the plan says, as the preview did."""
    before = base_of(row)
    if before is None:
        return
    row.differences = [asdict(found) for found in compare(before, content)]
    is_approved = row.plan is not None and not row.plan.versions.open().exists()
    changed = ImportedState.ADJUSTMENT if is_approved else ImportedState.CHANGED
    row.state = changed if row.differences else ImportedState.SAME


def base_of(row: ImportedPlan) -> PlanContent | None:
    """Return what the plan of a row says now, None for one that says nothing. Fifteen queries."""
    if row.plan is None:
        return None
    version = row.plan.versions.open().first() or row.plan.approved
    if version is None:
        return None
    content = contents_of([version])[version.pk]
    return replace(content, budget=()) if version.state == VersionState.APPROVED else content


@transaction.atomic
def choose_projects(*, rows: Sequence[ImportedPlan], division: Unit, **columns: Any) -> list[ImportedPlan]:
    """Say of projects that are made along who is responsible, and what else: number, nature, function_code.

    Raises `NotOpen`, and `plans.NumberTaken` for a number of another project, there already or made along.
    """
    changed = [row for row in (_locked(imported) for imported in rows) if row.project_id is None]
    for row in changed:
        _require_free(row, columns.get("number"))
        row.division = division
        for name, value in columns.items():
            setattr(row, name, value)
    ImportedPlan.objects.bulk_update(changed, ["division", *columns], batch_size=500)
    return changed


def _require_free(row: ImportedPlan, number: str | None) -> None:
    if number is None:
        return
    others = ImportedPlan.objects.filter(plan_import=row.plan_import, project=None, number=number).exclude(pk=row.pk)
    there = Project.objects.filter(bureau=row.plan_import.bureau, number=number)
    if there.exists() or others.to_confirm().exists():
        raise NumberTaken(_("编号“%(number)s”已被本单位另一个项目使用。") % {"number": number})


def choose_division(*, plan_import: PlanImport, division: Unit) -> int:
    """Let a division answer for every project of a file that is made along and has nobody; return how many. One query."""
    rows = ImportedPlan.objects.filter(plan_import=plan_import, plan_import__state=ImportState.READ)
    return rows.filter(project=None, division=None).to_confirm().update(division=division)
