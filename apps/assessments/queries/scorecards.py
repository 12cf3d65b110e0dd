"""The form as a whole: the money, a line for each indicator, and what they add up to."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.assessments.queries.scores import execution_score, indicator_score
from apps.calculation.schemes import Scheme
from apps.calculation.scoring import ExecutionScore, Score, Total, summary
from apps.plans.models import IndicatorTerms, Plan, PlanVersion, Target
from apps.plans.queries import terms_of
from apps.plans.queries.proposals import budget_in, targets_in, terms_in
from apps.progress.queries import Case, Execution, cases, executions
from apps.ui.targets import target_text


@dataclass(frozen=True, slots=True)
class Line:
    """The line of one indicator: what the plan says of it, what counts of it, and what it earns."""

    terms: IndicatorTerms
    case: Case
    score: Score

    @property
    def wanted(self) -> str:
        """Return the target in words, a basis such as last year with the number it came to."""
        resolved = self.case.calculated.value if self.case.calculated else None
        return target_text(self.case.target, self.terms.indicator.measure, resolved)

    @property
    def actual(self) -> Decimal | None:
        """Return the one figure that was scored; None without one, for what is no figure, and where members are counted."""
        is_one = self.terms.indicator.measure.is_figured and not self.case.is_counted
        return self.case.total.value if is_one else None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A plan scored from the figures that count on a day.

    `money` is the line of the budget's execution, `lines` are the indicators with a weight, `tracked` those without one:
    they earn nothing. `content` is the scheme as it is stored. `is_over` tells whether the year's last figures are due.
    """

    plan: Plan
    version: PlanVersion
    content: dict[str, Any]
    scheme: Scheme
    execution: Execution
    money: ExecutionScore
    lines: list[Line]
    tracked: list[Line]
    total: Total
    is_over: bool

    @property
    def weight(self) -> Decimal:
        """Return the points that can be earned altogether; 100 on a form whose weights are complete."""
        return self.total.scorable + self.total.open_weight


def scorecard(plan: Plan, today: date, known_at: datetime | None = None) -> Scorecard | None:
    """Return the plan's score as the figures stand, None for a plan without a scheme or indicators. Seven queries.

    `project__execution` and `approved__scheme` should be loaded. `known_at` asks what was known at a moment, in two queries
    more; the plan then comes from `plans.queries.as_known`.
    """
    terms = terms_of(plan)
    if plan.approved is None or not terms:
        return None
    execution = executions([plan], today, known_at)[plan.pk]
    return _scored(plan, plan.approved, terms, execution, today, targets=None, known_at=known_at)


def proposed_scorecard(version: PlanVersion, today: date) -> Scorecard | None:
    """Return the score that the same figures would make if a version on its way were approved today. Twelve queries.

    Its terms, targets and scheme are taken, and its money counts as given. Nothing is stored. None as in `scorecard`;
    `plan__project__execution`, `plan__approved__scheme` and `scheme` should be loaded.
    """
    plan, terms = version.plan, terms_in(version)
    if not terms:
        return None
    targets = targets_in(version, [row.indicator for row in terms], today)
    execution = replace(executions([plan], today)[plan.pk], budget=budget_in(version))
    return _scored(plan, version, terms, execution, today, targets)


def _scored(
    plan: Plan,
    version: PlanVersion,
    terms: list[IndicatorTerms],
    execution: Execution,
    today: date,
    targets: dict[int, Target] | None,
    known_at: datetime | None = None,
) -> Scorecard | None:
    """Score what a version says; its targets are those in force unless others are given."""
    if version.scheme is None:
        return None
    scheme = Scheme.from_data(version.scheme.content)
    for row in terms:
        row.indicator.plan = plan
    found = {case.indicator.pk: case for case in cases([row.indicator for row in terms], today, targets, known_at)}
    lines = [Line(row, found[row.indicator_id], indicator_score(row, found[row.indicator_id], scheme)) for row in terms]
    scored = [line for line in lines if line.terms.weight is not None]
    money = execution_score(execution, scheme)
    return Scorecard(
        plan=plan,
        version=version,
        content=version.scheme.content,
        scheme=scheme,
        execution=execution,
        money=money,
        lines=scored,
        tracked=[line for line in lines if line.terms.weight is None],
        total=summary([money, *(line.score for line in scored)], scheme),
        is_over=all(line.case.is_over for line in lines),
    )
