"""What Excel checks while a reporter fills a cell off-line, and what it says before."""

from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.plans.enums import Accumulation, Kind
from apps.plans.models import Measure
from apps.progress.layouts.heads import CHOICES, HEADS, NUMBERS
from apps.ui import formats

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
LIMIT: Final = 10**15
RUNS: Final = {
    Accumulation.INCREMENT: gettext_lazy("本期发生数"),
    Accumulation.RUNNING_TOTAL: gettext_lazy("年初至本期末的累计数"),
    Accumulation.SNAPSHOT: gettext_lazy("期末数"),
}


def asks_of(measure: Measure) -> str:
    """Return what a cell of the measure asks for, with its unit; money is asked in 万元."""
    if measure.kind == Kind.RATIO:
        words = {"numerator": measure.numerator, "denominator": measure.denominator}
        return _("分子：%(numerator)s\n分母：%(denominator)s") % words
    if measure.is_figured:
        what = str(RUNS.get(Accumulation(measure.accumulation), measure.get_accumulation_display()))
        unit = formats.unit("万元" if measure.kind == Kind.MONEY else measure.unit_name)
        return what + (formats.in_brackets(unit) if unit else "")
    if measure.kind == Kind.MILESTONE:
        return _("结果；已有结果的还要填认定日期和认定单位")
    return _("档次和百分比；理由写在“说明”里")


def rule_of(measure: Measure, name: str) -> dict[str, Any]:
    """Return what Excel checks in a cell and what it says before: a number may also be typed as "3.5万", so it only warns."""
    rule = {"input_title": str(HEADS[name]), "input_message": _prompt(measure, name)[:255]}
    if name in CHOICES:
        words = [str(choice.label) for choice in CHOICES[name]]
        text = _("请从列表中选择：%(words)s。") % {"words": formats.names(words)}
        return rule | {"validate": "list", "source": words, "error_title": _("请选择"), "error_message": text}
    if name in NUMBERS:
        return rule | _number_rule(measure, name)
    if name == "decided_on":
        text = _("日期请写成 2016-12-20 的样子。")
        between = {"validate": "date", "criteria": "between", "minimum": EARLIEST, "maximum": LATEST}
        return rule | between | {"error_type": "warning", "error_title": _("请核对"), "error_message": text}
    return rule | {"validate": "any"}


def _number_rule(measure: Measure, name: str) -> dict[str, Any]:
    limits = {"minimum": 0, "maximum": LIMIT}
    text = _("这里通常填 0 或以上的数。写成“3.5万”也读得懂；确认无误请选“是”。")
    if name == "percent":
        limits, text = {"minimum": 0, "maximum": 100}, _("百分比在 0 到 100 之间，不用写百分号。")
    elif measure.accumulation == Accumulation.INCREMENT and name == "value":
        limits, text = (
            {"minimum": -LIMIT, "maximum": LIMIT},
            _("这里应是一个数。写成“3.5万”也读得懂；确认无误请选“是”。"),
        )
    checked = {"validate": "decimal", "criteria": "between", **limits}
    return checked | {"error_type": "warning", "error_title": _("请核对"), "error_message": text}


def _prompt(measure: Measure, name: str) -> str:
    prompts = {
        "numerator": _("%(part)s。没有发生请填 0，还不知道就留空。") % {"part": measure.numerator},
        "denominator": _("%(part)s。比率由系统计算，不用填。") % {"part": measure.denominator},
        "value": _("%(asks)s。没有发生请填 0，还不知道就留空。") % {"asks": asks_of(measure)},
        "outcome": _("通过、未通过要同时填认定日期和认定单位；结果未出选“待结果”。"),
        "decided_on": _("写成 2016-12-20 的样子；结果未出不填。"),
        "decided_by": _("由谁认定，如“市政府”。"),
        "document": _("批复、通知等文件的名称或文号，没有可不填。"),
        "mark": _("达标、未达标，或不适用。"),
        "band": _("先选档次，再填百分比，并在“说明”里写理由。"),
        "percent": _("0 到 100 之间，要落在所选档次的范围内。"),
        "reason": _("这个数已经审核过。要改，请写明为什么。"),
    }
    return prompts[name]
