"""Workbooks that leave progress: the reporter's due cells, and a person's own file with what is wrong in it."""

from apps.progress.layouts.annotated import Remark, annotated_workbook
from apps.progress.layouts.heads import HEADS, INPUTS, names_of_heads, plain_head, read_key, words_of
from apps.progress.layouts.reporter_workbook import MOST_ROWS, reporter_workbook, rows_needed

__all__ = [
    "HEADS",
    "INPUTS",
    "MOST_ROWS",
    "Remark",
    "annotated_workbook",
    "names_of_heads",
    "plain_head",
    "read_key",
    "reporter_workbook",
    "rows_needed",
    "words_of",
]
