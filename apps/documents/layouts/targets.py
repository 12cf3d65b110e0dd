"""A target in the words of an official form: Chinese, in one cell, and read again it is the same target.

What a cell cannot hold stays behind: the step of a change, the path through the year, the rule for overshooting a quota.
"""

from decimal import Decimal
from typing import Final

from apps.calculation.reading import Reading, ReadOperator, read_target, written
from apps.calculation.spending import in_wan
from apps.calculation.terms import Basis as ReadBasis
from apps.calculation.terms import Direction, TargetStatus
from apps.plans.enums import Basis, Kind, Operator, ScopeRule
from apps.plans.models import IndicatorTerms, Measure, Target

PENDING: Final = "待定"
MET: Final = "达标"
FALLING: Final = (Operator.AT_MOST, Operator.LESS_THAN)
STRICT: Final = (Operator.MORE_THAN, Operator.LESS_THAN)
DEFAULT_YEARS: Final = 3
CHINESE: Final = {2: "两", 3: "三", 4: "四", 5: "五"}
SCOPES: Final = {ScopeRule.ALL: "每一个", ScopeRule.ANY: "任一个", ScopeRule.MEAN: "名单平均"}


def printed_target(terms: IndicatorTerms, target: Target | None, year: int) -> str:
    """Return the target of an indicator; 待定 where none stands. `indicator.measure` and the named members should be loaded."""
    if target is None:
        return PENDING
    measure = terms.indicator.measure
    if target.operator == Operator.QUALITATIVE:
        return _in_words(terms, year)
    words = written(_reading(terms, target, measure))
    if target.basis == Basis.MEAN_OF_YEARS and target.years in CHINESE:
        words = words.replace(f"前{CHINESE[DEFAULT_YEARS]}年", f"前{CHINESE[target.years]}年")
    return f"{words}{_reference(target, measure)}{_scope(target)}"


def _in_words(terms: IndicatorTerms, year: int) -> str:
    """Return the source's own words where they are read as words; figures in them would be taken for the target."""
    reading = read_target(terms.original_text, year=year)
    is_words = reading.operator is ReadOperator.QUALITATIVE and not reading.is_ambiguous
    words = terms.original_text.removeprefix(f"{terms.name}：") if is_words else MET
    return f"力争{words}" if terms.is_soft and not reading.is_soft else words


def _reading(terms: IndicatorTerms, target: Target, measure: Measure) -> Reading:
    """Return what reading the cell should give."""
    if target.basis != Basis.FIXED:
        return _change(terms, target, measure)
    operator = ReadOperator.DATE if target.operator == Operator.DATE else ReadOperator(_sign(target, measure))
    return Reading(
        text="",
        operator=operator,
        value=_figure(target.value, measure),
        high=_figure(target.high, measure),
        unit=_unit(measure) or None,
        due_on=target.due_on,
        status=TargetStatus(target.status),
        is_soft=terms.is_soft,
    )


def _sign(target: Target, measure: Measure) -> str:
    """Return the operator's sign; so many of one thing per one of another is a ratio (每1人配备0.5台)."""
    is_ratio = "/" in measure.unit_name and target.operator == Operator.AT_LEAST and target.value is not None
    return ReadOperator.RATIO if is_ratio else _SIGNS[Operator(target.operator)]


_SIGNS: Final = {
    Operator.AT_LEAST: ReadOperator.AT_LEAST,
    Operator.AT_MOST: ReadOperator.AT_MOST,
    Operator.MORE_THAN: ReadOperator.MORE_THAN,
    Operator.LESS_THAN: ReadOperator.LESS_THAN,
    Operator.EQUAL: ReadOperator.EQUAL,
    Operator.RANGE: ReadOperator.RANGE,
}


def _change(terms: IndicatorTerms, target: Target, measure: Measure) -> Reading:
    """Return a target that stands on an earlier figure: a factor is a change in percent, an offset one in the unit."""
    value, unit = None, None
    if target.factor != 1:
        value, unit = _plain((target.factor - 1) * 100), "%"
    elif target.offset:
        value, unit = _figure(target.offset, measure), _unit(measure) or None
    elif target.operator not in STRICT:
        value = Decimal(0)
    return Reading(
        text="",
        operator=ReadOperator.CHANGE,
        value=value,
        unit=unit,
        due_on=target.due_on,
        status=TargetStatus(target.status),
        is_soft=terms.is_soft,
        direction=_direction(target),
        basis=ReadBasis(target.basis),
    )


def _direction(target: Target) -> Direction:
    if target.operator == Operator.EQUAL:
        return Direction.NEUTRAL
    return Direction.LOWER if target.operator in FALLING else Direction.HIGHER


def _figure(value: Decimal | None, measure: Measure) -> Decimal | None:
    if value is None:
        return None
    return _plain(in_wan(value) if measure.kind == Kind.MONEY else value)


def _plain(value: Decimal) -> Decimal:
    """Return a number without idle zeros and without an exponent."""
    return Decimal(f"{value.normalize():f}")


def _unit(measure: Measure) -> str:
    return "万元" if measure.kind == Kind.MONEY else measure.unit_name


def _reference(target: Target, measure: Measure) -> str:
    """Return the figure of another year that is given where none stands yet, so that nobody takes it for the target."""
    value = _figure(target.reference_value, measure)
    if target.value is not None or value is None or target.basis != Basis.FIXED:
        return ""
    return f"（{target.reference_year}年为{value}{_unit(measure)}）"


def _scope(target: Target) -> str:
    """Return of which members the target is to hold, in brackets that a reader of targets leaves aside."""
    rule = ScopeRule(target.scope)
    if rule == ScopeRule.TOGETHER:
        return ""
    words = SCOPES.get(rule) or f"至少{target.scope_count}个"
    names = "、".join(row.member.name for row in target.named.all())
    return f"（{words}：{names}）" if names else f"（{words}）"
