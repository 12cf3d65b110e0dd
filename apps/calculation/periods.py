"""Stretches of the calendar: the periods a measure is asked for, and how much of one is gone."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from apps.calculation.terms import Frequency, Refusal, Sentence

MONTHS: Final = {
    Frequency.MONTHLY: 1,
    Frequency.QUARTERLY: 3,
    Frequency.HALF_YEARLY: 6,
    Frequency.YEARLY: 12,
    Frequency.SEASON: 1,
    Frequency.MILESTONE: 12,
}


class PeriodReversed(Refusal):
    """A period that ends before it starts."""

    def __init__(self, starts_on: date, ends_on: date) -> None:
        super().__init__(
            Sentence(
                zh=f"期间的结束日期 {ends_on} 早于开始日期 {starts_on}。",
                en=f"The period ends on {ends_on}, before it starts on {starts_on}.",
            )
        )


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of days, both ends included. Raises `PeriodReversed` when it ends before it starts."""

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise PeriodReversed(self.starts_on, self.ends_on)

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    @property
    def days(self) -> int:
        """How many days the period has; a single day has one."""
        return (self.ends_on - self.starts_on).days + 1


class Phase(StrEnum):
    """Where a period is on its way to being reported."""

    NOT_YET_DUE = "not_yet_due"
    DUE = "due"
    OVERDUE = "overdue"


class Reach(StrEnum):
    """What a target covers: one fiscal year, or the whole project from its first year on."""

    YEAR = "year"
    PROJECT = "project"


def year_of(year: int) -> Period:
    """Return the fiscal year, which in China is the calendar year (预算法 第18条)."""
    return Period(date(year, 1, 1), date(year, 12, 31))


def periods_of(frequency: Frequency, year: int, season: Period | None = None) -> list[Period]:
    """Return the periods for which a measure is asked in the fiscal year, in order.

    A milestone is one period, the whole year. A seasonal measure is asked by the month from the first day of
    `season`, and a month counts to the year in which it ends; without a known season it is not asked at all.
    """
    if frequency is not Frequency.SEASON:
        return cut(year_of(year), MONTHS[frequency])
    if season is None:
        return []
    return [period for period in cut(season, MONTHS[frequency]) if period.ends_on.year == year]


def cut(span: Period, months: int) -> list[Period]:
    """Return `span` in pieces of so many months, counted from its first day; the last piece may be shorter."""
    pieces: list[Period] = []
    starts_on = span.starts_on
    while starts_on <= span.ends_on:
        follows_on = _months_after(span.starts_on, months * (len(pieces) + 1))
        pieces.append(Period(starts_on, min(follows_on - timedelta(days=1), span.ends_on)))
        starts_on = follows_on
    return pieces


def elapsed(period_start: date, period_end: date, today: date) -> Decimal:
    """Return the share of the period's days that are over, from 0 to 1.

    A day counts when it is over: on the first day nothing has gone by, the day after the last gives 1.
    """
    period = Period(period_start, period_end)
    gone = (today - period.starts_on).days
    return Decimal(min(max(gone, 0), period.days)) / period.days


def phase(period: Period, due_on: date, today: date) -> Phase:
    """Return whether a period is to be reported: due from the day after it ends, up to and with its due day itself."""
    if today > due_on:
        return Phase.OVERDUE
    return Phase.DUE if today > period.ends_on else Phase.NOT_YET_DUE


def reach_of(reach: Reach, year: int, first_year: int) -> Period:
    """Return the days whose figures count towards a target in the fiscal year.

    A target for the whole project counts from the first day of `first_year` to the end of `year`.
    """
    if reach is Reach.YEAR:
        return year_of(year)
    return Period(date(first_year, 1, 1), year_of(year).ends_on)


def year_before(period: Period) -> Period:
    """Return the same days a year earlier; a period that ends with its month still does, leap year or not."""
    starts_on, ends_on = period.starts_on, period.ends_on
    return Period(same_day(starts_on, starts_on.year - 1), same_day(ends_on, ends_on.year - 1))


def same_day(day: date, year: int) -> date:
    """Return the day of another year with which this one is compared: the end of a month is the end of that month."""
    last = month_end(year, day.month)
    is_end = day == month_end(day.year, day.month)
    return last if is_end else day.replace(year=year)


def months_between(start: date, end: date) -> int:
    """Return how many calendar months lie between the months of two days, whatever the day of the month.

    From any day of September to any day of December are 3; backwards the number is negative.
    """
    return (end.year - start.year) * 12 + end.month - start.month


def month_end(year: int, month: int) -> date:
    """Return the last day of a month, to which an earlier year is cut when this one is compared with it."""
    return date(year, month, monthrange(year, month)[1])


def _months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, month_end(year, month).day))
