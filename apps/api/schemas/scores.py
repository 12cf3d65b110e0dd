"""Points for one indicator."""

from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pydantic import BaseModel
from typing_extensions import override

from apps.api.queries import Rules
from apps.api.schemas.bodies import Item, spoken
from apps.api.schemas.cells import Count, Number, Positive, Switch, Text, Unfit, Weight, as_day, as_number, plain
from apps.api.schemas.operators import a_target, an_operator
from apps.calculation.schemes import Scheme
from apps.calculation.scoring import Score, score_judgement, score_milestone, score_subset, score_value
from apps.calculation.targets import Target
from apps.calculation.terms import Band, Direction, EqualMeans, Operator, Outcome, ScopeRule

FULL: Final = Decimal(100)


class Way(StrEnum):
    """Which way is better, as forms write it."""

    MORE = "+"
    LESS = "-"
    NEITHER = "0"


DIRECTIONS: Final = {Way.MORE: Direction.HIGHER, Way.LESS: Direction.LOWER, Way.NEITHER: Direction.NEUTRAL}


class ScoreAnswer(BaseModel):
    """How a line comes out. `score` null is open: not zero."""

    status: str
    score: str | None
    deviation: str | None
    flags: list[str]
    explanation: str

    @classmethod
    def of(cls, score: Score) -> "ScoreAnswer":
        return cls(
            status=score.status.value,
            score=plain(score.points),
            deviation=plain(score.deviation),
            flags=list(score.flags),
            explanation=spoken(score.sentence),
        )


class ScoreItem(Item):
    """An indicator with what came of it; which keys are given says how it is scored, and null is the default.

    `band` and `percent` are those of a judgement, `outcome` that of a milestone, `rule`, `met`, `size` (and `needed`) those of
    a subset; anything else is a figure. For the operator `date`, target and actual are days.
    """

    operator: Text
    target: Text = ""
    high: Number = None
    actual: Text = ""
    weight: Weight = None
    direction: Way | None = None
    equal: EqualMeans | None = None
    step: Positive = None
    low_target: Switch = False
    band: Band | None = None
    percent: Number = None
    outcome: Outcome | None = None
    rule: ScopeRule | None = None
    met: Count = None
    size: Count = None
    needed: Count = None
    scheme: Text = ""

    @override
    def answer(self, rules: Rules) -> ScoreAnswer:
        """Return the points by the scheme that is named, the national one where none is."""
        scheme, weight = rules.scheme(self.scheme), FULL if self.weight is None else self.weight
        return ScoreAnswer.of(self._score(an_operator(self.operator), weight, scheme))

    def _score(self, operator: Operator, weight: Decimal, scheme: Scheme) -> Score:
        if operator is Operator.QUALITATIVE or self.band is not None or self.percent is not None:
            return score_judgement(self.band, self.percent, weight, scheme)
        if operator is Operator.DATE or self.outcome is not None:
            return self._milestone(weight, scheme)
        if self.rule is not None or self.met is not None or self.size is not None:
            return self._subset(weight, scheme)
        return score_value(self._target(), _number(self.actual), weight, scheme, low_target=self.low_target)

    def _milestone(self, weight: Decimal, scheme: Scheme) -> Score:
        """Return the points of a milestone; what has a day was done on it, unless the outcome says otherwise."""
        due_on = as_day(self.target) if self.target else None
        decided_on = as_day(self.actual) if self.actual else None
        outcome = Outcome.PASSED if self.outcome is None and decided_on is not None else self.outcome
        return score_milestone(outcome, decided_on, due_on, weight, places=scheme.rounding_places)

    def _subset(self, weight: Decimal, scheme: Scheme) -> Score:
        if self.rule is None or self.size is None:
            raise Unfit(None, zh="成员规则 rule 和成员数 size", en="both a rule and a size")
        return score_subset(self.rule, self.met, self.size, weight, needed=self.needed, places=scheme.rounding_places)

    def _target(self) -> Target:
        target = a_target(self.operator, _number(self.target), self.high)
        return replace(
            target,
            direction=target.operator.direction if self.direction is None else DIRECTIONS[self.direction],
            equal=self.equal or EqualMeans.FLOOR,
            step=self.step,
        )


def _number(text: str) -> Decimal | None:
    return as_number(text or None)
