"""The pages of reminders: the ledger and what comes next, and the door that a mail's link opens."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.calendars.queries import business_moment
from apps.outbox.actions import MailNotStuck, resend
from apps.progress.enums import EntryState
from apps.progress.models import Entry
from apps.reminders import queries
from apps.reminders.queries.stages import days_around, next_morning
from apps.reminders.tables import MailTable

PER_PAGE = 25
DONE = (EntryState.SUBMITTED, EntryState.APPROVED)


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show what was told and what became of it; to officers also who gets what next, and texts for chat groups."""
    keeper = _keeper(request)
    is_officer = keeper.holds(Role.OFFICER)
    table = MailTable(queries.ledger(keeper), shows_lines=is_officer)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "page_title": _("提醒"),
        "table": table,
        "stuck_count": queries.stuck_mails(keeper).count(),
        "unreached": queries.unreached(keeper),
        "is_officer": is_officer,
    }
    return render(request, "reminders/overview.html", context | (_ahead(request, keeper) if is_officer else {}))


def _ahead(request: HttpRequest, keeper: User) -> dict[str, object]:
    moment = business_moment(request.now)
    today = moment.date()
    days = days_around(today)
    morning = next_morning(moment, days)
    return {
        "morning": morning,
        "previews": queries.previews(keeper, morning, days),
        "chats": queries.chats(keeper, today, days),
        "unreported_units": queries.unreported_units(keeper, today),
    }


@login_required
@require_POST
def send_again(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Queue one failed or unknown mail again."""
    keeper = _keeper(request)
    mail = get_object_or_404(queries.ledger(keeper), pk=mail_id)
    try:
        resend(mail=mail, actor=keeper, bureau=queries.bureau_of(keeper), at=request.now)
    except MailNotStuck as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("邮件已重新排队，马上发送。"))
    return redirect("reminders:overview")


@login_required
@require_GET
def go(request: HttpRequest, token: str) -> HttpResponse:
    """Lead the person a mail was written to to their cell; tell anybody else whose link it is, and no more."""
    try:
        claim = queries.claim_of(token)
    except BadSignature as error:
        raise Http404 from error
    if claim.person_id != request.user.pk:
        owner = get_object_or_404(User, pk=claim.person_id)
        return render(
            request, "reminders/link_stranger.html", {"page_title": _("不是您的链接"), "owner": owner}, status=403
        )
    entry = get_object_or_404(
        Entry.objects.visible_to(request.user).select_related("measure", "member", "round"), pk=claim.entry_id
    )
    address = reverse("progress:grid", args=[entry.round_id, entry.measure_id]) + f"#cell-{entry.pk}"
    if entry.state in DONE:
        context = {"page_title": _("这一项已经办完"), "entry": entry, "address": address}
        return render(request, "reminders/link_done.html", context)
    return redirect(address)


def _keeper(request: HttpRequest) -> User:
    """Return the person if reminders are theirs to keep; for anybody else the page does not exist."""
    if not request.user.holds(*queries.KEEPERS):
        raise Http404
    return request.user
