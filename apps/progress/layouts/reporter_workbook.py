"""The workbook in which a reporter fills their due cells off-line: one row a cell, one more for each thing to look at."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _

from apps.plans.enums import Kind
from apps.plans.models import Measure
from apps.progress.enums import EntryState
from apps.progress.layouts.checks import asks_of, rule_of
from apps.progress.layouts.heads import CHOICES, HEADS, INPUTS, NUMBERS, row_key
from apps.progress.queries.uploads import AskedCell, columns_of, said
from apps.ui import formats

A4: Final = 9
LINE: Final = 15
HEAD_ROW: Final = 2
MOST_ROWS: Final = 2000
MOST_IN_CELL: Final = 32_000

WIDTHS: Final = {
    "key": 8,
    "measure": 22,
    "member": 10,
    "round": 14,
    "due": 11,
    "previous": 24,
    "aims": 16,
    "asks": 26,
    "numerator": 13,
    "denominator": 13,
    "value": 13,
    "outcome": 10,
    "decided_on": 12,
    "decided_by": 16,
    "document": 18,
    "mark": 10,
    "band": 10,
    "percent": 11,
    "note": 24,
    "reason": 20,
    "state": 26,
}
LABELS: Final = ("measure", "member", "round", "due", "previous", "aims", "asks", "state")
ALWAYS: Final = {"key", "note", *LABELS}


@dataclass(slots=True)
class Row:
    """A row of the sheet: what is printed, which columns take something, and what stands in them already."""

    texts: dict[str, str]
    inputs: tuple[str, ...]
    filled: Mapping[str, str]
    measure: Measure
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)


def rows_needed(asked: Sequence[AskedCell]) -> int:
    """Return how many rows a workbook of the cells has. No query where the items are loaded."""
    return sum(1 + len(_items(row)) for row in asked)


def reporter_workbook(asked: Sequence[AskedCell], *, title: str, at: datetime) -> bytes:
    """Return the workbook: labels locked, inputs open, everything typed checked by Excel where Excel can.

    There is no password; the protection is against slips. Texts are never formulas. Readable by `forms.read_upload`.
    """
    rows = [line for row in asked for line in _rows(row)]
    columns = _columns(rows)
    target = BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": title, "created": at.replace(tzinfo=None)})
    sheet = _Sheet(book, columns)
    sheet.head(title)
    for number, row in enumerate(rows, HEAD_ROW + 1):
        sheet.row(number, row)
    sheet.finish(HEAD_ROW + len(rows))
    _explain(book, columns)
    book.close()
    return target.getvalue()


def _columns(rows: Sequence[Row]) -> list[str]:
    """Return the columns that any row has a use for, in their order."""
    used = {name for row in rows for name in row.inputs} | ALWAYS
    return [name for name in WIDTHS if name in used]


# --- what the rows say --------------------------------------------------------------------------------------------------


def _items(row: AskedCell) -> list[Any]:
    entry = row.cell.entry
    return [] if entry.measure.is_figured or entry.measure.kind == Kind.MILESTONE else list(entry.measure.items.all())


def _rows(row: AskedCell) -> Iterator[Row]:
    cell, entry, measure = row.cell, row.cell.entry, row.cell.entry.measure
    filled = cell.draft or cell.texts
    inputs = (*INPUTS[Kind(measure.kind)], "note", *(("reason",) if cell.is_locked else ()))
    place = {
        "measure": str(measure),
        "member": str(entry.member),
        "round": str(entry.round),
        "due": f"{entry.round.due_on:%Y-%m-%d}",
    }
    texts = place | {
        "key": row_key(entry.pk, cell.seen),
        "previous": said(entry, columns_of(cell.previous)) if cell.previous else formats.UNKNOWN,
        "aims": "\n".join(row.aims) or formats.UNKNOWN,
        "asks": asks_of(measure),
        "state": _state(row),
    }
    yield Row(texts, inputs, filled, measure, {name: rule_of(measure, name) for name in inputs if name != "note"})
    found = {mark.item_id: mark.mark for mark in cell.marks}
    for item in _items(row):
        asks = _("检查项 %(number)s：%(text)s") % {"number": item.number, "text": item.text}
        mark = cell.draft.get(f"item-{item.number}", found.get(item.pk, ""))
        key = row_key(entry.pk, cell.seen, item.number)
        rules = {"mark": rule_of(measure, "mark")}
        yield Row(place | {"key": key, "asks": asks}, ("mark",), {"mark": mark}, measure, rules)


def _state(row: AskedCell) -> str:
    cell = row.cell
    if cell.returned:
        words = {"person": cell.returned.reviewer, "reason": cell.returned.reason}
        return _("已退回，%(person)s：“%(reason)s”") % words
    if cell.is_locked:
        is_waiting = cell.entry.state == EntryState.SUBMITTED
        return _("更正待审核；再改须写更正原因") if is_waiting else _("已审核；更正须写更正原因")
    if cell.taken_back:
        return _("审核已撤回，待重新审核")
    text = str(EntryState(cell.entry.state).label)
    return _("%(state)s；内有未提交的草稿") % {"state": text} if cell.draft else text


# --- how it looks -------------------------------------------------------------------------------------------------------


class _Sheet:
    """The sheet 填报 while it is written."""

    def __init__(self, book: Any, columns: Sequence[str]) -> None:
        self._sheet = book.add_worksheet(_("填报"))
        self._columns = columns
        self._place = {name: number for number, name in enumerate(columns)}
        self._checks: dict[tuple[int, str], list[int]] = {}
        self._rules: dict[str, dict[str, Any]] = {}
        base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "border": 1, "border_color": "#B6C0CB"}
        wrapped = base | {"text_wrap": True}
        self._looks = {
            "title": book.add_format({"font_name": "黑体", "font_size": 14}),
            "hint": book.add_format({"font_name": "宋体", "font_size": 10, "font_color": "#5B6675"}),
            "head": book.add_format(wrapped | {"font_name": "黑体", "align": "center", "bg_color": "#DCE6F1"}),
            "label": book.add_format(wrapped),
            "closed": book.add_format(base | {"bg_color": "#E3E6EA"}),
            "number": book.add_format(base | {"locked": False, "bg_color": "#FFFBE6", "align": "right"}),
            "day": book.add_format(base | {"locked": False, "bg_color": "#FFFBE6", "num_format": "yyyy-mm-dd"}),
            "text": book.add_format(wrapped | {"locked": False, "bg_color": "#FFFBE6"}),
        }

    def head(self, title: str) -> None:
        """Write the lines above the table and its heads."""
        sheet = self._sheet
        sheet.write_string(0, 1, title, self._looks["title"])
        hint = _("只填浅黄色的格子；留空的行不会提交。填好后在“填报”页面上传这个文件，系统先给您看改动，确认后才写入。")
        sheet.write_string(1, 1, hint, self._looks["hint"])
        for number, name in enumerate(self._columns):
            sheet.set_column(number, number, WIDTHS[name], None, {"hidden": name == "key"})
            sheet.write_string(HEAD_ROW, number, str(HEADS[name]), self._looks["head"])
        sheet.set_row(0, 24)
        sheet.set_row(HEAD_ROW, 22)

    def row(self, number: int, row: Row) -> None:
        """Write one row: its labels, what stands in its fields already, and nothing into fields of other kinds."""
        for name in self._columns:
            if name in row.inputs:
                self._fill(number, name, row.filled.get(name, ""))
                if name in row.rules:
                    self._check(number, name, row.rules[name])
            elif name in row.texts or name in LABELS:
                self._sheet.write_string(number, self._place[name], row.texts.get(name, ""), self._looks["label"])
            else:
                self._sheet.write_blank(number, self._place[name], None, self._looks["closed"])
        lines = max(_lines(text, WIDTHS[name]) for name, text in row.texts.items() if name != "key")
        self._sheet.set_row(number, LINE * lines + 5)

    def finish(self, last: int) -> None:
        """Add what concerns the sheet as a whole."""
        sheet = self._sheet
        for (column, key), rows in self._checks.items():
            for first, end in _runs(rows):
                sheet.data_validation(first, column, end, column, self._rules[key])
        sheet.autofilter(HEAD_ROW, 1, max(last, HEAD_ROW), len(self._columns) - 1)
        sheet.freeze_panes(HEAD_ROW + 1, self._place["member"] + 1)
        allowed = ("autofilter", "sort", "format_columns", "format_rows", "delete_rows")
        sheet.protect("", dict.fromkeys(allowed, True))
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_ROW)
        sheet.set_footer(_("&C第 &P 页，共 &N 页"))

    def _fill(self, row: int, name: str, text: str) -> None:
        """Write what stands in a field: a number or a day as such, a choice as its word, anything else as it was typed."""
        column = self._place[name]
        if name in NUMBERS and (number := _plain_number(text)) is not None:
            self._sheet.write_number(row, column, number, self._looks["number"])
        elif name == "decided_on" and (day := _plain_day(text)) is not None:
            self._sheet.write_datetime(row, column, day, self._looks["day"])
        else:
            look = self._looks["number" if name in NUMBERS else "day" if name == "decided_on" else "text"]
            words = {str(choice.value): str(choice.label) for choice in CHOICES[name]} if name in CHOICES else {}
            self._write(row, column, words.get(text, text)[:MOST_IN_CELL], look)

    def _write(self, row: int, column: int, text: str, look: Any) -> None:
        """Write a text as a text, whatever it begins with; nothing leaves the cell empty."""
        if text:
            self._sheet.write_string(row, column, text, look)
        else:
            self._sheet.write_blank(row, column, None, look)

    def _check(self, row: int, name: str, rule: dict[str, Any]) -> None:
        key = repr(rule)
        self._rules[key] = rule
        self._checks.setdefault((self._place[name], key), []).append(row)


def _explain(book: Any, columns: Sequence[str]) -> None:
    sheet = book.add_worksheet(_("填写说明"))
    sheet.set_column(0, 0, 100)
    sheet.set_paper(A4)
    sheet.set_margins(left=0.6, right=0.6)
    sheet.write_string(0, 0, _("填写说明"), book.add_format({"font_name": "黑体", "font_size": 14}))
    look = book.add_format({"font_name": "宋体", "font_size": 11, "text_wrap": True, "valign": "top"})
    for number, text in enumerate(_explanations(columns), 1):
        sheet.write_string(number, 0, f"{number}. {text}", look)
        sheet.set_row(number, 17 * _lines(text, 84) + 4)


def _explanations(columns: Sequence[str]) -> list[str]:
    texts = [
        _("一行是一格要报的数。只填浅黄色的格子；灰色的格子是别的数据项用的，白色的是说明，不用改。"),
        _("没有发生请填 0；还不知道就留空，留空的行不提交，可以过几天再填。"),
        _("数字可以写成 92000、92,000、9.2万，全角数字也行。金额一律以万元填写。"),
        _(
            "可以筛选、隐藏、删除行，也可以从别的表粘贴（建议“只粘贴数值”）。要排序请先在“审阅”里撤销工作表保护，没有密码。"
        ),
        _("每行最前面有一列隐藏的行号，系统靠它认出是哪一格，请不要改动。删掉了也能按数据项、成员和填报期认出来。"),
        _("系统觉得可疑的数（比上期变化很大、像是多写了“万”）会在上传后提问；数没有错，就在“说明”里写一句原因。"),
        _("“状态”里写着退回原因的行，请改好，或在“说明”里写明数据无误的理由。"),
        _("填好保存，在系统的“填报”页面选“上传填报表”。系统先给您看每一格由什么改成什么，您确认之后才写入。"),
        _("有错的行不会写入，可以下载批注副本：就是您自己的文件，错处标红并写明原因，改好再传一次即可。"),
    ]
    if "band" in columns:
        texts.append(_("定性评定：先选档次，再填百分比，“说明”必填。下面的检查项各占一行，填“检查结果”。"))
    return texts


def _plain_number(text: str) -> Decimal | None:
    return Decimal(text) if text and text.replace(".", "", 1).removeprefix("-").isdecimal() and text.isascii() else None


def _plain_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each unbroken run of rising numbers."""
    starts = [rows[0], *(after for before, after in pairwise(rows) if after != before + 1)]
    ends = [*(before for before, after in pairwise(rows) if after != before + 1), rows[-1]]
    yield from zip(starts, ends, strict=True)


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column; a Chinese character is as wide as two letters."""
    return sum(max(1, -(-_width(line) // (width - 1))) for line in text.split("\n"))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)
