"""Submitting figures: every lock of a cell is tried here, whatever door the figure came through."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.calculation.spending import in_wan
from apps.journal.actions import Change
from apps.journal.enums import Channel, Verb
from apps.plans.enums import Accumulation, Kind
from apps.plans.models import Definition, Measure, PlanVersion
from apps.progress.actions.cells import locked, tell
from apps.progress.actions.refusals import Refused
from apps.progress.enums import EntryState, RevisionOrigin
from apps.progress.models import CheckMark, Draft, Entry, Revision


class NotYourCell(Refused):
    """A cell that another unit reports."""


class RoundNotOpen(Refused):
    """A period that has not opened yet."""


class RoundClosed(Refused):
    """A period that was closed."""


class RoundOutsidePlan(Refused):
    """A period that no approved plan covers."""


class CorrectionWithoutReason(Refused):
    """A reviewed figure that somebody wants to change without saying why."""


class FigureChanged(Refused):
    """A cell that somebody else filled since the page was read."""


class CellTwice(Refused):
    """A cell that one submission names more than once."""


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


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure for an entry. `values` are columns of `Revision`; None leaves a column unknown.

    `seen` is the number of the last revision that the person saw in the cell, 0 for none.
    `marks` are the findings for checklist items by the item's id.
    """

    entry_id: int
    values: dict[str, Decimal | date | str | None]
    seen: int = 0
    note: str = ""
    reason: str = ""
    on_behalf_of: str = ""
    marks: dict[int, str] = field(default_factory=dict)


@transaction.atomic
def submit(
    *,
    cells: Sequence[Cell],
    person: User,
    today: date,
    at: datetime,
    channel: Channel = Channel.PAGE,
    origin: RevisionOrigin = RevisionOrigin.TYPED,
) -> list[Revision]:
    """Make one revision per cell and hand them to the reviewing division; all or none. Drafts of the cells go.

    A correction of a reviewed figure needs a reason and keeps the reviewed one counting until it is reviewed again.
    Twelve queries however many cells of one grid. Raises the refusals declared above.
    """
    if not cells:
        return []
    entries = {entry.pk: entry for entry in locked(Entry.objects.filter(pk__in=[cell.entry_id for cell in cells]))}
    _refuse(cells, entries, person, today)
    definitions = _definitions(entries.values())
    revisions = [
        _revision(entries[cell.entry_id], cell, person, at, origin, definitions.get(cell.entry_id)) for cell in cells
    ]
    told = [(revision.entry, _change(revision)) for revision in revisions]
    for revision in Revision.objects.bulk_create(revisions):
        revision.entry.latest, revision.entry.state = revision, EntryState.SUBMITTED
    CheckMark.objects.bulk_create(_marks(cells, revisions))
    Entry.objects.bulk_update(entries.values(), ["latest", "state"])
    Draft.objects.filter(entry__in=entries, person=person).delete()
    tell(told=told, actor=person, at=at, channel=channel)
    return revisions


def _refuse(cells: Sequence[Cell], entries: dict[int, Entry], person: User, today: date) -> None:
    """Raise the refusal that forbids any of the figures. Two queries."""
    covered = _covered_years(entries.values())
    units = {duty.unit_id for duty in person.duties if duty.role == Role.REPORTER}
    named = set()
    for cell in cells:
        if cell.entry_id not in entries:
            raise NotYourCell(_("没有这一格。"), cell.entry_id)
        entry = entries[cell.entry_id]
        if cell.entry_id in named:
            raise CellTwice(_("“%(cell)s”在一次提交中出现了两次。") % {"cell": entry.member}, entry.pk)
        named.add(cell.entry_id)
        refuse_submission(entry, cell, units, covered, today)


def _change(revision: Revision) -> Change:
    verb = Verb.CORRECT if revision.entry.approved_id else Verb.SUBMIT
    return Change(verb, revision, _facts(revision.entry.latest), _facts(revision), revision.reason)


def _marks(cells: Sequence[Cell], revisions: Sequence[Revision]) -> Iterator[CheckMark]:
    for cell, revision in zip(cells, revisions, strict=True):
        for item_id, mark in cell.marks.items():
            yield CheckMark(revision=revision, item_id=item_id, mark=mark)


def refuse_submission(
    entry: Entry, cell: Cell, units: set[int], covered: dict[int, list[PlanVersion]], today: date
) -> None:
    """Raise the refusal that forbids this figure, if any."""
    if entry.reporting_unit_id not in units:
        words = {"cell": entry.member, "unit": entry.reporting_unit}
        raise NotYourCell(_("“%(cell)s”由%(unit)s填报，您不能填写。") % words, entry.pk)
    _refuse_period(entry, covered, today)
    if entry.approved_id and not cell.reason.strip():
        words = {"cell": entry.member}
        raise CorrectionWithoutReason(_("“%(cell)s”的数据已审核。如需更正，请写明更正原因。") % words, entry.pk)
    if cell.seen != (entry.latest.number if entry.latest else 0):
        raise FigureChanged(_changed_sentence(entry), entry.pk)
    _refuse_figure(entry, cell.values)


def _refuse_period(entry: Entry, covered: dict[int, list[PlanVersion]], today: date) -> None:
    words = {"round": str(entry.round), "day": f"{entry.round.opens_on:%Y-%m-%d}"}
    if entry.round.opens_on > today:
        raise RoundNotOpen(_("填报期 %(round)s 到 %(day)s 才开放。") % words, entry.pk)
    if entry.round.closed_at:
        raise RoundClosed(_("填报期 %(round)s 已关闭。如需补报，请联系绩效管理岗。") % words, entry.pk)
    if not _is_covered(entry, covered.get(entry.measure_id, [])):
        raise RoundOutsidePlan(
            _("填报期 %(round)s 不在任何已批复的年度绩效目标的起止时间内，不能填报。") % words, entry.pk
        )


def _refuse_figure(entry: Entry, values: Mapping[str, Any]) -> None:
    """Raise the refusal of a figure that does not fit its measure, for doors without a form before them."""
    measure = entry.measure
    if not set(values) <= COLUMNS_OF_KIND[Kind(measure.kind)]:
        words = {"cell": entry.member, "kind": measure.get_kind_display()}
        raise FigureUnfit(_("“%(cell)s”要填的是%(kind)s。") % words, entry.pk)
    for sentence in unfit_columns(measure, values).values():
        raise FigureUnfit(sentence, entry.pk)


def unfit_columns(measure: Measure, values: Mapping[str, Any]) -> dict[str, str]:
    """Return a sentence for each column whose number cannot be, by column; empty for a figure that can.

    A flow may be corrected downwards by a negative figure; a stock, a running total and the parts of a ratio cannot be below
    zero, what is counted has no fractions, and a part is no more than its whole.
    """
    found = {name: sentence for name, value in values.items() if (sentence := _unfit(measure, name, value))}
    above = _part_above_whole(measure, values.get("numerator"), values.get("denominator"))
    return found or ({"numerator": above} if above else {})


def _unfit(measure: Measure, name: str, value: Any) -> str | None:
    if not isinstance(value, Decimal) or name not in ("numerator", "denominator", "value"):
        return None
    words = {"number": f"{value.normalize():f}"}
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


def _covered_years(entries: Collection[Entry]) -> dict[int, list[PlanVersion]]:
    """Return the approved versions that look at each measure, by the measure's id. Two queries."""
    measure_ids = {entry.measure_id for entry in entries}
    covered: dict[int, list[PlanVersion]] = {measure_id: [] for measure_id in measure_ids}
    approved = PlanVersion.objects.filter(plan__approved=F("pk")).select_related("plan")
    for row in approved.filter(indicators__indicator__measure__in=measure_ids).annotate(
        measure_id=F("indicators__indicator__measure")
    ):
        covered[row.measure_id].append(row)
    for row in approved.filter(plan__project__execution__in=measure_ids).annotate(
        measure_id=F("plan__project__execution")
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


def _definitions(entries: Collection[Entry]) -> dict[int, Definition]:
    """Return the wording in force for each entry: the last one that had come into effect when its round ended."""
    found: dict[int, Definition] = {}
    for row in (
        Definition.objects.settled().filter(measure__in={entry.measure_id for entry in entries}).order_by("number")
    ):
        for entry in entries:
            if entry.measure_id == row.measure_id and row.effective_on <= entry.round.ends_on:
                found[entry.pk] = row
    return found


def _revision(
    entry: Entry, cell: Cell, person: User, at: datetime, origin: RevisionOrigin, definition: Definition | None
) -> Revision:
    return Revision(
        entry=entry,
        number=(entry.latest.number if entry.latest else 0) + 1,
        definition=definition,
        note=cell.note.strip(),
        reason=cell.reason.strip(),
        origin=origin,
        submitted_by=person,
        on_behalf_of=cell.on_behalf_of,
        submitted_at=at,
        **cell.values,
    )


def _facts(revision: Revision | None) -> dict[str, Any] | None:
    if revision is None:
        return None
    names = ("number", "numerator", "denominator", "value", "outcome", "decided_on", "band", "percent", "note")
    return {name: getattr(revision, name) for name in names if getattr(revision, name) not in (None, "")}
