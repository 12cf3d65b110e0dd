"""目标体检: what a careful reader would ask of a plan before it is approved, each with its rule and the place to mend it."""

from apps.plans.queries.checks.findings import CheckFinding
from apps.plans.queries.checks.panels import CheckPanel, CheckRow, check_panel, check_rows, versions_under_check
from apps.plans.queries.checks.plans import check_plan, check_plans

__all__ = [
    "CheckFinding",
    "CheckPanel",
    "CheckRow",
    "check_panel",
    "check_plan",
    "check_plans",
    "check_rows",
    "versions_under_check",
]
