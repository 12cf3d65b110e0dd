"""Paths of rounds, grids and the review queue."""

from django.urls import path

from apps.progress.views import grid, reviews

app_name = "progress"
urlpatterns = [
    path("", grid.rounds, name="rounds"),
    path("queue/", reviews.queue, name="queue"),
    path("queue/review/", reviews.review, name="review"),
    path("<int:round_id>/<int:measure_id>/", grid.grid, name="grid"),
    path("<int:round_id>/<int:measure_id>/cells/<int:entry_id>/", grid.draft, name="draft"),
]
