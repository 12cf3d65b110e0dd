"""Points that change hands: what becomes of the weight of a class or a line that is not there."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Final, TypeVar

from apps.calculation.rounding import last_place
from apps.calculation.terms import Refusal, Sentence

K = TypeVar("K", bound=Hashable)

ZERO: Final = Decimal(0)
HALF_POINT: Final = Decimal("0.5")


class NothingLeft(Refusal):
    """Points were to be handed on, and nobody is left who could take them."""

    def __init__(self, points: Decimal) -> None:
        super().__init__(
            Sentence(
                zh=f"没有可承接 {points} 分的指标或类别。", en=f"Nothing is left that could take over {points} points."
            )
        )


def redistributed(weights: Mapping[K, Decimal], absent: Collection[K], places: int = 2) -> dict[K, Decimal]:
    """Return the weights with those of `absent` at zero and their points given to the others in proportion.

    Every weight is as printed and the sum stays what it was: what rounding leaves over goes, one last place each, to
    those that lost most by it. Raises `NothingLeft` where points have nowhere to go.
    """
    gone = sum((weight for key, weight in weights.items() if key in absent), ZERO)
    stays = {key: weight for key, weight in weights.items() if key not in absent and weight > 0}
    if not gone:
        return dict(weights)
    if not stays:
        raise NothingLeft(gone)
    grown = _apportioned(stays, gone, last_place(places))
    return {key: grown.get(key, ZERO if key in absent else weight) for key, weight in weights.items()}


def moved(
    weights: Mapping[K, Decimal], absent: Collection[K], heirs: Mapping[K, K], places: int = 2
) -> dict[K, Decimal]:
    """Return the weights with those of `absent` at zero, given to their heir where one is named and still there."""
    result = dict(weights)
    for key in absent:
        heir = heirs.get(key, key)
        if heir not in absent:
            result[heir] += result[key]
            result[key] = ZERO
    return redistributed(result, absent, places)


def shared_out(points: Decimal, keys: Sequence[K], step: Decimal = HALF_POINT) -> dict[K, Decimal]:
    """Return points shared out evenly among keys, each a whole number of steps as far as it goes.

    What the steps leave over goes to the first keys, a step each; the last rest, smaller than a step, to the very first.
    Nobody gets a share where there are too few points for a step each.
    """
    steps = int(points / step) if keys else 0
    if steps < len(keys) or not keys:
        return {}
    even, left = divmod(steps, len(keys))
    shares = {key: step * (even + (place < left)) for place, key in enumerate(keys)}
    shares[keys[0]] += points - sum(shares.values(), ZERO)
    return shares


def _apportioned(weights: Mapping[K, Decimal], points: Decimal, unit: Decimal) -> dict[K, Decimal]:
    """Return the weights with points added in proportion, by the method of largest remainders."""
    total = sum(weights.values(), ZERO)
    exact = {key: weight + points * weight / total for key, weight in weights.items()}
    cut = {key: share.quantize(unit, ROUND_DOWN) for key, share in exact.items()}
    left = int((total + points - sum(cut.values(), ZERO)) / unit)
    lost_most = sorted(exact, key=lambda key: cut[key] - exact[key])
    return {key: share + (unit if key in lost_most[:left] else ZERO) for key, share in cut.items()}
