"""The page of the system."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.accounts.enums import Role
from apps.jobs.actions import finish_job, start_job
from tests.factories import UserFactory
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
PAGE = "/jobs/"


def test_the_page_lists_what_ran_and_what_came_of_it(client):
    job = start_job(kind="check_standings", at=NIGHT, steps=15)
    finish_job(job=job, outcome="15 项指标全部一致。", at=NIGHT)
    client.force_login(UserFactory(role=Role.ADMIN))

    page = client.get(PAGE).content.decode()

    for text in ("核对完成情况", "15/15", "15 项指标全部一致。", "2026-03-03 02:00", "系统", reverse("api:self_test")):
        assert text in page


def test_work_that_has_no_words_is_named_as_it_is_and_unknown_steps_are_a_dash(client):
    start_job(kind="of-another-app", at=NIGHT)
    client.force_login(UserFactory(role=Role.ADMIN))

    page = client.get(PAGE)

    row = page.context["table"].rows[0]
    assert row.get_cell("kind") == "of-another-app"
    assert row.get_cell("progress") == "—"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_the_page_does_not_exist_for_whoever_is_no_administrator(client, role):
    client.force_login(UserFactory(role=role))

    assert client.get(PAGE).status_code == 404


def test_a_stranger_is_led_to_the_door(client):
    assert client.get(PAGE).status_code == 302


def test_the_page_costs_the_same_with_one_job_and_with_three(client, django_assert_num_queries):
    person = UserFactory(role=Role.ADMIN)
    client.force_login(person)
    start_job(kind="import", at=NIGHT, person=person)
    client.get(PAGE)

    for _more in range(2):
        with django_assert_num_queries(5):
            client.get(PAGE)
        start_job(kind="import", at=NIGHT, person=UserFactory())
        start_job(kind="import", at=NIGHT, person=UserFactory())


def test_an_administrator_walks_the_system_and_the_administration(page, transactional_db):
    """Under the strict security policy: any script, style or request that it stops fails the test afterwards."""
    UserFactory(username="keeper", role=Role.ADMIN, is_staff=True)
    page.goto(PAGE)
    page.get_by_label("用户名").fill("keeper")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()

    expect(page.get_by_role("row", name="数据库")).to_contain_text("正常")
    page.get_by_role("link", name="管理后台").click()
    for model in ("accounts/user", "accounts/assignment", "accounts/unit", "calendars/calendarday"):
        page.goto(f"/admin/{model}/add/")
        expect(page.get_by_role("button", name="保存", exact=True)).to_be_visible()
