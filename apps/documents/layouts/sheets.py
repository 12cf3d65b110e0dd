"""A printable sheet: cells that are texts or numbers, merged blocks, rows as high as their text needs."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from unicodedata import east_asian_width

import xlsxwriter

from apps.calculation.rounding import half_up
from apps.calculation.spending import in_wan
from apps.calendars.queries import SHANGHAI

A4: Final = 9
LINE: Final = 15.5
HIGHEST_ROW: Final = 409
LONGEST_CELL: Final = 32_767
CUT: Final = "…（文字过长，未全部列出）"
SONG: Final = "宋体"
HEI: Final = "黑体"

Value = str | Decimal


def known_remark(known_at: datetime | None) -> list[str]:
    """Return the remark of a form that shows what was known on a day that is past; nothing for now."""
    if known_at is None:
        return []
    return [f"本表按 {known_at.astimezone(SHANGHAI):%Y-%m-%d} 当日所知填列，之后的更正、审定不计。"]


def wan(amount: Decimal | None) -> Decimal | None:
    """Return an amount of 元 in 万元, to the hundredth of a 元; None stays unknown."""
    return None if amount is None else half_up(in_wan(amount), 6)


class Sheet:
    """One sheet of a workbook, A4 landscape and one page wide. Rows and columns count from 0.

    A text is always a text, whatever it begins with; a `Decimal` is a number.
    """

    def __init__(self, name: str, widths: Sequence[int], *, title: str, at: datetime, anchor: str = "") -> None:
        """Begin a sheet; `anchor` is the end of the journal at that moment, which is printed at the foot of every page."""
        self._target = BytesIO()
        self._book = xlsxwriter.Workbook(
            self._target,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        self._book.set_properties({"title": title, "created": at.replace(tzinfo=None)})
        self._sheet = self._book.add_worksheet(name)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._heights: dict[int, float] = {}
        self._widths = widths
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        self._sheet.set_landscape()
        self._sheet.set_paper(A4)
        self._sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self._sheet.center_horizontally()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer(f"&L&8{anchor}&C第 &P 页，共 &N 页" if anchor else "&C第 &P 页，共 &N 页")

    @property
    def last_column(self) -> int:
        """Return the last column of the sheet."""
        return len(self._widths) - 1

    def heading(self, row: int, text: str, size: int = 16) -> None:
        """Write a line across the sheet, without a frame."""
        self._merge(
            row, 0, row, len(self._widths) - 1, text, self._format(font_name=HEI, font_size=size, align="center")
        )
        self._heights[row] = size * 1.8

    def remark(self, row: int, text: str) -> None:
        """Write a small line across the sheet, to the left and without a frame."""
        look = self._format(font_size=9, align="left")
        self._merge(row, 0, row, len(self._widths) - 1, text, look)
        self._grow(row, row, self._lines(text, 0, len(self._widths) - 1))

    def remarks(self, row: int, texts: Sequence[str]) -> int:
        """Write small lines one below the other and return the row after them."""
        for at, text in enumerate(texts, start=row):
            self.remark(at, text)
        return row + len(texts)

    def label(self, row: int, column: int, text: str, *, down: int = 0, across: int = 0) -> None:
        """Write a word of the form itself, in the middle of its cell or of a block that goes `down` and `across`."""
        self._block(row, column, down, across, text, {"font_name": HEI, "align": "center"})

    def text(self, row: int, column: int, value: str, *, down: int = 0, across: int = 0, align: str = "left") -> None:
        """Write a text, in its cell or in a block."""
        self._block(row, column, down, across, value, {"align": align})

    def example(self, row: int, column: int, value: str, *, down: int = 0, across: int = 0) -> None:
        """Write a text in grey, for a person to write over or to leave."""
        self._block(row, column, down, across, value, {"align": "left", "font_color": "#808080", "italic": True})

    def choices(self, first: int, last: int, column: int, words: Sequence[str]) -> None:
        """Offer words to choose from in a stretch of a column; others may be typed there and are asked about."""
        self._sheet.data_validation(
            first, column, last, column, {"validate": "list", "source": list(words), "error_type": "warning"}
        )

    def number(
        self,
        row: int,
        column: int,
        value: Decimal | None,
        picture: str = "#,##0.00",
        *,
        down: int = 0,
        across: int = 0,
    ) -> None:
        """Write a number as the picture shows it; what is unknown or has no place in the form is a dash."""
        if value is None:
            self._block(row, column, down, across, "—", {"align": "center"})
        else:
            self._block(row, column, down, across, value, {"align": "right", "num_format": picture})

    def classes(self, first: int, column: int, paths: Sequence[tuple[str, ...]]) -> None:
        """Write the classes of rows, each once beside all its rows, from the row `first` on.

        A path is a row's class and its classes within that, as words; each step stands one column further right.
        """
        for depth in range(len(paths[0]) if paths else 0):
            row = first
            for path, group in groupby(paths, key=itemgetter(slice(depth + 1))):
                count = len(list(group))
                self.label(row, column + depth, path[-1], down=count - 1)
                row += count

    def repeat(self, first: int, last: int) -> None:
        """Print the rows anew at the top of every page."""
        self._sheet.repeat_rows(first, last)

    def content(self) -> bytes:
        """Close the workbook and return it."""
        for row, height in self._heights.items():
            self._sheet.set_row(row, min(height, HIGHEST_ROW))
        self._book.close()
        return self._target.getvalue()

    def _block(self, row: int, column: int, down: int, across: int, value: Value, look: dict[str, Any]) -> None:
        style = self._format(border=1, **look)
        self._merge(row, column, row + down, column + across, value, style)
        if isinstance(value, str):
            self._grow(row, row + down, self._lines(value, column, column + across))

    def _merge(self, top: int, left: int, bottom: int, right: int, value: Value, style: Any) -> None:
        if (top, left) != (bottom, right):
            self._sheet.merge_range(top, left, bottom, right, "", style)
        if isinstance(value, str):
            self._sheet.write_string(top, left, _fitting(value), style)
        else:
            self._sheet.write_number(top, left, value, style)

    def _grow(self, top: int, bottom: int, lines: int) -> None:
        """Make rows high enough for so many lines; a block shares the need among its rows."""
        rows = bottom - top + 1
        for row in range(top, bottom + 1):
            self._heights[row] = max(self._heights.get(row, LINE * 1.2), LINE * lines / rows + 4)

    def _lines(self, text: str, left: int, right: int) -> int:
        """Return how many lines a text takes in a block; a Chinese character is as wide as two letters."""
        room = max(1, sum(self._widths[left : right + 1]) - 1)
        return sum(max(1, -(-_width(line) // room)) for line in text.split("\n"))

    def _format(self, **look: Any) -> Any:
        wanted = {"font_name": SONG, "font_size": 10, "valign": "vcenter", "text_wrap": True} | look
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(wanted)
        return self._formats[key]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in text)


def _fitting(text: str) -> str:
    """Return a text that Excel can hold in one cell; one that is too long ends with words that say so."""
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT
