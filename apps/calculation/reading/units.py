"""Units of measurement as plans print them, and how they compare."""

import re
from decimal import Decimal
from typing import Final

PERCENT: Final = "%"
CJK: Final = "\u4e00-\u9fff"

_WORDS: Final = (
    # people and their doings
    "人次 人数 人口 人天 人月 人 名 位 户次 户籍人口 户 家庭 家次 家 学生 教师 职工 居民 农户 周岁 岁 月龄 "
    # things that are counted
    "个工作日 个自然日 个日历天 个小时 个月 个百分点 百分点 个 "
    "台套 台次 台班 台 套件 套次 套 辆次 辆 架次 架 艘次 艘 件次 件套 件 项次 项 "
    "起 例次 例 宗 部 本 册 卷 份 篇 张 幅 块 条次 条 根 只 头 羽 尾 匹 株 棵 盆 "
    "所 座 处 间 栋 幢 村次 村 镇 街道 街镇 社区 县 区 站 点位 点 "
    "盏 口 眼 床位 床 门 盘 扇 枚 粒 颗 笔 单 票 类 款 种 组 支 队 班次 班 副 双 把 面 "
    "顶 桶 箱 袋 瓶 包 盒 粒 段 片 层 级 档 "
    # events
    "场次 场 次 期次 期 批次 批 轮次 轮 届 遍 趟 车次 课时 学时 学分 课 节 堂 讲 页 字 "
    # time
    "工作日 自然日 日历天 天 日 小时 分钟 秒 月 年度 年 周 季度 季 "
    # money and marks
    "人民币 美元 港元 欧元 元 分贝 分 星 倍 "
    # length, area, volume, weight, power
    "平方公里 平方千米 平方米 平方厘米 平米 平方 立方米 立方 公里 千米 厘米 毫米 微米 延米 米 "
    "公顷 亩 吨标准煤 标准煤 吨 公斤 千克 毫克 微克 纳克 克 "
    "毫升 升 千瓦时 兆瓦时 千瓦 兆瓦 度 瓦 摄氏度 兆 帕 方"
)
_KNOWN: Final = "|".join(sorted(set(_WORDS.split()), key=lambda word: (-len(word), word)))
_LETTERS: Final = r"(?:[A-Za-zμ°℃Ω㎡㎥㎎㎏㎞㎝㎜㏄]+[23²³]?)"
_NO_UNIT: Final = (
    "[与和或及到至前后内外以之的为是共占约左上均全并且在应由比较对从于等各每按完达开覆未不已无成逐]"
    "|封顶|为限|开展|举办|实现|通过|合格|满意"
)
_STRANGER: Final = rf"(?:(?!{_NO_UNIT})[{CJK}]){{1,4}}(?={_NO_UNIT}|[^{CJK}]|$)"
_ONE: Final = rf"(?:{_KNOWN}|{_LETTERS}|{_STRANGER})"
_PER: Final = rf"(?:(?:[/*·×]每?|每)(?:{_KNOWN}|{_LETTERS}|[{CJK}]{{1,4}}(?![{CJK}])))"
_ROUGH: Final = "[余多]?"
_OR: Final = rf"(?:«(?:{_KNOWN})[/、]?(?:{_KNOWN})?»)?"
UNIT: Final = (
    rf"(?:[%‰]|/(?:10|100)?[千万](?:{_KNOWN})?|{_ROUGH}(?:{_ONE}|[百千万亿]{{1,2}}{_ROUGH}{_ONE}?){_OR}{_PER}{{0,3}})"
)
COUNTED: Final = rf"(?:[百千万亿]{{0,2}}(?:{_KNOWN}))"
PAREN_UNIT: Final = re.compile(rf"(?<=[{CJK}])\(((?:{_KNOWN})(?:[/、](?:{_KNOWN}))?)\)")

_MULTIPLIERS: Final = {
    "百": Decimal(100), "千": Decimal(1000), "万": Decimal(10) ** 4, "百万": Decimal(10) ** 6,
    "千万": Decimal(10) ** 7, "亿": Decimal(10) ** 8, "万亿": Decimal(10) ** 12,
}  # fmt: skip
_SAME: Final = {
    "平米": "平方米", "㎡": "平方米", "m²": "平方米", "m2": "平方米", "平方": "平方米", "千米": "公里", "km": "公里", "M": "米", "m": "米",
    "名": "人", "位": "人", "公斤": "千克", "kg": "千克", "㎏": "千克", "t": "吨", "个工作日": "工作日", "日": "天",
    "kWh": "千瓦时", "周岁": "岁", "个百分点": "百分点", "小时": "个小时", "立方": "立方米", "m³": "立方米", "m3": "立方米",
}  # fmt: skip
_ABOUT: Final = re.compile("^[余多]|(?<=[百千万亿])[余多]")
_EACH: Final = re.compile("[/*·×]?每")
_SPLIT: Final = re.compile(r"([百千万亿]*)(.*)")


def tidy(printed: str) -> str | None:
    """Return a unit as it is kept: as printed, but `每` as a stroke and without 余 or 多; None for no unit."""
    unit = _EACH.sub("/", _ABOUT.sub("", printed)).replace("«", "(").replace("»", ")")
    return {"": None, "个百分点": "百分点"}.get(unit, unit)


def factor(unit: str | None, wanted: str | None) -> Decimal | None:
    """Return by what a figure in `unit` is multiplied to be in `wanted`; None where the two measure different things.

    元 and 万元 differ by 10,000, 平米 and ㎡ not at all. A figure without a unit, or a bare 万, takes the wanted one.
    """
    times, plain = _parts(unit)
    wanted_times, wanted_plain = _parts(wanted)
    if unit is None or wanted is None or unit == wanted:
        return Decimal(1)
    if plain not in (wanted_plain, ""):
        return None
    return times / wanted_times


def _parts(unit: str | None) -> tuple[Decimal, str]:
    """Return the multiplier in a unit and what it multiplies: 万元 is 10,000 and 元."""
    match = _SPLIT.fullmatch(unit or "")
    times, plain = match.groups() if match else ("", unit or "")
    if times not in _MULTIPLIERS or plain in ("克", "米", "瓦", "瓦时", "分点"):
        return Decimal(1), _SAME.get(unit or "", unit or "")
    return _MULTIPLIERS[times], _SAME.get(plain, plain)
