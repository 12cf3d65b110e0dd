"""Fixing a target by the document that decides it."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.accounts.enums import Role
from apps.journal.models import Event
from apps.plans.actions import decisions
from apps.plans.actions.decisions import Decision, decide_target
from apps.plans.actions.drafts import edit, open_adjustment
from apps.plans.enums import Basis, Operator, Origin, ScopeRule, TargetStatus
from apps.plans.enums import Path as Way
from apps.plans.models import PlannedFigure, Target
from apps.plans.queries import target_in_force
from apps.progress.queries import current_standings
from tests.factories import GoalTermsFactory, IndicatorFactory, IndicatorTermsFactory, MoneyFactory, TargetFactory
from tests.plans.approving import raise_first
from tests.progress.world import NOW, TODAY, make_world

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def world():
    return make_world(status=TargetStatus.PROVISIONAL, value=Decimal(85))


def decide(world, **more):
    wanted = {
        "indicator": world.indicator,
        "decision": Decision(value=Decimal(82)),
        "document": "穗府办〔2016〕5号",
        "decided_by": "市政府办公厅",
        "effective_on": TODAY,
        "person": world.people[Role.OFFICER],
        "at": NOW,
    }
    return decide_target(**wanted | more)


def test_a_provisional_target_is_fixed_without_an_adjustment(world):
    target = decide(world)

    assert (target.number, target.status, target.value, target.version, target.origin) == (
        2,
        TargetStatus.FINAL,
        82,
        None,
        Origin.DECISION,
    )
    assert (target.operator, target.path, target.entered_by) == (
        Operator.AT_LEAST,
        Way.KEEP_AT,
        world.people[Role.OFFICER],
    )
    assert target_in_force([world.indicator], TODAY)[world.indicator.pk] == target
    assert target_in_force([world.indicator], date(2016, 9, 5))[world.indicator.pk].value == 85
    assert not world.version.plan.versions.open().exists()
    event = Event.objects.get(verb="decide_target")
    assert (event.before["value"], event.after["value"], event.reason) == ("85.0000", "82", "穗府办〔2016〕5号")


def test_the_standing_follows_by_itself(world):
    world.count([(812, 1000), (82, 100), (83, 100)])
    before = current_standings([world.version.plan], TODAY)[world.indicator.pk]

    decide(world, decision=Decision(value=Decimal(81)))

    after = current_standings([world.version.plan], TODAY)[world.indicator.pk]
    assert (before.target_value, after.target_value, before.status == after.status) == (85, 81, False)


@pytest.mark.parametrize("role", [Role.REPORTER, Role.HEAD, Role.LEADER, Role.FINANCE])
def test_only_an_officer_decides(world, role):
    with pytest.raises(decisions.NotYourDecision):
        decide(world, person=world.people[role])


def test_a_final_target_is_no_matter_of_a_decision(world):
    decide(world)

    with pytest.raises(decisions.NothingToDecide, match="申请调整"):
        decide(world, decision=Decision(value=Decimal(70)))
    assert Target.objects.filter(indicator=world.indicator).count() == 2


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"document": "  "}, "审定文件"),
        ({"decision": Decision()}, None),
    ],
)
def test_a_decision_needs_its_document_and_confirms_the_number_that_stands(world, more, sentence):
    if sentence is None:
        assert decide(world, **more).value == 85
    else:
        with pytest.raises(decisions.DecisionIncomplete, match=sentence):
            decide(world, **more)


def test_a_pending_target_needs_its_number():
    world = make_world(status=TargetStatus.PENDING, value=None)

    with pytest.raises(decisions.DecisionIncomplete, match="指标值"):
        decide(world, decision=Decision())
    assert decide(world).value == 82


def test_a_list_that_was_open_is_named():
    world = make_world(status=TargetStatus.PENDING, value=Decimal(90), scope=ScopeRule.ALL)

    with pytest.raises(decisions.DecisionIncomplete, match="名单"):
        decide(world, decision=Decision())
    target = decide(world, decision=Decision(members=world.members[:2]))

    assert (target.value, [row.member for row in target.named.order_by("member__position")]) == (90, world.members[:2])


def test_a_basis_goes_on_unless_a_number_replaces_it(world):
    TargetFactory(
        indicator=world.indicator,
        number=2,
        basis=Basis.LAST_YEAR,
        value=None,
        factor=2,
        status=TargetStatus.PROVISIONAL,
    )

    target = decide(world, decision=Decision())

    assert (target.basis, target.factor, target.value) == (Basis.LAST_YEAR, 2, None)


def test_a_plan_by_periods_goes_along(world):
    before = Target.objects.get(indicator=world.indicator)
    PlannedFigure.objects.create(target=before, ends_on=date(2016, 6, 30), value=70)

    assert [row.value for row in decide(world).planned.all()] == [70]


def test_a_target_that_is_being_adjusted_waits(world):
    GoalTermsFactory(version=world.version, goal=world.indicator.terms.get().goal)
    version = open_adjustment(
        plan=world.version.plan, reason="任务量增加", document="文", person=world.people[Role.OFFICER], at=NOW
    )
    edit(version=version, person=world.people[Role.OFFICER], at=NOW, label="改", change=raise_first)

    with pytest.raises(decisions.BeingAdjusted, match="v2"):
        decide(world)


def test_the_page_asks_for_what_is_open_and_writes_it_down(world, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(world.people[Role.OFFICER])
    path = reverse("plans:decide", args=[world.indicator.pk])
    assert (
        reverse("plans:decide", args=[world.indicator.pk])
        in client.get(reverse("dashboards:indicator", args=[world.indicator.pk])).content.decode()
    )

    page = client.get(path).content.decode()
    assert 'name="value"' in page
    assert 'name="members"' not in page
    typed = {"value": "82", "document": "穗府办〔2016〕5号", "decided_by": "市政府", "effective_on": "2016-09-06"}
    wrong = client.post(path, typed | {"value": "八十二"})
    assert (wrong.status_code, "八十二" in wrong.content.decode()) == (422, True)
    done = client.post(path, typed | {"file": SimpleUploadedFile("文.pdf", PAPER)})

    target = Target.objects.get(indicator=world.indicator, number=2)
    assert done.headers["Location"] == reverse("dashboards:indicator", args=[world.indicator.pk])
    assert (target.value, target.document, target.file.content_type) == (82, "穗府办〔2016〕5号", "application/pdf")


def test_money_is_typed_in_wan(world, client):
    indicator = IndicatorFactory(plan=world.version.plan, measure=MoneyFactory(bureau=world.bureau))
    IndicatorTermsFactory(version=world.version, indicator=indicator)
    TargetFactory(indicator=indicator, status=TargetStatus.PENDING, value=None)
    client.force_login(world.people[Role.OFFICER])

    client.post(
        reverse("plans:decide", args=[indicator.pk]),
        {"value": "12.5", "document": "文", "decided_by": "市政府", "effective_on": "2016-09-06"},
    )

    assert indicator.targets.get(number=2).value == 125_000
