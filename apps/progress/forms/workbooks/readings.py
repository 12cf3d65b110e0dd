"""From the rows of a cell to its clean values, or to a sentence with its address for each wrong one."""

import re
import unicodedata
from collections import defaultdict
from datetime import date

from django.utils.translation import gettext as _

from apps.files.forms import SheetRefused, column_letters, open_workbook
from apps.plans.enums import Kind
from apps.plans.models import Measure
from apps.progress.forms.cells import read_cell
from apps.progress.forms.texts import failed_formula
from apps.progress.forms.workbooks.places import identify, reported_entries
from apps.progress.forms.workbooks.tables import EVERYWHERE, PLACES, SheetRow, TooManyRows, UploadReading, rows_of
from apps.progress.forms.workbooks.totals import compare_totals
from apps.progress.layouts import HEADS, INPUTS, words_of
from apps.progress.models import Entry
from apps.ui import formats

SMALL = 5 * 1024 * 1024
CHOSEN = ("outcome", "band", "mark")
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


class NothingTyped(SheetRefused):
    """The right workbook with nothing in it."""


def read_upload(content: bytes, name: str, user, today: date) -> UploadReading:
    """Return what a workbook says for the cells that the person reports. Four queries at most.

    Each cell is read as one typed into the grid. Raises a `SheetRefused`, with the sentence, for what is no such workbook, holds
    nothing, or holds more than a person fills by hand.
    """
    if len(content) > SMALL:
        raise TooManyRows(_("“%(name)s”太大，不像一张填报表。大批数据请交绩效管理岗“批量上传”。") % {"name": name})
    reading, rows = rows_of(open_workbook(content, name), name)
    identify(rows, user, today)
    entries = reported_entries(rows, user)
    for entry_id, group in _grouped(reading, rows, entries).items():
        _read_group(reading, entries[entry_id], group)
    reading.rows.sort(key=lambda row: row["row"])
    compare_totals(reading, rows, entries)
    if not reading.rows:
        raise NothingTyped(_("“%(name)s”里一个数都没有填。请填好浅黄色的格子再上传。") % {"name": name})
    return reading


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
    return {_field(row, name): failed_formula(shown) for row in group for name, shown in row.failed.items()}


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
