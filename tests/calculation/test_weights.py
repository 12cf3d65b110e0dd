"""Points that change hands, and that none of them is lost."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.calculation.weights import NothingLeft, moved, redistributed, shared_out

D = Decimal


def points(**weights):
    return {name: D(weight) for name, weight in weights.items()}


@pytest.mark.parametrize(
    ("sentence", "weights", "absent", "expected"),
    [
        ("in proportion", points(a=50, b=30, c=10), ["c"], points(a="56.25", b="33.75", c=0)),
        ("nobody is absent", points(a=50, b=30), [], points(a=50, b=30)),
        ("who is absent had nothing", points(a=50, b=0), ["b"], points(a=50, b=0)),
        ("thirds are printed, the last hundredth goes where most was cut off", points(a=10, b=10, c=10, d=10), ["d"],
         points(a="13.34", b="13.33", c="13.33", d=0)),
        ("who has nothing gets nothing", points(a=50, b=0, c=10), ["c"], points(a=60, b=0, c=0)),
    ],
)  # fmt: skip
def test_points_of_the_absent_go_to_the_others(sentence, weights, absent, expected):
    assert redistributed(weights, absent) == expected, sentence


def test_an_heir_takes_all_and_without_one_everybody_a_share():
    weights = points(output=50, benefit=30, satisfaction=10)

    assert moved(weights, ["satisfaction"], {"satisfaction": "benefit"}) == points(
        output=50, benefit=40, satisfaction=0
    )
    assert moved(weights, ["satisfaction"], {}) == points(output="56.25", benefit="33.75", satisfaction=0)


def test_an_heir_that_is_absent_too_hands_on():
    weights = points(output=50, benefit=30, satisfaction=10)

    found = moved(weights, ["satisfaction", "benefit"], {"satisfaction": "benefit"})

    assert found == points(output=90, benefit=0, satisfaction=0)


def test_points_without_anybody_to_take_them_are_refused():
    with pytest.raises(NothingLeft, match="could take over 50 points"):
        redistributed(points(a=50, b=0), ["a"])


@given(st.dictionaries(st.integers(0, 9), st.decimals("0.01", 50, places=2), min_size=2), st.sets(st.integers(0, 9)))
def test_no_point_is_lost_and_nobody_loses_any(weights, absent):
    assume(not weights.keys() <= absent)

    found = redistributed(weights, absent)

    assert sum(found.values()) == sum(weights.values())
    assert all(found[key] == 0 if key in absent else found[key] >= weight for key, weight in weights.items())


@pytest.mark.parametrize(
    ("sentence", "total", "names", "shares"),
    [
        ("evenly", 50, "abcd", ["12.5", "12.5", "12.5", "12.5"]),
        ("what halves leave over goes to the first", 50, "abc", ["17", "16.5", "16.5"]),
        ("a rest smaller than a half goes to the very first", "10.25", "ab", ["5.25", "5"]),
        ("a single one takes all", 30, "a", ["30"]),
        ("too few points for all", 1, "abc", []),
        ("none missing", 0, "ab", []),
        ("too many given already", -5, "ab", []),
        ("nobody to take them", 10, "", []),
    ],
)
def test_points_are_shared_out_in_halves(sentence, total, names, shares):
    found = shared_out(Decimal(total), list(names))

    assert list(found.values()) == [Decimal(share) for share in shares], sentence
    assert sum(found.values()) == (Decimal(total) if shares else 0)
