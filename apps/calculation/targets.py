"""What an indicator is held against: an operator, a value, and how firm both are."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from apps.calculation.rounding import written
from apps.calculation.terms import Basis, Direction, EqualMeans, Operator, Sentence, TargetStatus

ONE: Final = Decimal(1)
ZERO: Final = Decimal(0)

_SIGNS: Final = {
    Operator.AT_LEAST: "≥ ",
    Operator.AT_MOST: "≤ ",
    Operator.MORE_THAN: "> ",
    Operator.LESS_THAN: "< ",
    Operator.EQUAL: "= ",
}


@dataclass(frozen=True, slots=True)
class Target:
    """One version of a target value.

    `value` is the bound, or the lower bound of a range whose upper one is `high`; None means that no value stands
    yet: with status pending it is still to be decided, otherwise its baseline is missing. `due_on` is the deadline of
    a dated target. `direction` left out is that of the operator; it matters for `=` only, because an inequality
    says by itself which way is better. `step` is the smallest change the figure can make (1 for cases); with it
    a strict bound can be normalised. `equal` left out is as the scheme has it, and a floor where there is no scheme.
    `bounds` are the lowest and the highest figure that the target names, equal unless it is a range; None while one is open.
    """

    operator: Operator
    value: Decimal | None
    high: Decimal | None = None
    due_on: date | None = None
    direction: Direction | None = None
    equal: EqualMeans | None = None
    step: Decimal | None = None
    status: TargetStatus = TargetStatus.FINAL
    bounds: tuple[Decimal, Decimal] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.direction is None:
            object.__setattr__(self, "direction", self.operator.direction)
        object.__setattr__(self, "bounds", self._bounds())

    @property
    def better(self) -> Direction:
        """Which way is better.

        An `=` that is exact, that is neither higher nor lower, or that allows none at all (= 0) is a quota: both ways
        are worse.
        """
        if self.operator is not Operator.EQUAL:
            return self.operator.direction
        if self.equal is EqualMeans.EXACT or self.value == 0 or self.direction is None:
            return Direction.NEUTRAL
        return self.direction

    @property
    def is_pending(self) -> bool:
        """Whether the value is still to be decided by someone."""
        return self.status is TargetStatus.PENDING

    def _bounds(self) -> tuple[Decimal, Decimal] | None:
        high = self.high if self.operator is Operator.RANGE else self.value
        if self.value is None or high is None or self.is_pending:
            return None
        return self.value, high

    @property
    def line(self) -> str:
        """The target as it stands in a sentence, such as `≥ 80` or `30–50`; empty while a bound is open."""
        if self.bounds is None:
            return ""
        low, high = self.bounds
        if self.operator is Operator.RANGE:
            return f"{written(low)}–{written(high)}"
        return f"{_SIGNS.get(self.operator, '')}{written(low)}"

    def under(self, equal: EqualMeans) -> "Target":
        """Return the target with an `=` that does not say what it means meaning this."""
        if self.equal is not None or self.operator is not Operator.EQUAL:
            return self
        return replace(self, equal=equal)

    def normalised(self) -> "Target":
        """Return the target with a strict bound written as an including one: `< 1200` by steps of 1 is `<= 1199`."""
        if not self.operator.is_strict or self.value is None or self.step is None:
            return self
        if self.operator is Operator.LESS_THAN:
            return replace(self, operator=Operator.AT_MOST, value=self.value - self.step, step=None)
        return replace(self, operator=Operator.AT_LEAST, value=self.value + self.step, step=None)


def is_met(target: Target, actual: Decimal | None) -> bool | None:
    """Return whether the figure meets the target.

    None when it cannot be said: no figure, no value yet, or a target that is no number (a date, a judgement).
    A strict bound with a step is normalised first. A quota is met by exactly its value.
    """
    target = target.normalised()
    if actual is None or target.bounds is None:
        return None
    low, high = target.bounds
    match target.operator:
        case Operator.MORE_THAN:
            return actual > low
        case Operator.LESS_THAN:
            return actual < low
        case Operator.RANGE:
            return low <= actual <= high
        case Operator.DATE | Operator.QUALITATIVE:
            return None
    return _is_reached(target.better, low, actual)


def _is_reached(better: Direction, bound: Decimal, actual: Decimal) -> bool:
    """Return whether the figure is at the bound or on its better side."""
    if better is Direction.HIGHER:
        return actual >= bound
    if better is Direction.LOWER:
        return actual <= bound
    return actual == bound


def resolve(
    basis: Basis,
    *,
    last_year: Decimal | None,
    same_period: Decimal | None,
    years: Sequence[Decimal | None],
    value: Decimal | None,
    factor: Decimal = ONE,
    offset: Decimal = ZERO,
) -> Decimal | None:
    """Return the target value that a basis comes to; None means that the baseline is missing.

    A fixed value stands as it was written. Everything else is the past figure × factor + offset: "5 % fewer than last
    year" has the factor 0.95. The mean of years needs every one of its years.
    """
    if basis is Basis.FIXED:
        return value
    past = {Basis.LAST_YEAR: last_year, Basis.SAME_PERIOD: same_period}.get(basis, _mean(years))
    return None if past is None else past * factor + offset


def basis_told(
    basis: Basis, past: Decimal | None, *, value: Decimal | None, factor: Decimal = ONE, offset: Decimal = ZERO
) -> Sentence:
    """Return the sentence that says where a resolved target value comes from; `past` is the figure it starts from."""
    if basis is Basis.FIXED:
        return _FIXED if value is not None else _UNKNOWN
    name = _PAST[basis]
    if past is None or value is None:
        return Sentence(zh=f"缺{name.zh}，指标值无法确定。", en=f"Without {name.en} there is no target value.")
    sums = written(past)
    sums += f" × {written(factor)}" if factor != 1 else ""
    sums += f" {'+' if offset > 0 else '−'} {written(abs(offset))}" if offset else ""
    result = "" if sums == written(past) else f" = {written(value)}"
    return Sentence(zh=f"{name.zh} {sums}{result}。", en=f"{name.en.capitalize()}: {sums}{result}.")


_FIXED: Final = Sentence(zh="指标值为固定值。", en="The target is a fixed value.")
_UNKNOWN: Final = Sentence(zh="指标值尚未确定。", en="The target has no value yet.")
_PAST: Final = {
    Basis.LAST_YEAR: Sentence(zh="上年实际", en="last year's actual"),
    Basis.SAME_PERIOD: Sentence(zh="上年同期", en="last year's same period"),
    Basis.MEAN_OF_YEARS: Sentence(zh="往年平均", en="the mean of past years"),
}


def _mean(years: Sequence[Decimal | None]) -> Decimal | None:
    known = [figure for figure in years if figure is not None]
    if not known or len(known) < len(years):
        return None
    return sum(known, ZERO) / len(known)
