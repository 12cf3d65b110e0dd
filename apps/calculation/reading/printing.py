"""The printed form of a reading: short, in Chinese, and read again it gives the same reading."""

from decimal import Decimal
from typing import Final

from apps.calculation.reading.notes import plainly
from apps.calculation.reading.results import Reading
from apps.calculation.reading.results import ReadOperator as Op
from apps.calculation.terms import Basis, Direction, TargetStatus

_SIGNS: Final = {Op.AT_LEAST: "≥", Op.AT_MOST: "≤", Op.MORE_THAN: ">", Op.LESS_THAN: "<", Op.EQUAL: "="}
_BASES: Final = {
    Basis.LAST_YEAR: "上年",
    Basis.SAME_PERIOD: "上年同期",
    Basis.MEAN_OF_YEARS: "前三年平均",
}
_STATUSES: Final = {TargetStatus.PENDING: "（待定）", TargetStatus.PROVISIONAL: "（暂定）"}


def written(reading: Reading) -> str:
    """Return the reading as it is printed in a plan: ≥80%, 18～54周岁, 每1名配备0.5台, 比上年下降5%, 2016年12月31日前.

    Words stay as they were. 力争, （暂定）, （待定） and （待核） keep what is soft, provisional, pending or still to be
    confirmed, so that nothing gets firmer by being printed.
    """
    if reading.operator is Op.QUALITATIVE:
        return reading.text
    soft = "力争" if reading.is_soft else ""
    due = reading.due_on
    by = f"{due.year}年{due.month}月{due.day}日前" if due else ""
    status = "" if _is_open(reading) else _STATUSES.get(reading.status, "")
    mark = "（待核）" if reading.is_ambiguous else ""
    return f"{soft}{by}{_asked(reading)}{status}{mark}"


def _is_open(reading: Reading) -> bool:
    return reading.operator.is_comparison and reading.value is None


def _asked(reading: Reading) -> str:
    unit = reading.unit or ""
    if reading.operator is Op.DATE:
        return ""
    if reading.operator is Op.CHANGE:
        return _change(reading)
    if reading.operator is Op.RATIO:
        return _ratio(reading)
    if reading.operator is Op.RANGE:
        return f"{_number(reading.value)}～{_number(reading.high)}{unit}"
    return f"{_SIGNS[reading.operator]}{_number(reading.value)}{unit}"


def _number(value: Decimal | None) -> str:
    return "待定" if value is None else plainly(value)


def _ratio(reading: Reading) -> str:
    if reading.unit is None:
        return f"比例{_number(reading.value)}:1"
    supplied, _, counted = reading.unit.rpartition("/")
    return f"每1{counted}配备{_number(reading.value)}{supplied}"


def _change(reading: Reading) -> str:
    base = _BASES[reading.basis] if reading.basis else "基期"
    if reading.direction is Direction.NEUTRAL:
        return f"与{base}持平"
    is_fall = reading.direction is Direction.LOWER
    if reading.value == 0 and reading.high is None:
        return f"{'不高于' if is_fall else '不低于'}{base}"
    size = "" if reading.value is None else plainly(abs(reading.value))
    upto = "" if reading.high is None else f"～{plainly(abs(reading.high))}"
    return f"比{base}{'下降' if is_fall else '增长'}{size}{upto}{reading.unit or ''}"
