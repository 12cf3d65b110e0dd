"""Money spent against money given, and how much of the year is gone by the month."""

from datetime import date
from decimal import Decimal
from typing import Final

HUNDRED: Final = Decimal(100)
MONTHS: Final = Decimal(12)
YUAN_OF_WAN: Final = Decimal(10_000)


def execution_rate(budget: Decimal | None, executed: Decimal | None) -> Decimal | None:
    """Return 执行率 in percent, unrounded, from two amounts in one unit; None if one is unknown or none given."""
    if budget is None or executed is None or budget == 0:
        return None
    return executed * HUNDRED / budget


def share_of_year(day: date) -> Decimal:
    """Return the percent of the year that is gone at the end of the day's month: August gives 66.67."""
    return (day.month * HUNDRED / MONTHS).quantize(Decimal("0.01"))


def share_of(part: Decimal, whole: Decimal) -> Decimal:
    """Return a part of a whole in percent, unrounded; the whole must not be zero."""
    return part * HUNDRED / whole


def rise_of(before: Decimal | None, now: Decimal | None) -> Decimal | None:
    """Return by how many percent an amount rose, negative where it fell; None without a figure to start from."""
    if now is None or not before:
        return None
    return (now - before) * HUNDRED / before


def in_wan(yuan: Decimal) -> Decimal:
    """Return an amount of 元 in 万元, unrounded: the forms of the field are printed in 万元, the database keeps 元."""
    return yuan / YUAN_OF_WAN


def in_yuan(wan: Decimal) -> Decimal:
    """Return an amount of 万元 in 元."""
    return wan * YUAN_OF_WAN
