"""The list of grids and the grid in which figures are filled in."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.plans.enums import Accumulation
from apps.plans.models import Measure
from apps.progress import actions
from apps.progress.enums import Band, EntryState, Mark, Outcome
from apps.progress.forms import read_total
from apps.progress.models import Round
from apps.progress.queries import (
    GridCell,
    grid_cells,
    open_grids,
    pasted_differences,
    round_total,
    target_lines,
    typing_cells,
    year_so_far,
)
from apps.progress.querysets import BUREAU_READERS, UNIT_READERS
from apps.progress.views.requests import row_numbers
from apps.progress.views.rows import (
    CHOICE,
    Row,
    ask_questions,
    find_conflicts,
    kept_row,
    posted_row,
    refuse_blank,
    says_something,
    submit_rows,
)
from apps.ui.formats import in_language, names

ASKING = (EntryState.PENDING, EntryState.RETURNED)
TYPED = "typed"
COLUMNS = {"ratio": 7, "number": 5, "money": 5, "milestone": 7}


@login_required
@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """List the grids that the person may fill or read, those that wait for them first."""
    if not request.user.holds(*UNIT_READERS, *BUREAU_READERS):
        raise Http404
    groups = open_grids(request.user, request.clock.today)
    asking = [group for group in groups if group.asks]
    return render(
        request,
        "progress/round_list.html",
        {
            "groups": groups,
            "asking": asking,
            "others": [group for group in groups if not group.asks],
            "cells": sum(group.asks for group in asking),
            "today": request.clock.today,
            "is_reporter": request.user.holds(Role.REPORTER),
            "keeps_rounds": request.user.holds(Role.OFFICER),
            "page_title": _("填报"),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def grid(request: HttpRequest, round_id: int, measure_id: int) -> HttpResponse:
    """Show one measure in one round, and take what is submitted: good cells go in, bad ones stay with their reason."""
    row, measure = _asked(round_id, measure_id)
    cells = _or_404(grid_cells(measure, row, request.user, request.clock.today))
    if request.method == "GET":
        correcting = row_numbers(request.GET.getlist("correct"))
        shown = [kept_row(cell, correcting) for cell in cells]
        _look_at(request, shown)
        return _render_grid(request, row, measure, shown)
    _refuse_spectator(cells)
    shown = [posted_row(cell, request.POST, ()) for cell in cells]
    for line in shown:
        refuse_blank(line)
    _look_at(request, shown)
    accepted = submit_rows(request, shown)
    _keep_behind(request, shown)
    if any(line.is_behind for line in shown):
        return _render_grid(request, row, measure, _after(request, row, measure, shown), accepted, status=422)
    _thank(request, accepted, shown)
    return redirect("progress:grid", round_id=row.pk, measure_id=measure.pk)


@login_required
@require_POST
def draft(request: HttpRequest, round_id: int, measure_id: int, entry_id: int) -> HttpResponse:
    """Keep what was typed into one row and answer with its ratio, errors and questions, and the total of the grid."""
    return _keep(request, round_id, measure_id, entry_id)


@login_required
@require_POST
def drafts(request: HttpRequest, round_id: int, measure_id: int) -> HttpResponse:
    """Keep what was typed into all rows at once: after a paste, or when the network came back."""
    return _keep(request, round_id, measure_id)


def _keep(request: HttpRequest, round_id: int, measure_id: int, entry_id: int | None = None) -> HttpResponse:
    """Keep what was posted for one row, or for all, and answer with what is to change on the page. At most 15 queries."""
    row, measure = _asked(round_id, measure_id)
    is_choice = any(name.endswith(f"-{CHOICE}") for name in request.POST)
    read = grid_cells if is_choice else typing_cells  # a row that is shown anew shows its files too
    cells = _or_404(read(measure, row, request.user, request.clock.today))
    wanted = [cell for cell in cells if entry_id in (None, cell.entry.pk)]
    _refuse_spectator(_or_404(wanted))
    posted = {cell.entry.pk: posted_row(cell, request.POST, ()) for cell in wanted if cell.is_mine}
    lines = [line for line in posted.values() if line.is_posted or line.is_chosen]
    find_conflicts(lines, request.user)
    saved = _save(request, lines)
    ask_questions(lines)
    shown = [posted.get(cell.entry.pk) or kept_row(cell, set()) for cell in cells]
    context = _figures(request, measure, shown) | {
        "lines": lines,
        "measure": measure,
        "round": row,
        "saved_at": request.now if saved else None,
        "is_stopped": any(line.conflict for line in lines),
        "is_begun": any(line.can_leave and not line.is_posted for line in lines),
        "is_live": True,
    }
    return render(request, "progress/_entry_live.html", _words(measure) | context)


def _save(request: HttpRequest, lines: list[Row]) -> int:
    """Keep the rows that say something, forget those that were emptied; return how many were kept.

    A draft that was on its way while its person submitted the figure is neither: it says what they have said.
    """
    rows = [line for line in lines if not (line.conflict and line.conflict.is_own)]
    texts = {line.cell.entry.pk: line.texts for line in rows if line.is_posted and says_something(line.texts)}
    actions.save_drafts(texts=texts, person=request.user, at=request.now)
    emptied = [line.cell.entry.pk for line in rows if line.cell.entry.pk not in texts]
    actions.discard_drafts(entry_ids=emptied, person=request.user)
    return len(texts)


def _asked(round_id: int, measure_id: int) -> tuple[Round, Measure]:
    row = get_object_or_404(Round.objects.select_related("bureau", "season"), pk=round_id)
    return row, get_object_or_404(Measure.objects.prefetch_related("items"), pk=measure_id)


def _or_404(cells: list[GridCell]) -> list[GridCell]:
    """Return the cells that the person may see; 404 where there is none."""
    if not cells:
        raise Http404
    return cells


def _look_at(request: HttpRequest, shown: list[Row]) -> None:
    """Put to the rows what happened to them meanwhile and what is to be asked about them."""
    find_conflicts(shown, request.user)
    ask_questions(shown)


def _refuse_spectator(cells: list[GridCell]) -> None:
    """Raise the refusal for a person who may see the cells and reports none of them."""
    if not any(cell.is_mine for cell in cells):
        raise PermissionDenied(
            _("这些数据由%(unit)s填报，您可以查看，不能填写。") % {"unit": cells[0].entry.reporting_unit}
        )


def _keep_behind(request: HttpRequest, shown: list[Row]) -> None:
    """Keep what could not go in as typed, so that leaving the page loses nothing; forget what was typed and taken back."""
    behind = {line.cell.entry.pk: line.texts for line in shown if line.is_posted and line.is_behind}
    actions.save_drafts(texts=behind, person=request.user, at=request.now)
    done = [
        line.cell.entry.pk
        for line in shown
        if line.cell.entry.pk not in behind and (line.is_posted or line.is_chosen) and not line.is_accepted
    ]
    actions.discard_drafts(entry_ids=done, person=request.user)


def _after(request: HttpRequest, row: Round, measure: Measure, shown: list[Row]) -> list[Row]:
    """Return the rows read anew after a submission, those that stayed behind with their texts and reasons."""
    behind = {line.cell.entry.pk: line for line in shown if line.is_posted and line.is_behind}
    fresh = []
    for cell in grid_cells(measure, row, request.user, request.clock.today):
        line = kept_row(cell, set())
        stayed = behind.get(cell.entry.pk)
        if stayed:
            line = Row(cell, stayed.texts, stayed.reading, stayed.refusal, stayed.questions, is_correcting=True)
        fresh.append(line)
    find_conflicts(fresh, request.user)
    return fresh


def _thank(request: HttpRequest, accepted: int, shown: list[Row]) -> None:
    if accepted:
        text = ngettext("已提交 %(n)d 格，等待审核。", "已提交 %(n)d 格，等待审核。", accepted) % {"n": accepted}
        messages.success(request, text)
    elif any(line.is_open and line.cell.returned for line in shown):
        messages.info(request, _("没有新的数据需要提交。被退回的数据如确实无误，请在说明里写明理由后再提交。"))
    else:
        messages.info(request, _("没有新的数据需要提交。"))


def _figures(request: HttpRequest, measure: Measure, shown: list[Row]) -> dict[str, Any]:
    """Return what the grid adds up to as it stands, and put the year so far to its rows. No query."""
    typed = {line.cell.entry.pk: line.reading.values for line in shown if line.is_open and not line.reading.errors}
    cells = [line.cell for line in shown]
    total, so_far = round_total(measure, cells, typed), year_so_far(measure, cells, typed)
    for line in shown:
        line.so_far = so_far.cells[line.cell.entry.pk] if so_far else None
    pasted = read_total(measure, request.POST)
    return {
        "total": total,
        "unsettled": _unsettled(shown) if total else "",
        "so_far": so_far,
        "differences": [
            _of_column(measure, name, in_language(words.zh, words.en))
            for name, words in pasted_differences(measure, total, pasted).items()
        ],
    }


def _of_column(measure: Measure, name: str, told: str) -> str:
    """Return what is said of a column behind its name, where the grid has more than one."""
    if name not in ("numerator", "denominator"):
        return told
    return _("%(column)s：%(told)s") % {"column": getattr(measure, name), "told": told}


def _unsettled(shown: list[Row]) -> str:
    """Return what of the total was not reviewed yet, by where it stands; empty where all of it was."""
    found = Counter(standing for line in shown if (standing := _standing(line)) != EntryState.APPROVED)
    told = (
        (TYPED, _("未提交的 %(n)d 格")),
        (EntryState.SUBMITTED, _("待审核的 %(n)d 格")),
        (EntryState.RETURNED, _("被退回的 %(n)d 格")),
    )
    return names([words % {"n": found[standing]} for standing, words in told if found[standing]])


def _standing(line: Row) -> str:
    """Return whether a row's figure is only typed, else where it is."""
    if line.is_open and line.reading.values and not line.reading.errors and line.is_changed:
        return TYPED
    return line.cell.entry.state


def _words(measure: Measure) -> dict[str, Any]:
    """Return what the fields of a row offer to choose from, and how many columns the grid has."""
    is_added_up = Accumulation.INCREMENT in (measure.accumulation, measure.denominator_accumulation)
    return {
        "outcomes": Outcome.choices,
        "bands": Band.choices,
        "marks": Mark.choices,
        "is_added_up": is_added_up,
        "columns": COLUMNS.get(measure.kind, 6) + is_added_up,
    }


def _counts(shown: list[Row], *, is_posted: bool) -> Mapping[str, int]:
    """Return how many rows stayed behind: what is wrong, and what only lacks a word."""
    if not is_posted:
        return {"wrong": 0, "unanswered": 0}
    wrong = sum(line.is_wrong for line in shown)
    return {"wrong": wrong, "unanswered": sum(line.lacks_word and not line.is_wrong for line in shown)}


def _can_type_for_others(person: User, row: Round, shown: list[Row]) -> bool:
    """Tell whether there is a cell that the person may type for an office without an account, as the round stands."""
    units = {duty.unit_id for duty in person.duties if duty.role == Role.REPORTER}
    is_officer = row.bureau.path.startswith(tuple(person.paths(Role.OFFICER)))
    cells = [line.cell for line in shown if not line.cell.is_closed]
    return any(is_officer or cell.entry.reviewing_unit_id in units for cell in cells)


def _where_next(request: HttpRequest, row: Round, measure: Measure, shown: list[Row]) -> dict[str, Any]:
    """Return the next grid that asks the person, where this one was theirs and asks for nothing any more. Three queries then."""
    mine = [line for line in shown if line.cell.is_mine]
    if not mine or any(line.is_open and line.cell.entry.state in ASKING for line in mine):
        return {}
    asking = [found for found in open_grids(request.user, request.clock.today) if found.asks]
    others = [found for found in asking if (found.round.pk, found.measure.pk) != (row.pk, measure.pk)]
    return {"is_filled": True, "next": next(iter(others), None)}


def _render_grid(
    request: HttpRequest, row: Round, measure: Measure, shown: list[Row], accepted: int = 0, status: int = 200
) -> HttpResponse:
    context = {
        "round": row,
        "measure": measure,
        "rows": shown,
        "targets": target_lines(measure, row, request.user, request.clock.today),
        "definition": measure.definitions.settled().order_by("number").last(),
        "accepted": accepted,
        "can_submit": any(line.is_open for line in shown),
        "can_type_for_others": _can_type_for_others(request.user, row, shown),
        "has_closed_cells": any(line.cell.is_mine and line.cell.is_closed for line in shown),
        "again_until": min((line.cell.reopening.until for line in shown if line.cell.reopening), default=None),
        "today": request.clock.today,
        "pasted": {name: request.POST.get(f"total-{name}", "") for name in ("numerator", "denominator", "value")},
    }
    context |= _counts(shown, is_posted=status != 200) | _figures(request, measure, shown) | _words(measure)
    context |= _where_next(request, row, measure, shown)
    return render(request, "progress/entry_grid.html", context, status=status)
