"""Paths of the pages that people read: home, board, projects, indicators, budgets."""

from django.urls import path

from apps.dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("", views.home, name="home"),
    path("seen/", views.seen, name="seen"),
    path("dashboard/", views.board, name="board"),
    path("dashboard/<int:year>/heat/", views.heat, name="heat"),
    path("projects/", views.projects, name="projects"),
    path("projects/changes/", views.change_counts, name="change_counts"),
    path("projects/<int:plan_id>/", views.project, name="project"),
    path("projects/<int:plan_id>/changes/", views.changes, name="changes"),
    path("indicators/<int:indicator_id>/", views.indicator, name="indicator"),
    path("indicators/<int:indicator_id>/members/", views.members, name="members"),
    path("indicators/<int:indicator_id>/figures/", views.figures, name="figures"),
    path("budgets/", views.budgets, name="budgets"),
    path("budgets/<int:year>/", views.budget, name="budget"),
]
