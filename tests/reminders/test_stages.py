"""How near a deadline is, in the steps in which people are told."""

from datetime import date, datetime

import pytest

from apps.calculation.workdays import Workdays
from apps.reminders.queries.stages import is_time_for_digests, is_time_for_returns, next_morning, stage_of

# The working days of autumn 2016 that differ from Monday to Friday (国务院办公厅 2015-12-10).
DAYS = Workdays(
    {
        **{date(2016, 10, day): False for day in range(1, 8)},
        **{date(2016, 10, day): True for day in (8, 9)},
        **{date(2016, 9, day): False for day in (15, 16, 17)},
        date(2016, 9, 18): True,
    }
)
OPENS, DUE = date(2016, 9, 1), date(2016, 10, 10)


@pytest.mark.parametrize(
    ("today", "key", "left", "sentence"),
    [
        (date(2016, 9, 1), "opened", 23, "the day it opens"),
        (date(2016, 9, 20), "opened", 11, "long before the deadline nothing new is said"),
        (date(2016, 9, 27), "opened", 6, "six working days are no step"),
        (date(2016, 9, 28), "due-5", 5, "five working days before, the holiday week left out"),
        (date(2016, 9, 29), "due-5", 4, "a missed step is still the latest one"),
        (date(2016, 9, 30), "due-3", 3, "three working days before, the make-up weekend counted"),
        (date(2016, 10, 9), "due-1", 1, "one day before is the make-up Sunday"),
        (date(2016, 10, 10), "due-0", 0, "the day itself"),
        (date(2016, 10, 11), "overdue-1", -1, "one working day late"),
        (date(2016, 10, 12), "overdue-1", -2, "two are the same step"),
        (date(2016, 10, 13), "overdue-3", -3, "every second working day is a step"),
        (date(2016, 10, 17), "overdue-5", -5, "a weekend is no step"),
        (date(2016, 10, 16), "overdue-3", -4, "nor on the weekend itself"),
    ],
)
def test_the_stage_is_the_last_step_reached(today, key, left, sentence):
    stage = stage_of(OPENS, DUE, today, DAYS)
    assert (stage.key, stage.days_left) == (f"{key}/2016-10-10", left), sentence
    assert stage.since <= today
    assert stage.is_overdue is key.startswith("overdue")


def test_before_the_round_opens_there_is_no_stage():
    assert stage_of(OPENS, DUE, date(2016, 8, 31), DAYS) is None


def test_a_round_that_opens_late_starts_at_its_own_step():
    stage = stage_of(date(2016, 10, 9), DUE, date(2016, 10, 9), DAYS)
    assert (stage.key, stage.since) == ("due-1/2016-10-10", date(2016, 10, 9))


def test_a_deadline_on_a_rest_day_is_told_on_the_working_day_before_and_is_not_late_at_once():
    sunday = date(2016, 10, 16)
    keys = [stage_of(OPENS, sunday, date(2016, 10, day), DAYS).key for day in (13, 14, 16, 17)]
    assert keys == ["due-1/2016-10-16", "due-0/2016-10-16", "due-0/2016-10-16", "overdue-1/2016-10-16"]


def test_a_deadline_that_moves_is_another_step():
    moved = stage_of(OPENS, date(2016, 10, 20), date(2016, 10, 13), DAYS)
    assert moved.key == "due-5/2016-10-20"


@pytest.mark.parametrize(
    ("moment", "digests", "returns"),
    [
        (datetime(2016, 9, 6, 7, 59), False, False),
        (datetime(2016, 9, 6, 8, 0), False, True),
        (datetime(2016, 9, 6, 9, 0), True, True),
        (datetime(2016, 9, 6, 19, 59), True, True),
        (datetime(2016, 9, 6, 20, 0), False, False),
        (datetime(2016, 9, 10, 10, 0), False, False),
        (datetime(2016, 9, 18, 10, 0), True, True),
        (datetime(2016, 9, 15, 10, 0), False, False),
    ],
)
def test_mails_are_written_on_working_days_by_day(moment, digests, returns):
    assert is_time_for_digests(moment, DAYS) is digests
    assert is_time_for_returns(moment, DAYS) is returns


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        (datetime(2016, 9, 6, 8, 59), date(2016, 9, 6)),
        (datetime(2016, 9, 6, 9, 0), date(2016, 9, 7)),
        (datetime(2016, 9, 14, 12, 0), date(2016, 9, 18)),
        (datetime(2016, 9, 15, 8, 0), date(2016, 9, 18)),
    ],
)
def test_the_next_morning_is_a_working_one(moment, morning):
    assert next_morning(moment, DAYS) == morning
