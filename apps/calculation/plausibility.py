"""Whether what was typed can be right: questions to the person who typed it, never a refusal.

A figure that cannot be true is an error and asked nowhere; what is asked here may well be true and only needs a word.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import Final

from apps.calculation.residents import resident_numbers
from apps.calculation.rounding import written
from apps.calculation.spending import in_wan
from apps.calculation.terms import Accumulation, Kind, Sentence

TENFOLD: Final = 10
TIMES_USUAL: Final = 3
STEPS_NEEDED: Final = 3
MOVED_BY: Final = Decimal("0.1")
HUNDRED: Final = Decimal(100)
ONE: Final = Decimal(1)
ZERO: Final = Decimal(0)
PERCENT_SIGNS: Final = ("%", "％")
NOTE: Final = "note"
LEAST_WORD: Final = 2
LOOK_BACK: Final = 12
"""How many rounds back one looks for what is usual."""


class Code(StrEnum):
    """What made somebody ask, the most telling first."""

    SHARE = "share"
    TENFOLD_MONEY = "tenfold_money"
    TENTH_MONEY = "tenth_money"
    TENFOLD = "tenfold"
    TENTH = "tenth"
    TENFOLD_CORRECTION = "tenfold_correction"
    TENTH_CORRECTION = "tenth_correction"
    OVER_BUDGET = "over_budget"
    ABOVE_WHOLE = "above_whole"
    ZERO = "zero"
    FELL = "fell"
    MOVED = "moved"
    JUMP = "jump"
    RESIDENTS = "residents"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to look at again: what was noticed, in which field, and the facts that its sentence names.

    `field` is numerator, denominator, value, percent or note. Facts are texts as they are printed; a question is kept with a
    figure as its code, field and facts, so that it reads the same years later.
    """

    code: Code
    field: str
    facts: Mapping[str, str]

    @property
    def sentence(self) -> Sentence:
        """Return the question in both languages."""
        words = _SENTENCES[self.code]
        return Sentence(words.zh.format_map(self.facts), words.en.format_map(self.facts))


@dataclass(frozen=True, slots=True)
class Subject:
    """What is typed into: the kind of a measure, its unit, how its parts run over the year, and what they are called.

    `budget` is the money given for the year in 元, None where none is known or the measure is no spending.
    """

    kind: Kind
    unit: str = ""
    accumulation: Accumulation | None = None
    denominator_accumulation: Accumulation | None = None
    numerator: Sentence = field(default=Sentence("分子", "The numerator"))
    denominator: Sentence = field(default=Sentence("分母", "The denominator"))
    budget: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What one member said in one round of a fiscal year: number by field. Money is in 元."""

    year: int
    figures: Mapping[str, Decimal]


VALUE: Final = Sentence("本期数", "The figure")
WAN: Final = Sentence(" 万元", " 万元")
RUNNING: Final = Accumulation.RUNNING_TOTAL
FLOWS: Final = (Accumulation.INCREMENT, RUNNING)


def questions(subject: Subject, typed: Told, before: Sequence[Told], replaced: Told | None = None) -> list[Question]:
    """Return what to ask about a member's figure, the most telling first; at most one question for each cause.

    `before` is what the member said in earlier rounds, oldest first; rounds further back than `LOOK_BACK` are not looked at.
    `replaced` is what a correction takes the place of, None for a figure that is said for the first time.
    A field is asked about once: an amount that is ten times the last one is not also a jump. Nothing is asked where
    there is nothing to compare with.
    """
    recent = before[-LOOK_BACK:]
    found: dict[Code, Question] = {}
    for name in ("numerator", "denominator", "value", "percent"):
        if name in typed.figures:
            asked = _first_of(_Field(subject, name, typed, recent, replaced))
            if asked:
                found.setdefault(asked.code, asked)
    return [found[code] for code in Code if code in found]


def question_of_note(note: str) -> Question | None:
    """Return the warning about numbers that name residents in what was written beside a figure, None where there are none.

    The numbers themselves are not kept. It asks to leave them out and waits for no answer: what would it be but a note?
    """
    found = resident_numbers(note)
    if not found:
        return None
    return Question(Code.RESIDENTS, NOTE, {"numbers": found.sentence.zh, "numbers_en": found.sentence.en})


def is_word(text: str) -> bool:
    """Tell whether a text says anything: it holds at least two letters, characters or digits; "。" and "--" say nothing."""
    return sum(unicodedata.category(sign)[0] in "LN" for sign in text) >= LEAST_WORD


@dataclass(frozen=True, slots=True)
class _Field:
    """One number of a figure beside what was said for it before."""

    subject: Subject
    name: str
    typed: Told
    before: Sequence[Told]
    replaced: Told | None = None

    @property
    def now(self) -> Decimal:
        return self.typed.figures[self.name]

    @property
    def runs(self) -> Accumulation | None:
        """Return how the number runs over the year, None for a judged percent."""
        if self.name == "percent":
            return None
        return self.subject.denominator_accumulation if self.name == "denominator" else self.subject.accumulation

    @property
    def last(self) -> Told | None:
        """Return what was said last; a running total begins anew with the year, so only of the same one."""
        for told in reversed(self.before):
            if self.name in told.figures:
                return told if self.runs is not RUNNING or told.year == self.typed.year else None
        return None

    @property
    def then(self) -> Decimal | None:
        return self.last.figures[self.name] if self.last else None

    @property
    def corrected(self) -> Decimal | None:
        """Return the figure that this one takes the place of."""
        return self.replaced.figures.get(self.name) if self.replaced else None

    @property
    def is_money(self) -> bool:
        return self.subject.kind is Kind.MONEY

    def step_from(self, then: Told | None, now: Told) -> Decimal | None:
        """Return by how much the number moved between two rounds, None from nowhere; a year's first total starts at zero."""
        if then is None or (self.runs is RUNNING and then.year != now.year):
            return now.figures[self.name] if self.runs is RUNNING else None
        return now.figures[self.name] - then.figures[self.name]

    @property
    def usual_step(self) -> Decimal | None:
        """Return the median of the moves so far, None while there are fewer than three; a month without a move is none."""
        known = [told for told in self.before if self.name in told.figures]
        steps = [self.step_from(then, now) for then, now in pairwise(known)]
        sizes = [abs(step) for step in steps if step]
        return median(sizes) if len(sizes) >= STEPS_NEEDED else None

    def asked(self, code: Code, **facts: Decimal) -> Question:
        """Return the question with its facts printed, money in 万元."""
        name = {"numerator": self.subject.numerator, "denominator": self.subject.denominator}.get(self.name, VALUE)
        in_words = {key: _printed(number, is_money=self.is_money) for key, number in facts.items()}
        unit = WAN if self.is_money else Sentence("", "")
        named = {"name": name.zh, "name_en": name.en, "unit": unit.zh, "unit_en": unit.en}
        return Question(code, self.name, {**named, **in_words})


def _printed(number: Decimal, *, is_money: bool) -> str:
    return written(in_wan(number) if is_money else number)


def _first_of(typed: _Field) -> Question | None:
    """Return the most telling question about one number, None where it looks like the others."""
    for look in (_share, _tenfold, _corrected, _over_budget, _above_whole, _fell, _moved, _jump):
        asked = look(typed)
        if asked:
            return asked
    return None


def _share(typed: _Field) -> Question | None:
    """Ask about 0.8 where percentages are typed as printed, unless the last one was as small."""
    is_percent = typed.name == "percent" or (typed.name == "value" and typed.subject.unit in PERCENT_SIGNS)
    if not is_percent or not 0 < typed.now < 1 or (typed.then is not None and 0 < typed.then < 1):
        return None
    return typed.asked(Code.SHARE, now=typed.now, meant=typed.now * HUNDRED)


def _tenfold(typed: _Field) -> Question | None:
    then, now = typed.then, typed.now
    if typed.name == "percent" or then is None or then <= 0 or now <= 0:
        return None
    if now > then * TENFOLD:
        code = Code.TENFOLD_MONEY if typed.is_money else Code.TENFOLD
    elif now * TENFOLD < then:
        code = Code.TENTH_MONEY if typed.is_money else Code.TENTH
    else:
        return None
    return _times(typed, code, then)


def _times(typed: _Field, code: Code, then: Decimal) -> Question:
    asked = typed.asked(code, now=typed.now, then=then)
    times = written(max(typed.now / then, then / typed.now), 1)
    return Question(code, asked.field, {**asked.facts, "times": times})


def _is_far(one: Decimal | None, other: Decimal | None) -> bool:
    """Tell whether two figures differ more than tenfold; what is unknown or not above zero is far from nothing."""
    if one is None or other is None or one <= 0 or other <= 0:
        return False
    return max(one, other) > min(one, other) * TENFOLD


def _corrected(typed: _Field) -> Question | None:
    """Ask about a correction that differs more than tenfold, unless it comes back to what the round before said."""
    was = typed.corrected
    if typed.name == "percent" or was is None or not _is_far(was, typed.now) or _is_far(was, typed.then):
        return None
    return _times(typed, Code.TENFOLD_CORRECTION if typed.now > was else Code.TENTH_CORRECTION, was)


def _over_budget(typed: _Field) -> Question | None:
    budget = typed.subject.budget
    if typed.name != "value" or typed.runs is not RUNNING or budget is None or typed.now <= budget:
        return None
    return typed.asked(Code.OVER_BUDGET, now=typed.now, budget=budget, by=typed.now - budget)


def _above_whole(typed: _Field) -> Question | None:
    """Ask about a numerator above its denominator, unless it was so the last time as well."""
    whole = typed.typed.figures.get("denominator")
    if typed.name != "numerator" or whole is None or typed.now <= whole or _was_above(typed.last):
        return None
    asked = typed.asked(Code.ABOVE_WHOLE, now=typed.now, limit=whole)
    name = typed.subject.denominator
    return Question(Code.ABOVE_WHOLE, asked.field, {**asked.facts, "whole": name.zh, "whole_en": name.en})


def _was_above(last: Told | None) -> bool:
    return last is not None and last.figures["numerator"] > last.figures.get("denominator", last.figures["numerator"])


def _fell(typed: _Field) -> Question | None:
    then, now = typed.then, typed.now
    if typed.runs is not RUNNING or then is None or now >= then:
        return None
    if now == 0:
        return typed.asked(Code.ZERO, then=then)
    return typed.asked(Code.FELL, now=now, then=then, by=then - now)


def _moved(typed: _Field) -> Question | None:
    """Ask about a whole that is another one than last time; one that runs or adds up over the year moves anyway."""
    then, now = typed.then, typed.now
    if typed.name != "denominator" or typed.runs in FLOWS or not then or abs(now - then) <= abs(then) * MOVED_BY:
        return None
    asked = typed.asked(Code.MOVED, now=now, then=then)
    percent = written(abs(now - then) * HUNDRED / abs(then), 1)
    return Question(Code.MOVED, asked.field, {**asked.facts, "percent": percent})


def _jump(typed: _Field) -> Question | None:
    usual, step = typed.usual_step, typed.step_from(typed.last, typed.typed)
    if typed.name == "percent" or usual is None or step is None or abs(step) <= usual * TIMES_USUAL:
        return None
    asked = typed.asked(Code.JUMP, now=typed.now, step=abs(step), usual=usual)
    return Question(Code.JUMP, asked.field, {**asked.facts, "times": written(abs(step) / usual, 1)})


_SENTENCES: Final = {
    Code.SHARE: Sentence(
        "{now} 不到 1；这里按百分数填写，80 表示 80 %。是否应为 {meant}？",
        "{now} is below 1; percentages are typed as printed, 80 for 80 %. Should it be {meant}?",
    ),
    Code.TENFOLD_MONEY: Sentence(
        "本次 {now} 万元，是上次 {then} 万元的 {times} 倍。这里以万元填写，是否把元填成了万元？",
        "{now} 万元 is {times} times the last {then}. Were yuan typed where 万元 are meant?",
    ),
    Code.TENTH_MONEY: Sentence(
        "本次 {now} 万元，不到上次 {then} 万元的十分之一。这里以万元填写，单位是否用错，或者漏了位数？",
        "{now} 万元 is less than a tenth of the last {then}. Is the unit wrong, or a digit missing?",
    ),
    Code.TENFOLD: Sentence(
        "{name}本次 {now}，是上次 {then} 的 {times} 倍。是否多写了位数？",
        "{name_en}: {now} is {times} times the last {then}. Is there a digit too many?",
    ),
    Code.TENTH: Sentence(
        "{name}本次 {now}，不到上次 {then} 的十分之一。是否漏了位数？",
        "{name_en}: {now} is less than a tenth of the last {then}. Is a digit missing?",
    ),
    Code.TENFOLD_CORRECTION: Sentence(
        "{name}更正为 {now}{unit}，是更正前（{then}{unit}）的 {times} 倍。是否多写了位数，或者填错了行？",
        "{name_en}: {now}{unit_en} is {times} times the {then} that it replaces. Is there a digit too many, or is it the "
        "wrong row?",
    ),
    Code.TENTH_CORRECTION: Sentence(
        "{name}更正为 {now}{unit}，不到更正前（{then}{unit}）的十分之一。是否漏了位数，或者填错了行？",
        "{name_en}: {now}{unit_en} is less than a tenth of the {then} that it replaces. Is a digit missing, or is it the "
        "wrong row?",
    ),
    Code.OVER_BUDGET: Sentence(
        "累计支出 {now} 万元，超过全年预算 {budget} 万元，多出 {by} 万元。是否漏录了预算调整？",
        "{now} 万元 spent is {by} above the year's budget of {budget}. Is a budget adjustment missing?",
    ),
    Code.ABOVE_WHOLE: Sentence(
        "{name} {now} 大于{whole} {limit}。是否填反了？",
        "{name_en}: {now} is above {whole_en}: {limit}. Are the two swapped?",
    ),
    Code.ZERO: Sentence(
        "{name}是累计数，上次是 {then}{unit}，本次是 0。是否填成了当期数？",
        "{name_en}: a running total, {then}{unit_en} last time and 0 now. Was the period's own figure typed?",
    ),
    Code.FELL: Sentence(
        "{name}是累计数，本次 {now}{unit}，比上次 {then}{unit} 少了 {by}{unit}。是否填成了当期数？",
        "{name_en}: a running total, {now}{unit_en} is {by} below the last {then}. Was the period's own figure typed?",
    ),
    Code.MOVED: Sentence(
        "{name}本次 {now}，比上次 {then} 变动了 {percent} %。范围或口径是否有变化？",
        "{name_en}: {now} differs by {percent} % from the last {then}. Did the scope or the definition change?",
    ),
    Code.JUMP: Sentence(
        "{name}本次 {now}{unit}，比上次变动 {step}{unit}，是平时变动（约 {usual}{unit}）的 {times} 倍。是否属实？",
        "{name_en}: {now}{unit_en} is a step of {step}, {times} times the usual {usual}. Is that right?",
    ),
    Code.RESIDENTS: Sentence(
        "说明里有 {numbers}。居民的个人信息不要写在这里，请隐去。",
        "The note has {numbers_en}. Personal data of residents does not belong here; leave it out.",
    ),
}


def parts_differ(total: Decimal, parts: Iterable[Decimal | None]) -> Decimal | None:
    """Return by how much the parts are more than the total that was written beside them, negative where they are less.

    None where they add up, and that is all there is to say. A part that is not known counts as nothing: the total that
    includes it is then more than the parts. Our own totals are always computed; this is for one that somebody brings.
    """
    difference = sum((part for part in parts if part is not None), ZERO) - total
    return difference or None


def told_of_parts(total: Decimal, parts: Iterable[Decimal | None], name: Sentence | None = None) -> Sentence | None:
    """Return what to say of a total that the parts do not add up to, None where they do; in the unit they came in.

    `name` is what is counted, where a table counts more than one thing.
    """
    difference = parts_differ(total, parts)
    if difference is None:
        return None
    printed, added, by = written(total), written(total + difference), written(abs(difference))
    zh, en = ("多", "more") if difference > 0 else ("少", "less")
    of = Sentence(f"{name.zh}：", f"{name.en}: the") if name else Sentence("", "The")
    return of + Sentence(
        zh=f"合计填的是 {printed}，各行相加是 {added}，{zh} {by}。合计由系统计算，请核对各行。",
        en=f" total reads {printed} and the rows add up to {added}, {by} {en}. Totals are computed; check the rows.",
    )
