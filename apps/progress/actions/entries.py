"""Submitting figures."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from apps.accounts.models import User
from apps.calculation.plausibility import Question
from apps.journal.actions import Change
from apps.journal.enums import Channel, Verb
from apps.plans.models import Definition
from apps.progress.actions.cells import locked, tell
from apps.progress.actions.locks import Cell, refuse_cells, refuse_unanswered
from apps.progress.enums import EntryState, RevisionOrigin
from apps.progress.models import CheckMark, Draft, Entry, Revision
from apps.progress.queries.questions import stored


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
    A figure that looks odd goes in with a note, and what was asked about it is kept beside the note. Thirteen queries however
    many cells of one grid. Raises the refusals of `locks`.
    """
    if not cells:
        return []
    entries = {entry.pk: entry for entry in locked(Entry.objects.filter(pk__in=[cell.entry_id for cell in cells]))}
    refuse_cells(cells, entries, person, today)
    asked = refuse_unanswered(cells, entries)
    return write_revisions(
        cells=cells, entries=entries, person=person, at=at, channel=channel, origin=origin, asked=asked
    )


def write_revisions(
    *,
    cells: Sequence[Cell],
    entries: Mapping[int, Entry],
    person: User,
    at: datetime,
    channel: Channel,
    origin: RevisionOrigin,
    asked: Mapping[int, Sequence[Question]],
) -> list[Revision]:
    """Write what no lock forbids: the revisions, where they leave their cells, and what happened. Seven queries.

    Must run in the transaction in which the cells were locked and the locks tried; `entries` and what was `asked` about
    their figures are by the entries' ids.
    """
    definitions = _definitions(entries.values())
    revisions = [
        _revision(entries[cell.entry_id], cell, person, at, origin, definitions.get(cell.entry_id)) for cell in cells
    ]
    for revision in revisions:
        revision.questions = stored(asked.get(revision.entry_id, ()))
    told = [(revision.entry, _change(revision)) for revision in revisions]
    for revision in Revision.objects.bulk_create(revisions):
        revision.entry.latest, revision.entry.state = revision, EntryState.SUBMITTED
    CheckMark.objects.bulk_create(_marks(cells, revisions))
    newest = Revision.objects.filter(entry=OuterRef("pk")).order_by("-number").values("pk")[:1]
    Entry.objects.filter(pk__in=entries).update(latest=Subquery(newest), state=EntryState.SUBMITTED)
    Draft.objects.filter(entry__in=entries, person=person).delete()
    tell(told=told, actor=person, at=at, channel=channel)
    return revisions


def _change(revision: Revision) -> Change:
    verb = Verb.CORRECT if revision.entry.approved_id else Verb.SUBMIT
    return Change(verb, revision, _facts(revision.entry.latest), _facts(revision), revision.reason)


def _marks(cells: Sequence[Cell], revisions: Sequence[Revision]) -> Iterator[CheckMark]:
    for cell, revision in zip(cells, revisions, strict=True):
        for item_id, mark in cell.marks.items():
            yield CheckMark(revision=revision, item_id=item_id, mark=mark)


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
        on_behalf_of=cell.on_behalf_of.strip(),
        source=cell.source,
        source_name=cell.source_name,
        submitted_at=at,
        **cell.values,
    )


def _facts(revision: Revision | None) -> dict[str, Any] | None:
    if revision is None:
        return None
    figures = ("numerator", "denominator", "value", "outcome", "decided_on", "band", "percent")
    names = ("number", *figures, "note", "on_behalf_of")
    return {name: getattr(revision, name) for name in names if getattr(revision, name) not in (None, "")}
