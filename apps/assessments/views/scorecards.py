"""The page on which a plan's year is scored."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.enums import Role
from apps.assessments import actions
from apps.assessments.models import Assessment
from apps.assessments.queries import Scorecard, effect, scorecard
from apps.calculation.scoring import grade_label
from apps.plans.models import Plan, PlanVersion
from apps.plans.querysets import READERS


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the score of the plans that have one."""
    if not request.user.holds(*READERS):
        raise Http404
    plans = (
        Plan.objects.visible_to(request.user)
        .filter(approved__scheme__isnull=False)
        .select_related("project")
        .order_by("-year", "project__number", "pk")
    )
    return render(request, "assessments/plan_list.html", {"plans": plans, "page_title": _("自评")})


@login_required
@require_GET
def card(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show the score as the figures stand, a sentence per line, and what was drawn up before."""
    plan = _plan(request, plan_id)
    found = scorecard(plan, request.clock.today)
    context = {
        "plan": plan,
        "card": found,
        "grade": _grade(found),
        "assessments": Assessment.objects.filter(plan=plan)
        .select_related("drawn_up_by")
        .prefetch_related("lines__indicator__measure"),
        "may_draw_up": _is_officer(request, plan),
        "page_title": _("自评"),
    }
    return render(request, "assessments/scorecard.html", context)


@login_required
@require_GET
def effect_of(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show what a version on its way would do to the score; fetched by the pages on which it is drafted and passed."""
    rows = PlanVersion.objects.visible_to(request.user).select_related(
        "plan__project__execution", "plan__approved__scheme", "scheme"
    )
    found = effect(get_object_or_404(rows.open(), pk=version_id), request.clock.today)
    context = {"effect": found, "grade_before": _grade(found.before), "grade_after": _grade(found.after)}
    return render(request, "assessments/_effect.html", context)


def _grade(card: Scorecard | None) -> str | None:
    """Return the words for the grade of a score that is closed, None while points are open."""
    if card is None or card.total.grade is None:
        return None
    return grade_label(card.total.grade, card.scheme).in_language(get_language() or "zh")


@login_required
@require_POST
def draw_up(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Write the score down as a numbered assessment."""
    plan = _plan(request, plan_id)
    try:
        made = actions.draw_up(plan=plan, officer=request.user, today=request.clock.today, at=request.now)
    except actions.NotYourAssessment as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except actions.NotAssessable as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已生成第 %(number)s 版自评。") % {"number": made.number})
    return redirect("assessments:scorecard", plan_id=plan.pk)


def _plan(request: HttpRequest, plan_id: int) -> Plan:
    rows = Plan.objects.visible_to(request.user).select_related("project__bureau", "approved__scheme")
    return get_object_or_404(rows, pk=plan_id)


def _is_officer(request: HttpRequest, plan: Plan) -> bool:
    return any(plan.project.bureau.path.startswith(path) for path in request.user.paths(Role.OFFICER))
