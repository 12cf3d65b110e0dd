"""Where an indicator is now, compared with where it should be by now, and what it takes to arrive."""

from collections.abc import Hashable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, TypeVar

from apps.calculation.aggregation import Aggregate
from apps.calculation.periods import elapsed
from apps.calculation.schemes import Bands
from apps.calculation.targets import Target, is_met
from apps.calculation.terms import Band, Direction, Light, Operator, Outcome, Path, ScopeRule, Standing

M = TypeVar("M", bound=Hashable)

DEFAULT_BANDS: Final = Bands()
ALL: Final = Decimal(1)
NONE: Final = Decimal(0)
MONTHS_OF_A_YEAR: Final = 12
BEST_FIRST: Final = (
    Standing.DONE,
    Standing.ON_PACE,
    Standing.SLIGHTLY_BEHIND,
    Standing.AWAITING_RESULT,
    Standing.TARGET_PENDING,
    Standing.BASELINE_MISSING,
    Standing.NOT_REPORTED,
    Standing.BEHIND,
)


def expected_by_now(
    *,
    path: Path,
    target_value: Decimal | None,
    baseline: Decimal | None,
    elapsed: Decimal,
    shape: Decimal | None,
    planned: Decimal | None,
) -> Decimal | None:
    """Return the figure that is expected by now along the target's path.

    `elapsed` is the share of the time that is over, `shape` the share of last year's total that was reached by this
    time of last year, `planned` the plan's own figure for this period. None when what the path needs is unknown.
    """
    if path is Path.PER_PERIOD:
        return planned
    if target_value is None:
        return None
    match path:
        case Path.KEEP_AT:
            return target_value
        case Path.FROM_ZERO:
            return target_value * elapsed
        case Path.LAST_YEARS_SHAPE:
            return None if shape is None else target_value * shape
    return None if baseline is None else baseline + (target_value - baseline) * elapsed


def planned_by(planned: Sequence[tuple[date, Decimal]], starts_on: date, day: date) -> Decimal | None:
    """Return what a plan by periods expects by the end of a day, from its (last day, figure) pairs in order of time.

    The figure of the last period that is over counts; before the first one is, its share of the time gone by since
    `starts_on`. None without a plan.
    """
    if not planned:
        return None
    over = [figure for ends_on, figure in planned if ends_on <= day]
    if over:
        return over[-1]
    ends_on, figure = planned[0]
    return figure * elapsed(starts_on, ends_on, day + timedelta(days=1))


def shape_of(same_period: Decimal | None, total: Decimal | None) -> Decimal | None:
    """Return the share of last year's total that was reached by this time of last year; None when either is unknown or 0."""
    return None if same_period is None or not total else same_period / total


def standing(
    *,
    target: Target,
    aggregate: Aggregate[M],
    expected: Decimal | None,
    is_over: bool,
    bands: Bands = DEFAULT_BANDS,
    is_irreversible: bool = False,
    is_accepted: bool = False,
) -> Standing:
    """Return where a figure stands against a target that is a number.

    `expected` is where it should be by now, `is_over` that the last round is past, from when on the target itself
    counts, `is_irreversible` that what is reached cannot be undone (people trained, not a rate). Done is said only of a
    complete figure, after the last round or when it cannot be undone. A quota or a range that is exceeded is behind.
    Where less is better an incomplete figure is never done or on pace: who has not reported may hold the rest; unless a
    named officer has accepted it as it is (`is_accepted`).
    """
    if target.bounds is None:
        return Standing.TARGET_PENDING if target.is_pending else Standing.BASELINE_MISSING
    if aggregate.is_not_applicable:
        return Standing.NOT_APPLICABLE
    if aggregate.value is None:
        return Standing.NOT_REPORTED
    reached = _position(target, aggregate.value, target.bounds[0] if is_over else expected, bands, is_over=is_over)
    if reached is not Standing.ON_PACE:
        return reached
    if not aggregate.is_complete and not is_accepted:
        return Standing.NOT_REPORTED if target.better is Direction.LOWER else Standing.ON_PACE
    is_final = is_over or (is_irreversible and target.better is Direction.HIGHER)
    return Standing.DONE if is_final and is_met(target, aggregate.value) else Standing.ON_PACE


def milestone_standing(outcome: Outcome | None, decided_on: date | None, due_on: date | None, today: date) -> Standing:
    """Return where a milestone stands on a day.

    A pass cannot be undone, so it is done, late or not; a decision of a later day is still awaited. Without any word it
    is behind once its deadline is past, and not reported before.
    """
    if outcome is None:
        return Standing.BEHIND if due_on is not None and today > due_on else Standing.NOT_REPORTED
    if outcome is Outcome.AWAITING or (decided_on is not None and decided_on > today):
        return Standing.AWAITING_RESULT
    return Standing.DONE if outcome is Outcome.PASSED else Standing.BEHIND


def judgement_standing(band: Band | None, *, is_over: bool) -> Standing:
    """Return where a judged indicator stands: a judgement before the last one can still change."""
    match band:
        case None:
            return Standing.NOT_REPORTED
        case Band.ACHIEVED:
            return Standing.DONE if is_over else Standing.ON_PACE
        case Band.PARTIAL:
            return Standing.SLIGHTLY_BEHIND
    return Standing.BEHIND


def needed_pace(*, target: Target, actual: Decimal | None, periods_left: int) -> Decimal | None:
    """Return what each of the periods that are left must add; where less is better, what each may still add.

    For figures that add up. Never below zero. None when it cannot be said: unknown figure or target, or no period left.
    """
    if actual is None or target.bounds is None or periods_left <= 0:
        return None
    return max(target.bounds[0] - actual, NONE) / periods_left


def scope_standing(rule: ScopeRule, states: Sequence[Standing], needed: int | None = None) -> Standing:
    """Return where a target on several members stands, from where each of them does.

    `all` stands with its worst member, `any` with its best, `at_least` with the one that has the needed rank from the top;
    fewer members than needed, or none, are not reported. Members of whom nothing can be said because nothing arose stand
    aside. `together` and `mean` have one figure, and its standing.
    """
    best_first = sorted((state for state in states if state is not Standing.NOT_APPLICABLE), key=BEST_FIRST.index)
    if states and not best_first:
        return Standing.NOT_APPLICABLE
    wanted = {ScopeRule.ANY: 1, ScopeRule.AT_LEAST: needed}.get(rule) or len(best_first)
    return best_first[wanted - 1] if 0 < wanted <= len(best_first) else Standing.NOT_REPORTED


def execution_light(rate_percent: Decimal | None, month: int, bands: Bands = DEFAULT_BANDS) -> Light | None:
    """Return the warning light of spending at the end of a month, 1 to 12, as a provincial system sets it.

    The pace is the execution rate as percent of month ÷ 12; below 60 is red, below 80 yellow. None without a rate.
    """
    if not 1 <= month <= MONTHS_OF_A_YEAR:
        raise ValueError(f"{month} is no month; expected 1 to 12")
    if rate_percent is None:
        return None
    pace = rate_percent * MONTHS_OF_A_YEAR / month
    if pace < bands.yellow_light:
        return Light.RED
    return Light.YELLOW if pace < bands.green_light else Light.GREEN


def _position(target: Target, actual: Decimal, expected: Decimal | None, bands: Bands, *, is_over: bool) -> Standing:
    """Return on pace, slightly behind or behind; baseline missing when nothing says what is expected by now.

    Where more is better, whoever meets the year's target already is on pace whatever was expected. Where less is, or a quota
    is to be kept, the rest of the year may still undo it.
    """
    if _is_beyond(target, actual):
        return Standing.BEHIND
    if expected is None:
        is_there = target.better is Direction.HIGHER and is_met(target, actual)
        return Standing.ON_PACE if is_there else Standing.BASELINE_MISSING
    share = _share(target.better, expected, actual)
    if share >= bands.on_pace and not (is_over and not is_met(target, actual)):
        return Standing.ON_PACE
    return Standing.SLIGHTLY_BEHIND if share >= bands.slightly_behind else Standing.BEHIND


def _is_beyond(target: Target, actual: Decimal) -> bool:
    """Return whether a quota or a range is exceeded."""
    high = target.high if target.operator is Operator.RANGE else target.value
    return target.better is Direction.NEUTRAL and high is not None and actual > high


def _share(better: Direction, expected: Decimal, actual: Decimal) -> Decimal:
    """Return how much of what is expected is reached; 1 when all of it, 0 when nothing can be divided."""
    if better is Direction.LOWER:
        if actual <= expected:
            return ALL
        return expected / actual if expected > 0 else NONE
    if actual >= expected:
        return ALL
    return actual / expected if expected > 0 else NONE
