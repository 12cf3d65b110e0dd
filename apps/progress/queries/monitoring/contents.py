"""What a monitoring form says: drawn up from what counts now, or as it was submitted."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import get_language

from apps.calculation import targets as calculated
from apps.calculation.forecast import Forecast
from apps.calculation.periods import year_of
from apps.calculation.spending import in_yuan
from apps.calendars.queries import SHANGHAI
from apps.plans.enums import Kind, Origin, VersionState
from apps.plans.models import IndicatorTerms, Plan, PlanVersion
from apps.plans.queries import target_in_force
from apps.progress.enums import (
    Likelihood,
    Outcome,
    StandingStatus,
)
from apps.progress.models import (
    Monitoring,
    MonitoringLine,
    MonitoringReport,
    Standing,
)
from apps.progress.queries.cases import Case, cases
from apps.progress.queries.monitoring.outlook import suggestion, year_aim
from apps.progress.queries.monitoring.spending import Spending, bands_of, has_demonstration, spendings
from apps.progress.queries.standings import standing_of
from apps.ui.targets import target_text

WORDS_KEPT = 300


@dataclass(frozen=True, slots=True)
class MonitoringContent:
    """A monitoring form: the report, its money and its lines, stored ones or such as are drawn up and not saved.

    `aims` are the targets as the calculation takes them, by the indicator's id, None where the year's figure cannot be held
    against one; `silence` says why there is no suggestion. Both are empty for a form that was submitted.
    """

    report: MonitoringReport
    spending: Spending
    lines: list[MonitoringLine]
    aims: dict[int, calculated.Target | None] = field(default_factory=dict)
    silence: dict[int | str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many indicators will certainly, possibly and not be reached."""
        return {code: sum(line.likelihood == code for line in self.lines) for code in Likelihood.values}


def version_in_force(plan: Plan, on: date) -> PlanVersion | None:
    """Return the version of a plan that counted at the end of a day, the first where none was approved by then. One query."""
    rows = plan.versions.filter(state=VersionState.APPROVED).select_related("scheme").order_by("number")
    found = None
    for row in rows:
        is_known = row.approved_at is None or row.approved_at.astimezone(SHANGHAI).date() <= on
        found = row if found is None or is_known else found
    return found


def monitoring_content(monitoring: Monitoring) -> MonitoringContent | None:
    """Return the form as it would be drawn up now, None for a plan without an approved version. Eleven queries at most.

    Figures are those of the window that count by now, targets those in force on its last day. `round` and the plan's
    `project__execution` should be loaded.
    """
    asked, plan = monitoring.round, monitoring.plan
    version = version_in_force(plan, asked.ends_on)
    if version is None:
        return None
    terms = list(
        IndicatorTerms.objects.filter(version=version)
        .select_related("indicator__measure", "goal")
        .order_by("position", "pk")
    )
    found = _cut_cases(terms, monitoring)
    spending = spendings([monitoring])[monitoring.pk]
    suggestions = {case.indicator.pk: suggestion(case) for case in found}
    lines = [_line(row, case, suggestions[case.indicator.pk][0]) for row, case in zip(terms, found, strict=True)]
    report = MonitoringReport(
        monitoring=monitoring,
        version=version,
        budget=spending.budget,
        executed=spending.executed,
        reported_until=spending.reported_until,
        is_complete=spending.is_complete,
        is_demonstration=spending.is_demonstration or any(_is_made_up(case) for case in found),
    )
    return MonitoringContent(
        report=report,
        spending=spending,
        lines=lines,
        aims={case.indicator.pk: year_aim(case) for case in found},
        silence={key: why for key, (_drawn, why) in suggestions.items() if why},
    )


def stored_content(report: MonitoringReport) -> MonitoringContent:
    """Return the form as it was submitted. Two queries; `version__scheme` and the monitoring's round should be loaded."""
    lines = report.lines.select_related("indicator__measure", "terms__goal").order_by("terms__position", "pk")
    spending = Spending(
        rows=list(report.money.order_by("pk")),
        budget=report.budget,
        executed=report.executed,
        reported_until=report.reported_until,
        is_complete=report.is_complete,
        month=report.monitoring.round.ends_on.month,
        bands=bands_of(report.version),
        is_demonstration=report.is_demonstration,
    )
    return MonitoringContent(report, spending, list(lines))


def report_known_on(monitoring: Monitoring, day: date) -> MonitoringReport | None:
    """Return the report that was the latest at the end of a day in Shanghai, None where none was submitted. One query."""
    end = datetime.combine(day + timedelta(days=1), time.min, SHANGHAI)
    rows = monitoring.reports.filter(submitted_at__lt=end).select_related("version__scheme", "submitted_by")
    return rows.order_by("-number").first()


def _cut_cases(terms: Sequence[IndicatorTerms], monitoring: Monitoring) -> list[Case]:
    """Return the indicators with the window's figures alone; every round of the window counts as asked, told or not.

    A milestone's only round may end after the window; what was decided later does not count in it.
    """
    asked = monitoring.round
    for row in terms:
        row.indicator.plan = monitoring.plan
    indicators = [row.indicator for row in terms]
    targets = target_in_force(indicators, asked.ends_on)
    after = year_of(asked.fiscal_year + 1).ends_on
    return [
        case
        if case.indicator.measure.kind == Kind.MILESTONE
        else replace(case, series=case.series.up_to(asked.ends_on), today=after)
        for case in cases(indicators, asked.ends_on, targets)
    ]


def _line(terms: IndicatorTerms, case: Case, drawn: Forecast | None) -> MonitoringLine:
    """Return the line of an indicator with its facts and without words."""
    stand, measure = standing_of(case), case.indicator.measure
    resolved = case.calculated.value if case.calculated else None
    names = {pk: str(member) for pk, member in case.shown.members.items()}
    line = MonitoringLine(
        indicator=case.indicator,
        terms=terms,
        wanted=target_text(case.target, measure, resolved)[:400],
        target_value=stand.target_value,
        actual=stand.actual,
        numerator=stand.numerator,
        denominator=stand.denominator,
        met=stand.met,
        named=len(case.named or ()),
        reported=stand.reported,
        asked=stand.asked,
        missing=[names.get(pk, "—") for pk in stand.missing],
        status=stand.status,
    )
    if not measure.is_figured:
        _tell(line, case, stand)
    if drawn is not None:
        line.suggestion = in_yuan(drawn.value) if measure.kind == Kind.MONEY else drawn.value
        line.suggestion = line.suggestion.quantize(Decimal("1E-4"))
        line.suggestion_text = drawn.sentence.in_language(get_language() or "zh-hans")[:WORDS_KEPT]
    return line


def _tell(line: MonitoringLine, case: Case, stand: Standing) -> None:
    """Write what was found of something that is no figure, as far as it was decided by the window's end."""
    told = case.told
    if told is None or stand.status == StandingStatus.AWAITING_RESULT:
        line.outcome = Outcome.AWAITING if told else ""
        return
    line.outcome, line.band = told.outcome, told.band


def _is_made_up(case: Case) -> bool:
    """Tell whether the figures of the window or the target are the demonstration's."""
    if case.target is not None and case.target.origin == Origin.DEMONSTRATION:
        return True
    return has_demonstration(case.shown)
