"""The one rounding of the product: half up, at the edge, never on the way."""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache


def half_up(value: Decimal, places: int = 2) -> Decimal:
    """Return `value` with exactly `places` decimals, halves away from zero, and never a minus before a zero."""
    return value.quantize(last_place(places), ROUND_HALF_UP) + 0


@cache
def last_place(places: int) -> Decimal:
    """Return the smallest step that a figure of so many decimals can make: 0.01 for two."""
    return Decimal(1).scaleb(-places)


@lru_cache(maxsize=4096)
def written(value: Decimal, places: int = 6) -> str:
    """Return `value` for a sentence: thousands grouped, no exponent, at most `places` decimals, no trailing zeros."""
    text = f"{half_up(value, places):,f}"
    return text.rstrip("0").rstrip(".") if places else text
