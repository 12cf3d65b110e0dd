"""Paths of rounds, grids and the review queue."""

from django.urls import path

from apps.progress.views import behalf, bulk, evidence, grid, history, reviews, rounds, uploads
from apps.progress.views.monitoring import deeds, lists, pages
from apps.progress.views.monitoring import rounds as monitoring_rounds

app_name = "progress"
urlpatterns = [
    path("", grid.rounds, name="rounds"),
    path("cells/<int:entry_id>/history/", history.history, name="history"),
    path("queue/", reviews.queue, name="queue"),
    path("queue/review/", reviews.review, name="review"),
    path("queue/take-back/", reviews.take_back, name="take_back"),
    path("workbook/", uploads.workbook, name="workbook"),
    path("uploads/", uploads.uploads, name="uploads"),
    path("uploads/<int:upload_id>/", uploads.upload, name="upload"),
    path("uploads/<int:upload_id>/drop/", uploads.upload_drop, name="upload_drop"),
    path("uploads/<int:upload_id>/annotated/", uploads.upload_annotated, name="upload_annotated"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/template.xlsx", bulk.template, name="bulk_template"),
    path("bulk/<int:upload_id>/", bulk.upload, name="bulk_upload"),
    path("bulk/<int:upload_id>/progress/", bulk.progress, name="bulk_progress"),
    path("bulk/<int:upload_id>/confirm/", bulk.confirm, name="bulk_confirm"),
    path("bulk/<int:upload_id>/again/", bulk.again, name="bulk_again"),
    path("bulk/<int:upload_id>/drop/", bulk.drop, name="bulk_drop"),
    path("bulk/<int:upload_id>/<slug:part>/", bulk.download, name="bulk_download"),
    path("office/", rounds.office, name="rounds_office"),
    path("office/new/", rounds.new, name="round_new"),
    path("office/<int:round_id>/", rounds.office_round, name="round_office"),
    path("evidence/", evidence.evidence_list, name="evidence_list"),
    path("evidence/missing/", evidence.evidence_missing, name="evidence_missing"),
    path("evidence/letters/", evidence.letter_list, name="letter_list"),
    path("evidence/entries/<int:entry_id>/", evidence.entry_evidence, name="entry_evidence"),
    path("evidence/<int:evidence_id>/", evidence.evidence_page, name="evidence_page"),
    path("evidence/<int:evidence_id>/file/", evidence.download, name="evidence"),
    path("evidence/<int:evidence_id>/preview/", evidence.preview, name="evidence_preview"),
    path("evidence/<int:evidence_id>/supersede/", evidence.supersede, name="evidence_supersede"),
    path("letters/<int:revision_id>/", behalf.letter, name="letter"),
    path("<int:round_id>/<int:measure_id>/behalf/", behalf.behalf, name="behalf"),
    path("monitoring/", lists.index, name="monitorings"),
    path("monitoring/rounds/", monitoring_rounds.rounds, name="monitoring_rounds"),
    path(
        "monitoring/rounds/<int:monitoring_round_id>/<slug:deed>/",
        monitoring_rounds.round_deed,
        name="monitoring_round_deed",
    ),
    path("monitoring/<int:monitoring_id>/", pages.page, name="monitoring"),
    path("monitoring/<int:monitoring_id>/parts/<slug:place>/", pages.draft, name="monitoring_draft"),
    path("monitoring/<int:monitoring_id>/<slug:deed>/", deeds.deed, name="monitoring_deed"),
    path("<int:round_id>/<int:measure_id>/", grid.grid, name="grid"),
    path("<int:round_id>/<int:measure_id>/cells/", grid.drafts, name="drafts"),
    path("<int:round_id>/<int:measure_id>/cells/<int:entry_id>/", grid.draft, name="draft"),
]
