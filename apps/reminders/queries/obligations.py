"""What is owed and not told: a fixed number of queries, read in streams, whatever the number of people."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import groupby
from typing import Any

from django.db.models import Case as Choice
from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, LPad
from django.utils import timezone

from apps.accounts.enums import Role
from apps.accounts.models import Assignment, User
from apps.calculation.workdays import Workdays
from apps.plans.enums import TargetStatus, VersionState
from apps.plans.models import Indicator, IndicatorTerms, PlanVersion, Step, Target
from apps.plans.queries.people import REVIEWER
from apps.progress.enums import EntryState, Verdict
from apps.progress.models import Entry, Review
from apps.reminders.enums import Sort
from apps.reminders.models import Notice
from apps.reminders.queries.stages import Stage, stage_of

AT_ONCE = 2000
ANSWERS = {
    VersionState.DIVISION_REVIEW: "division",
    VersionState.OFFICER_REVIEW: "bureau",
    VersionState.LEADER_REVIEW: "bureau",
}


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something one person owes and was not told at this stage.

    `subject_id` is an entry, for a review any entry of its round and measure, for a target the indicator, for a plan the
    version. `count` is how many figures wait for review, else 1.
    """

    person_id: int
    sort: Sort
    subject_id: int
    key: str
    stage: str
    count: int = 1


Owed = tuple[int, list[Obligation]]


def obligations(today: date, days: Workdays, people: "QuerySet[User, Any] | None" = None) -> Iterator[Owed]:
    """Return what each person is to be told on a day and was not, as (person id, obligations), by person.

    Six queries, however many people and cells; memory stays flat as long as the caller does not collect. `people` narrows
    to some. People who cannot sign in or have no address are left out: see `unreached`.
    """
    stages = _stages(today, days)
    return _by_person(
        _cells(Role.REPORTER, stages, today, people),
        _cells(Role.HEAD, {pair: stage for pair, stage in stages.items() if stage.is_overdue}, today, people),
        _reviews(people),
        _targets(today, people),
        _plans(people),
    )


def returns(people: "QuerySet[User, Any] | None" = None) -> Iterator[Owed]:
    """Return the returned figures that nobody was told of: to who submitted them, or to the reporters where they left.

    Two queries. The shape is that of `obligations`.
    """
    returned = Entry.objects.filter(state=EntryState.RETURNED).annotate(review=_last_return("pk"))
    left = Q(latest__submitted_by__is_active=False) | Q(latest__submitted_by__email="")
    own = returned.exclude(left).annotate(person=F("latest__submitted_by"))
    inherited = _held_by(returned.filter(left), "reporting_unit__assignments", Role.REPORTER)
    return _by_person(*(_returned(_narrowed(rows, people)) for rows in (own, inherited)))


def _by_person(*streams: Iterable[Obligation]) -> Iterator[Owed]:
    """Merge streams that are ordered by person; of two that say the same only the first stays."""
    for person_id, found in groupby(merge(*streams, key=_person_of), key=_person_of):
        kept: dict[tuple[str, str], Obligation] = {}
        for row in found:
            kept.setdefault((row.key, row.stage), row)
        yield person_id, list(kept.values())


def _person_of(row: Obligation) -> int:
    return row.person_id


def _stages(today: date, days: Workdays) -> dict[tuple[date, date], Stage]:
    """Return the stage of every pair of opening and due day that open cells have. One query."""
    pairs = Entry.objects.open_by(today).order_by().values_list("round__opens_on", "round__due_on").distinct()
    stages = {(opens_on, due_on): stage_of(opens_on, due_on, today, days) for opens_on, due_on in pairs}
    return {pair: stage for pair, stage in stages.items() if stage}


def _cells(
    role: Role, stages: dict[tuple[date, date], Stage], today: date, people: "QuerySet[User, Any] | None"
) -> Iterator[Obligation]:
    if not stages:
        return
    unit = "reporting_unit" if role == Role.REPORTER else "reviewing_unit"
    steps = [
        When(round__opens_on=opens_on, round__due_on=due_on, then=Value(stage.key))
        for (opens_on, due_on), stage in stages.items()
    ]
    rows = (
        _held_by(Entry.objects.open_by(today), f"{unit}__assignments", role)
        .annotate(stage=Choice(*steps, output_field=CharField()), key=_key("entry:", "pk"))
        .filter(stage__isnull=False)
        .annotate(returned_at=_last_return("reviewed_at"))
    )
    for row in (
        _untold(_narrowed(rows, people))
        .values_list("person", "pk", "key", "stage", "round__opens_on", "round__due_on", "state", "returned_at")
        .iterator(chunk_size=AT_ONCE)
    ):
        person_id, entry_id, key, step, opens_on, due_on, state, returned_at = row
        stage = stages[opens_on, due_on]
        if state == EntryState.RETURNED and returned_at and timezone.localdate(returned_at) >= stage.since:
            continue  # The mail about the return told it; the digest speaks of it from the next stage on.
        yield Obligation(person_id, _sort_of(role, stage), entry_id, key, step)


def _sort_of(role: Role, stage: Stage) -> Sort:
    if role == Role.HEAD:
        return Sort.LATE
    return Sort.OVERDUE if stage.is_overdue else Sort.DUE


def _reviews(people: "QuerySet[User, Any] | None") -> Iterator[Obligation]:
    """What waits for each head: one per round and measure, told again only when something newer waits."""
    waiting = _held_by(Entry.objects.filter(state=EntryState.SUBMITTED), "reviewing_unit__assignments", Role.HEAD)
    rows = (
        _narrowed(waiting, people)
        .exclude(latest__submitted_by=F("person"))
        .annotate(key=Concat(_key("review:", "round_id"), _key(":", "measure_id")), upto=_upto("latest_id"))
    )
    told = Notice.objects.filter(
        person=OuterRef("person"),
        obligation=OuterRef("key"),
        stage__startswith="upto-",
        stage__gte=OuterRef("upto"),
    )
    groups = (
        rows.order_by()
        .values("person", "key")
        .annotate(subject=Min("pk"), waiting=Count("pk"), newest=Max("upto"), new=Count("pk", filter=~Exists(told)))
        .filter(new__gt=0)
        .order_by("person", "key")
        .values_list("person", "subject", "key", "newest", "waiting")
    )
    for person_id, entry_id, key, stage, count in groups.iterator(chunk_size=AT_ONCE):
        yield Obligation(person_id, Sort.REVIEW, entry_id, key, stage, count)


def _targets(today: date, people: "QuerySet[User, Any] | None") -> Iterator[Obligation]:
    """Indicators whose target in force is not final, to the bureau's officers, once a month."""
    in_force = Target.objects.settled().filter(indicator=OuterRef("pk"), effective_on__lte=today).order_by("-number")
    current = IndicatorTerms.objects.filter(version=OuterRef("plan__approved"), indicator=OuterRef("pk"))
    rows = Indicator.objects.filter(Exists(current), plan__year=today.year).annotate(
        target_status=Subquery(in_force.values("status")[:1]),
        stage=Value(f"month-{today:%Y-%m}"),
        key=_key("target:", "pk"),
    )
    unsettled = rows.filter(target_status__in=(TargetStatus.PENDING, TargetStatus.PROVISIONAL))
    held = _held_by(unsettled, "plan__project__bureau__assignments", Role.OFFICER)
    for person_id, indicator_id, key, stage in (
        _untold(_narrowed(held, people)).values_list("person", "pk", "key", "stage").iterator(chunk_size=AT_ONCE)
    ):
        yield Obligation(person_id, Sort.TARGET, indicator_id, key, stage)


def _plans(people: "QuerySet[User, Any] | None") -> Iterator[Obligation]:
    """Versions of plans that wait for a reviewer or came back to their authors: told once for every step that led there."""
    versions = PlanVersion.objects.all()
    waiting = (
        _held_by(versions.filter(state=stage), f"plan__project__{unit}__assignments", REVIEWER[stage])
        for stage, unit in ANSWERS.items()
    )
    own = PlanVersion.authors.through.objects.filter(planversion=OuterRef("pk"), user=OuterRef("person"))
    to_review = [_as_plan(rows.filter(~Exists(own)), Sort.PLAN_REVIEW, people) for rows in waiting]
    reached = versions.returned().filter(authors__is_active=True).exclude(authors__email="")
    returned = _as_plan(reached.annotate(person=F("authors")), Sort.PLAN_RETURNED, people)
    rows = returned.union(*to_review, all=True).order_by("person", "pk")
    for person_id, version_id, key, stage, sort in rows.iterator(chunk_size=AT_ONCE):
        yield Obligation(person_id, Sort(sort), version_id, key, stage)


def _as_plan(rows: "QuerySet[Any]", sort: Sort, people: "QuerySet[User, Any] | None") -> "QuerySet[Any]":
    """Return the untold of the versions in the columns that both sorts share. The latest step tells one time from the next."""
    last = Step.objects.filter(version=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    named = rows.annotate(last=Subquery(last), key=_key("plan:", "pk"), sort=Value(sort.value)).annotate(
        stage=_key("step-", "last")
    )
    found = _untold(_narrowed(named, people)).order_by()
    return found.values_list("person", "pk", "key", "stage", "sort")


def _returned(rows: "QuerySet[Any]") -> Iterator[Obligation]:
    told_by = rows.filter(review__isnull=False).annotate(key=_key("entry:", "pk"), stage=_key("returned:", "review"))
    for person_id, entry_id, key, stage in (
        _untold(told_by).values_list("person", "pk", "key", "stage").iterator(chunk_size=AT_ONCE)
    ):
        yield Obligation(person_id, Sort.RETURNED, entry_id, key, stage)


def reachable(*roles: Role) -> "QuerySet[Assignment]":
    """Keep the roles in force of people who can sign in and have an address."""
    return Assignment.objects.in_force().filter(role__in=roles, user__is_active=True).exclude(user__email="")


def _held_by(rows: "QuerySet[Any]", assignments: str, role: Role) -> "QuerySet[Any]":
    """Add `person`: one row for each who holds the role in the unit."""
    return rows.annotate(assignment=F(assignments), person=F(f"{assignments}__user")).filter(
        assignment__in=reachable(role)
    )


def _narrowed(rows: "QuerySet[Any]", people: "QuerySet[User, Any] | None") -> "QuerySet[Any]":
    return rows if people is None else rows.filter(person__in=people)


def _untold(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    told = Notice.objects.filter(person=OuterRef("person"), obligation=OuterRef("key"), stage=OuterRef("stage"))
    return rows.filter(~Exists(told)).order_by("person", "pk")


def _key(prefix: str, column: str) -> Concat:
    return Concat(Value(prefix), Cast(column, CharField()), output_field=CharField())


def _upto(column: str) -> Concat:
    """Return a revision's number as a text that sorts like the number."""
    digits = LPad(Cast(column, CharField()), 12, Value("0"))
    return Concat(Value("upto-"), digits, output_field=CharField())


def _last_return(column: str) -> Subquery:
    rows = Review.objects.filter(revision=OuterRef("latest"), verdict=Verdict.RETURNED).order_by("-pk")
    kind = IntegerField() if column == "pk" else DateTimeField()
    return Subquery(rows.values(column)[:1], output_field=kind)
