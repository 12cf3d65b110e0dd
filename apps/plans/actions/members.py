"""Members, the measures they are in, who reports them, and the seasons of the year.

A member is never renamed once something speaks of it: a district after a reform is another member. What ends keeps its past.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from apps.accounts.enums import Role
from apps.accounts.models import Unit, User
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.enums import Frequency
from apps.plans.models import BudgetLine, Measure, MeasureMember, Member, Result, Season, TargetMember
from apps.ui import formats

IDENTITY: Final = ("code", "name")
COLUMNS: Final = ("code", "name", "name_en", "starts_on", "ends_on", "unit")


class MemberRefused(Exception):
    """A change of members or seasons that is not made; the message is the sentence for people."""


class NotOfficer(MemberRefused):
    """Somebody who is not a performance officer of the bureau."""


class CodeTaken(MemberRefused):
    """A code that another member of the dimension has."""


class MemberInUse(MemberRefused):
    """A member that figures, targets or money speak of would become another one."""


class EndsBeforeStart(MemberRefused):
    """A stretch of days the wrong way round."""


class SeasonNotOver(MemberRefused):
    """A measure that would leave a season whose months are still asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberWords:
    """What people type about a member; `unit` is the office that reports for it, None for the responsible division."""

    code: str
    name: str
    name_en: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    unit: Unit | None = None


@transaction.atomic
def add_members(
    *,
    bureau: Unit,
    dimension: str,
    rows: Sequence[MemberWords],
    person: User,
    at: datetime,
    measures: Collection[Measure] = (),
    channel: Channel = Channel.PAGE,
) -> list[Member]:
    """Add members of a dimension, all or none, and put them into `measures` from the day they start.

    Raises `NotOfficer`, `CodeTaken` with the codes, and `EndsBeforeStart`.
    """
    _require_officer(person, bureau)
    _require_order(rows)
    codes = [row.code for row in rows]
    taken = set(
        Member.objects.filter(bureau=bureau, dimension=dimension, code__in=codes).values_list("code", flat=True)
    )
    taken |= {code for code in codes if codes.count(code) > 1}
    if taken:
        raise CodeTaken(_("编码已有：%(codes)s。") % {"codes": formats.names(sorted(taken))})
    last = Member.objects.filter(bureau=bureau).aggregate(last=models.Max("position"))["last"] or 0
    made = Member.objects.bulk_create(
        [
            Member(
                bureau=bureau,
                dimension=dimension,
                position=last + place,
                **{name: getattr(row, name) for name in COLUMNS},
            )
            for place, row in enumerate(rows, start=1)
        ]
    )
    _join(made, [row for row in measures if row.dimension == dimension])
    changes = [Change(Verb.ADD, row, after=_told(row) | {"measures": len(measures)}) for row in made]
    record(bureau=bureau, actor=person, changes=changes, at=at, channel=channel)
    return made


@transaction.atomic
def change_member(
    *, member: Member, words: MemberWords, person: User, at: datetime, channel: Channel = Channel.PAGE
) -> Member:
    """Change what is said of a member: when it is valid, who reports it, its English name.

    Code and name are fixed as soon as a measure, target, result or budget speaks of it. Raises a `MemberRefused`.
    """
    locked = (
        Member.objects.select_for_update(of=("self",), no_key=True).select_related("bureau", "unit").get(pk=member.pk)
    )
    _require_officer(person, locked.bureau)
    _require_order([words])
    if any(getattr(locked, name) != getattr(words, name) for name in IDENTITY) and is_used(locked):
        sentence = _("“%(name)s”已在使用，不能改编码或名称；请填停用日期，再新增一个成员。")
        raise MemberInUse(sentence % {"name": locked.name})
    before = _told(locked)
    for name in COLUMNS:
        setattr(locked, name, getattr(words, name))
    try:
        with transaction.atomic():
            locked.save(update_fields=COLUMNS)
    except IntegrityError as taken:
        raise CodeTaken(_("编码已有：%(codes)s。") % {"codes": words.code}) from taken
    _note_change(locked, locked.bureau, before, _told(locked), person, at, channel)
    return locked


@transaction.atomic
def join(
    *,
    measure: Measure,
    member: Member,
    starts_on: date | None,
    person: User,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> MeasureMember:
    """Break a measure down by one more member, from a day on. Raises `NotOfficer`, and `CodeTaken` where it is in already."""
    _require_officer(person, measure.bureau)
    if (member.bureau_id, member.dimension) != (measure.bureau_id, measure.dimension):
        raise MemberRefused(_("“%(member)s”不是这个数据项可用的成员。") % {"member": member})
    row, is_new = MeasureMember.objects.get_or_create(measure=measure, member=member, defaults={"starts_on": starts_on})
    if not is_new:
        raise CodeTaken(_("“%(member)s”已在这个数据项里。") % {"member": member})
    change = Change(Verb.ADD, row, after={"starts_on": starts_on})
    record(bureau=measure.bureau, actor=person, changes=[change], at=at, channel=channel)
    return row


@transaction.atomic
def reassign(
    *,
    membership: MeasureMember,
    reporting_unit: Unit | None,
    starts_on: date | None,
    ends_on: date | None,
    person: User,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> MeasureMember:
    """Change who reports a member of a measure, and from when to when it is asked.

    Any time, approved plan or not: who reports is no part of what a plan promises. It counts for rounds that open from now
    on; cells that are open stay with whom they were asked of. None as unit: the member's own, else the responsible division.
    """
    rows = MeasureMember.objects.select_for_update(of=("self",), no_key=True).select_related(
        "measure__bureau", "member", "reporting_unit"
    )
    locked = rows.get(pk=membership.pk)
    bureau = locked.measure.bureau
    _require_officer(person, bureau)
    if starts_on and ends_on and ends_on < starts_on:
        raise EndsBeforeStart(_("停用日期早于启用日期。"))
    if reporting_unit is not None and not reporting_unit.path.startswith(bureau.path):
        raise MemberRefused(_("“%(unit)s”不是本单位的机构。") % {"unit": reporting_unit})
    before = _membership_told(locked)
    locked.reporting_unit, locked.starts_on, locked.ends_on = reporting_unit, starts_on, ends_on
    locked.save(update_fields=["reporting_unit", "starts_on", "ends_on"])
    _note_change(locked, bureau, before, _membership_told(locked), person, at, channel)
    return locked


@transaction.atomic
def add_season(
    *,
    bureau: Unit,
    name: str,
    starts_on: date,
    ends_on: date,
    person: User,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> Season:
    """Add a season. Raises `NotOfficer`, `CodeTaken` for a name that is there, and `EndsBeforeStart`."""
    _require_officer(person, bureau)
    if ends_on < starts_on:
        raise EndsBeforeStart(_("填报季的结束日期早于开始日期。"))
    if Season.objects.filter(bureau=bureau, name=name).exists():
        raise CodeTaken(_("已有填报季“%(name)s”。") % {"name": name})
    season = Season.objects.create(bureau=bureau, name=name, starts_on=starts_on, ends_on=ends_on)
    change = Change(Verb.ADD, season, after={"name": name, "starts_on": starts_on, "ends_on": ends_on})
    record(bureau=bureau, actor=person, changes=[change], at=at, channel=channel)
    return season


@transaction.atomic
def follow_season(
    *,
    measures: Collection[Measure],
    season: Season,
    today: date,
    person: User,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> list[Measure]:
    """Let seasonal measures be asked in the next season from now on; what earlier ones asked stays.

    Only forward, and only once the season that they are in has ended: its last months would never be asked otherwise.
    Raises `NotOfficer`, `MemberRefused` and `SeasonNotOver`.
    """
    _require_officer(person, season.bureau)
    ids = [row.pk for row in measures]
    rows = Measure.objects.select_for_update(of=("self",), no_key=True).select_related("season")
    locked = list(rows.filter(pk__in=ids, bureau=season.bureau, frequency=Frequency.SEASON).order_by("pk"))
    changes = []
    for row in locked:
        _require_next(row, season, today)
        changes.append(Change(Verb.CHANGE, row, before={"season": str(row.season)}, after={"season": str(season)}))
        row.season = season
    Measure.objects.bulk_update(locked, ["season"])
    record(bureau=season.bureau, actor=person, changes=changes, at=at, channel=channel)
    return locked


def is_used(member: Member) -> bool:
    """Tell whether a measure, a target, a result or money speaks of a member. Four queries at most."""
    rows: tuple[models.QuerySet, ...] = (
        MeasureMember.objects.filter(member=member),
        TargetMember.objects.filter(member=member),
        Result.objects.filter(member=member),
        BudgetLine.objects.filter(source=member),
    )
    return any(found.exists() for found in rows)


def _require_next(measure: Measure, season: Season, today: date) -> None:
    now = measure.season
    if now is None:
        return
    if season.starts_on <= now.starts_on:
        raise MemberRefused(_("“%(measure)s”只能换到更晚的填报季。") % {"measure": measure})
    if today <= now.ends_on:
        sentence = _("“%(season)s”到 %(day)s 才结束，结束后才能换到下一季，否则剩下的月份不会再开放填报。")
        raise SeasonNotOver(sentence % {"season": now, "day": f"{now.ends_on:%Y-%m-%d}"})


def _require_officer(person: User, bureau: Unit) -> None:
    if not any(bureau.path.startswith(path) for path in person.paths(Role.OFFICER)):
        raise NotOfficer(_("只有本单位的绩效管理岗可以维护成员和填报季。"))


def _require_order(rows: Sequence[MemberWords]) -> None:
    for row in rows:
        if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
            raise EndsBeforeStart(_("“%(name)s”的停用日期早于启用日期。") % {"name": row.name})


def _join(members: Sequence[Member], measures: Sequence[Measure]) -> None:
    MeasureMember.objects.bulk_create(
        [
            MeasureMember(measure=measure, member=member, starts_on=member.starts_on)
            for member in members
            for measure in measures
        ]
    )


def _note_change(
    row: models.Model,
    bureau: Unit,
    before: dict[str, Any],
    after: dict[str, Any],
    person: User,
    at: datetime,
    channel: Channel,
) -> None:
    """Write down the columns that changed; nothing where none did."""
    names = [name for name in after if before[name] != after[name]]
    if names:
        change = Change(
            Verb.CHANGE, row, before={name: before[name] for name in names}, after={name: after[name] for name in names}
        )
        record(bureau=bureau, actor=person, changes=[change], at=at, channel=channel)


def _told(member: Member) -> dict[str, Any]:
    """Return a member as the journal keeps it."""
    plain = {name: getattr(member, name) for name in COLUMNS if name != "unit"}
    return plain | {"unit": member.unit.name if member.unit else ""}


def _membership_told(row: MeasureMember) -> dict[str, Any]:
    unit = row.reporting_unit.name if row.reporting_unit else ""
    return {"reporting_unit": unit, "starts_on": row.starts_on, "ends_on": row.ends_on}
