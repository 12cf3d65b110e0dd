"""Workbooks that somebody sent: opened safely, with a sentence for what cannot be read."""

from apps.files.forms.cells import Address, PrintedText
from apps.files.forms.refusals import Findings, SheetRefused
from apps.files.forms.workbooks import LongSheet, Sheet, Workbook, column_letters, open_long_sheets, open_workbook

__all__ = [
    "Address",
    "Findings",
    "LongSheet",
    "PrintedText",
    "Sheet",
    "SheetRefused",
    "Workbook",
    "column_letters",
    "open_long_sheets",
    "open_workbook",
]
