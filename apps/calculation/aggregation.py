"""Many figures become one: periods accumulate into a member's figure, members aggregate into the whole."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Generic, TypeVar

from apps.calculation.terms import Accumulation, Aggregation, Refusal, Sentence

M = TypeVar("M", bound=Hashable)

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)
LATEST: Final = (Accumulation.RUNNING_TOTAL, Accumulation.SNAPSHOT)


class WeightMissing(Refusal):
    """A weighted mean was asked for, and a member that has a value has no weight."""

    def __init__(self, member: object) -> None:
        super().__init__(
            Sentence(
                zh=f"按权重汇总时缺少“{member}”的权重。",
                en=f"The weighted mean needs a weight for {member}; none is given.",
            )
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """What one member reported for one period. Zero is a measurement, None is unknown.

    A measure without a denominator keeps its value in `numerator`.
    """

    numerator: Decimal | None
    denominator: Decimal | None = None


UNKNOWN: Final = Figure(None)


def _added(values: Sequence[Decimal]) -> Decimal:
    return sum(values, ZERO)


def _averaged(values: Sequence[Decimal]) -> Decimal:
    return _added(values) / len(values)


def _latest(values: Sequence[Decimal]) -> Decimal:
    return values[-1]


Combination = Callable[[Sequence[Decimal]], Decimal]
_OVER_PERIODS: Final[Mapping[Accumulation, Combination]] = {
    Accumulation.INCREMENT: _added,
    Accumulation.RUNNING_TOTAL: _latest,
    Accumulation.AVERAGE: _averaged,
    Accumulation.MAXIMUM: max,
    Accumulation.MINIMUM: min,
}
_OVER_MEMBERS: Final[Mapping[Aggregation, Combination]] = {
    Aggregation.SUM: _added,
    Aggregation.MEAN: _averaged,
    Aggregation.MAXIMUM: max,
    Aggregation.MINIMUM: min,
}


@dataclass(frozen=True, slots=True)
class Method:
    """How the figures of a measure combine.

    `denominator_accumulation` is like `accumulation` unless given: monthly installations are a flow, the number planned
    a stock. `factor` turns a ratio into what is printed, 100 for percent, 1 for devices per person.
    """

    accumulation: Accumulation
    aggregation: Aggregation
    has_denominator: bool
    denominator_accumulation: Accumulation | None = None
    factor: Decimal = HUNDRED

    def is_known(self, figure: Figure) -> bool:
        """Return whether the figure has every part that this measure collects."""
        return figure.numerator is not None and (figure.denominator is not None or not self.has_denominator)

    @property
    def needs_every_period(self) -> bool:
        """Whether a period left out makes the figure wrong, as it does for a sum but not for the latest figure."""
        parts = {self.accumulation}
        if self.has_denominator:
            parts.add(self.denominator_accumulation or self.accumulation)
        return not parts <= set(LATEST)


@dataclass(frozen=True, slots=True)
class Aggregate(Generic[M]):
    """One figure made of many, with who stands behind it.

    `value` is None when nothing is known or a denominator is zero. `numerator` and `denominator` are the sums over
    the members that have a figure. `missing` lists who was asked for the last period and did not answer; `gaps` who
    did answer but left out an earlier period that the sum needs. `is_not_applicable` means 0 ÷ 0 throughout:
    all have reported, and nothing arose.
    """

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    reported: tuple[M, ...]
    missing: tuple[M, ...]
    is_not_applicable: bool = False
    gaps: tuple[M, ...] = ()

    @property
    def expected(self) -> int:
        """How many members were asked for the last period."""
        return len(self.reported) + len(self.missing)

    @property
    def is_complete(self) -> bool:
        """Whether the figure may be shown as the whole: every member reported, and no earlier period is lacking."""
        return not self.missing and not self.gaps


def accumulate(values: Sequence[Decimal | None], accumulation: Accumulation) -> Decimal | None:
    """Return one member's figure over its periods, oldest first; None when there is none.

    A running total carries its last known figure forward; a snapshot speaks of its last period only, so an unknown
    last period leaves it unknown. The other ways use what is known.
    """
    if accumulation is Accumulation.SNAPSHOT:
        return values[-1] if values else None
    known = [value for value in values if value is not None]
    return _OVER_PERIODS[accumulation](known) if known else None


def member_figure(periods: Sequence[Figure | None], method: Method) -> Figure:
    """Return one member's figure over its periods, oldest first; numerator and denominator each in its own way."""
    figures = [figure or UNKNOWN for figure in periods]
    numerator = accumulate([figure.numerator for figure in figures], method.accumulation)
    if not method.has_denominator:
        return Figure(numerator)
    accumulation = method.denominator_accumulation or method.accumulation
    return Figure(numerator, accumulate([figure.denominator for figure in figures], accumulation))


def ratio_of(figure: Figure, factor: Decimal = HUNDRED) -> Decimal | None:
    """Return numerator ÷ denominator × factor; None when a part is unknown or the denominator is zero."""
    if figure.numerator is None or not figure.denominator:
        return None
    return figure.numerator * factor / figure.denominator


def aggregate(
    members: Sequence[M],
    periods: Sequence[Mapping[M, Figure]],
    method: Method,
    weights: Mapping[M, Decimal] | None = None,
    *,
    asked: Sequence[Collection[M]] | None = None,
) -> Aggregate[M]:
    """Return the figure of all members over the periods, oldest first, with its coverage.

    Each period maps the members that reported to their figures; the list may be any window of a series. `asked` says
    for each period who was to report, so that a member which began or ended within the year is neither missing nor
    a gap outside its time; left out, everybody was asked every time. Who lacks the last period is missing, also where
    an earlier running total is carried forward and counts. Raises `WeightMissing` for a weighted mean.
    """
    figures = {member: member_figure([period.get(member) for period in periods], method) for member in members}
    known = {member: figure for member, figure in figures.items() if method.is_known(figure)}
    reported, missing, gaps = _coverage(members, periods, method, asked)
    is_empty = method.has_denominator and bool(known) and all(map(_is_nothing_of_nothing, known.values()))
    return Aggregate(
        value=_value(known, method, weights),
        numerator=_total([figure.numerator for figure in known.values()]),
        denominator=_total([figure.denominator for figure in known.values()]) if method.has_denominator else None,
        reported=reported,
        missing=missing,
        is_not_applicable=is_empty and not missing,
        gaps=gaps,
    )


def per_member(
    members: Sequence[M],
    periods: Sequence[Mapping[M, Figure]],
    method: Method,
    *,
    asked: Sequence[Collection[M]] | None = None,
) -> dict[M, Aggregate[M]]:
    """Return every member's own figure in the order of `members`, each made like the whole."""
    alone = replace(method, aggregation=Aggregation.MEAN)
    return {member: aggregate([member], periods, alone, asked=asked) for member in members}


def _coverage(
    members: Sequence[M],
    periods: Sequence[Mapping[M, Figure]],
    method: Method,
    asked: Sequence[Collection[M]] | None,
) -> tuple[tuple[M, ...], tuple[M, ...], tuple[M, ...]]:
    """Return who reported the last period, who did not, and who did but left out an earlier one that counts."""
    lacking = [
        {
            member
            for member in members
            if (asked is None or member in asked[number]) and not method.is_known(period.get(member, UNKNOWN))
        }
        for number, period in enumerate(periods)
    ] or [set(members)]
    expected = [member for member in members if asked is None or not periods or member in asked[-1]]
    reported = tuple(member for member in expected if member not in lacking[-1])
    missing = tuple(member for member in expected if member in lacking[-1])
    earlier = set().union(*lacking[:-1]) if method.needs_every_period else set()
    return reported, missing, tuple(member for member in members if member in earlier and member not in lacking[-1])


def _is_nothing_of_nothing(figure: Figure) -> bool:
    return not figure.numerator and not figure.denominator


def _total(parts: Sequence[Decimal | None]) -> Decimal | None:
    """Return the sum of what is known; None when nothing is."""
    known = [part for part in parts if part is not None]
    return _added(known) if known else None


def _value(known: Mapping[M, Figure], method: Method, weights: Mapping[M, Decimal] | None) -> Decimal | None:
    """Return the members' figures as one; those without any value (0 ÷ 0) stand aside from means and extremes."""
    if method.aggregation is Aggregation.POOLED:
        return _pooled(known, method)
    values = {member: _own_value(figure, method) for member, figure in known.items()}
    valued = {member: value for member, value in values.items() if value is not None}
    if not valued:
        return None
    if method.aggregation is Aggregation.WEIGHTED:
        return _weighted(valued, weights or {})
    return _OVER_MEMBERS[method.aggregation](list(valued.values()))


def _own_value(figure: Figure, method: Method) -> Decimal | None:
    return ratio_of(figure, method.factor) if method.has_denominator else figure.numerator


def _pooled(known: Mapping[M, Figure], method: Method) -> Decimal | None:
    """Return Σ numerator ÷ Σ denominator; figures without denominators are simply added."""
    numerator = _total([figure.numerator for figure in known.values()])
    denominator = _total([figure.denominator for figure in known.values()])
    return _own_value(Figure(numerator, denominator), method)


def _weighted(values: Mapping[M, Decimal], weights: Mapping[M, Decimal]) -> Decimal | None:
    """Return Σ weight × value ÷ Σ weight; None when the weights add up to nothing."""
    for member in values:
        if member not in weights:
            raise WeightMissing(member)
    total = sum((weights[member] for member in values), ZERO)
    return sum((weights[member] * value for member, value in values.items()), ZERO) / total if total else None
