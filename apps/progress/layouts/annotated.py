"""A person's own workbook once more, with the rejected cells in red and the reasons beside them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

import xlsxwriter
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException

from apps.files.forms.archives import unpacked_size
from apps.progress.layouts.heads import HEADS, names_of_heads, plain_head

AUTHOR: Final = "perftrack"
ZIP: Final = b"PK\x03\x04"
RED: Final = "FFC7CE"
OPEN: Final = "FFFBE6"
MOST_CELLS: Final = 200_000
MOST_UNPACKED: Final = 6 * 1024 * 1024
MOST_IN_CELL: Final = 32_000
PROBLEM_WIDTH: Final = 48
NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACED: Final = "\ufffd"

UNWRITABLE: Final = (
    InvalidFileException,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OSError,
)
"""What the library raises on files that Excel and WPS open and it does not; XML that is none is a `SyntaxError`."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a cell, by its place from 0 as the sheet was read; `column` None speaks of the row as a whole."""

    row: int
    column: int | None
    text: str


def annotated_workbook(
    content: bytes,
    *,
    sheet: str,
    head: int,
    remarks: Sequence[Remark],
    read: Mapping[str, Sequence[Sequence[str | None]]],
) -> bytes:
    """Return a file with red cells, a comment on each and a column of reasons, everything else as the person had it.

    `content` must have been accepted by `files.forms.open_workbook`; `read` is what that read of each sheet and `head` the
    row of heads. An .xls, a very large file and one that cannot be written to come back as an .xlsx of their values.
    """
    book = _opened(content, read, sheet)
    page = book[sheet]
    column = _problem_column(page, head)
    _forget(page, head, column)
    for row, texts in _by_row(remarks).items():
        _write(page, row + 1, column, "\n".join(texts))
    for remark in remarks:
        if remark.column is not None:
            _mark(page.cell(remark.row + 1, remark.column + 1), remark.text)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _opened(content: bytes, read: Mapping[str, Sequence[Sequence[str | None]]], sheet: str) -> Workbook:
    """Return the person's own workbook, or a new one with what was read of it."""
    is_small = sum(len(row) for rows in read.values() for row in rows) <= MOST_CELLS
    if content.startswith(ZIP) and is_small and _is_light(content):
        try:
            book = load_workbook(BytesIO(content), keep_links=False)
            if sheet in book.sheetnames:
                return book
        except UNWRITABLE:
            pass
    kept = read if is_small else {sheet: read[sheet]}
    return load_workbook(BytesIO(_plain(kept)))


def _is_light(content: bytes) -> bool:
    """Tell whether a file unpacks to little: empty cells that are only coloured are read too, and take memory each."""
    with ZipFile(BytesIO(content)) as archive:
        return unpacked_size(archive, MOST_UNPACKED) <= MOST_UNPACKED


def _plain(read: Mapping[str, Sequence[Sequence[str | None]]]) -> bytes:
    """Return a workbook with the texts of sheets, columns as wide as usual; a column of row keys stays hidden."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book, heads = xlsxwriter.Workbook(target, options), names_of_heads()
    for name, rows in read.items():
        page = book.add_worksheet(name)
        page.set_column(0, 30, 14)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if text:
                    page.write_string(number, column, text[:MOST_IN_CELL])
                if text and heads.get(plain_head(text)) == "key":
                    page.set_column(column, column, 8, None, {"hidden": True})
    book.close()
    return target.getvalue()


def _problem_column(page: Any, head: int) -> int:
    """Return the column for the reasons, counted from 1: the one of an earlier copy, else the first free one."""
    heads = names_of_heads()
    for cell in page[head + 1]:
        if heads.get(plain_head(str(cell.value))) == "problem":
            return int(cell.column)
    return int(page.max_column) + 1


def _forget(page: Any, head: int, column: int) -> None:
    """Write the head of the column of reasons and take away what an earlier copy left."""
    _write(page, head + 1, column, str(HEADS["problem"]))
    page.cell(head + 1, column).font = Font(bold=True)
    page.column_dimensions[page.cell(head + 1, column).column_letter].width = PROBLEM_WIDTH
    for row in page.iter_rows(min_row=head + 2):
        for cell in row:
            if cell.comment and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill("solid", start_color=OPEN, end_color=OPEN)
            if cell.column == column and cell.value is not None:
                cell.value = None


def _by_row(remarks: Iterable[Remark]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for remark in remarks:
        found.setdefault(remark.row, []).append(remark.text)
    return found


def _write(page: Any, row: int, column: int, text: str) -> None:
    """Write a text as a text, whatever it begins with and whatever control characters a cell that it quotes holds."""
    cell = page.cell(row, column)
    cell.value = _writable(text)[:MOST_IN_CELL]
    cell.data_type = "s"
    cell.font = Font(color="9C0006")
    cell.alignment = Alignment(wrap_text=True, vertical="center")


def _writable(text: str) -> str:
    """Return a text with a sign in place of each character that no sheet can hold."""
    return NOT_IN_XML.sub(REPLACED, text)


def _mark(cell: Any, text: str) -> None:
    if not hasattr(cell, "comment") or type(cell).__name__ == "MergedCell":
        return
    comment = Comment(_writable(text)[:MOST_IN_CELL], AUTHOR)
    comment.width, comment.height = 320, 110
    cell.comment = comment
    cell.fill = PatternFill("solid", start_color=RED, end_color=RED)
