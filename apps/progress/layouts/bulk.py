"""The empty form of a long table of figures, and the list of its rows that cannot go in."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _

from apps.plans.enums import Kind
from apps.plans.models import Measure, Member
from apps.progress.queries.bulk import BULK_HEADS

EXAMPLE: Final = "示例"
"""With this begins the row of the form that nobody reads."""
ROW, WHY = "原行号", "问题"
WIDTHS: Final = (16, 28, 14, 14, 14, 14, 14, 36, 28)
PLAIN: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def bulk_template(measures: Iterable[tuple[Measure, list[Member]]]) -> bytes:
    """Return the empty form: heads with an example, how to fill it, and what may be named in it."""
    target, listed = BytesIO(), list(measures)
    book = xlsxwriter.Workbook(target, {**PLAIN, "in_memory": True})
    look = _looks(book)
    sheet = book.add_worksheet("数据")
    _head(sheet, list(BULK_HEADS.values()), WIDTHS, look["head"])
    for column, text in enumerate(_example(listed)):
        sheet.write_string(1, column, text, look["example"])
    _explain(book.add_worksheet("填写说明"), look)
    _name(book.add_worksheet("数据项和成员"), listed, look)
    book.close()
    return target.getvalue()


def write_error_list(path: Path, rows: Iterable[tuple[int, Mapping[str, str], str]]) -> None:
    """Write the rows that cannot go in, each with its number in the file and all that is wrong with it; memory stays flat.

    It has the heads of the form, so that it may be mended and uploaded as it is.
    """
    book = xlsxwriter.Workbook(str(path), {**PLAIN, "constant_memory": True})
    look = _looks(book)
    sheet = book.add_worksheet("错误清单")
    _head(sheet, [*BULK_HEADS.values(), ROW, WHY], (*WIDTHS, 10, 70), look["head"])
    for number, (row, texts, why) in enumerate(rows, 1):
        for column, key in enumerate(BULK_HEADS):
            sheet.write_string(number, column, texts.get(key, ""))
        sheet.write_number(number, len(BULK_HEADS), row)
        sheet.write_string(number, len(BULK_HEADS) + 1, why, look["bad"])
    book.close()


def _looks(book: Any) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True, "bg_color": "#E8F0FA", "border": 1}),
        "example": book.add_format({"italic": True, "font_color": "#808080"}),
        "bad": book.add_format({"font_color": "#9C1C1C", "bg_color": "#FDECEA", "text_wrap": True}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "bold": book.add_format({"bold": True, "valign": "top"}),
    }


def _head(sheet: Any, words: list[str], widths: tuple[int, ...], look: Any) -> None:
    for column, (word, width) in enumerate(zip(words, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, word, look)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _example(listed: list[tuple[Measure, list[Member]]]) -> list[str]:
    named = next((row for row in listed if row[0].kind == Kind.RATIO and row[1]), None)
    measure, member = (named[0].name, named[1][0].name) if named else ("纳管率", "荔湾区")
    return [EXAMPLE, measure, member, "2016-08", "92000", "100000", "", "示例行，上传时不读，可以删除", ""]


def _explain(sheet: Any, look: Mapping[str, Any]) -> None:
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 90)
    for row, (word, text) in enumerate(_rules()):
        sheet.write_string(row, 0, word, look["bold"])
        sheet.write_string(row, 1, text, look["text"])


def _rules() -> list[tuple[str, str]]:
    return [
        ("数据项", _("写编码或名称，都写时必须是同一个。名称见“数据项和成员”一页。")),
        ("成员", _("写名称或编码。只有一个成员的数据项可以不写。")),
        (
            "期间",
            _("2016-08、2016年8月、2016Q1、2016年第一季度、2016上半年、2016，或起止两日 2016-08-01至2016-08-31。"),
        ),
        ("分子、分母", _("比率填这两列，比率由系统计算。")),
        ("数值", _("个数填这一列；金额以万元填写。没有发生填 0，没有数据的行请删去。")),
        ("说明", _("系统对数据有疑问时（比上期变动过大等），在这里写一句说明才能收下。")),
        ("更正原因", _("已经审核过的数据要改，在这里写明原因。")),
        ("", _("列的先后、表头上面的标题行都不要紧；一个文件最多 10 万行，可以分在几张工作表里。")),
    ]


def _name(sheet: Any, listed: list[tuple[Measure, list[Member]]], look: Mapping[str, Any]) -> None:
    _head(sheet, ["数据项编码", "数据项", "填报频率", "类别", "成员"], (16, 34, 12, 12, 90), look["head"])
    for row, (measure, members) in enumerate(listed, 1):
        words = (measure.code, measure.name, measure.get_frequency_display(), measure.get_kind_display())
        for column, word in enumerate(words):
            sheet.write_string(row, column, word, look["text"])
        sheet.write_string(row, 4, "、".join(member.name for member in members)[:32_000], look["text"])
