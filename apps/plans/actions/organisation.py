"""Units, staff and members, as published."""

from typing import Any

from apps.accounts.models import Unit
from apps.plans.actions.rows import Rows
from apps.plans.enums import Dimension
from apps.plans.models import Member, Staffing


def ensure_bureau(content: dict[str, Any], rows: Rows) -> Unit:
    """Return the bureau that the file speaks of, made along with the units above it and its head count."""
    for unit in content["units"]:
        _ensure_unit(unit, rows)
    bureau = Unit.objects.get(code=content["bureau"])
    staff = content["staff"]
    rows.ensure(
        Staffing,
        {"bureau": bureau, "year": content["year"]},
        quota=staff["quota"],
        administrative=staff["administrative"],
        service=staff["service"],
    )
    return bureau


def _ensure_unit(content: dict[str, Any], rows: Rows) -> None:
    if Unit.objects.filter(code=content["code"]).exists():
        return
    columns = {name: content[name] for name in ("code", "name", "name_en", "kind")}
    if content["parent"] is None:
        Unit.objects.add_root(columns)
    else:
        Unit.objects.add_child(Unit.objects.get(code=content["parent"]), columns)
    rows.count(Unit, is_new=True)


def ensure_members(content: dict[str, Any], bureau: Unit, rows: Rows) -> dict[str, list[Member]]:
    """Return the bureau's members by dimension, in the order of the file."""
    found: dict[str, list[Member]] = {dimension: [] for dimension in Dimension.values}
    for position, printed in enumerate(content["members"], start=1):
        member = rows.ensure(
            Member,
            {"bureau": bureau, "dimension": printed["dimension"], "code": printed["code"]},
            name=printed["name"],
            name_en=printed["name_en"],
            position=position,
            starts_on=printed.get("starts_on"),
            ends_on=printed.get("ends_on"),
        )
        found[member.dimension].append(member)
    return found
