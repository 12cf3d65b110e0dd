"""A figure beside an earlier one: the same period of last year, or the period before."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from apps.calculation.rounding import half_up, written
from apps.calculation.spending import rise_of
from apps.calculation.terms import Direction, Sentence

LAST_YEAR: Final = Sentence(zh="上年同期", en="in the same period of last year")
PERCENT: Final = "%"


def difference(now: Decimal | None, then: Decimal | None, places: int | None = None) -> Decimal | None:
    """Return by how much a figure moved, in its own unit; None where either is unknown.

    With `places` it is the difference of the two as they are printed with so many decimals: who sees 52.80 beside 44.28 is
    told 8.52, whatever lies behind the last place.
    """
    if now is None or then is None:
        return None
    return now - then if places is None else half_up(now, places) - half_up(then, places)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two figures and what lies between them.

    `change` is now − then in the figures' own unit, percentage points for shares; `percent` is that of the earlier
    figure, None for shares and where the earlier figure is zero or below. `is_better` is None where neither way is
    better, and where nothing changed.
    """

    now: Decimal
    then: Decimal
    change: Decimal
    percent: Decimal | None
    is_better: bool | None
    sentence: Sentence


def compare(
    now: Decimal | None, then: Decimal | None, direction: Direction, *, unit: str = "", when: Sentence = LAST_YEAR
) -> Comparison | None:
    """Return how a figure compares with an earlier one of as many days; None where either is unknown.

    `unit` is written behind the figures; the unit `%` makes the change one of percentage points.
    """
    if now is None or then is None:
        return None
    change = now - then
    percent = rise_of(then, now) if unit != PERCENT and then > 0 else None
    is_better = (
        None if change == 0 or direction is Direction.NEUTRAL else (change > 0) is (direction is Direction.HIGHER)
    )
    return Comparison(now, then, change, percent, is_better, _told(now, then, percent, unit, when))


def _told(now: Decimal, then: Decimal, percent: Decimal | None, unit: str, when: Sentence) -> Sentence:
    behind = f" {unit}" if unit else ""
    figures = Sentence(
        zh=f"{written(now, 2)}{behind}，{when.zh} {written(then, 2)}{behind}，",
        en=f"{written(now, 2)}{behind}, {when.en} {written(then, 2)}{behind}: ",
    )
    if half_up(now) == half_up(then):
        return figures + Sentence(zh="持平。", en="no change.")
    size = written(abs(half_up(now) - half_up(then)), 2)
    zh, en = ("增加", "more") if now > then else ("减少", "less")
    if unit == PERCENT:
        zh = "提高" if now > then else "降低"
        return figures + Sentence(zh=f"{zh} {size} 个百分点。", en=f"{size} percentage points {en}.")
    share = "" if percent is None else f"{half_up(percent)} %"
    return figures + Sentence(
        zh=f"{zh} {size}{behind}" + (f"（{share}）。" if share else "。"),
        en=f"{size}{behind} {en}" + (f" ({share})." if share else "."),
    )
