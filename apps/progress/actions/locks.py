"""The locks of a cell: what forbids a figure, whatever door it came through."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.calculation.plausibility import NOTE, Question, is_word
from apps.calculation.residents import has_identity_number
from apps.calculation.spending import in_wan
from apps.files.models import StoredFile
from apps.plans.enums import Accumulation, Kind
from apps.plans.models import Measure, PlanVersion
from apps.progress.actions.refusals import Refused
from apps.progress.enums import EntryState
from apps.progress.models import Entry, Reopening, Revision
from apps.progress.queries.questions import is_answered, questions_of


class NotYourCell(Refused):
    """A cell that another unit reports."""


class RoundNotOpen(Refused):
    """A period that has not opened yet."""


class RoundClosed(Refused):
    """A period that was closed, and the cell not opened again for this person."""


class RoundOutsidePlan(Refused):
    """A period that no approved plan covers."""


class CorrectionWithoutReason(Refused):
    """A reviewed figure that somebody wants to change without saying why."""


class FigureChanged(Refused):
    """A cell that somebody else filled since the page was read."""


class LetterMissing(Refused):
    """A figure for somebody else without the letter that it comes from."""


class CellTwice(Refused):
    """A cell that one submission names more than once."""


class Unchanged(Refused):
    """A returned figure that comes again as it was, without a new word for it."""


class QuestionUnanswered(Refused):
    """A figure that looks odd and has no note that stands by it."""


class ResidentNamed(Refused):
    """A text with the number of an identity card: what is entered stays for good, so it must not come in."""


class FigureUnfit(Refused):
    """A figure that cannot be true of its measure: another kind of figure, or a part above its whole."""


COLUMNS_OF_KIND = {
    Kind.RATIO: {"numerator", "denominator"},
    Kind.NUMBER: {"value"},
    Kind.MONEY: {"value"},
    Kind.MILESTONE: {"outcome", "decided_on", "decided_by", "document"},
    Kind.CHECKLIST: {"band", "percent"},
    Kind.JUDGEMENT: {"band", "percent"},
}

NEEDED_OF_KIND = COLUMNS_OF_KIND | {Kind.MILESTONE: {"outcome"}}
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure for an entry. `values` are columns of `Revision`; None leaves a column unknown.

    `seen` is the number of the last revision that the person saw in the cell, 0 for none.
    `marks` are the findings for checklist items by the item's id. `on_behalf_of` names the office whose figure it is, where
    that has no account; `source` is then the letter it comes from, else the workbook it was read from, if any.
    """

    entry_id: int
    values: dict[str, Decimal | date | str | None]
    seen: int = 0
    note: str = ""
    reason: str = ""
    on_behalf_of: str = ""
    source: StoredFile | None = None
    source_name: str = ""
    marks: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who submits, and what lets them: the units they report for, those they may type for, the cells opened again for them.

    `plans_from` is the first year in which a figure needs an approved plan, None where every year's does: an officer may bring
    figures of the years before the bureau had plans.
    """

    person: User
    units: frozenset[int]
    paths: tuple[str, ...]
    reopened: frozenset[int]
    plans_from: int | None = None

    def reports(self, entry: Entry) -> bool:
        """Tell whether the cell is the person's own to fill."""
        return entry.reporting_unit_id in self.units

    def needs_plan(self, entry: Entry) -> bool:
        """Tell whether an approved plan must cover the cell."""
        return self.plans_from is None or entry.round.fiscal_year >= self.plans_from

    def types_for(self, entry: Entry) -> bool:
        """Tell whether the person may type the cell for whoever reports it: its division's reporters, the bureau's officer."""
        return entry.reviewing_unit_id in self.units or entry.round.bureau.path.startswith(self.paths)


def hand_of(person: User, entries: Collection[Entry], today: date) -> Hand:
    """Return what lets a person submit the cells on a day. One query, none more where the duties were read."""
    units = frozenset(duty.unit_id for duty in person.duties if duty.role == Role.REPORTER)
    again = Reopening.objects.filter(entry__in=entries, person=person, until__gte=today)
    return Hand(person, units, tuple(person.paths(Role.OFFICER)), frozenset(again.values_list("entry_id", flat=True)))


def refuse_cells(cells: Sequence[Cell], entries: dict[int, Entry], person: User, today: date) -> None:
    """Raise the refusal that forbids any of the figures. Two queries."""
    covered, hand = covered_years(entries.values()), hand_of(person, entries.values(), today)
    named = set()
    for cell in cells:
        if cell.entry_id not in entries:
            raise NotYourCell(_("没有这一格。"), cell.entry_id)
        entry = entries[cell.entry_id]
        if cell.entry_id in named:
            raise CellTwice(_("“%(cell)s”在一次提交中出现了两次。") % {"cell": entry.member}, entry.pk)
        named.add(cell.entry_id)
        refuse_submission(entry, cell, hand, covered, today)


def refuse_submission(
    entry: Entry, cell: Cell, hand: Hand, covered: Mapping[int, list[PlanVersion]], today: date
) -> None:
    """Raise the refusal that forbids this figure, if any."""
    _refuse_hand(entry, cell, hand)
    _refuse_period(entry, hand, covered, today)
    if entry.approved_id and not is_word(cell.reason):
        words = {"cell": entry.member}
        raise CorrectionWithoutReason(_("“%(cell)s”的数据已审核。如需更正，请写明更正原因。") % words, entry.pk)
    if cell.seen != (entry.latest.number if entry.latest else 0):
        raise FigureChanged(_changed_sentence(entry), entry.pk)
    _refuse_unchanged(entry, cell)
    _refuse_figure(entry, cell.values)
    told = [text for text in cell.values.values() if isinstance(text, str)]
    refuse_residents(cell.note, cell.reason, cell.on_behalf_of, *told, entry_id=entry.pk)


def refuse_residents(*texts: str, entry_id: int | None = None) -> None:
    """Raise the refusal of words that are kept for good and name a resident by the number of an identity card."""
    if any(has_identity_number(text) for text in texts):
        raise ResidentNamed(_("写的话里有身份证号。写入的内容会永久留存，请隐去身份证号后再提交。"), entry_id)


def refuse_unanswered(cells: Sequence[Cell], entries: Mapping[int, Entry]) -> dict[int, list[Question]]:
    """Return what is to be asked about the figures, by the entry's id; raise the refusal where a note does not answer it.

    The queries of `questions_of`. What cannot be true was refused before: a note does not make it right.
    """
    asked = questions_of(
        {entries[cell.entry_id]: cell.values for cell in cells}, {cell.entry_id: cell.note for cell in cells}
    )
    for cell in cells:
        refuse_question(entries[cell.entry_id], cell, asked.get(cell.entry_id, ()))
    return asked


def refuse_question(entry: Entry, cell: Cell, asked: Sequence[Question]) -> None:
    """Raise the refusal of a figure about which something is asked that no note answers; an old note answers old questions."""
    if asked and not is_answered(asked, cell.note, entry.latest):
        language = get_language() or "zh-hans"
        words = "".join(row.sentence.in_language(language) for row in asked if row.field != NOTE)
        told = _("%(question)s确认无误请在说明里写一句。")
        if is_word(cell.note):
            told = _("%(question)s说明还是上一次的；确认无误请针对这一次改写一句。")
        raise QuestionUnanswered(told % {"question": words}, cell.entry_id)


def _refuse_unchanged(entry: Entry, cell: Cell) -> None:
    """Raise the refusal of a returned figure that says what it said. One query, only where something was looked over."""
    latest, note = entry.latest, cell.note.strip()
    if latest is None or entry.state != EntryState.RETURNED or (is_word(note) and note != latest.note):
        return
    if entry.is_backed_anew(cell.reason, cell.on_behalf_of, cell.source):
        return
    if any((getattr(latest, name) or None) != (value or None) for name, value in cell.values.items()):
        return
    if cell.marks and cell.marks != dict(latest.marks.values_list("item", "mark")):
        return
    raise Unchanged(
        _("“%(cell)s”被退回后没有改动。请更正；如确实无误，请在说明里写明理由后再提交。") % {"cell": entry.member},
        entry.pk,
    )


def refuse_files(entry: Entry, hand: Hand, covered: Mapping[int, list[PlanVersion]], today: date) -> None:
    """Raise the refusal that forbids this person to put a file behind the entry, if any.

    Who types for others may: the file is then the letter, or what came with it. A reviewed figure may get more files.
    """
    if not hand.reports(entry) and not hand.types_for(entry):
        words = {"cell": entry.member, "unit": entry.reporting_unit}
        raise NotYourCell(_("“%(cell)s”由%(unit)s填报，您可以查看，不能添加佐证材料。") % words, entry.pk)
    _refuse_period(entry, hand, covered, today)


def _refuse_hand(entry: Entry, cell: Cell, hand: Hand) -> None:
    """Raise the refusal of a person whose cell it is not; typing for others needs their name and their letter."""
    words = {"cell": entry.member, "unit": entry.reporting_unit}
    is_for_others = bool(cell.on_behalf_of.strip())
    if not hand.reports(entry) and not (is_for_others and hand.types_for(entry)):
        raise NotYourCell(_("“%(cell)s”由%(unit)s填报，您不能填写。") % words, entry.pk)
    if is_for_others and cell.source is None:
        raise LetterMissing(_("“%(cell)s”是代填的数据，请附上来函或其他依据文件。") % words, entry.pk)


def _refuse_period(entry: Entry, hand: Hand, covered: Mapping[int, list[PlanVersion]], today: date) -> None:
    words = {"round": entry.round, "day": entry.round.opens_on}
    if entry.round.opens_on > today:
        raise RoundNotOpen(_("填报期 %(round)s 到 %(day)s 才开放。") % words, entry.pk)
    if entry.round.closed_at and entry.pk not in hand.reopened:
        raise RoundClosed(_("填报期 %(round)s 已关闭。如需补报，请联系绩效管理岗。") % words, entry.pk)
    if hand.needs_plan(entry) and not _is_covered(entry, covered.get(entry.measure_id, [])):
        raise RoundOutsidePlan(
            _("填报期 %(round)s 不在任何已批复的年度绩效目标的起止时间内，不能填报。") % words, entry.pk
        )


def _refuse_figure(entry: Entry, values: Mapping[str, Any]) -> None:
    """Raise the refusal of a figure that does not fit its measure, for doors without a form before them."""
    measure = entry.measure
    if not set(values) <= COLUMNS_OF_KIND[Kind(measure.kind)]:
        words = {"cell": entry.member, "kind": measure.get_kind_display()}
        raise FigureUnfit(_("“%(cell)s”要填的是%(kind)s。") % words, entry.pk)
    if any(values.get(name) in (None, "") for name in NEEDED_OF_KIND[Kind(measure.kind)]):
        words = {"cell": entry.member, "kind": measure.get_kind_display()}
        raise FigureUnfit(_("“%(cell)s”的%(kind)s没有填完整。") % words, entry.pk)
    for sentence in unfit_columns(measure, values).values():
        raise FigureUnfit(sentence, entry.pk)


def unfit_columns(measure: Measure, values: Mapping[str, Any]) -> dict[str, str]:
    """Return a sentence for each column whose number cannot be, by column; empty for a figure that can.

    A flow may be corrected downwards by a negative figure; a stock, a running total and the parts of a ratio cannot be below
    zero, what is counted has no fractions, a part is no more than its whole, and what is judged is between 0 and 100 %.
    """
    found = {name: sentence for name, value in values.items() if (sentence := _unfit(measure, name, value))}
    above = _part_above_whole(measure, values.get("numerator"), values.get("denominator"))
    return found or ({"numerator": above} if above else {})


def _unfit(measure: Measure, name: str, value: Any) -> str | None:
    if not isinstance(value, Decimal):
        return None
    words = {"number": f"{value.normalize():f}"}
    if name == "percent":
        return None if 0 <= value <= WHOLE else _("%(number)s %% 不在 0 到 100 %% 之间。") % words
    if value < 0 and (name != "value" or measure.accumulation != Accumulation.INCREMENT):
        return _("%(number)s 小于 0；这里的数不能为负。") % words
    if name == "value" and measure.kind == Kind.NUMBER and measure.decimals == 0 and value % 1:
        return _("%(number)s 不是整数；这里按个数填报。") % words
    return None


def _part_above_whole(measure: Measure, numerator: Decimal | None, denominator: Decimal | None) -> str | None:
    if not measure.is_part_of_whole or numerator is None or denominator is None or numerator <= denominator:
        return None
    return _("%(part)s %(numerator)s 大于%(whole)s %(denominator)s；前者是后者的一部分，请核对。") % {
        "part": measure.numerator,
        "numerator": f"{numerator.normalize():,f}",
        "whole": measure.denominator,
        "denominator": f"{denominator.normalize():,f}",
    }


def _changed_sentence(entry: Entry) -> str:
    if entry.latest is None:
        return _("“%(cell)s”在您打开页面之后已被撤回，请刷新后再提交。") % {"cell": entry.member}
    return _("“%(cell)s”在您打开页面之后已由%(person)s改为 %(figure)s，请核对后再提交。") % {
        "cell": entry.member,
        "person": entry.latest.submitted_by,
        "figure": spoken(entry.latest),
    }


def spoken(revision: Revision) -> str:
    """Return what a revision says as one reads it aloud: "92000/100000", "12", "3948.44 万元", "通过"."""
    if revision.numerator is not None and revision.denominator is not None:
        return f"{revision.numerator.normalize():f}/{revision.denominator.normalize():f}"
    if revision.value is not None and revision.entry.measure.kind == Kind.MONEY:
        return _("%(amount)s 万元") % {"amount": f"{in_wan(revision.value).normalize():f}"}
    if revision.value is not None:
        return f"{revision.value.normalize():f}"
    return revision.get_outcome_display() or f"{revision.get_band_display()} {revision.percent} %"


def covered_years(entries: Collection[Entry]) -> dict[int, list[PlanVersion]]:
    """Return the approved versions that look at each measure, by the measure's id. One query."""
    measure_ids = {entry.measure_id for entry in entries}
    covered: dict[int, list[PlanVersion]] = defaultdict(list)
    approved = PlanVersion.objects.filter(plan__approved=F("pk")).select_related("plan").order_by()
    aimed = approved.filter(indicators__indicator__measure__in=measure_ids)
    spent = approved.filter(plan__project__execution__in=measure_ids)
    for row in aimed.annotate(measure_id=F("indicators__indicator__measure")).union(
        spent.annotate(measure_id=F("plan__project__execution")), all=True
    ):
        covered[row.measure_id].append(row)
    return covered


def _is_covered(entry: Entry, versions: list[PlanVersion]) -> bool:
    return any(
        version.plan.year == entry.round.fiscal_year
        and version.starts_on <= entry.round.ends_on
        and entry.round.starts_on <= version.ends_on
        for version in versions
    )
