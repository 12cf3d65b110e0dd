"""What is typed into a cell becomes clean values, or a sentence for each field that is wrong."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from apps.plans.enums import Accumulation
from apps.progress.forms import read_cell
from tests.factories import (
    ChecklistItemFactory,
    JudgementFactory,
    MilestoneFactory,
    MoneyFactory,
    NumberFactory,
    RatioFactory,
)

pytestmark = pytest.mark.django_db


def errors(measure, **typed):
    reading = read_cell(measure, typed)
    assert bool(reading.errors) != bool(reading.values) or reading.errors
    return reading.errors


class TestRatio:
    @pytest.mark.parametrize(
        ("numerator", "denominator", "expected"),
        [
            ("9", "10", (9, 10)),
            ("0", "0", (0, 0)),
            ("0", "10", (0, 10)),
            (" 92,000 ", "１００，０００", (92000, 100000)),
            ("9.2万", "10 万", (92000, 100000)),
        ],
    )
    def test_what_people_type_is_read(self, numerator, denominator, expected):
        reading = read_cell(RatioFactory(), {"numerator": numerator, "denominator": denominator})

        assert (reading.values, reading.errors) == (
            {"numerator": Decimal(expected[0]), "denominator": Decimal(expected[1])},
            {},
        )

    @pytest.mark.parametrize("typed", [{}, {"numerator": "", "denominator": "  "}, {"note": "本月休假"}])
    def test_an_empty_cell_is_neither_right_nor_wrong(self, typed):
        assert read_cell(RatioFactory(), typed).is_empty

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"numerator": "9o", "denominator": "10"}, {"numerator": "“9o”含字母 o，应为数字。"}),
            ({"numerator": "九", "denominator": "10"}, {"numerator": "“九”含文字 九，应为数字。"}),
            ({"numerator": "9"}, {"denominator": "“应纳管人数”未填；没有发生请填 0。"}),
            ({"denominator": "9"}, {"numerator": "“已纳管人数”未填；没有发生请填 0。"}),
            (
                {"numerator": "90%", "denominator": "x"},
                {
                    "numerator": "“90%”是百分数，这里应填数量；比率由系统计算。",
                    "denominator": "“x”含字母 x，应为数字。",
                },
            ),
            (
                {"numerator": "11", "denominator": "10"},
                {"numerator": "已纳管人数 11 大于应纳管人数 10；前者是后者的一部分，请核对。"},
            ),
            ({"numerator": "-1", "denominator": "10"}, {"numerator": "-1 小于 0；这里的数不能为负。"}),
        ],
        ids=["a letter", "a character", "half", "the other half", "both wrong", "part above whole", "below zero"],
    )
    def test_what_is_wrong_is_said_beside_its_field(self, typed, said):
        assert errors(RatioFactory(), **typed) == said

    def test_its_parts_are_never_below_zero_not_even_as_a_flow(self):
        measure = RatioFactory(accumulation=Accumulation.INCREMENT, denominator_accumulation=Accumulation.INCREMENT)

        assert errors(measure, numerator="-3", denominator="-1") == {
            "numerator": "-3 小于 0；这里的数不能为负。",
            "denominator": "-1 小于 0；这里的数不能为负。",
        }

    def test_the_sentences_speak_english_too(self):
        with translation.override("en"):
            said = errors(RatioFactory(), numerator="9o", denominator="1")

        assert said == {"numerator": "“9o” contains the letter o; a number is expected."}


class TestMoney:
    def test_it_is_typed_in_wan_and_kept_in_yuan_to_the_cent(self):
        assert read_cell(MoneyFactory(), {"value": "3948.440001"}).values == {"value": Decimal("39484400.01")}

    @pytest.mark.parametrize("text", ["38.35万", "38.35万元", "38.35 万元", "383500元"])
    def test_its_unit_is_no_factor(self, text):
        assert read_cell(MoneyFactory(), {"value": text}).values == {"value": 383500}

    def test_less_than_a_cent_is_refused(self):
        assert list(errors(MoneyFactory(), value="1.0000001")) == ["value"]

    def test_the_most_that_the_column_holds_goes_in_and_more_has_a_sentence(self):
        most = "999999999.999999"
        assert read_cell(MoneyFactory(), {"value": most}).values["value"] == Decimal("9999999999999.99")

        assert errors(MoneyFactory(), value="10000000000") == {
            "value": "“10000000000”太大：金额以万元填写，应小于 10,000,000,000 万元。"
        }

    def test_spending_so_far_is_not_negative(self):
        assert errors(MoneyFactory(), value="-2") == {"value": "-2 小于 0；这里的数不能为负。"}


class TestNumber:
    def test_zero_is_zero(self):
        assert read_cell(NumberFactory(), {"value": "0"}).values == {"value": 0}

    def test_a_flow_may_be_taken_back_and_a_total_may_not(self):
        flow = NumberFactory(accumulation=Accumulation.INCREMENT)
        total = NumberFactory(accumulation=Accumulation.RUNNING_TOTAL)

        assert read_cell(flow, {"value": "-3"}).values == {"value": -3}
        assert errors(flow, value="-3") == {}
        assert errors(total, value="-3") == {"value": "-3 小于 0；这里的数不能为负。"}

    def test_what_is_counted_has_no_fractions(self):
        assert errors(NumberFactory(decimals=0), value="10.5") == {"value": "10.5 不是整数；这里按个数填报。"}
        assert errors(NumberFactory(decimals=1), value="10.5") == {}

    @pytest.mark.parametrize("text", ["80", "80%", "80 ％ ", "８０%"])
    def test_a_percentage_may_come_with_its_sign(self, text):
        assert read_cell(NumberFactory(unit_name="%", decimals=2), {"value": text}).values == {"value": 80}
        assert list(errors(NumberFactory(unit_name="%", decimals=2), value="%")) == ["value"]
        assert ("%" in text or "％" in text) == bool(errors(NumberFactory(unit_name="人", decimals=2), value=text))

    def test_five_decimals_are_too_many(self):
        assert list(errors(NumberFactory(), value="0.00001")) == ["value"]


class TestMilestone:
    def test_a_pass_has_its_day_and_who_decided(self):
        typed = {"outcome": "passed", "decided_on": "2016-12-20", "decided_by": "市综治办", "document": "验收函"}

        assert read_cell(MilestoneFactory(), typed).values == typed | {"decided_on": date(2016, 12, 20)}

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            (
                {"outcome": "passed"},
                {"decided_on": "请填写认定日期。", "decided_by": "请填写由谁认定。"},
            ),
            (
                {"outcome": "failed", "decided_on": "12月20日", "decided_by": "市综治办"},
                {"decided_on": "日期应写成 2016-12-20 的样子。"},
            ),
            ({"outcome": "awaiting", "decided_on": "2016-12-20"}, {"decided_on": "结果未出时不填认定日期。"}),
            ({"decided_by": "市综治办"}, {"outcome": "请选择结果。"}),
            (
                {"outcome": "awaiting", "decided_by": "办" * 101, "document": "文" * 201},
                {"decided_by": "认定单位最多 100 字。", "document": "文件名称最多 200 字。"},
            ),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(self, typed, said):
        assert errors(MilestoneFactory(), **typed) == said

    def test_an_awaited_result_says_only_that(self):
        values = read_cell(MilestoneFactory(), {"outcome": "awaiting"}).values

        assert (values["outcome"], values["decided_on"], values["decided_by"]) == ("awaiting", None, "")


class TestJudgement:
    def test_the_percent_lies_in_the_band_and_has_a_reason(self):
        measure = JudgementFactory()
        first, second = (ChecklistItemFactory(measure=measure) for _number in range(2))
        typed = {
            "band": "achieved",
            "percent": "92.5",
            "note": "现场检查",
            f"item-{first.number}": "passed",
            f"item-{second.number}": "sold",
        }

        reading = read_cell(measure, typed)

        assert reading.values == {"band": "achieved", "percent": Decimal("92.5")}
        assert (reading.marks, reading.errors) == ({first.pk: "passed"}, {})

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            (
                {"band": "partial", "percent": "80", "note": "现场检查"},
                {"percent": "80 % 不在“部分达成”的范围内：应为 60 以上、不到 80。"},
            ),
            (
                {"band": "achieved", "percent": "79.9", "note": "现场检查"},
                {"percent": "79.9 % 不在“达成”的范围内：应为 80 至 100。"},
            ),
            ({"percent": "80", "note": "现场检查"}, {"band": "请先选择档次：达成、部分达成或未达成。"}),
            ({"band": "achieved", "percent": "80"}, {"note": "定性评定要写明理由。"}),
            ({"band": "achieved", "note": "现场检查"}, {"percent": "“百分比”未填；没有发生请填 0。"}),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(self, typed, said):
        assert errors(JudgementFactory(), **typed) == said
