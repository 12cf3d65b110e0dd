"""Half up, once, at the edge."""

from decimal import Decimal

import pytest

from apps.calculation.rounding import half_up, written


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        ("6.475", 2, "6.48"),
        ("62.5", 0, "63"),
        ("-0.005", 2, "-0.01"),
        ("-0.0005", 2, "0.00"),
        ("8", 2, "8.00"),
    ],
)
def test_halves_go_away_from_zero_and_zero_has_no_sign(value, places, printed):
    assert str(half_up(Decimal(value), places)) == printed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("4020.00", "4,020"),
        ("0.5", "0.5"),
        ("100", "100"),
        ("0.00", "0"),
        ("1E+3", "1,000"),
        ("2.2727272727", "2.272727"),
    ],
)
def test_a_number_in_a_sentence_is_plain(value, text):
    assert written(Decimal(value)) == text


@pytest.mark.parametrize(("value", "places", "text"), [("50", 0, "50"), ("1180.5", 0, "1,181"), ("8.10", 1, "8.1")])
def test_a_number_in_a_sentence_may_have_fewer_places(value, places, text):
    assert written(Decimal(value), places) == text
