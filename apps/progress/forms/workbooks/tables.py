"""A workbook as somebody filled it: the sheet with the heads of a reporter's workbook, and the rows below them."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from apps.files.forms import Sheet, SheetRefused, Workbook
from apps.progress.forms.texts import squeezed
from apps.progress.layouts import MOST_ROWS, Remark, names_of_heads, plain_head

HEADS_WITHIN = 60
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
TOTALS = {"合计", "总计", "小计", "全市", "total", "sum"}
GOAL_TABLE = ("一级指标", "二级指标", "绩效指标", "绩效目标")


class NotThisWorkbook(SheetRefused):
    """A workbook, but none that asks a reporter for figures."""


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
        return any(folded(self.texts.get(name, "")) in TOTALS for name in ("measure", "member"))


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


def rows_of(book: Workbook, name: str) -> tuple[UploadReading, list[SheetRow]]:
    """Return the first table with our heads, still unread, and its rows. Raises `NotThisWorkbook` and `TooManyRows`."""
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


def folded(text: str) -> str:
    """Return a text as the names of a row are compared, whatever its case."""
    return squeezed(text).lower()
