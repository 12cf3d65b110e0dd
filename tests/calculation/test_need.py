"""What is still to be done, told as a pace."""

from decimal import Decimal

import pytest

from apps.calculation.need import need
from apps.calculation.targets import Target
from apps.calculation.terms import Operator, Sentence

D = Decimal
FLOOR = Target(Operator.AT_LEAST, D(4500))
CEILING = Target(Operator.AT_MOST, D(100))


@pytest.mark.parametrize(
    ("sentence", "target", "actual", "periods_left", "recent", "is_enough", "zh", "en"),
    [
        ("too slow", FLOOR, 3320, 3, (300, 310, 320), False,
         "还需 1,180 人，剩 3 个月，每月 393；最近 3 个月平均 310。",
         "Still 1,180 人 in 3 months: 393 a month; the last 3 made 310 each."),
        ("fast enough", FLOOR, 3320, 3, (400,), True,
         "还需 1,180 人，剩 3 个月，每月 393；最近 1 个月平均 400。",
         "Still 1,180 人 in 3 months: 393 a month; the last 1 made 400 each."),
        ("nothing to compare with", FLOOR, 3320, 1, (), None,
         "还需 1,180 人，剩 1 个月，每月 1,180。", "Still 1,180 人 in 1 month: 1,180 a month."),
        ("reached", FLOOR, 4600, 3, (), None, "已达到指标值。", "The target is reached."),
        ("room under a ceiling", CEILING, 70, 3, (12,), False,
         "还可发生 30 人，剩 3 个月，每月 10；最近 1 个月平均 12。",
         "Room for 30 人 in 3 months: 10 a month; the last 1 made 12 each."),
        ("slow enough under a ceiling", CEILING, 70, 3, (10,), True,
         "还可发生 30 人，剩 3 个月，每月 10；最近 1 个月平均 10。",
         "Room for 30 人 in 3 months: 10 a month; the last 1 made 10 each."),
        ("a ceiling that is used up", CEILING, 130, 3, (), None, "已无余量。", "There is no room left."),
    ],
)  # fmt: skip
def test_the_need_is_told_as_a_pace(sentence, target, actual, periods_left, recent, is_enough, zh, en):
    found = need(target, D(actual), periods_left, [D(each) for each in recent], unit="人")

    assert (found.is_enough, found.sentence) == (is_enough, Sentence(zh, en)), sentence


def test_the_figures_are_not_rounded():
    found = need(FLOOR, D(3320), 3, [D(300), D(311)])

    assert (found.left, found.each, found.recent) == (1180, D(1180) / 3, D("305.5"))


@pytest.mark.parametrize(("actual", "periods_left"), [(None, 3), (D(1), 0)])
def test_a_need_that_cannot_be_said(actual, periods_left):
    assert need(FLOOR, actual, periods_left, []) is None


def test_the_year_is_held_against_the_declared_target_not_against_the_months_reported():
    assert need(Target(Operator.AT_LEAST, D(100)), D(80), 4, []).left == 20
