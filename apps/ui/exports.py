"""Lists as files: the whole of a filtered list, some hundred rows at a time, as CSV or Excel.

Texts stay texts: what a spreadsheet would take for a formula is neutralised in CSV and written as a string in Excel.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any, Final

import xlsxwriter
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.encoding import force_str
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django_tables2.columns import BoundColumn
from django_tables2.rows import BoundRow

from apps.ui.formats import in_brackets
from apps.ui.tables import Table

EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
BYTE_ORDER_MARK: Final = "\ufeff"  # without it Excel takes the Chinese of a CSV for something else
CHUNK: Final = 500
MEASURED: Final = 300
NARROWEST: Final = 8
WIDEST: Final = 60
LAST_NARROW: Final = "\u1100"  # letters after it are as wide as Chinese ones
LONGEST_SHEET: Final = 31
NOT_IN_SHEETS: Final = re.compile(r"[\[\]:*?/\\']+")
LONGEST_CELL: Final = 32_767
# Full-width signs count too: some spreadsheets read them as their ASCII twins.
FORMULA_STARTS: Final = tuple("=+-@\t\r\n＝＋－＠")
NOT_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')

Value = str | int | Decimal | date | None


def wanted_file(request: HttpRequest) -> str:
    """Return which file a list is asked for by `?export=`: csv, xlsx, or nothing for the page."""
    wanted = request.GET.get("export", "")
    return wanted if wanted in ("csv", "xlsx") else ""


def list_name(request: Any, name: str, as_of: date | None = None) -> str:
    """Return a list's name as a file: with its year, the day, and whether made-up figures are in it.

    `as_of` is the day whose knowledge is in it, None for today.
    """
    year = request.GET.get("year", str((as_of or request.clock.today).year))
    made_up = _("演示") if request.clock.demonstration_day else ""
    day = _("按%(day)s所知") % {"day": f"{as_of:%Y-%m-%d}"} if as_of else f"{request.clock.today:%Y-%m-%d}"
    return "_".join(part for part in (name, year, day, made_up) if part)


def file_response(table: Table, name: str, kind: str) -> HttpResponseBase:
    """Return a table as the file that was asked for; `name` without its suffix."""
    return workbook_response(table, name) if kind == "xlsx" else csv_response(table, name)


def csv_response(table: Table, name: str) -> HttpResponseBase:
    """Return every row of a table as CSV that Excel opens with a double click, sent while it is read."""
    return StreamingHttpResponse(_lines(table), content_type=CSV, headers=_headers(name, "csv"))


def workbook_response(table: Table, name: str) -> HttpResponseBase:
    """Return every row of a table as an Excel file; a row at a time is in memory, the file itself on the disk."""
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    sheet = book.add_worksheet(NOT_IN_SHEETS.sub(" ", name.partition("_")[0])[:LONGEST_SHEET])
    sheet.freeze_panes(1, 0)
    _fill(sheet, book, table)
    book.close()
    file.seek(0)
    return FileResponse(file, content_type=EXCEL, headers=_headers(name, "xlsx"))


def _fill(sheet: Any, book: Any, table: Table) -> None:
    """Write the rows, each number as its column shows numbers, and make the columns as wide as what the first rows need."""
    head, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
    numbers = [book.add_format({"num_format": kind}) for kind in number_formats(table)]
    widths = [0] * len(numbers)
    for row, values in enumerate(rows_of(table)):
        if row <= MEASURED:
            widths = [max(width, _width(value)) for width, value in zip(widths, values, strict=True)]
        for column, value in enumerate(values):
            _write(sheet, row, column, value, head if row == 0 else day if isinstance(value, date) else numbers[column])
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(WIDEST, max(NARROWEST, width + 2)))


def number_formats(table: Table) -> list[str]:
    """Return how Excel is to show the numbers of each column that a file has; as they are unless a column says how."""
    return [getattr(column.column, "number_format", "General") for column in _columns(table)]


def _columns(table: Table) -> list[BoundColumn]:
    return [column for column in table.columns.iterall() if not column.column.exclude_from_export]


def _width(value: Value) -> int:
    """Return how many letters wide a cell is on its longest line; a Chinese one is as wide as two."""
    if isinstance(value, Decimal):
        return len(f"{value:,.2f}") + len(" %")
    lines = str("" if value is None else value).splitlines()
    return max((sum(1 + (letter > LAST_NARROW) for letter in line) for line in lines), default=0)


def sheet_response(content: bytes, name: str) -> HttpResponse:
    """Return an Excel file that was laid out elsewhere, as a download; `name` without its suffix."""
    return HttpResponse(content, content_type=EXCEL, headers=_headers(name, "xlsx"))


def rows_of(table: Table) -> Iterator[list[Value]]:
    """Yield the heads and then the values of every row, in the table's order.

    Rows are read in chunks, each with what the table loads for its rows, so memory does not grow with the list.
    """
    language = get_language()
    columns = _columns(table)
    yield [_head(column) for column in columns]
    names = [column.name for column in columns]
    start = 0
    while chunk := list(table.data.data[start : start + CHUNK]):
        with override(language):
            table.load(chunk)
            rows = [_values(BoundRow(record, table), names) for record in chunk]
        yield from rows
        start += CHUNK


def _head(column: BoundColumn) -> str:
    """Return what a column is called in a file, with the unit that its figures have on pages and not in a file."""
    head, unit = force_str(column.header), getattr(column.column, "file_unit", "")
    return f"{head}{in_brackets(unit)}" if unit else head


def _values(row: BoundRow, names: list[str]) -> list[Value]:
    return [_plain(row.get_cell_value(name)) for name in names]


def _plain(value: Any) -> Value:
    return value if value is None or isinstance(value, int | Decimal | date) else force_str(value)


def _lines(table: Table) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK
    for values in rows_of(table):
        yield writer.writerow([neutral(value) if isinstance(value, str) else value for value in values])


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that begins like one is led by an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _write(sheet: Any, row: int, column: int, value: Value, look: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value[:LONGEST_CELL], look if row == 0 else None)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)


def _headers(name: str, suffix: str) -> dict[str, str]:
    filename = NOT_IN_NAMES.sub("_", f"{name}.{suffix}")
    return {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=filename) or "",
        "Cache-Control": "no-store",
    }


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text
