"""How far a figure has come: as a ratio of its target, or as a share of the way from a baseline."""

from collections.abc import Hashable
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from apps.calculation.aggregation import Aggregate
from apps.calculation.targets import Target, is_met
from apps.calculation.terms import Direction, Operator, Refusal, Sentence

M = TypeVar("M", bound=Hashable)

MARGIN: Final = Decimal(15)


class Course(StrEnum):
    """Where a figure lies beside its target, seen from the better side."""

    ABOVE = "above"
    WITHIN = "within"
    BELOW = "below"


class NothingToChange(Refusal):
    """Target and baseline are equal, so there is no way to have come along; ask for the ratio instead."""

    def __init__(self, value: Decimal) -> None:
        super().__init__(
            Sentence(
                zh=f"指标值与基期值相同（{value}），没有需要完成的变化。",
                en=f"Target and baseline are both {value}; there is no change to make.",
            )
        )


def ratio(target: Target, actual: Decimal | None) -> Decimal | None:
    """Return the achievement as a fraction, unclamped: actual ÷ target, or target ÷ actual where lower is better.

    A quota missed on either side is below 1, and so is a range missed on either side; inside a range it is 1.
    None means unknown: no figure, no target value, a target that is no number, or a division by zero.
    Source: 财预〔2020〕10号 第十六条; the reverse form is that of the filled self-assessment forms.
    """
    parts = fraction(target, actual)
    if parts is None or parts[1] == 0:
        return None
    return parts[0] / parts[1]


def fraction(target: Target, actual: Decimal | None) -> tuple[Decimal, Decimal] | None:
    """Return what `ratio` divides by what, so that points can be multiplied before they are divided."""
    if actual is None or target.bounds is None or target.operator in (Operator.DATE, Operator.QUALITATIVE):
        return None
    low, high = target.bounds
    if target.operator is Operator.RANGE and low <= actual <= high:
        return Decimal(1), Decimal(1)
    if target.better is Direction.LOWER or (target.better is Direction.NEUTRAL and actual > high):
        return high, actual
    return actual, low


def distance(*, baseline: Decimal | None, target: Decimal | None, actual: Decimal | None) -> Decimal | None:
    """Return the share of the planned change that was made: 0 at the baseline, 1 at the target, unclamped.

    The sign of the planned change cancels out, so falling indicators need no special case.
    None means "no data yet". Raises `NothingToChange` when target and baseline are equal.
    """
    if baseline is None or target is None:
        return None
    if baseline == target:
        raise NothingToChange(target)
    return None if actual is None else (actual - baseline) / (target - baseline)


def figure_at(share: Decimal, *, baseline: Decimal, target: Decimal) -> Decimal:
    """Return the figure at a share of the way, for a line to reach by a phase: the reverse of `distance`."""
    return baseline + (target - baseline) * share


def target_from(share: Decimal, *, baseline: Decimal, figure: Decimal) -> Decimal:
    """Return the target that makes a figure lie at a share of the way; the share must not be zero."""
    return baseline + (figure - baseline) / share


def baseline_from(share: Decimal, *, target: Decimal, figure: Decimal) -> Decimal:
    """Return the baseline that makes a figure lie at a share of the way; the share must not be one."""
    return (figure - target * share) / (1 - share)


def course(target: Target, actual: Decimal | None, margin: Decimal = MARGIN) -> Course | None:
    """Return whether a figure lies above, within or below a margin, in percent, around its target.

    Above is always the better side: where less is better it means less. A range is measured from its nearer bound, an
    exact quota is below on either side. None without a figure or a target that is a number.
    """
    parts = fraction(target, actual)
    if parts is None:
        return None
    part, whole = parts
    if target.better is Direction.LOWER:
        part, whole = 2 * part - whole, part
    ahead, allowed = (part - whole) * 100, abs(whole) * margin
    if abs(ahead) <= allowed:
        return Course.WITHIN
    return Course.ABOVE if ahead > 0 else Course.BELOW


def share_met(met: int, size: int) -> Decimal | None:
    """Return the share of the named members that meet their line, as a fraction; None where nobody is named."""
    return Decimal(met) / size if size else None


def gap(target: Target, aggregate: Aggregate[M], factor: Decimal | None) -> Decimal | None:
    """Return what a figure still lacks of its line: 0 when it is met, None when nobody can say.

    A ratio lacks units of its numerator at today's denominator ("another 240,000 people"); `factor` is that of the ratio.
    Any other figure lacks units of its own. Never negative: for a ceiling it is what is too much.
    """
    reached = is_met(target, aggregate.value)
    if reached is None or aggregate.value is None or target.bounds is None:
        return None
    if reached:
        return Decimal(0)
    low, high = target.bounds
    line = high if aggregate.value > high else low
    if factor is None or not aggregate.denominator:
        return abs(line - aggregate.value)
    return abs(line - aggregate.value) * aggregate.denominator / factor
