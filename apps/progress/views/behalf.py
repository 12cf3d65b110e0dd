"""Typing for an office that has no account: its name, its letter and its figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.enums import Role
from apps.accounts.models import Unit
from apps.files.actions import FileRefused, store_file
from apps.files.models import StoredFile
from apps.files.views import stored_file_response
from apps.plans.enums import Kind
from apps.plans.models import Measure
from apps.progress.actions.locks import Hand, hand_of
from apps.progress.enums import Band, Mark, Outcome
from apps.progress.forms import read_cell
from apps.progress.forms.behalf import BehalfForm, kept_letter, letter_token
from apps.progress.models import Round
from apps.progress.queries import GridCell, grid_cells
from apps.progress.queries.rounds import letter_of, units_with_reporters
from apps.progress.views.requests import row_numbers
from apps.progress.views.rows import Row, ask_questions, refuse_blank, submit_rows, typed_texts

UNCLEAR = 422
SWITCHED = "chosen"
COLUMNS = {Kind.RATIO: 6, Kind.MILESTONE: 7, Kind.CHECKLIST: 6, Kind.JUDGEMENT: 6}


@dataclass(frozen=True, slots=True)
class Office:
    """A unit that one may type for, with its cells; `has_account` where one of its own people could do it."""

    unit: Unit
    cells: list[GridCell]
    has_account: bool
    is_own: bool

    @property
    def missing(self) -> int:
        """Return how many of its cells say nothing yet."""
        return sum(cell.entry.latest_id is None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is stored, by the name it came with."""

    file: StoredFile
    name: str

    @property
    def token(self) -> str:
        """Return what stands for it on the page."""
        return letter_token(self.file, self.name)


@login_required
@require_http_methods(["GET", "POST"])
def behalf(request: HttpRequest, round_id: int, measure_id: int) -> HttpResponse:
    """Take the figures of one office from its letter: good cells go in, bad ones stay with their reason, the letter too.

    What was typed names the office that it is for. Where another one stands above it, nothing goes in.
    """
    row = get_object_or_404(Round.objects.select_related("bureau", "season"), pk=round_id)
    measure = get_object_or_404(Measure.objects.prefetch_related("items"), pk=measure_id)
    offices = _offices(request, row, measure)
    office = _chosen(request, offices)
    if request.method == "GET":
        form = BehalfForm(initial={"office": "" if office.is_own else office.unit})
        lines = [_line(cell) for cell in office.cells]
        return _render(request, row, measure, offices, office, form, lines)
    if "switch" in request.POST:
        return redirect(f"{request.path}?unit={_named(request, offices, SWITCHED, office).unit.pk}")
    form = BehalfForm(request.POST, request.FILES)
    letter = _letter(request, form)
    _refuse_other_office(request, form, offices, office)
    lines = [_typed(cell, request.POST, form, letter) for cell in office.cells]
    ask_questions(lines)
    accepted = submit_rows(request, lines) if letter and not form.errors else 0
    if form.errors or any(line.is_behind for line in lines):
        lines = lines if form.errors else _after(request, row, measure, lines)
        return _render(request, row, measure, offices, office, form, lines, letter, accepted, UNCLEAR)
    _thank(request, accepted, form.cleaned_data["office"])
    return redirect("progress:grid", round_id=row.pk, measure_id=measure.pk)


@login_required
@require_GET
def letter(request: HttpRequest, revision_id: int) -> FileResponse:
    """Serve the letter behind a figure that was typed for others, to whoever may see the entry."""
    found = letter_of(request.user, revision_id)
    if found is None or found.source is None:
        raise Http404
    return stored_file_response(found.source, found.source_name)


def _offices(request: HttpRequest, row: Round, measure: Measure) -> list[Office]:
    """Return the units that the person may type for now, those without an account first.

    404 for a stranger, 403 for a reader and where the round is shut.
    """
    cells = grid_cells(measure, row, request.user)
    if not cells:
        raise Http404
    for cell in cells:
        cell.entry.round = row
    hand = hand_of(request.user, [cell.entry for cell in cells], request.clock.today)
    mine = [cell for cell in cells if hand.reports(cell.entry) or hand.types_for(cell.entry)]
    if not mine:
        raise PermissionDenied(_("只有审核处室的填报人和本单位的绩效管理岗可以代填。"))
    mine = _open_ones(mine, row, hand, request.clock.today)
    held = units_with_reporters({cell.entry.reporting_unit_id for cell in mine})
    own = {duty.unit_id for duty in request.user.duties if duty.role == Role.REPORTER}
    by_unit: dict[int, list[GridCell]] = {}
    for cell in mine:
        by_unit.setdefault(cell.entry.reporting_unit_id, []).append(cell)
    offices = [
        Office(found[0].entry.reporting_unit, found, unit_id in held, unit_id in own)
        for unit_id, found in by_unit.items()
    ]
    return sorted(offices, key=lambda office: office.has_account)


def _open_ones(cells: list[GridCell], row: Round, hand: Hand, today: date) -> list[GridCell]:
    """Return the cells that can be filled as the round stands; 403 with the reason where none can."""
    words = {"round": row, "day": f"{row.opens_on:%Y-%m-%d}"}
    if row.opens_on > today:
        raise PermissionDenied(_("填报期 %(round)s 到 %(day)s 才开放。") % words)
    found = [cell for cell in cells if row.closed_at is None or cell.entry.pk in hand.reopened]
    if not found:
        sentence = _("填报期 %(round)s 已关闭，不能代填。需要补报的，由绩效管理岗重新开放，或对代填人单独开放这一格。")
        raise PermissionDenied(sentence % words)
    return found


def _chosen(request: HttpRequest, offices: list[Office]) -> Office:
    """Return the office that was chosen, else the first that is missing; 404 for one that the person does not type for."""
    word = request.POST.get("unit") or request.GET.get("unit")
    if not word:
        return next((office for office in offices if office.missing), offices[0])
    return _of_number(word, offices)


def _named(request: HttpRequest, offices: list[Office], name: str, otherwise: Office) -> Office:
    """Return the office that a field names; 404 for one that the person does not type for."""
    word = request.POST.get(name)
    return _of_number(word, offices) if word else otherwise


def _refuse_other_office(request: HttpRequest, form: BehalfForm, offices: list[Office], office: Office) -> None:
    """Say in the form that another office was chosen or named than the one that the cells are of."""
    chosen, words = _named(request, offices, SWITCHED, office), {"cells": office.unit}
    if chosen != office:
        sentence = _("上面选的是%(chosen)s，下面的格子是%(cells)s的，没有提交。请先换到%(chosen)s，再填。")
        form.add_error(None, sentence % (words | {"chosen": chosen.unit}))
    named = form.cleaned_data.get("office", "").strip()
    if named != str(office.unit) and named in {str(other.unit) for other in offices}:
        sentence = _("“替谁填”写的是%(named)s，下面的格子是%(cells)s的，没有提交。")
        form.add_error("office", sentence % (words | {"named": named}))


def _of_number(word: str, offices: list[Office]) -> Office:
    numbers = row_numbers([word])
    found = next((office for office in offices if office.unit.pk in numbers), None)
    if found is None:
        raise Http404
    return found


def _line(cell: GridCell) -> Row:
    """Return a row with what was last submitted in its fields; a reviewed figure can be corrected here as any other."""
    return Row(cell=cell, texts=cell.texts, is_correcting=True)


def _typed(cell: GridCell, post: Mapping[str, str], form: BehalfForm, letter: Letter | None) -> Row:
    """Return a row with what was posted for it, for whom, and the letter that it is from."""
    texts = typed_texts(post, cell.entry.pk)
    reading = read_cell(cell.entry.measure, texts)
    row = Row(cell=cell, texts=texts, reading=reading, is_correcting=True, is_posted=True)
    row.on_behalf_of = form.cleaned_data.get("office", "")
    row.letter, row.letter_name = (letter.file, letter.name) if letter else (None, "")
    refuse_blank(row)
    return row


def _letter(request: HttpRequest, form: BehalfForm) -> Letter | None:
    """Return the letter, stored, whatever else is wrong with the form; None where there is none, as the form says then."""
    form.full_clean()
    file = request.FILES.get("letter")
    if not file:
        kept = kept_letter(request.POST.get("kept", ""))
        return Letter(*kept) if kept else None
    try:
        stored = store_file(content=file, name=file.name, person=request.user, at=request.now)
    except FileRefused as refusal:
        form.add_error("letter", str(refusal))
        return None
    return Letter(stored, file.name)


def _after(request: HttpRequest, row: Round, measure: Measure, lines: list[Row]) -> list[Row]:
    """Return the rows read anew, those that did not go in with their texts and reasons.

    Who was told of a figure that came meanwhile has seen it now, so that their next attempt is an answer to it; nobody else has.
    """
    shown = {line.cell.entry.pk: line for line in lines}
    fresh = []
    for cell in grid_cells(measure, row, request.user):
        line = shown.get(cell.entry.pk)
        if line is None:
            continue
        if line.is_overtaken:
            line.texts["seen"] = str(cell.seen)
        line.cell = cell
        fresh.append(_line(cell) if line.is_accepted else line)
    return fresh


def _thank(request: HttpRequest, accepted: int, office: str) -> None:
    if accepted:
        text = ngettext("已代%(office)s提交 %(n)d 格，等待审核。", "已代%(office)s提交 %(n)d 格，等待审核。", accepted)
        messages.success(request, text % {"n": accepted, "office": office})
    else:
        messages.info(request, _("没有新的数据需要提交，这次附的来函没有用上。"))


def _render(
    request: HttpRequest,
    row: Round,
    measure: Measure,
    offices: list[Office],
    office: Office,
    form: BehalfForm,
    lines: list[Row],
    letter: Letter | None = None,
    accepted: int = 0,
    status: int = 200,
) -> HttpResponse:
    context = {
        "round": row,
        "measure": measure,
        "offices": offices,
        "office": office,
        "form": form,
        "rows": lines,
        "letter": letter,
        "accepted": accepted,
        "wrong": sum(bool(line.is_behind) for line in lines) if status != 200 else 0,
        "outcomes": Outcome.choices,
        "bands": Band.choices,
        "marks": Mark.choices,
        "columns": COLUMNS.get(Kind(measure.kind), 4),
        "page_title": _("代填"),
    }
    return render(request, "progress/behalf_page.html", context, status=status)
