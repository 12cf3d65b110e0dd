"""Paths of the pages on which plans are made."""

from django.urls import path

from apps.plans.views import approval, checks, editor, lists, members, projects, roll_over

app_name = "plans"
urlpatterns = [
    path("", lists.index, name="index"),
    path("indicators/", lists.indicators, name="indicators"),
    path("new/", projects.start, name="start"),
    path("projects/<int:project_id>/", projects.project, name="project"),
    path("members/", members.members, name="members"),
    path("members/new/<slug:dimension>/", members.member_new, name="member_new"),
    path("members/<int:member_id>/", members.member, name="member"),
    path("members/measures/<int:measure_id>/", members.measure, name="measure"),
    path("members/memberships/<int:membership_id>/", members.membership, name="membership"),
    path("members/seasons/new/", members.season_new, name="season_new"),
    path("members/seasons/<int:season_id>/", members.season, name="season"),
    path("roll-over/", roll_over.roll_over, name="roll_over"),
    path("checks/", checks.check_list, name="check_list"),
    path("<int:plan_id>/", editor.editor, name="editor"),
    path("<int:plan_id>/pieces/<str:part>/<path:name>/", editor.piece, name="piece"),
    path("<int:plan_id>/deeds/<str:deed>/<str:part>/<path:name>/", editor.deed, name="deed"),
    path("<int:plan_id>/undo/", editor.take_back, name="undo"),
    path("<int:plan_id>/reading/<path:name>/", editor.reading, name="reading"),
    path("<int:plan_id>/library/", editor.library, name="library"),
    path("<int:plan_id>/baselines/<path:code>/", editor.baseline, name="baseline"),
    path("<int:plan_id>/checks/", checks.checks, name="checks"),
    path("queue/", approval.queue, name="queue"),
    path("versions/<int:version_id>/document/", approval.document, name="document"),
    path("indicators/<int:indicator_id>/decide/", approval.decide, name="decide"),
    path("<int:plan_id>/compare/", approval.compare, name="compare"),
    path("<int:plan_id>/submit/", approval.submit, name="submit"),
    path("<int:plan_id>/pass/", approval.pass_, name="pass"),
    path("<int:plan_id>/return/", approval.return_, name="return"),
    path("<int:plan_id>/recall/", approval.recall, name="recall"),
    path("<int:plan_id>/withdraw/", approval.withdraw, name="withdraw"),
    path("<int:plan_id>/adjust/", approval.adjust, name="adjust"),
]
