"""Targets: bounds, what meets them, and where a value comes from."""

from datetime import date
from decimal import Decimal

import pytest

from apps.calculation.targets import Target, basis_told, is_met, resolve
from apps.calculation.terms import Basis, Direction, EqualMeans, Operator, Sentence, TargetStatus

D = Decimal


def a_target(symbol, value, **details):
    return Target(Operator.from_symbol(symbol), None if value is None else D(value), **details)


@pytest.mark.parametrize(
    ("sentence", "target", "actual", "met"),
    [
        ("95%以上 includes 95", a_target(">=", 95), 95, True),
        ("just below is below", a_target(">=", 95), "94.99", False),
        ("at most includes the bound", a_target("<=", 3), 3, True),
        ("more than the limit misses it", a_target("<=", 3), "3.01", False),
        ("超过 excludes the bound", a_target(">", 10), 10, False),
        ("超过 begins right above it", a_target(">", 10), "10.01", True),
        ("fewer than last year excludes last year", a_target("<", 1200), 1200, False),
        ("one case fewer is fewer", a_target("<", 1200, step=D(1)), 1199, True),
        ("with a step of one, half a case fewer is not", a_target("<", 1200, step=D(1)), "1199.5", False),
        ("with a step of one, more than 10 begins at 11", a_target(">", 10, step=D(1)), "10.5", False),
        ("a floor may be exceeded", a_target("=", 4500), 4600, True),
        ("a quota may not", a_target("=", 4500, equal=EqualMeans.EXACT), 4600, False),
        ("a quota is met by its value", a_target("=", 4500, equal=EqualMeans.EXACT), 4500, True),
        ("= where less is better is a ceiling", a_target("=", 45, direction=Direction.LOWER), 38, True),
        ("= where neither is better is a quota", a_target("=", 45, direction=Direction.NEUTRAL), 38, False),
        ("a range includes its ends", a_target("range", 30, high=D(50)), 50, True),
        ("above a range is outside", a_target("range", 30, high=D(50)), "50.1", False),
        ("below a range is outside", a_target("range", 30, high=D(50)), 29, False),
        ("zero is a measurement", a_target("<=", 0), 0, True),
        ("no figure, no answer", a_target(">=", 1), None, None),
        ("no value, no answer", a_target(">=", None), 1, None),
        ("a range needs both ends", a_target("range", 30), 40, None),
        ("a pending value does not count, even where last year's is known",
         a_target("=", 4500, status=TargetStatus.PENDING), 4500, None),
        ("a provisional value counts", a_target("=", 4500, status=TargetStatus.PROVISIONAL), 4500, True),
        ("a date is not met by a number", a_target("date", 1, due_on=date(2016, 12, 31)), 1, None),
        ("a judgement is not met by a number", a_target("qualitative", 1), 1, None),
    ],
)  # fmt: skip
def test_a_target_is_met(sentence, target, actual, met):
    assert is_met(target, None if actual is None else D(actual)) is met, sentence


def test_an_inequality_says_itself_which_way_is_better():
    contradiction = a_target("<=", 3, direction=Direction.HIGHER)

    assert (contradiction.direction, contradiction.better) == (Direction.HIGHER, Direction.LOWER)


def test_the_direction_left_out_is_that_of_the_operator():
    assert a_target(">=", 80).direction is Direction.HIGHER


def test_a_strict_bound_is_normalised_by_its_step():
    assert a_target("<", 1200, step=D(1)).normalised() == a_target("<=", 1199, direction=Direction.LOWER)
    assert a_target(">", 10, step=D("0.1")).normalised() == a_target(">=", "10.1")
    assert a_target("<", 1200).normalised() == a_target("<", 1200)


@pytest.mark.parametrize(
    ("sentence", "basis", "past", "details", "value"),
    [
        ("a fixed value stands as written", Basis.FIXED, {"value": D(80)}, {"factor": D(2)}, "80"),
        ("last year's total", Basis.LAST_YEAR, {"last_year": D(1200)}, {}, "1200"),
        ("5 % fewer than last year", Basis.LAST_YEAR, {"last_year": D(1200)}, {"factor": D("0.95")}, "1140"),
        ("ten fewer than in the same months", Basis.SAME_PERIOD, {"same_period": D(860)}, {"offset": D(-10)}, "850"),
        ("the mean of three years", Basis.MEAN_OF_YEARS, {"years": [D(40), D(50), D(45)]}, {}, "45"),
        ("last year's zero is a baseline", Basis.LAST_YEAR, {"last_year": D(0)}, {}, "0"),
        ("no last year", Basis.LAST_YEAR, {}, {}, None),
        ("no same period, though the year is known", Basis.SAME_PERIOD, {"last_year": D(1)}, {}, None),
        ("a mean lacks one of its years", Basis.MEAN_OF_YEARS, {"years": [D(40), None]}, {}, None),
        ("a mean of no year", Basis.MEAN_OF_YEARS, {}, {}, None),
        ("a fixed value that is not there", Basis.FIXED, {}, {}, None),
    ],
)
def test_a_basis_resolves_to_a_value_or_to_a_missing_baseline(sentence, basis, past, details, value):
    known = {"last_year": None, "same_period": None, "years": [], "value": None} | past

    assert resolve(basis, **known, **details) == (None if value is None else D(value)), sentence


@pytest.mark.parametrize(
    ("sentence", "basis", "past", "value", "details", "zh", "en"),
    [
        ("fixed", Basis.FIXED, None, 80, {}, "指标值为固定值。", "The target is a fixed value."),
        ("not fixed yet", Basis.FIXED, None, None, {}, "指标值尚未确定。", "The target has no value yet."),
        ("as it was", Basis.LAST_YEAR, 1200, 1200, {}, "上年实际 1,200。", "Last year's actual: 1,200."),
        ("5 % fewer", Basis.LAST_YEAR, 1200, 1140, {"factor": D("0.95")},
         "上年实际 1,200 × 0.95 = 1,140。", "Last year's actual: 1,200 × 0.95 = 1,140."),
        ("ten fewer", Basis.SAME_PERIOD, 860, 850, {"offset": D(-10)},
         "上年同期 860 − 10 = 850。", "Last year's same period: 860 − 10 = 850."),
        ("both", Basis.MEAN_OF_YEARS, 45, 95, {"factor": D(2), "offset": D(5)},
         "往年平均 45 × 2 + 5 = 95。", "The mean of past years: 45 × 2 + 5 = 95."),
        ("unknown", Basis.LAST_YEAR, None, None, {}, "缺上年实际，指标值无法确定。",
         "Without last year's actual there is no target value."),
    ],
)  # fmt: skip
def test_where_a_value_comes_from_is_told(sentence, basis, past, value, details, zh, en):
    known = None if past is None else D(past)

    told = basis_told(basis, known, value=None if value is None else D(value), **details)

    assert told == Sentence(zh, en), sentence


@pytest.mark.parametrize(
    ("target", "line"),
    [
        (a_target(">=", 80), "≥ 80"),
        (a_target("<=", 90), "≤ 90"),
        (a_target(">", 1200), "> 1,200"),
        (a_target("<", "0.5"), "< 0.5"),
        (a_target("=", 4500), "= 4,500"),
        (a_target("range", 30, high=D(50)), "30–50"),
        (a_target("date", 1), "1"),
        (a_target(">=", None), ""),
    ],
)
def test_a_target_as_it_stands_in_a_sentence(target, line):
    assert target.line == line


def test_what_equal_means_is_the_targets_own_or_else_the_schemes():
    unsaid, floor = a_target("=", 4500), a_target("=", 4500, equal=EqualMeans.FLOOR)

    assert [is_met(each.under(EqualMeans.EXACT), D(4600)) for each in (unsaid, floor)] == [False, True]
    assert is_met(unsaid, D(4600))
    assert a_target(">=", 1).under(EqualMeans.EXACT).equal is None
