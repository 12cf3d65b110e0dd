"""Projects in a year: their money beside what they achieve."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, FilteredRelation, Q

from apps.plans.enums import Level1, Level2, Pairing
from apps.plans.models import GoalTerms, Indicator, Measure, Plan, Target
from apps.plans.queries import as_known
from apps.progress.enums import StandingStatus
from apps.progress.models import Standing
from apps.progress.queries import Coverage, Execution, coverages, current_standings, executions, known_year
from apps.ui.formats import in_language


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many indicators stand so."""

    status: str
    count: int


def status_counts(standings: Iterable[Standing]) -> list[StatusCount]:
    """Return how many standings have each status, in the order of the statuses; none that nobody has. No query."""
    found = Counter(standing.status for standing in standings)
    return [StatusCount(status, found[status]) for status in StandingStatus.values if found[status]]


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project in one year: its money, and how its indicators stand. Without indicators no goal was set."""

    plan: Plan
    execution: Execution
    counts: list[StatusCount]


def project_rows(
    plans: Sequence[Plan],
    today: date,
    standings: dict[int, Standing] | None = None,
    spent: dict[int, Execution] | None = None,
) -> list[ProjectRow]:
    """Return the plans with execution and status counts, in their order. `project__execution`, `approved__scheme` loaded.

    Five queries; none where standings and executions are given, as by `year_of`.
    """
    if standings is None:
        standings = current_standings(plans, today)
    if spent is None:
        spent = executions(plans, today)
    by_plan: dict[int, list[Standing]] = {}
    for standing in standings.values():
        by_plan.setdefault(standing.indicator.plan_id, []).append(standing)
    return [ProjectRow(plan, spent[plan.pk], status_counts(by_plan.get(plan.pk, []))) for plan in plans]


def year_of(
    plans: Sequence[Plan], today: date, known_at: datetime | None
) -> tuple[dict[int, Standing], dict[int, Execution]]:
    """Return standings by indicator and executions by plan, as they are or were known at a moment.

    Five queries, for a moment six. The plans come from `as_known`.
    """
    if known_at is None:
        return current_standings(plans, today), executions(plans, today)
    return known_year(plans, today, known_at)


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator as the approved plan words it, its target, where it stands, and who stands behind that."""

    indicator: Indicator
    name: str
    level1: str
    level2: str
    original_text: str
    weight: Decimal | None
    is_pairing_open: bool
    standing: Standing
    coverage: Coverage

    @property
    def measure(self) -> Measure:
        """Return what the indicator looks at."""
        return self.indicator.measure

    @property
    def target(self) -> Target | None:
        """Return the target in force."""
        return self.standing.target

    @property
    def percent(self) -> Decimal | None:
        """Return the achievement in percent, for a bar; a judgement is one already. None is unknown."""
        if not self.measure.is_figured:
            return self.standing.actual
        achieved = self.standing.achievement
        return None if achieved is None else achieved * 100

    @property
    def named(self) -> int:
        """Return how many members the target names."""
        return len(self.target.named.all()) if self.target else 0


@dataclass(frozen=True, slots=True)
class GoalBlock:
    """A goal with its wording, the words of the source, and its indicators."""

    number: int
    text: str
    original_text: str
    lines: list[IndicatorLine] = field(default_factory=list)

    @property
    def is_mended(self) -> bool:
        """Tell whether the wording differs from the source."""
        return self.text != self.original_text


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Everything that the page of one plan shows."""

    plan: Plan
    execution: Execution
    goals: list[GoalBlock]
    counts: list[StatusCount]


def project_page(plan: Plan, today: date, known_at: datetime | None = None) -> ProjectPage:
    """Return a plan with its money, goals and indicators. Seven queries; `project__execution`, `approved__scheme` loaded.

    With a moment, what was known then: eight where the plan comes `with_known` and `with_budget`.
    A plan without an approved version by then has its money and no goals.
    """
    as_known([plan], known_at)
    standings, spent = year_of([plan], today, known_at)
    behind = coverages(standings.values(), today, known_at)
    return ProjectPage(plan, spent[plan.pk], _goals(plan, standings, behind), status_counts(standings.values()))


def _goals(plan: Plan, standings: dict[int, Standing], behind: dict[int, Coverage]) -> list[GoalBlock]:
    """Return the goals of the approved version with their indicators; a goal without any stays in the list. One query."""
    blocks: dict[int, GoalBlock] = {}
    for row in _wording(plan):
        block = blocks.setdefault(row["goal_id"], GoalBlock(row["goal__number"], row["text"], row["original_text"]))
        if row["indicator"] in standings:
            block.lines.append(_line(row, standings[row["indicator"]], behind[row["indicator"]]))
    return list(blocks.values())


def _wording(plan: Plan) -> Collection[dict[str, Any]]:
    """Return one row per goal and indicator of the approved version, goals without an indicator included. One query."""
    words = ("name", "name_en", "level1", "level2", "weight", "pairing")
    return (
        GoalTerms.objects.filter(version=plan.approved_id)
        .annotate(
            term=FilteredRelation(
                "goal__indicator_terms", condition=Q(goal__indicator_terms__version=plan.approved_id)
            ),
            indicator=F("term__indicator"),
            source=F("term__original_text"),
            **{f"term_{word}": F(f"term__{word}") for word in words},
        )
        .order_by("goal__number", "term__position", "term__pk", "pk")
        .values(
            "goal_id", "goal__number", "text", "original_text", "indicator", "source", *(f"term_{w}" for w in words)
        )
    )


def _line(row: dict[str, Any], standing: Standing, behind: Coverage) -> IndicatorLine:
    return IndicatorLine(
        indicator=standing.indicator,
        name=in_language(row["term_name"], row["term_name_en"]),
        level1=str(Level1(row["term_level1"]).label),
        level2=str(Level2(row["term_level2"]).label),
        original_text=row["source"],
        weight=row["term_weight"],
        is_pairing_open=row["term_pairing"] == Pairing.UNVERIFIED,
        standing=standing,
        coverage=behind,
    )
