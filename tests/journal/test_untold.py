"""Rows that came without an event, and reviews that came or went without one."""

import pytest

from apps.journal.actions import Change, listed, record
from apps.journal.enums import Verb
from apps.journal.models import Event
from apps.journal.queries import untold_flaws
from apps.plans.enums import Origin
from apps.plans.models import Target
from apps.progress.actions import return_, take_back
from apps.progress.models import Entry, Review, Revision
from tests.factories import RoundFactory, TargetFactory
from tests.progress.world import NOW, TODAY

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    return list(untold_flaws())


def slip_in(revision) -> Revision:
    """Put a later word of its cell beside the revision, as nobody who uses the product can."""
    revision.pk, revision.number = None, revision.number + 1
    revision.save(force_insert=True)
    return revision


def test_what_people_did_has_its_events(world):
    first, *_others = world.count([(9, 10), (8, 10), (7, 10)], month=7)
    take_back(revision_ids=[first.pk], reviewer=world.head, reason="口径有误", today=TODAY, at=NOW)
    return_(revision_ids=[first.pk], reviewer=world.head, reason="请核对", at=NOW)

    assert told() == []


def test_a_figure_that_was_slipped_in_is_found(world):
    revision = slip_in(world.cells()[0].latest)

    assert told() == [f"填报版本“{revision}”（编号 {revision.pk}）没有任何日志事件，是绕过系统加进来的。"]


def test_a_round_that_was_slipped_in_is_found(world):
    row = RoundFactory(bureau=world.finance)

    assert told() == [f"填报期“{row}”（编号 {row.pk}）没有任何日志事件，是绕过系统加进来的。"]


def test_a_decided_target_needs_its_event_and_a_proposed_one_does_not(world):
    assert Target.objects.exclude(origin=Origin.DECISION).exists()
    target = TargetFactory(indicator=world.indicator, number=2, origin=Origin.DECISION)

    assert [f"编号 {target.pk}" in sentence for sentence in told()] == [True]


def test_rows_that_a_load_lists_need_none_of_their_own(world):
    rows = [slip_in(cell.latest) for cell in world.cells()[:2]]
    load = Change(Verb.LOAD, world.version, after=listed(rows))
    record(bureau=world.bureau, actor=None, changes=[load], at=NOW)

    assert told() == []


def test_a_listed_row_that_is_gone_is_found_unless_its_removal_was_told(world, forge):
    row = slip_in(world.cells()[0].latest)
    load = Change(Verb.LOAD, world.version, after=listed([row]))
    record(bureau=world.bureau, actor=None, changes=[load], at=NOW)
    forge("DELETE FROM progress_revision WHERE id = %s", row.pk)
    assert told() == [f"填报版本（编号 {row.pk}）是批量载入的，现已不存在，而日志没有说它被清除。"]

    removal = Change(Verb.REMOVE, world.version, {"removed": {"progress.revision": [row.pk]}})
    record(bureau=world.bureau, actor=None, changes=[removal], at=NOW)
    assert told() == []


def test_a_list_names_the_first_and_the_last_of_ids_that_follow_each_other(world):
    rows = [Entry(pk=pk) for pk in (7, 1, 2, 3)]

    assert listed(rows) == {"rows": {"progress.entry": [[1, 3], [7, 7]]}}


def test_a_review_that_is_gone_is_found(world, forge):
    review = Review.objects.order_by("pk").first()
    number = Event.objects.get(verb=Verb.APPROVE, subject_id=review.revision_id).number
    forge("DELETE FROM progress_review WHERE id = %s", review.pk)

    assert told() == [f"日志第 {number} 条（审核通过“{review.revision}”）所记的审核不见了或被改过。"]


def test_a_review_that_was_slipped_in_is_found(world):
    revision = world.submit([(6, 10)], reason="核减")[0]
    review = Review.objects.create(revision=revision, verdict="approved", reviewer=world.head, reviewed_at=NOW)

    assert told() == [f"审核（编号 {review.pk}，审核通过）没有相应的日志事件，是绕过系统加进来或改过的。"]


def test_a_review_that_was_put_into_another_mouth_is_found_from_both_sides(world, forge):
    review = Review.objects.order_by("pk").first()
    forge("UPDATE progress_review SET reviewer_id = %s WHERE id = %s", world.reporter.pk, review.pk)

    assert len(told()) == 2


def test_reviews_of_figures_that_were_removed_are_not_missed(world, forge):
    revision = world.cells()[0].latest
    Entry.objects.filter(latest=revision).update(latest=None, approved=None)
    forge("DELETE FROM progress_review WHERE revision_id = %s", revision.pk)
    forge("DELETE FROM progress_revision WHERE id = %s", revision.pk)
    removal = Change(Verb.REMOVE, world.version, {"removed": {"progress.revision": [revision.pk]}})
    record(bureau=world.bureau, actor=None, changes=[removal], at=NOW)

    assert told() == []


def test_looking_costs_the_same_for_many_rows(world, django_assert_max_num_queries):
    most = 36
    with django_assert_max_num_queries(most):
        assert told() == []
    world.count([(9, 10), (8, 10), (7, 10)], month=7)
    with django_assert_max_num_queries(most):
        assert told() == []
