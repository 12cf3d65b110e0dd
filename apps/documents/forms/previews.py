"""What a file would do to the plans of a bureau, project by project: the rows of its preview, not yet saved."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from apps.documents.enums import ImportedState
from apps.documents.forms.interpretation import LONGEST_PROJECT, Interpreted, interpret
from apps.documents.forms.matching import matched, reused
from apps.documents.forms.printed import PrintedPlan
from apps.documents.forms.suggestions import plain
from apps.documents.models import ImportedPlan, PlanImport
from apps.documents.queries.readings import counts_of, readings_to_json
from apps.documents.queries.surroundings import KnownPlan, Surroundings, digest_of, known_plans, surroundings_of
from apps.plans.enums import Attribute, Nature
from apps.plans.models import Project
from apps.plans.queries.comparisons import compare
from apps.plans.queries.contents import to_json
from apps.ui import formats

AT_ONCE: Final = 50
NUMBER_LENGTH: Final = 20
PRINTED: Final = TypeAdapter(PrintedPlan)
NATURES: Final = {
    Attribute.CONTINUING: Nature.RECURRING,
    Attribute.MULTI_YEAR: Nature.ONE_OFF,
    Attribute.NEW: Nature.ONE_OFF,
}


def preview_rows(
    plan_import: PlanImport, plans: Sequence[PrintedPlan], *, day: date, step: Callable[[int], None]
) -> Iterator[ImportedPlan]:
    """Yield the rows of a file's preview in its order. Five queries, and seventeen for every fifty projects that are there.

    `day` is the day of an adjustment of money; `step` is called with the number of projects that were dealt with since.
    """
    reader = _Reader(plan_import, surroundings_of(plan_import.bureau), day)
    for at in range(0, len(plans), AT_ONCE):
        batch = plans[at : at + AT_ONCE]
        yield from reader.rows(batch, at)
        step(len(batch))


class _Reader:
    """Reads the projects of one file, giving numbers to those that have none."""

    def __init__(self, plan_import: PlanImport, here: Surroundings, day: date) -> None:
        self.plan_import, self.here, self.day = plan_import, here, day
        self.numbers = iter(here.free_numbers())

    def rows(self, plans: Sequence[PrintedPlan], at: int) -> Iterator[ImportedPlan]:
        found = [self._projects(printed) for printed in plans]
        known = known_plans([projects[0] for projects in found if len(projects) == 1])
        for place, (printed, projects) in enumerate(zip(plans, found, strict=True), start=at + 1):
            yield self._row(place, printed, projects, known)

    def _projects(self, printed: PrintedPlan) -> list[Project]:
        number = printed.project_number.text if printed.project_number else None
        return self.here.projects_of(number, printed.project_name.text)

    def _row(
        self, position: int, printed: PrintedPlan, projects: list[Project], known: dict[int, dict[int, KnownPlan]]
    ) -> ImportedPlan:
        year = printed.year or self.plan_import.year or self.day.year
        project = projects[0] if len(projects) == 1 else None
        years = known.get(project.pk, {}) if project else {}
        read = self._read(printed, year, years)
        plan = years.get(year)
        row = ImportedPlan(
            plan_import=self.plan_import,
            position=position,
            name=(project.name if project else printed.project_name.text)[:LONGEST_PROJECT],
            year=year,
            project=project,
            plan=plan.plan if plan else None,
            printed=PRINTED.dump_python(printed, mode="json"),
            content=to_json(read.content),
            readings=readings_to_json([found.reading for found in read.rows]),
            notes=[*read.notes, *self._notes(printed, project)],
            problem=read.problem or self._problem(printed, projects),
            base=digest_of(plan.content) if plan else "",
            **asdict(counts_of(read.content, [found.reading for found in read.rows])),
        )
        self._suggest(row, printed)
        return _compared(row, read, plan)

    def _read(self, printed: PrintedPlan, year: int, years: dict[int, KnownPlan]) -> Interpreted:
        """Return what a printed plan says, held against what the project's plans say."""
        names, source = self.here.names, self.plan_import.name
        read = interpret(printed, year=year, names=names, source=source)
        plan = years.get(year)
        if plan is not None and plan.content is not None:
            return matched(read, printed, plan, day=self.day, source=source, names=names)
        former = max(
            (other for other in years if years[other].content), key=lambda other: (other < year, other), default=None
        )
        content = years[former].content if former is not None else None
        return reused(read, content) if content else read

    def _suggest(self, row: ImportedPlan, printed: PrintedPlan) -> None:
        """Suggest what a project needs that is made along; who is responsible only where the form names a division."""
        if row.project_id is not None:
            return
        attribute = Attribute(printed.attribute) if printed.attribute else Attribute.CONTINUING
        row.number = printed.project_number.text[:NUMBER_LENGTH] if printed.project_number else next(self.numbers)
        row.nature = NATURES[attribute]
        row.function_code = self.here.names.function_code
        row.division = self.here.divisions.get(plain(printed.implementer.text)) if printed.implementer else None

    def _notes(self, printed: PrintedPlan, project: Project | None) -> list[str]:
        found = []
        if printed.bureau_name and plain(printed.bureau_name.text) != plain(self.plan_import.bureau.name):
            words = {"printed": printed.bureau_name, "bureau": self.plan_import.bureau}
            found.append(_("表中单位为“%(printed)s”，将导入到%(bureau)s。") % words)
        if project and plain(project.name) != plain(printed.project_name.text):
            words = {"printed": printed.project_name, "project": project.name}
            found.append(_("编号相同而名称不同：表中为“%(printed)s”，现有“%(project)s”；名称不因导入而改。") % words)
        if printed.year is None:
            found.append(_("表中没有写年度，按 %(year)d 年度导入。") % {"year": self.plan_import.year or self.day.year})
        return found

    def _problem(self, printed: PrintedPlan, projects: list[Project]) -> str:
        if len(projects) < 2:
            return ""
        numbers = formats.names([project.number for project in projects])
        return _("本单位有多个项目叫“%(name)s”（%(numbers)s），请在表中写上项目编号后重新上传。") % {
            "name": printed.project_name,
            "numbers": numbers,
        }


def _compared(row: ImportedPlan, read: Interpreted, plan: KnownPlan | None) -> ImportedPlan:
    """Say what the row would do: make a plan, change a draft, ask for an adjustment, or nothing."""
    if plan is None or plan.content is None:
        row.state = ImportedState.NEW
        return row
    row.differences = differences_of(plan, read)
    if not row.differences:
        row.state = ImportedState.SAME
    else:
        row.state = ImportedState.ADJUSTMENT if plan.is_approved else ImportedState.CHANGED
    return row


def differences_of(plan: KnownPlan, read: Interpreted) -> list[dict[str, Any]]:
    """Return where a plan would say something else, as plain values."""
    return [asdict(row) for row in compare(plan.content, read.content)] if plan.content else []
