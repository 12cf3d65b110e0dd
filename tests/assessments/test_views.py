"""The page on which a plan's year is scored."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.enums import Role
from apps.assessments.models import Assessment
from apps.plans.models import Plan
from tests.assessments.whole_year import NOW
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(year, time_machine):
    """Return `enter(role, unit)`: a client of a person with the role, on 20 January 2017."""
    time_machine.move_to(NOW, tick=False)

    def by(role, unit=None):
        client = Client()
        client.force_login(UserFactory(role=role, unit=unit or year.bureau))
        return client

    return by


def path(name, plan):
    return reverse(f"assessments:{name}", args=[plan.pk])


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_card_shows_the_total_the_grade_and_a_sentence_per_line(year, enter):
    page = words(enter(Role.OFFICER).get(path("scorecard", year.plan)))

    assert "95.61" in page
    assert "总分 95.61 分，等级为优。" in page
    assert "96.4 ÷ 100 = 96.40 %，× 7 分 = 6.75 分。" in page
    assert "年度尚未结束" not in page


def test_during_the_year_it_says_that_it_is_a_trial(year, enter, time_machine):
    client = enter(Role.OFFICER)
    year.figures.bureau.rounds.filter(ends_on__month=12).update(due_on="2017-03-01")
    for code in ("2-1",):
        year.indicator(code).measure.entries.update(approved=None)

    assert "年度尚未结束" in words(client.get(path("scorecard", year.plan)))


def test_the_officer_draws_up_and_sees_what_was_drawn_up(year, enter):
    client = enter(Role.OFFICER)

    page = words(client.post(path("draw_up", year.plan), follow=True))

    assessment = Assessment.objects.get()
    assert "已生成第 1 版自评。" in page
    assert assessment.digest in page


@pytest.mark.parametrize("role", [Role.LEADER, Role.HEAD, Role.REPORTER, Role.AUDITOR])
def test_who_may_see_it_and_not_draw_up_is_told_so(year, enter, role):
    client = enter(role)

    assert "生成自评</button>" not in words(client.get(path("scorecard", year.plan)))
    answer = client.post(path("draw_up", year.plan))
    assert (answer.status_code, "只有本单位的绩效管理岗可以生成自评。" in words(answer)) == (403, True)
    assert not Assessment.objects.exists()


def test_the_administrator_sees_nothing(year, enter):
    client = enter(Role.ADMIN)

    assert client.get(path("scorecard", year.plan)).status_code == 404
    assert client.post(path("draw_up", year.plan)).status_code == 404


def test_a_plan_without_goals_says_so(year, enter):
    plan = Plan.objects.get(project__number="P01")
    client = enter(Role.OFFICER)

    assert "该项目未设绩效目标，没有可以自评的指标。" in words(client.get(path("scorecard", plan)))
    assert "该项目未设绩效目标，没有可以自评的指标。" in words(client.post(path("draw_up", plan), follow=True))
    assert not Assessment.objects.exists()


def test_the_list_leads_to_the_plans_that_have_a_scheme(year, enter):
    page = words(enter(Role.OFFICER).get(reverse("assessments:index")))

    assert path("scorecard", year.plan) in page
    assert path("scorecard", Plan.objects.get(project__number="P01")) not in page
