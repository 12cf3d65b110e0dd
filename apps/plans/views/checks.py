"""The plan check: a panel beside the editor, a page of its own, and a list of plans."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from apps.plans.actions.drafts import DraftRefused, NotYours, PlanLocked
from apps.plans.actions.explanations import LONGEST, explain
from apps.plans.models import Plan, PlanVersion
from apps.plans.queries.checks import CheckPanel, check_panel, check_plan, check_rows, versions_under_check
from apps.plans.queries.people import may_draft
from apps.plans.querysets import READERS

PLANS_A_PAGE = 25
LONGEST_YEAR = 4


@login_required
@require_http_methods(["GET", "POST"])
def checks(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show what is to be mended or explained in a plan, and take the word for one warning."""
    version = _version(request, plan_id)
    if request.method == "GET":
        return _render(request, check_panel(version, request.user))
    if not may_draft(request.user, version.plan.project):
        raise PermissionDenied(_("您可以查看体检结果，不能填写说明；说明由编制人填写。"))
    key, text = request.POST.get("finding", ""), request.POST.get("text", "")
    refusal = _explain(request, version, key, text)
    if refusal or request.htmx:
        return _render(request, check_panel(version, request.user, text, key, refusal), refusal)
    return redirect("plans:checks", version.plan_id)


def _explain(request: HttpRequest, version: PlanVersion, key: str, text: str) -> str:
    """Give the word for the warning named, and return the sentence of what is in the way, empty where nothing is."""
    finding = next((row for row in check_plan(version) if row.key == key), None)
    if finding is None:
        return _("这一项已经解决，不需要说明。")
    try:
        explain(version=version, finding=finding, text=text, person=request.user, at=request.now)
    except (NotYours, PlanLocked) as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except DraftRefused as refusal:
        return str(refusal)
    return ""


def _render(request: HttpRequest, panel: CheckPanel, refusal: str = "") -> HttpResponse:
    """Answer with the panel alone for htmx, which swaps only what succeeds, and else with the page around it."""
    context = {
        "panel": panel,
        "plan": panel.version.plan,
        "version": panel.version,
        "longest": LONGEST,
        "notice": refusal if not any(line.refusal for group in panel.groups for line in group.lines) else "",
        "page_title": _("目标体检"),
    }
    if request.htmx:
        return render(request, "plans/_checks.html", context)
    return render(request, "plans/check_page.html", context, status=422 if refusal else 200)


@login_required
@require_GET
def check_list(request: HttpRequest) -> HttpResponse:
    """List the plans of a year with how much there is to mend in each; this year's unless another is asked for."""
    if not request.user.holds(*READERS):
        raise Http404
    year = _year(request)
    plans = Plan.objects.visible_to(request.user).in_year(year)
    plans = plans.select_related("project").order_by("project__number", "pk")
    page = Paginator(plans, PLANS_A_PAGE).get_page(request.GET.get("page"))
    context = {"rows": check_rows(list(page.object_list)), "page": page, "year": year, "page_title": _("目标体检")}
    return render(request, "plans/check_list.html", context)


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == LONGEST_YEAR else request.clock.today.year


def _version(request: HttpRequest, plan_id: int) -> PlanVersion:
    """Return the version under check of a plan that the person may see; 404 where there is none."""
    plan = get_object_or_404(Plan.objects.visible_to(request.user), pk=plan_id)
    version = versions_under_check([plan]).get(plan.pk)
    if version is None:
        raise Http404
    return version
