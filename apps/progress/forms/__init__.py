"""From what people type, paste and send to clean values, or to sentences."""

from apps.progress.forms.cells import CellReading, read_cell

__all__ = ["CellReading", "read_cell"]
