"""Filling a monitoring in: drafts kept as typed, and the report that freezes it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.journal.actions import Change
from apps.journal.enums import Channel, Verb
from apps.plans.enums import StepKind
from apps.progress.actions.monitoring.moves import locked_monitoring, move
from apps.progress.actions.monitoring.refusals import (
    MonitoringMoved,
    NobodyToPassIt,
    NothingToMonitor,
    NotYourMonitoring,
    SaidUnfit,
    WindowNotOver,
    require_open,
)
from apps.progress.actions.monitoring.words import Said, unfit_money, unfit_overspending, unfit_words
from apps.progress.enums import Likelihood, MonitoringState
from apps.progress.models import (
    Monitoring,
    MonitoringDraft,
    MonitoringLine,
    MonitoringMoney,
    MonitoringReport,
)
from apps.progress.queries.monitoring import (
    MonitoringContent,
    may_fill,
    monitoring_content,
    stage_holders,
    stages_of,
)


@transaction.atomic
def save_monitoring_drafts(
    *,
    monitoring: Monitoring,
    texts: Mapping[str, Mapping[str, str]],
    seen: Mapping[str, int],
    person: User,
    at: datetime,
) -> dict[str, MonitoringDraft]:
    """Keep what was typed, by place, letter by letter; return what somebody else saved there since the person looked.

    `seen` are the numbers of the drafts that the page shows. What another person changed in between is not overwritten: it
    is in the answer, and the number in it lets a second save through. What says the same as before is left alone, and so
    is a place that the plan does not have. Nine queries however many places. Raises `NotYourMonitoring`, `MonitoringMoved`
    and `MonitoringClosed`.
    """
    monitoring = _locked_to_fill(monitoring, person)
    there = {row.place: row for row in monitoring.drafts.select_related("person")}
    known = {"money", *map(str, monitoring.plan.indicators.values_list("pk", flat=True))}
    fresh: list[MonitoringDraft] = []
    theirs: dict[str, MonitoringDraft] = {}
    for place, said in texts.items():
        old, fields = there.get(place), {name: text for name, text in said.items() if text.strip()}
        if place not in known or (old.fields if old else {}) == fields:
            continue
        if old and old.person_id != person.pk and seen.get(place, 0) != old.number:
            theirs[place] = old
            continue
        number = old.number + 1 if old else 1
        fresh.append(
            MonitoringDraft(
                monitoring=monitoring, place=place, fields=fields, number=number, person=person, saved_at=at
            )
        )
    if fresh:
        MonitoringDraft.objects.bulk_create(
            fresh,
            update_conflicts=True,
            unique_fields=["monitoring", "place"],
            update_fields=["fields", "number", "person", "saved_at"],
        )
        monitoring.authors.add(person)
    return theirs


@transaction.atomic
def submit_monitoring(
    *,
    monitoring: Monitoring,
    said: Sequence[Said],
    money: Mapping[str, Decimal],
    person: User,
    today: date,
    at: datetime,
    overspending: str = "",
    channel: Channel = Channel.PAGE,
) -> MonitoringReport:
    """Freeze the form as it is drawn up now with what was said of every indicator, and send it to its first stage.

    `money` is what will be spent by the year's end in 元, by source; `overspending` says why that is more than was given, and
    stands in the step that sends the form off. The number of queries does not depend on the number of
    indicators. Raises `NotYourMonitoring`, `MonitoringMoved`, `MonitoringClosed`, `WindowNotOver`, `SaidUnfit` and
    `NobodyToPassIt`.
    """
    monitoring = _locked_to_fill(monitoring, person)
    if today <= monitoring.round.ends_on:
        words = {"round": monitoring.round, "day": f"{monitoring.round.ends_on:%Y-%m-%d}"}
        raise WindowNotOver(_("“%(round)s”监控期到 %(day)s 才结束，之后才能提交；现在可以先填。") % words)
    content = monitoring_content(monitoring)
    if content is None:
        raise NothingToMonitor(_("“%(plan)s”没有已批复的绩效目标。") % {"plan": monitoring.plan})
    words_of = {row.indicator_id: row for row in said}
    _refuse_said(content, words_of, monitoring.round.layout)
    _refuse_money(content, money, overspending)
    monitoring.authors.add(person)
    _require_somebody(monitoring)
    report = _stored(monitoring, content, words_of, person, at)
    monitoring.report = report
    told = Change(Verb.ADD, report, after=_told(content))
    why = overspending.strip() if content.spending.is_over else ""
    first = stages_of(monitoring)[0]
    move(monitoring, StepKind.SUBMITTED, Verb.SUBMIT, first, person, at, channel, reason=why, before=[told])
    return report


def _locked_to_fill(monitoring: Monitoring, person: User) -> Monitoring:
    """Return the row, locked, for somebody who may write into it now."""
    monitoring = locked_monitoring(monitoring)
    if not may_fill(person, monitoring):
        unit = monitoring.plan.project.division or monitoring.plan.project.bureau
        raise NotYourMonitoring(_("这份监控表由%(unit)s填报，您可以查看，不能填写。") % {"unit": unit})
    if monitoring.state != MonitoringState.DRAFT:
        raise MonitoringMoved(
            _("“%(monitoring)s”目前是“%(state)s”，不能再改；需要修改的，请收回或请审核人退回。")
            % {"monitoring": monitoring, "state": monitoring.get_state_display()}
        )
    require_open(monitoring.round)
    return monitoring


def _refuse_said(content: MonitoringContent, said: Mapping[int, Said], layout: str) -> None:
    """Raise the refusal of the first thing that is missing or cannot be so."""
    for line in content.lines:
        words = {"code": line.indicator.code}
        if line.indicator_id not in said:
            raise SaidUnfit(_("指标 %(code)s 还没有填写。") % words)
        unfit = unfit_words(line, said[line.indicator_id], layout, content.aims.get(line.indicator_id))
        if unfit:
            raise SaidUnfit(_("指标 %(code)s：%(sentence)s") % {**words, "sentence": next(iter(unfit.values()))})


def _refuse_money(content: MonitoringContent, money: Mapping[str, Decimal], overspending: str) -> None:
    """Put what will be spent to its rows; raise the refusal of the first that is missing or cannot be so."""
    for row in content.spending.rows:
        row.estimate = money.get(row.source)
        if sentence := unfit_money(row.estimate, row.executed):
            raise SaidUnfit(f"{row.get_source_display()}：{sentence}")
    if sentence := unfit_overspending(content.spending, overspending):
        raise SaidUnfit(sentence)


def _stored(
    monitoring: Monitoring,
    content: MonitoringContent,
    said: Mapping[int, Said],
    person: User,
    at: datetime,
) -> MonitoringReport:
    """Write the report with its money and its lines."""
    report = content.report
    report.number = monitoring.report.number + 1 if monitoring.report else 1
    report.submitted_by, report.submitted_at = person, at
    report.save()
    for row in content.spending.rows:
        row.report = report
    MonitoringMoney.objects.bulk_create(content.spending.rows)
    for line in content.lines:
        _say(line, said[line.indicator_id])
        line.report = report
    MonitoringLine.objects.bulk_create(content.lines)
    return report


def _say(line: MonitoringLine, said: Said) -> None:
    for name, value in asdict(said).items():
        if name != "indicator_id":
            setattr(line, name, value.strip() if isinstance(value, str) else value)
    line.causes = list(said.causes)
    if said.likelihood == Likelihood.CERTAIN:  # what was typed before somebody thought better of it
        line.causes, line.cause, line.remedy = [], "", ""


def _told(content: MonitoringContent) -> dict[str, Any]:
    """Return what the event keeps of a report: every line's figure and words, so that the chain vouches for them too."""
    names = ("actual", "estimate", "estimate_text", "likelihood", "causes", "cause", "remedy", "note")
    return {
        "money": {row.source: [row.executed, row.estimate] for row in content.spending.rows},
        "lines": {line.indicator.code: {name: getattr(line, name) for name in names} for line in content.lines},
    }


def _require_somebody(monitoring: Monitoring) -> None:
    """Raise `NobodyToPassIt` where a stage has nobody but those who wrote it."""
    for stage in stages_of(monitoring):
        if not stage_holders(monitoring, stage):
            raise NobodyToPassIt(
                _("还不能提交：“%(stage)s”环节没有未参与填表的审核人，请系统管理员指定。") % {"stage": stage.label}
            )
