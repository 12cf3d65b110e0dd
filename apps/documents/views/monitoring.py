"""Monitoring forms as downloads."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.documents import layouts
from apps.documents.queries.monitoring import monitoring_print
from apps.progress.models import Monitoring, MonitoringReport
from apps.ui.exports import sheet_response


@never_cache
@login_required
@require_GET
def monitoring_workbook(request: HttpRequest, monitoring_id: int) -> HttpResponse:
    """Serve a monitoring as it was submitted, the latest unless `?report=` asks for another; 404 before any submission."""
    mine = Monitoring.objects.visible_to(request.user).filter(pk=monitoring_id)
    reports = MonitoringReport.objects.filter(monitoring__in=mine).select_related(
        "version__scheme",
        "submitted_by",
        "monitoring__round",
        "monitoring__plan__project__bureau",
        "monitoring__plan__project__division",
    )
    asked = request.GET.get("report", "")
    if asked.isdecimal() and len(asked) <= len("9999"):
        reports = reports.filter(number=int(asked))
    report = reports.order_by("-number").first()
    if report is None:
        raise Http404
    form = monitoring_print(report)
    parts = [
        "绩效目标执行监控表",
        form.round.title,
        form.plan.project.name,
        *(["演示"] if report.is_demonstration else []),
    ]
    return sheet_response(layouts.monitoring_workbook(form, request.now), "_".join(parts))
