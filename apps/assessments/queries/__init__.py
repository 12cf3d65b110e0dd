"""A plan's year as points: every line with the sentence that explains it, and what an adjustment would make of it."""

from apps.assessments.queries.effects import Effect, EffectLine, effect
from apps.assessments.queries.scorecards import Line, Scorecard, proposed_scorecard, scorecard

__all__ = ["Effect", "EffectLine", "Line", "Scorecard", "effect", "proposed_scorecard", "scorecard"]
