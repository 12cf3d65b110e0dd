"""The journal as a page: searched by those who have to trust it, hidden from everybody else."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.enums import Role
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.progress.models import Entry
from tests.factories import (
    AssignmentFactory,
    BureauFactory,
    DivisionFactory,
    MoneyFactory,
    NumberFactory,
    RevisionFactory,
    UnitFactory,
    UserFactory,
)

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
    assert change.index("数值") < change.index("<del>1,200 件</del>") < change.index("1,180.5 件")
    assert change.index("来源") < change.index("<del>录入</del>") < change.index("表格导入")
    assert row.get_cell("reason") == "漏计一条街"
    assert row.get_cell("channel") == "表格导入"


def test_zero_is_zero_and_nothing_is_a_dash(bureau, events_page):
    happen(bureau, subject=RevisionFactory(), before={"value": None}, after={"value": Decimal(0)})

    change = events_page().context["table"].rows[0].get_cell("change")

    assert "<del>" not in change
    assert ">0 件</dd>" in change


def test_facts_that_are_no_columns_keep_their_names(bureau, events_page):
    happen(bureau, after={"days": 366, "made": {"plan": 12}, "is_done": True})

    change = events_page().context["table"].rows[0].get_cell("change")

    assert "366" in change
    assert "{&quot;plan&quot;: 12}" in change
    assert "是" in change


def test_a_long_change_is_folded(bureau, events_page):
    happen(bureau, after={f"事实{number}": number for number in range(1, 8)})
    happen(bureau, NOON + timedelta(hours=1), after={f"事实{number}": number for number in range(1, 9)})

    longer, long = (row.get_cell("change") for row in events_page().context["table"].rows)

    assert "<details" not in long
    assert longer.index("事实6") < longer.index("还有 2 项") < longer.index("事实7")


def test_moments_are_told_as_on_pages(bureau, events_page):
    happen(bureau, subject=RevisionFactory(), before={"submitted_at": None}, after={"submitted_at": NOON})

    assert "2016-09-02 12:00" in events_page().context["table"].rows[0].get_cell("change")


def test_what_stays_the_same_is_no_change(bureau, events_page):
    happen(bureau, subject=RevisionFactory(), before={"value": "7", "note": "同"}, after={"value": "8", "note": "同"})

    change = events_page().context["table"].rows[0].get_cell("change")

    assert "说明" not in change
    assert "<del>7 件</del>" in change


def test_rows_are_named_instead_of_numbered(bureau, events_page):
    earlier = RevisionFactory()
    later, other = RevisionFactory(entry=earlier.entry, number=2), RevisionFactory()
    happen(bureau, verb=Verb.SUBMIT, subject=earlier)
    happen(
        bureau,
        NOON + timedelta(hours=1),
        verb=Verb.TAKE_BACK,
        subject=later,
        before={"counts": later.pk},
        after={"counts": earlier.pk},
    )
    happen(
        bureau,
        NOON + timedelta(hours=1),
        verb=Verb.TAKE_BACK,
        subject=later,
        before={"counts": other.pk},
    )
    assigned = AssignmentFactory()
    happen(bureau, NOON + timedelta(hours=2), subject=assigned, after={"unit_id": assigned.unit_id, "role": "head"})

    first, third, second, _fourth = (row.get_cell("change") for row in events_page().context["table"].rows)

    assert str(assigned.unit) in first
    assert "处室负责人" in first
    assert "<del>本版本</del>" in second
    assert "第 1 版" in second
    assert str(other) in third


def test_rows_that_came_or_went_together_are_counted_by_kind(bureau, events_page):
    gone = {"removed": {"progress.revision": [1, 2, 9], "plans.target": []}}
    happen(bureau, verb=Verb.REMOVE, before=gone)
    happen(bureau, NOON + timedelta(hours=1), verb=Verb.LOAD, after={"rows": {"progress.review": [[1, 5], [7, 7]]}})

    load, removal = (row.get_cell("change") for row in events_page().context["table"].rows)

    assert "审核 6" in load
    assert "填报版本 3" in removal
    assert "指标值 0" in removal


def test_long_lists_end_in_a_count(bureau, events_page):
    happen(bureau, after={"plans": list(range(1, 21)), "members": ["440103", "440104"]})

    change = events_page().context["table"].rows[0].get_cell("change")

    assert "1、2、3、4、5、6、7、8、9、10、11、12等 20 项" in change
    assert "440103、440104" in change


@pytest.mark.parametrize(
    ("measure", "column", "value", "printed"),
    [
        (NumberFactory, "value", "1180.5", "1,180.5 件"),
        (MoneyFactory, "value", "920000.01", "92.000001 万元"),
        (MoneyFactory, "value", "1200000", "120.00 万元"),
        (NumberFactory, "numerator", "92000", "92,000"),
        (NumberFactory, "percent", "80", "80.00 %"),
    ],
)
def test_figures_stand_in_the_unit_of_pages_and_are_never_rounded(measure, column, value, printed):
    revision = RevisionFactory(entry__measure=measure())

    assert revision.printed(column, Decimal(value)) == printed


def test_a_row_leads_to_its_page_and_to_all_that_happened_to_it(bureau, events_page):
    revision, other = RevisionFactory(), RevisionFactory()
    happen(bureau, subject=revision)
    happen(bureau, subject=other)

    page = events_page(kind="progress.revision", about=revision.pk)

    assert labels(page) == [str(revision)]
    cell = page.context["table"].rows[0].get_cell("subject_label")
    assert reverse("progress:history", args=[revision.entry_id]) in cell
    assert f"?kind=progress.revision&amp;about={revision.pk}" in cell
    assert "只列一个对象的变更" in page.content.decode()


def test_a_row_that_is_gone_has_no_page(bureau, events_page, forge):
    revision = RevisionFactory()
    happen(bureau, subject=revision)
    Entry.objects.update(latest=None, approved=None)
    forge("DELETE FROM progress_revision WHERE id = %s", revision.pk)

    assert "/history/" not in events_page().context["table"].rows[0].get_cell("subject_label")


def test_the_whole_search_is_a_file_with_numbers_and_hashes(bureau, events_page):
    first = happen(bureau, subject=RevisionFactory(), after={"value": "1180.5"}, reason="=1+1")
    happen(bureau, NOON + timedelta(hours=1), verb=Verb.APPROVE, subject=RevisionFactory())

    answer = events_page(export="csv", verb="submit")

    head, row = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert head == "序号,时间,操作人,动作,对象类别,对象,变更前 → 变更后,原因,途径,哈希"
    assert row.startswith(
        f"{first.number},2016-09-02 12:00:00,系统,提交,填报版本,{first.subject_label},数值：1,180.5".split(":00:00")[0]
    )
    assert "'=1+1" in row
    assert row.endswith(first.hash)
    assert "变更日志" in unquote(answer.headers["Content-Disposition"])


def test_a_file_begins_with_the_oldest(bureau, events_page):
    happen(bureau, subject=UnitFactory(name="甲"))
    happen(bureau, NOON + timedelta(hours=1), subject=UnitFactory(name="乙"))

    rows = b"".join(events_page(export="csv").streaming_content).decode("utf-8-sig").splitlines()

    assert ["甲" in rows[1], "乙" in rows[2]] == [True, True]


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
        ({"text": "核减"}, ["甲"]),
        ({"text": "纳管率"}, ["乙"]),
        ({"kind": "accounts.unit"}, ["丙", "乙", "甲"]),
        ({"kind": "plans.target"}, []),
    ],
)
def test_the_journal_is_searched(bureau, events_page, search, found):
    happen(bureau, subject=UnitFactory(name="甲"), actor=UserFactory(name="王芳"), reason="核减")
    midnight = datetime(2016, 9, 2, 16, 0, tzinfo=UTC)  # in Shanghai the third has begun
    happen(bureau, subject=UnitFactory(name="乙"), at=midnight, verb=Verb.APPROVE, after={"name": "全市平均纳管率"})
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
        with django_assert_num_queries(6):
            events_page()
        happen(bureau, actor=UserFactory(), subject=RevisionFactory(), after={"value": 1})
        happen(bureau, actor=UserFactory(), subject=RevisionFactory(), after={"value": 1})
