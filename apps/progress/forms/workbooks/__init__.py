"""From a reporter's uploaded workbook to rows of clean values, and to a sentence with its address for each wrong cell."""

from apps.progress.forms.workbooks.readings import SMALL, read_upload
from apps.progress.forms.workbooks.tables import UploadReading

__all__ = ["SMALL", "UploadReading", "read_upload"]
