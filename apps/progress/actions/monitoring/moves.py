"""One step of a monitoring on its way: the row locked, the step and its events written."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from apps.accounts.models import User
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.enums import StepKind
from apps.progress.enums import MonitoringState
from apps.progress.models import Monitoring, MonitoringReport, MonitoringStep


def locked_monitoring(monitoring: Monitoring) -> Monitoring:
    """Return the row anew, locked until the transaction ends, with what the rules look at."""
    rows = Monitoring.objects.select_for_update(of=("self",), no_key=True).select_related(
        "round", "report", "plan__project__bureau", "plan__project__division", "plan__project__execution"
    )
    return rows.select_related("plan__approved__scheme").get(pk=monitoring.pk)


def move(
    monitoring: Monitoring,
    kind: StepKind,
    verb: Verb,
    to: MonitoringState,
    person: User,
    at: datetime,
    channel: Channel,
    *,
    reason: str = "",
    before: Collection[Change] = (),
) -> Monitoring:
    """Write the step and the events of one move, and make it."""
    MonitoringStep.objects.create(
        monitoring=monitoring,
        report=cast("MonitoringReport", monitoring.report),  # what is on its way was submitted
        stage=monitoring.state,
        kind=kind,
        person=person,
        reason=reason,
        at=at,
    )
    was, monitoring.state = monitoring.state, to
    monitoring.save(update_fields=["state", "report"])
    number = monitoring.report.number if monitoring.report else 0
    change = Change(verb, monitoring, before={"state": was}, after={"state": to, "number": number}, reason=reason)
    bureau = monitoring.plan.project.bureau
    record(bureau=bureau, actor=person, changes=[*before, change], at=at, channel=channel)
    return monitoring
