"""What the official forms are filled from, and how far imports are."""

from apps.documents.queries.printouts import (
    CARRIED_OVER,
    FISCAL,
    FISCAL_SOURCES,
    OTHER,
    AssessmentForm,
    DeclarationForm,
    MoneyRow,
    PlanForm,
    assessment_form,
    declaration_form,
    plan_form,
)

__all__ = [
    "CARRIED_OVER",
    "FISCAL",
    "FISCAL_SOURCES",
    "OTHER",
    "AssessmentForm",
    "DeclarationForm",
    "MoneyRow",
    "PlanForm",
    "assessment_form",
    "declaration_form",
    "plan_form",
]
