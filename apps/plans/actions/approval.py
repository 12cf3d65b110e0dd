"""The way of a version to approval: submitted, passed stage by stage, returned, taken back, dropped.

Order: draft → head of the responsible division → performance officer → leader → approved. Nobody decides on a version that
has words of their own, or that they submitted; by whatever door they come, because the actions refuse.

A bureau of thirty people often has one performance officer, and it is they who draft. So where every officer is among the
authors, the officer's stage is passed over, by a step of its own that says why; the head and the leader are still two other
people. Their stages are never passed over: a version that nobody could pass there is not submitted at all, and the refusal
names who is missing.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.enums import BudgetKind, Severity, StepKind, VersionState
from apps.plans.models import Plan, PlanVersion, Step
from apps.plans.queries.approval import last_step
from apps.plans.queries.checks import check_plan
from apps.plans.queries.people import (
    STAGES,
    holders,
    holds_stage,
    is_author,
    lacking,
    may_draft,
    next_stage,
    passed_alone,
    reviewers,
)
from apps.ui import formats


class ApprovalRefused(Exception):
    """A step on the way to approval that is not taken; the message is the sentence for people."""


class NotYourTurn(ApprovalRefused):
    """Somebody who has no say at this stage, or does not draft for the project."""


class OwnPlan(ApprovalRefused):
    """A version with words of the person's own, or one that they alone passed so far."""


class NotWaiting(ApprovalRefused):
    """A version that is not at this stage, or was handled since the person looked."""


class FindingsOpen(ApprovalRefused):
    """A version of which the plan check asks something yet."""


class NobodyToPass(ApprovalRefused):
    """A version that nobody could pass at some stage."""


class ReturnWithoutReason(ApprovalRefused):
    """A return that does not say why."""


@transaction.atomic
def submit_version(*, version: PlanVersion, person: User, at: datetime, channel: Channel = Channel.PAGE) -> PlanVersion:
    """Send a draft to the head of its division and return it. Who submits stands behind the words and joins the authors.

    Raises `NotYourTurn`, `NotWaiting`, `FindingsOpen` and `NobodyToPass`.
    """
    version = _locked(version)
    if not may_draft(person, version.plan.project):
        raise NotYourTurn(_("您不能提交“%(project)s”的绩效目标。") % {"project": version.plan.project})
    _require_state(version, VersionState.DRAFT)
    version.authors.add(person)
    if missing := lacking(version):
        raise NobodyToPass(_("还不能提交：%(missing)s。") % {"missing": formats.clauses(missing)})
    _require_clean(version)
    return _moved(version, StepKind.SUBMITTED, Verb.SUBMIT, STAGES[0], person, at, channel)


@transaction.atomic
def pass_version(
    *,
    version: PlanVersion,
    person: User,
    seen: int,
    today: date,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> PlanVersion:
    """Pass a version on to the next stage, or approve it at the last, and return it.

    `seen` is the id of the latest step that the person saw (`last_step`), so nobody passes words that were changed and
    submitted anew since they looked. `today` is the day from which an adjustment's targets count. Raises `NotYourTurn`,
    `OwnPlan` and `NotWaiting`; at the last stage `FindingsOpen` where the check finds an error by now.
    """
    version = _locked(version)
    _require_turn(version, person, seen)
    stage = VersionState(version.state)
    following = next_stage(stage)
    if following == VersionState.APPROVED:
        _require_no_error(version)
        _settle(version, person, today, at)
        return _moved(version, StepKind.PASSED, Verb.APPROVE, following, person, at, channel)
    if following == VersionState.OFFICER_REVIEW and _officers_wrote_it(version):
        version = _moved(version, StepKind.PASSED, Verb.PASS, following, person, at, channel)
        return _passed_over(version, at, channel)
    return _moved(version, StepKind.PASSED, Verb.PASS, following, person, at, channel)


@transaction.atomic
def return_version(
    *,
    version: PlanVersion,
    person: User,
    seen: int,
    reason: str,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> PlanVersion:
    """Send a version back to its authors with a reason and return it. Raises as `pass_version`, and `ReturnWithoutReason`."""
    version = _locked(version)
    _require_turn(version, person, seen)
    reason = reason.strip()
    if not reason:
        raise ReturnWithoutReason(_("退回时请写明原因，拟稿人才知道要改什么。"))
    return _moved(version, StepKind.RETURNED, Verb.RETURN, VersionState.DRAFT, person, at, channel, reason)


@transaction.atomic
def recall_version(*, version: PlanVersion, person: User, at: datetime, channel: Channel = Channel.PAGE) -> PlanVersion:
    """Let an author take back what nobody has passed yet, and return it. Raises `NotYourTurn` and `NotWaiting`."""
    version = _locked(version)
    if not is_author(person, version):
        raise NotYourTurn(_("只有拟稿人可以收回“%(version)s”。") % {"version": version})
    if version.state in STAGES[1:]:
        raise NotWaiting(_("“%(version)s”已有人审核通过，不能收回；需要修改的，请审核人退回。") % {"version": version})
    _require_state(version, STAGES[0])
    return _moved(version, StepKind.RECALLED, Verb.RECALL, VersionState.DRAFT, person, at, channel)


@transaction.atomic
def withdraw_version(
    *, version: PlanVersion, person: User, at: datetime, channel: Channel = Channel.PAGE
) -> PlanVersion:
    """Drop a draft for good and return it: what it says stays to be read, and another may be opened.

    What is on its way must be recalled or returned first. Its initial money goes, since a plan can be asked for one initial
    sum of a source only; the journal keeps it. Raises `NotYourTurn` and `NotWaiting`.
    """
    version = _locked(version)
    if not may_draft(person, version.plan.project):
        raise NotYourTurn(_("您不能撤销“%(version)s”。") % {"version": version})
    _require_state(version, VersionState.DRAFT)
    initial = version.budget_lines.filter(kind=BudgetKind.INITIAL)
    before = {"budget": list(initial.order_by("pk").values("source__code", "amount", "effective_on", "document"))}
    initial.delete()
    version.edits.all().delete()
    return _moved(
        version, StepKind.WITHDRAWN, Verb.WITHDRAW, VersionState.WITHDRAWN, person, at, channel, before=before
    )


def _locked(version: PlanVersion) -> PlanVersion:
    rows = PlanVersion.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("plan__project__bureau", "plan__project__division").get(pk=version.pk)


def _require_state(version: PlanVersion, state: VersionState) -> None:
    if version.state != state:
        raise NotWaiting(
            _("“%(version)s”目前是“%(state)s”，已有人办理，请刷新页面。")
            % {"version": version, "state": version.get_state_display()}
        )


def _require_clean(version: PlanVersion) -> None:
    """Raise `FindingsOpen` while the plan check asks for anything: an error to mend, or a word to a warning."""
    _refuse_findings([row.sentence for row in check_plan(version) if row.is_open])


def _require_no_error(version: PlanVersion) -> None:
    """Raise `FindingsOpen` where something became wrong on the way; words were given when the version was submitted."""
    _refuse_findings([row.sentence for row in check_plan(version) if row.severity == Severity.ERROR])


def _refuse_findings(sentences: Sequence[str]) -> None:
    if sentences:
        count = len(sentences)
        raise FindingsOpen(
            ngettext(
                "目标体检还有 %(count)s 处要改正或说明：%(first)s",
                "目标体检还有 %(count)s 处要改正或说明，第一处：%(first)s",
                count,
            )
            % {"count": count, "first": sentences[0]}
        )


def _require_turn(version: PlanVersion, person: User, seen: int) -> None:
    """Raise the refusal that keeps a person from deciding on a version now, if any."""
    if version.state not in STAGES:
        raise NotWaiting(
            _("“%(version)s”目前是“%(state)s”，不在待审核之列。")
            % {"version": version, "state": version.get_state_display()}
        )
    if not holds_stage(person, version):
        whose = formats.names([str(each) for each in reviewers(version, VersionState(version.state))])
        raise NotYourTurn(
            _("“%(version)s”在%(state)s环节，由%(names)s办理，您不能审核。")
            % {"version": version, "state": version.get_state_display(), "names": whose or "—"}
        )
    if is_author(person, version):
        raise OwnPlan(_("“%(version)s”有您编制的内容，须由他人审核。") % {"version": version})
    if passed_alone(person, version):
        raise OwnPlan(_("“%(version)s”此前只由您一人审核通过，须由另一人审签。") % {"version": version})
    if seen != last_step(version):
        raise NotWaiting(_("“%(version)s”在您打开页面之后又有办理，请刷新后再审核。") % {"version": version})


def _officers_wrote_it(version: PlanVersion) -> bool:
    """Tell whether there are officers and each of them is an author; a bureau without any waits for one."""
    everybody = holders(version, VersionState.OFFICER_REVIEW)
    return bool(everybody) and not reviewers(version, VersionState.OFFICER_REVIEW)


def _passed_over(version: PlanVersion, at: datetime, channel: Channel) -> PlanVersion:
    who = formats.names([str(person) for person in holders(version, VersionState.OFFICER_REVIEW)])
    reason = _("绩效管理岗（%(names)s）都参与了编制，不能审核自己的目标，本环节免于办理。") % {"names": who}
    return _moved(version, StepKind.PASSED_OVER, Verb.PASS, VersionState.LEADER_REVIEW, None, at, channel, reason)


def _settle(version: PlanVersion, person: User, today: date, at: datetime) -> None:
    """Let what a version says count from now on; called before its state says so, since settled rows are not changed.

    The first version counts from the project's first day, an adjustment's targets and wordings from the day of approval.
    """
    if version.is_adjustment:
        version.targets.update(effective_on=today)
        version.definitions.update(effective_on=today)
    version.edits.all().delete()
    version.approved_at, version.approved_by = at, person
    version.save(update_fields=["approved_at", "approved_by"])
    Plan.objects.filter(pk=version.plan_id).update(approved=version)


def _moved(
    version: PlanVersion,
    kind: StepKind,
    verb: Verb,
    to: VersionState,
    person: User | None,
    at: datetime,
    channel: Channel,
    reason: str = "",
    before: dict[str, Any] | None = None,
) -> PlanVersion:
    """Write the step and the event of one move, and make it."""
    Step.objects.create(version=version, stage=version.state, kind=kind, person=person, reason=reason, at=at)
    was, version.state = version.state, to
    version.save(update_fields=["state"])
    change = Change(verb, version, before={"state": was, **(before or {})}, after={"state": to}, reason=reason)
    record(bureau=version.plan.project.bureau, actor=person, changes=[change], at=at, channel=channel)
    return version
