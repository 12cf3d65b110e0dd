"""Approving and returning figures."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.enums import Role
from apps.journal.enums import Verb
from apps.journal.models import Event
from apps.progress import actions
from apps.progress.actions import approve, return_
from apps.progress.enums import EntryState, StandingStatus, Verdict
from apps.progress.models import Entry, Review, Standing
from tests.factories import AssignmentFactory, BureauFactory, StoredFileFactory, UserFactory
from tests.progress.world import NOW, TODAY, make_world

pytestmark = pytest.mark.django_db


def refusal(kind, revisions, reviewer, verb="approve", reason="请核对分母"):
    """Return the sentence and the cell of the refusal, having made sure that nothing was written."""
    ids = [getattr(revision, "pk", revision) for revision in revisions]
    before = (Review.objects.count(), Event.objects.count())
    acts = {
        "approve": lambda: approve(revision_ids=ids, reviewer=reviewer, today=TODAY, at=NOW),
        "return": lambda: return_(revision_ids=ids, reviewer=reviewer, reason=reason, at=NOW),
    }
    with pytest.raises(kind) as caught:
        acts[verb]()
    assert (Review.objects.count(), Event.objects.count()) == before
    assert not Entry.objects.filter(approved__isnull=False).exists()
    return caught.value.sentence, caught.value.entry_id


def both(test):
    return pytest.mark.parametrize("verb", ["approve", "return"])(test)


def test_an_approved_figure_counts_and_its_standing_is_written_with_it(world):
    revisions = world.submit([(9, 10), (8, 10), (7, 10)])

    reviews = world.approve(revisions)

    assert [(row.verdict, row.reviewer, row.reviewed_at) for row in reviews] == [
        (Verdict.APPROVED, world.head, NOW)
    ] * 3
    assert [entry.state for entry in world.cells()] == [EntryState.APPROVED] * 3
    assert [entry.approved_id for entry in world.cells()] == [revision.pk for revision in revisions]
    standing = Standing.objects.get()
    assert (standing.actual, standing.numerator, standing.denominator) == (Decimal(80), 24, 30)
    assert (standing.status, standing.dated_on) == (StandingStatus.ON_PACE, TODAY)


def test_a_returned_figure_does_not_count_and_carries_its_reason(world):
    revisions = world.submit([(9, 10)])

    reviews = return_(revision_ids=[revisions[0].pk], reviewer=world.head, reason="  分母少了  ", at=NOW)

    entry = world.cells()[0]
    assert (reviews[0].verdict, reviews[0].reason) == (Verdict.RETURNED, "分母少了")
    assert (entry.state, entry.latest, entry.approved) == (EntryState.RETURNED, revisions[0], None)
    assert not Standing.objects.filter(actual__isnull=False).exists()


def test_a_figure_goes_on_counting_while_its_correction_is_returned(world):
    first = world.count([(9, 10)])[0]
    second = world.submit([(8, 10)], reason="核减")[0]

    return_(revision_ids=[second.pk], reviewer=world.head, reason="请附台账", at=NOW)

    entry = world.cells()[0]
    assert (entry.state, entry.approved, entry.latest) == (EntryState.RETURNED, first, second)
    assert Standing.objects.get().numerator == 9


@both
@pytest.mark.parametrize("role", [role for role in Role if role != Role.HEAD])
def test_no_other_role_reviews(world, role, verb):
    revisions = world.submit([(9, 10)])

    sentence, _entry_id = refusal(actions.NotYourReview, revisions, world.people[role], verb)

    cell = f"{world.measure} · 荔湾 · 2016年8月"
    assert sentence == f"“{cell}”由{world.division}审核，您不能审核。"


@both
def test_the_head_of_another_division_does_not_review(world, verb):
    stranger = UserFactory(role=Role.HEAD, unit=BureauFactory())

    refusal(actions.NotYourReview, world.submit([(9, 10)]), stranger, verb)


@both
def test_nobody_reviews_their_own_figure(world, verb):
    AssignmentFactory(user=world.head, unit=world.division, role=Role.REPORTER)
    revisions = world.submit([(9, 10)], person=world.head)

    sentence, entry_id = refusal(actions.OwnEntry, revisions, world.head, verb)

    assert sentence == f"“{world.measure} · 荔湾 · 2016年8月”是您自己填报的，须由他人审核。"
    assert entry_id == world.cells()[0].pk


@both
def test_nobody_reviews_their_own_figure_in_a_bundle(world, verb):
    AssignmentFactory(user=world.head, unit=world.division, role=Role.REPORTER)
    others = world.submit([(9, 10), (8, 10)])
    own = world.submit([None, None, (7, 10)], person=world.head)

    refusal(actions.OwnEntry, [*others, *own], world.head, verb)

    assert {entry.state for entry in world.cells()} == {EntryState.SUBMITTED}


@both
def test_nobody_reviews_a_figure_typed_on_behalf_of_another(world, verb):
    AssignmentFactory(user=world.head, unit=world.division, role=Role.REPORTER)
    revisions = world.submit([(9, 10)], person=world.head, on_behalf_of="市公安局", source=StoredFileFactory())

    refusal(actions.OwnEntry, revisions, world.head, verb)


@both
def test_a_figure_that_was_submitted_anew_is_not_reviewed_as_it_was(world, verb):
    looked_at = world.submit([(9, 10)])
    world.submit([(8, 10)])

    sentence, _entry_id = refusal(actions.NotWaiting, looked_at, world.head, verb)

    assert sentence == "所选数据中有的已被他人处理或重新提交，请刷新后再审核。没有任何数据被改动。"


@both
def test_a_returned_figure_is_not_reviewed_again(world, verb):
    revisions = world.submit([(9, 10)])
    return_(revision_ids=[revisions[0].pk], reviewer=world.head, reason="请核对", at=NOW)

    sentence, _entry_id = refusal(actions.NotWaiting, revisions, world.head, verb)

    assert sentence == f"“{world.measure} · 荔湾 · 2016年8月”目前是“已退回”，不在待审核之列。"


@both
def test_nothing_and_what_does_not_exist_are_refused(world, verb):
    refusal(actions.NotWaiting, [], world.head, verb)
    refusal(actions.NotWaiting, [*world.submit([(9, 10)]), 987654321], world.head, verb)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_return_without_a_reason_is_refused(world, reason):
    sentence, _entry_id = refusal(actions.ReturnWithoutReason, world.submit([(9, 10)]), world.head, "return", reason)

    assert sentence == "退回时请写明原因，填报人才知道要改什么。"


def test_the_database_refuses_a_return_without_a_reason(world):
    revision = world.submit([(9, 10)])[0]

    with pytest.raises(IntegrityError, match="review_return_has_reason"):
        Review.objects.create(revision=revision, verdict=Verdict.RETURNED, reviewer=world.head, reviewed_at=NOW)


def test_the_events_say_what_counts_now_and_why_it_went_back(world):
    revisions = world.submit([(9, 10), (8, 10)])
    world.approve(revisions[:1])
    return_(revision_ids=[revisions[1].pk], reviewer=world.head, reason="请核对", at=NOW)

    approved = Event.objects.get(verb=Verb.APPROVE)
    returned = Event.objects.get(verb=Verb.RETURN)
    assert (approved.before, approved.after) == ({"counts": None}, {"counts": revisions[0].pk})
    assert (approved.actor, approved.subject_id) == (world.head, revisions[0].pk)
    assert (returned.reason, returned.subject_id) == ("请核对", revisions[1].pk)


def test_neither_review_nor_standing_nor_event_outlives_a_transaction_that_fails(world):
    world.count([(9, 10), (8, 10), (7, 10)])
    second = world.submit([(6, 10)], reason="核减")
    before = (Review.objects.count(), Event.objects.count(), Standing.objects.get().numerator)

    def approve_and_fail():
        with transaction.atomic():
            world.approve(second)
            assert Standing.objects.get().numerator == 21
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        approve_and_fail()

    assert (Review.objects.count(), Event.objects.count(), Standing.objects.get().numerator) == before
    assert world.cells()[0].state == EntryState.SUBMITTED


def test_a_late_correction_moves_the_standing_of_its_own_year(world):
    world.count([(9, 10), (8, 10), (7, 10)])
    corrected = world.submit([(3, 10)], reason="审计核减")

    world.approve(corrected, today=date(2018, 2, 1))

    standing = Standing.objects.get()
    assert (standing.numerator, standing.dated_on) == (18, date(2018, 2, 1))


@pytest.mark.parametrize("districts", [1, 11])
def test_approving_costs_the_same_however_many_cells(django_assert_num_queries, districts):
    world = make_world(districts)
    revisions = world.submit([(9, 10)] * districts)
    head = world.head

    with django_assert_num_queries(19):
        approve(revision_ids=[row.pk for row in revisions], reviewer=head, today=TODAY, at=NOW)


@pytest.mark.parametrize("districts", [1, 11])
def test_returning_costs_the_same_however_many_cells(django_assert_num_queries, districts):
    world = make_world(districts)
    revisions = world.submit([(9, 10)] * districts)
    head = world.head

    with django_assert_num_queries(10):
        return_(revision_ids=[row.pk for row in revisions], reviewer=head, reason="请核对", at=NOW)
