"""Totals that somebody wrote below the rows: never read as figures, only compared with what the rows add up to."""

from collections import Counter

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.calculation.plausibility import told_of_parts
from apps.progress.forms.cells import unit_typed
from apps.progress.forms.totals import read_or_none
from apps.progress.forms.workbooks.tables import TOTALS, SheetRow, UploadReading, folded
from apps.progress.models import Entry
from apps.progress.queries.grids import counted_in

FIGURES = ("numerator", "denominator", "value")


def compare_totals(reading: UploadReading, rows: list[SheetRow], entries: dict[int, Entry]) -> None:
    """Say where a total that somebody wrote below is not the sum of its rows. Totals are never read as figures."""
    for row in rows:
        if not row.is_total:
            continue
        parts = _parts(row, rows, entries)
        if not parts:
            continue
        measure = entries[parts[0].entry_id].measure
        unit, counted = unit_typed(measure), counted_in(measure)
        for name in FIGURES:
            typed = read_or_none(row.texts.get(name, ""), unit)
            numbers = [read_or_none(part.texts.get(name, ""), unit) for part in parts]
            told = told_of_parts(typed, numbers, counted.get(name)) if typed is not None and any(numbers) else None
            if told:
                words = {"row": row.number + 1, "told": told.in_language(get_language() or "zh-hans")}
                reading.findings.append(_("第 %(row)s 行：%(told)s") % words)


def _parts(total: SheetRow, rows: list[SheetRow], entries: dict[int, Entry]) -> list[SheetRow]:
    """Return the rows that a total speaks of: those of the measure and round that it names, else the only ones there are."""
    found = [row for row in rows if row.entry_id in entries and not row.is_total and not row.item]
    for name in ("measure", "round"):
        word = folded(total.texts.get(name, ""))
        if word and word not in TOTALS:
            found = [row for row in found if folded(row.texts.get(name, "")) == word]
    kinds = Counter((entries[row.entry_id].measure_id, entries[row.entry_id].round_id) for row in found)
    return found if len(kinds) == 1 else []
