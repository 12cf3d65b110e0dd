"""Working days with make-up weekends, against the published lists of 2016, 2017 and 2026."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from apps.calculation.workdays import RollRule, Workdays


@pytest.fixture(scope="module")
def workdays():
    days = {}
    for year in (2015, 2016, 2017, 2026):
        day = date(year, 1, 1)
        while day.year == year:
            days[day] = chinese_calendar.is_workday(day)
            day += timedelta(days=1)
    return Workdays(days)


# due, previous, next, then the working days 1, 3, 5 and 10 before and 1 after
DUE = [
    ("2016-02-15", "2016-02-15", "2016-02-15", "2016-02-14", "2016-02-05", "2016-02-03", "2016-01-27", "2016-02-16"),
    ("2016-07-31", "2016-07-29", "2016-08-01", "2016-07-28", "2016-07-26", "2016-07-22", "2016-07-15", "2016-08-01"),
    ("2016-10-10", "2016-10-10", "2016-10-10", "2016-10-09", "2016-09-30", "2016-09-28", "2016-09-21", "2016-10-11"),
    ("2016-12-31", "2016-12-30", "2017-01-03", "2016-12-29", "2016-12-27", "2016-12-23", "2016-12-16", "2017-01-03"),
    ("2017-03-31", "2017-03-31", "2017-03-31", "2017-03-30", "2017-03-28", "2017-03-24", "2017-03-17", "2017-04-01"),
    ("2026-02-28", "2026-02-28", "2026-02-28", "2026-02-27", "2026-02-25", "2026-02-14", "2026-02-09", "2026-03-02"),
    ("2026-08-31", "2026-08-31", "2026-08-31", "2026-08-28", "2026-08-26", "2026-08-24", "2026-08-17", "2026-09-01"),
    ("2026-10-08", "2026-10-08", "2026-10-08", "2026-09-30", "2026-09-28", "2026-09-23", "2026-09-17", "2026-10-09"),
    ("2026-10-10", "2026-10-10", "2026-10-10", "2026-10-09", "2026-09-30", "2026-09-28", "2026-09-20", "2026-10-12"),
]


@pytest.mark.parametrize("row", DUE, ids=[row[0] for row in DUE])
def test_deadlines_roll_and_count_in_working_days(workdays, row):
    due, previous, following, *counted = (date.fromisoformat(text) for text in row)

    assert workdays.roll(due, RollRule.PREVIOUS) == previous
    assert workdays.roll(due, RollRule.NEXT) == following
    assert workdays.roll(due, RollRule.NONE) == due
    assert [workdays.before(due, count) for count in (1, 3, 5, 10)] == counted[:4]
    assert workdays.after(due, 1) == counted[4]


@pytest.mark.parametrize("row", DUE, ids=[row[0] for row in DUE])
def test_the_days_between_undo_the_days_before(workdays, row):
    due = date.fromisoformat(row[0])

    assert [workdays.between(workdays.before(due, count), due) for count in range(12)] == list(range(12))


def test_days_left_are_negative_once_the_deadline_is_past(workdays):
    assert workdays.between(date(2016, 2, 16), date(2016, 2, 5)) == -4


@pytest.mark.parametrize(
    ("year", "count", "make_up"),
    [
        (2016, 250, ["02-06", "02-14", "06-12", "09-18", "10-08", "10-09"]),
        (2017, 249, ["01-22", "02-04", "04-01", "05-27", "09-30"]),
        (2026, 248, ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]),
    ],
)
def test_a_year_has_its_published_number_of_working_days(workdays, year, count, make_up):
    days = [day for day in workdays.days if day.year == year and workdays.is_workday(day)]

    assert len(days) == count
    assert [day.strftime("%m-%d") for day in days if day.weekday() >= 5] == make_up


@pytest.mark.parametrize(("day", "worked"), [(date(2031, 10, 1), True), (date(2031, 10, 4), False)])
def test_a_year_without_a_published_list_is_estimated_by_the_day_of_the_week(workdays, day, worked):
    assert (workdays.is_workday(day), workdays.is_estimated(day)) == (worked, True)


def test_a_published_day_is_no_estimate(workdays):
    assert not workdays.is_estimated(date(2016, 2, 14))
