"""Starting next year from this one: a choice with what there is to judge, and what became of it."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.enums import Role
from apps.plans.actions.roll_over import roll_over as carry_over
from apps.plans.models import Plan
from apps.plans.queries.people import may_draft
from apps.plans.queries.roll_over import candidates
from apps.plans.querysets import READERS

DRAFTERS = (Role.OFFICER, Role.REPORTER, Role.HEAD)
LONGEST_KEY = 18


@login_required
@require_http_methods(["GET", "POST"])
def roll_over(request: HttpRequest) -> HttpResponse:
    """Show a year's approved plans as they would be carried over, and carry over what is chosen."""
    if not request.user.holds(*READERS):
        raise Http404
    if not request.user.holds(*DRAFTERS):
        raise PermissionDenied(_("只有绩效管理岗，或责任处室的填报人、负责人，可以编制绩效目标。"))
    plans = Plan.objects.visible_to(request.user).filter(approved__isnull=False)
    if request.method == "POST":
        return _carried_over(request, plans)
    years = list(plans.order_by("-year").values_list("year", flat=True).distinct())
    year = _year(request, years)
    context = {
        "page_title": _("结转到下一年"),
        "year": year,
        "next_year": year + 1,
        "years": years,
        "candidates": candidates(_mine(request, plans.in_year(year))),
    }
    return render(request, "plans/roll_over.html", context)


def _carried_over(request, plans):
    """Carry over the chosen plans and show what became of each; a second time only says that it is done."""
    chosen = [int(word) for word in request.POST.getlist("plan") if word.isdecimal() and len(word) <= LONGEST_KEY]
    made = carry_over(plans=_mine(request, plans.filter(pk__in=chosen)), person=request.user, at=request.now)
    context = {
        "page_title": _("结转结果"),
        "rows": made,
        "made": sum(row.version is not None for row in made),
        "refused": sum(row.version is None for row in made),
    }
    return render(request, "plans/roll_over_done.html", context)


def _mine(request, plans):
    """Return the plans for whose projects the person drafts, in the order of the form."""
    joined = plans.select_related("project__bureau", "project__division", "approved")
    rows = joined.order_by("project__bureau__path", "project__number", "pk")
    return [plan for plan in rows if may_draft(request.user, plan.project)]


def _year(request, years):
    """Return the year that is asked for; else this one, or the latest that has approved plans."""
    word = request.GET.get("year", "")
    if word.isdecimal() and int(word) in years:
        return int(word)
    today = request.clock.today.year
    return today if today in years or not years else years[0]
