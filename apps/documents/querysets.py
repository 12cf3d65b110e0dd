"""Narrowing imports, by who may see them."""

from django.db import models

from apps.accounts.enums import Role
from apps.accounts.querysets import below
from apps.documents.enums import TO_CONFIRM


class PlanImportQuerySet(models.QuerySet):
    """Files on their way into plans."""

    def visible_to(self, user):
        """Keep the files of the bureaus whose plans the person puts together."""
        return self.filter(below("bureau__path", user.paths(Role.OFFICER)))


class ImportedPlanQuerySet(models.QuerySet):
    """Projects of a file."""

    def visible_to(self, user):
        """Keep the projects of the files that the person may see."""
        return self.filter(below("plan_import__bureau__path", user.paths(Role.OFFICER)))

    def to_confirm(self):
        """Keep what would change a plan and waits for somebody's word."""
        return self.filter(state__in=TO_CONFIRM)
