"""The way to approval: who may take which step, what it leaves, and what it never lets through."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from apps.accounts.enums import Role
from apps.journal.models import Event
from apps.plans.actions import approval
from apps.plans.actions.drafts import open_plan
from apps.plans.enums import BudgetKind, StepKind
from apps.plans.models import BudgetLine, Explanation, Plan, PlanVersion, Target
from apps.plans.queries import adjusted_budget, target_in_force
from apps.plans.queries.approval import approval_of, last_step
from apps.plans.queries.contents import BudgetContent, content_of
from tests.factories import AssignmentFactory, UserFactory
from tests.plans.approving import make_desk, raise_first, sound_content
from tests.progress.world import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


def kinds(version):
    return list(version.steps.order_by("pk").values_list("stage", "kind"))


def test_a_plan_passes_three_people_and_counts(desk):
    version = desk.approved()

    plan = Plan.objects.get(project=desk.project)
    assert (version.state, plan.approved, version.approved_by) == ("approved", version, desk.leader)
    assert kinds(version) == [
        ("draft", "submitted"),
        ("division_review", "passed"),
        ("officer_review", "passed"),
        ("leader_review", "passed"),
    ]
    assert adjusted_budget([plan])[plan.pk] == 1_000_000
    assert {row.value for row in target_in_force(plan.indicators.all(), date(2016, 1, 1)).values()} == {80}
    assert not version.edits.exists()
    verbs = Event.objects.filter(subject_type="plans.planversion").order_by("pk").values_list("verb", "actor")
    assert list(verbs) == [
        ("add", desk.reporter.pk),
        ("submit", desk.reporter.pk),
        ("pass", desk.head.pk),
        ("pass", desk.officer.pk),
        ("approve", desk.leader.pk),
    ]


def test_nothing_of_a_draft_counts(desk):
    version = desk.submitted()

    assert adjusted_budget([version.plan]) == {}
    assert target_in_force(version.plan.indicators.all(), TODAY) == {}


def test_an_open_finding_keeps_a_draft_back(desk):
    version = desk.draft()
    Explanation.objects.all().delete()

    with pytest.raises(approval.FindingsOpen, match="目标体检还有"):
        desk.submit(version)

    assert kinds(version) == []


def test_nobody_passes_words_of_their_own(desk):
    AssignmentFactory(user=desk.reporter, role=Role.HEAD, unit=desk.world.division)
    version = desk.submitted()

    with pytest.raises(approval.OwnPlan, match="您编制的内容"):
        desk.pass_(version, fresh(desk.reporter))
    assert approval_of(version, fresh(desk.reporter)).may_review is False
    assert list(PlanVersion.objects.waiting_for(fresh(desk.reporter))) == []


def fresh(person):
    """Return the person as the next request knows them."""
    return type(person).objects.get(pk=person.pk)


def test_who_submits_stands_behind_the_words(desk):
    UserFactory(role=Role.HEAD, unit=desk.world.division)
    version = desk.submit(desk.draft(), desk.head)

    with pytest.raises(approval.OwnPlan):
        desk.pass_(version, desk.head)


@pytest.mark.parametrize("who", ["officer", "leader", "reporter"])
def test_only_whose_turn_it_is_decides(desk, who):
    version = desk.submitted()
    person = {"officer": desk.officer, "leader": desk.leader, "reporter": UserFactory(role=Role.REPORTER)}[who]

    with pytest.raises(approval.NotYourTurn, match=f"由{desk.head}办理"):
        desk.pass_(version, person)


def test_the_head_of_another_division_decides_nothing(desk):
    with pytest.raises(approval.NotYourTurn):
        desk.pass_(desk.submitted(), UserFactory(role=Role.HEAD))


def test_the_officers_stage_is_passed_over_where_they_wrote_it(desk):
    version = desk.submitted(desk.officer)

    version = desk.pass_(version, desk.head)

    over = version.steps.get(kind=StepKind.PASSED_OVER)
    assert (version.state, over.stage, over.person) == ("leader_review", "officer_review", None)
    assert str(desk.officer) in over.reason
    assert desk.pass_(version, desk.leader).state == "approved"


def test_a_second_officer_who_wrote_nothing_is_not_passed_over(desk):
    second = UserFactory(role=Role.OFFICER, unit=desk.world.bureau)

    version = desk.pass_(desk.submitted(desk.officer), desk.head)

    assert version.state == "officer_review"
    assert desk.pass_(version, second).state == "leader_review"


@pytest.mark.parametrize(
    ("role", "sentence"),
    [(Role.HEAD, "的处室负责人"), (Role.LEADER, "的局领导"), (Role.OFFICER, "的绩效管理岗")],
)
def test_a_draft_that_nobody_could_pass_is_not_submitted(desk, role, sentence):
    desk.world.people[role].assignments.all().delete()
    version = desk.draft()

    with pytest.raises(approval.NobodyToPass, match=sentence):
        desk.submit(version)

    assert not version.authors.exclude(pk=desk.reporter.pk).exists()


def test_a_head_who_drafted_alone_is_named(desk):
    version = desk.draft(desk.head)

    with pytest.raises(approval.NobodyToPass, match=f"处室负责人（{desk.head}）参与了编制"):
        desk.submit(version, desk.head)


def test_one_person_does_not_approve_alone(desk):
    both = desk.head
    AssignmentFactory(user=both, role=Role.LEADER, unit=desk.world.bureau)
    version = desk.pass_(desk.submitted(desk.officer), fresh(both))

    with pytest.raises(approval.OwnPlan, match="只由您一人"):
        desk.pass_(version, fresh(both))
    assert desk.pass_(version, desk.leader).state == "approved"


def test_what_changed_since_it_was_looked_at_is_not_passed(desk):
    version = desk.submitted()
    seen = last_step(version)
    approval.recall_version(version=version, person=desk.reporter, at=NOW)
    desk.submit(version)

    with pytest.raises(approval.NotWaiting, match="请刷新"):
        approval.pass_version(version=version, person=desk.head, seen=seen, today=TODAY, at=NOW)


def test_a_return_says_why_and_starts_the_way_again(desk):
    version = desk.pass_(desk.submitted(), desk.head)
    seen = last_step(version)

    with pytest.raises(approval.ReturnWithoutReason):
        approval.return_version(version=version, person=desk.officer, seen=seen, reason=" ", at=NOW)
    back = approval.return_version(version=version, person=desk.officer, seen=seen, reason="口径不清", at=NOW)

    shown = approval_of(back, desk.reporter)
    assert (back.state, shown.returned.reason, shown.may_submit) == ("draft", "口径不清", True)
    assert [station.is_done for station in shown.stations] == [False] * 5
    assert list(PlanVersion.objects.returned_to(desk.reporter)) == [back]
    again = desk.submit(back)
    assert again.state == "division_review"
    assert list(PlanVersion.objects.returned_to(desk.reporter)) == []


def test_an_author_takes_back_what_nobody_passed(desk):
    version = desk.submitted()

    with pytest.raises(approval.NotYourTurn):
        approval.recall_version(version=version, person=desk.officer, at=NOW)
    assert approval.recall_version(version=version, person=desk.reporter, at=NOW).state == "draft"

    passed = desk.pass_(desk.submit(version), desk.head)
    with pytest.raises(approval.NotWaiting, match="不能收回"):
        approval.recall_version(version=passed, person=desk.reporter, at=NOW)


def test_a_first_draft_that_was_dropped_makes_room_for_another(desk):
    first = approval.withdraw_version(version=desk.draft(), person=desk.reporter, at=NOW)
    assert Event.objects.get(verb="withdraw").before["budget"][0]["amount"] == "1000000.00"

    second = open_plan(
        project=desk.project,
        year=2016,
        content=sound_content(desk.world.division.code),
        person=desk.reporter,
        at=NOW,
    )

    assert (first.state, second.number, second.is_adjustment) == ("withdrawn", 2, False)
    assert content_of(second) == sound_content_as_stored(second)
    assert BudgetLine.objects.get(plan=second.plan).version == second
    done = desk.pass_(desk.submit(desk.answered(second)), desk.head, desk.officer, desk.leader)
    assert set(done.targets.values_list("effective_on", flat=True)) == {date(2016, 1, 1)}


def sound_content_as_stored(version):
    wanted = sound_content(version.plan.project.division.code)
    return replace(wanted, goals=tuple(replace(goal, original_text=goal.text) for goal in wanted.goals))


def test_an_adjustment_counts_from_the_day_of_its_approval(desk):
    first = desk.approved()
    version = desk.adjustment()
    indicators = list(version.plan.indicators.all())
    assert {row.value for row in target_in_force(indicators, TODAY).values()} == {80}

    version = desk.pass_(desk.submit(version), desk.head, desk.officer, desk.leader)

    assert version.is_adjustment
    assert {row.value for row in target_in_force(indicators, date(2016, 9, 5)).values()} == {80}
    assert {row.value for row in target_in_force(indicators, TODAY).values()} == {80, 90}
    assert content_of(version) == raise_first_as_stored(first)
    assert content_of(first).indicators[0].target.value == 80


def raise_first_as_stored(first):
    content = raise_first(content_of(first))
    return replace(content, reason="任务量增加", document="财函〔2016〕8号", budget=())


def test_a_dropped_adjustment_leaves_the_approved_plan_as_it_was(desk):
    first = desk.approved()
    before = content_of(first)
    version = approval.withdraw_version(version=desk.adjustment(), person=desk.reporter, at=NOW)

    first.plan.refresh_from_db()
    assert (version.state, first.plan.approved, content_of(first)) == ("withdrawn", first, before)
    assert {row.value for row in target_in_force(first.plan.indicators.all(), date.max).values()} == {80}
    assert desk.adjustment().number == 3


def test_what_is_approved_moves_no_more(desk):
    version = desk.approved()
    seen = last_step(version)

    with pytest.raises(approval.NotWaiting):
        approval.return_version(version=version, person=desk.leader, seen=seen, reason="再看看", at=NOW)
    with pytest.raises(approval.NotWaiting):
        desk.pass_(version, desk.leader)
    with pytest.raises(approval.NotWaiting):
        approval.withdraw_version(version=version, person=desk.reporter, at=NOW)
    with pytest.raises(approval.NotWaiting):
        approval.recall_version(version=version, person=desk.reporter, at=NOW)


def test_the_strip_takes_as_many_queries_however_long_the_way(desk, django_assert_max_num_queries):
    version = desk.pass_(desk.submitted(), desk.head, desk.officer)
    version = PlanVersion.objects.select_related("plan__project__bureau", "plan__project__division").get(pk=version.pk)
    leader = fresh(desk.leader)

    with django_assert_max_num_queries(7):
        shown = approval_of(version, leader)

    assert shown.may_review
    assert shown.waits_for == [str(desk.leader)]
    assert [(row.state, row.is_done, row.is_now) for row in shown.stations] == [
        ("draft", True, False),
        ("division_review", True, False),
        ("officer_review", True, False),
        ("leader_review", False, True),
        ("approved", False, False),
    ]


def test_money_asked_for_counts_once_it_is_approved(desk):
    desk.approved()
    line = BudgetContent(
        source="general",
        kind=BudgetKind.ADJUSTMENT,
        amount=Decimal(-200_000),
        effective_on=date(2016, 7, 1),
        document="财函〔2016〕8号",
    )
    version = desk.adjustment(lambda content: replace(content, budget=(line,)))
    assert adjusted_budget([version.plan])[version.plan_id] == 1_000_000

    desk.pass_(desk.submit(version), desk.head, desk.officer, desk.leader)

    assert adjusted_budget([version.plan])[version.plan_id] == 800_000
    assert Target.objects.filter(version=version).count() == 0
    assert Plan.objects.get(pk=version.plan_id).approved == version
