"""A bureau's published budget: the tables as printed, and what they make one ask."""

from dataclasses import dataclass
from decimal import Decimal

from apps.accounts.models import Unit
from apps.plans.enums import StatementNumber
from apps.plans.models import EconomicLine, FunctionLine, Plan, ProcurementLine, Statement
from apps.plans.queries import Finding, adjusted_budget, budget_findings


@dataclass(frozen=True, slots=True)
class Published:
    """A line of 表六: a project and the money it was given, in 元."""

    plan: Plan
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class BudgetPage:
    """The tables of one bureau and year, each in the order it is printed in."""

    bureau: Unit
    year: int
    statements: list[Statement]
    functions: list[FunctionLine]
    projects: list[Published]
    expenses: list[EconomicLine]
    purchases: list[ProcurementLine]
    findings: list[Finding]


def budget_page(bureau: Unit, year: int) -> BudgetPage:
    """Return the published tables of a bureau's year with the findings. Six queries and those of `budget_findings`."""
    mine = {"bureau": bureau, "year": year}
    return BudgetPage(
        bureau=bureau,
        year=year,
        statements=list(Statement.objects.filter(**mine).order_by("number")),
        functions=list(FunctionLine.objects.filter(**mine).order_by("code", "pk")),
        projects=_projects(bureau, year),
        expenses=list(
            EconomicLine.objects.filter(**mine, statement=StatementNumber.THREE_EXPENSES)
            .select_related("project")
            .order_by("project__number", "item", "-money_year", "pk")
        ),
        purchases=list(
            ProcurementLine.objects.filter(project__bureau=bureau, year=year)
            .select_related("project")
            .order_by("position", "pk")
        ),
        findings=budget_findings(bureau, year),
    )


def _projects(bureau: Unit, year: int) -> list[Published]:
    plans = list(
        Plan.objects.filter(project__bureau=bureau, year=year)
        .select_related("project")
        .order_by("project__number", "pk")
    )
    amounts = adjusted_budget(plans)
    return [Published(plan, amounts.get(plan.pk)) for plan in plans]
