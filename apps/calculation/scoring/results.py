"""What scoring one line comes to, and the shapes that most results share."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from apps.calculation.rounding import half_up, last_place, written
from apps.calculation.schemes import Step
from apps.calculation.terms import Sentence

NOTHING: Final = Decimal(0)
PLACES: Final = 2


class ScoreStatus(StrEnum):
    """How a line came out. The last three have no points yet and hold up the form."""

    MET = "met"
    EXCEEDED = "exceeded"
    NOT_MET = "not_met"
    TARGET_PENDING = "target_pending"
    ACTUAL_MISSING = "actual_missing"
    MANUAL_REQUIRED = "manual_required"


@dataclass(frozen=True, slots=True)
class Score:
    """One scored line.

    `points` are rounded as printed; None means open: not zero, and not to be left out of a total silently.
    `deviation` is (actual − target) ÷ |target| in percent to two places, None where that means nothing. `flags` are
    plain words: overshoot, shortfall, cut10%, strict_at_boundary, late, incomplete, not_applicable.
    """

    status: ScoreStatus
    points: Decimal | None
    weight: Decimal
    deviation: Decimal | None
    flags: tuple[str, ...]
    sentence: Sentence


def unscored(status: ScoreStatus, weight: Decimal, sentence: Sentence, *flags: str) -> Score:
    """Return a line without points."""
    return Score(status, None, weight, None, flags, sentence)


def actual_missing(weight: Decimal) -> Score:
    """Return the line of an indicator without a figure."""
    sentence = Sentence(zh="尚无实际完成值，暂不计分。", en="There is no actual figure yet; not scored.")
    return unscored(ScoreStatus.ACTUAL_MISSING, weight, sentence)


def target_pending(weight: Decimal) -> Score:
    """Return the line of an indicator whose target is not known."""
    sentence = Sentence(zh="指标值待定，暂不计分。", en="The target is still to be decided; not scored.")
    return unscored(ScoreStatus.TARGET_PENDING, weight, sentence)


def full_marks(weight: Decimal, places: int) -> tuple[Decimal, Sentence]:
    """Return all points of a line, and the end of a sentence that says so."""
    points = half_up(weight, places)
    return points, Sentence(zh=f"，记满分 {points} 分", en=f": full marks, {points} points")


def almost_full(weight: Decimal, places: int) -> Decimal:
    """Return the most that an unfinished line can get: one printed step below full, so that it never looks finished."""
    return max(half_up(weight, places) - last_place(places), half_up(NOTHING, places))


def in_proportion(part: Decimal, whole: Decimal, weight: Decimal, places: int) -> tuple[Decimal, Sentence]:
    """Return the points of an unfinished line, part ÷ whole of its weight, with the sentence that works them out.

    Never below zero, never full marks. `whole` must not be zero.
    """
    worked_out = half_up(weight * part / whole, places)
    percent = half_up(part * 100 / whole)
    points = max(min(worked_out, almost_full(weight, places)), half_up(NOTHING, places))
    sum_of_it = f"{written(part)} ÷ {written(whole)} = {percent} %"
    sentence = Sentence(
        zh=f"{sum_of_it}，× {written(weight)} 分 = {worked_out} 分",
        en=f"{sum_of_it}, × {written(weight)} points = {worked_out} points",
    )
    if points == worked_out:
        return points, sentence
    if worked_out < 0:
        return points, sentence + Sentence(zh=f"；不记负分，记 {points} 分", en=f"; never below zero: {points}")
    return points, sentence + Sentence(
        zh=f"；未完成不记满分，记 {points} 分", en=f"; unfinished is never full: {points}"
    )


def by_steps(
    part: Decimal, whole: Decimal, ladder: Sequence[Step], weight: Decimal, places: int
) -> tuple[Decimal, Sentence]:
    """Return the points of an unfinished line by the step that part ÷ whole reaches, with the sentence; never full marks.

    Below the lowest step nothing is paid. `whole` must not be zero.
    """
    percent = part * 100 / whole
    step = step_of(ladder, percent)
    points = min(half_up(weight * step.share / 100, places), almost_full(weight, places))
    reached = f"{written(part)} ÷ {written(whole)} = {half_up(percent)} %"
    low, share = written(step.at_least), written(step.share)
    return points, Sentence(
        zh=f"{reached}，{low} % 起一档得 {share} %，× {written(weight)} 分，记 {points} 分",
        en=f"{reached}, from {low} % on {share} %, × {written(weight)} points: {points} points",
    )


def step_of(ladder: Sequence[Step], percent: Decimal) -> Step:
    """Return the highest step that is reached; below the lowest nothing is paid."""
    return next((step for step in ladder if percent >= step.at_least), Step(NOTHING, NOTHING))
