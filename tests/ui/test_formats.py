from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils.translation import override

from apps.ui import formats

RATE = SimpleNamespace(kind="ratio", unit_name="%", decimals=2)
PEOPLE = SimpleNamespace(kind="number", unit_name="人", decimals=0)
MONEY = SimpleNamespace(kind="money", unit_name="元", decimals=2)


@pytest.fixture(autouse=True)
def _chinese():
    with override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(formats.money(Decimal(40_200_000)), "4,020.00", id="元 become 万元 with thousands grouped"),
        pytest.param(formats.money(Decimal(0)), "0.00", id="no money is a zero"),
        pytest.param(formats.money(None), "—", id="unknown money is a dash"),
        pytest.param(formats.money(Decimal("150")), "0.02", id="half a hundredth of 万元 goes up"),
        pytest.param(formats.percent(Decimal("78.0735")), "78.07 %", id="percentages are kept as printed"),
        pytest.param(formats.percent(Decimal(0)), "0.00 %", id="no percent is a zero"),
        pytest.param(formats.percent(None), "—", id="an unknown percentage is a dash"),
        pytest.param(formats.figure(Decimal("2905.5")), "2,906", id="halves go up"),
        pytest.param(formats.figure(Decimal("-0.4")), "0", id="never a minus before a zero"),
        pytest.param(formats.points(Decimal("22.50")), "22.5", id="points lose idle zeros"),
        pytest.param(formats.points(Decimal("10.00")), "10", id="ten points keep their zero"),
        pytest.param(formats.points(None), "—", id="no weight is a dash"),
        pytest.param(formats.measured(Decimal("2905"), PEOPLE), "2,905 人", id="a count has its unit"),
        pytest.param(formats.measured(Decimal("78.0735"), RATE), "78.07 %", id="a rate has its decimals"),
        pytest.param(formats.measured(Decimal(24_964_200), MONEY), "2,496.42 万元", id="money is said in 万元"),
        pytest.param(formats.measured(None, PEOPLE), "—", id="an unknown figure has no unit"),
        pytest.param(formats.plain(Decimal("2905"), PEOPLE), "2,905", id="without its unit in a column"),
        pytest.param(formats.plain(Decimal(24_964_200), MONEY), "2,496.42", id="money in a column"),
        pytest.param(formats.part(Decimal("3589000.0000"), RATE), "3,589,000", id="a numerator is a whole number"),
        pytest.param(formats.part(Decimal("100"), RATE), "100", id="the zeros of a whole number stay"),
        pytest.param(formats.part(Decimal("12.5"), RATE), "12.5", id="or as long as it needs"),
        pytest.param(formats.part(None, RATE), "—", id="an unknown numerator is a dash"),
        pytest.param(formats.day(date(2016, 9, 8)), "9月8日 周四", id="a day has its weekday"),
        pytest.param(formats.day(None), "—", id="no day is a dash"),
        pytest.param(formats.moment(datetime(2016, 9, 6, 1, 5, tzinfo=UTC)), "2016-09-06 09:05", id="Shanghai time"),
        pytest.param(formats.moment(None), "—", id="no moment is a dash"),
        pytest.param(formats.month(8), "8月", id="a month"),
        pytest.param(formats.unit("亩"), "亩", id="an unknown unit stays as typed"),
        pytest.param(formats.names(["荔湾区", "越秀区"]), "荔湾区、越秀区", id="names with the enumeration comma"),
        pytest.param(formats.clauses(["缺负责人", "缺预算"]), "缺负责人；缺预算", id="clauses with the wide semicolon"),
        pytest.param(formats.in_brackets("暂定"), "（暂定）", id="an aside in wide brackets"),
        pytest.param(formats.in_language("荔湾区", "Liwan"), "荔湾区", id="Chinese on a Chinese page"),
    ],
)
def test_figures_are_written_for_people(written, expected):
    assert written == expected


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "expected"),
    [
        pytest.param(date(2016, 8, 1), date(2016, 8, 31), "2016年8月", id="month"),
        pytest.param(date(2016, 7, 1), date(2016, 9, 30), "2016年第3季度", id="quarter"),
        pytest.param(date(2016, 1, 1), date(2016, 6, 30), "2016年上半年", id="first half"),
        pytest.param(date(2016, 7, 1), date(2016, 12, 31), "2016年下半年", id="second half"),
        pytest.param(date(2016, 1, 1), date(2016, 12, 31), "2016年", id="year"),
        pytest.param(date(2016, 9, 1), date(2017, 1, 31), "2016-09 – 2017-01", id="five months"),
        pytest.param(date(2016, 8, 20), date(2016, 9, 19), "2016-08-20 – 2016-09-19", id="any other stretch"),
    ],
)
def test_a_period_has_its_usual_name(starts_on, ends_on, expected):
    assert formats.period(starts_on, ends_on) == expected


@pytest.mark.parametrize(
    ("language", "today", "expected"),
    [
        ("zh-hans", None, "6月30日 周五"),
        ("zh-hans", date(2017, 1, 4), "6月30日 周五"),
        ("zh-hans", date(2016, 9, 6), "2017年6月30日 周五"),
        ("en", date(2016, 9, 6), "Fri 30 Jun 2017"),
    ],
)
def test_a_day_of_another_year_says_its_year(language, today, expected):
    with override(language):
        assert formats.day(date(2017, 6, 30), today) == expected


@pytest.mark.parametrize(("days", "expected"), [(2, "还有 2 个工作日"), (0, "今天到期"), (-1, "已逾期 1 个工作日")])
def test_a_deadline_is_counted_in_working_days(days, expected):
    assert formats.working_days_left(days) == expected


def test_an_english_page_has_english_dates_and_names():
    with override("en"):
        written = (
            formats.day(date(2016, 9, 8)).split()[1:],
            formats.month(8),
            formats.period(date(2016, 8, 1), date(2016, 8, 31)),
            formats.in_language("荔湾区", "Liwan"),
            formats.in_language("荔湾区", ""),
            formats.names(["Liwan", "Yuexiu"]),
            "No head" + formats.in_brackets("yet"),
            formats.clauses(["no head", "no budget"]),
        )

    assert written[:3] == (["8", "Sep"], "Aug", "Aug 2016")
    assert written[3:] == ("Liwan", "荔湾区", "Liwan, Yuexiu", "No head (yet)", "no head; no budget")


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        pytest.param(Decimal("1.00"), "case", id="one"),
        pytest.param(Decimal(0), "cases", id="none"),
        pytest.param(Decimal("1.5"), "cases", id="more than one"),
        pytest.param(None, "cases", id="no number beside it"),
    ],
)
def test_an_english_unit_follows_its_number(count, expected):
    with override("en"):
        assert formats.unit("件", count) == expected
