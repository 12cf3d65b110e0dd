"""The journal as a page: searched by those who have to trust it, hidden from everybody else."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.enums import Role
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from tests.factories import AssignmentFactory, BureauFactory, DivisionFactory, RevisionFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
READERS = (Role.OFFICER, Role.LEADER, Role.AUDITOR)
NOON = datetime(2016, 9, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def bureau():
    return BureauFactory()


@pytest.fixture
def events_page(client, bureau):
    """Return `page(**search)`: the page as an auditor of the bureau sees it."""
    client.force_login(UserFactory(role=Role.AUDITOR, unit=bureau))
    return lambda **search: client.get(reverse("journal:events"), search)


def happen(bureau, at=NOON, actor=None, verb=Verb.SUBMIT, subject=None, channel=Channel.PAGE, **change):
    with transaction.atomic():
        changes = [Change(verb, subject or bureau, **change)]
        return record(bureau=bureau, actor=actor, changes=changes, at=at, channel=channel)[0]


def labels(response):
    return [row.record.subject_label for row in response.context["table"].page.object_list]


def test_a_change_is_told_with_who_when_what_why_and_by_which_door(bureau, events_page):
    revision = RevisionFactory()
    happen(
        bureau,
        actor=UserFactory(name="李明"),
        verb=Verb.CORRECT,
        subject=revision,
        before={"value": Decimal("1200.0000"), "origin": "typed"},
        after={"value": Decimal("1180.5000"), "origin": "workbook"},
        reason="漏计一条街",
        channel=Channel.WORKBOOK,
    )

    row = events_page().context["table"].rows[0]

    assert "2016-09-02 12:00" in row.get_cell("at")
    assert row.get_cell("actor_name") == "李明"
    assert row.get_cell("verb") == "更正"
    assert "填报版本" in row.get_cell("subject_label")
    assert str(revision) in row.get_cell("subject_label")
    change = row.get_cell("change")
    assert change.index("数值") < change.index("<del>1,200</del>") < change.index("1,180.5")
    assert change.index("来源") < change.index("<del>录入</del>") < change.index("表格导入")
    assert row.get_cell("reason") == "漏计一条街"
    assert row.get_cell("channel") == "表格导入"


def test_zero_is_zero_and_nothing_is_a_dash(bureau, events_page):
    happen(bureau, subject=RevisionFactory(), before={"value": None}, after={"value": Decimal(0)})

    change = events_page().context["table"].rows[0].get_cell("change")

    assert "<del>" not in change
    assert ">0</dd>" in change


def test_facts_that_are_no_columns_keep_their_names(bureau, events_page):
    happen(bureau, after={"days": 366, "made": {"plan": 12}, "is_done": True})

    change = events_page().context["table"].rows[0].get_cell("change")

    assert "366" in change
    assert "{&quot;plan&quot;: 12}" in change
    assert "是" in change


def test_what_nobody_did_was_done_by_the_system(bureau, events_page):
    happen(bureau, actor=None)

    assert events_page().context["table"].rows[0].get_cell("actor_name") == "系统"


def test_a_kind_of_row_that_is_no_more_is_named_as_it_was(bureau, events_page):
    event = happen(bureau, after={"value": 1})
    event.pk, event.number, event.subject_type = None, event.number + 1, "gone.thing"
    event.save()

    assert "gone.thing" in events_page().context["table"].rows[0].get_cell("subject_label")


def test_words_of_people_are_shown_as_words(bureau, events_page):
    happen(bureau, reason="<script>alert(1)</script>", after={"name": "<b>新</b>"})

    page = events_page().content.decode()

    assert "<script>alert" not in page
    assert "&lt;b&gt;新&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({}, ["丙", "乙", "甲"]),
        ({"person": "王"}, ["甲"]),
        ({"verb": "approve"}, ["乙"]),
        ({"subject": "丙"}, ["丙"]),
        ({"channel": "command"}, ["丙"]),
        ({"since": "2016-09-03"}, ["丙", "乙"]),
        ({"until": "2016-09-03"}, ["乙", "甲"]),
        ({"since": "2016-09-03", "until": "2016-09-03"}, ["乙"]),
        ({"person": "王", "verb": "approve"}, []),
    ],
)
def test_the_journal_is_searched(bureau, events_page, search, found):
    happen(bureau, subject=UnitFactory(name="甲"), actor=UserFactory(name="王芳"))
    midnight = datetime(2016, 9, 2, 16, 0, tzinfo=UTC)  # in Shanghai the third has begun
    happen(bureau, subject=UnitFactory(name="乙"), at=midnight, verb=Verb.APPROVE)
    happen(bureau, subject=UnitFactory(name="丙"), at=midnight + timedelta(days=1), channel=Channel.COMMAND)

    assert labels(events_page(**search)) == found


def test_a_condition_that_cannot_be_read_is_said_so(bureau, events_page):
    happen(bureau)

    response = events_page(since="昨天")

    assert response.status_code == 200
    assert "有的条件读不懂" in response.content.decode()
    assert len(labels(response)) == 1


@pytest.mark.parametrize("number", ["0", "9999", "last", "99999999999999999999999"])
def test_a_page_that_is_not_there_is_no_error(bureau, events_page, number):
    happen(bureau)

    assert events_page(page=number).status_code == 200


@pytest.mark.parametrize("role", READERS)
def test_readers_see_their_own_bureau_and_no_other(client, bureau, role):
    other = BureauFactory()
    happen(bureau, subject=UnitFactory(name="自己的"))
    happen(other, subject=UnitFactory(name="别人的"))
    client.force_login(UserFactory(role=role, unit=bureau))

    assert labels(client.get(reverse("journal:events"))) == ["自己的"]


@pytest.mark.parametrize("role", [role for role in Role if role not in READERS])
def test_nobody_else_sees_that_there_is_a_journal(client, bureau, role):
    happen(bureau)
    client.force_login(UserFactory(role=role, unit=bureau))

    assert client.get(reverse("journal:events")).status_code == 404


def test_an_auditor_whose_time_is_over_sees_nothing(client, bureau):
    happen(bureau)
    auditor = AssignmentFactory(role=Role.AUDITOR, unit=bureau, ends_at=timezone.now() - timedelta(minutes=1)).user
    client.force_login(auditor)

    assert client.get(reverse("journal:events")).status_code == 404


def test_a_leader_of_a_division_sees_only_chains_below_it(client):
    division = DivisionFactory()
    happen(BureauFactory(), subject=UnitFactory(name="别人的"))
    client.force_login(UserFactory(role=Role.LEADER, unit=division))

    assert labels(client.get(reverse("journal:events"))) == []


def test_a_stranger_is_led_to_the_door(client):
    assert client.get(reverse("journal:events")).status_code == 302


def test_the_page_costs_the_same_with_one_event_and_with_three(bureau, events_page, django_assert_num_queries):
    happen(bureau, actor=UserFactory(), subject=RevisionFactory(), after={"value": 1})
    events_page()

    for _more in range(2):
        with django_assert_num_queries(5):
            events_page()
        happen(bureau, actor=UserFactory(), subject=RevisionFactory(), after={"value": 1})
        happen(bureau, actor=UserFactory(), subject=RevisionFactory(), after={"value": 1})
