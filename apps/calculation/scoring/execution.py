"""Points for spending the budget: 执行率 = 全年执行数 ÷ 全年预算数, never more than full marks."""

from dataclasses import dataclass
from decimal import Decimal

from apps.calculation.rounding import half_up, written
from apps.calculation.schemes import Scheme
from apps.calculation.scoring.results import NOTHING
from apps.calculation.spending import execution_rate
from apps.calculation.terms import Sentence


@dataclass(frozen=True, slots=True)
class ExecutionScore:
    """The scored budget line. `rate` is percent to two places; without a rate or points a person must decide.

    Flags: over_100, negative, no_budget, ERROR_spend_without_budget, ERROR_negative_budget, money_missing.
    """

    rate: Decimal | None
    points: Decimal | None
    weight: Decimal
    flags: tuple[str, ...]
    sentence: Sentence


def score_execution(
    budget: Decimal | None, executed: Decimal | None, weight: Decimal, scheme: Scheme
) -> ExecutionScore:
    """Return the points of the execution rate, from unrounded money in any one unit.

    More than the budget gives full marks and a flag, because an adjustment was probably not recorded; negative spending
    gives nothing. No budget and no spending is not applicable and needs a decision; spending without a budget is an
    error of the data. Both leave the line open, never a silent 0 or 10.
    """
    if budget is None or executed is None:
        return _open(weight, "money_missing", Sentence(zh="预算数或执行数未知。", en="Budget or spending is unknown."))
    rate = execution_rate(budget, executed)
    if rate is None or budget < 0:
        return _without_budget(budget, executed, weight)
    counted = rate if scheme.rate_places is None else half_up(rate, scheme.rate_places)
    points = half_up(weight * min(max(counted, NOTHING), Decimal(100)) / 100, scheme.rounding_places)
    flag = _flag(budget, executed)
    shown = half_up(counted)
    sums = f"{written(executed)} ÷ {written(budget)} = {shown} %"
    zh, en = ("，记", ":") if flag else (" =", " =")
    sentence = Sentence(
        zh=f"{sums}，× {written(weight)} 分{zh} {points} 分",
        en=f"{sums}, × {written(weight)} points{en} {points} points",
    )
    return ExecutionScore(shown, points, weight, (flag,) if flag else (), sentence + _REMARKS[flag])


_REMARKS = {
    "": Sentence(zh="。", en="."),
    "over_100": Sentence(
        zh="；执行数大于全年预算数，请核对是否漏录预算调整。",
        en="; more was spent than budgeted, check whether a budget adjustment was left out.",
    ),
    "negative": Sentence(zh="；执行数为负，不记分。", en="; spending is negative and earns nothing."),
}


def _flag(budget: Decimal, executed: Decimal) -> str:
    if executed < 0:
        return "negative"
    return "over_100" if executed > budget else ""


def _without_budget(budget: Decimal, executed: Decimal, weight: Decimal) -> ExecutionScore:
    if budget < 0:
        return _open(
            weight,
            "ERROR_negative_budget",
            Sentence(
                zh=f"全年预算数为负（{written(budget)}），数据有误。", en=f"The budget is negative: {written(budget)}."
            ),
        )
    if executed == 0:
        return _open(
            weight,
            "no_budget",
            Sentence(
                zh="无预算亦无支出，不适用，请决定如何处理该项分值。",
                en="No budget and no spending: decide what becomes of these points.",
            ),
        )
    return _open(
        weight,
        "ERROR_spend_without_budget",
        Sentence(
            zh=f"预算为 0 而执行数为 {written(executed)}，数据有误。",
            en=f"{written(executed)} was spent without a budget; the data are wrong.",
        ),
    )


def _open(weight: Decimal, flag: str, sentence: Sentence) -> ExecutionScore:
    return ExecutionScore(None, None, weight, (flag,), sentence)
