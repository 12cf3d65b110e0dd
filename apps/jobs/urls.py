"""Paths of long work."""

from django.urls import path

from apps.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("journal/", views.chains, name="chains"),
    path("journal/verify/", views.verify, name="verify"),
    path("journal/progress/", views.verification, name="verification"),
]
