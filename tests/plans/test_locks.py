"""An approved plan is changed by no door: page, admin, bulk, action, interface or the table itself."""

import json
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from apps.plans.actions import approval
from apps.plans.actions.drafts import DraftRefused, edit, open_plan, undo
from apps.plans.models import (
    BudgetLine,
    Definition,
    Direction,
    Explanation,
    GoalTerms,
    IndicatorTerms,
    Plan,
    PlanVersion,
    Target,
)
from apps.plans.queries.approval import last_step
from apps.plans.queries.contents import content_of
from tests.accounts.doors import names
from tests.plans.approving import make_desk, raise_first, sound_content
from tests.progress.world import NOW, TODAY

pytestmark = pytest.mark.django_db
# Pages of plans that write nothing a version says: asking for a new version, naming members, projects, another year.
ELSEWHERE = {
    "plans:adjust",
    "plans:decide",
    "plans:member",
    "plans:member_new",
    "plans:members",
    "plans:membership",
    "plans:measure",
    "plans:project",
    "plans:roll_over",
    "plans:season",
    "plans:season_new",
    "plans:start",
}
WORDS = {
    "part": "indicators",
    "name": "1-1",
    "deed": "remove",
    "code": "cards-1",
    "path": "1-1",
}


@pytest.fixture
def desk():
    return make_desk()


@pytest.fixture
def version(desk):
    return desk.approved()


def everything(version):
    """Return all rows that the approved version consists of, column by column."""
    models = (PlanVersion, Target, Definition, BudgetLine, Direction, GoalTerms, IndicatorTerms, Explanation)
    rows = [list(model._default_manager.order_by("pk").values()) for model in models]
    return rows, Plan.objects.get(pk=version.plan_id).approved_id, content_of(version)


def plan_addresses(version):
    """Return every address of the pages of plans, about this plan, that might change it."""
    words = WORDS | {"plan_id": version.plan_id, "indicator_id": 1, "version_id": version.pk}
    for name in sorted(names() - ELSEWHERE):
        if name.startswith("plans:"):
            ((_path, parts),) = get_resolver("apps.plans.urls").reverse_dict.getlist(name.partition(":")[2])[0][0]
            if set(parts) <= set(words):
                yield reverse(name, args=[words[part] for part in parts])


def test_no_page_changes_it(desk, version, client):
    before = everything(version)
    typed = {
        "seen": str(last_step(version)),
        "reason": "改",
        "name": "改过的名称",
        "text": "改过的目标",
        "weight": "1",
        "value": "1",
        "version": str(version.pk),
        f"seen-{version.pk}": str(last_step(version)),
    }
    answers = {}
    for person, verdict in ((desk.officer, "return"), (desk.leader, "pass")):
        client.force_login(person)
        for address in plan_addresses(version):
            answers[address] = client.post(address, typed | {"verdict": verdict}).status_code

    assert len(answers) >= 8
    assert max(answers.values()) < 500
    assert everything(version) == before


def test_no_action_changes_it(desk, version):
    before = everything(version)
    seen = last_step(version)
    refused = (approval.ApprovalRefused, DraftRefused)

    for deed in (
        lambda: edit(version=version, person=desk.officer, at=NOW, label="改", change=raise_first),
        lambda: undo(version=version, person=desk.officer, at=NOW),
        lambda: open_plan(
            project=desk.project,
            year=2016,
            content=sound_content(desk.world.division.code),
            person=desk.officer,
            at=NOW,
        ),
        lambda: approval.submit_version(version=version, person=desk.officer, at=NOW),
        lambda: approval.withdraw_version(version=version, person=desk.officer, at=NOW),
        lambda: approval.recall_version(version=version, person=desk.reporter, at=NOW),
        lambda: approval.pass_version(version=version, person=desk.leader, seen=seen, today=TODAY, at=NOW),
        lambda: approval.return_version(version=version, person=desk.leader, seen=seen, reason="改", at=NOW),
    ):
        with pytest.raises(refused):
            deed()

    assert everything(version) == before


def test_a_draft_beside_it_leaves_it_alone(desk, version):
    before = content_of(version)
    rows = list(Target.objects.settled().order_by("pk").values())

    second = desk.adjustment()

    assert content_of(second) != before
    assert content_of(version) == before
    assert list(Target.objects.settled().order_by("pk").values()) == rows


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (GoalTerms, {"text": "改"}),
        (IndicatorTerms, {"weight": 1}),
        (Direction, {"amount": 1}),
        (Target, {"value": 1}),
        (Definition, {"text": "改"}),
        (BudgetLine, {"amount": 1}),
        (PlanVersion, {"state": "draft"}),
    ],
)
def test_the_tables_themselves_refuse(version, model, values):
    with pytest.raises(DatabaseError, match="is approved"), transaction.atomic():
        model._default_manager.update(**values)


def test_what_was_settled_without_a_version_is_refused_too(desk):
    target = desk.world.indicator.targets.get()

    with pytest.raises(DatabaseError, match="is approved"), transaction.atomic():
        Target.objects.filter(pk=target.pk).update(effective_on=date(2016, 1, 2))


def test_postgresql_refuses_to_delete_it(version):
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL refuses to delete; SQLite refuses changes")
    with pytest.raises(DatabaseError, match="is approved"), transaction.atomic():
        IndicatorTerms.objects.filter(version=version).delete()


def test_the_admin_knows_no_model_of_plans():
    assert [model for model in admin.site._registry if model._meta.app_label == "plans"] == []
    assert apps.get_app_config("plans").get_models()


def test_the_interface_changes_nothing(desk, version):
    """Every operation there is works on what is sent along; none is about a plan that is kept."""
    from apps.api.actions import issue_token
    from apps.api.urls import v1

    before = everything(version)
    operations = v1.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    assert [path for path in operations if not path.startswith("/api/v1/preview/")] == []
    secret = issue_token(person=desk.officer, at=NOW, ends_at=timezone.now() + timedelta(days=30))
    client = Client(headers={"Authorization": f"Bearer {secret}"})

    answers = [
        client.generic(method.upper(), path, json.dumps({"plan": version.plan_id}), "application/json").status_code
        for path, methods in operations.items()
        for method in methods
    ]

    assert answers
    assert 401 not in answers
    assert everything(version) == before
