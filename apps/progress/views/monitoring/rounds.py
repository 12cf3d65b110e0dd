"""The rounds of a bureau's monitoring: an officer opens one, closes it, and takes in plans that were approved since."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Unit
from apps.accounts.querysets import below
from apps.plans.models import Plan
from apps.progress.actions import monitoring as actions
from apps.progress.actions.due_days import DueTooFar
from apps.progress.actions.refusals import Refused
from apps.progress.forms.monitoring import MonitoringRoundForm
from apps.progress.forms.rounds import DueDayForm, ReasonForm
from apps.progress.models import MonitoringRound
from apps.progress.queries import monitoring as queries
from apps.ui import formats

DAY_OF_MONTH, MONTHS_OF_WORK = 10, 6


@dataclass
class Card:
    """A round on the page: how far it is, and what may be done with it, by deed; what was refused stands in its form."""

    state: queries.RoundState
    forms: dict[str, Form]

    @property
    def is_refused(self) -> bool:
        """Tell whether something was refused that was typed here."""
        return any(form.errors for form in self.forms.values())


@login_required
@require_http_methods(["GET", "POST"])
def rounds(request: HttpRequest) -> HttpResponse:
    """Show an officer the rounds of their bureau, and open another for every approved plan of a year."""
    bureau = _bureau(request)
    form = _opening(request, bureau, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _opened(request, bureau, form):
        return redirect("progress:monitoring_rounds")
    return _render(request, bureau, form, status=422 if form.is_bound else 200)


def _opening(request: HttpRequest, bureau: Unit, typed: QueryDict | None = None) -> MonitoringRoundForm:
    """Return the form for another round, with the years in which a plan is approved."""
    plans = Plan.objects.in_force().filter(project__bureau=bureau).order_by("-year")
    years = list(dict.fromkeys(plans.values_list("year", flat=True)))
    return MonitoringRoundForm(typed, years=years, initial=_first_values(request.clock.today))


def _first_values(today: date) -> dict[str, object]:
    """Return what a new round is likely to be: the half-year, or the months so far."""
    return {"year": today.year, "month": MONTHS_OF_WORK if today.month <= DAY_OF_MONTH else DAY_OF_MONTH - 1}


def _opened(request: HttpRequest, bureau: Unit, form: MonitoringRoundForm) -> bool:
    try:
        row = actions.open_monitorings(
            bureau=bureau, officer=request.user, today=request.clock.today, at=request.now, **form.cleaned_data
        )
    except Refused as refusal:
        form.add_error(_place_of(refusal), refusal.sentence)
        return False
    count = row.monitorings.count()
    told = ngettext("已开放“%(round)s”：%(count)s 个项目。", "已开放“%(round)s”：%(count)s 个项目。", count)
    messages.success(request, told % {"round": row, "count": count})
    return True


def _place_of(refusal: Refused) -> str | None:
    """Return the field that a refusal speaks of, None where it is the whole."""
    if isinstance(refusal, (actions.DueUnfit, DueTooFar)):
        return "due_on"
    return "title" if isinstance(refusal, actions.TitleUnfit) else None


def _render(
    request: HttpRequest,
    bureau: Unit,
    form: MonitoringRoundForm,
    *,
    tried: tuple[int, str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page; `tried` is what was refused: of which round, which deed, and its form with everything typed."""
    rows = MonitoringRound.objects.filter(bureau=bureau).select_related("opened_by")
    cards = [Card(state, _deeds(state.round)) for state in queries.round_states(list(rows))]
    late = None
    if tried:
        number, deed, typed = tried
        card = next(card for card in cards if card.state.round.pk == number)
        late = None if deed in card.forms else typed
        card.forms |= {} if late else {deed: typed}
    context = {
        "form": form,
        "cards": cards,
        "late": late,
        "today": request.clock.today,
        "bureau": bureau,
        "page_title": _("监控期"),
    }
    return render(request, "progress/monitoring_rounds.html", context, status=status)


def _deeds(row: MonitoringRound) -> dict[str, Form]:
    """Return the forms of what may be done with a round as it stands, by deed."""
    offered = ("add", "close", "reopen") if row.closed_at is None else ("reopen",)
    return {deed: _deed_form(row, deed) for deed in offered}


def _deed_form(row: MonitoringRound, deed: str, typed: QueryDict | None = None) -> Form:
    return DEEDS[deed](typed, auto_id=f"{deed}-{row.pk}-%s")


DEEDS = {"add": Form, "close": ReasonForm, "reopen": DueDayForm}


@login_required
@require_http_methods(["GET", "POST"])
def round_deed(request: HttpRequest, monitoring_round_id: int, deed: str) -> HttpResponse:
    """Close a round, open it again until another day, or take in plans that were approved since.

    Who comes back to the address of a refusal is shown the rounds.
    """
    bureau = _bureau(request)
    row = get_object_or_404(MonitoringRound, pk=monitoring_round_id, bureau=bureau)
    if deed not in DEEDS:
        raise Http404
    if request.method == "GET":
        return redirect("progress:monitoring_rounds")
    form = _deed_form(row, deed, request.POST)
    if form.is_valid():
        try:
            messages.success(request, _act(request, row, deed, form.cleaned_data))
        except Refused as refusal:
            form.add_error(_place_of(refusal) if deed == "reopen" else None, refusal.sentence)
        else:
            return redirect("progress:monitoring_rounds")
    return _render(request, bureau, _opening(request, bureau), tried=(row.pk, deed, form), status=422)


def _act(request: HttpRequest, row: MonitoringRound, deed: str, words: dict[str, Any]) -> str:
    """Do it and return the sentence that says what was done. Raises what the actions refuse."""
    more = {"row": row, "officer": request.user, "at": request.now, **words}
    if deed == "add":
        added = len(actions.add_monitorings(**more))
        if not added:
            return _("没有新批复的项目要补入。")
        return ngettext("已补入 %(count)s 个项目。", "已补入 %(count)s 个项目。", added) % {"count": added}
    if deed == "close":
        return _("已关闭“%(round)s”监控。") % {"round": actions.close_monitorings(**more)}
    moved = actions.reopen_monitorings(today=request.clock.today, **more)
    facts = {
        "round": moved,
        "day": formats.day(moved.due_on, request.clock.today),
        "asked": formats.day(words["due_on"], request.clock.today),
    }
    if moved.due_on == words["due_on"]:
        return _("“%(round)s”监控开放中，截止 %(day)s。") % facts
    return _("“%(round)s”监控开放中。%(asked)s 是休息日，截止日定为 %(day)s。") % facts


def _bureau(request: HttpRequest) -> Unit:
    """Return the bureau of which the person is officer; 404 for whoever is none."""
    units = Unit.objects.filter(below("path", request.user.paths(Role.OFFICER)), kind=UnitKind.BUREAU)
    bureau = units.order_by("path").first()
    if bureau is None:
        raise Http404
    return bureau
