"""Cells of a plan, read."""

from pydantic import BaseModel
from typing_extensions import override

from apps.api.queries import Rules
from apps.api.schemas.bodies import Item, spoken
from apps.api.schemas.cells import Text, plain
from apps.calculation.reading import read_target


class ReadingAnswer(BaseModel):
    """What a text asks for; `notes` say to a person why it is read so."""

    text: str
    operator: str
    value: str | None
    high: str | None
    unit: str | None
    due_on: str | None
    status: str
    is_soft: bool
    is_ambiguous: bool
    notes: list[str]


class ReadingItem(Item):
    """A target cell, with its classes and name where they are known."""

    text: Text
    level1: Text = ""
    level2: Text = ""
    level3: Text = ""

    @override
    def answer(self, rules: Rules) -> ReadingAnswer:
        """Return the reading, in the year that the request names."""
        found = read_target(self.text, level1=self.level1, level2=self.level2, level3=self.level3, year=rules.year)
        return ReadingAnswer(
            text=found.text,
            operator=found.operator.value,
            value=plain(found.value),
            high=plain(found.high),
            unit=found.unit,
            due_on=found.due_on.isoformat() if found.due_on else None,
            status=found.status.value,
            is_soft=found.is_soft,
            is_ambiguous=found.is_ambiguous,
            notes=[spoken(note) for note in found.notes],
        )
