"""Working days, make-up weekends included: which days count, and how many of them lie between two dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

SATURDAY: Final = 5


class RollRule(StrEnum):
    """What becomes of a deadline on a rest day: the workday before, the one after (民法典 第203条), or nothing."""

    PREVIOUS = "previous"
    NEXT = "next"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Workdays:
    """The calendar of one place: for each known date whether work is done on it.

    A date the mapping does not know is estimated: Monday to Friday are worked. The list of a year's holidays is
    only published in the last months of the year before, so estimates are normal and must be shown as such.
    """

    days: Mapping[date, bool]

    def is_workday(self, day: date) -> bool:
        """Return whether work is done on the day, by the published list or else by the day of the week."""
        return self.days.get(day, day.weekday() < SATURDAY)

    def is_estimated(self, day: date) -> bool:
        """Return whether nothing is published for the day, so that `is_workday` is only an estimate."""
        return day not in self.days

    def roll(self, day: date, rule: RollRule) -> date:
        """Return the day a deadline moves to when it falls on a rest day; a working day stays."""
        if rule is RollRule.NONE:
            return day
        step = timedelta(days=1 if rule is RollRule.NEXT else -1)
        while not self.is_workday(day):
            day += step
        return day

    def before(self, day: date, count: int) -> date:
        """Return the working day `count` working days before; a rest day is first rolled back, so 0 is that roll."""
        return self._moved(day, -count)

    def after(self, day: date, count: int) -> date:
        """Return the working day `count` working days after; a rest day is first rolled back, so 0 is that roll."""
        return self._moved(day, count)

    def between(self, start: date, end: date) -> int:
        """Return how many working days follow `start` up to and including `end`: the days that are left.

        Seen from the deadline's own day it is 0, and negative when `end` is already past.
        """
        if end < start:
            return -self.between(end, start)
        following = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
        return sum(self.is_workday(day) for day in following)

    def _moved(self, day: date, count: int) -> date:
        day = self.roll(day, RollRule.PREVIOUS)
        step, rule = (1, RollRule.NEXT) if count > 0 else (-1, RollRule.PREVIOUS)
        for _ in range(abs(count)):
            day = self.roll(day + timedelta(days=step), rule)
        return day
