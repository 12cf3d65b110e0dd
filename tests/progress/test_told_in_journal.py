"""What the journal says of monitorings, in the words and units of the form."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.enums import Role
from apps.journal.enums import Verb
from apps.journal.models import Event
from apps.journal.queries.subjects import subjects_of
from apps.journal.tables import EventTable, differences
from apps.plans.models import Plan
from apps.progress.actions.monitoring import add_monitorings
from tests.factories import PlanVersionFactory
from tests.progress.monitorings import open_half, said, submit
from tests.progress.world import NOW

pytestmark = pytest.mark.django_db


def told(event) -> dict[str, str]:
    """Return what the journal prints of an event, by the word before it."""
    return {row.word: row.after for row in differences(event, subjects_of([event]))}


def test_a_step_names_the_number_of_its_report_and_no_other_row(world):
    other = open_half(world, month=7, title="1—7月")
    submit(world, other)
    submit(world, open_half(world))

    event = Event.objects.filter(verb=Verb.SUBMIT, subject_type="progress.monitoring").latest("pk")

    assert told(event) == {"状态": "处室审核", "版本": "1"}


def test_a_report_is_told_by_indicators_in_their_units(world):
    world.count([(8_000, 10_000), (9_000, 10_000), (8_500, 10_000)], month=6)
    words = {"likelihood": "possible", "causes": ("staff",), "cause": "人手不足", "remedy": "增派协管员"}

    submit(world, open_half(world), said(world, estimate=Decimal("89.5"), **words))
    lines = told(Event.objects.get(subject_type="progress.monitoringreport"))

    assert list(lines.values()) == ["执行情况 85.00 %；全年预计完成数 89.50 %；有可能；人员保障；人手不足；增派协管员"]
    assert next(iter(lines)).startswith(f"{world.indicator.code} ")


def test_amounts_are_told_in_wan(world):
    monitoring = open_half(world)
    event = Event(subject_type="progress.monitoringreport", subject_id=0, verb=Verb.ADD)
    event.after = {"money": {"general": ["17162887.5000", None]}}
    event.subject_id = submit(world, monitoring).pk

    assert told(event) == {"一般公共预算拨款": "执行 1,716.29 万元，全年预计 — 万元"}


def test_a_round_names_its_window_and_the_projects_that_came_later(world):
    asked = open_half(world).round
    Plan.objects.filter(pk=world.version.plan_id).update(year=2016)
    later = PlanVersionFactory(plan__project__bureau=world.bureau, plan__project__name="宣传经费")
    add_monitorings(row=asked, officer=world.people[Role.OFFICER], at=NOW)

    opened, added = Event.objects.filter(subject_type="progress.monitoringround").order_by("pk")

    assert told(opened)["监控期间"] == "2016-01-01、2016-06-30"
    assert told(added) == {"纳入的项目": str(later.plan.project.name)}


def test_three_reports_cost_no_more_than_one(world):
    def cost(events) -> int:
        table = EventTable(events)
        with CaptureQueriesContext(connection) as made:
            table.load(events)
            [table.render_change(event) for event in events]
        return len(made)

    for month in (4, 5, 6):
        submit(world, open_half(world, month=month, title=f"1—{month}月"))
    events = list(Event.objects.filter(subject_type="progress.monitoringreport"))

    assert cost(events) == cost(events[:1])
