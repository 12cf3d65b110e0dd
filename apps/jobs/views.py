"""The page of who keeps the installation up, and that of who verifies the journal."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from apps.accounts.enums import Role
from apps.jobs import actions
from apps.jobs.forms import PrintedAnchorForm
from apps.jobs.models import Job
from apps.jobs.queries import is_under_way, last_verification
from apps.jobs.tables import JobTable
from apps.journal.models import Chain
from apps.journal.queries import anchored_again, last_anchoring
from apps.journal.querysets import READERS
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


@login_required
@require_GET
def chains(request: HttpRequest) -> HttpResponse:
    """Show how long the chains of the person's bureaus are, where they end, when that was written down, and look one up."""
    _require_reader(request)
    rows = Chain.objects.visible_to(request.user).select_related("bureau").order_by("bureau__path", "pk")
    form = PrintedAnchorForm(request.GET or None, chains=rows)
    is_same = None
    if request.GET and form.is_valid():
        words = form.cleaned_data
        is_same = anchored_again(words["chain"], words["number"], words["head"])
    context = {
        "chains": rows,
        "anchor": last_anchoring(Path(settings.ANCHOR_DIR)),
        "form": form,
        "is_same": is_same,
        "page_title": _("核验日志"),
        **_verification(request),
    }
    return render(request, "jobs/chains.html", context)


@login_required
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Have a worker verify the journal of the person's bureaus."""
    _require_reader(request)
    actions.start_verification(person=request.user, at=request.now)
    return redirect("jobs:chains")


@login_required
@require_GET
def verification(request: HttpRequest) -> HttpResponse:
    """Show how far the person's verification is, or what came of it."""
    _require_reader(request)
    return render(request, "jobs/_verification.html", _verification(request))


def _verification(request):
    job = last_verification(request.user)
    under_way = job is not None and is_under_way(job, request.now)
    share = min(99, job.finished_steps * 100 // job.steps) if under_way and job.steps else None
    return {"job": job, "is_under_way": under_way, "share": share}


def _require_reader(request):
    if not request.user.holds(*READERS):
        raise Http404
