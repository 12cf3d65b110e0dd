"""The list of the monitorings of a year."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from apps.accounts.enums import Role
from apps.progress.forms.monitoring import MonitoringFilter
from apps.progress.queries import monitoring as queries
from apps.progress.tables.monitoring import MonitoringTable
from apps.progress.views.monitoring.requests import visible_monitorings
from apps.ui.exports import file_response, list_name, wanted_file

ROWS_A_PAGE = 25
SHOWN_AT_ONCE = 5
LATEST_FIRST = ("-round__ends_on", "-round__pk", "plan__project__number", "pk")


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponseBase:
    """List the monitorings of a year; this year's unless another is asked for."""
    rows = visible_monitorings(request)
    asked = request.GET.copy()
    asked.setdefault("year", str(request.clock.today.year))
    search = MonitoringFilter(asked, queryset=rows.order_by(*LATEST_FIRST), request=request)
    table = MonitoringTable(search.qs, today=request.clock.today)
    kind = wanted_file(request)
    RequestConfig(request, paginate=False if kind else {"per_page": ROWS_A_PAGE}).configure(table)
    if kind:
        return file_response(table, list_name(request, _("绩效运行监控清单")), kind)
    table.columns.hide("division")
    table.columns.hide("due_on")
    table.load(list(table.paginated_rows.data))
    context = {
        "page_title": _("监控"),
        "filter": search,
        "table": table,
        "to_fill": queries.monitorings_to_fill(request.user),
        "to_review": queries.monitorings_to_review(request.user),
        "has_rounds": rows.exists(),
        "today": request.clock.today,
        "shown": SHOWN_AT_ONCE,
        "is_officer": request.user.holds(Role.OFFICER),
    }
    return render(request, "progress/monitoring_list.html", context)
