"""The rounds of a bureau as its performance officer keeps them."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from apps.plans.enums import Frequency
from apps.progress import actions
from apps.progress.forms.rounds import AgainForm, DueDayForm, ExtraRoundForm, ReasonForm
from apps.progress.models import Entry, Round
from apps.progress.queries.rounds import (
    askable_measures,
    kept_bureaus,
    round_cells,
    round_entries,
    round_row,
    round_rows,
    round_years,
    running_reopenings,
)
from apps.progress.views.requests import row_numbers
from apps.ui import formats

UNCLEAR = 422
CELLS_SHOWN = 100
EXTRA = "extra"
YEAR_DIGITS = 4


@login_required
@require_GET
def office(request: HttpRequest) -> HttpResponse:
    """List a year's rounds with how far each is, and the cells that are open in spite of a closed round."""
    bureau, today = _bureau(request), request.clock.today
    asked = request.GET.get("frequency", "")
    frequency = asked if asked in (*Frequency.values, EXTRA) else ""
    years = round_years(bureau)
    year = _year(request)
    context = {
        "bureau": bureau,
        "bureaus": list(kept_bureaus(request.user)),
        "rows": round_rows(bureau, year, today, frequency),
        "reopenings": running_reopenings(bureau, today),
        "year": year,
        "years": sorted({year, *years}, reverse=True),
        "frequency": frequency,
        "frequencies": [*Frequency.choices, (EXTRA, _("临时"))],
        "today": today,
        "page_title": _("填报期管理"),
    }
    return render(request, "progress/round_office.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open an extra round."""
    bureau = _bureau(request)
    form = ExtraRoundForm(request.POST if request.method == "POST" else None, measures=askable_measures(bureau))
    if request.method == "POST" and form.is_valid():
        made = _done(form, _open, request, bureau)
        if made:
            _tell_opened(request, made, form.cleaned_data["due_on"])
            return redirect("progress:round_office", made.pk)
    _focus(form)
    context = {
        "bureau": bureau,
        "form": form,
        "page_title": _("开一个临时填报期"),
    }
    return render(request, "progress/round_office_new.html", context, status=_status(request))


def _tell_opened(request, made, asked):
    words = {"round": made, "asked": _day(request, asked), "day": _day(request, made.due_on)}
    if made.due_on == asked:
        messages.success(request, _("已开放“%(round)s”，截止 %(day)s。") % words)
    else:
        messages.success(request, _("已开放“%(round)s”。%(asked)s 是休息日，截止日定为 %(day)s。") % words)


def _open(form, request, bureau):
    return actions.open_extra_round(
        bureau=bureau, **form.words(), officer=request.user, today=request.clock.today, at=request.now
    )


@login_required
@require_http_methods(["GET", "POST"])
def office_round(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show one round and its cells; close it, open it again, move its due day, open one cell for one person (`deed`)."""
    rows = Round.objects.filter(bureau__in=kept_bureaus(request.user)).select_related("bureau", "season")
    row = get_object_or_404(rows, pk=round_id)
    entry = _chosen(request, row)
    deed = request.POST.get("deed", "")
    forms = _forms(request, row, entry, deed)
    late = None
    if request.method == "POST":
        if deed not in DEEDS or (deed == "again" and entry is None):
            raise Http404
        form = forms.get(deed)
        if form is None:
            late = ReasonForm(request.POST, prefix=deed)
        elif form.is_valid() and _done(form, DEEDS[deed], request, entry or row):
            return redirect("progress:round_office", row.pk)
        else:
            _focus(form)
    is_asking = "all" not in request.GET
    page = Paginator(round_entries(row, is_asking=is_asking), CELLS_SHOWN).get_page(request.GET.get("page"))
    context = {
        "row": round_row(row, request.clock.today),
        "round": row,
        "forms": forms,
        "chosen": entry,
        "late": late,
        "page": page,
        "cells": round_cells(list(page), request.clock.today),
        "is_asking": is_asking,
        "today": request.clock.today,
        "page_title": str(row),
    }
    return render(request, "progress/round_office_page.html", context, status=_status(request))


def _chosen(request: HttpRequest, row: Round) -> Entry | None:
    """Return the cell that is to be opened again, None where none was chosen; 404 for one of another round."""
    numbers = row_numbers([request.POST.get("cell") or request.GET.get("cell") or ""])
    if not numbers:
        return None
    rows = Entry.objects.filter(round=row).select_related("measure", "member", "reporting_unit", "round__bureau")
    return get_object_or_404(rows, pk__in=numbers)


def _forms(request: HttpRequest, row: Round, entry: Entry | None, deed: str) -> dict:
    """Return the forms that make sense as the round stands, by deed; what was posted is in its own."""
    typed = {deed: request.POST}
    if row.closed_at is None:
        due = DueDayForm(typed.get("due"), prefix="due", initial={"due_on": row.due_on})
        return {"due": due, "close": ReasonForm(typed.get("close"), prefix="close")}
    forms = {"reopen": ReasonForm(typed.get("reopen"), prefix="reopen")}
    if entry is not None:
        people = actions.reporters_of(entry)
        forms["again"] = AgainForm(typed.get("again"), prefix="again", people=people, today=request.clock.today)
    return forms


def _close(form, request, row):
    closed = actions.close_round(
        row=row,
        reason=form.cleaned_data["reason"],
        officer=request.user,
        today=request.clock.today,
        at=request.now,
    )
    messages.success(request, _("已关闭 %(round)s。需要补报的，可以单独开放某一格。") % {"round": closed})
    return closed


def _reopen(form, request, row):
    opened = actions.reopen_round(
        row=row,
        reason=form.cleaned_data["reason"],
        officer=request.user,
        today=request.clock.today,
        at=request.now,
    )
    messages.success(request, _("已重新开放 %(round)s。") % {"round": opened})
    return opened


def _move(form, request, row):
    asked = form.cleaned_data["due_on"]
    moved = actions.move_due_day(
        row=row, **form.cleaned_data, officer=request.user, today=request.clock.today, at=request.now
    )
    words = {"asked": _day(request, asked), "day": _day(request, moved.due_on)}
    if moved.due_on == asked:
        messages.success(request, _("截止日已改为 %(day)s。") % words)
    else:
        messages.success(request, _("%(asked)s 是休息日，截止日定为 %(day)s。") % words)
    return moved


def _again(form, request, entry):
    made = actions.reopen_cell(
        entry=entry, **form.cleaned_data, officer=request.user, today=request.clock.today, at=request.now
    )
    words = {"cell": entry.member, "person": made.person, "day": _day(request, made.until)}
    messages.success(request, _("“%(cell)s”已对%(person)s开放，到 %(day)s 为止。") % words)
    return made


DEEDS = {"close": _close, "reopen": _reopen, "due": _move, "again": _again}


def _done(form, deed, request, row):
    """Return what a deed made, None where it is refused; the form says why."""
    try:
        return deed(form, request, row)
    except actions.Refused as refusal:
        form.add_error(None, refusal.sentence)


def _focus(form) -> None:
    """Put the cursor where a form was refused, which may be far below what the page begins with."""
    if form.errors:
        wrong = next((name for name in form.fields if name in form.errors), None)
        field = form.fields[wrong or next(iter(form.fields))]
        field.widget.attrs["autofocus"] = True


def _day(request: HttpRequest, day: date) -> str:
    return formats.day(day, request.clock.today)


def _bureau(request: HttpRequest):
    """Return the bureau whose rounds are kept; `bureau` chooses among several; 404 for whoever keeps none."""
    rows = kept_bureaus(request.user)
    code = request.GET.get("bureau") or request.POST.get("bureau")
    found = rows.filter(code=code).first() if code else rows.first()
    if found is None:
        raise Http404
    return found


def _year(request: HttpRequest) -> int:
    """Return the year that was asked for, else this one."""
    word = request.GET.get("year", "")
    return int(word) if word.isdecimal() and len(word) == YEAR_DIGITS else request.clock.today.year


def _status(request: HttpRequest) -> int:
    return UNCLEAR if request.method == "POST" else 200
