"""What a version on its way would change: its terms, its targets and its money, as the rows that readers of figures take."""

from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, Sum

from apps.plans.enums import Span, TargetStatus
from apps.plans.models import BudgetLine, Indicator, IndicatorTerms, PlanVersion, Target, TargetMember
from apps.plans.queries.aims import adjusted_budget, target_in_force


def terms_in(version: PlanVersion) -> list[IndicatorTerms]:
    """Return what a version says of its indicators, in the order of the form, with indicator, measure and goal. One query."""
    rows = IndicatorTerms.objects.filter(version=version)
    return list(rows.select_related("indicator__measure", "goal").order_by("position", "pk"))


def targets_in(version: PlanVersion, indicators: list[Indicator], on: date) -> dict[int, Target]:
    """Return the targets that would count on a day if the version were approved, by the indicator's id. Four or five queries."""
    named = Prefetch("named", TargetMember.objects.select_related("member").order_by("member__position", "pk"))
    rows = Target.objects.filter(version=version, span=Span.YEAR, indicator__in=indicators)
    proposed = rows.order_by("number").prefetch_related(named, "planned")
    return {**target_in_force(indicators, on), **{row.indicator_id: row for row in proposed}}


def budget_in(version: PlanVersion) -> Decimal | None:
    """Return the plan's budget in 元 if the version were approved, None where there is no money at all. Two queries."""
    settled = adjusted_budget([version.plan]).get(version.plan_id)
    asked = BudgetLine.objects.filter(version=version).aggregate(total=Sum("amount"))["total"]
    return settled if asked is None else (settled or Decimal(0)) + asked


def open_target(indicator: Indicator) -> Target | None:
    """Return the indicator's latest target of the year where it is pending or provisional, else None. Two queries."""
    found = target_in_force([indicator], date.max).get(indicator.pk)
    return found if found is not None and found.status != TargetStatus.FINAL else None
