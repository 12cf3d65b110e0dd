"""Points for a figure made of many: what is incomplete is not scored, and what never arose is for a person."""

from collections.abc import Hashable, Sequence
from decimal import Decimal
from typing import TypeVar

from apps.calculation.aggregation import Aggregate
from apps.calculation.schemes import Scheme
from apps.calculation.scoring.results import Score, ScoreStatus, unscored
from apps.calculation.scoring.value import score_value
from apps.calculation.targets import Target
from apps.calculation.terms import Sentence

M = TypeVar("M", bound=Hashable)


def score_aggregate(
    target: Target,
    aggregate: Aggregate[M],
    weight: Decimal,
    scheme: Scheme,
    *,
    is_accepted: bool = False,
    low_target: bool = False,
) -> Score:
    """Return the points of an aggregated figure, as `score_value` counts them.

    An incomplete figure leaves the line open until a named officer has accepted it (`is_accepted`). 0 ÷ 0 means that
    nothing arose in the year; whether that earns full marks is a reviewer's decision.
    """
    if aggregate.is_not_applicable and target.bounds is not None:
        nothing = Sentence(
            zh="当期无业务（0 ÷ 0），不适用，由复核人决定给满分或调整分值。",
            en="Nothing arose (0 ÷ 0): not applicable, a reviewer decides on full marks or on moving the points.",
        )
        return unscored(ScoreStatus.MANUAL_REQUIRED, weight, nothing, "not_applicable")
    if target.bounds is None or aggregate.value is None or aggregate.is_complete or is_accepted:
        return score_value(target, aggregate.value, weight, scheme, low_target=low_target)
    lacking = [*aggregate.missing, *aggregate.gaps]
    return incomplete(weight, len(aggregate.reported), aggregate.expected, lacking)


def incomplete(weight: Decimal, reported: int, expected: int, lacking: Sequence[Hashable]) -> Score:
    """Return the open line of a figure that is not whole, with the sentence that names who is lacking."""
    absent = [_name(member) for member in lacking]
    sentence = Sentence(
        zh=f"{reported}/{expected} 已报，缺：{'、'.join(name.zh for name in absent)}；数字不完整，暂不计分。",
        en=f"{reported} of {expected} reported, lacking {', '.join(name.en for name in absent)}; "
        "an incomplete figure is not scored.",
    )
    return unscored(ScoreStatus.ACTUAL_MISSING, weight, sentence, "incomplete")


def _name(member: Hashable) -> Sentence:
    """Return a member's name in both languages; what is no pair of names is called the same in either."""
    return member if isinstance(member, Sentence) else Sentence(str(member), str(member))
