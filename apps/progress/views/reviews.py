"""The queue in which figures are reviewed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.enums import Role
from apps.progress import actions
from apps.progress.queries import queue_groups
from apps.progress.views.requests import row_numbers


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person's review."""
    if not request.user.holds(Role.HEAD):
        raise Http404
    return _render_queue(request)


@login_required
@require_POST
def review(request: HttpRequest) -> HttpResponse:
    """Approve or return the chosen figures; a refusal leaves everything as it was, the reason typed included."""
    if not request.user.holds(Role.HEAD):
        raise Http404
    chosen = sorted(row_numbers(request.POST.getlist("revision")))
    if not chosen:
        return _render_queue(request, refusal=_("请先勾选要审核的数据。"), status=422)
    try:
        done = _review(request, chosen)
    except actions.Refused as refusal:
        return _render_queue(request, refusal=refusal.sentence, chosen=chosen, status=422)
    messages.success(request, done)
    return redirect("progress:queue")


def _review(request: HttpRequest, chosen: list[int]) -> str:
    """Do what the pressed button says and return the sentence of thanks."""
    if request.POST.get("verdict") == "return":
        actions.return_(
            revision_ids=chosen, reviewer=request.user, reason=request.POST.get("reason", ""), at=request.now
        )
        return ngettext("已退回 %(n)d 条，填报人会收到提醒。", "已退回 %(n)d 条，填报人会收到提醒。", len(chosen)) % {
            "n": len(chosen)
        }
    actions.approve(revision_ids=chosen, reviewer=request.user, today=request.clock.today, at=request.now)
    return ngettext("已通过 %(n)d 条，完成情况已更新。", "已通过 %(n)d 条，完成情况已更新。", len(chosen)) % {
        "n": len(chosen)
    }


def _render_queue(
    request: HttpRequest, refusal: str = "", chosen: list[int] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "groups": queue_groups(request.user),
        "refusal": refusal,
        "chosen": chosen or [],
        "reason": request.POST.get("reason", ""),
        "page_title": _("审核"),
    }
    return render(request, "progress/review_queue.html", context, status=status)
