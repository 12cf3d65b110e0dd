"""The administration: people, units, roles and the calendar, for administrators alone and never without an event."""

from datetime import UTC, date, datetime

import pytest
from django.contrib import admin
from django.urls import reverse

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Assignment, Unit, User
from apps.calendars.models import CalendarDay
from apps.journal.enums import Channel, Verb
from apps.journal.models import Event
from tests.factories import AssignmentFactory, BureauFactory, DivisionFactory, UserFactory
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
GOOD_PASSWORD = "长而不常见的口令-2016"
LONG_AGO, LATER = datetime(2016, 9, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)


@pytest.fixture
def bureau():
    return BureauFactory(name="甲局")


@pytest.fixture
def administrator(client, bureau):
    """Return an administrator of the bureau, signed in."""
    person = UserFactory(role=Role.ADMIN, unit=bureau, is_staff=True, name="管理员")
    client.force_login(person)
    return person


def add(client, model, **fields):
    return client.post(reverse(f"admin:{model}_add"), fields)


def change(client, row, **fields):
    return client.post(reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]), fields)


def person_fields(person, **fields):
    kept = {"name": person.name, "email": person.email, "language": "", "is_active": "on"}
    return {name: value for name, value in (kept | fields).items() if value is not None}


def event():
    """Return the one event there is, without what every event has."""
    row = Event.objects.get()
    assert row.channel == Channel.ADMIN
    return row


def sentences(response):
    return [str(message) for message in response.wsgi_request._messages]


def test_nothing_that_holds_a_figure_or_a_score_is_administered():
    assert {model._meta.label for model in admin.site._registry} == {
        "accounts.User",
        "accounts.Unit",
        "accounts.Assignment",
        "calendars.CalendarDay",
    }


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize("model", ["accounts_user", "accounts_unit", "accounts_assignment", "calendars_calendarday"])
def test_an_administrator_sees_lists_and_forms_and_nothing_to_delete(client, administrator, model):
    CalendarDay.objects.create(date=date(2016, 10, 1), is_workday=False, name="国庆节", source="国办通知")
    rows = {
        "accounts_user": administrator,
        "accounts_unit": Unit.objects.get(),
        "accounts_assignment": Assignment.objects.get(),
        "calendars_calendarday": CalendarDay.objects.get(),
    }

    listed = client.get(reverse(f"admin:{model}_changelist"))
    shown = client.get(reverse(f"admin:{model}_change", args=[rows[model].pk]))
    new = client.get(reverse(f"admin:{model}_add"))
    deletion = client.get(reverse(f"admin:{model}_delete", args=[rows[model].pk]))

    assert [page.status_code for page in (listed, shown, new, deletion)] == [200, 200, 200, 403]
    assert "delete_selected" not in listed.content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
def test_for_other_roles_there_is_no_administration_even_as_superuser(client, role):
    client.force_login(UserFactory(role=role, is_staff=True, is_superuser=True))

    assert client.get(reverse("admin:index")).status_code == 404
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 404


def test_an_administrator_who_is_not_staff_is_not_let_in(client, bureau):
    client.force_login(UserFactory(role=Role.ADMIN, unit=bureau))

    assert client.get(reverse("admin:index")).status_code == 404


def test_a_stranger_is_led_to_the_one_door(client):
    response = client.get(reverse("admin:index"), follow=True)

    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_a_new_person_can_sign_in_and_may_nothing(client, administrator, bureau):
    response = add(
        client,
        "accounts_user",
        username="liming",
        name="李明",
        email="li@example.test",
        language="",
        new_password=GOOD_PASSWORD,
    )

    assert response.status_code == 302
    person = User.objects.get(username="liming")
    assert person.check_password(GOOD_PASSWORD)
    assert (person.is_active, person.is_staff, person.is_superuser, person.duties) == (True, False, False, ())
    noted = event()
    assert (noted.verb, noted.actor, noted.chain.bureau) == (Verb.ADD, administrator, bureau)
    assert (noted.subject_type, noted.subject_id, noted.before) == ("accounts.user", person.pk, None)
    assert noted.after == {
        "username": "liming",
        "name": "李明",
        "email": "li@example.test",
        "language": "",
        "is_staff": False,
    }


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize("password", ["", "12345678", "short"])
def test_a_new_person_needs_a_good_password(client, password):
    response = add(
        client, "accounts_user", username="liming", name="李明", email="", language="", new_password=password
    )

    assert response.status_code == 200
    assert "new_password" in response.context["adminform"].form.errors
    assert not User.objects.filter(username="liming").exists()
    assert not Event.objects.exists()


@pytest.mark.usefixtures("administrator")
def test_a_change_is_noted_with_what_was_before_and_after(client, bureau):
    person = UserFactory(role=Role.REPORTER, unit=bureau, name="李明")

    change(client, person, **person_fields(person, name="李鸣", is_active=None, new_password=""))

    person.refresh_from_db()
    assert (person.name, person.is_active) == ("李鸣", False)
    assert person.check_password(PASSWORD)
    noted = event()
    assert noted.verb == Verb.CHANGE
    assert noted.before == {"name": "李明", "is_active": True}
    assert noted.after == {"name": "李鸣", "is_active": False}


@pytest.mark.usefixtures("administrator")
def test_a_new_password_is_noted_and_never_written_down(client, bureau):
    person = UserFactory(role=Role.REPORTER, unit=bureau)

    change(client, person, **person_fields(person, new_password=GOOD_PASSWORD))

    person.refresh_from_db()
    assert person.check_password(GOOD_PASSWORD)
    noted = event()
    assert noted.verb == Verb.SET_PASSWORD
    assert (noted.before, noted.after) == ({}, {})


@pytest.mark.usefixtures("administrator")
def test_a_form_that_changes_nothing_leaves_no_event(client, bureau):
    person = UserFactory(role=Role.REPORTER, unit=bureau)

    assert change(client, person, **person_fields(person, new_password="")).status_code == 302

    assert not Event.objects.exists()


def test_nobody_locks_themselves_out_or_takes_their_own_door_away(client, administrator):
    response = change(client, administrator, **person_fields(administrator, is_active=None, is_staff="on"))

    administrator.refresh_from_db()
    assert administrator.is_active
    assert sentences(response) == ["不能停用自己或更改自己的后台权限，请另一位管理员办理。"]
    assert not Event.objects.exists()


@pytest.mark.usefixtures("administrator")
def test_a_role_is_given_and_noted_in_the_journal_of_its_bureau(client, bureau):
    person = UserFactory(name="李明")
    division = DivisionFactory(parent=bureau, name="一处")

    add(client, "accounts_assignment", user=person.pk, unit=division.pk, role="head", ends_at_0="", ends_at_1="")

    assert [(duty.role, duty.unit_id) for duty in User.objects.get(pk=person.pk).duties] == [(Role.HEAD, division.pk)]
    noted = event()
    assert (noted.verb, noted.chain.bureau) == (Verb.ADD, bureau)
    assert noted.after == {"user": "李明", "unit": "一处", "role": "head", "ends_at": None}


@pytest.mark.usefixtures("administrator")
def test_an_auditor_without_an_end_gets_the_sentence(client, bureau):
    person = UserFactory()

    response = add(
        client, "accounts_assignment", user=person.pk, unit=bureau.pk, role="auditor", ends_at_0="", ends_at_1=""
    )

    assert "审计人员的授权必须写明截止时间。" in response.content.decode()
    assert not Assignment.objects.filter(user=person).exists()


@pytest.mark.usefixtures("administrator")
def test_a_role_ends_at_a_moment_and_nothing_else_of_it_changes(client, bureau):
    row = AssignmentFactory(unit=bureau, role=Role.AUDITOR)

    change(client, row, role="leader", ends_at_0="2016-09-01", ends_at_1="08:00:00")

    row.refresh_from_db()
    assert (row.role, row.ends_at) == (Role.AUDITOR, LONG_AGO)
    noted = event()
    assert noted.before == {"ends_at": "2100-01-01T00:00:00Z"}
    assert noted.after == {"ends_at": "2016-09-01T08:00:00+08:00"}


def test_nobody_gives_themselves_a_role(client, administrator, bureau):
    add(
        client, "accounts_assignment", user=administrator.pk, unit=bureau.pk, role="officer", ends_at_0="", ends_at_1=""
    )
    own = Assignment.objects.get(user=administrator)
    response = change(client, own, ends_at_0="2101-01-01", ends_at_1="00:00:00")

    own.refresh_from_db()
    assert [row.role for row in Assignment.objects.filter(user=administrator)] == [Role.ADMIN]
    assert own.ends_at is None
    assert sentences(response) == ["不能给自己任职或更改自己的任期，请另一位管理员办理。"]


@pytest.mark.usefixtures("administrator")
def test_power_ends_with_the_administered_units(client):
    elsewhere = BureauFactory(name="乙局")
    stranger = UserFactory(role=Role.OFFICER, unit=elsewhere)
    theirs = Assignment.objects.get(user=stranger)

    add(client, "accounts_assignment", user=stranger.pk, unit=elsewhere.pk, role="head", ends_at_0="", ends_at_1="")
    add(client, "accounts_unit", parent=elsewhere.pk, code="X1", name="处", name_en="", kind="division")

    assert [row.pk for row in Assignment.objects.filter(user=stranger)] == [theirs.pk]
    assert not Unit.objects.get_descendants(elsewhere).exists()
    for row in (stranger, theirs, elsewhere):
        url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        assert client.get(url).status_code == 302
    assert "乙局" not in client.get(reverse("admin:accounts_unit_changelist")).content.decode()
    assert not Event.objects.exists()


@pytest.mark.usefixtures("administrator")
def test_whoever_works_here_and_elsewhere_is_not_changed_from_here(client, bureau):
    person = UserFactory(role=Role.REPORTER, unit=bureau)
    AssignmentFactory(user=person, role=Role.FINANCE)

    change(client, person, **person_fields(person, name="别名", new_password=GOOD_PASSWORD))

    person.refresh_from_db()
    assert person.name != "别名"
    assert person.check_password(PASSWORD)


@pytest.mark.usefixtures("administrator")
def test_a_unit_is_added_in_its_place_and_renamed_but_keeps_its_code(client, bureau):
    add(client, "accounts_unit", parent=bureau.pk, code="D9", name="九处", name_en="", kind="division")
    unit = Unit.objects.get(code="D9")
    added = event()

    change(client, unit, name="第九处", name_en="Division 9", code="D0", kind="bureau")

    unit.refresh_from_db()
    assert Unit.objects.get_parent(unit) == bureau
    assert (unit.code, unit.kind, unit.name, unit.name_en) == ("D9", UnitKind.DIVISION, "第九处", "Division 9")
    assert added.after == {"code": "D9", "name": "九处", "name_en": "", "kind": "division", "parent": "甲局"}
    assert Event.objects.exclude(pk=added.pk).get().before == {"name": "九处", "name_en": ""}


@pytest.mark.usefixtures("administrator")
def test_a_day_of_the_calendar_is_corrected_and_noted(client, bureau):
    day = CalendarDay.objects.create(date=date(2016, 10, 8), is_workday=False, name="", source="推算")

    fields = {"name": "调休上班", "is_workday": "on", "source": "国办通知", "status": "official"}
    for _twice in range(2):
        change(client, day, **fields)

    day.refresh_from_db()
    assert (day.is_workday, day.name, day.source) == (True, "调休上班", "国办通知")
    noted = event()
    assert (noted.verb, noted.chain.bureau) == (Verb.CHANGE, bureau)
    assert noted.before == {"is_workday": False, "name": "", "source": "推算", "status": "official"}
    assert noted.after == {"is_workday": True, "name": "调休上班", "source": "国办通知", "status": "official"}


@pytest.mark.usefixtures("administrator")
def test_a_day_that_was_not_known_is_added(client):
    add(client, "calendars_calendarday", date="2031-01-01", name="元旦", source="推算", status="estimated")

    assert not CalendarDay.objects.get(date=date(2031, 1, 1)).is_workday
    assert event().verb == Verb.ADD


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize(
    ("model", "more"),
    [
        ("accounts_user", lambda bureau: UserFactory(role=Role.REPORTER, unit=bureau)),
        ("accounts_assignment", lambda bureau: AssignmentFactory(unit=bureau)),
        ("accounts_unit", lambda bureau: DivisionFactory(parent=bureau)),
    ],
)
def test_lists_cost_the_same_with_one_row_more_and_with_three(
    client, bureau, model, more, django_assert_max_num_queries, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    more(bureau)
    client.get(reverse(f"admin:{model}_changelist"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(f"admin:{model}_changelist"))
    more(bureau)
    more(bureau)
    with django_assert_num_queries(len(few)):
        client.get(reverse(f"admin:{model}_changelist"))
