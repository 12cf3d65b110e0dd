"""What the pages of reminders show to those who keep them running."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.enums import Role, UnitKind
from apps.accounts.models import Assignment, Unit, User
from apps.accounts.querysets import below
from apps.calculation.workdays import Workdays
from apps.outbox.enums import MailState
from apps.outbox.models import Mail
from apps.progress.models import Entry, Round
from apps.reminders.models import Notice
from apps.reminders.queries.lines import Line, lines
from apps.reminders.queries.obligations import obligations, reachable
from apps.ui import formats

KEEPERS = (Role.OFFICER, Role.ADMIN)
TOLD = (Role.REPORTER, Role.HEAD, Role.OFFICER, Role.LEADER)
STUCK = (MailState.FAILED, MailState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Preview:
    """What one person would get next."""

    person: User
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody whom no mail can reach, with the reason."""

    person: User
    reason: str


@dataclass(frozen=True, slots=True)
class Chat:
    """A text about one unit's open cells, to be pasted into a chat group."""

    unit: Unit
    text: str


def people_of(keeper: User) -> "QuerySet[User]":
    """Return the people of the units for which somebody is officer or administrator."""
    inside = Assignment.objects.in_force().filter(below("unit__path", keeper.paths(*KEEPERS)), user=OuterRef("pk"))
    return User.objects.filter(Exists(inside))


def bureau_of(keeper: User) -> Unit:
    """Return the bureau in whose journal the keeper's doings belong: theirs, or the one above their unit. One query."""
    path = keeper.paths(*KEEPERS)[0]
    above = [path[:end] for end in range(len(path), 0, -Unit.steplen)]
    rows = {unit.path: unit for unit in Unit.objects.filter(path__in=above)}
    bureaus = [rows[place] for place in above if rows[place].kind == UnitKind.BUREAU]
    return bureaus[0] if bureaus else rows[path]


def ledger(keeper: User) -> "QuerySet[Mail]":
    """Return the reminder mails to the keeper's people, newest first, with what they told. Mails of other kinds never show."""
    told = Notice.objects.filter(mail=OuterRef("pk"), person__in=people_of(keeper))
    notices = Prefetch("notices", Notice.objects.select_related("person").order_by("pk"))
    return Mail.objects.filter(Exists(told)).prefetch_related(notices).order_by("-created_at", "-pk")


def stuck_mails(keeper: User) -> "QuerySet[Mail]":
    """Return those of the ledger that only a person can send on."""
    return ledger(keeper).filter(state__in=STUCK)


def previews(keeper: User, day: date, days: Workdays) -> list[Preview]:
    """Return who of the keeper's people gets what on a day, and why. Ten queries, however many people."""
    owed = dict(obligations(day, days, people_of(keeper).values("pk")))
    people = User.objects.in_bulk(owed)
    told = lines([row for rows in owed.values() for row in rows], day, days)
    by_person = groupby(sorted(told, key=_person_of), key=_person_of)
    return [Preview(people[person_id], list(found)) for person_id, found in by_person]


def _person_of(line: Line) -> int:
    return line.obligation.person_id


def unreached(keeper: User) -> list[Unreached]:
    """Return the people with something to be told whom no mail reaches. One query."""
    working = Assignment.objects.in_force().filter(user=OuterRef("pk"), role__in=TOLD)
    rows = people_of(keeper).filter(Exists(working)).filter(Q(email="") | Q(is_active=False)).order_by("name", "pk")
    return [Unreached(person, _("没有邮箱地址") if person.is_active else _("账户已停用")) for person in rows]


def unreported_units(keeper: User, today: date) -> list[tuple[Unit, int]]:
    """Return the units with open cells for which nobody can be told, with the number of cells. Two queries."""
    reporters = reachable(Role.REPORTER).filter(unit=OuterRef("reporting_unit"))
    rows = _open_cells(keeper, today).filter(~Exists(reporters)).order_by("reporting_unit")
    counts = dict(rows.values_list("reporting_unit").annotate(Count("pk")))
    units = Unit.objects.in_bulk(counts)
    return [(units[unit_id], count) for unit_id, count in counts.items()]


def chats(keeper: User, today: date, days: Workdays) -> list[Chat]:
    """Return a text per unit that has open cells, for chat groups of a network that sends no mail. One query."""
    rows = _open_cells(keeper, today).select_related("reporting_unit", "measure", "member", "round")
    ordered = rows.order_by("reporting_unit__path", "round__due_on", "round_id", "measure_id", "member__position", "pk")
    by_unit = groupby(ordered, key=lambda entry: entry.reporting_unit)
    return [Chat(unit, _chat(unit, list(entries), today, days)) for unit, entries in by_unit]


def _chat(unit: Unit, entries: list[Entry], today: date, days: Workdays) -> str:
    head = _("【填报提醒】%(unit)s：") % {"unit": unit}
    return "\n".join([head, *(_round_text(row, list(cells), today, days) for row, cells in _by_round(entries))])


def _by_round(entries: list[Entry]) -> Iterator[tuple[Round, Iterator[Entry]]]:
    return groupby(entries, key=lambda entry: entry.round)


def _round_text(row: Round, entries: list[Entry], today: date, days: Workdays) -> str:
    names = dict.fromkeys(_("%(measure)s（%(member)s）") % {"measure": e.measure, "member": e.member} for e in entries)
    return _("%(period)s，截止 %(day)s，%(left)s：%(names)s") % {
        "period": row,
        "day": formats.day(row.due_on, today),
        "left": formats.working_days_left(days.between(today, row.due_on)),
        "names": formats.names(list(names)),
    }


def _open_cells(keeper: User, today: date) -> "QuerySet[Entry]":
    return Entry.objects.open_by(today).filter(below("round__bureau__path", keeper.paths(Role.OFFICER)))
