"""Rows of the grid as its page shows them: a cell, what is typed into it, and what stands in its way."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.calculation.aggregation import Aggregate, Figure, ratio_of
from apps.calculation.comparison import difference
from apps.calculation.plausibility import NOTE, Question, is_word
from apps.files.models import StoredFile
from apps.progress import actions
from apps.progress.actions.locks import spoken
from apps.progress.enums import EntryState, Mark
from apps.progress.forms import CellReading, read_cell
from apps.progress.models import Draft, Revision
from apps.progress.queries import GridCell, seen_revisions
from apps.progress.queries.cells import places_of
from apps.progress.queries.questions import is_answered, questions_of
from apps.progress.views.requests import row_numbers
from apps.ui.formats import in_language

CHOICE = "choice"
MINE, THEIRS = "mine", "theirs"
CORRECT, LEAVE = "correct", "leave"
ANEW = (MINE, THEIRS, CORRECT, LEAVE)
SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at in a judged cell; `mark` is empty where nothing was found yet."""

    number: int
    text: str
    mark: str

    @property
    def word(self) -> str:
        """Return the finding as a word."""
        return str(Mark(self.mark).label) if self.mark in Mark.values else ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What became of a cell since the person read it: who changed it when, from what to what.

    `before` is empty where the cell was empty; `after` is empty where the figure was taken out again.
    """

    person: str
    at: datetime | None
    before: str
    after: str
    is_own: bool


@dataclass
class Row:
    """One row of the grid: a cell, the texts in its fields, and what is wrong with them or asked about them.

    `is_overtaken` says that its person was told what somebody else had put in meanwhile. `on_behalf_of` and `letter` are for whom
    it is typed and from what, where it is typed for others.
    """

    cell: GridCell
    texts: dict[str, str] = field(default_factory=dict)
    reading: CellReading = field(default_factory=CellReading)
    refusal: str = ""
    questions: list[Question] = field(default_factory=list)
    conflict: Conflict | None = None
    so_far: Aggregate[int] | None = None
    is_correcting: bool = False
    is_posted: bool = False
    is_chosen: bool = False
    is_accepted: bool = False
    is_overtaken: bool = False
    on_behalf_of: str = ""
    letter: StoredFile | None = None
    letter_name: str = ""

    @property
    def can_begin(self) -> bool:
        """Tell whether the person may ask for the fields of a reviewed figure, or of its correction that is not reviewed yet."""
        return self.cell.is_mine and not self.is_open and not self.cell.is_closed

    @property
    def can_leave(self) -> bool:
        """Tell whether the fields are there because the person asked for them, who may also think better of it."""
        return self.cell.is_locked and self.is_open and self.cell.entry.state != EntryState.RETURNED

    @property
    def is_open(self) -> bool:
        """Tell whether the row has fields to type into; what stayed behind keeps them."""
        if not self.cell.is_mine or (self.cell.is_locked and not self.is_correcting):
            return False
        return not self.cell.is_closed or bool(self.refusal)

    @property
    def sentences(self) -> list[str]:
        """Return what is asked about the figure."""
        return [in_language(asked.sentence.zh, asked.sentence.en) for asked in self.questions]

    @property
    def is_answered(self) -> bool:
        """Tell whether the row may go in now that its note answers what is asked; what is asked about the note itself it cannot."""
        return any(asked.field != NOTE for asked in self.questions) and not self.is_behind

    @property
    def lacks_word(self) -> bool:
        """Tell whether something is asked and not answered by the note."""
        return bool(self.questions) and not is_answered(self.questions, self.note, self.cell.entry.latest)

    @property
    def note(self) -> str:
        """Return the note as it stands in its field."""
        return self.texts.get("note", "").strip()

    @property
    def has_old_note(self) -> bool:
        """Tell whether the note is the one of the figure before, which answers nothing new."""
        return is_word(self.note) and self.lacks_word

    @property
    def is_wrong(self) -> bool:
        """Tell whether the row cannot go in as it stands, whatever is written beside it."""
        return bool(self.reading.errors or self.refusal or self.conflict)

    @property
    def is_behind(self) -> bool:
        """Tell whether something that was typed stays out of a submission."""
        return self.is_wrong or self.lacks_word

    @property
    def is_ready(self) -> bool:
        """Tell whether the row says something new that may go in."""
        return bool(self.reading.values) and not self.is_behind and self.is_changed

    @property
    def items(self) -> list[Item]:
        """Return the checklist items with what is typed, or else found, for each."""
        found = {mark.item_id: mark.mark for mark in self.cell.marks}
        return [
            Item(item.number, item.text, self.texts.get(f"item-{item.number}", found.get(item.pk, "")))
            for item in self.cell.entry.measure.items.all()
        ]

    @property
    def live_ratio(self) -> Decimal | None:
        """Return the ratio of what is typed while it is right, else of what was submitted."""
        values = {} if self.reading.errors else self.reading.values
        if "numerator" not in values:
            return None if self.reading.errors else self.cell.ratio
        return ratio_of(Figure(values["numerator"], values["denominator"]), self.cell.entry.measure.factor)

    @property
    def live_change(self) -> Decimal | None:
        """Return by how much the live ratio moved since the round before."""
        return difference(self.live_ratio, self.cell.previous_ratio, places_of(self.cell.entry.measure))

    @property
    def is_changed(self) -> bool:
        """Tell whether the row says something else than the latest figure.

        Who stands by a returned figure adds a note, a better reason or another letter; the reason of a correction that
        waits for its review may be bettered too.
        """
        latest, reason = self.cell.entry.latest, self.texts.get("reason", "")
        if latest is None or self.cell.entry.is_backed_anew(reason, self.on_behalf_of, self.letter):
            return True
        if self.cell.entry.state == EntryState.SUBMITTED and _is_other_reason(self.cell, reason):
            return True
        said = {**self.reading.values, "note": self.note}
        if any(getattr(latest, name) != value for name, value in said.items()):
            return True
        return self.reading.marks != {mark.item_id: mark.mark for mark in self.cell.marks}


def typed_texts(post: Mapping[str, str], entry_id: int) -> dict[str, str]:
    """Return what was typed for one entry, by field name; no database keeps the character zero."""
    prefix = f"c{entry_id}-"
    return {name.removeprefix(prefix): post[name].replace("\0", "") for name in post if name.startswith(prefix)}


def says_something(texts: Mapping[str, str]) -> bool:
    """Tell whether anything was typed; what the page put into a hidden field was not."""
    return Draft(fields=dict(texts)).says_something


def kept_row(cell: GridCell, correcting: Collection[int]) -> Row:
    """Return a row as it looks before anything is posted; what was typed earlier shows its errors at once.

    A reviewed figure has fields while its correction is asked for, was begun, or was returned. A draft that says what its
    figure says by now, because it was on its way while that went in, says nothing; neither does one that has no fields.
    """
    asked = cell.entry.pk in correcting or bool(cell.draft) or cell.entry.state == EntryState.RETURNED
    row = Row(cell, is_correcting=asked)
    if not cell.draft or not row.is_open:
        row.texts = _first_texts(cell)
        return row
    row.texts, row.reading = dict(cell.draft), read_cell(cell.entry.measure, cell.draft)
    says_more = row.reading.errors or row.is_changed or _is_other_reason(cell, row.texts.get("reason", ""))
    if not says_more:
        cell.draft = {}
        return kept_row(cell, correcting)
    return row


def _first_texts(cell: GridCell) -> dict[str, str]:
    """Return what stands in the fields before anything is typed: a correction that does not count yet has its reason there."""
    latest = cell.entry.latest
    if latest is None or not cell.is_locked or cell.entry.state == EntryState.APPROVED:
        return cell.texts
    return cell.texts | {"reason": latest.reason}


def _is_other_reason(cell: GridCell, reason: str) -> bool:
    """Tell whether a correction has a reason that its cell does not have yet."""
    before = "" if cell.entry.state == EntryState.APPROVED or not cell.entry.latest else cell.entry.latest.reason
    return cell.is_locked and reason.strip() not in ("", before)


def posted_row(cell: GridCell, post: Mapping[str, str], correcting: Collection[int]) -> Row:
    """Return a row with what was posted for it; a cell that had no fields on the page has nothing posted.

    Where the person was asked whose figure to keep, their answer is in it: the colleague's leaves nothing posted, their own
    is from now on an answer to the figure that they were shown. Beginning a correction and leaving it are answers too.
    """
    texts = typed_texts(post, cell.entry.pk)
    choice, shown = texts.pop(CHOICE, ""), texts.pop(SHOWN, "")
    if choice in (CORRECT, LEAVE):
        correcting = {cell.entry.pk} if choice == CORRECT else ()
    if not texts or choice in (THEIRS, LEAVE):
        cell.draft = cell.draft if choice not in (THEIRS, LEAVE) else {}
        row = kept_row(cell, correcting)
    else:
        if choice == MINE:
            texts["seen"] = shown
        row = Row(cell, texts, read_cell(cell.entry.measure, texts), is_correcting="reason" in texts, is_posted=True)
    row.is_chosen = choice in ANEW
    return row


def refuse_blank(row: Row) -> None:
    """Say of a row that was emptied that a figure cannot be taken back by emptying it."""
    if row.is_posted and row.reading.is_empty and row.cell.entry.latest:
        row.refusal = _("“%(cell)s”已有提交的数据，不能改成空白；如确为零请填 0。") % {"cell": row.cell.entry.member}


def find_conflicts(rows: Iterable[Row], viewer: User) -> None:
    """Mark the rows whose figure changed since their person read it. One query where there are any, none else."""
    changed = [row for row in rows if _seen(row) != str(row.cell.seen) and row.is_changed]
    if not changed:
        return
    numbers = {row.cell.entry.pk: next(iter(row_numbers([_seen(row)])), 0) for row in changed}
    before = seen_revisions(numbers)
    for row in changed:
        row.conflict = _conflict(row.cell, before.get(row.cell.entry.pk), viewer)


def _seen(row: Row) -> str:
    """Return the number of the revision that the person saw when they began to type."""
    return row.texts.get("seen", str(row.cell.seen))


def _conflict(cell: GridCell, before: Revision | None, viewer: User) -> Conflict:
    latest, entry = cell.entry.latest, cell.entry
    if latest is None:
        return Conflict("", None, spoken(before) if before else "", "", is_own=False)
    latest.entry = entry
    return Conflict(
        person=str(latest.submitted_by),
        at=latest.submitted_at,
        before=spoken(before) if before else "",
        after=spoken(latest),
        is_own=latest.submitted_by_id == viewer.pk,
    )


def ask_questions(rows: Sequence[Row]) -> None:
    """Put the questions about what is typed to the rows. Two queries at most, none where nothing is typed."""
    typed = {
        row.cell.entry: row.reading.values
        for row in rows
        if row.reading.values and not row.reading.errors and (row.is_posted or (row.is_open and row.cell.draft))
    }
    asked = questions_of(typed, {row.cell.entry.pk: row.note for row in rows if row.cell.entry in typed})
    for row in rows:
        row.questions = asked.get(row.cell.entry.pk, []) if row.is_changed else []


def submit_rows(request: HttpRequest, lines: list[Row]) -> int:
    """Submit the good and changed rows, leaving out one by one what a rule refuses; return how many went in."""
    ready = {line.cell.entry.pk: line for line in lines if line.is_ready}
    while ready:
        try:
            made = actions.submit(
                cells=[_cell(line) for line in ready.values()],
                person=request.user,
                today=request.clock.today,
                at=request.now,
            )
        except actions.Refused as refusal:
            line = ready.pop(refusal.entry_id)
            line.refusal, line.is_overtaken = refusal.sentence, isinstance(refusal, actions.FigureChanged)
        else:
            for line in ready.values():
                line.is_accepted = True
            return len(made)
    return 0


def _cell(line: Row) -> actions.Cell:
    return actions.Cell(
        entry_id=line.cell.entry.pk,
        values=line.reading.values,
        seen=next(iter(row_numbers([line.texts.get("seen", "")])), 0),
        note=line.texts.get("note", ""),
        reason=line.texts.get("reason", ""),
        on_behalf_of=line.on_behalf_of,
        source=line.letter,
        source_name=line.letter_name,
        marks=line.reading.marks,
    )
