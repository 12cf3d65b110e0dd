"""Many figures that become one."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator
from typing_extensions import override

from apps.api.queries import Rules
from apps.api.schemas.bodies import Item
from apps.api.schemas.cells import Number, Positive, Text, Unfit, as_positive, as_text, plain
from apps.calculation.aggregation import HUNDRED, Figure, Method, aggregate
from apps.calculation.terms import Accumulation, Aggregation

MOST_MEMBERS: Final = 1000
MOST_PERIODS: Final = 1000
MOST_CELLS: Final = 20_000


class AggregationAnswer(BaseModel):
    """The one figure, the sums behind it, and how many of the members stand behind it."""

    value: str | None
    numerator: str | None
    denominator: str | None
    reported: int
    expected: int


class Row(BaseModel):
    """What one member reported for one period: numerator and denominator, or a value."""

    member: Text
    numerator: Number = None
    denominator: Number = None
    value: Number = None

    @property
    def figure(self) -> Figure:
        """Return the figure; raises `Unfit` where a value stands beside its own parts."""
        if self.value is not None and (self.numerator is not None or self.denominator is not None):
            raise Unfit(
                self.member, zh="数值 value，或分子与分母，不能都填", en="either a value or its parts, never both"
            )
        return Figure(self.numerator if self.value is None else self.value, self.denominator)


def as_members(value: object) -> list[str]:
    """Return the names of the members, each once."""
    if not isinstance(value, list) or len(value) > MOST_MEMBERS:
        raise Unfit(value, zh=f"最多 {MOST_MEMBERS:,} 个成员的列表", en=f"a list of at most {MOST_MEMBERS:,} members")
    names = [as_text(name) for name in value]
    for name, times in Counter(names).items():
        if times > 1 or not name:
            raise Unfit(name, zh="各不相同的成员", en="members that each have a name of their own")
    return names


def as_weights(value: object) -> dict[str, Decimal]:
    """Return a weight above zero for each member that has one; null is no weights."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Unfit(value, zh="成员与权重的对照", en="an object of members and weights")
    weights = {as_text(name): as_positive(weight) for name, weight in value.items()}
    return {name: weight for name, weight in weights.items() if weight is not None}


def as_periods(value: object) -> list[Any]:
    """Return the periods, oldest first; what they hold is read row by row."""
    if not isinstance(value, list) or len(value) > MOST_PERIODS:
        raise Unfit(value, zh=f"最多 {MOST_PERIODS:,} 期的列表", en=f"a list of at most {MOST_PERIODS:,} periods")
    return value


class AggregationItem(Item):
    """A series of figures by member, and how it becomes one. `weights` by member are for weighted means."""

    accumulation: Accumulation
    denominator_accumulation: Accumulation | None = None
    factor: Positive = None
    aggregation: Aggregation
    members: Annotated[list[str], BeforeValidator(as_members)]
    periods: Annotated[list[list[Row]], BeforeValidator(as_periods)]
    weights: Annotated[dict[str, Decimal], BeforeValidator(as_weights)] = {}

    @override
    def answer(self, rules: Rules) -> AggregationAnswer:
        """Return the figure, a ratio where the rows have denominators. Raises `Unfit` for more cells than anybody fills."""
        if len(self.members) * len(self.periods) > MOST_CELLS:
            cells = f"{len(self.members)} × {len(self.periods)}"
            raise Unfit(
                cells,
                zh=f"成员数乘期数不超过 {MOST_CELLS:,}",
                en=f"at most {MOST_CELLS:,} cells of members by periods",
            )
        method = Method(
            self.accumulation,
            self.aggregation,
            has_denominator=self._has_denominators,
            denominator_accumulation=self.denominator_accumulation,
            factor=HUNDRED if self.factor is None else self.factor,
        )
        periods = [self._period(period) for period in self.periods]
        found = aggregate(self.members, periods, method, self.weights)
        return AggregationAnswer(
            value=plain(found.value),
            numerator=plain(found.numerator),
            denominator=plain(found.denominator),
            reported=len(found.reported),
            expected=found.expected,
        )

    @property
    def _has_denominators(self) -> bool:
        """Whether these are ratios: some denominator is known, or parts are pooled, whose denominators must then exist."""
        rows = [row for period in self.periods for row in period]
        is_pooled = self.aggregation is Aggregation.POOLED and any(row.numerator is not None for row in rows)
        return is_pooled or any(row.denominator is not None for row in rows)

    def _period(self, rows: list[Row]) -> dict[str, Figure]:
        """Return the figures of a period by member; raises `Unfit` for a stranger and for a member with two rows."""
        known, figures = frozenset(self.members), {}
        for row in rows:
            if row.member not in known or row.member in figures:
                raise Unfit(row.member, zh="成员之一，每期一行", en="one of the members, with one row a period")
            figures[row.member] = row.figure
        return figures
