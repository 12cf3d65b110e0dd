"""Many people at once, on whatever database the tests run."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.journal.models import Chain, Event
from apps.journal.queries import chain_flaws, content_flaws
from apps.progress.actions import Cell, FigureChanged, NotWaiting, approve, open_rounds, submit
from apps.progress.models import Entry, Review, Revision, Round, Standing
from apps.progress.queries import drifts
from tests.factories import UserFactory
from tests.progress.world import NOW, TODAY, make_world, values

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 8
PATIENCE = 60


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
