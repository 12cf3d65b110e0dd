"""A printed plan becomes the content of a plan: every target text is read, and what the form leaves open is suggested."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from apps.calculation.reading import Reading, ReadOperator, read_target, written
from apps.calculation.reading.wording import is_soft
from apps.calculation.terms import Sentence
from apps.documents.forms.printed import PrintedIndicator, PrintedPlan
from apps.documents.forms.sentences import unnumbered
from apps.documents.forms.suggestions import (
    FIRST_LEVEL2,
    LEVEL1_OF,
    LEVEL1_WORDS,
    LEVEL2_WORDS,
    amount_in,
    economic_item,
    parts_of,
    suggested_class,
)
from apps.documents.forms.targets import kind_of, measure_of, target_of
from apps.documents.queries.readings import IndicatorReading, Note
from apps.documents.queries.surroundings import Names
from apps.plans.enums import BudgetKind, Kind, Level1, Level2, Operator, Pairing, ScopeRule
from apps.plans.queries.contents import (
    BudgetContent,
    DirectionContent,
    GoalContent,
    IndicatorContent,
    MeasureContent,
    MembershipContent,
    PlanContent,
)

FRESH: Final = "+"
"""Before the code of a measure that the import makes; its real code is made when the plan is."""
LONGEST_NAME: Final = 100
LONGEST_DIRECTION: Final = 200
LONGEST_PROJECT: Final = 120
LONGEST_DOCUMENT: Final = 200
DAY_SUPPOSED: Final = Sentence(
    "没有写期限，按年末理解，请确认。", "No day is given; the end of the year was taken, please confirm."
)
OF_SOME: Final = Sentence(
    "只对名单内的成员提出要求；请在数据项里设好成员并选定名单。",
    "Only some members are meant; give the measure its members and name them.",
)
NO_NUMBER: Final = Sentence(
    "比较的基数不明，指标值待定。", "It is not clear what it is compared with; the target is left open."
)


@dataclass(frozen=True, slots=True)
class ReadIndicator:
    """One indicator of a file, understood: what the plan would say of it, its measure, and how it was read."""

    printed: PrintedIndicator
    indicator: IndicatorContent
    measure: MeasureContent
    reading: IndicatorReading


@dataclass(frozen=True, slots=True)
class Interpreted:
    """A printed plan, understood. `notes` are sentences for the preview, `problem` what keeps it from becoming a plan."""

    content: PlanContent
    rows: tuple[ReadIndicator, ...]
    notes: tuple[str, ...] = ()
    problem: str = ""


def interpret(printed: PrintedPlan, *, year: int, names: Names, source: str) -> Interpreted:
    """Return what a printed plan says, as if there were none yet; `source` is the file's name. Pure.

    Weights stay None where the form prints none, and no goal is made up: indicators without one are a problem.
    """
    rows = tuple(_read_rows(printed, year, names))
    content = PlanContent(
        attribute=printed.attribute or "",
        starts_on=printed.starts_on or date(year, 1, 1),
        ends_on=printed.ends_on or date(year, 12, 31),
        scheme=_scheme(rows, names),
        last_year_completion=str(printed.last_year_completion or ""),
        budget=_budget(printed, year, names, source),
        directions=tuple(
            DirectionContent(
                number=row.number, text=row.text, economic_item=economic_item(row.text), amount=amount_in(row.text)
            )
            for row in printed.directions
        ),
        goals=tuple(GoalContent(number=row.number, text=row.text, original_text=row.text) for row in printed.goals),
        measures=tuple(row.measure for row in rows),
        indicators=tuple(row.indicator for row in rows),
    )
    return Interpreted(content, rows, printed.notes, _problem(printed))


def _problem(printed: PrintedPlan) -> str:
    if len(printed.project_name.text) > LONGEST_PROJECT:
        return _("%(place)s：项目名称有 %(count)d 个字，最多 %(most)d 个字。") % {
            "place": printed.project_name.address,
            "count": len(printed.project_name.text),
            "most": LONGEST_PROJECT,
        }
    for row in printed.directions:
        if len(row.text) > LONGEST_DIRECTION:
            return _("%(place)s：第 %(number)d 个支出方向有 %(count)d 个字，最多 %(most)d 个字。") % {
                "place": row.address,
                "number": row.number,
                "count": len(row.text),
                "most": LONGEST_DIRECTION,
            }
    if printed.indicators and not printed.goals:
        return _("“%(project)s”有绩效指标而没有绩效目标，指标无处可放；请在表中写上目标后重新上传。") % {
            "project": printed.project_name
        }
    return _problem_of_figures(printed)


def _problem_of_figures(printed: PrintedPlan) -> str:
    for row in printed.indicators:
        if row.weight is not None and not 0 < row.weight <= 100:
            return _("%(place)s：分值读到 %(weight)s，应大于 0 且不超过 100。") % {
                "place": row.address,
                "weight": row.weight,
            }
    if printed.starts_on and printed.ends_on and printed.ends_on < printed.starts_on:
        return _("“%(project)s”的截止日期早于起始日期。") % {"project": printed.project_name}
    return ""


def _scheme(rows: tuple[ReadIndicator, ...], names: Names) -> str:
    has_satisfaction = any(row.indicator.level1 == Level1.SATISFACTION for row in rows)
    first = names.scheme if has_satisfaction else names.scheme_without_satisfaction
    return first or names.scheme or names.scheme_without_satisfaction


def _budget(printed: PrintedPlan, year: int, names: Names, source: str) -> tuple[BudgetContent, ...]:
    """Return the year's money by source; all of it is fiscal where the form does not split it."""
    amount, other = printed.amount, printed.funding.get("other") or Decimal(0)
    if amount is None:
        return ()
    parts = ((names.fiscal_member, amount - other), (names.other_member, other))
    return tuple(
        BudgetContent(
            source=code,
            kind=BudgetKind.INITIAL,
            amount=part,
            effective_on=date(year, 1, 1),
            document=source[:LONGEST_DOCUMENT],
        )
        for code, part in parts
        if part or (code == names.fiscal_member and not other)
    )


def _read_rows(printed: PrintedPlan, year: int, names: Names) -> Iterator[ReadIndicator]:
    """Read the indicators in the order of the form; one that the form pairs with no goal goes to the first, to be checked."""
    first = printed.goals[0].number if printed.goals else 1
    places: Counter[int] = Counter()
    for row in printed.indicators:
        goal = first if row.goal is None else row.goal
        places[goal] += 1
        yield read_row(row, goal=goal, code=f"{goal}-{places[goal]}", year=year, names=names)


def read_row(row: PrintedIndicator, *, goal: int, code: str, year: int, names: Names) -> ReadIndicator:
    """Return one indicator, read in the light of its class and name."""
    reading, (_number, words) = _reading(row, year), unnumbered(row.sentence)
    kind = kind_of(reading, row.name, words)
    level1, level2 = _classes(row, reading)
    parts = parts_of(row.name, words, reading.unit)
    measure = measure_of(kind, code=f"{FRESH}{code}", name=row.name, reading=reading, parts=parts)
    measure = replace(measure, members=(MembershipContent(member=names.own_member),))
    target = target_of(reading, kind, words, year)
    indicator = IndicatorContent(
        code=code,
        goal=goal,
        name=row.name[:LONGEST_NAME],
        original_text=row.sentence,
        level1=level1,
        level2=level2,
        weight=row.weight,
        pairing=Pairing.CONFIRMED if row.is_paired else Pairing.UNVERIFIED,
        is_soft=reading.is_soft or is_soft(words),
        measure=measure.code,
        target=target,
    )
    is_supposed = target.operator == Operator.DATE and reading.due_on is None
    return ReadIndicator(
        row,
        indicator,
        measure,
        IndicatorReading(
            code=code,
            sentence=row.sentence,
            text=row.target_text,
            place=str(row.address),
            read=written(reading),
            notes=_notes(reading, is_supposed=is_supposed, is_of_some=target.scope != ScopeRule.TOGETHER),
            suggested=_suggested(row, kind, is_printed=parts.is_printed, is_supposed=is_supposed),
            is_ambiguous=reading.is_ambiguous
            or is_supposed
            or target.scope != ScopeRule.TOGETHER
            or _is_baseless(reading),
        ),
    )


def _reading(row: PrintedIndicator, year: int) -> Reading:
    reading = read_target(
        row.target_text,
        level1=LEVEL1_WORDS[row.level1] if row.level1 else "",
        level2=LEVEL2_WORDS.get(row.level2, "") if row.level2 else "",
        level3=row.name if row.name != row.target_text else "",
        year=year,
    )
    return replace(reading, unit=row.unit) if row.unit and reading.unit is None else reading


def _classes(row: PrintedIndicator, reading: Reading) -> tuple[Level1, Level2]:
    """Return the classes that the form prints, else those that its words suggest."""
    suggested = suggested_class(f"{row.name} {row.sentence}", reading)
    level2 = row.level2 or (suggested if row.level1 in (None, LEVEL1_OF[suggested]) else FIRST_LEVEL2[row.level1])
    return row.level1 or LEVEL1_OF[level2], level2


def _is_baseless(reading: Reading) -> bool:
    return reading.operator is ReadOperator.CHANGE and reading.basis is None


def _notes(reading: Reading, *, is_supposed: bool, is_of_some: bool) -> tuple[Note, ...]:
    ours = ((is_supposed, DAY_SUPPOSED), (is_of_some, OF_SOME), (_is_baseless(reading), NO_NUMBER))
    said = [*reading.notes, *(sentence for is_so, sentence in ours if is_so)]
    return tuple(Note(zh=sentence.zh, en=sentence.en) for sentence in said)


def _suggested(row: PrintedIndicator, kind: Kind, *, is_printed: bool, is_supposed: bool) -> tuple[str, ...]:
    """Return which columns are suggestions of ours."""
    found = []
    if row.level2 is None:
        found.append("level1")
    if kind == Kind.RATIO and not is_printed:
        found.append("parts")
    if is_supposed:
        found.append("due_on")
    return tuple(found)
