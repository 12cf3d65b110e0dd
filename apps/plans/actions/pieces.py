"""Changes of one piece of a plan, as functions from what it says to what it is to say: for `actions.drafts.edit`.

They know no row and no person. What would leave the plan contradicting itself is refused with the sentence for people; the
other rules belong to the database and to the plan check. Goals and directions are named by number, indicators and measures
by code, budget lines by their place from 1 on.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.calculation.weights import shared_out
from apps.plans.actions.drafts import ChangedMeanwhile, DraftRefused
from apps.plans.enums import Attribute, BudgetKind, Pairing, ScopeRule
from apps.plans.queries.contents import (
    BudgetContent,
    DirectionContent,
    GoalContent,
    IndicatorContent,
    MeasureContent,
    PlanContent,
    TargetContent,
)
from apps.plans.queries.editing.places import HEAD, fingerprint, piece_of
from apps.ui.formats import names as listed

Change = Callable[[PlanContent], PlanContent]
FIRST: Final = 1


class PieceGone(DraftRefused):
    """A piece that is not in the plan any more."""


class NameTaken(DraftRefused):
    """A number or code that another piece has already."""


class StillUsed(DraftRefused):
    """A piece that another one hangs on."""


class NothingToShare(DraftRefused):
    """Points to be shared out where none are missing, or nobody could take them."""


class TargetUnclear(DraftRefused):
    """A target that names members in a way that cannot be held against any figure."""


def unless_changed(change: Change, *, part: str, name: str, seen: str) -> Change:
    """Return the change, refused with `ChangedMeanwhile` where the piece no longer says what its `fingerprint` was made of.

    A piece that is being made has nothing to be seen, and `seen` is empty then.
    """

    def guarded(content: PlanContent) -> PlanContent:
        if seen and piece_of(content, part, name) is None:
            raise PieceGone(_("您打开之后，这里已被别人删除。"))
        if seen and fingerprint(content, part, name) != seen:
            raise ChangedMeanwhile(_("您打开之后，这里已被别人修改。现在的内容在下面；确认后可再次保存。"))
        return change(content)

    return guarded


# Head and money -------------------------------------------------------------------------------------------------------


def put_head(content: PlanContent, **columns: Any) -> PlanContent:
    """Return the content with columns of its head changed."""
    unknown = set(columns) - set(HEAD)
    if unknown:
        raise TypeError(f"no columns of the head: {sorted(unknown)}")
    head = replace(content, **columns)
    if head.ends_on < head.starts_on:
        raise DraftRefused(_("项目截止日期早于起始日期。"))
    if head.attribute != Attribute.MULTI_YEAR and any(row.whole_target for row in head.indicators):
        raise StillUsed(_("有指标设了整个项目期的指标值，项目属性只能是“跨年度项目”；请先删去这些指标值。"))
    return head


def put_budget_line(content: PlanContent, line: BudgetContent, place: int | None = None) -> PlanContent:
    """Return the content with a budget line changed, or added where `place` is None."""
    rows = list(content.budget)
    others = [row for number, row in enumerate(rows, start=FIRST) if number != place]
    if line.kind == BudgetKind.INITIAL and any((row.source, row.kind) == (line.source, line.kind) for row in others):
        raise NameTaken(_("这个资金来源已有一行年初预算；每个来源只有一行。"))
    if place is None:
        return replace(content, budget=(*rows, line))
    _require(FIRST <= place <= len(rows), _("这行预算已不在目标里。"))
    rows[place - 1] = line
    return replace(content, budget=tuple(rows))


def remove_budget_line(content: PlanContent, place: int) -> PlanContent:
    """Return the content without a budget line."""
    _require(FIRST <= place <= len(content.budget), _("这行预算已不在目标里。"))
    return replace(content, budget=(*content.budget[: place - 1], *content.budget[place:]))


# Spending directions --------------------------------------------------------------------------------------------------


def put_direction(content: PlanContent, direction: DirectionContent, *, below: int | None = None) -> PlanContent:
    """Return the content with the direction of that number changed, or added below another one or at the end.

    Directions are numbered through from 1, so one that is put in between moves those after it.
    """
    _require_goals(content, direction.goals)
    rows = list(content.directions)
    place = next((place for place, row in enumerate(rows) if row.number == direction.number), None)
    if place is None or below is not None:
        rows.insert(_after_number(rows, below), direction)
    else:
        rows[place] = direction
    return replace(content, directions=_numbered(rows))


def remove_direction(content: PlanContent, number: int) -> PlanContent:
    """Return the content without a direction."""
    rows = [row for row in content.directions if row.number != number]
    _require(len(rows) < len(content.directions), _("这个支出方向已不在目标里。"))
    return replace(content, directions=_numbered(rows))


def move_direction(content: PlanContent, number: int, step: int) -> PlanContent:
    """Return the content with a direction moved up (−1) or down (1); the outermost stays where it is."""
    rows = list(content.directions)
    place = next((place for place, row in enumerate(rows) if row.number == number), None)
    _require(place is not None, _("这个支出方向已不在目标里。"))
    return replace(content, directions=_numbered(_swapped(rows, place or 0, step)))


# Goals ----------------------------------------------------------------------------------------------------------------


def put_goal(content: PlanContent, goal: GoalContent, number: int | None = None) -> PlanContent:
    """Return the content with the goal of that number changed, or with a goal more where `number` is None.

    A goal that gets another number takes its indicators and directions along.
    """
    others = [row for row in content.goals if row.number != number]
    _require(number is None or len(others) < len(content.goals), _("这个绩效目标已不在目标里。"))
    if any(row.number == goal.number for row in others):
        raise NameTaken(_("已有目标%(number)s，请换一个序号。") % {"number": goal.number})
    kept = content if number is None else _renumbered(content, {number: goal.number})
    return _tidied(replace(kept, goals=tuple(sorted([*others, goal], key=lambda row: row.number))))


def remove_goal(content: PlanContent, number: int) -> PlanContent:
    """Return the content without a goal. One with indicators or directions stays: they would hang in the air."""
    rows = tuple(row for row in content.goals if row.number != number)
    _require(len(rows) < len(content.goals), _("这个绩效目标已不在目标里。"))
    codes = [row.code for row in content.indicators if row.goal == number]
    if codes:
        words = {"number": number, "codes": listed(codes)}
        raise StillUsed(_("目标%(number)s下还有指标 %(codes)s，请先移走或删除它们。") % words)
    paid = [str(row.number) for row in content.directions if number in row.goals]
    if paid:
        words = {"number": number, "directions": listed(paid)}
        raise StillUsed(_("支出方向 %(directions)s 对应目标%(number)s，请先改掉对应关系。") % words)
    return replace(content, goals=rows)


def move_goal(content: PlanContent, number: int, step: int) -> PlanContent:
    """Return the content with a goal moved up (−1) or down (1): it trades numbers, what belongs to it goes along."""
    numbers = [row.number for row in content.goals]
    _require(number in numbers, _("这个绩效目标已不在目标里。"))
    place = numbers.index(number) + step
    if not 0 <= place < len(numbers):
        return content
    trade = {number: numbers[place], numbers[place]: number}
    goals = [replace(row, number=trade.get(row.number, row.number)) for row in content.goals]
    return _tidied(replace(_renumbered(content, trade), goals=tuple(sorted(goals, key=lambda row: row.number))))


# Indicators -----------------------------------------------------------------------------------------------------------


def put_indicator(
    content: PlanContent,
    indicator: IndicatorContent,
    code: str | None = None,
    *,
    measure: MeasureContent | None = None,
    below: str | None = None,
) -> PlanContent:
    """Return the content with the indicator of that code changed, or with one more where `code` is None.

    `measure` comes along where the plan does not have it yet; `below` is the code of the indicator it is put after, else
    it stands last under its goal.
    """
    _require_goals(content, [indicator.goal])
    rows = list(content.indicators)
    place = next((place for place, row in enumerate(rows) if row.code == code), None)
    _require(code is None or place is not None, _("这个指标已不在目标里。"))
    if any(row.code == indicator.code and row.code != code for row in rows):
        raise NameTaken(_("已有指标%(code)s，请换一个编号。") % {"code": indicator.code})
    if place is not None and rows[place].goal == indicator.goal:
        rows[place] = indicator
    else:
        rows = [row for row in rows if row.code != code]
        rows.insert(_place_below(rows, indicator, below), indicator)
    measures = _with_measure(content, measure)
    return _tidied(replace(content, indicators=tuple(rows), measures=measures))


def remove_indicator(content: PlanContent, code: str) -> PlanContent:
    """Return the content without an indicator, and without its measure where no other one looks at it."""
    rows = tuple(row for row in content.indicators if row.code != code)
    _require(len(rows) < len(content.indicators), _("这个指标已不在目标里。"))
    return _tidied(replace(content, indicators=rows))


def move_indicator(content: PlanContent, code: str, step: int) -> PlanContent:
    """Return the content with an indicator moved up (−1) or down (1) among those of its goal."""
    moved = content.indicator(code)
    if moved is None:
        raise PieceGone(_("这个指标已不在目标里。"))
    places = [place for place, row in enumerate(content.indicators) if row.goal == moved.goal]
    own = [content.indicators[place] for place in places]
    rows = list(content.indicators)
    for place, row in zip(places, _swapped(own, own.index(moved), step), strict=True):
        rows[place] = row
    return _tidied(replace(content, indicators=tuple(rows)))


def duplicate_indicator(content: PlanContent, code: str) -> PlanContent:
    """Return the content with a second indicator on the same measure below the first: one series, two targets."""
    row = content.indicator(code)
    if row is None:
        raise PieceGone(_("这个指标已不在目标里。"))
    name = _("%(name)s（副本）") % {"name": row.name}
    twin = replace(row, code=free_code(content, row.goal), name=name[:100], weight=None, has_suggested_weight=False)
    return put_indicator(content, twin, below=code)


def confirm_pairing(content: PlanContent, code: str) -> PlanContent:
    """Return the content with somebody's word that an indicator belongs to the goal it stands under."""
    row = content.indicator(code)
    if row is None:
        raise PieceGone(_("这个指标已不在目标里。"))
    return put_indicator(content, replace(row, pairing=Pairing.CONFIRMED), code)


def confirm_weights(content: PlanContent) -> PlanContent:
    """Return the content with all suggested weights taken as they stand."""
    rows = tuple(replace(row, has_suggested_weight=False) for row in content.indicators)
    return replace(content, indicators=rows)


def share_weights(content: PlanContent, wanted: Mapping[str, Decimal]) -> PlanContent:
    """Return the content with what each class lacks of its points shared out among its indicators without a weight.

    `wanted` are the points by class. The shares are suggestions until somebody confirms them; weights that are there stay.
    """
    shares: dict[str, Decimal] = {}
    for level1, points in wanted.items():
        rows = [row for row in content.indicators if row.level1 == level1]
        given = sum((row.weight or Decimal(0) for row in rows), Decimal(0))
        shares |= shared_out(points - given, [row.code for row in rows if row.weight is None])
    if not shares:
        raise NothingToShare(_("没有可以分配的分值：各类指标的分值已经给足，或者这一类没有未定分值的指标。"))
    weighted = tuple(
        replace(row, weight=shares[row.code], has_suggested_weight=True) if row.code in shares else row
        for row in content.indicators
    )
    return replace(content, indicators=weighted)


def free_code(content: PlanContent, goal: int) -> str:
    """Return the next code under a goal that no indicator has: 3-1, 3-2."""
    taken = {row.code for row in content.indicators}
    number = 1 + sum(row.goal == goal for row in content.indicators)
    while f"{goal}-{number}" in taken:
        number += 1
    return f"{goal}-{number}"


def next_goal(content: PlanContent) -> int:
    """Return the number after the last goal's."""
    return max((row.number for row in content.goals), default=0) + 1


# Measures -------------------------------------------------------------------------------------------------------------


def put_measure(content: PlanContent, measure: MeasureContent) -> PlanContent:
    """Return the content with a measure of the plan changed. Targets that name members it no longer has are in the way."""
    rows = tuple(measure if row.code == measure.code else row for row in content.measures)
    _require(measure.code in {row.code for row in rows}, _("这个数据项已不在目标里。"))
    return _tidied(replace(content, measures=rows))


# Within ---------------------------------------------------------------------------------------------------------------


def _tidied(content: PlanContent) -> PlanContent:
    """Return the content with the measures that its indicators look at, in their order, and targets that make sense."""
    known = {row.code: row for row in content.measures}
    used = dict.fromkeys(row.measure for row in content.indicators)
    tidy = replace(content, measures=tuple(known[code] for code in used if code in known))
    for row in tidy.indicators:
        if row.measure not in known:
            raise PieceGone(_("找不到数据项“%(code)s”。") % {"code": row.measure})
        for target in (row.target, row.whole_target):
            if target is not None:
                _require_sense(row, target, known[row.measure])
    return tidy


def _require_sense(row: IndicatorContent, target: TargetContent, measure: MeasureContent) -> None:
    there = {member.member for member in measure.members}
    strangers = sorted(set(target.members) - there)
    words = {"code": row.code, "names": listed(strangers), "count": target.scope_count, "n": len(target.members)}
    if strangers:
        raise TargetUnclear(_("指标%(code)s的指标值点名的 %(names)s 不在数据项的成员里。") % words)
    if target.scope == ScopeRule.AT_LEAST and target.members and (target.scope_count or 0) > len(target.members):
        raise TargetUnclear(_("指标%(code)s要求至少 %(count)s 个达到，名单里只有 %(n)s 个。") % words)


def _require_goals(content: PlanContent, wanted: Collection[int]) -> None:
    there = {row.number for row in content.goals}
    for number in wanted:
        _require(number in there, _("没有绩效目标%(number)s，请先添加该目标或改正编号。") % {"number": number})


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise PieceGone(sentence)


def _with_measure(content: PlanContent, measure: MeasureContent | None) -> tuple[MeasureContent, ...]:
    if measure is None or any(row.code == measure.code for row in content.measures):
        return content.measures
    return (*content.measures, measure)


def _place_below(rows: list[IndicatorContent], row: IndicatorContent, below: str | None) -> int:
    """Return where an indicator goes: after another one, else after the last of its goal or of the goals before it."""
    for place, other in enumerate(rows):
        if other.code == below and other.goal == row.goal:
            return place + 1
    return max((place for place, other in enumerate(rows, start=FIRST) if other.goal <= row.goal), default=0)


def _after_number(rows: list[DirectionContent], number: int | None) -> int:
    return next((place for place, row in enumerate(rows, start=FIRST) if row.number == number), len(rows))


def _numbered(rows: list[DirectionContent]) -> tuple[DirectionContent, ...]:
    return tuple(replace(row, number=number) for number, row in enumerate(rows, start=FIRST))


def _swapped(rows: list[Any], place: int, step: int) -> list[Any]:
    other = place + step
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return rows


def _renumbered(content: PlanContent, numbers: dict[int, int]) -> PlanContent:
    """Return the content with goals named by other numbers wherever something refers to them, indicators in their order."""
    indicators = [replace(row, goal=numbers.get(row.goal, row.goal)) for row in content.indicators]
    return replace(
        content,
        indicators=tuple(sorted(indicators, key=lambda row: row.goal)),
        directions=tuple(
            replace(row, goals=tuple(sorted(numbers.get(number, number) for number in row.goals)))
            for row in content.directions
        ),
    )
