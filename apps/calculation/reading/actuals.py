"""An actual cell, read in the light of its target: a figure, a day, or what words suggest."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from apps.calculation.reading import changes, notes
from apps.calculation.reading.deadlines import find_deadline
from apps.calculation.reading.plain import LONGEST, cleared, outer_and_inner, plain
from apps.calculation.reading.quantities import Quantity, find_quantities, rounded
from apps.calculation.reading.results import ActualReading, Reading
from apps.calculation.reading.results import ReadOperator as Op
from apps.calculation.reading.units import PERCENT, factor
from apps.calculation.terms import Band, Outcome, Sentence

_EMPTY: Final = re.compile(r"[\s/\\\-—_.,;:。、…?|()]*")
_NONE: Final = re.compile("无|没有|未发生|零|无发生|零发生|(?:无|零)[\u4e00-\u9fff]{0,6}(?:事故|投诉|发生|差错|案件)")
_PARTLY: Final = re.compile("部分|基本(?:完成|达成|达标|实现|合格)|大部|正在|推进中|进行中|未全部|未完全|不完全")
_MISSED: Final = re.compile(
    "未|没有|没能|不合格|不达标|不通过|不及格|不符合|不满意|滞后|延期|推迟|逾期|取消|较差|^[否差无]$"
)
_ACHIEVED: Final = re.compile(
    "达成|达到|完成|达标|合格|通过|符合|实现|落实|到位|及时|有效|明显|显著|良好|优秀|满意|合规|全覆盖|已印发|已建立|^(?:是|有|好|优|优良)$"
)
_PARTS: Final = re.compile(
    r"^(?P<done>\d{1,15}(?:\.\d{1,10})?)[^\d/]{0,4}/(?P<all>\d{1,15}(?:\.\d{1,10})?)[^\d/]{0,4}$", re.ASCII
)
_OUTCOMES: Final = {Band.ACHIEVED: Outcome.PASSED, Band.MISSED: Outcome.FAILED, Band.PARTIAL: Outcome.AWAITING}
_FRACTION_FLOOR: Final = Decimal(10)
"""A rate is taken as a fraction of one only under targets of at least this many percent: 0.5 under 1 % is 0.5 %."""


def read_actual(text: str, reading: Reading, *, year: int) -> ActualReading:
    """Return what the text of an actual cell says about the target that was read as `reading`.

    An empty cell is unknown; what cannot be told from the words is left None and ambiguous. `year` is the plan's, of
    which dates without one are. Never raises.
    """
    actual = ActualReading(text)
    marked = plain(text[:LONGEST])
    if _EMPTY.fullmatch(marked):
        return _noted(actual, notes.ACTUAL_EMPTY)
    if reading.operator is Op.DATE:
        return _day(actual, marked, reading, year)
    if reading.operator is Op.QUALITATIVE:
        return _words(actual, marked, reading)
    return _figure(actual, marked, reading, year)


def _noted(actual: ActualReading, note: Sentence, *, is_ambiguous: bool = False) -> ActualReading:
    return replace(actual, is_ambiguous=actual.is_ambiguous or is_ambiguous, notes=(*actual.notes, note))


# --- dates and words --------------------------------------------------------------------------------------------------


def _day(actual: ActualReading, marked: str, reading: Reading, year: int) -> ActualReading:
    """Return the day a dated target was met and whether that was in time; without a day the words decide."""
    found = find_deadline(marked, year)
    if found.due_on is None or reading.due_on is None or _band(marked) in (Band.MISSED, Band.PARTIAL):
        return _words(actual, marked, reading)
    is_late = found.due_on > reading.due_on
    said = notes.ACTUAL_LATE if is_late else notes.ACTUAL_IN_TIME
    actual = replace(actual, done_on=found.due_on, outcome=Outcome.FAILED if is_late else Outcome.PASSED)
    return _noted(actual, said, is_ambiguous=found.is_ambiguous)


def _words(actual: ActualReading, marked: str, reading: Reading) -> ActualReading:
    """Return the band and the outcome that the words suggest."""
    if marked == plain(reading.text[:LONGEST]):
        return _noted(replace(actual, band=Band.ACHIEVED, outcome=Outcome.PASSED), notes.ACTUAL_SAME_WORDS)
    band = _band(marked)
    if band is None:
        return _noted(actual, notes.ACTUAL_UNCLEAR, is_ambiguous=True)
    return _noted(replace(actual, band=band, outcome=_OUTCOMES[band]), notes.ACTUAL_BAND)


def _band(marked: str) -> Band | None:
    full = re.fullmatch(r"(\d+(?:\.\d+)?)%.{0,4}", marked)
    if full:
        return Band.ACHIEVED if Decimal(full[1]) >= 100 else None
    if _PARTLY.search(marked):
        return Band.PARTIAL
    if _MISSED.search(marked):
        return Band.MISSED
    return Band.ACHIEVED if _ACHIEVED.search(marked) else None


# --- figures ----------------------------------------------------------------------------------------------------------


def _figure(actual: ActualReading, marked: str, reading: Reading, year: int) -> ActualReading:
    parts = _PARTS.match(marked)
    if parts and Decimal(parts["all"]):
        return _parts(actual, Decimal(parts["done"]), Decimal(parts["all"]), reading)
    outer, inner = outer_and_inner(find_deadline(cleared(marked).text, year).rest)
    moved = changes.read_change(marked, outer, year) if reading.operator is Op.CHANGE else None
    if moved:
        return _moved(actual, moved, reading)
    found = find_quantities(outer) or find_quantities(inner)
    known = [quantity for quantity in found if quantity.value is not None]
    if not known:
        return _no_figure(actual, marked, reading)
    taken = _fitting(known, reading)
    if taken is None:
        return _noted(actual, notes.ACTUAL_SEVERAL, is_ambiguous=True)
    return _in_unit(_valued(actual, taken), taken, reading)


def _moved(actual: ActualReading, moved: Reading, reading: Reading) -> ActualReading:
    """Read 下降6% under a change: signed as the target is; without a size only the direction is known."""
    actual = replace(actual, value=moved.value, high=moved.high, unit=moved.unit)
    if moved.value is not None:
        return actual
    band = Band.ACHIEVED if moved.direction is reading.direction and reading.value is None else None
    return _noted(replace(actual, band=band), notes.ACTUAL_WORDS, is_ambiguous=True)


def _parts(actual: ActualReading, done: Decimal, whole: Decimal, reading: Reading) -> ActualReading:
    """Read 12/15: of a rate the percentage, of a count the part that was done."""
    if reading.unit == PERCENT:
        return _noted(replace(actual, value=rounded(100 * done / whole), unit=PERCENT), notes.ACTUAL_PARTS)
    if reading.operator is Op.RATIO:
        return _noted(replace(actual, value=rounded(done / whole), unit=reading.unit), notes.FRACTION)
    return _noted(replace(actual, value=done, unit=reading.unit), notes.ACTUAL_PART_COUNT, is_ambiguous=True)


def _no_figure(actual: ActualReading, marked: str, reading: Reading) -> ActualReading:
    """Say that words stand where a figure belongs; `无` is none where few or none are wanted."""
    if _NONE.fullmatch(marked) and (reading.operator.is_ceiling or reading.value == 0):
        return _noted(replace(actual, value=Decimal(0), unit=reading.unit), notes.ACTUAL_NONE, is_ambiguous=True)
    return _noted(replace(actual, band=_band(marked)), notes.ACTUAL_WORDS, is_ambiguous=True)


def _fitting(known: list[Quantity], reading: Reading) -> Quantity | None:
    """Return the one quantity, or the only one in the target's unit; None where there is a choice."""
    if len({quantity.key for quantity in known}) == 1:
        return known[0]
    fitting = [one for one in known if one.unit and one.unit == reading.unit and not one.insists]
    return fitting[0] if len({quantity.key for quantity in fitting}) == 1 else None


def _valued(actual: ActualReading, taken: Quantity) -> ActualReading:
    actual = replace(actual, value=taken.value, high=taken.high, unit=taken.unit)
    if taken.high is not None:
        actual = _noted(actual, notes.ACTUAL_RANGE, is_ambiguous=True)
    elif taken.operator not in (None, Op.EQUAL) and taken.insists:
        actual = _noted(actual, notes.ACTUAL_BOUND, is_ambiguous=True)
    return _noted(actual, notes.ABOUT, is_ambiguous=True) if taken.is_about else actual


def _in_unit(actual: ActualReading, taken: Quantity, reading: Reading) -> ActualReading:
    """Put the figure into the target's unit where it can be, and ask where it cannot."""
    if reading.unit == PERCENT and actual.unit is None:
        return _share(actual, taken, reading)
    if reading.unit is None or actual.unit == reading.unit:
        return actual
    times = factor(actual.unit, reading.unit)
    if times is None:
        return _noted(actual, notes.other_unit(actual.unit or "", reading.unit), is_ambiguous=True)
    said = notes.ACTUAL_UNIT if actual.unit is None else notes.converted(taken.printed, reading.unit)
    return _noted(_scaled(actual, times, reading.unit), said)


def _share(actual: ActualReading, taken: Quantity, reading: Reading) -> ActualReading:
    """Read a bare figure under a rate: 98 is 98 %, and 0.958 may well be 95.8 %."""
    wanted, value = reading.value, taken.value
    if wanted is None or value is None or wanted < _FRACTION_FLOOR or not 0 < value <= 1:
        return _noted(replace(actual, unit=PERCENT), notes.ACTUAL_UNIT)
    return _noted(_scaled(actual, Decimal(100), PERCENT), notes.ACTUAL_SHARE, is_ambiguous=True)


def _scaled(actual: ActualReading, times: Decimal, unit: str) -> ActualReading:
    value = None if actual.value is None else _times(actual.value, times)
    high = None if actual.high is None else _times(actual.high, times)
    return replace(actual, value=value, high=high, unit=unit)


def _times(value: Decimal, times: Decimal) -> Decimal:
    return value if times == 1 else rounded(value * times)
