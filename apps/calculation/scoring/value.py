"""Points for a figure held against a number (财预〔2020〕10号 第十六条)."""

from decimal import Decimal
from typing import Final

from apps.calculation.achievement import fraction
from apps.calculation.rounding import half_up, written
from apps.calculation.schemes import ReverseRule, Scheme
from apps.calculation.scoring.results import (
    NOTHING,
    Score,
    ScoreStatus,
    actual_missing,
    by_steps,
    full_marks,
    in_proportion,
    target_pending,
    unscored,
)
from apps.calculation.targets import Target, is_met
from apps.calculation.terms import Direction, Operator, Sentence

ONE: Final = Decimal(1)


def score_value(
    target: Target, actual: Decimal | None, weight: Decimal, scheme: Scheme, *, low_target: bool = False
) -> Score:
    """Return the points of a figure: all of them when the target is met, otherwise in proportion.

    No value or no figure leaves the line open. A strict bound is normalised by its step first; without a step,
    a figure exactly on it needs a person, and so does a missed negative bound, where a ratio would be nonsense.
    A missed bound of zero gives no points. `low_target` means that a person confirmed the overshoot to come from a
    target set too low: then the ladder of the scheme takes its share, of forward targets only.
    """
    if target.bounds is None:
        return target_pending(weight)
    if actual is None:
        return actual_missing(weight)
    target = target.under(scheme.equal_means).normalised()
    if target.operator.is_strict and actual == target.value:
        return _on_strict_bound(target, actual, weight)
    met = is_met(target, actual)
    if met is None:
        return unscored(
            ScoreStatus.MANUAL_REQUIRED,
            weight,
            Sentence(
                zh="此指标不以数值计分，由复核人给分。",
                en="This indicator is not scored by a number; a reviewer decides.",
            ),
        )
    if met:
        return _met(target, actual, weight, scheme, low_target=low_target)
    return _missed(target, actual, weight, scheme)


def possible_cut(target: Target, actual: Decimal | None, weight: Decimal, scheme: Scheme) -> Decimal | None:
    """Return the points that the ladder would take off, should a reviewer confirm that the target was set too low.

    None where there is nothing to confirm: the target is not met, or not exceeded by enough, or less is better.
    """
    computed = score_value(target, actual, weight, scheme)
    confirmed = score_value(target, actual, weight, scheme, low_target=True)
    if computed.points is None or confirmed.points is None or computed.points == confirmed.points:
        return None
    return computed.points - confirmed.points


def deviation_of(target: Target, actual: Decimal) -> Decimal | None:
    """Return (actual − bound) ÷ |bound| in percent, unrounded; 0 inside a range, None for a bound of zero."""
    bound = _nearer_bound(target, actual)
    return None if bound == 0 else (actual - bound) * 100 / abs(bound)


def _on_strict_bound(target: Target, actual: Decimal, weight: Decimal) -> Score:
    sentence = Sentence(
        zh=f"{written(actual)} 恰在界限上，而指标要求 {target.line}：按比例为 100 % 却未完成，由复核人给分。",
        en=f"{written(actual)} is on the bound of {target.line}: 100 % and yet not met; a reviewer decides.",
    )
    return unscored(ScoreStatus.MANUAL_REQUIRED, weight, sentence, "strict_at_boundary")


def _met(target: Target, actual: Decimal, weight: Decimal, scheme: Scheme, *, low_target: bool) -> Score:
    deviation = deviation_of(target, actual)
    is_exceeded = target.operator is Operator.EQUAL and actual != target.value
    points, ending = full_marks(weight, scheme.rounding_places)
    flags = ["overshoot"] if _is_large(deviation, scheme) else []
    cut = _cut(target, deviation, scheme) if low_target else NOTHING
    if cut:
        points, ending = _after_cut(weight, cut, scheme.rounding_places)
        flags.append(f"cut{written(cut)}%")
    zh, en = ("优于", "is better than") if is_exceeded else ("达到", "meets")
    return Score(
        ScoreStatus.EXCEEDED if is_exceeded else ScoreStatus.MET,
        points,
        weight,
        _printed(deviation),
        tuple(flags),
        Sentence(zh=f"{written(actual)} {zh}指标值 {target.line}", en=f"{written(actual)} {en} {target.line}")
        + ending
        + _explanation(deviation, scheme),
    )


def _missed(target: Target, actual: Decimal, weight: Decimal, scheme: Scheme) -> Score:
    bound = _nearer_bound(target, actual)
    if bound < 0:
        return _missed_negative(target, actual, weight)
    deviation = deviation_of(target, actual)
    if bound == 0:
        points, sentence = _missed_zero(actual, scheme.rounding_places)
    else:
        points, sentence = _share_of(target, actual, weight, scheme)
    return Score(
        ScoreStatus.NOT_MET,
        points,
        weight,
        _printed(deviation),
        ("shortfall",) if _is_large(deviation, scheme) else (),
        sentence + _explanation(deviation, scheme),
    )


def _missed_negative(target: Target, actual: Decimal, weight: Decimal) -> Score:
    sentence = Sentence(
        zh=f"{written(actual)} 未达到指标值 {target.line}；指标值为负，比例无意义，由复核人给分。",
        en=f"{written(actual)} misses {target.line}; there is no ratio to a negative target, a reviewer decides.",
    )
    return unscored(ScoreStatus.MANUAL_REQUIRED, weight, sentence)


def _missed_zero(actual: Decimal, places: int) -> tuple[Decimal, Sentence]:
    points = half_up(NOTHING, places)
    return points, Sentence(
        zh=f"指标值为 0，实际为 {written(actual)}，未完成，记 {points} 分",
        en=f"The target is 0 and the actual {written(actual)}: not met, {points} points",
    )


def _share_of(target: Target, actual: Decimal, weight: Decimal, scheme: Scheme) -> tuple[Decimal, Sentence]:
    """Return the points of a missed bound above zero, by the ratio or, where the scheme says so, by the overrun."""
    part, whole = fraction(target, actual) or (NOTHING, ONE)
    if scheme.reverse_rule is ReverseRule.RATIO or target.better is not Direction.LOWER:
        return _paid(part, whole, weight, scheme)
    points, sentence = _paid(2 * part - whole, part, weight, scheme)
    over = f"({written(whole)} − {written(part)}) ÷ {written(part)} = {half_up((whole - part) * 100 / part)} %"
    return points, Sentence(zh=f"超出 {over}；", en=f"Overrun {over}; ") + sentence


def _paid(part: Decimal, whole: Decimal, weight: Decimal, scheme: Scheme) -> tuple[Decimal, Sentence]:
    """Return the points of what was reached: in proportion, or by the steps of a scheme that pays in steps."""
    if scheme.achievement_ladder is None:
        return in_proportion(part, whole, weight, scheme.rounding_places)
    return by_steps(part, whole, scheme.achievement_ladder, weight, scheme.rounding_places)


def _nearer_bound(target: Target, actual: Decimal) -> Decimal:
    """Return the bound that the figure is measured from; a figure inside a range is its own."""
    low, high = target.bounds or (actual, actual)
    return min(max(actual, low), high)


def _cut(target: Target, deviation: Decimal | None, scheme: Scheme) -> Decimal:
    """Return the percent that the ladder takes off a confirmed overshoot; nothing where less is better."""
    if target.better is not Direction.HIGHER or deviation is None:
        return NOTHING
    return next((step.share for step in scheme.overshoot_ladder if deviation >= step.at_least), NOTHING)


def _after_cut(weight: Decimal, cut: Decimal, places: int) -> tuple[Decimal, Sentence]:
    points = half_up(weight * (100 - cut) / 100, places)
    kept = f"{written(weight)} × {written(100 - cut)} % = {points}"
    return points, Sentence(
        zh=f"；确认指标值设定偏低，扣减 {written(cut)} %：{kept} 分",
        en=f"; the target is confirmed to be too low, {written(cut)} % is taken off: {kept} points",
    )


def _is_large(deviation: Decimal | None, scheme: Scheme) -> bool:
    return deviation is not None and abs(deviation) >= scheme.overshoot_flag


def _explanation(deviation: Decimal | None, scheme: Scheme) -> Sentence:
    """Return the end of a sentence: a large deviation must be explained."""
    if deviation is None or not _is_large(deviation, scheme):
        return Sentence(zh="。", en=".")
    return Sentence(
        zh=f"；偏离 {half_up(deviation)} %，须说明原因。",
        en=f"; it deviates by {half_up(deviation)} %, state the cause.",
    )


def _printed(deviation: Decimal | None) -> Decimal | None:
    return None if deviation is None else half_up(deviation)
