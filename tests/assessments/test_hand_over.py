"""Handing a person's work to a successor."""

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.actions import NothingHeld, OutsideYourUnits, OwnRights, SuccessorUnfit, new_secret
from apps.accounts.actions import issue_token as issue
from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Assignment, User
from apps.assessments.actions import HandOverWithoutReason, hand_over
from apps.assessments.queries.hand_over import hand_over_preview
from apps.journal.enums import Verb
from apps.journal.models import Event
from apps.plans.enums import StepKind, VersionState
from apps.plans.models import Step
from apps.progress.actions import OwnEntry, close_round, reopen_cell, save_drafts, submit
from apps.progress.models import Draft, Entry, Reopening, Revision
from apps.reminders.queries.obligations import returns
from tests.factories import AssignmentFactory, PlanFactory, PlanVersionFactory, UnitFactory, UserFactory
from tests.prepared import prepared
from tests.progress.world import NOW, TODAY, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return prepared(make_world)


@pytest.fixture
def successor(world):
    return UserFactory(name="接手人", role=Role.HEAD, unit=UnitFactory(parent=world.bureau, kind=UnitKind.DIVISION))


def handed(world, successor, **more):
    words = {
        "person": world.reporter,
        "units": [world.division],
        "reason": "调离本单位。",
        "is_leaving": True,
        "by": world.people[Role.ADMIN],
    }
    return hand_over(successor=successor, **words | more, today=TODAY, at=NOW)


def fresh(person):
    return User.objects.get(pk=person.pk)


def test_roles_go_to_the_successor_and_end_for_the_person(world, successor):
    done = handed(world, successor)

    assert [row.row.unit for row in done.roles.given] == [world.division]
    assert fresh(successor).holds(Role.REPORTER)
    assert fresh(world.reporter).duties == ()
    assert Assignment.objects.get(user=world.reporter).ends_at == NOW
    events = Event.objects.filter(verb=Verb.HAND_OVER)
    assert {event.reason for event in events} == {"调离本单位。"}
    assert {event.actor for event in events} == {world.people[Role.ADMIN]}
    assert sorted(event.subject_type for event in events) == [
        "accounts.assignment",
        "accounts.assignment",
        "accounts.user",
    ]
    total = events.get(subject_type="accounts.user")
    assert total.after == {
        "successor": "接手人",
        "roles": 1,
        "drafts": 0,
        "kept_drafts": 0,
        "reopenings": 0,
        "plans": 0,
        "is_active": False,
    }


def test_a_limited_role_stays_limited_and_a_longer_one_stays_longer(world, successor):
    until = datetime(2100, 1, 1, tzinfo=UTC)
    Assignment.objects.filter(user=world.reporter).update(ends_at=until)
    handed(world, successor)
    assert Assignment.objects.get(user=successor, role=Role.REPORTER).ends_at == until

    other = UserFactory(role=Role.REPORTER, unit=world.division)
    assert handed(world, other, person=successor, is_leaving=False).roles.given == []
    assert Assignment.objects.get(user=other).ends_at is None


def test_a_role_that_the_successor_once_held_is_given_again(world, successor):
    AssignmentFactory(user=successor, unit=world.division, role=Role.REPORTER, ends_at=datetime(2016, 1, 1, tzinfo=UTC))
    handed(world, successor)

    assert Assignment.objects.get(user=successor, unit=world.division).ends_at is None


def test_who_is_gone_cannot_come_in_and_their_tokens_end(world, successor):
    client = Client()
    client.force_login(world.reporter)
    token = issue(person=world.reporter, secret=new_secret(), at=NOW, ends_at=datetime(2100, 1, 1, tzinfo=UTC))
    handed(world, successor)

    assert client.get("/").status_code == 302
    token.row.refresh_from_db()
    assert token.row.ends_at == NOW


def test_who_works_elsewhere_too_keeps_that_and_the_account(world, successor):
    other = UnitFactory(parent=world.bureau, kind=UnitKind.DISTRICT)
    AssignmentFactory(user=world.reporter, unit=other, role=Role.REPORTER)
    handed(world, successor)

    person = fresh(world.reporter)
    assert person.is_active
    assert [duty.unit_id for duty in person.duties] == [other.pk]


def test_drafts_move_and_one_of_the_successors_own_stays(world, successor):
    first, second, third = world.cells()
    for entry in (first, second):
        save_drafts(texts={entry.pk: {"numerator": "9"}}, person=world.reporter, at=NOW)
    for entry in (second, third):
        save_drafts(texts={entry.pk: {"numerator": "7"}}, person=successor, at=NOW)
    done = handed(world, successor)

    assert done.cells.drafts == 1
    assert [draft.entry for draft in done.cells.kept] == [second]
    drafts = Draft.objects.order_by("entry_id", "person_id").values_list("entry_id", "person__name", "fields")
    assert sorted(drafts, key=lambda row: (row[0], row[1])) == sorted(
        [
            (first.pk, "接手人", {"numerator": "9"}),
            (second.pk, "接手人", {"numerator": "7"}),
            (second.pk, str(world.reporter), {"numerator": "9"}),
            (third.pk, "接手人", {"numerator": "7"}),
        ],
        key=lambda row: (row[0], row[1]),
    )


@pytest.mark.parametrize("fields", [{"seen": "1"}, {"numerator": "9.0", "denominator": "10", "note": ""}])
def test_what_was_left_behind_by_a_figure_that_went_in_is_no_draft(world, successor, fields):
    entry = world.cells()[0]
    world.submit([(9, 10)])
    save_drafts(texts={entry.pk: fields}, person=world.reporter, at=NOW)

    assert hand_over_preview(world.reporter, successor, [world.division], TODAY).drafts == 0
    assert handed(world, successor).cells.drafts == 0
    assert Draft.objects.get().person == world.reporter


def test_another_figure_for_a_cell_that_waits_for_review_is_a_draft(world, successor):
    entry = world.cells()[0]
    world.submit([(9, 10)])
    save_drafts(texts={entry.pk: {"numerator": "8", "denominator": "10"}}, person=world.reporter, at=NOW)

    assert hand_over_preview(world.reporter, successor, [world.division], TODAY).drafts == 1
    assert handed(world, successor).cells.drafts == 1


def reopened(world, **more):
    officer = world.people[Role.OFFICER]
    close_round(row=world.round_of(8), reason="已上报。", officer=officer, today=TODAY, at=NOW)
    words = {"person": world.reporter, "until": date(2016, 9, 20), "reason": "补报。", "officer": officer}
    return reopen_cell(entry=world.cells()[0], **words | more, today=TODAY, at=NOW)


def test_a_cell_that_is_open_for_the_person_is_open_for_the_successor_until_the_same_day(world, successor):
    old = reopened(world)
    handed(world, successor)

    new = Reopening.objects.get(person=successor)
    assert (new.entry, new.until, new.opened_by) == (old.entry, old.until, old.opened_by)
    assert new.reason == f"补报。（由{world.reporter}移交：调离本单位。）"
    world.people[Role.REPORTER] = fresh(successor)
    assert world.submit([(9, 10)])
    assert not Entry.objects.open_by(date(2016, 9, 21), successor).filter(round=old.entry.round).exists()


def test_what_was_submitted_keeps_its_name_and_nobody_comes_to_review_their_own(world):
    revision = world.submit([(9, 10)])[0]
    handed(world, world.head)

    revision.refresh_from_db()
    assert revision.submitted_by == world.reporter
    head = world.people[Role.HEAD] = fresh(world.head)
    world.approve([revision])
    world.people[Role.REPORTER] = head
    own = world.submit([None, (9, 10)])
    with pytest.raises(OwnEntry):
        world.approve(own)


def test_a_returned_figure_is_told_to_who_took_over(world, successor):
    from apps.progress.actions import return_

    revision = world.submit([(9, 10)])[0]
    return_(revision_ids=[revision.pk], reviewer=world.head, reason="请核对。", at=NOW)
    assert [person for person, _owed in returns()] == [world.reporter.pk]
    handed(world, successor)

    assert [person for person, _owed in returns()] == [successor.pk]


def test_a_draft_of_a_plan_that_came_back_is_mended_by_the_successor(world, successor):
    plan = PlanFactory(project=world.version.plan.project, year=2017)
    version = PlanVersionFactory(plan=plan, state=VersionState.DRAFT, approved_at=None)
    version.authors.add(world.reporter)
    assert handed(world, successor, is_leaving=False).plans == []  # nobody sent it back: its division goes on with it

    Step.objects.create(version=version, kind=StepKind.RETURNED, person=world.head, reason="补齐。", at=NOW)
    AssignmentFactory(user=world.reporter, unit=world.division, role=Role.HEAD)
    assert handed(world, successor).plans == [version]
    assert set(version.authors.all()) == {world.reporter, successor}
    assert type(version).objects.returned_to(successor).get() == version
    assert Event.objects.filter(verb=Verb.HAND_OVER, subject_type="plans.planversion").count() == 1


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.LEADER])
def test_only_an_administrator_of_the_units_hands_over(world, successor, role):
    with pytest.raises(OutsideYourUnits):
        handed(world, successor, by=world.people[role])
    stranger = UserFactory(role=Role.ADMIN, unit=make_world(districts=1).bureau)
    with pytest.raises(OutsideYourUnits):
        handed(world, successor, by=stranger)

    assert fresh(world.reporter).holds(Role.REPORTER)
    assert not Event.objects.filter(verb=Verb.HAND_OVER).exists()


def test_what_makes_no_sense_is_refused_and_changes_nothing(world, successor):
    save_drafts(texts={world.cells()[0].pk: {"numerator": "9"}}, person=world.reporter, at=NOW)
    admin = world.people[Role.ADMIN]
    AssignmentFactory(user=admin, unit=world.division, role=Role.REPORTER)
    asleep = UserFactory(is_active=False)
    for refusal, more in (
        (HandOverWithoutReason, {"reason": " "}),
        (SuccessorUnfit, {"successor": world.reporter}),
        (SuccessorUnfit, {"successor": asleep}),
        (OwnRights, {"successor": admin}),
        (OwnRights, {"person": admin}),
        (NothingHeld, {"person": world.people[Role.LEADER]}),
    ):
        with pytest.raises(refusal):
            handed(world, more.pop("successor", successor), **more)

    assert Draft.objects.get().person == world.reporter
    assert fresh(world.reporter).is_active
    assert not Event.objects.filter(verb=Verb.HAND_OVER).exists()


def test_an_administrator_gains_no_power_over_figures_by_it(world, successor):
    from apps.progress.actions import Cell, NotYourCell
    from tests.progress.world import values

    handed(world, successor)
    with pytest.raises(NotYourCell):
        submit(cells=[Cell(world.cells()[0].pk, values((9, 10)))], person=world.people[Role.ADMIN], today=TODAY, at=NOW)
    assert not Revision.objects.exists()


def test_the_preview_costs_the_same_with_one_and_with_three(world, successor, django_assert_num_queries):
    for many in (1, 3):
        for entry in world.cells()[:many]:
            save_drafts(texts={entry.pk: {"numerator": "9"}}, person=world.reporter, at=NOW)
        with django_assert_num_queries(6):
            shown = hand_over_preview(world.reporter, successor, [world.division], TODAY)
        assert (len(shown.roles), shown.drafts, shown.remains) == (1, many, False)
    assert (shown.asked.cells, shown.asked.due_today, shown.asked.overdue) == (24, 0, 21)


@pytest.mark.parametrize("many", [1, 3])
def test_it_costs_the_same_with_one_cell_and_with_three(world, successor, django_assert_num_queries, many):
    officer = world.people[Role.OFFICER]
    close_round(row=world.round_of(8), reason="已上报。", officer=officer, today=TODAY, at=NOW)
    for entry in world.cells()[:many]:
        words = {"person": world.reporter, "until": date(2016, 9, 20), "reason": "补报。", "officer": officer}
        reopen_cell(entry=entry, **words, today=TODAY, at=NOW)
        save_drafts(texts={entry.pk: {"numerator": "9"}}, person=world.reporter, at=NOW)
    person, heir, admin = (fresh(row) for row in (world.reporter, successor, world.people[Role.ADMIN]))

    with django_assert_num_queries(37):
        done = handed(world, heir, person=person, by=admin)

    assert (done.cells.drafts, len(done.cells.reopenings)) == (many, many)
    assert set(Reopening.objects.filter(person=heir).values_list("entry", flat=True)) == {
        entry.pk for entry in world.cells()[:many]
    }


def test_a_cell_is_opened_once_for_the_successor_and_not_where_it_is_open_as_long(world, successor):
    first, second, _third = world.cells()
    officer = world.people[Role.OFFICER]
    words = {"reason": "补报。", "officer": officer, "today": TODAY, "at": NOW}
    close_round(row=world.round_of(8), **words)
    early, late = date(2016, 9, 20), date(2016, 9, 22)
    for entry, until in ((first, early), (first, late), (second, early)):
        reopen_cell(entry=entry, person=world.reporter, until=until, **words)
    Reopening.objects.create(
        entry=second, person=successor, until=late, reason="补报。", opened_by=officer, opened_at=NOW
    )

    done = handed(world, successor)

    assert [(row.entry, row.until) for row in done.cells.reopenings] == [(first, early), (first, late)]


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_page_shows_what_changes_hands_before_it_does(world, successor, time_machine):
    time_machine.move_to(NOW, tick=False)
    save_drafts(texts={world.cells()[0].pk: {"numerator": "4711"}}, person=world.reporter, at=NOW)
    reopened(world)
    client = Client()
    client.force_login(world.people[Role.ADMIN])
    path = reverse("assessments:hand_over")
    people = {"person": world.reporter.pk, "successor": successor.pk}

    page = words(client.get(path, people))
    for shown in ("1 项任职", "1 份草稿", "1 个单独开放的格子", "21 格待填"):
        assert shown in page
    assert "4711" not in page  # the administrator sees no figure
    assert fresh(world.reporter).holds(Role.REPORTER)

    assert client.post(path, people).status_code == 422  # why?
    done = client.post(path, people | {"reason": "退休。", "is_leaving": "on"}, follow=True)
    assert "1 项任职、1 份草稿、1 个单独开放的格子移交给接手人" in words(done)
    assert "账号已停用" in words(done)
    assert not fresh(world.reporter).is_active
