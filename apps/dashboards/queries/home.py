"""What waits for one person, and what happened while they were away."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from django.db.models import Count, Exists, F, OuterRef, Q

from apps.accounts.models import User
from apps.calendars.queries import workdays
from apps.journal.models import Event
from apps.plans.models import Indicator, Measure, Member, PlanVersion, Step, Target
from apps.progress.enums import EntryState, Verdict
from apps.progress.models import Entry, MonitoringReport, Review, Revision, Round
from apps.ui.formats import in_language

NEWS_SHOWN = 10
NEWS_READ = 300


@dataclass(frozen=True, slots=True)
class DueGroup:
    """The cells of one measure and round that a person has to fill.

    `due_on` is the last day for them: the round's, or that of cells of a closed round which are open again. `days_left` is in
    working days, negative when overdue.
    """

    measure: Measure
    round: Round
    members: list[Member]
    due_on: date
    days_left: int

    @property
    def is_overdue(self) -> bool:
        """Tell whether the due date is past."""
        return self.days_left < 0


def due_groups(user: User, today: date) -> list[DueGroup]:
    """Return what the person's unit has not filled yet, the most urgent first. Two queries, one when nothing waits.

    Figures that were returned are not among them; they come with their reason in `returned`.
    """
    entries = list(
        Entry.objects.reportable_by(user)
        .open_by(today, user)
        .filter(state=EntryState.PENDING)
        .with_last_day(user, today)
        .select_related("measure", "round", "member")
        .order_by("last_day", "round_id", "measure_id", "member__position", "member_id")
    )
    if not entries:
        return []
    days = [today, *(entry.last_day for entry in entries)]
    calendar = workdays(min(days), max(days))
    return [
        DueGroup(measure, asked, [entry.member for entry in cells], due_on, calendar.between(today, due_on))
        for (measure, asked, due_on), cells in groupby(entries, key=_asked)
    ]


def _asked(entry: Entry) -> tuple[Measure, Round, date]:
    return entry.measure, entry.round, vars(entry)["last_day"]


@dataclass(frozen=True, slots=True)
class Returned:
    """A figure that was sent back to the person's unit, by whom and why."""

    entry: Entry
    review: Review


def returned(user: User, today: date) -> list[Returned]:
    """Return what was sent back and waits for mending, the latest first. One query.

    A closed round waits for nobody, except in a cell that was opened again for the person.
    """
    asking = Entry.objects.reportable_by(user).open_by(today, user)
    reviews = (
        Review.objects.filter(
            verdict=Verdict.RETURNED,
            revision__entry__in=asking.filter(state=EntryState.RETURNED),
            revision=F("revision__entry__latest"),
        )
        .select_related("reviewer", "revision__entry__measure", "revision__entry__round", "revision__entry__member")
        .order_by("-reviewed_at", "-pk")
    )
    latest: dict[int, Returned] = {}
    for review in reviews:
        latest.setdefault(review.revision.entry_id, Returned(review.revision.entry, review))
    return list(latest.values())


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many cells of one measure and round wait for a person's review; `title` is that of a round out of turn."""

    chinese: str
    english: str
    title: str
    starts_on: date
    ends_on: date
    cells: int

    @property
    def name(self) -> str:
        """Return the measure's name in the language of the page."""
        return in_language(self.chinese, self.english)


def waiting(user: User) -> list[Waiting]:
    """Return what the person may review, by measure and round, oldest due first. One query."""
    rows = (
        Entry.objects.reviewable_by(user)
        .order_by("round__due_on", "round_id", "measure_id")
        .values_list("measure__name", "measure__name_en", "round__title", "round__starts_on", "round__ends_on")
        .annotate(cells=Count("pk"))
    )
    return [Waiting(*row) for row in rows]


def plans_waiting(user: User) -> list[PlanVersion]:
    """Return the versions of plans that wait for the person's word, by project. One query."""
    rows = PlanVersion.objects.waiting_for(user).select_related("plan__project")
    return list(rows.order_by("plan__year", "plan__project__number", "pk"))


def plans_returned(user: User) -> list[Step]:
    """Return the steps that sent drafts of the person back, the latest first. One query."""
    returned = PlanVersion.objects.returned_to(user).values("step")
    rows = Step.objects.filter(pk__in=returned).select_related("version__plan__project", "person")
    return list(rows.order_by("-pk"))


@dataclass(frozen=True, slots=True)
class Act:
    """What one person did at one moment by one door: the last of its events, and how many there are.

    `is_whole` is false where it has more of them than were read. `entry_id` is the cell that the last event tells of, None where
    it tells of something else.
    """

    event: Event
    verbs: list[str]
    count: int
    is_whole: bool = True
    entry_id: int | None = None

    @property
    def label(self) -> str:
        """Return what it was done to; a figure by its cell, without the number of the version."""
        label = self.event.subject_label
        return label.rpartition(" · ")[0] if self.event.subject_type == Revision._meta.label_lower else label


@dataclass(frozen=True, slots=True)
class News:
    """What happened since a moment: the latest acts, and whether there are more."""

    acts: list[Act]
    has_more: bool

    @property
    def until(self) -> datetime:
        """Return the moment of the latest, up to which somebody takes note."""
        return self.acts[0].event.at


def news(user: User) -> News:
    """Return what others changed since the person last took note, as far as they may see it, the latest first.

    One query, a second one where figures are among it: for the cells that they stand in.
    Events of one act are one line, however many figures were in it; at most some hundred events are looked at.
    Readers of the journal see all of it; everybody sees what happened to the targets of their projects and to the
    cells that they fill or answer for.
    """
    target = Target.objects.filter(pk=OuterRef("subject_id"), indicator__in=Indicator.objects.visible_to(user))
    entry = Entry.objects.visible_to(user).filter(pk=OuterRef("subject_id"))
    revision = Entry.objects.visible_to(user).filter(revisions=OuterRef("subject_id"))
    events = (
        Event.objects.filter(
            Q(pk__in=Event.objects.visible_to(user).values("pk"))
            | Q(Exists(target), subject_type=Target._meta.label_lower)
            | Q(Exists(entry), subject_type=Entry._meta.label_lower)
            | Q(Exists(revision), subject_type="progress.revision")
        )
        .exclude(Q(actor=user) | Q(subject_type=MonitoringReport._meta.label_lower))  # its monitoring tells of it
        .select_related("actor")
    )
    if user.seen_at is not None:
        events = events.filter(at__gt=user.seen_at)
    found = list(events.order_by("-at", "-pk")[: NEWS_READ + 1])
    acts = [_act(list(rows)) for _key, rows in groupby(found[:NEWS_READ], key=attrgetter("at", "actor_id", "channel"))]
    if len(found) > NEWS_READ:
        acts[-1] = replace(acts[-1], is_whole=False)
    return News(_with_cells(acts[:NEWS_SHOWN], user), len(acts) > NEWS_SHOWN or len(found) > NEWS_READ)


def _with_cells(acts: list[Act], user: User) -> list[Act]:
    """Return the acts with the cells that their figures stand in, as far as the person may see them. One query at most."""
    figures = {act.event.subject_id for act in acts if act.event.subject_type == Revision._meta.label_lower}
    if not figures:
        return acts
    rows = Revision.objects.filter(pk__in=figures, entry__in=Entry.objects.visible_to(user))
    cells = dict(rows.values_list("pk", "entry_id"))
    return [
        replace(act, entry_id=cells.get(act.event.subject_id))
        if act.event.subject_type == Revision._meta.label_lower
        else act
        for act in acts
    ]


def _act(events: list[Event]) -> Act:
    verbs = dict.fromkeys(str(event.get_verb_display()) for event in events)
    return Act(events[0], list(verbs), len(events))
