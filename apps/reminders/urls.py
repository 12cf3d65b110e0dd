"""Paths of reminders."""

from django.urls import path

from apps.reminders import views

app_name = "reminders"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("mails/<int:mail_id>/again/", views.send_again, name="again"),
    path("go/<str:token>/", views.go, name="go"),
]
