"""What is still to be done, told as a pace: "1,180 people in 3 months: 393 a month; the last 3 made 310 each"."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from apps.calculation.pace import needed_pace
from apps.calculation.rounding import written
from apps.calculation.targets import Target
from apps.calculation.terms import Direction, Sentence

NONE: Final = Decimal(0)
MONTH: Final = Sentence(zh="个月", en="month")
REACHED: Final = Sentence(zh="已达到指标值", en="The target is reached")
NO_ROOM: Final = Sentence(zh="已无余量", en="There is no room left")


@dataclass(frozen=True, slots=True)
class Need:
    """What is still to be done: `left` in all and `each` of the periods that are left, beside the pace of late.

    Where less is better both are what may still be added. `recent` is the mean of the last periods, None without any.
    """

    left: Decimal
    each: Decimal
    recent: Decimal | None
    is_enough: bool | None
    sentence: Sentence


def need(
    target: Target,
    actual: Decimal | None,
    periods_left: int,
    recent: Sequence[Decimal],
    *,
    unit: str = "",
    period: Sentence = MONTH,
    places: int = 0,
) -> Need | None:
    """Return what is needed of each period that is left, for figures that add up, with the sentence that says so.

    `recent` are the last periods' own figures, three months for a quarter; `is_enough` says whether their mean would
    do, None without them. None when the need cannot be said (see `needed_pace`).
    """
    each = needed_pace(target=target, actual=actual, periods_left=periods_left)
    if each is None or actual is None or target.bounds is None:
        return None
    mean = sum(recent, NONE) / len(recent) if recent else None
    has_room = target.better is Direction.LOWER
    is_enough = None if mean is None else (mean <= each if has_room else mean >= each)
    left = max(target.bounds[0] - actual, NONE)
    told = _need_told(left, each, periods_left, f" {unit}" if unit else "", period, places, has_room=has_room)
    if mean is not None:
        made = written(mean, places)
        told += Sentence(
            zh=f"；最近 {len(recent)} {period.zh}平均 {made}", en=f"; the last {len(recent)} made {made} each"
        )
    return Need(left, each, mean, is_enough, told + Sentence(zh="。", en="."))


def _need_told(
    left: Decimal, each: Decimal, periods_left: int, unit: str, period: Sentence, places: int, *, has_room: bool
) -> Sentence:
    if left == 0:
        return NO_ROOM if has_room else REACHED
    zh, en = ("还可发生", "Room for") if has_room else ("还需", "Still")
    total, share = written(left, places), written(each, places)
    return Sentence(
        zh=f"{zh} {total}{unit}，剩 {periods_left} {period.zh}，每{period.zh.removeprefix('个')} {share}",
        en=f"{en} {total}{unit} in {periods_left} {period.en}{'' if periods_left == 1 else 's'}: {share} a {period.en}",
    )
