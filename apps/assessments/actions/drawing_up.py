"""Drawing up the year-end self-assessment from figures that were entered once."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.assessments.models import Assessment, AssessmentLine
from apps.assessments.queries import Line, Scorecard, scorecard
from apps.calculation.scoring import ExecutionScore, Score, ScoreStatus
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.models import Indicator, Plan


class NotAssessable(Exception):
    """A plan that cannot be assessed: no scheme or no indicators."""


class NotYourAssessment(Exception):
    """A person who draws up no assessments for this bureau."""


@transaction.atomic
def draw_up(*, plan: Plan, officer: User, today: date, at: datetime, channel: Channel = Channel.PAGE) -> Assessment:
    """Write the plan's score as the figures stand into a new numbered assessment, inputs and their hash with it.

    An earlier one stays as it was. Raises `NotYourAssessment` for anyone but the bureau's performance officer, and
    `NotAssessable` for a plan without indicators, and when nothing has changed since the last one.
    """
    if not any(plan.project.bureau.path.startswith(path) for path in officer.paths(Role.OFFICER)):
        raise NotYourAssessment(_("只有本单位的绩效管理岗可以生成自评。"))
    card = scorecard(plan, today)
    if card is None:
        raise NotAssessable(_("该项目未设绩效目标，没有可以自评的指标。"))
    Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    return _stored(card, officer, at, channel)


def _stored(card: Scorecard, officer: User, at: datetime, channel: Channel) -> Assessment:
    plan = card.plan
    inputs = [_money_inputs(card), *(_inputs(line) for line in card.lines)]
    digest = hashlib.sha256(json.dumps(inputs, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    last = Assessment.objects.filter(plan=plan).order_by("-number").first()
    if last is not None and (last.digest, last.version_id) == (digest, card.version.pk):
        raise NotAssessable(_("依据的数据与第 %(number)s 版完全相同，不必再生成一版。") % {"number": last.number})
    assessment = Assessment.objects.create(
        plan=plan,
        number=(last.number if last else 0) + 1,
        version=card.version,
        scheme=card.content,
        inputs=inputs,
        digest=digest,
        drawn_up_by=officer,
        drawn_up_at=at,
    )
    rows = [_row(card.money, "scored" if card.money.points is not None else ScoreStatus.ACTUAL_MISSING)]
    rows += [_row(line.score, line.score.status, line.terms.indicator) for line in card.lines]
    for position, row in enumerate(rows, start=1):
        row.assessment, row.position = assessment, position
    AssessmentLine.objects.bulk_create(rows)
    after = {"points": card.total.points, "open": card.total.open_weight, "digest": assessment.digest}
    change = Change(Verb.DRAW_UP, assessment, after=after)
    record(bureau=plan.project.bureau, actor=officer, changes=[change], at=at, channel=channel)
    return assessment


def _money_inputs(card: Scorecard) -> dict[str, Any]:
    """Return what the budget's line was scored from, as plain values."""
    execution = card.execution
    return _plain({"budget": execution.budget, "executed": execution.executed, "weight": card.money.weight})


def _inputs(line: Line) -> dict[str, Any]:
    """Return what an indicator was scored from: its target, its figure, and the revisions the figure is made of."""
    cells = [revision for found in line.case.series.revisions.values() for revision in found.values()]
    return _plain(
        {
            "indicator": line.terms.indicator.code,
            "target": line.case.target.pk if line.case.target else None,
            "actual": line.actual,
            "revisions": sorted(revision.pk for revision in cells),
            "weight": line.score.weight,
        }
    )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def _row(score: Score | ExecutionScore, status: str, indicator: Indicator | None = None) -> AssessmentLine:
    return AssessmentLine(
        indicator=indicator,
        weight=score.weight,
        status=status,
        computed=score.points,
        sentence=score.sentence.zh,
        sentence_en=score.sentence.en,
    )
