"""Does a filled self-assessment follow its own rules? Every line that does not, with the reason.

The form of 财预〔2020〕10号 is taken as it was published: cells as text, some of them empty, some of them wrong. What
cannot be checked is not accused; a person's judgement stays a judgement as long as it says why points were lost.
"""

from apps.calculation.audit.assessment import Assessment, AssessmentUnreadable, BudgetRow, Line
from apps.calculation.audit.audit import Audit, audit
from apps.calculation.audit.findings import BUDGET, TOTAL, Finding, FindingKind

__all__ = [
    "BUDGET",
    "TOTAL",
    "Assessment",
    "AssessmentUnreadable",
    "Audit",
    "BudgetRow",
    "Finding",
    "FindingKind",
    "Line",
    "audit",
]
