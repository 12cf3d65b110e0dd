"""Numbers that name a resident: identity cards (GB 11643) and mobile phones, found in a text.

Personal data of residents does not belong into evidence and notes. A number is only taken for one where its parts agree, so
that amounts and file numbers are left alone; the numbers themselves are counted and never handed on.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from apps.calculation.terms import Sentence

ALONE: Final = r"(?<![0-9A-Za-z.])(?:%s)(?![0-9A-Za-z]|\.\d)"
PLACE: Final = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)\d{4}"
LONG_CARD: Final = re.compile(ALONE % rf"{PLACE}((?:19|20)\d{{2}})(\d{{2}})(\d{{2}})\d{{3}}[\dXx]", re.ASCII)
SHORT_CARD: Final = re.compile(ALONE % rf"{PLACE}(\d{{2}})(\d{{2}})(\d{{2}})\d{{3}}", re.ASCII)
PHONE: Final = re.compile(r"(?<![0-9A-Za-z.])(?:\+?86[ -]?)?1[3-9]\d([ -]?)\d{4}\1\d{4}(?![0-9A-Za-z]|\.\d)", re.ASCII)
WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS: Final = "10X98765432"


@dataclass(frozen=True, slots=True)
class ResidentNumbers:
    """How many numbers of identity cards and of mobile phones there are."""

    identity_cards: int = 0
    mobile_phones: int = 0

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.identity_cards or self.mobile_phones)

    def __add__(self, other: "ResidentNumbers") -> "ResidentNumbers":
        """Return both counts as one."""
        return ResidentNumbers(self.identity_cards + other.identity_cards, self.mobile_phones + other.mobile_phones)

    @property
    def sentence(self) -> Sentence:
        """Return what was found: “2 处像身份证号、1 处像手机号”."""
        cards, phones = self.identity_cards, self.mobile_phones
        found = [
            *([Sentence(f"{cards} 处像身份证号", f"{cards} like the number of an identity card")] if cards else []),
            *([Sentence(f"{phones} 处像手机号", f"{phones} like a mobile phone number")] if phones else []),
        ]
        return Sentence("、".join(part.zh for part in found), ", ".join(part.en for part in found))


def resident_numbers(text: str) -> ResidentNumbers:
    """Return how many numbers in a text name a resident; full-width digits count too."""
    plain = unicodedata.normalize("NFKC", text)
    cards = sum(_is_long_card(found) for found in LONG_CARD.finditer(plain))
    old = sum(_is_day(f"19{found[1]}", found[2], found[3]) for found in SHORT_CARD.finditer(plain))
    return ResidentNumbers(cards + old, sum(1 for _found in PHONE.finditer(plain)))


def has_identity_number(text: str) -> bool:
    """Tell whether a text holds the number of an identity card of today: 18 signs, of which day and check digit agree."""
    return any(_is_long_card(found) for found in LONG_CARD.finditer(unicodedata.normalize("NFKC", text)))


def resident_numbers_in(texts: Iterable[str]) -> ResidentNumbers:
    """Return how many there are in several texts together."""
    return sum((resident_numbers(text) for text in texts), ResidentNumbers())


def _is_long_card(found: re.Match[str]) -> bool:
    """Tell whether day of birth and check digit (ISO 7064, MOD 11-2) agree with the number."""
    digits = found[0].upper()
    rest = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=False)) % 11
    return digits[-1] == CHECKS[rest] and _is_day(found[1], found[2], found[3])


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
