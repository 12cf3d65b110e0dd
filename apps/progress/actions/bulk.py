"""A long table of figures: each row held against the locks of its cell, and all good ones written in one transaction.

The rules are those of `locks` and the writing that of `submit`; what is here is how many at once.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _

from apps.accounts.models import Unit, User
from apps.calculation.periods import Period
from apps.calculation.plausibility import Question
from apps.calculation.workdays import Workdays
from apps.calendars.queries import workdays
from apps.journal.actions import Change, record
from apps.journal.enums import Channel, Verb
from apps.plans.models import Measure, MeasureMember, PlanVersion
from apps.progress.actions.entries import write_revisions
from apps.progress.actions.locks import Cell, Hand, covered_years, hand_of, refuse_question, refuse_submission
from apps.progress.actions.refusals import Refused
from apps.progress.actions.rounds import cell_for, refresh_asked, round_for
from apps.progress.actions.standings import lock_indicators
from apps.progress.enums import Fate, RevisionOrigin
from apps.progress.models import Entry, FigureUpload, Revision, Round
from apps.progress.queries.bulk import Surroundings, rounds_of
from apps.progress.queries.questions import questions_of

AT_ONCE: Final = 2000
Step = Callable[[int], None]


class BulkChanged(Refused):
    """Something is not as it was when the file was read, so nothing of it is written."""


@dataclass(frozen=True, slots=True)
class BulkFigure:
    """One row that could be read: `place` is the sheet's number and the row's as Excel counts it, `values` are columns."""

    place: tuple[int, int]
    membership: MeasureMember
    period: Period
    values: dict[str, Decimal | date | str | None]
    note: str = ""
    reason: str = ""


@dataclass(slots=True)
class Assessed:
    """A figure beside its cell and what becomes of it; `why` is the sentence of what forbids it.

    The cell of an `entry` without a row has a number below zero until it is made.
    """

    figure: BulkFigure
    entry: Entry
    cell: Cell
    fate: Fate
    why: str = ""
    asked: Sequence[Question] = ()

    @property
    def is_good(self) -> bool:
        """Tell whether the figure would be written."""
        return self.fate in (Fate.NEW, Fate.CHANGED)


@dataclass
class Assize:
    """All that the rows of one file are judged by; read once. `read_at` is when the preview was made, None while it is made."""

    upload: FigureUpload
    person: User
    known: Surroundings
    today: date
    read_at: datetime | None
    covered: dict[int, list[PlanVersion]]
    calendar: Workdays
    fresh: dict[tuple[int | None, str, Period], Round] = field(default_factory=dict)

    def round_for(self, membership: MeasureMember, period: Period) -> Round:
        """Return the round of a period, one that is not saved yet where there is none."""
        measure = self.known.measures[membership.measure_id]
        key = (measure.season_id, measure.frequency, period)
        found = self.known.round_of(measure, period) or self.fresh.get(key)
        if found is None:
            found = round_for(self.known.bureau, measure, period, period.ends_on.year, self.calendar)
            self.fresh[key] = found
        return found


def assize_of(*, upload: FigureUpload, known: Surroundings, today: date, read_at: datetime | None = None) -> Assize:
    """Return what a file's rows are judged by. Three queries."""
    everywhere = [Entry(measure_id=pk) for pk in known.measures]
    calendar = workdays(date(2000, 1, 1), date(today.year + 1, 12, 31))
    return Assize(upload, upload.uploaded_by, known, today, read_at, covered_years(everywhere), calendar)


def assessed(figures: Iterable[BulkFigure], assize: Assize) -> Iterator[list[Assessed]]:
    """Yield the figures with what becomes of each, some thousand at a time; all of a member's in one piece.

    Changes nothing. Six queries for every piece, however many figures and years.
    """
    ordered = sorted(figures, key=_series)
    for piece in _pieces(ordered):
        yield _assess(piece, assize)


def _series(figure: BulkFigure) -> tuple[int, int, date, date]:
    membership, period = figure.membership, figure.period
    return (membership.measure_id, membership.member_id, period.ends_on, period.starts_on)


def _pieces(figures: Sequence[BulkFigure]) -> Iterator[list[BulkFigure]]:
    """Cut figures, in the order of their series, into pieces that hold whole series: what is asked looks along them."""
    piece: list[BulkFigure] = []
    for _membership, series in groupby(figures, key=lambda figure: figure.membership.pk):
        listed = list(series)
        if piece and len(piece) + len(listed) > AT_ONCE:
            yield piece
            piece = []
        piece += listed
    if piece:
        yield piece


def _assess(piece: Sequence[BulkFigure], assize: Assize) -> list[Assessed]:
    found = _entries_of(piece, assize)
    rows = [_beside(figure, found, number, assize) for number, figure in enumerate(piece, 1)]
    there = [row.entry for row in rows if row.entry.pk > 0]
    first_year = assize.known.plans_from or assize.today.year
    hand = replace(hand_of(assize.person, there, assize.today), plans_from=first_year)
    moved = [row for row in rows if row.is_good]
    asked = questions_of(
        {row.entry: row.figure.values for row in moved}, {row.entry.pk: row.figure.note for row in moved}
    )
    for row in moved:
        row.asked = asked.get(row.entry.pk, ())
        _try_locks(row, hand, assize)
    return rows


def _try_locks(row: Assessed, hand: Hand, assize: Assize) -> None:
    try:
        refuse_submission(row.entry, row.cell, hand, assize.covered, assize.today)
        refuse_question(row.entry, row.cell, row.asked)
    except Refused as why:
        row.fate, row.why = Fate.REFUSED, why.sentence


def _entries_of(piece: Sequence[BulkFigure], assize: Assize) -> dict[tuple[int, int, int], Entry]:
    """Return the cells of the figures that are there, by measure, member and round. Two queries."""
    known, rounds = assize.known, {}
    for figure in piece:
        row = assize.round_for(figure.membership, figure.period)
        if row.pk:
            rounds[row.pk] = row
    members = {figure.membership.member_id for figure in piece}
    measures = {figure.membership.measure_id for figure in piece}
    entries = list(Entry.objects.filter(measure__in=measures, member__in=members, round__in=rounds).order_by())
    keys = [entry.latest_id for entry in entries if entry.latest_id]
    latest = Revision.objects.select_related("submitted_by").in_bulk(keys)
    found = {}
    for entry in entries:
        place = known.places.get((entry.measure_id, entry.member_id))
        if place is not None:
            _join(entry, known.measures[entry.measure_id], place, rounds[entry.round_id], known.units)
            _join_latest(entry, latest.get(entry.latest_id or 0))
            found[entry.measure_id, entry.member_id, entry.round_id] = entry
    return found


def _join(entry: Entry, measure: Measure, place: MeasureMember, row: Round, units: Mapping[int, Unit]) -> None:
    """Give a cell the rows it points to, so that nobody asks the database for each."""
    entry.measure, entry.member, entry.round = measure, place.member, row
    _join_units(entry, units)


def _join_units(entry: Entry, units: Mapping[int, Unit]) -> None:
    """Put the units beside the cell; assigning them would take as long as making the cell did."""
    Entry.reporting_unit.field.set_cached_value(entry, units[entry.reporting_unit_id])
    Entry.reviewing_unit.field.set_cached_value(entry, units[entry.reviewing_unit_id])


def _join_latest(entry: Entry, latest: Revision | None) -> None:
    if latest is not None:
        entry.latest, latest.entry = latest, entry


def _beside(figure: BulkFigure, found: Mapping[tuple[int, int, int], Entry], number: int, assize: Assize) -> Assessed:
    """Return a figure beside its cell; a cell that is not there yet gets `number` below zero until it is made."""
    place = figure.membership
    row = assize.round_for(place, figure.period)
    entry = found.get((place.measure_id, place.member_id, row.pk or 0))
    if entry is None:
        entry = cell_for(assize.known.bureau, assize.known.measures[place.measure_id], place, row)
        _join_units(entry, assize.known.units)
        entry.pk = -number
    cell = _cell(figure, entry, assize)
    return Assessed(figure, entry, cell, _fate(figure, cell, entry))


def _fate(figure: BulkFigure, cell: Cell, entry: Entry) -> Fate:
    """Return what a figure would do to its cell; an empty note says nothing new, a returned figure's other letter does."""
    latest = entry.latest
    if latest is None:
        return Fate.NEW
    is_same = all(getattr(latest, name) == value for name, value in figure.values.items())
    if not is_same or figure.note not in ("", latest.note):
        return Fate.CHANGED
    return Fate.CHANGED if entry.is_backed_anew(cell.reason, cell.on_behalf_of, cell.source) else Fate.SAME


def _cell(figure: BulkFigure, entry: Entry, assize: Assize) -> Cell:
    upload = assize.upload
    return Cell(
        entry.pk,
        figure.values,
        seen=_seen(entry.latest, assize.read_at),
        note=figure.note,
        reason=figure.reason,
        on_behalf_of=upload.on_behalf_of,
        source=upload.document,
        source_name=upload.document_name,
    )


def _seen(latest: Revision | None, read_at: datetime | None) -> int:
    """Return which revision the preview showed: not one that came after it was made."""
    if latest is None:
        return 0
    is_later = read_at is not None and latest.submitted_at > read_at
    return latest.number - 1 if is_later else latest.number


class Tally:
    """A digest of what becomes of every row, so that what is written is what was shown."""

    def __init__(self, unread: int) -> None:
        self._hash = hashlib.sha256(f"{unread}".encode())

    def add(self, rows: Sequence[Assessed]) -> None:
        """Count some rows in."""
        words = (f"{row.figure.place}{row.fate}{row.cell.seen}" for row in rows)
        self._hash.update("".join(words).encode())

    @property
    def digest(self) -> str:
        """Return the digest of what was counted in so far."""
        return self._hash.hexdigest()


def write_bulk(
    figures: Sequence[BulkFigure], assize: Assize, *, at: datetime, tally: Tally, digest: str, step: Step
) -> int:
    """Write all figures that may go in and return how many; raise `BulkChanged` where anything is not as it was shown.

    `step` is told how many were looked at so far. Must run in a transaction. Locks the bureau first, as opening rounds does,
    then the cells in the order of their keys, as submitting does, the indicators as reviewing does, and the bureau's chain
    last. Whoever is asked only by the file is missing from the standings of its rounds until it is reviewed.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=assize.known.bureau.pk)
    assize.known.rounds = rounds_of(assize.known.bureau)  # some may be there since the file was read
    _lock_cells(figures, assize)
    lock_indicators({figure.membership.measure_id for figure in figures})
    made: dict[tuple[int, int], Entry] = {}  # one of each measure and year: all of them would fill the memory
    written = looked_at = 0
    for rows in assessed(figures, assize):
        tally.add(rows)
        good = [row for row in rows if row.is_good]
        made |= {(cell.measure_id, cell.round.fiscal_year): cell for cell in _write(good, assize, at)}
        written, looked_at = written + len(good), looked_at + len(rows)
        step(looked_at)
    if tally.digest != digest:
        raise BulkChanged(
            _("读取之后，数据、填报期或审核有了变化，与预览不一致。没有写入任何数据，请重新读取后再确认。")
        )
    refresh_asked(made.values(), assize.today)
    return written


def _lock_cells(figures: Sequence[BulkFigure], assize: Assize) -> None:
    rounds = {assize.round_for(figure.membership, figure.period).pk for figure in figures} - {None}
    members = {figure.membership.member_id for figure in figures}
    measures = {figure.membership.measure_id for figure in figures}
    cells = Entry.objects.filter(measure__in=measures, member__in=members, round__in=rounds)
    for _key in cells.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True).iterator():
        pass


def _write(good: Sequence[Assessed], assize: Assize, at: datetime) -> list[Entry]:
    """Write some figures and return the cells that were not there before."""
    _open_rounds(good, assize, at)
    fresh = [row for row in good if (row.entry.pk or 0) < 0]
    for row in fresh:
        row.entry.pk, row.entry.round = None, row.entry.round  # which has its number only now
        row.entry.asked_at = at
    Entry.objects.bulk_create([row.entry for row in fresh])
    for origin, rows in _by_origin(good, assize.today).items():
        write_revisions(
            cells=[replace(row.cell, entry_id=row.entry.pk) for row in rows],
            entries={row.entry.pk: row.entry for row in rows},
            person=assize.person,
            at=at,
            channel=Channel.WORKBOOK,
            origin=origin,
            asked={row.entry.pk: row.asked for row in rows if row.asked},
        )
    return [row.entry for row in fresh]


def _by_origin(good: Sequence[Assessed], today: date) -> dict[RevisionOrigin, list[Assessed]]:
    """Return the figures of past years and those of this year; only the former are history."""
    parted: dict[RevisionOrigin, list[Assessed]] = {}
    for row in good:
        is_past = row.entry.round.fiscal_year < today.year
        parted.setdefault(RevisionOrigin.IMPORTED if is_past else RevisionOrigin.WORKBOOK, []).append(row)
    return parted


def _open_rounds(good: Sequence[Assessed], assize: Assize, at: datetime) -> None:
    """Save the rounds that the figures need and nobody opened, each with its event."""
    rounds = list({id(row.entry.round): row.entry.round for row in good if row.entry.round.pk is None}.values())
    if rounds:
        Round.objects.bulk_create(rounds)
        changes = [Change(Verb.OPEN, row, after={"due_on": row.due_on}) for row in rounds]
        record(bureau=assize.known.bureau, actor=assize.person, changes=changes, at=at, channel=Channel.WORKBOOK)
