"""Numbers in Chinese numerals."""

from decimal import Decimal

import pytest

from apps.calculation.numerals import read_chinese

D = Decimal


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三", "3"),
        ("两", "2"),
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("一百二十", "120"),
        ("一百零五", "105"),
        ("百", "100"),
        ("三千", "3000"),
        ("二〇一六", "2016"),
        ("零", "0"),
    ],
)
def test_both_ways_of_writing_are_read(text, number):
    assert read_chinese(text) == D(number)


@pytest.mark.parametrize("text", ["", "3", "三个", "万", "三万"])
def test_anything_else_is_none(text):
    assert read_chinese(text) is None
