"""Narrowing the journal, including by who may read it."""

from django.db import models

from apps.accounts.enums import Role
from apps.accounts.querysets import below

READERS = (Role.OFFICER, Role.LEADER, Role.AUDITOR)


class ChainQuerySet(models.QuerySet):
    """The chains of bureaus."""

    def visible_to(self, user):
        """Keep the chains of the bureaus whose officer, leader or auditor the person is."""
        return self.filter(below("bureau__path", user.paths(*READERS)))


class EventQuerySet(models.QuerySet):
    """What happened."""

    def visible_to(self, user):
        """Keep the events of the bureaus whose officer, leader or auditor the person is."""
        return self.filter(below("chain__bureau__path", user.paths(*READERS)))

    def about(self, subject):
        """Keep what happened to one row."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
