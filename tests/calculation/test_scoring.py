"""Points: the published vectors, a whole project, and what must hold for any figure."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.calculation.aggregation import Aggregate
from apps.calculation.schemes import Cap, ReverseRule, Scheme, Step
from apps.calculation.scoring import (
    PercentOutsideBand,
    ScoreStatus,
    SubsetImpossible,
    grade,
    grade_label,
    score_aggregate,
    score_execution,
    score_judgement,
    score_milestone,
    score_satisfaction,
    score_subset,
    score_value,
    summary,
)
from apps.calculation.targets import Target, is_met
from apps.calculation.terms import Band, Direction, EqualMeans, Operator, Outcome, ScopeRule, Sentence

D = Decimal
HERE = Path(__file__).parent
VECTORS = json.loads((HERE / "vectors" / "scoring.json").read_text("utf-8"))
SCHEMES = HERE.parents[1] / "fixtures" / "schemes"
DIRECTIONS = {"+": Direction.HIGHER, "-": Direction.LOWER, "0": Direction.NEUTRAL, None: None}
BANDS = {"达成": Band.ACHIEVED, "部分达成": Band.PARTIAL, "未达成": Band.MISSED}


def a_scheme(code):
    return Scheme.from_data(json.loads((SCHEMES / f"{code}.json").read_text("utf-8")))


NATIONAL = a_scheme("national-2020")
BY_OVERRUN = replace(NATIONAL, reverse_rule=ReverseRule.OVERRUN)


def maybe(text):
    return None if text is None else D(text)


def a_target(symbol, value, **details):
    return Target(Operator.from_symbol(symbol), maybe(value), **details)


def shown(score):
    points = None if score.points is None else str(score.points)
    return (score.status.value, points, None if score.deviation is None else str(score.deviation), list(score.flags))


@pytest.mark.parametrize("vector", VECTORS["quant"], ids=[f"{v['id']} {v['note']}" for v in VECTORS["quant"]])
def test_quantitative_vector(vector):
    options = vector["options"]
    target = a_target(
        vector["op"],
        vector["target"],
        high=maybe(options.get("hi")),
        direction=DIRECTIONS[options.get("direction")],
        equal=EqualMeans(options.get("eq", "floor")),
        step=maybe(options.get("step")),
    )

    score = score_value(
        target, maybe(vector["actual"]), D(vector["weight"]), NATIONAL, low_target=options.get("low_target") == "True"
    )

    expect = vector["expect"]
    assert shown(score) == (expect["status"], expect["score"], expect["deviation_pct"], expect["flags"])


@pytest.mark.parametrize("vector", VECTORS["exec"], ids=[vector["id"] for vector in VECTORS["exec"]])
def test_execution_vector(vector):
    score = score_execution(D(vector["adjusted_budget"]), D(vector["executed"]), D(10), NATIONAL)

    expect = vector["expect"]
    assert (score.rate, score.points) == (maybe(expect["rate_pct"]), maybe(expect["score"]))
    assert list(score.flags) == expect["flags"]


@pytest.mark.parametrize("vector", VECTORS["qual"], ids=[vector["id"] for vector in VECTORS["qual"]])
def test_judgement_vector(vector):
    arguments = (BANDS[vector["band"]], D(vector["pct"]), D(vector["weight"]), NATIONAL)

    if vector["expect"] == "REJECT":
        with pytest.raises(PercentOutsideBand, match=f"read {vector['pct']} %"):
            score_judgement(*arguments)
    else:
        assert str(score_judgement(*arguments).points) == vector["expect"]


@pytest.mark.parametrize("vector", VECTORS["grade"], ids=[vector["total"] for vector in VECTORS["grade"]])
def test_grade_vector(vector):
    assert grade_label(grade(D(vector["total"]), NATIONAL), NATIONAL).zh == vector["expect"]


@pytest.mark.parametrize(
    ("sentence", "target", "actual", "weight", "expected"),
    [
        ("a target met is not multiplied by its percent", a_target(">=", 98), 98, 20, ("met", "20.00", "0.00", [])),
        ("= 0 means none allowed, exact or not", a_target("=", 0, equal=EqualMeans.EXACT), -1, 10,
         ("not_met", "0.00", None, [])),
        ("= 0 as a floor allows nothing above either", a_target("=", 0), 1, 10, ("not_met", "0.00", None, [])),
        ("= 0 as a ceiling allows nothing below either", a_target("=", 0, direction=Direction.LOWER), -1, 10,
         ("not_met", "0.00", None, [])),
        ("= 0 and none", a_target("=", 0), 0, 10, ("met", "10.00", None, [])),
        ("an exact negative target missed", a_target("=", -5, equal=EqualMeans.EXACT), -4, 10,
         ("manual_required", None, None, [])),
        ("a negative target met deviates by its size", a_target(">=", -5), -4, 10, ("met", "10.00", "20.00", [])),
        ("> with a step is normalised", a_target(">", 10, step=D(1)), 10, 11, ("not_met", "10.00", "-9.09", [])),
        ("> without a step, on the bound", a_target(">", 10), 10, 10,
         ("manual_required", None, None, ["strict_at_boundary"])),
        ("> without a step, below", a_target(">", 10), 9, 10, ("not_met", "9.00", "-10.00", [])),
        ("= as a ceiling, better", a_target("=", 40, direction=Direction.LOWER), 30, 10,
         ("exceeded", "10.00", "-25.00", [])),
        ("= as a ceiling, missed", a_target("=", 40, direction=Direction.LOWER), 50, 10,
         ("not_met", "8.00", "25.00", [])),
        ("a floor far exceeded", a_target("=", 10), 20, 10, ("exceeded", "10.00", "100.00", ["overshoot"])),
        ("inside a range nothing deviates", a_target("range", 30, high=D(50)), 31, 5, ("met", "5.00", "0.00", [])),
        ("far above a range", a_target("range", 30, high=D(50)), 100, 5, ("not_met", "2.50", "100.00", ["shortfall"])),
        ("below a range that starts at zero", a_target("range", 0, high=D(50)), -1, 5, ("not_met", "0.00", None, [])),
        ("below a range that starts below zero", a_target("range", -5, high=D(50)), -6, 5,
         ("manual_required", None, None, [])),
        ("above a range that starts below zero", a_target("range", -5, high=D(50)), 100, 5,
         ("not_met", "2.50", "100.00", ["shortfall"])),
        ("a range with one end open", a_target("range", 30), 31, 5, ("target_pending", None, None, [])),
        ("a negative figure earns nothing and costs nothing", a_target(">=", 10), -3, 10,
         ("not_met", "0.00", "-130.00", ["shortfall"])),
        ("no weight, no points", a_target(">=", 10), 5, 0, ("not_met", "0.00", "-50.00", ["shortfall"])),
        ("a date is not scored by a number", a_target("date", 1), 1, 5, ("manual_required", None, None, [])),
    ],
)  # fmt: skip
def test_edges_on_which_the_vectors_are_silent(sentence, target, actual, weight, expected):
    assert shown(score_value(target, D(actual), D(weight), NATIONAL)) == expected, sentence


@pytest.mark.parametrize(
    ("sentence", "target", "actual", "points", "flags"),
    [
        ("twice the target is a deviation of 100 %", a_target(">=", 10), 20, "9.00", ("overshoot", "cut10%")),
        ("three times", a_target(">", 10), 30, "8.00", ("overshoot", "cut20%")),
        ("an = that is a floor is forward too", a_target("=", 10), 50, "7.00", ("overshoot", "cut30%")),
        ("less than twice is only flagged", a_target(">=", 10), "19.9", "10.00", ("overshoot",)),
        ("never where less is better", a_target("<=", 10), 0, "10.00", ("overshoot",)),
        ("never for = where less is better", a_target("=", 10, direction=Direction.LOWER), 0, "10.00", ("overshoot",)),
        ("never without a deviation", a_target(">=", 0), 50, "10.00", ()),
        ("never when missed", a_target(">=", 10), 9, "9.00", ()),
    ],
)  # fmt: skip
def test_the_ladder_applies_to_a_confirmed_low_target(sentence, target, actual, points, flags):
    score = score_value(target, D(actual), D(10), NATIONAL, low_target=True)

    assert (str(score.points), score.flags) == (points, flags), sentence


@pytest.mark.parametrize(
    ("actual", "points"), [(90, "8.00"), (100, "7.11"), (180, "0.00"), (270, "0.00"), ("90.001", "7.99")]
)
def test_a_scheme_may_count_one_minus_the_overrun(actual, points):
    assert str(score_value(a_target("<=", 90), D(actual), D(8), BY_OVERRUN).points) == points


def test_the_overrun_rule_does_not_touch_forward_targets():
    assert str(score_value(a_target(">=", 80), D(72), D(8), BY_OVERRUN).points) == "7.20"


@pytest.mark.parametrize(
    ("score", "zh", "en"),
    [
        (
            score_value(a_target(">=", "43.2"), D("37.24"), D(10), NATIONAL),
            "37.24 ÷ 43.2 = 86.20 %，× 10 分 = 8.62 分。",
            "37.24 ÷ 43.2 = 86.20 %, × 10 points = 8.62 points.",
        ),
        (
            score_value(a_target(">=", 80), D("79.996"), D(8), NATIONAL),
            "79.996 ÷ 80 = 100.00 %，× 8 分 = 8.00 分；未完成不记满分，记 7.99 分。",
            "79.996 ÷ 80 = 100.00 %, × 8 points = 8.00 points; unfinished is never full: 7.99.",
        ),
        (
            score_value(a_target(">=", 10), D(-3), D(10), NATIONAL),
            "-3 ÷ 10 = -30.00 %，× 10 分 = -3.00 分；不记负分，记 0.00 分；偏离 -130.00 %，须说明原因。",
            (
                "-3 ÷ 10 = -30.00 %, × 10 points = -3.00 points; never below zero: 0.00; "
                "it deviates by -130.00 %, state the cause."
            ),
        ),
        (
            score_value(a_target("<=", 90), D(100), D(8), BY_OVERRUN),
            "超出 (100 − 90) ÷ 90 = 11.11 %；80 ÷ 90 = 88.89 %，× 8 分 = 7.11 分。",
            "Overrun (100 − 90) ÷ 90 = 11.11 %; 80 ÷ 90 = 88.89 %, × 8 points = 7.11 points.",
        ),
        (
            score_value(a_target(">=", 10), D(25), D(10), NATIONAL, low_target=True),
            "25 达到指标值 ≥ 10；确认指标值设定偏低，扣减 10 %：10 × 90 % = 9.00 分；偏离 150.00 %，须说明原因。",
            (
                "25 meets ≥ 10; the target is confirmed to be too low, 10 % is taken off: 10 × 90 % = 9.00 points; "
                "it deviates by 150.00 %, state the cause."
            ),
        ),
        (
            score_value(a_target("=", 4500), D(4600), D(12), NATIONAL),
            "4,600 优于指标值 = 4,500，记满分 12.00 分。",
            "4,600 is better than = 4,500: full marks, 12.00 points.",
        ),
        (
            score_value(a_target("range", 30, high=D(50)), D(40), D(5), NATIONAL),
            "40 达到指标值 30–50，记满分 5.00 分。",
            "40 meets 30–50: full marks, 5.00 points.",
        ),
        (
            score_value(a_target("<=", 0), D(2), D(10), NATIONAL),
            "指标值为 0，实际为 2，未完成，记 0.00 分。",
            "The target is 0 and the actual 2: not met, 0.00 points.",
        ),
        (
            score_value(a_target("<", 1200), D(1200), D(6), NATIONAL),
            "1,200 恰在界限上，而指标要求 < 1,200：按比例为 100 % 却未完成，由复核人给分。",
            "1,200 is on the bound of < 1,200: 100 % and yet not met; a reviewer decides.",
        ),
        (
            score_execution(D(4020), D("3948.44"), D(10), NATIONAL),
            "3,948.44 ÷ 4,020 = 98.22 %，× 10 分 = 9.82 分。",
            "3,948.44 ÷ 4,020 = 98.22 %, × 10 points = 9.82 points.",
        ),
        (
            score_execution(D("46.05"), D("76.46"), D(10), NATIONAL),
            "76.46 ÷ 46.05 = 166.04 %，× 10 分，记 10.00 分；执行数大于全年预算数，请核对是否漏录预算调整。",
            (
                "76.46 ÷ 46.05 = 166.04 %, × 10 points: 10.00 points; more was spent than budgeted, "
                "check whether a budget adjustment was left out."
            ),
        ),
        (
            score_judgement(Band.ACHIEVED, D(90), D(4), NATIONAL),
            "达成 90 %，× 4 分 = 3.60 分。",
            "Achieved at 90 %, × 4 points = 3.60 points.",
        ),
        (
            score_subset(ScopeRule.ALL, 2, 3, D(8)),
            "3 个中 2 个达标，要求 3 个：2 ÷ 3 = 66.67 %，× 8 分 = 5.33 分。",
            "2 of 3 reach the target, 3 needed: 2 ÷ 3 = 66.67 %, × 8 points = 5.33 points.",
        ),
        (
            score_milestone(Outcome.PASSED, date(2016, 12, 20), date(2016, 12, 31), D(6)),
            "2016-12-20 通过，记满分 6.00 分。",
            "Passed on 2016-12-20: full marks, 6.00 points.",
        ),
        (
            score_satisfaction(
                a_target(">=", 90), D("89.99"), D(10), replace(NATIONAL, satisfaction_ladder=(Step(D(80), D(80)),))
            ),
            "满意度 89.99 %，80 % 起一档得 80 %，记 8.00 分。",
            "Satisfaction 89.99 %: from 80 % on 80 %, 8.00 points.",
        ),
    ],
)
def test_every_score_carries_its_sentence(score, zh, en):
    assert score.sentence == Sentence(zh=zh, en=en)


DUE = date(2016, 12, 31)


@pytest.mark.parametrize(
    ("sentence", "outcome", "decided_on", "due_on", "expected"),
    [
        ("passed in time", Outcome.PASSED, date(2016, 12, 20), DUE, ("met", "6.00", None, [])),
        ("passed on the last day", Outcome.PASSED, DUE, DUE, ("met", "6.00", None, [])),
        ("passed late", Outcome.PASSED, date(2017, 1, 10), DUE, ("manual_required", None, None, ["late"])),
        ("passed, but nobody knows when", Outcome.PASSED, None, DUE, ("actual_missing", None, None, ["date_missing"])),
        ("passed, and it had no deadline", Outcome.PASSED, None, None, ("met", "6.00", None, [])),
        ("inspected and not passed", Outcome.FAILED, date(2016, 12, 20), DUE, ("not_met", "0.00", None, [])),
        ("the result is awaited", Outcome.AWAITING, None, DUE, ("actual_missing", None, None, [])),
        ("nothing reported", None, None, DUE, ("actual_missing", None, None, [])),
    ],
)
def test_milestone(sentence, outcome, decided_on, due_on, expected):
    assert shown(score_milestone(outcome, decided_on, due_on, D(6))) == expected, sentence


@pytest.mark.parametrize(
    ("sentence", "rule", "met", "size", "needed", "status", "points"),
    [
        ("all, two of three", ScopeRule.ALL, 2, 3, None, "not_met", "5.33"),
        ("all of them", ScopeRule.ALL, 3, 3, None, "met", "8.00"),
        ("all but one of thousands never looks full", ScopeRule.ALL, 9999, 10000, None, "not_met", "7.99"),
        ("at least four, three", ScopeRule.AT_LEAST, 3, 11, 4, "not_met", "6.00"),
        ("at least two, three", ScopeRule.AT_LEAST, 3, 11, 2, "met", "8.00"),
        ("at least, without a number, is everybody", ScopeRule.AT_LEAST, 3, 4, None, "not_met", "6.00"),
        ("any, one", ScopeRule.ANY, 1, 11, None, "met", "8.00"),
        ("any, none", ScopeRule.ANY, 0, 11, None, "not_met", "0.00"),
        ("a subset of nobody", ScopeRule.ALL, 0, 0, None, "manual_required", None),
        ("any of nobody", ScopeRule.ANY, 0, 0, None, "manual_required", None),
        ("at least none", ScopeRule.AT_LEAST, 0, 3, 0, "manual_required", None),
        ("not counted yet", ScopeRule.ALL, None, 3, None, "actual_missing", None),
    ],
)
def test_subset(sentence, rule, met, size, needed, status, points):
    score = score_subset(rule, met, size, D(8), needed=needed)

    assert (score.status, score.points) == (status, maybe(points)), sentence


@pytest.mark.parametrize(
    ("rule", "met", "size", "needed"),
    [
        (ScopeRule.ALL, 4, 3, None),
        (ScopeRule.ALL, -1, 3, None),
        (ScopeRule.AT_LEAST, 1, 3, -1),
        (ScopeRule.TOGETHER, 1, 3, None),
        (ScopeRule.MEAN, 1, 3, None),
    ],
)
def test_impossible_counts_and_rules_that_do_not_count_are_refused(rule, met, size, needed):
    with pytest.raises(SubsetImpossible, match=f"by the rule {rule}: {met} of {size}"):
        score_subset(rule, met, size, D(8), needed=needed)


LADDER = tuple(Step(D(at_least), D(share)) for at_least, share in [(90, 100), (80, 80), (60, 50)])


@pytest.mark.parametrize(
    ("actual", "by_ladder", "by_ratio"),
    [
        ("95", "10.00", "10.00"),
        ("90", "10.00", "10.00"),
        ("89.99", "8.00", "9.99"),
        ("80", "8.00", "8.89"),
        ("79.9", "5.00", "8.88"),
        ("60", "5.00", "6.67"),
        ("59.9", "0.00", "6.66"),
    ],
)
def test_satisfaction_by_ladder_and_by_ratio(actual, by_ladder, by_ratio):
    target = a_target(">=", 90)
    with_ladder = replace(NATIONAL, satisfaction_ladder=LADDER)

    assert str(score_satisfaction(target, D(actual), D(10), with_ladder).points) == by_ladder
    assert str(score_satisfaction(target, D(actual), D(10), NATIONAL).points) == by_ratio


@pytest.mark.parametrize(
    ("sentence", "value", "actual", "status", "points"),
    [
        ("a ladder does not make a missed target look full", 95, 92, "not_met", "9.99"),
        ("no figure", 90, None, "actual_missing", None),
        ("no target", None, 92, "target_pending", None),
    ],
)
def test_satisfaction_by_ladder_keeps_the_rules_of_every_line(sentence, value, actual, status, points):
    with_ladder = replace(NATIONAL, satisfaction_ladder=LADDER)

    score = score_satisfaction(a_target(">=", value), maybe(actual), D(10), with_ladder)

    assert (score.status, score.points) == (status, maybe(points)), sentence


@pytest.mark.parametrize(("band", "percent"), [(None, D(90)), (Band.ACHIEVED, None), (None, None)])
def test_a_judgement_without_band_or_percent_is_open(band, percent):
    assert score_judgement(band, percent, D(10), NATIONAL).status is ScoreStatus.ACTUAL_MISSING


def test_the_refused_percent_names_its_limits_in_both_languages():
    with pytest.raises(PercentOutsideBand) as refused:
        score_judgement(Band.PARTIAL, D(80), D(10), NATIONAL)

    assert refused.value.sentence == Sentence(
        zh="“部分达成”应在 60 % 以上而低于 80 %，读到 80 %。",
        en="Partly achieved takes from 60 % and below 80 %; read 80 %.",
    )


@pytest.mark.parametrize(
    ("budget", "executed", "flag"),
    [
        (None, D(5), "money_missing"),
        (D(5), None, "money_missing"),
        (D(-5), D(0), "ERROR_negative_budget"),
    ],
)
def test_execution_with_unusable_money_is_open(budget, executed, flag):
    score = score_execution(budget, executed, D(10), NATIONAL)

    assert (score.rate, score.points, score.flags) == (None, None, (flag,))


def test_a_scheme_may_round_the_rate_before_it_is_multiplied():
    by_whole_percent = replace(NATIONAL, rate_places=0)

    assert str(score_execution(D("310.2"), D("154.74"), D(10), by_whole_percent).points) == "5.00"


COMPLETE = Aggregate(D("82.31"), D("82.31"), D(100), ("荔湾", "越秀"), ())
PARTIAL = Aggregate(D("82.31"), D("82.31"), D(100), ("荔湾",), ("越秀",))
WITH_GAP = Aggregate(D(30), D(30), None, ("荔湾", "越秀"), (), gaps=("越秀",))
NOTHING_AROSE = Aggregate(None, D(0), D(0), ("荔湾", "越秀"), (), is_not_applicable=True)


@pytest.mark.parametrize(
    ("sentence", "aggregate", "value", "is_accepted", "expected"),
    [
        ("complete", COMPLETE, 80, False, ("met", "10.00", [])),
        ("a district is missing", PARTIAL, 80, False, ("actual_missing", None, ["incomplete"])),
        ("a month is missing", WITH_GAP, 80, False, ("actual_missing", None, ["incomplete"])),
        ("an officer accepted it as it is", PARTIAL, 80, True, ("met", "10.00", [])),
        ("nothing arose", NOTHING_AROSE, 80, False, ("manual_required", None, ["not_applicable"])),
        ("nothing arose, and there is no target either", NOTHING_AROSE, None, False, ("target_pending", None, [])),
        ("no target", PARTIAL, None, False, ("target_pending", None, [])),
        ("no figure", replace(PARTIAL, value=None), 80, False, ("actual_missing", None, [])),
    ],
)
def test_an_aggregate_is_scored_when_it_is_whole(sentence, aggregate, value, is_accepted, expected):
    score = score_aggregate(a_target(">=", value), aggregate, D(10), NATIONAL, is_accepted=is_accepted)

    assert (score.status, score.points, list(score.flags)) == (expected[0], maybe(expected[1]), expected[2]), sentence


def test_the_sentence_of_an_incomplete_figure_names_who_is_missing():
    assert score_aggregate(a_target(">=", 80), PARTIAL, D(10), NATIONAL).sentence == Sentence(
        zh="1/2 已报，缺：越秀；数字不完整，暂不计分。",
        en="1 of 2 reported, lacking 越秀; an incomplete figure is not scored.",
    )


@pytest.mark.parametrize(
    ("waiting", "zh", "en"),
    [
        ((), "1/3 已审，缺：越秀、海珠；", "1 of 3 reviewed, lacking 越秀, 海珠;"),
        (("越秀",), "1/3 已审，1 待审：越秀；缺：海珠；", "1 of 3 reviewed, 1 waiting for review: 越秀; lacking 海珠;"),
        (("越秀", "海珠"), "1/3 已审，2 待审：越秀、海珠；数字", "2 waiting for review: 越秀, 海珠; an incomplete"),
    ],
)
def test_who_waits_for_a_review_is_told_from_who_is_missing(waiting, zh, en):
    figure = replace(PARTIAL, missing=("越秀", "海珠"))

    found = score_aggregate(a_target(">=", 80), figure, D(10), NATIONAL, waiting=waiting).sentence

    assert (zh in found.zh, en in found.en) == (True, True), found


def test_who_is_missing_is_named_in_the_language_of_each_sentence():
    yuexiu = Sentence(zh="越秀区", en="Yuexiu")

    sentence = score_aggregate(a_target(">=", 80), replace(PARTIAL, missing=(yuexiu,)), D(10), NATIONAL).sentence

    assert ("越秀区" in sentence.zh, "Yuexiu" in sentence.zh) == (True, False)
    assert ("Yuexiu" in sentence.en, "越秀区" in sentence.en) == (True, False)


class TestAWholeProject:
    """The plan of 2016 under the national scheme without satisfaction, with made-up actuals."""

    scheme = a_scheme("national-2020-without-satisfaction")

    def value(self, symbol, target, actual, weight, **details):
        return score_value(a_target(symbol, target, **details), actual, D(weight), self.scheme)

    def lines(self, *, acceptance=Outcome.PASSED, quota=4400):
        exact = {"equal": EqualMeans.EXACT}
        return {
            "execution": score_execution(D(4020), D("3948.44"), D(10), self.scheme),
            "2-1": self.value(">=", "0.5", D(1100) / 2500, 5),
            "5-1": self.value(">=", 100, D(9640) * 100 / 10000, 7),
            "8-1": self.value("=", 4400, D(4400), 4, **exact),
            "10-1": self.value("=", quota, D(4400), 7, **exact),
            "9-1": self.value("=", 100, D(12345) * 100 / 12345, 5),
            "11-1": self.value("=", 100, D(8000) * 100 / 8000, 5),
            "3-1": score_judgement(Band.ACHIEVED, D(90), D(4), self.scheme),
            "4-1": score_milestone(acceptance, date(2016, 12, 20), DUE, D(6)),
            "12-1": self.value("=", 100, D(24800) * 100 / 25000, 7),
            "1-1": score_subset(ScopeRule.ALL, 2, 3, D(8)),
            "1-2": self.value(">=", 80, D("82.31"), 10),
            "5-2": self.value(">=", 95, D("93.1"), 8),
            "6-1": self.value("<", 1200, D(1100), 7),
            "7-1": self.value("<", 860, D(875), 4),
            "7-2": self.value("<", 45, D(38), 3),
        }

    def test_each_line(self):
        assert {name: str(score.points) for name, score in self.lines().items()} == {
            "execution": "9.82",
            "2-1": "4.40",
            "5-1": "6.75",
            "8-1": "4.00",
            "10-1": "7.00",
            "9-1": "5.00",
            "11-1": "5.00",
            "3-1": "3.60",
            "4-1": "6.00",
            "12-1": "6.94",
            "1-1": "5.33",
            "1-2": "10.00",
            "5-2": "7.84",
            "6-1": "7.00",
            "7-1": "3.93",
            "7-2": "3.00",
        }

    def test_the_total_is_95_61_and_excellent(self):
        total = summary(list(self.lines().values()), self.scheme)

        assert (str(total.points), total.grade, total.open_weight, total.scorable) == ("95.61", "excellent", 0, 100)
        assert (total.lowest, total.highest, total.cap) == (total.points, total.points, None)
        assert total.sentence == Sentence(zh="总分 95.61 分，等级为优。", en="Total 95.61, Excellent.")

    def test_a_failed_acceptance_drops_it_below_ninety(self):
        total = summary(list(self.lines(acceptance=Outcome.FAILED).values()), self.scheme)

        assert (str(total.points), total.grade) == ("89.61", "good")

    def test_the_superseded_quota_would_give_another_total(self):
        lines = self.lines(quota=4500)

        assert str(lines["10-1"].points) == "6.84"
        assert str(summary(list(lines.values()), self.scheme).points) == "95.45"

    def test_what_is_open_widens_the_range_and_holds_back_the_grade(self):
        total = summary(list(self.lines(acceptance=Outcome.AWAITING).values()), self.scheme)

        assert (str(total.lowest), str(total.highest), total.grade) == ("89.61", "95.61", None)
        assert (total.scorable, total.open_weight) == (94, 6)
        assert total.sentence == Sentence(
            zh="可计分的 94 分中得 89.61 分；尚有 6 分未定，总分将在 89.61 与 95.61 之间。",
            en="89.61 of the 94 points that can be scored; 6 open, so the total will be between 89.61 and 95.61.",
        )


def test_a_total_is_the_sum_of_the_printed_points():
    thirds = [score_value(a_target(">=", 3), D(2), D(10), NATIONAL) for _ in range(3)]

    assert str(summary(thirds, NATIONAL).points) == "20.01"


def test_a_form_without_lines_is_worth_nothing():
    assert (summary([], NATIONAL).points, summary([], NATIONAL).grade) == (0, "poor")


def test_a_cap_by_the_execution_rate_bounds_the_range_too():
    capped = replace(NATIONAL, execution_caps=(Cap(D(80), D(89)), Cap(D(50), D(59))))
    lines = [
        score_execution(D(100), D(45), D(10), capped),
        score_value(a_target(">=", 1), D(1), D(50), capped),
        score_value(a_target(">=", 1), None, D(40), capped),
    ]

    total = summary(lines, capped)

    assert (str(total.lowest), str(total.highest), total.cap) == ("54.50", "59.00", 59)
    assert total.sentence.zh.endswith("按预算执行率，总分以 59 分封顶。")


def test_a_cap_that_does_not_matter_is_not_mentioned():
    capped = replace(NATIONAL, execution_caps=(Cap(D(80), D(89)),))

    assert summary([score_execution(D(100), D(75), D(10), capped)], capped).cap is None


def test_a_grade_the_scheme_does_not_have_has_no_label():
    with pytest.raises(KeyError, match="superb"):
        grade_label("superb", NATIONAL)


weights = st.decimals("0.5", 100, places=2)
values = st.decimals("0.01", 10**6, places=2)
actuals = st.decimals(-(10**6), 10**6, places=2)
number_targets = st.builds(
    Target,
    operator=st.sampled_from(["at_least", "at_most", "more_than", "less_than", "equal"]).map(Operator),
    value=st.decimals(-1000, 10**6, places=2),
    direction=st.sampled_from([None, *Direction]),
    equal=st.sampled_from(EqualMeans),
    step=st.sampled_from([None, D(1), D("0.01")]),
) | st.builds(
    lambda low, width: Target(Operator.RANGE, low, high=low + width), st.decimals(-1000, 10**6, places=2), values
)
schemes = st.sampled_from([NATIONAL, BY_OVERRUN])


@given(number_targets, actuals, weights, schemes, st.booleans())
def test_points_lie_between_zero_and_the_weight(target, actual, weight, scheme, low_target):
    score = score_value(target, actual, weight, scheme, low_target=low_target)

    assert score.points is None or 0 <= score.points <= weight


@given(number_targets, actuals, weights, schemes)
def test_full_marks_are_for_targets_that_are_met(target, actual, weight, scheme):
    score = score_value(target, actual, weight, scheme)

    if score.points is not None:
        assert (score.points == weight) is is_met(target, actual) is (score.status in ("met", "exceeded"))


@given(values, actuals, actuals, weights, schemes)
def test_more_is_never_worse_for_at_least_and_less_never_worse_for_at_most(value, one, other, weight, scheme):
    less, more = sorted([one, other])

    up = [score_value(a_target(">=", value), actual, weight, scheme).points for actual in (less, more)]
    down = [score_value(a_target("<=", value), actual, weight, scheme).points for actual in (less, more)]

    assert up[0] <= up[1]
    assert down[0] >= down[1]


@given(number_targets, actuals, weights, st.sampled_from([D("0.001"), D(10), D(10000)]), schemes)
def test_points_do_not_depend_on_the_unit(target, actual, weight, scale, scheme):
    scaled = replace(
        target,
        value=target.value * scale,
        high=None if target.high is None else target.high * scale,
        step=None if target.step is None else target.step * scale,
    )

    one, other = score_value(target, actual, weight, scheme), score_value(scaled, actual * scale, weight, scheme)

    assert (one.status, one.points, one.deviation, one.flags) == (
        other.status,
        other.points,
        other.deviation,
        other.flags,
    )


@given(st.integers(0, 40), st.integers(1, 40), weights)
def test_every_member_more_that_reaches_its_target_is_worth_something(met, size, weight):
    counts = [min(met, size), size]

    some, everybody = (score_subset(ScopeRule.ALL, count, size, weight).points for count in counts)

    assert 0 <= some <= everybody == weight
    assert (some == everybody) is (counts[0] == size)


@given(st.decimals(0, 10**6, places=2), values, weights)
def test_execution_points_lie_between_zero_and_the_weight(executed, budget, weight):
    assert 0 <= score_execution(budget, executed, weight, NATIONAL).points <= weight
