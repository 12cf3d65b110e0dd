"""Numbers, dates and stretches of time written for people, in the language of the page.

Every function takes None for "unknown" and answers with a dash, so that nothing unknown ever looks like a zero.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, ngettext_lazy
from django.utils.translation import gettext as _

from apps.calculation.rounding import half_up
from apps.calculation.spending import in_wan

UNKNOWN: Final = "—"
WHOLE_YEAR: Final = (1, 12)
HALF: Final = 6
QUARTER: Final = 3

WEEKDAYS: Final = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS: Final = {
    "人": ngettext_lazy("人", "人"),
    "件": ngettext_lazy("件", "件"),
    "起": ngettext_lazy("起", "起"),
    "个": ngettext_lazy("个", "个"),
    "次": ngettext_lazy("次", "次"),
    "台": ngettext_lazy("台", "台"),
    "套": ngettext_lazy("套", "套"),
    "项": ngettext_lazy("项", "项"),
    "条": ngettext_lazy("条", "条"),
    "万元": ngettext_lazy("万元", "万元"),
    "元": ngettext_lazy("元", "元"),
    "处": ngettext_lazy("处", "处"),
    "台/人": ngettext_lazy("台/人", "台/人"),
    "人次": ngettext_lazy("人次", "人次"),
    "团组": ngettext_lazy("团组", "团组"),
    "平方米": ngettext_lazy("平方米", "平方米"),
    "月": ngettext_lazy("月", "月"),
    "年": ngettext_lazy("年", "年"),
    "份": ngettext_lazy("份", "份"),
    "册": ngettext_lazy("册", "册"),
    "本": ngettext_lazy("本", "本"),
    "张": ngettext_lazy("张", "张"),
}


def is_chinese() -> bool:
    """Tell whether the page is written in Chinese."""
    return (get_language() or "zh").startswith("zh")


def figure(value: Decimal | None, decimals: int = 0) -> str:
    """Return a number with thousands grouped and exactly `decimals` places, rounded half up."""
    return UNKNOWN if value is None else f"{half_up(Decimal(value), decimals):,f}"


def money(value: Decimal | None) -> str:
    """Return an amount of 元 in 万元 with two decimals and without its unit, which stands at the head of the column."""
    return UNKNOWN if value is None else figure(in_wan(Decimal(value)), 2)


def percent(value: Decimal | None, decimals: int = 2) -> str:
    """Return a percentage that is kept as printed: 80 means 80 %."""
    return UNKNOWN if value is None else f"{figure(value, decimals)} %"


def points(value: Decimal | None) -> str:
    """Return points or a weight without idle zeros: 7, 22.5."""
    return UNKNOWN if value is None else f"{half_up(Decimal(value)):f}".rstrip("0").rstrip(".")


def unit(name: str, count: Decimal | None = None) -> str:
    """Return a unit of measurement in the language of the page, as one says it after `count` (None: of many).

    One that is not known stays as it was typed.
    """
    return UNITS[name] % (1 if count == 1 else 2) if name in UNITS else name


def measured(value: Decimal | None, measure: Any) -> str:
    """Return a figure with its unit, in the measure's own number of decimals; money as 万元."""
    if value is None:
        return UNKNOWN
    if measure.kind == "money":
        return f"{money(value)} {unit('万元')}"
    return f"{figure(value, measure.decimals)} {unit(measure.unit_name, value)}".rstrip()


def plain(value: Decimal | None, measure: Any) -> str:
    """Return a figure without its unit, for a column that names the unit in its head; money in 万元."""
    return money(value) if measure.kind == "money" else figure(value, measure.decimals)


def part(value: Decimal | None, measure: Any) -> str:
    """Return a numerator or denominator: as many decimals as it needs, at most two; money in 万元."""
    if value is None or measure.kind == "money":
        return money(value)
    text = figure(value, 2)
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(value: date | None, today: date | None = None) -> str:
    """Return a day with its weekday: 9月8日 周四; with its year where that is not the year of `today`: 2017年6月30日 周五."""
    if value is None:
        return UNKNOWN
    weekday = WEEKDAYS[value.weekday()]
    is_other_year = today is not None and value.year != today.year
    if is_chinese():
        return f"{value.year}年" * is_other_year + f"{value.month}月{value.day}日 {weekday}"
    return f"{weekday} {value.day} {MONTHS[value.month - 1]}" + f" {value.year}" * is_other_year


def moment(value: datetime | None) -> str:
    """Return a moment to the minute, in the time zone of the product."""
    return UNKNOWN if value is None else f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


def month(number: int) -> str:
    """Return the name of a month, 1 to 12: 8月, Aug."""
    return f"{number}月" if is_chinese() else MONTHS[number - 1]


def period(starts_on: date, ends_on: date) -> str:
    """Return the usual name of a stretch of days: a month, quarter, half-year or year; any other by its two days."""
    months = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month + 1
    if not _is_whole_months(starts_on, ends_on):
        return f"{starts_on:%Y-%m-%d} – {ends_on:%Y-%m-%d}"
    if months == 1:
        return (
            f"{starts_on.year}年{starts_on.month}月" if is_chinese() else f"{month(starts_on.month)} {starts_on.year}"
        )
    return _part_of_year(starts_on, months) or f"{starts_on:%Y-%m} – {ends_on:%Y-%m}"


def _part_of_year(starts_on: date, months: int) -> str:
    """Return the name of a quarter, half-year or year, empty when the months are none of them."""
    year, place = starts_on.year, starts_on.month - 1
    if months == QUARTER and place % QUARTER == 0:
        return _("%(year)s年第%(number)s季度") % {"year": year, "number": place // QUARTER + 1}
    if months == HALF and place % HALF == 0:
        return _("%(year)s年上半年") % {"year": year} if place == 0 else _("%(year)s年下半年") % {"year": year}
    if months == WHOLE_YEAR[1] and place == 0:
        return _("%(year)s年") % {"year": year}
    return ""


def _is_whole_months(starts_on: date, ends_on: date) -> bool:
    following = date.fromordinal(ends_on.toordinal() + 1)
    return starts_on.day == 1 and following.day == 1


def working_days_left(count: int) -> str:
    """Return how far a deadline is: `count` working days ahead, 0 on the day itself, negative when it is past."""
    if count == 0:
        return _("今天到期")
    if count > 0:
        return ngettext("还有 %(count)s 个工作日", "还有 %(count)s 个工作日", count) % {"count": count}
    return ngettext("已逾期 %(count)s 个工作日", "已逾期 %(count)s 个工作日", -count) % {"count": -count}


def names(values: list[str]) -> str:
    """Return several names as one text: 荔湾区、越秀区."""
    return ("、" if is_chinese() else ", ").join(values)


def clauses(values: list[str]) -> str:
    """Return several statements as one text: 处室没有负责人；没有绩效管理岗."""
    return ("；" if is_chinese() else "; ").join(values)


def in_brackets(words: str) -> str:
    """Return an aside as it stands right behind what it is about: （暂定）, with a blank before it where words need one."""
    return f"（{words}）" if is_chinese() else f" ({words})"


def in_language(chinese: str, english: str) -> str:
    """Return the English twin of a name on an English page, the Chinese one wherever there is no twin."""
    return chinese if is_chinese() or not english else english
