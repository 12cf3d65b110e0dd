"""Where the year will end, by a method that is named."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.calculation.forecast import ForecastMethod, Point, forecast
from apps.calculation.periods import month_end
from apps.calculation.targets import Target
from apps.calculation.terms import EqualMeans, Operator, Sentence, TargetStatus

D = Decimal
END = date(2016, 12, 31)
NEW_YEAR = date(2015, 12, 31)
MOVING = ("lost", "lost only after the end", "met only after the end")


def a_course(*values, year=2016, first=1):
    return [Point(month_end(year, number), D(value)) for number, value in enumerate(values, first)]


def days(*values, first=date(2016, 6, 1)):
    return [Point(first + timedelta(days=10 * number), D(value)) for number, value in enumerate(values)]


def a_target(symbol, value, **details):
    return Target(Operator.from_symbol(symbol), None if value is None else D(value), **details)


@pytest.mark.parametrize("course", [[], a_course(1), a_course(1, 2), [*a_course(1, 2), *a_course(1, 2)]])
def test_fewer_than_three_points_give_no_forecast(course):
    assert forecast(course, END) is None


def test_at_the_end_there_is_nothing_to_forecast():
    assert forecast(days(1, 2, 3), date(2016, 6, 21)) is None


def test_the_recent_pace_goes_on_between_the_slowest_and_the_fastest():
    found = forecast(days(0, 50, 60, 80, 100), date(2016, 7, 21))

    assert (found.method, found.value, found.lowest, found.highest) == (
        ForecastMethod.RECENT_PACE,
        D(100) + D(50) / 3,
        110,
        150,
    )
    assert (found.is_met, found.met_on, found.lost_on) == (None, None, None)
    assert found.sentence == Sentence(
        zh="按最近三期的进度推算，到 2016-07-21 约为 116.67（110 至 150）。",
        en="At the pace of the last three stretches it will be about 116.67 on 2016-07-21 (between 110 and 150).",
    )


def test_a_flow_started_from_nothing():
    course = days(10, 20, 60)

    from_zero = forecast(course, date(2016, 7, 1), starts_on=date(2016, 5, 22))

    assert (from_zero.value, from_zero.lowest, from_zero.highest) == (80, 70, 100)
    assert forecast(course, date(2016, 7, 1), starts_on=date(2016, 6, 1)) == forecast(course, date(2016, 7, 1))


def test_two_figures_of_one_day_are_one_point_the_later_counts():
    course = [Point(date(2016, 6, 1), D(99)), *days(0, 10, 20)]

    assert forecast(course, date(2016, 7, 1)).value == 30


@pytest.mark.parametrize(
    ("sentence", "target", "course", "limits", "met_on", "lost_on", "is_met"),
    [
        ("a floor is met on the way", a_target(">=", 35), (0, 10, 20), (None, None), date(2016, 7, 6), None, True),
        ("or after the end", a_target(">=", 75), (0, 10, 20), (None, None), date(2016, 8, 15), None, False),
        ("the day is the first whole one", a_target(">=", "20.5"), (0, 10, 20), (None, None), date(2016, 6, 22), None, True),
        ("more than a bound takes a day more", a_target(">", 30), (0, 10, 20), (None, None), date(2016, 7, 2), None, True),
        ("a figure that stands still never gets there", a_target(">=", 35), (20, 20, 20), (None, None), None, None, False),
        ("nor one that falls", a_target(">=", 35), (30, 20, 10), (None, None), None, None, False),
        ("nor within a hundred years", a_target(">=", 10**9), (0, 1, 2), (None, None), None, None, False),
        ("a ceiling is run through", a_target("<=", 25), (0, 10, 20), (None, None), None, date(2016, 6, 27), False),
        ("fewer than a bound is lost on it", a_target("<", 30), (0, 10, 20), (None, None), None, date(2016, 7, 1), False),
        ("a ceiling that holds for this year", a_target("<=", 45), (0, 10, 20), (None, None), None, date(2016, 7, 17), True),
        ("a falling rate comes under its ceiling", a_target("<=", 5), (30, 20, 10), (None, None), date(2016, 6, 26), None, True),
        ("a floor may be lost", a_target(">=", 8), (30, 20, 10), (None, None), None, date(2016, 6, 24), False),
        ("a range from below", a_target("range", 25, high=D(60)), (0, 10, 20), (None, None), date(2016, 6, 26), None, True),
        ("a range from above", a_target("range", 2, high=D(5)), (30, 20, 10), (None, None), date(2016, 6, 26), None, False),
        ("a range that is left again", a_target("range", 15, high=D(25)), (0, 10, 20), (None, None), None,
         date(2016, 6, 27), False),
        ("a quota that is hit and passed", a_target("=", 20, equal=EqualMeans.EXACT), (0, 10, 20), (None, None), None,
         date(2016, 6, 22), False),
        ("a share cannot leave its limits", a_target(">=", 120), (80, 85, 90), (D(0), D(100)), None, None, False),
        ("it can reach them", a_target(">=", 100), (80, 85, 90), (D(0), D(100)), date(2016, 7, 11), None, False),
        ("it cannot pass them", a_target("<=", 100), (80, 90, 98), (D(0), D(100)), None, None, True),
        ("it cannot fall below nothing", a_target(">=", 0), (20, 10, 5), (D(0), D(100)), None, None, True),
        ("a target met and kept", a_target(">=", 15), (0, 10, 20), (None, None), None, None, True),
        ("a pending target", a_target(">=", 15, status=TargetStatus.PENDING), (0, 10, 20), (None, None), None, None, None),
        ("a target that is no number", a_target("date", 15), (0, 10, 20), (None, None), None, None, None),
    ],
)  # fmt: skip
def test_when_a_target_will_be_met_or_lost(sentence, target, course, limits, met_on, lost_on, is_met):
    found = forecast(days(*course), date(2016, 7, 10), target=target, limits=limits)

    assert (found.met_on, found.lost_on, found.is_met) == (met_on, lost_on, is_met), sentence


def test_limits_hold_for_the_figure_and_its_range():
    found = forecast(days(80, 90, 98), date(2016, 8, 1), limits=(D(0), D(100)))

    assert (found.lowest, found.value, found.highest) == (100, 100, 100)
    assert forecast(days(20, 10, 2), date(2016, 8, 1), limits=(D(0), None)).value == 0


LAST_YEAR = a_course(5, 10, 15, 20, 25, 30, 35, 40, 45, 60, 80, 100, year=2015)


def test_the_year_goes_on_as_the_last_one_did():
    found = forecast(a_course(6, 12, 18), END, last_year=LAST_YEAR, target=a_target(">=", 72))

    assert (found.method, found.value, found.lowest, found.highest) == (ForecastMethod.LAST_YEARS_SHAPE, 120, 120, 120)
    assert (found.is_met, found.met_on) == (True, date(2016, 10, 31))
    assert found.sentence == Sentence(
        zh="按上年同期占全年的比重推算，到 2016-12-31 约为 120（120 至 120）；预计 2016-10-31 达到指标值 ≥ 72。",
        en=(
            "If the year goes on as the last one did it will be about 120 on 2016-12-31 (between 120 and 120); "
            "it will meet ≥ 72 on 2016-10-31."
        ),
    )


def test_the_range_is_what_the_last_three_months_would_have_promised():
    found = forecast(a_course(99, 10, 12, 20), END, last_year=LAST_YEAR)

    assert (found.value, found.lowest, found.highest) == (100, 80, 100)


def test_a_month_in_which_last_year_had_nothing_promises_nothing():
    last_year = a_course(0, 0, 15, 100, year=2015, first=9)

    found = forecast(a_course(1, 2, 3, first=9), END, last_year=last_year)

    assert (found.value, found.lowest, found.highest) == (20, 20, 20)


def test_in_last_years_shape_nothing_is_said_of_the_time_after_the_end():
    assert forecast(a_course(6, 12, 18), END, last_year=LAST_YEAR, target=a_target(">=", 121)).met_on is None


@pytest.mark.parametrize(
    ("sentence", "last_year"),
    [
        ("its end is not known", LAST_YEAR[:-1]),
        ("this time of it is not known", [*LAST_YEAR[:2], *LAST_YEAR[3:]]),
        ("it had nothing by this time", a_course(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, year=2015)),
    ],
)
def test_without_a_usable_last_year_the_pace_goes_on(sentence, last_year):
    found = forecast(a_course(6, 12, 18), END, last_year=last_year)

    assert found.method is ForecastMethod.RECENT_PACE, sentence


def test_leap_years_end_february_on_another_day():
    found = forecast(a_course(6, 12, 18), END, last_year=a_course(*[5] * 12, year=2015))
    back = forecast(a_course(6, 12, 18, year=2017), date(2017, 12, 31), last_year=a_course(*[5] * 12))

    assert {found.method, back.method} == {ForecastMethod.LAST_YEARS_SHAPE}


@pytest.mark.parametrize(
    ("sentence", "target", "zh", "en"),
    [
        ("missed", a_target(">=", 35), "；按此达不到指标值 ≥ 35。", "; in this way it will not meet ≥ 35."),
        ("met and kept", a_target(">=", 5), "；达到指标值 ≥ 5。", "; that meets ≥ 5."),
        ("lost", a_target("range", 5, high=D(11)), "；现已达到指标值 5–11，但自 2016-07-12 起将不再达到。",
         "; it meets 5–11 now and will not from 2016-07-12 on."),
        ("lost only after the end", a_target("range", 5, high=D(20)), "；达到指标值 5–20。", "; that meets 5–20."),
        ("met only after the end", a_target(">=", 100), "；按此达不到指标值 ≥ 100。",
         "; in this way it will not meet ≥ 100."),
        ("unknown", a_target(">=", None), "）。", ")."),
    ],
)  # fmt: skip
def test_the_sentence_says_what_becomes_of_the_target(sentence, target, zh, en):
    course = days(9, "9.5", 10) if sentence in MOVING else days(10, 10, 10)

    found = forecast(course, END, target=target).sentence

    assert (found.zh.endswith(zh), found.en.endswith(en)) == (True, True), found


def test_the_sentence_names_the_unit():
    found = forecast(days(60, 70, 75), END, target=a_target(">=", 80), limits=(D(0), D(100)), unit="%").sentence

    assert (
        found.zh == "按最近三期的进度推算，到 2016-12-31 约为 100 %（100 至 100）；预计 2016-06-28 达到指标值 ≥ 80 %。"
    )
    assert "about 100 % on 2016-12-31" in found.en


@given(
    st.lists(st.integers(0, 1000), min_size=3, max_size=11), st.lists(st.integers(1, 1000), min_size=12, max_size=12)
)
def test_a_forecast_lies_within_its_range_and_scales_with_its_figures(values, past):
    course, last_year = a_course(*values), a_course(*past, year=2015)

    for before in ([], last_year):
        found = forecast(course, END, last_year=before, starts_on=NEW_YEAR)
        scaled = [Point(point.on, point.value * 10) for point in course]
        tenfold = forecast(scaled, END, last_year=before, starts_on=NEW_YEAR)
        assert found.lowest <= found.value <= found.highest
        assert abs(tenfold.value - found.value * 10) < D("1E-15")
