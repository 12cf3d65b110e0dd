"""Official forms, laid out as they are printed."""

from apps.documents.layouts.assessments import assessment_workbook
from apps.documents.layouts.plans import plan_workbook

__all__ = ["assessment_workbook", "plan_workbook"]
