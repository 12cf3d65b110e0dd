"""What is done with a monitoring beside filling it in: passed on, sent back, taken back."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.progress.actions import monitoring as actions
from apps.progress.actions.refusals import Refused
from apps.progress.enums import MonitoringState
from apps.progress.models import Monitoring
from apps.progress.views.monitoring.requests import visible_monitorings
from apps.progress.views.requests import row_numbers

NOT_YOURS = (actions.NotYourMonitoring, actions.OwnMonitoring)


@login_required
@require_POST
def deed(request: HttpRequest, monitoring_id: int, deed: str) -> HttpResponse:
    """Pass a monitoring on, send it back, or take it back."""
    monitoring = get_object_or_404(visible_monitorings(request), pk=monitoring_id)
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
