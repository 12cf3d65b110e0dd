"""The pages on which a goal table is taken in: upload, progress, preview, confirm."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.enums import Role
from apps.documents import actions
from apps.documents.actions.confirmation import REFUSALS, ImportRefused
from apps.documents.actions.readings import NotOpen
from apps.documents.enums import ImportState
from apps.documents.forms.mending import DivisionForm, ImportedProjectForm, ReadingForm, UploadForm
from apps.documents.models import ImportedPlan, PlanImport
from apps.documents.queries.previews import (
    Line,
    bureaus_of,
    imports_of,
    lines_of,
    names_of,
    open_in,
    preview_of,
    rows_of,
    totals_of,
)
from apps.documents.queries.readings import readings_from_json
from apps.documents.queries.surroundings import divisions_of
from apps.files.actions import FileRefused
from apps.plans.actions.projects import NumberTaken
from apps.plans.queries.contents import from_json

IMPORTS_A_PAGE = 20
PROJECTS_A_PAGE = 50
UNDER_WAY = (ImportState.WAITING, ImportState.READING, ImportState.CONFIRMING)


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """List the files of the bureau and take one in; the same content a second time only by choice."""
    if not request.user.holds(Role.OFFICER):
        raise Http404
    bureaus = bureaus_of(request.user)
    if not bureaus:
        raise Http404
    if request.method == "GET":
        return _import_list(request, UploadForm(bureaus=bureaus))
    form = UploadForm(request.POST, request.FILES, bureaus=bureaus)
    row, seen = _started(request, form) if form.is_valid() else (None, [])
    if row is None:
        return _import_list(request, form, status=409 if seen else 422, seen=seen)
    return redirect("documents:import", import_id=row.pk)


def _started(request: HttpRequest, form: UploadForm) -> tuple[PlanImport | None, list[PlanImport]]:
    """Take a file in; else say in the form why not, or return the imports of the same content."""
    try:
        return _start(request, form), []
    except FileRefused as why:
        form.add_error("file", str(why))
    except actions.SeenBefore as why:
        return None, why.imports
    return None, []


def _start(request: HttpRequest, form: UploadForm) -> PlanImport:
    upload = form.cleaned_data["file"]
    return actions.start_import(
        bureau=form.cleaned_data["bureau"],
        content=upload,
        name=upload.name,
        person=request.user,
        at=request.now,
        year=form.cleaned_data["year"],
        is_meant=bool(request.POST.get("is_meant")),
    )


def _import_list(request: HttpRequest, form: UploadForm, *, status: int = 200, seen=()) -> HttpResponse:
    page = Paginator(imports_of(request.user), IMPORTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "seen": seen,
        "year": request.clock.today.year,
        "page_title": _("导入绩效目标表"),
    }
    return render(request, "documents/import_list.html", context, status=status)


@login_required
@require_GET
def import_page(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show how far a file is: its progress, why it cannot be read, or its projects."""
    return _import_page(request, _import(request, import_id))


def _import_page(request: HttpRequest, row: PlanImport, *, refusal: str = "", status: int = 200) -> HttpResponse:
    page = Paginator(rows_of(row), PROJECTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "row": row,
        "page": page,
        "totals": totals_of(row),
        "divisions": DivisionForm(divisions=divisions_of(row.bureau)),
        "is_under_way": row.state in UNDER_WAY,
        "refusal": refusal,
        "page_title": row.name,
    }
    return render(request, "documents/import_page.html", context, status=status)


@login_required
@require_GET
def progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show how far the work on a file is; once it is over, have the page read again."""
    row = _import(request, import_id)
    if row.state not in UNDER_WAY:
        return HttpResponseClientRedirect(reverse("documents:import", args=[row.pk]))
    return render(request, "documents/_import_progress.html", {"row": row})


@login_required
@require_GET
def imported(request: HttpRequest, import_id: int, position: int) -> HttpResponse:
    """Show one project of a file: every target text beside what was read from it."""
    return _imported_page(request, _imported(request, import_id, position))


def _imported_page(
    request: HttpRequest, row: ImportedPlan, *, refusal: str = "", project=None, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "documents/imported_page.html",
        {
            "row": row,
            "page": preview_of(row),
            "may_mend": _may_mend(row),
            "project": project or _project_form(row),
            "refusal": refusal,
            "reason": request.POST.get("reason", ""),
            "document": request.POST.get("document", ""),
            "page_title": row.name,
        },
        status=status,
    )


def _may_mend(row: ImportedPlan) -> bool:
    return row.is_open and row.plan_import.state == ImportState.READ


def _project_form(row: ImportedPlan, values=None) -> ImportedProjectForm | None:
    if row.project_id is not None:
        return None
    initial = {
        "division": row.division_id,
        "number": row.number,
        "nature": row.nature,
        "function_code": row.function_code,
    }
    return ImportedProjectForm(values, divisions=divisions_of(row.plan_import.bureau), initial=initial)


@login_required
@require_http_methods(["GET", "POST"])
def reading(request: HttpRequest, import_id: int, position: int, code: str) -> HttpResponse:
    """Open one reading to be mended, show it again, or keep what was typed."""
    row = _imported(request, import_id, position)
    line = _line(row, code)
    content = from_json(row.content)
    if request.method == "GET":
        if "closed" in request.GET or not _may_mend(row):
            return _show_line(request, row, line)
        form = ReadingForm(indicator=line.indicator, measure=line.measure, goals=content.goals)
        return render(request, "documents/_reading_form.html", {"row": row, "line": line, "form": form})
    form = ReadingForm(request.POST, indicator=line.indicator, measure=line.measure, goals=content.goals)
    if form.is_valid():
        try:
            row = actions.mend_reading(imported=row, code=code, **form.mended())
            return _show_line(request, row, _line(row, code))
        except NotOpen as why:
            form.add_error(None, str(why))
    return render(request, "documents/_reading_form.html", {"row": row, "line": line, "form": form}, status=422)


@login_required
@require_POST
def confirm_reading(request: HttpRequest, import_id: int, position: int) -> HttpResponse:
    """Note that a reading was looked at, or all of a project."""
    row = _imported(request, import_id, position)
    code = request.POST.get("code") or None
    if code is not None:
        _line(row, code)
    try:
        row = actions.confirm_readings(imported=row, code=code)
    except NotOpen as why:
        return _imported_page(request, row, refusal=str(why), status=409)
    if code is None:
        return redirect("documents:imported", import_id=import_id, position=position)
    return _show_line(request, row, _line(row, code))


def _show_line(request: HttpRequest, row: ImportedPlan, line: Line) -> HttpResponse:
    context = {"row": row, "line": line, "may_mend": _may_mend(row), "open": open_in(row)}
    return render(request, "documents/_reading_alone.html", context)


def _line(row: ImportedPlan, code: str) -> Line:
    """Return one indicator of a project; 404 for one that it does not have."""
    if code not in {found.code for found in readings_from_json(row.readings)}:
        raise Http404
    lines = lines_of(row, from_json(row.content), names_of(row.plan_import.bureau))
    return next(line for line in lines if line.reading.code == code)


@login_required
@require_POST
def choose(request: HttpRequest, import_id: int, position: int) -> HttpResponse:
    """Keep what a project needs that is made along."""
    row = _imported(request, import_id, position)
    form = _project_form(row, request.POST)
    if form is None or not form.is_valid():
        return _imported_page(request, row, project=form, status=422)
    try:
        actions.choose_projects(rows=[row], **form.cleaned_data)
    except NumberTaken as why:
        form.add_error("number", str(why))
        return _imported_page(request, row, project=form, status=422)
    except NotOpen as why:
        return _imported_page(request, row, refusal=str(why), status=409)
    return redirect("documents:imported", import_id=import_id, position=position)


@login_required
@require_POST
def choose_all(request: HttpRequest, import_id: int) -> HttpResponse:
    """Let one division answer for every project of a file that nobody answers for yet."""
    row = _import(request, import_id)
    form = DivisionForm(request.POST, divisions=divisions_of(row.bureau))
    if not form.is_valid():
        return _import_page(request, row, refusal=_("请选择责任处室。"), status=422)
    actions.choose_division(plan_import=row, division=form.cleaned_data["division"])
    return redirect("documents:import", import_id=import_id)


@login_required
@require_POST
def confirm(request: HttpRequest, import_id: int, position: int) -> HttpResponse:
    """Write one project into its plan and lead to the editor."""
    row = _imported(request, import_id, position)
    words = {name: request.POST.get(name, "") for name in ("reason", "document")}
    try:
        version = actions.confirm_imported(imported=row, person=request.user, at=request.now, **words)
    except (*REFUSALS, ImportRefused) as why:
        row.refresh_from_db()
        return _imported_page(request, row, refusal=str(why), status=409)
    messages.success(request, _("已写入“%(project)s”，请在这里继续编制。") % {"project": row})
    return redirect("plans:editor", plan_id=version.plan_id)


@login_required
@require_POST
def confirm_all(request: HttpRequest, import_id: int) -> HttpResponse:
    """Have all projects of a file written that are ready."""
    row = _import(request, import_id)
    words = {name: request.POST.get(name, "") for name in ("reason", "document")}
    try:
        actions.request_confirmation(plan_import=row, person=request.user, at=request.now, **words)
    except ImportRefused as why:
        return _import_page(request, row, refusal=str(why), status=409)
    return redirect("documents:import", import_id=import_id)


@login_required
@require_POST
def drop(request: HttpRequest, import_id: int) -> HttpResponse:
    """Put a file away."""
    row = _import(request, import_id)
    if actions.drop_import(plan_import=row):
        messages.success(request, _("已放弃“%(name)s”，没有写入任何目标。") % {"name": row})
    return redirect("documents:imports")


@login_required
@require_POST
def drop_one(request: HttpRequest, import_id: int, position: int) -> HttpResponse:
    """Leave one project of a file out."""
    actions.drop_imported(imported=_imported(request, import_id, position))
    return redirect("documents:import", import_id=import_id)


def _import(request: HttpRequest, import_id: int) -> PlanImport:
    rows = PlanImport.objects.visible_to(request.user).select_related("bureau", "job", "uploaded_by", "confirmed_by")
    return get_object_or_404(rows, pk=import_id)


def _imported(request: HttpRequest, import_id: int, position: int) -> ImportedPlan:
    rows = ImportedPlan.objects.visible_to(request.user).filter(plan_import=import_id)
    joined = rows.select_related("plan_import__bureau", "project__bureau", "project__division", "plan", "division")
    return get_object_or_404(joined, position=position)
