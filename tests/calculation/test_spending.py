"""Money spent against money given."""

from datetime import date
from decimal import Decimal

import pytest

from apps.calculation.spending import (
    claim_light,
    execution_rate,
    in_wan,
    in_yuan,
    left_light,
    rise_of,
    share_of,
    share_of_year,
)

D = Decimal


@pytest.mark.parametrize(
    ("sentence", "budget", "executed", "rate"),
    [
        ("half of it", 4020, 2010, "50"),
        ("nothing spent is a rate of zero", 4020, 0, "0"),
        ("more than was given is shown as it is", 100, 132, "132"),
        ("a reversal is negative", 100, -2, "-2"),
        ("nothing given", 0, 5, None),
        ("budget unknown", None, 5, None),
        ("spending unknown", 100, None, None),
    ],
)
def test_execution_rate(sentence, budget, executed, rate):
    given, spent = (None if amount is None else D(amount) for amount in (budget, executed))

    assert execution_rate(given, spent) == (None if rate is None else D(rate)), sentence


@pytest.mark.parametrize(("day", "share"), [(date(2016, 8, 1), "66.67"), (date(2016, 12, 31), "100.00")])
def test_share_of_year_counts_the_whole_month(day, share):
    assert str(share_of_year(day)) == share


def test_a_share_is_in_percent():
    assert share_of(D(1), D(4)) == D(25)


@pytest.mark.parametrize(
    ("sentence", "before", "now", "rise"),
    [
        ("a third more", 3000, 4020, "34"),
        ("less is negative", 100, 75, "-25"),
        ("from nothing there is no rise", 0, 5, None),
        ("from the unknown neither", None, 5, None),
        ("to the unknown neither", 5, None, None),
    ],
)
def test_a_rise(sentence, before, now, rise):
    amounts = (None if amount is None else D(amount) for amount in (before, now))

    assert rise_of(*amounts) == (None if rise is None else D(rise)), sentence


def test_ten_thousand_yuan_are_one_wan_and_back():
    assert (in_wan(D("40200000")), in_yuan(D("4020.00"))) == (D(4020), D(40200000))


@pytest.mark.parametrize(
    ("sentence", "points", "rate", "light"),
    [
        ("full marks beside 95 % spent are believed", 90, "95", None),
        ("and not beside less", 90, "94.9", "red"),
        ("two thirds of the points beside 75 % spent", 60, "75", None),
        ("no points claim nothing", 0, "1", None),
        ("an unknown rate says nothing", 90, None, None),
    ],
)
def test_a_self_score_far_above_what_was_spent_is_suspicious(sentence, points, rate, light):
    assert claim_light(D(points), D(90), None if rate is None else D(rate)) == light, sentence


@pytest.mark.parametrize(
    ("sentence", "budget", "spent", "light"),
    [
        ("a quarter left", 100, 75, "yellow"),
        ("a fifth left is no warning yet", 100, 80, None),
        ("81 % spent", 100, 81, None),
        ("nothing given", 0, 0, "yellow"),
        ("budget unknown", None, 5, None),
        ("spending unknown", 100, None, None),
    ],
)
def test_more_than_a_fifth_left_is_under_spending(sentence, budget, spent, light):
    given, used = (None if amount is None else D(amount) for amount in (budget, spent))

    assert left_light(given, used) == light, sentence
