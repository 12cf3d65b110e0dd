"""The page on which a plan is made: its content piece by piece, beside the rows that say who, how much and since when."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts.models import Unit, User
from apps.calculation.schemes import Scheme as ScoringScheme
from apps.plans.enums import (
    Attribute,
    BudgetKind,
    Dimension,
    Level1,
    Origin,
    VersionState,
)
from apps.plans.models import BudgetLine, Edit, Plan, PlanVersion, Result
from apps.plans.queries.approval import Approval
from apps.plans.queries.contents import (
    IndicatorContent,
    MeasureContent,
    PlanContent,
    content_of,
)
from apps.plans.queries.editing.rows import (
    Block,
    BudgetRow,
    DirectionRow,
    GoalRow,
    IndicatorRow,
    MeasureRow,
    MemberRow,
    Money,
    Weights,
)
from apps.plans.queries.editing.surroundings import Places, used_measures
from apps.plans.queries.editing.wording import target_words
from apps.plans.queries.people import may_draft

YEARS_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class EditorPage:
    """Everything that the editor shows of one version; `why_locked` says why its words stand, empty where they do not."""

    plan: Plan
    version: PlanVersion
    content: PlanContent
    may_edit: bool
    why_locked: str
    last_edit: Edit | None
    money: Money
    weights: Weights
    goals: list[GoalRow]
    directions: list[DirectionRow]
    measures: list[MeasureRow]
    places: Places = field(repr=False)
    approval: Approval | None = None

    def measure(self, code: str) -> MeasureRow | None:
        """Return the row of a measure."""
        return next((row for row in self.measures if row.content.code == code), None)

    def row(self, part: str, name: str) -> Any:
        """Return the row by which a piece is shown, None where there is none; the head is the page itself."""
        if part == "head":
            return self
        if part == "indicators":
            rows = [row for goal in self.goals for row in goal.indicators]
            return next((row for row in rows if row.content.code == name), None)
        if part == "measures":
            return self.measure(name)
        if part == "budget":
            return next((row for row in self.money.rows if str(row.place) == name), None)
        rows_of = self.goals if part == "goals" else self.directions
        return next((row for row in rows_of if str(row.content.number) == name), None)

    @property
    def has_checks(self) -> bool:
        """Tell whether the plan check looks at it: not at what was withdrawn, nor at an approved plan that wants nothing."""
        state = self.version.state
        says_something = bool(self.goals or self.content.indicators)
        return state != VersionState.WITHDRAWN and (says_something or state != VersionState.APPROVED)

    @property
    def attribute(self) -> str:
        """Return the project's attribute in words, empty where none is chosen."""
        return str(Attribute(self.content.attribute).label) if self.content.attribute else ""

    @property
    def may_share_weights(self) -> bool:
        """Tell whether points are missing and there are indicators that could take them."""
        return self.may_edit and bool(self.weights.unweighted) and (self.weights.short or 0) > 0

    @property
    def has_suggestions(self) -> bool:
        """Tell whether weights wait for somebody's word."""
        return self.may_edit and bool(self.weights.suggested)


def is_typed(version: PlanVersion) -> bool:
    """Tell whether a version's words have no other source than the editor: what is typed is then its own source."""
    return version.origin == Origin.TYPED and not version.is_adjustment


def plan_on_the_table(plan: Plan) -> PlanVersion | None:
    """Return the version that a plan's page shows: the one on its way, else the last one; None for a plan without any.

    One query; scheme and the people of the ledger are loaded.
    """
    rows = plan.versions.select_related("scheme", "approved_by").order_by("number")
    return rows.open().last() or rows.exclude(state=VersionState.WITHDRAWN).last() or rows.last()


def editor_page(version: PlanVersion, plan: Plan, person: User) -> EditorPage:
    """Return the editor's page of a version. Nineteen queries, however much the plan says.

    The plan's project with bureau and division and the version's scheme should be loaded.
    """
    content = content_of(version)
    places = Places(plan.project.bureau)
    may = may_draft(person, plan.project)
    indicators = [_indicator(row, version, content, places) for row in content.indicators]
    return EditorPage(
        plan=plan,
        version=version,
        content=content,
        may_edit=may and version.is_draft,
        why_locked=_why_locked(version, may_draft=may),
        last_edit=version.edits.select_related("person").order_by("-number").first(),
        money=_money(version, content, places),
        weights=_weights(version, content),
        goals=[GoalRow(goal, [row for row in indicators if row.content.goal == goal.number]) for goal in content.goals],
        directions=[DirectionRow(row) for row in content.directions],
        measures=_measures(content, plan, places),
        places=places,
    )


def _why_locked(version: PlanVersion, *, may_draft: bool) -> str:
    """Return why the person cannot change anything here, and what can be done; empty where they can."""
    if not may_draft:
        return _("您可以查看，不能修改：绩效目标由责任处室和绩效管理岗编制。")
    if version.state == VersionState.APPROVED:
        return _("这一版已批复，内容已锁定。需要修改时请“申请调整”，批准后成为新的版本。")
    if version.state == VersionState.WITHDRAWN:
        return _("这一版已撤销，不能再修改。")
    if not version.is_draft:
        return _("这一版正在办理（%(state)s），内容已锁定。需要修改时请先收回，或请办理人退回。") % {
            "state": version.get_state_display()
        }
    return ""


def _indicator(row: IndicatorContent, version: PlanVersion, content: PlanContent, places: Places) -> IndicatorRow:
    measure = content.measure_of(row)
    names = places.names(measure.dimension)
    return IndicatorRow(
        row,
        measure,
        target_words(row.target, measure, names),
        target_words(row.whole_target, measure, names) if row.whole_target else "",
        has_source=bool(row.original_text) and row.original_text != row.name and not is_typed(version),
    )


def _money(version: PlanVersion, content: PlanContent, places: Places) -> Money:
    """Return the money: what is settled, read in one query, and what the version brings."""
    approved = Q(version=None) | Q(version__state=VersionState.APPROVED)
    settled = BudgetLine.objects.filter(approved, plan=version.plan_id).exclude(version=version)
    names = places.names(Dimension.FUNDING)
    rows = [
        BudgetRow(None, str(row.source), row.get_kind_display(), row)
        for row in settled.select_related("source").order_by("effective_on", "pk")
    ]
    rows += [
        BudgetRow(place, names.get(row.source, row.source), str(BudgetKind(row.kind).label), row)
        for place, row in enumerate(content.budget, start=1)
    ]
    initial = [row.content.amount for row in rows if row.content.kind == BudgetKind.INITIAL]
    amounts = [row.content.amount for row in rows]
    return Money(rows, sum(initial, Decimal(0)) if initial else None, sum(amounts, Decimal(0)) if amounts else None)


def _weights(version: PlanVersion, content: PlanContent) -> Weights:
    """Return the points by class beside those of the scheme; classes that neither has are left out."""
    scheme = ScoringScheme.from_data(version.scheme.content) if version.scheme else None
    wanted = scheme.class_weights if scheme and not scheme.goals_weight else {}
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in content.indicators:
        totals[row.level1] += row.weight or Decimal(0)
    blocks = [
        Block(str(level.label), totals[level], wanted.get(level.value))
        for level in Level1
        if totals[level] or wanted.get(level.value)
    ]
    return Weights(
        total=sum(totals.values(), Decimal(0)),
        wanted=scheme.declared_weight if scheme else None,
        blocks=blocks,
        suggested=sum(row.has_suggested_weight and row.weight is not None for row in content.indicators),
        unweighted=sum(row.weight is None and bool(wanted.get(row.level1)) for row in content.indicators),
        by_class=wanted,
    )


def _measures(content: PlanContent, plan: Plan, places: Places) -> list[MeasureRow]:
    """Return the measures with who reports them and what they came to. Two queries beside those of the places."""
    codes = [row.code for row in content.measures]
    used = used_measures(codes, places.bureau)
    results = _results(codes, places.bureau, plan.year)
    return [
        MeasureRow(
            content=row,
            used_by=[indicator.code for indicator in content.indicators if indicator.measure == row.code],
            lock=_lock(used.get(row.code)),
            members=_members(row, places),
            results=results.get(row.code, []),
        )
        for row in content.measures
    ]


def _lock(plan: str | None) -> str:
    if plan is None:
        return ""
    return _("已用于批复的目标（%(plan)s），它怎么计数不能再改，只能改口径；要换算法请另建数据项。") % {"plan": plan}


def _results(codes: Collection[str], bureau: Unit, year: int) -> dict[str, list[Result]]:
    """Return what measures came to as wholes in the years before, latest first, by code. One query."""
    rows = Result.objects.filter(
        measure__bureau=bureau,
        measure__code__in=codes,
        member=None,
        year__range=(year - YEARS_SHOWN, year - 1),
    )
    found: dict[str, list[Result]] = defaultdict(list)
    for row in rows.select_related("measure").order_by("-year", "pk"):
        found[row.measure.code].append(row)
    return found


def _members(measure: MeasureContent, places: Places) -> list[MemberRow]:
    """Return who reports what: the unit named for a member, else the member's own, else whoever answers for the measure."""
    known = {row.code: row for row in places.of(measure.dimension)}
    answering = places.unit(measure.division) or places.bureau
    rows = []
    for row in measure.members:
        member = known.get(row.member)
        unit = places.unit(row.reporting_unit) or (member.unit if member else None) or answering
        rows.append(
            MemberRow(
                str(member or row.member), str(unit), places.reporters.get(unit.pk, []), row.starts_on, row.ends_on
            )
        )
    return rows
