"""What an adjustment would do to the score: the approved version and the proposed one, from the same figures."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.assessments.queries.scorecards import Line, Scorecard, proposed_scorecard, scorecard
from apps.calculation.comparison import difference
from apps.calculation.scoring import ExecutionScore, Score
from apps.plans.models import PlanVersion


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One line of the form in both versions; a score is None where a version does not have the line.

    `line` is the indicator as the newest version that has it says it, None for the line of the money.
    """

    line: Line | None
    before: Score | ExecutionScore | None
    after: Score | ExecutionScore | None
    wanted_before: str = ""
    wanted_after: str = ""

    @property
    def change(self) -> Decimal | None:
        """Return by how many points the line moves; None where either side has no points yet or no line."""
        return difference(_points(self.after), _points(self.before))

    @property
    def is_changed(self) -> bool:
        """Tell whether target, weight or points differ."""
        return (self.wanted_before, _points(self.before), _weight(self.before)) != (
            self.wanted_after,
            _points(self.after),
            _weight(self.after),
        )


@dataclass(frozen=True, slots=True)
class Effect:
    """Both scores and their lines, the money first. `before` is None for a plan that had no score so far."""

    version: PlanVersion
    before: Scorecard | None
    after: Scorecard | None
    lines: list[EffectLine]

    @property
    def change(self) -> Decimal | None:
        """Return by how many points the total moves, None without a score on either side."""
        if self.before is None or self.after is None:
            return None
        return difference(self.after.total.points, self.before.total.points)

    @property
    def changed(self) -> list[EffectLine]:
        """Return the lines that differ."""
        return [line for line in self.lines if line.is_changed]


def effect(version: PlanVersion, today: date) -> Effect:
    """Return what approving a version today would do to the score; nothing is stored. Nineteen queries.

    `plan__project__execution`, `plan__approved__scheme` and `scheme` should be loaded.
    """
    before, after = scorecard(version.plan, today), proposed_scorecard(version, today)
    return Effect(version, before, after, _lines(before, after))


def _lines(before: Scorecard | None, after: Scorecard | None) -> list[EffectLine]:
    old = {line.terms.indicator_id: line for line in before.lines} if before else {}
    new = {line.terms.indicator_id: line for line in after.lines} if after else {}
    money = EffectLine(None, before.money if before else None, after.money if after else None)
    return [money, *(_line(old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old]))]


def _line(old: Line | None, new: Line | None) -> EffectLine:
    return EffectLine(
        line=new or old,
        before=old.score if old else None,
        after=new.score if new else None,
        wanted_before=old.wanted if old else "",
        wanted_after=new.wanted if new else "",
    )


def _points(score: Score | ExecutionScore | None) -> Decimal | None:
    return score.points if score else None


def _weight(score: Score | ExecutionScore | None) -> Decimal | None:
    return score.weight if score else None
