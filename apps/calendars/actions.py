"""Filling the calendar."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

import chinese_calendar
from django.db import transaction

from apps.accounts.models import Unit, User
from apps.calculation.periods import year_of
from apps.calendars.enums import DayStatus
from apps.calendars.models import CalendarDay
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb

SOURCE = "chinesecalendar"
PUBLISHED_YEARS = (2015, 2016, 2017, 2024, 2025, 2026)


class YearUnknown(Exception):
    """A year that the library has no official list for; `year` says which."""

    def __init__(self, year: int) -> None:
        super().__init__(str(year))
        self.year = year


@transaction.atomic
def load_calendar(
    *, years: Collection[int], authority: Unit | None, at: datetime, channel: Channel = Channel.COMMAND
) -> list[int]:
    """Add the days of the years that the calendar lacks, holidays and make-up days as published, and return those years.

    Days that are there stay as an administrator left them. One event per year in the chain of `authority`, the root of
    the organisation; None before any unit exists. Raises `YearUnknown` where nothing is published, and adds nothing then.
    """
    known = set(CalendarDay.objects.filter(date__year__in=years).values_list("date", flat=True))
    changes = []
    for year in sorted(years):
        days = [day for day in _days(year) if day.date not in known]
        CalendarDay.objects.bulk_create(days, batch_size=500)
        if days:
            after = {"year": year, "days": len(days), "workdays": sum(day.is_workday for day in days)}
            changes.append(Change(Verb.LOAD, days[0], after=after))
    if authority is not None:
        record(bureau=authority, actor=None, changes=changes, at=at, channel=channel)
    return [change.after["year"] for change in changes if change.after]


def _days(year: int) -> Iterator[CalendarDay]:
    """Yield the days of a year as the library has them."""
    period = year_of(year)
    for number in range(period.days):
        yield _day(period.starts_on + timedelta(days=number))


def _day(day: date) -> CalendarDay:
    """Return an unsaved day; the name says for which holiday people rest, or make up by working."""
    try:
        _is_holiday, name = chinese_calendar.get_holiday_detail(day)
        is_workday = chinese_calendar.is_workday(day)
    except NotImplementedError as error:
        raise YearUnknown(day.year) from error
    chinese = chinese_calendar.Holiday(name).chinese if name else ""
    return CalendarDay(date=day, is_workday=is_workday, name=chinese, source=SOURCE, status=DayStatus.OFFICIAL)


@transaction.atomic
def set_day(
    *,
    date: date,
    is_workday: bool,
    name: str,
    source: str,
    status: str,
    by: User,
    bureau: Unit,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> CalendarDay:
    """Say whether a day is worked, and where that is known from; one event in the bureau's chain where it changes anything.

    Deadlines that were rolled before keep their day: only what is worked out from now on follows.
    """
    after = {"is_workday": is_workday, "name": name, "source": source, "status": status}
    stored = CalendarDay.objects.select_for_update().filter(date=date).first()
    before = {column: getattr(stored, column) for column in after} if stored else None
    if stored is not None and before == after:
        return stored
    day, _is_new = CalendarDay.objects.update_or_create(date=date, defaults=after)
    verb = Verb.CHANGE if stored else Verb.ADD
    record(bureau=bureau, actor=by, changes=[Change(verb, day, before=before, after=after)], at=at, channel=channel)
    return day
