"""Where indicators are: the one way from counted figures to a standing."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import ROUND_DOWN, Context, Decimal

from django.db.models import Exists, OuterRef, Subquery

from apps.calculation import achievement
from apps.calculation import targets as calculated
from apps.calculation.pace import judgement_standing, milestone_standing, scope_standing, standing
from apps.calculation.periods import month_end
from apps.calculation.terms import (
    Band,
    Direction,
    Outcome,
)
from apps.calculation.terms import Standing as Stand
from apps.journal.models import Event
from apps.plans.enums import Kind
from apps.plans.models import Indicator, IndicatorTerms, Plan, Result, Target
from apps.plans.queries import target_in_force
from apps.plans.querysets import IndicatorQuerySet
from apps.progress.models import Standing
from apps.progress.queries.cases import Case, cases, expected_of, whole, years_of
from apps.progress.queries.executions import Execution, executions, measures_of_money
from apps.progress.queries.series import series_of

TWELVE_PLACES = Decimal("1E-12")
# The sum of the largest figures that can be typed, with twelve places, needs more than the usual 28 digits.
WIDE = Context(prec=60)
FACTS = (
    "actual",
    "numerator",
    "denominator",
    "target_value",
    "baseline",
    "expected",
    "achievement",
    "met",
    "reported",
    "asked",
    "missing",
    "status",
    "round_id",
    "target_id",
    "version_id",
)


def current_standings(plans: Collection[Plan], today: date, known_at: datetime | None = None) -> dict[int, Standing]:
    """Return the standing of every indicator of the approved plans, by the indicator's id, its target and named members loaded.

    Three queries while the stored rows were made for this day, target, plan version and results of past years, as they are
    after a night with beat or any review today. What does not match is worked out anew, in a fixed number of further
    queries, and not stored.

    `known_at` asks how they stood with what was known at a moment: all worked out, in six queries. The plans then come from
    `plans.queries.as_known`.
    """
    if known_at is not None:
        return _known_standings(plans, today, known_at)
    indicators = list(
        with_noted(Indicator.objects.in_force())
        .filter(plan__in=plans)
        .select_related("standing__round", "plan__approved__scheme", "measure")
    )
    targets = target_in_force(indicators, today)
    stored = {row.pk: row.standing for row in indicators if hasattr(row, "standing")}
    stale = [row for row in indicators if not _is_current(stored.get(row.pk), row, targets.get(row.pk), today)]
    if stale:
        stored |= {row.indicator_id: row for row in computed_standings(stale, today, targets)}
    for pk, row in stored.items():
        row.target = targets.get(pk)
    return stored


def with_noted(indicators: IndicatorQuerySet) -> IndicatorQuerySet:
    """Add `noted`: the number of the last event about a past year's result of the measure, None where nobody told any.

    Results are written down by plans, which knows nothing of standings; so a standing says which of them it has seen.
    """
    results = Result.objects.filter(measure=OuterRef(OuterRef("measure")), member=None)
    told = Event.objects.filter(subject_type=Result._meta.label_lower, subject_id__in=results.values("pk"))
    return indicators.annotate(noted=Subquery(told.order_by("-pk").values("pk")[:1]))


def _known_standings(plans: Collection[Plan], today: date, known_at: datetime) -> dict[int, Standing]:
    """Return the standings of the indicators that the plans had at a moment, from what was known of them then."""
    indicators = _known_indicators(plans)
    return {row.indicator_id: row for row in computed_standings(indicators, today, known_at=known_at)}


def _known_indicators(plans: Collection[Plan]) -> list[Indicator]:
    """Return the indicators of the plans' versions as they are at hand. One query."""
    by_id = {plan.pk: plan for plan in plans if plan.approved}
    versions = [plan.approved_id for plan in by_id.values()]
    named = IndicatorTerms.objects.filter(indicator=OuterRef("pk"), version__in=versions)
    indicators = list(Indicator.objects.filter(Exists(named), plan__in=by_id).select_related("measure"))
    for row in indicators:
        row.plan = by_id[row.plan_id]
    return indicators


def known_year(
    plans: Collection[Plan], today: date, known_at: datetime
) -> tuple[dict[int, Standing], dict[int, Execution]]:
    """Return standings by indicator and executions by plan as they were known at a moment, from one reading of the figures.

    Six queries for plans `with_known` and `with_budget`; they come from `plans.queries.as_known`.
    """
    indicators = _known_indicators(plans)
    targets = target_in_force(indicators, today, known_at)
    years, _back = years_of(indicators, targets)
    measures = {row.measure_id: row.measure for row in indicators}
    measures |= {row.pk: row for row in measures_of_money(plans)}
    everything = series_of(list(measures.values()), years | {plan.year for plan in plans}, today, known_at)
    found = cases(indicators, today, targets, known_at, everything)
    return {case.indicator.pk: _standing(case) for case in found}, executions(plans, today, known_at, everything)


def _is_current(row: Standing | None, indicator: Indicator, target: Target | None, today: date) -> bool:
    return (
        row is not None
        and row.dated_on == today
        and row.target_id == (target.pk if target else None)
        and row.version_id == indicator.plan.approved_id
        and row.noted == vars(indicator)["noted"]
    )


def computed_standings(
    indicators: Sequence[Indicator],
    today: date,
    targets: dict[int, Target] | None = None,
    known_at: datetime | None = None,
) -> list[Standing]:
    """Return unsaved standings of the indicators, worked out from the figures that count; the cost is that of `cases`."""
    return [_standing(case) for case in cases(indicators, today, targets, known_at)]


def standing_of(case: Case) -> Standing:
    """Return the unsaved standing of a case that somebody cut to a window of their own. No query."""
    return _standing(case)


def _standing(case: Case) -> Standing:
    row = Standing(
        indicator=case.indicator,
        round=case.series.last_round,
        target=case.target,
        version=case.indicator.plan.approved,
        dated_on=case.today,
        status=Stand.TARGET_PENDING,
    )
    kind = case.indicator.measure.kind
    if kind == Kind.MILESTONE:
        _fill_milestone(row, case)
    elif kind in (Kind.JUDGEMENT, Kind.CHECKLIST):
        _fill_judgement(row, case)
    else:
        _fill_figure(row, case)
    return row


def _fill_milestone(row: Standing, case: Case) -> None:
    revision = case.told
    _fill_coverage(row, case)
    due_on = case.target.due_on if case.target else None
    outcome = Outcome(revision.outcome) if revision else None
    row.status = milestone_standing(outcome, revision.decided_on if revision else None, due_on, case.today)


def _fill_judgement(row: Standing, case: Case) -> None:
    revision = case.told
    _fill_coverage(row, case)
    row.actual = revision.percent if revision else None
    row.status = judgement_standing(Band(revision.band) if revision else None, is_over=case.is_over)


def _fill_coverage(row: Standing, case: Case) -> None:
    """Count who has reported the latest round, where that is not a matter of figures."""
    shown = case.shown
    if not shown.rounds:
        return
    last = shown.rounds[-1].pk
    asked, reported = shown.asked[last], set(shown.revisions.get(last, {}))
    row.asked, row.reported = len(asked), len(reported)
    row.missing = [pk for pk in shown.members if pk in asked - reported]


def _fill_figure(row: Standing, case: Case) -> None:
    total = case.total
    row.missing = [*total.missing, *total.gaps]
    row.asked = len({*total.reported, *row.missing})
    row.reported = row.asked - len(row.missing)
    row.actual = _stored(total.value)
    row.numerator, row.denominator = _stored(total.numerator), _stored(total.denominator)
    target = case.calculated
    if case.target is None or target is None:
        return
    row.target_value, row.baseline = _stored(target.value), _stored(case.year_total)
    expected = expected_of(case, target, case.year_total, case.same_period)
    row.expected = _stored(expected)
    if case.lacks_names or (target.is_pending and case.named):
        row.actual = row.numerator = row.denominator = None
        row.status = Stand.TARGET_PENDING
    elif not case.is_counted:
        row.achievement = _stored(achievement.ratio(target, total.value))
        row.status = standing(
            target=target,
            aggregate=total,
            expected=expected,
            is_over=case.is_over,
            bands=case.bands,
            is_irreversible=case.is_irreversible,
        )
    else:
        _fill_subset(row, case, target)


def _fill_subset(row: Standing, case: Case, target: calculated.Target) -> None:
    """Count the named members that meet the target; the figure is that of the worst, the status by rule.

    Each is held against what is expected of it from its own last year.
    """
    figures = case.shown.per_member(case.named)
    totals = case.past[1].series.per_member(case.named)
    same = case.past[1].series.up_to(month_end(case.now.year - 1, case.now.month)).per_member(case.named)
    row.met = case.met
    values = [figure.value for figure in figures.values() if figure.value is not None]
    worst = max if target.better is Direction.LOWER else min
    row.actual = _stored(worst(values)) if values else None
    row.numerator = row.denominator = row.baseline = row.expected = None
    row.achievement = _stored(achievement.share_met(row.met, len(figures)))
    states = [
        standing(
            target=target,
            aggregate=figure,
            expected=expected_of(case, target, whole(totals.get(pk)), whole(same.get(pk))),
            is_over=case.is_over,
            bands=case.bands,
        )
        for pk, figure in figures.items()
    ]
    needed = case.target.scope_count if case.target else None
    row.status = scope_standing(case.scope, states, needed)


def _stored(value: Decimal | None) -> Decimal | None:
    """Return a worked-out figure as it is stored: cut, not rounded, after twelve places, so that it is rounded only once."""
    return None if value is None else value.quantize(TWELVE_PLACES, rounding=ROUND_DOWN, context=WIDE)
