"""The monitoring of plans (双监控): opened by an officer, filled in by divisions, passed stage by stage until it is filed.

Order: being filled in → head of the division → performance officer → leader, where the round asks for one → filed. Every
stage may return it with a reason. Nobody passes what they typed into or submitted; by whatever door they come, because the
actions refuse. What is submitted stays as it was: coming back means another report.
"""

from apps.progress.actions.monitoring.filling import save_monitoring_drafts, submit_monitoring
from apps.progress.actions.monitoring.refusals import (
    DueUnfit,
    MonitoringClosed,
    MonitoringMoved,
    NobodyToPassIt,
    NothingToMonitor,
    NotYourMonitoring,
    OwnMonitoring,
    ReturnedWithoutReason,
    SaidUnfit,
    TitleUnfit,
    WindowNotOver,
    WindowUnfit,
)
from apps.progress.actions.monitoring.rounds import (
    add_monitorings,
    close_monitorings,
    open_monitorings,
    reopen_monitorings,
)
from apps.progress.actions.monitoring.ways import pass_monitoring, recall_monitoring, return_monitoring
from apps.progress.actions.monitoring.words import Said, unfit_money, unfit_overspending, unfit_words

__all__ = [
    "DueUnfit",
    "MonitoringClosed",
    "MonitoringMoved",
    "NobodyToPassIt",
    "NotYourMonitoring",
    "NothingToMonitor",
    "OwnMonitoring",
    "ReturnedWithoutReason",
    "Said",
    "SaidUnfit",
    "TitleUnfit",
    "WindowNotOver",
    "WindowUnfit",
    "add_monitorings",
    "close_monitorings",
    "open_monitorings",
    "pass_monitoring",
    "recall_monitoring",
    "reopen_monitorings",
    "return_monitoring",
    "save_monitoring_drafts",
    "submit_monitoring",
    "unfit_money",
    "unfit_overspending",
    "unfit_words",
]
