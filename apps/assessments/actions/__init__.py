"""What people do on the floor that knows all others: draw up the year's assessment, hand a person's work to a successor."""

from apps.assessments.actions.drawing_up import NotAssessable, NotYourAssessment, draw_up
from apps.assessments.actions.hand_over import HandedOver, HandOverWithoutReason, hand_over

__all__ = ["HandOverWithoutReason", "HandedOver", "NotAssessable", "NotYourAssessment", "draw_up", "hand_over"]
