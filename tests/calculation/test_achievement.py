"""Achievement as a ratio and as a distance."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.calculation.achievement import (
    Course,
    NothingToChange,
    baseline_from,
    course,
    distance,
    figure_at,
    gap,
    ratio,
    share_met,
    target_from,
)
from apps.calculation.aggregation import Aggregate
from apps.calculation.targets import Target
from apps.calculation.terms import Direction, EqualMeans, Operator

D = Decimal
POSITIVE = st.decimals(min_value="0.01", max_value="1000000", places=2)


def a_target(symbol, value, **details):
    return Target(Operator.from_symbol(symbol), None if value is None else D(value), **details)


@pytest.mark.parametrize(
    ("sentence", "target", "actual", "share"),
    [
        ("actual over target", a_target(">=", 80), 72, "0.9"),
        ("not clamped above", a_target(">=", 10), 25, "2.5"),
        ("not clamped below", a_target(">=", 10), -5, "-0.5"),
        ("target over actual where less is better", a_target("<=", 90), 180, "0.5"),
        ("and above 1 when it is better", a_target("<", 90), 45, "2"),
        ("a ceiling written as =", a_target("=", 45, direction=Direction.LOWER), 90, "0.5"),
        ("a quota missed from below", a_target("=", 4500, equal=EqualMeans.EXACT), 4410, "0.98"),
        ("a quota exceeded", a_target("=", 4500, equal=EqualMeans.EXACT), 5000, "0.9"),
        ("below a range", a_target("range", 30, high=D(50)), 24, "0.8"),
        ("inside a range", a_target("range", 30, high=D(50)), 31, "1"),
        ("above a range", a_target("range", 30, high=D(50)), 100, "0.5"),
        ("a true zero", a_target(">=", 80), 0, "0"),
        ("a target of zero cannot divide", a_target(">=", 0), 5, None),
        ("an actual of zero cannot divide where less is better", a_target("<=", 5), 0, None),
        ("no figure", a_target(">=", 80), None, None),
        ("no target", a_target(">=", None), 5, None),
        ("no number", a_target("qualitative", 1), 5, None),
    ],
)
def test_ratio(sentence, target, actual, share):
    assert ratio(target, None if actual is None else D(actual)) == (None if share is None else D(share)), sentence


@pytest.mark.parametrize(
    ("sentence", "baseline", "target", "actual", "share"),
    [
        ("a falling indicator half way", 100, 20, 60, "0.5"),
        ("past its target", 100, 20, 0, "1.25"),
        ("gone the wrong way", 20, 100, 0, "-0.25"),
        ("no figure yet", 0, 100, None, None),
        ("no baseline", None, 100, 5, None),
        ("no target", 0, None, 5, None),
    ],
)
def test_distance(sentence, baseline, target, actual, share):
    start, end, now = (None if figure is None else D(figure) for figure in (baseline, target, actual))

    assert distance(baseline=start, target=end, actual=now) == (None if share is None else D(share)), sentence


def test_without_a_change_to_make_there_is_no_distance():
    with pytest.raises(NothingToChange, match="both 100; there is no change to make"):
        distance(baseline=D(100), target=D(100), actual=D(100))


@given(target=POSITIVE, actual=POSITIVE)
def test_forward_and_reverse_ratio_are_each_others_inverse(target, actual):
    product = ratio(a_target(">=", target), actual) * ratio(a_target("<=", target), actual)

    assert abs(product - 1) < D("1E-20")


@given(baseline=POSITIVE, change=POSITIVE, share=st.decimals(min_value=-2, max_value=3, places=3))
def test_rising_and_falling_indicators_travel_alike(baseline, change, share):
    up = distance(baseline=baseline, target=baseline + change, actual=baseline + change * share)
    down = distance(baseline=baseline, target=baseline - change, actual=baseline - change * share)

    assert up == down == share


def a_figure(value, denominator=None):
    return Aggregate(None if value is None else D(value), None, None if denominator is None else D(denominator), (), ())


@pytest.mark.parametrize(
    ("sentence", "target", "figure", "factor", "lacking"),
    [
        ("a rate lacks units of its numerator", a_target(">=", 90), a_figure(80, 1000), D(100), D(100)),
        ("a ratio of things lacks things", a_target(">=", "0.5"), a_figure("0.44", 2500), D(1), D(150)),
        ("a count lacks units of its own", a_target(">=", 10), a_figure(7), None, D(3)),
        ("a ceiling is exceeded by so much", a_target("<=", 90), a_figure(100), None, D(10)),
        ("above a range the upper line counts", a_target("range", 30, high=D(50)), a_figure(60), None, D(10)),
        ("below a range the lower line counts", a_target("range", 30, high=D(50)), a_figure(24), None, D(6)),
        ("what is met lacks nothing", a_target(">=", 90), a_figure(92, 1000), D(100), D(0)),
        ("without a figure nobody can say", a_target(">=", 90), a_figure(None), D(100), None),
        ("without a target nobody can say", a_target(">=", None), a_figure(92), None, None),
    ],
)
def test_the_gap_to_a_line(sentence, target, figure, factor, lacking):
    assert gap(target, figure, factor) == lacking, sentence


def test_the_share_of_members_that_meet_their_line():
    assert (share_met(2, 4), share_met(0, 3), share_met(0, 0)) == (D("0.5"), D(0), None)


@given(
    st.decimals(-1000, 1000, places=2),
    st.decimals(-1000, 1000, places=2).filter(lambda way: way != 0),
    st.decimals("0.05", "0.95", places=2),
)
def test_baseline_target_and_figure_follow_from_each_other(baseline, way, share):
    target = baseline + way
    figure = figure_at(share, baseline=baseline, target=target)

    assert distance(baseline=baseline, target=target, actual=figure) == share
    assert target_from(share, baseline=baseline, figure=figure) == target
    assert baseline_from(share, target=target, figure=figure) == baseline


@pytest.mark.parametrize(
    ("sentence", "target", "actual", "margin", "expected"),
    [
        ("on the target", a_target(">=", 100), 100, 15, Course.WITHIN),
        ("on the edge of the margin", a_target(">=", 100), 115, 15, Course.WITHIN),
        ("beyond it", a_target(">=", 100), "115.01", 15, Course.ABOVE),
        ("on the lower edge", a_target(">=", 100), 85, 15, Course.WITHIN),
        ("short of it", a_target(">=", 100), "84.99", 15, Course.BELOW),
        ("a narrower margin", a_target(">=", 100), 110, 5, Course.ABOVE),
        ("less is better, and it is less", a_target("<=", 100), 84, 15, Course.ABOVE),
        ("less is better, and it is more", a_target("<=", 100), 116, 15, Course.BELOW),
        ("a quota far exceeded", a_target("=", 100, equal=EqualMeans.EXACT), 200, 15, Course.BELOW),
        ("inside a range", a_target("range", 30, high=D(50)), 50, 15, Course.WITHIN),
        ("a negative target", a_target(">=", -100), -110, 15, Course.WITHIN),
        ("far below a negative target", a_target(">=", -100), -120, 15, Course.BELOW),
        ("none allowed, and none", a_target("<=", 0), 0, 15, Course.WITHIN),
        ("no figure", a_target(">=", 100), None, 15, None),
    ],
)
def test_a_figure_lies_above_within_or_below_a_margin(sentence, target, actual, margin, expected):
    assert course(target, None if actual is None else D(actual), D(margin)) is expected, sentence
