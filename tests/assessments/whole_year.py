"""The plan of 2016 as published, what was decided during the year, and synthetic figures of every indicator."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from apps.accounts.enums import Role
from apps.accounts.models import Unit
from apps.plans.actions import load_published
from apps.plans.enums import Origin, ScopeRule, TargetStatus
from apps.plans.models import Indicator, Plan, Result, Target, TargetMember
from tests.factories import UserFactory
from tests.prepared import prepared
from tests.progress.year import Year, judged, passed

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
LOADED_AT = datetime(2016, 1, 4, 1, 0, tzinfo=UTC)
TODAY = date(2017, 1, 20)
NOW = datetime(2017, 1, 20, 2, 0, tzinfo=UTC)
NOTHING = (0, 0)

# What the last round of the year says, by the indicator; the districts' rates by district.
FIGURES = {
    "2-1": {12: (1100, 2500)},
    "5-1": {12: [(9640, 10000), *[NOTHING] * 10]},
    "8-1": {12: 4400},
    "10-1": {12: 4400},
    "9-1": {12: (12345, 12345)},
    "11-1": {8: [(8000, 8000), *[NOTHING] * 3]},
    "3-1": {12: judged("achieved", 90)},
    "4-1": {12: passed("2016-12-20")},
    "12-1": {12: [(24800, 25000), *[NOTHING] * 3]},
    "1-2": {12: [(95, 100), (94, 100), (70, 100), (7972, 9700), *[NOTHING] * 7]},
    "5-2": {12: [(931, 1000), *[NOTHING] * 10]},
    "6-1": {12: [1100, *[0] * 10]},
    "7-1": {12: 875},
    "7-2": {12: 38},
}
LAST_YEAR = {"6-1": 1200, "7-1": 860, "7-2": 45}
BUDGET, EXECUTED = Decimal(40_200_000), Decimal("39484400")


class WholeYear:
    """The plan with its officer; `decide` and `report` stand for what happened between January and December."""

    def __init__(self):
        bureau = prepared(published)
        self.bureau = bureau
        self.officer = UserFactory(role=Role.OFFICER, unit=bureau)
        self.figures = Year(bureau)

    @property
    def plan(self) -> Plan:
        rows = Plan.objects.select_related("project__bureau", "project__execution", "approved__scheme")
        return rows.get(project__number="P07")

    def indicator(self, code: str) -> Indicator:
        return self.plan.indicators.select_related("measure").get(code=code)

    def decide(self, code: str, value, **more) -> Target:
        """Decide a target by document, as its next version."""
        first = self.indicator(code).targets.get(number=1)
        first.pk, first.number = None, 2
        first.value, first.status, first.effective_on = Decimal(value), TargetStatus.FINAL, date(2016, 10, 8)
        first.document, first.decided_by, first.origin = "审定文件", "市政府", Origin.DECISION
        for name, column in more.items():
            setattr(first, name, column)
        first.save()
        return first

    def name_districts(self, number: int) -> None:
        target = self.decide("1-1", 90, scope=ScopeRule.ALL)
        memberships = self.indicator("1-1").measure.memberships.order_by("member__position")
        TargetMember.objects.bulk_create(TargetMember(target=target, member=row.member) for row in memberships[:number])

    def report(self, code: str, figures=None) -> None:
        self.figures.report(self.indicator(code).measure, figures or FIGURES[code])

    def spend(self, amount) -> None:
        self.figures.report(self.plan.project.execution, {12: amount})

    def remember(self, code: str, value) -> None:
        Result.objects.create(
            measure=self.indicator(code).measure, year=2015, value=value, origin=Origin.TYPED, document="2015年自评"
        )


def published() -> Unit:
    return load_published(folder=FIXTURES / "2016", schemes=FIXTURES / "schemes", at=LOADED_AT).bureau


def make_year(*, leave_out=(), decisions=("1-1", "8-1", "10-1"), **instead) -> WholeYear:
    """Play the year; `leave_out` are codes that nobody reported, `instead` other figures by code ("4-1" as c4_1)."""
    year = WholeYear()
    other = {name.removeprefix("c").replace("_", "-"): figures for name, figures in instead.items()}
    for code in decisions:
        if code == "1-1":
            year.name_districts(3)
        else:
            year.decide(code, 4400)
    for code in FIGURES:
        if code not in leave_out:
            year.report(code, other.get(code))
    for code, value in LAST_YEAR.items():
        year.remember(code, value)
    year.spend(EXECUTED)
    return year
