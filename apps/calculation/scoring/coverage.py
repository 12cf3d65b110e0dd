"""Points for a figure made of many: what is incomplete is not scored, and what never arose is for a person."""

from collections.abc import Collection, Hashable, Sequence
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
    waiting: Collection[M] | None = None,
) -> Score:
    """Return the points of an aggregated figure, as `score_value` counts them.

    An incomplete figure leaves the line open until a named officer has accepted it (`is_accepted`). 0 ÷ 0 means that
    nothing arose in the year; whether that earns full marks is a reviewer's decision. `waiting` are those of who is lacking
    that have reported and are not reviewed yet; None where figures count as they are reported.
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
    return incomplete(weight, len(aggregate.reported), aggregate.expected, lacking, waiting)


def incomplete(
    weight: Decimal,
    reported: int,
    expected: int,
    lacking: Sequence[Hashable],
    waiting: Collection[Hashable] | None = None,
) -> Score:
    """Return the open line of a figure that is not whole, with the sentence that names who is lacking.

    With `waiting`, who has reported and waits for a review is told from who has not; None says nothing of reviews.
    """
    absent = [_name(member) for member in lacking if member not in (waiting or ())]
    told = _counted(reported, expected, [_name(member) for member in waiting] if waiting is not None else None)
    if absent:
        told += Sentence(
            zh=f"{'；' if waiting else '，'}缺：{'、'.join(name.zh for name in absent)}",
            en=f"{'; ' if waiting else ', '}lacking {', '.join(name.en for name in absent)}",
        )
    sentence = told + Sentence(zh="；数字不完整，暂不计分。", en="; an incomplete figure is not scored.")
    return unscored(ScoreStatus.ACTUAL_MISSING, weight, sentence, "incomplete")


def _counted(reported: int, expected: int, waiting: Sequence[Sentence] | None) -> Sentence:
    """Return how many figures are there, and whose only wait for a review."""
    if waiting is None:
        return Sentence(zh=f"{reported}/{expected} 已报", en=f"{reported} of {expected} reported")
    told = Sentence(zh=f"{reported}/{expected} 已审", en=f"{reported} of {expected} reviewed")
    if not waiting:
        return told
    return told + Sentence(
        zh=f"，{len(waiting)} 待审：{'、'.join(name.zh for name in waiting)}",
        en=f", {len(waiting)} waiting for review: {', '.join(name.en for name in waiting)}",
    )


def _name(member: Hashable) -> Sentence:
    """Return a member's name in both languages; what is no pair of names is called the same in either."""
    return member if isinstance(member, Sentence) else Sentence(str(member), str(member))
