"""The page on which a plan is made: pieces that open in place, are saved one by one, and can be taken back."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from apps.plans.actions import pieces, results
from apps.plans.actions.contents import ContentRefused
from apps.plans.actions.drafts import ChangedMeanwhile, DraftRefused, NotYours, PlanLocked, edit, undo
from apps.plans.forms.editor import BaselineForm
from apps.plans.forms.editor.desks import Desk, desk_for
from apps.plans.forms.editor.indicators import NEW
from apps.plans.models import IndicatorTerms, Measure, Member, Plan, PlanVersion
from apps.plans.queries.approval import approval_of
from apps.plans.queries.contents import content_of
from apps.plans.queries.editing import (
    PARTS,
    EditorPage,
    anchor,
    editor_page,
    fingerprint,
    free_measure_code,
    label_of,
    piece_of,
    place_name,
    plan_on_the_table,
)
from apps.plans.queries.library import library as library_rows

STEPS = {"up": -1, "down": 1}
UNPROCESSABLE = 422
LONGEST_KEY = 18
Made = Callable[[pieces.PlanContent], pieces.PlanContent]


@dataclass
class Opened:
    """The piece that is open as a form: what was typed into it, and what is in the way of saving it.

    `seen` is the fingerprint of the piece as the person saw it; `now` is True where it says something else by now.
    """

    part: str
    name: str
    desk: Desk
    seen: str
    refusal: str = ""
    is_changed: bool = False

    @property
    def key(self) -> str:
        """Return part and name as one word, by which a template finds its own piece."""
        return f"{self.part}/{self.name}"

    @property
    def anchor(self) -> str:
        """Return the id of the piece on the page."""
        return "piece-new" if self.name == NEW else anchor(self.part, self.name)


@login_required
@require_GET
def editor(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show the plan, with the piece open that is asked for by `open` where there is one."""
    page = _page(request, plan_id)
    part, _slash, name = request.GET.get("open", "").partition("/")
    opened = _opened(request, page, part, name) if page.may_edit and part in PARTS else None
    return _render(request, page, opened)


@login_required
@require_http_methods(["GET", "POST"])
def piece(request: HttpRequest, plan_id: int, part: str, name: str) -> HttpResponse:
    """Open a piece as a form, shut it again (`shut`), or save what was typed into it."""
    page = _page(request, plan_id)
    _require_part(page, part, name)
    if request.method == "GET" and "shut" in request.GET:
        return _row(request, page, part, name) if request.GET["shut"] != "nothing" else HttpResponse()
    _require_editable(page)
    opened = _opened(request, page, part, name, request.POST if request.method == "POST" else None)
    if request.method == "GET":
        return _form(request, page, opened)
    return _save(request, page, opened)


def _save(request: HttpRequest, page: EditorPage, opened: Opened) -> HttpResponse:
    if not opened.desk.is_valid():
        return _form(request, page, opened, UNPROCESSABLE)
    change = opened.desk.change(opened.name)
    guarded = pieces.unless_changed(change, part=opened.part, name=opened.name, seen=opened.seen)
    try:
        label = label_of(page.content, change(page.content))
        after = edit(version=page.version, person=request.user, at=request.now, label=label, change=guarded)
    except (PlanLocked, NotYours) as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except ChangedMeanwhile as refusal:
        opened.refusal, opened.is_changed = str(refusal), True
        page = _page(request, page.plan.pk)
        opened.seen = fingerprint(page.content, opened.part, opened.name)
        return _form(request, page, opened, UNPROCESSABLE)
    except (DraftRefused, ContentRefused) as refusal:
        opened.refusal = str(refusal)
        return _form(request, page, opened, UNPROCESSABLE)
    return _done(request, page.plan.pk, opened.part, opened.desk.landed(opened.name, page.content, after))


@login_required
@require_POST
def deed(request: HttpRequest, plan_id: int, deed: str, part: str, name: str) -> HttpResponse:
    """Move, double, remove or confirm a piece."""
    page = _page(request, plan_id)
    change, label = _deed(page, deed, part, name)
    _require_part(page, part, name)
    _require_editable(page)
    seen = request.POST.get("seen", "") if deed == "remove" else ""
    guarded = pieces.unless_changed(change, part=part, name=name, seen=seen)
    try:
        after = edit(version=page.version, person=request.user, at=request.now, label=label, change=guarded)
    except (PlanLocked, NotYours) as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except (DraftRefused, ContentRefused) as refusal:
        return _refused(request, plan_id, str(refusal), anchor(part, name))
    return _done(request, plan_id, part, _landed(deed, part, name, page.content, after))


@login_required
@require_POST
def take_back(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Take back the last change, if it is still the one that the page showed."""
    page = _page(request, plan_id)
    _require_editable(page)
    shown = _whole(request.POST.get("last", ""))
    try:
        label = undo(version=page.version, person=request.user, at=request.now, shown=shown)
    except (PlanLocked, NotYours) as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except (DraftRefused, ContentRefused) as refusal:
        return _refused(request, plan_id, str(refusal))
    return _done(request, plan_id, "", "", _("已撤销：%(label)s。") % {"label": label})


@login_required
@require_POST
def reading(request: HttpRequest, plan_id: int, name: str) -> HttpResponse:
    """Show what the words of a target are read as, and the fields that follow from what is typed so far."""
    page = _page(request, plan_id)
    _require_part(page, "indicators", name)
    _require_editable(page)
    opened = _opened(request, page, "indicators", name, request.POST)
    opened.desk.form.hush()
    return render(request, "plans/_editor_indicator_live.html", {"page": page, "desk": opened.desk, "name": name})


@login_required
@require_GET
def library(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Search measures of other plans and years to use again under a goal."""
    page = _page(request, plan_id)
    _require_editable(page)
    words = request.GET.get("words", "").replace("\0", "").strip()[:100]
    rows = library_rows(request.user, words, page.plan.project.bureau)
    context = {
        "page": page,
        "new": NEW,
        "rows": [row for row in rows if row.indicator_terms],
        "words": words,
        "goal": request.GET.get("goal", ""),
    }
    return render(request, "plans/_editor_library.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def baseline(request: HttpRequest, plan_id: int, code: str) -> HttpResponse:
    """Write down what a measure came to in an earlier year."""
    page = _page(request, plan_id)
    _require_part(page, "measures", code)
    _require_editable(page)
    measure = get_object_or_404(
        Measure.objects.select_related("bureau", "division"), bureau=page.places.bureau, code=code
    )
    form = BaselineForm(request.POST or None, page=page, measure=piece_of(page.content, "measures", code))
    if request.method == "POST" and form.is_valid() and _noted(request, form, measure):
        return _done(request, plan_id, "measures", code)
    context = {"page": page, "form": form, "code": code, "measure": measure}
    status = UNPROCESSABLE if request.method == "POST" else 200
    if not request.htmx:
        return _render(request, page, status=status, more={"baseline": context})
    return render(request, "plans/_editor_baseline.html", context, status=status)


def _noted(request: HttpRequest, form: BaselineForm, measure: Measure) -> bool:
    typed = form.cleaned_data
    member = None
    if typed["member"]:
        member = Member.objects.get(bureau=measure.bureau, dimension=measure.dimension, code=typed["member"])
    try:
        results.note_result(
            measure=measure,
            year=int(typed["year"]),
            member=member,
            value=typed["value"],
            document=typed["document"],
            reason=typed["reason"],
            person=request.user,
            at=request.now,
        )
    except results.ResultRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


# What the page needs --------------------------------------------------------------------------------------------------


def _page(request: HttpRequest, plan_id: int) -> EditorPage:
    """Return the page of a plan that the person may see; 404 where there is none."""
    rows = Plan.objects.visible_to(request.user).select_related("project__bureau", "project__division", "approved")
    plan = get_object_or_404(rows, pk=plan_id)
    version = plan_on_the_table(plan)
    if version is None:
        raise Http404
    version.plan = plan
    return editor_page(version, plan, request.user)


def _require_part(page: EditorPage, part: str, name: str) -> None:
    """Raise 404 for a piece that is not in the plan; a new one is not there yet."""
    is_new = name == NEW and part not in ("head", "measures")
    if part not in PARTS or not (is_new or piece_of(page.content, part, name) is not None):
        raise Http404


def _require_editable(page: EditorPage) -> None:
    if not page.may_edit:
        raise PermissionDenied(page.why_locked)


def _opened(request: HttpRequest, page: EditorPage, part: str, name: str, data=None) -> Opened | None:
    """Return a piece as an open form; None for one that is not there."""
    found = None if name == NEW else piece_of(page.content, part, name)
    if found is None and name != NEW:
        return None
    said = data if data is not None else request.GET
    desk = desk_for(
        part,
        page=page,
        piece=found,
        data=data,
        goal=_whole(said.get("goal", "")),
        below=said.get("below", ""),
        today=request.clock.today,
        borrowed=_borrowed(request, page, said.get("terms-library") or said.get("library", "")),
        fresh_code=lambda: free_measure_code(page.plan),
    )
    seen = fingerprint(page.content, part, name) if found is not None else ""
    return Opened(part, name, desk, data.get("seen", "") if data is not None else seen)


def _borrowed(request: HttpRequest, page: EditorPage, key: str):
    """Return the indicator and the measure that were chosen from the library, None where nothing fit was."""
    if not _whole(key):
        return None
    rows = IndicatorTerms.objects.filter(
        version__in=PlanVersion.objects.visible_to(request.user), indicator__measure__bureau=page.places.bureau
    )
    terms = rows.select_related("version__scheme", "indicator").filter(pk=_whole(key)).first()
    if terms is None:
        return None
    content = content_of(terms.version)
    indicator = content.indicator(terms.indicator.code)
    return (indicator, content.measure_of(indicator), terms.pk) if indicator else None


def _whole(text: str) -> int | None:
    """Return the number of a row that was sent, None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY else None


# Deeds ----------------------------------------------------------------------------------------------------------------


def _deed(page: EditorPage, deed: str, part: str, name: str) -> tuple[Made, str]:
    """Return the change that a button asks for and what it is called; 404 for what no button asks."""
    number = _whole(name)
    key = number if part in ("goals", "directions", "budget") else name
    removes = {
        "goals": pieces.remove_goal,
        "directions": pieces.remove_direction,
        "budget": pieces.remove_budget_line,
        "indicators": pieces.remove_indicator,
    }
    moves = {
        "goals": pieces.move_goal,
        "directions": pieces.move_direction,
        "indicators": pieces.move_indicator,
    }
    if key is None:
        raise Http404
    if deed == "remove" and part in removes:
        words = _("删除%(place)s") % {"place": place_name(part, name)}
        return lambda content: removes[part](content, key), words
    if deed in STEPS and part in moves:
        words = _("移动%(place)s") % {"place": place_name(part, name)}
        return lambda content: moves[part](content, key, STEPS[deed]), words
    if (deed, part) == ("share", "indicators"):
        return lambda content: pieces.share_weights(content, page.weights.by_class), _("平分余下的分值")
    return _deed_of_indicator(deed, part, name)


def _deed_of_indicator(deed: str, part: str, name: str) -> tuple[Made, str]:
    if part != "indicators":
        raise Http404
    if deed == "duplicate":
        return lambda content: pieces.duplicate_indicator(content, name), _("复制指标 %(code)s") % {"code": name}
    if deed == "confirm":
        words = _("确认指标 %(code)s 的对应关系") % {"code": name}
        return lambda content: pieces.confirm_pairing(content, name), words
    if deed == "settle":
        return pieces.confirm_weights, _("确认建议分值")
    raise Http404


def _landed(deed: str, part: str, name: str, before: pieces.PlanContent, after: pieces.PlanContent) -> str:
    """Return the name that the piece has after a deed; of what was doubled, that of the double."""
    if deed == "duplicate":
        there = {row.code for row in before.indicators}
        return next((row.code for row in after.indicators if row.code not in there), name)
    if deed in STEPS and part in ("goals", "directions"):
        moved = str((_whole(name) or 0) + STEPS[deed])
        return moved if piece_of(after, part, moved) is not None else name
    return name


# Answers --------------------------------------------------------------------------------------------------------------


def _context(page: EditorPage, opened: Opened | None = None) -> dict:
    context = {"page": page, "opened": opened, "open_key": opened.key if opened else "", "new": NEW}
    if opened and opened.is_changed:
        context |= {"current": page.row(opened.part, opened.name), "current_page": replace(page, may_edit=False)}
    return context


def _render(
    request: HttpRequest, page: EditorPage, opened: Opened | None = None, status: int = 200, more: dict | None = None
) -> HttpResponse:
    """Return the whole page."""
    page = replace(page, approval=approval_of(page.version, request.user))
    return render(request, "plans/editor.html", _context(page, opened) | (more or {}), status=status)


def _form(request: HttpRequest, page: EditorPage, opened: Opened, status: int = 200) -> HttpResponse:
    """Return a piece as a form; the whole page with it where no script asks."""
    if not request.htmx:
        return _render(request, page, opened, status)
    return render(request, "plans/_editor_form.html", _context(page, opened), status=status)


def _row(request: HttpRequest, page: EditorPage, part: str, name: str) -> HttpResponse:
    """Return a piece as it is read; nothing for one that was never made."""
    if not request.htmx:
        return redirect(f"{reverse('plans:editor', args=[page.plan.pk])}#{anchor(part, name)}")
    context = _context(page) | {"part": part, "name": name, "row": page.row(part, name)}
    return render(request, "plans/_editor_row.html", context)


def _done(request: HttpRequest, plan_id: int, part: str, name: str, said: str = "") -> HttpResponse:
    """Return the page's body as it is now, and tell its scripts that something changed and where to go on."""
    place = anchor(part, name) if part else ""
    if not request.htmx:
        if said:
            messages.success(request, said)
        return redirect(f"{reverse('plans:editor', args=[plan_id])}{'#' if place else ''}{place}")
    page = _page(request, plan_id)
    answer = render(request, "plans/_editor_body.html", _context(page) | {"said": said})
    answer = reswap(retarget(answer, "#editor-body"), "outerHTML")
    answer = trigger_client_event(answer, "plan-changed", {}, after="settle")
    return trigger_client_event(answer, "piece-saved", {"place": place}, after="settle")


def _refused(request: HttpRequest, plan_id: int, sentence: str, place: str = "") -> HttpResponse:
    """Say why something was not done, where the person is; the page is shown anew, and goes on at `place`."""
    if not request.htmx:
        messages.error(request, sentence)
        return redirect("plans:editor", plan_id=plan_id)
    page = _page(request, plan_id)
    refusal = {"refusal": sentence, "refused_at": place}
    answer = render(request, "plans/_editor_body.html", _context(page) | refusal, status=UNPROCESSABLE)
    return reswap(retarget(answer, "#editor-body"), "outerHTML")
