"""The monitoring of plans: the list of a year, the officer's rounds, and the page on which one plan is filled in and passed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Unit
from apps.accounts.querysets import below
from apps.plans.enums import Kind
from apps.plans.models import Plan
from apps.plans.querysets import READERS
from apps.progress.actions import monitoring as actions
from apps.progress.actions.refusals import Refused
from apps.progress.enums import CAUSES_OF, Cause, Likelihood, MonitoringLayout, MonitoringState
from apps.progress.forms.monitoring import (
    CAUSE,
    LineReading,
    MonitoringFilter,
    MonitoringRoundForm,
    read_line,
    read_money,
)
from apps.progress.models import (
    Monitoring,
    MonitoringDraft,
    MonitoringLine,
    MonitoringMoney,
    MonitoringReport,
    MonitoringRound,
    MonitoringStep,
)
from apps.progress.queries import monitoring as queries
from apps.progress.tables.monitoring import MonitoringTable
from apps.progress.views.requests import row_numbers
from apps.ui import formats
from apps.ui.exports import file_response, list_name, wanted_file

ROWS_A_PAGE = 25
SHOWN_AT_ONCE = 5
LATEST_FIRST = ("-round__ends_on", "-round__pk", "plan__project__number", "pk")
MONEY = "money"
FIELDS = ("estimate", "likelihood", "causes", "cause", "remedy", "note")
NOT_YOURS = (actions.NotYourMonitoring, actions.OwnMonitoring)
DAY_OF_MONTH, MONTHS_OF_WORK = 10, 6


@dataclass
class LineRow:
    """One indicator as the page shows it: its line, the texts in its fields, what is wrong with them, and what others typed."""

    line: MonitoringLine
    layout: str
    silence: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    seen: int = 0
    theirs: MonitoringDraft | None = None
    saved: MonitoringDraft | None = None

    @property
    def place(self) -> str:
        """Return what the row's fields are named after."""
        return str(self.line.indicator_id)

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """Return what is wrong with each field, empty where nothing is: what a saved draft puts beside the fields."""
        return [(name, self.errors.get(name, "")) for name in FIELDS]

    @property
    def actual(self) -> str:
        """Return where the indicator stood, in words."""
        return queries.actual_words(self.line)

    @property
    def coverage(self) -> str:
        """Return who is missing behind the figure."""
        return queries.coverage_words(self.line)

    @property
    def estimate(self) -> str:
        """Return what is expected of the year, in words."""
        return queries.estimate_words(self.line)

    @property
    def likelihood(self) -> str:
        """Return the likelihood as the form prints it."""
        return queries.likelihood_words(self.line.likelihood, self.layout)

    @property
    def causes(self) -> str:
        """Return the causes by name."""
        return formats.names([str(Cause(code).label) for code in self.line.causes])

    @property
    def unit(self) -> str:
        """Return the unit in which the estimate is typed."""
        measure = self.line.indicator.measure
        return formats.unit("万元" if measure.kind == Kind.MONEY else measure.unit_name)

    @property
    def suggested(self) -> str:
        """Return the suggestion as it would be typed."""
        value, measure = self.line.suggestion, self.line.indicator.measure
        return "" if value is None else formats.plain(value, measure).replace(",", "")

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """Return the likelihoods: code, word, whether chosen."""
        chosen = self.texts.get("likelihood", "")
        return [(code, queries.likelihood_words(code, self.layout), code == chosen) for code in Likelihood.values]

    @property
    def boxes(self) -> list[tuple[str, str, bool]]:
        """Return the causes that the form offers: field, word, whether ticked."""
        offered = CAUSES_OF[MonitoringLayout(self.layout)]
        return [(f"{CAUSE}{code}", str(code.label), bool(self.texts.get(f"{CAUSE}{code}"))) for code in offered]


@dataclass
class MoneyLine:
    """One row of money with the text in its field and what is wrong with it."""

    row: MonitoringMoney
    text: str = ""
    error: str = ""


@dataclass
class MoneyRow:
    """The money of the form as the page shows it."""

    spending: queries.Spending
    lines: list[MoneyLine]
    seen: int = 0
    theirs: MonitoringDraft | None = None
    saved: MonitoringDraft | None = None

    @property
    def errors(self) -> dict[str, str]:
        """Return what is wrong, by source."""
        return {line.row.source: line.error for line in self.lines if line.error}


@dataclass
class Page:
    """A monitoring as its page shows it."""

    monitoring: Monitoring
    content: queries.MonitoringContent
    rows: list[LineRow]
    money: MoneyRow

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Return the parts that are not right yet: the place that leads to each, and what it is called."""
        money = [(MONEY, _("项目资金"))] if self.money.errors or self.money.theirs else []
        return money + [(row.place, row.line.indicator.code) for row in self.rows if row.errors or row.theirs]


# The list and the rounds -----------------------------------------------------------------------------------------------


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponseBase:
    """List the monitorings of a year; this year's unless another is asked for."""
    rows = _visible(request)
    asked = request.GET.copy()
    asked.setdefault("year", str(request.clock.today.year))
    search = MonitoringFilter(asked, queryset=rows.order_by(*LATEST_FIRST), request=request)
    table = MonitoringTable(search.qs, today=request.clock.today)
    kind = wanted_file(request)
    RequestConfig(request, paginate=False if kind else {"per_page": ROWS_A_PAGE}).configure(table)
    if kind:
        return file_response(table, list_name(request, _("绩效运行监控清单")), kind)
    table.columns.hide("division")
    table.columns.hide("due_on")
    table.load(list(table.paginated_rows.data))
    context = {
        "page_title": _("监控"),
        "filter": search,
        "table": table,
        "to_fill": queries.monitorings_to_fill(request.user),
        "to_review": queries.monitorings_to_review(request.user),
        "today": request.clock.today,
        "shown": SHOWN_AT_ONCE,
        "is_officer": request.user.holds(Role.OFFICER),
    }
    return render(request, "progress/monitoring_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def rounds(request: HttpRequest) -> HttpResponse:
    """Show an officer the rounds of their bureau, and open another for every approved plan of a year."""
    bureau = _bureau(request)
    today = request.clock.today
    years = list(
        Plan.objects.in_force().filter(project__bureau=bureau).order_by("-year").values_list("year", flat=True)
    )
    form = MonitoringRoundForm(
        request.POST if request.method == "POST" else None,
        years=list(dict.fromkeys(years)),
        initial=_first_values(today),
    )
    if request.method == "POST" and form.is_valid() and _opened(request, bureau, form):
        return redirect("progress:monitoring_rounds")
    rows = MonitoringRound.objects.filter(bureau=bureau).select_related("opened_by")
    context = {
        "form": form,
        "rows": queries.round_states(list(rows)),
        "today": today,
        "bureau": bureau,
        "page_title": _("监控期"),
    }
    return render(request, "progress/monitoring_rounds.html", context, status=422 if form.is_bound else 200)


def _first_values(today: date) -> dict[str, object]:
    """Return what a new round is likely to be: the half-year, or the months so far."""
    month = MONTHS_OF_WORK if today.month <= DAY_OF_MONTH else DAY_OF_MONTH - 1
    title = _("%(year)s年上半年") if month == MONTHS_OF_WORK else _("%(year)s年第二次监控")
    return {"year": today.year, "month": month, "title": title % {"year": today.year}}


def _opened(request: HttpRequest, bureau: Unit, form: MonitoringRoundForm) -> bool:
    try:
        row = actions.open_monitorings(bureau=bureau, officer=request.user, at=request.now, **form.cleaned_data)
    except actions.DueInWindow as refusal:
        form.add_error("due_on", refusal.sentence)
        return False
    except actions.TitleUnfit as refusal:
        form.add_error("title", refusal.sentence)
        return False
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    count = row.monitorings.count()
    told = ngettext("已开放“%(round)s”：%(count)s 个项目。", "已开放“%(round)s”：%(count)s 个项目。", count)
    messages.success(request, told % {"round": row, "count": count})
    return True


@login_required
@require_POST
def round_deed(request: HttpRequest, monitoring_round_id: int, deed: str) -> HttpResponse:
    """Close a round, open it again until another day, or take in plans that were approved since."""
    row = get_object_or_404(MonitoringRound, pk=monitoring_round_id, bureau=_bureau(request))
    more = {"row": row, "officer": request.user, "at": request.now}
    reason, due_on = request.POST.get("reason", ""), parse_date_or_none(request.POST.get("due_on", ""))
    acts: dict[str, Callable[[], object]] = {
        "add": lambda: actions.add_monitorings(**more),
        "close": lambda: actions.close_monitorings(reason=reason, **more),
        "reopen": lambda: actions.reopen_monitorings(reason=reason, due_on=due_on or row.due_on, **more),
    }
    if deed not in acts:
        raise Http404
    try:
        acts[deed]()
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("已办理。"))
    return redirect("progress:monitoring_rounds")


def parse_date_or_none(text: str) -> date | None:
    """Return the day that a text names, None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def _bureau(request: HttpRequest) -> Unit:
    """Return the bureau of which the person is officer; 404 for whoever is none."""
    units = Unit.objects.filter(below("path", request.user.paths(Role.OFFICER)), kind=UnitKind.BUREAU)
    bureau = units.order_by("path").first()
    if bureau is None:
        raise Http404
    return bureau


def _visible(request: HttpRequest):
    if not request.user.holds(*READERS):
        raise Http404
    return Monitoring.objects.visible_to(request.user).select_related(
        "round",
        "report",
        "plan__project__bureau",
        "plan__project__division",
        "plan__project__execution",
        "plan__approved__scheme",
    )


# One plan --------------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, monitoring_id: int) -> HttpResponse:
    """Show a monitoring: to be filled in, as it was submitted, or as it was known on a day; and take what is submitted."""
    monitoring = get_object_or_404(_visible(request), pk=monitoring_id)
    if request.method == "POST":
        return _submit(request, monitoring)
    report = _report(request, monitoring)
    if report is not None:
        return _render(request, _stored_page(monitoring, report), report=report)
    way = queries.monitoring_way(monitoring, request.user)
    drafts = {row.place: row for row in monitoring.drafts.select_related("person")} if way.may_fill else {}
    texts = {place: row.fields for place, row in drafts.items()}
    shown = _live_page(monitoring, _content(monitoring), texts, drafts)
    return _render(request, shown, way=way)


@login_required
@require_POST
def draft(request: HttpRequest, monitoring_id: int, place: str) -> HttpResponse:
    """Keep what was typed into one part, and answer with what is wrong with it and who else was there."""
    monitoring = get_object_or_404(_visible(request), pk=monitoring_id)
    content = _content(monitoring)
    if place not in _places(content):
        raise Http404
    texts, theirs, refusal = _texts(request.POST, place), {}, ""
    try:
        theirs = _kept(request, monitoring, {place: texts})
    except Refused as refused:
        refusal = refused.sentence
    drafts = {row.place: row for row in monitoring.drafts.select_related("person")}
    shown = _live_page(monitoring, content, {place: texts}, drafts)
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


@login_required
@require_POST
def deed(request: HttpRequest, monitoring_id: int, deed: str) -> HttpResponse:
    """Pass a monitoring on, send it back, or take it back."""
    monitoring = get_object_or_404(_visible(request), pk=monitoring_id)
    more = {"monitoring": monitoring, "person": request.user, "at": request.now}
    seen = next(iter(row_numbers([request.POST.get("seen", "")])), 0)
    reason = request.POST.get("reason", "")
    acts: dict[str, tuple[Callable[[], Monitoring], str]] = {
        "pass": (lambda: actions.pass_monitoring(seen=seen, **more), _("已通过。")),
        "return": (lambda: actions.return_monitoring(seen=seen, reason=reason, **more), _("已退回。")),
        "recall": (lambda: actions.recall_monitoring(**more), _("已收回，可以继续修改。")),
    }
    if deed not in acts:
        raise Http404
    act, done = acts[deed]
    try:
        moved = act()
    except NOT_YOURS as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("已通过并报送。") if moved.state == MonitoringState.FILED else done)
    return redirect("progress:monitoring", monitoring_id=monitoring.pk)


def _submit(request: HttpRequest, monitoring: Monitoring) -> HttpResponse:
    """Keep all that is on the page, and submit it where nothing is wrong with it."""
    content = _content(monitoring)
    texts = {place: _texts(request.POST, place) for place in _places(content) if f"m{place}-seen" in request.POST}
    try:
        theirs = _kept(request, monitoring, texts)
        drafts = {row.place: row for row in monitoring.drafts.select_related("person")}
        shown = _live_page(monitoring, content, texts, drafts, is_final=True)
        for row in (*shown.rows, shown.money):
            row.theirs = theirs.get(MONEY if isinstance(row, MoneyRow) else row.place)
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
    readings = [_reading(shown.content, row.line, texts.get(row.place, {}), layout) for row in shown.rows]
    actions.submit_monitoring(
        monitoring=shown.monitoring,
        said=[reading.said for reading in readings],
        money=read_money(shown.content.spending.rows, texts.get(MONEY, {}))[0],
        person=request.user,
        today=request.clock.today,
        at=request.now,
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


def _stored_page(monitoring: Monitoring, report: MonitoringReport) -> Page:
    report.monitoring = monitoring
    content = queries.stored_content(report)
    rows = [LineRow(line, monitoring.round.layout) for line in content.lines]
    return Page(
        monitoring, content, rows, MoneyRow(content.spending, [MoneyLine(row) for row in content.spending.rows])
    )


def _live_page(
    monitoring: Monitoring,
    content: queries.MonitoringContent,
    texts: Mapping[str, Mapping[str, str]],
    drafts: Mapping[str, MonitoringDraft],
    *,
    is_final: bool = False,
) -> Page:
    """Return the form as it is drawn up now with the texts in its fields."""
    rows = [
        _line_row(
            content, line, monitoring.round.layout, texts.get(str(line.indicator_id), {}), drafts, is_final=is_final
        )
        for line in content.lines
    ]
    return Page(
        monitoring, content, rows, _money_row(content, texts.get(MONEY, {}), drafts.get(MONEY), is_final=is_final)
    )


def _line_row(
    content: queries.MonitoringContent,
    line: MonitoringLine,
    layout: str,
    texts: Mapping[str, str],
    drafts: Mapping[str, MonitoringDraft],
    *,
    is_final: bool,
) -> LineRow:
    reading = _reading(content, line, texts, layout)
    saved = drafts.get(str(line.indicator_id))
    return LineRow(
        line=line,
        layout=layout,
        silence=content.silence.get(line.indicator_id, ""),
        texts=texts,
        errors=reading.errors if is_final else reading.at_once,
        seen=saved.number if saved else 0,
        saved=saved,
    )


def _reading(
    content: queries.MonitoringContent, line: MonitoringLine, texts: Mapping[str, str], layout: str
) -> LineReading:
    return read_line(line, texts, layout, content.aims.get(line.indicator_id))


def _money_row(
    content: queries.MonitoringContent, texts: Mapping[str, str], saved: MonitoringDraft | None, *, is_final: bool
) -> MoneyRow:
    """Return the money with what is typed; the sum of it counts only while all of it can be read."""
    amounts, errors = read_money(content.spending.rows, texts)
    for row in content.spending.rows:
        row.estimate = amounts.get(row.source)
    lines = [
        MoneyLine(
            row,
            texts.get(row.source, ""),
            errors.get(row.source, "") if is_final or texts.get(row.source, "").strip() else "",
        )
        for row in content.spending.rows
    ]
    return MoneyRow(content.spending, lines, saved.number if saved else 0, saved=saved)


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
        "today": request.clock.today,
        "counts": [
            (code, queries.likelihood_words(code, monitoring.round.layout), count)
            for code, count in shown.content.counts.items()
        ],
    }
    return render(request, "progress/monitoring_page.html", context, status=status)


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
