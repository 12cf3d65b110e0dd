"""Points out of a hundred, each with the sentence that a reviewer with a pocket calculator can follow."""

from apps.calculation.scoring.coverage import score_aggregate
from apps.calculation.scoring.decision import DecisionRefused, decided
from apps.calculation.scoring.execution import ExecutionScore, score_execution
from apps.calculation.scoring.judgement import PercentOutsideBand, score_judgement
from apps.calculation.scoring.ladder import score_satisfaction
from apps.calculation.scoring.levers import (
    Lever,
    execution_lever,
    judgement_lever,
    milestone_lever,
    subset_lever,
    value_lever,
)
from apps.calculation.scoring.milestone import score_milestone
from apps.calculation.scoring.outlook import Prospect, ScoreRange, score_range
from apps.calculation.scoring.results import Score, ScoreStatus
from apps.calculation.scoring.scope import mean_of, score_scope
from apps.calculation.scoring.subset import SubsetImpossible, score_subset
from apps.calculation.scoring.totals import Total, grade, grade_label, summary
from apps.calculation.scoring.value import possible_cut, score_value
from apps.calculation.scoring.ways import Move, Way, Ways, needed_for

__all__ = [
    "DecisionRefused",
    "ExecutionScore",
    "Lever",
    "Move",
    "PercentOutsideBand",
    "Prospect",
    "Score",
    "ScoreRange",
    "ScoreStatus",
    "SubsetImpossible",
    "Total",
    "Way",
    "Ways",
    "decided",
    "execution_lever",
    "grade",
    "grade_label",
    "judgement_lever",
    "mean_of",
    "milestone_lever",
    "needed_for",
    "possible_cut",
    "score_aggregate",
    "score_execution",
    "score_judgement",
    "score_milestone",
    "score_range",
    "score_satisfaction",
    "score_scope",
    "score_subset",
    "score_value",
    "subset_lever",
    "summary",
    "value_lever",
]
