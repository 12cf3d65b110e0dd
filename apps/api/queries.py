"""Is it well? Asked in milliseconds by machines, in a second or two by people. And by which rules the API scores."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from apps.api.enums import Health
from apps.calculation.schemes import Scheme
from apps.calculation.terms import Refusal, Sentence
from apps.jobs.enums import JobKind, JobState
from apps.jobs.queries import has_pulse, last_ended, last_pulse
from apps.outbox.enums import MailState
from apps.outbox.models import Mail
from apps.plans.models import Scheme as StoredScheme
from apps.ui import formats

AWAY: Final = (OperationalError, RedisError, OSError)
SECONDS_FOR_BROKER: Final = 1
SECONDS_FOR_WORKERS: Final = 1.0
LITTLE_SPACE: Final = 2 * 1024**3
GIGABYTE: Final = 1024**3
NATIONAL: Final = "national-2020"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the self-test: which part, how it is, and the sentence that says so."""

    part: str | Promise
    health: Health
    sentence: str


def database_answers() -> bool:
    """Tell whether the database answers a question that reads nothing. One query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False


def broker_answers() -> bool:
    """Tell whether the broker answers a ping within about a second; what is told apart is only yes and no."""
    patience = {"socket_connect_timeout": SECONDS_FOR_BROKER, "socket_timeout": SECONDS_FOR_BROKER}
    try:
        with current_app.connection_for_read(transport_options=patience) as broker:
            return bool(broker.default_channel.client.ping())
    except AWAY:
        return False


def self_test(now: datetime) -> list[Check]:
    """Return how every part is, as far as one can tell from here. Three queries and up to two seconds."""
    has_broker = broker_answers()
    return [
        _database(),
        _broker(is_up=has_broker),
        _workers() if has_broker else _not_asked(_("后台进程")),
        _beat(now) if has_broker else _not_asked(_("定时器")),
        _mail(),
        _disk(),
        _standings(),
    ]


def _database() -> Check:
    kind = connection.display_name
    if database_answers():
        return Check(_("数据库"), Health.WELL, _("%(kind)s 有应答。") % {"kind": kind})
    return Check(_("数据库"), Health.BROKEN, _("%(kind)s 没有应答。") % {"kind": kind})


def _broker(*, is_up: bool) -> Check:
    if is_up:
        return Check(_("消息中转"), Health.WELL, _("有应答。"))
    return Check(_("消息中转"), Health.BROKEN, _("没有应答；提醒和夜间工作会推迟，填报和审核照常。"))


def _not_asked(part: str) -> Check:
    return Check(part, Health.UNKNOWN, _("消息中转不通，问不到。"))


def _workers() -> Check:
    try:
        count = len(current_app.control.ping(timeout=SECONDS_FOR_WORKERS))
    except AWAY:
        return _not_asked(_("后台进程"))
    if not count:
        return Check(_("后台进程"), Health.BROKEN, _("一秒内没有应答；邮件和夜间工作在等它。"))
    sentence = ngettext("%(count)d 个进程有应答。", "%(count)d 个进程有应答。", count) % {"count": count}
    return Check(_("后台进程"), Health.WELL, sentence)


def _beat(now: datetime) -> Check:
    last = last_pulse()
    if last is None:
        return Check(_("定时器"), Health.UNKNOWN, _("还没有收到过心跳；启动后一分钟内应有第一次。"))
    health = Health.WELL if has_pulse(last, now) else Health.BROKEN
    return Check(_("定时器"), health, _("最近一次心跳：%(moment)s。") % {"moment": formats.moment(last)})


def _mail() -> Check:
    rows = Mail.objects.order_by().values_list("state").annotate(count=Count("pk"))
    counts = {MailState(state): count for state, count in rows}
    if not counts:
        return Check(_("邮件"), Health.WELL, _("发件箱是空的。"))
    listed = formats.names([f"{state.label} {counts[state]}" for state in MailState if state in counts])
    stuck = counts.keys() & {MailState.FAILED, MailState.UNKNOWN}
    return Check(_("邮件"), Health.WARNING if stuck else Health.WELL, _("%(counts)s。") % {"counts": listed})


def _disk() -> Check:
    folder = Path(settings.VAR_DIR)
    free = shutil.disk_usage(folder).free
    sentence = _("数据目录所在磁盘还剩 %(free)s GB。") % {"free": f"{free / GIGABYTE:.1f}"}
    return Check(_("磁盘"), Health.WARNING if free < LITTLE_SPACE else Health.WELL, sentence)


def _standings() -> Check:
    job = last_ended(JobKind.CHECK_STANDINGS)
    if job is None:
        return Check(_("完成情况核对"), Health.UNKNOWN, _("还没有核对过；每天夜里核对一次。"))
    sentence = _("%(moment)s：%(outcome)s") % {"moment": formats.moment(job.ended_at), "outcome": job.outcome}
    return Check(_("完成情况核对"), Health.WELL if job.state == JobState.DONE else Health.WARNING, sentence)


class SchemeUnknown(Refusal):
    """A scheme that nobody has loaded and that is not shipped."""

    def __init__(self, code: str, known: Mapping[str, Scheme]) -> None:
        listed = ", ".join(known)
        super().__init__(
            Sentence(
                zh=f"没有编码为“{code}”的评分方案，现有 {listed}。",
                en=f"There is no scheme {code!r}; known are {listed}.",
            )
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """The scoring schemes that the API knows by their codes, the national one first, and the year that is spoken of."""

    schemes: Mapping[str, Scheme]
    year: int

    def scheme(self, code: str) -> Scheme:
        """Return a scheme by its code, the national one for no code. Raises `SchemeUnknown`."""
        if (code or NATIONAL) not in self.schemes:
            raise SchemeUnknown(code, self.schemes)
        return self.schemes[code or NATIONAL]


def rules(year: int = 0) -> Rules:
    """Return the latest version of every scheme: as loaded, and as shipped where it was not loaded. One query."""
    latest = dict(StoredScheme.objects.order_by("number", "pk").values_list("code", "content"))
    schemes = {**shipped_schemes(), **{code: Scheme.from_data(content) for code, content in latest.items()}}
    return Rules(dict(sorted(schemes.items(), key=lambda found: (found[0] != NATIONAL, found[0]))), year)


@cache
def shipped_schemes() -> dict[str, Scheme]:
    """Return the schemes that come with the product, by code; their files are read once."""
    files = sorted((Path(settings.BASE_DIR) / "fixtures" / "schemes").glob("*.json"))
    found = [Scheme.from_data(json.loads(file.read_text(encoding="utf-8"))) for file in files]
    return {scheme.code: scheme for scheme in found}
