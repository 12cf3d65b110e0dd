"""The geometry of small charts. Figures come in ready; only places on a drawing are worked out here."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

HUNDRED: Final = Decimal(100)


def share(value: Decimal | None, whole: Decimal = HUNDRED) -> Decimal:
    """Return where a value stands between 0 and `whole`, as 0 to 100 and clamped; unknown stands at 0."""
    if value is None or not whole:
        return Decimal(0)
    return min(max(Decimal(value) * HUNDRED / whole, Decimal(0)), HUNDRED)


@dataclass(frozen=True, slots=True)
class Scale:
    """A stretch of figures laid onto a stretch of the drawing; `low` stands at `start`, `high` at `end`."""

    low: Decimal
    high: Decimal
    start: Decimal
    end: Decimal

    def place(self, value: Decimal) -> Decimal:
        """Return the place of a figure, to a tenth of a unit of the drawing."""
        span = self.high - self.low
        part = (value - self.low) / span if span else Decimal("0.5")
        return (self.start + part * (self.end - self.start)).quantize(Decimal("0.1"))


@dataclass(frozen=True, slots=True)
class Dot:
    """One figure of a series on the drawing."""

    x: Decimal
    y: Decimal
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A series as lines between known neighbours, with its dots; where a figure is unknown the line is broken."""

    lines: list[str]
    dots: list[Dot]
    marks: list[tuple[Decimal, str]]
    levels: list[tuple[Decimal, str]]
    reference: Decimal | None


def drawing(
    series: Sequence[tuple[str, Decimal | None, str]],
    *,
    width: int,
    height: int,
    margin: int = 2,
    left: int = 2,
    bottom: int = 2,
    reference: Decimal | None = None,
) -> Drawing:
    """Lay out a series of (label, figure, figure as text), oldest first, beside a horizontal line at `reference`."""
    known = [figure for _, figure, _ in series if figure is not None]
    spread = [*known, reference] if reference is not None else known
    if not spread:
        return Drawing([], [], [], [], None)
    room = (max(spread) - min(spread)) / 10
    up = Scale(min(spread) - room, max(spread) + room, Decimal(height - bottom), Decimal(margin))
    across = Scale(Decimal(0), Decimal(max(len(series) - 1, 1)), Decimal(left), Decimal(width - margin))
    places = [
        None if figure is None else Dot(across.place(Decimal(number)), up.place(figure), label, text)
        for number, (label, figure, text) in enumerate(series)
    ]
    return Drawing(
        lines=_lines(places),
        dots=[dot for dot in places if dot],
        marks=[(across.place(Decimal(number)), label) for number, (label, _, _) in enumerate(series)],
        levels=[(dot.y, dot.text) for dot in _ends([dot for dot in places if dot])],
        reference=None if reference is None else up.place(reference),
    )


def _lines(places: Sequence[Dot | None]) -> list[str]:
    """Return the stretches of known neighbours as point lists of SVG; a lone figure has no line."""
    stretches: list[list[Dot]] = [[]]
    for dot in places:
        if dot is None:
            stretches.append([])
        else:
            stretches[-1].append(dot)
    return [" ".join(f"{dot.x},{dot.y}" for dot in stretch) for stretch in stretches if len(stretch) > 1]


def _ends(dots: Sequence[Dot]) -> list[Dot]:
    """Return the highest and the lowest dot, once when they are level."""
    ends = {dot.y: dot for dot in (min(dots, key=lambda d: d.y), max(dots, key=lambda d: d.y))} if dots else {}
    return list(ends.values())
