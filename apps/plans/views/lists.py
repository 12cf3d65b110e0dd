"""The lists of plans and of indicators, as pages and as files."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from apps.accounts.enums import Role
from apps.plans.forms.lists import IndicatorFilter, PlanFilter
from apps.plans.models import Plan
from apps.plans.queries.lists import indicator_terms
from apps.plans.querysets import READERS
from apps.plans.tables import IndicatorTable, PlanTable
from apps.ui.exports import file_response, list_name, wanted_file

ROWS_A_PAGE = 25


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponseBase:
    """List the plans of a year; this year's unless another is asked for."""
    search = PlanFilter(_asked(request), queryset=_plans(request).with_budget().with_way())
    table = PlanTable(search.qs, exclude=() if "bureau" in search.filters else ("bureau",))
    if search.form["year"].value():
        table.columns.hide("year")
    context = {
        "page_title": _("目标"),
        "is_officer": request.user.holds(Role.OFFICER),
        "is_drafter": request.user.holds(Role.OFFICER, Role.REPORTER, Role.HEAD),
        "imports": _address("documents:imports"),
    }
    return _answer(request, table, "plans/plan_list.html", _("绩效目标清单"), context | {"filter": search})


@login_required
@require_GET
def indicators(request: HttpRequest) -> HttpResponseBase:
    """List the indicators of a year's plans; this year's unless another is asked for."""
    plans = _plans(request)
    search = IndicatorFilter(_asked(request), queryset=indicator_terms(plans), plans=plans)
    table = IndicatorTable(search.qs, today=request.clock.today)
    context = {"page_title": _("绩效指标"), "filter": search}
    return _answer(request, table, "plans/indicator_list.html", _("绩效指标清单"), context)


def _plans(request):
    if not request.user.holds(*READERS):
        raise Http404
    return Plan.objects.visible_to(request.user).select_related("project__bureau", "project__division")


def _asked(request):
    asked = request.GET.copy()
    asked.setdefault("year", str(request.clock.today.year))
    return asked


def _answer(request, table, template, name, context):
    """Show one page of a list, or send all of it as a file."""
    kind = wanted_file(request)
    RequestConfig(request, paginate=False if kind else {"per_page": ROWS_A_PAGE}).configure(table)
    if kind:
        return file_response(table, list_name(request, name), kind)
    table.load(list(table.paginated_rows.data))
    return render(request, template, context | {"table": table})


def _address(name):
    """Return the address of a page that another app may have; empty where it has none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
