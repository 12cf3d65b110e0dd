"""Targets on several members, and what only a person can decide."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from apps.calculation.aggregation import Aggregate, Figure, Method, aggregate, per_member
from apps.calculation.schemes import Scheme
from apps.calculation.scoring import (
    DecisionRefused,
    decided,
    mean_of,
    score_aggregate,
    score_execution,
    score_milestone,
    score_scope,
    score_value,
)
from apps.calculation.targets import Target
from apps.calculation.terms import Accumulation, Aggregation, Operator, Outcome, ScopeRule, Sentence

D = Decimal
SCHEME = Scheme.from_data(
    json.loads((Path(__file__).parents[2] / "fixtures" / "schemes" / "national-2020.json").read_text("utf-8"))
)
RATE = Method(Accumulation.SNAPSHOT, Aggregation.POOLED, has_denominator=True)
NINETY = Target(Operator.AT_LEAST, D(90))


def scored(rule, target=NINETY, needed=None, *, is_accepted=False, **pairs):
    members = list(pairs)
    reports = [{name: Figure(*map(D, pair)) for name, pair in pairs.items() if pair}]
    each = per_member(members, reports, RATE)
    whole = mean_of(each) if rule is ScopeRule.MEAN else aggregate(members, reports, RATE)
    return score_scope(rule, target, whole, each, D(8), SCHEME, needed=needed, is_accepted=is_accepted)


A, B, C = (95, 100), (180, 200), (300, 600)


@pytest.mark.parametrize(
    ("sentence", "rule", "needed", "members", "points"),
    [
        ("together: 575 of 900", ScopeRule.TOGETHER, None, {"a": A, "b": B, "c": C}, "5.68"),
        ("the mean of 95, 90 and 50", ScopeRule.MEAN, None, {"a": A, "b": B, "c": C}, "6.96"),
        ("all: two of three", ScopeRule.ALL, None, {"a": A, "b": B, "c": C}, "5.33"),
        ("at least two", ScopeRule.AT_LEAST, 2, {"a": A, "b": B, "c": C}, "8.00"),
        ("any", ScopeRule.ANY, None, {"a": A, "c": C}, "8.00"),
        ("for whom nothing arose stands aside", ScopeRule.ALL, None, {"a": A, "b": B, "c": (0, 0)}, "8.00"),
        ("from the mean too", ScopeRule.MEAN, None, {"a": A, "c": (0, 0)}, "8.00"),
        ("one is missing", ScopeRule.ALL, None, {"a": A, "b": None}, None),
        ("from the mean one is missing", ScopeRule.MEAN, None, {"a": A, "b": None}, None),
        ("something of nothing is unknown", ScopeRule.ALL, None, {"a": A, "b": (3, 0)}, None),
    ],
)
def test_points_by_the_scope_of_a_target(sentence, rule, needed, members, points):
    assert scored(rule, needed=needed, **members).points == (None if points is None else D(points)), sentence


def test_who_is_lacking_is_named():
    assert scored(ScopeRule.ALL, 荔湾=A, 越秀=None).sentence == Sentence(
        zh="1/2 已报，缺：越秀；数字不完整，暂不计分。",
        en="1 of 2 reported, lacking 越秀; an incomplete figure is not scored.",
    )


def test_once_accepted_who_is_lacking_has_not_met_the_target():
    assert str(scored(ScopeRule.ALL, is_accepted=True, a=A, b=None).points) == "4.00"


@pytest.mark.parametrize("rule", [ScopeRule.TOGETHER, ScopeRule.MEAN, ScopeRule.ALL])
def test_without_a_value_there_is_nothing_to_score(rule):
    assert scored(rule, Target(Operator.AT_LEAST, None), a=A).status == "target_pending"


@pytest.mark.parametrize(("members", "is_nothing"), [({"a": (0, 0)}, True), ({}, False), ({"a": None}, False)])
def test_a_mean_of_nothing(members, is_nothing):
    whole = mean_of(per_member(list(members), [{k: Figure(*map(D, v)) for k, v in members.items() if v}], RATE))

    assert (whole.value, whole.is_not_applicable) == (None, is_nothing)


NOTHING_AROSE = score_aggregate(NINETY, Aggregate(None, D(0), D(0), ("a",), (), is_not_applicable=True), D(8), SCHEME)
LATE = score_milestone(Outcome.PASSED, date(2017, 1, 10), date(2016, 12, 31), D(6))
NO_BUDGET = score_execution(D(0), D(0), D(10), SCHEME)


@pytest.mark.parametrize(
    ("sentence", "score", "points", "status"),
    [
        ("nothing arose: full marks", NOTHING_AROSE, 8, "met"),
        ("or less", NOTHING_AROSE, 5, "not_met"),
        ("late: a share", LATE, 4, "not_met"),
        ("late: nothing", LATE, 0, "not_met"),
    ],
)
def test_a_reviewer_decides_what_no_rule_can(sentence, score, points, status):
    found = decided(score, D(points), " 当年确无业务 ")

    assert (found.points, found.status, found.flags[-1]) == (points, status, "decided"), sentence
    assert found.sentence.zh.endswith(f"复核人给 {points}.00 分，理由：当年确无业务")


def test_a_reviewer_decides_on_execution_without_a_budget():
    found = decided(NO_BUDGET, D(10), "年中撤销")

    assert (found.points, found.flags) == (10, ("no_budget", "decided"))
    assert found.sentence.en.endswith("The reviewer gives 10.00 points, because: 年中撤销")


@pytest.mark.parametrize(
    ("sentence", "score", "points", "reason", "told"),
    [
        ("a rule has scored it", score_value(NINETY, D(80), D(8), SCHEME), 8, "因", "not for a reviewer to decide"),
        ("it lacks its figure", score_value(NINETY, None, D(8), SCHEME), 8, "因", "not for a reviewer to decide"),
        ("money that was spent is scored", score_execution(D(9), D(9), D(10), SCHEME), 1, "因", "not for a reviewer"),
        ("an error of the data", score_execution(D(0), D(9), D(10), SCHEME), 1, "因", "not for a reviewer"),
        ("decided already", decided(NO_BUDGET, D(10), "因"), 1, "因", "not for a reviewer"),
        ("no reason", LATE, 3, "  ", "Points need a reason"),
        ("late is never full", LATE, 6, "因", "between 0 and 5.99; read 6"),
        ("more than there is", NOTHING_AROSE, "8.01", "因", "between 0 and 8.00; read 8.01"),
        ("less than nothing", NOTHING_AROSE, -1, "因", "between 0 and 8.00; read -1"),
    ],
)
def test_a_decision_the_line_does_not_allow_is_refused(sentence, score, points, reason, told):
    with pytest.raises(DecisionRefused, match=told):
        decided(score, D(points), reason)
