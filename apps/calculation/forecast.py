"""Where a figure will probably be at the end, worked out in a way that is named and can be followed by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

from apps.calculation.periods import same_day
from apps.calculation.rounding import written
from apps.calculation.targets import Target, is_met
from apps.calculation.terms import Direction, Sentence

FEWEST: Final = 3
RECENT: Final = 3
FAR: Final = 36_525

Limits = tuple[Decimal | None, Decimal | None]
ANYTHING: Final[Limits] = (None, None)


class ForecastMethod(StrEnum):
    """How the rest of the way is drawn: on at the recent pace, or in last year's shape."""

    RECENT_PACE = "recent_pace"
    LAST_YEARS_SHAPE = "last_years_shape"


@dataclass(frozen=True, slots=True)
class Point:
    """A figure as it stood at the end of a day: the year so far for a flow, the level itself for a rate or a stock."""

    on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a course of figures comes to by `ends_on`, between `lowest` and `highest`.

    `is_met` says whether `value` meets the target, None without one. `met_on` is the first day on which a target not met
    yet will be, after the end too where a pace goes on; None where it is met already or never will be. `lost_on` is the
    day on which one that is met now will not be any longer: a ceiling that the year runs through. `sentence` names the
    method.
    """

    method: ForecastMethod
    ends_on: date
    value: Decimal
    lowest: Decimal
    highest: Decimal
    is_met: bool | None
    met_on: date | None
    lost_on: date | None
    sentence: Sentence


def forecast(
    points: Sequence[Point],
    ends_on: date,
    *,
    target: Target | None = None,
    last_year: Sequence[Point] = (),
    starts_on: date | None = None,
    limits: Limits = ANYTHING,
    places: int = 2,
    unit: str = "",
) -> Forecast | None:
    """Return the forecast for the end of a day, from figures in the order of their days; None for fewer than three days.

    With `last_year`, the same course a year earlier up to its end, the year is expected to go on as that one did: value
    ÷ share reached by now; the range is what each of the last three figures would have promised. Otherwise the pace
    of the last three stretches goes on; the range is that of the slowest and the fastest stretch so far. `starts_on`
    is the day on which a flow was still zero, which makes its first stretch count too. `limits` are what the figure
    cannot leave, such as 0 and 100 for a share; `places` and `unit` those of the sentence. When the end has come: None.
    """
    points = list({point.on: point for point in points}.values())
    if len(points) < FEWEST or points[-1].on >= ends_on:
        return None
    drawn = _in_last_years_shape(points, ends_on, last_year) or _at_recent_pace(points, ends_on, starts_on)
    ends = [_within(end, limits) for end in drawn.ends]
    value = _within(drawn.line[-1].value, limits)
    met_on, lost_on = (None, None) if target is None else _turns(drawn, target, limits)
    told = _Told(drawn.method, ends_on, value, min([*ends, value]), max([*ends, value]), places, f" {unit}".rstrip())
    return Forecast(
        method=told.method,
        ends_on=ends_on,
        value=value,
        lowest=told.lowest,
        highest=told.highest,
        is_met=None if target is None else is_met(target, value),
        met_on=met_on,
        lost_on=lost_on,
        sentence=told.sentence(target, met_on, lost_on),
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The line from the last figure to the end, and where the ways beside it would end."""

    method: ForecastMethod
    line: list[Point]
    ends: list[Decimal]


def _at_recent_pace(points: Sequence[Point], ends_on: date, starts_on: date | None) -> _Drawn:
    start = [] if starts_on is None or starts_on >= points[0].on else [Point(starts_on, Decimal(0))]
    course = [*start, *points]
    last, left = course[-1], (ends_on - course[-1].on).days
    recent = _pace(course[max(len(course) - 1 - RECENT, 0)], last)
    paces = [_pace(first, second) for first, second in pairwise(course)]
    ends = [last.value + pace * left for pace in (min(paces), max(paces))]
    return _Drawn(ForecastMethod.RECENT_PACE, [last, Point(ends_on, last.value + recent * left)], ends)


def _in_last_years_shape(points: Sequence[Point], ends_on: date, last_year: Sequence[Point]) -> _Drawn | None:
    """Return the rest of the year drawn like the last one; None where that is not known or had nothing by this time."""
    then = {point.on: point.value for point in last_year}
    total = then.get(same_day(ends_on, ends_on.year - 1))
    shares = [(point.value, then.get(same_day(point.on, point.on.year - 1))) for point in points[-RECENT:]]
    last, (value, reached) = points[-1], shares[-1]
    if total is None or not reached:
        return None
    after = [Point(same_day(point.on, point.on.year + 1), value * point.value / reached) for point in last_year]
    line = [last, *(point for point in after if last.on < point.on <= ends_on)]
    ends = [figure * total / share for figure, share in shares if share]
    return _Drawn(ForecastMethod.LAST_YEARS_SHAPE, line, ends)


def _pace(first: Point, second: Point) -> Decimal:
    """Return the change a day."""
    return (second.value - first.value) / (second.on - first.on).days


def _within(value: Decimal, limits: Limits) -> Decimal:
    low, high = limits
    raised = value if low is None else max(value, low)
    return raised if high is None else min(raised, high)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A bound that a course may come to, rising or falling; `is_passed` means that touching it is not enough."""

    bound: Decimal
    rises: bool
    is_passed: bool

    def is_within(self, limits: Limits) -> bool:
        """Return whether a figure that cannot leave its limits can get there."""
        limit = limits[1] if self.rises else limits[0]
        if limit is None:
            return True
        room = limit - self.bound if self.rises else self.bound - limit
        return room > 0 or (room == 0 and not self.is_passed)

    def days(self, first: Point, second: Point) -> int | None:
        """Return after how many whole days the straight line through two points gets there, None if it never does."""
        pace = _pace(first, second)
        if pace == 0 or (pace > 0) is not self.rises:
            return None
        exact = (self.bound - first.value) / pace
        if self.is_passed:
            return int(exact.to_integral_value(ROUND_FLOOR)) + 1
        return int(exact.to_integral_value(ROUND_CEILING))


def _turns(drawn: _Drawn, target: Target, limits: Limits) -> tuple[date | None, date | None]:
    """Return the day from which the target will be met and the day from which it will not be any longer, as drawn."""
    target = target.normalised()
    met_now = is_met(target, drawn.line[0].value)
    if met_now is None or target.bounds is None:
        return None, None
    edges = _edges(target, drawn.line[0].value, target.bounds, met=met_now)
    days = [day for edge in edges if edge.is_within(limits) and (day := _day(drawn, edge))]
    turn = min(days, default=None)
    return (None, turn) if met_now else (turn, None)


def _edges(target: Target, value: Decimal, bounds: tuple[Decimal, Decimal], *, met: bool) -> list[_Edge]:
    """Return the bounds behind which a target that is met would be lost, or the one from which it would be met."""
    low, high = bounds
    is_strict = target.operator.is_strict
    if met:
        below = _Edge(low, rises=False, is_passed=not is_strict)
        above = _Edge(high, rises=True, is_passed=not is_strict)
        return {Direction.HIGHER: [below], Direction.LOWER: [above], Direction.NEUTRAL: [below, above]}[target.better]
    rises = value < low or target.better is Direction.HIGHER
    return [_Edge(low if rises else high, rises=rises, is_passed=is_strict)]


def _day(drawn: _Drawn, edge: _Edge) -> date | None:
    """Return the first day behind an edge; a pace goes on after the end, for a hundred years at most."""
    for first, second in pairwise(drawn.line):
        span = (second.on - first.on).days
        reach = FAR if drawn.method is ForecastMethod.RECENT_PACE else span
        days = edge.days(first, second)
        if days is not None and days <= reach:
            return first.on + timedelta(days=days)
    return None


@dataclass(frozen=True, slots=True)
class _Told:
    """The figures of a forecast, and how they are told."""

    method: ForecastMethod
    ends_on: date
    value: Decimal
    lowest: Decimal
    highest: Decimal
    places: int
    unit: str

    def sentence(self, target: Target | None, met_on: date | None, lost_on: date | None) -> Sentence:
        """Return the forecast in words: the method, the figure with its range, and what becomes of the target."""
        value, lowest, highest = (written(each, self.places) for each in (self.value, self.lowest, self.highest))
        method = _METHODS[self.method]
        figure = Sentence(
            zh=f"{method.zh}，到 {self.ends_on} 约为 {value}{self.unit}（{lowest} 至 {highest}）",
            en=f"{method.en} it will be about {value}{self.unit} on {self.ends_on} (between {lowest} and {highest})",
        )
        return figure + self._outcome(target, met_on, lost_on)

    def _outcome(self, target: Target | None, met_on: date | None, lost_on: date | None) -> Sentence:
        if target is None or target.bounds is None:
            return Sentence(zh="。", en=".")
        line = f"{target.line}{self.unit}"
        if lost_on is not None and lost_on <= self.ends_on:
            return Sentence(
                zh=f"；现已达到指标值 {line}，但自 {lost_on} 起将不再达到。",
                en=f"; it meets {line} now and will not from {lost_on} on.",
            )
        if met_on is not None and met_on <= self.ends_on:
            return Sentence(zh=f"；预计 {met_on} 达到指标值 {line}。", en=f"; it will meet {line} on {met_on}.")
        if is_met(target, self.value):
            return Sentence(zh=f"；达到指标值 {line}。", en=f"; that meets {line}.")
        return Sentence(zh=f"；按此达不到指标值 {line}。", en=f"; in this way it will not meet {line}.")


_METHODS: Final = {
    ForecastMethod.RECENT_PACE: Sentence(zh="按最近三期的进度推算", en="At the pace of the last three stretches"),
    ForecastMethod.LAST_YEARS_SHAPE: Sentence(
        zh="按上年同期占全年的比重推算", en="If the year goes on as the last one did"
    ),
}
