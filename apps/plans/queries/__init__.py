"""Answers about plans: what they were given, what they aim at now, and what a published budget makes one ask."""

from apps.plans.queries.aims import (
    adjusted_budget,
    as_known,
    calculated_target,
    known_targets,
    target_in_force,
    terms_of,
    weights_short_of,
)
from apps.plans.queries.findings import Finding, budget_findings

__all__ = [
    "Finding",
    "adjusted_budget",
    "as_known",
    "budget_findings",
    "calculated_target",
    "known_targets",
    "target_in_force",
    "terms_of",
    "weights_short_of",
]
