"""Points that no rule can give, given by a reviewer with a reason (复核人酌情给分)."""

from dataclasses import replace
from decimal import Decimal
from typing import Final, TypeVar

from apps.calculation.rounding import half_up, written
from apps.calculation.scoring.execution import ExecutionScore
from apps.calculation.scoring.results import PLACES, Score, ScoreStatus, almost_full
from apps.calculation.terms import Refusal, Sentence

S = TypeVar("S", Score, ExecutionScore)

NOTHING_AROSE: Final = frozenset({"not_applicable", "no_budget"})


class DecisionRefused(Refusal):
    """A decision that the line does not allow."""


def decided(score: S, points: Decimal, reason: str, *, places: int = PLACES) -> S:
    """Return a line that waited for a person with the points a reviewer gives it, and the reason in its sentence.

    Full marks are only for lines on which nothing arose: no cases in the year, no budget and no spending. What was missed,
    a late milestone for one, stays a printed step below. Raises `DecisionRefused` for a line that its rule has
    scored or that only lacks its figure, for points outside what the line allows, and without a reason.
    """
    if not _waits(score):
        raise DecisionRefused(
            Sentence(
                zh="该指标按规则计分或尚缺数据，不由复核人给分。",
                en="This line is scored by its rule or lacks its figure; it is not for a reviewer to decide.",
            )
        )
    if not reason.strip():
        raise DecisionRefused(Sentence(zh="给分须说明理由。", en="Points need a reason."))
    most = almost_full(score.weight, places) if NOTHING_AROSE.isdisjoint(score.flags) else half_up(score.weight, places)
    if not 0 <= points <= most:
        raise DecisionRefused(
            Sentence(
                zh=f"给分应在 0 至 {most} 之间，读到 {written(points)}。",
                en=f"Points lie between 0 and {most}; read {written(points)}.",
            )
        )
    return _given(score, half_up(points, places), reason.strip())


def _waits(score: Score | ExecutionScore) -> bool:
    """Return whether a line waits for a person rather than for a figure."""
    if isinstance(score, Score):
        return score.status is ScoreStatus.MANUAL_REQUIRED
    return "no_budget" in score.flags and score.points is None


def _given(score: S, points: Decimal, reason: str) -> S:
    given = Sentence(
        zh=f"复核人给 {points} 分，理由：{reason}", en=f" The reviewer gives {points} points, because: {reason}"
    )
    flags, sentence = (*score.flags, "decided"), score.sentence + given
    if isinstance(score, ExecutionScore):
        return replace(score, points=points, flags=flags, sentence=sentence)
    status = ScoreStatus.MET if points == score.weight else ScoreStatus.NOT_MET
    return replace(score, status=status, points=points, flags=flags, sentence=sentence)
