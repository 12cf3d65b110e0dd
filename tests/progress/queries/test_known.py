"""What was known at a moment: the same as what stood there at that moment, replayed."""

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.calculation.periods import Period
from apps.calendars.queries import SHANGHAI
from apps.dashboards.queries import board
from apps.plans.actions.decisions import Decision, decide_target
from apps.plans.actions.results import note_result
from apps.plans.enums import BudgetKind, Origin, Path, TargetStatus, VersionState
from apps.plans.models import MeasureMember, Member, Plan, Target
from apps.plans.queries import adjusted_budget, as_known, target_in_force
from apps.progress.actions import (
    Cell,
    approve,
    close_round,
    move_due_day,
    open_extra_round,
    open_rounds,
    rebuild_standings,
    reopen_round,
    return_,
    submit,
    take_back,
)
from apps.progress.enums import EntryState, StandingStatus
from apps.progress.models import Entry, Round, Standing
from apps.progress.queries import current_standings, drifts, executions, member_figures, trend
from apps.progress.queries.standings import FACTS
from tests.factories import (
    BudgetLineFactory,
    IndicatorTermsFactory,
    MemberFactory,
    MoneyFactory,
    NumberFactory,
    PlanVersionFactory,
    TargetFactory,
)
from tests.prepared import prepared
from tests.progress.world import NOW, TODAY, World, make_world

pytestmark = pytest.mark.django_db

SEEDS = (31, 2016, 7, 100) if os.environ.get("PERFTRACK_LONG") else (31,)
STEPS = 60
LIKELY = (
    *("submit", "submit", "submit", "approve", "approve", "approve", "return", "take_back", "decide"),
    *("move", "turn", "extra", "end", "join", "note"),
)


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
        self.at += timedelta(hours=self.chance.randint(1, 30), minutes=self.chance.randint(0, 59))
        open_rounds(bureau=self.world.bureau, today=self.today, at=self.at)  # as every night does
        deed = self.chance.choice(LIKELY)
        getattr(self, deed)()
        return deed

    def submit(self):
        asked = Entry.objects.filter(round__closed_at=None)
        entries = list(asked.select_related("latest", "measure").order_by("pk"))
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

    def move(self):
        """Give a round another due day."""
        open_ones = Round.objects.filter(closed_at=None).order_by("pk")
        self.keep(
            move_due_day, row=self.chance.choice(open_ones), due_on=self.today + timedelta(self.chance.randint(0, 20))
        )

    def turn(self):
        """Close an open round, or open a closed one again."""
        row = self.chance.choice(Round.objects.order_by("pk"))
        self.keep(reopen_round if row.closed_at else close_round, row=row)

    def extra(self):
        """Ask for the rate once more, for days that are asked for already."""
        period = Period(date(2016, 8, 15), date(2016, 8, 31))
        words = {"title": f"加报 {self.at:%m%d%H%M}", "period": period, "measures": [self.world.measure]}
        self.keep(open_extra_round, bureau=self.world.bureau, due_on=self.today + timedelta(3), **words)

    def keep(self, deed, **what):
        deed(**what, reason="市里要求", officer=self.world.people[Role.OFFICER], today=self.today, at=self.at)

    def end(self):
        """End a member before the last rounds, or let it go on; the night takes its empty cells back, or asks again."""
        member = self.chance.choice(Member.objects.filter(bureau=self.world.bureau).order_by("pk"))
        member.ends_on = None if member.ends_on else date(2016, self.chance.randint(5, 8), 10)
        member.save()
        open_rounds(bureau=self.world.bureau, today=self.today, at=self.at)

    def join(self):
        """Break the rate down by one more member, whom the night asks in rounds that are open."""
        member = MemberFactory(bureau=self.world.bureau)
        MeasureMember.objects.create(measure=self.world.measure, member=member)
        open_rounds(bureau=self.world.bureau, today=self.today, at=self.at)

    def note(self):
        """Write last year's figure down, or correct it."""
        value = {"numerator": Decimal(self.chance.randint(50, 99)), "denominator": Decimal(100), "value": None}
        words = {"member": None, "document": "统计公报", "reason": "公报更正"}
        person = self.world.people[Role.OFFICER]
        note_result(measure=self.world.measure, year=2015, **value, **words, person=person, at=self.at)

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
            "late": [
                (row.measure.pk, row.round.pk, [member.pk for member in row.members])
                for row in board(self.world.people[Role.LEADER], 2016, day, known_at).late
            ],
        }


setattr(Replay, "return", Replay.return_)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_moment_is_answered_as_it_was_answered_then(seed):
    replay = Replay(prepared(make_busy_world), Random(seed))
    remembered, deeds = [], set()
    for step in range(STEPS):
        deeds.add(replay.step())
        if step % 2:  # what is done in between stands in what is remembered next
            remembered.append((replay.at, replay.today, replay.said()))

    asked = [(at, today, replay.said(known_at=at, today=today)) for at, today, _said in remembered]

    assert deeds == set(LIKELY)
    assert len({str(said) for _at, _today, said in remembered}) > STEPS // 4
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


def note(world, value, at, **more):
    figures = {"value": None, "numerator": Decimal(value), "denominator": Decimal(100)}
    words = {"member": None, "document": "统计公报", "person": world.people[Role.OFFICER]} | more
    return note_result(measure=world.measure, year=2015, **figures, **words, at=at)


def test_last_year_is_known_from_when_it_was_written_down_and_as_it_was_then(busy):
    first, corrected = NOW + timedelta(days=1), NOW + timedelta(days=3)
    note(busy, 95, first)
    note(busy, 85, corrected, reason="公报更正")
    day = date(2016, 9, 9)

    moments = (first - timedelta(seconds=1), first, corrected - timedelta(seconds=1), corrected)
    assert [known(busy, at, day)[1][busy.indicator.pk].baseline for at in moments] == [None, 95, 95, 85]
    assert current_standings([busy.version.plan], day)[busy.indicator.pk].baseline == 85


def test_a_result_counts_on_every_page_from_the_moment_it_is_written_down(busy):
    busy.count([(90, 100)] * 3)
    before = current_standings([busy.version.plan], TODAY)[busy.indicator.pk]
    assert (before.pk, before.baseline) == (Standing.objects.get(indicator=busy.indicator).pk, None)

    note(busy, 95, NOW)

    assert current_standings([busy.version.plan], TODAY)[busy.indicator.pk].baseline == 95
    assert list(drifts(busy.bureau)) == []
    rebuild_standings(bureau=busy.bureau, today=TODAY)
    assert current_standings([busy.version.plan], TODAY)[busy.indicator.pk].pk == before.pk
    assert list(drifts(busy.bureau)) == []


@pytest.fixture
def late(busy):
    """Return who was late with August on 15 September, as the board says it with what is known now, or was then."""
    day, leader = date(2016, 9, 15), User.objects.get(pk=busy.people[Role.LEADER].pk)
    row = busy.round_of(8)

    def said():
        found = board(leader, 2016, day, datetime(2016, 9, 15, 23, 59, tzinfo=SHANGHAI)).late
        return [
            (late.round.due_on, member.name)
            for late in found
            if (late.round, late.measure) == (row, busy.measure)
            for member in late.members
        ]

    return said


def test_who_was_late_stays_late_on_that_day_when_the_due_day_moves_or_the_round_is_closed(busy, late):
    words = {"row": busy.round_of(8), "reason": "顺延", "officer": busy.people[Role.OFFICER]}
    later = {"today": date(2016, 9, 20), "at": datetime(2016, 9, 20, 9, tzinfo=SHANGHAI)}
    was = late()

    move_due_day(due_on=date(2016, 9, 29), **words, **later)
    assert late() == was == [(date(2016, 9, 8), member.name) for member in busy.members]
    close_round(**words, **later)
    assert late() == was


def test_who_was_asked_on_a_day_does_not_change_with_who_is_asked_later(busy, late):
    busy.count([(92, 100)])
    later = {"today": date(2016, 9, 20), "at": datetime(2016, 9, 20, 9, tzinfo=SHANGHAI)}
    moment = datetime(2016, 9, 15, 23, 59, tzinfo=SHANGHAI)
    before = late(), known(busy, moment, date(2016, 9, 15))[1][busy.indicator.pk].missing

    Member.objects.filter(pk=busy.members[2].pk).update(ends_on=date(2016, 7, 31))
    new = MemberFactory(bureau=busy.bureau)
    MeasureMember.objects.create(measure=busy.measure, member=new)
    open_rounds(bureau=busy.bureau, **later)

    assert (late(), known(busy, moment, date(2016, 9, 15))[1][busy.indicator.pk].missing) == before
    assert before[1] == [busy.members[1].pk, busy.members[2].pk]
    now = current_standings([busy.version.plan], later["today"])[busy.indicator.pk]
    assert now.missing == [busy.members[1].pk, new.pk]


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
