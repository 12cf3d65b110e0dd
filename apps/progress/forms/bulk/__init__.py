"""From an officer's long table to figures, or to a sentence for each cell that is in the way."""

from apps.progress.forms.bulk.readings import BulkReading, read_bulk
from apps.progress.forms.bulk.tables import rows_again

__all__ = ["BulkReading", "read_bulk", "rows_again"]
