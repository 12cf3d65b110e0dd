"""What the list of monitorings and the overview of rounds show."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q

from apps.progress.enums import (
    Likelihood,
    MonitoringState,
)
from apps.progress.models import (
    Monitoring,
    MonitoringLine,
    MonitoringMoney,
    MonitoringReport,
    MonitoringRound,
)
from apps.progress.queries.monitoring.spending import Spending, spendings
from apps.progress.queries.monitoring.ways import STAGES


@dataclass(frozen=True, slots=True)
class MonitoringRow:
    """What the list says of one monitoring: its money, and how many indicators are in doubt; None before a submission."""

    spending: Spending
    counts: dict[str, int] | None
    has_draft: bool


def monitoring_rows(monitorings: Collection[Monitoring]) -> dict[int, MonitoringRow]:
    """Return what the list says of each, by its id: as submitted, else as it counts now. Five queries however many.

    `round`, `report` and the plan's `project__execution` and `approved__scheme` should be loaded.
    """
    live = spendings(monitorings)
    reports = [row.report for row in monitorings if row.report]
    money = defaultdict(list)
    for amount in MonitoringMoney.objects.filter(report__in=reports).order_by("pk"):
        money[amount.report_id].append(amount)
    counts = _likelihoods(reports)
    drafts = set(
        Monitoring.objects.filter(pk__in=[row.pk for row in monitorings], drafts__isnull=False)
        .values_list("pk", flat=True)
        .distinct()
    )
    return {
        row.pk: MonitoringRow(
            _as_submitted(row, live[row.pk], money[row.report_id or 0]) if _is_frozen(row) else live[row.pk],
            counts.get(row.report_id or 0) if _is_frozen(row) else None,
            row.pk in drafts,
        )
        for row in monitorings
    }


def _is_frozen(monitoring: Monitoring) -> bool:
    return monitoring.report is not None and monitoring.state != MonitoringState.DRAFT


def _as_submitted(monitoring: Monitoring, live: Spending, money: list[MonitoringMoney]) -> Spending:
    report = monitoring.report
    if report is None:
        return live
    return replace(
        live,
        rows=money,
        budget=report.budget,
        executed=report.executed,
        reported_until=report.reported_until,
        is_complete=report.is_complete,
    )


def _likelihoods(reports: Sequence[MonitoringReport]) -> dict[int, dict[str, int]]:
    by_code = {code: Count("pk", filter=Q(likelihood=code)) for code in Likelihood.values}
    rows = MonitoringLine.objects.filter(report__in=reports).order_by().values_list("report").annotate(**by_code)
    return {report: dict(zip(by_code, found, strict=True)) for report, *found in rows}


@dataclass(frozen=True, slots=True)
class RoundState:
    """A monitoring round with how many of its plans are where."""

    round: MonitoringRound
    total: int
    filed: int
    under_review: int
    latest: datetime | None

    @property
    def open(self) -> int:
        """Return how many are not submitted, or came back."""
        return self.total - self.filed - self.under_review


def round_states(rounds: Collection[MonitoringRound]) -> list[RoundState]:
    """Return how far monitoring rounds are, in their order. One query."""
    rows = Monitoring.objects.filter(round__in=rounds).order_by().values("round")
    found = {
        row["round"]: row
        for row in rows.annotate(
            total=Count("pk"),
            filed=Count("pk", filter=Q(state=MonitoringState.FILED)),
            under_review=Count("pk", filter=Q(state__in=STAGES)),
            latest=Max("report__submitted_at"),
        )
    }
    return [_round_state(row, found.get(row.pk)) for row in rounds]


def _round_state(row: MonitoringRound, found: Mapping[str, Any] | None) -> RoundState:
    if found is None:
        return RoundState(row, 0, 0, 0, None)
    return RoundState(row, found["total"], found["filed"], found["under_review"], found["latest"])
