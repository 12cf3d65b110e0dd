"""What the actions on monitorings say when they refuse."""

from django.utils.translation import gettext as _

from apps.progress.actions.refusals import Refused
from apps.progress.models import (
    MonitoringRound,
)


class NotYourMonitoring(Refused):
    """Somebody who does not fill it in, has no say at this stage, or opens rounds without being an officer."""


class OwnMonitoring(Refused):
    """A monitoring with words of the reviewer's own."""


class MonitoringMoved(Refused):
    """A monitoring that is at another stage, or was handled since the person looked."""


class MonitoringClosed(Refused):
    """A monitoring whose round was closed."""


class WindowUnfit(Refused):
    """A window, a name or a due day that a monitoring round cannot have."""


class TitleUnfit(WindowUnfit):
    """A name that is missing, or that another monitoring of the year has."""


class DueUnfit(WindowUnfit):
    """A due day that is missing, before the window is over, or past."""


class WindowNotOver(Refused):
    """A monitoring that is submitted before its window is over."""


class NothingToMonitor(Refused):
    """A year in which no plan of the bureau is approved, or a plan that says nothing."""


class SaidUnfit(Refused):
    """Words or figures that a line cannot have; the sentence says which line and why."""


class NobodyToPassIt(Refused):
    """A monitoring that nobody could pass at some stage."""


class ReturnedWithoutReason(Refused):
    """A return, a closing or a reopening that does not say why."""


def given_reason(text: str) -> str:
    """Return a reason without its blanks; raises `ReturnedWithoutReason` where there is none."""
    if not text.strip():
        raise ReturnedWithoutReason(_("请写明原因。"))
    return text.strip()


def require_open(row: MonitoringRound) -> None:
    """Raise `MonitoringClosed` for a round that was closed."""
    if row.closed_at is not None:
        raise MonitoringClosed(_("“%(round)s”监控已关闭。如需补报，请联系绩效管理岗。") % {"round": row})
