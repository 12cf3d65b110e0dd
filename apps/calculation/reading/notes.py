"""What a reader says to the person who checks it, in both languages of the product."""

from decimal import Decimal
from typing import Final

from apps.calculation.reading.results import Reading, ReadOperator
from apps.calculation.terms import Basis, Direction, Sentence

Op = ReadOperator

BARE: Final = Sentence(
    "只有数量，没有比较词，按“不低于”理解，请确认。",
    "A quantity without a comparison, taken as at least that much; please confirm.",
)
BARE_COST: Final = Sentence(
    "成本类只有数量，没有比较词，按“不超过”理解，请确认。",
    "A cost without a comparison, taken as at most that much; please confirm.",
)
BARE_ZERO: Final = Sentence("只有“0”，按“一个也没有”理解，请确认。", "A bare 0, taken as none at all; please confirm.")
BARE_RATE: Final = Sentence(
    "比率只有百分数，没有比较词，达到即为完成。",
    "A bare percentage under a rate: reached when the figure is at least that.",
)
FALLING_NAME: Final = Sentence(
    "从名称看可能越低越好，请确认方向。", "By its name, less may be better here; please confirm the direction."
)
RISING_NAME: Final = Sentence(
    "从名称看可能越高越好，请确认方向。", "By its name, more may be better here; please confirm the direction."
)
SHORTER_IS_BETTER: Final = Sentence(
    "时效指标的天数通常越少越好，请确认方向。",
    "A time taken is usually better when shorter; please confirm the direction.",
)
FROM_NAME: Final = Sentence("比较词取自指标名称。", "The comparison was taken from the indicator's name.")
FLOOR_OF_COST: Final = Sentence(
    "成本类却写“不低于”，可能应为“不超过”，请确认。",
    "A cost with a lower bound: an upper one may be meant; please confirm.",
)
CONFLICT: Final = Sentence(
    "前后比较词不一致，取更明确的一个，请确认。",
    "Two comparisons that differ; the more definite one was taken, please confirm.",
)
ABOUT: Final = Sentence(
    "数量是约数（约、左右、余、近），请确认。", "The quantity is approximate (about, some, nearly); please confirm."
)
STRICT_RANGE: Final = Sentence(
    "区间的端点原文不包括在内，请确认。", "An end of the range is excluded by its wording; please confirm."
)
REVERSED_RANGE: Final = Sentence(
    "区间从大到小书写，已按从小到大理解，请确认。",
    "The range was written from high to low and turned round; please confirm.",
)
OPEN_FIGURE: Final = Sentence("指标值尚未填写或待定。", "The figure is left open or still to be decided.")
NO_UNIT: Final = Sentence("没有计量单位。", "There is no unit.")
FRACTION: Final = Sentence("由分数换算而来，请确认。", "Worked out from a fraction; please confirm.")
PENDING: Final = Sentence("指标值待定，确定前不计分。", "The target is still to be decided and is not scored before.")
PROVISIONAL: Final = Sentence(
    "指标值为暂定，以后须凭文件确定。", "The target is provisional; a document has to settle it."
)
SOFT: Final = Sentence(
    "措辞留有余地（如争取、力求、初见），建议改为可衡量的表述。",
    "Soft wording (strive, try, first results): a measurable one would be better.",
)
MARKED: Final = Sentence("原文标有“待核”。", "The text itself is marked as to be checked.")
EMPTY: Final = Sentence("没有填写指标值。", "No target is filled in.")
NOTHING: Final = Sentence(
    "“无”可能是没有要求，也可能是不允许发生，请确认。",
    "“None” may mean no requirement or none allowed; please confirm.",
)
TOO_LONG: Final = Sentence(
    "文字过长，只按文字理解，请人工核对。",
    "The text is too long to be a target cell and is kept as words; please check.",
)
ORDINAL: Final = Sentence(
    "其中的数字是序号（如“1-6期”），不是指标值，请确认。",
    "A number in it names an order (such as 1-6期), not a target; please confirm.",
)
WORDS_WITH_FIGURES: Final = Sentence(
    "文字中有数字，但读不出指标值，请人工核对。",
    "There are digits in the words, but no target could be read; please check.",
)
RECURRING: Final = Sentence(
    "每期重复的时限，不是一个日期，请人工核对。", "A deadline that recurs, not one date; please check."
)
LOOSE_DATE: Final = Sentence(
    "“…前”是否包括当期不明确，按该期最后一天理解，请确认。",
    "“Before” a month or year may leave it out; its last day was taken, please confirm.",
)
IMPOSSIBLE_DAY: Final = Sentence(
    "该月没有这一天，按月末理解，请确认。", "The month has no such day; its last one was taken, please confirm."
)
SEVERAL_DATES: Final = Sentence(
    "有多个日期，取最晚的一个，请确认。", "There are several dates; the latest was taken, please confirm."
)
YEARLESS_NUMBERS: Final = Sentence(
    "按日期理解，请确认不是数量。", "Taken as a date; please confirm that it is no quantity."
)
PERIOD: Final = Sentence("是一段时间，以最后一天为期限。", "A period; its last day is the deadline.")
NO_BASE: Final = Sentence(
    "没有写明与什么相比，按与上年相比理解，请确认。",
    "It does not say compared with what; last year was taken, please confirm.",
)
UPPER_CHANGE: Final = Sentence(
    "对变化幅度的上限无法直接评分，请确认。",
    "A limit on how much may change cannot be scored as it stands; please confirm.",
)
UPPER_RATIO: Final = Sentence(
    "配比写的是上限，请确认方向。", "The ratio is given as an upper limit; please confirm the direction."
)
RATIO_SIGN: Final = Sentence(
    "按“比”理解，请确认不是时刻或比分。", "Taken as a proportion; please confirm that it is no time of day or score."
)


def another_base(printed: str) -> Sentence:
    """Say that a change is measured against something that is not last year."""
    return Sentence(
        f"与“{printed}”相比，基数须另行录入。", f"Compared with “{printed}”; that figure has to be entered."
    )


def reference(clause: str) -> Sentence:
    """Say that a quantity belongs to another year and is no target of this one."""
    return Sentence(
        f"“{clause}”是其他年度的数，仅供参考，不作为本年指标值。",
        f"“{clause}” is a figure of another year, kept as a reference and not taken as the target.",
    )


def others(quantities: list[str]) -> Sentence:
    """Say which quantities stand beside the one that was taken."""
    listed = "、".join(quantities)
    return Sentence(
        f"一个单元格里有多个数量，另有：{listed}；请拆成多个指标。",
        f"There are several quantities in the cell, also {listed}; they should be indicators of their own.",
    )


def qualifiers(quantities: list[str]) -> Sentence:
    """Say which quantities only describe whom or what is counted."""
    listed = "、".join(quantities)
    return Sentence(
        f"“{listed}”用于限定对象，不是指标值。", f"“{listed}” says who or what is counted and is not the target."
    )


def left_out(words: str) -> Sentence:
    """Quote the parenthesis that holds figures which were not taken."""
    return Sentence(f"括号内的“{words}”未作为指标值。", f"“{words}” in parentheses was not taken as the target.")


def plainly(number: Decimal) -> str:
    """Return the number as digits, never with an exponent."""
    return f"{number:f}"


def figure(value: Decimal | None, unit: str | None) -> Sentence:
    """Write a value with its unit; an open one says so."""
    if value is None:
        return Sentence(f"（待定）{unit or ''}", f"(open) {unit or ''}".strip())
    number = plainly(value)
    return Sentence(f"{number}{unit or ''}", f"{number} {unit or ''}".strip())


_BEFORE: Final = {
    Op.AT_LEAST: Sentence("不低于", "at least "),
    Op.AT_MOST: Sentence("不超过", "at most "),
    Op.MORE_THAN: Sentence("超过（不含）", "more than "),
    Op.LESS_THAN: Sentence("低于（不含）", "less than "),
    Op.EQUAL: Sentence("等于", "exactly "),
    Op.RATIO: Sentence("比值不低于", "a ratio of at least "),
}


def read_as(reading: Reading) -> Sentence:
    """Say in words what a cell was read as."""
    said = _asked(reading)
    if reading.due_on is None:
        return Sentence(f"读作：{said.zh}。", f"Read as: {said.en}.")
    by = Sentence(f"{reading.due_on} 之前", f"by {reading.due_on}")
    if reading.operator is Op.DATE:
        return Sentence(f"读作：{by.zh}完成。", f"Read as: done {by.en}.")
    return Sentence(f"读作：{by.zh}，{said.zh}。", f"Read as: {said.en}, {by.en}.")


def _asked(reading: Reading) -> Sentence:
    if reading.operator is Op.CHANGE:
        return change(reading)
    if reading.operator is Op.RANGE:
        low, high = figure(reading.value, None), figure(reading.high, reading.unit)
        return Sentence(f"{low.zh} 至 {high.zh}（含两端）", f"{low.en} to {high.en}, both included")
    if reading.operator in _BEFORE:
        return _BEFORE[reading.operator] + figure(reading.value, reading.unit)
    return Sentence("定性要求，由人判断", "a requirement in words, for a person to judge")


_BASES: Final = {
    Basis.LAST_YEAR: Sentence("上年", "last year"),
    Basis.SAME_PERIOD: Sentence("上年同期", "the same period of last year"),
    Basis.MEAN_OF_YEARS: Sentence("往年平均", "the mean of earlier years"),
}
_WAYS: Final = {
    Direction.LOWER: Sentence("下降", "a fall"),
    Direction.HIGHER: Sentence("增长", "a rise"),
    Direction.NEUTRAL: Sentence("持平", "no change"),
}


def change(reading: Reading) -> Sentence:
    """Say which change against which base is asked for."""
    base = _BASES[reading.basis] if reading.basis else Sentence("所写基数", "the base it names")
    direction = reading.direction or Direction.NEUTRAL
    if reading.value == 0 and direction is not Direction.NEUTRAL:
        word = Sentence("不高于", "not above ") if direction is Direction.LOWER else Sentence("不低于", "not below ")
        return word + base
    way = _WAYS[direction]
    if not reading.value:
        return Sentence(f"与{base.zh}相比{way.zh}", f"{way.en} against {base.en}")
    size = figure(abs(reading.value), reading.unit)
    if reading.high is not None:
        size = size + Sentence(" 至 ", " to ") + figure(abs(reading.high), reading.unit)
    return Sentence(f"与{base.zh}相比{way.zh} {size.zh} 以上", f"{way.en} of at least {size.en} against {base.en}")


ACTUAL_EMPTY: Final = Sentence("没有填写完成值：是未知，不是 0。", "No actual is filled in: unknown, not 0.")
ACTUAL_BOUND: Final = Sentence(
    "完成值写成了指标的比较式，按所写数值读取，请填写实际数。",
    "The actual repeats a bound; its figure was taken, please give the real one.",
)
ACTUAL_RANGE: Final = Sentence("完成值写成了区间，请填写一个数。", "The actual is a range; please give one figure.")
ACTUAL_SEVERAL: Final = Sentence(
    "完成值里有多个数量，请填写一个数。", "There are several quantities in the actual; please give one figure."
)
ACTUAL_WORDS: Final = Sentence(
    "指标是数量，完成值却是文字，请填写实际数。",
    "The target is a quantity but the actual is words; please give the figure.",
)
ACTUAL_SHARE: Final = Sentence(
    "比率写成了小数，按百分数理解（0.958 即 95.8%），请确认。",
    "A rate written as a fraction of one, taken as a percentage (0.958 is 95.8 %); please confirm.",
)
ACTUAL_PARTS: Final = Sentence(
    "写成了“完成数/总数”，已换算为百分数。", "Written as done out of all; the percentage was worked out."
)
ACTUAL_PART_COUNT: Final = Sentence(
    "写成了“完成数/总数”，取前一个数，请确认。",
    "Written as done out of all; the first number was taken, please confirm.",
)
ACTUAL_NONE: Final = Sentence("“无”按 0 理解，请确认。", "“None” was taken as 0; please confirm.")
ACTUAL_UNIT: Final = Sentence("单位取自指标。", "The unit was taken from the target.")
ACTUAL_LATE: Final = Sentence("完成日期晚于期限。", "It was done after the deadline.")
ACTUAL_IN_TIME: Final = Sentence("完成日期在期限之内。", "It was done by the deadline.")
ACTUAL_SAME_WORDS: Final = Sentence(
    "与指标值文字相同，视为达成，由人确认等级。",
    "The words of the target are repeated: taken as achieved, a person confirms the band.",
)
ACTUAL_UNCLEAR: Final = Sentence(
    "从文字看不出是否达成，请人工判断。", "The words do not say whether it was achieved; a person has to judge."
)
ACTUAL_BAND: Final = Sentence("按文字判断等级，由人确认。", "The band is suggested by the words; a person confirms it.")


def converted(printed: str, unit: str) -> Sentence:
    """Say that an actual was converted into the unit of its target."""
    return Sentence(
        f"“{printed}”已换算为指标的单位“{unit}”。", f"“{printed}” was converted to the target's unit {unit}."
    )


def other_unit(unit: str, wanted: str) -> Sentence:
    """Say that an actual is in a unit that does not fit its target's."""
    return Sentence(
        f"完成值的单位“{unit}”与指标的单位“{wanted}”不同，请确认。",
        f"The actual is in {unit}, the target in {wanted}; please confirm.",
    )
