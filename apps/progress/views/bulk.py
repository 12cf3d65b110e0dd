"""The pages on which officers bring long tables of figures: upload, progress, preview, confirm."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.enums import Role
from apps.files.actions import FileRefused, NoWorkbook
from apps.files.views import stored_file_response
from apps.progress.actions import bulk_uploads as actions
from apps.progress.actions.bulk_uploads import BulkRefused
from apps.progress.enums import UploadState
from apps.progress.forms.bulk_uploads import BulkForm
from apps.progress.layouts.bulk import bulk_template
from apps.progress.models import FigureUpload
from apps.progress.queries.bulk import (
    bulk_uploads,
    named_in_templates,
    officers_bureaus,
    share_done,
    summary_of,
    told_progress,
)
from apps.ui.exports import sheet_response

UPLOADS_A_PAGE = 20
UNDER_WAY = (UploadState.WAITING, UploadState.READING, UploadState.CONFIRMING)
MANY = 20_000
"""So many figures take long enough to write that others who save meanwhile have to wait, where the database has one writer."""


@login_required
@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """List the long tables of the bureau and take one in."""
    bureaus = _bureaus(request)
    if request.method == "GET":
        return _list(request, BulkForm(bureaus=bureaus))
    form = BulkForm(request.POST, request.FILES, bureaus=bureaus)
    row = _started(request, form) if form.is_valid() else None
    if row is None:
        return _list(request, form, status=422)
    return redirect("progress:bulk_upload", upload_id=row.pk)


def _bureaus(request: HttpRequest):
    bureaus = officers_bureaus(request.user) if request.user.holds(Role.OFFICER) else []
    if not bureaus:
        raise Http404
    return bureaus


def _started(request: HttpRequest, form: BulkForm) -> FigureUpload | None:
    """Take a file in; else say in the form why not."""
    words = form.cleaned_data
    try:
        return actions.start_bulk(
            bureau=words["bureau"],
            content=words["file"],
            name=words["file"].name,
            document=words["document"],
            document_name=words["document"].name,
            on_behalf_of=words["on_behalf_of"],
            is_strict=words["is_strict"],
            person=request.user,
            at=request.now,
        )
    except NoWorkbook as why:
        form.add_error("file", str(why))
    except (FileRefused, BulkRefused) as why:
        form.add_error(None, str(why))
    return None


def _list(request: HttpRequest, form: BulkForm, *, status: int = 200) -> HttpResponse:
    page = Paginator(bulk_uploads(request.user), UPLOADS_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "page_title": _("批量上传数据")}
    return render(request, "progress/bulk_list.html", context, status=status)


@login_required
@require_GET
def upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Show how far a file is: its progress, why it cannot be read, or what it would do."""
    return _upload_page(request, _upload(request, upload_id))


def _upload_page(request: HttpRequest, row: FigureUpload, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "row": row,
        "summary": summary_of(row),
        "good": row.new + row.changed,
        "is_long": row.new + row.changed >= MANY,
        "is_under_way": row.state in UNDER_WAY,
        "is_mine": row.uploaded_by_id == request.user.pk,
        "refusal": refusal,
        "page_title": row.name,
        **_progress(row),
    }
    return render(request, "progress/bulk_upload.html", context, status=status)


def _progress(row: FigureUpload) -> dict[str, int]:
    """Return how many rows were looked at and how many there are, 0 where nobody can tell yet, and the share of it."""
    if row.job is None or row.state not in UNDER_WAY:
        return {"done": 0, "steps": 0, "share": 0}
    told = told_progress(row) if row.state == UploadState.CONFIRMING else 0
    return {"done": row.job.finished_steps + told, "steps": row.job.steps, "share": share_done(row)}


@login_required
@require_GET
def progress(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Show how far the work on a file is; once it is over, have the page read again."""
    row = _upload(request, upload_id)
    if row.state not in UNDER_WAY:
        return HttpResponseClientRedirect(reverse("progress:bulk_upload", args=[row.pk]))
    return render(request, "progress/_bulk_progress.html", {"row": row, **_progress(row)})


@login_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Have all good rows of a file written; who comes back to the address of a refusal is shown the file."""
    row = _upload(request, upload_id)
    if request.method == "GET":
        return redirect("progress:bulk_upload", upload_id=row.pk)
    try:
        actions.request_bulk(upload=row, person=request.user, at=request.now)
    except BulkRefused as why:
        return _upload_page(request, row, refusal=why.sentence, status=409)
    return redirect("progress:bulk_upload", upload_id=row.pk)


@login_required
@require_POST
def again(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Have a file read anew, because something changed since."""
    row = _upload(request, upload_id)
    actions.read_bulk_again(upload=row, person=request.user, at=request.now)
    return redirect("progress:bulk_upload", upload_id=row.pk)


@login_required
@require_POST
def drop(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Put a file away."""
    row = _upload(request, upload_id)
    if actions.drop_bulk(upload=row, person=request.user, at=request.now):
        messages.success(request, _("已放弃“%(name)s”，没有写入任何数据。") % {"name": row})
    else:
        row.refresh_from_db(fields=["state"])
        words = {"name": row, "state": row.get_state_display()}
        messages.warning(request, _("“%(name)s”现在是“%(state)s”，不能再放弃。") % words)
    return redirect("progress:bulk")


@login_required
@require_GET
def download(request: HttpRequest, upload_id: int, part: str) -> FileResponse:
    """Serve the file, the document that came with it, or the list of its rows that cannot go in."""
    row = _upload(request, upload_id)
    named = {
        "file": (row.file, row.name),
        "document": (row.document, row.document_name),
        "errors": (row.annotated, _("错误清单_%(name)s.xlsx") % {"name": row.name.rsplit(".", 1)[0]}),
    }
    stored, name = named.get(part, (None, ""))
    if stored is None:
        raise Http404
    return stored_file_response(stored, name)


@login_required
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """Serve the empty form with what may be named in it."""
    return sheet_response(bulk_template(named_in_templates(_bureaus(request))), "批量数据_空表")


def _upload(request: HttpRequest, upload_id: int) -> FigureUpload:
    return get_object_or_404(bulk_uploads(request.user), pk=upload_id)
