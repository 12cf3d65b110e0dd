"""Rules about spending directions, goals, and how the two meet."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from apps.calculation.reading.wording import soft_words
from apps.plans.queries.checks import sources
from apps.plans.queries.checks.checked import Checked
from apps.plans.queries.checks.findings import CheckFinding, hint, warning
from apps.ui.formats import money, names


def directions_missing(checked: Checked) -> Iterator[CheckFinding]:
    """Remark 2 asks what the money is spent on."""
    if not checked.content.directions:
        sentence = _("没有填资金支出方向，请写明钱用在哪几个方面。")
        yield warning("directions_missing", "directions", sentence, sources.REMARK_2)


def items_missing(checked: Checked) -> Iterator[CheckFinding]:
    """Remark 2: by economic item; free text alone is a warning."""
    lacking = [row.number for row in checked.content.directions if not row.economic_item]
    if lacking:
        sentence = _("%(count)s项资金支出方向没有按经济分类科目填写，请逐项选定科目。") % {"count": len(lacking)}
        yield warning("items_missing", "directions", sentence, sources.REMARK_2, *_directions(lacking, "economic_item"))


def amounts_missing(checked: Checked) -> Iterator[CheckFinding]:
    """Money without an amount cannot be held against what was bought."""
    lacking = [row.number for row in checked.content.directions if row.amount is None]
    if lacking:
        sentence = _("%(count)s项资金支出方向没有金额，请逐项填写。") % {"count": len(lacking)}
        yield warning("amounts_missing", "directions", sentence, sources.MONEY_ADDS_UP, *_directions(lacking, "amount"))


def amounts_differ(checked: Checked) -> Iterator[CheckFinding]:
    """Amounts add up to the budget; while some are open, those given are not more than it."""
    given = [row.amount for row in checked.content.directions if row.amount is not None]
    if checked.budget is None or not given:
        return
    total = sum(given, Decimal(0))
    is_whole = len(given) == len(checked.content.directions)
    if total > checked.budget or (is_whole and total < checked.budget):
        off = _("少 %(off)s 万元") if total < checked.budget else _("多 %(off)s 万元")
        sentence = _("各支出方向合计 %(total)s 万元，预算为 %(budget)s 万元，%(off)s，请核对。") % {
            "total": money(total),
            "budget": money(checked.budget),
            "off": off % {"off": money(abs(total - checked.budget))},
        }
        yield warning("amounts_differ", "directions", sentence, sources.MONEY_ADDS_UP)


def direction_without_goal(checked: Checked) -> Iterator[CheckFinding]:
    """Money that serves no goal."""
    for row in checked.content.directions:
        if not row.goals:
            sentence = _("支出方向%(number)s“%(text)s”没有对应的绩效目标：这笔钱要达到什么，目标里没有写。") % {
                "number": row.number,
                "text": row.text,
            }
            yield warning("direction_without_goal", f"directions.{row.number}", sentence, sources.MONEY_TO_GOAL)


def goal_without_direction(checked: Checked) -> Iterator[CheckFinding]:
    """A goal that no money is named for; nothing to say while there are no directions at all."""
    paid = {number for row in checked.content.directions for number in row.goals}
    lacking = [goal.number for goal in checked.content.goals if goal.number not in paid]
    if checked.content.directions and lacking:
        sentence = _("%(count)s个绩效目标没有对应的支出方向：用什么钱完成，没有写明。") % {"count": len(lacking)}
        pieces = [f"goals.{number}" for number in lacking]
        yield hint("goal_without_direction", "goals", sentence, sources.MONEY_TO_GOAL, *pieces)


def goal_without_indicator(checked: Checked) -> Iterator[CheckFinding]:
    """A goal that nothing measures."""
    measured = {row.goal for row in checked.content.indicators}
    for goal in checked.content.goals:
        if goal.number not in measured:
            sentence = _("目标%(number)s没有指标，年底说不出完成了没有，请添加指标。") % {"number": goal.number}
            yield warning("goal_without_indicator", f"goals.{goal.number}", sentence, sources.MEASURABLE)


def goal_thinly_measured(checked: Checked) -> Iterator[CheckFinding]:
    """Several directions end in one goal that has fewer indicators than that: some money is only loosely tied to a figure."""
    content = checked.content
    indicators = Counter(row.goal for row in content.indicators)
    for goal in content.goals:
        paying = [row.number for row in content.directions if goal.number in row.goals]
        if 0 < indicators[goal.number] < len(paying):
            sentence = _(
                "支出方向%(directions)s都只落在目标%(number)s，而目标%(number)s只有%(count)s项指标：有的钱与指标的联系不清楚。"
            ) % {
                "directions": names([str(number) for number in paying]),
                "number": goal.number,
                "count": indicators[goal.number],
            }
            pieces = _directions(paying)
            yield hint("goal_thinly_measured", f"goals.{goal.number}", sentence, sources.MONEY_TO_GOAL, *pieces)


def goal_is_soft(checked: Checked) -> Iterator[CheckFinding]:
    """A goal whose words leave a way out."""
    for goal in checked.content.goals:
        if words := soft_words(goal.text):
            sentence = _("目标%(number)s的措辞留有余地（%(words)s），建议改为可以检验的说法。") % {
                "number": goal.number,
                "words": names([f"“{word}”" for word in words]),
            }
            yield hint("goal_is_soft", f"goals.{goal.number}", sentence, sources.MEASURABLE)


def _directions(numbers: list[int], column: str = "") -> list[str]:
    return [f"directions.{number}.{column}".rstrip(".") for number in numbers]


RULES: Final = (
    directions_missing,
    items_missing,
    amounts_missing,
    amounts_differ,
    direction_without_goal,
    goal_without_direction,
    goal_without_indicator,
    goal_thinly_measured,
    goal_is_soft,
)
