"""Drafts of 2017 as a division makes them."""

from datetime import date
from decimal import Decimal

from apps.accounts.models import Unit
from apps.plans.enums import Attribute, VersionState
from tests.factories import (
    BudgetLineFactory,
    DefinitionFactory,
    GoalTermsFactory,
    IndicatorTermsFactory,
    PlanFactory,
    PlanVersionFactory,
    RatioFactory,
    TargetFactory,
)

YEAR = 2017


def bureau_of(division):
    return Unit.objects.get(path=division.path[: -Unit.steplen])


def make_draft(division, indicators=1, number="P1"):
    """Return a draft of a division's project, with as many rates of their own as wanted."""
    plan = PlanFactory(
        project__bureau=bureau_of(division), project__division=division, project__number=number, year=YEAR
    )
    version = PlanVersionFactory(
        plan=plan,
        state=VersionState.DRAFT,
        approved_at=None,
        attribute=Attribute.NEW,
        starts_on=date(YEAR, 1, 1),
        ends_on=date(YEAR, 12, 31),
    )
    GoalTermsFactory(version=version)
    for _number in range(indicators):
        measured = RatioFactory(bureau=plan.project.bureau, division=division)
        row = IndicatorTermsFactory(version=version, indicator__measure=measured, weight=Decimal(10))
        TargetFactory(indicator=row.indicator, version=version)
        DefinitionFactory(measure=measured, version=version)
    BudgetLineFactory(plan=plan, version=version)
    return version
