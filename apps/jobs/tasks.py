"""The pulse of the installation: beat asks once a minute, a worker answers. And the journal, verified when somebody asks."""

import logging
from collections.abc import Callable
from itertools import chain as one_after_another
from pathlib import Path
from typing import Final

from celery import shared_task
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.jobs import actions
from apps.jobs.actions import JobEnded
from apps.jobs.models import Job
from apps.journal.models import Chain
from apps.journal.queries import anchors_in, flaws_of_chains, untold_flaws, verification_steps

MOST_TOLD: Final = 20
TELL_EVERY: Final = 5000
MOST_STEPS: Final = 1_000_000
"""As much as a task is sure to finish in its time; more is for the command."""
logger = logging.getLogger(__name__)


@shared_task
def pulse() -> None:
    """Show that beat asks and a worker answers."""
    actions.note_pulse(at=timezone.now())


@shared_task
def verify_journal(job_id: int) -> None:
    """Verify the journal of the bureaus of whoever asked, and say what was found; run twice, it begins anew."""
    job = Job.objects.select_related("started_by").filter(pk=job_id, started_by__isnull=False).first()
    if job is None or job.started_by is None:
        return
    chains = list(Chain.objects.visible_to(job.started_by).select_related("bureau").order_by("bureau__path"))
    try:
        _verify(job, chains)
    except JobEnded:
        return
    except Exception:
        actions.fail_job(job=job, outcome=_("核验中途出错，详见系统日志。"), at=timezone.now())
        raise


def _verify(job: Job, chains: list[Chain]) -> None:
    steps = verification_steps(chains)
    if steps > MOST_STEPS:
        outcome = _("日志很长，页面上核验不完，请管理员运行 verify_journal。")
        actions.fail_job(job=job, outcome=outcome, at=timezone.now())
        return
    actions.resume_job(job=job, steps=steps)
    found, count = [], 0
    book, step = anchors_in(Path(settings.ANCHOR_DIR)), _teller(job)
    known = flaws_of_chains(chains, book, step=step)
    is_all = not Chain.objects.exclude(pk__in=[chain.pk for chain in chains]).exists()
    for sentence in one_after_another(known, _untold(step, is_all=is_all)):
        logger.error("%s", sentence)
        count += 1
        found += [sentence] if count <= MOST_TOLD else []
    if not count:
        actions.finish_job(job=job, outcome=_sound(chains, book.lines), at=timezone.now())
        return
    rest = [_("……另有 %(n)d 处，详见系统日志。") % {"n": count - MOST_TOLD}] if count > MOST_TOLD else []
    head = _("日志有 %(n)d 处不符：") % {"n": count}
    actions.fail_job(job=job, outcome="\n".join([head, *found, *rest]), at=timezone.now())


def _untold(step: Callable[[int], None], *, is_all: bool) -> list[str]:
    """Return the rows without an event; where other bureaus are in the house, only how many, for nobody knows whose they are."""
    sentences = list(untold_flaws(step))
    if is_all or not sentences:
        return sentences
    for sentence in sentences:
        logger.error("%s", sentence)
    told = _("全系统有 %(n)d 行数据没有相应的日志事件，分不出属于哪个单位，详见系统日志。")
    return [told % {"n": len(sentences)}]


def _sound(chains: list[Chain], lines: int) -> str:
    words = {"chains": len(chains), "events": sum(chain.length for chain in chains), "lines": lines}
    if not lines:
        return _("日志完好：%(chains)d 条链，%(events)d 条事件；还没有锚可对。") % words
    return _("日志完好：%(chains)d 条链，%(events)d 条事件，与 %(lines)d 行锚相符。") % words


def _teller(job: Job) -> Callable[[int], None]:
    """Return what counts steps and tells the job of them, not too often."""
    since = 0

    def tell(steps: int) -> None:
        nonlocal since
        since += steps
        if since >= TELL_EVERY:
            actions.advance_job(job=job, steps=since)
            since = 0

    return tell
