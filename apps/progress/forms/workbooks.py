"""From a reporter's uploaded workbook to rows of clean values, and to a sentence with its address for each wrong cell."""

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from apps.calculation.numerals import NotANumber, read_number
from apps.calculation.plausibility import told_of_parts
from apps.files.forms import Sheet, SheetRefused, Workbook, column_letters, open_workbook
from apps.plans.enums import Kind
from apps.plans.models import Measure
from apps.progress.forms.cells import read_cell
from apps.progress.layouts import HEADS, INPUTS, MOST_ROWS, Remark, names_of_heads, plain_head, read_key, words_of
from apps.progress.models import Entry
from apps.progress.queries.uploads import ASKED_WITH
from apps.ui import formats

HEADS_WITHIN = 60
SMALL = 5 * 1024 * 1024
PLACES = ("measure", "member", "round")
TYPED = (
    "numerator",
    "denominator",
    "value",
    "outcome",
    "decided_on",
    "decided_by",
    "document",
    "mark",
    "band",
    "percent",
    "note",
    "reason",
)
EVERYWHERE = ("note", "reason")
CHOSEN = ("outcome", "band", "mark")
TOTALS = {"合计", "总计", "小计", "全市", "total", "sum"}
GOAL_TABLE = ("一级指标", "二级指标", "绩效指标", "绩效目标")
ITEM = re.compile(r"(?:检查项|item)\s*(\d{1,4})", re.IGNORECASE)
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
FIGURES = ("numerator", "denominator", "value")


class NotThisWorkbook(SheetRefused):
    """A workbook, but none that asks a reporter for figures."""


class NothingTyped(SheetRefused):
    """The right workbook with nothing in it."""


class TooManyRows(SheetRefused):
    """More rows than one person fills by hand."""


@dataclass
class SheetRow:
    """A row below the heads: texts by column, and which cell of which person's it is, where that could be told."""

    number: int
    texts: dict[str, str]
    failed: dict[str, str] = field(default_factory=dict)
    entry_id: int | None = None
    seen: int | None = None
    item: int = 0
    problem: str = ""

    @property
    def typed(self):
        """Return what was typed, by column; formulas that failed are typed too."""
        return {name: text for name, text in self.texts.items() if name in TYPED} | dict.fromkeys(self.failed, "")

    @property
    def is_total(self):
        return any(_folded(self.texts.get(name, "")) in TOTALS for name in ("measure", "member"))


@dataclass
class UploadReading:
    """What was read: rows to keep with the upload, sentences on the whole, how many rows were left empty.

    A row to keep has `row` (as Excel numbers it), `label`, `entry`, `seen`, `values`, `note`, `reason`, `marks` by the item's id
    and `errors`, each with `row`, `column` (None for the row as a whole), `address` and `sentence`.
    """

    sheet: Sheet
    head: int
    columns: dict[str, int]
    book: Workbook
    rows: list[dict] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    blank: int = 0

    @property
    def remarks(self):
        """Return what is wrong, for the annotated copy."""
        return [
            Remark(row=error["row"], column=error["column"], text=error["sentence"])
            for row in self.rows
            for error in row["errors"]
        ]

    @property
    def read(self):
        """Return every sheet as it was read, by its name."""
        return {sheet.name: sheet.rows for sheet in self.book.sheets}


def read_upload(content: bytes, name: str, user, today: date) -> UploadReading:
    """Return what a workbook says for the cells that the person reports. Four queries at most.

    Each cell is read as one typed into the grid. Raises a `SheetRefused`, with the sentence, for what is no such workbook, holds
    nothing, or holds more than a person fills by hand.
    """
    if len(content) > SMALL:
        raise TooManyRows(_("“%(name)s”太大，不像一张填报表。大批数据请交绩效管理岗“批量上传”。") % {"name": name})
    reading, rows = _rows_of(open_workbook(content, name), name)
    _identify(rows, user, today)
    entries = _entries(rows, user)
    for entry_id, group in _grouped(reading, rows, entries).items():
        _read_group(reading, entries[entry_id], group)
    reading.rows.sort(key=lambda row: row["row"])
    _compare_totals(reading, rows, entries)
    if not reading.rows:
        raise NothingTyped(_("“%(name)s”里一个数都没有填。请填好浅黄色的格子再上传。") % {"name": name})
    return reading


# --- finding the table --------------------------------------------------------------------------------------------------


def _rows_of(book: Workbook, name: str) -> tuple[UploadReading, list[SheetRow]]:
    heads = names_of_heads()
    for sheet in book.sheets:
        for number, cells in enumerate(sheet.rows[:HEADS_WITHIN]):
            columns = _columns(cells, heads)
            if columns:
                rows = _sheet_rows(sheet, number, columns)
                if len(rows) > MOST_ROWS:
                    words = {"rows": len(rows), "most": MOST_ROWS}
                    raise TooManyRows(
                        _("表里有 %(rows)s 行，超过 %(most)s 行。请分几个文件上传，或交绩效管理岗“批量上传”。") % words
                    )
                return UploadReading(sheet, number, columns, book), rows
    raise _not_this(book, name)


def _columns(cells, heads: dict[str, str]) -> dict[str, int]:
    """Return where the columns are if the row is the row of heads, else nothing. The first of two equal heads counts."""
    columns = {}
    for number, text in enumerate(cells):
        column = heads.get(plain_head(text)) if text else None
        if column:
            columns.setdefault(column, number)
    is_placed = "key" in columns or all(column in columns for column in PLACES)
    return columns if is_placed and any(column in columns for column in TYPED if column not in EVERYWHERE) else {}


def _sheet_rows(sheet: Sheet, head: int, columns: dict[str, int]) -> list[SheetRow]:
    found = []
    for number in range(head + 1, len(sheet.rows)):
        texts = {name: text for name, column in columns.items() if (text := sheet.text(number, column))}
        failed = {
            name: sheet.errors[number, columns[name]]
            for name in TYPED
            if name in columns and (number, columns[name]) in sheet.errors
        }
        row = SheetRow(number, texts, failed)
        if row.typed or "key" in texts:
            found.append(row)
    return found


def _not_this(book: Workbook, name: str) -> NotThisWorkbook:
    seen = (plain_head(text) for sheet in book.sheets for cells in sheet.rows[:HEADS_WITHIN] for text in cells if text)
    if any(word in text for text in seen for word in GOAL_TABLE):
        return NotThisWorkbook(
            _("“%(name)s”像是绩效目标表，不是填报表。目标表请由绩效管理岗在“导入”页面上传。") % {"name": name}
        )
    return NotThisWorkbook(
        _("在“%(name)s”里没有找到填报表的表头（数据项、成员、填报期……）。请用“下载填报表”得到的文件填写后上传。")
        % {"name": name}
    )


# --- whose cell a row is ------------------------------------------------------------------------------------------------


def _identify(rows: list[SheetRow], user, today: date) -> None:
    """Tell each row its cell: by its key, by the names where the key is gone."""
    nameless = [row for row in rows if "key" not in row.texts and not row.is_total]
    known = _names(user, today) if nameless else {}
    for row in rows:
        if "key" in row.texts:
            key = read_key(row.texts["key"])
            if key is None:
                row.problem = _(
                    "隐藏的行号被改动过，认不出是哪一格。请清空这一行的行号，保留数据项、成员和填报期，再上传。"
                )
            else:
                row.entry_id, row.seen, row.item = key
    for row in nameless:
        found = known.get(tuple(_folded(row.texts.get(name, "")) for name in PLACES), set())
        row.entry_id = next(iter(found)) if len(found) == 1 else None
        item = ITEM.match(row.texts.get("asks", ""))
        row.item = int(item[1]) if item else 0


def _names(user, today: date) -> dict[tuple[str, str, str], set[int]]:
    """Return the person's cells of this fiscal year and the last by what a row calls them. One query."""
    found = defaultdict(set)
    recent = today - timedelta(days=2 * 366)
    rows = Entry.objects.reportable_by(user).filter(round__ends_on__gte=recent, round__opens_on__lte=today)
    for entry in rows.select_related("measure", "member", "round"):
        for measure in {entry.measure.name, entry.measure.name_en, entry.measure.code} - {""}:
            for member in {entry.member.name, entry.member.name_en} - {""}:
                for period in _periods(entry.round):
                    found[_folded(measure), _folded(member), _folded(period)].add(entry.pk)
    return found


def _periods(row) -> set[str]:
    """Return what a round is called in any language; a first day is what Excel makes of 2016年8月."""
    names = {row.starts_on.isoformat(), f"{row.starts_on:%Y-%m}", str(row)}
    for code in ("zh-hans", "en"):
        with override(code):
            period = formats.period(row.starts_on, row.ends_on)
            names.add(f"{row.title} · {period}" if row.title else period)
    return names


def _folded(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()


def _entries(rows: list[SheetRow], user) -> dict[int, Entry]:
    """Return the cells that rows speak of, of those that the person reports and no others. Two queries."""
    wanted = {row.entry_id for row in rows if row.entry_id}
    found = Entry.objects.reportable_by(user).filter(pk__in=wanted).select_related(*ASKED_WITH)
    return {entry.pk: entry for entry in found.prefetch_related("measure__items")}


def _grouped(reading: UploadReading, rows: list[SheetRow], entries: dict[int, Entry]) -> dict[int, list[SheetRow]]:
    """Return the rows of each cell, and note those that are no cell of the person's."""
    groups = defaultdict(list)
    for row in rows:
        if row.is_total:
            continue
        if row.problem or row.entry_id not in entries:
            _reject_unknown(reading, row)
        else:
            groups[row.entry_id].append(row)
    return groups


def _reject_unknown(reading: UploadReading, row: SheetRow) -> None:
    """Note a row in which something was typed and that is no cell of the person's."""
    if not row.typed:
        return
    label = " · ".join(row.texts[name] for name in PLACES if name in row.texts)
    sentence = row.problem or _("在您单位要填的数据里没有这一格，没有读入。")
    reading.rows.append(_kept(row.number, label, errors=[_error(row.number, None, sentence)]))


# --- reading cells ------------------------------------------------------------------------------------------------------


def _read_group(reading: UploadReading, entry: Entry, group: list[SheetRow]) -> None:
    """Read the rows of one cell: its own, and those of the things to look at."""
    own = [row for row in group if not row.item]
    place = {}
    for row in group:
        for name in row.typed:
            place.setdefault(_field(row, name), (row.number, name))
    if not place:
        reading.blank += 1
        return
    first = own[0] if own else group[0]
    kept = _kept(first.number, f"{entry.measure} · {entry.member} · {entry.round}", entry, _seen(entry, group))
    texts = _texts(group)
    problems = _failures(group) | _misplaced(entry.measure, group) | _twice(own)
    cell = read_cell(entry.measure, texts)
    if cell.is_empty and not problems:
        problems["note"] = _("这一行只写了说明，没有填数，不会提交。")
    for name, sentence in {**cell.errors, **problems}.items():
        number, column = place.get(name, (first.number, name))
        kept["errors"].append(_error(number, reading.columns.get(column), sentence, column))
    kept |= {
        "values": {name: _stored(value) for name, value in cell.values.items()} if not kept["errors"] else {},
        "note": texts.get("note", ""),
        "reason": texts.get("reason", ""),
        "marks": {str(pk): mark for pk, mark in cell.marks.items()},
    }
    reading.rows.append(kept)


def _kept(number: int, label: str, entry: Entry | None = None, seen: int = 0, errors=None) -> dict:
    return {
        "row": number + 1,
        "label": label,
        "entry": entry.pk if entry else None,
        "seen": seen,
        "values": {},
        "note": "",
        "reason": "",
        "marks": {},
        "errors": errors or [],
    }


def _seen(entry: Entry, group: list[SheetRow]) -> int:
    """Return the revision that the workbook was made from; without a key nobody knows, and the page shows what is there now."""
    known = [row.seen for row in group if row.seen is not None]
    return min(known) if known else (entry.latest.number if entry.latest else 0)


def _texts(group: list[SheetRow]) -> dict[str, str]:
    """Return what was typed for a cell by the grid's names of fields, words of lists as their values."""
    texts = {}
    for row in group:
        for name, text in row.typed.items():
            texts.setdefault(_field(row, name), _plain(name, text.replace("\0", "")))
    return texts


def _field(row: SheetRow, name: str) -> str:
    """Return the grid's name of a field."""
    return f"item-{row.item}" if row.item and name == "mark" else name


def _plain(name: str, text: str) -> str:
    if name in CHOSEN:
        return words_of(name).get(text, text)
    if name == "decided_on":
        return _day(text)
    return text


def _day(text: str) -> str:
    """Return a day as 2016-12-20 where it is written another way."""
    found = DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text


def _failures(group: list[SheetRow]) -> dict[str, str]:
    """Return a sentence for each formula that failed."""
    found = {}
    for row in group:
        for name, shown in row.failed.items():
            found[_field(row, name)] = (
                _("公式出错，显示为“%(shown)s”；请改正公式或直接填写。") % {"shown": shown}
                if shown
                else _("公式没有计算结果；请用 Excel 打开、保存后再上传，或直接填写。")
            )
    return found


def _misplaced(measure: Measure, group: list[SheetRow]) -> dict[str, str]:
    """Return a sentence for each field that the measure has no use for and somebody filled."""
    wanted = {*INPUTS[Kind(measure.kind)], *EVERYWHERE}
    found = {}
    for row in group:
        for name, text in row.typed.items():
            fits = name == "mark" if row.item else name in wanted
            if not fits and text:
                found[name] = _("这一行不填这一列，读到“%(text)s”，可能错了列。") % {"text": text}
        if row.item and (text := row.texts.get("mark", "")) and text not in words_of("mark"):
            found[f"item-{row.item}"] = _("读到“%(text)s”，应为达标、未达标或不适用。") % {"text": text}
    return found


def _twice(own: list[SheetRow]) -> dict[str, str]:
    """Return a sentence where two rows are the same cell: nobody could say which of them counts."""
    filled = [row for row in own if row.typed]
    if len(filled) < 2:
        return {}
    rows = formats.names([str(row.number + 1) for row in filled])
    return {"measure": _("第 %(rows)s 行是同一格，请只留一行。") % {"rows": rows}}


def _error(number: int, column: int | None, sentence: str, name: str = "") -> dict:
    if column is None:
        address = _("第 %(row)s 行") % {"row": number + 1}
    else:
        words = {"row": number + 1, "column": column_letters(column)}
        head = formats.in_brackets(str(HEADS[name])) if name in HEADS else ""
        address = _("第 %(row)s 行 %(column)s 列") % words + head
    return {"row": number, "column": column, "address": address, "field": name, "sentence": sentence}


def _stored(value) -> str | None:
    return None if value is None else str(value)


# --- totals -------------------------------------------------------------------------------------------------------------


def _compare_totals(reading: UploadReading, rows: list[SheetRow], entries: dict[int, Entry]) -> None:
    """Say where a total that somebody wrote below is not the sum of its rows. Totals are never read as figures."""
    for row in rows:
        if not row.is_total:
            continue
        parts = _parts(row, rows, entries)
        for name in FIGURES:
            typed = _number(row.texts.get(name, ""))
            numbers = [_number(part.texts.get(name, "")) for part in parts]
            told = told_of_parts(typed, numbers) if typed is not None and any(numbers) else None
            if told:
                words = {"row": row.number + 1, "told": told.in_language(get_language() or "zh-hans")}
                reading.findings.append(_("第 %(row)s 行：%(told)s") % words)


def _parts(total: SheetRow, rows: list[SheetRow], entries: dict[int, Entry]) -> list[SheetRow]:
    """Return the rows that a total speaks of: those of the measure and round that it names, else the only ones there are."""
    found = [row for row in rows if row.entry_id in entries and not row.is_total and not row.item]
    for name in ("measure", "round"):
        word = _folded(total.texts.get(name, ""))
        if word and word not in TOTALS:
            found = [row for row in found if _folded(row.texts.get(name, "")) == word]
    kinds = Counter((entries[row.entry_id].measure_id, entries[row.entry_id].round_id) for row in found)
    return found if len(kinds) == 1 else []


def _number(text: str) -> Decimal | None:
    try:
        return read_number(text)
    except NotANumber:
        return None
