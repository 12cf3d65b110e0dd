"""The day every page agrees on."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.calendars.queries import demonstration_day


class TodayMiddleware:
    """Put the real moment (`request.now`) and the clock of the pages (`request.clock.today`) on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.now = timezone.now()
        request.clock = Clock(request.now)
        return self.get_response(request)


class Clock:
    """The clock of one request: asked once, one query at most."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._day: date | None = None
        self._asked = False

    @property
    def demonstration_day(self) -> date | None:
        """Return the day the demonstration plays on, None in earnest."""
        if not self._asked:
            self._day, self._asked = demonstration_day(), True
        return self._day

    @property
    def today(self) -> date:
        """Return the demonstration day, or the date in Shanghai."""
        return self.demonstration_day or timezone.localdate(self.now)
