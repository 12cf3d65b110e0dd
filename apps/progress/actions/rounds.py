"""Opening rounds and the cells in them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from apps.accounts.models import Unit, User
from apps.calculation.periods import Period, periods_of
from apps.calculation.terms import Frequency
from apps.calculation.workdays import RollRule, Workdays
from apps.calendars.queries import workdays
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.models import IndicatorTerms, Measure, MeasureMember, Member, Plan
from apps.progress.models import Entry, Round

DAYS_TO_REPORT = 8
MILESTONE_DAYS_AHEAD = 31


@transaction.atomic
def open_rounds(
    *, bureau: Unit, today: date, at: datetime, actor: User | None = None, channel: Channel = Channel.TASK
) -> list[Round]:
    """Open every round of the bureau that is due to open by `today`, with its cells, and return the new ones.

    A round opens the day after its period and is due on the eighth day, or the working day before; a milestone can be
    reported from a month before the year ends. Rounds and cells that are there stay as they are, so a missed night is
    caught up and a second run does nothing.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=bureau.pk)  # two beats at once: the second finds all open
    measures = _measures_asked(bureau)
    known = _known_rounds(bureau)
    fresh = [row for row in _due_rounds(bureau, measures, today) if _key(row) not in known]
    Round.objects.bulk_create(fresh)
    rounds = {**known, **{_key(row): row for row in fresh}}
    _create_entries(bureau, measures, list(rounds.values()))
    changes = [Change(Verb.OPEN, row, after={"due_on": row.due_on}) for row in fresh]
    record(bureau=bureau, actor=actor, changes=changes, at=at, channel=channel)
    return fresh


def _measures_asked(bureau: Unit) -> dict[Measure, set[int]]:
    """Return the measures that approved plans of the bureau look at, each with the plan years it is asked for."""
    years: dict[int, set[int]] = defaultdict(set)
    for plan in Plan.objects.filter(project__bureau=bureau, approved__isnull=False).select_related("project"):
        if plan.project.execution_id:
            years[plan.project.execution_id].add(plan.year)
    terms = IndicatorTerms.objects.filter(version__plan__project__bureau=bureau, version__plan__approved=F("version"))
    for measure_id, year in terms.order_by().values_list("indicator__measure", "version__plan__year"):
        years[measure_id].add(year)
    rows = Measure.objects.filter(pk__in=years).select_related("season", "division")
    return {measure: years[measure.pk] for measure in rows}


def _known_rounds(bureau: Unit) -> dict[tuple, Round]:
    return {_key(row): row for row in Round.objects.filter(bureau=bureau)}


def _key(row: Round) -> tuple:
    return (row.frequency, row.season_id, row.starts_on)


def _due_rounds(bureau: Unit, measures: dict[Measure, set[int]], today: date) -> Iterator[Round]:
    """Yield each round that should be open by `today`, once."""
    seen = set()
    years = {year for asked in measures.values() for year in asked}
    calendar = workdays(date(min(years), 1, 1), date(max(years) + 1, 3, 31)) if years else Workdays({})
    for measure, asked in measures.items():
        season = Period(measure.season.starts_on, measure.season.ends_on) if measure.season else None
        for year in sorted(asked):
            for period in periods_of(Frequency(measure.frequency), year, season):
                row = _round(bureau, measure, period, year, calendar)
                if row.opens_on <= today and _key(row) not in seen:
                    seen.add(_key(row))
                    yield row


def _round(bureau: Unit, measure: Measure, period: Period, year: int, calendar: Workdays) -> Round:
    opens_on = period.ends_on + timedelta(days=1)
    if measure.frequency == Frequency.MILESTONE:
        opens_on = period.ends_on - timedelta(days=MILESTONE_DAYS_AHEAD)
    return Round(
        bureau=bureau,
        frequency=measure.frequency,
        season=measure.season,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        fiscal_year=year,
        opens_on=opens_on,
        due_on=calendar.roll(period.ends_on + timedelta(days=DAYS_TO_REPORT), RollRule.PREVIOUS),
    )


def _create_entries(bureau: Unit, measures: dict[Measure, set[int]], rounds: Iterable[Round]) -> None:
    memberships = defaultdict(list)
    for row in MeasureMember.objects.filter(measure__in=measures).select_related("member"):
        memberships[row.measure_id].append(row)
    there = set(Entry.objects.filter(round__bureau=bureau).values_list("measure_id", "member_id", "round_id"))
    entries = [
        entry
        for measure, years in measures.items()
        for row in rounds
        if row.fiscal_year in years and (row.frequency, row.season_id) == (measure.frequency, measure.season_id)
        for entry in _entries(bureau, measure, memberships[measure.pk], row)
        if (entry.measure_id, entry.member_id, entry.round_id) not in there
    ]
    Entry.objects.bulk_create(entries, batch_size=500)


def _entries(bureau: Unit, measure: Measure, memberships: list[MeasureMember], row: Round) -> Iterator[Entry]:
    """Yield a cell for every member that is valid on the last day of the round."""
    for membership in memberships:
        if _is_valid(membership, row.ends_on) and _is_valid(membership.member, row.ends_on):
            reviewing = measure.division or bureau
            reporting = membership.reporting_unit_id or membership.member.unit_id or reviewing.pk
            yield Entry(
                measure=measure,
                member=membership.member,
                round=row,
                reporting_unit_id=reporting,
                reviewing_unit_id=reviewing.pk,
            )


def _is_valid(row: Member | MeasureMember, day: date) -> bool:
    return (row.starts_on is None or row.starts_on <= day) and (row.ends_on is None or day <= row.ends_on)
