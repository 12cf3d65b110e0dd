"""What the pages of an import show."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Unit, User
from apps.accounts.querysets import below
from apps.documents.enums import ImportedState
from apps.documents.models import ImportedPlan, PlanImport
from apps.documents.queries.readings import UNSETTLED, IndicatorReading, readings_from_json
from apps.documents.queries.surroundings import KnownPlan, known_plans
from apps.plans.enums import Attribute, Kind, Level1, Level2, Pairing, TargetStatus
from apps.plans.models import Member, Scheme
from apps.plans.queries.contents import (
    SCHEME_VERSION,
    BudgetContent,
    GoalContent,
    IndicatorContent,
    MeasureContent,
    PlanContent,
    from_json,
)
from apps.plans.queries.side_by_side import Names, Section, sections
from apps.ui import formats
from apps.ui.formats import in_language
from apps.ui.targets import target_text


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of a preview: the words of the file, and what was read from them."""

    reading: IndicatorReading
    indicator: IndicatorContent
    measure: MeasureContent
    shown: str

    @property
    def notes(self) -> list[str]:
        """Return what there is to know about the reading, in the language of the page."""
        return [in_language(note.zh, note.en) for note in self.reading.notes]

    @property
    def classes(self) -> str:
        """Return 一级 and 二级 in words."""
        return f"{Level1(self.indicator.level1).label} · {Level2(self.indicator.level2).label}"

    @property
    def kind(self) -> str:
        """Return what figures are collected, in words."""
        return str(Kind(self.measure.kind).label)

    @property
    def is_class_suggested(self) -> bool:
        return "level1" in self.reading.suggested

    @property
    def are_parts_suggested(self) -> bool:
        return "parts" in self.reading.suggested

    @property
    def is_unpaired(self) -> bool:
        return self.indicator.pairing == Pairing.UNVERIFIED

    @property
    def is_unsettled(self) -> bool:
        return self.indicator.target is not None and self.indicator.target.status in UNSETTLED

    @property
    def status(self) -> str:
        """Return 暂定, 待定 or 确定 as a word; empty without a target."""
        target = self.indicator.target
        return str(TargetStatus(target.status).label) if target else ""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a file says of a project under one word; `is_verbatim` marks words of the file, which are Chinese on every page."""

    word: str
    lines: list[str]
    is_verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """One project of a file: its indicators, those to be looked at first, and what would change in a plan that is there."""

    imported: ImportedPlan
    content: PlanContent
    facts: list[Fact]
    lines: list[Line]
    sections: list[Section]
    money: list[BudgetContent]

    @property
    def goals(self) -> tuple[GoalContent, ...]:
        return self.content.goals

    @property
    def changes(self) -> int:
        """Return how many pieces of the plan would say something else."""
        return sum(len(section.changed) for section in self.sections) + len(self.money)

    @property
    def open(self) -> int:
        return sum(line.reading.is_open for line in self.lines)


def preview_of(imported: ImportedPlan) -> Preview:
    """Return the preview of a project. Three queries, and seventeen more for one that has a plan."""
    content = from_json(imported.content)
    names = names_of(imported.plan_import.bureau)
    known = _known(imported)
    before = known.content if known and imported.is_open else None
    return Preview(
        imported=imported,
        content=content,
        facts=facts_of(imported),
        lines=sorted(lines_of(imported, content, names), key=_most_doubtful_first),
        sections=sections(before, content, names) if before else [],
        money=[line for line in content.budget if before and line not in before.budget],
    )


def open_in(imported: ImportedPlan) -> int:
    """Return how many readings of a project nobody looked at who should. No query."""
    return sum(reading.is_open for reading in readings_from_json(imported.readings))


def facts_of(imported: ImportedPlan) -> list[Fact]:
    """Return what a file says of a project beside goals and indicators; what it does not say has no lines. No query."""
    printed = imported.printed
    amount = printed.get("amount")
    days = [day for day in (printed.get("starts_on"), printed.get("ends_on")) if day]
    last_year = printed.get("last_year_completion")
    return [
        Fact(_("项目属性"), [str(Attribute(printed["attribute"]).label)] if printed.get("attribute") else []),
        Fact(_("起止时间"), [" – ".join(days)] if days else []),
        Fact(_("金额"), [] if amount is None else [f"{formats.money(Decimal(amount))} {formats.unit('万元')}"]),
        Fact(
            pgettext("several", "支出方向"),
            [f"{row['number']}. {row['text']}" for row in printed.get("directions", ())],
            is_verbatim=True,
        ),
        Fact(_("上年度完成情况"), [last_year["text"]] if last_year else [], is_verbatim=True),
    ]


def _most_doubtful_first(line: Line) -> tuple[bool, bool]:
    """Return the place of a line: what could not be read for sure, then what the form leaves open, then the rest."""
    return not line.reading.is_open, not line.reading.is_ambiguous


def _known(imported: ImportedPlan) -> KnownPlan | None:
    """Return the plan that a project of a file is held against."""
    project = imported.project
    return known_plans([project]).get(project.pk, {}).get(imported.year) if project else None


def names_of(bureau: Unit) -> Names:
    """Return what people call the codes of a bureau. Three queries."""
    return Names(
        members={(row.dimension, row.code): str(row) for row in Member.objects.filter(bureau=bureau)},
        units={row.code: str(row) for row in Unit.objects.filter(path__startswith=bureau.path)},
        schemes={f"{row.code}{SCHEME_VERSION}{row.number}": str(row) for row in Scheme.objects.all()},
    )


def lines_of(imported: ImportedPlan, content: PlanContent, names: Names) -> list[Line]:
    """Return the indicators of a preview in the order of the file. No query."""
    measures = {measure.code: measure for measure in content.measures}
    indicators = {row.code: row for row in content.indicators}
    found = []
    for reading in readings_from_json(imported.readings):
        indicator = indicators[reading.code]
        measure = measures[indicator.measure]
        members = (
            [names.member(measure.dimension, code) for code in indicator.target.members] if indicator.target else []
        )
        found.append(Line(reading, indicator, measure, target_text(indicator.target, measure, names=members)))
    return found


def imports_of(user: User) -> QuerySet[PlanImport]:
    """Return the files that a person may see, the latest first, with `projects`, how many there are, and `waiting`."""
    waiting = Q(plans__state__in=[ImportedState.NEW, ImportedState.CHANGED, ImportedState.ADJUSTMENT])
    rows = PlanImport.objects.visible_to(user).select_related("bureau", "uploaded_by", "confirmed_by", "job")
    return rows.annotate(projects=Count("plans"), waiting=Count("plans", filter=waiting)).order_by(
        "-uploaded_at", "-pk"
    )


def rows_of(plan_import: PlanImport) -> QuerySet[ImportedPlan]:
    """Return the projects of a file without what was read of them: those to be looked at first."""
    rows = ImportedPlan.objects.filter(plan_import=plan_import).select_related("project", "division", "plan")
    heavy = ("printed", "content", "readings", "differences")
    return rows.defer(*heavy).order_by("-ambiguous", "position", "pk")


def totals_of(plan_import: PlanImport) -> dict[str, int]:
    """Return how much a file holds and what waits in it. One query."""
    states = {str(state): Count("pk", filter=Q(state=state)) for state in ImportedState.values}
    counts = {name: Sum(name, default=0) for name in ("ambiguous", "soft", "provisional", "unpaired")}
    homeless = Count("pk", filter=Q(state=ImportedState.NEW, project=None, division=None))
    problems = Count("pk", filter=~Q(problem=""))
    return ImportedPlan.objects.filter(plan_import=plan_import).aggregate(
        **states, **counts, all=Count("pk"), homeless=homeless, problems=problems
    )


def bureaus_of(user: User) -> list[Unit]:
    """Return the bureaus whose plans a person puts together. One query."""
    held = below("path", user.paths(Role.OFFICER))
    return list(Unit.objects.filter(held, kind=UnitKind.BUREAU).order_by("path"))
