"""Paths of the year-end assessment, and of handing a person's work over."""

from django.urls import path

from apps.assessments.views import hand_over, scorecards

app_name = "assessments"
urlpatterns = [
    path("", scorecards.index, name="index"),
    path("effects/<int:version_id>/", scorecards.effect_of, name="effect"),
    path("hand-over/", hand_over.hand_over, name="hand_over"),
    path("<int:plan_id>/", scorecards.card, name="scorecard"),
    path("<int:plan_id>/draw-up/", scorecards.draw_up, name="draw_up"),
]
