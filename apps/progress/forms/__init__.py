"""From what people type, paste and send to clean values, or to sentences."""

from apps.progress.forms.cells import CellReading, read_cell
from apps.progress.forms.totals import read_total

__all__ = ["CellReading", "read_cell", "read_total"]
