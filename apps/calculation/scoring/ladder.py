"""Points for satisfaction where a scheme pays it by steps (满意度赋分)."""

from decimal import Decimal

from apps.calculation.rounding import half_up, written
from apps.calculation.schemes import Scheme
from apps.calculation.scoring.results import (
    Score,
    ScoreStatus,
    actual_missing,
    almost_full,
    step_of,
    target_pending,
)
from apps.calculation.scoring.value import deviation_of, score_value
from apps.calculation.targets import Target, is_met
from apps.calculation.terms import Sentence


def score_satisfaction(target: Target, actual: Decimal | None, weight: Decimal, scheme: Scheme) -> Score:
    """Return the points of a satisfaction rate in percent: by the ladder of the scheme, or by ratio where it has none.

    A rate on a step's edge gets the better step. A missed target never gets full marks, whatever the ladder says.
    """
    if scheme.satisfaction_ladder is None:
        return score_value(target, actual, weight, scheme)
    if target.bounds is None:
        return target_pending(weight)
    if actual is None:
        return actual_missing(weight)
    step = step_of(scheme.satisfaction_ladder, actual)
    points = half_up(weight * step.share / 100, scheme.rounding_places)
    target = target.under(scheme.equal_means)
    has_met = bool(is_met(target, actual))
    if not has_met:
        points = min(points, almost_full(weight, scheme.rounding_places))
    share = written(step.share)
    deviation = deviation_of(target, actual)
    return Score(
        ScoreStatus.MET if has_met else ScoreStatus.NOT_MET,
        points,
        weight,
        None if deviation is None else half_up(deviation),
        (),
        Sentence(
            zh=f"满意度 {written(actual)} %，{written(step.at_least)} % 起一档得 {share} %，记 {points} 分。",
            en=f"Satisfaction {written(actual)} %: from {written(step.at_least)} % on {share} %, {points} points.",
        ),
    )
