"""What the monitoring forms are filled from."""

from dataclasses import dataclass

from apps.plans.enums import Level1, Level2, StepKind
from apps.plans.models import GoalTerms, Plan
from apps.progress.models import Monitoring, MonitoringLine, MonitoringReport, MonitoringRound
from apps.progress.queries.monitoring import MonitoringContent, stored_content

LEVELS = (Level1.COST, Level1.OUTPUT, Level1.BENEFIT, Level1.SATISFACTION)


@dataclass(frozen=True, slots=True)
class MonitoringPrint:
    """One submitted monitoring with the goals of its version in words; `lines` are in the order of the form's classes.

    `overspending` says why more is expected to be spent than was given, empty where it is not.
    """

    monitoring: Monitoring
    content: MonitoringContent
    goals: list[str]
    lines: list[MonitoringLine]
    overspending: str = ""

    @property
    def round(self) -> MonitoringRound:
        """Return the round, with the window that the heads are named after."""
        return self.monitoring.round

    @property
    def plan(self) -> Plan:
        """Return the plan."""
        return self.monitoring.plan


def monitoring_print(report: MonitoringReport) -> MonitoringPrint:
    """Return what the form of a report is filled from. Four queries.

    `version__scheme`, `submitted_by`, and the monitoring's round and plan with project, bureau and division should be loaded.
    """
    content = stored_content(report)
    goals = GoalTerms.objects.filter(version=report.version_id).select_related("goal").order_by("goal__number", "pk")
    return MonitoringPrint(
        monitoring=report.monitoring,
        content=content,
        goals=[f"目标{row.goal.number}：{row.text}" for row in goals],
        lines=sorted(content.lines, key=_in_form_order),
        overspending=report.steps.filter(kind=StepKind.SUBMITTED).values_list("reason", flat=True).first() or "",
    )


def _in_form_order(line: MonitoringLine) -> tuple[int, int, int, int]:
    terms = line.terms
    return LEVELS.index(Level1(terms.level1)), list(Level2).index(Level2(terms.level2)), terms.position, terms.pk
