"""What the reading pages show: rows and ready figures, put side by side."""

from apps.dashboards.queries.boards import Board, Heat, Outlook, board, heat, outlook
from apps.dashboards.queries.budgets import BudgetPage, budget_page
from apps.dashboards.queries.home import (
    DueGroup,
    News,
    Returned,
    Waiting,
    due_groups,
    news,
    plans_returned,
    plans_waiting,
    returned,
    waiting,
)
from apps.dashboards.queries.indicators import (
    FigurePage,
    IndicatorPage,
    MemberPage,
    figure_page,
    indicator_page,
    member_page,
)
from apps.dashboards.queries.projects import (
    GoalBlock,
    IndicatorLine,
    ProjectPage,
    ProjectRow,
    StatusCount,
    project_page,
    project_rows,
    status_counts,
)

__all__ = [
    "Board",
    "BudgetPage",
    "DueGroup",
    "FigurePage",
    "GoalBlock",
    "Heat",
    "IndicatorLine",
    "IndicatorPage",
    "MemberPage",
    "News",
    "Outlook",
    "ProjectPage",
    "ProjectRow",
    "Returned",
    "StatusCount",
    "Waiting",
    "board",
    "budget_page",
    "due_groups",
    "figure_page",
    "heat",
    "indicator_page",
    "member_page",
    "news",
    "outlook",
    "plans_returned",
    "plans_waiting",
    "project_page",
    "project_rows",
    "returned",
    "status_counts",
    "waiting",
]
