"""Putting files behind figures, and putting others in their place. Nothing that was there is ever deleted."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO, Final, cast

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.calculation.residents import ResidentNumbers, resident_numbers, resident_numbers_in
from apps.files.actions import FileRefused, store_file
from apps.files.models import StoredFile
from apps.files.queries import readable_texts
from apps.journal.actions import Change
from apps.journal.enums import Channel, Verb
from apps.plans.models import Measure
from apps.progress.actions.cells import locked, tell
from apps.progress.actions.locks import covered_years, hand_of, refuse_files
from apps.progress.actions.refusals import Refused
from apps.progress.enums import EntryState
from apps.progress.models import Entry, Evidence, Review
from apps.progress.queries.evidence import AFTER_REVIEW, DUPLICATE, PERSONAL

MOST_FILES: Final = 20
MOST_SAME: Final = 5
NAME_LENGTH: Final = 200
NOTE_LENGTH: Final = 200


class TooManyFiles(Refused):
    """More files at once than one request takes."""


class FileUnfit(Refused):
    """A file that cannot take another's place, for what it is or for what it is called."""


class PersonalNumbers(Refused):
    """A file with numbers that name residents, and no sentence that says why it has to be kept so."""


class SupersededAlready(Refused):
    """A file that another took the place of, or that was set aside."""


class SupersededWithoutReason(Refused):
    """A file that is put away without a word."""


class SuccessorMissing(Refused):
    """A file behind a figure that was submitted, put away with nothing in its place."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file on its way behind an entry. `note` says what it is, and why it is kept where residents are named in it."""

    content: File
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class FileWord:
    """A sentence about one of several files, by the name it came with."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """What became of the files of one request: those that are there now, those refused, those that wait for a sentence."""

    added: list[Evidence] = field(default_factory=list)
    refused: list[FileWord] = field(default_factory=list)
    asked: list[FileWord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file in the store that is not yet behind an entry."""

    file: StoredFile
    name: str
    note: str
    findings: list[dict[str, Any]]


def attach(
    *,
    entry: Entry,
    files: Sequence[Brought],
    person: User,
    today: date,
    at: datetime,
    channel: Channel = Channel.PAGE,
) -> Attachment:
    """Put files behind an entry, numbered within their measure's year, one event each; good ones go in, bad ones get a sentence.

    Who may submit the cell may, under the same locks; a reviewed figure may get more. A file in which residents are named
    waits for a note. The same file elsewhere in the bureau is noted and not refused; in the same cell it is not needed twice.
    Contents are stored before the transaction, which stays short. Raises the refusals of `locks` and `TooManyFiles`.
    """
    if len(files) > MOST_FILES:
        raise TooManyFiles(_("一次最多上传 %(most)s 个文件，请分几次上传。") % {"most": MOST_FILES}, entry.pk)
    _refuse(entry, person, today)
    done, kept = Attachment(), []
    for brought in files:
        try:
            kept.append(_kept(brought, person, at))
        except FileRefused as refusal:
            done.refused.append(FileWord(brought.name, str(refusal)))
        except PersonalNumbers as question:
            done.asked.append(FileWord(brought.name, question.sentence))
    with transaction.atomic():
        fresh = _locked(entry.pk, person, today) if kept else entry
        new, again = _without_repeats(fresh, kept)
        done.refused.extend(again)
        done.added.extend(_add(fresh, new, person, at))
        tell(told=[(fresh, _attached(row)) for row in done.added], actor=person, at=at, channel=channel)
    return done


def supersede(
    *,
    evidence: Evidence,
    reason: str,
    person: User,
    today: date,
    at: datetime,
    successor_file: Brought | None = None,
    channel: Channel = Channel.PAGE,
) -> Evidence | None:
    """Put another file in a file's place and return it; the old one stays, struck through, with who, when and why.

    While no reviewer had it before them (`may_set_aside`), who brought a file may set it aside with nothing in its place: None
    is returned.
    Same hands and locks as `attach`. Raises those refusals and the ones above.
    """
    if not reason.strip():
        raise SupersededWithoutReason(
            _("请写明为什么替换或撤下“%(name)s”。") % {"name": evidence.name}, evidence.entry_id
        )
    _refuse(evidence.entry, person, today)
    kept = _successor(successor_file, evidence, person, at)
    with transaction.atomic():
        entry = _locked(evidence.entry_id, person, today)
        old = Evidence.objects.get(pk=evidence.pk)
        old.entry = entry
        _refuse_superseding(old, entry, person, kept)
        successor = _add(entry, [kept], person, at)[0] if kept else None
        old.superseded_by, old.superseded_at, old.superseded_reason = person, at, reason.strip()
        old.successor = successor
        old.save(update_fields=["superseded_by", "superseded_at", "superseded_reason", "successor"])
        facts = {"superseded_at": at, "successor_id": successor.pk if successor else None}
        told = [(entry, _attached(successor))] if successor else []
        told.append((entry, Change(Verb.SUPERSEDE, old, {"number": old.number}, facts, old.superseded_reason)))
        tell(told=told, actor=person, at=at, channel=channel)
    return successor


def files_refusal(*, entry: Entry, person: User, today: date) -> Refused | None:
    """Return what forbids the person to put files behind an entry, None where nothing does. Three queries."""
    try:
        _refuse(entry, person, today)
    except Refused as refusal:
        return refusal
    return None


def may_set_aside(*, evidence: Evidence, person: User) -> bool:
    """Tell whether a file may go with nothing in its place: its person's own, in a cell that is not submitted with it yet.

    Of a returned figure, that is what came after the return. `entry` should be loaded; one query for a returned figure.
    """
    entry = evidence.entry
    if evidence.added_by_id != person.pk:
        return False
    if entry.state != EntryState.RETURNED:
        return entry.latest_id is None
    returned = Review.objects.filter(revision=entry.latest_id).order_by("pk").last()
    return returned is not None and evidence.added_at > returned.reviewed_at


def _refuse(entry: Entry, person: User, today: date) -> None:
    refuse_files(entry, hand_of(person, [entry], today), covered_years([entry]), today)


def _locked(entry_id: int, person: User, today: date) -> Entry:
    """Return the entry with its measure's numbers to itself, after its locks were tried once more."""
    entry = locked(Entry.objects.filter(pk=entry_id))[0]
    _refuse(entry, person, today)
    Measure.objects.select_for_update(no_key=True).get(pk=entry.measure_id)
    return entry


def _kept(brought: Brought, person: User, at: datetime) -> _Kept:
    """Store a file; raises `FileRefused`, and `PersonalNumbers` before anything of it is kept."""
    name = brought.name.replace("\0", "").strip()[-NAME_LENGTH:]
    note = brought.note.replace("\0", "").strip()[:NOTE_LENGTH]
    findings = list(_personal(name, brought.content))
    if findings and not note:
        raise PersonalNumbers(_personal_question(name, findings))
    return _Kept(store_file(content=brought.content, name=name, person=person, at=at), name, note, findings)


def _personal(name: str, content: File) -> Iterable[dict[str, Any]]:
    """Yield what names residents in a file's name and in its words, as counts: the numbers themselves are not kept."""
    inside = ResidentNumbers()
    if content.file is not None and content.size <= settings.FILE_SIZE_LIMIT:
        inside = resident_numbers_in(readable_texts(cast("BinaryIO", content.file)))
    for where, numbers in (("name", resident_numbers(name)), ("content", inside)):
        if numbers:
            counts = {"identity_cards": numbers.identity_cards, "mobile_phones": numbers.mobile_phones}
            yield {"code": PERSONAL, "where": where, **counts}


def _personal_question(name: str, findings: Iterable[dict[str, Any]]) -> str:
    numbers = sum((ResidentNumbers(row["identity_cards"], row["mobile_phones"]) for row in findings), ResidentNumbers())
    return _("“%(name)s”里有 %(numbers)s。请隐去后重新上传；确需保留，请写一句理由。") % {
        "name": name,
        "numbers": numbers.sentence.in_language(get_language() or "zh-hans"),
    }


def _successor(brought: Brought | None, evidence: Evidence, person: User, at: datetime) -> _Kept | None:
    if brought is None:
        return None
    try:
        return _kept(brought, person, at)
    except FileRefused as refusal:
        raise FileUnfit(str(refusal), evidence.entry_id) from refusal


def _refuse_superseding(old: Evidence, entry: Entry, person: User, kept: _Kept | None) -> None:
    words = {"name": old.name}
    if old.superseded_at is not None:
        raise SupersededAlready(_("“%(name)s”已经被替换或撤下，请刷新。") % words, entry.pk)
    if kept is None and not may_set_aside(evidence=old, person=person):
        raise SuccessorMissing(
            _("“%(name)s”只能用新文件替换：数据提交之前，由上传人本人才可以直接撤下。") % words, entry.pk
        )
    if kept is not None and _in_cell(entry, [kept]):
        raise FileUnfit(_("“%(name)s”已经在这一格里，不能用来替换。") % {"name": kept.name}, entry.pk)


def _in_cell(entry: Entry, kept: Collection[_Kept]) -> dict[int, str]:
    """Return the names of the files in force behind the entry whose content is among the kept, by the content's id."""
    rows = Evidence.objects.in_force().filter(entry=entry, file__in={row.file.pk for row in kept})
    return dict(rows.values_list("file", "name"))


def _without_repeats(entry: Entry, kept: Sequence[_Kept]) -> tuple[list[_Kept], list[FileWord]]:
    """Return the files that are not yet in the cell, and a sentence for each that is."""
    there, new, again = _in_cell(entry, kept) if kept else {}, [], []
    for row in kept:
        if row.file.pk in there:
            words = {"name": row.name, "there": there[row.file.pk]}
            again.append(FileWord(row.name, _("“%(name)s”与本格已有的“%(there)s”内容相同，没有重复添加。") % words))
        else:
            there[row.file.pk] = row.name
            new.append(row)
    return new, again


def _add(entry: Entry, kept: Sequence[_Kept], person: User, at: datetime) -> list[Evidence]:
    """Append the files, numbered on within the measure's year. The measure is locked."""
    if not kept:
        return []
    year, same = entry.round.fiscal_year, _same(entry, kept)
    of_year = Evidence.objects.filter(measure=entry.measure_id, fiscal_year=year)
    last = of_year.aggregate(last=Max("number"))["last"] or 0
    is_late = entry.state == EntryState.APPROVED
    rows = [
        Evidence(
            entry=entry,
            measure=entry.measure,
            fiscal_year=year,
            number=number,
            file=row.file,
            name=row.name,
            note=row.note,
            findings=[
                *row.findings,
                *([{"code": DUPLICATE, "evidence": same[row.file.pk]}] if row.file.pk in same else []),
                *([{"code": AFTER_REVIEW}] if is_late else []),
            ],
            added_by=person,
            added_at=at,
        )
        for number, row in enumerate(kept, start=last + 1)
    ]
    return Evidence.objects.bulk_create(rows)


def _same(entry: Entry, kept: Sequence[_Kept]) -> dict[int, list[int]]:
    """Return the first files in force elsewhere in the bureau with the same content, by the content's id. One query."""
    rows = Evidence.objects.in_force().filter(
        file__in={row.file.pk for row in kept}, entry__round__bureau=entry.round.bureau
    )
    found: dict[int, list[int]] = {}
    for file, pk in rows.exclude(entry=entry).order_by("pk").values_list("file", "pk"):
        if len(found.setdefault(file, [])) < MOST_SAME:
            found[file].append(pk)
    return found


def _attached(row: Evidence) -> Change:
    facts = {"number": row.number, "name": row.name, "sha256": row.file.sha256, "note": row.note}
    noticed = [finding["code"] for finding in row.findings]
    return Change(Verb.ATTACH, row, None, {**facts, "findings": noticed} if noticed else facts)
