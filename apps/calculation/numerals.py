"""Numbers as people type or paste them."""

import re
import unicodedata
from decimal import Decimal
from typing import Final

from apps.calculation.terms import Refusal, Sentence

# As many as every database keeps exactly: SQLite holds fifteen digits of a number.
MOST_DIGITS: Final = 15
PLACES: Final = 4
WAN: Final = Decimal(10000)
ONE: Final = Decimal(1)
PLAIN: Final = re.compile(r"[+-]? ?(\d+(,? ?\d{3})*|\d*)(\.\d*)?", re.ASCII)
GAP: Final = re.compile(r"[\d.] +[\d.]", re.ASCII)
DIGIT: Final = re.compile(r"\d", re.ASCII)
LETTER: Final = re.compile(r"[^\W\d_]")
CHINESE_DIGITS: Final = {
    "〇": 0,
    "○": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
CHINESE_TENS: Final = {"十": 10, "百": 100, "千": 1000}
CHINESE: Final = re.compile("[〇○零一二两三四五六七八九十百千]+")


class NotANumber(Refusal):
    """A text that is not one number; the sentence quotes it and says what is in the way."""


def read_number(text: str, places: int = PLACES, unit: str = "") -> Decimal | None:
    """Return the number a person typed, None for an empty cell: empty is unknown, "0" is zero.

    Full-width digits and signs and thousands separators, commas or blanks, are understood; 万 at the end multiplies by
    10,000. `unit` is what the number counts, "" where that has no name: it may stand behind the number. Where it is one of
    ten thousands (万元), 万 alone means it too, and what it is ten thousand of is turned into it: 38.35万 and 383500元 are
    38.35. Raises `NotANumber` for everything else, and for more than 15 digits altogether or `places` of them after the point.
    """
    plain = unicodedata.normalize("NFKC", text).replace("，", ",").replace("−", "-").strip()
    if not plain:
        return None
    digits, times = _without_unit(plain, unit)
    if not PLAIN.fullmatch(digits) or not DIGIT.search(digits):
        raise _refused(text.strip(), plain)
    number = Decimal(digits.replace(",", "").replace(" ", "")) * times
    if (
        len(number.normalize().as_tuple().digits) > MOST_DIGITS
        or number.adjusted() >= MOST_DIGITS
        or _places(number) > places
    ):
        raise NotANumber(
            Sentence(
                zh=f"“{text.strip()}”位数过多，总共最多 {MOST_DIGITS} 位，其中小数最多 {places} 位。",
                en=f"“{text.strip()}” has too many digits: at most {MOST_DIGITS} altogether, {places} of them after the point.",
            )
        )
    return number


def _without_unit(plain: str, unit: str) -> tuple[str, Decimal]:
    """Return what stands before the unit, and how many of the unit one of it is."""
    named = unicodedata.normalize("NFKC", unit).strip()
    single = named.removeprefix("万")
    one, wan = (ONE, WAN) if single == named else (ONE / WAN, ONE)
    for ending, times in ((f"万{single}", wan), (single, one), ("万", wan)):
        if ending and plain.endswith(ending):
            return plain.removesuffix(ending).rstrip(), times
    return plain, ONE


def _places(number: Decimal) -> int:
    """Return how many digits after the point say something: 1.500 has one."""
    exponent = number.normalize().as_tuple().exponent
    return max(-int(exponent), 0)


def read_chinese(text: str) -> Decimal | None:
    """Return the whole number that is written in Chinese numerals, None for any other text.

    Both ways of writing are understood: by place (一百二十, 十二, 百) and digit by digit (二〇一六). 万 and 亿 are left to
    the unit, as everywhere.
    """
    if not CHINESE.fullmatch(text):
        return None
    if not any(character in CHINESE_TENS for character in text):
        return Decimal("".join(str(CHINESE_DIGITS[character]) for character in text))
    total, digit = 0, 1
    for character in text:
        if character in CHINESE_TENS:
            total, digit = total + digit * CHINESE_TENS[character], 0
        else:
            digit = CHINESE_DIGITS[character]
    return Decimal(total + digit)


def _refused(text: str, plain: str) -> NotANumber:
    letter = LETTER.search(plain.replace("万", ""))
    if plain.startswith("#"):
        return NotANumber(
            Sentence(
                zh=f"“{text}”是表格里公式出错的显示，不是数字。",
                en=f"“{text}” is what a sheet shows for a formula that failed, not a number.",
            )
        )
    if GAP.search(plain):
        return NotANumber(
            Sentence(
                zh=f"“{text}”中间有空格，看不出是一个数还是两个数，请去掉空格。",
                en=f"“{text}” has a blank in it and may be one number or two; please take it out.",
            )
        )
    if plain.endswith("%"):
        return NotANumber(
            Sentence(
                zh=f"“{text}”是百分数，这里应填数量；比率由系统计算。",
                en=f"“{text}” is a percentage; a quantity belongs here, the ratio is worked out for you.",
            )
        )
    if letter:
        kind = ("字母", "the letter") if letter.group().isascii() else ("文字", "the character")
        return NotANumber(
            Sentence(
                zh=f"“{text}”含{kind[0]} {letter.group()}，应为数字。",
                en=f"“{text}” contains {kind[1]} {letter.group()}; a number is expected.",
            )
        )
    return NotANumber(Sentence(zh=f"“{text}”不是一个数字。", en=f"“{text}” is not a number."))
