"""The page of one monitoring: to be filled in, as it was submitted, or as it was known on a day."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.progress.actions import monitoring as actions
from apps.progress.actions.refusals import Refused
from apps.progress.enums import MonitoringState
from apps.progress.forms.monitoring import read_money
from apps.progress.models import Monitoring, MonitoringDraft, MonitoringReport, MonitoringStep
from apps.progress.queries import monitoring as queries
from apps.progress.views.monitoring.requests import parse_date_or_none, visible_monitorings
from apps.progress.views.monitoring.shown import MONEY, Page, live_page, reading_of, stored_page
from apps.progress.views.requests import row_numbers


@login_required
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, monitoring_id: int) -> HttpResponse:
    """Show a monitoring: to be filled in, as it was submitted, or as it was known on a day; and take what is submitted."""
    monitoring = get_object_or_404(visible_monitorings(request), pk=monitoring_id)
    if request.method == "POST":
        return _submit(request, monitoring)
    report = _report(request, monitoring)
    if report is not None:
        return _render(request, stored_page(monitoring, report), report=report)
    way = queries.monitoring_way(monitoring, request.user)
    drafts = {row.place: row for row in monitoring.drafts.select_related("person")} if way.may_fill else {}
    texts = {place: row.fields for place, row in drafts.items()}
    shown = live_page(monitoring, _content(monitoring), texts, drafts)
    return _render(request, shown, way=way)


@login_required
@require_POST
def draft(request: HttpRequest, monitoring_id: int, place: str) -> HttpResponse:
    """Keep what was typed into one part, and answer with what is wrong with it and who else was there."""
    monitoring = get_object_or_404(visible_monitorings(request), pk=monitoring_id)
    content = _content(monitoring)
    if place not in _places(content):
        raise Http404
    texts, theirs, refusal = _texts(request.POST, place), {}, ""
    try:
        theirs = _kept(request, monitoring, {place: texts})
    except Refused as refused:
        refusal = refused.sentence
    drafts = {row.place: row for row in monitoring.drafts.select_related("person")}
    shown = live_page(monitoring, content, {place: texts}, drafts)
    context = {"monitoring": monitoring, "saved_at": None if refusal else request.now, "refusal": refusal}
    if place == MONEY:
        shown.money.theirs = theirs.get(place)
        return render(request, "progress/_monitoring_money_live.html", context | {"money": shown.money})
    row = next(row for row in shown.rows if row.place == place)
    row.theirs = theirs.get(place)
    return render(request, "progress/_monitoring_line_live.html", context | {"row": row, "is_live": True})


def _content(monitoring: Monitoring) -> queries.MonitoringContent:
    """Return the form as it is drawn up now; 404 for a plan that says nothing."""
    content = queries.monitoring_content(monitoring)
    if content is None:
        raise Http404
    return content


def _places(content: queries.MonitoringContent) -> set[str]:
    """Return the parts of the form that are typed into."""
    return {MONEY, *(str(line.indicator_id) for line in content.lines)}


def _submit(request: HttpRequest, monitoring: Monitoring) -> HttpResponse:
    """Keep all that is on the page, and submit it where nothing is wrong with it."""
    content = _content(monitoring)
    texts = {place: _texts(request.POST, place) for place in _places(content) if f"m{place}-seen" in request.POST}
    try:
        theirs = _kept(request, monitoring, texts)
        drafts = {row.place: row for row in monitoring.drafts.select_related("person")}
        shown = live_page(monitoring, content, texts, drafts, is_final=True)
        for row in (*shown.rows, shown.money):
            row.theirs = theirs.get(row.place)
        if shown.wrong:
            way = queries.monitoring_way(monitoring, request.user)
            return _render(request, shown, way=way, is_wrong=True, status=422)
        _send(request, shown, texts)
    except actions.NotYourMonitoring as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("已提交，等待审核。"))
    return redirect("progress:monitoring", monitoring_id=monitoring.pk)


def _send(request: HttpRequest, shown: Page, texts: Mapping[str, Mapping[str, str]]) -> None:
    layout = shown.monitoring.round.layout
    readings = [reading_of(shown.content, row.line, texts.get(row.place, {}), layout) for row in shown.rows]
    actions.submit_monitoring(
        monitoring=shown.monitoring,
        said=[reading.said for reading in readings],
        money=read_money(shown.content.spending.rows, texts.get(MONEY, {}))[0],
        person=request.user,
        today=request.clock.today,
        at=request.now,
        overspending=texts.get(MONEY, {}).get("note", ""),
    )


def _kept(
    request: HttpRequest, monitoring: Monitoring, texts: Mapping[str, Mapping[str, str]]
) -> dict[str, MonitoringDraft]:
    numbers = {place: row_numbers([request.POST.get(f"m{place}-seen", "")]) for place in texts}
    try:
        return actions.save_monitoring_drafts(
            monitoring=monitoring,
            texts=texts,
            seen={place: next(iter(found), 0) for place, found in numbers.items()},
            person=request.user,
            at=request.now,
        )
    except actions.NotYourMonitoring as refusal:
        raise PermissionDenied(refusal.sentence) from refusal


def _texts(post: Mapping[str, str], place: str) -> dict[str, str]:
    """Return what was typed in one part, by field name; no database keeps the character zero."""
    prefix = f"m{place}-"
    found = {name.removeprefix(prefix): post[name].replace("\0", "") for name in post if name.startswith(prefix)}
    return {name: text for name, text in found.items() if name != "seen"}


def _report(request: HttpRequest, monitoring: Monitoring) -> MonitoringReport | None:
    """Return the report to be shown: the one asked for, the one known on a day, else the latest that is on its way."""
    reports = monitoring.reports.select_related("version__scheme", "submitted_by", "monitoring__round")
    if "report" in request.GET:
        number = next(iter(row_numbers([request.GET["report"]])), 0)
        return get_object_or_404(reports, number=number)
    if "as_of" in request.GET:
        day = parse_date_or_none(request.GET["as_of"])
        report = queries.report_known_on(monitoring, day) if day else None
        if report is None:
            messages.info(request, _("到那一天为止还没有提交过监控表，以下是目前的情况。"))
        return report
    return None if monitoring.state == MonitoringState.DRAFT else reports.get(pk=monitoring.report_id)


def _render(
    request: HttpRequest,
    shown: Page,
    *,
    way: queries.MonitoringWay | None = None,
    report: MonitoringReport | None = None,
    is_wrong: bool = False,
    status: int = 200,
) -> HttpResponse:
    monitoring = shown.monitoring
    way = way or queries.monitoring_way(monitoring, request.user)
    is_past = report is not None and (report.pk != monitoring.report_id or monitoring.state == MonitoringState.DRAFT)
    context = {
        "page": shown,
        "monitoring": monitoring,
        "round": monitoring.round,
        "way": way,
        "stations": _stations(monitoring, way.steps),
        "report": report,
        "is_past": is_past,
        "is_open": report is None and way.may_fill and monitoring.round.closed_at is None,
        "is_last": monitoring.state == queries.stages_of(monitoring)[-1],
        "wrong_parts": shown.wrong if is_wrong else [],
        "overspending": _overspending(way.steps, report),
        "today": request.clock.today,
        "counts": [
            (code, queries.likelihood_words(code, monitoring.round.layout), count)
            for code, count in shown.content.counts.items()
        ],
    }
    return render(request, "progress/monitoring_page.html", context, status=status)


def _overspending(steps: list[MonitoringStep], report: MonitoringReport | None) -> str:
    """Return why a report expects more to be spent than was given, empty where it does not."""
    said = [step.reason for step in steps if step.kind == "submitted" and report and step.report_id == report.pk]
    return said[-1] if said else ""


@dataclass(frozen=True, slots=True)
class Station:
    """One stage of the way: its name, the step that left it in this run, whether the monitoring is there now."""

    label: str
    step: MonitoringStep | None
    is_now: bool


def _stations(monitoring: Monitoring, steps: list[MonitoringStep]) -> list[Station]:
    """Return the way with what was done at each stage in the present run; a return or recall starts a new one."""
    left: dict[str, MonitoringStep] = {}
    for step in steps:
        if step.kind in ("submitted", "passed"):
            left[step.stage] = step
        else:
            left.clear()
    states = [MonitoringState.DRAFT, *queries.stages_of(monitoring), MonitoringState.FILED]
    return [Station(str(state.label), left.get(state), state == monitoring.state) for state in states]
