"""Drafting: a version is opened, changed by one way only, and changed back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.apps import apps as registry
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.files.models import StoredFile
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.actions.contents import ContentRefused, Written, write_contents
from apps.plans.enums import Origin, VersionState
from apps.plans.models import Edit, Plan, PlanVersion, Project
from apps.plans.queries.comparisons import compare, summary
from apps.plans.queries.contents import PlanContent, content_of, from_json, to_json
from apps.plans.queries.people import may_draft


class DraftRefused(Exception):
    """A change of a plan that is not made; the message is the sentence for people."""


class PlanLocked(DraftRefused):
    """The version is approved or before somebody who decides on it; its words stand."""


class NotYours(DraftRefused):
    """Somebody who does not draft for this project."""


class AlreadyOpen(DraftRefused):
    """A plan that has a version on its way already."""


class ChangedMeanwhile(DraftRefused):
    """Somebody else changed the same piece after the person last saw it."""


class NothingToUndo(DraftRefused):
    """A draft as it was when it was opened."""


@transaction.atomic
def open_plan(
    *,
    project: Project,
    year: int,
    content: PlanContent,
    person: User,
    at: datetime,
    origin: Origin = Origin.TYPED,
    channel: Channel = Channel.PAGE,
) -> PlanVersion:
    """Make a project's plan of a year as a draft that says `content`, a new one where earlier drafts were withdrawn.

    Raises `DraftRefused` and `ContentRefused`.
    """
    _require_drafter(person, project)
    plan = _locked_plan(Plan.objects.get_or_create(project=project, year=year)[0])
    if plan.versions.exclude(state=VersionState.WITHDRAWN).exists():
        raise AlreadyOpen(_("%(project)s 已有 %(year)s 年度的绩效目标。") % {"project": project, "year": year})
    return _opened(plan, _next_number(plan), content, person, at, origin, channel, verb=Verb.ADD)


@transaction.atomic
def open_adjustment(
    *,
    plan: Plan,
    reason: str,
    document: str,
    person: User,
    at: datetime,
    file: StoredFile | None = None,
    channel: Channel = Channel.PAGE,
) -> PlanVersion:
    """Open the next version of an approved plan, saying what the approved one says, to be changed and passed on.

    `file` is the document itself. Raises `DraftRefused`; an adjustment without a reason is refused too.
    """
    plan = _locked_plan(plan)
    _require_drafter(person, plan.project)
    if plan.approved is None:
        raise PlanLocked(_("该项目还没有批复的目标，请直接修改草稿。"))
    if not reason.strip():
        raise DraftRefused(_("请写明调整原因。"))
    if plan.versions.open().exists():
        raise AlreadyOpen(_("该项目已有一个版本正在办理。"))
    content = replace(content_of(plan.approved), reason=reason.strip(), document=document.strip(), budget=())
    number = _next_number(plan)
    return _opened(plan, number, content, person, at, Origin.TYPED, channel, verb=Verb.REQUEST, file=file)


def _next_number(plan: Plan) -> int:
    return (plan.versions.aggregate(last=models.Max("number"))["last"] or 0) + 1


def _opened(
    plan: Plan,
    number: int,
    content: PlanContent,
    person: User,
    at: datetime,
    origin: Origin,
    channel: Channel,
    verb: Verb,
    file: StoredFile | None = None,
) -> PlanVersion:
    version = PlanVersion.objects.create(
        plan=plan, number=number, starts_on=content.starts_on, ends_on=content.ends_on, origin=origin, file=file
    )
    version.authors.add(person)
    bureau = plan.project.bureau
    write_contents([Written(version, None, content)], bureau=bureau, person=person, at=at, origin=origin)
    change = Change(verb, version, after=summary(content), reason=content.reason)
    record(bureau=bureau, actor=person, changes=[change], at=at, channel=channel)
    return version


@transaction.atomic
def edit(
    *,
    version: PlanVersion,
    person: User,
    at: datetime,
    label: str,
    change: Callable[[PlanContent], PlanContent],
    channel: Channel = Channel.PAGE,
    origin: Origin = Origin.TYPED,
) -> PlanContent:
    """Change what a draft says: `change` gets the content as it stands and returns it as it should be; returns that.

    What it said before is kept, so that it can be undone; a change that changes nothing leaves no trace. `change` may
    raise a `DraftRefused` of its own. Raises `PlanLocked`, `NotYours` and `ContentRefused`. About forty queries, however
    much the plan says.
    """
    version = _locked_draft(version, person)
    before = content_of(version)
    after = change(before)
    if after == before:
        return before
    last = version.edits.aggregate(last=models.Max("number"))["last"] or 0
    Edit.objects.create(
        version=version, number=last + 1, person=person, label=label[:200], before=to_json(before), at=at
    )
    _rewrite(version, before, after, person, at, origin)
    _note(version, before, after, person, at, channel, label)
    return after


@transaction.atomic
def undo(
    *, version: PlanVersion, person: User, at: datetime, channel: Channel = Channel.PAGE, shown: int | None = None
) -> str:
    """Take back the last change of a draft, whoever made it, and return what it was called.

    `shown` is the id of the change that the person saw as the last: a later one is not taken back unseen. Raises as `edit`
    does, and `ChangedMeanwhile`.
    """
    version = _locked_draft(version, person)
    last = version.edits.order_by("-number").first()
    if last is None:
        raise NothingToUndo(_("没有可以撤销的修改。"))
    if shown is not None and shown != last.pk:
        raise ChangedMeanwhile(_("刚才又有人修改了，最近的一步是“%(label)s”。") % {"label": last.label})
    before, after = content_of(version), from_json(last.before)
    _rewrite(version, before, after, person, at, Origin.TYPED)
    last.delete()
    _note(version, before, after, person, at, channel, _("撤销：%(label)s") % {"label": last.label})
    return last.label


def _rewrite(
    version: PlanVersion, before: PlanContent, after: PlanContent, person: User, at: datetime, origin: Origin
) -> None:
    bureau = version.plan.project.bureau
    try:
        with transaction.atomic():
            write_contents([Written(version, before, after)], bureau=bureau, person=person, at=at, origin=origin)
    except IntegrityError as broken:
        raise ContentRefused(sentence_of(broken)) from broken
    version.authors.add(person)


def _note(
    version: PlanVersion,
    before: PlanContent,
    after: PlanContent,
    person: User,
    at: datetime,
    channel: Channel,
    label: str,
) -> None:
    differences = compare(before, after)
    change = Change(
        Verb.CHANGE,
        version,
        before={row.key: row.before for row in differences},
        after={row.key: row.after for row in differences},
        reason=label,
    )
    record(bureau=version.plan.project.bureau, actor=person, changes=[change], at=at, channel=channel)


def _locked_draft(version: PlanVersion, person: User) -> PlanVersion:
    """Return the version under a lock, if the person may change it now. Raises `NotYours` and `PlanLocked`."""
    rows = PlanVersion.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("plan__project__bureau", "plan__project__division").get(pk=version.pk)
    _require_drafter(person, locked.plan.project)
    if locked.state != VersionState.DRAFT:
        raise PlanLocked(
            _("“%(version)s”%(state)s，不能直接修改。") % {"version": locked, "state": locked.get_state_display()}
        )
    return locked


def _locked_plan(plan: Plan) -> Plan:
    rows = Plan.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("project__bureau", "project__division", "approved").get(pk=plan.pk)


def _require_drafter(person: User, project: Project) -> None:
    if not may_draft(person, project):
        raise NotYours(_("您不能编制“%(project)s”的绩效目标。") % {"project": project})


def sentence_of(broken: IntegrityError) -> str:
    """Return the sentence of the rule of the database that a row would break, or a general one."""
    text = str(broken)
    for model in registry.get_app_config("plans").get_models():
        for constraint in model._meta.constraints:
            if constraint.name in text and constraint.violation_error_message:
                return str(constraint.violation_error_message)
    return _("填写的内容互相矛盾，没有保存。")
