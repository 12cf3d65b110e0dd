"""The reporter's workbook: which cells it asks for, and what an uploaded one would change."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.calculation.aggregation import Figure, ratio_of
from apps.calculation.spending import in_wan
from apps.plans.enums import Kind
from apps.plans.models import IndicatorTerms
from apps.plans.queries import target_in_force
from apps.progress.enums import Band, EntryState, Mark, Outcome, UploadKind
from apps.progress.models import Draft, Entry, FigureUpload, Revision
from apps.progress.queries.cells import GridCell, cells_of
from apps.ui import formats
from apps.ui.targets import target_text

ASKED_WITH: Final = (
    "measure__bureau",
    "member",
    "round__bureau",
    "round__season",
    "latest__submitted_by",
    "approved",
    "reporting_unit",
    "reviewing_unit",
)
DECIMALS: Final = ("numerator", "denominator", "value", "percent")


@dataclass(frozen=True, slots=True)
class AskedCell:
    """A cell that a workbook asks for, with what the approved plans aim at, in words: "≥ 80 %", one line an indicator."""

    cell: GridCell
    aims: tuple[str, ...] = ()


def asked_entries(
    user: User,
    today: date,
    *,
    round_id: int | None = None,
    measure_id: int | None = None,
    corrections: bool = False,
) -> QuerySet[Entry]:
    """Return the cells that a workbook of the person's asks for, the earliest due first.

    Those that wait for a figure or a mending and those with a draft; of one grid also what is submitted and not reviewed.
    `corrections` adds what is submitted or reviewed already, of this fiscal year and the last.
    """
    own = Entry.objects.reportable_by(user).filter(round__opens_on__lte=today)
    if round_id is not None:
        own = own.filter(round=round_id)
    if measure_id is not None:
        own = own.filter(measure=measure_id)
    wanted = Q(pk__in=Entry.objects.reportable_by(user).open_by(today, user))
    wanted |= Q(Exists(Draft.objects.filter(entry=OuterRef("pk"), person=user)), round__closed_at=None)
    if round_id is not None or corrections:
        wanted |= Q(state=EntryState.SUBMITTED, round__closed_at=None)
    if corrections:
        wanted |= Q(state=EntryState.APPROVED, round__closed_at=None, round__fiscal_year__gte=today.year - 1)
    rows = own.filter(wanted).select_related(*ASKED_WITH).prefetch_related("measure__items")
    return rows.order_by("round__due_on", "round", "measure", "member__position", "member_id")


def asked_cells(entries: Sequence[Entry], user: User, today: date) -> list[AskedCell]:
    """Return the cells with what a person should know to fill them. Seven queries, one more where something is judged."""
    aims = _aims(entries, today)
    return [
        AskedCell(cell, tuple(aims.get((cell.entry.measure_id, cell.entry.round.fiscal_year), ())))
        for cell in cells_of(entries, user)
    ]


def _aims(entries: Collection[Entry], today: date) -> dict[tuple[int, int], list[str]]:
    """Return the targets in words, by measure and fiscal year. Three or four queries."""
    terms = list(
        IndicatorTerms.objects.filter(
            indicator__measure__in={entry.measure_id for entry in entries},
            indicator__plan__year__in={entry.round.fiscal_year for entry in entries},
            version=F("indicator__plan__approved"),
        )
        .select_related("indicator__measure", "indicator__plan")
        .order_by("position", "pk")
    )
    targets = target_in_force([line.indicator for line in terms], today)
    found = defaultdict(list)
    for line in terms:
        indicator = line.indicator
        text = target_text(targets.get(indicator.pk), indicator.measure)
        found[indicator.measure_id, indicator.plan.year].append(text)
    return found


# --- what came in -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Line:
    """One row of an uploaded workbook beside the cell it is for.

    `entry` is None where the row could not be told to be any cell of the person's. `errors` are what could not be read, with
    the address in the sheet; `refusal` is the rule that forbids it as things stand, `refused_field` the column that would mend
    it, empty where none would; `questions` are what is asked, `lacks_word`
    says that the sheet's note does not answer it, and `answer` is a note that was typed on the page.
    """

    key: int
    row: int
    label: str
    entry: Entry | None
    values: dict[str, Any]
    note: str
    reason: str
    marks: dict[int, str]
    seen: int
    errors: list[dict[str, Any]]
    refusal: str = ""
    refused_field: str = ""
    questions: list[str] = field(default_factory=list)
    lacks_word: bool = False
    answer: str = ""

    @property
    def latest(self) -> Revision | None:
        return self.entry.latest if self.entry else None

    @property
    def was(self) -> str:
        """Return what the cell says now, empty for nothing."""
        if self.latest is None:
            return ""
        marks = {mark.item_id: mark.mark for mark in self.latest.marks.all()} if _is_judged(self.latest.entry) else {}
        return said(self.latest.entry, columns_of(self.latest), marks)

    @property
    def becomes(self) -> str:
        """Return what the cell would say."""
        return said(self.entry, self.values, self.marks) if self.entry and self.values else ""

    @property
    def is_readable(self) -> bool:
        return self.entry is not None and bool(self.values) and not self.errors

    @property
    def is_same(self) -> bool:
        """Tell whether the row says nothing that the cell does not say already, note included."""
        if self.entry is None or self.latest is None or not self.is_readable:
            return False
        if any(getattr(self.latest, name) != value for name, value in self.values.items()):
            return False
        if self.entry.is_backed_anew(self.reason):
            return False
        found = {mark.item_id: mark.mark for mark in self.latest.marks.all()} if _is_judged(self.entry) else {}
        return self.latest.note == self.note and self.marks == found

    @property
    def is_rejected(self) -> bool:
        return not self.is_readable

    @property
    def is_conflict(self) -> bool:
        """Tell whether somebody filled the cell after the workbook was made."""
        return self.is_readable and not self.is_same and self.seen != (self.latest.number if self.latest else 0)

    @property
    def is_forbidden(self) -> bool:
        """Tell whether a rule keeps the row out, other than that somebody filled the cell meanwhile."""
        return bool(self.refusal) and not self.is_conflict

    @property
    def is_ready(self) -> bool:
        """Tell whether the row would go in as things stand; a question may still want its note."""
        return self.is_readable and not self.is_same and not self.refusal


def _is_judged(entry: Entry | None) -> bool:
    return entry is not None and entry.measure.kind in (Kind.JUDGEMENT, Kind.CHECKLIST)


def own_uploads(user: User) -> QuerySet[FigureUpload]:
    """Return the workbooks that the person uploaded, the latest first, without what was read from them."""
    rows = FigureUpload.objects.filter(uploaded_by=user, kind=UploadKind.OWN)
    return rows.defer("rows").order_by("-uploaded_at", "-pk")


def lines_of(rows: Sequence[Mapping[str, Any]], user: User) -> list[Line]:
    """Return rows that were read from a workbook beside their cells as these are now, in the order of the sheet. Three queries at most.

    Only cells that the person reports are looked at, whatever the rows say.
    """
    keys = {row["entry"] for row in rows if row["entry"]}
    cells = Entry.objects.reportable_by(user).filter(pk__in=keys).select_related(*ASKED_WITH)
    entries = {entry.pk: entry for entry in cells.prefetch_related("measure__items", "latest__marks")}
    for entry in entries.values():
        if entry.latest:
            entry.latest.entry = entry
    return [_line(number, row, entries.get(row["entry"])) for number, row in enumerate(rows)]


def _line(number: int, row: Mapping[str, Any], entry: Entry | None) -> Line:
    return Line(
        key=number,
        row=row["row"],
        label=row["label"],
        entry=entry,
        values=values_from(row["values"]),
        note=row["note"],
        reason=row["reason"],
        marks={int(pk): mark for pk, mark in row["marks"].items()},
        seen=row["seen"],
        errors=row["errors"],
    )


def values_from(stored: Mapping[str, str | None]) -> dict[str, Any]:
    """Return columns of a revision that were kept as texts."""
    return {name: _value(name, text) for name, text in stored.items()}


def _value(name: str, text: str | None) -> Decimal | date | str | None:
    if text is None:
        return None
    if name in DECIMALS:
        return Decimal(text)
    return date.fromisoformat(text) if name == "decided_on" else text


def columns_of(revision: Revision) -> dict[str, Any]:
    """Return what a revision says, by column."""
    names = (*DECIMALS, "outcome", "decided_on", "decided_by", "document", "band")
    return {name: getattr(revision, name) for name in names}


def said(entry: Entry, values: Mapping[str, Any], marks: Mapping[int, str] | None = None) -> str:
    """Return a figure as a person reads it, every digit of it: "92,000 ÷ 100,000 ＝ 92.00 %", "12.5 万元", "通过 · 2016-08-20"."""
    if values.get("numerator") is not None:
        return _ratio_said(entry, values)
    if values.get("value") is not None:
        return _value_said(entry, values["value"])
    if values.get("outcome"):
        words = [Outcome(values["outcome"]).label, values.get("decided_on"), values.get("decided_by")]
        return " · ".join(str(word) for word in [*words, values.get("document")] if word)
    if not values.get("band"):
        return ""
    text = f"{Band(values['band']).label} {values['percent'].normalize():f} %"
    return f"{text} · {_marks_said(marks)}" if marks else text


def _ratio_said(entry: Entry, values: Mapping[str, Any]) -> str:
    measure = entry.measure
    figure = Figure(values["numerator"], values["denominator"])
    parts = f"{_exact(values['numerator'])} ÷ {_exact(values['denominator'])}"
    return f"{parts} ＝ {formats.measured(ratio_of(figure, measure.factor or Decimal(1)), measure)}"


def _value_said(entry: Entry, value: Decimal) -> str:
    if entry.measure.kind == Kind.MONEY:
        return f"{_exact(in_wan(value))} {formats.unit('万元')}"
    return f"{_exact(value)} {formats.unit(entry.measure.unit_name, value)}".rstrip()


def _marks_said(marks: Mapping[int, str]) -> str:
    counted = [mark for mark in marks.values() if mark != Mark.NOT_APPLICABLE]
    met = sum(mark == Mark.PASSED for mark in counted)
    return _("检查项 %(met)s/%(all)s 达标") % {"met": met, "all": len(counted)}


def _exact(value: Decimal) -> str:
    return f"{value.normalize():,f}"
