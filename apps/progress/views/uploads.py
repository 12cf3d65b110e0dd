"""The reporter's workbook: download the due cells, upload them filled, look at what changes, confirm."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.enums import Role
from apps.files.actions import FileRefused
from apps.files.forms import SheetRefused
from apps.files.views import stored_file_response
from apps.progress import actions
from apps.progress.actions.uploads import confirm_upload, drop_upload, fingerprint, keep_upload, lines_now, lines_read
from apps.progress.enums import UploadState
from apps.progress.forms.workbooks import SMALL, UploadReading, read_upload
from apps.progress.layouts import MOST_ROWS, Remark, annotated_workbook, reporter_workbook, rows_needed
from apps.progress.models import FigureUpload
from apps.progress.queries.uploads import Line, asked_cells, asked_entries, own_uploads
from apps.progress.views.requests import row_numbers
from apps.ui.exports import sheet_response

UPLOADS_A_PAGE = 20
NOTE = re.compile(r"note-(\d{1,5})")
OVER = re.compile(r"(\d{1,5})\.(\d{1,5})")


@never_cache
@login_required
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """Serve the person's due cells as a workbook: all, or with `round` and `measure` those of one grid.

    With `correct` also what is submitted or reviewed already.
    """
    _require_reporter(request)
    wanted = {
        f"{name}_id": min(row_numbers([request.GET.get(name, "")]), default=None) for name in ("round", "measure")
    }
    with_all = "correct" in request.GET
    rows = asked_entries(request.user, request.clock.today, corrections=with_all, **wanted)
    entries = list(rows[: MOST_ROWS + 1])
    if not entries:
        messages.info(request, _("目前没有等您填报的数据，不用下载填报表。"))
        return redirect("progress:rounds")
    asked = asked_cells(entries, request.user, request.clock.today)
    if rows_needed(asked) > MOST_ROWS:
        words = {"most": MOST_ROWS}
        messages.error(request, _("要填的超过 %(most)s 行，一张表放不下。请打开数据项，逐个下载填报表。") % words)
        return redirect("progress:rounds")
    first = entries[0]
    of = [str(first.measure), str(first.round)] if all(wanted.values()) else []
    return _workbook(request, asked, [*of, *([_("含已提交和已审核")] if with_all else [])])


def _workbook(request: HttpRequest, asked, of: list[str]) -> HttpResponse:
    """Serve the cells; the file's name says of what they are, so that no two downloads of a day are taken for one."""
    made_up = [_("演示")] if request.clock.demonstration_day else []
    parts = [_("填报表"), *of, str(request.user), f"{request.clock.today:%Y-%m-%d}", *made_up]
    content = reporter_workbook(asked, title=" · ".join(parts), at=request.now)
    return sheet_response(content, "_".join(parts))


@login_required
@require_http_methods(["GET", "POST"])
def uploads(request: HttpRequest) -> HttpResponse:
    """List the person's uploaded workbooks and take one in: it is read at once, and nothing is written before it is confirmed."""
    _require_reporter(request)
    if request.method == "GET":
        return _upload_list(request)
    try:
        row = _taken_in(request)
    except SheetRefused as why:
        return _upload_list(request, why.findings)
    except FileRefused as why:
        return _upload_list(request, [str(why)])
    return redirect("progress:upload", upload_id=row.pk)


def _taken_in(request: HttpRequest) -> FigureUpload:
    """Read a workbook and keep it; raises a `SheetRefused` or a `FileRefused`."""
    file = request.FILES.get("file")
    if file is None:
        raise FileRefused(_("请先选择填好的填报表。"))
    content = file.read(SMALL + 1)
    reading = read_upload(content, file.name, request.user, request.clock.today)
    lines = lines_read(rows=reading.rows, person=request.user, today=request.clock.today)
    return keep_upload(
        content=file,
        name=file.name,
        person=request.user,
        rows=reading.rows,
        lines=lines,
        findings=reading.findings,
        annotated=annotated_copy(content, reading, lines),
        at=request.now,
    )


def annotated_copy(content: bytes, reading: UploadReading, lines: Sequence[Line]) -> bytes | None:
    """Return the person's file with what is wrong in it and what a rule keeps out, None where nothing is."""
    remarks = [*reading.remarks, *(_kept_out(reading, line) for line in lines if line.is_forbidden)]
    if not remarks:
        return None
    return annotated_workbook(content, sheet=reading.sheet.name, head=reading.head, remarks=remarks, read=reading.read)


def _kept_out(reading: UploadReading, line: Line) -> Remark:
    return Remark(line.row - 1, reading.columns.get(line.refused_field), line.refusal)


def _upload_list(request: HttpRequest, refusals: list[str] | None = None) -> HttpResponse:
    page = Paginator(own_uploads(request.user), UPLOADS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "refusals": refusals or [], "page_title": _("填报表")}
    return render(request, "progress/upload_list.html", context, status=422 if refusals else 200)


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Show what a workbook would change, and write it when the person confirms: every good row or none."""
    row = _upload(request, upload_id)
    if request.method == "GET":
        return _upload_page(request, row)
    try:
        made = _confirmed(request, row)
    except actions.Refused as refusal:
        return _upload_page(request, row, refusal)
    text = ngettext("已写入并提交 %(n)d 格，等待审核。", "已写入并提交 %(n)d 格，等待审核。", len(made)) % {
        "n": len(made)
    }
    messages.success(request, text)
    return redirect("progress:upload", upload_id=row.pk)


def _confirmed(request: HttpRequest, row: FigureUpload):
    over = (OVER.fullmatch(text) for text in request.POST.getlist("over"))
    return confirm_upload(
        upload=row,
        person=request.user,
        expected=request.POST.get("expected", ""),
        notes=_notes(request),
        over={int(found[1]): int(found[2]) for found in over if found},
        today=request.clock.today,
        at=request.now,
    )


def _notes(request: HttpRequest) -> dict[int, str]:
    """Return the answers that were typed on the page, by the row's key."""
    return {int(found[1]): request.POST[name] for name in request.POST if (found := NOTE.fullmatch(name))}


def _upload_page(request: HttpRequest, row: FigureUpload, refusal: actions.Refused | None = None) -> HttpResponse:
    """Render the rows in groups: what goes in, what somebody else changed, what a rule forbids, what cannot be read, the rest."""
    row.refresh_from_db(fields=["state"])
    is_open = row.state == UploadState.READ
    lines = lines_now(upload=row, person=request.user, today=request.clock.today)
    for line in lines:
        line.answer = _notes(request).get(line.key, "")
    blocking = next((line for line in lines if refusal and line.entry and line.entry.pk == refusal.entry_id), None)
    context = {
        "row": row,
        "is_open": is_open,
        "ready": [line for line in lines if line.is_ready],
        "conflicts": [line for line in lines if line.is_conflict],
        "forbidden": [line for line in lines if line.is_forbidden],
        "rejected": [line for line in lines if line.is_rejected],
        "same": [line for line in lines if line.is_same],
        "asked": sum(line.lacks_word for line in lines if line.is_ready),
        "expected": fingerprint(lines),
        "refusal": refusal.sentence if refusal else "",
        "blocking": blocking,
        "page_title": row.name,
    }
    return render(request, "progress/upload_page.html", context, status=409 if refusal else 200)


@login_required
@require_POST
def upload_drop(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Put a workbook away."""
    row = _upload(request, upload_id)
    if drop_upload(upload=row, person=request.user):
        messages.success(request, _("已放弃“%(name)s”，什么都没有写入。") % {"name": row})
    return redirect("progress:uploads")


@login_required
@require_GET
def upload_annotated(request: HttpRequest, upload_id: int) -> FileResponse:
    """Serve the person's own file with the rejected cells in red; 404 where nothing was rejected."""
    row = _upload(request, upload_id)
    if row.annotated is None:
        raise Http404
    stem = PurePath(row.name).stem.removesuffix(_("_批注"))
    return stored_file_response(row.annotated, stem + _("_批注") + ".xlsx")


def _require_reporter(request: HttpRequest) -> None:
    if not request.user.holds(Role.REPORTER):
        raise Http404


def _upload(request: HttpRequest, upload_id: int) -> FigureUpload:
    """Return a workbook of the person's own; anybody else's is not there."""
    _require_reporter(request)
    return get_object_or_404(own_uploads(request.user).defer(None).select_related("file", "annotated"), pk=upload_id)
