"""The pages that people read: fetch, one call, answer."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from apps.accounts.enums import Role
from apps.dashboards import actions, queries
from apps.dashboards.forms import ProjectFilter
from apps.dashboards.tables import ProjectTable
from apps.plans.enums import TargetStatus
from apps.plans.models import Indicator, Plan, Statement
from apps.plans.queries.people import may_decide
from apps.ui.exports import file_response, list_name, wanted_file

FIGURE_READERS = (Role.REPORTER, Role.HEAD, Role.OFFICER, Role.LEADER, Role.FINANCE, Role.AUDITOR)
BOARD_READERS = (Role.HEAD, Role.OFFICER, Role.LEADER, Role.FINANCE, Role.AUDITOR)
PLAN_DRAFTERS = (Role.REPORTER, Role.HEAD, Role.OFFICER)
PLAN_REVIEWERS = (Role.HEAD, Role.OFFICER, Role.LEADER)
NOON, EVENING = 12, 18
PROJECTS_A_PAGE = 25


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person and what happened since they last took note."""
    user, today = request.user, request.clock.today
    context = {
        "greeting": _greeting(request.now),
        "is_reporter": user.holds(Role.REPORTER),
        "is_head": user.holds(Role.HEAD),
        "is_admin": user.holds(Role.ADMIN),
        "may_read_journal": user.holds(Role.OFFICER, Role.LEADER, Role.AUDITOR),
        "due": queries.due_groups(user, today) if user.holds(Role.REPORTER) else [],
        "returned": queries.returned(user) if user.holds(Role.REPORTER) else [],
        "waiting": queries.waiting(user) if user.holds(Role.HEAD) else [],
        "plans_waiting": queries.plans_waiting(user) if user.holds(*PLAN_REVIEWERS) else [],
        "plans_returned": queries.plans_returned(user) if user.holds(*PLAN_DRAFTERS) else [],
        "news": queries.news(user) if user.holds(*FIGURE_READERS) else None,
        "year": today.year,
    }
    if user.holds(Role.OFFICER, Role.LEADER, Role.FINANCE, Role.AUDITOR):
        context["outlook"] = queries.outlook(user, today.year, today)
    return render(request, "dashboards/home.html", context)


def _greeting(now: datetime) -> str:
    hour = timezone.localtime(now).hour
    if hour < NOON:
        return _("早上好。")
    return _("下午好。") if hour < EVENING else _("晚上好。")


@login_required
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Take note of the news up to the latest one that was on the page."""
    at = parse_datetime(request.POST.get("until", ""))
    if at is None or at > request.now:
        raise Http404
    actions.take_note(user=request.user, at=at)
    return redirect("dashboards:home")


@login_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show the year on one page."""
    if not request.user.holds(*BOARD_READERS):
        raise Http404
    year = request.clock.today.year
    shown = queries.board(request.user, year, request.clock.today)
    return render(request, "dashboards/board.html", {"board": shown, "year": year, "today": request.clock.today})


@login_required
@require_GET
def heat(request: HttpRequest, year: int) -> HttpResponse:
    """Show the indicators by districts; fetched by the board after itself."""
    if not request.user.holds(*BOARD_READERS):
        raise Http404
    return render(request, "dashboards/_heat.html", {"heat": queries.heat(request.user, year, request.clock.today)})


@login_required
@require_GET
def projects(request: HttpRequest) -> HttpResponseBase:
    """List the projects of a year, or send them as a file; this year's unless another is asked for."""
    if not request.user.holds(*FIGURE_READERS):
        raise Http404
    asked = request.GET.copy()
    asked.setdefault("year", str(request.clock.today.year))
    plans = Plan.objects.visible_to(request.user).in_force().select_related("project__execution", "approved__scheme")
    search = ProjectFilter(asked, queryset=plans.with_budget())
    table = ProjectTable(search.qs, today=request.clock.today)
    kind = wanted_file(request)
    RequestConfig(request, paginate=False if kind else {"per_page": PROJECTS_A_PAGE}).configure(table)
    if kind:
        return file_response(table, list_name(request, _("项目清单")), kind)
    table.load(list(table.paginated_rows.data))
    return render(request, "dashboards/project_list.html", {"filter": search, "table": table})


@login_required
@require_GET
def project(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show one project in one year."""
    plans = Plan.objects.visible_to(request.user).select_related(
        "project__execution", "project__division", "approved__scheme"
    )
    page = queries.project_page(get_object_or_404(plans, pk=plan_id), request.clock.today)
    return render(request, "dashboards/project_page.html", {"page": page, "today": request.clock.today})


@login_required
@require_GET
def indicator(request: HttpRequest, indicator_id: int) -> HttpResponse:
    """Show one indicator: its course, its members, its figures."""
    page = queries.indicator_page(_indicator(request, indicator_id), request.clock.today)
    if page is None:
        raise Http404
    is_open = page.target is not None and page.target.status != TargetStatus.FINAL
    context = {
        "page": page,
        "today": request.clock.today,
        "may_decide": is_open and may_decide(request.user, page.indicator.plan.project),
    }
    return render(request, "dashboards/indicator_page.html", context)


@login_required
@require_GET
def members(request: HttpRequest, indicator_id: int) -> HttpResponse:
    """Show an indicator's members with their figures; fetched by the pages of project and indicator."""
    page = queries.member_page(_indicator(request, indicator_id), request.clock.today)
    return render(request, "dashboards/_members.html", {"page": page, "measure": page.measure})


@login_required
@require_GET
def figures(request: HttpRequest, indicator_id: int) -> HttpResponse:
    """Show the figures and targets behind an indicator; fetched by its page."""
    page = queries.figure_page(_indicator(request, indicator_id))
    return render(request, "dashboards/_figures.html", {"page": page, "measure": page.measure})


def _indicator(request: HttpRequest, indicator_id: int) -> Indicator:
    rows = Indicator.objects.visible_to(request.user).select_related(
        "measure", "plan__project__bureau", "plan__approved__scheme"
    )
    return get_object_or_404(rows, pk=indicator_id)


@login_required
@require_GET
def budgets(request: HttpRequest) -> HttpResponse:
    """Lead to the latest published budget that the person may see."""
    statement = Statement.objects.visible_to(request.user).order_by("-year", "pk").first()
    if statement is None:
        raise Http404
    return redirect("dashboards:budget", statement.year)


@login_required
@require_GET
def budget(request: HttpRequest, year: int) -> HttpResponse:
    """Show a bureau's published budget and what it makes one ask; `bureau` chooses among several."""
    statements = Statement.objects.visible_to(request.user).in_year(year).select_related("bureau")
    if code := request.GET.get("bureau"):
        statements = statements.filter(bureau__code=code)
    statement = statements.order_by("bureau__path", "pk").first()
    if statement is None:
        raise Http404
    return render(request, "dashboards/budget_page.html", {"page": queries.budget_page(statement.bureau, year)})
