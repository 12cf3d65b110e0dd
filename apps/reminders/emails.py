"""The mails of reminders, one function each. They build; the outbox keeps and sends."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.reminders.enums import Sort
from apps.reminders.queries import Line
from apps.ui import formats

Builder = Callable[..., EmailMultiAlternatives]


def digest_mail(*, person: User, lines: Sequence[Line], day: date, is_demonstration: bool) -> EmailMultiAlternatives:
    """Return the one mail of a working day, in the active language: all that is owed and was not told."""
    count = len(lines)
    subject = ngettext("【perftrack】%(day)s 待办 %(count)s 项", "【perftrack】%(day)s 待办 %(count)s 项", count)
    return _mail("reminders/digest_mail", person, lines, subject % _facts(day, count), is_demonstration)


def returns_mail(*, person: User, lines: Sequence[Line], day: date, is_demonstration: bool) -> EmailMultiAlternatives:
    """Return the mail that tells of figures that came back, each with the reviewer's reason."""
    count = len(lines)
    subject = ngettext(
        "【perftrack】%(day)s %(count)s 项数据被退回", "【perftrack】%(day)s %(count)s 项数据被退回", count
    )
    return _mail("reminders/returns_mail", person, lines, subject % _facts(day, count), is_demonstration)


def _facts(day: date, count: int) -> dict[str, object]:
    words = f"{day.month}月{day.day}日" if formats.is_chinese() else f"{day.day} {formats.month(day.month)}"
    return {"day": words, "count": count}


def _mail(
    template: str, person: User, lines: Sequence[Line], subject: str, is_demonstration: bool
) -> EmailMultiAlternatives:
    context = {
        "person": person,
        "subject": subject,
        "count": len(lines),
        "sections": [(Sort(sort).label, list(found)) for sort, found in groupby(lines, key=lambda line: line.sort)],
        "is_demonstration": is_demonstration,
        "home": settings.SITE_URL + "/",
        "sender_name": _("绩效跟踪"),
    }
    message = EmailMultiAlternatives(
        subject,
        re.sub(r"\n{3,}", "\n\n", render_to_string(f"{template}.txt", context)).strip() + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [person.email],
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return message
