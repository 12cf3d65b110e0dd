"""What kinds of files are taken in."""

from django.db import models


class FileType(models.TextChoices):
    """A type by its content, with the ending that its names have."""

    PDF = "application/pdf", ".pdf"
    PNG = "image/png", ".png"
    JPEG = "image/jpeg", ".jpg"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"
    XLS = "application/vnd.ms-excel", ".xls"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"
