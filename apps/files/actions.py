"""Taking files in: each content once, under its hash, whole or not at all."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePath
from typing import BinaryIO, Final

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.files.enums import FileType
from apps.files.models import StoredFile
from apps.files.queries import folder, is_locked, path_of, type_of
from apps.ui import formats

MEGABYTE: Final = 1024 * 1024
WORKBOOKS: Final = (".xlsx", ".xls")
ALSO_KNOWN_AS: Final = {".jpeg": FileType.JPEG}
TYPE_OF_NAME: Final = {str(known.label): known for known in FileType} | ALSO_KNOWN_AS


class FileRefused(ValueError):
    """A file that is not taken in; the message is the sentence for people."""


class FileEmpty(FileRefused):
    """There is nothing in it."""


class FileTooLarge(FileRefused):
    """It is larger than the installation allows."""


class TypeNotTaken(FileRefused):
    """It is not one of the types that are taken in, whatever its name says."""


class FileLocked(FileRefused):
    """It opens with a password only, so nobody could look into it later."""


class NameMisleads(FileRefused):
    """Its name promises another type than its content has."""


class NoWorkbook(FileRefused):
    """It is no Excel file, by its name or by its content."""


def store_file(*, content: File, name: str, person: User, at: datetime) -> StoredFile:
    """Keep a content under its hash and return its row; a content that is there already is not kept twice.

    The file is on the disk before the row is in the database, so no row ever points to nothing. Writes no event of the
    journal: what the file proves, and for whom, is said and written down by whoever points to it. Raises a `FileRefused`
    and keeps nothing then. Two queries at most.
    """
    with _received(content, name) as (path, sha256):
        size, kind = path.stat().st_size, _checked_type(path, name)
        _keep(path, path_of(sha256))
    with transaction.atomic():
        row, _is_new = StoredFile.objects.get_or_create(
            sha256=sha256, defaults={"size": size, "content_type": kind, "stored_by": person, "stored_at": at}
        )
    return row


def store_workbook(*, content: File, name: str, person: User, at: datetime) -> StoredFile:
    """Keep a file that may be a workbook; raises `NoWorkbook` and whatever else `store_file` raises. Two queries at most."""
    why = NoWorkbook(_("“%(name)s”不是 Excel 文件，请上传 .xlsx 或 .xls（不含宏）。") % {"name": name})
    if PurePath(name).suffix.lower() not in WORKBOOKS:
        raise why
    try:
        return store_file(content=content, name=name, person=person, at=at)
    except TypeNotTaken:
        raise why from None


@contextmanager
def _received(content: File, name: str) -> Iterator[tuple[Path, str]]:
    """Write a content beside the store, piece by piece, and yield its path and hash; afterwards the path is gone."""
    waiting = folder() / "incoming"
    waiting.mkdir(parents=True, exist_ok=True)
    descriptor, path = tempfile.mkstemp(dir=waiting)
    try:
        with os.fdopen(descriptor, "wb") as kept:
            digest = _copied(content, kept, name)
            kept.flush()
            os.fsync(kept.fileno())
        yield Path(path), digest
    finally:
        Path(path).unlink(missing_ok=True)


def _copied(content: File, kept: BinaryIO, name: str) -> str:
    """Copy a content and return its hash; stops at the limit, whatever size was announced."""
    digest, size = hashlib.sha256(), 0
    for piece in content.chunks():
        size += len(piece)
        if size > settings.FILE_SIZE_LIMIT:
            words = {"name": name, "limit": settings.FILE_SIZE_LIMIT // MEGABYTE}
            raise FileTooLarge(_("“%(name)s”超过 %(limit)s MB，请压缩或拆分后再上传。") % words)
        digest.update(piece)
        kept.write(piece)
    if not size:
        raise FileEmpty(_("“%(name)s”是空文件。") % {"name": name})
    return digest.hexdigest()


def _checked_type(path: Path, name: str) -> FileType:
    """Return the type of a content, if it is one that is taken and the one that its name promises."""
    kind = type_of(path)
    if kind is None and is_locked(path):
        raise FileLocked(_("“%(name)s”设有打开密码，请去掉密码后再上传。") % {"name": name})
    if kind is None:
        taken = {"name": name, "types": formats.names([str(known.label) for known in FileType])}
        raise TypeNotTaken(_("“%(name)s”的内容不是可以上传的类型，可以上传：%(types)s（不含宏）。") % taken)
    ending = PurePath(name).suffix.lower()
    if TYPE_OF_NAME.get(ending) is not kind:
        words = {"name": name, "kind": kind.label}
        raise NameMisleads(_("“%(name)s”的内容是 %(kind)s 文件，与文件名不符。") % words)
    return kind


def _keep(path: Path, place: Path) -> None:
    """Put a received file in its place in one step; another content of the same hash is the same content."""
    place.parent.mkdir(parents=True, exist_ok=True)
    path.chmod(0o640)
    path.replace(place)
    for changed in (place.parent, place.parent.parent):
        descriptor = os.open(changed, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
