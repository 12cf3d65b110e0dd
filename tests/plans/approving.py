"""A bureau whose division drafts a plan that the plan check has nothing to say against, or has been answered."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.plans.actions import approval
from apps.plans.actions.drafts import edit, open_adjustment, open_plan
from apps.plans.enums import (
    Accumulation,
    Aggregation,
    Attribute,
    BudgetKind,
    Dimension,
    Frequency,
    Kind,
    Level1,
    Level2,
    Operator,
    Severity,
    TargetStatus,
)
from apps.plans.models import Explanation, Plan, PlanVersion, Project
from apps.plans.queries.approval import last_step
from apps.plans.queries.checks import check_plan
from apps.plans.queries.contents import (
    BudgetContent,
    DirectionContent,
    GoalContent,
    IndicatorContent,
    MeasureContent,
    MembershipContent,
    PlanContent,
    TargetContent,
)
from tests.factories import MemberFactory, ProjectFactory, SchemeFactory
from tests.progress.world import NOW, TODAY, World, make_world

CLASSES = (
    (Level1.OUTPUT, Level2.QUANTITY, 30),
    (Level1.OUTPUT, Level2.QUALITY, 20),
    (Level1.BENEFIT, Level2.SOCIAL, 30),
    (Level1.SATISFACTION, Level2.SATISFACTION, 10),
)


@dataclass
class Desk:
    """The people of `world`, and the project whose plan of 2016 is drafted."""

    world: World
    project: Project

    @property
    def reporter(self) -> User:
        return self.world.reporter

    @property
    def head(self) -> User:
        return self.world.head

    @property
    def officer(self) -> User:
        return self.world.people[Role.OFFICER]

    @property
    def leader(self) -> User:
        return self.world.people[Role.LEADER]

    def draft(self, person: User | None = None, content: PlanContent | None = None) -> PlanVersion:
        """Open the plan as the reporter's draft, every warning answered."""
        version = open_plan(
            project=self.project,
            year=2016,
            content=content or sound_content(self.world.division.code),
            person=person or self.reporter,
            at=NOW,
        )
        return self.answered(version)

    def answered(self, version: PlanVersion) -> PlanVersion:
        for finding in check_plan(version):
            if finding.severity == Severity.WARNING:
                Explanation.objects.create(
                    version=version, finding=finding.key, text="已核实。", person=self.reporter, at=NOW
                )
        return version

    def submitted(self, person: User | None = None) -> PlanVersion:
        return self.submit(self.draft(person), person)

    def submit(self, version: PlanVersion, person: User | None = None) -> PlanVersion:
        return approval.submit_version(version=version, person=person or self.reporter, at=NOW)

    def pass_(self, version: PlanVersion, *people: User, today: date = TODAY) -> PlanVersion:
        for person in people:
            seen = last_step(version)
            version = approval.pass_version(version=version, person=person, seen=seen, today=today, at=NOW)
        return version

    def approved(self) -> PlanVersion:
        return self.pass_(self.submitted(), self.head, self.officer, self.leader)

    def adjustment(self, change=None, person: User | None = None) -> PlanVersion:
        """Ask to adjust the plan, and make one change."""
        plan = Plan.objects.get(project=self.project)
        person = person or self.reporter
        version = open_adjustment(plan=plan, reason="任务量增加", document="财函〔2016〕8号", person=person, at=NOW)
        edit(version=version, person=person, at=NOW, label="调整", change=change or raise_first)
        return self.answered(version)


def make_desk() -> Desk:
    """Return a bureau with everybody who drafts and decides, and a project without a plan."""
    world = make_world(is_open=False)
    SchemeFactory()
    MemberFactory(bureau=world.bureau, dimension=Dimension.UNIT, code="unit", name="本单位")
    MemberFactory(bureau=world.bureau, dimension=Dimension.FUNDING, code="general", name="一般公共预算")
    return Desk(world, ProjectFactory(bureau=world.bureau, division=world.division, name="居住证办理"))


def raise_first(content: PlanContent) -> PlanContent:
    """Want 90 of the first indicator."""
    first, *others = content.indicators
    return replace(content, indicators=(replace(first, target=replace(first.target, value=Decimal(90))), *others))


def sound_content(division: str) -> PlanContent:
    """Return a new project's plan of 2016: four counts with final targets, ninety points, all money given to goals."""
    return PlanContent(
        attribute=Attribute.NEW,
        starts_on=date(2016, 1, 1),
        ends_on=date(2016, 12, 31),
        scheme="national-2020@1",
        budget=(
            BudgetContent(
                source="general",
                kind=BudgetKind.INITIAL,
                amount=Decimal(1_000_000),
                effective_on=date(2016, 1, 1),
                document="2016年部门预算",
            ),
        ),
        directions=(
            DirectionContent(number=1, text="印刷费", economic_item="printing", amount=Decimal(1_000_000), goals=(1,)),
        ),
        goals=(GoalContent(number=1, text="全年办理居住证"),),
        measures=tuple(_measure(number, division) for number in range(1, len(CLASSES) + 1)),
        indicators=tuple(_indicator(number, *said) for number, said in enumerate(CLASSES, start=1)),
    )


def _measure(number: int, division: str) -> MeasureContent:
    return MeasureContent(
        code=f"cards-{number}",
        name=f"办证数{number}",
        kind=Kind.NUMBER,
        unit_name="件",
        accumulation=Accumulation.INCREMENT,
        aggregation=Aggregation.SUM,
        dimension=Dimension.UNIT,
        frequency=Frequency.MONTHLY,
        division=division,
        definition="按当月业务台账统计。",
        members=(MembershipContent(member="unit"),),
    )


def _indicator(number: int, level1: str, level2: str, weight: int) -> IndicatorContent:
    return IndicatorContent(
        code=f"1-{number}",
        goal=1,
        name=f"办证数{number}",
        original_text="不少于80件",
        level1=level1,
        level2=level2,
        weight=Decimal(weight),
        evidence="业务台账",
        measure=f"cards-{number}",
        target=TargetContent(operator=Operator.AT_LEAST, value=Decimal(80), status=TargetStatus.FINAL),
    )
