"""Money spent against money given."""

from decimal import Decimal

from pydantic import BaseModel
from typing_extensions import override

from apps.api.queries import Rules
from apps.api.schemas.bodies import Item
from apps.api.schemas.cells import Number, Text, Weight, plain
from apps.calculation.scoring import score_execution


class ExecutionAnswer(BaseModel):
    """The rate in percent and the points, both null where a person must decide; `flags` say why."""

    rate: str | None
    score: str | None
    flags: list[str]


class ExecutionItem(Item):
    """A budget and what was spent of it, in one unit; `weight` is that of the scheme unless given."""

    budget: Number = None
    executed: Number = None
    weight: Weight = None
    scheme: Text = ""

    @override
    def answer(self, rules: Rules) -> ExecutionAnswer:
        """Return the points of the execution rate."""
        scheme = rules.scheme(self.scheme)
        weight: Decimal = scheme.execution_weight if self.weight is None else self.weight
        found = score_execution(self.budget, self.executed, weight, scheme)
        return ExecutionAnswer(
            rate=plain(found.rate),
            score=plain(found.points),
            flags=list(found.flags),
        )
