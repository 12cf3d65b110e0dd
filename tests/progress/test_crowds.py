"""Many people at once, on whatever database the tests run."""

import itertools
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier
from threading import Event as Bell

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.journal.models import Chain, Event
from apps.journal.queries import chain_flaws, content_flaws
from apps.progress.actions import (
    Brought,
    Cell,
    FigureChanged,
    NotCounting,
    NotWaiting,
    approve,
    attach,
    open_rounds,
    return_,
    save_drafts,
    submit,
    take_back,
)
from apps.progress.enums import EntryState, Verdict
from apps.progress.models import Draft, Entry, Evidence, Review, Revision, Round, Standing
from apps.progress.queries import drifts
from tests.factories import UserFactory
from tests.progress.world import NOW, TODAY, make_world, values

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 8
IS_LONG = bool(os.environ.get("PERFTRACK_LONG"))
PATIENCE = 600 if IS_LONG else 60
SAVES = 50 if IS_LONG else 5


def at_once(act):
    """Call `act(number)` in eight threads that start together, and return what they came to, in order."""
    start = Barrier(CROWD)

    def run(number):
        try:
            start.wait(PATIENCE)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as crowd:
        return [future.result(PATIENCE) for future in [crowd.submit(run, number) for number in range(CROWD)]]


@pytest.fixture
def crowded(whole_world):
    """Return the world, its division's eight reporters, and the keys of its August cells."""
    reporters = [UserFactory(role=Role.REPORTER, unit=whole_world.division) for _number in range(CROWD)]
    return whole_world, [person.pk for person in reporters], [entry.pk for entry in whole_world.cells()]


def whole_grid(entries, number, seen):
    return [Cell(pk, values((number, 100)), seen=seen.get(pk, 0)) for pk in entries]


def assert_journal_is_whole():
    assert [flaw for chain in Chain.objects.select_related("bureau") for flaw in chain_flaws(chain)] == []
    assert list(content_flaws()) == []
    assert Chain.objects.get().length == Event.objects.count()


def test_of_eight_who_saw_the_same_empty_grid_one_gets_it_whole(crowded):
    _world, people, entries = crowded

    def act(number):
        person = User.objects.get(pk=people[number])
        try:
            return submit(cells=whole_grid(entries, number, {}), person=person, today=TODAY, at=NOW)
        except FigureChanged as refusal:
            return refusal.sentence

    results = at_once(act)

    sentences = [result for result in results if isinstance(result, str)]
    assert len(sentences) == CROWD - 1
    winner = next(number for number, result in enumerate(results) if not isinstance(result, str))
    assert set(sentences) == {
        f"“荔湾”在您打开页面之后已由{User.objects.get(pk=people[winner])}改为 {winner}/100，请核对后再提交。"
    }
    assert {(row.number, row.numerator) for row in Revision.objects.all()} == {(1, winner)}
    assert Revision.objects.count() == len(entries)
    assert_journal_is_whole()


def test_eight_who_read_again_all_get_through_and_no_update_is_lost(crowded):
    _world, people, entries = crowded

    def act(number):
        person = User.objects.get(pk=people[number])
        for attempt in range(1, 200):
            seen = dict(Entry.objects.filter(latest__isnull=False).values_list("pk", "latest__number"))
            try:
                submit(cells=whole_grid(entries, number, seen), person=person, today=TODAY, at=NOW)
            except FigureChanged:
                continue
            return attempt
        return None

    assert None not in at_once(act)
    for entry in Entry.objects.filter(pk__in=entries).select_related("latest"):
        assert sorted(entry.revisions.values_list("number", flat=True)) == list(range(1, CROWD + 1))
        assert entry.latest.number == CROWD
    in_order = [set(Revision.objects.filter(number=n).values_list("numerator", flat=True)) for n in range(1, CROWD + 1)]
    assert all(len(figures) == 1 for figures in in_order)  # a grid goes in whole or not at all
    assert len(set.union(*in_order)) == CROWD
    assert_journal_is_whole()


def test_eight_reviews_at_once_all_count_in_the_standing(crowded):
    world, _people, _entries = crowded
    revisions = world.submit([(number, 100) for number in range(1, 12)])
    heads = [UserFactory(role=Role.HEAD, unit=world.division).pk for _number in range(CROWD)]

    def act(number):
        reviewer = User.objects.get(pk=heads[number])
        return approve(revision_ids=[revisions[number].pk], reviewer=reviewer, today=TODAY, at=NOW)

    at_once(act)

    standing = Standing.objects.get()
    assert (standing.numerator, standing.reported, standing.asked) == (sum(range(1, CROWD + 1)), CROWD, 11)
    assert list(drifts(world.bureau)) == []
    assert_journal_is_whole()


def test_of_eight_who_approve_the_same_figure_one_does(crowded):
    world, _people, _entries = crowded
    revision = world.submit([(9, 10)])[0]
    heads = [UserFactory(role=Role.HEAD, unit=world.division).pk for _number in range(CROWD)]

    def act(number):
        reviewer = User.objects.get(pk=heads[number])
        try:
            return len(approve(revision_ids=[revision.pk], reviewer=reviewer, today=TODAY, at=NOW))
        except NotWaiting:
            return 0

    assert sum(at_once(act)) == 1
    assert Review.objects.count() == 1
    assert_journal_is_whole()


def test_eight_nights_at_once_open_each_round_once(db):
    world = make_world(is_open=False)

    opened = at_once(lambda number: len(open_rounds(bureau=world.bureau, today=TODAY, at=NOW)))

    assert sorted(opened) == [0] * (CROWD - 1) + [8]
    assert (Round.objects.count(), Entry.objects.count()) == (8, 24)
    assert_journal_is_whole()


class Office:
    """Eight people in one grid at once: four fill it, one approves, one returns, one takes back, one brings files.

    Who fills reads the grid, types into some of its cells and submits, again and again until so many went in. The others go on
    until that is done. What was acknowledged is kept.
    """

    def __init__(self, world, entries):
        self.world, self.entries = world, entries
        self.fillers = [UserFactory(role=Role.REPORTER, unit=world.division).pk for _number in range(4)]
        self.others = [UserFactory(role=Role.HEAD, unit=world.division).pk for _number in range(3)]
        self.others.append(UserFactory(role=Role.REPORTER, unit=world.division).pk)
        self.is_over = Bell()
        self.typed: dict[int, int] = {}  # by the revision's key
        self.deeds: list[str] = []  # acknowledged, by the name of the action

    @property
    def done(self) -> Counter[str]:
        return Counter(self.deeds)

    def work(self, number):
        if number >= 4:
            self.go_on(User.objects.get(pk=self.others[number - 4]), number, Random(number))
            return
        try:
            self.fill(User.objects.get(pk=self.fillers[number]), number, Random(number))
        finally:
            if number == 0:
                self.is_over.set()

    def fill(self, person, number, chance):
        saved = 0
        for figure in range(number + 1, 10**4, 4):
            wanted = chance.sample(self.entries, chance.choice((1, 3, len(self.entries))))
            seen = dict(Entry.objects.filter(latest__isnull=False).values_list("pk", "latest__number"))
            cells = [
                Cell(pk, values((figure, 10**6)), seen=seen.get(pk, 0), reason="更正", note=f"已核对 {figure}")
                for pk in wanted
            ]
            made = self.attempt(FigureChanged, submit, cells=cells, person=person, today=TODAY, at=NOW)
            if made is not None:
                self.typed |= {row.pk: figure for row in made}
                saved += 1
            if saved >= SAVES and (number or all(self.done[name] for name in ("approve", "return_", "take_back"))):
                return

    def go_on(self, person, number, chance):
        deed = (self.approve, self.return_, self.take_back, self.bring)[number - 4]
        for turn in itertools.count():
            if self.is_over.is_set():
                return
            deed(person, chance, turn)

    def approve(self, person, chance, turn):
        for pk in self.chosen(chance, "latest", state=EntryState.SUBMITTED):
            self.attempt(NotWaiting, approve, revision_ids=[pk], reviewer=person, today=TODAY, at=NOW)

    def return_(self, person, chance, turn):
        for pk in self.chosen(chance, "latest", state=EntryState.SUBMITTED):
            self.attempt(NotWaiting, return_, revision_ids=[pk], reviewer=person, reason="请核对", at=NOW)

    def take_back(self, person, chance, turn):
        for pk in self.chosen(chance, "approved", approved__isnull=False):
            self.attempt(NotCounting, take_back, revision_ids=[pk], reviewer=person, reason="错了", today=TODAY, at=NOW)

    def bring(self, person, chance, turn):
        entry = Entry.objects.get(pk=chance.choice(self.entries))
        file = Brought(ContentFile(b"%PDF-1.4\n% " + str(turn).encode() + b"\n%%EOF\n"), f"{turn}.pdf")
        self.attempt((), attach, entry=entry, files=[file], person=person, today=TODAY, at=NOW)
        self.attempt((), save_drafts, texts={entry.pk: {"numerator": str(turn)}}, person=person, at=NOW)

    def chosen(self, chance, column, **which):
        found = list(Entry.objects.filter(pk__in=self.entries, **which).values_list(column, flat=True))
        return chance.sample(found, 1) if found else []

    def attempt(self, refusal, deed, **words):
        """Do it and keep that it was acknowledged; None where it was refused as it may be. Nothing else may go wrong."""
        try:
            made = deed(**words)
        except refusal:
            return None
        self.deeds.append(deed.__name__)
        return made


def verdicts_of(entry):
    """Return the last verdict on each of a cell's revisions, by the revision's number."""
    reviews = Review.objects.filter(revision__entry=entry).order_by("pk")
    return dict(reviews.values_list("revision__number", "verdict"))


def test_eight_who_fill_approve_return_take_back_and_bring_files_lose_nothing(crowded, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world, _people, entries = crowded
    office = Office(world, entries)

    at_once(office.work)

    assert dict(Revision.objects.values_list("pk", "numerator")) == office.typed
    assert office.done["submit"] >= 4 * SAVES
    assert Review.objects.count() == office.done["approve"] + office.done["return_"] + office.done["take_back"]
    assert Evidence.objects.count() == office.done["attach"] == office.done["save_drafts"]
    assert sorted(Evidence.objects.values_list("number", flat=True)) == list(range(1, office.done["attach"] + 1))
    states = {
        None: EntryState.SUBMITTED,
        Verdict.APPROVED: EntryState.APPROVED,
        Verdict.RETURNED: EntryState.RETURNED,
        Verdict.TAKEN_BACK: EntryState.SUBMITTED,
    }
    for entry in Entry.objects.filter(pk__in=entries, latest__isnull=False).select_related("latest", "approved"):
        assert sorted(entry.revisions.values_list("number", flat=True)) == list(range(1, entry.latest.number + 1))
        verdicts = verdicts_of(entry)
        assert entry.state == states[verdicts.get(entry.latest.number)]
        counting = max((number for number, word in verdicts.items() if word == Verdict.APPROVED), default=None)
        assert (entry.approved.number if entry.approved else None) == counting
    assert list(drifts(world.bureau)) == []
    assert_journal_is_whole()


def test_of_eight_who_send_the_same_page_one_gets_through_and_nobody_loses_what_was_typed(crowded):
    world, people, entries = crowded
    path = reverse("progress:grid", args=[world.round_of(8).pk, world.measure.pk])
    clients = [Client() for _person in people]
    for client, pk in zip(clients, people, strict=True):
        client.force_login(User.objects.get(pk=pk))

    def act(number):
        typed = {"numerator": str(number + 1), "denominator": "100", "seen": "0", "note": ""}
        return clients[number].post(path, {f"c{pk}-{name}": text for pk in entries for name, text in typed.items()})

    answers = at_once(act)

    assert sorted(answer.status_code for answer in answers) == [302] + [422] * (CROWD - 1)
    winner = next(number for number, answer in enumerate(answers) if answer.status_code == 302)
    assert {(row.number, row.numerator) for row in Revision.objects.all()} == {(1, winner + 1)}
    assert Revision.objects.count() == len(entries)
    kept = {(draft.person_id, draft.fields["numerator"]) for draft in Draft.objects.all()}
    assert kept == {(pk, str(number + 1)) for number, pk in enumerate(people) if number != winner}
    assert Draft.objects.count() == len(entries) * (CROWD - 1)
    assert_journal_is_whole()
