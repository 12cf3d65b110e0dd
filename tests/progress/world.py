"""A small bureau in September 2016, made as the product makes it: plan approved, rounds opened, cells empty."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Unit, User
from apps.plans.enums import Path
from apps.plans.models import Indicator, Measure, Member, PlanVersion
from apps.progress.actions import Cell, approve, open_rounds, submit
from apps.progress.models import Entry, Revision, Round
from tests.factories import (
    BureauFactory,
    DivisionFactory,
    IndicatorFactory,
    IndicatorTermsFactory,
    MemberFactory,
    PlanVersionFactory,
    ProjectFactory,
    RatioFactory,
    TargetFactory,
    UnitFactory,
    UserFactory,
)

TODAY = date(2016, 9, 6)
NOW = datetime(2016, 9, 6, 1, 30, tzinfo=UTC)
DISTRICTS = ("荔湾", "越秀", "海珠", "天河", "白云", "黄埔", "番禺", "花都", "南沙", "从化", "增城")


@dataclass
class World:
    """A ratio by districts that the division reports and its head reviews; `people` by role."""

    finance: Unit
    bureau: Unit
    division: Unit
    members: list[Member]
    measure: Measure
    version: PlanVersion
    indicator: Indicator
    people: dict[Role, User] = field(default_factory=dict)

    @property
    def reporter(self) -> User:
        return self.people[Role.REPORTER]

    @property
    def head(self) -> User:
        return self.people[Role.HEAD]

    def round_of(self, month: int, year: int = 2016) -> Round:
        return Round.objects.get(bureau=self.bureau, frequency="monthly", starts_on=date(year, month, 1))

    def ask(self, measure: Measure, **target) -> Indicator:
        """Put an indicator on another measure into the plan and open its rounds."""
        indicator = IndicatorFactory(plan=self.version.plan, measure=measure)
        IndicatorTermsFactory(version=self.version, indicator=indicator)
        TargetFactory(indicator=indicator, **target)
        open_rounds(bureau=self.bureau, today=TODAY, at=NOW)
        return indicator

    def cells(self, month: int = 8, measure: Measure | None = None) -> list[Entry]:
        rows = Entry.objects.filter(measure=measure or self.measure, round=self.round_of(month))
        return list(rows.select_related("latest", "approved").order_by("member__position"))

    def submit(self, figures, month: int = 8, person: User | None = None, **more) -> list[Revision]:
        """Submit (numerator, denominator) or value for the first cells of a month, None for a cell to leave out."""
        measure = more.pop("measure", None)
        cells = [
            Cell(entry.pk, values(figure), seen=entry.latest.number if entry.latest else 0, **more)
            for entry, figure in zip(self.cells(month, measure), figures, strict=False)
            if figure is not None
        ]
        return submit(cells=cells, person=person or self.reporter, today=TODAY, at=NOW)

    def approve(self, revisions, today: date = TODAY):
        return approve(revision_ids=[revision.pk for revision in revisions], reviewer=self.head, today=today, at=NOW)

    def count(self, figures, month: int = 8, **more) -> list[Revision]:
        """Submit and approve."""
        revisions = self.submit(figures, month, **more)
        self.approve(revisions)
        return revisions


def values(figure):
    if isinstance(figure, dict):
        return figure
    if isinstance(figure, tuple):
        return {"numerator": Decimal(figure[0]), "denominator": Decimal(figure[1])}
    return {"value": Decimal(figure)}


def make_world(districts: int = 3, *, is_open: bool = True, is_planned: bool = True, **target) -> World:
    """Make a bureau below the finance bureau, with a division, districts, one ratio and one indicator, ≥ 80 %.

    Where it is not planned, the approved plan does not say anything of the indicator.
    """
    finance = UnitFactory(kind=UnitKind.FINANCE)
    bureau = BureauFactory(parent=finance)
    division = DivisionFactory(parent=bureau)
    members = [MemberFactory(bureau=bureau, name=name) for name in DISTRICTS[:districts]]
    measure = RatioFactory(bureau=bureau, division=division, members=members)
    version = PlanVersionFactory(plan__project=ProjectFactory(bureau=bureau, division=division))
    indicator = IndicatorFactory(plan=version.plan, measure=measure)
    if is_planned:
        IndicatorTermsFactory(version=version, indicator=indicator, name="全市平均纳管率")
    TargetFactory(indicator=indicator, **({"value": Decimal(80), "path": Path.KEEP_AT} | target))
    world = World(finance, bureau, division, members, measure, version, indicator)
    for role, unit in (
        (Role.REPORTER, division),
        (Role.HEAD, division),
        (Role.OFFICER, bureau),
        (Role.LEADER, bureau),
        (Role.FINANCE, finance),
        (Role.AUDITOR, bureau),
        (Role.ADMIN, bureau),
    ):
        world.people[role] = UserFactory(role=role, unit=unit, name=f"{role.label}甲")
    if is_open:
        open_rounds(bureau=bureau, today=TODAY, at=NOW)
    return world


def make_whole_world() -> World:
    """Make the same with all eleven districts."""
    return make_world(districts=len(DISTRICTS))


def add_district_office(world: World, index: int = 0) -> User:
    """Give a district an office that reports its cells, and return the office's reporter."""
    office = UnitFactory(parent=world.bureau, kind=UnitKind.DISTRICT)
    world.bureau.refresh_from_db()
    Entry.objects.filter(member=world.members[index]).update(reporting_unit=office)
    return UserFactory(role=Role.REPORTER, unit=office, name="区填报人")
