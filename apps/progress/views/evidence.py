"""Files behind figures: brought, looked at, replaced, and listed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_tables2 import RequestConfig

from apps.files.views import stored_file_response
from apps.progress import actions
from apps.progress.forms.evidence import (
    ACCEPTED,
    EvidenceFilter,
    LetterFilter,
    MissingFilter,
    SupersedeForm,
    brought_files,
)
from apps.progress.models import Entry, Evidence
from apps.progress.queries.cells import GridCell, with_evidence
from apps.progress.queries.evidence import SHOWN_IN_PLACE, is_evidence_required, letters, lines_of
from apps.progress.querysets import BUREAU_READERS, UNIT_READERS
from apps.progress.tables.evidence import EvidenceTable, LetterTable, MissingTable
from apps.ui.exports import file_response, list_name, wanted_file

ROWS_A_PAGE = 25
# Shown within a page of our own and nowhere else; whatever a file holds has no rights and loads nothing.
IN_PLACE = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
}


@login_required
@require_http_methods(["GET", "POST"])
def entry_evidence(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Show the files behind a cell, and take in more: as a part of a grid, or as a page of its own."""
    entry = _entry(request, entry_id)
    refusal = actions.files_refusal(entry=entry, person=request.user, today=request.clock.today)
    if request.method == "GET":
        return _render_entry(request, entry, may_attach=refusal is None, refusal=refusal)
    if isinstance(refusal, actions.NotYourCell):
        raise PermissionDenied(refusal.sentence)
    done, refusal = _attach(request, entry)
    if done and done.added and not request.htmx and not done.refused and not done.asked:
        messages.success(request, _thanks(done))
        return redirect("progress:entry_evidence", entry_id=entry.pk)
    status = 200 if done and done.added else 422
    return _render_entry(
        request, entry, may_attach=True, refusal=refusal, done=done, thanks=_thanks(done), status=status
    )


@never_cache
@login_required
@require_GET
def evidence_page(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """Show one file with its facts, in place where a browser can."""
    return _render_page(request, _evidence(request, evidence_id))


@login_required
@require_http_methods(["GET", "POST"])
def supersede(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """Put another file in a file's place, or set it aside where that is still possible.

    Who comes back to the address of a refusal is shown the file.
    """
    row = _evidence(request, evidence_id)
    if request.method == "GET":
        return redirect("progress:evidence_page", evidence_id=row.pk)
    form = SupersedeForm(request.POST, request.FILES)
    refusal = actions.files_refusal(entry=row.entry, person=request.user, today=request.clock.today)
    if refusal is not None:
        raise PermissionDenied(refusal.sentence)
    if not form.is_valid():
        return _render_page(request, row, form, status=422)
    try:
        successor = actions.supersede(
            evidence=row,
            reason=form.cleaned_data["reason"],
            person=request.user,
            today=request.clock.today,
            at=request.now,
            successor_file=form.brought(),
        )
    except actions.Refused as refused:
        form.add_error(None, refused.sentence)
        return _render_page(request, row, form, status=422)
    words = {"name": row.name, "new": successor.name if successor else ""}
    said = _("“%(name)s”已由“%(new)s”替换。") if successor else _("“%(name)s”已撤下，记录保留。")
    messages.success(request, said % words)
    return redirect("progress:evidence_page", evidence_id=(successor or row).pk)


@login_required
@require_GET
def download(request: HttpRequest, evidence_id: int) -> FileResponse:
    """Serve a file to whoever may see the entry it stands behind; never as a page."""
    row = _evidence(request, evidence_id)
    return stored_file_response(row.file, row.name)


@login_required
@require_GET
def preview(request: HttpRequest, evidence_id: int) -> FileResponse:
    """Serve a picture or a PDF to be looked at within a page; 404 for everything else."""
    row = _evidence(request, evidence_id)
    if row.file.content_type not in SHOWN_IN_PLACE:
        raise Http404
    return stored_file_response(row.file, row.name, as_attachment=False, headers=IN_PLACE)


@login_required
@require_GET
def evidence_list(request: HttpRequest) -> HttpResponseBase:
    """List the files that the person may see, as a page or as a file."""
    _refuse_stranger(request)
    rows = Evidence.objects.visible_to(request.user).with_reference()
    joined = rows.select_related("file", "measure", "added_by", "entry__round", "entry__member")
    search = EvidenceFilter(_asked(request), queryset=joined)
    lacking = Entry.objects.visible_to(request.user).lacking_evidence().filter(round__fiscal_year=_year(request))
    context = {"page_title": _("佐证材料"), "filter": search, "lacking": lacking.count()}
    table = EvidenceTable(search.qs, viewer=request.user)
    return _answer(request, table, "progress/evidence_list.html", _("佐证材料清单"), context)


@login_required
@require_GET
def evidence_missing(request: HttpRequest) -> HttpResponseBase:
    """List the cells that have a figure and not the file that the plan asks for."""
    _refuse_stranger(request)
    rows = Entry.objects.visible_to(request.user).lacking_evidence()
    search = MissingFilter(
        _asked(request), queryset=rows.select_related("measure", "member", "round", "reporting_unit")
    )
    year = _year(request) if _asked(request)["year"] else None
    context = {
        "page_title": _("缺佐证的数据"),
        "filter": search,
        "is_required": is_evidence_required(request.user, year),
    }
    return _answer(request, MissingTable(search.qs), "progress/evidence_missing.html", _("缺佐证清单"), context)


@login_required
@require_GET
def letter_list(request: HttpRequest) -> HttpResponseBase:
    """List the letters that figures typed for others came from, as a page or as a file."""
    _refuse_stranger(request)
    search = LetterFilter(_asked(request), queryset=letters(request.user))
    context = {"page_title": _("代填的来函"), "filter": search}
    return _answer(request, LetterTable(search.qs), "progress/letter_list.html", _("来函清单"), context)


def _entry(request, entry_id) -> Entry:
    rows = Entry.objects.visible_to(request.user).select_related(
        "round__bureau", "measure", "member", "reporting_unit", "latest__submitted_by"
    )
    return get_object_or_404(rows, pk=entry_id)


def _evidence(request, evidence_id) -> Evidence:
    rows = Evidence.objects.visible_to(request.user).with_reference()
    joined = rows.select_related(
        "file", "measure", "added_by", "superseded_by", "successor", "entry__round__bureau", "entry__member"
    )
    return get_object_or_404(joined, pk=evidence_id)


def _attach(request, entry):
    """Return what became of the files that were sent, and what forbade them all, if anything."""
    files = brought_files(request.POST, request.FILES)
    if not files:
        return None, actions.Refused(_("请先选择文件。"), entry.pk)
    try:
        done = actions.attach(entry=entry, files=files, person=request.user, today=request.clock.today, at=request.now)
    except actions.Refused as refusal:
        return None, refusal
    return done, None


def _thanks(done) -> str:
    count = len(done.added) if done else 0
    if not count:
        return ""
    return ngettext("已添加 %(count)d 个文件。", "已添加 %(count)d 个文件。", count) % {"count": count}


def _render_entry(request, entry, *, may_attach, refusal, done=None, thanks="", status=200):
    cell = with_evidence([GridCell(entry)], request.user)[0]
    context = {
        "row": {"cell": cell},
        "entry": entry,
        "may_attach": may_attach,
        "refusal": refusal.sentence if refusal else "",
        "done": done,
        "thanks": thanks,
        "opened": done is not None and any(line.is_doubtful for line in cell.evidence if line.row in done.added),
        "accepted": ACCEPTED,
    }
    name = "progress/_entry_evidence.html" if request.htmx else "progress/evidence_entry.html"
    return render(request, name, context, status=status)


def _render_page(request, row, form=None, status=200):
    refusal = actions.files_refusal(entry=row.entry, person=request.user, today=request.clock.today)
    predecessor = Evidence.objects.filter(successor=row).first()
    context = {
        "line": lines_of([row], request.user)[0],
        "form": (form or SupersedeForm()) if refusal is None and row.superseded_at is None else None,
        "may_set_aside": actions.may_set_aside(evidence=row, person=request.user),
        "predecessor": predecessor,
    }
    return render(request, "progress/evidence_page.html", context, status=status)


def _refuse_stranger(request):
    if not request.user.holds(*UNIT_READERS, *BUREAU_READERS):
        raise Http404


def _asked(request):
    asked = request.GET.copy()
    asked.setdefault("year", str(request.clock.today.year))
    return asked


def _year(request) -> int:
    """Return the year that is looked at; this one where all are."""
    text = _asked(request)["year"]
    return int(text) if text.isdecimal() and len(text) == len("2016") else request.clock.today.year


def _answer(request, table, template, name, context):
    """Show one page of a list, or send all of it as a file."""
    kind = wanted_file(request)
    RequestConfig(request, paginate=False if kind else {"per_page": ROWS_A_PAGE}).configure(table)
    if kind:
        return file_response(table, list_name(request, name), kind)
    table.load(list(table.paginated_rows.data))
    return render(request, template, context | {"table": table})
