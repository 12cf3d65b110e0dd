"""What the class and the name of an indicator say about a cell that says too little itself."""

import re
from dataclasses import dataclass
from typing import Final

from apps.calculation.reading.plain import plain
from apps.calculation.reading.results import ReadOperator

RATE: Final = re.compile(r"率|比例|占比|比重|覆盖面|满意[度程]|度(?:[:为达是(]|$)|数[^,;。|]{0,20}/[^,;。|]{0,20}数")
_COST: Final = re.compile("成本|费用|造价|单价|概算|支出|开支|花费|控制数")
_NO_COST: Final = re.compile("节约|节省|节支|节能|压减|(?<!成本)(?<!费用)率$|进度|合规|及时|到位|效益|准确")
_FALLING: Final = re.compile(
    "投诉|差错|事故|死亡|发病|返贫|流失|空置|超支|结余|结转|失业|违约|辍学|复发|感染|误差|故障|超标|逾期|积压|不合格|损耗|发案|隐患|排放|能耗|违规|舆情|上访"
)
_SOLVED: Final = re.compile("处理|处置|办结|答复|整改|排查|治理|化解|下降|降低|减少|回复|达标|控制率|演练|培训|查处")
_CEILING: Final = re.compile("控制在|不超过|不高于|不大于|不多于|不突破|限额|上限|以内$|以下$")
_FLOOR: Final = re.compile("不低于|不少于|不小于|至少|以上$|下限")
_TIMELY: Final = re.compile("时效|时间|时限|期限|日期|及时")


@dataclass(frozen=True, slots=True)
class Context:
    """Where a cell stands: all of it may be unknown.

    `is_cost` is a cost by class or name (a saving or a rate is none by its name); `is_saving` a name for which more is
    better although the class may be a cost; `is_falling` one for which less usually is; `named` the comparison that
    the name itself makes (控制在预算成本内).
    """

    is_cost: bool
    is_saving: bool
    is_rate: bool
    is_falling: bool
    is_timely: bool
    is_proportion: bool
    named: ReadOperator | None


def context_of(level1: str, level2: str, level3: str) -> Context:
    """Return what the 一级, the 二级 and the name of an indicator tell."""
    classes, name = plain(f"{level1};{level2}"), plain(level3)
    is_saving = bool(_NO_COST.search(name))
    return Context(
        is_cost="成本" in classes or (bool(_COST.search(name)) and not is_saving),
        is_saving=is_saving,
        is_rate=bool(RATE.search(name)) or "满意度" in classes,
        is_falling=bool(_FALLING.search(name)) and not _SOLVED.search(name),
        is_timely=bool(_TIMELY.search(f"{classes};{name}")),
        is_proportion=bool(re.search("比(?!较|赛|对)", name)),
        named=_named(name),
    )


def _named(name: str) -> ReadOperator | None:
    if _CEILING.search(name):
        return ReadOperator.AT_MOST
    return ReadOperator.AT_LEAST if _FLOOR.search(name) else None
