"""Monitoring rounds: opened for all plans of a year at once, closed, opened again."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.enums import Role
from apps.accounts.models import Unit, User
from apps.calculation.periods import month_end, year_of
from apps.calendars.queries import workdays
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.models import Plan
from apps.progress.actions.due_days import refuse_far
from apps.progress.actions.monitoring.refusals import (
    DueUnfit,
    MonitoringClosed,
    NothingToMonitor,
    NotYourMonitoring,
    TitleUnfit,
    given_reason,
)
from apps.progress.actions.rounds import due_day
from apps.progress.enums import MonitoringLayout
from apps.progress.models import (
    Monitoring,
    MonitoringRound,
)

AROUND = timedelta(days=31)


@transaction.atomic
def open_monitorings(
    *,
    bureau: Unit,
    year: int,
    month: int,
    title: str,
    due_on: date,
    layout: str,
    officer: User,
    today: date,
    at: datetime,
    has_leader_stage: bool = False,
    channel: Channel = Channel.PAGE,
) -> MonitoringRound:
    """Open a monitoring of the window from New Year to the end of a month, for every approved plan of the year, at once.

    `due_on` goes to the working day before where it is a rest day, but never into the window or the past. Raises
    `NotYourMonitoring`, `NothingToMonitor`, `WindowUnfit` and `DueTooFar`.
    """
    _require_officer(bureau, officer)
    Unit.objects.select_for_update(no_key=True).get(pk=bureau.pk)  # two at once: the second finds the name taken
    plans = list(Plan.objects.in_year(year).in_force().filter(project__bureau=bureau).order_by("pk"))
    if not plans:
        raise NothingToMonitor(_("%(year)s 年度还没有已批复的绩效目标，不能开展监控。") % {"year": year})
    row = MonitoringRound(
        bureau=bureau,
        fiscal_year=year,
        title=title.strip(),
        starts_on=year_of(year).starts_on,
        ends_on=month_end(year, month),
        layout=MonitoringLayout(layout),
        has_leader_stage=has_leader_stage,
        opened_by=officer,
        opened_at=at,
    )
    _require_title(row)
    row.due_on = _due_day(row, due_on, today)
    row.save()
    Monitoring.objects.bulk_create([Monitoring(round=row, plan=plan) for plan in plans])
    after = {"window": [row.starts_on, row.ends_on], "due_on": row.due_on, "plans": len(plans)}
    record(bureau=bureau, actor=officer, changes=[Change(Verb.OPEN, row, after=after)], at=at, channel=channel)
    return row


@transaction.atomic
def add_monitorings(
    *, row: MonitoringRound, officer: User, at: datetime, channel: Channel = Channel.PAGE
) -> list[Monitoring]:
    """Take the plans into an open round that were approved since it was opened, and return theirs."""
    row = _locked_round(row, officer)
    _require_running(row)
    plans = Plan.objects.in_year(row.fiscal_year).in_force().filter(project__bureau=row.bureau)
    new = plans.exclude(monitorings__round=row).select_related("project").order_by("pk")
    fresh = [Monitoring(round=row, plan=plan) for plan in new]
    Monitoring.objects.bulk_create(fresh)
    changes = [Change(Verb.ADD, row, after={"plans": [each.plan.project.name for each in fresh]})] if fresh else []
    record(bureau=row.bureau, actor=officer, changes=changes, at=at, channel=channel)
    return fresh


@transaction.atomic
def close_monitorings(
    *, row: MonitoringRound, officer: User, reason: str, at: datetime, channel: Channel = Channel.PAGE
) -> MonitoringRound:
    """Let nothing be filled in any more; what waits for review may still be passed. Raises `MonitoringClosed` when it is."""
    row = _locked_round(row, officer)
    _require_running(row)
    reason = given_reason(reason)
    row.closed_at = at
    row.save(update_fields=["closed_at"])
    change = Change(Verb.CLOSE, row, before={"closed_at": None}, after={"closed_at": at}, reason=reason)
    record(bureau=row.bureau, actor=officer, changes=[change], at=at, channel=channel)
    return row


@transaction.atomic
def reopen_monitorings(
    *,
    row: MonitoringRound,
    officer: User,
    due_on: date,
    reason: str,
    today: date,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> MonitoringRound:
    """Open a closed round again until another due day; an open one only gets the other day.

    Raises `NotYourMonitoring`, `ReturnedWithoutReason`, `DueUnfit` and `DueTooFar`.
    """
    row = _locked_round(row, officer)
    reason = given_reason(reason)
    before = {"closed_at": row.closed_at, "due_on": row.due_on}
    row.closed_at, row.due_on = None, _due_day(row, due_on, today)
    row.save(update_fields=["closed_at", "due_on"])
    change = Change(Verb.REOPEN, row, before, {"closed_at": None, "due_on": row.due_on}, reason)
    record(bureau=row.bureau, actor=officer, changes=[change], at=at, channel=channel)
    return row


def _require_officer(bureau: Unit, officer: User) -> None:
    if not any(bureau.path.startswith(path) for path in officer.paths(Role.OFFICER)):
        raise NotYourMonitoring(_("监控由%(unit)s的绩效管理岗开放和关闭。") % {"unit": bureau})


def _locked_round(row: MonitoringRound, officer: User) -> MonitoringRound:
    row = MonitoringRound.objects.select_for_update(of=("self",), no_key=True).select_related("bureau").get(pk=row.pk)
    _require_officer(row.bureau, officer)
    return row


def _require_running(row: MonitoringRound) -> None:
    """Raise `MonitoringClosed` for a round that its officer has closed, perhaps in another window."""
    if row.closed_at is not None:
        raise MonitoringClosed(_("“%(round)s”监控已经关闭。") % {"round": row})


def _require_title(row: MonitoringRound) -> None:
    """Raise the refusal of a name that is missing or taken."""
    if not row.title:
        raise TitleUnfit(_("请给这次监控起个名称，例如“2016年上半年”。"))
    same = MonitoringRound.objects.filter(bureau=row.bureau, fiscal_year=row.fiscal_year, title=row.title)
    if same.exists():
        raise TitleUnfit(_("%(year)s 年度已有名为“%(title)s”的监控。") % {"year": row.fiscal_year, "title": row.title})


def _due_day(row: MonitoringRound, due_on: date, today: date) -> date:
    """Return the working day on which a round is due that is to be due on a day; raises the refusal of one that cannot be.

    A rest day goes back to the working day before, as far as that is neither in the window nor past; else to the next.
    """
    if due_on <= row.ends_on:
        raise DueUnfit(_("截止日应在监控期末（%(day)s）之后。") % {"day": f"{row.ends_on:%Y-%m-%d}"})
    if due_on < today:
        raise DueUnfit(_("截止日不能早于今天（%(day)s）。") % {"day": f"{today:%Y-%m-%d}"})
    earliest = max(row.ends_on + timedelta(days=1), today)
    refuse_far(due_on, earliest)
    return due_day(due_on, earliest, workdays(due_on - AROUND, due_on + AROUND))
