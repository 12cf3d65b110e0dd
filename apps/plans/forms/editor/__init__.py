"""What people type into the editor of a plan, as pieces of its content; a module per kind of piece."""

from apps.plans.forms.editor.baselines import BaselineForm
from apps.plans.forms.editor.heads import BudgetLineForm, DirectionForm, GoalForm, HeadForm
from apps.plans.forms.editor.indicators import IndicatorForms
from apps.plans.forms.editor.measures import MeasureForm

__all__ = [
    "BaselineForm",
    "BudgetLineForm",
    "DirectionForm",
    "GoalForm",
    "HeadForm",
    "IndicatorForms",
    "MeasureForm",
]
