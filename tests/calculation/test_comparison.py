"""A figure beside the same period of last year."""

from decimal import Decimal

import pytest

from apps.calculation.comparison import compare, difference
from apps.calculation.terms import Direction, Sentence

D = Decimal


@pytest.mark.parametrize(
    ("sentence", "now", "then", "direction", "unit", "change", "percent", "is_better", "zh", "en"),
    [
        ("fewer cases", 1180, 1240, Direction.LOWER, "件", -60, "-4.84", True,
         "1,180 件，上年同期 1,240 件，减少 60 件（-4.84 %）。",
         "1,180 件, in the same period of last year 1,240 件: 60 件 less (-4.84 %)."),
        ("more people", 310, 300, Direction.HIGHER, "", 10, "3.33", True,
         "310，上年同期 300，增加 10（3.33 %）。", "310, in the same period of last year 300: 10 more (3.33 %)."),
        ("a rate", "82.31", 80, Direction.HIGHER, "%", "2.31", None, True,
         "82.31 %，上年同期 80 %，提高 2.31 个百分点。",
         "82.31 %, in the same period of last year 80 %: 2.31 percentage points more."),
        ("a falling rate", 78, 80, Direction.HIGHER, "%", -2, None, False,
         "78 %，上年同期 80 %，降低 2 个百分点。", "78 %, in the same period of last year 80 %: 2 percentage points less."),
        ("from nothing", 5, 0, Direction.LOWER, "件", 5, None, False,
         "5 件，上年同期 0 件，增加 5 件。", "5 件, in the same period of last year 0 件: 5 件 more."),
        ("the same", 5, 5, Direction.LOWER, "", 0, 0, None,
         "5，上年同期 5，持平。", "5, in the same period of last year 5: no change."),
        ("neither way is better", 6, 5, Direction.NEUTRAL, "", 1, 20, None,
         "6，上年同期 5，增加 1（20.00 %）。", "6, in the same period of last year 5: 1 more (20.00 %)."),
    ],
)  # fmt: skip
def test_a_figure_is_compared(sentence, now, then, direction, unit, change, percent, is_better, zh, en):
    found = compare(D(now), D(then), direction, unit=unit)

    assert (found.now, found.then, found.change) == (D(now), D(then), D(change)), sentence
    assert (None if found.percent is None else round(found.percent, 2)) == (None if percent is None else D(percent))
    assert (found.is_better, found.sentence) == (is_better, Sentence(zh, en))


def test_what_it_is_compared_with_can_be_named():
    before = Sentence(zh="上季度", en="last quarter")

    assert compare(D(2), D(2), Direction.HIGHER, when=before).sentence.en == "2, last quarter 2: no change."


@pytest.mark.parametrize(("now", "then"), [(None, D(1)), (D(1), None)])
def test_what_is_unknown_is_not_compared(now, then):
    assert compare(now, then, Direction.HIGHER) is None


def test_a_difference_needs_both_figures():
    assert (difference(D(3), D(5)), difference(None, D(5)), difference(D(3), None)) == (D(-2), None, None)


def test_a_difference_of_printed_figures_adds_up():
    assert difference(D("52.8049"), D("44.2751")) == D("8.5298")
    assert difference(D("52.8049"), D("44.2751"), 2) == D("8.52")
    assert difference(D("12345678"), D("1234567"), -2) == D("11111100")
    assert difference(None, D(1), 2) is None
