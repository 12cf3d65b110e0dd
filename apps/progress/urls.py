"""Paths of rounds, grids and the review queue."""

from django.urls import path

from apps.progress import views

app_name = "progress"
urlpatterns = [
    path("", views.rounds, name="rounds"),
    path("queue/", views.queue, name="queue"),
    path("queue/review/", views.review, name="review"),
    path("<int:round_id>/<int:measure_id>/", views.grid, name="grid"),
    path("<int:round_id>/<int:measure_id>/cells/<int:entry_id>/", views.draft, name="draft"),
]
