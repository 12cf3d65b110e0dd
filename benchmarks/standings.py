"""Standings rebuilt from scratch beside the bare SQL aggregate over the same figures."""

from datetime import date

from django.core.management import call_command
from django.db.models import Sum

from apps.accounts.enums import UnitKind
from apps.accounts.models import Unit
from apps.progress.actions import rebuild_standings
from apps.progress.models import Entry
from benchmarks.measuring import Comparison, compare

TODAY = date(2016, 9, 6)


def measure() -> Comparison:
    """Load the 2016 plan with demonstration figures, rebuild its standings, and sum the same cells in SQL."""
    call_command("load_plan_2016", verbosity=0)
    call_command("load_demonstration", password="only-for-measuring", verbosity=0)  # noqa: S106
    bureau = Unit.objects.get(kind=UnitKind.BUREAU)

    def bare() -> None:
        rows = Entry.objects.approved().values("measure", "member", "round__fiscal_year").order_by()
        list(
            rows.annotate(
                numerator=Sum("approved__numerator"),
                denominator=Sum("approved__denominator"),
                value=Sum("approved__value"),
            )
        )

    return compare(lambda: rebuild_standings(bureau=bureau, today=TODAY), bare)
