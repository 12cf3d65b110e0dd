"""Official forms and the documents behind targets, as downloads."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.calendars.forms import Knowledge, knowledge
from apps.documents import layouts, queries
from apps.documents.enums import Layout
from apps.files.queries import suffix_of
from apps.files.views import stored_file_response
from apps.journal.queries import printed_anchor
from apps.plans.models import Indicator, Plan, Target
from apps.ui.exports import sheet_response

FIRST_YEAR, LAST_YEAR = 2000, 2100
TEMPLATES = {
    Layout.GOAL_TABLE: ("项目绩效目标表", layouts.goal_table_template),
    Layout.DECLARATION: ("项目支出绩效目标申报表", layouts.declaration_template),
}


@never_cache
@login_required
@require_GET
def assessment_workbook(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Serve a plan's self-assessment as the figures stand, in the standard form; 404 without goals to assess."""
    known, plan = knowledge(request), _plan(request, plan_id)
    if known.refusal:
        return _refused(request, known)
    form = queries.assessment_form(plan, known.today, known.known_at)
    if form is None:
        raise Http404
    name = _name("项目支出绩效自评表", form.plan, known, is_demonstration=form.is_demonstration)
    with override("zh-hans"):  # the language of the form
        anchor = printed_anchor(form.plan.project.bureau)
    return sheet_response(layouts.assessment_workbook(form, request.now, anchor), name)


@never_cache
@login_required
@require_GET
def plan_workbook(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Serve a plan as the performance target table of its published budget, word for word."""
    known, plan = knowledge(request), _plan(request, plan_id)
    if known.refusal:
        return _refused(request, known)
    form = queries.plan_form(plan, known.known_at)
    if form is None:
        raise Http404
    name = _name("项目绩效目标表", form.plan, known, is_demonstration=form.is_demonstration)
    return sheet_response(layouts.plan_workbook(form, request.now), name)


@never_cache
@login_required
@require_GET
def declaration_workbook(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Serve a plan in the present form of declaration."""
    known, plan = knowledge(request), _plan(request, plan_id)
    if known.refusal:
        return _refused(request, known)
    form = queries.declaration_form(plan, known.today, known.known_at)
    if form is None:
        raise Http404
    name = _name("项目支出绩效目标申报表", form.form.plan, known, is_demonstration=form.form.is_demonstration)
    return sheet_response(layouts.declaration_workbook(form, request.now), name)


@login_required
@require_GET
def template(request: HttpRequest, layout: str, year: int) -> HttpResponse:
    """Serve an empty form of a layout, to be filled in and taken in again."""
    if not request.user.reads_plans or layout not in TEMPLATES or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    name, build = TEMPLATES[layout]
    return sheet_response(build(year), f"{name}_{year}_空表")


@login_required
@require_GET
def target_document(request: HttpRequest, target_id: int) -> HttpResponse:
    """Serve the document that decided a target to whoever may see the indicator."""
    indicators = Indicator.objects.visible_to(request.user)
    rows = Target.objects.filter(indicator__in=indicators, file__isnull=False).select_related("file")
    row = get_object_or_404(rows, pk=target_id)
    return stored_file_response(row.file, f"{row.document or '审定文件'}{suffix_of(row.file)}")


def _plan(request: HttpRequest, plan_id: int) -> Plan:
    rows = Plan.objects.visible_to(request.user)
    joined = rows.select_related("project__bureau", "project__division", "project__execution", "approved__scheme")
    return get_object_or_404(joined, pk=plan_id)


def _refused(request: HttpRequest, known: Knowledge) -> HttpResponse:
    """Say why a file cannot be made for the day that was asked for."""
    return render(request, "documents/day_refused.html", {"known": known, "page_title": _("无法生成")}, status=400)


def _name(form: str, plan: Plan, known: Knowledge, *, is_demonstration: bool) -> str:
    """Return a file's name; made-up figures and a past day are named in it, so that it cannot be taken for another one."""
    parts = [form, str(plan.year), plan.project.name]
    parts += [f"按{known.as_of:%Y-%m-%d}所知"] if known.as_of else []
    parts += ["演示"] if is_demonstration else []
    return "_".join(parts)
