"""Answers about days."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from apps.calculation.workdays import Workdays
from apps.calendars.models import CalendarDay, DemonstrationDay

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = time(9, 30)


def demonstration_day() -> date | None:
    """Return the day a demonstration plays on, None in earnest. One query."""
    return DemonstrationDay.objects.values_list("date", flat=True).first()


def business_moment(now: datetime) -> datetime:
    """Return `now` in Shanghai, or half past nine of the demonstration day while there is one. One query."""
    day = demonstration_day()
    return datetime.combine(day, MORNING, SHANGHAI) if day else now.astimezone(SHANGHAI)


def end_of(day: date) -> datetime:
    """Return the last moment of a day in Shanghai: what is known "on a day" is what was known then."""
    return datetime.combine(day, time.max, SHANGHAI)


def workdays(starts_on: date, ends_on: date) -> Workdays:
    """Return the working days known between two dates; days outside the table are estimated. One query."""
    rows = CalendarDay.objects.filter(date__range=(starts_on, ends_on)).values_list("date", "is_workday")
    return Workdays(dict(rows))
