"""What the rules of the plan check look at: a version's content beside money, people, members and earlier years."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.db.models import F, Prefetch, Q

from apps.accounts.enums import Role
from apps.accounts.models import Assignment, Unit
from apps.accounts.querysets import below
from apps.calculation import targets as calculated
from apps.calculation.schemes import Scheme
from apps.plans.enums import Span, VersionState
from apps.plans.models import Member, PlanVersion, Result, Target, TargetMember
from apps.plans.queries.aims import adjusted_budget, calculated_target
from apps.plans.queries.contents import (
    IndicatorContent,
    MeasureContent,
    MembershipContent,
    PlanContent,
    TargetContent,
    contents_of,
    target_content,
)
from apps.plans.queries.people import REVIEWER

YEARS_COMPARED: Final = 3
YEARS_READ: Final = 6
NEVER_PASSED_OVER: Final = (VersionState.DIVISION_REVIEW, VersionState.LEADER_REVIEW)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A version with all that its check depends on. No query is left to ask.

    `budget` is in 元 with what this version brings, None where nothing is given. `unattended` are the stages that nobody
    could pass. `offices` are the names of units by code, `reporting` the codes of those that have a reporter. `results` are
    figures of earlier years by measure, year and member, the member empty for all together; `aims` the approved targets of
    earlier years by measure and year.
    """

    version: PlanVersion
    content: PlanContent
    scheme: Scheme | None
    budget: Decimal | None
    unattended: tuple[VersionState, ...] = ()
    offices: Mapping[str, str]
    reporting: frozenset[str]
    members: Mapping[tuple[str, str], Member]
    results: Mapping[tuple[str, int, str], Decimal]
    aims: Mapping[tuple[str, int], tuple[TargetContent, ...]]

    @property
    def year(self) -> int:
        """Return the fiscal year."""
        return self.version.plan.year

    @property
    def is_settled(self) -> bool:
        """Tell whether nobody has to pass the version any more."""
        return self.version.state in (VersionState.APPROVED, VersionState.WITHDRAWN)

    @cached_property
    def measures(self) -> dict[str, MeasureContent]:
        """Return the measures by code."""
        return {measure.code: measure for measure in self.content.measures}

    def measure(self, indicator: IndicatorContent) -> MeasureContent:
        """Return the measure an indicator looks at."""
        return self.measures[indicator.measure]

    def name_of_member(self, measure: MeasureContent, code: str) -> str:
        """Return a member's name, its code where it is not known."""
        member = self.members.get((measure.dimension, code))
        return str(member) if member else code

    def asked_of(self, measure: MeasureContent) -> dict[str, list[str]]:
        """Return who is asked for a measure this year: members' codes by the code of the unit that reports them.

        As `progress` asks: the unit named for the member, else the member's own office, else the responsible division,
        else the bureau.
        """
        asked: dict[str, list[str]] = defaultdict(list)
        for row in measure.members:
            member = self.members.get((measure.dimension, row.member))
            if member is None or not (self._counts(row) and self._counts(member)):
                continue
            office = member.unit.code if member.unit else measure.division or self.version.plan.project.bureau.code
            asked[row.reporting_unit or office].append(row.member)
        return asked

    def _counts(self, row: MembershipContent | Member) -> bool:
        """Tell whether a member is there at any time of the year."""
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        return (row.starts_on is None or row.starts_on <= last) and (row.ends_on is None or row.ends_on >= first)

    def past(self, measure: str, year: int, member: str = "") -> Decimal | None:
        """Return what a measure came to in an earlier year, None where nothing was written down."""
        return self.results.get((measure, year, member))

    def line(self, target: TargetContent, measure: str, year: int, member: str = "") -> calculated.Target:
        """Return a target of a year as the calculation takes it; its value is None where a baseline is missing."""
        last = self.past(measure, year - 1, member)
        years = [self.past(measure, year - back, member) for back in range(1, (target.years or 1) + 1)]
        return calculated_target(target, year_total=last, same_period=last, years=years)


def checked_versions(versions: Collection[PlanVersion]) -> list[Checked]:
    """Return what the rules look at, in the order of the versions. At most twenty-four queries however many there are."""
    rows = PlanVersion.objects.filter(pk__in=[version.pk for version in versions])
    loaded = rows.select_related("plan__project__bureau", "plan__project__division", "scheme").in_bulk()
    reader = _Reader([loaded[version.pk] for version in versions])
    return [reader.checked(version) for version in reader.versions]


@dataclass(frozen=True, slots=True)
class _Held:
    """A role that somebody holds."""

    role: str
    user: int
    path: str
    code: str


class _Reader:
    """The rows about some versions, each kind read once."""

    def __init__(self, versions: list[PlanVersion]) -> None:
        self.versions = versions
        self.contents = contents_of(versions)
        self.budgets = adjusted_budget([version.plan for version in versions])
        self.bureaus = {version.plan.project.bureau for version in versions}
        self.codes = {measure.code for content in self.contents.values() for measure in content.measures}
        self._read_people()
        self._read_members()
        self._read_offices()
        self._read_results()
        self._read_aims()

    def _read_people(self) -> None:
        paths = [bureau.path for bureau in self.bureaus]
        above = {path[:end] for path in paths for end in range(len(path), 0, -1)}
        rows = Assignment.objects.in_force().filter(below("unit__path", paths) | Q(unit__path__in=above))
        rows = rows.filter(role__in=[Role.REPORTER, *REVIEWER.values()], user__is_active=True)
        self.held = [_Held(*row) for row in rows.values_list("role", "user_id", "unit__path", "unit__code")]
        self.reporting = frozenset(row.code for row in self.held if row.role == Role.REPORTER)
        authors = PlanVersion.authors.through._default_manager.filter(planversion__in=self.versions)
        self.authors: dict[int, set[int]] = defaultdict(set)
        for version, user in authors.values_list("planversion_id", "user_id"):
            self.authors[version].add(user)

    def _read_members(self) -> None:
        codes = {row.member for content in self.contents.values() for m in content.measures for row in m.members}
        rows = Member.objects.filter(bureau__in=self.bureaus, code__in=codes).select_related("unit")
        self.members: dict[int, dict[tuple[str, str], Member]] = defaultdict(dict)
        for row in rows:
            self.members[row.bureau_id][row.dimension, row.code] = row

    def _read_offices(self) -> None:
        """Read the names of the units that may be asked."""
        measures = [measure for content in self.contents.values() for measure in content.measures]
        codes = {row.reporting_unit for measure in measures for row in measure.members} | {m.division for m in measures}
        units = [*Unit.objects.filter(code__in=codes), *self.bureaus]
        units += [row.unit for rows in self.members.values() for row in rows.values() if row.unit]
        self.offices = {unit.code: str(unit) for unit in units}

    def _read_results(self) -> None:
        years = [version.plan.year for version in self.versions]
        rows = Result.objects.filter(measure__bureau__in=self.bureaus, measure__code__in=self.codes)
        rows = rows.filter(year__gte=min(years, default=0) - YEARS_READ, year__lt=max(years, default=0))
        self.results: dict[int, dict[tuple[str, int, str], Decimal]] = defaultdict(dict)
        columns = ("measure__bureau", "measure__code", "year", "member__code", "value")
        for bureau, measure, year, member, value in rows.values_list(*columns):
            self.results[bureau][measure, year, member or ""] = value

    def _read_aims(self) -> None:
        """Read the targets that counted in earlier years, of the indicators that the approved versions name."""
        years = [version.plan.year for version in self.versions]
        named = Prefetch("named", TargetMember.objects.select_related("member"))
        rows = Target.objects.settled().filter(
            span=Span.YEAR,
            indicator__measure__bureau__in=self.bureaus,
            indicator__measure__code__in=self.codes,
            indicator__plan__year__gte=min(years, default=0) - YEARS_COMPARED,
            indicator__plan__year__lt=max(years, default=0),
            indicator__terms__version=F("indicator__plan__approved"),
        )
        rows = rows.select_related("indicator__measure", "indicator__plan").prefetch_related(named, "planned")
        latest = {row.indicator_id: row for row in rows.order_by("number")}
        self.aims: dict[int, dict[tuple[str, int], tuple[TargetContent, ...]]] = defaultdict(dict)
        for row in latest.values():
            measure, year = row.indicator.measure, row.indicator.plan.year
            found = self.aims[measure.bureau_id].get((measure.code, year), ())
            self.aims[measure.bureau_id][measure.code, year] = (*found, target_content(row))

    def checked(self, version: PlanVersion) -> Checked:
        """Put together what is known about one version."""
        bureau = version.plan.project.bureau_id
        return Checked(
            version=version,
            content=self.contents[version.pk],
            scheme=Scheme.from_data(version.scheme.content) if version.scheme else None,
            budget=self._budget(version),
            unattended=tuple(stage for stage in NEVER_PASSED_OVER if not self._is_attended(version, stage)),
            offices=self.offices,
            reporting=self.reporting,
            members=self.members[bureau],
            results=self.results[bureau],
            aims=self.aims[bureau],
        )

    def _budget(self, version: PlanVersion) -> Decimal | None:
        """Return the money with what an open version brings; an approved one's is among the settled lines."""
        settled = self.budgets.get(version.plan_id)
        lines = () if version.state == VersionState.APPROVED else self.contents[version.pk].budget
        if settled is None and not lines:
            return None
        return (settled or Decimal(0)) + sum((line.amount for line in lines), Decimal(0))

    def _is_attended(self, version: PlanVersion, stage: VersionState) -> bool:
        """Tell whether somebody could pass a stage: as `people.reviewers` answers, for many versions at once."""
        project = version.plan.project
        unit = project.division if stage == VersionState.DIVISION_REVIEW else project.bureau
        if unit is None:
            return False
        return any(
            row.role == REVIEWER[stage] and unit.path.startswith(row.path) and row.user not in self.authors[version.pk]
            for row in self.held
        )
