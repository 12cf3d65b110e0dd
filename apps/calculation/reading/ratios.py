"""Ratios of two counts: 每2名管理员配备1台, 每万人口拥有5座, 师生比1:15."""

import re
from decimal import Decimal
from typing import Final

from apps.calculation.reading import comparisons, notes
from apps.calculation.reading.quantities import NUMBER, rounded
from apps.calculation.reading.results import Reading, ReadOperator
from apps.calculation.reading.units import COUNTED, UNIT, tidy

_EACH: Final = re.compile(
    rf"每(?P<per>{NUMBER})?(?:个(?={COUNTED}))?(?P<counted>{COUNTED})(?P<words>[^,;。|\d]*?)(?P<number>(?<![\d.]){NUMBER})(?P<unit>{UNIT})",
    re.ASCII,
)
_SUPPLY: Final = re.compile("配|拥有|占有|设|安装|有$")
_COLON: Final = re.compile(rf"(?<![\d:.])(?P<one>{NUMBER}):(?P<other>{NUMBER})(?![\d:]|\.\d)", re.ASCII)


def read_ratio(text: str, outer: str, *, is_proportion: bool) -> Reading | None:
    """Return the ratio that a plain text asks for, so many for one; None when it asks for none.

    每月2次 and 每人530元 are quantities with a denominator in the unit, not ratios. 1:15 is one only where the cell or
    the indicator's name speaks of a 比, or where it is the whole cell.
    """
    match = _EACH.search(outer)
    if match and (match["per"] or match["counted"][0] in "百千万亿" or _SUPPLY.search(match["words"])):
        return _each(text, match)
    colon = _COLON.search(outer)
    is_all = bool(colon and colon[0] == outer)
    if colon and Decimal(colon["other"]) and (is_all or is_proportion or re.search("比|配", outer)):
        value = rounded(Decimal(colon["one"]) / Decimal(colon["other"]))
        return Reading(text, ReadOperator.RATIO, value, is_ambiguous=True, notes=(notes.RATIO_SIGN,))
    return None


def _each(text: str, match: re.Match[str]) -> Reading | None:
    per = Decimal(match["per"] or 1)
    if not per:
        return None
    made = comparisons.before(match["words"])
    is_limit = made is not None and made.operator.is_ceiling
    return Reading(
        text,
        ReadOperator.RATIO,
        rounded(Decimal(match["number"]) / per),
        unit=f"{tidy(match['unit'])}/{match['counted']}",
        is_ambiguous=is_limit,
        notes=(notes.UPPER_RATIO,) if is_limit else (),
    )
