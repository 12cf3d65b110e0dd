"""What the words of an indicator suggest where the form has no column for it: its class, and what is counted over what.

Suggestions are marked as such in the preview, and a person has the last word.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from apps.calculation.reading import Reading, ReadOperator
from apps.calculation.spending import in_yuan
from apps.plans.enums import EconomicItem, Level1, Level2

LEVEL1_WORDS: Final = {
    Level1.COST: "成本指标",
    Level1.OUTPUT: "产出指标",
    Level1.BENEFIT: "效益指标",
    Level1.SATISFACTION: "满意度指标",
}
ECONOMIC_WORDS: Final = {
    EconomicItem.OFFICE: "办公费",
    EconomicItem.PRINTING: "印刷费",
    EconomicItem.WATER: "水费",
    EconomicItem.ELECTRICITY: "电费",
    EconomicItem.PROPERTY: "物业管理费",
    EconomicItem.TRAVEL_ABROAD: "因公出国",
    EconomicItem.MEETINGS: "会议费",
    EconomicItem.TRAINING: "培训费",
    EconomicItem.RECEPTION: "公务接待费",
    EconomicItem.LABOUR: "劳务费",
    EconomicItem.UNION: "工会经费",
    EconomicItem.CAR_RUNNING: "公务用车运行维护费",
    EconomicItem.CAR_PURCHASE: "公务用车购置费",
}
LEVEL2_WORDS: Final = {
    Level2.COST: "成本指标",
    Level2.ECONOMIC_COST: "经济成本指标",
    Level2.SOCIAL_COST: "社会成本指标",
    Level2.ECOLOGICAL_COST: "生态环境成本指标",
    Level2.TIMELINESS: "时效指标",
    Level2.SATISFACTION: "服务对象满意度指标",
}
LEVEL1_OF: Final = {
    Level2.QUANTITY: Level1.OUTPUT,
    Level2.QUALITY: Level1.OUTPUT,
    Level2.TIMELINESS: Level1.OUTPUT,
    Level2.COST: Level1.OUTPUT,
    Level2.ECONOMIC_COST: Level1.COST,
    Level2.SOCIAL_COST: Level1.COST,
    Level2.ECOLOGICAL_COST: Level1.COST,
    Level2.ECONOMIC: Level1.BENEFIT,
    Level2.SOCIAL: Level1.BENEFIT,
    Level2.ECOLOGICAL: Level1.BENEFIT,
    Level2.SUSTAINABLE: Level1.BENEFIT,
    Level2.SATISFACTION: Level1.SATISFACTION,
}
FIRST_LEVEL2: Final = {
    Level1.COST: Level2.ECONOMIC_COST,
    Level1.OUTPUT: Level2.QUANTITY,
    Level1.BENEFIT: Level2.SOCIAL,
    Level1.SATISFACTION: Level2.SATISFACTION,
}
_CLASSES: Final = (
    (Level2.SATISFACTION, re.compile("满意|好评|认可度")),
    (Level2.COST, re.compile("成本|单价|造价|费用|控制数")),
    (Level2.ECOLOGICAL, re.compile("生态|环境质量|排放|污染|绿化|能耗|空气|水质")),
    (Level2.ECONOMIC, re.compile("产值|税收|利润|增收|收入|经济效益|营业额")),
    (Level2.SUSTAINABLE, re.compile("可持续|长效|持续影响")),
    (Level2.TIMELINESS, re.compile("及时|按时|按期|时限|时效|期限|完成时间|完成日期")),
    (Level2.QUALITY, re.compile("验收|合格|达标|受理|答复|办结|质量|准确|优良|规范")),
    (Level2.QUANTITY, re.compile("安装|配备|建设|新建|采购|购置|培训|开工|完成率")),
    (Level2.SOCIAL, re.compile("纳管|安全|事故|案件|隐患|投诉|治安|满足|效益|提升|改善|覆盖")),
)
_AMOUNT: Final = re.compile(r"(?P<number>\d[\d,，]*(?:\.\d+)?)\s*(?P<unit>万元|元)")
_WHITE: Final = re.compile(r"\s+")
_PARTS: Final = re.compile(r"^(?P<top>[^/÷／:：,，;；。]{2,60})[/÷／](?P<bottom>[^/÷／:：,，;；。]{2,60})$")
_RATE: Final = re.compile("(?P<stem>[\u4e00-\u9fff\\w]*?)(?P<rate>率|比例|占比|比重)$")
_PER: Final = re.compile(
    r"每\s*[\d一二两三四五六七八九十百千万]*\s*(?P<word>[个名人位户万]*)(?P<bottom>[\u4e00-\u9fff]{0,12}?)(?:配备|配|拥有|设|安装|有)"
)
PART: Final = 60
NAMELESS: Final = 12


@dataclass(frozen=True, slots=True)
class Parts:
    """What a ratio divides by what; `is_printed` says that the words of the form name both."""

    numerator: str
    denominator: str
    is_printed: bool


def plain(text: str) -> str:
    """Return words without any white space: how two printed texts are compared."""
    return _WHITE.sub("", text)


def suggested_class(words: str, reading: Reading) -> Level2:
    """Return the 二级 that an indicator's words suggest; the 一级 follows from it.

    A change against an earlier year is a benefit; a mere number is a quantity and a rate a quality of what is delivered.
    """
    for level2, pattern in _CLASSES:
        if pattern.search(words):
            return level2
    if reading.operator is ReadOperator.CHANGE:
        return Level2.SOCIAL
    if reading.operator is ReadOperator.DATE:
        return Level2.TIMELINESS
    return Level2.QUALITY if reading.operator is ReadOperator.QUALITATIVE or reading.unit == "%" else Level2.QUANTITY


def parts_of(name: str, words: str, unit: str | None) -> Parts:
    """Return what a ratio counts over what: as printed (A/B), else a suggestion made from the name."""
    for text in (plain(name), plain(words)):
        if found := _PARTS.match(text.split("：")[0].split(":")[0]):
            return Parts(_short(found["top"]), _short(found["bottom"]), is_printed=True)
    if unit and "/" in unit:
        return _per_one(words, unit)
    if "满意" in words:
        return Parts("满意人数", "有效调查人数", is_printed=False)
    return _of_rate(plain(name))


def _per_one(words: str, unit: str) -> Parts:
    """Return the parts of so many for one: 每2名管理员配备1台 is 配备数（台） over 管理员（名）."""
    supplied, _stroke, counted = unit.rpartition("/")
    found = _PER.search(words)
    bottom = found["bottom"] if found and found["bottom"] else "服务对象"
    return Parts(f"配备数（{supplied}）", _short(f"{bottom}（{counted}）"), is_printed=False)


def _of_rate(name: str) -> Parts:
    found = _RATE.search(name)
    stem = found["stem"] if found and found["stem"] else name
    short = stem.rpartition("的")[2][-NAMELESS:] or "实际"
    return Parts(_short(f"{short}数"), _short(f"应{short}数" if found else f"{short}总数"), is_printed=False)


def _short(text: str) -> str:
    return text[:PART]


def economic_item(text: str) -> str:
    """Return the economic item that a direction begins with, as remark 2 of the form asks; empty where it does not."""
    words = _WHITE.sub("", text)
    return next((item.value for item, label in ECONOMIC_WORDS.items() if words.startswith(label)), "")


def amount_in(text: str) -> Decimal | None:
    """Return the one amount that a direction names, in 元; None where it names none or several."""
    found = list(_AMOUNT.finditer(text))
    if len(found) != 1:
        return None
    number = Decimal(found[0]["number"].replace(",", "").replace("，", ""))
    return in_yuan(number) if found[0]["unit"] == "万元" else number
