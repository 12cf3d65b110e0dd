"""Passing a monitoring on, sending it back, taking it back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.journal.enums import Channel, Verb
from apps.plans.enums import StepKind
from apps.progress.actions.monitoring.moves import locked_monitoring, move
from apps.progress.actions.monitoring.refusals import (
    MonitoringMoved,
    NotYourMonitoring,
    OwnMonitoring,
    ReturnedWithoutReason,
)
from apps.progress.enums import MonitoringState
from apps.progress.models import (
    Monitoring,
)
from apps.progress.queries.monitoring import (
    STAGES,
    last_monitoring_step,
    stage_holders,
    stages_of,
)


@transaction.atomic
def pass_monitoring(
    *, monitoring: Monitoring, person: User, seen: int, at: datetime, channel: Channel = Channel.PAGE
) -> Monitoring:
    """Pass a monitoring on to its next stage, or file it after the last; what is filed stays as it is.

    `seen` is the id of the latest step that the person saw. Raises `NotYourMonitoring`, `OwnMonitoring`, `MonitoringMoved`.
    """
    monitoring = locked_monitoring(monitoring)
    _require_turn(monitoring, person, seen)
    stages = stages_of(monitoring)
    place = stages.index(MonitoringState(monitoring.state))
    if place + 1 < len(stages):
        return move(monitoring, StepKind.PASSED, Verb.PASS, stages[place + 1], person, at, channel)
    monitoring.drafts.all().delete()
    return move(monitoring, StepKind.PASSED, Verb.APPROVE, MonitoringState.FILED, person, at, channel)


@transaction.atomic
def return_monitoring(
    *, monitoring: Monitoring, person: User, seen: int, reason: str, at: datetime, channel: Channel = Channel.PAGE
) -> Monitoring:
    """Send a monitoring back to who filled it in, with a reason. Raises as `pass_monitoring`, and `ReturnedWithoutReason`."""
    monitoring = locked_monitoring(monitoring)
    _require_turn(monitoring, person, seen)
    if not reason.strip():
        raise ReturnedWithoutReason(_("退回时请写明原因，填表人才知道要改什么。"))
    draft = MonitoringState.DRAFT
    return move(monitoring, StepKind.RETURNED, Verb.RETURN, draft, person, at, channel, reason=reason.strip())


@transaction.atomic
def recall_monitoring(
    *, monitoring: Monitoring, person: User, at: datetime, channel: Channel = Channel.PAGE
) -> Monitoring:
    """Let an author take back what nobody has passed yet. Raises `NotYourMonitoring` and `MonitoringMoved`."""
    monitoring = locked_monitoring(monitoring)
    if not monitoring.authors.filter(pk=person.pk).exists():
        raise NotYourMonitoring(_("只有填表人可以收回“%(monitoring)s”。") % {"monitoring": monitoring})
    if monitoring.state != stages_of(monitoring)[0]:
        raise MonitoringMoved(
            _("“%(monitoring)s”目前是“%(state)s”，不能收回；需要修改的，请审核人退回。")
            % {"monitoring": monitoring, "state": monitoring.get_state_display()}
        )
    return move(monitoring, StepKind.RECALLED, Verb.RECALL, MonitoringState.DRAFT, person, at, channel)


def _require_turn(monitoring: Monitoring, person: User, seen: int) -> None:
    """Raise the refusal that keeps a person from deciding on a monitoring now, if any."""
    words = {"monitoring": monitoring, "state": monitoring.get_state_display()}
    if monitoring.state not in STAGES:
        raise MonitoringMoved(_("“%(monitoring)s”目前是“%(state)s”，不在待审核之列。") % words)
    if person.pk not in {each.pk for each in stage_holders(monitoring, MonitoringState(monitoring.state))}:
        if monitoring.authors.filter(pk=person.pk).exists():
            raise OwnMonitoring(_("“%(monitoring)s”有您填写的内容，须由他人审核。") % words)
        raise NotYourMonitoring(_("“%(monitoring)s”在%(state)s环节，您不能审核。") % words)
    if seen != last_monitoring_step(monitoring):
        raise MonitoringMoved(_("“%(monitoring)s”在您打开页面之后又有办理，请刷新后再审核。") % words)
