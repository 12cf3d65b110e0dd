"""What plans were given and what they aim at now."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Prefetch, Q, Sum, prefetch_related_objects

from apps.calculation import targets as calculated
from apps.calculation.schemes import Scheme
from apps.calculation.terms import Basis, EqualMeans, Operator, TargetStatus
from apps.plans.enums import Origin, Path, Span
from apps.plans.models import BudgetLine, Indicator, IndicatorTerms, Plan, PlanVersion, Target, TargetMember
from apps.plans.queries.contents import TargetContent
from apps.plans.querysets import SettledQuerySet, approved_by


def as_known(plans: Collection[Plan], known_at: datetime | None) -> list[Plan]:
    """Return the plans that had an approved version at a moment, each with `approved` as it was then. One query, with scheme.

    The rows are not to be saved. No query where they come `with_known`. None is now: then nothing is
    read either, and `approved` stays what it is.
    """
    if known_at is None:
        return [plan for plan in plans if plan.approved_id]
    found = {plan.pk: getattr(plan, "known", None) for plan in plans if hasattr(plan, "known_id")}
    if rest := [plan.pk for plan in plans if plan.pk not in found]:
        rows = PlanVersion.objects.filter(approved_by(known_at), plan__in=rest).select_related("scheme")
        found |= {row.plan_id: row for row in rows.order_by("number")}
    for plan in plans:
        plan.approved = found.get(plan.pk)
    return [plan for plan in plans if plan.approved]


def adjusted_budget(plans: Collection[Plan], known_at: datetime | None = None) -> dict[int, Decimal]:
    """Return each plan's adjusted budget in 元, by the plan's id: the initial budget and everything since. One query.

    A plan without any budget line is not in the answer: no line is unknown, not zero. `known_at` asks what was known then,
    None is now.
    """
    rows = BudgetLine.objects.settled(known_at).filter(plan__in=plans).order_by()
    return dict(rows.values_list("plan").annotate(total=Sum("amount")))


def target_in_force(indicators: Collection[Indicator], on: date, known_at: datetime | None = None) -> dict[int, Target]:
    """Return the target of each indicator that counts on a day, by the indicator's id, its named members loaded.

    The highest number that has come into effect counts, of the year's targets and not of what a draft proposes. An
    indicator without a target by then is not in the answer. Two queries, a third where a target has a plan by periods.
    `known_at` asks which one was known then, None is now.
    """
    named = Prefetch("named", TargetMember.objects.select_related("member").order_by("member__position", "pk"))
    rows = known_targets(known_at).filter(indicator__in=indicators, effective_on__lte=on, span=Span.YEAR)
    found = {row.indicator_id: row for row in rows.order_by("number").prefetch_related(named)}
    prefetch_related_objects([row for row in found.values() if row.path == Path.PER_PERIOD], "planned")
    return found


def known_targets(known_at: datetime | None) -> SettledQuerySet:
    """Return the targets that had been settled at a moment: by a version approved then, or entered then.

    What was published counts from its effective day, whenever it was loaded. None is now.
    """
    rows = Target.objects.settled(known_at)
    if known_at is None:
        return rows
    return rows.filter(Q(version__isnull=False) | Q(origin=Origin.PUBLISHED) | Q(entered_at__lte=known_at))


def terms_of(plan: Plan) -> list[IndicatorTerms]:
    """Return what the approved version of a plan says of its indicators, in the order of the form. One query.

    Indicator, measure and goal are loaded. A plan without an approved version says nothing.
    """
    rows = IndicatorTerms.objects.filter(version=plan.approved_id)
    return list(rows.select_related("indicator__measure", "goal").order_by("position", "pk"))


def weights_short_of(version: PlanVersion) -> Decimal | None:
    """Return how many points a version's weights lack of what its scheme wants declared; negative is too many.

    None without a scheme: then nothing says what the sum should be. One query, one more where the scheme is not loaded.
    """
    if version.scheme is None:
        return None
    total = version.indicators.aggregate(total=Sum("weight"))["total"] or Decimal(0)
    return Scheme.from_data(version.scheme.content).declared_weight - total


def calculated_target(
    target: Target | TargetContent,
    *,
    year_total: Decimal | None,
    same_period: Decimal | None,
    years: Sequence[Decimal | None] = (),
) -> calculated.Target:
    """Return a target, stored or proposed, as the calculation takes it, its basis resolved; value None is pending or baseline missing."""
    value = calculated.resolve(
        Basis(target.basis),
        last_year=year_total,
        same_period=same_period,
        years=years or [None],
        value=target.value,
        factor=target.factor,
        offset=target.offset,
    )
    return calculated.Target(
        operator=Operator(target.operator),
        value=value,
        high=target.high,
        due_on=target.due_on,
        equal=EqualMeans(target.equal_means),
        step=target.step,
        status=TargetStatus(target.status),
    )
