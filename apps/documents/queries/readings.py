"""How the indicators of a file were read: what stands beside each target text in the preview."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter

from apps.plans.enums import Pairing, TargetStatus
from apps.plans.queries.contents import PlanContent

UNSETTLED: Final = (TargetStatus.PROVISIONAL, TargetStatus.PENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing to know about a reading, in both languages of the product."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorReading:
    """How one indicator of a file was read; the indicator and its measure are in the content, by `code`.

    `sentence` are the verbatim words, `text` the part of them that is the target, `place` the cell, `read` the printed form of the
    reading. `suggested` names the columns that the file does not give: level1, parts, kind, due_on. `is_kept` says that the plan
    has the very words already and keeps its own indicator; `is_changed` that a person mended the reading, `is_confirmed` that one
    looked at it.
    """

    code: str
    sentence: str
    text: str
    place: str
    read: str
    notes: tuple[Note, ...] = ()
    suggested: tuple[str, ...] = ()
    is_ambiguous: bool = False
    is_kept: bool = False
    is_changed: bool = False
    is_confirmed: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether somebody should look at it before it becomes a plan."""
        return not self.is_confirmed and (self.is_ambiguous or "parts" in self.suggested)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many indicators of a project are to be looked at, and why."""

    ambiguous: int
    soft: int
    provisional: int
    unpaired: int


ADAPTER: Final = TypeAdapter(tuple[IndicatorReading, ...])


def readings_to_json(readings: Sequence[IndicatorReading]) -> list[dict[str, Any]]:
    """Return readings as plain values."""
    return ADAPTER.dump_python(tuple(readings), mode="json")


def readings_from_json(values: list[dict[str, Any]]) -> tuple[IndicatorReading, ...]:
    """Return the readings that `readings_to_json` wrote."""
    return ADAPTER.validate_python(values)


def counts_of(content: PlanContent, readings: Sequence[IndicatorReading]) -> Counts:
    """Count what is to be looked at. No query."""
    rows = content.indicators
    return Counts(
        ambiguous=sum(reading.is_open for reading in readings),
        soft=sum(row.is_soft for row in rows),
        provisional=sum(row.target is not None and row.target.status in UNSETTLED for row in rows),
        unpaired=sum(row.pairing == Pairing.UNVERIFIED for row in rows),
    )
