"""The queue in which figures are reviewed, and the list from which an approval is taken back."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.enums import Role
from apps.progress import actions
from apps.progress.queries import recent_approvals, review_queue
from apps.progress.views.requests import row_numbers


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a reviewer asks for: the revisions, whether they go back, and why.

    `row` is the revision whose own button it was, None for what is ticked; `ticked` is what was ticked, whatever was pressed.
    """

    chosen: list[int]
    is_return: bool
    reason: str
    ticked: list[int]
    row: int | None = None


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person's review, or all that waits of one measure and round."""
    _refuse_others(request)
    return _render_queue(request)


@login_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """Approve or return figures singly or in bulk; a refusal leaves everything as it was, the reason typed included.

    Who comes back to the address of such a refusal, in another language say, is shown the queue.
    """
    _refuse_others(request)
    if request.method == "GET":
        return redirect("progress:queue")
    pressed = _pressed(request)
    if not pressed.chosen:
        return _render_queue(request, refusal=_("请先勾选要审核的数据。"), pressed=pressed, status=422)
    try:
        done = _review(request, pressed)
    except actions.Refused as refusal:
        return _render_queue(request, refusal=refusal.sentence, pressed=pressed, status=422)
    messages.success(request, done)
    return redirect("progress:queue")


@login_required
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest) -> HttpResponse:
    """List the approvals that the person may take back, or the one asked for, and take back what is ticked."""
    _refuse_others(request)
    if request.method == "GET":
        return _render_approvals(request)
    chosen = sorted(row_numbers(request.POST.getlist("revision")))
    if not chosen:
        return _render_approvals(request, refusal=_("请先勾选要撤回审核的数据。"), status=422)
    try:
        actions.take_back(
            revision_ids=chosen,
            reviewer=request.user,
            reason=request.POST.get("reason", ""),
            today=request.clock.today,
            at=request.now,
        )
    except actions.Refused as refusal:
        return _render_approvals(request, refusal=refusal.sentence, chosen=chosen, status=422)
    done = ngettext(
        "已撤回 %(n)d 条审核，完成情况已重新计算。", "已撤回 %(n)d 条审核，完成情况已重新计算。", len(chosen)
    )
    messages.success(request, done % {"n": len(chosen)})
    return redirect("progress:queue")


def _refuse_others(request: HttpRequest) -> None:
    if not request.user.holds(Role.HEAD):
        raise Http404


def _pressed(request: HttpRequest) -> Pressed:
    """Return what was asked for: by the buttons of a row or a group, which name their revisions, or for what is ticked."""
    post = request.POST
    reason, ticked = post.get("reason", ""), sorted(row_numbers(post.getlist("revision")))
    for name in ("approve", "return"):
        if name in post:
            chosen = sorted(row_numbers(post[name].split(",")))
            own = post.get(f"reason-{post[name]}", "").strip() or reason
            return Pressed(chosen, name == "return", own, ticked, chosen[0] if len(chosen) == 1 else None)
    return Pressed(ticked, post.get("verdict") == "return", reason, ticked)


def _review(request: HttpRequest, pressed: Pressed) -> str:
    """Do what was asked for and return the sentence of thanks."""
    count = {"n": len(pressed.chosen)}
    if pressed.is_return:
        actions.return_(revision_ids=pressed.chosen, reviewer=request.user, reason=pressed.reason, at=request.now)
        return (
            ngettext("已退回 %(n)d 条，填报人会收到提醒。", "已退回 %(n)d 条，填报人会收到提醒。", count["n"]) % count
        )
    actions.approve(revision_ids=pressed.chosen, reviewer=request.user, today=request.clock.today, at=request.now)
    return ngettext("已通过 %(n)d 条，完成情况已更新。", "已通过 %(n)d 条，完成情况已更新。", count["n"]) % count


def _render_queue(
    request: HttpRequest, refusal: str = "", pressed: Pressed | None = None, status: int = 200
) -> HttpResponse:
    row = pressed.row if pressed else None
    context = {
        "queue": review_queue(request.user, _only(request)),
        "is_alone": _only(request) is not None,
        "refusal": refusal,
        "chosen": set(pressed.ticked) if pressed else set(),
        "reason": request.POST.get("reason", ""),
        "returning": row if pressed and pressed.is_return else None,
        "own_reason": request.POST.get(f"reason-{row}", ""),
        "page_title": _("审核"),
    }
    return render(request, "progress/review_queue.html", context, status=status)


def _only(request: HttpRequest) -> tuple[int, int] | None:
    """Return the round and the measure whose figures alone are asked for, None for all."""
    found = [next(iter(row_numbers([request.GET.get(name, "")])), 0) for name in ("round", "measure")]
    return (found[0], found[1]) if all(found) else None


def _render_approvals(
    request: HttpRequest, refusal: str = "", chosen: list[int] | None = None, status: int = 200
) -> HttpResponse:
    asked = next(iter(row_numbers([request.GET.get("revision", "")])), None)
    context = {
        "approvals": recent_approvals(request.user, request.now, asked),
        "is_alone": asked is not None,
        "refusal": refusal,
        "chosen": chosen or ([asked] if asked else []),
        "reason": request.POST.get("reason", ""),
        "page_title": _("撤回审核"),
    }
    return render(request, "progress/approval_list.html", context, status=status)
