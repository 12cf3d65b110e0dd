"""Projects and their plans: money, goals, measures, indicators and targets."""

from apps.plans.models.budgets import (
    BudgetLine,
    Direction,
    EconomicLine,
    FunctionLine,
    ProcurementLine,
    Staffing,
    Statement,
)
from apps.plans.models.indicators import GoalTerms, Indicator, IndicatorTerms, PlannedFigure, Target, TargetMember
from apps.plans.models.measures import ChecklistItem, Definition, Measure, MeasureMember, Member, Result, Season
from apps.plans.models.projects import Edit, Explanation, Goal, Plan, PlanVersion, Project, Step
from apps.plans.models.schemes import Scheme

__all__ = [
    "BudgetLine",
    "ChecklistItem",
    "Definition",
    "Direction",
    "EconomicLine",
    "Edit",
    "Explanation",
    "FunctionLine",
    "Goal",
    "GoalTerms",
    "Indicator",
    "IndicatorTerms",
    "Measure",
    "MeasureMember",
    "Member",
    "Plan",
    "PlanVersion",
    "PlannedFigure",
    "ProcurementLine",
    "Project",
    "Result",
    "Scheme",
    "Season",
    "Staffing",
    "Statement",
    "Step",
    "Target",
    "TargetMember",
]
