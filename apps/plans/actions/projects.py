"""Projects: what money is given for, and the measure by which its spending is followed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.enums import Role
from apps.accounts.models import Unit, User
from apps.calculation.periods import year_of
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.actions.drafts import open_plan
from apps.plans.enums import Accumulation, Aggregation, Attribute, Dimension, Frequency, Kind
from apps.plans.models import Definition, Measure, MeasureMember, Member, PlanVersion, Project
from apps.plans.queries.contents import PlanContent

EXECUTION: Final = {
    "name": "预算执行数",
    "name_en": "Budget executed",
    "definition": "自年初起累计的预算支出，按资金来源分列。",
}
# What every bureau has, made when the first project asks for it.
ITSELF: Final = {"dimension": Dimension.UNIT, "code": "unit", "name": "本单位", "name_en": "The bureau itself"}
GENERAL: Final = {
    "dimension": Dimension.FUNDING,
    "code": "general",
    "name": "一般公共预算",
    "name_en": "General public budget",
}
COLUMNS: Final = ("number", "name", "name_en", "function_code", "nature", "description", "division")


class ProjectRefused(Exception):
    """A change of a project that is not made; the message is the sentence for people."""


class NotOfficer(ProjectRefused):
    """Somebody who is not a performance officer of the bureau."""


class NumberTaken(ProjectRefused):
    """A number that another project of the bureau has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectWords:
    """What people type about a project."""

    number: str
    name: str
    function_code: str
    nature: str
    name_en: str = ""
    description: str = ""
    division: Unit | None = None


@transaction.atomic
def add_project(
    *,
    bureau: Unit,
    words: ProjectWords,
    since: date,
    person: User,
    at: datetime,
    sources: Sequence[Member] = (),
    channel: Channel = Channel.PAGE,
) -> Project:
    """Make a project and the measure of its spending, asked by the month for each funding source and worded so `since` a day.

    Without `sources` all of the bureau's that have not ended are asked; a bureau that has none yet gets the general public
    budget, and itself as the member of whatever is not broken down. Raises `NotOfficer` and `NumberTaken`.
    """
    require_officer(person, bureau)
    made = ensure_members(bureau)
    project = _written(Project(bureau=bureau), words)
    project.execution = _execution(project, sources or _sources(bureau), since)
    project.save(update_fields=["execution"])
    changes = [Change(Verb.ADD, row, after={"code": row.code, "name": row.name}) for row in made]
    changes.append(Change(Verb.ADD, project, after=_told(project)))
    record(bureau=bureau, actor=person, changes=changes, at=at, channel=channel)
    return project


@transaction.atomic
def change_project(
    *, project: Project, words: ProjectWords, person: User, at: datetime, channel: Channel = Channel.PAGE
) -> Project:
    """Change what is said of a project; a change that changes nothing leaves no trace. Raises as `add_project` does."""
    locked = (
        Project.objects.select_for_update(of=("self",), no_key=True)
        .select_related("bureau", "division")
        .get(pk=project.pk)
    )
    require_officer(person, locked.bureau)
    before = _told(locked)
    after = _told(_written(locked, words))
    names = [name for name in COLUMNS if before[name] != after[name]]
    if names:
        change = Change(
            Verb.CHANGE,
            locked,
            before={name: before[name] for name in names},
            after={name: after[name] for name in names},
        )
        record(bureau=locked.bureau, actor=person, changes=[change], at=at, channel=channel)
    return locked


@transaction.atomic
def start_project(
    *, bureau: Unit, words: ProjectWords, year: int, attribute: str, person: User, at: datetime
) -> PlanVersion:
    """Make a project and the draft of its first plan. Raises as `add_project` and `open_plan` do."""
    project = add_project(bureau=bureau, words=words, since=year_of(year).starts_on, person=person, at=at)
    return open_plan(project=project, year=year, content=blank(year, attribute), person=person, at=at)


def blank(year: int, attribute: str = Attribute.NEW) -> PlanContent:
    """Return a plan that says nothing but its year and what sort of project it is."""
    days = year_of(year)
    return PlanContent(attribute=attribute, starts_on=days.starts_on, ends_on=days.ends_on)


def ensure_members(bureau: Unit) -> list[Member]:
    """Give a bureau the members without which it can have no plan, and return those that were missing. Two queries.

    Whose transaction this runs in writes them into the journal.
    """
    there = set(Member.objects.filter(bureau=bureau).order_by().values_list("dimension", flat=True).distinct())
    missing = [row for row in (ITSELF, GENERAL) if row["dimension"] not in there]
    return Member.objects.bulk_create([Member(bureau=bureau, **row) for row in missing])


def execution_columns(number: str, name: str, name_en: str, words: dict[str, str] = EXECUTION) -> dict[str, Any]:
    """Return the columns of the measure of a project's spending: money, a running total by the month, by funding source.

    `definition` is the wording beside them.
    """
    return {
        "code": f"execution-{number.lower()}",
        "name": f"{words['name']}：{name}"[:100],
        "name_en": f"{words['name_en']}: {name_en}"[:160],
        "kind": Kind.MONEY,
        "unit_name": "元",
        "decimals": 2,
        "accumulation": Accumulation.RUNNING_TOTAL,
        "aggregation": Aggregation.SUM,
        "dimension": Dimension.FUNDING,
        "frequency": Frequency.MONTHLY,
        "definition": words["definition"],
    }


def require_officer(person: User, bureau: Unit) -> None:
    """Raise `NotOfficer` for whoever is not a performance officer of the bureau."""
    if not any(bureau.path.startswith(path) for path in person.paths(Role.OFFICER)):
        raise NotOfficer(_("只有本单位的绩效管理岗可以这样做。"))


def _written(project: Project, words: ProjectWords) -> Project:
    for name in COLUMNS:
        setattr(project, name, getattr(words, name))
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError as taken:
        raise NumberTaken(_("编号“%(number)s”已被本单位另一个项目使用。") % {"number": words.number}) from taken
    return project


def _told(project: Project) -> dict[str, Any]:
    """Return a project as the journal keeps it."""
    plain = {name: getattr(project, name) for name in COLUMNS if name != "division"}
    return plain | {"division": project.division.name if project.division else ""}


def _sources(bureau: Unit) -> list[Member]:
    rows = Member.objects.filter(bureau=bureau, dimension=Dimension.FUNDING, ends_on=None)
    return list(rows.order_by("position", "pk"))


def _execution(project: Project, sources: Sequence[Member], since: date) -> Measure:
    columns = execution_columns(project.number, project.name, project.name_en or project.name)
    definition = columns.pop("definition")
    columns["code"] = _free_code(project.bureau, columns["code"])
    measure = Measure.objects.create(bureau=project.bureau, division=project.division, **columns)
    MeasureMember.objects.bulk_create([MeasureMember(measure=measure, member=source) for source in sources])
    Definition.objects.create(measure=measure, number=1, text=definition, effective_on=since)
    return measure


def _free_code(bureau: Unit, code: str) -> str:
    """Return a code that no measure has: a number that was given to another project before leaves its code behind."""
    taken = set(Measure.objects.filter(bureau=bureau, code__startswith=code).values_list("code", flat=True))
    return next(found for place in count(1) if (found := code if place == 1 else f"{code}-{place}") not in taken)
