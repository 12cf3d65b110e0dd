"""A bureau in September 2016 with cells that are due, waiting, returned, and a target that is not final."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from apps.accounts.enums import Role
from apps.accounts.models import Unit, User
from apps.calculation.workdays import Workdays
from apps.plans.enums import TargetStatus
from apps.plans.models import Indicator, Measure
from apps.progress.enums import Verdict
from apps.progress.models import Entry, Round
from tests.factories import (
    BureauFactory,
    DivisionFactory,
    EntryFactory,
    IndicatorFactory,
    IndicatorTermsFactory,
    MeasureMemberFactory,
    MemberFactory,
    NumberFactory,
    PlanFactory,
    PlanVersionFactory,
    ProjectFactory,
    ReviewFactory,
    RevisionFactory,
    RoundFactory,
    TargetFactory,
    UserFactory,
)

WEEK = Workdays({})
TUESDAY = date(2016, 9, 6)
TEN = datetime(2016, 9, 6, 2, 0, tzinfo=UTC)  # ten o'clock in Shanghai


@dataclass
class World:
    """One bureau with a division that reviews, an office that reports, and one measure due on Thursday, 8 September."""

    bureau: Unit
    division: Unit
    office: Unit
    reporter: User
    head: User
    officer: User
    measure: Measure
    round: Round

    def cell(self, **fields) -> Entry:
        """Add an open cell of another member."""
        member = MemberFactory(bureau=self.bureau)
        MeasureMemberFactory(measure=self.measure, member=member)
        units = {"reporting_unit": self.office, "reviewing_unit": self.division}
        return EntryFactory(measure=self.measure, member=member, **{"round": self.round} | units | fields)

    def submitted(self, **fields) -> Entry:
        """Add a cell whose figure waits for review."""
        return RevisionFactory(entry=self.cell(), submitted_by=self.reporter, **fields).entry

    def returned(self, **fields) -> Entry:
        """Add a cell whose figure came back from the head."""
        revision = RevisionFactory(entry=self.cell(), **{"submitted_by": self.reporter} | fields)
        return ReviewFactory(revision=revision, verdict=Verdict.RETURNED, reviewer=self.head).revision.entry

    def unsettled(self, status=TargetStatus.PROVISIONAL) -> Indicator:
        """Add an indicator whose target is not final."""
        version = PlanVersionFactory(plan=PlanFactory(project=ProjectFactory(bureau=self.bureau)))
        indicator = IndicatorFactory(plan=version.plan, measure=self.measure)
        IndicatorTermsFactory(version=version, indicator=indicator)
        TargetFactory(indicator=indicator, status=status, **({"value": None} if status == TargetStatus.PENDING else {}))
        return indicator

    def person(self, role, unit, **fields) -> User:
        """Add somebody with a role."""
        return UserFactory(role=role, unit=unit, **fields)


def make_world() -> World:
    """Return a bureau of its own."""
    bureau = BureauFactory()
    division = DivisionFactory(parent=bureau)
    office = DivisionFactory(parent=bureau)
    return World(
        bureau=bureau,
        division=division,
        office=office,
        reporter=UserFactory(role=Role.REPORTER, unit=office),
        head=UserFactory(role=Role.HEAD, unit=division),
        officer=UserFactory(role=Role.OFFICER, unit=bureau),
        measure=NumberFactory(bureau=bureau, name="门禁安装数"),
        round=RoundFactory(bureau=bureau),
    )
