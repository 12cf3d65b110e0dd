"""A file is held against a plan that is there: what the layout prints may change, everything else the plan says stays.

Goals are found by number and words, indicators by their words. Where the words are the same the plan keeps its own goal and its own
indicators untouched, even when one sentence stands for two of them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from apps.documents.enums import Layout
from apps.documents.forms.interpretation import FRESH, LONGEST_DOCUMENT, Interpreted, ReadIndicator
from apps.documents.forms.printed import PrintedPlan
from apps.documents.forms.suggestions import plain
from apps.documents.queries.readings import IndicatorReading, Note
from apps.documents.queries.surroundings import KnownPlan, Names
from apps.plans.enums import Basis, BudgetKind, Operator, Pairing, ScopeRule, TargetStatus
from apps.plans.queries.contents import (
    BudgetContent,
    DirectionContent,
    GoalContent,
    IndicatorContent,
    MeasureContent,
    PlanContent,
    TargetContent,
)

WANTED: Final = ("operator", "high", "due_on", "basis", "factor", "offset", "years", "status")
_COMPARED: Final = re.compile("[≥≧>＞]|以上|不低于|不少于|不小于|至少|超过|高于|多于|大于|达")
KEPT: Final = Note(zh="与现有目标文字相同，保留现有指标。", en="The plan has the same words and keeps its indicator.")
MENDED: Final = Note(
    zh="文字有改动：指标值按表中重读，其余（数据项、成员、基期等）沿用现有指标。",
    en="The words changed: the target is read anew, everything else stays as the plan has it.",
)
REUSED: Final = Note(zh="沿用该项目其他年度的数据项。", en="The measure is that of another year of the project.")


@dataclass(slots=True)
class _Hand:
    """What of a plan's indicators is still to be dealt with, and what became of the file's."""

    base: PlanContent
    rows: Sequence[ReadIndicator]
    found: dict[int, list[ReadIndicator]] = field(default_factory=dict)
    claimed: set[str] = field(default_factory=set)

    def free(self) -> list[IndicatorContent]:
        return [row for row in self.base.indicators if row.code not in self.claimed]

    def open(self) -> list[int]:
        return [place for place in range(len(self.rows)) if place not in self.found]

    def settle(self, place: int, result: list[ReadIndicator], codes: Sequence[str] = ()) -> None:
        self.found[place] = result
        self.claimed.update(codes)


def matched(
    read: Interpreted, printed: PrintedPlan, known: KnownPlan, *, day: date, source: str, names: Names
) -> Interpreted:
    """Return what the plan that is there would say after the file. Pure.

    A plan without indicators in the file and in itself changes in its head, money and goals only. `day` and `source` are
    those of an adjustment of the money.
    """
    base = known.content
    if base is None:
        return read
    goals = _goals(base, printed)
    rows = [row for rows in _indicators(base, printed, read.rows) for row in rows]
    taken = {row.measure.code: row.measure for row in rows}
    content = replace(
        base,
        attribute=printed.attribute or base.attribute,
        starts_on=printed.starts_on or base.starts_on,
        ends_on=printed.ends_on or base.ends_on,
        last_year_completion=_words(printed, base),
        budget=_budget(base, printed, known, day=day, source=source, names=names),
        directions=_directions(base, printed),
        goals=goals,
        measures=tuple(taken.values()),
        indicators=tuple(row.indicator for row in rows),
    )
    return replace(read, content=content, rows=tuple(rows))


def reused(read: Interpreted, former: PlanContent) -> Interpreted:
    """Return a new plan of a project that has plans of other years: equal indicators look at the measures they looked at. Pure."""
    by_words = _by_words(former.indicators)
    rows = tuple(_with_former(row, by_words, former) for row in read.rows)
    measures = {row.measure.code: row.measure for row in rows}
    content = replace(
        read.content,
        scheme=former.scheme or read.content.scheme,
        measures=tuple(measures.values()),
        indicators=tuple(row.indicator for row in rows),
    )
    return replace(read, content=content, rows=rows)


def _by_words(indicators: Sequence[IndicatorContent]) -> dict[str, IndicatorContent]:
    """Return indicators by their name, and by their source's words where those stand for one only."""
    sentences = Counter(plain(row.original_text) for row in indicators)
    found = {plain(row.original_text): row for row in indicators if sentences[plain(row.original_text)] == 1}
    return found | {plain(row.name): row for row in indicators}


def _with_former(row: ReadIndicator, by_words: dict[str, IndicatorContent], former: PlanContent) -> ReadIndicator:
    before = by_words.get(plain(row.indicator.name)) or by_words.get(plain(row.indicator.original_text))
    if before is None or not _fits(former.measure_of(before), row.measure):
        return row
    measure = former.measure_of(before)
    indicator = replace(row.indicator, measure=measure.code)
    if row.printed.level2 is None:
        indicator = replace(indicator, level1=before.level1, level2=before.level2)
    reading = replace(
        row.reading, suggested=_without(row.reading, "parts", "level1"), notes=(*row.reading.notes, REUSED)
    )
    return replace(row, indicator=indicator, measure=measure, reading=reading)


def _without(reading: IndicatorReading, *columns: str) -> tuple[str, ...]:
    return tuple(column for column in reading.suggested if column not in columns)


def _fits(before: MeasureContent, fresh: MeasureContent) -> bool:
    """Tell whether a measure can collect what a fresh target asks for."""
    return before.kind == fresh.kind and (before.unit_name == fresh.unit_name or not fresh.unit_name)


# Head, money, goals and directions ------------------------------------------------------------------------------------


def _words(printed: PrintedPlan, base: PlanContent) -> str:
    if printed.last_year_completion is None or plain(printed.last_year_completion.text) == plain(
        base.last_year_completion
    ):
        return base.last_year_completion
    return printed.last_year_completion.text


def _budget(
    base: PlanContent, printed: PrintedPlan, known: KnownPlan, *, day: date, source: str, names: Names
) -> tuple[BudgetContent, ...]:
    """Return the money that the version brings: the declared amount stays, is corrected in a draft, or becomes an adjustment."""
    brought = [line.amount for line in base.budget if line.kind == BudgetKind.INITIAL]
    initial = _sum(known.initial, brought)
    total = _sum(known.total, [line.amount for line in base.budget])
    if printed.amount is None or printed.amount in (initial, total):
        return base.budget
    fresh = BudgetContent(
        source=names.fiscal_member,
        kind=BudgetKind.INITIAL if initial is None else BudgetKind.ADJUSTMENT,
        amount=printed.amount - (total or Decimal(0)),
        effective_on=day,
        document=source[:LONGEST_DOCUMENT],
    )
    if not brought:
        return (*base.budget, fresh)
    return _corrected(base.budget, fresh.amount)


def _corrected(lines: Sequence[BudgetContent], by: Decimal) -> tuple[BudgetContent, ...]:
    """Return the lines with the first initial one changed by an amount: in a draft the declared sum is simply another."""
    first = next(place for place, line in enumerate(lines) if line.kind == BudgetKind.INITIAL)
    return tuple(replace(line, amount=line.amount + by) if place == first else line for place, line in enumerate(lines))


def _sum(known: Decimal | None, more: Sequence[Decimal]) -> Decimal | None:
    return None if known is None and not more else sum(more, known or Decimal(0))


def _goals(base: PlanContent, printed: PrintedPlan) -> tuple[GoalContent, ...]:
    before = {goal.number: goal for goal in base.goals}
    return tuple(_goal(before.get(row.number), row.number, row.text) for row in printed.goals)


def _goal(before: GoalContent | None, number: int, text: str) -> GoalContent:
    if before is not None and plain(text) in (plain(before.original_text), plain(before.text)):
        return before
    return GoalContent(number=number, text=text, original_text=text)


def _directions(base: PlanContent, printed: PrintedPlan) -> tuple[DirectionContent, ...]:
    """Return the directions as printed; amounts and goals stay with the words, else with the number."""
    if not printed.directions and printed.layout != Layout.GOAL_TABLE:
        return base.directions
    by_words = {plain(row.text): row for row in base.directions}
    printed_words = {plain(row.text) for row in printed.directions}
    by_number = {row.number: row for row in base.directions if plain(row.text) not in printed_words}
    goals = {goal.number for goal in printed.goals}
    found = []
    for row in printed.directions:
        before = by_words.get(plain(row.text)) or by_number.get(row.number) or DirectionContent(number=0, text="")
        text = before.text if plain(before.text) == plain(row.text) else row.text
        kept = tuple(number for number in before.goals if number in goals)
        found.append(replace(before, number=row.number, text=text, goals=kept))
    return tuple(found)


# Indicators -----------------------------------------------------------------------------------------------------------


def _indicators(
    base: PlanContent, printed: PrintedPlan, rows: Sequence[ReadIndicator]
) -> Iterator[list[ReadIndicator]]:
    """Yield for each printed indicator what the plan has in its place, in the order of the file."""
    hand = _Hand(base, rows)
    if printed.layout == Layout.GOAL_TABLE:
        _keep_sentences(hand)
    else:
        _keep_printed(hand)
    _mend_named(hand)
    _mend_in_place(hand)
    _add(hand)
    for place in range(len(rows)):
        yield hand.found[place]


def _keep_sentences(hand: _Hand) -> None:
    """Keep the indicators whose sentence stands in the file too: first under the same goal, then wherever it stands."""
    for is_same_goal in (True, False):
        for places in _groups(hand):
            rows = [hand.rows[place] for place in places]
            first = rows[0]
            same = [row for row in hand.free() if plain(row.original_text) == plain(first.indicator.original_text)]
            kept = [row for row in same if row.goal == first.indicator.goal] if is_same_goal else same
            if not kept:
                continue
            moves = not is_same_goal and first.printed.is_paired
            beside = [*rows, *[rows[-1]] * len(kept)]
            result = [_kept(hand, row, read, moves=moves) for row, read in zip(kept, beside, strict=False)]
            hand.settle(places[0], result, [row.code for row in kept])
            for place in places[1:]:
                hand.settle(place, [])


def _groups(hand: _Hand) -> list[list[int]]:
    """Return the open places that share a sentence under one goal."""
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place in hand.open():
        indicator = hand.rows[place].indicator
        found[indicator.goal, plain(indicator.original_text)].append(place)
    return list(found.values())


def _keep_printed(hand: _Hand) -> None:
    """Keep the indicators that print as the file does: name, class and target."""
    for place in hand.open():
        row = hand.rows[place]
        same = [other for other in hand.free() if _is_printed_as(other, row)]
        if same:
            hand.settle(place, [_kept(hand, same[0], row, moves=row.printed.goal is not None)], [same[0].code])


def _is_printed_as(other: IndicatorContent, row: ReadIndicator) -> bool:
    if plain(other.name) != plain(row.indicator.name) or other.level2 != row.indicator.level2:
        return False
    return (
        other.target is not None
        and row.indicator.target is not None
        and _wants_same(other.target, row.indicator.target)
    )


def _wants_same(before: TargetContent, fresh: TargetContent) -> bool:
    """Tell whether two targets want the same, by the columns that words can say."""
    return _wanted(before) == _wanted(fresh)


def _wanted(target: TargetContent) -> tuple[object, ...]:
    """Return what a target wants; the number beside 待定 counts wherever it is kept."""
    is_open = target.status == TargetStatus.PENDING and target.value is None
    value = target.reference_value if is_open else target.value
    return (value, *(getattr(target, column) for column in WANTED))


def _kept(hand: _Hand, before: IndicatorContent, row: ReadIndicator, *, moves: bool) -> ReadIndicator:
    """Return an indicator of the plan as it is; only its goal and its points follow the file, where that prints them."""
    goal = row.indicator.goal if moves else before.goal
    weight = before.weight if row.printed.weight is None else row.printed.weight
    pairing = before.pairing if goal == before.goal else Pairing.CONFIRMED
    indicator = replace(before, goal=goal, weight=weight, pairing=pairing)
    reading = replace(
        row.reading, code=before.code, is_kept=True, is_ambiguous=False, suggested=(), notes=(KEPT, *row.reading.notes)
    )
    return ReadIndicator(row.printed, indicator, hand.base.measure_of(before), reading)


def _mend_named(hand: _Hand) -> None:
    """Mend the indicators whose name the file has with other words or another target."""
    for place in hand.open():
        row = hand.rows[place]
        same = [other for other in hand.free() if plain(other.name) == plain(row.indicator.name)]
        if same:
            _mend(hand, place, same[0])


def _mend_in_place(hand: _Hand) -> None:
    """Mend the indicators of a goal in their order, where the file has as many unknown ones under it as the plan."""
    places: dict[int, list[int]] = defaultdict(list)
    for place in hand.open():
        places[hand.rows[place].indicator.goal].append(place)
    free: dict[int, list[IndicatorContent]] = defaultdict(list)
    for other in hand.free():
        free[other.goal].append(other)
    for goal, found in places.items():
        if len(found) == len(free[goal]):
            for place, other in zip(found, free[goal], strict=True):
                _mend(hand, place, other)


def _mend(hand: _Hand, place: int, before: IndicatorContent) -> None:
    """Change the target and words of an indicator; one whose figures would be of another kind is left and a new one made."""
    row, measure = hand.rows[place], hand.base.measure_of(before)
    if not _fits(measure, row.measure):
        return
    printed = row.printed
    indicator = replace(
        before,
        goal=before.goal if printed.goal is None else row.indicator.goal,
        name=row.indicator.name if printed.level2 else before.name,
        original_text=row.indicator.original_text,
        level1=row.indicator.level1 if printed.level2 else before.level1,
        level2=row.indicator.level2 if printed.level2 else before.level2,
        weight=before.weight if printed.weight is None else printed.weight,
        is_soft=before.is_soft or row.indicator.is_soft,
        target=_onto(before.target, row.indicator.target, is_bare=not _COMPARED.search(printed.target_text)),
    )
    suggested = _without(row.reading, "parts", "level1")
    reading = replace(row.reading, code=before.code, suggested=suggested, notes=(MENDED, *row.reading.notes))
    hand.settle(place, [ReadIndicator(printed, indicator, measure, reading)], [before.code])


def _onto(before: TargetContent | None, fresh: TargetContent | None, *, is_bare: bool) -> TargetContent | None:
    """Return a target that wants what the words say now, of whom and along which way it did before.

    Words without a comparison (答复率：98%) leave the plan's own sign as it is.
    """
    if before is None or fresh is None:
        return fresh
    if is_bare and before.operator == Operator.EQUAL and fresh.operator == Operator.AT_LEAST:
        fresh = replace(fresh, operator=before.operator)
    if _wants_same(before, fresh):
        return before
    is_other_way = before.basis != fresh.basis or fresh.basis != Basis.FIXED
    is_of_some = before.scope != ScopeRule.TOGETHER
    if is_of_some and fresh.value is None:
        fresh = replace(fresh, value=fresh.reference_value, reference_value=None, reference_year=None)
    return replace(
        fresh,
        equal_means=before.equal_means,
        path=fresh.path if is_other_way else before.path,
        step=fresh.step or before.step,
        scope=before.scope,
        scope_count=before.scope_count,
        members=before.members,
        status=before.status if is_of_some else fresh.status,
    )


def _add(hand: _Hand) -> None:
    """Take in what the plan does not have, under codes that it has never used."""
    used = {row.code for row in hand.base.indicators}
    for place in hand.open():
        row = hand.rows[place]
        code = _free_code(row.indicator.goal, used)
        used.add(code)
        measure = replace(row.measure, code=f"{FRESH}{code}") if row.measure.code[:1] == FRESH else row.measure
        hand.settle(
            place,
            [
                ReadIndicator(
                    row.printed,
                    replace(row.indicator, code=code, measure=measure.code),
                    measure,
                    replace(row.reading, code=code),
                )
            ],
        )


def _free_code(goal: int, used: set[str]) -> str:
    at = 1
    while f"{goal}-{at}" in used:
        at += 1
    return f"{goal}-{at}"
