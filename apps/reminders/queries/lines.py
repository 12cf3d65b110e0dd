"""Obligations in words, in the language that is active."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.calculation.workdays import Workdays
from apps.plans.enums import TargetStatus
from apps.plans.models import IndicatorTerms, PlanVersion, Step, Target
from apps.plans.queries import target_in_force
from apps.progress.enums import EntryState, Verdict
from apps.progress.models import Entry, Review
from apps.reminders.enums import ORDER, Sort
from apps.reminders.queries.links import cell_link, site_link
from apps.reminders.queries.obligations import Obligation
from apps.ui import formats

STILL_OWED = {
    Sort.RETURNED: (EntryState.RETURNED,),
    Sort.OVERDUE: (EntryState.PENDING, EntryState.RETURNED),
    Sort.LATE: (EntryState.PENDING, EntryState.RETURNED),
    Sort.DUE: (EntryState.PENDING, EntryState.RETURNED),
    Sort.REVIEW: (EntryState.SUBMITTED,),
}
ON_PLANS = (Sort.PLAN_RETURNED, Sort.PLAN_REVIEW)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a mail: what is owed, how it stands, why it came, and where to do it."""

    obligation: Obligation
    title: str
    state: str
    why: str
    link: str
    due_on: date | None = None

    @property
    def sort(self) -> Sort:
        """Return what kind of thing is owed."""
        return self.obligation.sort

    @property
    def text(self) -> str:
        """Return the line as the ledger keeps it."""
        return _("%(title)s：%(state)s") % {"title": self.title, "state": self.state}


def lines(owed: Collection[Obligation], today: date, days: Workdays) -> list[Line]:
    """Return the lines of what is still owed now, in the order of telling: what was done meanwhile is silent.

    At most six queries, however many obligations.
    """
    on_targets = [row for row in owed if row.sort == Sort.TARGET]
    on_plans = [row for row in owed if row.sort in ON_PLANS]
    on_cells = [row for row in owed if row.sort != Sort.TARGET and row.sort not in ON_PLANS]
    found = [*_cell_lines(on_cells, today, days), *_plan_lines(on_plans), *_target_lines(on_targets, today)]
    return sorted(found, key=lambda line: (ORDER[line.sort], line.due_on or today, line.obligation.subject_id))


def _cell_lines(owed: Sequence[Obligation], today: date, days: Workdays) -> list[Line]:
    entries = Entry.objects.select_related("measure", "member", "round", "reporting_unit").in_bulk(
        {row.subject_id for row in owed}
    )
    returned = [entries[row.subject_id].latest_id for row in owed if row.sort == Sort.RETURNED]
    reviews = _last_returns(returned) if returned else {}
    found = []
    for row in owed:
        entry = entries[row.subject_id]
        if entry.state in STILL_OWED[row.sort]:
            found.append(_cell_line(row, entry, reviews.get(entry.latest_id or 0), today, days))
    return found


def _last_returns(revision_ids: Collection[int | None]) -> dict[int, Review]:
    rows = Review.objects.filter(revision__in=revision_ids, verdict=Verdict.RETURNED).select_related("reviewer")
    return {row.revision_id: row for row in rows.order_by("pk")}


def _cell_line(row: Obligation, entry: Entry, review: Review | None, today: date, days: Workdays) -> Line:
    return Line(
        obligation=row,
        title=_title(entry, row.sort),
        state=_state(row, entry, review, today, days),
        why=_why(row, entry),
        link=site_link("progress:queue") if row.sort == Sort.REVIEW else cell_link(entry.pk, row.person_id),
        due_on=entry.round.due_on,
    )


def _title(entry: Entry, sort: Sort) -> str:
    parts = [str(entry.measure), str(entry.round)]
    if sort != Sort.REVIEW:
        parts.insert(1, str(entry.member))
    return " · ".join(parts)


def _state(row: Obligation, entry: Entry, review: Review | None, today: date, days: Workdays) -> str:
    if row.sort == Sort.REVIEW:
        return ngettext("%(count)s 项待您审核", "%(count)s 项待您审核", row.count) % {"count": row.count}
    if row.sort == Sort.RETURNED and review:
        return _("%(who)s 退回：“%(reason)s”") % {"who": review.reviewer, "reason": review.reason}
    left = formats.working_days_left(days.between(today, entry.round.due_on))
    return _("截止 %(day)s，%(left)s") % {"day": formats.day(entry.round.due_on, today), "left": left}


def _why(row: Obligation, entry: Entry) -> str:
    reasons = {
        Sort.RETURNED: _("您提交的数据被退回，更正后请重新提交。"),
        Sort.OVERDUE: _("逾期后的第 1 个工作日提醒，此后每 2 个工作日一次，填报后即停止；同时告知处室负责人。"),
        Sort.LATE: _("由 %(unit)s 填报，逾期未报，告知处室负责人。") % {"unit": entry.reporting_unit},
        Sort.REVIEW: _("有新提交的数据。"),
    }
    return reasons.get(row.sort) or _due_reason(row.stage)


def _due_reason(stage: str) -> str:
    step = stage.partition("/")[0]
    if step == "opened":
        return _("本期填报已经开放。")
    count = int(step.rpartition("-")[2])
    if count == 0:
        return _("截止当日提醒。")
    return ngettext("截止前 %(count)s 个工作日提醒。", "截止前 %(count)s 个工作日提醒。", count) % {"count": count}


def _target_lines(owed: Sequence[Obligation], today: date) -> list[Line]:
    if not owed:
        return []
    rows = IndicatorTerms.objects.filter(
        indicator__in={row.subject_id for row in owed}, version=F("indicator__plan__approved")
    ).select_related("indicator__plan__project")
    terms = {term.indicator_id: term for term in rows}
    targets = target_in_force([term.indicator for term in terms.values()], today)
    return [_target_line(row, terms[row.subject_id], targets[row.subject_id]) for row in owed]


def _target_line(row: Obligation, term: IndicatorTerms, target: Target) -> Line:
    is_pending = target.status == TargetStatus.PENDING
    name = formats.in_language(term.name, term.name_en)
    return Line(
        obligation=row,
        title=f"{term.indicator.plan.project} · {term.indicator.code} {name}",
        state=_("指标值待定") if is_pending else _("指标值暂定，尚未审定"),
        why=_("每月提醒一次，审定后即停止。"),
        link=site_link("plans:decide", row.subject_id),
    )


def _plan_lines(owed: Sequence[Obligation]) -> list[Line]:
    """Return the lines of versions that still are where the obligation found them: the last step is the one it names."""
    if not owed:
        return []
    steps = Prefetch("steps", Step.objects.select_related("person").order_by("pk"))
    rows = PlanVersion.objects.filter(pk__in={row.subject_id for row in owed}).select_related("plan__project")
    versions = {version.pk: version for version in rows.prefetch_related(steps)}
    last = {pk: next(reversed(list(version.steps.all())), None) for pk, version in versions.items()}
    return [
        _plan_line(row, versions[row.subject_id], step)
        for row in owed
        if (step := last[row.subject_id]) is not None and row.stage == f"step-{step.pk}"
    ]


def _plan_line(row: Obligation, version: PlanVersion, last: Step) -> Line:
    is_return = row.sort == Sort.PLAN_RETURNED
    said = {"who": last.person or "perftrack", "what": last.get_kind_display(), "reason": last.reason}
    return Line(
        obligation=row,
        title=_("%(project)s · %(year)s年度绩效目标") % {"project": version.plan.project, "year": version.plan.year},
        state=_("%(who)s 退回：“%(reason)s”") % said if is_return else version.get_state_display(),
        why=_("您编制的目标被退回，修改后请重新提交。") if is_return else _("由%(who)s%(what)s，轮到您审核。") % said,
        link=site_link("plans:editor", version.plan_id),
    )
