"""From a reading of a target text to a target and to the measure that collects its figures.

The words of a form say what is wanted, hardly ever how it is counted. What they leave open gets the plainest answer: one member
(the bureau itself), figures as running totals each quarter. All of it can be changed before and after the import.
"""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from apps.calculation.reading import Reading, ReadOperator
from apps.calculation.reading.units import factor as unit_factor
from apps.calculation.terms import Basis as ReadBasis
from apps.calculation.terms import Direction
from apps.documents.forms.suggestions import Parts
from apps.plans.enums import (
    Accumulation,
    Aggregation,
    Basis,
    Dimension,
    Frequency,
    Kind,
    Operator,
    Path,
    ScopeRule,
    TargetStatus,
)
from apps.plans.queries.contents import MeasureContent, TargetContent

PERCENT: Final = Decimal(100)
SHARES: Final = {"%": PERCENT, "‰": Decimal(1000)}
POINTS: Final = "百分点"
PLACES: Final = Decimal("0.0001")
MOST_DIGITS: Final = 15
"""As many as every database keeps exactly."""
UNIT_LENGTH: Final = 20
NAME_LENGTH: Final = 100
CEILINGS: Final = (Operator.AT_MOST, Operator.LESS_THAN)
_MONEY: Final = re.compile("[百千万亿]*元")
_SUM: Final = Decimal(10000)
"""In 元; what is less shows as nothing in 万元."""
_OF_ONE: Final = re.compile(
    r"人均|户均|次均|件均|单价|单个|单位[^，,。；;]{0,4}(?:成本|造价|价格|面积|产品)|每(?![年季度])|[/／][人户次件个台套场平]"
)
_PRICED: Final = re.compile("[百千万亿]*元(?:/.+)?")
_RATE_NAME: Final = re.compile("(?:率|比例|占比|比重|满意度|覆盖面)$")
_MILESTONE: Final = re.compile("验收|印发|出台|通过|竣工|建成|启用|上线|挂牌|评审|交付使用")
_GROWING: Final = re.compile("安装|建设|建成|覆盖|开工|竣工|配备|完成率|进度|投放")
_OF_YEAR: Final = re.compile(r"(?P<year>(?:19|20)\d\d)\s*年[^\d；;。，,]{0,24}?(?P<value>\d+(?:\.\d+)?)\s*(?!\d|年)")
_YEARS: Final = re.compile("(?:前|近)(?P<count>[二两三四五2-5])年")
_SCOPE: Final = re.compile(r"[（(](?P<rule>每一个|任一个|名单平均|至少(?P<count>[1-9]\d?)个)(?:[：:][^（）()]*)?[)）]")
SCOPES: Final = {"每一": ScopeRule.ALL, "任一": ScopeRule.ANY, "名单": ScopeRule.MEAN, "至少": ScopeRule.AT_LEAST}
_COUNTS: Final = {"二": 2, "两": 2, "三": 3, "四": 4, "五": 5}


def kind_of(reading: Reading, name: str, sentence: str) -> Kind:
    """Return what figures an indicator needs: a share, so many of something, money, a day on which it is done, or a judgement."""
    if reading.operator is ReadOperator.DATE:
        return Kind.MILESTONE
    if reading.operator is ReadOperator.QUALITATIVE:
        return Kind.MILESTONE if _MILESTONE.search(sentence) else Kind.JUDGEMENT
    if reading.operator is ReadOperator.RATIO:
        return Kind.RATIO
    if reading.operator is ReadOperator.CHANGE:
        return _kind_of_change(reading, name)
    return _kind_of_unit(reading, name)


def _kind_of_change(reading: Reading, name: str) -> Kind:
    """A fall of 5 % in a rate is a rate, in cases a number: what falls is not in the unit of the change."""
    if reading.unit == POINTS or _RATE_NAME.search(name):
        return Kind.RATIO
    return Kind.MONEY if _is_sum(reading, name) else Kind.NUMBER


def _kind_of_unit(reading: Reading, name: str) -> Kind:
    if reading.unit in SHARES or (reading.unit is None and _RATE_NAME.search(name)):
        return Kind.RATIO
    return Kind.MONEY if _is_sum(reading, name) else Kind.NUMBER


def _is_sum(reading: Reading, name: str) -> bool:
    """Tell whether an amount is kept and shown as money; what one of something costs, or a few hundred 元, is a number in 元."""
    if reading.unit is None or not _MONEY.fullmatch(reading.unit):
        return False
    if "万" in reading.unit or "亿" in reading.unit or reading.value is None:
        return True
    return abs(reading.value) * _in_yuan(reading) >= _SUM and not _OF_ONE.search(name)


def _in_yuan(reading: Reading) -> Decimal:
    return unit_factor(reading.unit, "元") or Decimal(1)


def target_of(reading: Reading, kind: Kind, sentence: str, year: int) -> TargetContent:
    """Return the target that a reading asks for; `year` is the plan's."""
    if kind in (Kind.MILESTONE, Kind.JUDGEMENT):
        return _looked_at(reading, kind, year)
    if reading.operator is ReadOperator.CHANGE:
        return _against(reading, sentence)
    operator, times = Operator(reading.scoring_operator.value), _times(reading, kind)
    target = TargetContent(
        operator=operator,
        value=fitting(reading.value, times),
        high=fitting(reading.high, times) if operator == Operator.RANGE else None,
        due_on=reading.due_on,
        path=_path(operator, kind, sentence, reading),
        status=TargetStatus(reading.status.value),
    )
    return _settled(_scoped(target, reading.text), sentence, year)


def _scoped(target: TargetContent, text: str) -> TargetContent:
    """Return a target that speaks of some members, where the form says so in brackets; which ones a person chooses."""
    found = _SCOPE.search(text)
    if found is None:
        return target
    count = int(found["count"]) if found["count"] else None
    return replace(target, scope=SCOPES[found["rule"][:2]], scope_count=count)


def _looked_at(reading: Reading, kind: Kind, year: int) -> TargetContent:
    """Return what is passed by a day, or judged. A milestone without a day is due at the end of the year."""
    is_dated = kind == Kind.MILESTONE
    return TargetContent(
        operator=Operator.DATE if is_dated else Operator.QUALITATIVE,
        due_on=(reading.due_on or date(year, 12, 31)) if is_dated else reading.due_on,
        path=Path.KEEP_AT,
        status=TargetStatus(reading.status.value),
    )


def _against(reading: Reading, sentence: str) -> TargetContent:
    """Return a target that stands on an earlier figure; a fall of 5 % has the factor 0.95, a fall of 10 件 the offset −10."""
    if reading.basis is None:
        return TargetContent(status=TargetStatus.PENDING, reason=sentence, path=Path.FROM_ZERO)
    is_lower = reading.direction is Direction.LOWER
    target = TargetContent(
        operator=Operator(reading.scoring_operator.value),
        basis=Basis(reading.basis.value),
        years=_years(sentence) if reading.basis is ReadBasis.MEAN_OF_YEARS else None,
        step=Decimal(1) if reading.value is None and reading.direction is not Direction.NEUTRAL else None,
        path=Path.LAST_YEARS_SHAPE if is_lower else Path.FROM_ZERO,
        status=TargetStatus(reading.status.value),
    )
    return _sized(target, reading)


def _sized(target: TargetContent, reading: Reading) -> TargetContent:
    if not reading.value:
        return target
    if reading.unit in SHARES:
        return replace(target, factor=Decimal(1) + reading.value / SHARES[reading.unit])
    return replace(target, offset=fitting(reading.value) or Decimal(0))


def _years(sentence: str) -> int:
    found = _YEARS.search(sentence)
    if found is None:
        return 3
    return _COUNTS.get(found["count"]) or int(found["count"])


def _settled(target: TargetContent, sentence: str, year: int) -> TargetContent:
    """Return a target that says no number before it stands: one given for another year, or still open, is a reference."""
    if target.value is None:
        target = replace(target, status=TargetStatus.PENDING, high=None)
        if target.operator == Operator.RANGE:
            target = replace(target, operator=Operator.AT_LEAST)
        found = _OF_YEAR.search(sentence)
        if found and int(found["year"]) != year:
            return replace(target, reference_value=Decimal(found["value"]), reference_year=int(found["year"]))
        return target
    if target.scope != ScopeRule.TOGETHER:
        return target
    if target.status == TargetStatus.PENDING and target.operator != Operator.RANGE:
        return replace(target, value=None, reference_value=target.value, reference_year=year)
    return replace(target, status=TargetStatus.PROVISIONAL) if target.status == TargetStatus.PENDING else target


def fitting(value: Decimal | None, times: Decimal = Decimal(1)) -> Decimal | None:
    """Return a figure as a target keeps it: four places, without idle zeros; None for one that no figure of a plan reaches."""
    if value is None or (value * times).adjusted() >= MOST_DIGITS:
        return None
    kept = (value * times).quantize(PLACES).normalize()
    if len(kept.as_tuple().digits) > MOST_DIGITS:
        return None
    return kept.quantize(Decimal(1)) if kept == kept.to_integral_value() else kept


def _times(reading: Reading, kind: Kind) -> Decimal:
    """Return by what a figure of the text is multiplied to be kept: money is kept in 元."""
    is_amount = kind == Kind.MONEY or (kind == Kind.NUMBER and reading.unit and _MONEY.fullmatch(reading.unit))
    return _in_yuan(reading) if is_amount else Decimal(1)


def _path(operator: Operator, kind: Kind, sentence: str, reading: Reading) -> Path:
    """Return the way to a target: limits, rates and prices are kept at, what grows and what is counted starts from nothing."""
    is_price = kind == Kind.NUMBER and _PRICED.fullmatch(reading.unit or "") is not None
    if operator in CEILINGS or reading.value == 0 or is_price:
        return Path.KEEP_AT
    if kind == Kind.RATIO and not _GROWING.search(sentence):
        return Path.KEEP_AT
    return Path.FROM_ZERO


def measure_of(kind: Kind, *, code: str, name: str, reading: Reading, parts: Parts) -> MeasureContent:
    """Return the measure that an indicator gets when it is taken in: its own, reported by the bureau itself."""
    bare = MeasureContent(
        code=code, name=name[:NAME_LENGTH], kind=kind, dimension=Dimension.UNIT, frequency=Frequency.QUARTERLY
    )
    unit = reading.unit if reading.operator is not ReadOperator.CHANGE or kind == Kind.NUMBER else None
    if unit in SHARES and kind == Kind.NUMBER:
        unit = None
    if unit and _MONEY.fullmatch(unit) and reading.operator is not ReadOperator.CHANGE:
        unit = "元"
    return in_kind(bare, kind, unit=unit or "", parts=parts, value=reading.value)


def in_kind(
    measure: MeasureContent, kind: Kind, *, unit: str, parts: Parts, value: Decimal | None = None
) -> MeasureContent:
    """Return a measure with the columns that a kind needs and without those it must not have."""
    measure = replace(
        measure,
        kind=kind,
        unit_name="",
        decimals=0,
        factor=None,
        numerator_name="",
        denominator_name="",
        is_part_of_whole=False,
        accumulation="",
        denominator_accumulation="",
        aggregation="",
        frequency=Frequency.QUARTERLY,
        season="",
    )
    if kind == Kind.RATIO:
        return _ratio(measure, unit, parts, value)
    if kind in (Kind.NUMBER, Kind.MONEY):
        return _counted(measure, kind, unit, value)
    return replace(measure, frequency=Frequency.MILESTONE if kind == Kind.MILESTONE else Frequency.HALF_YEARLY)


def _ratio(measure: MeasureContent, unit: str, parts: Parts, value: Decimal | None) -> MeasureContent:
    is_share = unit in SHARES or not unit
    is_planned = bool(re.search("计划|任务|预算|目标", parts.denominator))
    return replace(
        measure,
        unit_name=unit or "%",
        decimals=2,
        factor=SHARES.get(unit or "%", Decimal(1)),
        numerator_name=parts.numerator,
        denominator_name=parts.denominator,
        is_part_of_whole=is_share and not is_planned and (value is None or value <= SHARES[unit or "%"]),
        accumulation=Accumulation.RUNNING_TOTAL,
        denominator_accumulation=Accumulation.RUNNING_TOTAL,
        aggregation=Aggregation.POOLED,
    )


def _counted(measure: MeasureContent, kind: Kind, unit: str, value: Decimal | None) -> MeasureContent:
    is_money = kind == Kind.MONEY
    is_price = not is_money and _PRICED.fullmatch(unit) is not None
    places = 0 if value is None else max(0, -int(value.normalize().as_tuple().exponent))
    return replace(
        measure,
        unit_name="元" if is_money else unit[:UNIT_LENGTH],
        decimals=2 if is_money or unit == "元" else min(places, 4),
        accumulation=Accumulation.SNAPSHOT if is_price else Accumulation.RUNNING_TOTAL,
        aggregation=Aggregation.SUM,
    )
