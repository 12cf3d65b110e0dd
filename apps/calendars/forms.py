"""Which day a page is asked to answer for: `?as_of=` and `?since=`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from apps.calculation.periods import month_end
from apps.calendars.queries import end_of

FIRST_DAY: Final = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a page may know: everything, or what was known at the end of a day in Shanghai.

    `as_of` is None for now, `since` None where nobody asks what changed. `refusal` is the sentence about a day that is no
    answer; the page then answers for now. `moment` is the real one, up to which changes are told.
    """

    clock: date
    moment: datetime
    as_of: date | None = None
    since: date | None = None
    refusal: str = ""

    @property
    def today(self) -> date:
        """Return the day that counts as today for what is expected, due and overdue."""
        return self.as_of or self.clock

    @property
    def known_at(self) -> datetime | None:
        """Return the last moment of the day asked for, None for now."""
        return end_of(self.as_of) if self.as_of else None

    @property
    def since_at(self) -> datetime | None:
        """Return the moment after which changes are told, None where nobody asks."""
        return end_of(self.since) if self.since else None

    @property
    def until_at(self) -> datetime:
        """Return the moment up to which changes are told."""
        return self.known_at or self.moment

    @property
    def query(self) -> str:
        """Return what links of the page carry on, "?as_of=2016-07-31"; empty for now."""
        return f"?{urlencode({'as_of': self.as_of})}" if self.as_of else ""

    @property
    def whole_query(self) -> str:
        """Return what parts of the page about changes carry on, "?as_of=2016-07-31&since=2016-06-30"; empty for neither."""
        asked = {"as_of": self.as_of, "since": self.since}
        pairs = {name: day for name, day in asked.items() if day}
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def status(self) -> int:
        """Return the status of the page: 400 where a day was refused."""
        return 400 if self.refusal else 200

    @property
    def month_end_before(self) -> date | None:
        """Return the last month's end before the day, None before there is one."""
        day = self.today.replace(day=1) - timedelta(days=1)
        return day if day >= FIRST_DAY else None

    @property
    def month_end_after(self) -> date | None:
        """Return the next month's end after the day, None where it is not over yet."""
        next_day = self.today + timedelta(days=1)
        day = month_end(next_day.year, next_day.month)
        return day if day <= self.clock else None


def knowledge(request: Any) -> Knowledge:
    """Return what the request asks for by `?as_of=` and `?since=`; days that cannot be answered are refused in a sentence."""
    clock, moment = request.clock.today, request.now
    try:
        as_of = _day(request.GET.get("as_of", ""), clock)
        since = _day(request.GET.get("since", ""), clock)
    except ValueError as refused:
        return Knowledge(clock, moment, refusal=str(refused))
    if since and since >= (as_of or clock):
        return Knowledge(clock, moment, as_of, refusal=_("“此后的变化”要从更早的一天算起。"))
    return Knowledge(clock, moment, as_of, since)


def _day(text: str, clock: date) -> date | None:
    """Return the day that was typed, None for nothing. Raises ValueError with a sentence for people."""
    text = text.strip()
    if not text:
        return None
    day = _parsed(text)
    if day is None:
        raise ValueError(_("“%(text)s”不是日期，请写成 2016-07-31 这样。") % {"text": text[:20]})
    if day > clock:
        raise ValueError(_("%(day)s 还没有到，只能看今天和以前。") % {"day": f"{day:%Y-%m-%d}"})
    if day < FIRST_DAY:
        raise ValueError(
            _("%(day)s 太早了，最早可以看 %(first)s。") % {"day": day.isoformat(), "first": f"{FIRST_DAY}"}
        )
    return day


def _parsed(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
