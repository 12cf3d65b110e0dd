"""What a bureau has already when a file is read: projects by number and name, plans and what they say, schemes and members."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from django.db.models import Count, QuerySet, Sum

from apps.accounts.enums import UnitKind
from apps.accounts.models import Unit
from apps.plans.enums import BudgetKind, Dimension, VersionState
from apps.plans.models import BudgetLine, Member, Plan, PlanVersion, Project, Scheme
from apps.plans.queries.contents import SCHEME_VERSION, PlanContent, contents_of, to_json

OWN_MEMBER: Final = "unit"
FISCAL_MEMBER: Final = "general"
OTHER_MEMBER: Final = "other"
WITH_SATISFACTION: Final = "national-2020"
WITHOUT_SATISFACTION: Final = "national-2020-without-satisfaction"


@dataclass(frozen=True, slots=True)
class Names:
    """The words by which a new plan speaks of what is there: members by code, schemes as `code@number`, empty where none is."""

    own_member: str = OWN_MEMBER
    fiscal_member: str = FISCAL_MEMBER
    other_member: str = OTHER_MEMBER
    scheme: str = ""
    scheme_without_satisfaction: str = ""
    function_code: str = ""


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """A plan that is there: the version a file is held against and what it says.

    `initial` and `total` are the plan's money in 元 beside what an open draft brings, None without a line. The version is
    the open one, else the approved one; None for a plan that says nothing yet.
    """

    plan: Plan
    version: PlanVersion | None
    content: PlanContent | None
    initial: Decimal | None = None
    total: Decimal | None = None

    @property
    def is_approved(self) -> bool:
        """Tell whether a change of it is an adjustment."""
        return self.version is not None and self.version.state == VersionState.APPROVED


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A bureau as a file finds it; several projects may have one name."""

    bureau: Unit
    names: Names
    by_number: dict[str, Project]
    by_name: dict[str, list[Project]]
    divisions: dict[str, Unit]

    def projects_of(self, number: str | None, name: str) -> list[Project]:
        """Return the projects that a number names, or a name where no number is given."""
        if number:
            return [self.by_number[number]] if number in self.by_number else []
        return self.by_name.get(without_space(name), [])

    def free_numbers(self, taken: Collection[str] = ()) -> Iterable[str]:
        """Yield numbers that no project has: P13, P14, … after the highest of that form."""
        used = {*self.by_number, *taken}
        width = max((len(number) for number in used if _is_counted(number)), default=3) - 1
        at = max((int(number[1:]) for number in used if _is_counted(number)), default=0)
        while True:
            at += 1
            yield f"P{at:0{width}}"


def _is_counted(number: str) -> bool:
    return number[:1] == "P" and number[1:].isascii() and number[1:].isdigit()


def without_space(text: str) -> str:
    """Return a name as names are compared: without white space."""
    return "".join(text.split())


def surroundings_of(bureau: Unit) -> Surroundings:
    """Return what a bureau has. Five queries."""
    projects = list(Project.objects.filter(bureau=bureau).select_related("bureau", "division").order_by("pk"))
    by_name: dict[str, list[Project]] = defaultdict(list)
    for project in projects:
        by_name[without_space(project.name)].append(project)
    return Surroundings(
        bureau=bureau,
        names=_names(bureau),
        by_number={project.number: project for project in projects},
        by_name=dict(by_name),
        divisions={without_space(unit.name): unit for unit in divisions_of(bureau)},
    )


def divisions_of(bureau: Unit) -> QuerySet[Unit]:
    """Return the units of a bureau that may answer for a project."""
    return Unit.objects.filter(path__startswith=bureau.path, kind=UnitKind.DIVISION).order_by("path")


def _names(bureau: Unit) -> Names:
    members = Member.objects.filter(bureau=bureau, dimension=Dimension.UNIT, ends_on=None).order_by("position", "pk")
    schemes = dict(Scheme.objects.order_by("number").values_list("code", "number"))
    codes = Project.objects.filter(bureau=bureau).exclude(function_code="").order_by()
    usual = codes.values_list("function_code").annotate(times=Count("pk")).order_by("-times", "function_code").first()
    return Names(
        own_member=members.values_list("code", flat=True).first() or OWN_MEMBER,
        scheme=_reference(schemes, WITH_SATISFACTION),
        scheme_without_satisfaction=_reference(schemes, WITHOUT_SATISFACTION),
        function_code=usual[0] if usual else "",
    )


def _reference(schemes: dict[str, int], code: str) -> str:
    return f"{code}{SCHEME_VERSION}{schemes[code]}" if code in schemes else ""


def known_plans(projects: Collection[Project]) -> dict[int, dict[int, KnownPlan]]:
    """Return the plans of projects by project and year, with what each says now. Seventeen queries, none for no project."""
    if not projects:
        return {}
    plans = {plan.pk: plan for plan in Plan.objects.filter(project__in=projects).select_related("approved")}
    open_ = {version.plan_id: version for version in PlanVersion.objects.open().filter(plan__in=plans)}
    versions = {pk: open_.get(pk) or plan.approved for pk, plan in plans.items()}
    contents = contents_of([version for version in versions.values() if version is not None])
    money = _money(plans)
    found: dict[int, dict[int, KnownPlan]] = defaultdict(dict)
    for pk, plan in plans.items():
        version = versions[pk]
        content = contents[version.pk] if version else None
        found[plan.project_id][plan.year] = KnownPlan(plan, version, _base(version, content), *money.get(pk, ()))
    return found


def _base(version: PlanVersion | None, content: PlanContent | None) -> PlanContent | None:
    """Return what a file is held against: an adjustment of an approved plan begins without money of its own."""
    if version is None or content is None or version.state != VersionState.APPROVED:
        return content
    return replace(content, budget=())


def _money(plans: Collection[int]) -> dict[int, tuple[Decimal | None, Decimal | None]]:
    """Return the settled money of plans: initial, and all of it. One query."""
    rows = BudgetLine.objects.settled().filter(plan__in=plans).order_by().values_list("plan", "kind")
    initial: dict[int, Decimal] = {}
    total: dict[int, Decimal] = {}
    for plan, kind, amount in rows.annotate(amount=Sum("amount")):
        total[plan] = total.get(plan, Decimal(0)) + amount
        if kind == BudgetKind.INITIAL:
            initial[plan] = initial.get(plan, Decimal(0)) + amount
    return {plan: (initial.get(plan), amount) for plan, amount in total.items()}


def digest_of(content: PlanContent | None) -> str:
    """Return the hash of what a plan says, by which a preview notices that it says something else by now."""
    if content is None:
        return ""
    text = json.dumps(to_json(content), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
