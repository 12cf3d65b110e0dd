"""The steps of a plan on its way to approval, what waits for a person, and versions side by side."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.enums import Role
from apps.files.actions import FileRefused, store_file
from apps.files.queries import suffix_of
from apps.files.views import stored_file_response
from apps.plans.actions import approval, decisions, drafts
from apps.plans.enums import VersionState
from apps.plans.forms.approval import AdjustmentForm, DecisionForm
from apps.plans.models import Indicator, Plan, PlanVersion
from apps.plans.queries.approval import versions_of, waiting_versions
from apps.plans.queries.people import may_decide, may_draft
from apps.plans.queries.proposals import open_target
from apps.plans.queries.side_by_side import side_by_side

REVIEWERS = (Role.HEAD, Role.OFFICER, Role.LEADER)
NOT_YOURS = (approval.NotYourTurn, approval.OwnPlan, drafts.NotYours, decisions.NotYourDecision)
LONGEST_KEY = 18


@login_required
@require_POST
def submit(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Send the draft to the head of its division."""
    return _step(request, plan_id, approval.submit_version, _("已提交，正在等处室负责人审核。"))


@login_required
@require_POST
def pass_(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Pass the version on, or approve it at the last stage."""
    more = {"seen": _number(request.POST.get("seen", "")), "today": request.clock.today}
    return _step(request, plan_id, approval.pass_version, _("已通过。"), **more)


@login_required
@require_POST
def return_(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Send the version back with a reason."""
    more = {"seen": _number(request.POST.get("seen", "")), "reason": request.POST.get("reason", "")}
    return _step(request, plan_id, approval.return_version, _("已退回，拟稿人会收到提醒。"), **more)


@login_required
@require_POST
def recall(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Take back what nobody has passed yet."""
    return _step(request, plan_id, approval.recall_version, _("已收回，可以继续修改。"))


@login_required
@require_POST
def withdraw(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Drop the draft."""
    return _step(request, plan_id, approval.withdraw_version, _("已撤销。"))


def _step(request: HttpRequest, plan_id: int, act: Callable, done: str, **more) -> HttpResponse:
    """Take one step with the plan's open version, say how it went, and lead back to the plan."""
    plan = _plan(request, plan_id)
    version = plan.versions.open().first()
    if version is None:
        messages.error(request, _("该项目没有正在办理的版本，请刷新页面。"))
        return redirect("plans:editor", plan_id=plan.pk)
    try:
        act(version=version, person=request.user, at=request.now, **more)
    except NOT_YOURS as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except approval.ApprovalRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("plans:editor", plan_id=plan.pk)


@login_required
@require_http_methods(["GET", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person, and pass or return what they chose, each by itself."""
    if not request.user.holds(*REVIEWERS):
        raise Http404
    chosen = {_number(text) for text in request.POST.getlist("version")}
    refusal = _refusal(request, chosen) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        _handle_chosen(request, chosen)
        return redirect("plans:queue")
    context = {
        "rows": waiting_versions(request.user),
        "refusal": refusal,
        "chosen": chosen,
        "reason": request.POST.get("reason", ""),
        "page_title": _("等您审核的目标"),
    }
    return render(request, "plans/approval_queue.html", context, status=422 if refusal else 200)


def _refusal(request: HttpRequest, chosen: set[int]) -> str:
    """Return what is missing before anything can be done with what was chosen, empty where nothing is."""
    if not chosen:
        return _("请先勾选要审核的目标。")
    if request.POST.get("verdict") == "return" and not request.POST.get("reason", "").strip():
        return _("退回时请写明原因，拟稿人才知道要改什么。")
    return ""


def _handle_chosen(request: HttpRequest, chosen: set[int]) -> None:
    """Pass or return every chosen version in a transaction of its own and say how each went."""
    act, done, more = approval.pass_version, _("已通过：%(version)s"), {"today": request.clock.today}
    if request.POST.get("verdict") == "return":
        act, done, more = approval.return_version, _("已退回：%(version)s"), {"reason": request.POST["reason"]}
    rows = PlanVersion.objects.visible_to(request.user).filter(pk__in=chosen).select_related("plan__project")
    for version in rows.distinct().order_by("plan__project__number", "pk"):
        seen = _number(request.POST.get(f"seen-{version.pk}", ""))
        try:
            act(version=version, person=request.user, seen=seen, at=request.now, **more)
        except approval.ApprovalRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done % {"version": version})


@login_required
@require_http_methods(["GET", "POST"])
def adjust(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Ask to change an approved plan: why, by which document; then lead to the draft."""
    plan = _plan(request, plan_id)
    if not may_draft(request.user, plan.project):
        raise PermissionDenied(_("您不能编制“%(project)s”的绩效目标。") % {"project": plan.project})
    if plan.approved is None or plan.versions.open().exists():
        return redirect("plans:editor", plan_id=plan.pk)
    form = AdjustmentForm(*_typed(request))
    if form.is_valid() and _adjusted(request, plan, form):
        messages.success(request, _("已打开调整版本，请修改后提交；提交前可以看到对得分的影响。"))
        return redirect("plans:editor", plan_id=plan.pk)
    context = {"form": form, "plan": plan, "page_title": _("申请调整")}
    return render(request, "plans/adjustment_form.html", context, status=422 if form.is_bound else 200)


def _adjusted(request: HttpRequest, plan: Plan, form: AdjustmentForm) -> bool:
    said = form.cleaned_data
    try:
        drafts.open_adjustment(
            plan=plan,
            reason=said["reason"],
            document=said["document"],
            file=_file(request, said["file"]),
            person=request.user,
            at=request.now,
        )
    except FileRefused as refusal:
        form.add_error("file", str(refusal))
    except drafts.DraftRefused as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


def _typed(request: HttpRequest) -> tuple:
    """Return what a form is bound to; nothing while it is only looked at."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _file(request: HttpRequest, upload):
    return store_file(content=upload, name=upload.name, person=request.user, at=request.now) if upload else None


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, indicator_id: int) -> HttpResponse:
    """Take in the document that decides a target which the plan left open."""
    rows = Indicator.objects.visible_to(request.user).select_related("measure", "plan__project__bureau")
    indicator = get_object_or_404(rows, pk=indicator_id)
    if not may_decide(request.user, indicator.plan.project):
        raise PermissionDenied(_("指标值由本单位的绩效管理岗凭审定文件录入。"))
    target, terms = open_target(indicator), indicator.terms.filter(version=indicator.plan.approved_id).first()
    if target is None or terms is None:
        messages.info(request, _("该指标没有待定或暂定的指标值；已确定的指标值要改，请申请调整。"))
        return redirect("plans:editor", plan_id=indicator.plan_id)
    first = {"effective_on": request.clock.today, "value": None, "due_on": target.due_on}
    form = DecisionForm(*_typed(request), target=target, measure=indicator.measure, initial=first)
    if form.is_valid() and _decided(request, indicator, form):
        messages.success(request, _("已审定，进度和得分按新的指标值计算；这不算调整。"))
        return redirect("dashboards:indicator", indicator_id=indicator.pk)
    context = {"form": form, "indicator": indicator, "terms": terms, "target": target, "page_title": _("审定指标值")}
    return render(request, "plans/decision_form.html", context, status=422 if form.is_bound else 200)


def _decided(request: HttpRequest, indicator: Indicator, form: DecisionForm) -> bool:
    said = form.cleaned_data
    try:
        decisions.decide_target(
            indicator=indicator,
            decision=form.decision(),
            document=said["document"],
            decided_by=said["decided_by"],
            effective_on=said["effective_on"],
            file=_file(request, said["file"]),
            reason=said["reason"],
            person=request.user,
            at=request.now,
        )
    except FileRefused as refusal:
        form.add_error("file", str(refusal))
    except decisions.DecisionRefused as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


@login_required
@require_GET
def compare(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show two versions side by side: those asked for by number, else the approved one and the newest."""
    plan = _plan(request, plan_id)
    versions = versions_of(plan)
    if not versions:
        raise Http404
    older = next((row for row in reversed(versions[:-1]) if row.state == VersionState.APPROVED), versions[0])
    left, right = _asked(request, "left", versions, older), _asked(request, "right", versions, versions[-1])
    for version in (left, right):
        version.plan = plan
    context = {"plan": plan, "versions": versions, "page": side_by_side(left, right), "page_title": _("版本比较")}
    return render(request, "plans/comparison.html", context)


def _asked(request: HttpRequest, side: str, versions: list[PlanVersion], otherwise: PlanVersion) -> PlanVersion:
    """Return the version that a side of the comparison asks for by number; 404 where there is none of it."""
    if side not in request.GET:
        return otherwise
    found = next((row for row in versions if row.number == _number(request.GET[side])), None)
    if found is None:
        raise Http404
    return found


@login_required
@require_GET
def document(request: HttpRequest, version_id: int) -> FileResponse:
    """Serve the document by which a version was asked for, as a download."""
    rows = PlanVersion.objects.visible_to(request.user).filter(file__isnull=False).select_related("file")
    version = get_object_or_404(rows, pk=version_id)
    name = "".join("_" if sign in r'\/:*?"<>|' or not sign.isprintable() else sign for sign in version.document)
    return stored_file_response(version.file, f"{name or '调整依据'}{suffix_of(version.file)}")


def _plan(request: HttpRequest, plan_id: int) -> Plan:
    rows = Plan.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("project__bureau", "project__division", "approved"), pk=plan_id)


def _number(text: str) -> int:
    """Return the number that was sent, 0 for what is none; nothing longer is any row's."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else 0
