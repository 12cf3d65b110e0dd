"""A plan's year as points: every line with the sentence that explains it."""

from apps.assessments.queries.scorecards import Line, Scorecard, scorecard

__all__ = ["Line", "Scorecard", "scorecard"]
