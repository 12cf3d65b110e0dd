"""Bureaus to look at: projects with goals, indicators, districts and figures of August 2016."""

from datetime import UTC, date, datetime
from decimal import Decimal

from apps.accounts.enums import Role
from apps.plans.enums import Dimension
from apps.progress.actions import rebuild_standings
from tests.factories import (
    BudgetLineFactory,
    BureauFactory,
    DivisionFactory,
    EntryFactory,
    GoalTermsFactory,
    IndicatorTermsFactory,
    MemberFactory,
    MoneyFactory,
    PlanVersionFactory,
    RatioFactory,
    ReviewFactory,
    RevisionFactory,
    RoundFactory,
    TargetFactory,
    UserFactory,
)

TODAY = date(2016, 9, 6)
MORNING = datetime(2016, 9, 6, 1, 30, tzinfo=UTC)


class World:
    """One bureau with a division and people; projects and figures come by its methods."""

    def __init__(self):
        self.bureau = BureauFactory(name="某某局")
        self.division = DivisionFactory(parent=self.bureau, name="某某处")
        self.august = RoundFactory(bureau=self.bureau)
        self.july = RoundFactory(bureau=self.bureau, month=7)
        self.people = {}

    def person(self, role, unit=None):
        """Return the person who holds a role in the bureau, or in a unit of their own."""
        key = (role, unit)
        if key not in self.people:
            self.people[key] = UserFactory(role=role, unit=unit or self.bureau)
        return self.people[key]

    def plan(self, budget=Decimal(1_000_000), **fields):
        """Give the bureau a project with money and no goal."""
        execution = MoneyFactory(bureau=self.bureau)
        version = PlanVersionFactory(
            plan__project__bureau=self.bureau,
            plan__project__execution=execution,
            **{f"plan__{k}": v for k, v in fields.items()},
        )
        if budget is not None:
            BudgetLineFactory(plan=version.plan, amount=budget)
        return version.plan

    def spend(self, plan, amount):
        """Let the money of a plan up to the end of August be reported and approved."""
        entry = EntryFactory(measure=plan.project.execution, round=self.august)
        ReviewFactory(revision=RevisionFactory(entry=entry, value=amount))

    def indicator(self, plan, members=2, **target):
        """Put a goal with one indicator into a plan: a rate by district, at least 80 %."""
        districts = [MemberFactory(bureau=self.bureau) for _ in range(members)]
        measure = RatioFactory(
            bureau=self.bureau, division=self.division, dimension=Dimension.DISTRICT, members=districts
        )
        wording = GoalTermsFactory(version=plan.approved, goal__plan=plan)
        terms = IndicatorTermsFactory(
            version=plan.approved, goal=wording.goal, indicator__plan=plan, indicator__measure=measure
        )
        TargetFactory(indicator=terms.indicator, **target)
        return terms.indicator

    def cells(self, indicator, asked=None):
        """Ask every district of an indicator for a figure, in August unless another round is named."""
        return [
            EntryFactory(
                measure=indicator.measure,
                member=row.member,
                round=asked or self.august,
                reporting_unit=self.division,
                reviewing_unit=self.division,
            )
            for row in indicator.measure.memberships.select_related("member").order_by("member__position")
        ]

    def report(self, entry, numerator, denominator=100):
        """Let a cell be reported and approved."""
        revision = RevisionFactory(
            entry=entry, value=None, numerator=Decimal(numerator), denominator=Decimal(denominator)
        )
        ReviewFactory(revision=revision)
        return revision

    def stand(self):
        """Bring the standings up to the day."""
        rebuild_standings(bureau=self.bureau, today=TODAY)


READERS = (Role.REPORTER, Role.HEAD, Role.OFFICER, Role.LEADER, Role.FINANCE, Role.AUDITOR)
