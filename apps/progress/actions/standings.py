"""Keeping standings: written with what changes them, dated anew at night, rebuilt on demand."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from apps.accounts.models import Unit
from apps.plans.models import Indicator
from apps.plans.querysets import IndicatorQuerySet
from apps.progress.models import Standing
from apps.progress.queries.standings import FACTS, computed_standings, with_noted


@transaction.atomic
def refresh_standings(*, measure_ids: Collection[int], since: int, today: date) -> int:
    """Write the standings of every indicator of the year `since` or later that looks at the measures; return how many.

    A figure can move nothing before its own fiscal year, so the cost does not grow with the years behind it: eight queries
    whatever the number of cells.
    """
    return _write(Indicator.objects.filter(measure__in=measure_ids, plan__year__gte=since), today)


@transaction.atomic
def rebuild_standings(*, bureau: Unit, today: date) -> int:
    """Write all standings of the bureau and return how many."""
    return _write(Indicator.objects.filter(plan__project__bureau=bureau), today)


def lock_indicators(measure_ids: Collection[int]) -> None:
    """Lock the indicators that look at measures, for whoever takes the bureau's chain before `refresh_standings`. One query."""
    rows = Indicator.objects.filter(measure__in=measure_ids).select_for_update(no_key=True, of=("self",))
    for _key in rows.order_by("pk").values_list("pk", flat=True):
        pass


def _write(indicators: IndicatorQuerySet, today: date) -> int:
    """Work the standings out and write them, one writer of an indicator at a time.

    Without the lock two reviews of two cells would each count without the other, and the later one would stay.
    """
    keys = list(indicators.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk", flat=True))
    rows = with_noted(Indicator.objects.filter(pk__in=keys)).select_related("plan__approved__scheme", "measure")
    read = list(rows.order_by("pk"))  # before the results: one that is written down in between is seen later, not never
    standings = computed_standings(read, today)
    for row in standings:
        row.noted = vars(row.indicator)["noted"]
    Standing.objects.bulk_create(
        standings,
        update_conflicts=True,
        unique_fields=["indicator"],
        update_fields=[*FACTS, "dated_on", "noted"],
        batch_size=500,
    )
    return len(standings)
