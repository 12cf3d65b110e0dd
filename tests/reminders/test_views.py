"""The pages of reminders and the door that a mail's link opens."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.enums import Role
from apps.accounts.models import Assignment, User
from apps.calendars.models import DemonstrationDay
from apps.journal.models import Event
from apps.outbox.enums import MailState
from apps.outbox.models import Mail
from apps.reminders import actions, queries
from tests.factories.outbox import MailFactory
from tests.reminders.world import TEN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def september():
    with time_machine.travel(TEN, tick=False):
        yield


@pytest.fixture
def overview(client):
    def get(person):
        client.force_login(person)
        return client.get(reverse("reminders:overview"))

    return get


def link_of(entry, person):
    return (
        queries.cell_link(entry.pk, person.pk).partition(":8000")[2]
        or "/" + queries.cell_link(entry.pk, person.pk).split("/", 3)[3]
    )


@pytest.mark.parametrize("role", [Role.REPORTER, Role.HEAD, Role.LEADER, Role.FINANCE, Role.AUDITOR])
def test_for_others_the_page_does_not_exist(world, overview, role, client):
    mail = told(world)
    assert overview(world.person(role, world.bureau)).status_code == 404
    assert client.post(reverse("reminders:again", args=[mail.pk])).status_code == 404
    assert overview(world.officer).status_code == 200


def test_a_stranger_is_asked_to_sign_in(client):
    response = client.get(reverse("reminders:overview"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def told(world):
    world.cell()
    actions.send_digests(now=TEN)
    return Mail.objects.get(recipient=world.reporter.email)


def test_an_officer_sees_what_was_told_and_what_comes_next(world, overview):
    cell = world.cell()
    told(world)
    page = overview(world.officer).content.decode()
    assert "【perftrack】9月6日 待办 2 项" in page
    assert str(cell.member) in page
    assert "下一次提醒：9月7日 周三 9:00" in page
    assert "截止前 1 个工作日提醒。" in page
    assert f"【填报提醒】{world.office}：" in page
    assert f"2016年8月，截止 9月8日 周四，还有 2 个工作日：门禁安装数（{cell.member}）、" in page


def test_an_administrator_sees_that_mails_went_and_not_what_they_said(world, overview):
    mail = told(world)
    notice = mail.notices.get()
    page = overview(world.person(Role.ADMIN, world.bureau)).content.decode()
    assert mail.subject in page
    assert notice.line not in page
    assert notice.line in overview(world.officer).content.decode()
    assert "【填报提醒】" not in page


def test_the_ledger_of_another_bureau_stays_hidden(world, another_world, overview, client):
    other = another_world()
    mail = told(other)
    Mail.objects.filter(pk=mail.pk).update(state=MailState.FAILED)
    assert mail.recipient in overview(other.officer).content.decode()
    assert mail.recipient not in overview(world.officer).content.decode()
    assert client.post(reverse("reminders:again", args=[mail.pk])).status_code == 404


def test_mails_of_other_kinds_never_show(world, overview):
    MailFactory(recipient=world.reporter.email, subject="重设密码", text="secret", state=MailState.FAILED)
    assert "重设密码" not in overview(world.officer).content.decode()


def test_a_failed_mail_shows_the_servers_words_and_can_be_sent_again(world, overview, client):
    mail = told(world)
    Mail.objects.filter(pk=mail.pk).update(state=MailState.FAILED, error="550 no such mailbox", attempts=1)
    page = overview(world.officer).content.decode()
    assert "550 no such mailbox" in page
    assert "再发一次" in page
    response = client.post(reverse("reminders:again", args=[mail.pk]), follow=True)
    assert "邮件已重新排队" in response.content.decode()
    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED
    assert Event.objects.get().actor == world.officer


def test_a_mail_that_went_meanwhile_gets_a_sentence(world, client):
    mail = told(world)
    Mail.objects.filter(pk=mail.pk).update(state=MailState.SENT)
    client.force_login(world.officer)
    response = client.post(reverse("reminders:again", args=[mail.pk]), follow=True)
    assert "只有发送失败或是否送达未知的邮件可以再发一次。" in response.content.decode()


def test_sending_again_needs_a_post(world, client):
    client.force_login(world.officer)
    assert client.get(reverse("reminders:again", args=[told(world).pk])).status_code == 405


def test_who_cannot_be_told_is_shown(world, overview):
    world.cell()
    User.objects.filter(pk=world.reporter.pk).update(email="")
    page = overview(world.officer).content.decode()
    assert "没有邮箱地址" in page
    assert "1 项待填，但没有可以提醒的填报人" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_three_as_for_one(world, overview, count, django_assert_num_queries):
    for _ in range(count):
        world.person(Role.REPORTER, world.office)
        world.submitted()
        world.unsettled()
    for _ in range(count):
        world.cell()
    actions.send_digests(now=TEN)
    for _ in range(count):
        world.cell()
        world.submitted()
        world.unsettled()
    overview(world.officer)
    with django_assert_num_queries(28):
        overview(world.officer)


def test_a_link_leads_its_person_to_the_cell(world, client):
    cell = world.cell()
    client.force_login(world.reporter)
    response = client.get(link_of(cell, world.reporter))
    assert response.status_code == 302
    assert response.url == reverse("progress:grid", args=[cell.round_id, cell.measure_id]) + f"#cell-{cell.pk}"


def test_a_link_is_no_key(world, client):
    cell = world.cell()
    link = link_of(cell, world.reporter)
    response = client.get(link)
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))
    assert link.replace(":", "%3A") in response.url or link in response.url


def test_somebody_else_learns_whose_link_it_is_and_no_more(world, client):
    cell = world.cell()
    client.force_login(world.head)
    response = client.get(link_of(cell, world.reporter))
    page = response.content.decode()
    assert response.status_code == 403
    assert str(world.reporter) in page
    assert str(cell.measure) not in page
    assert str(cell.member) not in page


def test_a_link_to_a_finished_cell_says_so(world, client):
    cell = world.submitted()
    client.force_login(world.reporter)
    response = client.get(link_of(cell, world.reporter))
    assert response.status_code == 200
    page = response.content.decode()
    assert "已提交，不用再填。" in page
    assert reverse("progress:grid", args=[cell.round_id, cell.measure_id]) in page


def test_a_link_to_a_cell_that_is_no_longer_ones_own_leads_nowhere(world, client):
    cell = world.cell()
    Assignment.objects.filter(user=world.reporter).delete()
    client.force_login(world.reporter)
    assert client.get(link_of(cell, world.reporter)).status_code == 404


@pytest.mark.parametrize("token", ["nonsense", "WzEsMV0:1aaaaa:bbbbbbbbbbbb"])
def test_a_forged_link_leads_nowhere(world, client, token):
    client.force_login(world.reporter)
    assert client.get(reverse("reminders:go", args=[token])).status_code == 404


def test_the_preview_follows_the_demonstration_day(world, overview):
    world.cell()
    DemonstrationDay.objects.create(date=date(2016, 9, 8))
    assert "下一次提醒：9月9日 周五 9:00" in overview(world.officer).content.decode()
