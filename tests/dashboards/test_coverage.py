"""Whose figures count, whose wait for their review, and who has to be asked: told apart wherever it is said."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from apps.accounts.enums import Role
from apps.journal.actions import Change, record
from apps.journal.enums import Verb
from apps.plans.enums import Accumulation
from apps.progress.enums import EntryState, Verdict
from apps.progress.queries import coverages, current_standings
from apps.progress.queries.members import member_figures, trend
from tests.dashboards.world import MORNING, TODAY
from tests.factories import ReviewFactory, RevisionFactory, RoundFactory

pytestmark = pytest.mark.django_db


def hand_in(entry, *, at=MORNING, number=1):
    """Let a cell be reported and wait for its review."""
    revision = RevisionFactory(
        entry=entry, number=number, value=None, numerator=Decimal(70), denominator=Decimal(100), submitted_at=at
    )
    type(entry).objects.filter(pk=entry.pk).update(state=EntryState.SUBMITTED, latest=revision)
    return revision


@pytest.fixture
def told(world):
    """Four districts in July: one counts, one waits, one was sent back, one is silent."""
    indicator = world.indicator(world.plan(), members=4)
    counts, waits, returned, _silent = world.cells(indicator, world.july)
    world.report(counts, 5)
    hand_in(waits)
    ReviewFactory(revision=hand_in(returned), verdict=Verdict.RETURNED, reason="请核对")
    type(returned).objects.filter(pk=returned.pk).update(state=EntryState.RETURNED)
    world.stand()
    return indicator


def names(rows):
    return [str(row) for row in rows]


def districts(indicator):
    rows = indicator.measure.memberships.select_related("member").order_by("member__position")
    return [str(row.member) for row in rows]


def words(answer):
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.content.decode()).split())


def test_who_handed_in_is_told_from_who_did_not(told):
    (found,) = coverages(current_standings([told.plan], TODAY).values(), TODAY).values()

    _first, second, third, fourth = districts(told)
    assert (found.reviewed, found.asked) == (1, 4)
    assert (names(found.waiting), names(found.missing)) == ([second], [third, fourth])


@pytest.mark.parametrize("name", ["board", "project", "indicator"])
def test_pages_name_them_apart(world, told, see, name):
    own = {"project": [told.plan_id], "indicator": [told.pk]}.get(name, [])

    page = words(see(world.person(Role.LEADER), reverse(f"dashboards:{name}", args=own)))

    _first, second, third, fourth = districts(told)
    assert f"1/4 已审，1 待审：{second}；缺：{third}、{fourth}" in page


def test_members_and_the_heat_list_mark_who_waits(world, told, see):
    leader = world.person(Role.LEADER)

    members = words(see(leader, reverse("dashboards:members", args=[told.pk])))
    heat = words(see(leader, reverse("dashboards:heat", args=[2016])))

    assert (members.count("◔ 待审"), members.count("○ 未报"), members.count("● 已审")) == (1, 2, 1)
    assert (heat.count("◔ 待审"), heat.count("○ 未报")) == (1, 2)
    assert [row.is_waiting for row in sorted(member_figures(told, TODAY), key=lambda row: row.member.position)] == [
        False,
        True,
        False,
        False,
    ]
    assert [(point.reported, point.waiting, point.asked) for point in trend(told.measure, 2016, TODAY)] == [(1, 1, 4)]


def test_it_is_said_as_it_was_known(world, told, see):
    measure_cells = told.measure.entries.order_by("member__position")
    waits = measure_cells[1]
    waits.latest.reviews.create(
        verdict=Verdict.APPROVED,
        reviewer=world.person(Role.HEAD, world.division),
        reviewed_at=datetime(2016, 9, 6, 3, tzinfo=UTC),
    )
    before = datetime(2016, 9, 6, 2, tzinfo=UTC)

    (found,) = coverages(current_standings([told.plan], TODAY).values(), TODAY, before).values()
    (then,) = coverages(
        current_standings([told.plan], TODAY).values(), TODAY, datetime(2016, 9, 1, tzinfo=UTC)
    ).values()

    assert names(found.waiting) == [districts(told)[1]]
    assert names(then.waiting) == []


def test_a_sum_waits_only_where_nothing_of_it_is_missing(world):
    indicator = world.indicator(world.plan(), members=2)
    type(indicator.measure).objects.filter(pk=indicator.measure.pk).update(
        accumulation=Accumulation.INCREMENT, denominator_accumulation=Accumulation.INCREMENT
    )
    (first, second), (one, _two) = (
        world.cells(indicator, RoundFactory(bureau=world.bureau, month=6)),
        world.cells(indicator, world.july),
    )
    hand_in(first)
    hand_in(one)
    hand_in(second)
    world.stand()

    (found,) = coverages(current_standings([indicator.plan], TODAY).values(), TODAY).values()

    assert (names(found.waiting), names(found.missing)) == ([str(first.member)], [str(second.member)])


def test_many_events_of_one_act_are_one_line(world, see):
    cells = world.cells(world.indicator(world.plan(), members=3))
    revisions = [hand_in(entry) for entry in cells]
    changes = [Change(Verb.SUBMIT, row) for row in revisions[:2]] + [Change(Verb.CORRECT, revisions[2])]
    record(bureau=world.bureau, actor=None, changes=changes, at=MORNING)

    page = words(see(world.person(Role.LEADER), "/"))

    assert f"更正、提交 · {cells[2]} 等 3 项" in page
    assert page.count(str(cells[0].measure)) == 1


def test_an_extra_round_stands_under_its_own_day(world, see):
    indicator = world.indicator(world.plan(), members=1)
    extra = RoundFactory(
        bureau=world.bureau,
        title="节前检查",
        opened_by=world.person(Role.OFFICER),
        starts_on=world.july.starts_on,
        ends_on=world.july.ends_on.replace(day=15),
    )
    for asked in (world.july, extra):
        world.report(world.cells(indicator, asked)[0], 60)
    world.stand()

    page = see(world.person(Role.LEADER), reverse("dashboards:indicator", args=[indicator.pk])).content.decode()

    assert (page.count(">7月</text>"), page.count(">7-15</text>")) == (1, 1)
