"""Targets that are measured against an earlier figure: 逐年减少, 比上年下降5%, 不低于上年."""

import re
from decimal import Decimal
from typing import Final

from apps.calculation.reading import notes
from apps.calculation.reading.quantities import Quantity, find_quantities
from apps.calculation.reading.results import Reading, ReadOperator
from apps.calculation.terms import Basis, Direction, Sentence

_FALL: Final = "下降|减少|降低|下跌|压减|压降|压缩|递减|缩短|下滑|回落|减轻"
_RISE: Final = "增长|增加|提高|提升|上升|递增|上涨|扩大|增多|上浮"
_VERB: Final = (
    rf"(?P<not>不|无|未|零|没有)?(?:有|得|再|出现)?(?:(?P<fall>{_FALL})|(?P<rise>{_RISE}|反弹))"
    r"(?!率|幅|量|趋势|[^,;。|\d]{0,6}(?:率|幅))"
)
_PRIOR: Final = (
    r"(?P<prior>(?:上一?年|去年|前年|往年|历年|以往|基期|基准|基线|上个?季度?|上个?月|上一?期"
    r"|前[一二两三四五1-5]年|近[两三四五2-5]年|(?:19|20)\d\d年)(?:度|底|末|初)?(?:的)?(?:同期|平均)?|同期)"
)
_LEVEL: Final = re.compile(
    r"(?:(?P<floor>不低于|不少于|不小于|不差于|不弱于|达到或?超过|大于等于|≥)|(?P<ceiling>不高于|不超过|不多于|不大于|小于等于|≤)"
    rf"|(?P<above>高于|超过|多于|大于|优于|>)|(?P<below>低于|少于|小于|<)){_PRIOR}(?![^,;。|]*\d)"
)
_EVEN: Final = re.compile(
    rf"(?:与|和|同|较|比)?{_PRIOR}[^,;。|\d]{{0,8}}持平|保持{_PRIOR.replace('prior', 'prior2')}[^,;。|\d]{{0,6}}(?:水平|不变)"
)
_AGAINST: Final = re.compile(rf"(?:比|较|与|同|对照|相比|相较|相对)(?:于|起)?{_PRIOR}[^;。|\d]*?{_VERB}")
_YEARLY: Final = re.compile(rf"(?P<prior>逐年|同比|环比|年均|按年|每年|年年)[^,;。|\d]{{0,8}}?{_VERB}")
_ALONE: Final = re.compile(
    rf"(?P<prior>){_VERB}(?=[^到至为率幅≥≤<>=:,;。|\d]{{0,4}}(?:不[少低]于|至少|达到?|不超过|≥)?\d)"
)
_WHOLE: Final = re.compile(
    r"(?P<prior>)(?:有所|持续|逐步|同步|略有)?(?P<not>)(?:(?P<fall>下降|减少|降低|压减|递减)|(?P<rise>增长|增加|上升|递增))"
)
_SHARES: Final = ("%", "‰", "百分点")


def read_change(text: str, outer: str, year: int) -> Reading | None:
    """Return the change that a plain text asks for, None when it asks for none.

    降至5% and 提高到95% are levels, 增长率≥5% is a rate, and 提高就业100人 is a quantity: those are left to others.
    """
    return _level(text, outer, year) or _even(text, outer, year) or _movement(text, outer, year)


def mentions_prior(outer: str) -> bool:
    """Whether a text speaks of an earlier figure at all."""
    return bool(re.search(_PRIOR, outer))


def mentions_movement(outer: str) -> bool:
    """Whether a text speaks of something that grows or falls: 提高就业率5% may mean to 5% or by it."""
    return bool(re.search(f"{_FALL}|{_RISE}", outer))


def _level(text: str, outer: str, year: int) -> Reading | None:
    match = _LEVEL.search(outer)
    if match is None:
        return None
    direction = Direction.HIGHER if match["floor"] or match["above"] else Direction.LOWER
    value = Decimal(0) if match["floor"] or match["ceiling"] else None
    return _reading(text, match["prior"], year, direction, value=value)


def _even(text: str, outer: str, year: int) -> Reading | None:
    match = _EVEN.search(outer)
    return match and _reading(text, match["prior"] or match["prior2"], year, Direction.NEUTRAL, value=Decimal(0))


def _movement(text: str, outer: str, year: int) -> Reading | None:
    match = _AGAINST.search(outer) or _YEARLY.search(outer) or _ALONE.search(outer) or _WHOLE.fullmatch(outer)
    if match is None:
        return None
    direction = Direction.LOWER if match["fall"] else Direction.HIGHER
    clause = re.split("[,;。|]", outer[match.end() :])[0]
    if match["not"]:
        opposite = Direction.HIGHER if match["fall"] else Direction.LOWER
        return None if find_quantities(clause) else _reading(text, match["prior"], year, opposite, value=Decimal(0))
    found = find_quantities(outer[match.start("fall" if match["fall"] else "rise") :][: len(match[0]) + len(clause)])
    if not found:
        return _reading(text, match["prior"], year, direction)
    if re.match("[到至为]", clause) or not (match["prior"] or match["fall"] or found[0].unit in _SHARES):
        return None
    return _sized(text, match["prior"], year, direction, found[0])


def _sized(text: str, prior: str, year: int, direction: Direction, by: Quantity) -> Reading | None:
    """Return a change by a quantity; a fall is negative."""
    if by.value is None:
        return None
    sign = -1 if direction is Direction.LOWER else 1
    value, high = abs(by.value), by.high
    is_limit = by.operator is not None and by.operator.is_ceiling
    if not value and high is None:
        return _reading(text, prior, year, direction, value=Decimal(0), more=(notes.UPPER_CHANGE,) if is_limit else ())
    return _reading(
        text,
        prior,
        year,
        direction,
        value=value * sign,
        high=None if high is None else abs(high) * sign,
        unit=by.unit,
        more=((notes.UPPER_CHANGE,) if is_limit else ()) + ((notes.ABOUT,) if by.is_about else ()),
    )


def _reading(
    text: str,
    prior: str,
    year: int,
    direction: Direction,
    *,
    value: Decimal | None = None,
    high: Decimal | None = None,
    unit: str | None = None,
    more: tuple[Sentence, ...] = (),
) -> Reading:
    basis, said, is_ambiguous = _base(prior, year)
    return Reading(
        text,
        ReadOperator.CHANGE,
        value,
        high,
        unit,
        is_ambiguous=is_ambiguous or bool(more),
        direction=direction,
        basis=basis,
        notes=(*said, *more),
    )


_BASES: Final[tuple[tuple[str, Basis, bool], ...]] = (
    ("往年.*同期|历年.*同期|以往", Basis.SAME_PERIOD, True),
    ("同期|同比", Basis.SAME_PERIOD, False),
    ("往年|历年", Basis.MEAN_OF_YEARS, True),
    ("前[二两三四五2-5]年|近.年", Basis.MEAN_OF_YEARS, False),
    ("上一?年|去年|前[一1]年|逐年|年均|按年|每年|年年", Basis.LAST_YEAR, False),
)


def _base(prior: str, year: int) -> tuple[Basis | None, tuple[Sentence, ...], bool]:
    """Return what a change is measured against, what to say about it, and whether it has to be confirmed."""
    if not prior:
        return Basis.LAST_YEAR, (notes.NO_BASE,), True
    if prior.startswith(f"{year - 1}年"):
        return Basis.LAST_YEAR, (), False
    for pattern, basis, is_ambiguous in _BASES:
        if re.search(pattern, prior):
            return basis, ((notes.another_base(prior),) if is_ambiguous else ()), is_ambiguous
    return None, (notes.another_base(prior),), False
