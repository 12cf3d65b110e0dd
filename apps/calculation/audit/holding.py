"""An actual held against its target, both as printed: figures that can be compared, or words that a person judged."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from apps.calculation.audit.assessment import Line
from apps.calculation.reading import ActualReading, Reading, ReadOperator, read_actual, read_target
from apps.calculation.reading.units import factor
from apps.calculation.targets import Target
from apps.calculation.terms import Band, EqualMeans, Operator, Sentence, TargetStatus

DIGITS: Final = re.compile(r"\d")
NUMBERS: Final = re.compile(r"\d[\d,.]*")
NOT_DONE: Final = re.compile(
    "[未没](?:有|能)?(?:够)?(?:按时|按期|及时|全部|完全|如期)?(?:达|完成|实现|通过|开展|执行|实施)|部分(?:达|完成|实现)"
    "|不合格|不达标|不通过|尚未|未全部|未完全"
)
TIME: Final = re.compile("天|日|小时|分钟|秒|周|月|年|季")
MEASURED: Final = re.compile(f"{TIME.pattern}|元|[%‰]|百分点")
COST: Final = "成本"
WORDS: Final = (ReadOperator.QUALITATIVE, ReadOperator.CHANGE)


@dataclass(frozen=True, slots=True)
class Held:
    """What can be said of a line before its score is looked at.

    `pairs` are the targets and figures that the words allow, the likeliest first; without any a person judged the line.
    `percents` are the figures of a rate. `shortcoming` says why the line is not fully achieved where words or days say
    so, `obstacle` why it cannot be read at all.
    """

    pairs: tuple[tuple[Target, Decimal], ...] = ()
    percents: tuple[Decimal, ...] = ()
    shortcoming: Sentence | None = None
    obstacle: Sentence | None = None


JUDGED: Final = Held()


def hold(line: Line, year: int) -> Held:
    """Return how the printed actual of a line stands to its printed target.

    No target in its cell leaves the line to judgement: forms put it into the name. A bare quantity may be meant as a
    floor or as a quota, and `=` either way; every meaning that has sense is kept, so that nobody is accused for ours.
    """
    if not line.target:
        return JUDGED
    reading = read_target(line.target, level1=line.level1, level2=line.level2, level3=line.level3, year=year)
    actual = read_actual(line.actual, reading, year=year)
    if reading.operator is ReadOperator.DATE:
        return _dated(reading, actual)
    if reading.value is None or reading.operator in WORDS:
        return _in_words(actual)
    return _in_figures(line, reading, actual) if actual.value is not None else _without_figure(line, actual)


def _without_figure(line: Line, actual: ActualReading) -> Held:
    """Return an actual without one figure under a target that has one; several figures are left to a person."""
    if not line.actual:
        return _obstacle("未填实际完成值", "no actual figure is given")
    if DIGITS.search(line.actual):
        return JUDGED
    if not DIGITS.search(line.target):
        return _in_words(actual)  # 零事故 and 未发生事故
    return _obstacle(f"实际完成值“{_quote(line.actual)}”不是数字", f"the actual “{_quote(line.actual)}” is no figure")


def _dated(reading: Reading, actual: ActualReading) -> Held:
    """Return a deadline held against the day; what has no day is judged by its words."""
    if reading.due_on is None or actual.done_on is None:
        return _in_words(actual)
    if actual.done_on <= reading.due_on:
        return JUDGED
    return Held(
        shortcoming=Sentence(
            zh=f"完成于 {actual.done_on}，晚于期限 {reading.due_on}",
            en=f"done on {actual.done_on}, after the deadline of {reading.due_on}",
        )
    )


def _in_words(actual: ActualReading) -> Held:
    """Return words as a person judged them, unless they say outright that it was not done: 未发生事故 does not."""
    if actual.band in (Band.PARTIAL, Band.MISSED) and NOT_DONE.search(_plain(actual.text)):
        quote = _quote(actual.text)
        return Held(shortcoming=Sentence(zh=f"实际为“{quote}”", en=f"the actual says “{quote}”"))
    return JUDGED


def _in_figures(line: Line, reading: Reading, actual: ActualReading) -> Held:
    """Return the comparisons that the figures allow; none where a cell holds several or units that do not fit."""
    is_mixed = reading.is_ambiguous and len(NUMBERS.findall(_plain(line.target))) > 1
    is_repeated = _plain(line.target) == _plain(line.actual) and reading.scoring_operator.is_strict
    is_open = reading.status is not TargetStatus.FINAL or actual.high is not None
    figure = actual.value
    if figure is None or is_open or is_mixed or is_repeated or not _is_comparable(actual.unit, reading.unit):
        return JUDGED
    pairs = tuple((target, figure) for target in _targets(line, reading))
    percents = tuple(one for one in (figure, reading.value) if one is not None) if reading.unit == "%" else ()
    return Held(pairs, percents)


def _is_comparable(unit: str | None, wanted: str | None) -> bool:
    """Return whether figures in two units can be held against each other: 8 家 and 8 个 can, 1 年 and 12 个月 cannot."""
    return factor(unit, wanted) is not None or not any(MEASURED.search(one or "") for one in (unit, wanted))


def _targets(line: Line, reading: Reading) -> list[Target]:
    """Return the meanings of a target, the likeliest first.

    A bare quantity may be a quota, and a bare duration a limit; read as a ceiling for its name alone (控制数), a quantity
    is more likely a floor.
    """
    main = Target(reading.scoring_operator, reading.value, high=reading.high)
    exact = Target(Operator.EQUAL, reading.value, equal=EqualMeans.EXACT)
    is_cost = COST in line.level1 + line.level2 + line.level3
    if main.operator is Operator.EQUAL:
        return [main, exact, Target(Operator.AT_MOST, reading.value)] if is_cost else [main, exact]
    if not reading.is_ambiguous or main.operator is Operator.RANGE:
        return [main]
    if main.operator is Operator.AT_MOST and not is_cost:
        return [Target(Operator.AT_LEAST, reading.value), main, exact]
    if TIME.search(reading.unit or ""):
        return [main, exact, Target(Operator.AT_MOST, reading.value)]
    return [main, exact]


def _obstacle(zh: str, en: str) -> Held:
    return Held(
        obstacle=Sentence(zh=f"{zh}，得分无从核对。", en=f"{en[0].upper()}{en[1:]}; the score cannot be checked.")
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def _quote(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"
