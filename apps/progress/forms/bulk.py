"""From an officer's long table to figures, or to a sentence for each cell that is in the way."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from apps.calculation.periods import Period
from apps.files.forms import LongSheet, SheetRefused, column_letters, open_long_sheets
from apps.plans.enums import Frequency, Kind
from apps.plans.models import Measure, MeasureMember
from apps.progress.actions.bulk import BulkFigure
from apps.progress.actions.rounds import is_valid
from apps.progress.forms.cells import read_cell
from apps.progress.forms.periods import read_period
from apps.progress.layouts.bulk import EXAMPLE
from apps.progress.queries.bulk import BULK_HEADS, MOST_BULK_ROWS, Place, Problem, Surroundings
from apps.ui import formats

HEAD_WITHIN: Final = 30
"""So many rows from the top may stand above the heads."""
AT_ONCE: Final = 5000
ALSO_CALLED: Final = {
    "编码": "code",
    "数据项名称": "measure",
    "成员名称": "member",
    "成员编码": "member",
    "区": "member",
    "填报期": "period",
    "所属期": "period",
    "备注": "note",
    "原因": "reason",
}
NUMBERS: Final = ("numerator", "denominator", "value")
NUMBERS_OF_KIND: Final = {Kind.RATIO: NUMBERS[:2], Kind.NUMBER: NUMBERS[2:], Kind.MONEY: NUMBERS[2:]}
USUAL: Final = {
    Frequency.MONTHLY: "2016-08",
    Frequency.SEASON: "2016-08",
    Frequency.QUARTERLY: "2016Q1",
    Frequency.HALF_YEARLY: "2016上半年",
    Frequency.YEARLY: "2016",
}


class NoTable(SheetRefused):
    """No sheet has the heads of a long table of figures."""


class TooManyRows(SheetRefused):
    """More rows than one file may have."""


@dataclass
class BulkReading:
    """What was read of a file: figures, and problems by row. `sheets` are the names of its tables, for the addresses."""

    figures: list[BulkFigure] = field(default_factory=list)
    problems: dict[Place, list[Problem]] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    rows: int = 0


class _Unread(Exception):
    """A cell that cannot be read; `name` is its field."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name, self.why = name, why


def read_bulk(path: Path, name: str, known: Surroundings, step: Callable[[int], None]) -> BulkReading:
    """Return what a file says, held against what its bureau knows; every row either a figure or its problems.

    `step` is told how many rows were read, some thousand at a time. Raises `SheetRefused` for a file without such a table,
    with too many rows, or one that is not safe to read. One pass over the rows, no query.
    """
    reading, reader = BulkReading(), _Reader(known)
    for place, texts, columns, failed in _rows(path, name, reading.sheets):
        reading.rows += 1
        if reading.rows > MOST_BULK_ROWS:
            words = {"name": name, "most": f"{MOST_BULK_ROWS:,}"}
            raise TooManyRows(_("“%(name)s”超过 %(most)s 行，请分成几个文件上传。") % words)
        found = reader.read(place, texts, failed)
        if isinstance(found, BulkFigure):
            reading.figures.append(found)
        else:
            reading.problems[place] = [
                Problem(place, column_letters(columns[key]) if key in columns else "", why) for key, why in found
            ]
        if reading.rows % AT_ONCE == 0:
            step(AT_ONCE)
    step(reading.rows % AT_ONCE)
    if not reading.rows:
        raise NoTable(_("“%(name)s”的表头下面没有数据。") % {"name": name})
    _sort_out_twins(reading)
    return reading


def rows_again(path: Path, name: str, wanted: Collection[Place]) -> Iterator[tuple[Place, dict[str, str]]]:
    """Yield some rows of a file once more as texts by field, in their order."""
    for place, texts, _columns, _failed in _rows(path, name, []):
        if place in wanted:
            yield place, texts


def _sort_out_twins(reading: BulkReading) -> None:
    """Take out all rows that name one cell: nobody can tell which of them is meant."""
    first: dict[tuple[int, Period], BulkFigure] = {}
    twins: dict[tuple[int, Period], list[BulkFigure]] = defaultdict(list)
    for figure in reading.figures:
        key = (figure.membership.pk, figure.period)
        if first.setdefault(key, figure) is not figure:
            twins[key].append(figure)
    for key, others in twins.items():
        for figure in (first[key], *others):
            other = others[0] if figure is first[key] else first[key]
            why = _("与第 %(row)d 行是同一格（同一数据项、成员和期间），请只留一行。") % {"row": other.place[1]}
            reading.problems[figure.place] = [Problem(figure.place, "", why)]
    if twins:
        reading.figures = [row for row in reading.figures if row.place not in reading.problems]


# --- rows ---------------------------------------------------------------------------------------------------------------

Read = tuple[Place, dict[str, str], dict[str, int], dict[str, str]]


def _rows(path: Path, name: str, sheets: list[str]) -> Iterator[Read]:
    """Yield every row of every table: its place, texts by field, columns by field, and what a failed formula shows.

    Empty rows and the example of our own empty form are left out.
    """
    for sheet in open_long_sheets(path, name):
        rows = enumerate(sheet.rows, 1)
        columns = _heads(rows)
        if columns:
            sheets.append(sheet.name)
            yield from _rows_of(sheet, len(sheets), rows, columns)
    if not sheets:
        raise NoTable(
            _("“%(name)s”里找不到表头：要有“数据项编码”或“数据项”、“成员”、“期间”，以及“分子”“分母”或“数值”。")
            % {"name": name}
        )


def _rows_of(
    sheet: LongSheet, number: int, rows: Iterator[tuple[int, Sequence[str | None]]], columns: dict[str, int]
) -> Iterator[Read]:
    failed: dict[int, dict[str, str]] = defaultdict(dict)
    for (row, column), shown in sheet.errors.items():
        for key, at in columns.items():
            if at == column:
                failed[row + 1][key] = shown
    for row, texts in rows:
        named = {key: texts[at] or "" if at < len(texts) else "" for key, at in columns.items()}
        if (any(named.values()) or row in failed) and not _is_example(named):
            yield (number, row), named, columns, failed.get(row, {})


def _is_example(texts: Mapping[str, str]) -> bool:
    return any(texts.get(key, "").startswith(EXAMPLE) for key in ("code", "note"))


def _heads(rows: Iterator[tuple[int, Sequence[str | None]]]) -> dict[str, int]:
    """Return the columns by field of the first row that has the heads, empty for a sheet without them."""
    for number, texts in rows:
        found: dict[str, int] = {}
        for column, text in enumerate(texts):
            key = HEADS.get(_head(text or ""))
            if key:
                found.setdefault(key, column)
        if {"member", "period"} <= set(found) and {"code", "measure"} & set(found) and set(NUMBERS) & set(found):
            return found
        if number >= HEAD_WITHIN:
            break
    return {}


def _head(text: str) -> str:
    return re.sub(r"\s|\(.*?\)", "", unicodedata.normalize("NFKC", text))


HEADS: Final = {word: key for key, word in BULK_HEADS.items()} | ALSO_CALLED


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


# --- one row ------------------------------------------------------------------------------------------------------------


class _Reader:
    """Reads rows; what a text stands for is looked up once however often it comes."""

    def __init__(self, known: Surroundings) -> None:
        self._known = known
        self._codes = {_plain(row.code): row for row in known.measures.values()}
        self._names: dict[str, list[Measure]] = defaultdict(list)
        for row in known.measures.values():
            self._names[_plain(row.name)].append(row)
        self._found: dict[tuple[str, str], Measure] = {}
        self._periods: dict[str, Period | None] = {}
        self._members: dict[int, dict[str, list[MeasureMember]]] = {}

    def read(
        self, place: Place, texts: Mapping[str, str], failed: Mapping[str, str]
    ) -> BulkFigure | list[tuple[str, str]]:
        """Return the figure of a row, or its problems as field and sentence."""
        if failed:
            return [(key, _failed(shown)) for key, shown in failed.items()]
        try:
            measure = self._measure(texts.get("code", ""), texts.get("measure", ""))
            period = self._period(texts["period"], measure)
            membership = self._membership(texts["member"], measure, period)
        except _Unread as unread:
            return [(unread.name, unread.why)]
        return self._figure(place, texts, measure, membership, period)

    def _figure(
        self, place: Place, texts: Mapping[str, str], measure: Measure, membership: MeasureMember, period: Period
    ) -> BulkFigure | list[tuple[str, str]]:
        wanted = NUMBERS_OF_KIND[Kind(measure.kind)]
        stray = next((name for name in NUMBERS if name not in wanted and texts.get(name)), None)
        if stray is not None:
            return [(stray, _stray(measure))]
        reading = read_cell(measure, {name: texts.get(name, "") for name in wanted})
        if reading.errors:
            return list(reading.errors.items())
        if reading.is_empty:
            return [(wanted[0], _("没有填数。没有发生请填 0；没有数据请删去这一行。"))]
        note, reason = texts.get("note", ""), texts.get("reason", "")
        return BulkFigure(place, membership, period, reading.values, note, reason)

    def _measure(self, code: str, name: str) -> Measure:
        key = (code, name)
        if key not in self._found:
            self._found[key] = self._measure_of(_plain(code), _plain(name))
        return self._found[key]

    def _measure_of(self, code: str, name: str) -> Measure:
        measure = self._coded(code, name) if code else self._named(name)
        if not measure.is_figured:
            words = {"measure": measure, "kind": measure.get_kind_display()}
            raise _Unread("code", _("“%(measure)s”填的是%(kind)s，不能批量上传；请在填报页填写。") % words)
        return measure

    def _coded(self, code: str, name: str) -> Measure:
        measure = self._codes.get(code)
        if measure is None:
            raise _Unread("code", _("本单位没有编码为“%(code)s”的数据项。") % {"code": code})
        if name and _plain(measure.name) != name:
            words = {"code": code, "measure": measure.name, "name": name}
            raise _Unread("measure", _("编码 %(code)s 是“%(measure)s”，与“%(name)s”不符。") % words)
        return measure

    def _named(self, name: str) -> Measure:
        found = self._names.get(name, [])
        if not name:
            raise _Unread("measure", _("没有写是哪个数据项。"))
        if not found:
            raise _Unread("measure", _("本单位没有叫“%(name)s”的数据项。") % {"name": name})
        if len(found) > 1:
            raise _Unread(
                "measure",
                _("有 %(count)d 个数据项叫“%(name)s”，请写数据项编码。") % {"name": name, "count": len(found)},
            )
        return found[0]

    def _period(self, text: str, measure: Measure) -> Period:
        if text not in self._periods:
            self._periods[text] = read_period(text)
        period = self._periods[text]
        if period is None:
            why = _(
                "“%(text)s”读不出期间，应写成 2016-08、2016Q1、2016上半年、2016，或起止两日 2016-08-01至2016-08-31。"
            )
            raise _Unread("period", why % {"text": text} if text else _("没有写期间。"))
        if not self._known.is_asked(measure, period):
            raise _Unread("period", _other_period(measure, period))
        return period

    def _membership(self, text: str, measure: Measure, period: Period) -> MeasureMember:
        if measure.pk not in self._members:
            self._members[measure.pk] = _by_name(self._known.memberships.get(measure.pk, []))
        called = self._members[measure.pk].get(_plain(text), [])
        valid = [row for row in called if is_valid(row, period.ends_on) and is_valid(row.member, period.ends_on)]
        if len(valid) == 1:
            return valid[0]
        raise _Unread("member", _no_member(text, measure, period, called, valid))


def _by_name(memberships: Collection[MeasureMember]) -> dict[str, list[MeasureMember]]:
    """Return a measure's members by name and code; where there is only one, it need not be named."""
    found: dict[str, list[MeasureMember]] = defaultdict(list)
    for row in memberships:
        for name in {_plain(row.member.name), _plain(row.member.code)}:
            found[name].append(row)
    if len(memberships) == 1:
        found[""] = list(memberships)
    return found


def _no_member(
    text: str, measure: Measure, period: Period, called: Sequence[MeasureMember], valid: Sequence[MeasureMember]
) -> str:
    words = {"text": text, "measure": measure, "period": formats.period(period.starts_on, period.ends_on)}
    if not text:
        return _("没有写是哪个成员。")
    if not called:
        return _("“%(measure)s”没有叫“%(text)s”的成员。") % words
    if not valid:
        return _("“%(text)s”在 %(period)s 不是“%(measure)s”的成员（尚未启用或已停用）。") % words
    return _("“%(measure)s”有几个叫“%(text)s”的成员，请写成员编码。") % words


def _other_period(measure: Measure, period: Period) -> str:
    words = {
        "period": formats.period(period.starts_on, period.ends_on),
        "measure": measure,
        "frequency": measure.get_frequency_display(),
        "usual": USUAL.get(Frequency(measure.frequency), ""),
    }
    if measure.frequency == Frequency.MILESTONE:
        return _("“%(measure)s”按节点填报，没有固定的期间，请在填报页填写。") % words
    return _("%(period)s 不是“%(measure)s”的填报期：它%(frequency)s填报，应写成 %(usual)s 的样子。") % words


def _stray(measure: Measure) -> str:
    if measure.kind == Kind.RATIO:
        words = {"measure": measure, "numerator": measure.numerator, "denominator": measure.denominator}
        return (
            _("“%(measure)s”按分子（%(numerator)s）和分母（%(denominator)s）填报，这里应留空，比率由系统计算。") % words
        )
    return _("“%(measure)s”只填数值，这里应留空。") % {"measure": measure}


def _failed(shown: str) -> str:
    if shown:
        return _("公式出错，显示为“%(shown)s”，请改正公式或直接填写。") % {"shown": shown}
    return _("公式没有计算结果，请用 Excel 打开、保存后再上传。")
