"""Narrowing units, people and assignments."""

from django.db import models
from django.db.models.functions import Coalesce, Now

from apps.accounts.enums import UnitKind


class AssignmentQuerySet(models.QuerySet):
    """Who does what where."""

    def in_force(self):
        """Keep what has not ended, by the database's own clock: rights end at a moment, whatever day a page shows."""
        return self.filter(models.Q(ends_at=None) | models.Q(ends_at__gt=Now()))

    def with_bureau(self):
        """Add `bureau_name` and `bureau_name_en` of the bureau at or above the unit; the unit's own where there is none."""
        units = self.model._meta.get_field("unit").remote_field.model.objects.filter(kind=UnitKind.BUREAU)
        here = models.ExpressionWrapper(models.OuterRef("unit__path"), models.CharField())
        above = units.annotate(here=here).filter(here__startswith=models.F("path")).order_by("depth")
        return self.annotate(
            bureau_name=Coalesce(models.Subquery(above.values("name")[:1]), models.F("unit__name")),
            bureau_name_en=Coalesce(models.Subquery(above.values("name_en")[:1]), models.F("unit__name_en")),
        )


class TokenQuerySet(models.QuerySet):
    """Keys of programs."""

    def in_force(self):
        """Keep what has not ended, of people who may still sign in; by the database's own clock, like every right."""
        return self.filter(ends_at__gt=Now(), user__is_active=True)


def below(field: str, paths) -> models.Q:
    """Return the condition "the unit path in `field` is at or below one of `paths`"; no path lets nothing through."""
    condition = models.Q(pk__in=[])
    for path in paths:
        condition |= models.Q(**{f"{field}__startswith": path})
    return condition
