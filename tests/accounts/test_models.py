"""People, their duties and the tree they work in."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Assignment, Unit
from apps.accounts.querysets import below
from tests.factories import AssignmentFactory, BureauFactory, DivisionFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db

PAST, FUTURE = datetime(2016, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def test_duties_are_the_roles_in_force_read_once(django_assert_num_queries):
    person, bureau = UserFactory(), BureauFactory()
    division = DivisionFactory(parent=bureau)
    AssignmentFactory(user=person, unit=bureau, role=Role.OFFICER)
    AssignmentFactory(user=person, unit=division, role=Role.HEAD, ends_at=FUTURE)
    AssignmentFactory(user=person, unit=division, role=Role.REPORTER, ends_at=PAST)

    with django_assert_num_queries(1):
        assert [(duty.role, duty.unit_id) for duty in person.duties] == [
            (Role.OFFICER, bureau.pk),
            (Role.HEAD, division.pk),
        ]
        assert person.paths(Role.OFFICER, Role.REPORTER) == [bureau.path]
        assert (person.holds(Role.HEAD), person.holds(Role.REPORTER)) == (True, False)


def test_a_person_of_a_division_belongs_to_the_bureau_above_it():
    finance = UnitFactory(kind=UnitKind.FINANCE, name="财政局")
    bureau = BureauFactory(parent=finance, name="某局", name_en="A bureau")
    division = DivisionFactory(parent=bureau)

    person = UserFactory(role=Role.REPORTER, unit=division)
    reviewer = UserFactory(role=Role.FINANCE, unit=finance)

    assert (person.bureau, reviewer.bureau, UserFactory().bureau) == ("某局", "财政局", "")
    with translation.override("en"):
        assert (person.bureau, reviewer.bureau) == ("A bureau", "财政局")


def test_no_path_lets_nothing_through():
    BureauFactory()

    assert not Unit.objects.filter(below("path", [])).exists()


def test_a_path_lets_through_what_is_at_it_or_below_and_no_neighbour():
    root = UnitFactory()
    one, other = (BureauFactory(parent=root) for _number in range(2))
    division = DivisionFactory(parent=one)

    assert set(Unit.objects.filter(below("path", [one.path]))) == {one, division}
    assert set(Unit.objects.filter(below("path", [division.path, other.path]))) == {division, other}


def test_the_right_of_an_auditor_is_always_limited():
    with pytest.raises(IntegrityError, match="assignment_auditor_is_limited"), transaction.atomic():
        AssignmentFactory(role=Role.AUDITOR, ends_at=None)


def test_a_role_is_held_once_in_a_unit():
    row = AssignmentFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(user=row.user, unit=row.unit, role=row.role)


def test_a_person_is_called_by_name_and_a_unit_in_the_language_of_the_page():
    unit = UnitFactory(name="某局", name_en="A bureau")

    assert str(UserFactory(name="", username="zhang")) == "zhang"
    assert str(unit) == "某局"
    with translation.override("en"):
        assert (str(unit), str(UnitFactory(name="某处"))) == ("A bureau", "某处")
    assert str(AssignmentFactory(user=UserFactory(name="张三"), unit=unit)) == "张三 · 某局 · 填报人"
