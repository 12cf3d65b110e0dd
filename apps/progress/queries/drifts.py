"""Whether stored standings are what the figures come to."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import Unit
from apps.plans.models import Indicator
from apps.progress.models import Standing
from apps.progress.queries.standings import FACTS, computed_standings, with_noted

DIGITS = Context(prec=14)


@dataclass(frozen=True, slots=True)
class Drift:
    """One column of a stored standing that says something else than the figures do."""

    standing: Standing
    column: str
    stored: Any
    computed: Any

    @property
    def sentence(self) -> str:
        """Return what a person reads."""
        return _("%(indicator)s：%(column)s存的是 %(stored)s，按 %(day)s 的数据应为 %(computed)s。") % {
            "indicator": self.standing.indicator,
            "column": _name(self.column),
            "stored": _shown(self.stored),
            "day": f"{self.standing.dated_on:%Y-%m-%d}",
            "computed": _shown(self.computed),
        }


def _name(column: str) -> str:
    field = Standing._meta.get_field(column.removesuffix("_id"))
    return str(getattr(field, "verbose_name", column))


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "—" if value is None else str(value)


def drifts(bureau: Unit) -> Iterator[Drift]:
    """Yield every difference between the bureau's stored standings and its figures, each at the day it was stored for.

    The queries of `cases` for every stored day; in order there is one day. A row that has not seen the last result of a past
    year is no page's answer and waits for its turn; it is left out.
    """
    standings = Standing.objects.filter(indicator__plan__project__bureau=bureau)
    by_day: dict[date, dict[int, Standing]] = defaultdict(dict)
    for row in standings.select_related("indicator").order_by("indicator_id"):
        by_day[row.dated_on][row.indicator_id] = row
    for day, stored in sorted(by_day.items()):
        indicators = with_noted(Indicator.objects.filter(pk__in=stored)).order_by("pk")
        joined = indicators.select_related("plan__approved__scheme", "measure")
        seen = [row for row in joined if vars(row)["noted"] == stored[row.pk].noted]
        for computed in computed_standings(seen, day):
            yield from _differences(stored[computed.indicator_id], computed)


def _differences(stored: Standing, computed: Standing) -> Iterator[Drift]:
    for column in FACTS:
        there, right = getattr(stored, column), getattr(computed, column)
        if not _is_same(there, right):
            yield Drift(stored, column, there, right)


def _is_same(there: object, right: object) -> bool:
    """Tell whether two facts are the same as far as every database keeps them: SQLite holds fifteen digits of a number."""
    if isinstance(there, Decimal) and isinstance(right, Decimal):
        return DIGITS.plus(there) == DIGITS.plus(right)
    return there == right
