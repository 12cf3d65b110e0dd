"""Figures as they were reported, reviewed and corrected, and where they leave each indicator."""

from apps.progress.models.entries import CheckMark, Draft, Entry, Reopening, Review, Revision
from apps.progress.models.evidence import Evidence
from apps.progress.models.monitoring import (
    Monitoring,
    MonitoringDraft,
    MonitoringLine,
    MonitoringMoney,
    MonitoringReport,
    MonitoringRound,
    MonitoringStep,
)
from apps.progress.models.rounds import Round
from apps.progress.models.standings import Standing
from apps.progress.models.uploads import FigureUpload

__all__ = [
    "CheckMark",
    "Draft",
    "Entry",
    "Evidence",
    "FigureUpload",
    "Monitoring",
    "MonitoringDraft",
    "MonitoringLine",
    "MonitoringMoney",
    "MonitoringReport",
    "MonitoringRound",
    "MonitoringStep",
    "Reopening",
    "Review",
    "Revision",
    "Round",
    "Standing",
]
