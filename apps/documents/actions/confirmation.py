"""What was read becomes a plan: a draft is made or changed, or an adjustment of an approved plan is asked for.

By the same doors as a person at a page, so every lock of those holds here too.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.documents.actions.readings import base_of
from apps.documents.actions.uploads import CONFIRMING
from apps.documents.enums import ImportedState, ImportState
from apps.documents.models import ImportedPlan, PlanImport
from apps.documents.queries.surroundings import FISCAL_MEMBER, OTHER_MEMBER, digest_of
from apps.jobs.actions import ring_worker, start_job
from apps.jobs.enums import JobKind
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.actions.batches import FreshPlan, open_plans
from apps.plans.actions.contents import ContentRefused
from apps.plans.actions.drafts import DraftRefused, edit, open_adjustment
from apps.plans.actions.projects import ProjectRefused, ProjectWords, ensure_members
from apps.plans.enums import Dimension, Origin
from apps.plans.models import Measure, Member, Plan, PlanVersion
from apps.plans.queries.contents import MeasureContent, PlanContent, from_json

FRESH: Final = "+"
AT_ONCE: Final = 100
SOURCES: Final = {
    FISCAL_MEMBER: ("一般公共预算", "General public budget"),
    OTHER_MEMBER: ("其他资金", "Other funds"),
}
REFUSALS: Final = (DraftRefused, ProjectRefused, ContentRefused)


class ImportRefused(ValueError):
    """What a file declares does not become a plan; the message is the sentence for people."""


class AlreadyConfirmed(ImportRefused):
    """Somebody was faster, or it was put away."""


class ChangedSincePreview(ImportRefused):
    """The plan says something else by now than when the file was held against it."""


class NothingToConfirm(ImportRefused):
    """A project for which the file changes nothing."""


@transaction.atomic
def confirm_imported(
    *, imported: ImportedPlan, person: User, at: datetime, reason: str = "", document: str = ""
) -> PlanVersion:
    """Write one project of a file into its plan and return the version that says it: a draft.

    `reason` and `document` are for an approved plan, which is only changed by an adjustment. Raises an `ImportRefused` and
    whatever the actions of plans refuse; nothing is written then.
    """
    row = _claimed(imported, at, person)
    if row.state == ImportedState.SAME:
        raise NothingToConfirm(_("“%(project)s”与表中一致，没有要写入的内容。") % {"project": row})
    is_new = row.state == ImportedState.NEW
    version = _opened([row], person, at)[0] if is_new else _changed(row, person, at, reason, document)
    _close(row.plan_import)
    return version


def _close(plan_import: PlanImport) -> None:
    """Close a file that waits for nobody any more."""
    waiting = ImportedPlan.objects.filter(plan_import=plan_import).to_confirm()
    if not waiting.exists():
        PlanImport.objects.filter(pk=plan_import.pk, state=ImportState.READ).update(state=ImportState.CONFIRMED)


def _claimed(imported: ImportedPlan, at: datetime, person: User) -> ImportedPlan:
    """Take a project for this transaction, so that nobody confirms it twice. Raises an `ImportRefused`."""
    rows = ImportedPlan.objects.select_related(
        "plan_import__bureau", "project__bureau", "project__division", "division"
    )
    row = rows.get(pk=imported.pk)
    _require_ready(row)
    mine = ImportedPlan.objects.filter(pk=row.pk, state=row.state)
    if not mine.update(state=ImportedState.CONFIRMED):
        raise AlreadyConfirmed(_("“%(project)s”刚由别人处理过，请刷新页面。") % {"project": row})
    PlanImport.objects.filter(pk=row.plan_import_id).update(confirmed_by=person, confirmed_at=at)
    return row


def _require_ready(row: ImportedPlan) -> None:
    if not row.is_open or row.plan_import.state not in (ImportState.READ, ImportState.CONFIRMING):
        raise AlreadyConfirmed(_("“%(project)s”已经写入或放弃。") % {"project": row})
    if row.problem:
        raise ImportRefused(row.problem)
    if row.project is None and row.division is None:
        raise ImportRefused(_("“%(project)s”是新项目，请先选择责任处室。") % {"project": row})


# Plans that are made --------------------------------------------------------------------------------------------------


def _opened(rows: Sequence[ImportedPlan], person: User, at: datetime) -> list[PlanVersion]:
    """Make the plans of claimed rows, and an event that they came by this file."""
    bureau = rows[0].plan_import.bureau
    contents = [from_json(row.content) for row in rows]
    members = _make_members(rows[0].plan_import, contents)
    codes = _measure_codes(rows, contents)
    plans = [
        FreshPlan(
            year=row.year,
            content=_completed(content, row, codes),
            project=row.project,
            words=None if row.project else _words(row),
        )
        for row, content in zip(rows, contents, strict=True)
    ]
    versions = open_plans(bureau=bureau, plans=plans, person=person, at=at)
    _point(rows, versions)
    _note(rows[0].plan_import, rows, members, person, at)
    return versions


def _point(rows: Sequence[ImportedPlan], versions: Sequence[PlanVersion]) -> None:
    """Let rows know the plans that were made of them. Two queries, however many."""
    plans = Plan.objects.filter(pk__in=[version.plan_id for version in versions])
    ours = Q(project=OuterRef("project")) | Q(project__number=OuterRef("number"))
    made = plans.filter(ours, year=OuterRef("year"))
    here = ImportedPlan.objects.filter(pk__in=[row.pk for row in rows])
    here.update(plan=Subquery(made.values("pk")[:1]))
    here.filter(project=None).update(project=Subquery(made.values("project")[:1]))


def _words(row: ImportedPlan) -> ProjectWords:
    return ProjectWords(
        number=row.number,
        name=row.name,
        function_code=row.function_code,
        nature=row.nature,
        division=row.division,
    )


def _make_members(plan_import: PlanImport, contents: Sequence[PlanContent]) -> list[Member]:
    """Give the bureau the members that the contents name and every bureau has, and return those that were missing."""
    made = ensure_members(plan_import.bureau)
    named = {line.source for content in contents for line in content.budget}
    for code in sorted(named & set(SOURCES)):
        chinese, english = SOURCES[code]
        row, is_new = Member.objects.get_or_create(
            bureau=plan_import.bureau,
            dimension=Dimension.FUNDING,
            code=code,
            defaults={"name": chinese, "name_en": english},
        )
        made += [row] if is_new else []
    return made


def _completed(content: PlanContent, row: ImportedPlan, codes: dict[tuple[int, str], str]) -> PlanContent:
    """Return a content with what only the project can say: the division that answers and reports, and codes for fresh measures."""
    division = row.project.division if row.project else row.division
    unit = division.code if division else ""
    named = {measure.code: codes.get((row.pk, measure.code), measure.code) for measure in content.measures}
    return replace(
        content,
        measures=tuple(_measure(measure, named[measure.code], unit) for measure in content.measures),
        indicators=tuple(replace(row, measure=named[row.measure]) for row in content.indicators),
    )


def _measure(measure: MeasureContent, code: str, unit: str) -> MeasureContent:
    if measure.code[:1] != FRESH:
        return measure
    members = tuple(replace(member, reporting_unit=unit) for member in measure.members)
    return replace(measure, code=code, division=unit, members=members)


def _measure_codes(rows: Sequence[ImportedPlan], contents: Sequence[PlanContent]) -> dict[tuple[int, str], str]:
    """Return codes for the measures that are made along, like p13-1-1; with the year behind it where that was given before.

    One query.
    """
    wanted = {
        (row.pk, measure.code): f"{_number(row).lower()}-{measure.code[1:]}"
        for row, content in zip(rows, contents, strict=True)
        for measure in content.measures
        if measure.code[:1] == FRESH
    }
    years = {row.pk: row.year for row in rows}
    bureau = rows[0].plan_import.bureau
    stems = {_number(row).lower() for row in rows}
    there = Measure.objects.filter(bureau=bureau, code__in=list(wanted.values()))
    taken = set(there.values_list("code", flat=True))
    if not taken:
        return wanted
    taken |= _codes_under(rows, stems & {code.rsplit("-", 2)[0] for code in taken})
    return {key: _free(code, years[key[0]], taken) for key, code in wanted.items()}


def _codes_under(rows: Sequence[ImportedPlan], stems: set[str]) -> set[str]:
    """Return every code under the numbers of some projects."""
    found: set[str] = set()
    for stem in sorted(stems):
        measures = Measure.objects.filter(bureau=rows[0].plan_import.bureau, code__startswith=f"{stem}-")
        found.update(measures.values_list("code", flat=True))
    return found


def _free(code: str, year: int, taken: set[str]) -> str:
    for found in (code, f"{code}-{year}", *(f"{code}-{year}-{place}" for place in range(2, 1000))):
        if found not in taken:
            taken.add(found)
            return found
    raise ImportRefused(_("数据项编码“%(code)s”已用尽。") % {"code": code})


def _number(row: ImportedPlan) -> str:
    return row.project.number if row.project else row.number


def _note(
    plan_import: PlanImport, rows: Sequence[ImportedPlan], members: Sequence[Member], person: User, at: datetime
) -> None:
    """Write down that plans came by a file, and the members that were made for them."""
    changes = [Change(Verb.ADD, row, after={"code": row.code, "name": row.name}) for row in members]
    told = {"plans": [row.name for row in rows], "sha256": plan_import.file.sha256}
    changes.append(Change(Verb.IMPORT, plan_import, after=told))
    record(bureau=plan_import.bureau, actor=person, changes=changes, at=at, channel=Channel.WORKBOOK)


# Plans that are there -------------------------------------------------------------------------------------------------


def _changed(row: ImportedPlan, person: User, at: datetime, reason: str, document: str) -> PlanVersion:
    """Change a draft, or ask for an adjustment of an approved plan. Raises `ChangedSincePreview`."""
    plan = row.plan
    if plan is None or digest_of(base_of(row)) != row.base:
        raise ChangedSincePreview(_("“%(project)s”在预览之后又有改动，请重新上传，再核对一次。") % {"project": row})
    version = plan.versions.open().first()
    if version is None:
        version = open_adjustment(
            plan=plan, reason=reason, document=document, person=person, at=at, channel=Channel.WORKBOOK
        )
    content = from_json(row.content)
    members = _make_members(row.plan_import, [content])
    wanted = _completed(content, row, _measure_codes([row], [content]))
    edit(
        version=version,
        person=person,
        at=at,
        label=_("导入“%(name)s”") % {"name": row.plan_import.name},
        change=lambda before: replace(wanted, reason=before.reason, document=before.document),
        channel=Channel.WORKBOOK,
        origin=Origin.IMPORTED,
    )
    _note(row.plan_import, [row], members, person, at)
    return version


# A whole file ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def request_confirmation(
    *, plan_import: PlanImport, person: User, at: datetime, reason: str = "", document: str = ""
) -> PlanImport:
    """Let a worker write all projects of a file that are ready. Raises an `ImportRefused`, also for whoever comes second."""
    waiting = ImportedPlan.objects.filter(plan_import=plan_import).to_confirm()
    if first := waiting.filter(project=None, division=None, problem="").first():
        raise ImportRefused(_("“%(project)s”是新项目，请先选择责任处室。") % {"project": first})
    if waiting.filter(state=ImportedState.ADJUSTMENT).exists() and not reason.strip():
        raise ImportRefused(_("其中有已批复的目标，请写明调整原因。"))
    rows = PlanImport.objects.filter(pk=plan_import.pk, state=ImportState.READ)
    columns = {"reason": reason.strip(), "document": document.strip(), "confirmed_by": person, "confirmed_at": at}
    if not waiting.exists() or not rows.update(state=ImportState.CONFIRMING, **columns):
        raise AlreadyConfirmed(_("这份文件没有待写入的项目，或者正在写入。"))
    row = PlanImport.objects.get(pk=plan_import.pk)
    row.job = start_job(kind=JobKind.CONFIRM_IMPORT, at=at, steps=waiting.count(), person=person)
    row.save(update_fields=["job"])
    transaction.on_commit(partial(ring_worker, task=CONFIRMING, row_id=row.pk), robust=True)
    return row


def confirm_batch(*, plan_import: PlanImport, rows: Sequence[ImportedPlan], at: datetime) -> list[str]:
    """Write some projects of a file and return, in sentences, why some were not written.

    New plans go in together, in one transaction; when one of them is refused each goes alone, so that one keeps no other out.
    """
    person = plan_import.confirmed_by
    if person is None:
        return []
    fresh = [row for row in rows if row.state == ImportedState.NEW and not row.problem]
    alone = [row for row in rows if row not in fresh]
    try:
        _confirm_fresh(fresh, person, at)
    except (*REFUSALS, ImportRefused):
        alone = [*fresh, *alone]
    words = {"reason": plan_import.reason, "document": plan_import.document}
    refused = []
    for row in alone:
        try:
            confirm_imported(imported=row, person=person, at=at, **words)
        except (*REFUSALS, ImportRefused) as why:
            refused.append(_("%(row)s：%(why)s") % {"row": row, "why": why})
    return refused


@transaction.atomic
def _confirm_fresh(rows: Sequence[ImportedPlan], person: User, at: datetime) -> None:
    """Make new plans together; nobody else has any of them."""
    if not rows:
        return
    ids = [row.pk for row in rows]
    claimed = ImportedPlan.objects.filter(pk__in=ids, state=ImportedState.NEW).update(state=ImportedState.CONFIRMED)
    if claimed != len(rows):
        raise AlreadyConfirmed(_("其中有项目刚由别人处理过。"))
    _opened(rows, person, at)


@transaction.atomic
def finish_confirmation(*, plan_import: PlanImport, refused: Sequence[str]) -> PlanImport:
    """Close a file when all its projects are written, and open it again for those that were refused, with the reasons."""
    waiting = ImportedPlan.objects.filter(plan_import=plan_import).to_confirm().exists()
    rows = PlanImport.objects.filter(pk=plan_import.pk, state=ImportState.CONFIRMING)
    rows.update(state=ImportState.READ if waiting else ImportState.CONFIRMED, findings=list(refused))
    plan_import.refresh_from_db()
    return plan_import
