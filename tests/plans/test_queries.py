"""What plans were given and what they aim at."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from apps.calculation.aggregation import accumulate
from apps.calculation.terms import Accumulation
from apps.plans.enums import BudgetKind, ScopeRule
from apps.plans.models import Plan
from apps.plans.queries import adjusted_budget, target_in_force, terms_of, weights_short_of
from tests.factories import (
    BudgetLineFactory,
    IndicatorFactory,
    IndicatorTermsFactory,
    MemberFactory,
    PlanFactory,
    PlanVersionFactory,
    TargetFactory,
)

pytestmark = pytest.mark.django_db


def test_the_adjusted_budget_is_the_sum_of_all_lines_and_unknown_without_any():
    plan, bare = PlanFactory(), PlanFactory()
    line = BudgetLineFactory(plan=plan, amount=Decimal("100.50"))
    BudgetLineFactory(plan=plan, source=line.source, kind=BudgetKind.ADJUSTMENT, amount=Decimal("-20.25"))
    assert adjusted_budget([plan, bare]) == {plan.pk: Decimal("80.25")}


def test_sums_made_by_the_database_are_those_of_the_calculation():
    chance = Random(2016)
    amounts = {}
    for _ in range(20):
        plan, source = PlanFactory(), MemberFactory()
        amounts[plan.pk] = [Decimal(chance.randrange(-(10**9), 10**11)) / 100 for _ in range(chance.randrange(1, 9))]
        for number, amount in enumerate(amounts[plan.pk]):
            kind = BudgetKind.ADJUSTMENT if number else BudgetKind.INITIAL
            BudgetLineFactory(plan=plan, source=source, kind=kind, amount=amount)
    expected = {pk: accumulate(values, Accumulation.INCREMENT) for pk, values in amounts.items()}

    assert adjusted_budget(list(Plan.objects.all())) == expected
    assert dict(Plan.objects.with_budget().values_list("pk", "budget")) == expected


@pytest.mark.parametrize("count", [1, 3])
def test_adjusted_budgets_take_one_query(django_assert_num_queries, count):
    plans = [BudgetLineFactory().plan for _ in range(count)]
    with django_assert_num_queries(1):
        assert len(adjusted_budget(plans)) == count


@pytest.mark.parametrize(
    ("on", "number"),
    [
        (date(2015, 12, 31), None),
        (date(2016, 1, 1), 1),
        (date(2016, 6, 14), 1),
        (date(2016, 6, 15), 3),
        (date(2016, 12, 31), 3),
    ],
)
def test_the_highest_number_in_effect_counts(on, number):
    first = TargetFactory()
    TargetFactory(indicator=first.indicator, number=2, effective_on=date(2016, 6, 15))
    TargetFactory(indicator=first.indicator, number=3, effective_on=date(2016, 6, 15))
    found = target_in_force([first.indicator], on)
    assert {pk: row.number for pk, row in found.items()} == ({first.indicator_id: number} if number else {})


@pytest.mark.parametrize("count", [1, 3])
def test_targets_in_force_come_with_their_members_in_two_queries(django_assert_num_queries, count):
    indicators = [IndicatorFactory() for _ in range(count)]
    for indicator in indicators:
        TargetFactory(indicator=indicator, scope=ScopeRule.ALL, named=[MemberFactory(name="荔湾区")])
    with django_assert_num_queries(2):
        found = target_in_force(indicators, date(2016, 8, 31))
        named = [[str(row.member) for row in target.named.all()] for target in found.values()]
    assert named == [["荔湾区"]] * count


@pytest.mark.parametrize("count", [1, 3])
def test_the_terms_of_a_plan_come_in_the_order_of_the_form_in_one_query(django_assert_num_queries, count):
    version = PlanVersionFactory()
    IndicatorTermsFactory(version=PlanVersionFactory())
    for position in range(count, 0, -1):
        IndicatorTermsFactory(version=version, position=position, name=f"指标{position}")
    with django_assert_num_queries(1):
        terms = terms_of(version.plan)
        assert all(row.indicator.measure.name and row.goal.number for row in terms)
    assert [row.name for row in terms] == [f"指标{position}" for position in range(1, count + 1)]


def test_a_plan_without_an_approved_version_has_no_terms():
    assert terms_of(PlanFactory()) == []


@pytest.mark.parametrize(
    ("weights", "short"), [([], "90"), (["40", "22.5"], "27.5"), (["60", "40"], "-10"), ([None], "90")]
)
def test_weights_say_by_how_much_they_are_off(weights, short):
    version = PlanVersionFactory()
    for weight in weights:
        IndicatorTermsFactory(version=version, weight=Decimal(weight) if weight else None)
    assert weights_short_of(version) == Decimal(short)


def test_without_a_scheme_nothing_says_what_weights_should_be():
    assert weights_short_of(PlanVersionFactory(scheme=None)) is None
