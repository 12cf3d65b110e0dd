"""Answers about figures: series, standings, grids and what the pages show of them."""

from apps.progress.queries.cases import Case, cases
from apps.progress.queries.cells import GridCell, grid_cells, seen_revisions, typing_cells
from apps.progress.queries.coverage import Coverage, coverage_in, coverages
from apps.progress.queries.drifts import Drift, drifts
from apps.progress.queries.executions import Execution, executions
from apps.progress.queries.grids import (
    OpenGrid,
    RoundTotal,
    TargetLine,
    YearSoFar,
    open_grids,
    pasted_differences,
    round_total,
    target_lines,
    year_so_far,
)
from apps.progress.queries.members import MemberFigure, Point, member_figures, trend
from apps.progress.queries.queues import QueueGroup, ReviewQueue, Waiting, recent_approvals, review_queue
from apps.progress.queries.series import Series, series_of
from apps.progress.queries.standings import computed_standings, current_standings, known_year

__all__ = [
    "Case",
    "Coverage",
    "Drift",
    "Execution",
    "GridCell",
    "MemberFigure",
    "OpenGrid",
    "Point",
    "QueueGroup",
    "ReviewQueue",
    "RoundTotal",
    "Series",
    "TargetLine",
    "Waiting",
    "YearSoFar",
    "cases",
    "computed_standings",
    "coverage_in",
    "coverages",
    "current_standings",
    "drifts",
    "executions",
    "grid_cells",
    "known_year",
    "member_figures",
    "open_grids",
    "pasted_differences",
    "recent_approvals",
    "review_queue",
    "round_total",
    "seen_revisions",
    "series_of",
    "target_lines",
    "trend",
    "typing_cells",
    "year_so_far",
]
