"""Points for a milestone: all or nothing, by the word of the body that judges it (直接赋分)."""

from datetime import date
from decimal import Decimal

from apps.calculation.rounding import half_up
from apps.calculation.scoring.results import NOTHING, PLACES, Score, ScoreStatus, actual_missing, full_marks, unscored
from apps.calculation.terms import Outcome, Sentence


def score_milestone(
    outcome: Outcome | None, decided_on: date | None, due_on: date | None, weight: Decimal, *, places: int = PLACES
) -> Score:
    """Return the points of a milestone.

    Passed by its deadline, or without one, gives full marks; passed late needs a reviewer's share with a reason; failed
    gives nothing. While the result is awaited, or a deadline cannot be checked for want of a date, the line is open.
    """
    match outcome:
        case None:
            return actual_missing(weight)
        case Outcome.AWAITING:
            waiting = Sentence(zh="待验收结果，暂不计分。", en="The result of the inspection is awaited; not scored.")
            return unscored(ScoreStatus.ACTUAL_MISSING, weight, waiting)
        case Outcome.FAILED:
            points = half_up(NOTHING, places)
            failed = Sentence(zh=f"未通过，记 {points} 分。", en=f"Not passed: {points} points.")
            return Score(ScoreStatus.NOT_MET, points, weight, None, (), failed)
    return _passed(decided_on, due_on, weight, places)


def _passed(decided_on: date | None, due_on: date | None, weight: Decimal, places: int) -> Score:
    if due_on is not None and decided_on is None:
        undated = Sentence(
            zh=f"已通过，但无日期，无法与期限 {due_on} 核对，暂不计分。",
            en=f"Passed, but without a date to hold against the deadline of {due_on}; not scored.",
        )
        return unscored(ScoreStatus.ACTUAL_MISSING, weight, undated, "date_missing")
    if due_on is not None and decided_on is not None and decided_on > due_on:
        late = Sentence(
            zh=f"{decided_on} 通过，晚于期限 {due_on}，由复核人酌情给分并说明理由。",
            en=f"Passed on {decided_on}, after the deadline of {due_on}; a reviewer gives a share, with a reason.",
        )
        return unscored(ScoreStatus.MANUAL_REQUIRED, weight, late, "late")
    points, ending = full_marks(weight, places)
    when = Sentence(zh="", en="") if decided_on is None else Sentence(zh=f"{decided_on} ", en=f" on {decided_on}")
    sentence = Sentence(zh=f"{when.zh}通过{ending.zh}。", en=f"Passed{when.en}{ending.en}.")
    return Score(ScoreStatus.MET, points, weight, None, (), sentence)
