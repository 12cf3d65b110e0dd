"""What an officer opens and closes by hand: extra rounds, whole rounds, due days, one cell for one person."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.enums import Role
from apps.accounts.models import Assignment, Unit, User
from apps.calculation.periods import Period
from apps.calendars.queries import workdays
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.enums import Accumulation
from apps.plans.models import Measure
from apps.plans.queries.members import is_officer
from apps.progress.actions.due_days import refuse_far
from apps.progress.actions.refusals import Refused
from apps.progress.actions.rounds import (
    Asked,
    cells_of,
    due_day,
    is_planned,
    measures_asked,
    memberships_by_measure,
    milestone_ends,
    periods_asked,
)
from apps.progress.actions.standings import refresh_standings
from apps.progress.enums import EntryState
from apps.progress.models import Entry, Reopening, Round
from apps.ui import formats

MOST_DAYS_AGAIN = 31
MOST_DAYS_ASKED = 366
LOOK_AHEAD = timedelta(days=31)
COUNTED_BY_PERIOD = {Accumulation.INCREMENT, Accumulation.AVERAGE}
OPEN_STATES = (EntryState.PENDING, EntryState.RETURNED)


class NotYourRounds(Refused):
    """A person who does not keep the rounds of this bureau."""


class ReasonMissing(Refused):
    """A change of a round that does not say why."""


class NotAsked(Refused):
    """A round that would ask nobody, or for what no plan looks at."""


class CountedTwice(Refused):
    """A figure that would count twice: it is added up by the period, and the days are asked for already."""


class RoundTwice(Refused):
    """An extra round that is there already."""


class PeriodTooLong(Refused):
    """A period of more than a year: its first day is mistyped."""


class DaysReversed(Refused):
    """A period that ends before it starts, or a due day before the round opens."""


class AlreadyClosed(Refused):
    """A round that is closed."""


class StillOpen(Refused):
    """A round that is open, so that nothing needs to be opened again."""


class NotItsReporter(Refused):
    """A person who does not report the cell."""


class TooLong(Refused):
    """A cell that would stay open for longer than an exception may, or not for a day."""


@transaction.atomic
def open_extra_round(
    *,
    bureau: Unit,
    title: str,
    period: Period,
    due_on: date,
    measures: Collection[Measure],
    reason: str,
    officer: User,
    today: date,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> Round:
    """Ask once more, or out of turn, for some measures, and return the round with its cells.

    It opens at once, for a period that is not over on its last day, and is due on a working day. Raises `NotYourRounds`,
    `ReasonMissing`, `PeriodTooLong`, `DaysReversed`, `DueTooFar`, `NotAsked`, `RoundTwice`, and `CountedTwice` for a measure
    whose figures are added up, or averaged, by the period where any of the days is asked for already or will be. Fourteen
    queries and those of `refresh_standings`, however many measures.
    """
    reason = _refuse_hand(bureau, officer, reason)
    if (period.ends_on - period.starts_on).days > MOST_DAYS_ASKED:
        raise PeriodTooLong(_("数据期间最长一年，请检查年份。"))
    opens_on = max(today, period.ends_on)
    if due_on < opens_on:
        words = {"day": f"{opens_on:%Y-%m-%d}"}
        raise DaysReversed(_("截止日不能早于开放日 %(day)s。") % words)
    refuse_far(due_on, opens_on)
    Unit.objects.select_for_update(no_key=True).get(pk=bureau.pk)
    title = title.strip()
    if Round.objects.filter(bureau=bureau, title=title, starts_on=period.starts_on, ends_on=period.ends_on).exists():
        raise RoundTwice(_("“%(title)s”在这个期间已经有一个了，请换一个名称。") % {"title": title})
    _refuse_measures(bureau, measures, period, today)
    row = Round.objects.create(
        bureau=bureau,
        frequency=sorted(measure.frequency for measure in measures)[0],
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        fiscal_year=period.ends_on.year,
        opens_on=opens_on,
        due_on=due_day(due_on, opens_on, workdays(opens_on, due_on + LOOK_AHEAD)),
        title=title,
        opened_by=officer,
    )
    cells = _fill(row, measures)
    refresh_standings(measure_ids={measure.pk for measure in measures}, since=row.fiscal_year, today=today)
    after = {
        "title": title,
        "due_on": row.due_on,
        "measures": sorted(measure.name for measure in measures),
        "cells": cells,
    }
    _tell(row, officer, Change(Verb.OPEN, row, after=after, reason=reason), at, channel)
    return row


@transaction.atomic
def close_round(
    *, row: Round, reason: str, officer: User, today: date, at: datetime, channel: Channel = Channel.PAGE
) -> Round:
    """Close a round: nobody submits to it any more, except a cell that is opened again. What waits can be reviewed.

    Its cells are locked first, so a submission on its way goes in before, or finds it closed. Nobody is late in it any more,
    and an extra round that nobody answered is as if it had not been opened; its cells stay, so it can be opened again.
    Raises `NotYourRounds`, `ReasonMissing` and `AlreadyClosed`.
    """
    row, reason = _locked(row, officer, reason)
    if row.closed_at:
        raise AlreadyClosed(_("填报期 %(round)s 已经关闭。") % {"round": row})
    cells = Entry.objects.filter(round=row).order_by("pk").select_for_update(no_key=True)
    states = list(cells.values_list("state", flat=True))
    row.closed_at = at
    row.save(update_fields=["closed_at"])
    after = {"closed_at": at, "open_cells": sum(state in OPEN_STATES for state in states), "cells": len(states)}
    _refresh(row, today)
    _tell(row, officer, Change(Verb.CLOSE, row, {"closed_at": None}, after, reason), at, channel)
    return row


@transaction.atomic
def reopen_round(
    *, row: Round, reason: str, officer: User, today: date, at: datetime, channel: Channel = Channel.PAGE
) -> Round:
    """Open a closed round again as a whole. Raises `NotYourRounds`, `ReasonMissing` and `StillOpen`."""
    row, reason = _locked(row, officer, reason)
    if row.closed_at is None:
        raise StillOpen(_("填报期 %(round)s 没有关闭。") % {"round": row})
    before = {"closed_at": row.closed_at}
    row.closed_at = None
    row.save(update_fields=["closed_at"])
    _refresh(row, today)
    _tell(row, officer, Change(Verb.REOPEN, row, before, {"closed_at": None}, reason), at, channel)
    return row


@transaction.atomic
def move_due_day(
    *,
    row: Round,
    due_on: date,
    reason: str,
    officer: User,
    today: date,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> Round:
    """Give an open round another due day, rolled to a working day, and return the round with the day it came to.

    Raises `NotYourRounds`, `ReasonMissing`, `AlreadyClosed`, `DueTooFar`, and `DaysReversed` for a day that is past or before
    the round opens.
    """
    row, reason = _locked(row, officer, reason)
    if row.closed_at:
        raise AlreadyClosed(_("填报期 %(round)s 已经关闭，请先重新开放。") % {"round": row})
    earliest = max(row.opens_on, today)
    if due_on < earliest:
        raise DaysReversed(_("新的截止日不能早于 %(day)s。") % {"day": f"{earliest:%Y-%m-%d}"})
    refuse_far(due_on, earliest)
    before = {"due_on": row.due_on}
    row.due_on = due_day(due_on, earliest, workdays(earliest, due_on + LOOK_AHEAD))
    row.save(update_fields=["due_on"])
    _refresh(row, today)
    _tell(row, officer, Change(Verb.CHANGE, row, before, {"due_on": row.due_on}, reason), at, channel)
    return row


@transaction.atomic
def reopen_cell(
    *,
    entry: Entry,
    person: User,
    until: date,
    reason: str,
    officer: User,
    today: date,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> Reopening:
    """Open one cell of a closed round for one person, until the end of a day at most 31 days ahead; it ends by itself.

    The person reports the cell's unit; where that has nobody who can sign in, the reviewing division's, who types for it.
    Raises `NotYourRounds`, `ReasonMissing`, `StillOpen`, `NotItsReporter` and `TooLong`.
    """
    row, reason = _locked(entry.round, officer, reason)
    if row.closed_at is None:
        raise StillOpen(_("填报期 %(round)s 还开着，不必单独开放。") % {"round": row})
    last = today + timedelta(days=MOST_DAYS_AGAIN)
    if not today <= until <= last:
        words = {"first": f"{today:%Y-%m-%d}", "last": f"{last:%Y-%m-%d}"}
        raise TooLong(_("单格开放的最后一天应在 %(first)s 到 %(last)s 之间。") % words)
    if not reporters_of(entry).filter(pk=person.pk).exists():
        names = {"person": person, "cell": entry.member, "unit": entry.reporting_unit}
        raise NotItsReporter(_("%(person)s不填报“%(cell)s”；这一格由%(unit)s填报。") % names)
    if Reopening.objects.filter(entry=entry, person=person, until__gte=until).exists():
        names = {"person": person, "cell": entry.member}
        raise StillOpen(_("“%(cell)s”已对%(person)s开放到这一天或更晚。") % names)
    made = Reopening.objects.create(
        entry=entry, person=person, until=until, reason=reason, opened_by=officer, opened_at=at
    )
    after = {"person": str(person), "cell": str(entry), "until": until}
    _tell(row, officer, Change(Verb.REOPEN, made, after=after, reason=reason), at, channel)
    return made


def reporters_of(entry: Entry) -> QuerySet[User]:
    """Return for whom a cell may be opened again, by name. Two queries: whether its unit has anybody, and who they are."""
    own = _reporters(entry.reporting_unit_id)
    return own if own.exists() else _reporters(entry.reviewing_unit_id)


def _reporters(unit_id: int) -> QuerySet[User]:
    held = Assignment.objects.in_force().filter(unit=unit_id, role=Role.REPORTER)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk")


def _refuse_hand(bureau: Unit, officer: User, reason: str) -> str:
    """Return the reason without blanks, or raise the refusal of who may not, or does not say why."""
    if not is_officer(officer, bureau):
        raise NotYourRounds(_("只有本单位的绩效管理岗可以开放、关闭填报期。"))
    if not reason.strip():
        raise ReasonMissing(_("请写明原因。"))
    return reason.strip()


def _locked(row: Round, officer: User, reason: str) -> tuple[Round, str]:
    """Return the round as it is under a lock, and the reason. Its bureau is locked first, as opening rounds does."""
    reason = _refuse_hand(row.bureau, officer, reason)
    Unit.objects.select_for_update(no_key=True).get(pk=row.bureau_id)
    stored = Round.objects.select_for_update(of=("self",), no_key=True).select_related("bureau")
    return stored.get(pk=row.pk), reason


def _refuse_measures(bureau: Unit, measures: Collection[Measure], period: Period, today: date) -> None:
    """Raise the refusal of measures that cannot be asked for in a period."""
    if not measures:
        raise NotAsked(_("请至少选一个数据项。"))
    asked = measures_asked(bureau)
    for measure in measures:
        if not is_planned(asked.get(measure, {}), period, period.ends_on.year):
            words = {"measure": measure, "year": period.ends_on.year}
            raise NotAsked(_("%(year)s 年没有覆盖这个期间的已批复目标用到“%(measure)s”，填了也不能提交。") % words)
    _refuse_twice({measure: asked[measure] for measure in measures}, period, today)


def _refuse_twice(measures: Asked, period: Period, today: date) -> None:
    """Raise the refusal of the first measure that is added up by the period and asked for some of the days anyway."""
    added = {
        measure: spans
        for measure, spans in measures.items()
        if {measure.accumulation, measure.denominator_accumulation} & COUNTED_BY_PERIOD
    }
    overlapping = Entry.objects.filter(
        measure__in=list(added), round__starts_on__lte=period.ends_on, round__ends_on__gte=period.starts_on
    )
    there = {entry.measure_id: entry.round for entry in overlapping.select_related("round")}
    ends = milestone_ends(added, today)
    for measure, spans in added.items():
        planned = (own for year in spans for own in periods_asked(measure, year, spans, ends) if _overlap(own, period))
        found = there.get(measure.pk) or next(planned, None)
        if found:
            words = {"measure": measure, "asked": formats.period(found.starts_on, found.ends_on)}
            raise CountedTwice(
                _("“%(measure)s”的各期数要相加或平均，%(asked)s 已要求填报；再开一期会重复计算。") % words
            )


def _overlap(one: Period, other: Period) -> bool:
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _fill(row: Round, measures: Collection[Measure]) -> int:
    """Make the cells of an extra round and return how many; refused where there are none."""
    memberships = memberships_by_measure(measures)
    rows = Measure.objects.filter(pk__in=[measure.pk for measure in measures]).select_related("division")
    cells = [cell for measure in rows for cell in cells_of(row.bureau, measure, memberships[measure.pk], row)]
    if not cells:
        raise NotAsked(_("所选数据项在 %(day)s 没有有效的成员，没有可填的。") % {"day": f"{row.ends_on:%Y-%m-%d}"})
    return len(Entry.objects.bulk_create(cells, batch_size=500))


def _refresh(row: Round, today: date) -> None:
    """Bring the standings up to date that look at a round: whether silence in it counts has changed."""
    measures = set(Entry.objects.filter(round=row).order_by().values_list("measure", flat=True))
    refresh_standings(measure_ids=measures, since=row.fiscal_year, today=today)


def _tell(row: Round, officer: User, change: Change, at: datetime, channel: Channel) -> None:
    record(bureau=row.bureau, actor=officer, changes=[change], at=at, channel=channel)
