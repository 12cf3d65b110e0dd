"""Telling people what they owe, each thing once: the ledger decides, not the scheduler."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import translation

from apps.accounts.models import User
from apps.calculation.workdays import Workdays
from apps.calendars.queries import business_moment, demonstration_day
from apps.outbox.actions import queue_mail
from apps.outbox.models import Mail
from apps.reminders.emails import Builder, digest_mail, returns_mail
from apps.reminders.models import Digest, Notice
from apps.reminders.queries import Line, Obligation, lines, obligations, returns
from apps.reminders.queries.stages import days_around, is_time_for_digests, is_time_for_returns

logger = logging.getLogger(__name__)


def send_digests(*, now: datetime) -> int:
    """Write each person's mail of the working day and return how many were written; outside the hours none.

    One transaction per person, so a worker killed at any line leaves each person with the whole mail or nothing, and the
    next run goes on. Any number of runs at once write one mail per person.
    """
    moment = business_moment(now)
    today = moment.date()
    days = days_around(today)
    if not is_time_for_digests(moment, days):
        return 0
    told = set(Digest.objects.filter(told_on=today).values_list("person_id", flat=True))
    # Collected before the first write: an open read on SQLite would make the writes below fail.
    open_people = [(person, owed) for person, owed in obligations(today, days) if person not in told]
    return _told(
        open_people, lambda person, owed: tell_digest(person=person, owed=owed, today=today, days=days, now=now)
    )


def send_returns(*, now: datetime) -> int:
    """Write a mail to each person whose figures came back, within working hours, and return how many were written."""
    moment = business_moment(now)
    today = moment.date()
    days = days_around(today)
    if not is_time_for_returns(moment, days):
        return 0
    return _told(
        list(returns()), lambda person, owed: tell_returns(person=person, owed=owed, today=today, days=days, now=now)
    )


Owed = tuple[int, list[Obligation]]
Teller = Callable[[User, list[Obligation]], Mail | None]


def _told(owed_by: Sequence[Owed], tell: Teller) -> int:
    """Tell one person after the other; what fails for one is logged and must not keep the others waiting."""
    people = User.objects.in_bulk([person_id for person_id, _ in owed_by])
    written = 0
    for person_id, owed in owed_by:
        try:
            written += tell(people[person_id], owed) is not None
        except Exception:
            logger.exception("Person %s could not be told; the next run tries again.", person_id)
    return written


@transaction.atomic
def tell_digest(*, person: User, owed: Sequence[Obligation], today: date, days: Workdays, now: datetime) -> Mail | None:
    """Write a person's mail of the day; None where another run did or nothing is owed any more."""
    digest, is_first = Digest.objects.get_or_create(person=person, told_on=today)
    if not is_first:
        return None
    digest.mail = _tell(digest_mail, person, owed, today, days, now)
    if digest.mail is None:
        digest.delete()
        return None
    digest.save(update_fields=["mail"])
    return digest.mail


@transaction.atomic
def tell_returns(
    *, person: User, owed: Sequence[Obligation], today: date, days: Workdays, now: datetime
) -> Mail | None:
    """Write a person's mail about figures that came back; None where another run told them all."""
    return _tell(returns_mail, person, owed, today, days, now)


def _tell(
    build: Builder,
    person: User,
    owed: Sequence[Obligation],
    today: date,
    days: Workdays,
    now: datetime,
) -> Mail | None:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        batch = uuid4()
        won = _won(person, lines(owed, today, days), batch, now)
        if not won:
            return None
        is_demonstration = demonstration_day() is not None
        [mail] = queue_mail(
            message=build(person=person, lines=won, day=today, is_demonstration=is_demonstration), now=now
        )
    Notice.objects.filter(batch=batch).update(mail=mail)
    return mail


def _won(person: User, told: Iterable[Line], batch: UUID, now: datetime) -> list[Line]:
    """Enter the lines into the ledger and return those that nobody had entered before."""
    told = list(told)
    notices = [
        Notice(
            person=person,
            obligation=line.obligation.key,
            stage=line.obligation.stage,
            batch=batch,
            line=line.text,
            told_at=now,
        )
        for line in told
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    mine = set(Notice.objects.filter(batch=batch).values_list("obligation", "stage"))
    return [line for line in told if (line.obligation.key, line.obligation.stage) in mine]
