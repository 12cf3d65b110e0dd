"""The doors for machines, and the self-test that people read on the page of the system."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe
from ninja import Router

from apps.accounts.enums import Role
from apps.api import queries, schemas
from apps.jobs.queries import has_pulse, last_pulse


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say in words whether web, database, broker and worker answer; anybody may ask, and nothing else is told.

    200 while web and database answer: figures can be entered and reviewed without a broker, whose absence is told in
    `broker` and must not take the pages out of a load balancer. 503 without a database. `worker` is "up" while beat's
    question of the last minutes was answered.
    """
    has_database, has_broker = queries.database_answers(), queries.broker_answers()
    has_worker = has_broker and has_pulse(last_pulse(), request.now)
    told = {
        "status": "ok" if has_database else "unavailable",
        "database": _word(is_up=has_database),
        "broker": _word(is_up=has_broker),
        "worker": _word(is_up=has_worker),
    }
    return JsonResponse(told, status=200 if has_database else 503)


def _word(*, is_up: bool) -> str:
    return "up" if is_up else "down"


@never_cache
@login_required
@require_GET
def self_test(request: HttpRequest) -> HttpResponse:
    """Show how every part is, as a part of the page of the system or by itself."""
    if not request.user.holds(Role.ADMIN):
        raise Http404
    template = "api/_self_test.html" if request.htmx else "api/self_test.html"
    return render(request, template, {"checks": queries.self_test(request.now)})


preview = Router()


@preview.post("readings")
def readings(request: HttpRequest, payload: schemas.ReadingsBody):
    """Read the cells of a plan: what each text means as a target."""
    with _language(request):
        return {"readings": schemas.answers(schemas.ReadingItem, payload.items, queries.rules(payload.year))}


@preview.post("scores")
def scores(request: HttpRequest, payload: schemas.Body):
    """Score indicators, each by itself."""
    with _language(request):
        return {"scores": schemas.answers(schemas.ScoreItem, payload.items, queries.rules())}


@preview.post("executions")
def executions(request: HttpRequest, payload: schemas.Body):
    """Score budget lines."""
    with _language(request):
        return {"executions": schemas.answers(schemas.ExecutionItem, payload.items, queries.rules())}


@preview.post("aggregations")
def aggregations(request: HttpRequest, payload: schemas.Body):
    """Combine the figures of periods and members."""
    with _language(request):
        return {"aggregations": schemas.answers(schemas.AggregationItem, payload.items, queries.rules())}


@preview.post("progress")
def progress(request: HttpRequest, payload: schemas.Body):
    """Say how far figures have come."""
    with _language(request):
        return {"progress": schemas.answers(schemas.ProgressItem, payload.items, queries.rules())}


@preview.post("audits")
def audits(request: HttpRequest, payload: schemas.AuditBody):
    """Say which scores of a filled self-assessment do not follow from a rule, and why."""
    with _language(request):
        return schemas.audited(payload.assessment, queries.rules())


def _language(request: HttpRequest):
    """Speak English to a program that asks for it, and otherwise as the pages do."""
    asks_for_english = request.headers.get("Accept-Language", "").lower().startswith("en")
    return translation.override("en" if asks_for_english else translation.get_language())
