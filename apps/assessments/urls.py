"""Paths of the year-end assessment."""

from django.urls import path

from apps.assessments import views

app_name = "assessments"
urlpatterns = [
    path("", views.index, name="index"),
    path("effects/<int:version_id>/", views.effect_of, name="effect"),
    path("<int:plan_id>/", views.card, name="scorecard"),
    path("<int:plan_id>/draw-up/", views.draw_up, name="draw_up"),
]
