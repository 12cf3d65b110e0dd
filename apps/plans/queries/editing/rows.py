"""The pieces of a plan as a page shows them, with what is still open about each."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

from apps.plans.enums import (
    Accumulation,
    Aggregation,
    Dimension,
    EconomicItem,
    Frequency,
    Kind,
    Level1,
    Level2,
    Pairing,
    TargetStatus,
)
from apps.plans.models import BudgetLine, Result
from apps.plans.queries.contents import (
    BudgetContent,
    DirectionContent,
    GoalContent,
    IndicatorContent,
    MeasureContent,
)
from apps.plans.queries.editing.places import anchor, hash_of
from apps.ui import formats


class Row:
    """A piece as the page shows it: `content` is what it says, `part` and `name` are how it is called."""

    __slots__ = ()
    part: ClassVar[str]
    content: Any

    @property
    def name(self) -> str:
        """Return the piece's name within its part."""
        return str(self.content.number)

    @property
    def anchor(self) -> str:
        """Return its id on the page."""
        return anchor(self.part, self.name)

    @property
    def key(self) -> str:
        """Return part and name as one word."""
        return f"{self.part}/{self.name}"

    @property
    def seen(self) -> str:
        """Return the fingerprint of what it says."""
        return hash_of(self.content)


@dataclass(frozen=True, slots=True)
class BudgetRow(Row):
    """Money that counts already (`place` None) or that this version brings."""

    part: ClassVar[str] = "budget"

    place: int | None
    source: str
    kind: str
    content: BudgetContent | BudgetLine

    @property
    def name(self) -> str:
        """Return the line's place."""
        return str(self.place)


@dataclass(frozen=True, slots=True)
class Money:
    """A plan's money in 元: what was given first, and all of it with what this version brings. None without any line."""

    rows: list[BudgetRow]
    initial: Decimal | None
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class Block:
    """The points of one class against what the scheme gives it; `wanted` None where it shares points among goals."""

    name: str
    total: Decimal
    wanted: Decimal | None


@dataclass(frozen=True, slots=True)
class Weights:
    """The points of the plan: the sum, what the scheme wants declared (None without a scheme) and how much is missing.

    `suggested` counts the weights that nobody has confirmed, `unweighted` the indicators that could take what is missing;
    `by_class` are the points that the scheme gives the classes.
    """

    total: Decimal
    wanted: Decimal | None
    blocks: list[Block]
    suggested: int
    unweighted: int
    by_class: Mapping[str, Decimal]

    @property
    def short(self) -> Decimal | None:
        """Return how many points are missing; negative is too many, None where nothing says how many there should be."""
        return None if self.wanted is None else self.wanted - self.total

    @property
    def excess(self) -> Decimal:
        """Return how many points there are too many."""
        return -self.short if self.short is not None and self.short < 0 else Decimal(0)


@dataclass(frozen=True, slots=True)
class IndicatorRow(Row):
    """An indicator as it is read: its target in words, and what about it is still open.

    `has_source` tells whether there are words of another source to be shown beside it.
    """

    part: ClassVar[str] = "indicators"

    content: IndicatorContent
    measure: MeasureContent
    target: str
    whole_target: str
    has_source: bool

    @property
    def name(self) -> str:
        """Return the indicator's code."""
        return self.content.code

    @property
    def measure_anchor(self) -> str:
        """Return the id of its measure on the page."""
        return anchor("measures", self.content.measure)

    @property
    def below(self) -> str:
        """Return the query by which a new indicator is put below this one."""
        return f"?{urlencode({'goal': self.content.goal, 'below': self.content.code})}"

    @property
    def classes(self) -> str:
        """Return its classes as the form names them."""
        return f"{Level1(self.content.level1).label} · {Level2(self.content.level2).label}"

    @property
    def status(self) -> str:
        """Return how certain its target is where that is not certain."""
        status = self.content.target.status if self.content.target else TargetStatus.FINAL
        return "" if status == TargetStatus.FINAL else str(TargetStatus(status).label)

    @property
    def is_pairing_open(self) -> bool:
        """Tell whether nobody has confirmed that it belongs to its goal."""
        return self.content.pairing == Pairing.UNVERIFIED


@dataclass(frozen=True, slots=True)
class GoalRow(Row):
    """A goal with its indicators."""

    part: ClassVar[str] = "goals"

    content: GoalContent
    indicators: list[IndicatorRow]

    @property
    def is_mended(self) -> bool:
        """Tell whether its words differ from those of the source."""
        return bool(self.content.original_text) and self.content.original_text.strip() != self.content.text.strip()


@dataclass(frozen=True, slots=True)
class DirectionRow(Row):
    """A spending direction with its economic item in words."""

    part: ClassVar[str] = "directions"

    content: DirectionContent

    @property
    def item(self) -> str:
        """Return the economic item, empty where none is given."""
        code = self.content.economic_item
        return str(EconomicItem(code).label) if code else ""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of a measure, the unit that reports it and who does so there; nobody there is an empty list."""

    name: str
    unit: str
    people: list[str]
    starts_on: object = None
    ends_on: object = None


@dataclass(frozen=True, slots=True)
class MeasureRow(Row):
    """A measure as it is read: how it counts, who reports it, what it came to, and why it cannot change (`lock`)."""

    part: ClassVar[str] = "measures"

    content: MeasureContent
    used_by: list[str]
    lock: str
    members: list[MemberRow]
    results: list[Result]

    @property
    def name(self) -> str:
        """Return the measure's code."""
        return self.content.code

    @property
    def method(self) -> str:
        """Return how its figures combine over the year and over the members, empty for what is no figure."""
        kind = self.content.kind
        if kind not in (Kind.RATIO, Kind.NUMBER, Kind.MONEY):
            return ""
        accumulation = Accumulation(self.content.accumulation).label
        return f"{accumulation} · {Aggregation(self.content.aggregation).label}"

    @property
    def kind(self) -> str:
        """Return what its figures are."""
        return str(Kind(self.content.kind).label)

    @property
    def frequency(self) -> str:
        """Return how often it is asked."""
        label = str(Frequency(self.content.frequency).label)
        return label + formats.in_brackets(self.content.season) if self.content.season else label

    @property
    def dimension(self) -> str:
        """Return what it is broken down by."""
        return str(Dimension(self.content.dimension).label)

    @property
    def without_people(self) -> list[str]:
        """Return the units in which nobody would be asked, each once."""
        return list(dict.fromkeys(row.unit for row in self.members if not row.people))
