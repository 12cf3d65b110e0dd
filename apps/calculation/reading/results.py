"""What a reader made of a cell: the shapes that come back, and the signs by which files and the API name them."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from apps.calculation.terms import Band, Basis, Direction, Operator, Outcome, Sentence, TargetStatus


class ReadOperator(StrEnum):
    """What the words of a target cell ask for; the value is the sign in files and in the API."""

    AT_LEAST = ">="
    AT_MOST = "<="
    MORE_THAN = ">"
    LESS_THAN = "<"
    EQUAL = "="
    RANGE = "range"
    DATE = "date"
    RATIO = "ratio"
    CHANGE = "change"
    QUALITATIVE = "qualitative"

    @property
    def is_comparison(self) -> bool:
        """Whether a figure is held against one bound: the five signs."""
        return self in (
            ReadOperator.AT_LEAST,
            ReadOperator.AT_MOST,
            ReadOperator.MORE_THAN,
            ReadOperator.LESS_THAN,
            ReadOperator.EQUAL,
        )

    @property
    def is_ceiling(self) -> bool:
        """Whether less is better: 以内, 不超过, 低于."""
        return self in (ReadOperator.AT_MOST, ReadOperator.LESS_THAN)


@dataclass(frozen=True, slots=True)
class Reading:
    """A target cell, read.

    `value` is in `unit`, and 万 stays in the unit: `1.5万人` is 1.5 万人. `high` is the upper bound of a range. A ratio is
    so much per one (每2名配1台 is 0.5 台/名). A change is measured against `basis` (None: against something else, see the
    notes) and signed: −5 % is a fall of at least 5 %, no value means any change the way of `direction`, and 0 "not
    worse". `due_on` may stand beside a value. `is_ambiguous` asks a person to confirm; why is in `notes`, whose first
    one says the reading itself. Two readings are equal when they ask for the same, whatever the cell's words were.
    """

    text: str = field(compare=False)
    operator: ReadOperator
    value: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    due_on: date | None = None
    status: TargetStatus = TargetStatus.FINAL
    is_soft: bool = False
    is_ambiguous: bool = False
    direction: Direction | None = None
    basis: Basis | None = None
    notes: tuple[Sentence, ...] = field(default=(), compare=False)

    @property
    def scoring_operator(self) -> Operator:
        """The operator a figure is scored by.

        A ratio is a floor. A change is a strict bound on last year's figure (逐年减少 is below it), an including one
        where it only forbids a worsening, and equality for 持平.
        """
        if self.operator is ReadOperator.RATIO:
            return Operator.AT_LEAST
        if self.operator is not ReadOperator.CHANGE:
            return Operator.from_symbol(self.operator)
        if self.direction is Direction.NEUTRAL:
            return Operator.EQUAL
        is_strict = self.value is None
        if self.direction is Direction.LOWER:
            return Operator.LESS_THAN if is_strict else Operator.AT_MOST
        return Operator.MORE_THAN if is_strict else Operator.AT_LEAST


@dataclass(frozen=True, slots=True)
class ActualReading:
    """An actual cell, read in the light of its target.

    `value` is in the target's unit where the two can be converted, None where the cell holds no figure: an empty cell
    is unknown, "0" is zero. `done_on` is the day a dated target was met, the last one of the month if only that is
    named. `outcome` and `band` are what the words suggest; a person decides.
    """

    text: str = field(compare=False)
    value: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    done_on: date | None = None
    outcome: Outcome | None = None
    band: Band | None = None
    is_ambiguous: bool = False
    notes: tuple[Sentence, ...] = field(default=(), compare=False)
