"""A reporter's own workbook: kept as it was read, and put into the cells once its person confirms."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import PurePath
from typing import Any, Final

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Unit, User
from apps.files.actions import store_file, store_workbook
from apps.journal.enums import Channel
from apps.progress.actions.entries import submit
from apps.progress.actions.locks import Cell, CorrectionWithoutReason, covered_years, hand_of, refuse_submission
from apps.progress.actions.refusals import Refused
from apps.progress.enums import RevisionOrigin, UploadKind, UploadState
from apps.progress.models import Entry, FigureUpload, Revision
from apps.progress.queries.questions import is_answered, questions_of
from apps.progress.queries.uploads import Line, lines_of

NAME_LENGTH: Final = 200


class UploadDone(Refused):
    """A workbook that was confirmed or dropped already."""


class UploadMoved(Refused):
    """A workbook of which something else would go in than the page showed."""


class NothingToSubmit(Refused):
    """A workbook of which nothing would go in."""


def keep_upload(
    *,
    content: File,
    name: str,
    person: User,
    rows: Sequence[Mapping[str, Any]],
    lines: Sequence[Line],
    findings: Sequence[str],
    annotated: bytes | None,
    at: datetime,
) -> FigureUpload:
    """Keep a workbook with what was read from it; nothing of it is in a cell yet, so no event is written.

    `rows` are as `forms.read_upload` returns them, `lines` what `lines_read` says of them, `annotated` the person's file with
    the reasons, None where nothing was rejected. Raises a `FileRefused`; eight queries at most.
    """
    stored = store_workbook(content=content, name=name, person=person, at=at)
    marked = None
    if annotated is not None:
        copy = f"{PurePath(name).stem}.xlsx"
        marked = store_file(content=ContentFile(annotated, name=copy), name=copy, person=person, at=at)
    return FigureUpload.objects.create(
        kind=UploadKind.OWN,
        bureau=_bureau_of(rows, person),
        file=stored,
        name=name[-NAME_LENGTH:],
        state=UploadState.READ,
        rows=list(rows),
        findings=list(findings),
        new=sum(line.is_ready and line.latest is None for line in lines),
        changed=sum(line.is_conflict or (line.is_ready and line.latest is not None) for line in lines),
        same=sum(line.is_same for line in lines),
        rejected=sum(line.is_rejected or line.is_forbidden for line in lines),
        annotated=marked,
        uploaded_by=person,
        uploaded_at=at,
    )


def _bureau_of(rows: Sequence[Mapping[str, Any]], person: User) -> Unit:
    """Return the bureau of the first cell that was told, else the one that the person reports in."""
    known = next((row["entry"] for row in rows if row["entry"]), None)
    if known is not None:
        return Entry.objects.select_related("round__bureau").get(pk=known).round.bureau
    path = person.paths(Role.REPORTER)[0]
    above = [path[:length] for length in range(Unit.steplen, len(path) + 1, Unit.steplen)]
    return Unit.objects.filter(path__in=above, kind=UnitKind.BUREAU).latest("path")


def lines_now(*, upload: FigureUpload, person: User, today: date) -> list[Line]:
    """Return the rows of an upload with the rule that forbids each as things stand, and what is asked about its figure.

    Tries the very locks that `submit` tries and writes nothing. Nine queries at most, however many rows.
    """
    return _tried(lines_of(upload.rows, person), upload, person, today)


def lines_read(*, rows: Sequence[Mapping[str, Any]], person: User, today: date) -> list[Line]:
    """Return the same of rows that were just read and are not kept yet."""
    return _tried(lines_of(rows, person), None, person, today)


def _tried(lines: list[Line], upload: FigureUpload | None, person: User, today: date) -> list[Line]:
    tried = [line for line in lines if line.is_readable and not line.is_same]
    entries = [line.entry for line in tried if line.entry]
    covered, hand = covered_years(entries), hand_of(person, entries, today)
    for line in tried:
        if line.entry is None:
            continue
        try:
            refuse_submission(line.entry, cell_of(line, upload), hand, covered, today)
        except Refused as refusal:
            line.refusal = refusal.sentence
            line.refused_field = "reason" if isinstance(refusal, CorrectionWithoutReason) else ""
    told = {line.entry: line for line in tried if line.entry}
    asked = questions_of(
        {entry: line.values for entry, line in told.items()}, {entry.pk: line.note for entry, line in told.items()}
    )
    language = get_language()
    for line in tried:
        found = asked.get(line.entry.pk, []) if line.entry else []
        line.questions = [row.sentence.in_language(language or "zh-hans") for row in found]
        line.lacks_word = bool(found) and not is_answered(found, line.note, line.latest)
    return lines


def cell_of(line: Line, upload: FigureUpload | None, *, note: str = "", seen: int | None = None) -> Cell:
    """Return a row as a cell to submit; `note` is an answer in place of the sheet's, `seen` is a later figure that was looked at."""
    return Cell(
        entry_id=line.entry.pk if line.entry else 0,
        values=line.values,
        seen=line.seen if seen is None else seen,
        note=note.strip() or line.note,
        reason=line.reason,
        source=upload.file if upload else None,
        source_name=upload.name if upload else "",
        marks=line.marks,
    )


def fingerprint(lines: Sequence[Line]) -> str:
    """Return a short text that is another one as soon as other rows, or other figures, would go in."""
    ready = [(line.key, line.latest.number if line.latest else 0) for line in lines if line.is_ready]
    return hashlib.sha256(repr(ready).encode()).hexdigest()[:16]


@transaction.atomic
def confirm_upload(
    *,
    upload: FigureUpload,
    person: User,
    expected: str,
    notes: Mapping[int, str],
    over: Mapping[int, int],
    today: date,
    at: datetime,
) -> list[Revision]:
    """Submit every row of a workbook that nothing forbids, all or none, and let it be confirmed only this once.

    `expected` is the `fingerprint` of what the person saw. `notes` answer questions, by the row's key. `over` are rows whose cell
    somebody else filled meanwhile and that go in nevertheless: the number of the revision that the person saw on the page, by
    the row's key. Raises `UploadDone`, `UploadMoved`, `NothingToSubmit` and the refusals of `submit`.
    """
    mine = FigureUpload.objects.filter(pk=upload.pk, uploaded_by=person, kind=UploadKind.OWN, state=UploadState.READ)
    if not mine.update(state=UploadState.CONFIRMED, confirmed_at=at):
        raise UploadDone(_("“%(name)s”已经写入过或已放弃，不能再次确认。") % {"name": upload})
    lines = lines_now(upload=upload, person=person, today=today)
    if fingerprint(lines) != expected:
        raise UploadMoved(_("您打开页面之后，有的格子变了。什么都没有写入，请再看一遍下面的改动后确认。"))
    going = [line for line in lines if line.is_ready or (line.is_conflict and line.key in over)]
    if not going:
        raise NothingToSubmit(_("没有可以写入的行。"))
    cells = [cell_of(line, upload, note=notes.get(line.key, ""), seen=over.get(line.key)) for line in going]
    made = submit(
        cells=cells, person=person, today=today, at=at, channel=Channel.WORKBOOK, origin=RevisionOrigin.WORKBOOK
    )
    fresh = sum(line.latest is None for line in going)
    same = sum(line.is_same for line in lines)
    mine = FigureUpload.objects.filter(pk=upload.pk)
    mine.update(new=fresh, changed=len(going) - fresh, same=same, rejected=len(lines) - len(going) - same)
    return made


def drop_upload(*, upload: FigureUpload, person: User) -> bool:
    """Put a workbook away; return whether it was still open."""
    rows = FigureUpload.objects.filter(pk=upload.pk, uploaded_by=person, kind=UploadKind.OWN, state=UploadState.READ)
    return bool(rows.update(state=UploadState.DROPPED))
