"""Quantities in a plain text: a number or a range with its unit, and how it is compared."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Final

from apps.calculation.reading import comparisons
from apps.calculation.reading.results import ReadOperator
from apps.calculation.reading.units import COUNTED, PERCENT, UNIT, factor, tidy

PLACES: Final = 10
WIDEST: Final = 60
"""Digits that no figure exceeds: fifteen before the point, twelve more by 万亿, its places, and room to spare."""
NUMBER: Final = r"(?:\d{1,15}(?:\.\d{1,10})?|\.\d{1,10})"
HOLE: Final = r"(?:待定|[xX×]{2,}(?=[%‰\u4e00-\u9fff]|$)|_{2,}|□+|[xX×](?=%))"
_MINUS: Final = r"(?:(?:(?<=[于到为在过达至≥≤<>=:~(,;、|±])|^)[+-])?"
_QUANTITY: Final = re.compile(
    rf"(?P<number>{_MINUS}(?<![\d.]){NUMBER}|{HOLE})(?![\d]|\.\d)(?:/(?P<over>{NUMBER})(?![\d/百千万亿]))?(?P<first>{UNIT})?"
    rf"(?:(?:(?:-|~|至|到|—)(?P<high>[+-]?{NUMBER})|[和与](?P<between>{NUMBER})(?=[^\d]{{0,6}}之间)|±(?P<spread>{NUMBER}))(?![\d]|\.\d)(?P<unit>{UNIT})?)?",
    re.ASCII,
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d", re.ASCII)
_EACH: Final = re.compile(
    rf"每(?:个|一)?(?P<per>{COUNTED}|月|季度|周|校|乡镇)(?:[^\d,;|]{{0,12}}?每(?:个|一)?(?P<also>月|年|天|日|次|周|季度))?"
)
_CLAUSE: Final = re.compile(r"[,;。|]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of a text. `value` None is a figure left open (待定, XX%); `operator` None is a bare one.

    `insists` says that its comparison is more than 达到 or 控制在; `clause` counts the clauses before it.
    """

    value: Decimal | None
    high: Decimal | None
    unit: str | None
    operator: ReadOperator | None
    printed: str
    is_conflict: bool = False
    is_about: bool = False
    is_fraction: bool = False
    is_reversed: bool = False
    insists: bool = False
    clause: int = 0

    @property
    def key(self) -> tuple[Decimal | None, Decimal | None, str | None]:
        """What makes two mentions the same quantity."""
        return self.value, self.high, self.unit


def rounded(value: Decimal) -> Decimal:
    """Return a quotient with at most ten places: enough for any score, and few enough to be written out."""
    with localcontext(prec=WIDEST):
        short = round(value, PLACES).normalize()
        return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def find_quantities(text: str) -> list[Quantity]:
    """Return the quantities of a plain text in order; a year (2016年) is none."""
    found, at = [], 0
    for match in _QUANTITY.finditer(text):
        if _is_figure(match):
            quantity = _quantity(match, text[at : match.start()], text[match.end() :])
            found.append(replace(quantity, clause=len(_CLAUSE.findall(text, 0, match.start()))))
        at = match.end()
    return found


def _is_figure(match: re.Match[str]) -> bool:
    is_year = _YEAR.fullmatch(match["number"]) and (match["first"] or match["unit"] or "").startswith("年")
    over = match["over"]
    return not is_year and not (over and not Decimal(over))


def _quantity(match: re.Match[str], prefix: str, suffix: str) -> Quantity:
    first, second = comparisons.before(prefix), comparisons.after(suffix)
    operator, is_conflict = comparisons.combined(first, second)
    printed_unit = match["unit"] or match["first"] or ""
    value, high = _figures(match)
    quantity = Quantity(
        value,
        high,
        _unit(printed_unit, prefix),
        operator,
        match[0],
        is_conflict or _lower_unit(match) is None,
        is_about=comparisons.is_about(prefix, suffix) or bool(re.search("[余多]", printed_unit[:3])),
        is_fraction=bool(match["over"]),
        insists=any(made is not None and not made.is_weak for made in (first, second)),
    )
    if value is not None and high is not None and high < value:
        return replace(quantity, value=high, high=value, is_reversed=True)
    return quantity


def _figures(match: re.Match[str]) -> tuple[Decimal | None, Decimal | None]:
    """Return the value and the upper end: of 12/15 the quotient, of 10±2 both ends."""
    if match["number"][-1] not in "0123456789":
        return None, None
    value = Decimal(match["number"])
    if match["over"]:
        value = rounded(value / Decimal(match["over"]))
    if match["spread"]:
        return value - Decimal(match["spread"]), value + Decimal(match["spread"])
    high = match["high"] or match["between"]
    times = _lower_unit(match)
    return value if times in (None, 1) else rounded(value * times), Decimal(high) if high else None


def _lower_unit(match: re.Match[str]) -> Decimal | None:
    """Return what brings the lower end of a range into the unit of the upper one: 5000元至1万元 is 0.5 to 1 万元."""
    if not (match["first"] and match["unit"]):
        return Decimal(1)
    return factor(tidy(match["first"]), tidy(match["unit"]))


def _unit(printed: str, prefix: str) -> str | None:
    """Return the unit, with `每月` before the quantity as its denominator: 每月不少于2次 is 2 次/月."""
    unit = tidy(printed)
    each = _EACH.search(_CLAUSE.split(prefix)[-1])
    if unit is None or unit == PERCENT or "/" in unit or each is None:
        return unit
    return "/".join([unit, each["per"], *([each["also"]] if each["also"] else [])])
