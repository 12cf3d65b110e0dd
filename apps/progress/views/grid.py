"""The list of grids and the grid in which figures are filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.calculation.aggregation import Figure, ratio_of
from apps.calculation.comparison import difference
from apps.plans.models import Measure
from apps.progress import actions
from apps.progress.enums import Band, Mark, Outcome
from apps.progress.forms import CellReading, read_cell
from apps.progress.models import Entry, Round
from apps.progress.queries import GridCell, grid_cells, open_grids, round_total, target_lines
from apps.progress.querysets import BUREAU_READERS, UNIT_READERS
from apps.progress.views.requests import row_numbers


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at in a judged cell; `mark` is empty where nothing was found yet."""

    number: int
    text: str
    mark: str

    @property
    def word(self) -> str:
        """Return the finding as a word."""
        return str(Mark(self.mark).label) if self.mark in Mark.values else ""


@dataclass
class Row:
    """One row of the grid as the page shows it: a cell, the texts in its fields, and what is wrong with them."""

    cell: GridCell
    texts: dict[str, str] = field(default_factory=dict)
    reading: CellReading = field(default_factory=CellReading)
    refusal: str = ""
    is_correcting: bool = False
    is_posted: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether the row has fields to type into."""
        return self.cell.is_mine and (not self.cell.is_locked or self.is_correcting)

    @property
    def items(self) -> list[Item]:
        """Return the checklist items with what is typed, or else found, for each."""
        found = {mark.item_id: mark.mark for mark in self.cell.marks}
        return [
            Item(item.number, item.text, self.texts.get(f"item-{item.number}", found.get(item.pk, "")))
            for item in self.cell.entry.measure.items.all()
        ]

    @property
    def live_ratio(self) -> Decimal | None:
        """Return the ratio of what is typed while it is right, else of what was submitted."""
        values = {} if self.reading.errors else self.reading.values
        if "numerator" not in values:
            return None if self.reading.errors else self.cell.ratio
        return ratio_of(Figure(values["numerator"], values["denominator"]), self.cell.entry.measure.factor)

    @property
    def live_change(self) -> Decimal | None:
        """Return by how much the live ratio moved since the round before."""
        return difference(self.live_ratio, self.cell.previous_ratio)

    @property
    def is_changed(self) -> bool:
        """Tell whether the row says something else than the latest figure; one that stands by a returned figure adds a note."""
        latest = self.cell.entry.latest
        if latest is None:
            return True
        said = {**self.reading.values, "note": self.texts.get("note", "").strip()}
        if any(getattr(latest, name) != value for name, value in said.items()):
            return True
        return self.reading.marks != {mark.item_id: mark.mark for mark in self.cell.marks}


@login_required
@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """List the grids that the person may fill or read, those that wait for them first."""
    if not request.user.holds(*UNIT_READERS, *BUREAU_READERS):
        raise Http404
    groups = open_grids(request.user, request.clock.today)
    return render(
        request, "progress/round_list.html", {"groups": groups, "today": request.clock.today, "page_title": _("填报")}
    )


@login_required
@require_http_methods(["GET", "POST"])
def grid(request: HttpRequest, round_id: int, measure_id: int) -> HttpResponse:
    """Show one measure in one round, and take what is submitted: good cells go in, bad ones stay with their reason."""
    row, measure, cells = _fetch(request, round_id, measure_id)
    correcting = _correcting(request)
    if request.method == "GET":
        shown = [_row(cell, cell.draft, correcting) for cell in cells]
        return _render_grid(request, row, measure, shown)
    _refuse_spectator(cells)
    shown = [_typed_row(cell, request.POST, correcting) for cell in cells]
    accepted = _submit(request, shown)
    _keep_drafts(request, shown)
    if any(line.reading.errors or line.refusal for line in shown):
        return _render_grid(request, row, measure, _after(request, row, measure, shown), accepted, status=422)
    _thank(request, accepted)
    return redirect("progress:grid", round_id=row.pk, measure_id=measure.pk)


@login_required
@require_POST
def draft(request: HttpRequest, round_id: int, measure_id: int, entry_id: int) -> HttpResponse:
    """Keep what was typed into one row and answer with its live ratio, its errors and the total of the grid."""
    row, measure, cells = _fetch(request, round_id, measure_id)
    entry = get_object_or_404(Entry.objects.visible_to(request.user), pk=entry_id, round=row, measure=measure)
    _refuse_spectator([cell for cell in cells if cell.entry.pk == entry.pk])
    texts = _texts(request.POST, entry.pk)
    seen = next(cell.seen for cell in cells if cell.entry.pk == entry.pk)
    if texts.get("seen", str(seen)) != str(seen):
        saved = None  # the figure went in while this draft was on its way
    elif _says_something(texts):
        saved = actions.save_draft(entry=entry, person=request.user, fields=texts, at=request.now)
    else:
        actions.discard_draft(entry=entry, person=request.user)
        saved = None
    shown = [_row(cell, texts if cell.entry.pk == entry.pk else cell.draft, {entry.pk}) for cell in cells]
    line = next(line for line in shown if line.cell.entry.pk == entry.pk)
    context = {"row": line, "measure": measure, "round": row, "saved": saved, "total": _total(measure, shown)}
    return render(request, "progress/_entry_live.html", context)


def _fetch(request: HttpRequest, round_id: int, measure_id: int) -> tuple[Round, Measure, list[GridCell]]:
    """Return a round, a measure and the cells of both that the person may see; 404 where there is none."""
    row = get_object_or_404(Round.objects.select_related("bureau", "season"), pk=round_id)
    measure = get_object_or_404(Measure.objects.prefetch_related("items"), pk=measure_id)
    cells = grid_cells(measure, row, request.user)
    if not cells:
        raise Http404
    return row, measure, cells


def _correcting(request: HttpRequest) -> set[int]:
    """Return the reviewed cells that the person has asked to correct."""
    return row_numbers(request.GET.getlist("correct"))


def _row(cell: GridCell, texts: Mapping[str, str], correcting: set[int]) -> Row:
    """Return a row as it looks before anything is submitted; what was typed earlier shows its errors at once."""
    texts = dict(texts)
    return Row(
        cell=cell,
        texts=texts or cell.texts,
        reading=read_cell(cell.entry.measure, texts),
        is_correcting=cell.entry.pk in correcting or bool(texts.get("reason")),
    )


def _typed_row(cell: GridCell, post: Mapping[str, str], correcting: set[int]) -> Row:
    """Return a row with what was posted for it; a cell that had no fields on the page has nothing posted."""
    texts = _texts(post, cell.entry.pk)
    if not texts:
        return _row(cell, {}, correcting)
    row = Row(cell, texts, read_cell(cell.entry.measure, texts), is_correcting="reason" in texts, is_posted=True)
    if row.reading.is_empty and cell.entry.latest:
        row.refusal = _("“%(cell)s”已有提交的数据，不能改成空白；如确为零请填 0。") % {"cell": cell.entry.member}
    return row


def _texts(post: Mapping[str, str], entry_id: int) -> dict[str, str]:
    """Return what was typed for one entry, by field name; no database keeps the character zero."""
    prefix = f"c{entry_id}-"
    return {name.removeprefix(prefix): post[name].replace("\0", "") for name in post if name.startswith(prefix)}


def _says_something(texts: Mapping[str, str]) -> bool:
    """Tell whether anything was typed; what the page put into a hidden field was not."""
    return any(text.strip() for name, text in texts.items() if name != "seen")


def _refuse_spectator(cells: list[GridCell]) -> None:
    """Raise the refusal for a person who may see the cells and reports none of them."""
    if not any(cell.is_mine for cell in cells):
        raise PermissionDenied(
            _("这些数据由%(unit)s填报，您可以查看，不能填写。") % {"unit": cells[0].entry.reporting_unit}
        )


def _submit(request: HttpRequest, shown: list[Row]) -> int:
    """Submit the good and changed cells of a grid, leaving out one by one what a rule refuses; return how many went in."""
    ready = {line.cell.entry.pk: line for line in shown if _is_ready(line)}
    while ready:
        try:
            made = actions.submit(
                cells=[_cell(line) for line in ready.values()],
                person=request.user,
                today=request.clock.today,
                at=request.now,
            )
        except actions.Refused as refusal:
            ready.pop(refusal.entry_id).refusal = refusal.sentence
        else:
            return len(made)
    return 0


def _is_ready(line: Row) -> bool:
    return bool(line.reading.values) and not line.reading.errors and not line.refusal and line.is_changed


def _cell(line: Row) -> actions.Cell:
    return actions.Cell(
        entry_id=line.cell.entry.pk,
        values=line.reading.values,
        seen=next(iter(row_numbers([line.texts.get("seen", "")])), 0),
        note=line.texts.get("note", ""),
        reason=line.texts.get("reason", ""),
        marks=line.reading.marks,
    )


def _keep_drafts(request: HttpRequest, shown: list[Row]) -> None:
    """Keep what could not go in as typed, so that leaving the page loses nothing; forget what was typed and taken back."""
    for line in shown:
        if line.cell.is_mine and (line.reading.errors or line.refusal):
            actions.save_draft(entry=line.cell.entry, person=request.user, fields=line.texts, at=request.now)
        elif line.cell.draft and line.is_posted and not _is_ready(line):
            actions.discard_draft(entry=line.cell.entry, person=request.user)


def _after(request: HttpRequest, row: Round, measure: Measure, shown: list[Row]) -> list[Row]:
    """Return the rows read anew after a submission, those that stayed behind with their texts and reasons."""
    behind = {line.cell.entry.pk: line for line in shown if line.reading.errors or line.refusal}
    fresh = []
    for cell in grid_cells(measure, row, request.user):
        line = behind.get(cell.entry.pk)
        if line is None:
            fresh.append(_row(cell, cell.draft, set()))
        else:
            texts = {**line.texts, "seen": str(cell.seen)}
            fresh.append(Row(cell, texts, line.reading, line.refusal, is_correcting=True))
    return fresh


def _thank(request: HttpRequest, accepted: int) -> None:
    if accepted:
        text = ngettext("已提交 %(n)d 格，等待审核。", "已提交 %(n)d 格，等待审核。", accepted) % {"n": accepted}
        messages.success(request, text)
    else:
        messages.info(request, _("没有新的数据需要提交。被退回的数据如确实无误，请在说明里写明理由后再提交。"))


def _total(measure: Measure, shown: list[Row]):
    typed = {line.cell.entry.pk: line.reading.values for line in shown if not line.reading.errors}
    return round_total(measure, [line.cell for line in shown], typed)


def _render_grid(
    request: HttpRequest, row: Round, measure: Measure, shown: list[Row], accepted: int = 0, status: int = 200
) -> HttpResponse:
    context = {
        "round": row,
        "measure": measure,
        "rows": shown,
        "total": _total(measure, shown),
        "targets": target_lines(measure, row, request.user, request.clock.today),
        "definition": measure.definitions.settled().order_by("number").last(),
        "accepted": accepted,
        "wrong": sum(bool(line.reading.errors or line.refusal) for line in shown) if status != 200 else 0,
        "outcomes": Outcome.choices,
        "bands": Band.choices,
        "marks": Mark.choices,
        "can_submit": any(line.is_open for line in shown),
    }
    return render(request, "progress/entry_grid.html", context, status=status)
