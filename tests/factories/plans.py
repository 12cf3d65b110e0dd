"""Projects, plans and everything under them, in the fiscal year 2016."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import factory
from factory.django import DjangoModelFactory

from apps.plans.enums import (
    Accumulation,
    Aggregation,
    Basis,
    BudgetKind,
    Dimension,
    Frequency,
    Kind,
    Level1,
    Level2,
    Nature,
    Operator,
    Origin,
    ScopeRule,
    TargetStatus,
    VersionState,
)
from apps.plans.enums import Path as TargetPath
from apps.plans.models import (
    BudgetLine,
    ChecklistItem,
    Definition,
    Goal,
    GoalTerms,
    Indicator,
    IndicatorTerms,
    Measure,
    MeasureMember,
    Member,
    Plan,
    PlanVersion,
    Project,
    Scheme,
    Target,
    TargetMember,
)
from tests.factories.accounts import BureauFactory

YEAR = 2016
FIRST_DAY, LAST_DAY = date(YEAR, 1, 1), date(YEAR, 12, 31)
NEW_YEAR = datetime(YEAR, 1, 1, tzinfo=UTC)
SCHEMES = Path(__file__).resolve().parents[2] / "fixtures" / "schemes"


class SchemeFactory(DjangoModelFactory):
    """The national scheme that the product ships, or another of its files by `code`."""

    class Meta:
        model = Scheme
        django_get_or_create = ["code", "number"]

    code = "national-2020"
    number = 1
    name = "全国标准（2020）"
    name_en = "National standard (2020)"
    source = "《项目支出绩效评价管理办法》（财预〔2020〕10号）"
    content = factory.LazyAttribute(
        lambda scheme: json.loads((SCHEMES / f"{scheme.code}.json").read_text(encoding="utf-8"))
    )


class MemberFactory(DjangoModelFactory):
    """A district, or a member of another `dimension`."""

    class Meta:
        model = Member

    bureau = factory.SubFactory(BureauFactory)
    dimension = Dimension.DISTRICT
    code = factory.Sequence(lambda number: f"M{number:04}")
    name = factory.Sequence(lambda number: f"成员{number}")
    position = factory.Sequence(lambda number: number)


class MeasureFactory(DjangoModelFactory):
    """A monthly measure; `members` are put into it, or the unit itself where none are given."""

    class Meta:
        model = Measure
        abstract = True
        skip_postgeneration_save = True

    bureau = factory.SubFactory(BureauFactory)
    code = factory.Sequence(lambda number: f"measure-{number}")
    name = factory.Sequence(lambda number: f"数据项{number}")
    frequency = Frequency.MONTHLY

    @factory.post_generation
    def members(self, create, extracted, **kwargs):
        if create:
            for member in extracted or [_the_unit_itself(self)]:
                MeasureMemberFactory(measure=self, member=member)


def _the_unit_itself(measure):
    found = Member.objects.filter(bureau=measure.bureau, dimension=Dimension.UNIT).first()
    return found or MemberFactory(bureau=measure.bureau, dimension=Dimension.UNIT, code="unit", position=0)


class RatioFactory(MeasureFactory):
    """A percentage: part of a whole, both as they stand at the end of a month, pooled over the members."""

    kind = Kind.RATIO
    unit_name = "%"
    decimals = 2
    factor = Decimal(100)
    numerator_name = "已纳管人数"
    denominator_name = "应纳管人数"
    is_part_of_whole = True
    accumulation = Accumulation.SNAPSHOT
    denominator_accumulation = Accumulation.SNAPSHOT
    aggregation = Aggregation.POOLED


class NumberFactory(MeasureFactory):
    """A count that adds up by the month."""

    kind = Kind.NUMBER
    unit_name = "件"
    accumulation = Accumulation.INCREMENT
    aggregation = Aggregation.SUM


class MoneyFactory(MeasureFactory):
    """Money spent since the year began, in 元."""

    kind = Kind.MONEY
    unit_name = "元"
    decimals = 2
    accumulation = Accumulation.RUNNING_TOTAL
    aggregation = Aggregation.SUM


class MilestoneFactory(MeasureFactory):
    """Something that is passed or not."""

    kind = Kind.MILESTONE
    frequency = Frequency.MILESTONE


class JudgementFactory(MeasureFactory):
    """Something that is judged twice a year."""

    kind = Kind.JUDGEMENT
    frequency = Frequency.HALF_YEARLY


class MeasureMemberFactory(DjangoModelFactory):
    """A member's place in a measure."""

    class Meta:
        model = MeasureMember

    measure = factory.SubFactory(NumberFactory, members=[])
    member = factory.SubFactory(MemberFactory)


class ChecklistItemFactory(DjangoModelFactory):
    """One thing to look at."""

    class Meta:
        model = ChecklistItem

    measure = factory.SubFactory(JudgementFactory)
    number = factory.Sequence(lambda number: number + 1)
    text = factory.Sequence(lambda number: f"检查项{number}")


class DefinitionFactory(DjangoModelFactory):
    """The first wording of a measure, in force from the first day of the year."""

    class Meta:
        model = Definition

    measure = factory.SubFactory(NumberFactory)
    number = 1
    text = "按当月业务台账统计。"
    effective_on = FIRST_DAY


class ProjectFactory(DjangoModelFactory):
    """A recurring project."""

    class Meta:
        model = Project

    bureau = factory.SubFactory(BureauFactory)
    number = factory.Sequence(lambda number: f"P{number:04}")
    function_code = "201 99 99"
    nature = Nature.RECURRING
    name = factory.Sequence(lambda number: f"项目{number}")


class PlanFactory(DjangoModelFactory):
    """A project's 2016."""

    class Meta:
        model = Plan

    project = factory.SubFactory(ProjectFactory)
    year = YEAR


class PlanVersionFactory(DjangoModelFactory):
    """The first version, approved, and made the plan's version in force; a draft with `state=VersionState.DRAFT`."""

    class Meta:
        model = PlanVersion
        skip_postgeneration_save = True

    plan = factory.SubFactory(PlanFactory)
    number = 1
    state = VersionState.APPROVED
    starts_on = FIRST_DAY
    ends_on = LAST_DAY
    scheme = factory.SubFactory(SchemeFactory)
    origin = Origin.TYPED
    approved_at = NEW_YEAR

    @factory.post_generation
    def in_force(self, create, extracted, **kwargs):
        if create and self.state == VersionState.APPROVED:
            self.plan.approved = self
            self.plan.save(update_fields=["approved"])


class GoalFactory(DjangoModelFactory):
    """A goal's place in a plan."""

    class Meta:
        model = Goal

    plan = factory.SubFactory(PlanFactory)
    number = factory.Sequence(lambda number: number + 1)


class GoalTermsFactory(DjangoModelFactory):
    """A goal's wording in a version."""

    class Meta:
        model = GoalTerms

    version = factory.SubFactory(PlanVersionFactory)
    goal = factory.SubFactory(GoalFactory, plan=factory.SelfAttribute("..version.plan"))
    text = "做好本年度工作"
    original_text = "做好本年度工作"


class IndicatorFactory(DjangoModelFactory):
    """An indicator on a number, or on the `measure` given."""

    class Meta:
        model = Indicator

    plan = factory.SubFactory(PlanFactory)
    code = factory.Sequence(lambda number: f"{number + 1}-1")
    measure = factory.SubFactory(NumberFactory, bureau=factory.SelfAttribute("..plan.project.bureau"))


class IndicatorTermsFactory(DjangoModelFactory):
    """What a version says of an indicator: ten points, an output."""

    class Meta:
        model = IndicatorTerms

    version = factory.SubFactory(PlanVersionFactory)
    indicator = factory.SubFactory(IndicatorFactory, plan=factory.SelfAttribute("..version.plan"))
    goal = factory.SubFactory(GoalFactory, plan=factory.SelfAttribute("..version.plan"))
    position = factory.Sequence(lambda number: number + 1)
    name = factory.Sequence(lambda number: f"指标{number}")
    original_text = "达到80%"
    level1 = Level1.OUTPUT
    level2 = Level2.QUANTITY
    weight = Decimal(10)


class TargetFactory(DjangoModelFactory):
    """A final target, ≥ 80, from the first day of the year; `named` members narrow it to some."""

    class Meta:
        model = Target
        skip_postgeneration_save = True

    indicator = factory.SubFactory(IndicatorFactory)
    number = 1
    operator = Operator.AT_LEAST
    basis = Basis.FIXED
    value = Decimal(80)
    scope = ScopeRule.TOGETHER
    path = TargetPath.FROM_ZERO
    status = TargetStatus.FINAL
    effective_on = FIRST_DAY
    origin = Origin.TYPED
    entered_at = NEW_YEAR

    @factory.post_generation
    def named(self, create, extracted, **kwargs):
        if create:
            for member in extracted or []:
                TargetMember.objects.create(target=self, member=member)


class BudgetLineFactory(DjangoModelFactory):
    """A plan's initial budget of one million 元 from the general public budget."""

    class Meta:
        model = BudgetLine

    plan = factory.SubFactory(PlanFactory)
    source = factory.SubFactory(
        MemberFactory, bureau=factory.SelfAttribute("..plan.project.bureau"), dimension=Dimension.FUNDING
    )
    kind = BudgetKind.INITIAL
    amount = Decimal(1_000_000)
    effective_on = FIRST_DAY
    document = "2016年部门预算"
    origin = Origin.TYPED
