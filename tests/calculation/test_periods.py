"""Periods of a year, and how much of one is over."""

from datetime import date
from decimal import Decimal

import pytest

from apps.calculation.periods import (
    Period,
    PeriodReversed,
    Phase,
    Reach,
    cut,
    elapsed,
    month_end,
    months_between,
    periods_of,
    phase,
    reach_of,
    year_before,
    year_of,
)
from apps.calculation.terms import Frequency


@pytest.mark.parametrize(
    ("frequency", "count", "first_ends_on"),
    [
        (Frequency.MONTHLY, 12, date(2016, 1, 31)),
        (Frequency.QUARTERLY, 4, date(2016, 3, 31)),
        (Frequency.HALF_YEARLY, 2, date(2016, 6, 30)),
        (Frequency.YEARLY, 1, date(2016, 12, 31)),
        (Frequency.MILESTONE, 1, date(2016, 12, 31)),
    ],
)
def test_a_year_is_cut_without_gap_or_overlap(frequency, count, first_ends_on):
    periods = periods_of(frequency, 2016)

    assert (len(periods), periods[0].ends_on) == (count, first_ends_on)
    assert sum(period.days for period in periods) == 366
    assert (periods[0].starts_on, periods[-1].ends_on) == (date(2016, 1, 1), date(2016, 12, 31))


def test_a_season_is_asked_by_the_month_and_counts_to_the_year_in_which_each_month_ends():
    season = Period(date(2015, 9, 1), date(2016, 7, 15))

    assert [period.ends_on for period in periods_of(Frequency.SEASON, 2015, season)] == [
        date(2015, 9, 30),
        date(2015, 10, 31),
        date(2015, 11, 30),
        date(2015, 12, 31),
    ]
    assert periods_of(Frequency.SEASON, 2016, season)[-1] == Period(date(2016, 7, 1), date(2016, 7, 15))


def test_without_a_known_season_nothing_is_asked():
    assert periods_of(Frequency.SEASON, 2016) == []


def test_months_from_the_last_day_of_a_long_month_do_not_drift():
    pieces = cut(Period(date(2016, 1, 31), date(2016, 5, 30)), 1)

    assert [piece.starts_on for piece in pieces] == [
        date(2016, 1, 31),
        date(2016, 2, 29),
        date(2016, 3, 31),
        date(2016, 4, 30),
    ]


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(PeriodReversed, match="ends on 2016-01-01, before it starts on 2016-01-02"):
        Period(date(2016, 1, 2), date(2016, 1, 1))


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2015, 12, 31), False),
        (date(2016, 1, 1), True),
        (date(2016, 1, 31), True),
        (date(2016, 2, 1), False),
    ],
)
def test_both_ends_belong_to_a_period(day, inside):
    assert (day in Period(date(2016, 1, 1), date(2016, 1, 31))) is inside


@pytest.mark.parametrize(
    ("today", "share"),
    [
        (date(2015, 12, 25), "0"),
        (date(2016, 1, 1), "0"),
        (date(2016, 1, 6), "0.5"),
        (date(2016, 1, 10), "0.9"),
        (date(2016, 1, 11), "1"),
        (date(2016, 3, 1), "1"),
    ],
)
def test_a_day_counts_as_elapsed_when_it_is_over(today, share):
    assert elapsed(date(2016, 1, 1), date(2016, 1, 10), today) == Decimal(share)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2016, 9, 30), date(2016, 12, 1), 3),
        (date(2016, 12, 31), date(2017, 1, 1), 1),
        (date(2017, 1, 1), date(2016, 12, 31), -1),
        (date(2016, 5, 1), date(2016, 5, 31), 0),
    ],
)
def test_months_between_two_days_ignore_the_day_of_the_month(start, end, months):
    assert months_between(start, end) == months


@pytest.mark.parametrize(("year", "month", "day"), [(2016, 2, 29), (2015, 2, 28), (2016, 12, 31)])
def test_a_month_ends_on_its_last_day(year, month, day):
    assert month_end(year, month) == date(year, month, day)


@pytest.mark.parametrize(
    ("sentence", "today", "expected"),
    [
        ("on its last day a period is still running", date(2016, 8, 31), Phase.NOT_YET_DUE),
        ("the day after it is due", date(2016, 9, 1), Phase.DUE),
        ("on the due day it is due", date(2016, 9, 10), Phase.DUE),
        ("the day after that it is overdue", date(2016, 9, 11), Phase.OVERDUE),
    ],
)
def test_a_period_is_due_from_its_end_to_its_due_day(sentence, today, expected):
    assert phase(Period(date(2016, 8, 1), date(2016, 8, 31)), date(2016, 9, 10), today) is expected, sentence


@pytest.mark.parametrize(
    ("start", "end", "start_before", "end_before"),
    [
        (date(2016, 1, 1), date(2016, 8, 31), date(2015, 1, 1), date(2015, 8, 31)),
        (date(2016, 1, 1), date(2016, 2, 29), date(2015, 1, 1), date(2015, 2, 28)),
        (date(2017, 2, 1), date(2017, 2, 28), date(2016, 2, 1), date(2016, 2, 29)),
        (date(2016, 2, 10), date(2016, 2, 28), date(2015, 2, 10), date(2015, 2, 28)),
    ],
)
def test_the_same_period_of_last_year_ends_with_its_month_where_this_one_does(start, end, start_before, end_before):
    assert year_before(Period(start, end)) == Period(start_before, end_before)


def test_a_target_covers_its_year_or_the_project_so_far():
    assert reach_of(Reach.YEAR, 2016, 2014) == year_of(2016)
    assert reach_of(Reach.PROJECT, 2016, 2014) == Period(date(2014, 1, 1), date(2016, 12, 31))
