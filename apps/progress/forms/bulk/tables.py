"""The rows of a long table, wherever in a file it stands."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from apps.files.forms import LongSheet, SheetRefused, open_long_sheets
from apps.progress.layouts import plain_head
from apps.progress.layouts.bulk import EXAMPLE
from apps.progress.queries.bulk import BULK_HEADS, Place

HEAD_WITHIN: Final = 30
"""So many rows from the top may stand above the heads."""
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
HEADS: Final = {word: key for key, word in BULK_HEADS.items()} | ALSO_CALLED
NUMBERS: Final = ("numerator", "denominator", "value")

Read = tuple[Place, dict[str, str], dict[str, int], dict[str, str]]


class NoTable(SheetRefused):
    """No sheet has the heads of a long table of figures."""


def rows_again(path: Path, name: str, wanted: Collection[Place]) -> Iterator[tuple[Place, dict[str, str]]]:
    """Yield some rows of a file once more as texts by field, in their order."""
    for place, texts, _columns, _failed in rows_of(path, name, []):
        if place in wanted:
            yield place, texts


def rows_of(path: Path, name: str, sheets: list[str]) -> Iterator[Read]:
    """Yield every row of every table: its place, texts by field, columns by field, and what a failed formula shows.

    Empty rows and the example of our own empty form are left out.
    """
    for sheet in open_long_sheets(path, name):
        rows = enumerate(sheet.rows, 1)
        columns = _heads(rows)
        if columns:
            sheets.append(sheet.name)
            yield from _rows_below(sheet, len(sheets), rows, columns)
    if not sheets:
        raise NoTable(
            _("“%(name)s”里找不到表头：要有“数据项编码”或“数据项”、“成员”、“期间”，以及“分子”“分母”或“数值”。")
            % {"name": name}
        )


def _rows_below(
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
            key = HEADS.get(plain_head(text or ""))
            if key:
                found.setdefault(key, column)
        if {"member", "period"} <= set(found) and {"code", "measure"} & set(found) and set(NUMBERS) & set(found):
            return found
        if number >= HEAD_WITHIN:
            break
    return {}
