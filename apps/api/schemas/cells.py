"""Single values of a request. Numbers arrive as text and never become binary fractions; null is unknown."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BeforeValidator

from apps.calculation.terms import Refusal, Sentence

WHOLE_DIGITS: Final = 15
PLACES: Final = 40
LONGEST_NUMBER: Final = 80
LONGEST_TEXT: Final = 1000
LONGEST_QUOTE: Final = 30
PLAIN: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)


class Unfit(Refusal):
    """A value that cannot be used; the sentence quotes what was read and says what is expected."""

    def __init__(self, read: object, *, zh: str, en: str) -> None:
        quote = quoted(read)
        super().__init__(Sentence(zh=f"读到 {quote}，应为{zh}。", en=f"read {quote}, expected {en}."))


def quoted(value: object) -> str:
    """Return a value as a sentence can quote it: short, and sendable whatever it holds."""
    if not isinstance(value, str):
        return {dict: "{…}", list: "[…]", bool: str(value).lower()}.get(type(value), "null")
    cut = value if len(value) <= LONGEST_QUOTE else f"{value[:LONGEST_QUOTE]}…"
    return f"“{cut}”".encode(errors="replace").decode()


def as_number(value: object) -> Decimal | None:
    """Return the number that a text writes, None for null; raises `Unfit` for what is no number of a sane size."""
    if value is None:
        return None
    if isinstance(value, str) and len(value) <= LONGEST_NUMBER and PLAIN.fullmatch(value):
        number = Decimal(value)
        if not number:
            return Decimal(0)
        if number.adjusted() < WHOLE_DIGITS and number.as_tuple().exponent >= -PLACES:  # type: ignore[operator]
            return number
    raise Unfit(
        value,
        zh=f"以文字书写的数，小数点前最多 {WHOLE_DIGITS} 位，后最多 {PLACES} 位",
        en=f"a number as text, at most {WHOLE_DIGITS} digits before the point and {PLACES} after",
    )


def as_positive(value: object) -> Decimal | None:
    """Return a number above zero, None for null."""
    number = as_number(value)
    if number is not None and number <= 0:
        raise Unfit(value, zh="大于 0 的数", en="a number above 0")
    return number


def as_weight(value: object) -> Decimal | None:
    """Return points from zero up, None for null."""
    number = as_number(value)
    if number is not None and number < 0:
        raise Unfit(value, zh="不小于 0 的分值", en="points from 0 up")
    return number


def as_count(value: object) -> int | None:
    """Return a whole number from zero up, None for null."""
    number = as_number(value)
    if number is None:
        return None
    if number < 0 or number != number.to_integral_value():
        raise Unfit(value, zh="不小于 0 的整数", en="a whole number from 0 up")
    return int(number)


def as_year(value: object) -> int:
    """Return a year of our time."""
    number = as_count(value)
    if number is None or not 1949 <= number <= 2199:
        raise Unfit(value, zh="1949 至 2199 之间的年份", en="a year from 1949 to 2199")
    return number


def as_text(value: object) -> str:
    """Return a text of a sane length; null is the empty one."""
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or not _is_sendable(value):
        raise Unfit(value, zh=f"不超过 {LONGEST_TEXT} 字的文字", en=f"a text of at most {LONGEST_TEXT} characters")
    return value


def as_switch(value: object) -> bool:
    """Return yes or no; null is no."""
    if value is None:
        return False
    if not isinstance(value, bool):
        raise Unfit(value, zh=" true 或 false", en="true or false")
    return value


def as_day(value: str) -> date:
    """Return a day written as 2016-12-31."""
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Unfit(value, zh="形如 2016-12-31 的日期", en="a day such as 2016-12-31") from error


def plain(number: Decimal | None) -> str | None:
    """Return a number as it is sent: text without an exponent, null for unknown."""
    return None if number is None else f"{number + 0:f}"


def _is_sendable(text: str) -> bool:
    """Tell whether a text has no halves of characters, which JSON can write and nobody can read."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


Number = Annotated[Decimal | None, BeforeValidator(as_number)]
Positive = Annotated[Decimal | None, BeforeValidator(as_positive)]
Weight = Annotated[Decimal | None, BeforeValidator(as_weight)]
Count = Annotated[int | None, BeforeValidator(as_count)]
Year = Annotated[int, BeforeValidator(as_year)]
Text = Annotated[str, BeforeValidator(as_text)]
Switch = Annotated[bool, BeforeValidator(as_switch)]
