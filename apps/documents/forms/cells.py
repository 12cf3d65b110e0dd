"""What the words of one cell say: numbered lists, money, periods, 项目属性, classes, points. Else a sentence with the cell."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.calculation.numerals import NotANumber, read_chinese, read_number
from apps.calculation.spending import in_yuan
from apps.documents.forms.refusals import (
    AttributeUnknown,
    ClassUnknown,
    MoneyUnreadable,
    PeriodUnreadable,
    WeightUnreadable,
)
from apps.files.forms.cells import PrintedText
from apps.plans.enums import Attribute, Level1, Level2
from apps.ui import formats

EXAMPLE: Final = "示例（导入时忽略）"
EXAMPLE_SIGN: Final = re.compile("示例[（(]导入时忽略[）)]")
EMPTY: Final = re.compile(r"[\s—–\-－/／\\]*")
WAN_PLACES: Final = 6
YUAN_PLACES: Final = 2


@lru_cache(maxsize=8192)
def squeezed(text: str) -> str:
    """Return the words of a head: without white space and line breaks, with plain brackets, colons and digits."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def is_example(text: str | None) -> bool:
    """Tell whether a cell marks its row as the example of a template."""
    return text is not None and "示例" in text and EXAMPLE_SIGN.search(text) is not None


# --- lists --------------------------------------------------------------------------------------------------------------

CHINESE_NUMBER: Final = "[一二三四五六七八九十]{1,3}"
CIRCLES: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
STYLES: Final = {
    "named": rf"(?:年度|总体|绩效|中期)?(?:目标|指标)\s*(?P<n>\d{{1,3}}|{CHINESE_NUMBER})\s*[:：.．、]\s*",
    "dotted": r"(?P<n>\d{1,3})\s*(?:[.．](?!\d)|[、)）])\s*",
    "bracketed": rf"[（(]\s*(?P<n>\d{{1,3}}|{CHINESE_NUMBER})\s*[)）][.、]?\s*",
    "circled": rf"(?P<n>[{CIRCLES}])\s*",
    "chinese": rf"(?:第)?(?P<n>{CHINESE_NUMBER})[、,，.．]\s*",
}
FIRST: Final = {style: re.compile(pattern) for style, pattern in STYLES.items()}
NEXT: Final = {
    style: re.compile(pattern if style == "circled" else rf"(?:^|(?<=\n)|(?<=[;；。]))\s*{pattern}")
    for style, pattern in STYLES.items()
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a cell and its printed number, None where the cell numbers nothing."""

    number: int | None
    text: str


def items(text: str) -> list[Item]:
    """Return what a cell lists under ascending numbers: 1. 2. / 一、 / （1） / ① / 目标1：, on lines of their own or not.

    A cell that numbers nothing is one item. Only the number after the last one begins an item, so that figures and
    lists inside an item stay where they are. Words before the first number belong to the first item.
    """
    found = _first_number(text)
    if found is None:
        return [Item(None, text)]
    style, number, lead, at = found
    parts: list[Item] = []
    while (following := _next_number(text, at, style, number + 1)) is not None:
        parts.append(_item(number, lead, text[at : following.start()]))
        number, at, lead = number + 1, following.end(), ""
    parts.append(_item(number, lead, text[at:]))
    return [part for part in parts if part.text] or [Item(None, text)]


def _item(number: int, lead: str, text: str) -> Item:
    return Item(number, f"{lead}\n{text.strip()}".strip())


def _first_number(text: str) -> tuple[str, int, str, int] | None:
    """Return the style, the first number, the words before it and where its words begin.

    A list that begins later than the cell begins with 1, and it has a 2.
    """
    for style, pattern in FIRST.items():
        if match := pattern.match(text):
            return style, _ordinal(match["n"]), "", match.end()
    for style in FIRST:
        match = _next_number(text, 0, style, 1)
        if match and _next_number(text, match.end(), style, 2):
            return style, 1, text[: match.start()].strip(), match.end()
    return None


def _next_number(text: str, at: int, style: str, number: int) -> re.Match[str] | None:
    return next((match for match in NEXT[style].finditer(text, at) if _ordinal(match["n"]) == number), None)


def _ordinal(text: str) -> int:
    if text in CIRCLES:
        return CIRCLES.index(text) + 1
    return int(text) if text.isdecimal() else int(read_chinese(text) or 0)


# --- money --------------------------------------------------------------------------------------------------------------


def read_money(cell: PrintedText | None, *, is_in_wan: bool) -> Decimal | None:
    """Return an amount in 元, None for an empty cell or a dash. A unit in the cell itself counts more than the sheet's.

    Raises `MoneyUnreadable` for words, for what is below zero and for parts of a 分.
    """
    if cell is None or EMPTY.fullmatch(cell.text):
        return None
    text = squeezed(cell.text).removeprefix("¥").removeprefix("人民币")
    unit, places = ("万元", WAN_PLACES) if is_in_wan else ("元", YUAN_PLACES)
    try:
        number = read_number(text, places, unit)
    except NotANumber as why:
        raise _money_refused(cell, why.sentence.in_language(get_language() or "zh-hans")) from why
    if number is None or number < 0:
        raise _money_refused(cell, _("金额不能小于零。"))
    return in_yuan(number) if is_in_wan else number


def _money_refused(cell: PrintedText, why: str) -> MoneyUnreadable:
    words = {"address": cell.address, "text": shortened(cell.text), "why": why}
    return MoneyUnreadable(_("%(address)s写的是“%(text)s”，应为金额，如 4020.00。%(why)s") % words)


# --- periods ------------------------------------------------------------------------------------------------------------

YEAR: Final = r"(?P<{0}y>(?:19|20)\d\d)年?"
MONTH: Final = r"(?P<{0}m>1[0-2]|0?[1-9])月?"
DAY: Final = r"(?P<{0}d>3[01]|[12]\d|0?[1-9])日?"
UNTIL: Final = "(?:至|到|~|—+|–|-+|−|―+)"
FIRST_DAY: Final = rf"{YEAR.format('a')}[-./]?{MONTH.format('a')}[-./]?{DAY.format('a')}"
LAST_DAY: Final = rf"(?:{YEAR.format('b')}[-./]?)?{MONTH.format('b')}[-./]?{DAY.format('b')}"
FIRST_MONTH: Final = rf"{YEAR.format('a')}[-./]?{MONTH.format('a')}"
LAST_MONTH: Final = rf"(?:{YEAR.format('b')}[-./]?)?{MONTH.format('b')}"
PERIODS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{FIRST_DAY}{UNTIL}{LAST_DAY}",  # 2016-01-01至2016-12-31, 2016年1月1日—12月31日, 20160101-20161231
        rf"{FIRST_MONTH}{UNTIL}{LAST_MONTH}",  # 2016年1月至2018年12月, 2016年1-12月
        rf"{YEAR.format('a')}(?:度)?(?:{UNTIL}{YEAR.format('b')}(?:度)?)?",  # 2016-2018年, 2016年
    )
)
ONE_DAY: Final = re.compile(r"\d{4}([-./])\d{1,2}\1\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日?")
ONE_YEAR: Final = re.compile("(?:1|一)年(?:期)?|当年|本年度?|年度")


def read_period(cell: PrintedText | None, year: int | None) -> tuple[date | None, date | None]:
    """Return the first and the last day of a project, two None for an empty cell. Months and years count as a whole.

    `year` is the plan's, for 1年 and 当年. Raises `PeriodUnreadable`.
    """
    if cell is None or EMPTY.fullmatch(cell.text):
        return None, None
    text = re.sub(r"0?0:00:00", "", squeezed(cell.text)).rstrip("止")
    if year is not None and ONE_YEAR.fullmatch(text):
        return date(year, 1, 1), date(year, 12, 31)
    first, last = _first_and_last(text)
    if first is None or last is None or last < first:
        raise _period_refused(cell, is_backwards=first is not None)
    return first, last


def _first_and_last(text: str) -> tuple[date | None, date | None]:
    if ONE_DAY.fullmatch(text):
        return None, None
    match = next((match for pattern in PERIODS if (match := pattern.fullmatch(text))), None)
    try:
        return _days(match.groupdict()) if match else (None, None)
    except ValueError:  # 2016-02-30
        return None, None


def _days(said: Mapping[str, str | None]) -> tuple[date, date]:
    def number(name: str, otherwise: int) -> int:
        return int(said.get(name) or otherwise)

    first = date(number("ay", 0), number("am", 1), number("ad", 1))
    year, month = number("by", first.year), number("bm", 12)
    return first, date(year, month, number("bd", monthrange(year, month)[1]))


def _period_refused(cell: PrintedText, *, is_backwards: bool) -> PeriodUnreadable:
    words = {"address": cell.address, "text": shortened(cell.text)}
    if is_backwards:
        return PeriodUnreadable(_("%(address)s写的是“%(text)s”，截止日期应不早于起始日期。") % words)
    return PeriodUnreadable(_("%(address)s写的是“%(text)s”，应为起止日期，如 2016-01-01至2016-12-31。") % words)


# --- 项目属性 ------------------------------------------------------------------------------------------------------------

ATTRIBUTES: Final = {
    "新增": Attribute.NEW,
    "新建": Attribute.NEW,
    "持续": Attribute.CONTINUING,
    "延续": Attribute.CONTINUING,
    "跨年度": Attribute.MULTI_YEAR,
    "跨年": Attribute.MULTI_YEAR,
}
OPTION: Final = "新增|新建|持续|延续|跨年度?"
TICK: Final = "[☑✓✔√■☒●◉⊙⦿]"
NO_TICK: Final = "[□○◯☐]"
TICKED: Final = (
    re.compile(rf"{TICK}(?P<word>{OPTION})"),
    re.compile(rf"(?P<word>{OPTION})性?(?:项目)?[(]?{TICK}"),
)
ATTRIBUTE_WORDS: Final = re.compile(rf"(?P<word>{OPTION})性?(?:项目)?")


def read_attribute(cell: PrintedText | None) -> Attribute | None:
    """Return 项目属性, None for an empty cell; of a row of boxes it is the ticked one. Raises `AttributeUnknown`."""
    if cell is None or EMPTY.fullmatch(cell.text):
        return None
    text = squeezed(cell.text)
    if match := ATTRIBUTE_WORDS.fullmatch(text):
        return ATTRIBUTES[match["word"]]
    pattern = TICKED[0] if re.match(rf"{TICK}|{NO_TICK}", text) else TICKED[1]
    ticked = pattern.findall(text)
    if len(ticked) == 1:
        return ATTRIBUTES[ticked[0]]
    if not ticked and re.search(NO_TICK, text) and re.search(OPTION, text):
        return None
    words = {"address": cell.address, "text": shortened(cell.text)}
    raise AttributeUnknown(_("%(address)s写的是“%(text)s”，项目属性应为新增项目、持续项目、跨年度项目之一。") % words)


# --- classes and points -------------------------------------------------------------------------------------------------

LEVEL1: Final = {
    "成本": Level1.COST,
    "产出": Level1.OUTPUT,
    "效益": Level1.BENEFIT,
    "效果": Level1.BENEFIT,
    "满意度": Level1.SATISFACTION,
    "服务对象满意度": Level1.SATISFACTION,
    "社会公众或服务对象满意度": Level1.SATISFACTION,
}
LEVEL2: Final = {
    "数量": Level2.QUANTITY,
    "产出数量": Level2.QUANTITY,
    "质量": Level2.QUALITY,
    "产出质量": Level2.QUALITY,
    "时效": Level2.TIMELINESS,
    "产出时效": Level2.TIMELINESS,
    "成本": Level2.COST,
    "产出成本": Level2.COST,
    "经济成本": Level2.ECONOMIC_COST,
    "社会成本": Level2.SOCIAL_COST,
    "生态环境成本": Level2.ECOLOGICAL_COST,
    "生态成本": Level2.ECOLOGICAL_COST,
    "环境成本": Level2.ECOLOGICAL_COST,
    "经济效益": Level2.ECONOMIC,
    "社会效益": Level2.SOCIAL,
    "生态效益": Level2.ECOLOGICAL,
    "环境效益": Level2.ECOLOGICAL,
    "生态环境效益": Level2.ECOLOGICAL,
    "可持续影响": Level2.SUSTAINABLE,
    "可持续发展": Level2.SUSTAINABLE,
    "可持续性": Level2.SUSTAINABLE,
    "满意度": Level2.SATISFACTION,
    "服务对象满意度": Level2.SATISFACTION,
    "受益对象满意度": Level2.SATISFACTION,
    "社会公众满意度": Level2.SATISFACTION,
    "群众满意度": Level2.SATISFACTION,
    "服务对象或项目受益人满意度": Level2.SATISFACTION,
    "社会公众或服务对象满意度": Level2.SATISFACTION,
}
WITHIN: Final = {
    Level1.COST: (Level2.COST, Level2.ECONOMIC_COST, Level2.SOCIAL_COST, Level2.ECOLOGICAL_COST),
    Level1.OUTPUT: (Level2.QUANTITY, Level2.QUALITY, Level2.TIMELINESS, Level2.COST, Level2.ECONOMIC_COST),
    Level1.BENEFIT: (Level2.ECONOMIC, Level2.SOCIAL, Level2.ECOLOGICAL, Level2.SUSTAINABLE),
    Level1.SATISFACTION: (Level2.SATISFACTION,),
}
BELONGS: Final = {level2: level1 for level1 in (Level1.COST, *Level1) for level2 in WITHIN[level1]}
BELONGS.update({Level2.ECONOMIC_COST: Level1.COST})
CLASS_NOTE: Final = re.compile(r"[(\[].*?[)\]]|\d+(?:\.\d+)?分")


def read_classes(first: PrintedText | None, second: PrintedText | None) -> tuple[Level1 | None, Level2 | None]:
    """Return 一级指标 and 二级指标 of a row; one that is left empty follows from the other where only one can be meant.

    Words of the field that mean the same are known (效果指标, 受益对象满意度). Raises `ClassUnknown` with the cell.
    """
    level1 = None if first is None else Level1(_class(first, LEVEL1))
    level2 = None if second is None else Level2(_class(second, LEVEL2))
    if level1 is None and level2 is not None:
        level1 = BELONGS[level2]
    if level1 is not None and level2 is None and len(WITHIN[level1]) == 1:
        level2 = WITHIN[level1][0]
    return level1, level2


def _class(cell: PrintedText, known: Mapping[str, Level1] | Mapping[str, Level2]) -> str:
    words = CLASS_NOTE.sub("", squeezed(cell.text)).removesuffix(":")
    plain = words.removesuffix("指标")
    if plain in known:
        return known[plain]
    expected = formats.names(list(dict.fromkeys(str(found.label) for found in known.values())))
    said = {"address": cell.address, "text": shortened(cell.text), "expected": expected}
    raise ClassUnknown(_("%(address)s写的是“%(text)s”，应为%(expected)s之一。") % said)


def read_weight(cell: PrintedText | None) -> Decimal | None:
    """Return the points of an indicator, None for an empty cell. Raises `WeightUnreadable` below 0 and above 100."""
    if cell is None or EMPTY.fullmatch(cell.text):
        return None
    try:
        weight = read_number(squeezed(cell.text).removesuffix("分").removesuffix("%"), 2)
    except NotANumber:
        weight = None
    if weight is None or not 0 < weight <= 100:
        words = {"address": cell.address, "text": shortened(cell.text)}
        raise WeightUnreadable(_("%(address)s写的是“%(text)s”，分值应为 0 到 100 之间的数字，最多两位小数。") % words)
    return weight


def shortened(text: str) -> str:
    """Return words as a sentence quotes them: in one line, and not more than a person wants to read."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:40]}…"


def joined(cells: Sequence[PrintedText]) -> PrintedText | None:
    """Return the words of several cells as one text at the first of them, None without any."""
    if not cells:
        return None
    return PrintedText(text="\n".join(cell.text for cell in cells), address=cells[0].address)
