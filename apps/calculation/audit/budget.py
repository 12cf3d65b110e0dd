"""The budget row: do its points follow from the money?"""

from decimal import Decimal

from apps.calculation.audit.assessment import BudgetRow
from apps.calculation.audit.findings import (
    BUDGET,
    Checked,
    Finding,
    FindingKind,
    cap_broken,
    lost_without_reason,
    shown,
    unreadable,
)
from apps.calculation.audit.rules import HUNDRED, Ground, due, explaining, printed, rounded_as
from apps.calculation.rounding import half_up
from apps.calculation.schemes import Scheme
from apps.calculation.scoring import score_execution
from apps.calculation.spending import execution_rate
from apps.calculation.terms import Sentence


def audit_budget(row: BudgetRow, ground: Ground) -> Checked:
    """Return what is wrong with the budget row, and the points it comes to.

    A total row typed as 0 says nothing about the money, so no points follow from it, however many were written.
    """
    bad = unreadable(BUDGET, [cell.quote for cell in row.numbers if cell.is_unreadable])
    findings = [*bad, *_above_cap(row)]
    if row.budget == 0:
        return Checked((*findings, _zero(row)), None)
    if bad:
        return Checked(tuple(findings), None)
    findings += _rate_findings(row)
    if row.points.value is None or row.score.value is None:
        return Checked(tuple(findings), row.score.value)
    if findings:
        return Checked(tuple(findings), _points(row, row.points.value, ground.scheme))
    return _scored(row, row.points.value, row.score.value, ground)


def _above_cap(row: BudgetRow) -> list[Finding]:
    points, score = row.points.value, row.score.value
    return [cap_broken(BUDGET, score, points)] if points is not None and score is not None and score > points else []


def _zero(row: BudgetRow) -> Finding:
    spent = shown(row.executed.value or Decimal(0))
    why = Sentence(
        zh=f"年度资金总额一行的预算数填为 0（执行数 {spent}），执行率无从计算；合计行应为各来源资金之和。",
        en=f"The total row has a budget of 0 (spent: {spent}), so there is no rate; it must be the sum of its sources.",
    )
    return Finding(BUDGET, FindingKind.BUDGET_ZERO, why)


def _rate_findings(row: BudgetRow) -> list[Finding]:
    """Return the finding of a printed rate that the money does not give, as a percentage or as a fraction."""
    rate, printed = execution_rate(row.budget, row.executed.value), row.rate.value
    if rate is None or printed is None or _is_same_rate(rate, printed):
        return []
    why = Sentence(
        zh=f"执行率填 {row.rate.text}，按金额应为 {shown(half_up(rate))} %。",
        en=f"The rate is written as {row.rate.text}; the money gives {shown(half_up(rate))} %.",
    )
    return [Finding(BUDGET, FindingKind.NOT_BY_RULE, why)]


def _is_same_rate(rate: Decimal, printed: Decimal) -> bool:
    """Return whether a printed rate is the rate, rounded or cut, in percent or as a fraction; above 100 it may say 100."""
    exponent = printed.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    rates = (rate, rate / HUNDRED, min(rate, HUNDRED), min(rate, HUNDRED) / HUNDRED)
    return any(abs(one - printed) < step for one in rates)


def _scored(row: BudgetRow, weight: Decimal, score: Decimal, ground: Ground) -> Checked:
    """Return a row whose money, rate and points can all be read."""
    points = _points(row, weight, ground.scheme)
    if points is None:
        return Checked(_open(row, weight, score, ground.scheme), None)
    if score in _allowed(row, weight, ground.scheme, ground.places):
        return Checked((), points)
    findings = [_off_rule(row, weight, score, ground)]
    if score < weight and not row.reason:
        findings.append(lost_without_reason(BUDGET, score, weight))
    return Checked(tuple(findings), points)


def _points(row: BudgetRow, weight: Decimal, scheme: Scheme) -> Decimal | None:
    """Return the points of the execution rate, from the money or, where a form prints none, from the printed rate."""
    budget, executed = row.budget, row.executed.value
    if (budget is None or executed is None) and row.rate.value is not None:
        budget, executed = HUNDRED, row.rate.value
    return score_execution(budget, executed, weight, scheme).points


def _allowed(row: BudgetRow, weight: Decimal, scheme: Scheme, places: int) -> set[Decimal]:
    """Return the points as the scheme or the form rounds them, and also those of the rate as the form rounded it."""
    found = []
    for rounding in (scheme, rounded_as(scheme, places)):
        found.append(_points(row, weight, rounding))
        if row.rate.value is not None:
            found.append(score_execution(HUNDRED, row.rate.value, weight, rounding).points)
    return {points for points in found if points is not None}


def _open(row: BudgetRow, weight: Decimal, score: Decimal, scheme: Scheme) -> tuple[Finding, ...]:
    """Return the finding of points that were given although nobody can work them out."""
    told = score_execution(row.budget, row.executed.value, weight, scheme).sentence
    why = told + Sentence(zh=f"却记 {shown(score)} 分。", en=f" And yet {shown(score)} points are written.")
    return (Finding(BUDGET, FindingKind.UNREADABLE, why),)


def _off_rule(row: BudgetRow, weight: Decimal, score: Decimal, ground: Ground) -> Finding:
    points = _points(row, weight, ground.scheme) or Decimal(0)
    others = tuple(one.code for one in ground.others if score in _allowed(row, weight, one, ground.places))
    kind = FindingKind.FULL_MARKS_MISSED if score == weight else FindingKind.NOT_BY_RULE
    if score < points and score in printed(points * points / weight, ground.places):
        kind = FindingKind.MULTIPLIED_TWICE
    return Finding(BUDGET, kind, due(ground.scheme, points, score) + explaining(ground.others, others), others)
