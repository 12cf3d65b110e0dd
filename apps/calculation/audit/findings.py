"""What an audit may find, and how it says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from apps.calculation.rounding import half_up
from apps.calculation.terms import Sentence

BUDGET: Final = "budget"
TOTAL: Final = "total"
POINTS_PLACES: Final = 2


class FindingKind(StrEnum):
    """In what way a score does not follow from its rule."""

    FULL_MARKS_MISSED = "full_marks_missed"
    CAP_BROKEN = "cap_broken"
    LOST_WITHOUT_REASON = "lost_without_reason"
    NOT_BY_RULE = "not_by_rule"
    SUM_WRONG = "sum_wrong"
    MULTIPLIED_TWICE = "multiplied_twice"
    BUDGET_ZERO = "budget_zero"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One accusation. `line` is the number of the indicator from 1, `budget` or `total`.

    `explained_by` lists the codes of shipped schemes, other than the one assumed, by which the score would be right.
    """

    line: str
    kind: FindingKind
    sentence: Sentence
    explained_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """One line after the audit: what was found, and the points it comes to by the rules, None where nobody can say."""

    findings: tuple[Finding, ...]
    points: Decimal | None


def shown(number: Decimal) -> str:
    """Return points or a figure for a sentence: as short as it can be, at most six decimals."""
    text = f"{half_up(number, 6):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unreadable(line: str, texts: Sequence[str]) -> tuple[Finding, ...]:
    """Return a finding for every cell of a line that should hold a number and does not."""
    return tuple(
        Finding(
            line,
            FindingKind.UNREADABLE,
            Sentence(zh=f"“{text}”不是一个数字，无从核对。", en=f"“{text}” is not a number and cannot be checked."),
        )
        for text in texts
    )


def cap_broken(line: str, score: Decimal, points: Decimal) -> Finding:
    """Return the finding of more points than there are."""
    return Finding(
        line,
        FindingKind.CAP_BROKEN,
        Sentence(
            zh=f"得分 {shown(score)} 超过分值 {shown(points)}；得分不得突破分值上限。",
            en=f"{shown(score)} points of {shown(points)}: a score never exceeds its weight.",
        ),
    )


def lost_without_reason(line: str, score: Decimal, points: Decimal) -> Finding:
    """Return the finding of points that are gone without a word."""
    lost = shown(points - score)
    return Finding(
        line,
        FindingKind.LOST_WITHOUT_REASON,
        Sentence(
            zh=f"扣 {lost} 分（{shown(points)} 分得 {shown(score)} 分），未填偏差原因。",
            en=f"{lost} points are lost ({shown(score)} of {shown(points)}) and no reason is given.",
        ),
    )
