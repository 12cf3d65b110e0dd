"""How a year is scored in one place: weights, bands, ladders and rounding, all of them data that can be corrected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from apps.calculation import scheme_reading as read
from apps.calculation.rounding import written
from apps.calculation.scheme_reading import SchemeRefused
from apps.calculation.terms import Band, EqualMeans, Sentence
from apps.calculation.weights import moved

__all__ = ["Bands", "Cap", "GradeStep", "JudgementBands", "ReverseRule", "Scheme", "SchemeRefused", "Step"]

FULL: Final = Decimal(100)
CLASSES: Final = ("output", "benefit", "satisfaction", "cost")
MOST_PLACES: Final = 6


class ReverseRule(StrEnum):
    """How points are counted where less is better: target ÷ actual, or one minus the overrun."""

    RATIO = "ratio"
    OVERRUN = "overrun"


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a ladder: from `at_least` percent on, `share` percent applies."""

    at_least: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class Cap:
    """A ceiling: with less than `below` percent of the budget executed, the total is `highest` at most."""

    below: Decimal
    highest: Decimal


@dataclass(frozen=True, slots=True)
class GradeStep:
    """One grade, reached by a printed total of `at_least` points."""

    code: str
    at_least: Decimal
    label: Sentence


@dataclass(frozen=True, slots=True)
class JudgementBands:
    """Where the qualitative bands begin, in percent: achieved up to 100, partial below it, missed from 0."""

    achieved_from: Decimal = Decimal(80)
    partial_from: Decimal = Decimal(60)

    def limits(self, band: Band) -> tuple[Decimal, Decimal]:
        """Return the percent at which the band begins, and the one before which it ends (100 belongs to achieved)."""
        if band is Band.ACHIEVED:
            return self.achieved_from, FULL
        if band is Band.PARTIAL:
            return self.partial_from, self.achieved_from
        return Decimal(0), self.partial_from

    def band_of(self, percent: Decimal) -> Band:
        """Return the band a percent belongs to."""
        if percent >= self.achieved_from:
            return Band.ACHIEVED
        return Band.PARTIAL if percent >= self.partial_from else Band.MISSED

    def has(self, band: Band, percent: Decimal) -> bool:
        """Return whether the percent belongs to the band."""
        low, high = self.limits(band)
        return low <= percent < high or (band is Band.ACHIEVED and percent == high)


@dataclass(frozen=True, slots=True)
class Bands:
    """The edges of a standing, as shares of what is expected by now, and of the execution light, in percent of pace."""

    on_pace: Decimal = Decimal("1.0")
    slightly_behind: Decimal = Decimal("0.9")
    yellow_light: Decimal = Decimal(60)
    green_light: Decimal = Decimal(80)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """The scoring rules of one year and place. Weights are points of 100, ladders and thresholds percent.

    `class_weights` are the points of the first-level classes, keyed by output, benefit, satisfaction and cost;
    `goals_weight` are points that numbered goals share instead, whatever the class of what hangs under them. `absent_to`
    names the class that takes over the points of one that a plan does not have.
    `overshoot_flag` is the deviation from which a cause must be given; `overshoot_ladder` says what is taken off when
    the cause is confirmed to be a target set too low. `rate_places` rounds the execution rate before it is
    multiplied, as some forms do; None leaves it exact. `satisfaction_ladder` pays satisfaction by steps instead
    of by ratio where a place has one, `achievement_ladder` every missed figure by how much of its target is reached.
    `execution_caps` hold the total down where little of the budget was spent. `equal_means` is what `=` means where a
    target does not say.
    """

    code: str
    name: Sentence
    source: Sentence
    note: Sentence
    year: int
    execution_weight: Decimal
    class_weights: Mapping[str, Decimal]
    judgement_bands: JudgementBands
    grades: tuple[GradeStep, ...]
    overshoot_flag: Decimal
    overshoot_ladder: tuple[Step, ...]
    reverse_rule: ReverseRule
    rounding_places: int
    standing_bands: Bands
    rate_places: int | None = None
    satisfaction_ladder: tuple[Step, ...] | None = None
    execution_caps: tuple[Cap, ...] = ()
    achievement_ladder: tuple[Step, ...] | None = None
    equal_means: EqualMeans = EqualMeans.FLOOR
    goals_weight: Decimal = Decimal(0)
    absent_to: Mapping[str, str] = field(default_factory=dict)

    @property
    def declared_weight(self) -> Decimal:
        """The points that a plan declares; the execution rate adds the rest when the year is assessed."""
        return sum(self.class_weights.values(), self.goals_weight)

    def without(self, *classes: str) -> "Scheme":
        """Return the scheme of a plan that has nothing in these classes: their points go to others, none is lost.

        They go where `absent_to` says, otherwise to the classes that are left, in proportion to their weights. Raises
        `weights.NothingLeft` when no class is left.
        """
        return replace(self, class_weights=moved(self.class_weights, classes, self.absent_to, self.rounding_places))

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Scheme":
        """Return the scheme that the data describe, as read from JSON with every number written as text.

        Raises `SchemeRefused` for a key that is unknown or missing, a value of the wrong shape, and for weights that do
        not add up to 100.
        """
        read.keys(data, "scheme", [field.name for field in fields(cls)], optional=_OPTIONAL)
        scheme = cls(
            code=read.text(data, "code"),
            name=read.sentence(data, "name"),
            source=read.sentence(data, "source"),
            note=read.sentence(data, "note"),
            year=read.whole(data, "year"),
            execution_weight=read.share(data, "execution_weight"),
            class_weights=_class_weights(data),
            judgement_bands=_judgement_bands(data),
            grades=_grades(data),
            overshoot_flag=read.number(data, "overshoot_flag"),
            overshoot_ladder=_ladder(data, "overshoot_ladder"),
            reverse_rule=ReverseRule(read.choice(data, "reverse_rule", list(ReverseRule))),
            rounding_places=read.whole(data, "rounding_places", MOST_PLACES),
            standing_bands=_standing_bands(data),
            **_options(data),
        )
        _require_full_weight(scheme)
        return scheme


_OPTIONAL: Final = (
    "rate_places",
    "satisfaction_ladder",
    "execution_caps",
    "achievement_ladder",
    "equal_means",
    "goals_weight",
    "absent_to",
)


def _options(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that are given; null, empty and left out are the same, so that older schemes stay readable."""
    readers: dict[str, Callable[[Mapping[str, Any], str], Any]] = {
        "rate_places": lambda data, key: read.whole(data, key, MOST_PLACES),
        "satisfaction_ladder": _ladder,
        "execution_caps": _caps,
        "achievement_ladder": _ladder,
        "equal_means": lambda data, key: EqualMeans(read.choice(data, key, list(EqualMeans))),
        "goals_weight": read.share,
        "absent_to": _heirs,
    }
    return {key: reader(data, key) for key, reader in readers.items() if data.get(key) not in (None, [])}


def _class_weights(data: Mapping[str, Any]) -> dict[str, Decimal]:
    weights = read.mapping(data, "class_weights")
    read.keys(weights, "class_weights", CLASSES)
    return {name: read.share(weights, name) for name in CLASSES}


def _judgement_bands(data: Mapping[str, Any]) -> JudgementBands:
    bands = read.mapping(data, "judgement_bands")
    read.keys(bands, "judgement_bands", ("achieved_from", "partial_from"))
    edges = JudgementBands(read.share(bands, "achieved_from"), read.share(bands, "partial_from"))
    read.ordered("judgement_bands", [edges.achieved_from, edges.partial_from])
    return edges


def _standing_bands(data: Mapping[str, Any]) -> Bands:
    edges = read.mapping(data, "standing_bands")
    names = [field.name for field in fields(Bands)]
    read.keys(edges, "standing_bands", names)
    bands = Bands(**{name: read.number(edges, name) for name in names})
    read.ordered("standing_bands", [bands.on_pace, bands.slightly_behind])
    read.ordered("standing_bands", [bands.green_light, bands.yellow_light])
    return bands


def _grades(data: Mapping[str, Any]) -> tuple[GradeStep, ...]:
    """Return the grades, best first; the last one must take everything from 0 points on."""
    steps = [
        GradeStep(read.text(row, "code"), read.share(row, "at_least"), read.sentence(row, "label"))
        for row in read.rows(data, "grades", ("code", "at_least", "label"))
    ]
    read.ordered("grades", [step.at_least for step in steps])
    if not steps or steps[-1].at_least:
        raise SchemeRefused("grades", zh="最后一个等级应从 0 分起。", en="the last grade must begin at 0 points.")
    return tuple(steps)


def _ladder(data: Mapping[str, Any], key: str) -> tuple[Step, ...]:
    """Return the rungs of a ladder, highest first."""
    found = read.rows(data, key, ("at_least", "share"))
    steps = [Step(read.number(row, "at_least"), read.share(row, "share")) for row in found]
    read.ordered(key, [step.at_least for step in steps])
    read.not_rising(key, [step.share for step in steps])
    return tuple(steps)


def _caps(data: Mapping[str, Any], key: str) -> tuple[Cap, ...]:
    """Return the ceilings, the loosest first."""
    caps = [
        Cap(read.share(row, "below"), read.share(row, "highest")) for row in read.rows(data, key, ("below", "highest"))
    ]
    read.ordered(key, [cap.below for cap in caps])
    read.not_rising(key, [cap.highest for cap in caps])
    return tuple(caps)


def _heirs(data: Mapping[str, Any], key: str) -> dict[str, str]:
    """Return which class takes over the points of which."""
    found = read.mapping(data, key)
    read.keys(found, key, CLASSES, optional=CLASSES)
    return {name: read.choice(found, name, [heir for heir in CLASSES if heir != name]) for name in found}


def _require_full_weight(scheme: Scheme) -> None:
    total = scheme.execution_weight + scheme.declared_weight
    if total == FULL:
        return
    off = written(abs(FULL - total))
    zh, en = ("少", "short of") if total < FULL else ("多", "above")
    raise SchemeRefused(
        "class_weights",
        zh=f"预算执行与各类指标权重合计 {written(total)} 分，比 100 分{zh} {off} 分。",
        en=f"execution and class weights add up to {written(total)}, {off} {en} 100.",
    )
