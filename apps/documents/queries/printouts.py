"""What the official forms are filled from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from apps.assessments.queries import Line, Scorecard, scorecard
from apps.calculation.spending import execution_rate
from apps.plans.enums import BudgetKind, Level1, Level2, Origin
from apps.plans.models import BudgetLine, Direction, GoalTerms, IndicatorTerms, Plan, PlanVersion, Result, Target
from apps.plans.queries import as_known, target_in_force, terms_of
from apps.progress.models import Revision
from apps.progress.queries import series_of

FISCAL_SOURCES = ("general", "government_funds", "state_capital")
FISCAL, CARRIED_OVER, OTHER = "fiscal", "carried_over", "other"


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One row of 项目资金, in 元; None is unknown or not given, zero is zero. The rate is percent."""

    initial: Decimal | None
    adjusted: Decimal | None
    executed: Decimal | None

    @property
    def rate(self) -> Decimal | None:
        """Return 执行率 = 全年执行数 ÷ 全年预算数 in percent, None where one of them is unknown."""
        if self.adjusted is None or self.executed is None:
            return None
        return execution_rate(self.adjusted, self.executed)


@dataclass(frozen=True, slots=True)
class AssessmentForm:
    """项目支出绩效自评表 of one plan: the score beside the money by source and the goals in words.

    `lines` are the scored indicators in the order of the form's classes. `is_demonstration` says that made-up figures
    are in it. `known_at` is the moment whose knowledge it shows, None for now.
    """

    plan: Plan
    card: Scorecard
    total: MoneyRow
    sources: dict[str, MoneyRow]
    goals: list[tuple[GoalTerms, list[Line]]]
    lines: list[Line]
    is_demonstration: bool
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanForm:
    """项目绩效目标表 (表十一) of one plan, in the words of its source; `initial` is the declared budget in 元."""

    plan: Plan
    version: PlanVersion
    initial: Decimal | None
    directions: list[Direction]
    goals: list[tuple[GoalTerms, list[str]]]
    is_demonstration: bool
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeclarationForm:
    """项目支出绩效目标申报表 of one plan: what the older form prints, and beside it the classes, targets and points.

    `aims` are the indicators with the targets that count, None for one without a target yet. `funding` are the declared
    sums in 元 by kind of source, as far as there are any.
    """

    form: PlanForm
    aims: list[tuple[IndicatorTerms, Target | None]]
    funding: dict[str, Decimal]


def assessment_form(plan: Plan, today: date, known_at: datetime | None = None) -> AssessmentForm | None:
    """Return what the self-assessment is filled from, None for a plan that cannot be scored. Sixteen queries at most.

    `project__bureau`, `project__execution` and `approved__scheme` should be loaded. `known_at` asks what was known at a
    moment, in four queries more.
    """
    as_known([plan], known_at)
    card = scorecard(plan, today, known_at)
    if card is None:
        return None
    scored, tracked = card.lines, card.tracked
    money = list(plan.budget_lines.settled(known_at).select_related("source").order_by("pk"))
    executed = _executed(plan, today, known_at)
    return AssessmentForm(
        plan=plan,
        card=card,
        total=MoneyRow(_sum(money, BudgetKind.INITIAL), card.execution.budget, card.execution.executed),
        sources={name: _source(name, money, executed) for name in (FISCAL, CARRIED_OVER, OTHER)},
        goals=_goals(plan, [*scored, *tracked]),
        lines=sorted(scored, key=_in_form_order),
        is_demonstration=_has_demonstration_figures(plan, [line.terms for line in (*scored, *tracked)], known_at),
        known_at=known_at,
    )


def _in_form_order(line: Line) -> tuple[int, int, int, int]:
    return _by_class(line.terms)


def _by_class(terms: IndicatorTerms) -> tuple[int, int, int, int]:
    level1 = _LEVEL1.index(Level1(terms.level1))
    return level1, list(Level2).index(Level2(terms.level2)), terms.position, terms.pk


_LEVEL1 = (Level1.OUTPUT, Level1.BENEFIT, Level1.SATISFACTION, Level1.COST)


def _goals(plan: Plan, lines: Sequence[Line]) -> list[tuple[GoalTerms, list[Line]]]:
    goals = GoalTerms.objects.filter(version=plan.approved_id).select_related("goal").order_by("goal__number", "pk")
    return [(goal, [line for line in lines if line.terms.goal_id == goal.goal_id]) for goal in goals]


def _source(name: str, money: Sequence[BudgetLine], executed: dict[str, Decimal]) -> MoneyRow:
    """Return the money of one kind of source; what was spent of money carried over is not collected apart."""
    lines = [line for line in money if _kind_of(line) == name]
    return MoneyRow(_sum(lines, BudgetKind.INITIAL), _sum(lines), executed.get(name))


def _kind_of(line: BudgetLine) -> str:
    if line.kind == BudgetKind.CARRIED_OVER:
        return CARRIED_OVER
    return FISCAL if line.source.code in FISCAL_SOURCES else OTHER


def _sum(lines: Sequence[BudgetLine], kind: str | None = None) -> Decimal | None:
    """Return the sum of the lines (of a kind), None where there is none: no line is unknown, not zero."""
    amounts = [line.amount for line in lines if kind is None or line.kind == kind]
    return sum(amounts, Decimal(0)) if amounts else None


def _executed(plan: Plan, today: date, known_at: datetime | None) -> dict[str, Decimal]:
    """Return what was spent by the month that the total goes to, by kind of source. One query."""
    measure = plan.project.execution
    if measure is None:
        return {}
    series = series_of([measure], {plan.year}, today, known_at)[measure.pk, plan.year]
    until = series.told_until(today)
    found: dict[str, Decimal] = {}
    for pk, figure in series.up_to(until).per_member().items() if until else ():
        name = FISCAL if series.members[pk].code in FISCAL_SOURCES else OTHER
        if figure.value is not None:
            found[name] = found.get(name, Decimal(0)) + figure.value
    return found


def _has_demonstration_figures(plan: Plan, terms: Sequence[IndicatorTerms], known_at: datetime | None) -> bool:
    """Tell whether a made-up figure, baseline or target is behind any line or the money. Three queries at most.

    Figures are those that counted at a moment, or now; a made-up baseline or target is told of whenever it came.
    """
    measures = [row.indicator.measure_id for row in terms]
    if plan.project.execution_id:
        measures.append(plan.project.execution_id)
    made_up = Revision.objects.demonstration().filter(entry__measure__in=measures)
    figures = made_up.counted_at(known_at) if known_at else made_up.in_fact()
    results = Result.objects.filter(measure__in=measures, year__lt=plan.year, origin=Origin.DEMONSTRATION)
    return (
        figures.filter(entry__round__fiscal_year__lte=plan.year).exists()
        or results.exists()
        or _has_demonstration_aims(plan)
    )


def _has_demonstration_aims(plan: Plan) -> bool:
    """Tell whether a made-up target is among the plan's. One query."""
    return Target.objects.filter(indicator__plan=plan, origin=Origin.DEMONSTRATION).exists()


def plan_form(plan: Plan, known_at: datetime | None = None) -> PlanForm | None:
    """Return what the published form of a plan is filled from, None without an approved version. Five queries.

    `project__bureau` and `approved` should be loaded. Two indicators that were read out of one sentence of the source
    give that sentence once. `known_at` asks for the version and the money known at a moment, in one query more.
    """
    as_known([plan], known_at)
    version = plan.approved
    if version is None:
        return None
    goals = list(version.goals.select_related("goal").order_by("goal__number", "pk"))
    rows = list(version.indicators.order_by("position", "pk"))
    money = list(plan.budget_lines.settled(known_at).order_by("pk"))
    return PlanForm(
        plan=plan,
        version=version,
        initial=_sum(money, BudgetKind.INITIAL),
        directions=list(version.directions.order_by("number", "pk")),
        goals=[(goal, _sentences([row for row in rows if row.goal_id == goal.goal_id])) for goal in goals],
        is_demonstration=Origin.DEMONSTRATION in {version.origin, *(line.origin for line in money)},
        known_at=known_at,
    )


def declaration_form(plan: Plan, today: date, known_at: datetime | None = None) -> DeclarationForm | None:
    """Return what the present declaration form of a plan is filled from, None without an approved version. Ten queries.

    `project__bureau`, `project__division` and `approved` should be loaded. Targets are those that count today, for a
    plan of a coming year those that count when it begins.
    """
    form = plan_form(plan, known_at)
    if form is None:
        return None
    terms = terms_of(plan)
    targets = target_in_force([row.indicator for row in terms], max(today, date(plan.year, 1, 1)), known_at)
    money = list(plan.budget_lines.settled(known_at).filter(kind=BudgetKind.INITIAL).select_related("source"))
    sums = {name: _sum([line for line in money if _kind_of(line) == name]) for name in (FISCAL, OTHER)}
    return DeclarationForm(
        form=form,
        aims=sorted(((row, targets.get(row.indicator_id)) for row in terms), key=lambda aim: _by_class(aim[0])),
        funding={name: amount for name, amount in sums.items() if amount is not None},
    )


def _sentences(rows: Sequence[IndicatorTerms]) -> list[str]:
    """Return the indicators of a goal in the source's words, one after another, each sentence once."""
    return [text for text, _rows in groupby(row.original_text for row in rows)]
