"""The total row of a pasted block: never kept, only compared with what the cells add up to."""

from collections.abc import Mapping
from decimal import Decimal

from apps.calculation.numerals import NotANumber, read_number
from apps.plans.enums import Kind
from apps.plans.models import Measure
from apps.progress.forms.cells import FIELDS_OF_KIND, MONEY_PLACES, unit_typed


def read_total(measure: Measure, typed: Mapping[str, str]) -> dict[str, Decimal]:
    """Return the numbers of a pasted total row by column as they are typed: money in 万元.

    `typed` holds the texts as total-numerator, total-denominator, total-value. What is no number is not compared.
    """
    if not measure.is_figured:
        return {}
    names, unit = FIELDS_OF_KIND[Kind(measure.kind)], unit_typed(measure)
    found = {name: read_or_none(typed.get(f"total-{name}", ""), unit) for name in names}
    return {name: number for name, number in found.items() if number is not None}


def read_or_none(text: str, unit: str = "") -> Decimal | None:
    """Return the number of a total as it is typed in the unit, None where it is none."""
    try:
        return read_number(text, MONEY_PLACES, unit)
    except NotANumber:
        return None
