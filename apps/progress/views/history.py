"""The history of one cell, beside its figure or as a page of its own."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from apps.accounts.enums import Role
from apps.journal.querysets import READERS
from apps.progress.models import Entry
from apps.progress.queries.history import entry_history


@vary_on_headers("HX-Request")
@login_required
@require_GET
def history(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Show everything a cell has said to whoever may see it; the history alone where a page asks for a part.

    A cell that asks nobody any more is shown too: the journal leads to it.
    """
    rows = Entry.everything.visible_to(request.user).select_related(
        "measure", "member", "round", "reporting_unit", "reviewing_unit"
    )
    shown = entry_history(get_object_or_404(rows, pk=entry_id), request.user)
    template = "progress/_entry_history.html" if request.htmx else "progress/entry_history.html"
    heads = {duty.unit_id for duty in request.user.duties if duty.role == Role.HEAD}
    context = {
        "history": shown,
        "entry": shown.entry,
        "measure": shown.entry.measure,
        "may_read_journal": request.user.holds(*READERS),
        "is_reviewer": shown.entry.reviewing_unit_id in heads,
    }
    return render(request, template, context)
