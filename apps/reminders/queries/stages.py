"""How near a deadline is, in the steps in which people are told."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from apps.calculation.workdays import Workdays
from apps.calendars.queries import workdays

BEFORE: Final = (0, 1, 3, 5)
EVERY: Final = 2
MORNING: Final = time(9)
EVENING: Final = time(20)
DAWN: Final = time(8)
LOOK_BACK, LOOK_AHEAD = timedelta(days=400), timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Stage:
    """The last step reached: `days_left` counts working days and is negative once the deadline is past.

    The key names the deadline too: a deadline that moves is told anew.
    """

    key: str
    since: date
    days_left: int

    @property
    def is_overdue(self) -> bool:
        """Tell whether the deadline is past by a working day or more."""
        return self.days_left < 0


def stage_of(opens_on: date, due_on: date, today: date, days: Workdays) -> Stage | None:
    """Return the stage that a cell has reached: opened, due-5, due-3, due-1, due-0, then overdue-1, -3, -5 and so on.

    Only the latest is returned, so a stage that was missed is told late and an older one never after it. None before the
    round opens.
    """
    if today < opens_on:
        return None
    left = days.between(today, due_on)
    if left < 0:
        late = -left - (-left - 1) % EVERY
        return Stage(f"overdue-{late}/{due_on}", days.after(due_on, late), left)
    for count in BEFORE:
        if (since := days.before(due_on, count)) <= today:
            return Stage(f"due-{count}/{due_on}", max(since, opens_on), left)
    return Stage(f"opened/{due_on}", opens_on, left)


def days_around(today: date) -> Workdays:
    """Return the working days of a year back and two months ahead. One query."""
    return workdays(today - LOOK_BACK, today + LOOK_AHEAD)


def is_time_for_digests(moment: datetime, days: Workdays) -> bool:
    """Tell whether it is a working day between nine and eight in the evening in Shanghai."""
    return days.is_workday(moment.date()) and MORNING <= moment.time() < EVENING


def is_time_for_returns(moment: datetime, days: Workdays) -> bool:
    """Tell whether it is a working day between eight and eight."""
    return days.is_workday(moment.date()) and DAWN <= moment.time() < EVENING


def next_morning(moment: datetime, days: Workdays) -> date:
    """Return the day of the next digest: today before nine on a working day, else the next working day."""
    today = moment.date()
    is_ahead = days.is_workday(today) and moment.time() < MORNING
    return today if is_ahead else days.after(today, 1)
