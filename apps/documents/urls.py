"""Paths of downloads."""

from django.urls import path

from apps.documents import views

app_name = "documents"
urlpatterns = [
    path("plans/<int:plan_id>/assessment.xlsx", views.assessment_workbook, name="assessment_workbook"),
    path("plans/<int:plan_id>/plan.xlsx", views.plan_workbook, name="plan_workbook"),
    path("evidence/<int:evidence_id>/", views.evidence, name="evidence"),
    path("targets/<int:target_id>/", views.target_document, name="target_document"),
]
