"""The options of a scheme at work, and last year's form under last year's scheme."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.calculation.schemes import Cap, ReverseRule, Scheme, Step
from apps.calculation.scoring import (
    possible_cut,
    score_execution,
    score_judgement,
    score_milestone,
    score_satisfaction,
    score_subset,
    score_value,
    summary,
)
from apps.calculation.targets import Target, is_met
from apps.calculation.terms import Band, EqualMeans, Operator, Outcome, ScopeRule, Sentence

D = Decimal
SCHEMES = Path(__file__).parents[2] / "fixtures" / "schemes"


def data_of(code):
    return json.loads((SCHEMES / f"{code}.json").read_text("utf-8"))


def a_scheme(code):
    return Scheme.from_data(data_of(code))


def a_target(symbol, value, **details):
    return Target(Operator.from_symbol(symbol), None if value is None else D(value), **details)


NATIONAL = a_scheme("national-2020")
LADDER = (Step(D(90), D(80)), Step(D(60), D(50)))
IN_STEPS = replace(NATIONAL, achievement_ladder=LADDER)


@pytest.mark.parametrize(
    ("sentence", "target", "actual", "points"),
    [
        ("met is full, whatever the ladder", a_target(">=", 100), 100, "10.00"),
        ("on a step's edge", a_target(">=", 100), 90, "8.00"),
        ("between the steps", a_target(">=", 100), "89.99", "5.00"),
        ("below the lowest step", a_target(">=", 100), "59.99", "0.00"),
        ("less than nothing", a_target(">=", 100), -5, "0.00"),
        ("where less is better it is the ratio that is banded", a_target("<=", 90), 100, "8.00"),
    ],
)
def test_a_scheme_may_pay_in_steps(sentence, target, actual, points):
    assert str(score_value(target, D(actual), D(10), IN_STEPS).points) == points, sentence


def test_steps_are_told_and_never_make_a_missed_target_look_full():
    generous = replace(NATIONAL, achievement_ladder=(Step(D(80), D(100)),))

    score = score_value(a_target(">=", "43.2"), D("37.24"), D(10), generous)

    assert score.points == D("9.99")
    assert score.sentence == Sentence(
        zh="37.24 ÷ 43.2 = 86.20 %，80 % 起一档得 100 %，× 10 分，记 9.99 分。",
        en="37.24 ÷ 43.2 = 86.20 %, from 80 % on 100 %, × 10 points: 9.99 points.",
    )


def test_steps_may_be_those_of_the_overrun():
    both = replace(IN_STEPS, reverse_rule=ReverseRule.OVERRUN)

    score = score_value(a_target("<=", 90), D(100), D(10), both)

    assert str(score.points) == "5.00"
    assert score.sentence.zh.startswith("超出 (100 − 90) ÷ 90 = 11.11 %；80 ÷ 90 = 88.89 %，60 % 起一档得 50 %")


def test_a_scheme_says_what_equal_means_where_a_target_does_not():
    quotas = replace(NATIONAL, equal_means=EqualMeans.EXACT)
    unsaid, floor = a_target("=", 4500), a_target("=", 4500, equal=EqualMeans.FLOOR)

    statuses = [score_value(each, D(4600), D(12), quotas).status for each in (unsaid, floor)]

    assert statuses == ["not_met", "exceeded"]
    assert score_value(unsaid, D(4600), D(12), NATIONAL).status == "exceeded"


def test_satisfaction_by_steps_keeps_its_deviation():
    steps = replace(NATIONAL, satisfaction_ladder=LADDER)

    assert score_satisfaction(a_target(">=", 90), D(81), D(10), steps).deviation == -10
    assert score_satisfaction(a_target(">=", 0), D(81), D(10), steps).deviation is None


@pytest.mark.parametrize(
    ("sentence", "target", "actual", "taken"),
    [
        ("two and a half times the target", a_target(">=", 10), 25, "1.00"),
        ("six times", a_target(">=", 10), 60, "3.00"),
        ("not by enough", a_target(">=", 10), 15, None),
        ("missed", a_target(">=", 10), 5, None),
        ("less is better", a_target("<=", 10), 1, None),
        ("no figure", a_target(">=", 10), None, None),
    ],
)
def test_what_a_confirmed_low_target_would_cost(sentence, target, actual, taken):
    figure = None if actual is None else D(actual)

    assert possible_cut(target, figure, D(10), NATIONAL) == (None if taken is None else D(taken)), sentence


def test_under_hubeis_scheme_a_half_is_partly_achieved_and_execution_has_20_points():
    hubei = a_scheme("hubei-2020")

    assert str(score_judgement(Band.PARTIAL, D(50), D(10), hubei).points) == "5.00"
    assert str(score_execution(D(100), D(95), hubei.execution_weight, hubei).points) == "19.00"
    assert str(score_value(a_target(">=", 98), D(98), D(20), hubei).points) == "20.00"


def test_under_the_provincial_variant_an_overrun_is_taken_off():
    variant = a_scheme("provincial-2020-overrun")

    assert str(score_value(a_target("<=", 90), D(100), D(8), variant).points) == "7.11"


def test_while_spending_is_open_the_strictest_cap_may_still_come():
    capped = replace(NATIONAL, execution_caps=(Cap(D(80), D(89)), Cap(D(50), D(59))))
    lines = [score_execution(None, D(5), D(10), capped), score_value(a_target(">=", 1), D(1), D(90), capped)]

    total = summary(lines, capped)

    assert (total.points, total.lowest, total.highest) == (90, 59, 100)
    assert "总分将在 59.00 与 100.00 之间" in total.sentence.zh


INPUTS = """[
    ["execution", {"budget": "4020", "executed": "3948.44", "weight": "10"}],
    ["value", {"operator": ">=", "target": "95", "actual": "93.1", "weight": "30"}],
    ["value", {"operator": "<", "target": "860", "actual": "875", "weight": "14"}],
    ["value", {"operator": "=", "target": "4400", "actual": "4600", "weight": "10"}],
    ["value", {"operator": ">=", "target": "10", "actual": "60", "weight": "10", "low_target": true}],
    ["judgement", {"band": "partial", "percent": "60", "weight": "10"}],
    ["milestone", {"outcome": "passed", "decided_on": "2016-12-20", "due_on": "2016-12-31", "weight": "6"}],
    ["subset", {"met": 2, "size": 3, "weight": "10"}]
]"""


def recomputed(stored_scheme, stored_inputs):
    """Return the total of a form that was put away as text, computed anew under the scheme put away with it."""
    scheme = Scheme.from_data(json.loads(stored_scheme))
    return summary([line_of(rule, line, scheme) for rule, line in json.loads(stored_inputs)], scheme)


def line_of(rule, line, scheme):
    weight = D(line["weight"])
    match rule:
        case "execution":
            return score_execution(D(line["budget"]), D(line["executed"]), weight, scheme)
        case "value":
            target, is_low = a_target(line["operator"], line["target"]), line.get("low_target", False)
            return score_value(target, D(line["actual"]), weight, scheme, low_target=is_low)
        case "judgement":
            return score_judgement(Band(line["band"]), D(line["percent"]), weight, scheme)
        case "milestone":
            days = date.fromisoformat(line["decided_on"]), date.fromisoformat(line["due_on"])
            return score_milestone(Outcome(line["outcome"]), *days, weight)
    return score_subset(ScopeRule.ALL, line["met"], line["size"], weight)


def test_last_years_form_comes_to_last_years_points_with_last_years_scheme():
    last_year, this_year = data_of("national-2020"), data_of("national-2020")
    this_year |= {
        "equal_means": "exact",
        "reverse_rule": "overrun",
        "judgement_bands": {"achieved_from": "80", "partial_from": "50"},
        "overshoot_ladder": [],
        "execution_caps": [{"below": "99", "highest": "79"}],
        "grades": [{"code": "poor", "at_least": "0", "label": {"zh": "差", "en": "Poor"}}],
    }

    then, again, now = (recomputed(json.dumps(data), INPUTS) for data in (last_year, last_year, this_year))

    assert (str(then.points), then.grade) == ("88.65", "good")
    assert again == then
    assert (now.points, now.grade) == (79, "poor")


def test_a_scheme_put_away_before_an_option_was_known_is_read_as_it_was():
    known_then = {key: value for key, value in data_of("national-2020").items() if key != "absent_to"}

    assert recomputed(json.dumps(known_then), INPUTS) == recomputed(json.dumps(data_of("national-2020")), INPUTS)


weights = st.decimals("0.5", 100, places=2)
figures = st.decimals(-(10**6), 10**6, places=2)
shares = st.lists(st.integers(0, 100), min_size=1, max_size=5, unique=True)


@st.composite
def ladders(draw):
    edges = sorted(draw(shares), reverse=True)
    paid = sorted(draw(st.lists(st.integers(0, 100), min_size=len(edges), max_size=len(edges))), reverse=True)
    return tuple(Step(D(edge), D(share)) for edge, share in zip(edges, paid, strict=True))


schemes = st.builds(
    lambda ladder, rule: replace(NATIONAL, achievement_ladder=ladder, satisfaction_ladder=ladder, reverse_rule=rule),
    ladders(),
    st.sampled_from(ReverseRule),
)


@given(st.decimals("0.01", 10**6, places=2), figures, figures, weights, schemes)
def test_in_steps_more_is_never_worse_and_missed_is_never_full(value, one, other, weight, scheme):
    less, more = sorted([one, other])
    rising, falling = a_target(">=", value), a_target("<=", value)
    for rule in (score_value, score_satisfaction):
        up = [rule(rising, figure, weight, scheme) for figure in (less, more)]
        assert 0 <= up[0].points <= up[1].points <= weight
        assert all(score.points < weight or is_met(rising, each) for score, each in zip(up, (less, more), strict=True))
    down = [score_value(falling, figure, weight, scheme).points for figure in (less, more)]
    assert down[0] >= down[1]
