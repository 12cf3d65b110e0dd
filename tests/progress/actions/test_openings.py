"""Rounds opened and closed by hand, and one cell for one person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import User
from apps.calculation.periods import Period
from apps.dashboards.queries import board, due_groups, outlook, returned
from apps.journal.enums import Verb
from apps.journal.models import Event
from apps.plans.enums import Accumulation
from apps.progress.actions import (
    Cell,
    RoundClosed,
    close_round,
    move_due_day,
    open_extra_round,
    open_rounds,
    rebuild_standings,
    reopen_cell,
    reopen_round,
    return_,
    submit,
)
from apps.progress.actions.due_days import DueTooFar
from apps.progress.actions.openings import (
    AlreadyClosed,
    CountedTwice,
    DaysReversed,
    NotAsked,
    NotItsReporter,
    NotYourRounds,
    PeriodTooLong,
    ReasonMissing,
    RoundTwice,
    StillOpen,
    TooLong,
)
from apps.progress.enums import StandingStatus
from apps.progress.models import Entry, Reopening, Round
from apps.progress.queries import current_standings, drifts, executions, open_grids, series_of, trend
from apps.progress.queries.rounds import round_cells, round_entries, round_rows, running_reopenings
from tests.factories import MoneyFactory, NumberFactory, RatioFactory, UnitFactory, UserFactory
from tests.progress.world import NOW, TODAY, add_district_office, values

pytestmark = pytest.mark.django_db

PATIENCE = 60
LAST_OF_AUGUST = Period(date(2016, 8, 25), date(2016, 9, 5))


def extra(world, **more):
    words = {
        "title": "节前检查",
        "period": LAST_OF_AUGUST,
        "due_on": date(2016, 9, 14),
        "measures": [world.measure],
        "reason": "市里要求。",
        "officer": world.people[Role.OFFICER],
    }
    return open_extra_round(bureau=world.bureau, **words | more, today=TODAY, at=NOW)


def closed(world, month=8, **more):
    words = {"row": world.round_of(month), "reason": "数据已上报。", "officer": world.people[Role.OFFICER]}
    return close_round(**words | more, today=TODAY, at=NOW)


def again(world, entry, **more):
    words = {
        "person": world.reporter,
        "until": date(2016, 9, 20),
        "reason": "漏报，补一格。",
        "officer": world.people[Role.OFFICER],
    }
    return reopen_cell(entry=entry, **words | more, today=TODAY, at=NOW)


def test_an_extra_round_asks_what_was_chosen_and_is_told(world):
    row = extra(world)

    assert (row.title, row.fiscal_year, row.opens_on, row.due_on) == ("节前检查", 2016, TODAY, date(2016, 9, 14))
    cells = Entry.objects.filter(round=row)
    assert {(cell.measure, cell.reporting_unit, cell.reviewing_unit) for cell in cells} == {
        (world.measure, world.division, world.division)
    }
    assert cells.count() == 3
    event = Event.objects.get(subject_type="progress.round", subject_id=row.pk)
    assert (event.verb, event.actor, event.reason) == (Verb.OPEN, world.people[Role.OFFICER], "市里要求。")
    assert event.after == {"title": "节前检查", "due_on": "2016-09-14", "measures": [world.measure.name], "cells": 3}


def test_an_extra_round_is_filled_and_reviewed_like_any_other(world):
    world.count([(70, 100), (80, 100), (90, 100)])
    row = extra(world)

    cells = list(Entry.objects.filter(round=row).order_by("member__position"))
    world.cells = lambda month, measure: cells
    world.count([(90, 100), (90, 100), (90, 100)])

    standing = current_standings([world.version.plan], TODAY)[world.indicator.pk]
    assert standing.actual == 90


def again_in_august(world, **more):
    """Ask once more for days that were reported, until the end of September."""
    period = Period(date(2016, 8, 15), date(2016, 8, 31))
    return extra(world, title="加报", period=period, due_on=date(2016, 9, 30), **more)


def stand(world, today=TODAY):
    row = current_standings([world.version.plan], today)[world.indicator.pk]
    return row.actual, row.status, row.reported, row.missing


def test_an_extra_round_takes_nothing_from_what_was_reported_while_nobody_needs_to_answer(world):
    world.count([(92, 100)] * 3)
    before = stand(world), [point.value for point in trend(world.measure, 2016, TODAY)]

    again_in_august(world)

    assert (stand(world), [point.value for point in trend(world.measure, 2016, TODAY)]) == before
    assert before[0] == (92, StandingStatus.ON_PACE, 3, [])
    assert list(drifts(world.bureau)) == []


def test_the_money_spent_is_known_while_an_extra_round_asks_for_it_once_more(world):
    plan, money = world.version.plan, MoneyFactory(bureau=world.bureau, division=world.division)
    plan.project.execution = money
    plan.project.save()
    open_rounds(bureau=world.bureau, today=TODAY, at=NOW)
    world.count([Decimal(250)], measure=money)

    again_in_august(world, measures=[money])

    found = executions([plan], TODAY)[plan.pk]
    assert (found.executed, found.is_complete) == (250, True)
    assert series_of([money], [2016], TODAY)[money.pk, 2016].rounds[-1] == world.round_of(8)


def test_who_does_not_answer_an_extra_round_by_its_day_is_missing_until_it_is_closed(world):
    world.count([(92, 100)] * 3)
    row, late = again_in_august(world), date(2016, 10, 4)
    everybody = [member.pk for member in world.members]

    assert stand(world, late) == (None, StandingStatus.NOT_REPORTED, 0, everybody)

    close_round(row=row, reason="误开。", officer=world.people[Role.OFFICER], today=late, at=NOW)
    assert stand(world, late) == (92, StandingStatus.ON_PACE, 3, [])
    assert list(drifts(world.bureau)) == []
    reopen_round(row=row, reason="还要。", officer=world.people[Role.OFFICER], today=late, at=NOW)
    assert stand(world, late)[3] == everybody
    assert list(drifts(world.bureau)) == []


def test_an_extra_round_counts_from_its_first_figure_also_when_it_is_closed(world):
    world.count([(92, 100)] * 3)
    row = again_in_august(world)
    cells = list(Entry.objects.filter(round=row).order_by("member__position"))
    world.cells = lambda month, measure: cells

    world.count([(50, 100)])
    first, *others = [member.pk for member in world.members]
    close_round(row=row, reason="截止。", officer=world.people[Role.OFFICER], today=TODAY, at=NOW)

    assert stand(world)[0] == 50
    assert stand(world)[2:] == (1, others)
    assert first not in others


def test_nobody_is_late_in_a_closed_round_on_any_page(world):
    world.count([(92, 100), None, None])
    world.submit([None, (80, 100)])
    september, officer = date(2016, 9, 20), world.people[Role.OFFICER]
    reader = User.objects.get(pk=world.people[Role.LEADER].pk)

    def said():
        rows = {row.round.pk: row for row in round_rows(world.bureau, 2016, september)}
        late = {row.round.pk: len(row.members) for row in board(reader, 2016, september).late}
        assert late == {pk: row.overdue for pk, row in rows.items() if row.overdue}
        assert outlook(reader, 2016, september).late == sum(late.values())
        return late.get(world.round_of(8).pk, 0)

    assert said() == 1
    world.submit([(93, 100)], reason="更正")
    waiting = list(Entry.objects.filter(state="submitted").values_list("latest", flat=True))
    return_(revision_ids=waiting, reviewer=world.head, reason="请核对", at=NOW)
    assert said() == 2  # of the returned, one still counts with what it said before
    close_round(row=world.round_of(8), reason="已上报。", officer=officer, today=september, at=NOW)
    assert said() == 0


def test_an_extra_round_does_not_stop_the_ordinary_one(world):
    extra(world, period=Period(date(2016, 9, 1), date(2016, 9, 5)))

    fresh = open_rounds(bureau=world.bureau, today=date(2016, 10, 1), at=NOW)
    assert [(row.starts_on, row.title) for row in fresh] == [(date(2016, 9, 1), "")]
    assert Entry.objects.filter(round=fresh[0]).count() == 3
    assert open_rounds(bureau=world.bureau, today=date(2016, 10, 1), at=NOW) == []


def test_a_period_that_is_not_over_opens_on_its_last_day_and_rest_days_are_rolled(world):
    row = extra(world, period=Period(date(2016, 9, 1), date(2016, 9, 15)), due_on=date(2016, 9, 17))

    assert (row.opens_on, row.due_on) == (date(2016, 9, 15), date(2016, 9, 16))  # the 17th is a Saturday


@pytest.mark.parametrize(
    ("accumulation", "is_refused"),
    [
        (Accumulation.INCREMENT, True),
        (Accumulation.AVERAGE, True),
        (Accumulation.RUNNING_TOTAL, False),
        (Accumulation.SNAPSHOT, False),
        (Accumulation.MAXIMUM, False),
    ],
)
def test_what_is_added_up_by_the_period_is_not_asked_twice_for_the_same_days(world, accumulation, is_refused):
    measure = NumberFactory(bureau=world.bureau, division=world.division, accumulation=accumulation)
    world.ask(measure)

    if not is_refused:
        assert extra(world, measures=[world.measure, measure]).entries.count() == 4
        return
    with pytest.raises(CountedTwice, match="2016年8月 已要求填报；再开一期会重复计算"):
        extra(world, measures=[world.measure, measure])
    assert not Round.objects.exclude(title="").exists()


def test_days_that_will_be_asked_later_count_twice_too(world):
    measure = NumberFactory(bureau=world.bureau, division=world.division)
    world.ask(measure)

    with pytest.raises(CountedTwice, match="2016年9月"):
        extra(world, measures=[measure], period=Period(date(2016, 9, 1), date(2016, 9, 5)))


@pytest.mark.parametrize(
    ("refusal", "more"),
    [
        (ReasonMissing, {"reason": " "}),
        (NotAsked, {"measures": []}),
        (NotAsked, {"period": Period(date(2015, 12, 1), date(2015, 12, 31))}),
        (DaysReversed, {"due_on": date(2016, 9, 5)}),
        (DueTooFar, {"due_on": date(2017, 9, 8)}),
        (DueTooFar, {"due_on": date.max}),
        (PeriodTooLong, {"period": Period(date.min, date(2016, 9, 5))}),
        (NotAsked, {"period": Period(date(9999, 8, 1), date.max), "due_on": date.max}),
    ],
)
def test_an_extra_round_that_makes_no_sense_is_refused(world, refusal, more):
    with pytest.raises(refusal):
        extra(world, **more)

    assert not Round.objects.exclude(title="").exists()


def test_a_measure_that_no_plan_looks_at_is_not_asked(world):
    with pytest.raises(NotAsked):
        extra(world, measures=[RatioFactory(bureau=world.bureau)])


def test_the_same_extra_round_is_not_opened_twice(world):
    extra(world)

    with pytest.raises(RoundTwice):
        extra(world, title=" 节前检查 ")
    assert extra(world, title="节前复查")


@pytest.mark.parametrize("role", [Role.REPORTER, Role.HEAD, Role.LEADER, Role.ADMIN, Role.AUDITOR, Role.FINANCE])
def test_only_the_officer_keeps_rounds(world, role):
    person = world.people[role]
    with pytest.raises(NotYourRounds):
        extra(world, officer=person)
    with pytest.raises(NotYourRounds):
        closed(world, officer=person)
    row = closed(world)
    with pytest.raises(NotYourRounds):
        reopen_round(row=row, reason="补报。", officer=person, today=TODAY, at=NOW)
    with pytest.raises(NotYourRounds):
        again(world, world.cells()[0], officer=person)
    with pytest.raises(NotYourRounds):
        move_due_day(
            row=world.round_of(7), due_on=date(2016, 9, 9), reason="顺延。", officer=person, today=TODAY, at=NOW
        )


def test_a_closed_round_takes_no_figure_and_asks_nobody(world):
    world.submit([(9, 10)])
    asked = {grid.round.pk: grid.asks for grid in open_grids(world.reporter, TODAY)}
    row = closed(world)

    with pytest.raises(RoundClosed):
        world.submit([None, (9, 10)])
    assert asked[row.pk] == 2
    assert {grid.round.pk: grid.asks for grid in open_grids(world.reporter, TODAY)} == asked | {row.pk: 0}
    assert not Entry.objects.open_by(TODAY).filter(round=row).exists()
    event = Event.objects.get(verb=Verb.CLOSE)
    assert (event.reason, event.after["open_cells"], event.after["cells"]) == ("数据已上报。", 2, 3)
    with pytest.raises(AlreadyClosed):
        closed(world)


def test_what_was_submitted_before_a_round_closed_can_be_reviewed(world):
    revisions = world.submit([(9, 10)])
    closed(world)
    world.approve(revisions)

    assert world.cells()[0].approved == revisions[0]


def test_a_figure_that_came_back_asks_nobody_in_a_closed_round_but_whom_it_is_opened_for(world):
    revisions = world.submit([(9, 10)])
    closed(world)
    return_(revision_ids=[revisions[0].pk], reviewer=world.head, reason="请核对。", at=NOW)
    assert returned(world.reporter, TODAY) == []

    again(world, world.cells()[0])
    assert [row.entry for row in returned(world.reporter, TODAY)] == [revisions[0].entry]


def test_a_round_is_opened_again_as_a_whole(world):
    row = reopen_round(row=closed(world), reason="补报。", officer=world.people[Role.OFFICER], today=TODAY, at=NOW)

    assert row.closed_at is None
    assert world.submit([(9, 10)])
    assert Event.objects.get(verb=Verb.REOPEN).reason == "补报。"
    with pytest.raises(StillOpen):
        reopen_round(row=row, reason="补报。", officer=world.people[Role.OFFICER], today=TODAY, at=NOW)


def moved(world, due_on, **more):
    words = {"row": world.round_of(8), "reason": "国庆顺延。", "officer": world.people[Role.OFFICER]}
    return move_due_day(due_on=due_on, **words | more, today=TODAY, at=NOW)


def test_a_due_day_moves_to_a_working_day_and_is_told(world):
    assert moved(world, date(2016, 9, 18)).due_on == date(
        2016, 9, 16
    )  # a Sunday; 18 is a make-up day only in the table

    event = Event.objects.get(verb=Verb.CHANGE)
    assert (event.before, event.after) == ({"due_on": "2016-09-08"}, {"due_on": "2016-09-16"})
    assert open_rounds(bureau=world.bureau, today=TODAY, at=NOW) == []
    assert world.round_of(8).due_on == date(2016, 9, 16)


def test_standings_follow_a_due_day_that_moves(world):
    world.count([(92, 100)] * 3, 7)
    late = date(2016, 9, 12)
    rebuild_standings(bureau=world.bureau, today=late)
    assert stand(world, late)[0] is None

    row = world.round_of(8)
    move_due_day(
        row=row, due_on=date(2016, 9, 20), reason="顺延。", officer=world.people[Role.OFFICER], today=late, at=NOW
    )

    assert stand(world, late) == (92, StandingStatus.ON_PACE, 3, [])
    assert list(drifts(world.bureau)) == []


def test_a_due_day_does_not_move_into_the_past_nor_in_a_closed_round(world):
    with pytest.raises(DaysReversed):
        moved(world, TODAY - timedelta(days=1))
    with pytest.raises(AlreadyClosed):
        moved(world, date(2016, 9, 20), row=closed(world))


def test_a_due_day_moves_by_a_year_at_most(world):
    assert moved(world, date(2017, 6, 30)).due_on == date(2017, 6, 30)
    with pytest.raises(DueTooFar, match="最晚为 2017-09-07"):
        moved(world, date.max)


def test_an_opening_that_nobody_can_use_any_more_is_not_listed(world):
    entry = world.cells()[0]
    closed(world)
    again(world, entry)
    person = world.reporter
    person.is_active = False
    person.save()

    assert running_reopenings(world.bureau, TODAY) == []
    assert round_cells([entry], TODAY)[0].reopenings == []
    person.is_active = True
    person.save()
    person.assignments.update(ends_at=NOW)
    assert running_reopenings(world.bureau, TODAY) == []


def test_a_cell_that_is_open_again_asks_until_its_own_day(world):
    entry = world.cells()[0]
    closed(world)
    made = again(world, entry)

    [group] = [group for group in due_groups(world.reporter, TODAY) if group.round == entry.round]
    [grid] = [grid for grid in open_grids(world.reporter, TODAY) if grid.round == entry.round]

    assert made.until != entry.round.due_on
    assert (group.members, group.due_on) == ([entry.member], made.until)
    assert (grid.asks, grid.due_on, grid.again_until) == (1, made.until, made.until)
    assert {grid.again_until for grid in open_grids(world.reporter, TODAY) if grid.round != entry.round} == {None}


def test_one_cell_is_open_for_one_person_until_a_day(world):
    closed(world)
    first, second, _third = world.cells()
    made = again(world, first)

    with pytest.raises(RoundClosed):
        world.submit([None, (9, 10)])
    assert list(Entry.objects.open_by(TODAY, world.reporter).filter(round=first.round)) == [first]
    assert running_reopenings(world.bureau, TODAY) == [made]
    assert {grid.round: grid.to_fill for grid in open_grids(world.reporter, TODAY)}[first.round] == 1
    colleague = UserFactory(role=Role.REPORTER, unit=world.division)
    with pytest.raises(RoundClosed):
        world.submit([(9, 10)], person=colleague)
    assert not Entry.objects.open_by(TODAY, colleague).filter(round=first.round).exists()
    event = Event.objects.get(verb=Verb.REOPEN)
    assert (event.subject_id, event.reason, event.after["until"]) == (made.pk, "漏报，补一格。", "2016-09-20")
    assert world.submit([(9, 10)])
    assert second.latest is None


def test_an_exception_ends_by_itself(world):
    closed(world)
    entry = world.cells()[0]
    again(world, entry, until=TODAY)
    tomorrow = TODAY + timedelta(days=1)

    assert Entry.objects.open_by(TODAY, world.reporter).filter(pk=entry.pk).exists()
    assert not Entry.objects.open_by(tomorrow, world.reporter).filter(pk=entry.pk).exists()
    assert running_reopenings(world.bureau, tomorrow) == []


def test_a_cell_that_was_opened_again_stays_though_its_member_ended(world):
    row = closed(world)
    again(world, world.cells()[0])
    reopen_round(row=row, reason="都补。", officer=world.people[Role.OFFICER], today=TODAY, at=NOW)
    for member in world.members[:2]:
        member.ends_on = date(2016, 7, 31)
        member.save()
    open_rounds(bureau=world.bureau, today=TODAY, at=NOW)

    assert [entry.member for entry in world.cells()] == [world.members[0], world.members[2]]


@pytest.mark.parametrize(
    ("refusal", "more"),
    [
        (TooLong, {"until": TODAY + timedelta(days=32)}),
        (TooLong, {"until": TODAY - timedelta(days=1)}),
        (ReasonMissing, {"reason": ""}),
    ],
)
def test_an_exception_is_short_and_says_why(world, refusal, more):
    closed(world)
    with pytest.raises(refusal):
        again(world, world.cells()[0], **more)

    assert not Reopening.objects.exists()
    assert again(world, world.cells()[0], until=TODAY + timedelta(days=31))


def test_a_cell_is_opened_only_in_a_closed_round_and_once(world):
    entry = world.cells()[0]
    with pytest.raises(StillOpen):
        again(world, entry)
    closed(world)
    again(world, entry)
    with pytest.raises(StillOpen, match="已对"):
        again(world, entry)

    assert again(world, entry, until=date(2016, 9, 21))


def test_a_cell_is_opened_only_for_who_reports_it(world):
    office = add_district_office(world)
    closed(world)
    entry = world.cells()[0]
    with pytest.raises(NotItsReporter, match="不填报"):
        again(world, entry)
    with pytest.raises(NotItsReporter):
        again(world, entry, person=world.head)

    assert again(world, entry, person=office)


def test_where_an_office_has_no_account_its_division_may_type_again(world):
    office = UnitFactory(parent=world.bureau, kind=UnitKind.DISTRICT)
    Entry.objects.filter(member=world.members[0]).update(reporting_unit=office)
    closed(world)

    assert again(world, world.cells()[0])


def test_the_officers_page_counts_rounds_in_one_query(world, django_assert_num_queries):
    world.submit([(9, 10), (8, 10)])
    world.approve(world.submit([(9, 10)], month=7))
    extra(world)
    with django_assert_num_queries(1):
        rows = round_rows(world.bureau, 2016, TODAY)

    by_name = {str(row.round): (row.cells, row.reported, row.approved, row.overdue) for row in rows}
    assert len(rows) == 9
    assert by_name["2016年8月"] == (3, 2, 0, 0)  # due on the eighth
    assert by_name["2016年7月"] == (3, 1, 1, 2)
    assert [row.round.title for row in round_rows(world.bureau, 2016, TODAY, "extra")] == ["节前检查"]
    assert len(round_rows(world.bureau, 2016, TODAY, "monthly")) == 8
    assert round_rows(world.bureau, 2015, TODAY) == []


def test_a_rounds_cells_cost_two_queries_with_one_and_with_three(world, django_assert_num_queries):
    closed(world)
    entries = list(round_entries(world.round_of(8), is_asking=True))
    again(world, entries[0])
    for some in (entries[:1], entries):
        with django_assert_num_queries(2):
            cells = round_cells(some, TODAY)
        assert [cell.has_account for cell in cells] == [True] * len(some)
        assert [len(cell.reopenings) for cell in cells] == [1, 0, 0][: len(some)]


@pytest.mark.django_db(transaction=True)
def test_a_figure_on_its_way_goes_in_before_a_round_closes_or_finds_it_closed(whole_world):
    entries, officer = whole_world.cells(), whole_world.people[Role.OFFICER]
    row, start = whole_world.round_of(8), Barrier(len(entries) + 1)

    def act(entry):
        try:
            start.wait(PATIENCE)
            if entry is None:
                return close_round(row=row, reason="已上报。", officer=officer, today=TODAY, at=NOW)
            cells = [Cell(entry.pk, values((9, 10)))]
            return submit(cells=cells, person=whole_world.reporter, today=TODAY, at=NOW)
        except RoundClosed:
            return []
        finally:
            connection.close()

    with ThreadPoolExecutor(len(entries) + 1) as crowd:
        for future in [crowd.submit(act, entry) for entry in [None, *entries]]:
            future.result(PATIENCE)

    closing = Event.objects.get(verb=Verb.CLOSE)
    submitted = Event.objects.filter(verb=Verb.SUBMIT)
    assert all(event.number < closing.number for event in submitted)
    assert closing.after["open_cells"] == len(entries) - submitted.count()
    assert Entry.objects.filter(round=row, state="submitted").count() == submitted.count()
