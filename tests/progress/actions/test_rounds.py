"""Opening rounds."""

from datetime import date, timedelta

import pytest

from apps.accounts.enums import UnitKind
from apps.accounts.models import User
from apps.calendars.models import CalendarDay
from apps.journal.enums import Channel, Verb
from apps.journal.models import Event
from apps.journal.queries import content_flaws
from apps.plans.enums import Frequency, Operator
from apps.plans.models import MeasureMember, Member, Season
from apps.progress.actions import discard_drafts, open_rounds, save_drafts
from apps.progress.models import Draft, Entry, Round
from apps.progress.queries import current_standings, drifts, open_grids
from apps.progress.queries.rounds import round_row
from tests.factories import (
    IndicatorFactory,
    IndicatorTermsFactory,
    MemberFactory,
    MilestoneFactory,
    MoneyFactory,
    PlanVersionFactory,
    ProjectFactory,
    RatioFactory,
    TargetFactory,
    UnitFactory,
)
from tests.progress.world import NOW, TODAY, make_world

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=14)


@pytest.fixture
def closed_world():
    return make_world(is_open=False)


def opened(world, today=TODAY, at=NOW, **more):
    return [(row.starts_on, row.ends_on) for row in open_rounds(bureau=world.bureau, today=today, at=at, **more)]


def also_on(world, measure):
    indicator = IndicatorFactory(plan=world.version.plan, measure=measure)
    return IndicatorTermsFactory(version=world.version, indicator=indicator)


def test_a_round_opens_the_day_after_its_period(closed_world):
    assert opened(closed_world, date(2016, 1, 31)) == []
    assert opened(closed_world, date(2016, 2, 1)) == [(date(2016, 1, 1), date(2016, 1, 31))]


def test_missed_nights_are_caught_up_and_a_second_run_does_nothing(closed_world):
    assert len(opened(closed_world)) == 8
    entries = set(Entry.objects.values_list("pk", flat=True))

    assert opened(closed_world) == []
    assert set(Entry.objects.values_list("pk", flat=True)) == entries
    assert len(entries) == 8 * 3


def test_a_round_is_due_on_the_eighth_or_the_working_day_before(closed_world):
    CalendarDay.objects.create(date=date(2016, 4, 8), is_workday=False, source="test")
    opened(closed_world)

    due = dict(Round.objects.values_list("starts_on", "due_on"))
    assert due[date(2016, 8, 1)] == date(2016, 9, 8)
    assert due[date(2016, 4, 1)] == date(2016, 5, 6)  # the eighth is a Sunday
    assert due[date(2016, 3, 1)] == date(2016, 4, 7)  # the eighth is a holiday


def test_december_is_counted_to_the_year_in_which_it_ends(closed_world):
    opened(closed_world, date(2017, 1, 1))

    last = Round.objects.order_by("-ends_on").first()
    assert (last.ends_on, last.fiscal_year, last.opens_on) == (date(2016, 12, 31), 2016, date(2017, 1, 1))


def test_a_milestone_can_be_reported_from_a_month_before_the_year_ends(closed_world):
    also_on(closed_world, MilestoneFactory(bureau=closed_world.bureau))
    early = opened(closed_world, date(2016, 11, 29))
    assert len(early) == 10
    assert (date(2016, 1, 1), date(2016, 12, 31)) not in early

    assert opened(closed_world, date(2016, 11, 30)) == [(date(2016, 1, 1), date(2016, 12, 31))]


@pytest.fixture
def bare_world():
    """The same in March, with nothing asked by the month in the way."""
    return make_world(is_open=False, is_planned=False)


def milestone(world, due_on, measure=None, **more):
    terms = also_on(world, measure or MilestoneFactory(bureau=world.bureau))
    TargetFactory(indicator=terms.indicator, operator=Operator.DATE, value=None, due_on=due_on, **more)
    return terms.indicator


def test_a_milestone_is_asked_from_a_month_before_its_due_date(bare_world):
    due = milestone(bare_world, date(2016, 8, 31))
    milestone(bare_world, date(2016, 12, 31))

    assert opened(bare_world, date(2016, 3, 15)) == []
    assert opened(bare_world, date(2016, 7, 31)) == []
    assert opened(bare_world, date(2016, 8, 1)) == [(date(2016, 1, 1), date(2016, 8, 31))]
    entry = Entry.objects.get()
    assert entry.measure == due.measure
    assert (entry.round.opens_on, entry.round.due_on, entry.round.fiscal_year) == (
        date(2016, 8, 1),
        date(2016, 9, 8),
        2016,
    )
    assert opened(bare_world, date(2016, 11, 29)) == []
    assert opened(bare_world, date(2016, 11, 30)) == [(date(2016, 1, 1), date(2016, 12, 31))]
    assert Entry.objects.count() == 2


def test_the_due_day_of_a_milestone_is_a_working_day(bare_world):
    milestone(bare_world, date(2016, 9, 30))
    CalendarDay.objects.create(date=date(2016, 10, 8), is_workday=False, source="test")
    CalendarDay.objects.create(date=date(2016, 10, 7), is_workday=False, source="test")
    opened(bare_world)

    assert Round.objects.get().due_on == date(2016, 10, 6)


def test_a_milestone_that_is_approved_late_is_asked_at_once(bare_world):
    milestone(bare_world, date(2016, 8, 31))

    assert opened(bare_world, TODAY) == [(date(2016, 1, 1), date(2016, 8, 31))]
    assert opened(bare_world, TODAY) == []
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("due_on", "ends_on"), [(date(2018, 6, 30), date(2016, 12, 31)), (date(2015, 6, 30), date(2016, 1, 1))]
)
def test_a_milestone_due_in_another_year_is_asked_in_its_own(bare_world, due_on, ends_on):
    milestone(bare_world, due_on)

    assert opened(bare_world, date(2016, 12, 1)) == [(date(2016, 1, 1), ends_on)]
    assert Round.objects.get().fiscal_year == 2016


def test_the_earliest_due_date_of_a_milestone_in_two_plans_counts(bare_world):
    first = milestone(bare_world, date(2016, 10, 31))
    milestone(bare_world, date(2016, 8, 31), first.measure)
    opened(bare_world, date(2016, 12, 31))

    assert Entry.objects.get().round.ends_on == date(2016, 8, 31)


def test_a_milestone_that_was_asked_is_not_asked_again_when_its_due_date_moves(bare_world):
    indicator = milestone(bare_world, date(2016, 8, 31))
    opened(bare_world, date(2016, 8, 1))
    TargetFactory(indicator=indicator, number=2, operator=Operator.DATE, value=None, due_on=date(2016, 10, 31))

    assert opened(bare_world, date(2016, 12, 31)) == []
    assert Entry.objects.count() == 1


def test_a_season_that_crosses_new_year_is_asked_by_the_month(closed_world):
    season = Season.objects.create(
        bureau=closed_world.bureau, name="学年", starts_on=date(2015, 9, 1), ends_on=date(2016, 8, 31)
    )
    measure = RatioFactory(bureau=closed_world.bureau, frequency=Frequency.SEASON, season=season)
    also_on(closed_world, measure)
    opened(closed_world)

    asked = Entry.objects.filter(measure=measure).order_by("round__starts_on")
    assert [entry.round.starts_on.month for entry in asked] == list(range(1, 9))
    assert {entry.round.season for entry in asked} == {season}


def test_a_school_year_counts_to_the_year_in_which_each_month_ends(closed_world):
    season = Season.objects.create(
        bureau=closed_world.bureau, name="学年", starts_on=date(2015, 9, 1), ends_on=date(2016, 8, 31)
    )
    measure = RatioFactory(bureau=closed_world.bureau, frequency=Frequency.SEASON, season=season)
    also_on(closed_world, measure)
    before = PlanVersionFactory(
        plan__project=closed_world.version.plan.project,
        plan__year=2015,
        starts_on=date(2015, 1, 1),
        ends_on=date(2015, 12, 31),
    )
    IndicatorTermsFactory(version=before, indicator=IndicatorFactory(plan=before.plan, measure=measure))
    opened(closed_world)

    asked = Entry.objects.filter(measure=measure).order_by("round__starts_on")
    assert [(row.round.starts_on.month, row.round.fiscal_year) for row in asked] == [
        *((month, 2015) for month in range(9, 13)),
        *((month, 2016) for month in range(1, 9)),
    ]


def test_a_season_from_the_middle_of_a_month_counts_a_month_across_new_year_to_the_year_it_ends_in(closed_world):
    season = Season.objects.create(
        bureau=closed_world.bureau, name="冬季", starts_on=date(2015, 12, 15), ends_on=date(2016, 2, 20)
    )
    measure = RatioFactory(bureau=closed_world.bureau, frequency=Frequency.SEASON, season=season)
    also_on(closed_world, measure)
    opened(closed_world)

    asked = Entry.objects.filter(measure=measure).order_by("round__starts_on")
    assert [(row.round.starts_on, row.round.ends_on, row.round.fiscal_year) for row in asked] == [
        (date(2015, 12, 15), date(2016, 1, 14), 2016),
        (date(2016, 1, 15), date(2016, 2, 14), 2016),
        (date(2016, 2, 15), date(2016, 2, 20), 2016),
    ]


@pytest.mark.parametrize(
    ("frequency", "eve", "expected"),
    [
        (Frequency.QUARTERLY, date(2016, 9, 30), [(1, 1, 4, 8), (4, 1, 7, 8)]),
        (Frequency.HALF_YEARLY, date(2016, 12, 31), [(1, 1, 7, 8)]),
        (Frequency.YEARLY, date(2016, 12, 31), []),
    ],
)
def test_longer_periods_open_after_their_last_day_and_are_due_on_the_eighth(bare_world, frequency, eve, expected):
    also_on(bare_world, RatioFactory(bureau=bare_world.bureau, frequency=frequency))
    opened(bare_world, eve)

    rows = Round.objects.order_by("starts_on")
    assert [(row.starts_on, row.due_on) for row in rows] == [
        (date(2016, month, day), date(2016, due_month, due_day)) for month, day, due_month, due_day in expected
    ]
    assert len(opened(bare_world, date.fromordinal(eve.toordinal() + 1))) == 1


def test_a_year_is_due_in_the_january_that_follows(bare_world):
    also_on(bare_world, RatioFactory(bureau=bare_world.bureau, frequency=Frequency.YEARLY))
    opened(bare_world, date(2017, 1, 1))

    row = Round.objects.get()
    assert (row.starts_on, row.ends_on, row.fiscal_year) == (date(2016, 1, 1), date(2016, 12, 31), 2016)
    assert (row.opens_on, row.due_on) == (date(2017, 1, 1), date(2017, 1, 6))  # the eighth is a Sunday


def test_where_holidays_reach_back_to_the_period_the_day_after_them_is_due(closed_world):
    for day in range(1, 9):
        CalendarDay.objects.create(date=date(2016, 10, day), is_workday=False, source="test")
    opened(closed_world, date(2016, 10, 1))

    last = closed_world.round_of(9)
    assert (last.opens_on, last.due_on) == (date(2016, 10, 1), date(2016, 10, 10))  # the ninth is a Sunday


def test_months_before_the_plan_begins_are_not_asked(closed_world):
    closed_world.version.starts_on = date(2016, 3, 15)
    closed_world.version.save()

    assert [starts_on.month for starts_on, _ends_on in opened(closed_world)] == [3, 4, 5, 6, 7, 8]
    assert Entry.objects.count() == 6 * 3


def test_a_closed_round_gets_no_new_cells_until_it_is_opened_again(closed_world):
    opened(closed_world)
    Round.objects.filter(pk=closed_world.round_of(8).pk).update(closed_at=NOW)
    late = MemberFactory(bureau=closed_world.bureau)
    MeasureMember.objects.create(measure=closed_world.measure, member=late)
    opened(closed_world)
    assert Entry.objects.filter(member=late).count() == 7

    Round.objects.update(closed_at=None)
    opened(closed_world)
    assert Entry.objects.filter(member=late).count() == 8


def test_what_a_person_opened_is_not_taken_for_the_round_of_its_month(closed_world):
    extra = Round.objects.create(
        bureau=closed_world.bureau,
        frequency=Frequency.MONTHLY,
        starts_on=date(2016, 8, 1),
        ends_on=date(2016, 8, 31),
        fiscal_year=2016,
        opens_on=date(2016, 9, 1),
        due_on=date(2016, 9, 9),
        title="专项检查",
        opened_by=closed_world.people["officer"],
    )

    assert len(opened(closed_world)) == 8
    assert not Entry.objects.filter(round=extra).exists()
    assert Entry.objects.filter(round__title="", round__starts_on=date(2016, 8, 1)).count() == 3


def test_a_milestone_asked_out_of_turn_is_still_asked_in_its_own_round(bare_world):
    indicator = milestone(bare_world, date(2016, 8, 31))
    extra = Round.objects.create(
        bureau=bare_world.bureau,
        frequency=Frequency.MILESTONE,
        starts_on=date(2016, 1, 1),
        ends_on=date(2016, 6, 30),
        fiscal_year=2016,
        opens_on=date(2016, 7, 1),
        due_on=date(2016, 7, 8),
        title="中期检查",
        opened_by=bare_world.people["officer"],
    )
    Entry.objects.create(
        measure=indicator.measure,
        member=indicator.measure.memberships.get().member,
        round=extra,
        reporting_unit=bare_world.division,
        reviewing_unit=bare_world.division,
    )

    assert opened(bare_world, date(2016, 8, 1)) == [(date(2016, 1, 1), date(2016, 8, 31))]


def test_only_measures_of_approved_plans_are_asked(closed_world):
    closed_world.version.plan.approved = None
    closed_world.version.plan.save()

    assert opened(closed_world) == []


def test_an_indicator_that_the_approved_version_does_not_know_is_not_asked(closed_world):
    dropped = IndicatorFactory(plan=closed_world.version.plan)
    opened(closed_world)

    assert not Entry.objects.filter(measure=dropped.measure).exists()


def test_a_measure_in_two_plans_is_asked_once(closed_world):
    also_on(closed_world, closed_world.measure)
    opened(closed_world)

    assert Entry.objects.filter(round=closed_world.round_of(8)).count() == 3


def test_the_money_of_a_plan_without_indicators_is_asked(closed_world):
    project = ProjectFactory(bureau=closed_world.bureau, execution=MoneyFactory(bureau=closed_world.bureau))
    PlanVersionFactory(plan__project=project)
    opened(closed_world)

    assert Entry.objects.filter(measure=project.execution).count() == 8


def test_the_unit_of_the_membership_reports_then_the_members_own_then_the_division(closed_world):
    units = [UnitFactory(parent=closed_world.bureau, kind=UnitKind.DISTRICT) for _number in range(2)]
    first, second, third = closed_world.members
    MeasureMember.objects.filter(member=first).update(reporting_unit=units[0])
    for member in (first, second):
        member.unit = units[1]
        member.save()
    opened(closed_world)

    reported = {entry.member: entry.reporting_unit for entry in Entry.objects.filter(round=closed_world.round_of(8))}
    assert reported == {first: units[0], second: units[1], third: closed_world.division}
    assert set(Entry.objects.values_list("reviewing_unit", flat=True)) == {closed_world.division.pk}


def test_a_member_is_asked_while_it_is_valid(closed_world):
    first, second, third = closed_world.members
    first.ends_on = date(2016, 6, 29)
    first.save()
    MeasureMember.objects.filter(member=second).update(starts_on=date(2016, 6, 30))
    opened(closed_world)

    asked = {
        month: set(Entry.objects.filter(round=closed_world.round_of(month)).values_list("member", flat=True))
        for month in (5, 6)
    }
    assert asked == {5: {first.pk, third.pk}, 6: {second.pk, third.pk}}


def test_a_cell_that_a_new_member_lacks_is_added_to_rounds_that_are_open(closed_world):
    opened(closed_world)
    late = MemberFactory(bureau=closed_world.bureau)
    MeasureMember.objects.create(measure=closed_world.measure, member=late)

    assert opened(closed_world) == []
    assert Entry.objects.filter(member=late).count() == 8
    assert set(Entry.objects.filter(member=late).values_list("asked_at", flat=True)) == {NOW}
    assert set(Entry.objects.exclude(member=late).values_list("asked_at", flat=True)) == {None}


def test_standings_name_whom_a_round_asks_from_the_moment_it_is_asked(world):
    world.count([(92, 100)] * 3, 8)
    late = MemberFactory(bureau=world.bureau)
    MeasureMember.objects.create(measure=world.measure, member=late)

    opened(world)

    standing = current_standings([world.version.plan], TODAY)[world.indicator.pk]
    assert (standing.reported, standing.asked, standing.missing) == (3, 4, [late.pk])
    assert list(drifts(world.bureau)) == []


def test_cells_that_ask_nobody_any_more_are_nowhere_but_in_the_past(world):
    gone = world.members[0]
    Member.objects.filter(pk=gone.pk).update(ends_on=date(2016, 7, 31))

    opened(world, at=LATER)

    released = Entry.everything.get(member=gone, round=world.round_of(8))
    assert (released.released_at, Entry.objects.filter(pk=released.pk).exists()) == (LATER, False)
    assert round_row(world.round_of(8), TODAY).cells == 2
    reporter = User.objects.get(pk=world.reporter.pk)
    assert {grid.round: grid.to_fill for grid in open_grids(reporter, TODAY)}[world.round_of(8)] == 2
    assert list(content_flaws()) == []

    Member.objects.filter(pk=gone.pk).update(ends_on=None)
    opened(world, at=LATER)
    again = Entry.objects.get(member=gone, round=world.round_of(8))
    assert (again.pk == released.pk, again.asked_at) == (False, LATER)


@pytest.mark.parametrize("row", ["member", "place"])
def test_a_member_that_ended_is_asked_no_more_for_what_came_after(closed_world, row):
    opened(closed_world)
    closed_world.submit([(9, 10)], month=8)
    gone = closed_world.members[1]
    rows = Member.objects.filter(pk=gone.pk) if row == "member" else MeasureMember.objects.filter(member=gone)
    rows.update(ends_on=date(2016, 6, 30))
    Member.objects.filter(pk=closed_world.members[0].pk).update(ends_on=date(2016, 7, 31))

    assert opened(closed_world) == []
    asked = {
        month: set(Entry.objects.filter(round=closed_world.round_of(month)).values_list("member", flat=True))
        for month in (6, 7, 8)
    }
    first, second, third = (member.pk for member in closed_world.members)
    assert asked == {6: {first, second, third}, 7: {first, third}, 8: {first, third}}  # what was submitted stays
    standing = current_standings([closed_world.version.plan], TODAY)[closed_world.indicator.pk]
    assert gone.pk not in standing.missing
    told = Event.objects.filter(subject_type="progress.entry", verb=Verb.CHANGE)
    assert [event.after for event in told] == [{"asked": False}] * 2

    rows.update(ends_on=None)
    opened(closed_world)
    assert Entry.objects.filter(member=gone).count() == 8


def test_a_cell_in_which_somebody_types_is_not_empty(closed_world):
    opened(closed_world)
    typed, emptied, other = closed_world.cells(8)
    texts = {typed.pk: {"numerator": "5", "seen": "0"}, emptied.pk: {"numerator": " ", "seen": "0"}}
    save_drafts(texts=texts, person=closed_world.reporter, at=NOW)
    Member.objects.filter(pk__in=[typed.member_id, emptied.member_id]).update(ends_on=date(2016, 8, 10))

    assert opened(closed_world) == []
    assert closed_world.cells(8) == [typed, other]
    assert Draft.objects.get(entry=typed).fields["numerator"] == "5"

    discard_drafts(entry_ids=[typed.pk], person=closed_world.reporter)
    opened(closed_world)
    assert closed_world.cells(8) == [other]


def test_every_new_round_is_told_once(closed_world):
    opened(closed_world, channel=Channel.COMMAND)
    opened(closed_world)

    events = Event.objects.filter(verb=Verb.OPEN)
    assert events.count() == 8
    assert {(event.channel, event.actor, event.actor_name) for event in events} == {
        (Channel.COMMAND, None, "perftrack")
    }
    assert events.order_by("number").last().after == {"due_on": "2016-09-08"}
