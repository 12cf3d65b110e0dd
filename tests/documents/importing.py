"""A bureau with an officer, a division and files to take in."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.core.files.base import ContentFile

from apps.accounts.enums import Role
from apps.accounts.models import Unit, User
from apps.documents import actions, layouts, queries, tasks
from apps.documents.forms import read_plans
from apps.documents.forms.interpretation import interpret
from apps.documents.models import ImportedPlan, PlanImport
from apps.documents.queries.readings import readings_to_json
from apps.documents.queries.surroundings import Names
from apps.plans.models import Plan, PlanVersion
from apps.plans.queries.contents import to_json
from tests.documents import malformed
from tests.factories import BureauFactory, DivisionFactory, SchemeFactory, UserFactory

NOW = datetime(2016, 9, 6, 1, 30, tzinfo=UTC)
TODAY = date(2016, 9, 6)
NAME = "目标表.xlsx"


@dataclass
class House:
    """Who takes files in, and for whom."""

    bureau: Unit
    division: Unit
    officer: User

    def start(self, content: bytes, name: str = NAME, **more) -> PlanImport:
        """Take a file in and leave it to the workers."""
        file = ContentFile(content, name=name)
        return actions.start_import(
            bureau=self.bureau, content=file, name=name, person=self.officer, at=NOW, year=2016, **more
        )

    def take(self, content: bytes, name: str = NAME, **more) -> PlanImport:
        """Take a file in and have it read, as a worker does."""
        row = self.start(content, name, **more)
        tasks.read_plan_import(row.pk)
        row.refresh_from_db()
        return row

    def one(self, content: bytes, name: str = NAME) -> ImportedPlan:
        """Take a file with one project in; whoever is responsible is chosen."""
        row = self.take(content, name)
        assert row.state == "read", row.findings
        actions.choose_division(plan_import=row, division=self.division)
        return row.plans.get()

    def confirm(self, imported: ImportedPlan, **more) -> PlanVersion:
        """Confirm a project of a file."""
        return actions.confirm_imported(imported=imported, person=self.officer, at=NOW, **more)


def house(bureau: Unit | None = None) -> House:
    """Return a bureau that may take files in."""
    SchemeFactory(code="national-2020")
    SchemeFactory(code="national-2020-without-satisfaction")
    bureau = bureau or BureauFactory()
    return House(bureau, DivisionFactory(parent=bureau), UserFactory(role=Role.OFFICER, unit=bureau))


def goal_table_of(plan: Plan, *words: tuple[str, str], number: str = "", name: str = "", **columns) -> bytes:
    """Return a plan in the layout of 2016, some of its words changed, as another project where a number is given."""
    form = queries.plan_form(_fresh(plan))
    form.plan.project.number = number or form.plan.project.number
    form.plan.project.name = name or form.plan.project.name
    goals = [(goal, [_changed(text, words) for text in texts]) for goal, texts in form.goals]
    return layouts.plan_workbook(replace(form, goals=goals, **columns), NOW)


def declaration_of(plan: Plan, *words: tuple[str, str], number: str = "", name: str = "") -> bytes:
    """Return a plan in the present layout."""
    form = queries.declaration_form(_fresh(plan), TODAY)
    project = form.form.plan.project
    project.number, project.name = number or project.number, name or project.name
    for terms, _target in form.aims:
        terms.name = _changed(terms.name, words)
    return layouts.declaration_workbook(form, NOW)


def _fresh(plan: Plan) -> Plan:
    rows = Plan.objects.select_related("project__bureau", "project__division", "approved__scheme")
    return rows.get(pk=plan.pk)


def _changed(text: str, words) -> str:
    for before, after in words:
        text = text.replace(before, after)
    return text


def imported_columns() -> dict:
    """Return what a preview keeps of a project with one goal and one indicator."""
    names = Names()
    printed = read_plans(malformed.goal_table(malformed.PROJECT), NAME)[0]
    read = interpret(printed, year=2016, names=names, source=NAME)
    return {"content": to_json(read.content), "readings": readings_to_json([row.reading for row in read.rows])}
