"""What a plan's pieces point to: the bureau's members, units and reporters, and measures that other plans use."""

from collections import defaultdict
from collections.abc import Collection
from functools import cached_property

from apps.accounts.enums import Role
from apps.accounts.models import Assignment, Unit
from apps.plans.enums import (
    VersionState,
)
from apps.plans.models import IndicatorTerms, Measure, Member, Plan


class Places:
    """A bureau's members, units and reporters, each read once when it is first asked for."""

    def __init__(self, bureau: Unit) -> None:
        self.bureau = bureau

    @cached_property
    def members(self) -> list[Member]:
        """Return all members of all dimensions. One query."""
        rows = Member.objects.filter(bureau=self.bureau).select_related("unit")
        return list(rows.order_by("dimension", "position", "code"))

    def of(self, dimension: str) -> list[Member]:
        """Return the members of a dimension in their order."""
        return [row for row in self.members if row.dimension == dimension]

    def names(self, dimension: str) -> dict[str, str]:
        """Return the names of a dimension's members by code."""
        return {row.code: str(row) for row in self.of(dimension)}

    @cached_property
    def units(self) -> list[Unit]:
        """Return the bureau and every unit below it, in the order of the tree. One query."""
        return list(Unit.objects.filter(path__startswith=self.bureau.path).order_by("path"))

    @cached_property
    def reporters(self) -> dict[int, list[str]]:
        """Return the names of those who report, by unit. One query."""
        rows = Assignment.objects.in_force().filter(
            role=Role.REPORTER, unit__path__startswith=self.bureau.path, user__is_active=True
        )
        found: dict[int, list[str]] = defaultdict(list)
        for row in rows.select_related("user").order_by("user__name", "pk"):
            found[row.unit_id].append(str(row.user))
        return found

    def unit(self, code: str) -> Unit | None:
        """Return a unit of the bureau by code."""
        return next((row for row in self.units if row.code == code), None)


def used_measures(codes: Collection[str], bureau: Unit) -> dict[str, str]:
    """Return which measures an approved plan uses, each with that plan's name. One query."""
    rows = IndicatorTerms.objects.filter(
        version__state=VersionState.APPROVED, indicator__measure__bureau=bureau, indicator__measure__code__in=codes
    )
    columns = ("indicator__measure__code", "version__plan__project__name", "version__plan__year")
    return {code: f"{name} {year}" for code, name, year in rows.order_by("pk").values_list(*columns)}


def free_measure_code(plan: Plan) -> str:
    """Return a code for a measure that is made for a plan, which no measure of the bureau has: p07-2016-3. One query."""
    stem = f"{plan.project.number}-{plan.year}-".lower()
    taken = set(
        Measure.objects.filter(bureau=plan.project.bureau_id, code__startswith=stem).values_list("code", flat=True)
    )
    number = len(taken) + 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def is_approved(plan: Plan, code: str) -> bool:
    """Tell whether an approved version of a plan has an indicator of that code: its measure and code stay. One query."""
    rows = IndicatorTerms.objects.filter(version__plan=plan, version__state=VersionState.APPROVED)
    return rows.filter(indicator__code=code).exists()
