"""Answers about figures: series, standings, grids and what the pages show of them."""

from apps.progress.queries.cases import Case, cases
from apps.progress.queries.cells import GridCell, grid_cells, queue_groups
from apps.progress.queries.drifts import Drift, drifts
from apps.progress.queries.executions import Execution, executions
from apps.progress.queries.grids import OpenGrid, RoundTotal, TargetLine, open_grids, round_total, target_lines
from apps.progress.queries.members import MemberFigure, Point, member_figures, trend
from apps.progress.queries.series import Series, series_of
from apps.progress.queries.standings import computed_standings, current_standings

__all__ = [
    "Case",
    "Drift",
    "Execution",
    "GridCell",
    "MemberFigure",
    "OpenGrid",
    "Point",
    "RoundTotal",
    "Series",
    "TargetLine",
    "cases",
    "computed_standings",
    "current_standings",
    "drifts",
    "executions",
    "grid_cells",
    "member_figures",
    "open_grids",
    "queue_groups",
    "round_total",
    "series_of",
    "target_lines",
    "trend",
]
