"""Points for a target that speaks of all members together, or of each of a named subset by a rule."""

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import TypeVar

from apps.calculation.aggregation import Aggregate
from apps.calculation.schemes import Scheme
from apps.calculation.scoring.coverage import incomplete, score_aggregate
from apps.calculation.scoring.results import Score, target_pending
from apps.calculation.scoring.subset import score_subset
from apps.calculation.targets import Target, is_met
from apps.calculation.terms import ScopeRule

M = TypeVar("M", bound=Hashable)


def score_scope(
    rule: ScopeRule,
    target: Target,
    whole: Aggregate[M],
    each: Mapping[M, Aggregate[M]],
    weight: Decimal,
    scheme: Scheme,
    *,
    needed: int | None = None,
    is_accepted: bool = False,
    low_target: bool = False,
) -> Score:
    """Return the points of a target by its scope.

    `whole` is the figure of the members together (for `mean` the mean of their figures, see `mean_of`), `each` that of
    every named one. By `together` and `mean` the whole is scored; the other rules count the members that meet the target
    (see `score_subset`). A member for whom nothing arose (0 ÷ 0) stands aside. What is incomplete is not scored until an
    officer accepts it; then a member without a figure has not met the target.
    """
    if rule in (ScopeRule.TOGETHER, ScopeRule.MEAN):
        return score_aggregate(target, whole, weight, scheme, is_accepted=is_accepted, low_target=low_target)
    if target.bounds is None:
        return target_pending(weight)
    lacking = {member: figure for member, figure in each.items() if not figure.is_complete or _is_unknown(figure)}
    if lacking and not is_accepted:
        return incomplete(weight, len(each) - len(lacking), len(each), list(lacking))
    counted = [figure.value for figure in each.values() if not figure.is_not_applicable]
    wanted = target.under(scheme.equal_means)
    met = sum(is_met(wanted, value) is True for value in counted)
    return score_subset(rule, met, len(counted), weight, needed=needed, places=scheme.rounding_places)


def mean_of(each: Mapping[M, Aggregate[M]]) -> Aggregate[M]:
    """Return the mean of the members' own figures, with their coverage; those for whom nothing arose stand aside."""
    values = [figure.value for figure in each.values() if figure.value is not None]
    return Aggregate(
        value=sum(values, Decimal(0)) / len(values) if values else None,
        numerator=None,
        denominator=None,
        reported=tuple(member for figure in each.values() for member in figure.reported),
        missing=tuple(member for figure in each.values() for member in figure.missing),
        is_not_applicable=bool(each) and all(figure.is_not_applicable for figure in each.values()),
        gaps=tuple(member for figure in each.values() for member in figure.gaps),
    )


def _is_unknown(figure: Aggregate[M]) -> bool:
    return figure.value is None and not figure.is_not_applicable
