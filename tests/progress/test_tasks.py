"""The nights of progress, and the check of what they wrote."""

import logging
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from apps.accounts.enums import Role
from apps.calculation.scheme_reading import SchemeRefused
from apps.calendars.models import DemonstrationDay
from apps.jobs.models import Job
from apps.journal.enums import Channel
from apps.journal.models import Event
from apps.plans.actions.members import MemberWords, change_member
from apps.plans.actions.results import note_result
from apps.plans.models import Plan
from apps.progress import tasks
from apps.progress.models import Entry, Round, Standing
from apps.progress.queries import drifts
from perftrack.celery import app
from tests.progress.world import make_world

pytestmark = pytest.mark.django_db

NEW_YEAR_NIGHT = datetime(2016, 12, 31, 16, 10, tzinfo=UTC)  # ten past midnight in Shanghai


def test_beat_knows_the_nights_by_their_names():
    names = {row["task"] for row in app.conf.beat_schedule.values()}

    known = (tasks.open_rounds, tasks.open_rounds_of_new_plans, tasks.redate_standings, tasks.check_standings)
    assert {task.name for task in known} <= names


@time_machine.travel(NEW_YEAR_NIGHT, tick=False)
def test_rounds_open_in_every_bureau_by_the_day_in_shanghai():
    worlds = [make_world(districts=1, is_open=False) for _number in range(2)]

    tasks.open_rounds()
    tasks.open_rounds()

    for world in worlds:
        assert Round.objects.filter(bureau=world.bureau).count() == 12
    assert {event.channel for event in Event.objects.all()} == {Channel.TASK}


@time_machine.travel(NEW_YEAR_NIGHT, tick=False)
def test_a_plan_that_was_approved_lately_does_not_wait_for_the_night():
    fresh, old = (make_world(districts=1, is_open=False) for _number in range(2))
    fresh.version.approved_at = NEW_YEAR_NIGHT - timedelta(minutes=14)
    fresh.version.save()

    tasks.open_rounds_of_new_plans()
    tasks.open_rounds_of_new_plans()

    assert Round.objects.filter(bureau=fresh.bureau).count() == 12
    assert not Round.objects.filter(bureau=old.bureau).exists()


@time_machine.travel(NEW_YEAR_NIGHT, tick=False)
def test_the_end_of_a_member_does_not_wait_for_the_night():
    world = make_world(districts=2)
    gone = world.members[0]
    words = MemberWords(code=gone.code, name=gone.name, ends_on=date(2016, 6, 30))
    change_member(member=gone, words=words, person=world.people[Role.OFFICER], at=NEW_YEAR_NIGHT)

    tasks.open_rounds_of_new_plans()

    assert Entry.objects.filter(member=gone).count() == 6
    assert Entry.objects.filter(member=world.members[1]).count() == 12


@time_machine.travel(NEW_YEAR_NIGHT, tick=False)
def test_stored_standings_take_in_a_result_that_was_written_down_lately(world):
    world.count([(9, 10)] * 3)
    tasks.redate_standings()
    result = {"value": None, "numerator": Decimal(95), "denominator": Decimal(100), "document": "统计公报"}
    person = world.people[Role.OFFICER]
    note_result(measure=world.measure, year=2015, member=None, **result, person=person, at=NEW_YEAR_NIGHT)
    assert Standing.objects.get().baseline is None

    tasks.open_rounds_of_new_plans()

    assert Standing.objects.get().baseline == 95
    assert list(drifts(world.bureau)) == []


@time_machine.travel(NEW_YEAR_NIGHT, tick=False)
def test_a_demonstration_stays_on_its_day():
    world = make_world(districts=1, is_open=False)
    DemonstrationDay.objects.create(date=date(2016, 3, 1))

    tasks.open_rounds()

    assert Round.objects.filter(bureau=world.bureau).count() == 2


@time_machine.travel(NEW_YEAR_NIGHT, tick=False)
def test_standings_are_dated_anew_as_they_would_be_worked_out():
    world = make_world()
    world.count([(9, 10), (9, 10), None])

    tasks.redate_standings()

    standing = Standing.objects.get()
    assert standing.dated_on == date(2017, 1, 1)
    assert list(drifts(world.bureau)) == []


def test_one_bureau_that_fails_keeps_no_other_from_its_night(caplog, monkeypatch):
    broken, sound = (make_world(districts=1, is_open=False) for _number in range(2))
    scheme = broken.version.scheme
    own = type(scheme).objects.create(code="broken", name="坏", name_en="broken", source="", content={})
    broken.version.scheme = own
    broken.version.save()

    with pytest.raises(tasks.BureausFailed, match=broken.bureau.code):
        tasks.redate_standings()

    assert set(Standing.objects.values_list("indicator", flat=True)) == {sound.indicator.pk}
    assert f"Could not date standings for {broken.bureau}" in caplog.text


def test_a_check_that_breaks_off_says_so_and_fails(world):
    world.count([(9, 10), (8, 10), (7, 10)])
    own = type(world.version.scheme).objects.create(code="broken", name="坏", name_en="broken", source="", content={})
    world.version.scheme = own
    world.version.save()

    with pytest.raises(SchemeRefused):
        tasks.check_standings()

    assert Job.objects.get().outcome == "核对中途出错，详见日志。"


class TestCheckStandings:
    def test_what_the_product_wrote_agrees(self, world):
        world.count([(9, 10), (8, 10), None])
        out = StringIO()

        call_command("check_standings", stdout=out)

        assert out.getvalue().strip() == "1 个指标的完成情况与数据相符。"

    def test_it_is_checked_at_the_day_it_was_stored_for(self, world):
        world.count([(9, 10), (8, 10), (7, 10)])

        with time_machine.travel(datetime(2019, 1, 1, tzinfo=UTC)):
            call_command("check_standings", stdout=StringIO())

    def test_a_figure_that_drifted_is_said_with_what_it_should_be(self, world, caplog):
        world.count([(9, 10), (8, 10), (7, 10)])
        Standing.objects.update(numerator=25, status="behind")
        err = StringIO()

        with pytest.raises(CommandError, match="2 处完成情况与数据不符。"):
            call_command("check_standings", stderr=err)

        assert err.getvalue().splitlines() == [
            f"{world.indicator}：分子存的是 25，按 2016-09-06 的数据应为 24。",
            f"{world.indicator}：状态存的是 behind，按 2016-09-06 的数据应为 on_pace。",
        ]
        with caplog.at_level(logging.ERROR, logger="apps.progress.tasks"):
            tasks.check_standings()
        assert "分子存的是 25，" in caplog.text

    def test_a_figure_changed_behind_the_back_drifts(self, world):
        world.count([(9, 10), (8, 10), (7, 10)])
        Entry.objects.filter(pk=world.cells()[0].pk).update(approved=None)

        assert "missing" in {drift.column for drift in drifts(world.bureau)}

    def test_an_unknown_value_is_a_dash(self, world):
        world.count([(9, 10), (8, 10), (7, 10)])
        Standing.objects.update(actual=None)

        assert "实际值存的是 —，" in next(drifts(world.bureau)).sentence

    def test_the_cost_does_not_depend_on_the_number_of_indicators(self, world, django_assert_num_queries):
        world.count([(9, 10), (8, 10), (7, 10)])
        with django_assert_num_queries(6):
            assert list(drifts(world.bureau)) == []
        for _number in range(3):
            world.ask(world.measure)
        tasks.redate_standings()
        with time_machine.travel(datetime(2016, 9, 6, tzinfo=UTC)):
            tasks.redate_standings()
        with django_assert_num_queries(6):
            assert list(drifts(world.bureau)) == []
        assert Plan.objects.count() == 1
