"""Opening rounds and the cells in them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from apps.accounts.models import Unit, User
from apps.calculation.periods import Period, periods_of, year_of
from apps.calculation.terms import Frequency
from apps.calculation.workdays import RollRule, Workdays
from apps.calendars.queries import workdays
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.models import Indicator, Measure, MeasureMember, Member, Plan
from apps.plans.queries import target_in_force
from apps.progress.actions.endings import take_back_cells
from apps.progress.actions.standings import refresh_standings
from apps.progress.models import Entry, Round

DAYS_TO_REPORT = 8
MILESTONE_DAYS_AHEAD = 30
YEAR_END_DAYS_AHEAD = 31
Ends = Mapping[tuple[int, int], date]
Asked = Mapping[Measure, Mapping[int, Collection[Period]]]


@transaction.atomic
def open_rounds(
    *, bureau: Unit, today: date, at: datetime, actor: User | None = None, channel: Channel = Channel.TASK
) -> list[Round]:
    """Open every round of the bureau that is due to open by `today`, with its cells, and return the new ones.

    A round opens the day after its period and is due on the eighth day, or the working day before; after holidays that
    reach back to the period, the working day that follows. A milestone can be reported from a month before its due date,
    at once where its plan is approved later than that. Rounds and cells that are there stay as they are, so a missed night
    is caught up and a second run does nothing; but an empty cell asks no more whose member has ended since. What a person
    opened, and what is closed, is left alone. Standings that look at new cells are brought up to date.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=bureau.pk)  # two beats at once: the second finds all open
    measures = measures_asked(bureau)
    ends = milestone_ends(measures, today)
    known = _known_rounds(bureau)
    fresh = [row for row in _due_rounds(bureau, measures, ends, today) if _key(row) not in known]
    Round.objects.bulk_create(fresh)
    rounds = {**known, **{_key(row): row for row in fresh}}
    running = [row for row in rounds.values() if row.closed_at is None]
    cells = _create_entries(bureau, measures, ends, running, fresh, at)
    released = take_back_cells(bureau, at)
    refresh_asked([*cells, *released], today)
    changes = [Change(Verb.OPEN, row, after={"due_on": row.due_on}) for row in fresh]
    changes += [Change(Verb.CHANGE, cell, before={"asked": True}, after={"asked": False}) for cell in released]
    record(bureau=bureau, actor=actor, changes=changes, at=at, channel=channel)
    return fresh


def measures_asked(bureau: Unit) -> Asked:
    """Return the measures that approved plans of the bureau look at, by year the days of the plans. Three queries."""
    spans: dict[int, dict[int, list[Period]]] = defaultdict(lambda: defaultdict(list))
    days = ("approved__starts_on", "approved__ends_on")
    money = Plan.objects.filter(project__bureau=bureau, approved__isnull=False, project__execution__isnull=False)
    indicators = Indicator.objects.in_force().filter(plan__project__bureau=bureau).order_by()
    looked_at = [
        *money.values_list("project__execution", "year", *days),
        *indicators.values_list("measure", "plan__year", *(f"plan__{day}" for day in days)),
    ]
    for measure_id, year, starts_on, ends_on in looked_at:
        spans[measure_id][year].append(Period(starts_on, ends_on))
    rows = Measure.objects.filter(pk__in=spans).select_related("season", "division")
    return {measure: spans[measure.pk] for measure in rows}


def is_planned(spans: Mapping[int, Collection[Period]], row: Round | Period, year: int) -> bool:
    """Tell whether a plan of the year looks at any day of a period; nobody can report for another."""
    return any(span.starts_on <= row.ends_on and row.starts_on <= span.ends_on for span in spans.get(year, ()))


def milestone_ends(measures: Iterable[Measure], today: date) -> dict[tuple[int, int], date]:
    """Return the day on which the round of each milestone ends, by (measure id, year): the earliest due date of its year.

    A due date outside the year is taken as the nearest day of it, none as its last. A milestone that was asked stays in
    its round, even where the due date has moved since: it is asked once a year.
    """
    milestones = [measure for measure in measures if measure.frequency == Frequency.MILESTONE]
    if not milestones:
        return {}
    indicators = list(Indicator.objects.in_force().filter(measure__in=milestones).select_related("plan"))
    ends: dict[tuple[int, int], date] = {}
    for row in indicators:
        ends.setdefault((row.measure_id, row.plan.year), year_of(row.plan.year).ends_on)
    targets = target_in_force(indicators, today)
    for row in indicators:
        key, target = (row.measure_id, row.plan.year), targets.get(row.pk)
        if target and target.due_on:
            ends[key] = min(ends[key], max(target.due_on, year_of(row.plan.year).starts_on))
    asked = Entry.objects.filter(measure__in=milestones, round__frequency=Frequency.MILESTONE, round__title="")
    rows = asked.order_by("-round__ends_on").values_list("measure", "round__fiscal_year", "round__ends_on")
    return ends | {(measure_id, year): ends_on for measure_id, year, ends_on in rows}


def _known_rounds(bureau: Unit) -> dict[tuple, Round]:
    return {_key(row): row for row in Round.objects.filter(bureau=bureau, title="")}


def _key(row: Round) -> tuple:
    """Return what tells a round from the others of its bureau; all milestones of a year start on the same day."""
    return (row.frequency, row.season_id, row.starts_on, row.ends_on if row.frequency == Frequency.MILESTONE else None)


def _due_rounds(bureau: Unit, measures: Asked, ends: Ends, today: date) -> Iterator[Round]:
    """Yield each round that should be open by `today`, once."""
    seen = set()
    years = {year for asked in measures.values() for year in asked}
    calendar = workdays(date(min(years), 1, 1), date(max(years) + 1, 3, 31)) if years else Workdays({})
    for measure, spans in measures.items():
        for year in sorted(spans):
            for period in periods_asked(measure, year, spans, ends):
                row = round_for(bureau, measure, period, year, calendar)
                if row.opens_on <= today and _key(row) not in seen:
                    seen.add(_key(row))
                    yield row


def periods_asked(measure: Measure, year: int, spans: Mapping[int, Collection[Period]], ends: Ends) -> list[Period]:
    """Return the periods for which a measure is asked by itself in a year, as far as a plan looks at them."""
    return [period for period in _periods(measure, year, ends) if is_planned(spans, period, year)]


def _periods(measure: Measure, year: int, ends: Ends) -> list[Period]:
    """Return what the frequency asks for in a year; a milestone for the year up to its due date."""
    if measure.frequency == Frequency.MILESTONE:
        whole = year_of(year)
        return [Period(whole.starts_on, ends.get((measure.pk, year), whole.ends_on))]
    season = Period(measure.season.starts_on, measure.season.ends_on) if measure.season else None
    return periods_of(Frequency(measure.frequency), year, season)


def _opens_on(measure: Measure, period: Period, year: int) -> date:
    """Return the day after the period, for a milestone the day a month before its end: of the year 30 November."""
    if measure.frequency != Frequency.MILESTONE:
        return period.ends_on + timedelta(days=1)
    is_year = period == year_of(year)
    return period.ends_on - timedelta(days=YEAR_END_DAYS_AHEAD if is_year else MILESTONE_DAYS_AHEAD)


def due_day(day: date, opens_on: date, calendar: Workdays) -> date:
    """Return the working day on which is due what is due on a day: that day or the one before, the next if none is left."""
    before = calendar.roll(day, RollRule.PREVIOUS)
    return before if before >= opens_on else calendar.roll(day, RollRule.NEXT)


def round_for(bureau: Unit, measure: Measure, period: Period, year: int, calendar: Workdays) -> Round:
    """Return the round, not saved yet, in which a measure is asked for a period of a fiscal year."""
    opens_on = _opens_on(measure, period, year)
    return Round(
        bureau=bureau,
        frequency=measure.frequency,
        season=measure.season,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        fiscal_year=year,
        opens_on=opens_on,
        due_on=due_day(period.ends_on + timedelta(days=DAYS_TO_REPORT), opens_on, calendar),
    )


def _create_entries(
    bureau: Unit, measures: Asked, ends: Ends, rounds: Iterable[Round], fresh: Iterable[Round], at: datetime
) -> list[Entry]:
    """Make the cells that the rounds lack and return them; what comes later than its round says when it came."""
    new = {row.pk for row in fresh}
    memberships = memberships_by_measure(measures)
    there = set(Entry.objects.filter(round__bureau=bureau).values_list("measure_id", "member_id", "round_id"))
    entries = [
        entry
        for measure, spans in measures.items()
        for row in rounds
        if is_planned(spans, row, row.fiscal_year) and _is_asked_in(measure, row, ends)
        for entry in cells_of(bureau, measure, memberships[measure.pk], row)
        if (entry.measure_id, entry.member_id, entry.round_id) not in there
    ]
    for entry in entries:
        entry.asked_at = None if entry.round_id in new else at
    return Entry.objects.bulk_create(entries, batch_size=500)


def refresh_asked(cells: Collection[Entry], today: date) -> None:
    """Bring standings up to date that look at cells which are asked, or no longer asked, from now on. No query without any."""
    if cells:
        since = min(cell.round.fiscal_year for cell in cells)
        refresh_standings(measure_ids={cell.measure_id for cell in cells}, since=since, today=today)


def _is_asked_in(measure: Measure, row: Round, ends: Ends) -> bool:
    """Tell whether the measure is asked in a round: those of its frequency and season, a milestone in its own alone."""
    is_alike = (row.frequency, row.season_id) == (measure.frequency, measure.season_id)
    return is_alike and ends.get((measure.pk, row.fiscal_year), row.ends_on) == row.ends_on


def memberships_by_measure(measures: Iterable[Measure]) -> dict[int, list[MeasureMember]]:
    """Return the members of the measures, by the measure's id. One query."""
    memberships = defaultdict(list)
    for row in MeasureMember.objects.filter(measure__in=list(measures)).select_related("member"):
        memberships[row.measure_id].append(row)
    return memberships


def cells_of(bureau: Unit, measure: Measure, memberships: list[MeasureMember], row: Round) -> Iterator[Entry]:
    """Yield a cell for every member that is valid on the last day of the round."""
    for membership in memberships:
        if is_valid(membership, row.ends_on) and is_valid(membership.member, row.ends_on):
            yield cell_for(bureau, measure, membership, row)


def cell_for(bureau: Unit, measure: Measure, membership: MeasureMember, row: Round) -> Entry:
    """Return the cell, not saved yet, of a member in a round, with who reports and who reviews it."""
    reviewing = measure.division or bureau
    reporting = membership.reporting_unit_id or membership.member.unit_id or reviewing.pk
    return Entry(
        measure=measure,
        member=membership.member,
        round=row,
        reporting_unit_id=reporting,
        reviewing_unit_id=reviewing.pk,
    )


def is_valid(row: Member | MeasureMember, day: date) -> bool:
    """Tell whether a member, or its place in a measure, had begun and not ended on a day."""
    return (row.starts_on is None or row.starts_on <= day) and (row.ends_on is None or day <= row.ends_on)
