"""How far away a due day may be: what is mistyped should not stand as one."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from apps.progress.actions.refusals import Refused

MOST_DAYS_AHEAD = 366


class DueTooFar(Refused):
    """A due day more than a year away."""


def refuse_far(due_on: date, earliest: date) -> None:
    """Raise `DueTooFar` for a due day that is more than a year behind the earliest that it could be."""
    if (due_on - earliest).days > MOST_DAYS_AHEAD:
        last = earliest + timedelta(days=MOST_DAYS_AHEAD)
        raise DueTooFar(_("截止日最晚为 %(day)s（一年以内），请检查年份。") % {"day": f"{last:%Y-%m-%d}"})
