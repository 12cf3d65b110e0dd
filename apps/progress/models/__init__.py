"""Figures as they were reported, reviewed and corrected, and where they leave each indicator."""

from apps.progress.models.entries import CheckMark, Draft, Entry, Reopening, Review, Revision
from apps.progress.models.evidence import Evidence
from apps.progress.models.rounds import Round
from apps.progress.models.standings import Standing
from apps.progress.models.uploads import FigureUpload

__all__ = [
    "CheckMark",
    "Draft",
    "Entry",
    "Evidence",
    "FigureUpload",
    "Reopening",
    "Review",
    "Revision",
    "Round",
    "Standing",
]
