"""Money spent against money given, and how much of the year is gone by the month."""

from datetime import date
from decimal import Decimal
from typing import Final

from apps.calculation.terms import Light

HUNDRED: Final = Decimal(100)
MONTHS: Final = Decimal(12)
YUAN_OF_WAN: Final = Decimal(10_000)
MOST_LEFT: Final = Decimal(20)
MOST_AHEAD: Final = Decimal(5)


def execution_rate(budget: Decimal | None, executed: Decimal | None) -> Decimal | None:
    """Return 执行率 in percent, unrounded, from two amounts in one unit; None if one is unknown or none given."""
    if budget is None or executed is None or budget == 0:
        return None
    return executed * HUNDRED / budget


def left_light(budget: Decimal | None, spent: Decimal | None) -> Light | None:
    """Return yellow where more than 20 % of a year's budget is or will be left, as a provincial system warns; else None.

    A budget of zero is yellow too. None as well while an amount is unknown.
    """
    if budget is None or spent is None:
        return None
    if budget == 0:
        return Light.YELLOW
    return Light.YELLOW if (budget - spent) * HUNDRED / budget > MOST_LEFT else None


def claim_light(points: Decimal | None, weight: Decimal, rate_percent: Decimal | None) -> Light | None:
    """Return red where a self-score claims more than was spent, as a provincial system warns; else None.

    `points` of `weight` that the indicators can earn (90 in the usual scheme), as a share, may lie at most 5 % of itself
    above the execution rate. No points, or an unknown rate, give no light.
    """
    if not points or rate_percent is None:
        return None
    claimed = points * HUNDRED / weight
    return Light.RED if (claimed - rate_percent) * HUNDRED / claimed > MOST_AHEAD else None


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
