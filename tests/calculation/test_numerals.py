"""Numbers as people type them, and what is said when they are none."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.calculation.numerals import NotANumber, read_number

D = Decimal


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1180", "1180"),
        ("1,180.50", "1180.5"),
        ("1，180", "1180"),
        ("１１８０", "1180"),
        (" 1 180 ", "1180"),
        ("－3", "-3"),
        ("−3", "-3"),
        ("+3", "3"),
        (".5", "0.5"),
        ("1.5万", "15000"),
        ("1.5 万", "15000"),
        ("1 234 567.5", "1234567.5"),
        ("- 3", "-3"),
        ("0", "0"),
    ],
)
def test_a_typed_number_is_read(text, number):
    assert read_number(text) == D(number)


@pytest.mark.parametrize("text", ["", "  ", "\t"])
def test_an_empty_cell_is_unknown(text):
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("12a", "含字母 a", "contains the letter a"),
        ("12人", "含文字 人", "contains the character 人"),
        ("1e5", "含字母 e", "contains the letter e"),
        ("80%", "是百分数", "is a percentage"),
        ("80％", "是百分数", "is a percentage"),
        ("#DIV/0!", "是表格里公式出错的显示", "a formula that failed"),
        ("＃Ｎ／Ａ", "是表格里公式出错的显示", "a formula that failed"),
        ("-", "不是一个数字", "is not a number"),
        ("万", "不是一个数字", "is not a number"),
        ("1,18", "不是一个数字", "is not a number"),
        ("4 1.2", "中间有空格", "has a blank in it"),
        ("41. 2", "中间有空格", "has a blank in it"),
        ("12 34", "中间有空格", "has a blank in it"),
        ("٣", "不是一个数字", "is not a number"),
        ("1" * 16, "位数过多", "too many digits"),
        ("1" + "0" * 15, "位数过多", "too many digits"),
        ("123456789012.3456", "位数过多", "too many digits"),
        ("0.00001", "位数过多", "too many digits"),
    ],
)
def test_anything_else_is_refused_with_what_was_read(text, zh, en):
    with pytest.raises(NotANumber, match=en) as refused:
        read_number(text)

    assert zh in refused.value.sentence.zh
    assert text in refused.value.sentence.zh


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("38.35", "万元", "38.35"),
        ("38.35万", "万元", "38.35"),
        ("38.35 万元", "万元", "38.35"),
        ("３８．３５万", "万元", "38.35"),
        ("383500元", "万元", "38.35"),
        ("383,500 元", "万元", "38.35"),
        ("1.2万", "万人", "1.2"),
        ("12000人", "万人", "1.2"),
        ("3万", "万", "3"),
        ("3万", "户", "30000"),
        ("3万户", "户", "30000"),
        ("120户", "户", "120"),
        ("80％", "%", "80"),
        ("80%", "％", "80"),
    ],
)
def test_the_unit_of_the_field_may_stand_behind_the_number(text, unit, number):
    assert read_number(text, 6, unit) == D(number)


@pytest.mark.parametrize("text", ["38.35千元", "元", "万", "万元", "38.35元万", "38.35人"])
def test_no_other_unit_may(text):
    with pytest.raises(NotANumber):
        read_number(text, 6, "万元")


def test_how_many_places_are_taken_is_the_callers_choice():
    assert read_number("0.00001", places=5) == D("0.00001")


@given(st.decimals(-(10**11) + 1, 10**11 - 1, places=4))
def test_a_number_is_read_back_as_it_was_written(number):
    assert read_number(f"{number:,f}") == number


@given(st.text(max_size=12))
def test_any_text_is_a_number_empty_or_refused(text):
    with suppress(NotANumber):
        found = read_number(text)
        assert found is None or found.is_finite()
