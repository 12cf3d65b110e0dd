"""The plans of a published year: every project's money, and goals, indicators and targets where the source gives them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.accounts.models import Unit
from apps.plans.actions.projects import execution_columns
from apps.plans.actions.rows import Rows, yuan
from apps.plans.enums import (
    BudgetKind,
    EqualMeans,
    Frequency,
    Origin,
    Pairing,
    ScopeRule,
    VersionState,
)
from apps.plans.models import (
    BudgetLine,
    ChecklistItem,
    Definition,
    Direction,
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
    Season,
    Target,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
TARGET_NUMBERS = ("value", "high", "step", "reference_value")
TARGET_WORDS = ("due_on", "reference_year")
SIDE_COLUMNS = ("items", "definition")


@dataclass(frozen=True, slots=True)
class Year:
    """What every part of a published year needs: whose it is, from when it counts, where it is printed, who its members are."""

    bureau: Unit
    year: int
    starts_on: date
    document: str
    members: dict[str, list[Member]]
    rows: Rows
    at: datetime


def ensure_project_plan(
    project: Project, printed: dict[str, Any], funding: Member, words: dict[str, str], y: Year
) -> Plan:
    """Return a project's plan with its initial budget and its execution measure."""
    plan = y.rows.ensure(Plan, {"project": project, "year": y.year})
    y.rows.ensure(
        BudgetLine,
        {"plan": plan, "source": funding, "kind": BudgetKind.INITIAL},
        amount=yuan(printed["amount"]),
        effective_on=y.starts_on,
        document=y.document,
        origin=Origin.PUBLISHED,
    )
    _ensure_execution(project, words, y)
    return plan


def _ensure_execution(project: Project, words: dict[str, str], y: Year) -> None:
    columns = execution_columns(project.number, project.name, project.name_en, words)
    measure = _ensure_measure(columns, None, y)
    if project.execution_id is None:
        project.execution = measure
        project.save(update_fields=["execution"])


def ensure_version(plan: Plan, head: dict[str, Any] | None, scheme: Scheme | None, y: Year) -> PlanVersion:
    """Return the plan's approved first version; `head` is None for a project that the source gives no goals."""
    head = head or {}
    version = y.rows.ensure(
        PlanVersion,
        {"plan": plan, "number": 1},
        state=VersionState.APPROVED,
        attribute=head.get("attribute", ""),
        starts_on=head.get("starts_on", y.starts_on),
        ends_on=head.get("ends_on", date(y.year, 12, 31)),
        scheme=scheme,
        last_year_completion=head.get("last_year_completion", ""),
        document=y.document,
        origin=Origin.PUBLISHED,
        approved_at=datetime.combine(y.starts_on, time(), SHANGHAI),
    )
    if plan.approved_id is None:
        plan.approved = version
        plan.save(update_fields=["approved"])
    return version


def ensure_aims(version: PlanVersion, content: dict[str, Any], y: Year) -> None:
    """Make a plan's measures, goals, indicators, targets and spending directions."""
    season = content["season"]
    season_row = y.rows.ensure(
        Season, {"bureau": y.bureau, "name": season["name"]}, starts_on=season["starts_on"], ends_on=season["ends_on"]
    )
    measures = {printed["code"]: _ensure_measure(printed, season_row, y) for printed in content["measures"]}
    goals = {printed["number"]: _ensure_goal(version, printed, y) for printed in content["goals"]}
    position = 0
    for goal in content["goals"]:
        for printed in goal["indicators"]:
            position += 1
            indicator = y.rows.ensure(
                Indicator,
                {"plan": version.plan, "code": printed["code"]},
                measure=measures[printed["measure"]],
            )
            _ensure_terms(version, indicator, goals[goal["number"]], position, printed, y)
            _ensure_target(indicator, printed["target"], y)
    for printed in content["directions"]:
        _ensure_direction(version, printed, goals, y)


def _ensure_measure(printed: dict[str, Any], season: Season | None, y: Year) -> Measure:
    columns = {name: value for name, value in printed.items() if name not in SIDE_COLUMNS}
    if "factor" in columns:
        columns["factor"] = Decimal(columns["factor"])
    if columns["frequency"] == Frequency.SEASON:
        columns["season"] = season
    measure = y.rows.ensure(Measure, {"bureau": y.bureau, "code": columns.pop("code")}, **columns)
    for member in y.members[measure.dimension]:
        if member.ends_on is None:
            y.rows.ensure(MeasureMember, {"measure": measure, "member": member})
    for number, text in enumerate(printed.get("items", []), start=1):
        y.rows.ensure(ChecklistItem, {"measure": measure, "number": number}, text=text)
    y.rows.ensure(Definition, {"measure": measure, "number": 1}, text=printed["definition"], effective_on=y.starts_on)
    return measure


def _ensure_goal(version: PlanVersion, printed: dict[str, Any], y: Year) -> Goal:
    goal = y.rows.ensure(Goal, {"plan": version.plan, "number": printed["number"]})
    y.rows.ensure(
        GoalTerms,
        {"version": version, "goal": goal},
        text=printed["text"],
        original_text=printed["original_text"],
    )
    return goal


def _ensure_terms(
    version: PlanVersion, indicator: Indicator, goal: Goal, position: int, printed: dict[str, Any], y: Year
) -> None:
    y.rows.ensure(
        IndicatorTerms,
        {"version": version, "indicator": indicator},
        goal=goal,
        position=position,
        name=printed["name"],
        name_en=printed["name_en"],
        original_text=printed["original_text"],
        level1=printed["level1"],
        level2=printed["level2"],
        weight=Decimal(printed["suggested_weight"]),
        has_suggested_weight=True,
        pairing=printed.get("pairing", Pairing.CONFIRMED),
        is_soft=printed.get("is_soft", False),
    )


def _ensure_target(indicator: Indicator, printed: dict[str, Any], y: Year) -> None:
    numbers = {name: Decimal(printed[name]) for name in TARGET_NUMBERS if name in printed}
    words = {name: printed[name] for name in TARGET_WORDS if name in printed}
    basis = {"basis": printed["basis"]} if "basis" in printed else {}
    y.rows.ensure(
        Target,
        {"indicator": indicator, "number": 1},
        operator=printed["operator"],
        equal_means=printed.get("equal_means", EqualMeans.FLOOR),
        scope=printed.get("scope", ScopeRule.TOGETHER),
        path=printed["path"],
        status=printed["status"],
        reason=printed.get("reason", ""),
        effective_on=y.starts_on,
        document=y.document,
        origin=Origin.PUBLISHED,
        entered_at=y.at,
        **numbers,
        **words,
        **basis,
    )


def _ensure_direction(version: PlanVersion, printed: dict[str, Any], goals: dict[int, Goal], y: Year) -> None:
    there = Direction.objects.filter(version=version, number=printed["number"]).exists()
    direction = y.rows.ensure(Direction, {"version": version, "number": printed["number"]}, text=printed["text"])
    if not there:
        direction.goals.set([goals[number] for number in printed["goals"]])
