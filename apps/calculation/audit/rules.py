"""Which points the rules of a scheme allow for a line, at the precision the form is printed with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from apps.calculation.audit.assessment import Assessment, BudgetRow, Line
from apps.calculation.audit.findings import POINTS_PLACES, shown
from apps.calculation.audit.holding import Held
from apps.calculation.rounding import half_up
from apps.calculation.schemes import CLASSES, Scheme
from apps.calculation.scoring import Score, score_satisfaction, score_value
from apps.calculation.targets import Target, is_met
from apps.calculation.terms import Sentence

FINE: Final = 6
HUNDRED: Final = Decimal(100)
ANY_YEAR: Final = 2020  # for forms that do not say; deadlines and days then still belong to one year
CLASS_WORDS: Final = {"产出": "output", "效益": "benefit", "满意度": "satisfaction", "成本": "cost"}


@dataclass(frozen=True, slots=True)
class Ground:
    """What every line of one form is audited by: the assumed scheme, the other shipped ones, precision and year."""

    scheme: Scheme
    others: tuple[Scheme, ...]
    places: int
    year: int

    @classmethod
    def of(cls, assessment: Assessment, schemes: Sequence[Scheme]) -> "Ground":
        """Return the ground for a form; the scheme is the first whose weights fit it best."""
        assumed = min(schemes, key=lambda scheme: _misfit(assessment, scheme))
        others = tuple(scheme for scheme in schemes if scheme.code != assumed.code)
        return cls(assumed, others, _places(assessment), assessment.year or ANY_YEAR)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The points that a scheme allows for one line.

    `main` is the score of the likeliest meaning, `exact` its points before they are rounded, and `points` all that a form
    may print.
    """

    main: Score
    exact: Decimal | None
    points: frozenset[Decimal]


def allowed(held: Held, weight: Decimal, scheme: Scheme, places: int, *, is_satisfaction: bool) -> Allowed:
    """Return what a scheme pays for figures, rounded as the scheme or as the form (`places`) rounds.

    A deduction for a target set too low is allowed too: whether its cause was confirmed no form tells.
    """
    target, actual = held.pairs[0]
    exact = _scores(target, actual, weight, rounded_as(scheme, FINE), is_satisfaction=is_satisfaction)[0]
    found = [
        score
        for target, actual in held.pairs
        for rounding in (scheme, rounded_as(scheme, places))
        for score in _scores(target, actual, weight, rounding, is_satisfaction=is_satisfaction)
    ]
    points = frozenset(score.points for score in found if score.points is not None)
    return Allowed(found[0], exact.points, points)


def printed(points: Decimal, places: int) -> set[Decimal]:
    """Return how a form may print points: with two decimals, or with as many as it has elsewhere."""
    return {half_up(points, POINTS_PLACES), half_up(points, places)}


def rounded_as(scheme: Scheme, places: int) -> Scheme:
    """Return the scheme with another rounding of points."""
    return replace(scheme, rounding_places=places)


def is_reached(held: Held) -> bool:
    """Return whether any meaning of the figures meets the target."""
    return any(is_met(target, actual) for target, actual in held.pairs)


def explaining(schemes: Sequence[Scheme], codes: Sequence[str]) -> Sentence:
    """Return the end of a sentence that names the schemes by which a score would be right."""
    names = [scheme.name for scheme in schemes if scheme.code in codes]
    if not names:
        return Sentence(zh="。", en=".")
    return Sentence(
        zh=f"；按“{'”“'.join(name.zh for name in names)}”则相符。",
        en=f"; it would be right by {' and '.join(name.en for name in names)}.",
    )


def due(scheme: Scheme, points: Decimal, score: Decimal) -> Sentence:
    """Return the beginning of a sentence that holds a score against the points of a scheme."""
    return Sentence(
        zh=f"按“{scheme.name.zh}”应得 {shown(points)} 分，填 {shown(score)} 分",
        en=f"By {scheme.name.en} {shown(points)} points are due, {shown(score)} are written",
    )


def _scores(
    target: Target, actual: Decimal, weight: Decimal, scheme: Scheme, *, is_satisfaction: bool
) -> tuple[Score, ...]:
    if is_satisfaction and scheme.satisfaction_ladder is not None:
        return (score_satisfaction(target, actual, weight, scheme),)
    return (
        score_value(target, actual, weight, scheme),
        score_value(target, actual, weight, scheme, low_target=True),
    )


def _places(assessment: Assessment) -> int:
    """Return with how many decimals the form writes a score that is not full."""
    rows: list[Line | BudgetRow] = [*assessment.lines, *([assessment.budget] if assessment.budget else [])]
    partial = [row.score.value for row in rows if row.score.value is not None and row.score.value != row.points.value]
    return max((_decimals(score) for score in partial), default=0)


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _misfit(assessment: Assessment, scheme: Scheme) -> tuple[bool, bool]:
    """Return whether the points of the execution rate are not the scheme's, and whether those of its classes are not.

    Classes count only where all their lines are there; a scheme that pays by goals has one sum instead of them.
    """
    budget = assessment.budget.points.value if assessment.budget else None
    is_other = budget is not None and budget != scheme.execution_weight
    sums = _class_sums(assessment)
    if scheme.goals_weight:
        return is_other, bool(sums) and sum(sums.values()) != scheme.goals_weight
    return is_other, any(sums[name] != scheme.class_weights[name] for name in CLASSES if sums)


def _class_sums(assessment: Assessment) -> dict[str, Decimal]:
    """Return the points of the form by first-level class; empty where lines or points are missing."""
    if assessment.is_truncated or any(line.points.value is None for line in assessment.lines):
        return {}
    sums = dict.fromkeys(CLASSES, Decimal(0))
    for line in assessment.lines:
        name = next((name for word, name in CLASS_WORDS.items() if line.level1.startswith(word)), None)
        if name is not None:
            sums[name] += line.points.value or 0
    return sums
