"""The foot of the form: do points and scores add up?"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from apps.calculation.audit.assessment import Assessment, Cell
from apps.calculation.audit.findings import (
    TOTAL,
    Checked,
    Finding,
    FindingKind,
    cap_broken,
    lost_without_reason,
    shown,
    unreadable,
)
from apps.calculation.rounding import half_up
from apps.calculation.terms import Sentence

FULL: Final = Decimal(100)
SCORES: Final = Sentence(zh="各项得分之和", en="the scores")
POINTS: Final = Sentence(zh="各项分值之和", en="the points")
ZERO: Final = Decimal(0)


def audit_totals(assessment: Assessment) -> tuple[Finding, ...]:
    """Return what is wrong with the total row.

    Lines that are missing can only have added to the sum, so of a part of a form only too small a total can be told.
    """
    printed = (assessment.total_points, assessment.total_score)
    bad = unreadable(TOTAL, [cell.quote for cell in printed if cell.is_unreadable])
    points, score = _column(assessment, "points"), _column(assessment, "score")
    is_part = assessment.is_truncated
    return (
        *bad,
        *_sum_findings(POINTS, points, _stated_points(assessment), is_part=is_part),
        *_sum_findings(SCORES, score, assessment.total_score.value, is_part=is_part),
        *_whole_findings(assessment),
    )


def recomputed_total(assessment: Assessment, checked: Sequence[Checked]) -> Decimal | None:
    """Return the points of all lines by the rules; None while a line is open or missing, or when nothing was scored."""
    points = [line.points for line in checked]
    if assessment.is_truncated or not assessment.has_scores or not points or None in points:
        return None
    return half_up(sum((one for one in points if one is not None), ZERO))


def _column(assessment: Assessment, name: str) -> Decimal | None:
    """Return the sum of a column over the lines and the budget row; None without lines or where a cell has no number."""
    cells: list[Cell] = [getattr(line, name) for line in assessment.lines]
    if cells and assessment.budget is not None:
        cells.append(getattr(assessment.budget, name))
    known = [cell.value for cell in cells if cell.value is not None]
    return sum(known, ZERO) if known and len(known) == len(cells) else None


def _stated_points(assessment: Assessment) -> Decimal | None:
    """Return what the points must come to: as printed, otherwise 100 for a whole form that has a budget row."""
    if assessment.total_points.text:
        return assessment.total_points.value
    return FULL if assessment.budget is not None and not assessment.is_truncated else None


def _sum_findings(what: Sentence, found: Decimal | None, stated: Decimal | None, *, is_part: bool) -> list[Finding]:
    if found is None or stated is None or _is_same(found, stated) or (is_part and found < stated):
        return []
    off = shown(abs(found - stated))
    why = Sentence(
        zh=f"{what.zh}为 {shown(found)}，合计为 {shown(stated)}，相差 {off}。",
        en=f"Added up, {what.en} are {shown(found)}; the total is {shown(stated)}, {off} apart.",
    )
    return [Finding(TOTAL, FindingKind.SUM_WRONG, why)]


def _is_same(found: Decimal, stated: Decimal) -> bool:
    """Return whether a total is the sum; sums of finer points may be printed with two decimals."""
    return found == stated or half_up(found) == stated


def _whole_findings(assessment: Assessment) -> list[Finding]:
    """Return what the total says by itself: more than all, or fewer without a line that could tell where they went."""
    score, points = assessment.total_score.value, assessment.total_points.value or FULL
    if score is None:
        return []
    if score > points:
        return [cap_broken(TOTAL, score, points)]
    lost = points - score - _lost_on_money(assessment)
    if lost <= 0 or assessment.is_truncated or _tells_losses(assessment):
        return []
    return [lost_without_reason(TOTAL, score, points)]


def _lost_on_money(assessment: Assessment) -> Decimal:
    """Return the points that the budget row lost, which its rate explains."""
    row = assessment.budget
    if row is None or row.points.value is None or row.score.value is None:
        return ZERO
    return row.points.value - row.score.value


def _tells_losses(assessment: Assessment) -> bool:
    """Whether any line gives a reason, or says what it could have earned and what it did."""
    lines = assessment.lines
    return any(line.reason or None not in (line.points.value, line.score.value) for line in lines)
