"""What stands in the column of actuals, held against the target it answers."""

from datetime import date
from decimal import Decimal

import pytest

from apps.calculation.reading import ActualReading, read_actual, read_target
from apps.calculation.reading.units import factor
from apps.calculation.terms import Band, Outcome

D = Decimal
YEAR = 2016


def read(target, text):
    return read_actual(text, read_target(target, year=YEAR), year=YEAR)


def said(actual):
    return " ".join(note.zh for note in actual.notes)


@pytest.mark.parametrize(
    ("target", "text", "value", "unit"),
    [
        ("≥95%", "102.59%", "102.59", "%"),
        ("≥95%", "98", "98", "%"),
        ("≥95%", "0", "0", "%"),
        ("≥95%", "=96%", "96", "%"),
        ("≥95%", "达到96%", "96", "%"),
        ("≥95%", "12/15", "80", "%"),
        ("≤1%", "0.5", "0.5", "%"),
        ("≥95%（其中女性90%）", "96%（其中女性91%）", "96", "%"),
        ("≥50个", "50", "50", "个"),
        ("≥100", "120人", "120", "人"),
        ("≤90万元", "900000元", "90", "万元"),
        ("≥1.5万人", "15200人", "1.52", "万人"),
        ("≥1.5万人", "1.6万", "1.6", "万人"),
        ("=512人", "512名", "512", "人"),
        ("≥300平方米", "300㎡", "300", "平方米"),
        ("≥100人", "培训3期共120人", "120", "人"),
        ("每2名管理员配备1台", "1100/2500", "0.44", "台/名"),
        ("比上年下降5%", "下降6%", "-6", "%"),
        ("逐年减少", "1180起", "1180", "起"),
        ("≥100人", "（120人）", "120", "人"),
    ],
)
def test_a_figure_is_read_in_the_targets_unit(target, text, value, unit):
    actual = read(target, text)

    assert (actual.value, actual.unit, actual.is_ambiguous) == (D(value), unit, False)


@pytest.mark.parametrize(
    ("target", "text", "value", "why"),
    [
        ("≥95%", "≥95%", "95", "比较式"),
        ("95%及以上", "88.32%及以上", "88.32", "比较式"),
        ("≥95%", "0.958", "95.8", "小数"),
        ("≥10个", "12/15", "12", "取前一个数"),
        ("≥95%", "约96%", "96", "约数"),
        ("≥95%", "95%-97%", "95", "区间"),
        ("≤90万元", "80万元-900000元", "80", "区间"),
        ("≥100人", "100万元", "100", "不同"),
        ("≥100", "12/0", None, "文字"),
        ("≤3次", "无", "0", "按 0 理解"),
        ("=0起", "未发生", "0", "按 0 理解"),
        ("≥3次", "无", None, "文字"),
        ("≥95%", "完成", None, "文字"),
        ("≥95%", "达到XX%", None, "文字"),
        ("18—54周岁", "存在18岁以下、54周岁以上", None, "多个数量"),
        ("≥100人", "5人，6人", None, "多个数量"),
        ("逐年减少", "上升", None, "文字"),
    ],
)
def test_a_figure_that_is_not_plain_is_flagged_with_the_reason(target, text, value, why):
    actual = read(target, text)

    assert actual.value == (None if value is None else D(value))
    assert actual.is_ambiguous
    assert why in said(actual)


def test_the_largest_figures_are_converted_without_loss():
    assert read("≥1元", "999999999999999.5万亿元").value == D("999999999999999500000000000")


def test_both_ends_of_a_range_are_converted():
    actual = read("≤90万元", "700000-800000元")

    assert (actual.value, actual.high, actual.unit) == (D(70), D(80), "万元")


@pytest.mark.parametrize("text", ["", "  ", "—", "/"])
def test_an_empty_cell_is_unknown_and_not_zero(text):
    actual = read("≥95%", text)

    assert actual == ActualReading(text)
    assert "不是 0" in said(actual)


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("完成", Band.ACHIEVED),
        ("达成预期指标", Band.ACHIEVED),
        ("有", Band.ACHIEVED),
        ("100%", Band.ACHIEVED),
        ("98%", None),
        ("部分达成预期指标并具有一定效果", Band.PARTIAL),
        ("基本完成", Band.PARTIAL),
        ("未达成", Band.MISSED),
        ("1-2期未能及时培训", Band.MISSED),
        ("一般", None),
    ],
)
def test_words_suggest_a_band_under_a_requirement_in_words(text, band):
    actual = read("效果明显", text)

    assert actual.band is band
    assert actual.is_ambiguous is (band is None)


def test_the_targets_own_words_repeated_are_taken_as_achieved():
    actual = read("符合相关文件要求", "符合相关文件要求 ")

    assert (actual.band, actual.outcome) == (Band.ACHIEVED, Outcome.PASSED)
    assert "文字相同" in said(actual)


def test_words_under_a_quantity_are_a_hint_and_no_figure():
    actual = read("≥95%", "达成预期指标")

    assert (actual.value, actual.band) == (None, Band.ACHIEVED)


def test_a_fall_without_its_size_is_what_was_asked_where_any_fall_is():
    assert read("逐年减少", "有所减少").band is Band.ACHIEVED
    assert read("比上年下降5%", "同比下降").band is None


@pytest.mark.parametrize(
    ("text", "done_on", "outcome"),
    [
        ("2016年12月完成", date(2016, 12, 31), Outcome.PASSED),
        ("2017年1月5日", date(2017, 1, 5), Outcome.FAILED),
        ("完成", None, Outcome.PASSED),
        ("尚未完成", None, Outcome.FAILED),
        ("12月未完成", None, Outcome.FAILED),
        ("正在推进中", None, Outcome.AWAITING),
        ("不详", None, None),
    ],
)
def test_a_dated_target_is_met_on_a_day(text, done_on, outcome):
    actual = read("2016年12月31日前", text)

    assert (actual.done_on, actual.outcome) == (done_on, outcome)


def test_a_loose_day_is_flagged():
    assert read("2016年12月31日前", "9月前").is_ambiguous


@pytest.mark.parametrize(
    ("unit", "wanted", "times"),
    [
        ("元", "万元", "0.0001"),
        ("亿元", "万元", "10000"),
        ("万", "万元", "1"),
        (None, "人", "1"),
        ("人", None, "1"),
        ("千克", "公斤", "1"),
        ("百分点", "百分点", "1"),
        ("千米", "公里", "1"),
    ],
)
def test_units_of_one_kind_are_converted(unit, wanted, times):
    assert factor(unit, wanted) == D(times)


@pytest.mark.parametrize(("unit", "wanted"), [("元", "人"), ("%", "人"), ("万元", "万人"), ("千克", "克")])
def test_units_of_two_kinds_are_not(unit, wanted):
    assert factor(unit, wanted) is None
