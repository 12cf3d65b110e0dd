"""Narrowing rounds and entries, including by who may see, fill or review them."""

from django.db import models
from django.db.models import F
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils.timezone import localdate

from apps.accounts.enums import Role
from apps.accounts.querysets import below
from apps.journal.enums import Verb
from apps.journal.models import Event
from apps.plans.models import IndicatorTerms, Project
from apps.progress.enums import EntryState, MonitoringState, Verdict

BUREAU_READERS = (Role.OFFICER, Role.LEADER, Role.FINANCE, Role.AUDITOR)
UNIT_READERS = (Role.REPORTER, Role.HEAD)
OPEN_STATES = (EntryState.PENDING, EntryState.RETURNED)


class EntryQuerySet(models.QuerySet):
    """Cells: one measure, member and round each."""

    def visible_to(self, user):
        """Keep what the person may read: a bureau's readers all, a division what it answers for, an office its own."""
        unit_paths = user.paths(*UNIT_READERS)
        return self.filter(
            below("round__bureau__path", user.paths(*BUREAU_READERS))
            | below("reporting_unit__path", unit_paths)
            | below("reviewing_unit__path", unit_paths)
        )

    def reportable_by(self, user):
        """Keep the cells that the person's own unit reports."""
        return self.filter(reporting_unit__in=[d.unit_id for d in user.duties if d.role == Role.REPORTER])

    def reviewable_by(self, user):
        """Keep what waits for a review that the person may give: their unit's, and never what they entered themselves."""
        units = [d.unit_id for d in user.duties if d.role == Role.HEAD]
        waiting = self.filter(reviewing_unit__in=units, state=EntryState.SUBMITTED)
        return waiting.exclude(latest__submitted_by=user)

    def open_by(self, today, person=None):
        """Keep the cells that ask for a figure: round open, nothing submitted or the figure returned.

        A closed round asks nobody, but a cell of it that was opened again asks that `person` until its day.
        """
        is_open = models.Q(round__closed_at=None)
        if person is not None:
            again = self.model._meta.get_field("reopenings").related_model.objects
            is_open |= models.Exists(again.filter(entry=models.OuterRef("pk"), person=person, until__gte=today))
        waiting = self.filter(round__opens_on__lte=today, state__in=OPEN_STATES)
        return waiting.filter(is_open)

    def with_last_day(self, person, today):
        """Add `last_day`, until when a cell asks a person: its round's due day; in a closed round, how long it is open again."""
        again = self.model._meta.get_field("reopenings").related_model.objects
        mine = again.filter(entry=models.OuterRef("pk"), person=person, until__gte=today).order_by("-until")
        is_open = models.When(round__closed_at=None, then=F("round__due_on"))
        opened = models.Subquery(mine.values("until")[:1])
        return self.annotate(last_day=models.Case(is_open, default=opened, output_field=models.DateField()))

    def overdue(self, today):
        """Keep the cells that are late: the round is open, its due day is past, and nothing is in or counts."""
        return self.filter(round__closed_at=None, round__due_on__lt=today, state__in=OPEN_STATES, approved=None)

    def asked_by(self, moment):
        """Keep the cells that were asked at a moment: there by then, not released by then, of rounds that had opened."""
        there = models.Q(asked_at=None) | models.Q(asked_at__lte=moment)
        still = models.Q(released_at=None) | models.Q(released_at__gt=moment)
        return self.filter(there, still, round__opens_on__lte=localdate(moment))

    def with_known_round(self, moment):
        """Add what the round said at a moment, from the journal: `known_due_on`, and whether it `was_closed`.

        What came later is undone: the first event after the moment says what was there before it.
        """
        later = Event.objects.filter(subject_type="progress.round", subject_id=models.OuterRef("round"), at__gt=moment)
        moved = later.filter(verb=Verb.CHANGE, before__has_key="due_on").order_by("at", "pk")
        due_on = Cast(KeyTextTransform("due_on", "before"), models.DateField())
        turned = later.filter(verb__in=(Verb.CLOSE, Verb.REOPEN)).order_by("at", "pk")
        rows = self.annotate(
            known_due_on=Coalesce(models.Subquery(moved.values_list(due_on)[:1]), F("round__due_on")),
            next_turn=models.Subquery(turned.values("verb")[:1]),
        )
        is_closed = models.Q(next_turn=Verb.REOPEN) | models.Q(next_turn=None, round__closed_at__lte=moment)
        closed = models.Case(models.When(is_closed, then=True), default=False, output_field=models.BooleanField())
        return rows.annotate(was_closed=closed)

    def overdue_at(self, today, moment):
        """Keep the cells that were late on a day, by what was known at a moment."""
        rows = self.asked_by(moment).with_known_round(moment)
        return rows.filter(known_due_on__lt=today, was_closed=False).asking_at(moment)

    def with_known(self, moment):
        """Add `known`, the revision that counted at a moment, None where none did; read with the cells themselves."""
        revisions = self.model._meta.get_field("revisions").related_model.objects
        counted = revisions.approved_by(moment).filter(entry=models.OuterRef("pk")).order_by("-number")
        last = models.Subquery(counted.values("pk")[:1])
        joined = models.FilteredRelation("revisions", condition=models.Q(revisions__pk=last))
        return self.annotate(known=joined).select_related("known")

    def with_last_word(self, moment):
        """Add `known_latest`, what was submitted last by a moment, and `last_said`, the last verdict on it by then."""
        revisions = self.model._meta.get_field("revisions").related_model.objects
        reviews = revisions.model._meta.get_field("reviews").related_model.objects
        mine = revisions.filter(entry=models.OuterRef("pk"), submitted_at__lte=moment)
        said = reviews.filter(revision__entry=models.OuterRef("pk"), reviewed_at__lte=moment)
        latest = models.Subquery(mine.order_by("-number").values("pk")[:1])
        returned = said.filter(revision=models.OuterRef("known_latest")).order_by("-reviewed_at", "-pk")
        return self.annotate(known_latest=latest, last_said=models.Subquery(returned.values("verdict")[:1]))

    def asking_at(self, moment):
        """Keep the cells that had nothing in and nothing that counted at a moment: never submitted by then, or last returned."""
        revisions = self.model._meta.get_field("revisions").related_model.objects
        cells = self.with_last_word(moment)
        counting = revisions.approved_by(moment).filter(entry=models.OuterRef("pk"))
        is_asked = models.Q(known_latest=None) | models.Q(last_said=Verdict.RETURNED)
        return cells.filter(is_asked).exclude(models.Exists(counting))

    def approved(self):
        """Keep the cells with a figure that counts."""
        return self.filter(approved__isnull=False)

    def lacking_evidence(self):
        """Keep the cells with a figure and without a file in force, where an approved plan of their year asks for one."""
        files = self.model._meta.get_field("evidence").related_model.objects
        asked = terms_in_force("measure", "round__fiscal_year").exclude(evidence="")
        return self.filter(
            ~models.Exists(files.in_force().filter(entry=models.OuterRef("pk"))),
            models.Exists(asked),
            latest__isnull=False,
        )


class AskedManager(models.Manager.from_queryset(EntryQuerySet)):
    """The cells that were not released."""

    def get_queryset(self):
        """Leave out what asks nobody any more."""
        return super().get_queryset().filter(released_at=None)


def terms_in_force(measure, year):
    """Return what approved plans say of the indicators that look at a measure in a year, in the order of projects.

    For a subquery: `measure` and `year` name the columns of the row outside.
    """
    rows = IndicatorTerms.objects.filter(
        indicator__measure=models.OuterRef(measure),
        indicator__plan__year=models.OuterRef(year),
        version=F("indicator__plan__approved"),
    )
    return rows.order_by("indicator__plan__project__number", "position", "pk")


class EvidenceQuerySet(models.QuerySet):
    """Files behind entries."""

    def visible_to(self, user):
        """Keep the files of the cells that the person may read."""
        unit_paths = user.paths(*UNIT_READERS)
        return self.filter(
            below("entry__round__bureau__path", user.paths(*BUREAU_READERS))
            | below("entry__reporting_unit__path", unit_paths)
            | below("entry__reviewing_unit__path", unit_paths)
        )

    def in_force(self):
        """Keep the files that were neither replaced nor set aside."""
        return self.filter(superseded_at=None)

    def with_reference(self):
        """Add what a file is numbered by: `project_number`, `indicator_code` and `terms_id`, None where no plan asks for it.

        The indicator is the first of the year's approved plans that looks at the measure; money spent has a project only.
        """
        terms = terms_in_force("measure", "fiscal_year")
        spent = Project.objects.filter(execution=models.OuterRef("measure"))
        return self.annotate(
            terms_id=models.Subquery(terms.values("pk")[:1]),
            project_number=Coalesce(
                models.Subquery(terms.values("indicator__plan__project__number")[:1]),
                models.Subquery(spent.values("number")[:1]),
            ),
            indicator_code=models.Subquery(terms.values("indicator__code")[:1]),
        )


class RevisionQuerySet(models.QuerySet):
    """What was reported, append-only."""

    def demonstration(self):
        """Keep the made-up figures."""
        return self.filter(origin="demonstration")

    def in_fact(self):
        """Keep the revisions that count now."""
        return self.filter(entry__approved_id=F("pk"))

    def counted_at(self, moment):
        """Keep the revisions that counted at a moment: of those approved then and not taken back, the last of each cell."""
        later = self.model.objects.approved_by(moment).filter(
            entry=models.OuterRef("entry"), number__gt=models.OuterRef("number")
        )
        return self.approved_by(moment).filter(~models.Exists(later))

    def approved_by(self, moment):
        """Keep the revisions whose last review by a moment let them count; of a cell's, the highest number counted then."""
        reviews = self.model._meta.get_field("reviews").related_model.objects
        by_then = reviews.filter(revision=models.OuterRef("pk"), reviewed_at__lte=moment)
        last = by_then.order_by("-reviewed_at", "-pk").values("verdict")[:1]
        return self.annotate(last_verdict=models.Subquery(last)).filter(last_verdict=Verdict.APPROVED)


class MonitoringQuerySet(models.QuerySet):
    """Plans in monitoring rounds."""

    def visible_to(self, user):
        """Keep the monitorings of the projects that the person may see."""
        paths = user.paths(*UNIT_READERS, *BUREAU_READERS)
        return self.filter(below("plan__project__bureau__path", paths) | below("plan__project__division__path", paths))

    def fillable_by(self, user):
        """Keep those that the person fills in: their division's; an officer's where no division is responsible."""
        division = below("plan__project__division__path", user.paths(*UNIT_READERS))
        bureau = below("plan__project__bureau__path", user.paths(Role.OFFICER))
        return self.filter(division | models.Q(bureau, plan__project__division=None))

    def open(self):
        """Keep what is being filled in while its round is not closed."""
        return self.filter(state=MonitoringState.DRAFT, round__closed_at=None)

    def waiting_for(self, user):
        """Keep what waits for the person's word: at a stage of theirs, and not of their own writing."""
        division = below("plan__project__division__path", user.paths(Role.HEAD))
        bureau = "plan__project__bureau__path"
        return self.filter(
            models.Q(division, state=MonitoringState.DIVISION_REVIEW)
            | models.Q(below(bureau, user.paths(Role.OFFICER)), state=MonitoringState.OFFICER_REVIEW)
            | models.Q(below(bureau, user.paths(Role.LEADER)), state=MonitoringState.LEADER_REVIEW)
        ).exclude(authors=user)
