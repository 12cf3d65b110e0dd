"""Deadlines in a target cell: days, months, quarters, years and periods, each come down to its last day."""

import itertools
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

from apps.calculation.reading import notes
from apps.calculation.reading.plain import GAP
from apps.calculation.terms import Sentence

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2099
"""Cells are read in these years only: what else has four digits is a quantity."""
_YEAR: Final = r"(?:19|20)\d\d"
_MONTH: Final = r"(?:1[0-2]|0?[1-9])"
_DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])"
_TO: Final = r"(?:-|~|至|到)"
_NOT_A_DATE: Final = r"(?![\d%‰A-Za-z]|\.\d|[百千万亿]|[元人个件次台套项户名米吨亩公平])"
_COMPARED: Final = "(?<![比较与同于自从≥≤<>=~])"

_FIGURES: Final = re.compile(  # 2021.1.1-12.31, 2023.07-2024.01, 2016-12-31, 2016/12
    rf"(?<![\d.]){_COMPARED}(?P<y>{_YEAR})(?P<s>[-/.])(?P<m>{_MONTH})(?:(?P=s)(?P<d>{_DAY}))?(?!\d)日?"
    rf"(?:{_TO}(?:(?P<y2>{_YEAR})[-/.])?(?P<m2>{_MONTH})(?:[-/.](?P<d2>{_DAY}))?(?!\d)[月日]?)?{_NOT_A_DATE}",
    re.ASCII,
)
_COMPACT: Final = re.compile(
    rf"(?<!\d){_COMPARED}(?P<y>{_YEAR})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d){_NOT_A_DATE}", re.ASCII
)
_YEARS: Final = re.compile(
    rf"(?<!\d){_COMPARED}{_YEAR}年?度?{_TO}(?P<y>{_YEAR})(?:年度?|(?=[,;|。)]|$))(?:期间)?", re.ASCII
)
_MONTHS: Final = re.compile(  # 2016年12月31日, 1-12月, 7月1日-15日, 次年3月, 6月中旬, 9月
    rf"(?<![\d.每/*·])(?:{_COMPARED}(?P<y>{_YEAR}|\d\d)年度?|(?P<next>次年|明年|翌年)|(?:本年度?|今年|当年))?"
    rf"(?<![\d.每/*·])(?:(?P<m0>{_MONTH})月?{_TO})?(?P<m>{_MONTH})月(?!龄|均|度|薪|平均|\d次)份?"
    rf"(?:(?:{_DAY}日?{_TO})?(?P<d>{_DAY})[日号]|(?P<third>上旬|中旬|下旬|初))?",
    re.ASCII,
)
_PARTS: Final = re.compile(  # 三季度, 2016年上半年
    rf"(?:{_COMPARED}(?P<y>{_YEAR})年度?|(?P<next>次年|明年))?(?<!每)"
    r"(?:第?(?:[一二三1-3][-~至、])?第?(?P<q>[一二三四1-4])季度|Q(?P<q2>[1-4])|(?P<h>[上下])半年)(?![1-9一二两三]次)",
    re.ASCII,
)
_YEAR_ENDS: Final = re.compile(
    rf"(?:{_COMPARED}(?P<y>{_YEAR})年度?|(?P<next>次年|明年)|(?<![\d一二两三四五六七八九十半每多近逐去前往上历跨全数余])(?:本|当)?年度?)(?=底|末|终|内|前|之前|以前|结束前)",
    re.ASCII,
)
_AFTER: Final = re.compile(r"(?:\d{1,2}[时点])?(?P<end>底|末|终|内|结束)?(?:之|以)?(?P<before>前)?(?:止|截止|为止)?")
_RECURRING: Final = re.compile(
    rf"(?:每个?月|^月|每季度?|^季度?|每半年|每周|次月|每年)(?:的)?(?:{_DAY}[日号]|月?底|末|月初)(?:之|以)?前?内?",
    re.ASCII,
)
_THIRDS: Final = {"上旬": 10, "初": 10, "中旬": 20}
_QUARTERS: Final = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due, and what has to be said about it; `rest` is the text without its dates."""

    due_on: date | None
    is_ambiguous: bool
    notes: tuple[Sentence, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class _Point:
    due_on: date
    starts_at: int
    ends_at: int
    notes: tuple[Sentence, ...] = ()
    is_period: bool = False


def find_deadline(text: str, year: int) -> Deadline:
    """Find the dates of a plain text; what names no year is of `year`.

    A month means its last day, a period its last day; `9月前` is ambiguous. Years that only say which year a figure is
    of are left alone. A deadline that recurs every month gives no date and says so.
    """
    recurring = _RECURRING.search(text)
    if recurring and not recurring[0].startswith("每年"):
        return Deadline(None, is_ambiguous=True, notes=(notes.RECURRING,), rest=_RECURRING.sub(GAP, text))
    points = _points(text, year)
    if not points:
        return Deadline(None, is_ambiguous=False, notes=(), rest=text)
    last = max(points, key=lambda point: point.due_on)
    said = list(last.notes)
    if _is_several(points, text):
        said.append(notes.SEVERAL_DATES)
    is_ambiguous = bool(said)
    if last.is_period or len(points) > 1:
        said.append(notes.PERIOD)
    return Deadline(last.due_on, is_ambiguous, tuple(said), _without(text, points))


def _points(text: str, year: int) -> list[_Point]:
    """Return every date of the text in order; what one way of writing has taken is not read by the next."""
    points: list[_Point] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            point = read(match, _year(match, points, year)) if _is_free(match, points) else None
            if point is not None:
                points.append(_with_ending(point, text))
    return sorted(points, key=lambda point: point.starts_at)


def _is_free(match: re.Match[str], points: list[_Point]) -> bool:
    return all(match.end() <= point.starts_at or match.start() >= point.ends_at for point in points)


def _year(match: re.Match[str], points: list[_Point], year: int) -> int:
    """Return the year a date is of: the one it names, that of the date before it in the same text, or the plan's."""
    named = match["y"]
    if named:
        return int(named) if len(named) == 4 else 2000 + int(named)
    if match.groupdict().get("next"):
        return year + 1
    before = [point for point in points if point.ends_at <= match.start()]
    if not before:
        return year
    return before[-1].due_on.year + (1 if _wraps(before[-1], match) else 0)


def _wraps(start: _Point, match: re.Match[str]) -> bool:
    """Whether a period runs over the end of the year: 2021年10月-3月."""
    joined = re.fullmatch(_TO, match.string[start.ends_at : match.start()])
    return joined is not None and int(match.groupdict().get("m") or 12) < start.due_on.month


def _day(year: int, month: int, day: int | None) -> tuple[date, tuple[Sentence, ...]] | None:
    """Return the day, or the month's last one where none is named or there is no such day; None for no such year."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    last = monthrange(year, month)[1]
    said = (notes.IMPOSSIBLE_DAY,) if day is not None and day > last else ()
    return date(year, month, min(day or last, last)), said


def _point(match: re.Match[str], year: int, month: int, day: int | None, *, is_period: bool = False) -> _Point | None:
    found = _day(year, month, day)
    return found and _Point(found[0], match.start(), match.end(), found[1], is_period)


def _read_figures(match: re.Match[str], year: int) -> _Point | None:
    if not match["m2"]:
        return _point(match, year, int(match["m"]), _number(match["d"]))
    last_year = int(match["y2"] or year)
    if not match["y2"] and int(match["m2"]) < int(match["m"]):
        last_year += 1
    return _point(match, last_year, int(match["m2"]), _number(match["d2"]), is_period=True)


def _read_compact(match: re.Match[str], year: int) -> _Point | None:
    return _point(match, year, int(match["m"]), int(match["d"]))


def _read_years(match: re.Match[str], year: int) -> _Point | None:
    return _point(match, year, 12, 31, is_period=True)


def _read_year_ends(match: re.Match[str], year: int) -> _Point | None:
    return _point(match, year, 12, 31)


def _read_months(match: re.Match[str], year: int) -> _Point | None:
    is_period, month = match["m0"] is not None, int(match["m"])
    if is_period and month < int(match["m0"]):
        year += 1
    return _point(match, year, month, _number(match["d"]) or _THIRDS.get(match["third"]), is_period=is_period)


def _read_parts(match: re.Match[str], year: int) -> _Point | None:
    if match["h"]:
        return _point(match, year, 6 if match["h"] == "上" else 12, None)
    quarter = match["q2"] or match["q"]
    return _point(match, year, 3 * _QUARTERS.get(quarter, 0) or 3 * int(quarter), None)


def _number(text: str | None) -> int | None:
    return int(text) if text else None


_READERS: Final = (
    (_FIGURES, _read_figures),
    (_COMPACT, _read_compact),
    (_YEARS, _read_years),
    (_MONTHS, _read_months),
    (_PARTS, _read_parts),
    (_YEAR_ENDS, _read_year_ends),
)


def _with_ending(point: _Point, text: str) -> _Point:
    """Take in the words after a date: 底, 前, 止. `前` after a month, a quarter or a year alone may leave it out."""
    ending = _AFTER.match(text, point.ends_at)
    assert ending is not None, "the pattern matches nothing, too"
    named = text[point.starts_at : point.ends_at]
    is_day = named.endswith(("日", "号", "旬")) or named.count(".") + named.count("-") + named.count("/") > 1
    is_loose = bool(ending["before"]) and not ending["end"] and not is_day and not named.isdigit()
    said = (*point.notes, notes.LOOSE_DATE) if is_loose else point.notes
    return _Point(point.due_on, point.starts_at, ending.end(), said, point.is_period)


def _is_several(points: list[_Point], text: str) -> bool:
    """Whether two dates are not simply the ends of one period."""
    pairs = itertools.pairwise(points)
    return any(not re.fullmatch(_TO + "?", text[one.ends_at : two.starts_at]) for one, two in pairs)


def _without(text: str, points: list[_Point]) -> str:
    kept, at = [], 0
    for point in points:
        kept.append(text[at : point.starts_at])
        at = point.ends_at
    return GAP.join([*kept, text[at:]])
