"""What an adjustment would do to the score, and that nothing of it is kept."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.accounts.enums import Role
from apps.assessments.models import Assessment
from apps.assessments.queries import effect, scorecard
from apps.plans.actions.drafts import edit, open_adjustment, open_plan
from apps.plans.enums import BudgetKind
from apps.plans.models import PlanVersion
from apps.plans.queries.contents import BudgetContent
from apps.progress.actions import open_rounds
from tests.factories import BudgetLineFactory, GoalTermsFactory, MoneyFactory
from tests.plans.approving import make_desk, sound_content
from tests.progress.world import NOW, TODAY, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Return a plan of one ratio, wanted 80 and come to 82, with 500,000 of 1,000,000 元 spent."""
    world = make_world(is_open=False)
    GoalTermsFactory(version=world.version, goal=world.indicator.terms.get().goal)
    line = BudgetLineFactory(plan=world.version.plan)
    project = world.version.plan.project
    project.execution = MoneyFactory(
        bureau=world.bureau, division=world.division, members=[line.source], dimension="funding"
    )
    project.save()
    open_rounds(bureau=world.bureau, today=TODAY, at=NOW)
    for month in range(1, 9):
        world.count([(82, 100)] * 3, month)
        world.count(["500000"], month, measure=project.execution)
    world.source = line.source
    return world


def adjusted(world, change):
    officer = world.people[Role.OFFICER]
    version = open_adjustment(plan=world.version.plan, reason="任务量增加", document="文", person=officer, at=NOW)
    edit(version=version, person=officer, at=NOW, label="调整", change=change)
    rows = PlanVersion.objects.select_related("plan__project__execution", "plan__approved__scheme", "scheme")
    return rows.get(pk=version.pk)


def change_target(value, weight=10):
    def change(content):
        (row,) = content.indicators
        target = replace(row.target, value=Decimal(value))
        return replace(content, indicators=(replace(row, target=target, weight=Decimal(weight)),))

    return change


def test_a_higher_target_costs_points(world):
    found = effect(adjusted(world, change_target(100)), TODAY)

    (line,) = found.changed
    assert (line.before.points, line.after.points, line.change) == (Decimal("10.00"), Decimal("8.20"), Decimal("-1.80"))
    assert ("80 %" in line.wanted_before, "100 %" in line.wanted_after) == (True, True)
    assert found.change == Decimal("-1.80")
    assert found.before.total.points == scorecard(world.version.plan, TODAY).total.points


def test_money_asked_for_changes_the_execution_rate(world):
    line = BudgetContent(
        source=world.source.code,
        kind=BudgetKind.ADJUSTMENT,
        amount=Decimal(-500_000),
        effective_on=date(2016, 7, 1),
        document="文",
    )

    found = effect(adjusted(world, lambda content: replace(content, budget=(line,))), TODAY)

    (money,) = found.changed
    assert (money.line, money.before.points, money.after.points) == (None, Decimal("5.00"), Decimal("10.00"))
    assert (found.before.execution.budget, found.after.execution.budget) == (1_000_000, 500_000)


def test_a_weight_alone_is_an_effect(world):
    found = effect(adjusted(world, change_target(80, weight=20)), TODAY)

    assert [(line.before.weight, line.after.weight, line.after.points) for line in found.changed] == [(10, 20, 20)]


def test_a_plan_that_changes_nothing_has_no_effect(world):
    found = effect(adjusted(world, lambda content: replace(content, last_year_completion="已完成。")), TODAY)

    assert (found.changed, found.change) == ([], 0)


def test_a_first_draft_has_nothing_to_be_held_against():
    desk = make_desk()
    content = sound_content(desk.world.division.code)
    version = open_plan(project=desk.project, year=2016, content=content, person=desk.reporter, at=NOW)

    found = effect(version, TODAY)

    assert (found.before, found.change, len(found.lines)) == (None, None, 5)
    assert found.after.total.open_weight == 100


def test_the_fragment_shows_it_and_keeps_nothing(world, client, django_assert_max_num_queries):
    version = adjusted(world, change_target(100))
    client.force_login(world.people[Role.LEADER])

    with django_assert_max_num_queries(27):
        page = client.get(reverse("assessments:effect", args=[version.pk]))

    text = page.content.decode()
    assert [word for word in ("-1.80", "8.20", "≥ 100 %", "≥ 80 %") if word not in text] == []
    assert not Assessment.objects.exists()
    assert scorecard(world.version.plan, TODAY).lines[0].score.points == Decimal("10.00")


def test_an_approved_version_has_no_effect_any_more(world, client):
    client.force_login(world.people[Role.LEADER])

    assert client.get(reverse("assessments:effect", args=[world.version.pk])).status_code == 404
