"""Values out of loaded JSON, each refused with a sentence that names its key, what was read and what is expected."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, Final

from apps.calculation.terms import Refusal, Sentence

HIGHEST_SHARE: Final = Decimal(100)
HIGHEST_YEAR: Final = 9999


class SchemeRefused(Refusal):
    """A scoring scheme whose data cannot be used; `key` is the place that is wrong."""

    def __init__(self, key: str, *, zh: str, en: str) -> None:
        super().__init__(Sentence(zh=f"评分方案的“{key}”无效：{zh}", en=f"The scheme's {key} is refused: {en}"))
        self.key = key


def keys(data: Mapping[str, Any], place: str, known: Sequence[str], optional: Sequence[str] = ()) -> None:
    """Refuse a key that is not `known`, and one that is missing unless it is `optional`."""
    for key in data:
        if key not in known:
            raise SchemeRefused(place, zh=f"未知的键“{key}”。", en=f"the key {key!r} is unknown.")
    for key in known:
        if key not in data and key not in optional:
            raise SchemeRefused(place, zh=f"缺少键“{key}”。", en=f"the key {key!r} is missing.")


def text(data: Mapping[str, Any], key: str) -> str:
    """Return a text that is not empty."""
    found = data[key]
    if not isinstance(found, str) or not found.strip():
        raise SchemeRefused(key, zh=f"读到 {found!r}，应为文字。", en=f"read {found!r}, expected a text.")
    return found


def sentence(data: Mapping[str, Any], key: str) -> Sentence:
    """Return a sentence given in both languages."""
    found = mapping(data, key)
    keys(found, key, ("zh", "en"))
    return Sentence(zh=text(found, "zh"), en=text(found, "en"))


def number(data: Mapping[str, Any], key: str) -> Decimal:
    """Return a number from 0 up, written as text so that no binary fraction slips in."""
    found = data[key]
    try:
        value = Decimal(found) if isinstance(found, str) else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise SchemeRefused(
            key,
            zh=f"读到 {found!r}，应为以文字书写的非负数。",
            en=f"read {found!r}, expected a number from 0 up, as text.",
        )
    return value


def share(data: Mapping[str, Any], key: str) -> Decimal:
    """Return a number from 0 to 100."""
    value = number(data, key)
    if value > HIGHEST_SHARE:
        raise SchemeRefused(key, zh=f"读到 {value}，应不超过 100。", en=f"read {value}, expected at most 100.")
    return value


def whole(data: Mapping[str, Any], key: str, at_most: int = HIGHEST_YEAR) -> int:
    """Return a whole number from 0 up."""
    value = number(data, key)
    if value > at_most:
        raise SchemeRefused(
            key, zh=f"读到 {value}，应不超过 {at_most}。", en=f"read {value}, expected at most {at_most}."
        )
    if value != value.to_integral_value():
        raise SchemeRefused(key, zh=f"读到 {value}，应为整数。", en=f"read {value}, expected a whole number.")
    return int(value)


def choice(data: Mapping[str, Any], key: str, known: Sequence[str]) -> str:
    """Return one of the `known` words."""
    found = text(data, key)
    if found not in known:
        listed = ", ".join(known)
        raise SchemeRefused(
            key, zh=f"读到“{found}”，应为 {listed} 之一。", en=f"read {found!r}, expected one of {listed}."
        )
    return found


def mapping(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return a mapping."""
    found = data[key]
    if not isinstance(found, Mapping):
        raise SchemeRefused(key, zh=f"读到 {found!r}，应为键值对。", en=f"read {found!r}, expected keys with values.")
    return found


def rows(data: Mapping[str, Any], key: str, columns: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return a list of mappings that have exactly these columns."""
    found = data[key]
    if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
        raise SchemeRefused(key, zh=f"读到 {found!r}，应为列表。", en=f"read {found!r}, expected a list of rows.")
    for row in found:
        keys(row, key, columns)
    return found


def ordered(key: str, values: Sequence[Decimal]) -> None:
    """Refuse steps that do not fall from one to the next."""
    if any(upper <= lower for upper, lower in pairwise(values)):
        listed = ", ".join(str(value) for value in values)
        raise SchemeRefused(key, zh=f"各档应由高到低：{listed}。", en=f"steps must fall from first to last: {listed}.")


def not_rising(key: str, values: Sequence[Decimal]) -> None:
    """Refuse a lower step that gives more than the one above it: then doing worse would pay."""
    if any(upper < lower for upper, lower in pairwise(values)):
        listed = ", ".join(str(value) for value in values)
        raise SchemeRefused(
            key,
            zh=f"较低一档不应高于上一档：{listed}。",
            en=f"a lower step must not give more than the one above: {listed}.",
        )
