"""Members come, end and are never renamed; who reports and which season is asked may change any time, by officers."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.enums import Role
from apps.journal.models import Event
from apps.plans.actions.members import (
    CodeTaken,
    EndsBeforeStart,
    MemberInUse,
    MemberRefused,
    MemberWords,
    NotOfficer,
    SeasonNotOver,
    add_members,
    add_season,
    change_member,
    follow_season,
    join,
    reassign,
)
from apps.plans.forms.members import read_block
from apps.plans.models import MeasureMember, Member, Season
from apps.plans.queries.members import member_groups
from apps.progress.actions import open_rounds
from apps.progress.models import Entry
from tests.factories import DivisionFactory, MemberFactory, NumberFactory, UserFactory
from tests.progress.world import NOW, TODAY, make_world

pytestmark = pytest.mark.django_db
NEW = MemberWords(code="440119", name="新区", starts_on=date(2016, 6, 1))


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world():
    made = make_world(is_open=False)
    made.measure.dimension = "district"
    made.measure.save()
    return made


@pytest.fixture
def officer(world):
    return world.people[Role.OFFICER]


def add(world, *rows, **more):
    person = more.pop("person", world.people[Role.OFFICER])
    return add_members(bureau=world.bureau, dimension="district", rows=rows, person=person, at=NOW, **more)


def test_the_published_districts_are_those_of_their_year(bureau):
    officer = UserFactory(role=Role.OFFICER, unit=bureau)

    def districts(year):
        groups = {group.dimension: group for group in member_groups(officer, bureau, year)}
        return {row.member.name for row in groups["district"].rows}, groups["district"].elsewhen

    before, hidden = districts(2013)
    after, _hidden = districts(2016)
    assert (before - after, after - before) == ({"萝岗区"}, {"从化区", "增城区"})
    assert hidden == 2
    assert districts(2014)[0] == before | after


def test_a_new_district_is_asked_from_its_first_day_on(world, officer):
    add(world, NEW, measures=[world.measure])
    open_rounds(bureau=world.bureau, today=TODAY, at=NOW)

    asked = Entry.objects.filter(member__name="新区").order_by("round__ends_on")
    assert [row.round.ends_on.month for row in asked] == [6, 7, 8]


def test_members_are_added_all_or_none(world):
    other = MemberWords(code="440120", name="又一区")
    with pytest.raises(CodeTaken, match="440119"):
        add(world, NEW, other, MemberWords(code="440119", name="重复"))
    with pytest.raises(EndsBeforeStart):
        add(world, other, MemberWords(code="x", name="倒", starts_on=date(2016, 2, 1), ends_on=date(2016, 1, 1)))
    assert not Member.objects.filter(code__in=["440119", "440120"]).exists()

    add(world, NEW, other)
    with pytest.raises(CodeTaken):
        add(world, NEW)
    assert Event.objects.filter(subject_type="plans.member", verb="add").count() == 2


def test_a_member_in_use_ends_but_is_not_renamed(world, officer):
    member = world.members[0]
    ended = MemberWords(code=member.code, name=member.name, ends_on=date(2016, 12, 31))
    with pytest.raises(MemberInUse, match="荔湾"):
        change_member(member=member, words=MemberWords(code=member.code, name="别名"), person=officer, at=NOW)
    change_member(member=member, words=ended, person=officer, at=NOW)

    member.refresh_from_db()
    assert (member.name, member.ends_on) == ("荔湾", date(2016, 12, 31))
    (event,) = Event.objects.filter(subject_type="plans.member", verb="change")
    assert (event.before, event.after) == ({"ends_on": None}, {"ends_on": "2016-12-31"})


def test_a_member_nobody_uses_yet_may_be_put_right(world, officer):
    member = MemberFactory(bureau=world.bureau, dimension="district", name="错字")
    change_member(member=member, words=MemberWords(code="440199", name="对了"), person=officer, at=NOW)

    member.refresh_from_db()
    assert (member.code, member.name) == ("440199", "对了")
    with pytest.raises(CodeTaken):
        change_member(member=member, words=MemberWords(code=world.members[0].code, name="对了"), person=officer, at=NOW)


def test_another_unit_reports_from_now_on_and_open_cells_stay(world, officer):
    unit = DivisionFactory(parent=world.bureau, name="区办")
    open_rounds(bureau=world.bureau, today=date(2016, 8, 31), at=NOW)
    membership = MeasureMember.objects.get(measure=world.measure, member=world.members[0])

    reassign(membership=membership, reporting_unit=unit, starts_on=None, ends_on=None, person=officer, at=NOW)
    open_rounds(bureau=world.bureau, today=TODAY, at=NOW)

    cells = Entry.objects.filter(member=world.members[0]).order_by("round__ends_on")
    assert [row.reporting_unit for row in cells][-2:] == [world.division, unit]
    (event,) = Event.objects.filter(subject_type="plans.measuremember")
    assert (event.before, event.after) == ({"reporting_unit": ""}, {"reporting_unit": "区办"})


def test_a_unit_of_another_bureau_reports_nothing_here(world, officer):
    membership = MeasureMember.objects.filter(measure=world.measure).first()
    with pytest.raises(MemberRefused, match="不是本单位的机构"):
        reassign(
            membership=membership,
            reporting_unit=make_world(is_open=False).division,
            starts_on=None,
            ends_on=None,
            person=officer,
            at=NOW,
        )


def test_a_member_joins_a_measure_once_and_of_its_own_dimension(world, officer):
    (fresh,) = add(world, NEW)
    channel = MemberFactory(bureau=world.bureau, dimension="channel")
    join(measure=world.measure, member=fresh, starts_on=date(2017, 1, 1), person=officer, at=NOW)

    for member in (fresh, channel):
        with pytest.raises(MemberRefused):
            join(measure=world.measure, member=member, starts_on=None, person=officer, at=NOW)
    assert MeasureMember.objects.get(member=fresh).starts_on == date(2017, 1, 1)


# Seasons --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def seasons(world, officer):
    """Return last and next school year; the measure is asked in the last one."""
    made = [
        add_season(
            bureau=world.bureau,
            name=f"{year}学年",
            starts_on=date(year, 9, 1),
            ends_on=date(year + 1, 8, 31),
            person=officer,
            at=NOW,
        )
        for year in (2015, 2016)
    ]
    world.measure.frequency, world.measure.season = "season", made[0]
    world.measure.save()
    return made


def test_a_measure_goes_on_to_the_next_school_year_and_keeps_the_months_of_the_last(world, officer, seasons):
    open_rounds(bureau=world.bureau, today=TODAY, at=NOW)
    months = set(Entry.objects.values_list("round__ends_on", flat=True))

    follow_season(measures=[world.measure], season=seasons[1], today=TODAY, person=officer, at=NOW)
    open_rounds(bureau=world.bureau, today=date(2016, 10, 10), at=NOW)

    assert max(months) == date(2016, 8, 31)
    assert set(Entry.objects.values_list("round__ends_on", flat=True)) - months == {date(2016, 9, 30)}
    (event,) = Event.objects.filter(subject_type="plans.measure")
    assert (event.before, event.after) == ({"season": "2015学年"}, {"season": "2016学年"})


def test_a_season_is_not_left_before_it_is_over_nor_gone_back_to(world, officer, seasons):
    with pytest.raises(SeasonNotOver, match="2016-08-31"):
        follow_season(measures=[world.measure], season=seasons[1], today=date(2016, 8, 31), person=officer, at=NOW)
    follow_season(measures=[world.measure], season=seasons[1], today=TODAY, person=officer, at=NOW)
    with pytest.raises(MemberRefused, match="更晚"):
        follow_season(measures=[world.measure], season=seasons[0], today=date(2017, 9, 1), person=officer, at=NOW)


def test_seasons_have_one_name_and_one_direction(world, officer, seasons):
    days = {"starts_on": date(2017, 9, 1), "ends_on": date(2018, 8, 31)}
    with pytest.raises(CodeTaken):
        add_season(bureau=world.bureau, name="2016学年", person=officer, at=NOW, **days)
    with pytest.raises(EndsBeforeStart):
        add_season(
            bureau=world.bureau,
            name="倒",
            starts_on=days["ends_on"],
            ends_on=days["starts_on"],
            person=officer,
            at=NOW,
        )
    assert Season.objects.count() == 2


@pytest.mark.parametrize("role", [Role.REPORTER, Role.HEAD, Role.LEADER, Role.FINANCE, Role.AUDITOR, Role.ADMIN])
def test_only_officers_keep_members_and_seasons(world, seasons, role):
    person = world.people[role]
    membership = MeasureMember.objects.filter(measure=world.measure).first()
    days = {"starts_on": date(2017, 9, 1), "ends_on": date(2018, 8, 31)}
    deeds = [
        lambda: add(world, NEW, person=person),
        lambda: change_member(member=world.members[0], words=NEW, person=person, at=NOW),
        lambda: join(measure=world.measure, member=world.members[0], starts_on=None, person=person, at=NOW),
        lambda: reassign(membership=membership, reporting_unit=None, person=person, at=NOW, **days),
        lambda: add_season(bureau=world.bureau, name="x", person=person, at=NOW, **days),
        lambda: follow_season(measures=[world.measure], season=seasons[1], today=TODAY, person=person, at=NOW),
    ]
    before = Event.objects.count()
    for deed in deeds:
        with pytest.raises(NotOfficer):
            deed()
    assert Event.objects.count() == before


# Pasting --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("440119\t新区\t2016-06-01\t", [("440119", "新区", date(2016, 6, 1), None)]),
        (
            "编码\t名称\t启用\t停用\n1\t甲\n\n2\t乙\t\t2014年2月11日",
            [("1", "甲", None, None), ("2", "乙", None, date(2014, 2, 11))],
        ),
        ("1,甲,2016/1/2\n2，乙", [("1", "甲", date(2016, 1, 2), None), ("2", "乙", None, None)]),
        ("1 甲 2016.1.2", [("1", "甲", date(2016, 1, 2), None)]),
    ],
)
def test_a_block_is_read_as_sheets_and_people_write_it(text, rows):
    block = read_block(text)

    assert [(row.code, row.name, row.starts_on, row.ends_on) for row in block.rows] == rows
    assert block.errors == []


def test_every_wrong_row_says_what_is_wrong_with_it():
    lines = [
        "1\t甲",
        "2",
        "1\t重复",
        "3\t丙\t昨天",
        "4\t丁\t2016-02-30",
        "5\t戊\t2016-02-01\t2016-01-01",
        "old\t旧",
        "6\ta\tb\tc\td",
    ]

    assert read_block("\n".join(lines), {"old"}).errors == [
        "第 2 行：要有编码和名称。",
        "第 3 行：编码“1”已有。",
        "第 4 行：“昨天”不是日期，应如 2014-02-12。",
        "第 5 行：“2016-02-30”不是日期，应如 2014-02-12。",
        "第 6 行：停用日期早于启用日期。",
        "第 7 行：编码“old”已有。",
        "第 8 行：多于四列，应为编码、名称、启用、停用。",
    ]


# Pages ----------------------------------------------------------------------------------------------------------------


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def test_a_block_with_one_wrong_row_keeps_nothing_and_stays_typed(world, officer):
    path = reverse("plans:member_new", args=["district"])
    block = "440119\t新区\n440120"

    answer = client_of(officer).post(path, {"deed": "paste", "block-block": block})
    assert answer.status_code == 422
    assert "第 2 行：要有编码和名称。" in answer.content.decode()
    assert block in answer.content.decode()
    assert not Member.objects.filter(code="440119").exists()

    client_of(officer).post(path, {"deed": "paste", "block-block": f"{block}\t又一区", "block-joins": "on"})
    assert set(world.measure.members.filter(code__startswith="4401").values_list("name", flat=True)) == {
        "新区",
        "又一区",
    }


def test_the_pages_of_members_do_what_they_say(world, officer, seasons):
    client, member = client_of(officer), world.members[0]
    membership = MeasureMember.objects.get(measure=world.measure, member=member)
    typed = {"code": member.code, "name": member.name, "ends_on": "2016-12-31", "unit": world.division.pk}

    assert client.post(reverse("plans:member", args=[member.pk]), typed).status_code == 302
    assert (
        client.post(reverse("plans:membership", args=[membership.pk]), {"reporting_unit": world.bureau.pk}).status_code
        == 302
    )
    assert (
        client.post(reverse("plans:season", args=[seasons[1].pk]), {"measures": [world.measure.pk]}).status_code == 302
    )
    days = {"name": "2017学年", "starts_on": "2017-09-01", "ends_on": "2018-08-31"}
    assert client.post(reverse("plans:season_new"), days).status_code == 302

    member.refresh_from_db(), membership.refresh_from_db(), world.measure.refresh_from_db()
    assert (member.ends_on, member.unit, membership.reporting_unit) == (
        date(2016, 12, 31),
        world.division,
        world.bureau,
    )
    assert (world.measure.season, Season.objects.count()) == (seasons[1], 3)


def test_another_bureaus_members_are_not_there(world, officer):
    other = make_world(is_open=False)
    membership = MeasureMember.objects.filter(measure=other.measure).first()
    client = client_of(officer)

    assert client.get(reverse("plans:measure", args=[world.measure.pk])).status_code == 200
    for name, row in (("member", other.members[0]), ("measure", other.measure)):
        assert client.get(reverse(f"plans:{name}", args=[row.pk])).status_code == 404
    assert client.post(reverse("plans:membership", args=[membership.pk])).status_code == 404
    assert client.get(f"/plans/members/?bureau={other.bureau.code}").status_code == 404


def test_a_division_sees_the_members_of_all_and_the_measures_of_its_own(world, officer):
    foreign = NumberFactory(bureau=world.bureau, members=world.members, name="别的处室的数据项")
    path = reverse("plans:measure", args=[foreign.pk])

    assert "别的处室的数据项" in client_of(officer).get("/plans/members/").content.decode()
    assert client_of(officer).get(path).status_code == 200
    page = client_of(world.reporter).get("/plans/members/").content.decode()
    assert world.measure.name in page
    assert "别的处室的数据项" not in page
    assert client_of(world.reporter).get(path).status_code == 404


@pytest.mark.parametrize("page", ["members", "measure"])
def test_three_times_the_members_cost_no_more(world, officer, page):
    path = reverse("plans:members") if page == "members" else reverse("plans:measure", args=[world.measure.pk])

    def cost():
        client = client_of(officer)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    one = cost()
    NumberFactory(bureau=world.bureau, members=world.members)
    add(world, NEW, *(MemberWords(code=str(code), name=str(code)) for code in range(6)), measures=[world.measure])

    assert cost() == one <= 12
