"""A plan as small as can be that still fills every part of the forms."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from apps.plans.enums import Attribute, BudgetKind, Dimension, Level1, Level2, Operator
from apps.plans.models import Direction, IndicatorTerms, Plan
from apps.progress.models import Round
from tests.factories import (
    BudgetLineFactory,
    EntryFactory,
    GoalFactory,
    GoalTermsFactory,
    IndicatorFactory,
    IndicatorTermsFactory,
    MemberFactory,
    MilestoneFactory,
    MoneyFactory,
    PlanFactory,
    PlanVersionFactory,
    ProjectFactory,
    RatioFactory,
    ReviewFactory,
    RevisionFactory,
    RoundFactory,
    SchemeFactory,
    TargetFactory,
)

EVIL = '=HYPERLINK("http://example.test","去")'


@dataclass
class Filled:
    """A plan with two goals, three indicators of two classes, money from two sources and from last year."""

    plan: Plan
    round: Round
    rate: IndicatorTerms
    milestone: IndicatorTerms
    unreported: IndicatorTerms


def fill(*, are_weights_suggested: bool = False, is_small: bool = False) -> Filled:
    """Return the plan, in the database; a small one has one goal with one indicator, and None for the others."""
    general = MemberFactory(dimension=Dimension.FUNDING, code="general", name="一般公共预算")
    bureau = general.bureau
    own = MemberFactory(bureau=bureau, dimension=Dimension.FUNDING, code="own", name="自有资金")
    spending = MoneyFactory(bureau=bureau, dimension=Dimension.FUNDING, members=[general, own])
    project = ProjectFactory(bureau=bureau, name=f"{EVIL}项目", execution=spending)
    plan = PlanFactory(project=project)
    version = PlanVersionFactory(
        plan=plan,
        attribute=Attribute.CONTINUING,
        scheme=SchemeFactory(code="national-2020-without-satisfaction"),
        last_year_completion="+2015年全部完成",
    )
    for source, kind, amount in (
        (general, BudgetKind.INITIAL, 40_200_000),
        (general, BudgetKind.ADJUSTMENT, -200_000),
        (general, BudgetKind.CARRIED_OVER, 500_000),
        (own, BudgetKind.INITIAL, 1_000_000),
    ):
        BudgetLineFactory(plan=plan, source=source, kind=kind, amount=Decimal(amount))
    august = RoundFactory(bureau=bureau)
    for source, spent in ((general, 20_000_000), (own, 750_000)):
        report(EntryFactory(measure=spending, member=source, round=august), value=Decimal(spent))
    rate, milestone, unreported = _aims(version, august, are_weights_suggested, is_small)
    return Filled(plan, august, rate, milestone, unreported)


def _aims(version, august, are_weights_suggested, is_small):
    first = GoalFactory(plan=version.plan, number=1)
    GoalTermsFactory(version=version, goal=first, text="=目标文字，已订正", original_text="-原文目标一，服务物窗口")
    Direction.objects.create(version=version, number=1, text="@融合社区建设")
    Direction.objects.create(version=version, number=2, text="示范区建设")
    bureau = version.plan.project.bureau
    ratio = RatioFactory(bureau=bureau)
    terms = partial(_terms, has_suggested_weight=are_weights_suggested)
    rate = terms(version, first, ratio, 1, Level1.BENEFIT, Level2.SOCIAL, original_text="纳管率达80%", weight=40)
    TargetFactory(indicator=rate.indicator)
    report(EntryFactory(measure=ratio, round=august), value=None, numerator=Decimal(70), denominator=Decimal(100))
    if is_small:
        return rate, None, None
    second = GoalFactory(plan=version.plan, number=2)
    GoalTermsFactory(version=version, goal=second, text="第二个目标", original_text="原文目标二")
    passing = MilestoneFactory(bureau=bureau)
    milestone = terms(
        version, first, passing, 2, Level1.OUTPUT, Level2.QUALITY, original_text="纳管率达80%", weight=Decimal("22.5")
    )
    TargetFactory(indicator=milestone.indicator, operator=Operator.DATE, value=None, due_on=date(2016, 12, 31))
    report(EntryFactory(measure=passing, round=august), value=None, outcome="passed", decided_on=date(2016, 8, 30))
    counted = RatioFactory(bureau=bureau)
    unreported = terms(
        version,
        second,
        counted,
        3,
        Level1.OUTPUT,
        Level2.QUANTITY,
        original_text="=答复率：100%",
        weight=Decimal("27.5"),
    )
    TargetFactory(indicator=unreported.indicator, operator=Operator.EQUAL, value=Decimal(100))
    EntryFactory(measure=counted, round=august)
    return rate, milestone, unreported


def _terms(version, goal, measure, position, level1, level2, **columns):
    indicator = IndicatorFactory(plan=version.plan, measure=measure, code=f"{goal.number}-{position}")
    return IndicatorTermsFactory(
        version=version,
        indicator=indicator,
        goal=goal,
        position=position,
        level1=level1,
        level2=level2,
        name=f"=指标{position}",
        **columns,
    )


def report(entry, **figure):
    """Put an approved figure into a cell."""
    return ReviewFactory(revision=RevisionFactory(entry=entry, **figure)).revision
