"""The total of a form, which is the sum of the points as printed, and the grade that follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.calculation.rounding import half_up, written
from apps.calculation.schemes import Scheme
from apps.calculation.scoring.execution import ExecutionScore
from apps.calculation.scoring.results import NOTHING, Score
from apps.calculation.terms import Sentence


@dataclass(frozen=True, slots=True)
class Total:
    """What a form comes to.

    `points` are those of the `scorable` points of weight; `open_weight` is what cannot be scored yet, and until that
    is nothing there is no grade, only the range from `lowest` to `highest`. `cap` is the ceiling that the execution
    rate set, None when it set none that mattered.
    """

    points: Decimal
    scorable: Decimal
    open_weight: Decimal
    lowest: Decimal
    highest: Decimal
    grade: str | None
    cap: Decimal | None
    sentence: Sentence


def grade(total: Decimal, scheme: Scheme) -> str:
    """Return the code of the grade that a total gets, rounded as printed first; an edge belongs to the better grade."""
    printed = half_up(total, scheme.rounding_places)
    return next((step.code for step in scheme.grades if printed >= step.at_least), scheme.grades[-1].code)


def grade_label(code: str, scheme: Scheme) -> Sentence:
    """Return the words for a grade, such as 优 and Excellent; raises `KeyError` for a code the scheme does not have."""
    return {step.code: step.label for step in scheme.grades}[code]


def summary(scores: Sequence[Score | ExecutionScore], scheme: Scheme) -> Total:
    """Return the total of all lines of a form, the execution line among them.

    Lines that are open are never left out silently: they widen the range and hold back the grade.
    """
    exact = sum((score.points for score in scores if score.points is not None), NOTHING)
    open_weight = sum((score.weight for score in scores if score.points is None), NOTHING)
    scorable = sum((score.weight for score in scores if score.points is not None), NOTHING)
    ceiling = _ceiling(scores, scheme)
    points = _under(exact, ceiling, scheme)
    lowest = _under(exact, _lowest_ceiling(scores, ceiling, scheme), scheme)
    highest = _under(exact + open_weight, ceiling, scheme)
    reached = None if open_weight else grade(points, scheme)
    cap = ceiling if ceiling is not None and exact + open_weight > ceiling else None
    sentence = (
        _told(points, scorable, open_weight, (lowest, highest)) if reached is None else _closed(points, reached, scheme)
    )
    if cap is not None:
        sentence += Sentence(
            zh=f"按预算执行率，总分以 {written(cap)} 分封顶。",
            en=f" The execution rate caps the total at {written(cap)}.",
        )
    return Total(points, scorable, open_weight, lowest, highest, reached, cap, sentence)


def _ceiling(scores: Sequence[Score | ExecutionScore], scheme: Scheme) -> Decimal | None:
    """Return the lowest ceiling that the execution rate falls under; None without a rate or a rule."""
    rates = [score.rate for score in scores if isinstance(score, ExecutionScore) and score.rate is not None]
    reached = [cap.highest for cap in scheme.execution_caps for rate in rates if rate < cap.below]
    return min(reached, default=None)


def _lowest_ceiling(
    scores: Sequence[Score | ExecutionScore], ceiling: Decimal | None, scheme: Scheme
) -> Decimal | None:
    """Return the ceiling in the worst case: while the execution is open, it may still turn out the strictest one."""
    is_open = any(isinstance(score, ExecutionScore) and score.rate is None for score in scores)
    strictest = min((cap.highest for cap in scheme.execution_caps), default=None)
    return strictest if is_open else ceiling


def _under(points: Decimal, ceiling: Decimal | None, scheme: Scheme) -> Decimal:
    return half_up(points if ceiling is None else min(points, ceiling), scheme.rounding_places)


def _closed(points: Decimal, code: str, scheme: Scheme) -> Sentence:
    label = grade_label(code, scheme)
    return Sentence(zh=f"总分 {points} 分，等级为{label.zh}。", en=f"Total {points}, {label.en}.")


def _told(points: Decimal, scorable: Decimal, open_weight: Decimal, range_: tuple[Decimal, Decimal]) -> Sentence:
    lowest, highest = range_
    return Sentence(
        zh=f"可计分的 {written(scorable)} 分中得 {points} 分；尚有 {written(open_weight)} 分未定，"
        f"总分将在 {lowest} 与 {highest} 之间。",
        en=f"{points} of the {written(scorable)} points that can be scored; {written(open_weight)} open, "
        f"so the total will be between {lowest} and {highest}.",
    )
