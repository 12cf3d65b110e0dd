"""Beginning a plan, and what is said of a project."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.plans.actions.contents import ContentRefused
from apps.plans.actions.drafts import DraftRefused, open_plan
from apps.plans.actions.projects import ProjectRefused, blank, change_project, start_project
from apps.plans.forms.projects import NewProjectForm, ProjectForm, YearForm
from apps.plans.models import Project
from apps.plans.queries.members import bureaus_of, is_officer
from apps.plans.queries.people import may_draft
from apps.plans.querysets import READERS

UNCLEAR = 422


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin a plan: of a new project (`deed` new), or of another year of one that is there."""
    projects = _drafted(request)
    bureau = _bureau(request)
    if bureau is None and not projects:
        raise PermissionDenied(_("只有绩效管理岗，或责任处室的填报人、负责人，可以编制绩效目标。"))
    initial = {"year": request.clock.today.year}
    again = YearForm(projects=projects, initial=initial, prefix="again")
    fresh = NewProjectForm(bureau=bureau, initial=initial, prefix="fresh") if bureau else None
    if request.method == "POST":
        if bureau and request.POST.get("deed") == "new":
            fresh = NewProjectForm(request.POST, bureau=bureau, prefix="fresh")
            version = _started(fresh, bureau, request) if fresh.is_valid() else None
        else:
            again = YearForm(request.POST, projects=projects, prefix="again")
            version = _opened(again, request) if again.is_valid() else None
        if version is not None:
            return redirect("plans:editor", version.plan_id)
    context = {"page_title": _("新建目标"), "again": again, "fresh": fresh, "bureau": bureau}
    return render(request, "plans/project_start.html", context, status=UNCLEAR if request.method == "POST" else 200)


def _started(form, bureau, request):
    """Return the first draft of a new project, None where it is refused; the form says why."""
    values = form.cleaned_data
    try:
        return start_project(
            bureau=bureau,
            words=form.words(),
            year=values["year"],
            attribute=values["attribute"],
            person=request.user,
            at=request.now,
        )
    except (ProjectRefused, DraftRefused, ContentRefused) as refused:
        form.add_error(None, str(refused))


def _opened(form, request):
    """Return an empty draft of the year, None where it is refused; the form says why."""
    values = form.cleaned_data
    content = blank(values["year"], values["attribute"])
    try:
        return open_plan(
            project=values["project"], year=values["year"], content=content, person=request.user, at=request.now
        )
    except (DraftRefused, ContentRefused) as refused:
        form.add_error(None, str(refused))


@login_required
@require_http_methods(["GET", "POST"])
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    """Show what is said of a project and its years; a performance officer may change it."""
    rows = Project.objects.visible_to(request.user).select_related("bureau", "division", "execution")
    found = get_object_or_404(rows, pk=project_id)
    may_change = is_officer(request.user, found.bureau)
    if request.method == "POST" and not may_change:
        raise PermissionDenied(_("只有本单位的绩效管理岗可以修改项目。"))
    form = ProjectForm.of(found, request.POST) if request.method == "POST" else ProjectForm.of(found)
    if request.method == "POST" and form.is_valid() and _changed(form, found, request):
        messages.success(request, _("已保存。"))
        return redirect("plans:project", project_id)
    context = {
        "page_title": str(found),
        "project": found,
        "form": form if may_change else None,
        "plans": found.plans.order_by("-year", "pk"),
    }
    return render(request, "plans/project_page.html", context, status=UNCLEAR if request.method == "POST" else 200)


def _changed(form, found, request):
    try:
        return change_project(project=found, words=form.words(), person=request.user, at=request.now)
    except ProjectRefused as refused:
        form.add_error(None, str(refused))


def _drafted(request):
    """Return the projects for which the person may write plans; 404 for whoever sees no plans at all."""
    if not request.user.holds(*READERS):
        raise Http404
    rows = Project.objects.visible_to(request.user).select_related("bureau", "division")
    mine = [row.pk for row in rows if may_draft(request.user, row)]
    return Project.objects.filter(pk__in=mine).order_by("number", "pk")


def _bureau(request):
    """Return the bureau in which the person may begin projects, None where there is none; `bureau` chooses among several."""
    mine = [row for row in bureaus_of(request.user) if is_officer(request.user, row)]
    asked = [row for row in mine if row.code == request.GET.get("bureau")]
    return next(iter([*asked, *mine]), None)
