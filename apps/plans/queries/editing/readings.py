"""Words of a target cell as the target and the measure that they ask for."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from apps.calculation.reading import Reading, ReadOperator, notes, read_target
from apps.calculation.terms import Basis as ReadBasis
from apps.calculation.terms import Direction, TargetStatus
from apps.plans.enums import Basis, EqualMeans, Kind, Level1, Level2, Operator, Path
from apps.plans.queries.contents import TargetContent

SCALES: Final = {"亿": Decimal(10) ** 8, "万": Decimal(10) ** 4}
SHARES: Final = {"%": Decimal(100), "‰": Decimal(1000), "百分点": Decimal(100), "个百分点": Decimal(100)}
MONEY: Final = "元"
MEAN_YEARS: Final = 3
FULL: Final = Decimal(100)
RATES: Final = ("率", "比例", "占比")


@dataclass(frozen=True, slots=True)
class WordedTarget:
    """What was understood of a target's words.

    `kind`, `unit_name` and `factor` are what a measure for it would be; `said` tells people what was read and what they
    should look at. `is_ambiguous` asks for a look, `is_soft` marks wording that leaves a way out. `names_basis` is False where a
    change is asked for without saying against what. `share` is how many percent a bare 0.8 of a rate probably means.
    """

    target: TargetContent
    kind: str
    unit_name: str
    factor: Decimal | None
    is_soft: bool
    is_ambiguous: bool
    said: tuple[str, ...]
    names_basis: bool = True
    share: Decimal | None = None


def read_words(
    words: str, *, level1: str = "", level2: str = "", name: str = "", year: int, unit_name: str | None = None
) -> WordedTarget:
    """Return what the words of a target cell ask for; `unit_name` is the measure's where there is one already.

    Amounts of money come out in 元, and 万 and 亿 are multiplied out of every unit. Never raises; no query.
    """
    reading = read_target(
        words, level1=_chinese(Level1, level1), level2=_chinese(Level2, level2), level3=name, year=year
    )
    is_same = reading.unit is not None and reading.unit == unit_name
    unit, scale = (unit_name or "", Decimal(1)) if is_same else unit_and_scale(reading.unit or "")
    if unit_name is None and _is_bare(reading) and name.endswith(RATES):
        unit = "%"
    kind, factor = _kind(reading, unit, name)
    said = [sentence.in_language(get_language() or "zh") for sentence in reading.notes]
    if unit_name and unit and unit != unit_name and reading.operator is not ReadOperator.CHANGE:
        said.append(_("读到的单位是“%(read)s”，数据项的单位是“%(unit)s”，请核对。") % {"read": unit, "unit": unit_name})
    return WordedTarget(
        target=_target(reading, kind, scale),
        kind=kind,
        unit_name=unit,
        factor=factor,
        is_soft=reading.is_soft,
        is_ambiguous=reading.is_ambiguous,
        said=tuple(said),
        names_basis=notes.NO_BASE not in reading.notes,
        share=_share(reading, unit or unit_name or ""),
    )


def _is_bare(reading: Reading) -> bool:
    """Tell whether a number was read without any unit."""
    figures = (ReadOperator.CHANGE, ReadOperator.RATIO)
    return not reading.unit and reading.value is not None and reading.operator not in figures


def _share(reading: Reading, unit: str) -> Decimal | None:
    """Return a bare fraction as percent, None for what cannot be mistaken for one."""
    if unit != "%" or not _is_bare(reading) or reading.value is None or not 0 < reading.value <= 1:
        return None
    return reading.value * FULL


def unit_and_scale(unit: str) -> tuple[str, Decimal]:
    """Return a unit without 万 or 亿, and by what a figure in it is multiplied: 万人 is 人, ten thousand times."""
    scale = SCALES.get(unit[:1])
    return (unit[1:], scale) if scale else (unit, Decimal(1))


def _chinese(words: type[Level1] | type[Level2], value: str) -> str:
    """Return a class as the forms print it; the reader knows Chinese."""
    with override("zh-hans"):
        return str(words(value).label) if value in words.values else ""


def _kind(reading: Reading, unit: str, name: str) -> tuple[str, Decimal | None]:
    """Return what kind of measure a target asks for, and a ratio's factor."""
    if reading.operator is ReadOperator.DATE:
        return Kind.MILESTONE, None
    if reading.operator is ReadOperator.QUALITATIVE:
        return Kind.JUDGEMENT, None
    if reading.operator is ReadOperator.RATIO:
        return Kind.RATIO, Decimal(1)
    if unit == MONEY:
        return Kind.MONEY, None
    if reading.operator is ReadOperator.CHANGE:
        return (Kind.RATIO, FULL) if name.endswith(RATES) else (Kind.NUMBER, None)
    return (Kind.RATIO, SHARES[unit]) if unit in SHARES else (Kind.NUMBER, None)


def _target(reading: Reading, kind: str, scale: Decimal) -> TargetContent:
    if reading.operator is ReadOperator.CHANGE:
        return _change(reading, kind, scale)
    operator = Operator(reading.scoring_operator.value)
    is_pending = reading.status is TargetStatus.PENDING
    value = None if reading.value is None or is_pending else reading.value * scale
    is_none = operator == Operator.EQUAL and value == 0
    return TargetContent(
        operator=operator,
        equal_means=EqualMeans.EXACT if is_none else EqualMeans.FLOOR,
        value=value,
        high=reading.high * scale if reading.high is not None and operator == Operator.RANGE else None,
        due_on=reading.due_on,
        step=_step(operator, kind),
        path=_path(operator, kind, value),
        status=reading.status.value,
    )


def _change(reading: Reading, kind: str, scale: Decimal) -> TargetContent:
    """Return a target that stands on an earlier figure: 下降5% is at most 0.95 of it, 增加100件 at least 100 more."""
    basis = Basis((reading.basis or ReadBasis.LAST_YEAR).value)
    size, unit = reading.value or Decimal(0), reading.unit or ""
    is_share = unit in ("%", "‰")
    operator = Operator(reading.scoring_operator.value)
    return TargetContent(
        operator=operator,
        basis=basis,
        factor=1 + size / SHARES[unit] if is_share else Decimal(1),
        offset=Decimal(0) if is_share else size * scale,
        step=_step(operator, kind),
        years=MEAN_YEARS if basis == Basis.MEAN_OF_YEARS else None,
        path=Path.LAST_YEARS_SHAPE if reading.direction is Direction.LOWER else _path(operator, kind, None),
        status=reading.status.value,
    )


def _step(operator: str, kind: str) -> Decimal | None:
    """Return the smallest change of a count, by which "less than 1,200" becomes a bound that can be reached."""
    return Decimal(1) if operator in (Operator.LESS_THAN, Operator.MORE_THAN) and kind == Kind.NUMBER else None


def _path(operator: str, kind: str, value: Decimal | None) -> str:
    """Return the way to a target that is usual for its kind: flows from zero, rates from where they stood."""
    if kind in (Kind.MILESTONE, Kind.JUDGEMENT, Kind.CHECKLIST) or (value == FULL and kind == Kind.RATIO):
        return Path.KEEP_AT
    if operator in (Operator.AT_MOST, Operator.LESS_THAN):
        return Path.KEEP_AT if kind == Kind.RATIO else Path.LAST_YEARS_SHAPE
    return Path.FROM_BASELINE if kind == Kind.RATIO else Path.FROM_ZERO
