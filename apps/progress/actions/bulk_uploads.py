"""A long table comes in, is read, confirmed or put away. Nothing of it is in a cell before somebody confirms."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Final

from django.core.files.base import File
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from apps.accounts.models import Unit, User
from apps.files.actions import store_file, store_workbook
from apps.files.models import StoredFile
from apps.jobs.actions import fail_job, finish_job, ring_worker, start_job, tell_job
from apps.jobs.enums import JobKind
from apps.plans.actions.projects import ProjectRefused, require_officer
from apps.progress.actions.bulk import BulkFigure, Tally, assize_of, write_bulk
from apps.progress.actions.bulk_previews import Preview
from apps.progress.actions.refusals import Refused
from apps.progress.enums import Fate, UploadKind, UploadState
from apps.progress.models import FigureUpload
from apps.progress.queries.bulk import Surroundings, summary_of

READING: Final = "apps.progress.tasks.read_bulk_upload"
CONFIRMING: Final = "apps.progress.tasks.confirm_bulk_upload"
NAME_LENGTH: Final = 200
OFFICE_LENGTH: Final = 100


class BulkRefused(Refused):
    """A long table that is not taken in, or not confirmed."""


def start_bulk(
    *,
    bureau: Unit,
    content: File,
    name: str,
    document: File,
    document_name: str,
    on_behalf_of: str,
    person: User,
    at: datetime,
    is_strict: bool = False,
) -> FigureUpload:
    """Keep a long table and the document it repeats, and have it read by a worker.

    `on_behalf_of` is who reported the figures; where `is_strict`, one bad row keeps all others out. Writes no event: nothing is
    in a cell yet. Raises `NoWorkbook` and other `files.FileRefused`, `BulkRefused`, and `NotOfficer` of plans.
    """
    require_officer(person, bureau)
    office = on_behalf_of.strip()[:OFFICE_LENGTH]
    if not office:
        raise BulkRefused(_("请写明这些数据由谁提供，例如“市公安局”。"))
    file = store_workbook(content=content, name=name, person=person, at=at)
    letter = store_file(content=document, name=document_name, person=person, at=at)
    with transaction.atomic():
        upload = FigureUpload.objects.create(
            kind=UploadKind.BULK,
            bureau=bureau,
            file=file,
            name=name[-NAME_LENGTH:],
            document=letter,
            document_name=document_name[-NAME_LENGTH:],
            on_behalf_of=office,
            rows=[{"is_strict": is_strict}],
            job=start_job(kind=JobKind.READ_FIGURES, at=at, person=person),
            uploaded_by=person,
            uploaded_at=at,
        )
        transaction.on_commit(partial(ring_worker, task=READING, row_id=upload.pk), robust=True)
    return upload


# --- reading ------------------------------------------------------------------------------------------------------------


def begin_bulk_reading(*, upload_id: int) -> FigureUpload | None:
    """Claim a file for reading, None where it is read or put away. A reading that lost its worker begins anew."""
    rows = FigureUpload.objects.filter(pk=upload_id, kind=UploadKind.BULK)
    if not rows.filter(state__in=(UploadState.WAITING, UploadState.READING)).update(state=UploadState.READING):
        return None
    joined = FigureUpload.objects.select_related("bureau", "file", "document", "job", "uploaded_by")
    return joined.get(pk=upload_id)


@transaction.atomic
def keep_bulk_reading(
    *,
    upload: FigureUpload,
    preview: Preview,
    findings: Sequence[str],
    problems: int,
    annotated: StoredFile | None,
    read_at: datetime,
    at: datetime,
) -> bool:
    """Keep what a file would do; False where somebody else was faster. `read_at` is when the reading began.

    `findings` are the first of all the `problems`, in sentences.
    """
    kept = {"is_strict": summary_of(upload).get("is_strict", False), "problems": problems}
    claimed = FigureUpload.objects.filter(pk=upload.pk, state=UploadState.READING)
    counts = {"new": Fate.NEW, "changed": Fate.CHANGED, "same": Fate.SAME, "rejected": Fate.REFUSED}
    if not claimed.update(
        state=UploadState.READ,
        findings=list(findings),
        annotated=annotated,
        rows=[{**kept, "read_at": read_at.isoformat(), **preview.summary()}],
        **{name: preview.fates[fate] for name, fate in counts.items()},
    ):
        return False
    words = {"good": preview.fates[Fate.NEW] + preview.fates[Fate.CHANGED], "bad": preview.fates[Fate.REFUSED]}
    outcome = _("读出 %(good)d 行可以写入，%(bad)d 行不能接收。") % words
    tell_job(job=upload.job, news=finish_job, outcome=outcome, at=at)
    return True


@transaction.atomic
def refuse_bulk(*, upload: FigureUpload, findings: Sequence[str], at: datetime) -> None:
    """Say why a file cannot be read, or not any more; nothing else of it is kept."""
    under_way = (UploadState.READING, UploadState.CONFIRMING)
    claimed = FigureUpload.objects.filter(pk=upload.pk, state__in=under_way)
    if claimed.update(state=UploadState.REFUSED, findings=list(findings)):
        tell_job(job=upload.job, news=fail_job, outcome=findings[0], at=at)


@transaction.atomic
def read_bulk_again(*, upload: FigureUpload, person: User, at: datetime) -> bool:
    """Have a file read anew, because something changed since; return whether it waited for somebody's word."""
    require_officer(person, upload.bureau)
    kept = {"is_strict": summary_of(upload).get("is_strict", False)}
    waiting = FigureUpload.objects.filter(pk=upload.pk, state=UploadState.READ)
    if not waiting.update(state=UploadState.WAITING, rows=[kept], findings=[], annotated=None):
        return False
    _begin(upload, JobKind.READ_FIGURES, READING, person, at)
    return True


@transaction.atomic
def drop_bulk(*, upload: FigureUpload, person: User, at: datetime) -> bool:
    """Put a file away, and its reading with it; return whether it was still open. What is being written is not."""
    require_officer(person, upload.bureau)
    states = (UploadState.WAITING, UploadState.READING, UploadState.READ)
    if not FigureUpload.objects.filter(pk=upload.pk, state__in=states).update(state=UploadState.DROPPED):
        return False
    tell_job(job=upload.job, news=fail_job, outcome=_("已放弃，没有写入任何数据。"), at=at)
    return True


# --- confirming ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def request_bulk(*, upload: FigureUpload, person: User, at: datetime) -> None:
    """Have all good figures of a file written by a worker. Raises `BulkRefused`, and `NotOfficer` of plans.

    Only who uploaded it confirms it: the figures are submitted in that name.
    """
    require_officer(person, upload.bureau)
    upload = (
        FigureUpload.objects.select_for_update(of=("self",), no_key=True).select_related("bureau").get(pk=upload.pk)
    )
    _refuse_request(upload, person)
    FigureUpload.objects.filter(pk=upload.pk).update(state=UploadState.CONFIRMING, confirmed_at=at)
    _begin(upload, JobKind.CONFIRM_FIGURES, CONFIRMING, person, at)


def _refuse_request(upload: FigureUpload, person: User) -> None:
    summary = summary_of(upload)
    if upload.state != UploadState.READ or summary.get("refusal"):
        raise BulkRefused(_("这份文件已经写入、放弃或需要重新读取，不能再确认。"))
    if upload.uploaded_by_id != person.pk:
        named = {"person": upload.uploaded_by}
        raise BulkRefused(_("这份文件由%(person)s上传，要由本人确认：数据以上传人的名义提交。") % named)
    if summary.get("is_strict") and upload.rejected:
        words = {"count": upload.rejected}
        raise BulkRefused(_("有 %(count)d 行不能接收；上传时选择了“有错误就全部不收”。请改好后重新上传。") % words)
    if not upload.new + upload.changed:
        raise BulkRefused(_("没有要写入的数据。"))


def confirming_bulk(*, upload_id: int) -> FigureUpload | None:
    """Return a file that waits to be written, None where it is written already."""
    rows = FigureUpload.objects.filter(pk=upload_id, kind=UploadKind.BULK, state=UploadState.CONFIRMING)
    return rows.select_related("bureau", "file", "document", "job", "uploaded_by").first()


def confirm_bulk(
    *,
    upload: FigureUpload,
    figures: Sequence[BulkFigure],
    known: Surroundings,
    unread: int,
    today: date,
    at: datetime,
    step: Callable[[int], None],
) -> int:
    """Write all good figures of a file in one transaction, or none and why; return how many.

    `unread` is the number of rows that could not be read. Where something changed since the preview, the file waits again, to
    be read anew. A second worker with the same file writes nothing.
    """
    try:
        return _confirm(upload, figures, known, unread, today, at, step)
    except (Refused, ProjectRefused) as why:
        _leave(upload, str(why.args[0]), at)
        return 0


@transaction.atomic
def _confirm(
    upload: FigureUpload,
    figures: Sequence[BulkFigure],
    known: Surroundings,
    unread: int,
    today: date,
    at: datetime,
    step: Callable[[int], None],
) -> int:
    row = FigureUpload.objects.select_for_update(of=("self",), no_key=True).get(pk=upload.pk)
    if row.state != UploadState.CONFIRMING:
        return 0
    require_officer(upload.uploaded_by, upload.bureau)
    summary = summary_of(row)
    read_at = parse_datetime(summary.get("read_at", ""))
    assize = assize_of(upload=upload, known=known, today=today, read_at=read_at)
    count = write_bulk(figures, assize, at=at, tally=Tally(unread), digest=summary.get("digest", ""), step=step)
    FigureUpload.objects.filter(pk=upload.pk).update(state=UploadState.CONFIRMED, confirmed_at=at)
    outcome = _("写入 %(count)d 个数据，等待审核。") % {"count": count}
    tell_job(job=upload.job, news=finish_job, outcome=outcome, at=at)
    return count


@transaction.atomic
def _leave(upload: FigureUpload, why: str, at: datetime) -> None:
    """Let a file wait again, with the sentence of why nothing was written."""
    row = FigureUpload.objects.select_for_update(of=("self",), no_key=True).get(pk=upload.pk)
    if row.state != UploadState.CONFIRMING:
        return
    row.rows = [{**summary_of(row), "refusal": why}]
    row.state, row.confirmed_at = UploadState.READ, None
    row.save(update_fields=["rows", "state", "confirmed_at"])
    tell_job(job=upload.job, news=fail_job, outcome=why, at=at)


def give_up_bulk(*, upload: FigureUpload, at: datetime) -> None:
    """Stop trying with a file whose workers are lost again and again, be it while they read or while they write."""
    if upload.state == UploadState.READING:
        why = _("读取多次中断，没有读成。请检查文件后重新上传；仍不行的，请系统管理员查看日志。")
        refuse_bulk(upload=upload, findings=[why], at=at)
    else:
        _leave(upload, _("写入多次中断，没有写入任何数据。请重新读取后再确认。"), at)


def _begin(upload: FigureUpload, kind: JobKind, task: str, person: User, at: datetime) -> None:
    job = start_job(kind=kind, at=at, person=person)
    FigureUpload.objects.filter(pk=upload.pk).update(job=job)
    transaction.on_commit(partial(ring_worker, task=task, row_id=upload.pk), robust=True)
