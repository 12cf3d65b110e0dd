"""Money spent against money given."""

from decimal import Decimal

import pytest

from apps.plans.enums import BudgetKind, Dimension
from apps.plans.models import Plan
from apps.progress.queries import executions
from tests.factories import (
    BudgetLineFactory,
    BureauFactory,
    MemberFactory,
    MoneyFactory,
    PlanFactory,
    PlanVersionFactory,
    ProjectFactory,
)
from tests.progress.world import TODAY
from tests.progress.year import Year

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return BureauFactory()


def funded(bureau, *amounts, measure=None):
    """Return a plan with an initial budget and what was added since, and its execution measure."""
    source = MemberFactory(bureau=bureau, dimension=Dimension.FUNDING)
    measure = measure or MoneyFactory(bureau=bureau, members=[source])
    plan = PlanFactory(project=ProjectFactory(bureau=bureau, execution=measure))
    for number, amount in enumerate(amounts):
        kind = BudgetKind.ADJUSTMENT if number else BudgetKind.INITIAL
        BudgetLineFactory(plan=plan, source=source, kind=kind, amount=Decimal(amount))
    return plan


def of(*plans):
    rows = Plan.objects.filter(pk__in=[plan.pk for plan in plans]).select_related(
        "project__execution", "approved__scheme"
    )
    return executions(list(rows), TODAY)


def test_the_rate_is_of_the_adjusted_budget_and_the_last_running_total(bureau):
    plan = funded(bureau, 1_000_000, 200_000)
    Year(bureau).report(plan.project.execution, {6: 500_000, 7: 660_000})

    execution = of(plan)[plan.pk]

    assert (execution.budget, execution.executed, execution.rate) == (1_200_000, 660_000, 55)
    assert execution.expected_share == Decimal("58.33")
    assert (execution.reported_until.month, execution.light) == (7, "green")


@pytest.mark.parametrize(("spent", "light"), [(330_000, "red"), (400_000, "yellow"), (480_000, "green")])
def test_the_light_compares_the_rate_with_the_months_gone(bureau, spent, light):
    plan = funded(bureau, 1_000_000)
    Year(bureau).report(plan.project.execution, {7: spent})

    assert of(plan)[plan.pk].light == light


def test_spending_of_zero_is_zero_and_no_report_is_unknown(bureau):
    nothing, unknown = funded(bureau, 1_000_000), funded(bureau, 1_000_000)
    year = Year(bureau)
    year.report(nothing.project.execution, {7: 0})
    year.report(unknown.project.execution, {7: None})

    found = of(nothing, unknown)

    assert (found[nothing.pk].executed, found[nothing.pk].rate) == (0, 0)
    assert (found[unknown.pk].executed, found[unknown.pk].rate, found[unknown.pk].light) == (None, None, None)


def test_no_budget_line_is_an_unknown_budget_and_a_budget_of_zero_has_no_rate(bureau):
    without, of_zero = funded(bureau), funded(bureau, 0)
    year = Year(bureau)
    year.report(without.project.execution, {7: 5})
    year.report(of_zero.project.execution, {7: 5})

    found = of(without, of_zero)

    assert (found[without.pk].budget, found[without.pk].rate) == (None, None)
    assert (found[of_zero.pk].budget, found[of_zero.pk].rate) == (0, None)


def test_a_project_whose_spending_is_not_asked_is_unknown(bureau):
    plan = PlanFactory(project=ProjectFactory(bureau=bureau))

    assert of(plan)[plan.pk].executed is None


@pytest.mark.parametrize("number", [1, 12])
def test_two_queries_however_many_plans(bureau, django_assert_num_queries, number):
    plans = [funded(bureau, 1_000_000) for _number in range(number)]
    year = Year(bureau)
    for plan in plans:
        PlanVersionFactory(plan=plan)
        year.report(plan.project.execution, {6: 5, 7: 6})
    rows = list(Plan.objects.select_related("project__execution", "approved__scheme"))

    with django_assert_num_queries(2):
        assert len(executions(rows, TODAY)) == number


def test_more_spent_than_given_has_a_light_of_its_own(bureau):
    plan = funded(bureau, 100)
    Year(bureau).report(plan.project.execution, {7: 101})

    assert of(plan)[plan.pk].light == "over"
