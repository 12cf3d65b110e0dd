"""Monitoring rounds: opened for all plans of a year at once, closed, opened again."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.enums import Role
from apps.accounts.models import Unit, User
from apps.calculation.periods import month_end, year_of
from apps.calculation.workdays import RollRule
from apps.calendars.queries import workdays
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.models import Plan
from apps.progress.actions.monitoring.refusals import (
    DueInWindow,
    NothingToMonitor,
    NotYourMonitoring,
    TitleUnfit,
    given_reason,
    require_open,
)
from apps.progress.enums import MonitoringLayout
from apps.progress.models import (
    Monitoring,
    MonitoringRound,
)

ROLL_BACK = timedelta(days=31)


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
    at: datetime,
    has_leader_stage: bool = False,
    channel: Channel = Channel.PAGE,
) -> MonitoringRound:
    """Open a monitoring of the window from New Year to the end of a month, for every approved plan of the year, at once.

    `due_on` goes to the working day before where it is a rest day, but never into the window. Raises `NotYourMonitoring`,
    `WindowUnfit` and `NothingToMonitor`.
    """
    _require_officer(bureau, officer)
    Unit.objects.select_for_update(no_key=True).get(pk=bureau.pk)  # two at once: the second finds the name taken
    row = MonitoringRound(
        bureau=bureau,
        fiscal_year=year,
        title=title.strip(),
        starts_on=year_of(year).starts_on,
        ends_on=month_end(year, month),
        due_on=_rolled(due_on, month_end(year, month)),
        layout=MonitoringLayout(layout),
        has_leader_stage=has_leader_stage,
        opened_by=officer,
        opened_at=at,
    )
    _require_fit(row)
    plans = list(Plan.objects.in_year(year).in_force().filter(project__bureau=bureau).order_by("pk"))
    if not plans:
        raise NothingToMonitor(_("%(year)s 年度还没有已批复的绩效目标，不能开展监控。") % {"year": year})
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
    require_open(row)
    plans = Plan.objects.in_year(row.fiscal_year).in_force().filter(project__bureau=row.bureau)
    fresh = [Monitoring(round=row, plan=plan) for plan in plans.exclude(monitorings__round=row).order_by("pk")]
    Monitoring.objects.bulk_create(fresh)
    changes = [Change(Verb.ADD, row, after={"plans": [each.plan_id for each in fresh]})] if fresh else []
    record(bureau=row.bureau, actor=officer, changes=changes, at=at, channel=channel)
    return fresh


@transaction.atomic
def close_monitorings(
    *, row: MonitoringRound, officer: User, reason: str, at: datetime, channel: Channel = Channel.PAGE
) -> MonitoringRound:
    """Let nothing be filled in any more; what waits for review may still be passed. Raises `MonitoringClosed` when it is."""
    row = _locked_round(row, officer)
    require_open(row)
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
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> MonitoringRound:
    """Open a closed round again until another due day; an open one only gets the other day. With a reason."""
    row = _locked_round(row, officer)
    reason = given_reason(reason)
    before = {"closed_at": row.closed_at, "due_on": row.due_on}
    row.closed_at, row.due_on = None, _rolled(due_on, row.ends_on)
    _require_fit(row)
    row.save(update_fields=["closed_at", "due_on"])
    change = Change(Verb.REOPEN, row, before, {"closed_at": None, "due_on": row.due_on}, reason)
    record(bureau=row.bureau, actor=officer, changes=[change], at=at, channel=channel)
    return row


def _require_officer(bureau: Unit, officer: User) -> None:
    if not any(bureau.path.startswith(path) for path in officer.paths(Role.OFFICER)):
        raise NotYourMonitoring(_("监控由%(unit)s的绩效管理岗开放和关闭。") % {"unit": bureau})


def _locked_round(row: MonitoringRound, officer: User) -> MonitoringRound:
    row = MonitoringRound.objects.select_for_update(of=("self",)).select_related("bureau").get(pk=row.pk)
    _require_officer(row.bureau, officer)
    return row


def _require_fit(row: MonitoringRound) -> None:
    """Raise the refusal of a name that is missing or taken, or of a due day before the window's end."""
    if not row.title:
        raise TitleUnfit(_("请给这次监控起个名称，例如“2016年上半年”。"))
    same = MonitoringRound.objects.filter(bureau=row.bureau, fiscal_year=row.fiscal_year, title=row.title)
    if same.exclude(pk=row.pk).exists():
        raise TitleUnfit(_("%(year)s 年度已有名为“%(title)s”的监控。") % {"year": row.fiscal_year, "title": row.title})
    if row.due_on <= row.ends_on:
        raise DueInWindow(_("截止日应在监控期末（%(day)s）之后。") % {"day": f"{row.ends_on:%Y-%m-%d}"})


def _rolled(day: date, ends_on: date) -> date:
    """Return the working day on or before a day; where that would lie in the window, the next one after."""
    calendar = workdays(day - ROLL_BACK, day + ROLL_BACK)
    rolled = calendar.roll(day, RollRule.PREVIOUS)
    return rolled if rolled > ends_on or day <= ends_on else calendar.roll(day, RollRule.NEXT)
