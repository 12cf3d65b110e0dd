"""Narrowing plans and what hangs on them, including by who may see them."""

from django.db import models
from django.utils.timezone import localdate

from apps.accounts.enums import Role
from apps.accounts.querysets import below
from apps.plans.enums import OPEN_STATES, StepKind, VersionState

READERS = (Role.REPORTER, Role.HEAD, Role.OFFICER, Role.LEADER, Role.FINANCE, Role.AUDITOR)


class ProjectQuerySet(models.QuerySet):
    """What money is given for."""

    def visible_to(self, user):
        """Keep the projects of the units below which the person reads: a division its own, a bureau all of its own."""
        paths = user.paths(*READERS)
        return self.filter(below("bureau__path", paths) | below("division__path", paths))


class PlanQuerySet(models.QuerySet):
    """A project's year."""

    def visible_to(self, user):
        """Keep the plans of the projects that the person may see."""
        paths = user.paths(*READERS)
        return self.filter(below("project__bureau__path", paths) | below("project__division__path", paths))

    def in_year(self, year):
        """Keep one fiscal year."""
        return self.filter(year=year)

    def in_force(self):
        """Keep the plans with an approved version; the others are only being made."""
        return self.filter(approved__isnull=False)

    def approved_by(self, moment):
        """Keep the plans that had an approved version at a moment, and add it as `known` with its scheme."""
        return self.with_known(moment).filter(known__isnull=False)

    def with_known(self, moment):
        """Add `known`, the approved version of a moment with its scheme; no such attribute where there was none."""
        versions = self.model._meta.get_field("versions").related_model.objects.filter(approved_by(moment))
        last = versions.filter(plan=models.OuterRef("pk")).order_by("-number").values("pk")[:1]
        joined = models.FilteredRelation("versions", condition=models.Q(versions__pk=models.Subquery(last)))
        return self.annotate(known=joined, known_id=models.Subquery(last)).select_related("known__scheme")

    def with_budget(self, known_at=None):
        """Add `budget`, the adjusted budget in 元 (as it was known at a moment), None where there is no line."""
        settled = is_settled("budget_lines__version", "budget_lines__effective_on", known_at)
        return self.annotate(budget=models.Sum("budget_lines__amount", filter=settled))

    def with_way(self):
        """Add `way`, the state of the version that is on its way to approval, None where none is."""
        versions = self.model._meta.get_field("versions").related_model.objects.open()
        return self.annotate(
            way=models.Subquery(versions.filter(plan=models.OuterRef("pk")).order_by().values("state")[:1])
        )


class PlanVersionQuerySet(models.QuerySet):
    """A plan as it is drafted, passed on and approved."""

    def visible_to(self, user):
        """Keep the versions of the plans that the person may see."""
        paths = user.paths(*READERS)
        return self.filter(below("plan__project__bureau__path", paths) | below("plan__project__division__path", paths))

    def open(self):
        """Keep what is on its way: drafts and what waits for somebody's word."""
        return self.filter(state__in=OPEN_STATES)

    def waiting_for(self, user):
        """Keep what waits for the person's word: at a stage of theirs, and without words of their own."""
        division = below("plan__project__division__path", user.paths(Role.HEAD))
        bureau = "plan__project__bureau__path"
        return self.filter(
            models.Q(division, state=VersionState.DIVISION_REVIEW)
            | models.Q(below(bureau, user.paths(Role.OFFICER)), state=VersionState.OFFICER_REVIEW)
            | models.Q(below(bureau, user.paths(Role.LEADER)), state=VersionState.LEADER_REVIEW)
        ).exclude(authors=user)

    def returned_to(self, user):
        """Keep the drafts of the person that came back and were not submitted again."""
        return self.returned().filter(authors=user)

    def returned(self):
        """Keep the drafts that came back, with `step`, the id of the step that sent them back."""
        steps = self.model._meta.get_field("steps").related_model.objects.filter(version=models.OuterRef("pk"))
        last = steps.order_by("-pk")
        drafts = self.filter(state=VersionState.DRAFT).annotate(
            step=models.Subquery(last.values("pk")[:1]), last_kind=models.Subquery(last.values("kind")[:1])
        )
        return drafts.filter(last_kind=StepKind.RETURNED)


class SettledQuerySet(models.QuerySet):
    """Rows that a version of a plan may bring: a target, a wording, money."""

    def settled(self, known_at=None):
        """Keep what counts: rows that no version brings, and those of approved versions. A draft's are only proposed.

        With a moment, what had been approved by then, and what no version brings from its effective day on.
        """
        return self.filter(is_settled("version", "effective_on", known_at))


def approved_by(known_at, version=""):
    """Return the condition that a version had been approved by a moment; one without a moment was always known."""
    prefix = f"{version}__" if version else ""
    is_approved = models.Q(**{f"{prefix}state": VersionState.APPROVED})
    if known_at is None:
        return is_approved
    known = models.Q(**{f"{prefix}approved_at": None}) | models.Q(**{f"{prefix}approved_at__lte": known_at})
    return is_approved & known


def is_settled(version, effective_on, known_at=None):
    """Return the condition that a row counts; its version and effective day are columns by these names."""
    without = models.Q(**{version: None})
    if known_at is not None:
        without &= models.Q(**{f"{effective_on}__lte": localdate(known_at)})
    return without | approved_by(known_at, version)


class IndicatorQuerySet(models.QuerySet):
    """Targets on measures."""

    def in_force(self):
        """Keep the indicators that the approved version of their plan has; a draft's are only proposed, dropped ones gone."""
        terms = self.model._meta.get_field("terms").related_model.objects
        return self.filter(
            models.Exists(terms.filter(indicator=models.OuterRef("pk"), version=models.OuterRef("plan__approved")))
        )

    def visible_to(self, user):
        """Keep the indicators of the projects that the person may see."""
        paths = user.paths(*READERS)
        return self.filter(below("plan__project__bureau__path", paths) | below("plan__project__division__path", paths))


class BureauRowQuerySet(models.QuerySet):
    """Rows that belong to a bureau as a whole."""

    def visible_to(self, user):
        """Keep the rows of the bureaus that the person reads as a whole."""
        return self.filter(below("bureau__path", user.paths(*READERS)))

    def in_year(self, year):
        """Keep one fiscal year."""
        return self.filter(year=year)
