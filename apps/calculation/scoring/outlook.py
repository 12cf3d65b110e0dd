"""Where the total of an unfinished plan may end: the range that is left, from what can still move."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from apps.calculation.schemes import Scheme
from apps.calculation.scoring.execution import ExecutionScore
from apps.calculation.scoring.results import NOTHING, Score
from apps.calculation.scoring.totals import Total, grade, grade_label, summary
from apps.calculation.terms import Sentence

ALL: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Prospect:
    """A line as it would be scored today, and what can still become of it.

    `may_fall` is False for what is reached for good, such as people trained or money spent; `may_rise` is False for
    what is lost for good, such as a ceiling that the year has run through. A line that is neither is final. Points that
    are open count as anything from nothing to full marks.
    """

    score: Score | ExecutionScore
    may_fall: bool = True
    may_rise: bool = True

    @property
    def lowest(self) -> Score | ExecutionScore:
        """The line at its worst."""
        points = self.score.points
        return self._at(NOTHING if points is None or self.may_fall else points, NOTHING, moved=self.may_fall)

    @property
    def highest(self) -> Score | ExecutionScore:
        """The line at its best."""
        points = self.score.points
        return self._at(self.score.weight if points is None or self.may_rise else points, ALL, moved=self.may_rise)

    def _at(self, points: Decimal, rate: Decimal, *, moved: bool) -> Score | ExecutionScore:
        """Return the line with these points; the rate of the execution goes with them, for it may cap the total."""
        if isinstance(self.score, Score):
            return replace(self.score, points=points)
        is_moved = moved or self.score.rate is None
        return replace(self.score, points=points, rate=rate if is_moved else self.score.rate)


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """The total as it stands today, and the best and the worst that the year may still make of it, with their grades."""

    now: Total
    lowest: Decimal
    highest: Decimal
    lowest_grade: str
    highest_grade: str
    sentence: Sentence


def score_range(prospects: Sequence[Prospect], scheme: Scheme) -> ScoreRange:
    """Return the range in which the total of an unfinished plan will end.

    The caps of the scheme hold at both ends. Once nothing can move and nothing is open, both are the total itself.
    """
    now = summary([prospect.score for prospect in prospects], scheme)
    worst = summary([prospect.lowest for prospect in prospects], scheme)
    best = summary([prospect.highest for prospect in prospects], scheme)
    grades = grade(worst.points, scheme), grade(best.points, scheme)
    return ScoreRange(now, worst.points, best.points, *grades, _told(now, worst, best, scheme))


def _told(now: Total, worst: Total, best: Total, scheme: Scheme) -> Sentence:
    low, high = (grade_label(grade(total.points, scheme), scheme) for total in (worst, best))
    if worst.points == best.points:
        return Sentence(
            zh=f"总分定为 {now.points} 分（{low.zh}）。", en=f"The total is settled at {now.points} ({low.en})."
        )
    grades = low if low == high else Sentence(zh=f"{low.zh}至{high.zh}", en=f"{low.en} to {high.en}")
    return Sentence(
        zh=f"目前 {now.points} 分，全年将在 {worst.points} 与 {best.points} 之间（{grades.zh}）。",
        en=f"{now.points} now; the year will end between {worst.points} and {best.points} ({grades.en}).",
    )
