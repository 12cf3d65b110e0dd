"""A workbook that somebody sent: opened safely, and each cell as the words one sees in it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from lzma import LZMAError
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile
from zlib import error as DeflateError  # noqa: N812

from django.conf import settings
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from apps.files.forms import archives, compounds
from apps.files.forms.cells import Address, PrintedText
from apps.files.forms.marks import Marks
from apps.files.forms.refusals import (
    FormulaFailed,
    MacrosInside,
    NotExcel,
    PasswordProtected,
    SheetRefused,
    WorkbookDamaged,
    WorkbookEmpty,
    WorkbookTooLarge,
)

MEGABYTE: Final = 1024 * 1024
UNPACKED_TIMES: Final = 8
MOST_CELLS: Final = 3_000_000
ZIP: Final = b"PK\x03\x04"
WITH_MACROS: Final = (".xlsm", ".xltm", ".xlam")
MACRO_STORAGE: Final = "_VBA_PROJECT_CUR"
ODD: Final = re.compile("[\r\0\u00a0\u200b-\u200d\ufeff]|_x000[dD]_")
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

BROKEN: Final = (BadZipFile, DeflateError, LZMAError, ValueError, LookupError, EOFError, OSError, NotImplementedError)

Place = tuple[int, int]
Row = list[str | None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet from its cell A1 on. Rows and columns count from 0 here; an address counts as Excel does.

    A merged block's value stands in all its cells, and `anchors` leads from each of them to the first. `errors` are cells
    whose formula failed: what they show, empty where nothing was calculated. They read as empty.
    """

    name: str
    rows: list[Row]
    anchors: dict[Place, Place] = field(default_factory=dict)
    errors: dict[Place, str] = field(default_factory=dict)

    def text(self, row: int, column: int) -> str | None:
        """Return what a cell shows, None for an empty one and for one beyond the sheet's end."""
        if row >= len(self.rows):
            return None
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def anchor(self, row: int, column: int) -> Place:
        """Return the first cell of the block that a cell belongs to, or the cell itself."""
        return self.anchors.get((row, column), (row, column))

    def address(self, row: int, column: int) -> Address:
        """Return where a cell is, in the terms of the person who looks at it in Excel: merged blocks by their first cell."""
        row, column = self.anchor(row, column)
        return Address(sheet=self.name, row=row + 1, column=column_letters(column))

    def printed(self, row: int, column: int) -> PrintedText | None:
        """Return a cell's words with their address, None for an empty cell."""
        text = self.text(row, column)
        return None if text is None else PrintedText(text=text, address=self.address(row, column))

    def failures(self) -> Iterator[FormulaFailed]:
        """Yield a refusal for each formula that failed, from the top."""
        for (row, column), shown in sorted(self.errors.items()):
            words = {"address": self.address(row, column), "shown": shown}
            if shown:
                yield FormulaFailed(
                    _("%(address)s的公式出错，显示为“%(shown)s”，应为文字或数字；请改正公式或直接填写。") % words
                )
            else:
                yield FormulaFailed(
                    _("%(address)s是没有计算结果的公式，应为文字或数字；请用 Excel 打开、保存后再上传。") % words
                )


@dataclass(frozen=True, slots=True)
class Workbook:
    """The visible sheets of a file that hold anything, in their order."""

    name: str
    sheets: list[Sheet]


def open_workbook(content: bytes | Path, name: str) -> Workbook:
    """Return the sheets of an .xlsx or .xls file; `name` is the file's, for the sentences.

    Numbers read as Excel shows fifteen digits of them, percentages with their sign, days as 2016-12-31. Raises a
    `SheetRefused` for what is too large (before anything is unpacked), empty, no Excel, locked, damaged, or has macros.
    """
    content = _content(content, name)
    if not content:
        raise WorkbookEmpty(_("“%(name)s”是空文件，里面没有表格。") % {"name": name})
    content, marks = _checked(content, name)
    sheets = [sheet for sheet in _sheets(content, name, marks) if sheet.rows]
    if not sheets:
        raise WorkbookEmpty(_("“%(name)s”的工作表都没有内容，应至少有一张填好的表。") % {"name": name})
    return Workbook(name, sheets)


@dataclass(frozen=True, slots=True)
class LongSheet:
    """One sheet whose rows are read one after the other, for tables too long to be held as texts.

    `rows` can be gone through once and begins with row 1; merged blocks are not spread. `height` is the number of rows.
    """

    name: str
    height: int
    rows: Iterator[Row]
    errors: dict[Place, str]


def open_long_sheets(content: bytes | Path, name: str) -> Iterator[LongSheet]:
    """Yield the visible sheets of a file that hold anything, opened as safely as by `open_workbook`, in a third of its memory.

    The rows of a sheet must be read before the next one is asked for. Raises what `open_workbook` raises.
    """
    content = _content(content, name)
    if not content:
        raise WorkbookEmpty(_("“%(name)s”是空文件，里面没有表格。") % {"name": name})
    content, marks = _checked(content, name)
    with _reading(name), CalamineWorkbook.from_filelike(BytesIO(content)) as book:
        for number, seen in enumerate(book.sheets_metadata):
            sheet = book.get_sheet_by_index(number) if seen.visible == SheetVisibleEnum.Visible else None
            if sheet is not None and sheet.height:
                yield _long_sheet(sheet, seen.name, _marks_at(marks, number, seen.name))


def _long_sheet(sheet: CalamineSheet, name: str, marks: Marks) -> LongSheet:
    first = [None] * (sheet.start[1] if sheet.start else 0)
    percents: dict[int, list[int]] = {}
    for row, column in marks.percents:
        percents.setdefault(row, []).append(column)

    def rows() -> Iterator[Row]:
        for number, values in enumerate(sheet.iter_rows()):
            texts = [*first, *[_shown(value) for value in values]]
            for column in percents.get(number, ()):
                if column < len(texts):
                    texts[column] = _percentage(texts[column])
            yield texts

    return LongSheet(name, sheet.start[0] + sheet.height if sheet.start else 0, rows(), marks.errors)


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Turn whatever the reader of another language fails with into a sentence."""
    try:
        yield
    except CalamineError as broken:
        raise _damaged(name) from broken
    except BaseException as broken:
        if type(broken).__name__ != "PanicException":
            raise
        raise _damaged(name) from broken


def column_letters(column: int) -> str:
    """Return what Excel calls a column that counts from 0: A, Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = LETTERS[rest] + letters
    return letters


def cleaned(text: str) -> str:
    """Return a text with one kind of line break, without signs that nobody sees and without white space around it."""
    if ODD.search(text):
        text = re.sub(r"\r\n?", "\n", re.sub("_x000[dD]_", "\r", text)).replace("\u00a0", " ")
        text = ODD.sub("", text)
    return text.strip()


# --- is it safe? --------------------------------------------------------------------------------------------------------


def _content(content: bytes | Path, name: str) -> bytes:
    size = len(content) if isinstance(content, bytes) else content.stat().st_size
    if size > settings.FILE_SIZE_LIMIT:
        words = {"name": name, "size": -(-size // MEGABYTE), "limit": settings.FILE_SIZE_LIMIT // MEGABYTE}
        raise WorkbookTooLarge(_("“%(name)s”有 %(size)s MB，超过 %(limit)s MB 的上限，请拆分后再上传。") % words)
    return content if isinstance(content, bytes) else content.read_bytes()


AllMarks = list[Marks] | dict[str, Marks]


def _checked(content: bytes, name: str) -> tuple[bytes, AllMarks]:
    """Return what may be read on, and what is marked in its sheets, by name or in their order; else refuse the file."""
    try:
        content, marks = _marked(content, name)
    except SheetRefused:
        raise
    except BROKEN as broken:
        raise _damaged(name) from broken
    for sheet in marks if isinstance(marks, list) else marks.values():
        if sheet.rows * sheet.columns > MOST_CELLS:
            raise _too_wide(name)
    return content, marks


def _marked(content: bytes, name: str) -> tuple[bytes, AllMarks]:
    if content.startswith(compounds.MAGIC):
        return _old_marks(content, name)
    if content.startswith(ZIP):
        return content, _new_marks(content, name)
    raise _not_excel(name)


def _new_marks(content: bytes, name: str) -> AllMarks:
    with ZipFile(BytesIO(content)) as archive:
        if archives.has_macros(archive) or name.lower().endswith(WITH_MACROS):
            raise _with_macros(name)
        if archives.WORKBOOK not in archive.namelist():
            raise _not_excel(name)
        if any(part.flag_bits & 1 for part in archive.infolist()):
            raise _locked(name)
        limit = UNPACKED_TIMES * settings.FILE_SIZE_LIMIT
        if archives.unpacked_size(archive, limit) > limit:
            words = {"name": name, "limit": limit // MEGABYTE}
            raise WorkbookTooLarge(_("“%(name)s”解压后超过 %(limit)s MB，请删去多余内容后再上传。") % words)
    with ZipFile(BytesIO(content)) as archive:
        return archives.marks_of(archive, MOST_CELLS)


def _old_marks(content: bytes, name: str) -> tuple[bytes, AllMarks]:
    """Return the workbook in a file of its own, whatever else was beside it, and its marks."""
    compound = compounds.Compound(content)
    if "EncryptedPackage" in compound.names:
        raise _locked(name)
    if MACRO_STORAGE in compound.names or name.lower().endswith(WITH_MACROS):
        raise _with_macros(name)
    stream = next((known for known in compounds.WORKBOOKS if known in compound.names), None)
    if stream is None:
        raise _not_excel(name)
    records = compounds.records_of(compound.stream(stream))
    if records.is_encrypted:
        raise _locked(name)
    return compounds.packed(records.content), list(records.sheets)


def _not_excel(name: str) -> SheetRefused:
    return NotExcel(
        _("“%(name)s”不是 Excel 工作簿，应为 .xlsx 或 .xls 文件；请用 Excel 打开后另存为 .xlsx 再上传。")
        % {"name": name}
    )


def _locked(name: str) -> SheetRefused:
    return PasswordProtected(_("“%(name)s”设有打开密码，无法读取，请取消密码后再上传。") % {"name": name})


def _with_macros(name: str) -> SheetRefused:
    return MacrosInside(_("“%(name)s”含有宏，不予读取，请另存为不含宏的 .xlsx 文件后再上传。") % {"name": name})


def _damaged(name: str) -> SheetRefused:
    return WorkbookDamaged(_("“%(name)s”已损坏，读不完整，请用 Excel 打开、另存后再上传。") % {"name": name})


def _too_wide(name: str) -> SheetRefused:
    words = {"name": name, "limit": MOST_CELLS // 10_000}
    return WorkbookTooLarge(
        _("“%(name)s”的一张工作表超过 %(limit)s 万个单元格，请删去表格以外的行和列后再上传。") % words
    )


# --- what is in it? -----------------------------------------------------------------------------------------------------


def _sheets(content: bytes, name: str, marks: Sequence[Marks] | dict[str, Marks]) -> Iterator[Sheet]:
    """Yield the visible sheets. The reader below is of another language and may fail in a way of its own."""
    with _reading(name), CalamineWorkbook.from_filelike(BytesIO(content)) as book:
        for number, seen in enumerate(book.sheets_metadata):
            if seen.visible == SheetVisibleEnum.Visible:
                yield _sheet(book, number, seen.name, _marks_at(marks, number, seen.name))


def _marks_at(marks: Sequence[Marks] | dict[str, Marks], number: int, name: str) -> Marks:
    if isinstance(marks, dict):
        return marks.get(name) or Marks()
    return marks[number] if number < len(marks) else Marks()


def _sheet(book: CalamineWorkbook, number: int, name: str, marks: Marks) -> Sheet:
    found = book.get_sheet_by_index(number)
    rows = [[_shown(value) for value in row] for row in found.to_python(skip_empty_area=False)]
    for row, column in marks.percents:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = _percentage(rows[row][column])
    anchors = _spread(rows, found.merged_cell_ranges or [])
    while rows and not any(rows[-1]):
        rows.pop()
    return Sheet(name, rows, anchors, marks.errors)


def _spread(rows: list[Row], blocks: Sequence[tuple[Place, Place]]) -> dict[Place, Place]:
    """Write the value of each merged block into all its cells, and return the way back from each to the first."""
    anchors: dict[Place, Place] = {}
    for (top, left), (bottom, right) in blocks:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value, anchor = rows[top][left], (top, left)
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                rows[row][column] = value
                anchors[row, column] = anchor
    return anchors


def _shown(value: object) -> str | None:
    if isinstance(value, str):
        return (cleaned(value) or None) if value else None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    return _moment(value)


def _number(value: float) -> str:
    """Return a number as Excel shows it: fifteen digits, of which the last ones that say nothing are left out."""
    return format(Decimal(f"{value:.15g}"), "f")


def _percentage(text: str | None) -> str | None:
    return None if text is None else f"{(Decimal(text) * 100).normalize():f}%"


def _moment(value: object) -> str:
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, datetime | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return value.isoformat() if isinstance(value, date) else _duration(value)


def _duration(value: object) -> str:
    return f"{value.total_seconds() / 86400:.15g}" if isinstance(value, timedelta) else str(value)
