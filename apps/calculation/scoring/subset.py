"""Points for a target that is held against each of several members: how many of them reach it."""

from decimal import Decimal

from apps.calculation.rounding import half_up
from apps.calculation.scoring.results import (
    NOTHING,
    PLACES,
    Score,
    ScoreStatus,
    actual_missing,
    full_marks,
    in_proportion,
    unscored,
)
from apps.calculation.terms import Refusal, ScopeRule, Sentence


class SubsetImpossible(Refusal):
    """Counts of members that cannot be, or a rule that does not count members."""

    def __init__(self, rule: ScopeRule, met: int, size: int, needed: int) -> None:
        super().__init__(
            Sentence(
                zh=f"无法按“{rule}”计分：{size} 个成员，{met} 个达标，要求 {needed} 个。",
                en=f"Cannot be counted by the rule {rule}: {met} of {size} members reach the target, {needed} needed.",
            )
        )


def score_subset(
    rule: ScopeRule, met: int | None, size: int, weight: Decimal, *, needed: int | None = None, places: int = PLACES
) -> Score:
    """Return the points of a target that `met` of `size` members reach.

    `all` pays met ÷ size, `at_least` pays met ÷ needed up to full, `any` pays everything for one. `needed` left out is
    every member. The rules `together` and `mean` are scored as a value and refused here, like impossible counts, with
    `SubsetImpossible`. A subset without members needs a person; unknown counts leave the line open.
    """
    if met is None:
        return actual_missing(weight)
    wanted = wanted_of(rule, size, needed)
    if not 0 <= met <= size or wanted < 0 or rule in (ScopeRule.TOGETHER, ScopeRule.MEAN):
        raise SubsetImpossible(rule, met, size, wanted)
    if wanted == 0 or size == 0:
        nobody = Sentence(
            zh="指定范围内没有成员，由复核人决定。", en="The named subset has no members; a reviewer decides."
        )
        return unscored(ScoreStatus.MANUAL_REQUIRED, weight, nobody)
    counted = Sentence(
        zh=f"{size} 个中 {met} 个达标，要求 {wanted} 个", en=f"{met} of {size} reach the target, {wanted} needed"
    )
    if met >= wanted:
        points, ending = full_marks(weight, places)
        return Score(ScoreStatus.MET, points, weight, None, (), counted + ending + Sentence(zh="。", en="."))
    points, working = _share(rule, met, wanted, weight, places)
    return Score(ScoreStatus.NOT_MET, points, weight, None, (), counted + working)


def wanted_of(rule: ScopeRule, size: int, needed: int | None) -> int:
    """Return how many members must reach the target."""
    if rule is ScopeRule.ANY:
        return 1
    if rule is ScopeRule.AT_LEAST and needed is not None:
        return needed
    return size


def _share(rule: ScopeRule, met: int, wanted: int, weight: Decimal, places: int) -> tuple[Decimal, Sentence]:
    if rule is ScopeRule.ANY:
        points = half_up(NOTHING, places)
        return points, Sentence(zh=f"，记 {points} 分。", en=f": {points} points.")
    points, working = in_proportion(Decimal(met), Decimal(wanted), weight, places)
    return points, Sentence(zh=f"：{working.zh}。", en=f": {working.en}.")
