"""Official forms, laid out as they are printed."""

from apps.documents.layouts.assessments import assessment_workbook
from apps.documents.layouts.declarations import declaration_workbook
from apps.documents.layouts.monitoring import monitoring_workbook
from apps.documents.layouts.plans import plan_workbook
from apps.documents.layouts.templates import declaration_template, goal_table_template

__all__ = [
    "assessment_workbook",
    "declaration_template",
    "declaration_workbook",
    "goal_table_template",
    "monitoring_workbook",
    "plan_workbook",
]
