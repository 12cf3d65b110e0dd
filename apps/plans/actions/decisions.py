"""Fixing a target that its plan left open, by the document that decides it. That is no adjustment: the plan said it would come."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.files.models import StoredFile
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.actions.drafts import sentence_of
from apps.plans.enums import OPEN_STATES, Basis, Operator, Origin, ScopeRule, TargetStatus
from apps.plans.models import Indicator, Member, Plan, PlannedFigure, PlanVersion, Target, TargetMember
from apps.plans.queries.people import may_decide
from apps.plans.queries.proposals import open_target

KEPT = ("operator", "equal_means", "step", "span", "scope", "scope_count", "path")


class DecisionRefused(Exception):
    """A decision that is not entered; the message is the sentence for people."""


class NotYourDecision(DecisionRefused):
    """Somebody who is no performance officer of the bureau."""


class NothingToDecide(DecisionRefused):
    """An indicator whose target in force is certain, or that has none: only an adjustment changes it."""


class BeingAdjusted(DecisionRefused):
    """A target that a version on its way proposes anew: two words at once would leave nobody sure which counts."""


class DecisionIncomplete(DecisionRefused):
    """A decision without its document, its number or its names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the document says. Only what the target's operator and scope ask for is given.

    `value` (and `high` of a range) in the measure's own unit; `due_on` for a target that is a day; `members` for one that
    speaks of named members. A basis such as last year stays unless a `value` replaces it.
    """

    value: Decimal | None = None
    high: Decimal | None = None
    due_on: date | None = None
    members: Collection[Member] = field(default_factory=tuple)


@transaction.atomic
def decide_target(
    *,
    indicator: Indicator,
    decision: Decision,
    document: str,
    decided_by: str,
    effective_on: date,
    person: User,
    at: datetime,
    file: StoredFile | None = None,
    reason: str = "",
    channel: Channel = Channel.PAGE,
) -> Target:
    """Write the decided target down as the indicator's next and return it; what stood before stays to be read.

    Operator, scope and path are those of the target that was open. `effective_on` is the day from which it counts, today or
    earlier for one that should count at once. Raises a `DecisionRefused`.
    """
    _lock(indicator)
    if not may_decide(person, indicator.plan.project):
        raise NotYourDecision(_("指标值由本单位的绩效管理岗凭审定文件录入。"))
    before = _open_target(indicator)
    members = _members(before, decision)
    _require_whole(before, decision, members, document)
    target = _made(before, decision, document.strip(), decided_by.strip(), effective_on, person, at, file, reason)
    TargetMember.objects.bulk_create([TargetMember(target=target, member=member) for member in members])
    PlannedFigure.objects.bulk_create(
        [PlannedFigure(target=target, ends_on=row.ends_on, value=row.value) for row in before.planned.all()]
    )
    change = Change(
        Verb.DECIDE_TARGET, target, before=_said(before), after=_said(target), reason=target.reason or target.document
    )
    record(bureau=indicator.plan.project.bureau, actor=person, changes=[change], at=at, channel=channel)
    return target


def _lock(indicator: Indicator) -> None:
    """Let nobody decide, open, edit or approve a version of the plan meanwhile."""
    Plan.objects.select_for_update(no_key=True).get(pk=indicator.plan_id)
    list(PlanVersion.objects.open().select_for_update(no_key=True).filter(plan=indicator.plan_id))


def _open_target(indicator: Indicator) -> Target:
    before = open_target(indicator)
    if before is None or not indicator.terms.filter(version=indicator.plan.approved_id).exists():
        raise NothingToDecide(_("该指标没有待定或暂定的指标值；已确定的指标值要改，请申请调整。"))
    proposed = indicator.targets.filter(version__state__in=OPEN_STATES).select_related("version").first()
    if proposed is not None:
        raise BeingAdjusted(
            _("该指标的指标值正在“%(version)s”里调整，请先办结或撤销该申请。") % {"version": proposed.version}
        )
    return before


def _members(before: Target, decision: Decision) -> list[Member]:
    """Return whom the target speaks of: the decided names, or those that were named already."""
    if before.scope == ScopeRule.TOGETHER:
        return []
    return list(decision.members) or [row.member for row in before.named.select_related("member")]


def _require_whole(before: Target, decision: Decision, members: Collection[Member], document: str) -> None:
    if not document.strip():
        raise DecisionIncomplete(_("请写明审定文件：没有文件的指标值只能是暂定。"))
    if before.operator == Operator.DATE:
        _require(decision.due_on or before.due_on, _("请填写审定的期限。"))
    elif before.operator != Operator.QUALITATIVE and before.basis == Basis.FIXED:
        _require(_number(before, decision) is not None, _("请填写审定的指标值。"))
    if before.operator == Operator.RANGE:
        _require(decision.high is not None or before.high is not None, _("请填写审定的上限。"))
    if before.scope != ScopeRule.TOGETHER:
        _require(members, _("请选择审定的名单。"))


def _require(given: object, sentence: str) -> None:
    if not given:
        raise DecisionIncomplete(sentence)


def _number(before: Target, decision: Decision) -> Decimal | None:
    return before.value if decision.value is None else decision.value


def _made(
    before: Target,
    decision: Decision,
    document: str,
    decided_by: str,
    effective_on: date,
    person: User,
    at: datetime,
    file: StoredFile | None,
    reason: str,
) -> Target:
    """Write the decided target. Raises `DecisionIncomplete` with the sentence of the rule that it would break."""
    last = Target.objects.filter(indicator=before.indicator_id).aggregate(last=Max("number"))["last"]
    try:
        with transaction.atomic():
            return Target.objects.create(
                indicator=before.indicator,
                number=last + 1,
                **{name: getattr(before, name) for name in KEPT},
                **_basis(before, decision),
                value=_number(before, decision),
                high=before.high if decision.high is None else decision.high,
                due_on=decision.due_on or before.due_on,
                status=TargetStatus.FINAL,
                effective_on=effective_on,
                document=document,
                decided_by=decided_by,
                file=file,
                reason=reason.strip(),
                origin=Origin.DECISION,
                entered_by=person,
                entered_at=at,
            )
    except IntegrityError as broken:
        raise DecisionIncomplete(sentence_of(broken)) from broken


def _basis(before: Target, decision: Decision) -> dict[str, Any]:
    """Return what the number stands on: a decided number stands on itself, else the basis goes on."""
    if before.basis != Basis.FIXED and decision.value is None:
        return {name: getattr(before, name) for name in ("basis", "factor", "offset", "years")}
    return {"basis": Basis.FIXED}


def _said(target: Target) -> dict[str, Any]:
    names = ("number", "status", "value", "high", "due_on", "document", "decided_by", "effective_on")
    said = {name: getattr(target, name) for name in names}
    return {**said, "members": sorted(target.named.values_list("member__code", flat=True))}
