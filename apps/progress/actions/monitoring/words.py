"""What may be said in a line of a monitoring: one rule for the form and for every other door."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from apps.calculation.rounding import half_up
from apps.calculation.spending import in_wan
from apps.calculation.targets import Target, is_met
from apps.plans.enums import Kind
from apps.plans.models import Measure
from apps.progress.enums import CAUSES_OF, Likelihood, MonitoringLayout, Outcome, StandingStatus
from apps.progress.models import (
    MonitoringLine,
)
from apps.progress.queries.cases import FLOWS
from apps.progress.queries.monitoring import Spending, year_end_words
from apps.ui import formats

FAILING: Final = (
    "不通过",
    "未通过",
    "通不过",
    "不能通过",
    "不会通过",
    "不合格",
    "不达标",
    "未达标",
    "不会达",
    "不能达",
    "无法达",
    "达不到",
    "完不成",
    "不能完成",
    "无法完成",
    "不能实现",
    "无法实现",
    "不可能",
)
"""Words with which people say that something will not come about; "不会" alone may as well promise something good."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of one indicator. `estimate` is in the measure's unit, money in 元; None is not said."""

    indicator_id: int
    likelihood: str
    estimate: Decimal | None = None
    estimate_text: str = ""
    causes: tuple[str, ...] = ()
    cause: str = ""
    remedy: str = ""
    note: str = ""


def unfit_words(line: MonitoringLine, said: Said, layout: str, aim: Target | None) -> dict[str, str]:
    """Return a sentence for each field of a line that cannot be so, by field; empty where all is well.

    The form of 136号 asks for the year's expected figure, and both forms for cause and measure of whatever is in doubt. What
    seems to contradict itself in words goes in with a note.
    """
    found = {}
    if sentence := _unfit_estimate(line, said, layout):
        found["estimate"] = sentence
    if said.likelihood not in Likelihood.values:
        found["likelihood"] = _("请选择完成目标的可能性。")
    elif said.likelihood != Likelihood.CERTAIN:
        found |= _unfit_doubt(said)
    if set(said.causes) - {str(cause) for cause in CAUSES_OF[MonitoringLayout(layout)]}:
        found["causes"] = _("所选原因不在本表式的原因之列。")
    return found | ({} if found else _contradiction(line, said, aim))


def unfit_money(estimate: Decimal | None, executed: Decimal | None) -> str:
    """Return the sentence for an expected amount that is missing or cannot be, empty where all is well. Both in 元.

    A year spends no less than its window did, as the form prints it: 万元 with two decimals.
    """
    if estimate is None:
        return _("请填写全年预计执行数。")
    if estimate < 0:
        return _("全年预计执行数不能小于 0。")
    if executed is not None and half_up(in_wan(estimate)) < half_up(in_wan(executed)):
        words = {"amount": formats.money(executed)}
        return _("全年预计执行数不能少于监控期内已执行的 %(amount)s 万元。") % words
    return ""


def unfit_overspending(spending: Spending, reason: str) -> str:
    """Return the sentence for a year that will spend more than it was given and does not say why, empty where all is well.

    The estimates in the rows are looked at. Money may be given later in the year, so it is a question and no limit.
    """
    if not spending.is_over or reason.strip():
        return ""
    words = {"estimate": formats.money(spending.estimate), "budget": formats.money(spending.budget)}
    return _("全年预计执行 %(estimate)s 万元，超出全年预算 %(budget)s 万元，请写明原因（例如：拟追加预算）。") % words


def _unfit_estimate(line: MonitoringLine, said: Said, layout: str) -> str:
    measure = line.indicator.measure
    if said.estimate is not None and said.estimate < 0 and measure.kind != "number":
        return _("全年预计完成数不能小于 0。")
    if sentence := _beyond_whole(measure, said.estimate) or _shrunk(line, said.estimate):
        return sentence
    is_said = said.estimate is not None if measure.is_figured else bool(said.estimate_text.strip())
    if is_said or layout != MonitoringLayout.CENTRAL or line.status == StandingStatus.NOT_APPLICABLE:
        return ""
    return _("请填写全年预计完成数。") if measure.is_figured else _("请写明全年预计完成情况。")


def _beyond_whole(measure: Measure, estimate: Decimal | None) -> str:
    """Return the sentence for a share of more than the whole."""
    if estimate is None or not measure.is_part_of_whole or measure.factor is None or estimate <= measure.factor:
        return ""
    words = {"estimate": formats.measured(estimate, measure), "most": formats.measured(measure.factor, measure)}
    return _("全年预计 %(estimate)s，但“%(numerator)s”是“%(denominator)s”的一部分，最多 %(most)s。") % {
        **words,
        "numerator": measure.numerator,
        "denominator": measure.denominator,
    }


def _shrunk(line: MonitoringLine, estimate: Decimal | None) -> str:
    """Return the sentence for a year that comes to less than its window did, where what is counted only grows."""
    measure = line.indicator.measure
    only_grows = measure.accumulation in FLOWS and not measure.denominator_accumulation and line.met is None
    if estimate is None or line.actual is None or not only_grows:
        return ""
    if measure.kind == Kind.MONEY:
        year, window = half_up(in_wan(estimate)), half_up(in_wan(line.actual))
    else:
        year, window = half_up(estimate, measure.decimals), half_up(line.actual, measure.decimals)
    if year >= window:
        return ""
    words = {"estimate": formats.measured(estimate, measure), "actual": formats.measured(line.actual, measure)}
    return _("全年预计 %(estimate)s，比监控期内已有的 %(actual)s 还少；请填全年累计数。") % words


def _unfit_doubt(said: Said) -> dict[str, str]:
    found = {}
    if not said.causes:
        found["causes"] = _("不能确定完成的，请勾选偏差原因。")
    if not said.cause.strip():
        found["cause"] = _("请说明原因。")
    if not said.remedy.strip():
        found["remedy"] = _("请写明改进措施。")
    return found


def _contradiction(line: MonitoringLine, said: Said, aim: Target | None) -> dict[str, str]:
    """Return the sentence for an estimate and a likelihood that cannot both be, empty where they can."""
    if sentence := _unfit_promise(line, said):
        return {"likelihood": sentence}
    if aim is None or said.estimate is None:
        return {}
    reaches = is_met(aim, said.estimate)
    words = {"estimate": formats.measured(said.estimate, line.indicator.measure), "wanted": _wanted(line, aim)}
    if reaches is False and said.likelihood == Likelihood.CERTAIN:
        return {"likelihood": _("全年预计 %(estimate)s，达不到指标值 %(wanted)s，不能填“确定能”。") % words}
    if reaches is True and said.likelihood == Likelihood.IMPOSSIBLE:
        return {"likelihood": _("全年预计 %(estimate)s，已达到指标值 %(wanted)s，与所选可能性不符。") % words}
    return {}


def _wanted(line: MonitoringLine, aim: Target) -> str:
    """Return the target in words: what it comes to at the year's end where that is another number than in the window."""
    at_end = year_end_words(line, aim)
    return _("%(wanted)s（年末与上年全年比）") % {"wanted": at_end} if at_end else line.wanted


def _unfit_promise(line: MonitoringLine, said: Said) -> str:
    """Return the sentence for a promise beside words, or a decision, that say the opposite; a note answers it."""
    if said.likelihood != Likelihood.CERTAIN or said.note.strip() or line.indicator.measure.is_figured:
        return ""
    if any(words in said.estimate_text for words in FAILING):
        words = {"words": said.estimate_text.strip()}
        return _("写的是“%(words)s”，选的却是“确定能”；如确实不矛盾，请在备注里说明。") % words
    if line.outcome == Outcome.FAILED:
        return _("监控期内的结果是“未通过”，选的却是“确定能”；如确实不矛盾，请在备注里说明。")
    return ""
