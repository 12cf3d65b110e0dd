"""What can still be moved on a form, and by how much it must move for so many points."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Final

from apps.calculation.schemes import Scheme
from apps.calculation.scoring.execution import ExecutionScore, score_execution
from apps.calculation.scoring.judgement import score_judgement
from apps.calculation.scoring.milestone import score_milestone
from apps.calculation.scoring.results import NOTHING, Score
from apps.calculation.scoring.subset import score_subset, wanted_of
from apps.calculation.scoring.value import score_value
from apps.calculation.targets import Target, is_met
from apps.calculation.terms import Direction, Operator, Outcome, ScopeRule, Sentence

CENT: Final = Decimal("0.01")
ONE: Final = Decimal(1)

Line = Score | ExecutionScore
Rule = Callable[[Target, Decimal | None, Decimal, Scheme], Score]


@dataclass(frozen=True, slots=True)
class Lever:
    """A line that can still gain points by moving its figure from `start` towards `goal`, in steps of `step`.

    `start` is None where nothing is known yet and only reaching the goal can be spoken of. `rescore` scores the line for
    another figure by the very rule that scored it; its points must not fall on the way to the goal. `doing` says
    what reaching the goal is where figures do not say it, such as passing an inspection.
    """

    name: str
    score: Line
    start: Decimal | None
    goal: Decimal
    step: Decimal
    rescore: Callable[[Decimal], Line]
    doing: Sentence | None = None

    @property
    def steps(self) -> int:
        """How many steps lead from the start to the goal; the last one may be shorter."""
        if self.start is None:
            return 1
        return int((abs(self.goal - self.start) / self.step).to_integral_value(ROUND_CEILING))

    def figure(self, steps: int) -> Decimal:
        """Return the figure after so many steps."""
        if self.start is None or steps >= self.steps:
            return self.goal
        return self.start + (self.step if self.goal > self.start else -self.step) * steps

    def after(self, steps: int) -> Line:
        """Return the line as it would be scored after so many steps."""
        return self.rescore(self.figure(steps)) if steps else self.score

    def fewest(self, is_enough: Callable[[Line], bool]) -> int | None:
        """Return the fewest steps after which the line is enough; None when even the goal is not."""
        if not is_enough(self.after(self.steps)):
            return None
        low, high = 0, self.steps
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if is_enough(self.after(middle)) else (middle + 1, high)
        return high

    def effort(self, steps: int) -> Decimal:
        """Return how far the figure moves, as a share of its goal or, where that is larger, of what there is now."""
        if self.start is None:
            return ONE
        span = max(abs(self.goal), abs(self.start))
        return abs(self.figure(steps) - self.start) / span if span else NOTHING


def value_lever(
    name: str,
    target: Target,
    actual: Decimal | None,
    weight: Decimal,
    scheme: Scheme,
    *,
    step: Decimal = CENT,
    rule: Rule = score_value,
) -> Lever | None:
    """Return the lever of a figure held against a number, which can move by `step`; None where there is nothing to gain.

    That is a target that is met or has no value. `rule` scores it, for instance `score_satisfaction`. Without a figure
    what must grow starts from zero, and of anything else only the target itself can be aimed at.
    """
    target = target.under(scheme.equal_means).normalised()
    if target.bounds is None or is_met(target, actual) or target.operator in (Operator.DATE, Operator.QUALITATIVE):
        return None
    start = NOTHING if actual is None and target.better is Direction.HIGHER else actual
    return Lever(
        name,
        rule(target, actual, weight, scheme),
        start,
        _goal(target, start, target.bounds, step),
        step,
        lambda figure: rule(target, figure, weight, scheme),
    )


def _goal(target: Target, start: Decimal | None, bounds: tuple[Decimal, Decimal], step: Decimal) -> Decimal:
    """Return the nearest figure that meets the target."""
    low, high = bounds
    if target.operator is Operator.MORE_THAN:
        return low + step
    if target.operator is Operator.LESS_THAN:
        return high - step
    return high if start is not None and start > high else low


def execution_lever(
    name: str,
    budget: Decimal | None,
    executed: Decimal | None,
    weight: Decimal,
    scheme: Scheme,
    *,
    step: Decimal = CENT,
) -> Lever | None:
    """Return the lever of spending the budget; None where all of it is spent or the money is not known."""
    if budget is None or executed is None or executed >= budget:
        return None
    return Lever(
        name,
        score_execution(budget, executed, weight, scheme),
        executed,
        budget,
        step,
        lambda money: score_execution(budget, money, weight, scheme),
    )


def judgement_lever(
    name: str, percent: Decimal | None, weight: Decimal, scheme: Scheme, *, step: Decimal = ONE
) -> Lever | None:
    """Return the lever of a judged indicator, from its percent to 100; None where it has all."""

    def judged(share: Decimal | None) -> Score:
        band = None if share is None else scheme.judgement_bands.band_of(share)
        return score_judgement(band, share, weight, scheme)

    if percent is not None and percent >= 100:
        return None
    return Lever(name, judged(percent), percent or NOTHING, Decimal(100), step, judged)


def subset_lever(
    name: str, rule: ScopeRule, met: int, size: int, weight: Decimal, scheme: Scheme, *, needed: int | None = None
) -> Lever | None:
    """Return the lever of a target on several members: one member more that meets it; None where enough of them do."""

    def counted(members: Decimal) -> Score:
        return score_subset(rule, int(members), size, weight, needed=needed, places=scheme.rounding_places)

    wanted = min(wanted_of(rule, size, needed), size)
    if met >= wanted:
        return None
    return Lever(name, counted(Decimal(met)), Decimal(met), Decimal(wanted), ONE, counted)


def milestone_lever(name: str, score: Score, due_on: date | None, scheme: Scheme) -> Lever | None:
    """Return the lever of a milestone that can still be passed in time; None where it has its points."""
    if score.points is not None and score.points >= score.weight:
        return None

    def passed(_: Decimal) -> Score:
        return score_milestone(Outcome.PASSED, due_on, due_on, score.weight, places=scheme.rounding_places)

    return Lever(name, score, None, ONE, ONE, passed, doing=Sentence(zh="按期通过", en="passed in time"))
