"""What happened, for those who have to trust it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from apps.journal.forms import EventFilter
from apps.journal.models import Event
from apps.journal.querysets import READERS
from apps.journal.tables import EventTable
from apps.ui.exports import file_response, list_name, wanted_file
from apps.ui.tables import OpenEnded

EVENTS_A_PAGE = 50


@login_required
@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """List the changes in the person's bureaus, the latest first. Nobody counts them: a page costs the same in any year."""
    if not request.user.holds(*READERS):
        raise Http404
    search = EventFilter(request.GET, queryset=Event.objects.visible_to(request.user))
    table = EventTable(search.qs)
    if wanted := wanted_file(request):
        table.order_by = ("at",)  # what happens while the file is written comes at its end and moves nothing
        return file_response(table, list_name(request, _("变更日志")), wanted)
    RequestConfig(request, paginate={"per_page": EVENTS_A_PAGE, "paginator_class": OpenEnded}).configure(table)
    table.load([row.record for row in table.page.object_list])
    context = {"filter": search, "table": table, "page_title": _("变更日志")}
    return render(request, "journal/event_list.html", context)
