"""How far a figure has come."""

from decimal import Decimal

from pydantic import BaseModel
from typing_extensions import override

from apps.api.queries import Rules
from apps.api.schemas.bodies import Item
from apps.api.schemas.cells import Number, Text, plain
from apps.api.schemas.operators import a_target
from apps.calculation.achievement import NothingToChange, distance, ratio


class ProgressAnswer(BaseModel):
    """Fractions, not held within 0 and 1: the ratio to the target, and the share of the way from the baseline."""

    ratio: str | None
    distance: str | None


class ProgressItem(Item):
    """A figure between its baseline and its target."""

    operator: Text
    baseline: Number = None
    target: Number = None
    high: Number = None
    actual: Number = None

    @override
    def answer(self, rules: Rules) -> ProgressAnswer:
        """Return the ratio, null on a division by zero, and the distance, null where there is nothing to change."""
        target = a_target(self.operator, self.target, self.high)
        return ProgressAnswer(ratio=plain(ratio(target, self.actual)), distance=plain(self._distance()))

    def _distance(self) -> Decimal | None:
        try:
            return distance(baseline=self.baseline, target=self.target, actual=self.actual)
        except NothingToChange:
            return None
