"""Narrowing rounds and entries, including by who may see, fill or review them."""

from django.db import models
from django.db.models import F

from apps.accounts.enums import Role
from apps.accounts.querysets import below
from apps.progress.enums import EntryState

BUREAU_READERS = (Role.OFFICER, Role.LEADER, Role.FINANCE, Role.AUDITOR)
UNIT_READERS = (Role.REPORTER, Role.HEAD)


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

    def open_by(self, today):
        """Keep the cells that ask for a figure: round open, nothing submitted or the figure returned."""
        return self.filter(
            round__opens_on__lte=today,
            round__closed_at=None,
            state__in=[EntryState.PENDING, EntryState.RETURNED],
        )

    def approved(self):
        """Keep the cells with a figure that counts."""
        return self.filter(approved__isnull=False)


class RevisionQuerySet(models.QuerySet):
    """What was reported, append-only."""

    def demonstration(self):
        """Keep the made-up figures."""
        return self.filter(origin="demonstration")

    def in_fact(self):
        """Keep the revisions that count now."""
        return self.filter(entry__approved_id=F("pk"))
