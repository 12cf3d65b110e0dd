"""Drawing up the self-assessment."""

import hashlib
import json
from decimal import Decimal

import pytest
from django.db import transaction

from apps.accounts.enums import Role
from apps.assessments.actions import NotAssessable, NotYourAssessment, draw_up
from apps.assessments.models import Assessment, AssessmentLine
from apps.journal.enums import Verb
from apps.journal.models import Event
from apps.plans.models import Plan
from apps.progress.models import Entry
from tests.assessments.whole_year import NOW, TODAY
from tests.factories import BureauFactory, UserFactory

pytestmark = pytest.mark.django_db


def drawn_up(year, officer=None, plan=None):
    return draw_up(plan=plan or year.plan, officer=officer or year.officer, today=TODAY, at=NOW)


def test_score_inputs_and_their_hash_are_written_down(year):
    assessment = drawn_up(year)

    assessment.refresh_from_db()
    assert (assessment.number, assessment.drawn_up_by, assessment.drawn_up_at) == (1, year.officer, NOW)
    assert assessment.version == year.plan.approved
    assert assessment.scheme == year.plan.approved.scheme.content
    lines = list(assessment.lines.order_by("position"))
    assert sum(line.computed for line in lines) == Decimal("95.61")
    assert (len(lines), lines[0].indicator, lines[0].status) == (16, None, "scored")
    assert (lines[0].sentence, lines[0].sentence_en) == (
        "3,948.44 ÷ 4,020 = 98.22 %，× 10 分 = 9.82 分。",
        "3,948.44 ÷ 4,020 = 98.22 %, × 10 points = 9.82 points.",
    )
    text = json.dumps(assessment.inputs, sort_keys=True, ensure_ascii=False)
    assert assessment.digest == hashlib.sha256(text.encode()).hexdigest()


def test_the_inputs_name_figures_targets_and_money(year):
    money, *inputs = drawn_up(year).inputs

    assert (Decimal(money["budget"]), Decimal(money["executed"]), money["weight"]) == (40_200_000, 39_484_400, "10")
    quota = next(row for row in inputs if row["indicator"] == "10-1")
    target = year.indicator("10-1").targets.get(number=2)
    revision = Entry.objects.get(measure=year.indicator("10-1").measure).approved
    assert (quota["target"], Decimal(quota["actual"]), quota["revisions"]) == (target.pk, 4400, [revision.pk])


def test_drawing_up_again_makes_the_next_and_leaves_the_first(year):
    first = drawn_up(year)
    entry = Entry.objects.get(measure=year.indicator("2-1").measure)
    year.figures.approve(entry, (1250, 2500))

    second = drawn_up(year)

    assert (first.number, second.number) == (1, 2)
    assert first.digest != second.digest
    computed = dict(AssessmentLine.objects.filter(indicator__code="2-1").values_list("assessment", "computed"))
    assert computed == {first.pk: Decimal("4.40"), second.pk: Decimal("5.00")}


def test_the_journal_says_what_it_came_to(year):
    assessment = drawn_up(year)

    event = Event.objects.get(verb=Verb.DRAW_UP)
    assert (event.actor, event.subject_id, event.at) == (year.officer, assessment.pk, NOW)
    assert event.after == {"points": "95.61", "open": "0", "digest": assessment.digest}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICER])
def test_no_other_role_draws_up(year, role):
    person = UserFactory(role=role, unit=year.bureau)

    with pytest.raises(NotYourAssessment, match="只有本单位的绩效管理岗可以生成自评。"):
        drawn_up(year, officer=person)

    assert not Assessment.objects.exists()


def test_the_officer_of_another_bureau_does_not(year):
    with pytest.raises(NotYourAssessment):
        drawn_up(year, officer=UserFactory(role=Role.OFFICER, unit=BureauFactory()))


def test_a_plan_without_goals_is_refused(year):
    rows = Plan.objects.select_related("project__bureau", "project__execution", "approved__scheme")

    with pytest.raises(NotAssessable, match="该项目未设绩效目标，没有可以自评的指标。"):
        drawn_up(year, plan=rows.get(project__number="P01"))


def test_nothing_outlives_a_transaction_that_fails(year):
    events = Event.objects.count()

    def draw_up_and_fail():
        with transaction.atomic():
            drawn_up(year)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        draw_up_and_fail()

    assert (Assessment.objects.count(), AssessmentLine.objects.count(), Event.objects.count()) == (0, 0, events)
