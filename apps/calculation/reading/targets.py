"""A target cell becomes a target: what is asked, of how much, by when, how firmly, and how sure the reading is."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from apps.calculation.reading import changes, notes, ratios, wording
from apps.calculation.reading.contexts import RATE, Context, context_of
from apps.calculation.reading.deadlines import FIRST_YEAR, LAST_YEAR, Deadline, find_deadline
from apps.calculation.reading.plain import LONGEST, cleared, outer_and_inner, plain
from apps.calculation.reading.printing import written
from apps.calculation.reading.quantities import Quantity, find_quantities
from apps.calculation.reading.results import Reading
from apps.calculation.reading.results import ReadOperator as Op
from apps.calculation.terms import Sentence, TargetStatus

READ_BEFORE: Final = 4096
"""How many cells are remembered: a long form says the same few targets again and again."""
_CLAUSES: Final = re.compile(r"([,;。|])")
_REFERENCE: Final = re.compile(
    r"^(?:其中|原|截[至止])?(?:(?P<y>(?:19|20)\d\d)年|上一?年|去年|前年|往年)(?:度|底|末)?(?=\d|[^\d比较]*(?:为|是|:|达|实际|完成|指标|[数值量]|约|共|[≥≤=])[^\d比较]*\d)",
    re.ASCII,
)
_THIS_YEAR: Final = r"^(?:在|于)?{}年(?:度)?"
_PEOPLE: Final = {"岁", "周岁", "月龄", "年", "期", "届", "批", "级"}
_EMPTY: Final = re.compile(r"[\s/\\\-—_.,;:。、…·*?|()+~<>=≥≤@%#]*")
_NONE: Final = re.compile(
    "零(?:重大)?(?:安全)?(?:事故|投诉|发生|差错|死亡|伤亡|上访|火灾|案件|失误|感染|舆情|信访|违规|误差|事件|缺陷)"
)
_DAY_OF_YEAR: Final = re.compile(r"(1[0-2]|0?[1-9])\.(3[01]|[12]\d|0?[1-9])", re.ASCII)
_DECIMAL_YEAR: Final = re.compile(r"(?:19|20)\d\d\.\d{1,2}", re.ASCII)
_BARE_YEAR: Final = re.compile(r"(?<![\d比较与同于])(?P<y>(?:19|20)\d\d)年", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell taken apart: its words outside and inside of parentheses without dates, ordinals and references."""

    text: str
    plain: str
    outer: str
    inner: str
    year: int
    deadline: Deadline
    context: Context
    references: tuple[tuple[str, str | None], ...]
    has_ordinal: bool


def read_target(text: str, *, level1: str = "", level2: str = "", level3: str = "", year: int) -> Reading:
    """Return what the text of a target cell asks for.

    `level1` and `level2` are the indicator's classes and `level3` its name, where known; `year` is the plan's, of which
    dates without one are. Nothing is guessed silently: a bare quantity is a floor, of a cost a ceiling, and ambiguous,
    unless the name makes the comparison or it is a percentage under a rate. What its own printed form does not give back
    was not understood and stays words. Never raises.
    """
    if len(text) > LONGEST:
        return Reading(text, Op.QUALITATIVE, is_ambiguous=True, notes=(notes.TOO_LONG,))
    context = context_of(level1[:LONGEST], level2[:LONGEST], level3[:LONGEST])
    reading = _read(text, context, year)
    if _read(written(reading), context, year) != reading:
        reading = Reading(text, Op.QUALITATIVE, is_ambiguous=True, notes=(notes.WORDS_WITH_FIGURES,))
    return replace(reading, notes=(notes.read_as(reading), *reading.notes))


@lru_cache(maxsize=READ_BEFORE)
def _read(text: str, context: Context, year: int) -> Reading:
    marked, is_marked = wording.without_mark(plain(text))
    cell = _taken_apart(text, marked, context, year)
    reading = _with_status(_with_deadline(_asked(cell), cell), cell)
    if is_marked:
        reading = _doubted(reading, notes.MARKED)
    if wording.is_soft(cell.plain):
        reading = replace(reading, is_soft=True, notes=(*reading.notes, notes.SOFT))
    return reading


def _taken_apart(text: str, marked: str, context: Context, year: int) -> _Cell:
    found = cleared(marked)
    deadline = _timely(found.text, year) if context.is_timely else None
    deadline = deadline or find_deadline(found.text, year)
    outer, inner = outer_and_inner(deadline.rest)
    outer, outer_references = _without_references(outer, year)
    inner, inner_references = _without_references(inner, year)
    references = (*outer_references, *inner_references)
    return _Cell(text, marked, outer, inner, year, deadline, context, references, found.has_ordinal)


def _timely(text: str, year: int) -> Deadline | None:
    """Read 12.31 as a day where the class or the name speaks of time; anything else is None."""
    match = _DAY_OF_YEAR.fullmatch(text)
    if match is None:
        return None
    found = find_deadline(f"{match[1]}月{match[2]}日", year)
    return replace(found, is_ambiguous=True, notes=(*found.notes, notes.YEARLESS_NUMBERS))


def _without_references(text: str, year: int) -> tuple[str, list[tuple[str, str | None]]]:
    """Take out the clauses that only say a figure of another year, with the unit of that figure; drop this year's name."""
    kept, references = [], []
    for part in _CLAUSES.split(text):
        match = _REFERENCE.match(part)
        if match and match["y"] != str(year):
            rest = find_quantities(part[match.end() :])
            references.append((part, rest[0].unit if rest else None))
        else:
            kept.append(re.sub(_THIS_YEAR.format(year), "", part))
    return "".join(kept), references


def _asked(cell: _Cell) -> Reading:
    """Return the first reading that the words allow: a change, a ratio, a quantity, a date, and else words."""
    return (
        changes.read_change(cell.text, cell.outer, cell.year)
        or ratios.read_ratio(cell.text, cell.outer, is_proportion=cell.context.is_proportion)
        or _quantities(cell)
        or _dated(cell)
        or _worded(cell)
    )


# --- quantities -------------------------------------------------------------------------------------------------------


def _quantities(cell: _Cell) -> Reading | None:
    outside, inside = find_quantities(cell.outer), find_quantities(cell.inner)
    found = _distinct(outside or inside)
    if not found or (found[0].value is None and not (found[0].unit or found[0].operator)):
        return None
    reading = _between(cell.text, found) or _principal(cell, found)
    if outside and inside:
        reading = replace(reading, notes=(*reading.notes, notes.left_out(cell.inner)))
    if changes.mentions_prior(cell.outer):
        reading = _doubted(reading, notes.NO_BASE)
    return reading


def _distinct(found: list[Quantity]) -> list[Quantity]:
    """Return each quantity once, with the mention that says how it is compared."""
    best: dict[object, Quantity] = {}
    for quantity in found:
        if quantity.key not in best or (quantity.operator and not best[quantity.key].operator):
            best[quantity.key] = quantity
    return list(best.values())


def _between(text: str, found: list[Quantity]) -> Reading | None:
    """Return a range where two quantities are its two ends: ≥30且≤50."""
    if len(found) != 2:
        return None
    low, high = sorted(found, key=lambda quantity: bool(quantity.operator and quantity.operator.is_ceiling))
    if not _are_ends(low, high) or low.value is None or high.value is None or low.value > high.value:
        return None
    is_strict = low.operator is Op.MORE_THAN or high.operator is Op.LESS_THAN
    said = (notes.STRICT_RANGE,) if is_strict else ()
    return Reading(text, Op.RANGE, low.value, high.value, high.unit or low.unit, is_ambiguous=is_strict, notes=said)


def _are_ends(low: Quantity, high: Quantity) -> bool:
    is_floor = low.operator in (Op.AT_LEAST, Op.MORE_THAN) and low.high is None
    is_ceiling = high.operator in (Op.AT_MOST, Op.LESS_THAN) and high.high is None
    return is_floor and is_ceiling and (low.unit == high.unit or None in (low.unit, high.unit))


def _principal(cell: _Cell, found: list[Quantity]) -> Reading:
    """Return the reading of the first quantity, or of the one beside it that is compared; the others are named.

    Where several dates stand beside several quantities the last of both are one target.
    """
    first = found[-1] if notes.SEVERAL_DATES in cell.deadline.notes else found[0]
    taken = next((quantity for quantity in found if quantity.operator and quantity.clause == first.clause), first)
    others = [quantity for quantity in found if quantity is not taken]
    reading = _one(cell, taken)
    who = [
        quantity.printed for quantity in others if taken.operator and not quantity.operator and quantity.unit in _PEOPLE
    ]
    if who:
        reading = replace(reading, notes=(*reading.notes, notes.qualifiers(who)))
    rest = [quantity.printed for quantity in others if quantity.printed not in who]
    return _doubted(reading, notes.others(rest)) if rest else reading


def _one(cell: _Cell, quantity: Quantity) -> Reading:
    operator, said, is_ambiguous = _operator(cell, quantity)
    low, high = quantity.value, quantity.high
    reading = Reading(cell.text, operator, low, high, quantity.unit, is_ambiguous=is_ambiguous, notes=said)
    for is_so, why in (
        (quantity.is_conflict, notes.CONFLICT),
        (quantity.is_about, notes.ABOUT),
        (quantity.is_fraction, notes.FRACTION),
        (quantity.is_reversed, notes.REVERSED_RANGE),
    ):
        reading = _doubted(reading, why) if is_so else reading
    return reading


_Decision = tuple[Op, tuple[Sentence, ...], bool]


def _operator(cell: _Cell, quantity: Quantity) -> _Decision:
    """Return the operator, why, and whether a person has to confirm it."""
    if quantity.high is not None:
        return Op.RANGE, (notes.CONFLICT,) if quantity.insists else (), quantity.insists
    if quantity.operator is None:
        return _bare(cell, quantity)
    is_floor = quantity.operator in (Op.AT_LEAST, Op.MORE_THAN)
    if is_floor and cell.context.is_cost and not cell.context.is_saving and quantity.unit != "%":
        return quantity.operator, (notes.FLOOR_OF_COST,), True
    return quantity.operator, (), False


def _bare(cell: _Cell, quantity: Quantity) -> _Decision:
    """Decide for a quantity without a comparison: a floor, under a cost a ceiling, and a person has to confirm both."""
    context = cell.context
    if context.named:
        return context.named, (notes.FROM_NAME,), False
    if context.is_cost:
        return Op.AT_MOST, (notes.BARE_COST, *((notes.RISING_NAME,) if context.is_saving else ())), True
    if quantity.value == 0:
        return Op.EQUAL, (notes.BARE_ZERO,), True
    if context.is_falling:
        return Op.AT_LEAST, (notes.BARE, notes.FALLING_NAME), True
    is_rate = context.is_rate or RATE.search(cell.plain)
    if quantity.unit == "%" and is_rate and not changes.mentions_movement(cell.outer):
        return Op.AT_LEAST, (notes.BARE_RATE,), False
    return Op.AT_LEAST, (notes.BARE, *_hints(context, quantity)), True


def _hints(context: Context, quantity: Quantity) -> tuple[Sentence, ...]:
    said = () if quantity.unit else (notes.NO_UNIT,)
    return (*said, notes.SHORTER_IS_BETTER) if context.is_timely else said


# --- dates and words --------------------------------------------------------------------------------------------------


def _dated(cell: _Cell) -> Reading | None:
    """Return a dated target; the year alone is one where nothing else is asked (2016年完成)."""
    if cell.deadline.due_on:
        is_unsure = bool(_DECIMAL_YEAR.fullmatch(cell.plain)) and not cell.context.is_timely
        said = (notes.YEARLESS_NUMBERS,) if is_unsure else ()
        return Reading(cell.text, Op.DATE, is_ambiguous=is_unsure, notes=said)
    years = [int(match["y"]) for match in _BARE_YEAR.finditer(cell.plain)]
    if cell.references or not years or not cell.year <= max(years) <= LAST_YEAR:
        return _whole_year(cell)
    return Reading(cell.text, Op.DATE, due_on=date(max(years), 12, 31), notes=(notes.PERIOD,))


def _whole_year(cell: _Cell) -> Reading | None:
    if (
        cell.plain not in ("全年", "当年", "本年", "本年度", "年度内", "全年度")
        or not FIRST_YEAR <= cell.year <= LAST_YEAR
    ):
        return None
    return Reading(cell.text, Op.DATE, due_on=date(cell.year, 12, 31), is_ambiguous=True, notes=(notes.PERIOD,))


def _worded(cell: _Cell) -> Reading:
    """Return a requirement in words, or say what is missing from one."""
    if cell.references:
        unit = cell.references[0][1]
        return Reading(cell.text, Op.AT_LEAST, unit=unit, status=TargetStatus.PENDING, is_ambiguous=True)
    if _EMPTY.fullmatch(cell.plain):
        return Reading(cell.text, Op.QUALITATIVE, status=TargetStatus.PENDING, is_ambiguous=True, notes=(notes.EMPTY,))
    if _NONE.search(cell.outer):
        return Reading(cell.text, Op.EQUAL, Decimal(0), is_ambiguous=True, notes=(notes.BARE_ZERO,))
    if cell.plain in ("无", "没有", "暂无", "无要求"):
        return Reading(cell.text, Op.QUALITATIVE, is_ambiguous=True, notes=(notes.NOTHING,))
    if cell.has_ordinal:
        return Reading(cell.text, Op.QUALITATIVE, is_ambiguous=True, notes=(notes.ORDINAL,))
    has_figures = bool(re.search("[0-9]", cell.outer))
    return Reading(
        cell.text,
        Op.QUALITATIVE,
        is_ambiguous=has_figures,
        notes=(notes.WORDS_WITH_FIGURES,) if has_figures else (),
    )


# --- what stands beside ------------------------------------------------------------------------------------------------


def _with_deadline(reading: Reading, cell: _Cell) -> Reading:
    """Put the deadline beside whatever is asked, and quote the figures of other years."""
    said = cell.deadline.notes + tuple(notes.reference(clause) for clause, _ in cell.references)
    return replace(
        reading,
        due_on=reading.due_on or cell.deadline.due_on,
        is_ambiguous=reading.is_ambiguous or cell.deadline.is_ambiguous,
        notes=(*reading.notes, *said),
    )


def _with_status(reading: Reading, cell: _Cell) -> Reading:
    is_open = reading.operator.is_comparison and reading.value is None
    status = wording.status(cell.plain, has_value=reading.value is not None)
    if is_open or reading.status is TargetStatus.PENDING:
        status = TargetStatus.PENDING
    why = {TargetStatus.PENDING: notes.PENDING, TargetStatus.PROVISIONAL: notes.PROVISIONAL}.get(status)
    return replace(reading, status=status, notes=(*reading.notes, why) if why else reading.notes)


def _doubted(reading: Reading, why: Sentence) -> Reading:
    """Return the reading as one that a person has to confirm, with the reason."""
    return replace(reading, is_ambiguous=True, notes=(*reading.notes, why))
