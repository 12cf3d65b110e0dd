"""A measure's figures with their dates, re-cut into any window of days, as far as they are to count."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final, Generic, TypeVar

from apps.calculation.aggregation import UNKNOWN, Aggregate, Figure, Method, aggregate, per_member
from apps.calculation.periods import Period
from apps.calculation.terms import Accumulation

M = TypeVar("M", bound=Hashable)

ZERO: Final = Decimal(0)


class RevisionState(StrEnum):
    """What became of a figure that was handed in."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class Counted(StrEnum):
    """Whose figures count: reviewed ones only, or those that wait for their review as well."""

    APPROVED = "approved"
    WITH_PENDING = "with_pending"


_COUNTING: Final = {
    Counted.APPROVED: (RevisionState.APPROVED,),
    Counted.WITH_PENDING: (RevisionState.APPROVED, RevisionState.SUBMITTED),
}


@dataclass(frozen=True, slots=True)
class Revision(Generic[M]):
    """What a member once said of a period; a figure of `UNKNOWN` takes an earlier one back."""

    member: M
    period: Period
    figure: Figure
    state: RevisionState = RevisionState.APPROVED


@dataclass(frozen=True, slots=True)
class Lifetime:
    """From when to when a member is asked, both days included; None is open."""

    starts_on: date | None = None
    ends_on: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


ALWAYS: Final = Lifetime()

Cells = dict[Period, dict[M, Figure]]


def counting(revisions: Iterable[Revision[M]], counted: Counted = Counted.APPROVED) -> Cells[M]:
    """Return the figure that counts in each cell, by period and member.

    Revisions come oldest first and the last that counts wins: an approved figure keeps counting while its correction
    waits or is returned. A returned one never counts. The length of a period's mapping is how many contribute.
    """
    cells: Cells[M] = {}
    for revision in revisions:
        if revision.state in _COUNTING[counted]:
            cells.setdefault(revision.period, {})[revision.member] = revision.figure
    return cells


@dataclass(frozen=True)
class Series(Generic[M]):
    """The counting figures of one measure, over as many years as there are.

    `periods` are those that were asked, in order, whether or not anybody answered. `lifetimes` names members that are
    not asked for all of them; who is not named always is. A member is asked for a period on whose last day it exists.
    `restarts` says that running totals begin anew with each fiscal year, that in which a period ends.
    """

    method: Method
    members: Sequence[M]
    periods: Sequence[Period]
    cells: Mapping[Period, Mapping[M, Figure]]
    lifetimes: Mapping[M, Lifetime] = field(default_factory=dict)
    restarts: bool = True

    @classmethod
    def of(
        cls,
        revisions: Iterable[Revision[M]],
        method: Method,
        members: Sequence[M],
        periods: Iterable[Period],
        *,
        counted: Counted = Counted.APPROVED,
        lifetimes: Mapping[M, Lifetime] | None = None,
        restarts: bool = True,
    ) -> "Series[M]":
        """Return the series that revisions make, `counted` as asked; a period with a figure counts as asked."""
        cells = counting(revisions, counted)
        ordered = sorted({*periods, *cells}, key=_by_end)
        return cls(method, members, ordered, cells, lifetimes or {}, restarts=restarts)

    def cut(self, window: Period) -> "Cut[M]":
        """Return the part of the series that belongs to the window: the periods that end within it.

        A running total counts from the window's first day, so what was reached before it is taken off. A window from
        the year's first day is therefore the year so far, and two halves add up to their whole.
        """
        return Cut(self, window, tuple(period for period in self.periods if period.ends_on in window))

    def recut(self, windows: Iterable[Period]) -> list["Cut[M]"]:
        """Return the series in these windows, which may overlap or leave days out."""
        return [self.cut(window) for window in windows]

    def asked(self, period: Period) -> set[M]:
        """Return the members that are asked for the period."""
        return {member for member in self.members if period.ends_on in self.lifetimes.get(member, ALWAYS)}

    def figure(self, period: Period, member: M) -> Figure:
        """Return what counts in a cell, `UNKNOWN` where nothing does."""
        return self.cells.get(period, {}).get(member, UNKNOWN)

    @cached_property
    def unrolled(self) -> Mapping[Period, Mapping[M, Figure]]:
        """The cells with running totals that never begin anew: each year goes on from the last figure of the one before."""
        cells: Cells[M] = {period: {} for period in self.periods}
        for member in self.members:
            for period, figure in _unrolled(self, member):
                cells[period][member] = figure
        return cells


@dataclass(frozen=True)
class Cut(Generic[M]):
    """A series within one window: `periods` are those that end in it."""

    series: Series[M]
    window: Period
    periods: tuple[Period, ...]

    @property
    def straddling(self) -> tuple[Period, ...]:
        """The periods that lie across an edge of the window: whole figures, counted where they end."""
        return tuple(
            period
            for period in self.series.periods
            if (period.starts_on < self.window.starts_on <= period.ends_on)
            or (period.starts_on <= self.window.ends_on < period.ends_on)
        )

    @cached_property
    def figures(self) -> list[dict[M, Figure]]:
        """The figures of each period, oldest first, running totals counted from the window's first day."""
        cells = self.series.unrolled
        bases = {member: self._base(member) for member in self.series.members}
        return [
            {member: self._since(figure, bases[member]) for member, figure in cells[period].items()}
            for period in self.periods
        ]

    @property
    def asked(self) -> list[set[M]]:
        """Who was asked for each period."""
        return [self.series.asked(period) for period in self.periods]

    @property
    def unfounded(self) -> set[M]:
        """The members whose running total does not say how much of it was reached before the window."""
        if not self._before or not self.periods or not _running_parts(self.series.method):
            return set()
        last = self._before[-1]
        if self.series.restarts and last.ends_on.year != self.periods[0].ends_on.year:
            return set()
        known = self.series.method.is_known
        return {member for member in self.series.asked(last) if not known(self.series.figure(last, member))}

    def aggregate(self, weights: Mapping[M, Decimal] | None = None) -> Aggregate[M]:
        """Return the figure of all members in this window, with its coverage."""
        whole = aggregate(self.series.members, self.figures, self.series.method, weights, asked=self.asked)
        return self._with_gaps(whole)

    def per_member(self) -> dict[M, Aggregate[M]]:
        """Return each member's own figure in this window."""
        each = per_member(self.series.members, self.figures, self.series.method, asked=self.asked)
        return {member: self._with_gaps(figure) for member, figure in each.items()}

    def _with_gaps(self, figure: Aggregate[M]) -> Aggregate[M]:
        """Add to the gaps the members whose figure in this window also holds what lies before it."""
        blurred = self.unfounded - set(figure.gaps)
        return replace(figure, gaps=(*figure.gaps, *(member for member in figure.reported if member in blurred)))

    @cached_property
    def _before(self) -> list[Period]:
        return [period for period in self.series.periods if period.ends_on < self.window.starts_on]

    def _base(self, member: M) -> Figure:
        """Return the last running totals that were known before the window, zero where there were none."""
        earlier = [self.series.unrolled[period].get(member, UNKNOWN) for period in self._before]
        return Figure(_last([each.numerator for each in earlier]), _last([each.denominator for each in earlier]))

    def _since(self, figure: Figure, base: Figure) -> Figure:
        parts = _running_parts(self.series.method)
        return Figure(
            _less(figure.numerator, base.numerator if "numerator" in parts else None),
            _less(figure.denominator, base.denominator if "denominator" in parts else None),
        )


def growing(windows: Iterable[Period]) -> list[Period]:
    """Return the windows with the first day of the first one, for a course of totals so far."""
    found = list(windows)
    return [replace(window, starts_on=found[0].starts_on) for window in found]


def _by_end(period: Period) -> tuple[date, date]:
    return period.ends_on, period.starts_on


def _running_parts(method: Method) -> frozenset[str]:
    """Return which parts of a figure are running totals."""
    running = Accumulation.RUNNING_TOTAL
    parts = {"numerator"} if method.accumulation is running else set()
    if method.has_denominator and (method.denominator_accumulation or method.accumulation) is running:
        parts.add("denominator")
    return frozenset(parts)


def _unrolled(series: Series[M], member: M) -> Iterable[tuple[Period, Figure]]:
    """Yield a member's figures; in each new year running totals go on from where the last one ended."""
    parts = _running_parts(series.method) if series.restarts else frozenset()
    year, carried, latest = 0, Figure(ZERO, ZERO), Figure(ZERO, ZERO)
    for period in series.periods:
        figure = series.figure(period, member)
        if period.ends_on.year != year:
            year, carried = period.ends_on.year, latest
        whole = Figure(
            _more(figure.numerator, carried.numerator if "numerator" in parts else None),
            _more(figure.denominator, carried.denominator if "denominator" in parts else None),
        )
        latest = Figure(_known(whole.numerator, latest.numerator), _known(whole.denominator, latest.denominator))
        if member in series.cells.get(period, {}):
            yield period, whole


def _last(values: Sequence[Decimal | None]) -> Decimal | None:
    return next((value for value in reversed(values) if value is not None), None)


def _known(value: Decimal | None, otherwise: Decimal | None) -> Decimal | None:
    return otherwise if value is None else value


def _more(value: Decimal | None, added: Decimal | None) -> Decimal | None:
    return value if value is None or added is None else value + added


def _less(value: Decimal | None, taken: Decimal | None) -> Decimal | None:
    return value if value is None or taken is None else value - taken
