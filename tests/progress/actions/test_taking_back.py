"""Taking an approval back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from apps.accounts.enums import Role
from apps.journal.enums import Verb
from apps.journal.models import Event
from apps.progress import actions
from apps.progress.actions import approve, return_, take_back
from apps.progress.enums import EntryState, Verdict
from apps.progress.models import Review, Standing
from apps.progress.queries import drifts
from tests.factories import AssignmentFactory, BureauFactory, UserFactory
from tests.progress.world import NOW, TODAY, make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def undo(world, revisions, reviewer=None, reason="台账重复登记"):
    return take_back(
        revision_ids=[revision.pk for revision in revisions],
        reviewer=reviewer or world.head,
        reason=reason,
        today=TODAY,
        at=LATER,
    )


def refusal(kind, act):
    """Return the sentence and the cell of the refusal, having made sure that nothing was written."""
    before = (Review.objects.count(), Event.objects.count(), list(Standing.objects.values()))
    with pytest.raises(kind) as caught:
        act()
    assert (Review.objects.count(), Event.objects.count(), list(Standing.objects.values())) == before
    return caught.value.sentence, caught.value.entry_id


def cell(world):
    return world.cells()[0]


def test_the_figure_counts_no_more_and_waits_again(world):
    first, second, third = world.count([(9, 10), (8, 10), (1, 10)])

    reviews = undo(world, [third])

    assert [(row.revision, row.verdict, row.reason, row.reviewed_at) for row in reviews] == [
        (third, Verdict.TAKEN_BACK, "台账重复登记", LATER)
    ]
    assert [entry.approved for entry in world.cells()] == [first, second, None]
    assert [entry.state for entry in world.cells()] == ["approved", "approved", "submitted"]
    standing = Standing.objects.get()
    assert (standing.numerator, standing.reported, standing.missing) == (17, 2, [world.members[2].pk])
    assert list(drifts(world.bureau)) == []


def test_it_can_be_approved_or_returned_again(world):
    revisions = world.count([(9, 10), (8, 10)])
    undo(world, revisions)

    world.approve(revisions[:1])
    return_(revision_ids=[revisions[1].pk], reviewer=world.head, reason="请核对", at=LATER)

    assert [entry.state for entry in world.cells()] == ["approved", "returned", "pending"]
    assert Standing.objects.get().numerator == 9


def test_what_counted_before_counts_again(world):
    first = world.count([(9, 10)])[0]
    second = world.count([(8, 10)], reason="核减")[0]

    undo(world, [second])

    assert (cell(world).approved, cell(world).latest, cell(world).state) == (first, second, EntryState.SUBMITTED)
    assert Standing.objects.get().numerator == 9


def test_what_was_taken_back_itself_does_not_come_again(world):
    world.count([(9, 10)])
    second = world.count([(8, 10)], reason="核减")[0]
    undo(world, [second])
    third = world.count([(7, 10)], reason="再核减")[0]

    undo(world, [third])

    assert cell(world).approved.numerator == 9


def test_what_was_approved_a_second_time_does(world):
    first = world.count([(9, 10)])
    undo(world, first)
    world.approve(first)
    second = world.count([(8, 10)], reason="核减")

    undo(world, second)

    assert cell(world).approved == first[0]


def test_a_returned_correction_never_counted(world):
    first = world.count([(9, 10)])[0]
    sent_back = world.submit([(8, 10)], reason="核减")[0]
    return_(revision_ids=[sent_back.pk], reviewer=world.head, reason="请核对", at=NOW)
    third = world.count([(7, 10)], reason="再核减")[0]

    undo(world, [third])

    assert cell(world).approved == first


@pytest.mark.parametrize("is_returned", [True, False])
def test_a_correction_that_was_submitted_since_stays_where_it_is(world, is_returned):
    first = world.count([(9, 10)])[0]
    correction = world.submit([(8, 10)], reason="核减")[0]
    if is_returned:
        return_(revision_ids=[correction.pk], reviewer=world.head, reason="请核对", at=NOW)

    undo(world, [first])

    state = EntryState.RETURNED if is_returned else EntryState.SUBMITTED
    assert (cell(world).approved, cell(world).latest, cell(world).state) == (None, correction, state)
    assert Standing.objects.get().actual is None


@pytest.mark.parametrize("reason", ["", " \n"])
def test_it_needs_a_reason(world, reason):
    revisions = world.count([(9, 10)])

    sentence, _entry_id = refusal(actions.TakenBackWithoutReason, lambda: undo(world, revisions, reason=reason))

    assert sentence == "撤回审核时请写明原因。"


def test_another_head_of_the_division_may(world):
    colleague = UserFactory(role=Role.HEAD, unit=world.division)

    undo(world, world.count([(9, 10)]), colleague)

    assert cell(world).approved is None


@pytest.mark.parametrize("role", [role for role in Role if role != Role.HEAD])
def test_no_other_role_may(world, role):
    revisions = world.count([(9, 10)])

    sentence, entry_id = refusal(actions.NotYourReview, lambda: undo(world, revisions, world.people[role]))

    assert sentence == f"“{world.measure} · 荔湾 · 2016年8月”由{world.division}审核，您不能审核。"
    assert entry_id == cell(world).pk


def test_nor_may_the_head_of_another_division(world):
    revisions = world.count([(9, 10)])

    refusal(actions.NotYourReview, lambda: undo(world, revisions, UserFactory(role=Role.HEAD, unit=BureauFactory())))


def test_nobody_takes_back_the_approval_of_their_own_figure(world):
    AssignmentFactory(user=world.head, unit=world.division, role=Role.REPORTER)
    own = world.submit([(9, 10)], person=world.head)
    other = UserFactory(role=Role.HEAD, unit=world.division)
    approve(revision_ids=[own[0].pk], reviewer=other, today=TODAY, at=NOW)
    theirs = world.count([None, (8, 10)])

    sentence, _entry_id = refusal(actions.OwnEntry, lambda: undo(world, [*theirs, *own]))

    assert sentence == f"“{world.measure} · 荔湾 · 2016年8月”是您自己填报的，须由他人审核。"


def test_nobody_lets_a_figure_of_their_own_count_again(world):
    AssignmentFactory(user=world.head, unit=world.division, role=Role.REPORTER)
    other = UserFactory(role=Role.HEAD, unit=world.division)
    own = world.submit([(9, 10)], person=world.head)
    approve(revision_ids=[own[0].pk], reviewer=other, today=TODAY, at=NOW)
    correction = world.submit([(8, 10)], reason="核减")
    approve(revision_ids=[correction[0].pk], reviewer=other, today=TODAY, at=NOW)
    theirs = world.count([None, (8, 10)])

    sentence, entry_id = refusal(actions.OwnEntry, lambda: undo(world, [*theirs, *correction]))

    assert sentence == f"撤回后，“{world.measure} · 荔湾 · 2016年8月”将重新采用您自己填报的数据，须由他人撤回。"
    assert entry_id == cell(world).pk
    undo(world, correction, other)
    assert cell(world).approved == own[0]


def test_what_does_not_count_is_refused(world):
    waiting = world.submit([(9, 10)])
    counted = world.count([None, (8, 10)])
    undo(world, counted)

    for revisions in (waiting, counted, [], [*waiting, *world.count([None, None, (7, 10)])]):
        sentence, _entry_id = refusal(actions.NotCounting, lambda chosen=revisions: undo(world, chosen))
        assert sentence == "所选数据中有的已不是有效数据，请刷新后再撤回。没有任何数据被改动。"


def test_the_event_says_what_counted_and_counts_now_and_why(world):
    first = world.count([(9, 10)])[0]
    second = world.count([(8, 10)], reason="核减")[0]
    undo(world, [second])

    event = Event.objects.get(verb=Verb.TAKE_BACK)
    assert (event.before, event.after) == ({"counts": second.pk}, {"counts": first.pk})
    assert (event.reason, event.actor, event.subject_id) == ("台账重复登记", world.head, second.pk)


def test_nothing_of_it_outlives_a_transaction_that_fails(world):
    revisions = world.count([(9, 10)])
    before = (Review.objects.count(), Event.objects.count())

    def undo_and_fail():
        with transaction.atomic():
            undo(world, revisions)
            assert Standing.objects.get().actual is None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undo_and_fail()

    assert (Review.objects.count(), Event.objects.count()) == before
    assert Standing.objects.get().actual == Decimal(90)


@pytest.mark.parametrize("districts", [1, 11])
def test_it_costs_the_same_however_many_cells(django_assert_num_queries, districts):
    world = make_world(districts)
    revisions = world.count([(9, 10)] * districts)
    _duties = world.head.duties

    with django_assert_num_queries(20):
        undo(world, revisions)
