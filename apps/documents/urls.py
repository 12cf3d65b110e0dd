"""Paths of downloads, and of what is taken in."""

from django.urls import path

from apps.documents.views import downloads, imports, monitoring

app_name = "documents"
urlpatterns = [
    path("plans/<int:plan_id>/assessment.xlsx", downloads.assessment_workbook, name="assessment_workbook"),
    path("plans/<int:plan_id>/plan.xlsx", downloads.plan_workbook, name="plan_workbook"),
    path("plans/<int:plan_id>/declaration.xlsx", downloads.declaration_workbook, name="declaration_workbook"),
    path("monitoring/<int:monitoring_id>/form.xlsx", monitoring.monitoring_workbook, name="monitoring_workbook"),
    path("templates/<slug:layout>/<int:year>.xlsx", downloads.template, name="template"),
    path("targets/<int:target_id>/", downloads.target_document, name="target_document"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:import_id>/", imports.import_page, name="import"),
    path("imports/<int:import_id>/progress/", imports.progress, name="import_progress"),
    path("imports/<int:import_id>/division/", imports.choose_all, name="import_division"),
    path("imports/<int:import_id>/confirm/", imports.confirm_all, name="import_confirm"),
    path("imports/<int:import_id>/drop/", imports.drop, name="import_drop"),
    path("imports/<int:import_id>/<int:position>/", imports.imported, name="imported"),
    path("imports/<int:import_id>/<int:position>/project/", imports.choose, name="imported_project"),
    path("imports/<int:import_id>/<int:position>/confirm/", imports.confirm, name="imported_confirm"),
    path("imports/<int:import_id>/<int:position>/drop/", imports.drop_one, name="imported_drop"),
    path("imports/<int:import_id>/<int:position>/seen/", imports.confirm_reading, name="imported_seen"),
    path("imports/<int:import_id>/<int:position>/readings/<slug:code>/", imports.reading, name="imported_reading"),
]
