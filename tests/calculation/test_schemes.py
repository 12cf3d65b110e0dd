"""Schemes are data, and data that cannot be used are refused with a sentence."""

import json
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest

from apps.calculation.schemes import ReverseRule, Scheme, SchemeRefused, Step
from apps.calculation.terms import Band, EqualMeans
from apps.calculation.weights import NothingLeft

SCHEMES = Path(__file__).parents[2] / "fixtures" / "schemes"
SHIPPED = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(SCHEMES.glob("*.json"))}


@pytest.fixture
def data():
    return deepcopy(SHIPPED["national-2020"])


@pytest.mark.parametrize("code", SHIPPED)
def test_a_shipped_scheme_is_valid_and_named_like_its_file(code):
    scheme = Scheme.from_data(SHIPPED[code])

    assert scheme.code == code
    assert scheme.execution_weight + scheme.declared_weight == 100
    assert "财预〔2020〕10号" in scheme.source.zh
    assert scheme.note.zh


def test_five_schemes_are_shipped():
    assert set(SHIPPED) == {
        "hubei-2020",
        "national-2020",
        "national-2020-without-satisfaction",
        "national-2021-cost",
        "provincial-2020-overrun",
    }


@pytest.mark.parametrize(
    ("code", "weights"),
    [
        ("national-2020", {"output": 50, "benefit": 30, "satisfaction": 10, "cost": 0}),
        ("national-2020-without-satisfaction", {"output": 50, "benefit": 40, "satisfaction": 0, "cost": 0}),
        ("national-2021-cost", {"output": 40, "benefit": 20, "satisfaction": 10, "cost": 20}),
        ("provincial-2020-overrun", {"output": 50, "benefit": 30, "satisfaction": 10, "cost": 0}),
    ],
)
def test_the_weights_of_the_schemes_by_class(code, weights):
    scheme = Scheme.from_data(SHIPPED[code])

    assert (scheme.class_weights, scheme.declared_weight) == (weights, 90)


def test_hubei_gives_execution_20_and_the_goals_80():
    scheme = Scheme.from_data(SHIPPED["hubei-2020"])

    assert (scheme.execution_weight, scheme.goals_weight, scheme.declared_weight) == (20, 80, 80)
    assert not any(scheme.class_weights.values())
    assert scheme.judgement_bands.limits(Band.PARTIAL) == (50, 80)


def test_the_points_of_a_class_that_is_absent_go_to_its_heir():
    national, cost = (Scheme.from_data(SHIPPED[code]) for code in ("national-2020", "national-2021-cost"))
    without = Scheme.from_data(SHIPPED["national-2020-without-satisfaction"])

    assert national.without("satisfaction").class_weights == without.class_weights
    assert cost.without("satisfaction").class_weights == {"output": 40, "benefit": 30, "satisfaction": 0, "cost": 20}
    assert cost.without("cost").class_weights == {
        "output": Decimal("51.43"),
        "benefit": Decimal("25.71"),
        "satisfaction": Decimal("12.86"),
        "cost": 0,
    }


def test_without_any_class_the_points_have_nowhere_to_go():
    with pytest.raises(NothingLeft, match="90 points"):
        Scheme.from_data(SHIPPED["national-2020"]).without("output", "benefit", "satisfaction", "cost")


def test_options_are_read(data):
    data |= {
        "achievement_ladder": [{"at_least": "80", "share": "60"}],
        "equal_means": "exact",
        "absent_to": {"cost": "output"},
        "reverse_rule": "overrun",
        "rate_places": "0",
        "satisfaction_ladder": [{"at_least": "90", "share": "100"}],
        "execution_caps": [{"below": "80", "highest": "89"}],
    }

    scheme = Scheme.from_data(data)

    assert (scheme.reverse_rule, scheme.rate_places) == (ReverseRule.OVERRUN, 0)
    assert scheme.satisfaction_ladder == (Step(Decimal(90), Decimal(100)),)
    assert [(cap.below, cap.highest) for cap in scheme.execution_caps] == [(80, 89)]
    assert scheme.achievement_ladder == (Step(Decimal(80), Decimal(60)),)
    assert (scheme.equal_means, scheme.absent_to) == (EqualMeans.EXACT, {"cost": "output"})


def test_options_may_be_left_out(data):
    for key in ("rate_places", "satisfaction_ladder", "execution_caps", "absent_to"):
        del data[key]

    scheme = Scheme.from_data(data)

    assert (scheme.rate_places, scheme.satisfaction_ladder, scheme.execution_caps) == (None, None, ())
    assert (scheme.achievement_ladder, scheme.equal_means) == (None, EqualMeans.FLOOR)
    assert (scheme.goals_weight, scheme.absent_to) == (0, {})


@pytest.mark.parametrize(
    ("output", "zh", "en"),
    [
        ("45.5", "合计 95.5 分，比 100 分少 4.5 分", "add up to 95.5, 4.5 short of 100"),
        ("52", "合计 102 分，比 100 分多 2 分", "add up to 102, 2 above 100"),
    ],
)
def test_weights_that_do_not_add_up_are_refused_by_how_much(data, output, zh, en):
    data["class_weights"]["output"] = output

    with pytest.raises(SchemeRefused, match=en) as refused:
        Scheme.from_data(data)

    assert zh in refused.value.sentence.zh


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("colour", "red", "scheme is refused: the key 'colour' is unknown"),
        ("name", {"zh": "甲"}, "name is refused: the key 'en' is missing"),
        ("name", "甲", "name is refused: read '甲', expected keys with values"),
        ("code", " ", "code is refused: read ' ', expected a text"),
        ("code", 7, "code is refused: read 7, expected a text"),
        ("year", "20.5", "year is refused: read 20.5, expected a whole number"),
        ("year", "soon", "year is refused: read 'soon', expected a number from 0 up, as text"),
        ("execution_weight", 10.0, "execution_weight is refused: read 10.0, expected a number from 0 up, as text"),
        ("execution_weight", "-10", "execution_weight is refused: read '-10', expected a number from 0 up"),
        ("execution_weight", "NaN", "execution_weight is refused: read 'NaN', expected a number from 0 up"),
        ("execution_weight", "110", "execution_weight is refused: read 110, expected at most 100"),
        ("class_weights", {"output": "90"}, "class_weights is refused: the key 'benefit' is missing"),
        ("reverse_rule", "luck", "reverse_rule is refused: read 'luck', expected one of ratio, overrun"),
        ("overshoot_ladder", "10%", "overshoot_ladder is refused: read '10%', expected a list of rows"),
        ("overshoot_ladder", ["10%"], "overshoot_ladder is refused: read .*, expected a list of rows"),
        ("overshoot_ladder", [{"at_least": "1"}], "overshoot_ladder is refused: the key 'share' is missing"),
        ("overshoot_ladder", [{"at_least": "1", "share": "1"}, {"at_least": "2", "share": "2"}],
         "overshoot_ladder is refused: steps must fall from first to last: 1, 2"),
        ("judgement_bands", {"achieved_from": "60", "partial_from": "80"}, "judgement_bands is refused: steps"),
        ("standing_bands", {"on_pace": "0.9", "slightly_behind": "1", "yellow_light": "60", "green_light": "80"},
         "standing_bands is refused: steps must fall"),
        ("rounding_places", "7", "rounding_places is refused: read 7, expected at most 6"),
        ("rate_places", "1E+9", "rate_places is refused: read 1E.9, expected at most 6"),
        ("year", "20160", "year is refused: read 20160, expected at most 9999"),
        ("equal_means", "both", "equal_means is refused: read 'both', expected one of floor, exact"),
        ("goals_weight", "80", "class_weights is refused: execution and class weights add up to 180, 80 above 100"),
        ("absent_to", {"cost": "cost"}, "cost is refused: read 'cost', expected one of output, benefit, satisfaction"),
        ("absent_to", {"luck": "cost"}, "absent_to is refused: the key 'luck' is unknown"),
        ("satisfaction_ladder", [{"at_least": "90", "share": "80"}, {"at_least": "80", "share": "100"}],
         "satisfaction_ladder is refused: a lower step must not give more than the one above: 80, 100"),
        ("execution_caps", [{"below": "80", "highest": "69"}, {"below": "60", "highest": "89"}],
         "execution_caps is refused: a lower step must not give more"),
        ("grades", [], "grades is refused: the last grade must begin at 0 points"),
        ("grades", [{"code": "good", "at_least": "80", "label": {"zh": "良", "en": "Good"}}],
         "grades is refused: the last grade must begin at 0 points"),
    ],
)  # fmt: skip
def test_data_that_cannot_be_used_are_refused_with_a_sentence(data, key, value, told):
    with pytest.raises(SchemeRefused, match=told) as refused:
        Scheme.from_data(data | {key: value})

    assert refused.value.sentence.zh.startswith("评分方案的“")


def test_a_missing_key_is_named(data):
    del data["grades"]

    with pytest.raises(SchemeRefused, match="the key 'grades' is missing"):
        Scheme.from_data(data)


@pytest.mark.parametrize(
    ("percent", "band"),
    [
        ("100", Band.ACHIEVED),
        ("80", Band.ACHIEVED),
        ("79.9", Band.PARTIAL),
        ("60", Band.PARTIAL),
        ("59.9", Band.MISSED),
    ],
)
def test_a_percent_belongs_to_exactly_one_band(percent, band):
    bands = Scheme.from_data(SHIPPED["national-2020"]).judgement_bands

    assert [each for each in Band if bands.has(each, Decimal(percent))] == [band]


@pytest.mark.parametrize("percent", ["-0.1", "100.1"])
def test_a_percent_outside_0_to_100_belongs_to_none(percent):
    bands = Scheme.from_data(SHIPPED["national-2020"]).judgement_bands

    assert not any(bands.has(band, Decimal(percent)) for band in Band)


@pytest.mark.parametrize("percent", ["0", "59.9", "60", "79.9", "80", "100"])
def test_the_band_of_a_percent_is_the_one_that_has_it(percent):
    bands = Scheme.from_data(SHIPPED["national-2020"]).judgement_bands

    assert bands.has(bands.band_of(Decimal(percent)), Decimal(percent))
