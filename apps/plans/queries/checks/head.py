"""Rules about a plan's head: attribute, dates, last year, scheme, money, and whether anybody could pass it."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from apps.plans.enums import Attribute, Origin, VersionState
from apps.plans.queries.checks import sources
from apps.plans.queries.checks.checked import Checked
from apps.plans.queries.checks.findings import CheckFinding, error, warning

OWED_LAST_YEAR: Final = (Attribute.CONTINUING, Attribute.MULTI_YEAR)
OF_MONEY: Final = re.compile("预算|资金|经费|支出|万元")
OF_GOALS: Final = re.compile("目标|指标|绩效|任务|成效|效益")


def attribute_missing(checked: Checked) -> Iterator[CheckFinding]:
    """Remark 1: exactly one of three attributes."""
    if not checked.content.attribute:
        sentence = _("没有选择项目属性，请选新增项目、持续项目或跨年度项目。")
        yield error("attribute_missing", "head.attribute", sentence, sources.REMARK_1)


def last_year_missing(checked: Checked) -> Iterator[CheckFinding]:
    """Remark 4: last year's money and goals, both, unless the project is new.

    What a source left empty, or was approved so before, may be explained instead.
    """
    content, place = checked.content, "head.last_year_completion"
    if content.attribute not in OWED_LAST_YEAR:
        return
    text = content.last_year_completion
    if not text.strip():
        sentence = _("“上年度项目绩效完成情况”为空，请写明上年度的预算完成情况和绩效目标完成情况。")
        is_ours = checked.version.origin == Origin.TYPED and checked.version.plan.approved_id is None
        weight = error if is_ours else warning
        yield weight("last_year_missing", place, sentence, sources.REMARK_4)
        return
    if not OF_MONEY.search(text):
        sentence = _("“上年度项目绩效完成情况”里看不到预算完成情况，请补写上年度预算数、执行数和执行率。")
        yield warning("last_year_money_missing", place, sentence, sources.REMARK_4)
    if not OF_GOALS.search(text):
        sentence = _("“上年度项目绩效完成情况”里看不到绩效目标完成情况，请补写上年度各项指标完成得怎样。")
        yield warning("last_year_goals_missing", place, sentence, sources.REMARK_4)


def span_in_one_year(checked: Checked) -> Iterator[CheckFinding]:
    """Remark 1: a multi-year project begins and ends in different years."""
    content = checked.content
    if content.attribute == Attribute.MULTI_YEAR and content.starts_on.year == content.ends_on.year:
        sentence = _("项目属性为跨年度项目，起止时间却都在%(year)s年，请改正起止时间或项目属性。") % {
            "year": content.starts_on.year
        }
        yield error("span_in_one_year", "head.ends_on", sentence, sources.REMARK_1)


def whole_target_missing(checked: Checked) -> Iterator[CheckFinding]:
    """A multi-year project says what it wants by its end, beside what it wants this year."""
    content = checked.content
    lacking = [row.code for row in content.indicators if row.whole_target is None]
    if content.attribute == Attribute.MULTI_YEAR and lacking:
        sentence = _("%(count)s项指标没有整个项目期的指标值，请补上到%(year)s年结束时要达到多少。") % {
            "count": len(lacking),
            "year": content.ends_on.year,
        }
        pieces = [f"indicators.{code}.whole_target" for code in lacking]
        yield warning("whole_target_missing", "indicators", sentence, sources.YEARLY, *pieces)


def dates_outside_year(checked: Checked) -> Iterator[CheckFinding]:
    """A yearly plan lies in its year; a multi-year project covers it."""
    content, year = checked.content, checked.year
    first, last = date(year, 1, 1), date(year, 12, 31)
    if content.attribute == Attribute.MULTI_YEAR:
        fits = content.starts_on <= last and content.ends_on >= first
    else:
        fits = first <= content.starts_on and content.ends_on <= last
    if not fits:
        sentence = _("起止时间 %(start)s 至 %(end)s 与 %(year)s 年度不符，请改正起止时间，或改选项目属性。") % {
            "start": content.starts_on,
            "end": content.ends_on,
            "year": year,
        }
        yield warning("dates_outside_year", "head.starts_on", sentence, sources.YEARLY)


def scheme_missing(checked: Checked) -> Iterator[CheckFinding]:
    """Without a scheme nothing says how many points there are."""
    if checked.scheme is None:
        sentence = _("没有选择评分方案，请选本年度适用的方案。")
        yield error("scheme_missing", "head.scheme", sentence, sources.SCHEME)


def nobody_to_pass(checked: Checked) -> Iterator[CheckFinding]:
    """A plan that waits for nobody would wait for ever."""
    if checked.is_settled:
        return
    project = checked.version.plan.project
    if project.division is None:
        sentence = _("项目没有责任处室，提交后没有人审核，请在项目信息里选定责任处室。")
        yield error("division_missing", "project.division", sentence, sources.OWN_WORDS)
    elif VersionState.DIVISION_REVIEW in checked.unattended:
        sentence = _("%(division)s没有可以审核的处室负责人（拟稿人不能审核自己的内容），请管理员指定一位。")
        words = {"division": project.division}
        yield error("head_missing", "project.head", sentence % words, sources.OWN_WORDS)
    if VersionState.LEADER_REVIEW in checked.unattended:
        sentence = _("%(bureau)s没有可以审签的局领导（拟稿人不能审签自己的内容），请管理员指定一位。")
        yield error("leader_missing", "project.leader", sentence % {"bureau": project.bureau}, sources.OWN_WORDS)


def budget_missing(checked: Checked) -> Iterator[CheckFinding]:
    """No budget is unknown, and zero is an odd budget."""
    if checked.budget is None:
        yield error("budget_missing", "budget", _("没有填预算，请添加年初预算。"), sources.WITHOUT_BUDGET)
    elif not checked.budget:
        sentence = _("预算合计为 0，请核对金额；确实没有安排资金的，请说明。")
        yield warning("budget_zero", "budget", sentence, sources.WITHOUT_BUDGET)


RULES: Final = (
    attribute_missing,
    last_year_missing,
    span_in_one_year,
    whole_target_missing,
    dates_outside_year,
    scheme_missing,
    nobody_to_pass,
    budget_missing,
)
