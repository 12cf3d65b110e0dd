"""Projects: begun, changed, and followed by a measure of their spending."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from apps.accounts.enums import Role
from apps.journal.models import Event
from apps.plans.actions.projects import (
    NotOfficer,
    NumberTaken,
    ProjectWords,
    add_project,
    change_project,
    start_project,
)
from apps.plans.enums import Attribute, Nature
from apps.plans.models import Definition, Measure, Member, Plan, Project
from apps.plans.queries.contents import content_of
from tests.factories import BureauFactory, DivisionFactory, MemberFactory, UserFactory
from tests.progress.world import NOW, make_world

pytestmark = pytest.mark.django_db
WORDS = ProjectWords(number="P13", name="新项目", function_code="201 99 99", nature=Nature.RECURRING)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world():
    return make_world(is_open=False)


def add(world, person=None, words=WORDS, **more):
    return add_project(
        bureau=world.bureau,
        words=words,
        since=date(2016, 1, 1),
        person=person or world.people[Role.OFFICER],
        at=NOW,
        **more,
    )


def test_a_project_brings_the_measure_of_its_spending():
    bureau = BureauFactory()
    officer = UserFactory(role=Role.OFFICER, unit=bureau)

    project = add_project(bureau=bureau, words=WORDS, since=date(2016, 1, 1), person=officer, at=NOW)

    measure = project.execution
    assert (measure.code, measure.kind, measure.accumulation, measure.frequency) == (
        "execution-p13",
        "money",
        "running_total",
        "monthly",
    )
    assert [row.name for row in measure.members.all()] == ["一般公共预算"]
    assert Definition.objects.get(measure=measure).effective_on == date(2016, 1, 1)
    assert {row.dimension for row in Member.objects.filter(bureau=bureau)} == {"unit", "funding"}


def test_a_project_is_paid_from_the_sources_that_have_not_ended(world):
    for name, ends_on in (("财政", None), ("旧基金", date(2014, 12, 31)), ("自有", None)):
        MemberFactory(bureau=world.bureau, dimension="funding", name=name, ends_on=ends_on)

    assert [row.name for row in add(world).execution.members.all()] == ["财政", "自有"]


def test_the_published_year_and_the_page_make_the_same_measure(bureau):
    officer = UserFactory(role=Role.OFFICER, unit=bureau)
    printed = Project.objects.get(bureau=bureau, number="P01").execution
    made = add_project(bureau=bureau, words=WORDS, since=date(2016, 1, 1), person=officer, at=NOW).execution

    columns = [f.name for f in Measure._meta.fields if f.name not in ("id", "code", "name", "name_en", "division")]
    assert {name: getattr(made, name) for name in columns} == {name: getattr(printed, name) for name in columns}


def test_a_number_is_taken_once_and_leaves_its_measures_code_behind(world):
    project = add(world)
    with pytest.raises(NumberTaken, match="P13"):
        add(world)
    assert Project.objects.filter(number="P13").count() == 1

    change_project(
        project=project,
        words=ProjectWords(number="P14", name="新项目", function_code="1", nature=Nature.RECURRING),
        person=world.people[Role.OFFICER],
        at=NOW,
    )

    assert add(world).execution.code == "execution-p13-2"


@pytest.mark.parametrize("role", [Role.REPORTER, Role.HEAD, Role.LEADER, Role.FINANCE, Role.AUDITOR, Role.ADMIN])
def test_only_officers_make_and_change_projects(world, role):
    before = Project.objects.count()
    with pytest.raises(NotOfficer):
        add(world, world.people[role])
    with pytest.raises(NotOfficer):
        change_project(project=world.version.plan.project, words=WORDS, person=world.people[role], at=NOW)

    assert Project.objects.count() == before
    assert not Project.objects.filter(number="P13").exists()


def test_a_change_is_written_down_column_by_column_and_no_change_not_at_all(world):
    project = add(world)
    division = DivisionFactory(parent=world.bureau, name="新处室")
    words = ProjectWords(
        number="P13", name="改了名", function_code="201 99 99", nature=Nature.RECURRING, division=division
    )
    for _ in range(2):
        change_project(project=project, words=words, person=world.people[Role.OFFICER], at=NOW)

    (event,) = Event.objects.filter(subject_type="plans.project", verb="change")
    assert event.before == {"name": "新项目", "division": ""}
    assert event.after == {"name": "改了名", "division": "新处室"}


def test_a_first_plan_begins_empty_in_its_year(world):
    version = start_project(
        bureau=world.bureau,
        words=WORDS,
        year=2017,
        attribute=Attribute.NEW,
        person=world.people[Role.OFFICER],
        at=NOW,
    )

    content = content_of(version)
    assert (version.plan.year, content.attribute, content.starts_on, content.ends_on) == (
        2017,
        "new",
        date(2017, 1, 1),
        date(2017, 12, 31),
    )
    assert (content.goals, content.indicators, content.budget) == ((), (), ())


# Pages ----------------------------------------------------------------------------------------------------------------


def post(person, path, **typed):
    client = Client()
    client.force_login(person)
    return client.post(path, typed)


FRESH = {
    "deed": "new",
    "fresh-number": "P13",
    "fresh-name": "新项目",
    "fresh-function_code": "201 99 99",
    "fresh-nature": "recurring",
    "fresh-year": "2017",
    "fresh-attribute": "new",
}


def test_an_officer_begins_a_project_and_stands_in_its_editor(world):
    answer = post(world.people[Role.OFFICER], "/plans/new/", **FRESH)

    plan = Plan.objects.get(project__number="P13")
    assert answer.headers["Location"] == reverse("plans:editor", args=[plan.pk])


def test_what_is_refused_stays_typed_and_says_why(world):
    Project.objects.update(number="P13")

    answer = post(world.people[Role.OFFICER], "/plans/new/", **FRESH)

    assert answer.status_code == 422
    assert "编号“P13”已被本单位另一个项目使用。" in answer.content.decode()
    assert 'value="新项目"' in answer.content.decode()
    assert not Plan.objects.filter(year=2017).exists()


def test_a_division_begins_another_year_of_its_own_project_only(world):
    mine, foreign = world.version.plan.project, add(world)
    typed = {"deed": "again", "again-year": "2017", "again-attribute": "continuing"}

    assert post(world.reporter, "/plans/new/", **typed, **{"again-project": foreign.pk}).status_code == 422
    assert post(world.reporter, "/plans/new/", **FRESH).status_code == 422
    assert post(world.reporter, "/plans/new/", **typed, **{"again-project": mine.pk}).status_code == 302

    assert [plan.project for plan in Plan.objects.filter(year=2017)] == [mine]


def test_a_year_that_has_a_plan_is_not_begun_again(world):
    typed = {"again-project": world.version.plan.project_id, "again-year": "2016", "again-attribute": "continuing"}

    answer = post(world.people[Role.OFFICER], "/plans/new/", deed="again", **typed)

    assert "已有 2016 年度的绩效目标" in answer.content.decode()
    assert Plan.objects.count() == 1


def test_the_project_page_saves_for_officers_and_only_reads_for_others(world):
    project = world.version.plan.project
    path = reverse("plans:project", args=[project.pk])
    typed = {"number": project.number, "name": "改了名", "function_code": "1", "nature": "one_off", "division": ""}

    assert post(world.head, path, **typed).status_code == 403
    assert post(world.people[Role.OFFICER], path, **typed).status_code == 302

    project.refresh_from_db()
    assert (project.name, project.nature, project.division) == ("改了名", "one_off", None)
