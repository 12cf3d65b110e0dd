"""The shapes of the API: what may be sent, what comes back, and the sentence for what does not fit."""

from apps.api.schemas.aggregations import AggregationItem
from apps.api.schemas.audits import AuditBody, audited
from apps.api.schemas.bodies import TOO_FAR, Body, ReadingsBody, Wrong, answers, sentence_of, spoken
from apps.api.schemas.executions import ExecutionItem
from apps.api.schemas.progress import ProgressItem
from apps.api.schemas.readings import ReadingItem
from apps.api.schemas.scores import ScoreItem

__all__ = [
    "TOO_FAR",
    "AggregationItem",
    "AuditBody",
    "Body",
    "ExecutionItem",
    "ProgressItem",
    "ReadingItem",
    "ReadingsBody",
    "ScoreItem",
    "Wrong",
    "answers",
    "audited",
    "sentence_of",
    "spoken",
]
