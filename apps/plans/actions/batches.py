"""Many plans of one bureau at once, as a file declares them: drafts, and the projects that are made along."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.models import Unit, User
from apps.calculation.periods import year_of
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.actions.contents import BATCH, HEAD, ContentRefused, Written, write_contents
from apps.plans.actions.drafts import AlreadyOpen, NotYours, sentence_of
from apps.plans.actions.projects import (
    NumberTaken,
    ProjectWords,
    ensure_members,
    execution_columns,
    require_officer,
)
from apps.plans.enums import Dimension, Origin, VersionState
from apps.plans.models import Definition, Measure, MeasureMember, Member, Plan, PlanVersion, Project, Scheme
from apps.plans.queries.comparisons import summary
from apps.plans.queries.contents import SCHEME_VERSION, PlanContent
from apps.plans.queries.people import may_draft


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshPlan:
    """A plan to be made: of a project that is there, or of one that is made along from `words`."""

    year: int
    content: PlanContent
    project: Project | None = None
    words: ProjectWords | None = None


@transaction.atomic
def open_plans(
    *,
    bureau: Unit,
    plans: Sequence[FreshPlan],
    person: User,
    at: datetime,
    origin: Origin = Origin.IMPORTED,
    channel: Channel = Channel.WORKBOOK,
) -> list[PlanVersion]:
    """Make plans as drafts, each saying its content, and the projects that are missing; all of them or none.

    Projects that are there should have bureau and division loaded. One event for each project and plan that is made.
    Fifty queries however many plans, and one more for every five hundred rows of a kind. Raises `ProjectRefused`,
    `DraftRefused` and `ContentRefused`.
    """
    members = ensure_members(bureau)
    made = _add_projects(bureau, plans, person)
    projects = [fresh.project or made[place] for place, fresh in enumerate(plans)]
    _require_drafter(person, projects)
    versions = _versions(plans, projects, origin)
    authors = PlanVersion.authors.through
    authors._default_manager.bulk_create(
        [authors(planversion_id=version.pk, user_id=person.pk) for version in versions], batch_size=BATCH
    )
    pairs = [Written(version, None, fresh.content) for version, fresh in zip(versions, plans, strict=True)]
    _write(pairs, bureau, person, at, origin)
    changes = [Change(Verb.ADD, row, after={"code": row.code, "name": row.name}) for row in members]
    changes += [Change(Verb.ADD, row, after={"number": row.number, "name": row.name}) for row in made.values()]
    changes += [Change(Verb.ADD, pair.version, after=summary(pair.content)) for pair in pairs]
    record(bureau=bureau, actor=person, changes=changes, at=at, channel=channel)
    return versions


def _write(pairs: Sequence[Written], bureau: Unit, person: User, at: datetime, origin: Origin) -> None:
    try:
        with transaction.atomic():
            write_contents(pairs, bureau=bureau, person=person, at=at, origin=origin)
    except IntegrityError as broken:
        raise ContentRefused(sentence_of(broken)) from broken


def _require_drafter(person: User, projects: Iterable[Project]) -> None:
    for project in projects:
        if not may_draft(person, project):
            raise NotYours(_("您不能编制“%(project)s”的绩效目标。") % {"project": project})


# Projects -------------------------------------------------------------------------------------------------------------


def _add_projects(bureau: Unit, plans: Sequence[FreshPlan], person: User) -> dict[int, Project]:
    """Make the projects that are missing, by the place of their plan, each with the measure of its spending."""
    wanted = {place: fresh for place, fresh in enumerate(plans) if fresh.project is None and fresh.words}
    if not wanted:
        return {}
    require_officer(person, bureau)
    words = {place: fresh.words for place, fresh in wanted.items() if fresh.words}
    _require_free(bureau, [row.number for row in words.values()])
    executions = _executions(bureau, list(wanted.values()))
    rows = [
        Project(
            bureau=bureau,
            division=row.division,
            number=row.number,
            function_code=row.function_code,
            nature=row.nature,
            name=row.name,
            name_en=row.name_en,
            description=row.description,
            execution=execution,
        )
        for row, execution in zip(words.values(), executions, strict=True)
    ]
    return dict(zip(words, Project.objects.bulk_create(rows, batch_size=BATCH), strict=True))


def _require_free(bureau: Unit, numbers: Sequence[str]) -> None:
    """Raise `NumberTaken` for a number that another project has, or that is given twice."""
    times = Counter(numbers)
    there = Project.objects.filter(bureau=bureau, number__in=times).order_by("number")
    taken = there.values_list("number", flat=True).first() or next((n for n in numbers if times[n] > 1), None)
    if taken is not None:
        raise NumberTaken(_("编号“%(number)s”已被本单位另一个项目使用。") % {"number": taken})


def _executions(bureau: Unit, plans: Sequence[FreshPlan]) -> list[Measure]:
    """Make the measures of spending: asked for every funding source of the bureau, worded from the plan's first year on."""
    sources = list(Member.objects.filter(bureau=bureau, dimension=Dimension.FUNDING, ends_on=None).order_by("pk"))
    columns = [
        execution_columns(fresh.words.number, fresh.words.name, fresh.words.name_en or fresh.words.name)
        for fresh in plans
        if fresh.words
    ]
    codes = _free_codes(bureau, [row["code"] for row in columns])
    texts = [row.pop("definition") for row in columns]
    rows = [
        Measure(bureau=bureau, division=fresh.words.division, **(row | {"code": code}))
        for fresh, row, code in zip(plans, columns, codes, strict=True)
        if fresh.words
    ]
    made = Measure.objects.bulk_create(rows, batch_size=BATCH)
    MeasureMember.objects.bulk_create(
        [MeasureMember(measure=measure, member=source) for measure in made for source in sources], batch_size=BATCH
    )
    Definition.objects.bulk_create(
        [
            Definition(measure=measure, number=1, text=text, effective_on=year_of(fresh.year).starts_on)
            for measure, text, fresh in zip(made, texts, plans, strict=True)
        ],
        batch_size=BATCH,
    )
    return made


def _free_codes(bureau: Unit, codes: Sequence[str]) -> list[str]:
    """Return the codes, those that a measure has already with a number behind them."""
    wanted = [f"{code}-{place}" for code in codes for place in range(2, 10)]
    rows = Measure.objects.filter(bureau=bureau, code__in=[*codes, *wanted])
    taken = set(rows.values_list("code", flat=True))
    return [next((c for c in (code, *(f"{code}-{n}" for n in range(2, 10))) if c not in taken), code) for code in codes]


# Plans ----------------------------------------------------------------------------------------------------------------


def _versions(plans: Sequence[FreshPlan], projects: Sequence[Project], origin: Origin) -> list[PlanVersion]:
    """Make the plans that are missing and a fresh draft of each. Raises `AlreadyOpen` where one has a version that stands."""
    years = [fresh.year for fresh in plans]
    there = Plan.objects.filter(project__in=projects, year__in=set(years)).select_related("project")
    found = {(plan.project_id, plan.year): plan for plan in there}
    standing = PlanVersion.objects.filter(plan__in=there).exclude(state=VersionState.WITHDRAWN)
    if version := standing.select_related("plan__project").filter(plan__year__in=years).first():
        words = {"project": version.plan.project, "year": version.plan.year}
        raise AlreadyOpen(_("%(project)s 已有 %(year)s 年度的绩效目标。") % words)
    keys = [(project, year) for project, year in zip(projects, years, strict=True)]
    fresh = [Plan(project=project, year=year) for project, year in keys if (project.pk, year) not in found]
    found |= {(plan.project_id, plan.year): plan for plan in Plan.objects.bulk_create(fresh, batch_size=BATCH)}
    numbers = dict(
        PlanVersion.objects.filter(plan__in=there).order_by().values_list("plan").annotate(last=Max("number"))
    )
    schemes = {f"{row.code}{SCHEME_VERSION}{row.number}": row for row in Scheme.objects.all()}
    return PlanVersion.objects.bulk_create(
        [
            PlanVersion(
                plan=(plan := found[project.pk, year]),
                number=numbers.get(plan.pk, 0) + 1,
                origin=origin,
                scheme=schemes.get(row.content.scheme),
                **{name: getattr(row.content, name) for name in HEAD},
            )
            for (project, year), row in zip(keys, plans, strict=True)
        ],
        batch_size=BATCH,
    )
