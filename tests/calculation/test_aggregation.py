"""Periods accumulate, members aggregate, and coverage stands beside the figure."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.calculation.aggregation import (
    Aggregate,
    Figure,
    Method,
    WeightMissing,
    accumulate,
    aggregate,
    member_figure,
    per_member,
    ratio_of,
)
from apps.calculation.terms import Accumulation, Aggregation

D = Decimal
INCREMENTS = Method(Accumulation.INCREMENT, Aggregation.SUM, has_denominator=False)
TOTALS = Method(Accumulation.RUNNING_TOTAL, Aggregation.SUM, has_denominator=False)
STOCKS = Method(Accumulation.SNAPSHOT, Aggregation.SUM, has_denominator=False)
RATES = Method(Accumulation.RUNNING_TOTAL, Aggregation.POOLED, has_denominator=True)


def decimals(*values):
    return [None if value is None else D(value) for value in values]


def numbers(**values):
    return {member: Figure(None if value is None else D(value)) for member, value in values.items()}


def parts(**pairs):
    return {member: Figure(*decimals(*pair)) for member, pair in pairs.items()}


@pytest.mark.parametrize(
    ("sentence", "accumulation", "values", "figure"),
    [
        ("increments add up", Accumulation.INCREMENT, [3, None, 4], "7"),
        ("a correction below zero is taken off", Accumulation.INCREMENT, [3, -1], "2"),
        ("a running total is the latest", Accumulation.RUNNING_TOTAL, [3, 7, 5], "5"),
        ("and is carried forward", Accumulation.RUNNING_TOTAL, [3, 7, None], "7"),
        ("a snapshot is the latest", Accumulation.SNAPSHOT, [9, 4], "4"),
        ("and is not carried", Accumulation.SNAPSHOT, [9, None], None),
        ("the average of what is known", Accumulation.AVERAGE, [2, None, 4], "3"),
        ("the largest", Accumulation.MAXIMUM, [2, 8, 4], "8"),
        ("the smallest", Accumulation.MINIMUM, [2, 8, None], "2"),
        ("zero is a measurement", Accumulation.INCREMENT, [0, None], "0"),
        ("nothing known is unknown, not zero", Accumulation.INCREMENT, [None, None], None),
        ("no period at all", Accumulation.INCREMENT, [], None),
        ("no snapshot at all", Accumulation.SNAPSHOT, [], None),
    ],
)
def test_one_members_periods_accumulate(sentence, accumulation, values, figure):
    assert accumulate(decimals(*values), accumulation) == (None if figure is None else D(figure)), sentence


def test_a_flow_over_a_stock_accumulates_each_in_its_own_way():
    method = Method(
        Accumulation.INCREMENT, Aggregation.POOLED, has_denominator=True, denominator_accumulation=Accumulation.SNAPSHOT
    )
    periods = [Figure(D(30), D(100)), None, Figure(D(20), D(80))]

    assert member_figure(periods, method) == Figure(D(50), D(80))


@pytest.mark.parametrize(
    ("sentence", "figure", "factor", "value"),
    [
        ("percent", Figure(D(37), D(50)), "100", "74"),
        ("devices per person", Figure(D(1100), D(2500)), "1", "0.44"),
        ("a true zero", Figure(D(0), D(50)), "100", "0"),
        ("a zero denominator", Figure(D(1), D(0)), "100", None),
        ("an unknown denominator", Figure(D(1)), "100", None),
        ("an unknown numerator", Figure(None, D(1)), "100", None),
    ],
)
def test_ratio_of(sentence, figure, factor, value):
    assert ratio_of(figure, D(factor)) == (None if value is None else D(value)), sentence


def test_increments_of_members_add_up_with_full_coverage():
    periods = [numbers(a=1, b=2), numbers(a=3, b=0)]

    assert aggregate(["a", "b"], periods, INCREMENTS) == Aggregate(D(6), D(6), None, ("a", "b"), ())


def test_a_running_total_is_carried_but_its_member_is_missing():
    whole = aggregate(["a", "b"], [numbers(a=1, b=2), numbers(a=3)], TOTALS)

    assert (whole.value, whole.reported, whole.missing, whole.is_complete) == (D(5), ("a",), ("b",), False)


def test_a_snapshot_is_not_carried():
    whole = aggregate(["a", "b"], [numbers(a=1, b=2), numbers(a=3)], STOCKS)

    assert (whole.value, whole.missing) == (D(3), ("b",))


def test_an_empty_cell_is_not_a_report_but_zero_is():
    whole = aggregate(["a", "b"], [numbers(a=0, b=None)], INCREMENTS)

    assert (whole.value, whole.reported, whole.missing, whole.expected) == (D(0), ("a",), ("b",), 2)


def test_an_increment_left_out_earlier_is_a_gap_that_makes_the_sum_incomplete():
    whole = aggregate(["a", "b"], [numbers(a=1), numbers(a=1, b=1)], INCREMENTS)

    assert (whole.missing, whole.gaps, whole.is_complete) == ((), ("b",), False)


def test_an_earlier_period_left_out_does_no_harm_to_the_latest_figure():
    whole = aggregate(["a", "b"], [numbers(a=1), numbers(a=1, b=1)], TOTALS)

    assert (whole.gaps, whole.is_complete) == ((), True)


def test_a_member_that_began_or_ended_within_the_year_is_neither_missing_nor_a_gap_outside_its_time():
    periods = [numbers(old=4, a=1), numbers(a=1, new=2)]

    whole = aggregate(["old", "a", "new"], periods, INCREMENTS, asked=[{"old", "a"}, {"a", "new"}])

    assert whole == Aggregate(D(8), D(8), None, ("a", "new"), ())


def test_a_member_that_ended_without_answering_leaves_a_gap():
    whole = aggregate(["old", "a"], [numbers(a=1), numbers(a=1)], INCREMENTS, asked=[{"old", "a"}, {"a"}])

    assert (whole.missing, whole.gaps) == ((), ("old",))


def test_before_the_first_period_nobody_has_reported():
    assert aggregate(["a", "b"], [], INCREMENTS) == Aggregate(None, None, None, (), ("a", "b"))


def test_a_half_known_ratio_is_kept_out_of_both_sums():
    whole = aggregate(["a", "b"], [parts(a=(1, 2), b=(5, None))], RATES)

    assert (whole.value, whole.numerator, whole.denominator, whole.missing) == (D(50), D(1), D(2), ("b",))


def test_nothing_of_nothing_is_not_applicable():
    whole = aggregate(["a", "b"], [parts(a=(0, 0), b=(0, 0))], RATES)

    assert whole == Aggregate(None, D(0), D(0), ("a", "b"), (), is_not_applicable=True)


def test_nothing_of_nothing_with_a_member_missing_is_unknown():
    whole = aggregate(["a", "b"], [parts(a=(0, 0))], RATES)

    assert (whole.value, whole.is_not_applicable) == (None, False)


def test_something_of_nothing_has_no_value_and_is_not_the_same_as_not_applicable():
    whole = aggregate(["a"], [parts(a=(3, 0))], RATES)

    assert (whole.value, whole.is_not_applicable) == (None, False)


@pytest.mark.parametrize(
    ("aggregation", "value"),
    [
        (Aggregation.POOLED, "37.5"),
        (Aggregation.SUM, "120"),
        (Aggregation.MEAN, "60"),
        (Aggregation.MINIMUM, "20"),
        (Aggregation.MAXIMUM, "100"),
    ],
)
def test_rates_combine_in_the_chosen_way_and_nothing_of_nothing_stands_aside(aggregation, value):
    method = Method(Accumulation.SNAPSHOT, aggregation, has_denominator=True)

    whole = aggregate(["a", "b", "c"], [parts(a=(10, 10), b=(5, 25), c=(0, 0))], method)

    expected = D(15) * 100 / 35 if aggregation is Aggregation.POOLED else D(value)
    assert whole.value == expected


def test_plain_numbers_pool_to_their_sum():
    method = Method(Accumulation.SNAPSHOT, Aggregation.POOLED, has_denominator=False)

    assert aggregate(["a", "b"], [numbers(a=2, b=3)], method).value == D(5)


def test_a_weighted_mean_weighs_by_money():
    method = Method(Accumulation.SNAPSHOT, Aggregation.WEIGHTED, has_denominator=False)

    whole = aggregate(["a", "b"], [numbers(a=100, b=50)], method, {"a": D(1), "b": D(4)})

    assert whole.value == D(60)


def test_a_weighted_mean_refuses_a_member_without_weight():
    method = Method(Accumulation.SNAPSHOT, Aggregation.WEIGHTED, has_denominator=False)

    with pytest.raises(WeightMissing, match="a weight for b"):
        aggregate(["a", "b"], [numbers(a=100, b=50)], method, {"a": D(1)})


def test_weights_of_nothing_give_no_mean():
    method = Method(Accumulation.SNAPSHOT, Aggregation.WEIGHTED, has_denominator=False)

    assert aggregate(["a"], [numbers(a=100)], method, {"a": D(0)}).value is None


def test_means_of_nothing_are_unknown():
    method = Method(Accumulation.SNAPSHOT, Aggregation.MEAN, has_denominator=False)

    assert aggregate(["a"], [{}], method).value is None


def test_each_member_has_its_own_figure_in_the_order_of_the_list():
    method = Method(Accumulation.RUNNING_TOTAL, Aggregation.WEIGHTED, has_denominator=True)

    each = per_member(["b", "a"], [parts(a=(1, 4), b=(0, 0))], method)

    assert list(each) == ["b", "a"]
    assert (each["a"].value, each["b"].value, each["b"].is_not_applicable) == (D(25), None, True)


DISTRICTS = {
    "荔湾": (92000, 100000),
    "越秀": (118000, 125000),
    "海珠": (255000, 300000),
    "天河": (360000, 440000),
    "白云": (930000, 1300000),
    "黄埔": (300000, 360000),
    "番禺": (720000, 980000),
    "花都": (250000, 320000),
    "南沙": (190000, 222000),
    "从化": (64000, 70000),
    "增城": (310000, 380000),
}


class TestElevenDistricts:
    """A roll-up of made-up figures under real names: pooled and mean fall on different sides of the target of 80 %."""

    def test_the_city_is_pooled(self):
        city = aggregate(list(DISTRICTS), [parts(**DISTRICTS)], RATES)

        assert (city.numerator, city.denominator, city.is_complete) == (D(3589000), D(4597000), True)
        assert city.value.quantize(D("0.01")) == D("78.07")

    def test_the_mean_of_the_rates_is_another_figure(self):
        method = Method(Accumulation.RUNNING_TOTAL, Aggregation.MEAN, has_denominator=True)

        city = aggregate(list(DISTRICTS), [parts(**DISTRICTS)], method)

        assert city.value.quantize(D("0.01")) == D("83.48")

    def test_ten_of_eleven_say_so(self):
        reports = {name: pair for name, pair in DISTRICTS.items() if name != "从化"}

        city = aggregate(list(DISTRICTS), [parts(**reports)], RATES)

        assert city.value.quantize(D("0.01")) == D("77.87")
        assert (len(city.reported), city.expected, city.missing) == (10, 11, ("从化",))

    def test_three_districts_reach_ninety(self):
        each = per_member(list(DISTRICTS), [parts(**DISTRICTS)], RATES)

        assert [name for name, district in each.items() if district.value >= 90] == ["荔湾", "越秀", "从化"]


figures = st.lists(
    st.tuples(st.decimals(0, 10**6, places=2), st.decimals("0.01", 10**6, places=2)), min_size=1, max_size=12
)


@given(figures)
def test_a_pooled_rate_lies_between_the_smallest_and_the_largest_member(pairs):
    reports = [dict(enumerate(Figure(*pair) for pair in pairs))]
    members = list(reports[0])

    each = [whole.value for whole in per_member(members, reports, RATES).values()]

    hair = D("1E-18") * max(each)
    assert min(each) - hair <= aggregate(members, reports, RATES).value <= max(each) + hair


@given(figures, st.decimals("0.001", 1000, places=3))
def test_a_rate_does_not_depend_on_the_unit_of_its_parts(pairs, scale):
    reports = [dict(enumerate(Figure(*pair) for pair in pairs))]
    scaled = [{member: Figure(f.numerator * scale, f.denominator * scale) for member, f in reports[0].items()}]
    members = list(reports[0])

    difference = aggregate(members, reports, RATES).value - aggregate(members, scaled, RATES).value

    assert abs(difference) <= D("1E-15") * max(aggregate(members, reports, RATES).value, D(1))


halves = st.lists(st.integers(-50, 50) | st.none(), max_size=6)


@given(halves, halves)
def test_a_year_of_increments_is_the_sum_of_its_halves_and_unknown_only_where_both_are(first, second):
    whole, *parts = (accumulate(decimals(*half), Accumulation.INCREMENT) for half in (first + second, first, second))

    known = [part for part in parts if part is not None]
    assert whole == (sum(known) if known else None)
