"""Members of a bureau as people keep them: by dimension, who was there in a year, and what each is used for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Unit, User
from apps.accounts.querysets import below
from apps.plans.enums import Dimension, Frequency
from apps.plans.models import Indicator, Measure, MeasureMember, Member, Season
from apps.plans.querysets import READERS


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member with the measures that are broken down by it."""

    member: Member
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class MemberGroup:
    """A dimension with those who were there at any time of the year, and how many are left out."""

    dimension: Dimension
    rows: tuple[MemberRow, ...]
    elsewhen: int


@dataclass(frozen=True, slots=True)
class SeasonRow:
    """A season with the measures that are asked in it now."""

    season: Season
    measures: tuple[Measure, ...]


def bureaus_of(user: User) -> QuerySet[Unit]:
    """Return the bureaus whose plans a person reads in whole or in part: those at, below or above their units."""
    paths = user.paths(*READERS)
    step = Unit.steplen
    above = {path[:end] for path in paths for end in range(step, len(path) + 1, step)}
    return Unit.objects.filter(below("path", paths) | Q(path__in=above), kind=UnitKind.BUREAU).order_by("path")


def is_officer(user: User, bureau: Unit) -> bool:
    """Tell whether a person is a performance officer of the bureau. No query."""
    return any(bureau.path.startswith(path) for path in user.paths(Role.OFFICER))


def visible_measures(user: User) -> QuerySet[Measure]:
    """Return the measures that a person may see: of the bureaus and divisions they read, and of the plans they see."""
    paths = user.paths(*READERS)
    own = below("bureau__path", paths) | below("division__path", paths) | below("project__division__path", paths)
    return Measure.objects.filter(own | Q(indicators__in=Indicator.objects.visible_to(user))).distinct()


def member_groups(user: User, bureau: Unit, year: int) -> list[MemberGroup]:
    """Return the bureau's members of a year by dimension, in their order, with the measures that the person may see.

    A dimension without members is in it too. Two queries.
    """
    measures = defaultdict(list)
    memberships = MeasureMember.objects.filter(member__bureau=bureau, measure__in=visible_measures(user))
    memberships = memberships.select_related("measure")
    for row in memberships.order_by("measure__name", "pk"):
        measures[row.member_id].append(row.measure)
    members = list(Member.objects.filter(bureau=bureau).select_related("unit").order_by("position", "pk"))
    return [_group(dimension, members, measures, year) for dimension in Dimension]


def _group(
    dimension: Dimension, members: Sequence[Member], measures: dict[int, list[Measure]], year: int
) -> MemberGroup:
    mine = [row for row in members if row.dimension == dimension]
    there = [row for row in mine if is_there(row, year)]
    rows = tuple(MemberRow(row, tuple(measures[row.pk])) for row in there)
    return MemberGroup(dimension, rows, len(mine) - len(there))


def is_there(row: Member | MeasureMember, year: int) -> bool:
    """Tell whether a member is valid on any day of the year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return (row.starts_on is None or row.starts_on <= last) and (row.ends_on is None or row.ends_on >= first)


def season_rows(user: User, bureau: Unit) -> list[SeasonRow]:
    """Return the bureau's seasons, the latest first, with the measures asked in each that the person may see. Two queries."""
    measures = defaultdict(list)
    for row in visible_measures(user).filter(bureau=bureau, frequency=Frequency.SEASON).order_by("name", "pk"):
        measures[row.season_id].append(row)
    seasons = Season.objects.filter(bureau=bureau).order_by("-starts_on", "pk")
    return [SeasonRow(row, tuple(measures[row.pk])) for row in seasons]


def memberships_of(measure: Measure) -> list[MeasureMember]:
    """Return a measure's members in their order, with the units that report them. One query."""
    rows = MeasureMember.objects.filter(measure=measure).select_related("member__unit", "reporting_unit")
    return list(rows.order_by("member__position", "pk"))


def outsiders(measure: Measure) -> QuerySet[Member]:
    """Return the members of the measure's dimension that are not in it."""
    rows = Member.objects.filter(bureau=measure.bureau_id, dimension=measure.dimension)
    return rows.exclude(memberships__measure=measure).order_by("position", "pk")


def units_of(bureau: Unit) -> QuerySet[Unit]:
    """Return the bureau and everything in it, in the order of the tree."""
    return Unit.objects.filter(path__startswith=bureau.path).order_by("path")
