"""A monitoring in a real browser: filled in without a network, after the session ended, and passed."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import expect

from apps.accounts.enums import Role
from apps.calendars.models import DemonstrationDay
from apps.progress.models import MonitoringDraft, MonitoringLine
from tests.factories.accounts import PASSWORD
from tests.prepared import prepared
from tests.progress.monitorings import open_half
from tests.progress.world import TODAY, make_world

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def world(transactional_db):
    world = prepared(make_world)
    DemonstrationDay.objects.create(date=TODAY)
    return world


@pytest.fixture
def enter(new_page):
    """Return `enter(person, path, **options)`: the page as the person has it on the screen, signed in."""

    def open_page(person, path, **options):
        page = new_page(**options)
        client = Client()
        client.force_login(person)
        cookie = client.cookies["perftrack_session"].value
        page.goto("/accounts/login/")
        page.context.add_cookies(
            [{"name": "perftrack_session", "value": cookie, "url": page.evaluate("location.origin")}]
        )
        page.goto(path)
        return page

    return open_page


def test_nothing_typed_is_lost_on_the_way_from_the_division_to_the_head(world, enter):
    monitoring = open_half(world)
    path = f"/progress/monitoring/{monitoring.pk}/"
    page = enter(world.reporter, path, **PHONE)
    line = page.locator(".monitoring-line")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.context.set_offline(True)
    line.get_by_label("有可能").check()
    expect(page.get_by_role("alert")).to_contain_text("网络恢复后自动重试")
    assert not MonitoringDraft.objects.exists()
    page.context.set_offline(False)
    expect(line).to_contain_text("草稿已保存")
    expect(line).to_contain_text("请写明改进措施。")
    expect(page.locator("#monitoring-lost")).to_be_hidden()

    Session.objects.all().delete()
    line.get_by_label("人员保障").check()
    line.get_by_label("原因说明").fill("人手不足")
    page.get_by_role("link", name="重新登录").click()
    page.get_by_label("用户名").fill(world.reporter.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("已恢复上次没来得及保存的 1 处")).to_be_visible()
    expect(line.get_by_label("原因说明")).to_have_value("人手不足")

    line.get_by_label("改进措施").press_sequentially("抽调人员")
    page.goto("/")
    page.goto(path)
    expect(line.get_by_label("改进措施")).to_have_value("抽调人员")
    line.get_by_label("全年预计完成情况").fill("79.5")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("已提交，等待审核。")).to_be_visible()
    said = MonitoringLine.objects.get()
    assert (said.likelihood, said.causes, said.cause, said.remedy) == ("possible", ["staff"], "人手不足", "抽调人员")
    assert page.evaluate("Object.keys(localStorage).filter(name => name.includes('typed')).length") == 0

    head = enter(world.people[Role.HEAD], "/")
    head.locator("section", has_text="待审监控").get_by_role("link", name="去审核").click()
    head.get_by_role("button", name="通过").click()
    expect(head.locator("[aria-current=step]")).to_have_text(re.compile("绩效管理岗审核"))
