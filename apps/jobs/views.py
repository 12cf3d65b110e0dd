"""The page of who keeps the installation up."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from apps.accounts.enums import Role
from apps.jobs.models import Job
from apps.jobs.tables import JobTable
from apps.ui.tables import OpenEnded

JOBS_A_PAGE = 25


@login_required
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """List the long work, the latest first; the self-test comes after the page, for it waits for workers to answer."""
    if not request.user.holds(Role.ADMIN):
        raise Http404
    table = JobTable(Job.objects.select_related("started_by"))
    RequestConfig(request, paginate={"per_page": JOBS_A_PAGE, "paginator_class": OpenEnded}).configure(table)
    return render(request, "jobs/job_list.html", {"table": table, "page_title": _("系统")})
