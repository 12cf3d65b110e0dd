"""A cell of a workbook: where it stands and what one sees in it."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a value stands: the sheet's name, the row as Excel numbers it, and the column's letters."""

    sheet: str
    row: int
    column: str

    def __str__(self) -> str:
        return _("工作表“%(sheet)s”第 %(row)s 行 %(column)s 列") % {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedText:
    """Words of a cell, without white space around them. There is none for an empty cell."""

    text: str
    address: Address = field(compare=False)

    def __str__(self) -> str:
        return self.text
