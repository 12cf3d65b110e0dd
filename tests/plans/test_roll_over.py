"""Next year out of this one: what is carried, what waits for judgement, and what a closed year is written down as."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.enums import Role
from apps.journal.models import Event
from apps.plans.actions.drafts import NotYours, edit, open_plan
from apps.plans.actions.results import (
    CorrectionWithoutReason,
    NotYourMeasure,
    ResultRefused,
    ResultSettled,
    WithoutDocument,
    YearNotOver,
    note_result,
)
from apps.plans.actions.roll_over import roll_over
from apps.plans.enums import Attribute, Nature, Origin, ScopeRule, TargetStatus, VersionState
from apps.plans.models import Member, Plan, PlanVersion, Project, Result, Season
from apps.plans.queries.comparisons import compare
from apps.plans.queries.contents import content_of
from apps.plans.queries.roll_over import candidates, next_year
from tests.factories import GoalTermsFactory, PlanVersionFactory, ProjectFactory, TargetFactory, UserFactory
from tests.progress.world import NOW, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def next_spring():
    with time_machine.travel("2017-03-01T01:00:00Z", tick=False):
        yield


SPRING = NOW.replace(year=2017, month=3)


@pytest.fixture
def world():
    made = make_world(is_open=False)
    GoalTermsFactory(version=made.version, goal=made.version.indicators.get().goal, text="做好2016年工作")
    made.measure.dimension = "district"
    made.measure.save()
    return made


def officer(world):
    return world.people[Role.OFFICER]


def plan_of(world, **columns):
    """Return the world's plan as roll-over takes it, with another head where one is given."""
    if columns:
        PlanVersionFactory(plan=world.version.plan, number=2, **columns)
    return Plan.objects.select_related("project__bureau", "project__division", "approved").get(pk=world.version.plan_id)


def rolled(world, **columns):
    (row,) = roll_over(plans=[plan_of(world, **columns)], person=officer(world), at=SPRING)
    return row


def told(row):
    return [(hint.place, hint.text) for hint in row.hints]


def target(world, **columns):
    TargetFactory(indicator=world.indicator, number=2, **columns)
    return content_of(rolled(world).version).indicators[0].target


# What is carried ------------------------------------------------------------------------------------------------------


def test_the_published_year_is_carried_over_but_for_what_is_new_each_year(bureau):
    person = UserFactory(role=Role.OFFICER, unit=bureau)
    plan = Plan.objects.select_related("project__bureau", "project__division", "approved").get(project__number="P07")

    (row,) = roll_over(plans=[plan], person=person, at=SPRING)

    changed = {
        (difference.name, difference.column)
        for difference in compare(content_of(plan.approved), content_of(row.version))
        if difference.column not in ("target.document", "target.reason")
    }
    assert changed == {
        ("", "starts_on"),
        ("", "ends_on"),
        ("", "document"),
        ("4-1", "target.due_on"),
        ("10-1", "target.status"),
        ("10-1", "target.value"),
        ("10-1", "target.reference_value"),
        ("10-1", "target.reference_year"),
    }
    assert (row.version.plan.year, row.version.state, row.version.number) == (2017, VersionState.DRAFT, 1)
    assert [place for place, text in told(row) if "待定" in text] == ["8-1", "10-1"]
    assert ("11-1", "填报季“2015—2016学年”到时已结束，请在成员页换到下一季。") in told(row)


@pytest.mark.parametrize(
    ("attribute", "ends_on", "expected"),
    [
        (Attribute.NEW, date(2016, 12, 31), ("continuing", date(2017, 1, 1), date(2017, 12, 31))),
        (Attribute.CONTINUING, date(2016, 6, 30), ("continuing", date(2017, 1, 1), date(2017, 6, 30))),
        (Attribute.MULTI_YEAR, date(2018, 12, 31), ("multi_year", date(2016, 1, 1), date(2018, 12, 31))),
    ],
)
def test_a_new_project_goes_on_and_one_of_several_years_keeps_its_days(world, attribute, ends_on, expected):
    version = rolled(world, attribute=attribute, ends_on=ends_on).version

    assert (version.attribute, version.starts_on, version.ends_on) == expected


@pytest.mark.parametrize(
    ("day", "later"), [(date(2016, 2, 29), date(2017, 2, 28)), (date(2016, 12, 31), date(2017, 12, 31))]
)
def test_a_day_is_carried_to_the_same_day(day, later):
    assert next_year(day) == later


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, (TargetStatus.FINAL, 80, None, None)),
        ({"status": "provisional"}, (TargetStatus.PENDING, None, 80, 2016)),
        ({"decided_by": "市政府"}, (TargetStatus.PENDING, None, 80, 2016)),
        (
            {"status": "pending", "value": None, "reference_value": 75, "reference_year": 2015},
            (TargetStatus.PENDING, None, 75, 2015),
        ),
        ({"decided_by": "市政府", "scope": ScopeRule.ALL}, (TargetStatus.PENDING, 80, None, None)),
    ],
)
def test_what_others_decide_each_year_waits_for_their_decision(world, columns, expected):
    found = target(world, **columns)

    assert (found.status, found.value, found.reference_value, found.reference_year) == expected
    assert (found.document, found.decided_by) == ("", "")


def test_members_that_have_ended_leave_the_list_of_a_target(world):
    TargetFactory(indicator=world.indicator, number=2, scope=ScopeRule.ANY, named=world.members[:2])
    Member.objects.filter(pk=world.members[0].pk).update(ends_on=date(2016, 12, 31))
    row = rolled(world)

    assert content_of(row.version).indicators[0].target.members == (world.members[1].code,)
    assert {text for _place, text in told(row)} >= {
        f"成员已停用：{world.members[0].name}。",
        "指标值名单里已停用的成员去掉了，请核对。",
    }


def test_a_new_district_is_pointed_out(world):
    Member.objects.create(
        bureau=world.bureau, dimension="district", code="new", name="新区", starts_on=date(2016, 6, 1)
    )

    assert any("新启用的成员不在数据项里：新区" in text for _place, text in told(rolled(world)))


def test_texts_that_name_a_year_are_pointed_out(world):
    assert any(text == "文字里写着 2016 年，请核对。" for _place, text in told(rolled(world)))


# Last year ------------------------------------------------------------------------------------------------------------


def note(world, value, measure=None, year=2016, person=None, **more):
    more = {"member": None, "document": "2016年自评表", "at": SPRING} | more
    return note_result(
        measure=measure or world.measure,
        year=year,
        value=None if value is None else Decimal(value),
        person=person or officer(world),
        **more,
    )


def test_last_year_stands_in_the_form_with_both_parts(bureau):
    person = UserFactory(role=Role.OFFICER, unit=bureau)
    plan = Plan.objects.select_related("project__bureau", "project__division", "approved").get(project__number="P07")
    rate = plan.indicators.get(code="1-2").measure
    for measure, value in ((plan.project.execution, "39484400"), (rate, "81.2")):
        note_result(
            measure=measure, year=2016, member=None, value=Decimal(value), document="自评", person=person, at=SPRING
        )

    (row,) = roll_over(plans=[plan], person=person, at=SPRING)

    money, aims = row.version.last_year_completion.split("\n")
    assert money == "上年度预算完成情况：2016年预算4,020.00万元，执行3,948.44万元，执行率98.22 %。"
    assert "；1-2 全市平均纳管率：指标值 ≥ 80 %，实际 81.20 %；2-1 " in aims
    assert aims.endswith("12-1 信访答复率：指标值 = 100 %，实际 待补。")
    assert ("1-2", "2016 年已达到 81.20 %，指标值仍与上年相同，请考虑提高。") in told(row)
    assert ("6-1", "2016 年的实际数还没有，基期待补。") in told(row)


def test_where_nothing_is_written_down_the_form_stays_empty_and_says_so(world):
    note(world, 90, measure=make_other(world).execution)
    row = rolled(world)

    assert row.version.last_year_completion == ""
    assert any("“上年度项目绩效完成情况”留空，基期待补" in text for _place, text in told(row))


def make_other(world):
    """Return a project of the same bureau with a measure of its own, whose result is no news of the first."""
    project = ProjectFactory(bureau=world.bureau)
    project.execution = world.measure.__class__.objects.create(
        bureau=world.bureau, code="execution-x", name="x", kind="money", unit_name="元", accumulation="running_total",
        aggregation="sum", frequency="monthly", dimension="funding",
    )  # fmt: skip
    project.save()
    PlanVersionFactory(plan__project=project)
    return project


def test_a_missed_target_is_not_asked_to_rise(world):
    note(world, "79.99")

    assert not any("请考虑提高" in text for _place, text in told(rolled(world)))


# Twice, and by whom ---------------------------------------------------------------------------------------------------


def test_a_year_that_has_a_plan_is_left_as_it_is(world):
    first = rolled(world).version
    edit(
        version=first,
        person=officer(world),
        at=SPRING,
        label="改日期",
        change=lambda content: replace(content, ends_on=date(2017, 11, 30)),
    )
    events = Event.objects.count()
    again = rolled(world)

    assert (again.version, again.refusal) == (None, f"{world.version.plan.project} 已有 2017 年度的绩效目标。")
    assert (PlanVersion.objects.count(), Event.objects.count()) == (2, events)
    assert PlanVersion.objects.get(pk=first.pk).ends_on == date(2017, 11, 30)


def test_one_refusal_leaves_the_others_alone(world):
    other = PlanVersionFactory(plan__project=ProjectFactory(bureau=world.bureau, number="A")).plan
    open_plan(project=other.project, year=2017, content=content_of(other.approved), person=officer(world), at=SPRING)
    plans = list(Plan.objects.filter(year=2016).select_related("project__bureau", "project__division", "approved"))

    rows = roll_over(plans=plans, person=officer(world), at=SPRING)

    assert {(row.plan.pk, row.version is None) for row in rows} == {(other.pk, True), (world.version.plan_id, False)}


def test_who_does_not_draft_for_the_project_rolls_nothing_over(world):
    (row,) = roll_over(plans=[plan_of(world)], person=world.people[Role.LEADER], at=SPRING)

    assert row.version is None
    assert "不能编制" in row.refusal
    assert not Plan.objects.filter(year=2017).exists()
    with pytest.raises(NotYours):
        open_plan(
            project=world.version.plan.project,
            year=2017,
            content=content_of(world.version),
            person=world.people[Role.LEADER],
            at=SPRING,
        )


@pytest.mark.parametrize(
    ("nature", "attribute", "ends_on", "is_due"),
    [
        (Nature.RECURRING, Attribute.CONTINUING, date(2016, 12, 31), True),
        (Nature.ONE_OFF, Attribute.NEW, date(2016, 12, 31), False),
        (Nature.ONE_OFF, Attribute.MULTI_YEAR, date(2017, 12, 31), True),
        (Nature.RECURRING, Attribute.MULTI_YEAR, date(2016, 12, 31), False),
    ],
)
def test_only_what_goes_on_is_chosen_by_default(world, nature, attribute, ends_on, is_due):
    Project.objects.update(nature=nature)

    assert candidates([plan_of(world, attribute=attribute, ends_on=ends_on)])[0].is_due is is_due


def test_the_choice_costs_the_same_for_many(world):
    def cost():
        plans = Plan.objects.filter(year=2016).select_related("project__bureau", "project__division", "approved")
        rows = list(plans)
        with CaptureQueriesContext(connection) as queries:
            assert len(candidates(rows)) == len(rows)
        return len(queries)

    one = cost()
    for _ in range(2):
        PlanVersionFactory(plan__project=ProjectFactory(bureau=world.bureau))

    assert cost() == one <= 17


def test_the_page_carries_over_what_is_chosen_and_shows_what_to_judge(world):
    Season.objects.all().delete()
    client = Client()
    client.force_login(officer(world))
    assert "处要判断" in client.get("/plans/roll-over/?year=2016").content.decode()

    page = client.post("/plans/roll-over/", {"plan": [world.version.plan_id, "x"]}).content.decode()
    again = client.post("/plans/roll-over/", {"plan": [world.version.plan_id]}).content.decode()

    made = Plan.objects.get(year=2017)
    assert f"/plans/{made.pk}/" in page
    assert "新年度预算还没有" in page
    assert "已有 2017 年度的绩效目标" in again


def test_a_division_carries_over_its_own_only(world):
    foreign = PlanVersionFactory(plan__project=ProjectFactory(bureau=world.bureau)).plan
    client = Client()
    client.force_login(world.head)

    client.post("/plans/roll-over/", {"plan": [world.version.plan_id, foreign.pk]})

    assert [plan.project for plan in Plan.objects.filter(year=2017)] == [world.version.plan.project]


# Results --------------------------------------------------------------------------------------------------------------


def test_a_past_year_is_written_down_once_with_its_document(world):
    row = note(world, "81.2")
    note(world, "81.2")

    assert (row.value, row.origin, row.document) == (Decimal("81.2"), Origin.TYPED, "2016年自评表")
    assert Event.objects.filter(subject_type="plans.result").count() == 1


def test_the_value_of_a_ratio_comes_from_its_parts(world):
    row = note(world, None, numerator=Decimal(2), denominator=Decimal(3), member=world.members[0])

    assert (row.value, row.member) == (Decimal("66.6667"), world.members[0])


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"document": " "}, WithoutDocument),
        ({"year": 2017}, YearNotOver),
        ({"value": None}, ResultRefused),
        ({"value": None, "numerator": Decimal(1), "denominator": Decimal(0)}, ResultRefused),
    ],
)
def test_what_nobody_could_look_up_or_know_is_not_written_down(world, more, refusal):
    with pytest.raises(refusal):
        note(world, **({"value": 80} | more))
    assert not Result.objects.exists()


def test_a_correction_says_why(world):
    note(world, 80)
    with pytest.raises(CorrectionWithoutReason):
        note(world, 81)
    note(world, 81, reason="抄错")

    assert Result.objects.get().value == 81
    event = Event.objects.get(verb="correct")
    assert (event.before["value"], event.after["value"], event.reason) == ("80.0000", "81.0000", "抄错")


@pytest.mark.parametrize("origin", [Origin.PUBLISHED, Origin.DECISION, Origin.DEMONSTRATION])
def test_nothing_is_written_over_what_was_not_typed(world, origin):
    Result.objects.create(measure=world.measure, year=2016, value=80, origin=origin, document="封存")
    with pytest.raises(ResultSettled):
        note(world, 81, reason="想改")

    assert Result.objects.get().value == 80


def test_only_those_who_write_the_plans_write_down_its_past(world):
    for person in (world.people[Role.LEADER], world.people[Role.AUDITOR], world.people[Role.ADMIN]):
        with pytest.raises(NotYourMeasure):
            note(world, 80, person=person)
    assert note(world, 80, person=world.reporter).value == 80
