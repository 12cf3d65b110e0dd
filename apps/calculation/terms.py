"""The closed vocabularies of performance management, and the sentence that goes with every answer."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Sentence:
    """One explanation in both languages of the product; which one is read aloud is the caller's choice."""

    zh: str
    en: str

    def __add__(self, other: "Sentence") -> "Sentence":
        """Return both sentences as one, in each language."""
        return Sentence(self.zh + other.zh, self.en + other.en)

    def in_language(self, code: str) -> str:
        """Return the Chinese text for every kind of `zh`, the English one for any other language code."""
        return self.zh if code.lower().startswith("zh") else self.en


class Refusal(ValueError):
    """Input that no rule can be applied to; `sentence` says to a person what was read and what is expected."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


class Kind(StrEnum):
    """What a measure collects."""

    RATIO = "ratio"
    NUMBER = "number"
    MONEY = "money"
    MILESTONE = "milestone"
    CHECKLIST = "checklist"
    JUDGEMENT = "judgement"


class Accumulation(StrEnum):
    """How the periods of one member combine: 当期 adds up, 累计 and 时点 take the latest."""

    INCREMENT = "increment"
    RUNNING_TOTAL = "running_total"
    SNAPSHOT = "snapshot"
    AVERAGE = "average"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"


class Aggregation(StrEnum):
    """How the members of one measure combine; pooled is Σ numerator ÷ Σ denominator."""

    POOLED = "pooled"
    SUM = "sum"
    MEAN = "mean"
    WEIGHTED = "weighted"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"


class Direction(StrEnum):
    """Which way is better: 正向, 反向 or neither."""

    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"


class Operator(StrEnum):
    """指标性质: how an actual figure is held against the target."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    EQUAL = "equal"
    RANGE = "range"
    DATE = "date"
    QUALITATIVE = "qualitative"

    @property
    def symbol(self) -> str:
        """The plain-text sign by which files and the API name this operator, such as `>=` or `range`."""
        return _SYMBOLS[self]

    @property
    def direction(self) -> Direction:
        """Which way is better unless the target says otherwise; `=` is taken as a floor."""
        return _DIRECTIONS.get(self, Direction.NEUTRAL)

    @property
    def is_strict(self) -> bool:
        """Whether reaching the bound itself is not enough (不满、超过: 民法典 第1259条)."""
        return self in (Operator.MORE_THAN, Operator.LESS_THAN)

    @classmethod
    def from_symbol(cls, symbol: str) -> "Operator":
        """Return the operator that `symbol` names; raises `ValueError` for any other text."""
        for operator, written in _SYMBOLS.items():
            if written == symbol:
                return operator
        known = " ".join(_SYMBOLS.values())
        raise ValueError(f"{symbol!r} is no operator; known are {known}")


_SYMBOLS = {
    Operator.AT_LEAST: ">=",
    Operator.AT_MOST: "<=",
    Operator.MORE_THAN: ">",
    Operator.LESS_THAN: "<",
    Operator.EQUAL: "=",
    Operator.RANGE: "range",
    Operator.DATE: "date",
    Operator.QUALITATIVE: "qualitative",
}
_DIRECTIONS = {
    Operator.AT_LEAST: Direction.HIGHER,
    Operator.MORE_THAN: Direction.HIGHER,
    Operator.EQUAL: Direction.HIGHER,
    Operator.AT_MOST: Direction.LOWER,
    Operator.LESS_THAN: Direction.LOWER,
}


class EqualMeans(StrEnum):
    """What `=` means: a floor that may be exceeded, or a quota to be hit exactly."""

    FLOOR = "floor"
    EXACT = "exact"


class ScopeRule(StrEnum):
    """Whom a target speaks of: all members together, or each of a subset by one of four rules."""

    TOGETHER = "together"
    ALL = "all"
    AT_LEAST = "at_least"
    ANY = "any"
    MEAN = "mean"


class Basis(StrEnum):
    """Where the target value comes from."""

    FIXED = "fixed"
    LAST_YEAR = "last_year"
    SAME_PERIOD = "same_period"
    MEAN_OF_YEARS = "mean_of_years"


class Path(StrEnum):
    """The line along which a figure is expected to move towards its target."""

    FROM_ZERO = "from_zero"
    FROM_BASELINE = "from_baseline"
    LAST_YEARS_SHAPE = "last_years_shape"
    PER_PERIOD = "per_period"
    KEEP_AT = "keep_at"


class TargetStatus(StrEnum):
    """待定, 暂定 or 确定: how firm the target value is."""

    PENDING = "pending"
    PROVISIONAL = "provisional"
    FINAL = "final"


class Outcome(StrEnum):
    """How a milestone was decided by the body that judges it."""

    PASSED = "passed"
    FAILED = "failed"
    AWAITING = "awaiting"


class Band(StrEnum):
    """达成, 部分达成 or 未达成: the three bands of a qualitative indicator."""

    ACHIEVED = "achieved"
    PARTIAL = "partial"
    MISSED = "missed"


class ItemMark(StrEnum):
    """What an inspection noted for one item of a checklist."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


class Standing(StrEnum):
    """Where an indicator is now, compared with what is expected by now."""

    DONE = "done"
    ON_PACE = "on_pace"
    SLIGHTLY_BEHIND = "slightly_behind"
    BEHIND = "behind"
    NOT_REPORTED = "not_reported"
    AWAITING_RESULT = "awaiting_result"
    TARGET_PENDING = "target_pending"
    BASELINE_MISSING = "baseline_missing"
    NOT_APPLICABLE = "not_applicable"


class Light(StrEnum):
    """The colour of the execution warning."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


class Frequency(StrEnum):
    """How often a measure is asked."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    SEASON = "season"
    MILESTONE = "milestone"
