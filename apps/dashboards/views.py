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
from django.views.decorators.vary import vary_on_headers
from django_tables2 import RequestConfig

from apps.accounts.enums import Role
from apps.calendars.forms import Knowledge, knowledge
from apps.dashboards import actions, queries
from apps.dashboards.forms import ProjectFilter
from apps.dashboards.tables import ProjectTable
from apps.plans.enums import TargetStatus
from apps.plans.models import Indicator, Plan, Statement
from apps.plans.queries.people import may_decide
from apps.progress.queries.monitoring import monitorings_to_fill, monitorings_to_review
from apps.ui.exports import file_response, list_name, wanted_file

FIGURE_READERS = (Role.REPORTER, Role.HEAD, Role.OFFICER, Role.LEADER, Role.FINANCE, Role.AUDITOR)
BOARD_READERS = (Role.HEAD, Role.OFFICER, Role.LEADER, Role.FINANCE, Role.AUDITOR)
PLAN_DRAFTERS = (Role.REPORTER, Role.HEAD, Role.OFFICER)
PLAN_REVIEWERS = (Role.HEAD, Role.OFFICER, Role.LEADER)
NOON, EVENING = 12, 18
LONGEST_KEY = 18
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
        "returned": queries.returned(user, today) if user.holds(Role.REPORTER) else [],
        "waiting": queries.waiting(user) if user.holds(Role.HEAD) else [],
        "plans_waiting": queries.plans_waiting(user) if user.holds(*PLAN_REVIEWERS) else [],
        "plans_returned": queries.plans_returned(user) if user.holds(*PLAN_DRAFTERS) else [],
        "to_monitor": monitorings_to_fill(user) if user.holds(*PLAN_DRAFTERS) else [],
        "monitorings_waiting": monitorings_to_review(user) if user.holds(*PLAN_REVIEWERS) else [],
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
    known = knowledge(request)
    year = known.today.year
    shown = queries.board(request.user, year, known.today, known.known_at)
    context = {"board": shown, "year": year, "today": known.today, "known": known}
    return render(request, "dashboards/board.html", context, status=known.status)


@login_required
@require_GET
def heat(request: HttpRequest, year: int) -> HttpResponse:
    """Show the indicators by districts; fetched by the board after itself."""
    if not request.user.holds(*BOARD_READERS):
        raise Http404
    known = knowledge(request)
    shown = queries.heat(request.user, year, known.today, known.known_at)
    return render(request, "dashboards/_heat.html", {"heat": shown, "known": known}, status=known.status)


@login_required
@require_GET
def projects(request: HttpRequest) -> HttpResponseBase:
    """List the projects of a year, or send them as a file; this year's unless another is asked for."""
    if not request.user.holds(*FIGURE_READERS):
        raise Http404
    known = knowledge(request)
    search = _search(request, known)
    table = ProjectTable(search.qs, known=known)
    kind = "" if known.refusal else wanted_file(request)
    RequestConfig(request, paginate=False if kind else {"per_page": PROJECTS_A_PAGE}).configure(table)
    if kind:
        return file_response(table, list_name(request, _("项目清单"), known.as_of), kind)
    table.load(list(table.paginated_rows.data))
    context = {"filter": search, "table": table, "known": known}
    return render(request, "dashboards/project_list.html", context, status=known.status)


def _search(request: HttpRequest, known: Knowledge) -> ProjectFilter:
    """Return the search over the projects that the person may see, of this year unless another is asked for."""
    asked = request.GET.copy()
    asked.setdefault("year", str(known.today.year))
    plans = Plan.objects.visible_to(request.user).in_force()
    if known.known_at:
        plans = plans.approved_by(known.known_at)
    plans = plans.select_related("project__execution", "known__scheme" if known.known_at else "approved__scheme")
    return ProjectFilter(asked, queryset=plans.with_budget(known.known_at), known=known)


@vary_on_headers("HX-Request")
@login_required
@require_GET
def change_counts(request: HttpRequest) -> HttpResponse:
    """Show how much changed in each project since a day; fetched by board and list, a page of its own without them."""
    if not request.user.holds(*FIGURE_READERS):
        raise Http404
    known = knowledge(request)
    counted = (
        queries.change_counts(list(_search(request, known).qs), known.since_at, known.until_at) if known.since else []
    )
    return _part(request, "change_counts", known, {"counted": counted})


@vary_on_headers("HX-Request")
@login_required
@require_GET
def changes(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show what changed in a project since a day, or in one `?indicator=` of it; fetched by the pages of both."""
    rows = Plan.objects.visible_to(request.user).select_related("project__execution")
    known, plan = knowledge(request), get_object_or_404(rows, pk=plan_id)
    indicator = request.GET.get("indicator", "")
    if indicator and not (indicator.isdecimal() and len(indicator) <= LONGEST_KEY):
        raise Http404
    only = int(indicator) if indicator else None
    found = queries.changes(plan, known.since_at, known.until_at, only) if known.since_at else None
    return _part(request, "changes", known, {"changes": found, "plan": plan})


def _part(request: HttpRequest, name: str, known: Knowledge, context: dict) -> HttpResponse:
    """Answer with a part of a page where a page asks for it, with a page of its own where a person does."""
    template = f"dashboards/_{name}.html" if request.htmx else f"dashboards/{name}.html"
    return render(request, template, {"known": known} | context, status=known.status)


@login_required
@require_GET
def project(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show one project in one year."""
    plans = Plan.objects.visible_to(request.user).select_related(
        "project__execution", "project__division", "approved__scheme"
    )
    known = knowledge(request)
    if known.known_at:
        plans = plans.with_known(known.known_at).with_budget(known.known_at)
    plan = get_object_or_404(plans, pk=plan_id)
    page = queries.project_page(plan, known.today, known.known_at)
    context = {"page": page, "today": known.today, "known": known}
    return render(request, "dashboards/project_page.html", context, status=known.status)


@login_required
@require_GET
def indicator(request: HttpRequest, indicator_id: int) -> HttpResponse:
    """Show one indicator: its course, its members, its figures."""
    known, row = knowledge(request), _indicator(request, indicator_id)
    page = queries.indicator_page(row, known.today, known.known_at)
    if page is None and known.as_of:
        context = {"indicator": row, "known": known}
        return render(request, "dashboards/indicator_unknown.html", context, status=known.status)
    if page is None:
        raise Http404
    is_open = page.target is not None and page.target.status != TargetStatus.FINAL
    context = {
        "page": page,
        "today": known.today,
        "known": known,
        "may_decide": is_open and not known.as_of and may_decide(request.user, page.indicator.plan.project),
    }
    return render(request, "dashboards/indicator_page.html", context, status=known.status)


@login_required
@require_GET
def members(request: HttpRequest, indicator_id: int) -> HttpResponse:
    """Show an indicator's members with their figures; fetched by the pages of project and indicator."""
    known = knowledge(request)
    page = queries.member_page(_indicator(request, indicator_id), known.today, known.known_at)
    return render(request, "dashboards/_members.html", {"page": page, "measure": page.measure}, status=known.status)


@login_required
@require_GET
def figures(request: HttpRequest, indicator_id: int) -> HttpResponse:
    """Show the figures and targets behind an indicator; fetched by its page."""
    known = knowledge(request)
    page = queries.figure_page(_indicator(request, indicator_id), known.known_at)
    return render(request, "dashboards/_figures.html", {"page": page, "measure": page.measure}, status=known.status)


def _indicator(request: HttpRequest, indicator_id: int) -> Indicator:
    rows = Indicator.objects.visible_to(request.user).select_related(
        "measure", "plan__project__bureau", "plan__project__execution", "plan__approved__scheme"
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
