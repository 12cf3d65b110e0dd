"""Periods as people and spreadsheets write them."""

import re
from datetime import date
from typing import Final

from apps.calculation.periods import Period, month_end
from apps.progress.forms.texts import squeezed

MONTH: Final = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月份?)?|(\d{4})(\d{2})")
QUARTER: Final = re.compile(r"(\d{4})(?:年度?|-)?(?:第?([1-4一二三四])季度?|Q([1-4]))", re.IGNORECASE)
HALF: Final = re.compile(r"(\d{4})(?:年度?|-)?(?:([上下])半年|H([12]))", re.IGNORECASE)
YEAR: Final = re.compile(r"(\d{4})(?:年度?)?")
DAY: Final = r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?"
ONE_DAY: Final = re.compile(rf"{DAY}(?: ?00:00:00)?")
TWO_DAYS: Final = re.compile(rf"{DAY}(?:至|到|-|–|—|~)+{DAY}")
NUMERALS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}


def read_period(text: str) -> Period | None:
    """Return the days that a text names, None for what names none.

    Understood are a month (2016-08, 2016年8月, 201608), a quarter (2016Q1, 2016年第一季度), a half-year (2016上半年), a year, and
    two days. The first day of a month alone is that month, because that is what Excel makes of 2016-08.
    """
    plain = squeezed(text)
    try:
        return _months(plain) or _days(plain)
    except ValueError:  # no such day, or the last before the first
        return None


def _months(text: str) -> Period | None:
    if found := MONTH.fullmatch(text):
        return _stretch(int(found[1] or found[3]), 1, int(found[2] or found[4]))
    if found := QUARTER.fullmatch(text):
        return _stretch(int(found[1]), 3, _number(found[2] or found[3]))
    if found := HALF.fullmatch(text):
        return _stretch(int(found[1]), 6, _number(found[2] or found[3]))
    if found := YEAR.fullmatch(text):
        return _stretch(int(found[1]), 12, 1)
    return None


def _days(text: str) -> Period | None:
    if found := TWO_DAYS.fullmatch(text):
        first, last = (date(*(int(part) for part in found.groups()[at : at + 3])) for at in (0, 3))
        return Period(first, last)
    if (found := ONE_DAY.fullmatch(text)) and int(found[3]) == 1:
        return _stretch(int(found[1]), 1, int(found[2]))
    return None


def _number(text: str) -> int:
    return NUMERALS.get(text) or int(text)


def _stretch(year: int, months: int, place: int) -> Period:
    """Return the stretch of so many months of a year, counted from 1."""
    last = months * place
    return Period(date(year, last - months + 1, 1), month_end(year, last))
