"""What was known at a moment: the same as what stood there at that moment, replayed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.enums import Role
from apps.calendars.queries import SHANGHAI
from apps.plans.actions.decisions import Decision, decide_target
from apps.plans.enums import BudgetKind, Origin, Path, TargetStatus, VersionState
from apps.plans.models import Plan, Target
from apps.plans.queries import adjusted_budget, as_known, target_in_force
from apps.progress.actions import Cell, approve, open_rounds, return_, submit, take_back
from apps.progress.enums import EntryState, StandingStatus
from apps.progress.models import Entry, Standing
from apps.progress.queries import current_standings, executions, member_figures, trend
from apps.progress.queries.standings import FACTS
from tests.factories import (
    BudgetLineFactory,
    IndicatorTermsFactory,
    MoneyFactory,
    NumberFactory,
    PlanVersionFactory,
    TargetFactory,
)
from tests.prepared import prepared
from tests.progress.world import NOW, TODAY, World, make_world

pytestmark = pytest.mark.django_db

STEPS = 40
LIKELY = ("submit", "submit", "submit", "approve", "approve", "approve", "return", "take_back", "decide")


def make_busy_world() -> World:
    """Make a bureau with two indicators: a rate whose target is provisional, and a number that is added up."""
    world = make_world(status=TargetStatus.PROVISIONAL, value=Decimal(80))
    counted = NumberFactory(bureau=world.bureau, division=world.division, members=world.members)
    world.ask(counted, value=Decimal(500), path=Path.FROM_ZERO)
    return world


@dataclass
class Replay:
    """Things that people do one after another, and what the pages said after each."""

    world: World
    chance: Random
    at: datetime = NOW

    @property
    def today(self) -> date:
        return self.at.astimezone(SHANGHAI).date()

    @property
    def plan(self) -> Plan:
        return Plan.objects.select_related("project__execution", "approved__scheme").get(pk=self.world.version.plan_id)

    def step(self) -> str:
        """Do something that can be done; some hours later than the thing before."""
        self.at += timedelta(hours=self.chance.randint(1, 40), minutes=self.chance.randint(0, 59))
        deed = self.chance.choice(LIKELY)
        getattr(self, deed)()
        return deed

    def submit(self):
        entries = list(Entry.objects.select_related("latest", "measure").order_by("pk"))
        entry = self.chance.choice(entries)
        part = self.chance.randint(40, 100)
        whole = {"numerator": Decimal(part), "denominator": Decimal(100)}
        values = whole if entry.measure_id == self.world.measure.pk else {"value": Decimal(part)}
        cell = Cell(
            entry.pk, values, seen=entry.latest.number if entry.latest else 0, note="核对过", reason="按台账更正"
        )
        submit(cells=[cell], person=self.world.reporter, today=self.today, at=self.at)

    def approve(self):
        if waiting := self._in(EntryState.SUBMITTED):
            approve(revision_ids=waiting, reviewer=self.world.head, today=self.today, at=self.at)

    def return_(self):
        if waiting := self._in(EntryState.SUBMITTED):
            return_(revision_ids=waiting, reviewer=self.world.head, reason="请核对", at=self.at)

    def take_back(self):
        counting = list(Entry.objects.approved().order_by("pk").values_list("approved", flat=True))
        if counting:
            chosen = [self.chance.choice(counting)]
            take_back(revision_ids=chosen, reviewer=self.world.head, reason="填错了", today=self.today, at=self.at)

    def decide(self):
        """Decide the target that was left open, once; later documents bring provisional ones."""
        indicator = self.world.indicator
        if Target.objects.filter(indicator=indicator).count() == 1:
            decide_target(
                indicator=indicator,
                decision=Decision(value=Decimal(self.chance.randint(60, 95))),
                document="市政府办公会议纪要",
                decided_by="市政府",
                effective_on=self.today + timedelta(days=self.chance.randint(-3, 3)),
                person=self.world.people[Role.OFFICER],
                at=self.at,
            )

    def _in(self, state: EntryState) -> list[int]:
        rows = list(Entry.objects.filter(state=state).order_by("pk").values_list("latest", flat=True))
        return self.chance.sample(rows, min(len(rows), self.chance.randint(1, 3)))

    def said(self, known_at: datetime | None = None, today: date | None = None) -> dict:
        """Return what the pages say of the plan."""
        day, plan = today or self.today, self.plan
        as_known([plan], known_at)
        standings = current_standings([plan], day, known_at)
        return {
            "standings": {pk: {name: getattr(row, name) for name in FACTS} for pk, row in standings.items()},
            "members": [
                (row.member.pk, row.value, row.is_met, row.is_reported, row.gap)
                for row in member_figures(self.world.indicator, day, known_at=known_at)
            ],
            "trend": [
                (row.round.pk, row.value, row.reported) for row in trend(self.world.measure, 2016, day, known_at)
            ],
        }


setattr(Replay, "return", Replay.return_)


@pytest.mark.parametrize("seed", [5, 31, 2016])
def test_every_moment_is_answered_as_it_was_answered_then(seed):
    replay = Replay(prepared(make_busy_world), Random(seed))
    remembered, deeds = [], set()
    for _step in range(STEPS):
        deeds.add(replay.step())
        remembered.append((replay.at, replay.today, replay.said()))

    asked = [(at, today, replay.said(known_at=at, today=today)) for at, today, _said in remembered]

    assert deeds == set(LIKELY)
    assert len({str(said) for _at, _today, said in remembered}) > STEPS // 3
    assert asked == remembered


@pytest.fixture
def busy(db):
    return prepared(make_busy_world)


def known(world, at, today=TODAY):
    plan = Plan.objects.select_related("project__execution").get(pk=world.version.plan_id)
    as_known([plan], at)
    return plan, current_standings([plan], today, at)


def test_nothing_was_known_before_anything_was(busy):
    busy.count([(90, 100)] * 3)

    plan, standings = known(busy, NOW - timedelta(hours=1), date(2016, 9, 5))
    before, nothing = known(busy, datetime(2015, 12, 31, tzinfo=SHANGHAI), date(2015, 12, 31))

    assert {row.status for row in standings.values()} == {StandingStatus.NOT_REPORTED}
    assert (plan.approved, before.approved, nothing) == (busy.version, None, {})


def test_what_is_stored_is_left_as_it_is(busy):
    busy.count([(90, 100)] * 3)
    stored = list(Standing.objects.order_by("pk").values())

    known(busy, NOW - timedelta(days=1), date(2016, 9, 5))

    assert list(Standing.objects.order_by("pk").values()) == stored


def test_a_target_counts_from_when_it_was_entered_and_not_from_when_it_took_effect(busy):
    later = NOW + timedelta(days=3)
    TargetFactory(
        indicator=busy.indicator, number=2, value=Decimal(95), effective_on=date(2016, 2, 1), entered_at=later
    )

    values = [
        target_in_force([busy.indicator], date(2016, 9, 9), at)[busy.indicator.pk].value
        for at in (later - timedelta(seconds=1), later, None)
    ]

    assert values == [80, 95, 95]


def test_a_published_target_is_known_whenever_it_was_loaded(busy):
    TargetFactory(
        indicator=busy.indicator,
        number=2,
        value=Decimal(95),
        origin=Origin.PUBLISHED,
        effective_on=date(2016, 1, 1),
        entered_at=NOW + timedelta(days=3650),
    )

    assert target_in_force([busy.indicator], TODAY, NOW)[busy.indicator.pk].value == 95


def test_an_adjustment_is_known_from_its_approval_with_its_target_money_and_words(busy):
    approved_at = NOW + timedelta(days=2)
    version = PlanVersionFactory(plan=busy.version.plan, number=2, approved_at=approved_at)
    IndicatorTermsFactory(version=version, indicator=busy.indicator, name="纳管率（调整）")
    TargetFactory(indicator=busy.indicator, version=version, number=2, value=Decimal(70), effective_on=date(2016, 8, 1))
    BudgetLineFactory(plan=version.plan, amount=Decimal(100))
    BudgetLineFactory(plan=version.plan, version=version, kind=BudgetKind.ADJUSTMENT, amount=Decimal(-30))
    Plan.objects.filter(pk=version.plan_id).update(approved=version)

    def said(at):
        plan, standings = known(busy, at, date(2016, 9, 9))
        money = adjusted_budget([plan], at).get(plan.pk)
        target = target_in_force([busy.indicator], date(2016, 9, 9), at)[busy.indicator.pk].value
        return plan.approved_id, target, money, len(standings)

    assert said(approved_at - timedelta(seconds=1)) == (busy.version.pk, 80, 100, 2)
    assert said(approved_at) == (version.pk, 70, 70, 1)


def test_a_draft_is_never_known(busy):
    draft = PlanVersionFactory(plan=busy.version.plan, number=2, state=VersionState.DRAFT, approved_at=None)
    TargetFactory(indicator=busy.indicator, version=draft, number=2, value=Decimal(70))

    plan, standings = known(busy, NOW)

    assert (plan.approved, standings[busy.indicator.pk].target.value) == (busy.version, 80)


def test_money_spent_is_known_from_its_review(busy):
    plan = busy.version.plan
    measure = MoneyFactory(bureau=busy.bureau, division=busy.division)
    plan.project.execution = measure
    plan.project.save()
    BudgetLineFactory(plan=plan, amount=Decimal(1000))
    open_rounds(bureau=busy.bureau, today=TODAY, at=NOW)
    busy.count([Decimal(250)], measure=measure)

    before = executions([plan], TODAY, NOW - timedelta(seconds=1))[plan.pk]
    then = executions([plan], TODAY, NOW)[plan.pk]

    assert (before.executed, before.budget) == (None, 1000)
    assert then == executions([plan], TODAY)[plan.pk]
    assert then.executed == 250


def test_a_past_day_costs_the_same_with_one_review_and_with_many(busy):
    def cost():
        with CaptureQueriesContext(connection) as found:
            known(busy, NOW + timedelta(days=9), date(2016, 9, 15))
        return len(found)

    busy.count([(90, 100)])
    few = cost()
    for month in (1, 2, 3, 4, 5, 6, 7):
        busy.count([(90, 100), (80, 100), (70, 100)], month)
        busy.approve(busy.submit([(91, 100)], month, reason="更正"))

    assert cost() == few <= 8
