"""Is it well? For machines at /healthz, for administrators on the page of the system."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.urls import reverse

from apps.accounts.enums import Role
from apps.jobs.actions import finish_job, note_pulse, start_job
from apps.jobs.enums import JobKind
from apps.outbox.enums import MailState
from tests.factories import UserFactory
from tests.factories.outbox import MailFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@time_machine.travel(NOON, tick=False)
def test_all_is_well_while_everything_answers(client):
    note_pulse(at=NOON - timedelta(minutes=1))

    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "up", "broker": "up", "worker": "up"}


@time_machine.travel(NOON, tick=False)
def test_a_worker_without_a_pulse_for_minutes_is_down(client):
    note_pulse(at=NOON - timedelta(minutes=4))

    assert client.get("/healthz").json()["worker"] == "down"


@pytest.mark.usefixtures("closed_broker")
def test_a_broker_that_is_away_is_told_and_the_pages_stay_in_service(client):
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "up", "broker": "down", "worker": "down"}


def test_without_a_database_the_pages_are_out_of_service(client):
    def away(execute, sql, params, many, context):
        raise OperationalError

    with connection.execute_wrapper(away):
        response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json()["status"] == "unavailable"
    assert response.json()["database"] == "down"


def test_health_is_never_cached_and_sets_no_cookie(client):
    response = client.get("/healthz")

    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_health_costs_one_query(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/healthz")


def test_health_takes_no_posts(client):
    assert client.post("/healthz").status_code == 405


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_the_self_test_does_not_exist_for_whoever_is_no_administrator(client, role):
    client.force_login(UserFactory(role=role))

    assert client.get(reverse("api:self_test")).status_code == 404


def test_a_stranger_is_led_to_the_door(client):
    response = client.get(reverse("api:self_test"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@time_machine.travel(NOON, tick=False)
def test_the_self_test_has_a_sentence_for_every_part(client):
    MailFactory(state=MailState.SENT)
    MailFactory(state=MailState.FAILED)
    note_pulse(at=NOON - timedelta(minutes=1))
    job = start_job(kind=JobKind.CHECK_STANDINGS, at=NOON - timedelta(hours=2))
    finish_job(job=job, outcome="15 项指标全部一致。", at=NOON - timedelta(hours=1))
    client.force_login(UserFactory(role=Role.ADMIN))

    response = client.get(reverse("api:self_test"))

    found = {str(check.part): (check.health, check.sentence) for check in response.context["checks"]}
    assert found.pop("磁盘")[0] in ("well", "warning")
    assert found == {
        "数据库": ("well", f"{connection.display_name} 有应答。"),
        "消息中转": ("well", "有应答。"),
        "后台进程": ("broken", "一秒内没有应答；邮件和夜间工作在等它。"),
        "定时器": ("well", "最近一次心跳：2026-03-02 11:59。"),
        "邮件": ("warning", "已发 1、发送失败 1。"),
        "完成情况核对": ("well", "2026-03-02 11:00：15 项指标全部一致。"),
    }


@pytest.mark.usefixtures("closed_broker")
def test_what_cannot_be_asked_is_unknown_and_not_broken(client):
    client.force_login(UserFactory(role=Role.ADMIN))

    response = client.get(reverse("api:self_test"))

    found = {str(check.part): check.health for check in response.context["checks"]}
    assert (found["消息中转"], found["后台进程"], found["定时器"]) == ("broken", "unknown", "unknown")
    assert "■" in response.content.decode()
    assert "○" in response.content.decode()


def test_as_a_part_of_a_page_the_self_test_is_only_the_table(client):
    client.force_login(UserFactory(role=Role.ADMIN))

    response = client.get(reverse("api:self_test"), headers={"HX-Request": "true"})

    assert "<table" in response.content.decode()
    assert "<html" not in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_answers_the_self_test(client, start_worker):
    start_worker()
    client.force_login(UserFactory(role=Role.ADMIN))

    response = client.get(reverse("api:self_test"))

    found = {str(check.part): check.sentence for check in response.context["checks"]}
    assert found["后台进程"] == "1 个进程有应答。"
