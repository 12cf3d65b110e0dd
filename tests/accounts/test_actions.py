"""Rights end where they end, whichever door one comes through."""

import pytest
from django.test import RequestFactory

from apps.accounts.actions import (
    OutsideYourUnits,
    OwnRights,
    add_unit,
    assign,
    change_person,
    change_unit,
    set_password,
)
from apps.accounts.adapters import Door
from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Assignment, Unit
from apps.accounts.queries import bureau_of, home_bureau
from tests.factories import BureauFactory, DivisionFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    """Return an administrator of one bureau."""
    return UserFactory(role=Role.ADMIN, unit=BureauFactory(name="甲局"))


def test_no_role_is_given_in_a_unit_of_others(by):
    with pytest.raises(OutsideYourUnits, match="“乙局”不在您管理的单位之内。"):
        assign(person=UserFactory(), unit=BureauFactory(name="乙局"), role=Role.HEAD, ends_at=None, by=by)

    assert Assignment.objects.count() == 1


def test_no_role_is_given_to_whoever_works_for_others(by):
    person = UserFactory(name="别局的人", role=Role.HEAD)

    with pytest.raises(OutsideYourUnits, match="“别局的人”不在您管理的单位之内。"):
        assign(person=person, unit=Unit.objects.get(name="甲局"), role=Role.OFFICER, ends_at=None, by=by)

    assert [duty.role for duty in person.duties] == [Role.HEAD]


def test_nobody_gives_themselves_a_role(by):
    with pytest.raises(OwnRights):
        assign(person=by, unit=Unit.objects.get(name="甲局"), role=Role.OFFICER, ends_at=None, by=by)


@pytest.mark.parametrize(
    "act",
    [
        lambda person, by: change_person(person=person, by=by, values={"name": "改"}),
        lambda person, by: set_password(person=person, by=by, password="another-long-one"),
        lambda person, by: change_unit(unit=person.assignments.get().unit, by=by, values={"name": "改"}),
        lambda person, by: add_unit(
            parent=person.assignments.get().unit, code="N1", name="新", kind=UnitKind.DIVISION, by=by
        ),
    ],
)
def test_people_and_units_of_others_stay_as_they_are(by, act):
    person = UserFactory(role=Role.REPORTER, unit=BureauFactory(name="乙局"), name="李明")

    with pytest.raises(OutsideYourUnits):
        act(person, by)

    person.refresh_from_db()
    assert person.name == "李明"
    assert sorted(Unit.objects.values_list("name", flat=True)) == sorted(["甲局", "乙局"])


def test_the_administrator_of_the_root_administers_every_bureau_below():
    root = UnitFactory(kind=UnitKind.FINANCE)
    bureau = BureauFactory(parent=root)
    by = UserFactory(role=Role.ADMIN, unit=root)

    changed = change_unit(unit=bureau, by=by, values={"name": "新名"})

    assert changed.after == {"name": "新名"}


def test_a_division_belongs_to_its_bureau_and_the_root_to_itself():
    root = UnitFactory(kind=UnitKind.FINANCE)
    bureau = BureauFactory(parent=root)
    division = DivisionFactory(parent=bureau)

    assert [bureau_of(row) for row in (division, bureau, root)] == [bureau, bureau, root]
    assert home_bureau(UserFactory(role=Role.ADMIN, unit=division)) == bureau


def test_whoever_works_nowhere_has_no_bureau():
    with pytest.raises(Unit.DoesNotExist):
        home_bureau(UserFactory())


def test_nobody_signs_up():
    assert Door().is_open_for_signup(RequestFactory().get("/")) is False
