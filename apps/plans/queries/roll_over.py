"""Next year's plan out of this year's: what can be carried over as it stands, and where somebody has to judge.

A plan is carried as a proposal. What nobody decided yet for the new year (money, quotas that some authority fixes) is left
open, never copied.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from apps.calculation import targets as calculated
from apps.calculation.spending import execution_rate
from apps.calculation.terms import EqualMeans, Operator
from apps.plans.enums import Attribute, Basis, Frequency, Kind, Nature, Path, ScopeRule, TargetStatus, VersionState
from apps.plans.models import Member, Plan, PlanVersion, Result, Season
from apps.plans.queries.aims import adjusted_budget
from apps.plans.queries.contents import (
    IndicatorContent,
    MeasureContent,
    PlanContent,
    PlannedContent,
    TargetContent,
    contents_of,
)
from apps.ui import formats
from apps.ui.targets import target_text

TO_COME: Final = "待补"
FIGURED: Final = (Kind.RATIO, Kind.NUMBER, Kind.MONEY)
ON_BASELINE: Final = (Path.FROM_BASELINE, Path.LAST_YEARS_SHAPE)
YEAR_NAMED: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?=\s*年|(?!\d))")


@dataclass(frozen=True, slots=True)
class Hint:
    """Where judgement is due: an indicator or goal (empty: the plan as a whole), and what to look at."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The next year of a plan, and what to judge in it.

    `is_due` tells whether it should be carried over without being asked: money that comes every year, and projects that
    still run.
    """

    plan: Plan
    content: PlanContent
    hints: tuple[Hint, ...]
    is_due: bool


@dataclass(frozen=True, kw_only=True)
class Past:
    """What is written down of the year that ends. Amounts in 元.

    Results by the codes of measure and member, the member empty for all together.
    """

    year: int
    budget: Decimal | None
    executed: Decimal | None
    results: Mapping[tuple[str, str], Decimal]
    members: Mapping[tuple[str, str], Member]
    seasons: Mapping[str, Season]

    @property
    def first_day(self) -> date:
        """Return New Year's Day of the year that begins."""
        return date(self.year + 1, 1, 1)

    @property
    def is_silent(self) -> bool:
        """Tell whether nothing at all is written down."""
        return self.executed is None and not self.results

    def has_ended(self, row: Member | None) -> bool:
        """Tell whether a member is no longer there in the year that begins."""
        return row is not None and row.ends_on is not None and row.ends_on < self.first_day


def proposals(plans: Collection[Plan]) -> dict[int, Proposal]:
    """Return the next year of approved plans of one bureau, by the plan's id. Sixteen queries however many.

    `project` and `approved` should be loaded.
    """
    contents = contents_of([plan.approved for plan in plans if plan.approved])
    pasts = _pasts(plans, {pk: {row.code for row in content.measures} for pk, content in contents.items()})
    return {plan.pk: _proposal(plan, contents[plan.approved_id], pasts[plan.pk]) for plan in plans if plan.approved_id}


def _pasts(plans: Collection[Plan], codes: Mapping[int, Collection[str]]) -> dict[int, Past]:
    """Return what is written down of each plan's year; `codes` are its measures by the approved version. Four queries."""
    bureaus = {plan.project.bureau_id for plan in plans}
    budgets = adjusted_budget(plans)
    of_plans = Q(measure__indicators__plan__in=plans) | Q(measure__project__plans__in=plans)
    rows = Result.objects.filter(of_plans, year__in={plan.year for plan in plans})
    written = list(rows.select_related("measure", "member").distinct())
    members = {(row.dimension, row.code): row for row in Member.objects.filter(bureau__in=bureaus)}
    seasons = {row.name: row for row in Season.objects.filter(bureau__in=bureaus)}
    return {
        plan.pk: _past(
            plan,
            budgets.get(plan.pk),
            [row for row in written if row.year == plan.year],
            codes.get(plan.approved_id or 0, ()),
            members,
            seasons,
        )
        for plan in plans
    }


def _past(
    plan: Plan,
    budget: Decimal | None,
    written: Collection[Result],
    codes: Collection[str],
    members: Mapping[tuple[str, str], Member],
    seasons: Mapping[str, Season],
) -> Past:
    spending = plan.project.execution_id
    executed = [row.value for row in written if row.measure_id == spending and row.member is None]
    return Past(
        year=plan.year,
        budget=budget,
        executed=executed[0] if executed else None,
        results={
            (row.measure.code, row.member.code if row.member else ""): row.value
            for row in written
            if row.measure.code in codes
        },
        members=members,
        seasons=seasons,
    )


def _proposal(plan: Plan, before: PlanContent, past: Past) -> Proposal:
    carried = [_carried(row, before.measure_of(row), past) for row in before.indicators]
    starts_on, ends_on = _span(before, past)
    content = replace(
        before,
        attribute=Attribute.CONTINUING if before.attribute == Attribute.NEW else before.attribute,
        starts_on=starts_on,
        ends_on=ends_on,
        last_year_completion=completion_of(before, past),
        document="",
        reason="",
        budget=(),
        directions=tuple(replace(row, amount=None) for row in before.directions),
        indicators=tuple(row for row, _hints in carried),
    )
    hints = [*_hints_of_plan(plan, before, past), *(hint for _row, hints in carried for hint in hints)]
    return Proposal(plan, content, tuple(hints), _is_due(plan, before, past))


def _runs_on(content: PlanContent, past: Past) -> bool:
    """Tell whether it is a project of several years that reaches into the next."""
    return content.attribute == Attribute.MULTI_YEAR and content.ends_on >= past.first_day


def _is_due(plan: Plan, content: PlanContent, past: Past) -> bool:
    if content.attribute == Attribute.MULTI_YEAR:
        return _runs_on(content, past)
    return plan.project.nature != Nature.ONE_OFF


def _span(content: PlanContent, past: Past) -> tuple[date, date]:
    """Return the days of the new plan: those of a project that runs on as they are, any other a year later."""
    if _runs_on(content, past):
        return content.starts_on, content.ends_on
    return next_year(content.starts_on), next_year(content.ends_on)


def next_year(day: date) -> date:
    """Return the same day of the next year; the 28th after a 29th of February."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if is_leap_day else day.day)


# The plan as a whole --------------------------------------------------------------------------------------------------


def _hints_of_plan(plan: Plan, content: PlanContent, past: Past) -> Iterator[Hint]:
    yield from _hints_of_sort(plan, content, past)
    yield Hint("", _("新年度预算还没有，请填写；各支出方向的金额没有沿用。"))
    if past.is_silent:
        yield Hint(
            "", _("%(year)s 年的结果还没有封存或录入，“上年度项目绩效完成情况”留空，基期待补。") % {"year": past.year}
        )
    elif past.executed is None:
        yield Hint("", _("%(year)s 年的预算执行数还没有，“上年度项目绩效完成情况”里待补。") % {"year": past.year})
    for goal in content.goals:
        if years := _years_in(goal.text):
            yield Hint(_("目标%(number)s") % {"number": goal.number}, years)


def _hints_of_sort(plan: Plan, content: PlanContent, past: Past) -> Iterator[Hint]:
    if content.attribute == Attribute.NEW:
        yield Hint("", _("新增项目已改为持续项目。"))
    elif not content.attribute:
        yield Hint("", _("没有填写项目属性，请填写。"))
    elif content.attribute == Attribute.MULTI_YEAR and not _runs_on(content, past):
        yield Hint(
            "", _("跨年度项目已于 %(day)s 到期，确要继续请核对起止时间。") % {"day": f"{content.ends_on:%Y-%m-%d}"}
        )
    if plan.project.nature == Nature.ONE_OFF:
        yield Hint("", _("一次性项目，一般不结转。"))


def _years_in(text: str) -> str:
    """Return what to look at in a text that names a year; empty where it names none."""
    found = dict.fromkeys(YEAR_NAMED.findall(text))
    return _("文字里写着 %(years)s 年，请核对。") % {"years": formats.names(list(found))} if found else ""


# Indicators -----------------------------------------------------------------------------------------------------------


def _carried(row: IndicatorContent, measure: MeasureContent, past: Past) -> tuple[IndicatorContent, list[Hint]]:
    """Return an indicator for the next year, and what to judge about it."""
    target = None if row.target is None else _carried_target(row.target, measure, past)
    texts = [*_texts_of_measure(measure, past), *_texts_of_target(row, target, measure, past)]
    if years := _years_in(row.name):
        texts.append(years)
    return replace(row, target=target), [Hint(row.code, text) for text in texts]


def _carried_target(target: TargetContent, measure: MeasureContent, past: Past) -> TargetContent:
    """Return a target for the next year: dates a year later, ended members gone, the documents of the old year too.

    What an authority decides every year is pending again; the number of the old year becomes its reference.
    """
    gone = {code for code in target.members if past.has_ended(past.members.get((measure.dimension, code)))}
    carried = replace(
        target,
        due_on=next_year(target.due_on) if target.due_on else None,
        planned=tuple(PlannedContent(ends_on=next_year(row.ends_on), value=row.value) for row in target.planned),
        members=tuple(code for code in target.members if code not in gone),
        document="",
        decided_by="",
        reason="",
    )
    return _pending(carried, past) if _needs_decision(target) else carried


def _needs_decision(target: TargetContent) -> bool:
    """Tell whether somebody outside decides the number each year; known from that it was open, or decided by name."""
    return target.status != TargetStatus.FINAL or bool(target.decided_by)


def _pending(target: TargetContent, past: Past) -> TargetContent:
    """Return a target that waits for the new year's decision.

    One that names members keeps number and list: what is decided there is the list, and the old one is where to start.
    """
    open_one = replace(target, status=TargetStatus.PENDING)
    if target.scope != ScopeRule.TOGETHER or target.value is None:
        return open_one
    return replace(open_one, value=None, reference_value=target.value, reference_year=past.year)


def _texts_of_measure(measure: MeasureContent, past: Past) -> Iterator[str]:
    members = [past.members.get((measure.dimension, row.member)) for row in measure.members]
    if gone := [row.name for row in members if row is not None and past.has_ended(row)]:
        yield _("成员已停用：%(names)s。") % {"names": formats.names(gone)}
    if fresh := _newcomers(measure, past):
        yield _("新启用的成员不在数据项里：%(names)s，请在成员页加入。") % {"names": formats.names(fresh)}
    season = past.seasons.get(measure.season)
    if measure.frequency == Frequency.SEASON and season is not None and season.ends_on < past.first_day:
        yield _("填报季“%(season)s”到时已结束，请在成员页换到下一季。") % {"season": season.name}


def _newcomers(measure: MeasureContent, past: Past) -> list[str]:
    """Return members of the dimension that began after the year did and are not in the measure; new districts, for one."""
    there = {row.member for row in measure.members}
    return [
        row.name
        for (dimension, code), row in past.members.items()
        if dimension == measure.dimension
        and code not in there
        and row.starts_on is not None
        and row.starts_on > date(past.year, 1, 1)
    ]


def _texts_of_target(
    row: IndicatorContent, carried: TargetContent | None, measure: MeasureContent, past: Past
) -> Iterator[str]:
    if row.target is None or carried is None:
        yield _("没有指标值，请设定。")
        return
    if carried.status == TargetStatus.PENDING:
        yield _told_pending(carried, measure)
    if len(carried.members) < len(row.target.members):
        yield _("指标值名单里已停用的成员去掉了，请核对。")
    if carried.due_on:
        yield _("期限顺延为 %(day)s，请核对。") % {"day": f"{carried.due_on:%Y-%m-%d}"}
    if carried.planned:
        yield _("分期计划沿用上年各期的数，请核对。")
    yield from _texts_of_figures(carried, measure, past)


def _told_pending(target: TargetContent, measure: MeasureContent) -> str:
    if target.scope != ScopeRule.TOGETHER:
        return _("名单由文件确定，等新年度的审定文件；上年的名单仅作参考。")
    if target.reference_value is None:
        return _("指标值待定，等新年度的审定文件。")
    return _("指标值待定，等新年度的审定文件；%(year)s 年为 %(value)s，仅作参考。") % {
        "year": target.reference_year,
        "value": formats.measured(target.reference_value, measure),
    }


def _texts_of_figures(carried: TargetContent, measure: MeasureContent, past: Past) -> Iterator[str]:
    """Yield what last year's figure says about the target."""
    if measure.kind not in FIGURED:
        return
    actual = past.results.get((measure.code, ""))
    if actual is None:
        if (carried.basis != Basis.FIXED or carried.path in ON_BASELINE) and not past.is_silent:
            yield _("%(year)s 年的实际数还没有，基期待补。") % {"year": past.year}
        return
    if carried.status == TargetStatus.FINAL and carried.basis == Basis.FIXED and is_reached(carried, actual):
        yield _("%(year)s 年已达到 %(actual)s，指标值仍与上年相同，请考虑提高。") % {
            "year": past.year,
            "actual": formats.measured(actual, measure),
        }


def is_reached(target: TargetContent, actual: Decimal) -> bool:
    """Tell whether a figure reaches a target that is a number for all members together."""
    if target.scope != ScopeRule.TOGETHER:
        return False
    line = calculated.Target(
        operator=Operator(target.operator),
        value=target.value,
        high=target.high,
        equal=EqualMeans(target.equal_means),
        step=target.step,
    )
    return calculated.is_met(line, actual) is True


# 上年度项目绩效完成情况 ------------------------------------------------------------------------------------------------


def completion_of(content: PlanContent, past: Past) -> str:
    """Return last year in the words of the form, both parts (表十一 remark 4): money, and every indicator against its target.

    What is not written down says 待补; empty where nothing is.
    """
    if past.is_silent:
        return ""
    with translation.override(settings.LANGUAGE_CODE):
        parts = [_money_told(past)]
        if content.indicators:
            lines = "；".join(_indicator_told(row, content.measure_of(row), past) for row in content.indicators)
            parts.append(f"上年度绩效目标完成情况：{lines}。")
        return "\n".join(parts)


def _money_told(past: Past) -> str:
    budget = f"{formats.money(past.budget)}万元" if past.budget is not None else TO_COME
    if past.executed is None:
        return f"上年度预算完成情况：{past.year}年预算{budget}，执行数{TO_COME}。"
    rate = execution_rate(past.budget, past.executed)
    told = f"，执行率{formats.percent(rate)}" if rate is not None else ""
    return f"上年度预算完成情况：{past.year}年预算{budget}，执行{formats.money(past.executed)}万元{told}。"


def _indicator_told(row: IndicatorContent, measure: MeasureContent, past: Past) -> str:
    """Return an indicator with its target and what it came to: 1-2 全市平均纳管率：指标值 ≥ 80 %，实际 81.20 %."""
    named = _named(row, measure, past)
    wanted = target_text(row.target, measure, names=list(named.values())) if row.target else "未设"
    if row.target is None or row.target.scope == ScopeRule.TOGETHER:
        actual = _actual_told(past.results.get((measure.code, "")), measure)
    else:
        actual = "、".join(
            f"{name} {_actual_told(past.results.get((measure.code, code)), measure)}" for code, name in named.items()
        )
    told = wanted if wanted.startswith("指标值") else f"指标值 {wanted}"
    return f"{row.code} {row.name}：{told}，实际 {actual or TO_COME}"


def _named(row: IndicatorContent, measure: MeasureContent, past: Past) -> dict[str, str]:
    """Return the names of the members that a target names, by code."""
    codes = row.target.members if row.target else ()
    return {code: str(past.members.get((measure.dimension, code), code)) for code in codes}


def _actual_told(value: Decimal | None, measure: MeasureContent) -> str:
    return TO_COME if value is None else formats.measured(value, measure)


# The choice -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """An approved plan that may be carried over: its proposal, and next year's plan where there is one already."""

    proposal: Proposal
    following: Plan | None

    @property
    def is_due(self) -> bool:
        """Tell whether it is chosen unless somebody says otherwise."""
        return self.proposal.is_due and self.following is None


def candidates(plans: Collection[Plan]) -> list[Candidate]:
    """Return approved plans as they would be carried over, in their order. Seventeen queries for each bureau among them.

    `project` and `approved` should be loaded.
    """
    asked = Q(pk__in=[])
    for year in {plan.year for plan in plans}:
        asked |= Q(year=year + 1, project__in=[plan.project_id for plan in plans if plan.year == year])
    settled = Plan.objects.filter(asked, versions__in=PlanVersion.objects.exclude(state=VersionState.WITHDRAWN))
    following = {(row.project_id, row.year): row for row in settled.distinct()}
    found: dict[int, Proposal] = {}
    for bureau in {plan.project.bureau_id for plan in plans}:
        found |= proposals([plan for plan in plans if plan.project.bureau_id == bureau])
    return [
        Candidate(found[plan.pk], following.get((plan.project_id, plan.year + 1))) for plan in plans if plan.pk in found
    ]
