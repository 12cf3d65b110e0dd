"""The points of one line: which rule of the calculation a measure's kind and a target's scope ask for."""

from collections.abc import Sequence
from decimal import Decimal

from apps.calculation.aggregation import Aggregate
from apps.calculation.schemes import Scheme
from apps.calculation.scoring import (
    ExecutionScore,
    PercentOutsideBand,
    Score,
    ScoreStatus,
    score_aggregate,
    score_execution,
    score_judgement,
    score_milestone,
    score_satisfaction,
    score_subset,
)
from apps.calculation.spending import in_wan
from apps.calculation.targets import Target
from apps.calculation.terms import Band, Outcome, Sentence
from apps.plans.enums import Kind, Level1
from apps.plans.models import IndicatorTerms
from apps.progress.queries import Case, Execution

PENDING = Sentence(zh="指标值待定，暂不计分。", en="The target is still to be decided; not scored.")
BASELINE_MISSING = Sentence(zh="缺上年基期数，暂不计分。", en="Last year's figure is missing; not scored.")
MONEY_INCOMPLETE = Sentence(
    zh="预算执行数尚未报齐，暂不计分。", en="Spending has not been fully reported yet; not scored."
)


def execution_score(execution: Execution, scheme: Scheme) -> ExecutionScore:
    """Score the money; spending that has not been reported from every source, up to the last month due, stays open."""
    if execution.executed is None or execution.is_complete:
        budget = None if execution.budget is None else in_wan(execution.budget)
        executed = None if execution.executed is None else in_wan(execution.executed)
        return score_execution(budget, executed, scheme.execution_weight, scheme)
    return ExecutionScore(None, None, scheme.execution_weight, ("incomplete",), MONEY_INCOMPLETE)


def indicator_score(terms: IndicatorTerms, case: Case, scheme: Scheme) -> Score:
    """Score an indicator; one without a weight is tracked and scored out of nothing."""
    weight = terms.weight or Decimal(0)
    kind = case.indicator.measure.kind
    if kind == Kind.MILESTONE:
        return _milestone(case, weight, scheme)
    if kind in (Kind.JUDGEMENT, Kind.CHECKLIST):
        return _judgement(case, weight, scheme)
    target = case.calculated
    if target is None or target.is_pending or case.lacks_names:
        return _open(ScoreStatus.TARGET_PENDING, weight, PENDING)
    if target.value is None:
        return _open(ScoreStatus.TARGET_PENDING, weight, BASELINE_MISSING, "baseline_missing")
    return _figure(terms, case, target, weight, scheme)


def _figure(terms: IndicatorTerms, case: Case, target: Target, weight: Decimal, scheme: Scheme) -> Score:
    """Score a figure against a number that is known."""
    figure = _by_name(case)
    if figure.is_complete and terms.level1 == Level1.SATISFACTION and scheme.satisfaction_ladder:
        return score_satisfaction(target, figure.value, weight, scheme)
    if figure.is_complete and case.is_counted:
        return _members_that_meet(case, weight, scheme)
    waiting = _names(case, case.shown.waiting_of([*case.total.missing, *case.total.gaps]))
    return score_aggregate(target, figure, weight, scheme, waiting=waiting)


def _members_that_meet(case: Case, weight: Decimal, scheme: Scheme) -> Score:
    """Score a target on named members by how many of them meet it."""
    each = case.shown.per_member(case.named)
    needed = case.target.scope_count if case.target else None
    return score_subset(case.scope, case.met, len(each), weight, needed=needed, places=scheme.rounding_places)


def _milestone(case: Case, weight: Decimal, scheme: Scheme) -> Score:
    revision = case.told
    due_on = case.target.due_on if case.target else None
    outcome = Outcome(revision.outcome) if revision else None
    decided_on = revision.decided_on if revision else None
    return score_milestone(outcome, decided_on, due_on, weight, places=scheme.rounding_places)


def _judgement(case: Case, weight: Decimal, scheme: Scheme) -> Score:
    revision = case.told
    band = Band(revision.band) if revision else None
    try:
        return score_judgement(band, revision.percent if revision else None, weight, scheme)
    except PercentOutsideBand as refusal:
        return _open(ScoreStatus.MANUAL_REQUIRED, weight, refusal.sentence)


def _open(status: ScoreStatus, weight: Decimal, sentence: Sentence, *flags: str) -> Score:
    return Score(status, None, weight, None, flags, sentence)


def _by_name(case: Case) -> Aggregate[Sentence]:
    """Return the figure with its members by name instead of by id, for the sentences."""
    figure = case.total
    return Aggregate(
        value=figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        reported=_names(case, figure.reported),
        missing=_names(case, figure.missing),
        is_not_applicable=figure.is_not_applicable,
        gaps=_names(case, figure.gaps),
    )


def _names(case: Case, ids: Sequence[int]) -> tuple[Sentence, ...]:
    members = [case.shown.members[pk] for pk in ids]
    return tuple(Sentence(zh=member.name, en=member.name_en or member.name) for member in members)
