"""What a version of a plan says, as one value: money, goals, measures, indicators and targets by their codes, without row ids.

Everything that handles a plan whole goes through it: editing and undo, import and export, adjustment, comparison and the
roll-over into the next year. `content_of` reads it, `actions.contents` writes it, `to_json` and `from_json` keep it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter

from apps.plans.enums import (
    Basis,
    EqualMeans,
    Operator,
    Pairing,
    Path,
    ScopeRule,
    Span,
    TargetStatus,
    VersionState,
)
from apps.plans.models import (
    BudgetLine,
    ChecklistItem,
    Definition,
    Direction,
    GoalTerms,
    Indicator,
    IndicatorTerms,
    Measure,
    MeasureMember,
    PlanVersion,
    Target,
)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionContent:
    """A spending direction; `goals` by number, the amount in 元, None where none is given."""

    number: int
    text: str
    economic_item: str = ""
    amount: Decimal | None = None
    goals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetContent:
    """Money that this version brings: initial when the plan is first drafted, an adjustment later. In 元, by source code."""

    source: str
    kind: str
    amount: Decimal
    effective_on: date
    document: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalContent:
    """A numbered goal and the words of its source."""

    number: int
    text: str
    original_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipContent:
    """A member of a measure by code, the unit that reports it by code (empty: the bureau), and from when to when."""

    member: str
    reporting_unit: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureContent:
    """What is collected. `members` are codes of the measure's dimension; `season` is a name, `division` a unit's code."""

    code: str
    name: str
    name_en: str = ""
    kind: str
    unit_name: str = ""
    decimals: int = 0
    factor: Decimal | None = None
    numerator_name: str = ""
    numerator_name_en: str = ""
    denominator_name: str = ""
    denominator_name_en: str = ""
    is_part_of_whole: bool = False
    accumulation: str = ""
    denominator_accumulation: str = ""
    aggregation: str = ""
    dimension: str
    frequency: str
    season: str = ""
    division: str = ""
    definition: str = ""
    items: tuple[str, ...] = ()
    members: tuple[MembershipContent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedContent:
    """What is expected by the end of a period."""

    ends_on: date
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetContent:
    """A target. Columns as in `models.Target`; `members` are codes of the measure's dimension."""

    operator: str = Operator.AT_LEAST
    equal_means: str = EqualMeans.FLOOR
    basis: str = Basis.FIXED
    value: Decimal | None = None
    high: Decimal | None = None
    due_on: date | None = None
    factor: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)
    step: Decimal | None = None
    years: int | None = None
    scope: str = ScopeRule.TOGETHER
    scope_count: int | None = None
    members: tuple[str, ...] = ()
    path: str = Path.FROM_ZERO
    planned: tuple[PlannedContent, ...] = ()
    status: str = TargetStatus.FINAL
    document: str = ""
    decided_by: str = ""
    reference_value: Decimal | None = None
    reference_year: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorContent:
    """An indicator: where it stands in the form, what it looks at, what it wants this year and over the whole project."""

    code: str
    goal: int
    name: str
    name_en: str = ""
    original_text: str = ""
    level1: str
    level2: str
    weight: Decimal | None = None
    has_suggested_weight: bool = False
    pairing: str = Pairing.CONFIRMED
    is_soft: bool = False
    evidence: str = ""
    measure: str
    target: TargetContent | None = None
    whole_target: TargetContent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanContent:
    """A version of a plan. Goals and directions by number, measures by code, indicators in the order of the form.

    `budget` is only what this version brings, so it is empty for an adjustment that moves no money.
    """

    attribute: str = ""
    starts_on: date
    ends_on: date
    scheme: str = ""
    last_year_completion: str = ""
    document: str = ""
    reason: str = ""
    budget: tuple[BudgetContent, ...] = ()
    directions: tuple[DirectionContent, ...] = ()
    goals: tuple[GoalContent, ...] = ()
    measures: tuple[MeasureContent, ...] = ()
    indicators: tuple[IndicatorContent, ...] = ()

    def measure_of(self, indicator: IndicatorContent) -> MeasureContent:
        """Return the measure an indicator looks at."""
        return next(measure for measure in self.measures if measure.code == indicator.measure)

    def indicator(self, code: str) -> IndicatorContent | None:
        """Return the indicator of a code, None where there is none."""
        return next((row for row in self.indicators if row.code == code), None)


ADAPTER: Final = TypeAdapter(PlanContent)
SCHEME_VERSION: Final = "@"
OF_MEASURE: Final = tuple(
    field.name
    for field in fields(MeasureContent)
    if field.name not in ("season", "division", "definition", "items", "members")
)
OF_TARGET: Final = tuple(field.name for field in fields(TargetContent) if field.name not in ("members", "planned"))


def to_json(content: PlanContent) -> dict[str, Any]:
    """Return a content as plain values that JSON can hold; figures are texts."""
    return ADAPTER.dump_python(content, mode="json")


def from_json(values: dict[str, Any]) -> PlanContent:
    """Return the content that `to_json` wrote. Raises `pydantic.ValidationError` for anything else."""
    return ADAPTER.validate_python(values, strict=False)


def content_of(version: PlanVersion) -> PlanContent:
    """Return what a version says. Twelve queries."""
    return contents_of([version])[version.pk]


def contents_of(versions: Collection[PlanVersion]) -> dict[int, PlanContent]:
    """Return what versions say, by their ids. Twelve queries however many; they should belong to one bureau.

    The targets and wordings of an open version are those it proposes, and where it proposes none those in force.
    """
    reader = _Reader(versions)
    return {version.pk: reader.content(version) for version in versions}


class _Reader:
    """The rows of some versions, each kind read once."""

    def __init__(self, versions: Collection[PlanVersion]) -> None:
        ids = [version.pk for version in versions]
        terms = IndicatorTerms.objects.filter(version__in=ids).select_related(
            "indicator__measure__season", "indicator__measure__division", "goal"
        )
        self.terms = _by(terms.order_by("position", "pk"), "version_id")
        self.goals = _by(
            GoalTerms.objects.filter(version__in=ids).select_related("goal").order_by("goal__number"), "version_id"
        )
        directions = Direction.objects.filter(version__in=ids).prefetch_related("goals").order_by("number", "pk")
        self.directions = _by(directions, "version_id")
        money = BudgetLine.objects.filter(version__in=ids).select_related("source").order_by("effective_on", "pk")
        self.budget = _by(money, "version_id")
        self.schemes = {
            version.pk: version.scheme for version in PlanVersion.objects.filter(pk__in=ids).select_related("scheme")
        }
        rows = [row for found in self.terms.values() for row in found]
        self._read_measures({row.indicator.measure_id for row in rows})
        self._read_targets({row.indicator_id for row in rows})

    def _read_measures(self, measures: Collection[int]) -> None:
        members = MeasureMember.objects.filter(measure__in=measures).select_related("member", "reporting_unit")
        self.members = _by(members.order_by("member__position", "member__code"), "measure_id")
        self.items = _by(ChecklistItem.objects.filter(measure__in=measures).order_by("number"), "measure_id")
        self.definitions = _by(
            Definition.objects.filter(measure__in=measures).select_related("version").order_by("number"), "measure_id"
        )

    def _read_targets(self, indicators: Collection[int]) -> None:
        self.targets = _by(
            Target.objects.filter(indicator__in=indicators)
            .select_related("version")
            .prefetch_related("named__member", "planned")
            .order_by("number"),
            "indicator_id",
        )

    def content(self, version: PlanVersion) -> PlanContent:
        """Put together what one version says."""
        terms, scheme = self.terms[version.pk], self.schemes[version.pk]
        measures = {row.indicator.measure_id: row.indicator.measure for row in terms}
        return PlanContent(
            **_same(version, "attribute starts_on ends_on last_year_completion document reason"),
            scheme=f"{scheme.code}{SCHEME_VERSION}{scheme.number}" if scheme else "",
            budget=tuple(
                BudgetContent(source=row.source.code, **_same(row, "kind amount effective_on document reason"))
                for row in self.budget[version.pk]
            ),
            directions=tuple(
                DirectionContent(
                    **_same(row, "number text economic_item amount"),
                    goals=tuple(sorted(goal.number for goal in row.goals.all())),
                )
                for row in self.directions[version.pk]
            ),
            goals=tuple(
                GoalContent(number=row.goal.number, text=row.text, original_text=row.original_text)
                for row in self.goals[version.pk]
            ),
            measures=tuple(self._measure(measure, version) for measure in measures.values()),
            indicators=tuple(self._indicator(row, version) for row in terms),
        )

    def _measure(self, measure: Measure, version: PlanVersion) -> MeasureContent:
        wordings = [row.text for row in self.definitions[measure.pk] if _counts(row, version)]
        items = [row.text for row in self.items[measure.pk]]
        return measure_content(measure, wordings[-1] if wordings else "", items, self.members[measure.pk])

    def _indicator(self, terms: IndicatorTerms, version: PlanVersion) -> IndicatorContent:
        own = "name name_en original_text level1 level2 weight has_suggested_weight pairing is_soft evidence"
        return IndicatorContent(
            **_same(terms, own),
            code=terms.indicator.code,
            goal=terms.goal.number,
            measure=terms.indicator.measure.code,
            target=self._target(terms.indicator, version, Span.YEAR),
            whole_target=self._target(terms.indicator, version, Span.PROJECT),
        )

    def _target(self, indicator: Indicator, version: PlanVersion, span: Span) -> TargetContent | None:
        rows = [row for row in self.targets[indicator.pk] if row.span == span and _counts(row, version)]
        if not rows:
            return None
        return target_content(rows[-1])


def measure_content(
    measure: Measure, definition: str, items: Collection[str], members: Collection[MeasureMember]
) -> MeasureContent:
    """Return a measure as a content. Season, division and the members' rows should be loaded. No query."""
    return MeasureContent(
        **_same(measure, OF_MEASURE),
        season=measure.season.name if measure.season else "",
        division=measure.division.code if measure.division else "",
        definition=definition,
        items=tuple(items),
        members=tuple(
            MembershipContent(
                member=row.member.code,
                reporting_unit=row.reporting_unit.code if row.reporting_unit else "",
                starts_on=row.starts_on,
                ends_on=row.ends_on,
            )
            for row in sorted(members, key=lambda row: (row.member.position, row.member.code))
        ),
    )


def target_content(target: Target) -> TargetContent:
    """Return a target as a content. No query where `named__member` and `planned` are prefetched."""
    return TargetContent(
        **_same(target, OF_TARGET),
        members=tuple(row.member.code for row in sorted(target.named.all(), key=lambda row: row.member.code)),
        planned=tuple(PlannedContent(ends_on=row.ends_on, value=row.value) for row in target.planned.all()),
    )


def _counts(row: Any, version: PlanVersion) -> bool:
    """Tell whether a target or wording is the version's word: its own, or settled before it."""
    if row.version_id is None or row.version_id == version.pk:
        return True
    is_later = row.version.plan_id == version.plan_id and row.version.number > version.number
    return row.version.state == VersionState.APPROVED and not is_later


def _same(row: Any, names: str | Collection[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (names.split() if isinstance(names, str) else names)}


def _by(rows: Iterable[Row], column: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found
