"""Answers about the monitoring of plans (双监控)."""

from apps.progress.queries.monitoring.contents import (
    MonitoringContent,
    monitoring_content,
    report_known_on,
    stored_content,
    version_in_force,
)
from apps.progress.queries.monitoring.lists import MonitoringRow, RoundState, monitoring_rows, round_states
from apps.progress.queries.monitoring.spending import Spending, spendings
from apps.progress.queries.monitoring.ways import (
    STAGES,
    MonitoringWay,
    last_monitoring_step,
    may_fill,
    monitoring_way,
    monitorings_to_fill,
    monitorings_to_review,
    stage_holders,
    stages_of,
)
from apps.progress.queries.monitoring.words import (
    actual_words,
    coverage_words,
    estimate_words,
    likelihood_words,
    year_end_words,
)

__all__ = [
    "STAGES",
    "MonitoringContent",
    "MonitoringRow",
    "MonitoringWay",
    "RoundState",
    "Spending",
    "actual_words",
    "coverage_words",
    "estimate_words",
    "last_monitoring_step",
    "likelihood_words",
    "may_fill",
    "monitoring_content",
    "monitoring_rows",
    "monitoring_way",
    "monitorings_to_fill",
    "monitorings_to_review",
    "report_known_on",
    "round_states",
    "spendings",
    "stage_holders",
    "stages_of",
    "stored_content",
    "version_in_force",
    "year_end_words",
]
