from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils.translation import override

from apps.ui.targets import target_text

RATE = SimpleNamespace(kind="ratio", unit_name="%", decimals=2)
CASES = SimpleNamespace(kind="number", unit_name="件", decimals=0)
MONEY = SimpleNamespace(kind="money", unit_name="元", decimals=2)
PLAIN = {
    "operator": "at_least",
    "basis": "fixed",
    "value": Decimal(80),
    "high": None,
    "due_on": None,
    "factor": Decimal(1),
    "offset": Decimal(0),
    "years": None,
    "scope": "together",
    "scope_count": None,
    "reference_value": None,
    "reference_year": None,
}


def target(*members, **fields):
    rows = [SimpleNamespace(member=name) for name in members]
    return SimpleNamespace(**(PLAIN | fields), named=SimpleNamespace(all=lambda: rows))


@pytest.mark.parametrize(
    ("wanted", "measure", "resolved", "expected"),
    [
        pytest.param(target(), RATE, None, "≥ 80 %", id="a number without idle zeros"),
        pytest.param(target(value=Decimal(9_000_000)), MONEY, None, "≥ 900.00 万元", id="money in 万元"),
        pytest.param(target(operator="range", high=Decimal(90)), RATE, None, "80 – 90 %", id="a range"),
        pytest.param(target(operator="qualitative", value=None), RATE, None, "达标（定性）", id="a judgement"),
        pytest.param(target(operator="date", due_on=date(2016, 12, 31)), RATE, None, "2016-12-31 前通过", id="a date"),
        pytest.param(target(value=None), CASES, None, "指标值待定", id="pending"),
        pytest.param(
            target(value=None, reference_value=Decimal(4500), reference_year=2015),
            CASES,
            None,
            "指标值待定；2015年为 4,500 件",
            id="pending beside another year's figure",
        ),
        pytest.param(
            target("荔湾区", "越秀区", scope="all"), RATE, None, "每一个 ≥ 80 %（荔湾区、越秀区）", id="each of a list"
        ),
        pytest.param(target("荔湾区", scope="any"), RATE, None, "任一个 ≥ 80 %（荔湾区）", id="any of a list"),
        pytest.param(target(scope="all"), RATE, None, "每一个 ≥ 80 %（名单未定）", id="a list that nobody named"),
        pytest.param(
            target("荔湾区", scope="at_least", scope_count=1), RATE, None, "至少 1 个 ≥ 80 %（荔湾区）", id="so many"
        ),
        pytest.param(target("荔湾区", scope="mean"), RATE, None, "名单平均 ≥ 80 %（荔湾区）", id="the mean of a list"),
        pytest.param(
            target(operator="less_than", basis="last_year"), CASES, None, "< 上年全年", id="last year unknown"
        ),
        pytest.param(
            target(operator="less_than", basis="last_year"),
            CASES,
            Decimal(1200),
            "< 上年全年（1,200 件）",
            id="last year",
        ),
        pytest.param(
            target(operator="at_most", basis="same_period", factor=Decimal("0.95"), offset=Decimal(-5)),
            CASES,
            None,
            "≤ 上年同期 × 0.95 − 5",
            id="a factor and an offset",
        ),
        pytest.param(
            target(operator="at_most", basis="mean_of_years", years=3), CASES, None, "≤ 前 3 年平均", id="several years"
        ),
        pytest.param(None, CASES, None, "—", id="no target at all"),
    ],
)
def test_a_target_is_said_in_words(wanted, measure, resolved, expected):
    with override("zh-hans"):
        assert target_text(wanted, measure, resolved) == expected
