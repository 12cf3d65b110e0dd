"""Where contents lie, and what they are."""

from pathlib import Path
from typing import BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from django.conf import settings

from apps.files.enums import FileType
from apps.files.models import StoredFile

BEGINNINGS: Final = {b"%PDF-": FileType.PDF, b"\x89PNG\r\n\x1a\n": FileType.PNG, b"\xff\xd8\xff": FileType.JPEG}
ZIP: Final = b"PK\x03\x04"
PARTS: Final = {"xl/workbook.xml": FileType.XLSX, "word/document.xml": FileType.DOCX}
MACROS: Final = "vbaProject.bin"
COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How Office files of before 2007 begin, and today's where a password locks them."""
LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
OLD_SHEETS: Final = tuple(name.encode("utf-16-le") for name in ("Workbook\0", "Book\0"))
OLD_MACROS: Final = "_VBA_PROJECT".encode("utf-16-le")


def folder() -> Path:
    """Return the folder of the store, outside anything a web server serves."""
    return Path(settings.MEDIA_ROOT)


def path_of(sha256: str) -> Path:
    """Return where a content lies: `ab/cd/abcd…`, so that no folder grows large."""
    return folder() / sha256[:2] / sha256[2:4] / sha256


def open_content(stored: StoredFile) -> BinaryIO:
    """Open a content for reading; raises `FileNotFoundError` when the store has lost it."""
    return path_of(stored.sha256).open("rb")


def suffix_of(stored: StoredFile) -> str:
    """Return the ending that a file of this type has in its name, with the dot."""
    return str(FileType(stored.content_type).label)


def type_of(path: Path) -> FileType | None:
    """Return what a file really is by its content, None for everything that is not taken in.

    An office file is known by the main part in its archive, of which only the list is read. One with macros is not taken.
    """
    with path.open("rb") as content:
        beginning = content.read(8)
    for bytes_, known in BEGINNINGS.items():
        if beginning.startswith(bytes_):
            return known
    if beginning.startswith(COMPOUND):
        return _old_type(path.read_bytes())
    return _office_type(path) if beginning.startswith(ZIP) else None


def is_locked(path: Path) -> bool:
    """Tell whether a content is an office file that opens with a password only."""
    with path.open("rb") as content:
        return content.read(8) == COMPOUND and LOCKED in content.read()


def _old_type(content: bytes) -> FileType | None:
    """Return .xls for a compound file that has a workbook in its directory, is not locked and brings no macros."""
    if LOCKED in content or OLD_MACROS in content:
        return None
    return FileType.XLS if any(name in content for name in OLD_SHEETS) else None


def _office_type(path: Path) -> FileType | None:
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
    except (BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError):
        return None
    if "[Content_Types].xml" not in names or any(name.endswith(MACROS) for name in names):
        return None
    return next((known for part, known in PARTS.items() if part in names), None)
