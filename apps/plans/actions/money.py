"""The tables of a published budget, turned from 万元 into 元."""

from typing import Any

from apps.accounts.models import Unit
from apps.plans.actions.rows import Rows, printed_number, yuan
from apps.plans.enums import StatementNumber
from apps.plans.models import EconomicLine, FunctionLine, ProcurementLine, Project, Statement

FUNCTION_AMOUNTS = (
    "last_initial",
    "last_adjusted",
    "last_executed",
    "wages",
    "goods_services",
    "subsidies",
    "recurring",
    "one_off",
)


def ensure_projects(content: dict[str, Any], bureau: Unit, rows: Rows) -> dict[str, Project]:
    """Return the projects of 表六 by number."""
    found = {}
    for printed in content["projects"]:
        columns = {name: printed[name] for name in ("function_code", "nature", "name", "name_en", "description")}
        found[printed["number"]] = rows.ensure(Project, {"bureau": bureau, "number": printed["number"]}, **columns)
    return found


def ensure_budget(content: dict[str, Any], bureau: Unit, year: int, projects: dict[str, Project], rows: Rows) -> None:
    """Make the statements of a budget and the lines of 表四, 表五, 表九 and 表十."""
    _ensure_statements(content, bureau, year, rows)
    _ensure_function_lines(content["general"], bureau, year, rows)
    _ensure_goods_and_services(content["goods_and_services"], bureau, year, rows)
    _ensure_three_expenses(content["three_expenses"], bureau, year, projects, rows)
    _ensure_procurement(content["procurement"], year, projects, rows)


def _ensure_statements(content: dict[str, Any], bureau: Unit, year: int, rows: Rows) -> None:
    for printed in content["statements"]:
        rows.ensure(
            Statement,
            {"bureau": bureau, "year": year, "number": printed["number"]},
            printed_total=yuan(printed["printed_total"]),
            part=printed["part"],
            place=content["parts_in_print"].index(printed["part"]) + 1,
            pages=printed["pages"],
        )


def _ensure_function_lines(content: dict[str, Any], bureau: Unit, year: int, rows: Rows) -> None:
    for values in content["lines"]:
        printed = dict(zip(content["columns"], values, strict=True))
        rows.ensure(
            FunctionLine,
            {"bureau": bureau, "year": year, "code": printed["code"]},
            name=printed["name"],
            printed_rate=printed_number(printed["printed_rate"]),
            **{name: yuan(printed[name]) for name in FUNCTION_AMOUNTS},
        )


def _ensure_goods_and_services(content: dict[str, Any], bureau: Unit, year: int, rows: Rows) -> None:
    for item, amount in content["items"].items():
        key = {"bureau": bureau, "year": year, "statement": StatementNumber.GOODS_AND_SERVICES, "money_year": year}
        rows.ensure(EconomicLine, {**key, "project": None, "item": item}, amount=yuan(amount))


def _ensure_three_expenses(
    content: dict[str, Any], bureau: Unit, year: int, projects: dict[str, Project], rows: Rows
) -> None:
    for line in content["lines"]:
        project = projects[line["project"]] if line["project"] else None
        for money_year in (year - 1, year):
            for item, amount in zip(content["columns"], line[str(money_year)], strict=True):
                if amount is not None:
                    key = {"bureau": bureau, "year": year, "statement": StatementNumber.THREE_EXPENSES}
                    rows.ensure(
                        EconomicLine,
                        {**key, "money_year": money_year, "project": project, "item": item},
                        amount=yuan(amount),
                    )


def _ensure_procurement(content: dict[str, Any], year: int, projects: dict[str, Project], rows: Rows) -> None:
    for position, values in enumerate(content["lines"], start=1):
        printed = dict(zip(content["columns"], values, strict=True))
        rows.ensure(
            ProcurementLine,
            {"project": projects[printed["project"]], "year": year, "position": position},
            name=printed["name"],
            quantity=printed_number(printed["quantity"]),
            unit_name=printed["unit_name"],
            amount=yuan(printed["amount"]),
        )
