"""Who stands behind a figure: whose counts, whose waits for its review, and who has to be asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from apps.plans.models import Member
from apps.progress.models import Standing
from apps.progress.queries.series import Series, gathered


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of `asked` members the figures of `reviewed` count; those `waiting` have handed theirs in, the `missing` have not."""

    asked: int
    reviewed: int
    waiting: list[Member]
    missing: list[Member]


def coverages(standings: Collection[Standing], today: date, known_at: datetime | None = None) -> dict[int, Coverage]:
    """Return who stands behind each standing, by the indicator's id. One query, none where nobody lacks.

    The plan of the indicators should be loaded, and their measure. With a moment, who had handed in by then.
    """
    lacking = [row for row in standings if row.missing]
    measures = {row.indicator.measure_id: row.indicator.measure for row in lacking}
    years = {row.indicator.plan.year for row in lacking}
    members = {pk for row in lacking for pk in row.missing}
    found = gathered(list(measures.values()), years, known_at, members) if lacking else {}
    return {
        row.indicator_id: coverage_in(row, _shown(row, found[row.indicator.measure_id, row.indicator.plan.year], today))
        if row.missing
        else Coverage(row.asked, row.reported, [], [])
        for row in standings
    }


def coverage_in(standing: Standing, series: Series) -> Coverage:
    """Return who stands behind a standing by the series that it was made of, cut to what it shows. No query."""
    waiting = set(series.waiting_of(standing.missing))
    lacking = sorted(
        (series.members[pk] for pk in standing.missing if pk in series.members),
        key=lambda member: (member.position, member.pk),
    )
    return Coverage(
        asked=standing.asked,
        reviewed=standing.reported,
        waiting=[member for member in lacking if member.pk in waiting],
        missing=[member for member in lacking if member.pk not in waiting],
    )


def _shown(standing: Standing, series: Series, today: date) -> Series:
    """Return the series of those who lack up to the last round that was reported, by whomever, or is overdue."""
    ends = [standing.round.ends_on if standing.round else None, series.told_until(today)]
    return series.up_to(max((day for day in ends if day), default=date(standing.indicator.plan.year, 1, 1)))
