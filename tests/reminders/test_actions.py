"""Telling people what they owe, each thing once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.calendars.models import CalendarDay, DemonstrationDay
from apps.outbox.models import Mail
from apps.progress.actions import approve
from apps.progress.enums import EntryState
from apps.reminders import actions
from apps.reminders.models import Digest, Notice
from tests.factories import RevisionFactory
from tests.reminders.world import TEN, WEEK

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def at(day, hour, minute=0):
    """Return a moment of September 2016 in Shanghai."""
    return datetime(2016, 9, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def test_each_person_gets_one_mail_of_the_day_with_all_they_owe(world):
    first, second = world.cell(), world.cell()
    world.submitted()
    assert actions.send_digests(now=TEN) == 2
    to_reporter = Mail.objects.get(recipient=world.reporter.email)
    assert to_reporter.subject == "【perftrack】9月6日 待办 2 项"
    assert to_reporter.text.count("/reminders/go/") == 2
    assert to_reporter.html.count("/reminders/go/") == 2
    assert str(first.member) in to_reporter.text
    assert str(second.member) in to_reporter.html
    assert "演示" not in to_reporter.text
    digest = Digest.objects.get(person=world.reporter)
    assert (digest.told_on, digest.mail) == (date(2016, 9, 6), to_reporter)
    notices = Notice.objects.filter(person=world.reporter).values_list("obligation", "stage", "mail")
    assert set(notices) == {(f"entry:{cell.pk}", "due-3/2016-09-08", to_reporter.pk) for cell in (first, second)}


def test_a_second_run_on_the_same_day_writes_nothing_even_of_new_things(world):
    world.cell()
    actions.send_digests(now=TEN)
    world.cell()
    assert actions.send_digests(now=TEN + timedelta(hours=2)) == 0
    assert Mail.objects.count() == 1


def test_the_next_working_day_tells_only_what_is_new(world):
    world.cell()
    actions.send_digests(now=at(5, 10))
    late = world.cell()
    assert actions.send_digests(now=at(6, 10)) == 1
    mail = Mail.objects.latest("pk")
    assert (mail.subject, str(late.member) in mail.text) == ("【perftrack】9月6日 待办 1 项", True)


def test_with_nothing_to_tell_there_is_no_mail_and_no_digest(world):
    assert actions.send_digests(now=TEN) == 0
    assert not Digest.objects.exists()


@pytest.mark.parametrize("moment", [at(6, 8, 59), at(6, 20), at(10, 10), at(11, 10)])
def test_before_nine_in_the_evening_and_on_rest_days_nothing_is_written(world, moment):
    world.cell()
    assert actions.send_digests(now=moment) == 0


def test_a_make_up_saturday_is_a_working_day(world):
    world.cell()
    CalendarDay.objects.create(date=date(2016, 9, 10), is_workday=True, source="国办通知")
    assert actions.send_digests(now=at(10, 10)) == 2


def test_a_cell_is_told_at_each_step_until_it_is_in_then_never_again(world):
    cell = world.cell()
    told = []
    for day in range(1, 31):
        if day == 14:
            RevisionFactory(entry=cell, submitted_by=world.reporter)
        actions.send_digests(now=at(day, 10))
    told = list(Notice.objects.filter(person=world.reporter).order_by("pk").values_list("stage", flat=True))
    heads = list(Notice.objects.filter(person=world.head).order_by("pk").values_list("stage", flat=True))
    assert [stage.partition("/")[0] for stage in told] == ["due-5", "due-3", "due-1", "due-0", "overdue-1", "overdue-3"]
    assert [stage.partition("/")[0] for stage in heads[:2]] == ["overdue-1", "overdue-3"]
    assert [stage.partition("-")[0] for stage in heads[2:]] == ["upto"]


def test_a_day_on_which_nothing_ran_is_caught_up(world):
    world.cell()
    actions.send_digests(now=at(1, 10))
    actions.send_digests(now=at(7, 15))
    assert [row.stage.partition("/")[0] for row in Notice.objects.order_by("pk")] == ["due-5", "due-1"]


def test_a_demonstration_day_is_its_own_morning_and_says_what_it_is(world):
    world.cell()
    DemonstrationDay.objects.create(date=date(2016, 9, 6))
    assert actions.send_digests(now=datetime(2026, 8, 8, 20, 0, tzinfo=UTC)) == 1
    mail = Mail.objects.get()
    assert mail.subject == "【perftrack】9月6日 待办 1 项"
    assert mail.text.startswith("【演示数据】")
    assert "演示数据" in mail.html


def test_what_was_done_between_looking_and_writing_is_not_told(world):
    cell = world.cell()
    from apps.reminders.queries import obligations

    [(_person, owed)] = obligations(date(2016, 9, 6), WEEK)
    RevisionFactory(entry=cell, submitted_by=world.reporter)
    assert actions.tell_digest(person=world.reporter, owed=owed, today=date(2016, 9, 6), days=WEEK, now=TEN) is None
    assert not Digest.objects.exists()
    assert not Notice.objects.exists()


def test_what_fails_for_one_person_keeps_nobody_waiting(world, caplog):
    told = []

    def tell(person, owed):
        if person == world.head:
            raise ValueError("a mail that cannot be written")
        told.append((person, owed))
        return Mail()

    everybody = [(world.head.pk, []), (0, []), (world.reporter.pk, ["a line"])]
    assert actions._told(everybody, tell) == 1
    assert told == [(world.reporter, ["a line"])]
    assert f"Person {world.head.pk} could not be told" in caplog.text


def test_people_read_their_own_language(world):
    world.cell()
    User.objects.filter(pk=world.reporter.pk).update(language="en")
    actions.send_digests(now=TEN)
    assert "6 Sep" in Mail.objects.get().subject


def test_returned_figures_are_told_at_once_in_a_mail_of_their_own_and_not_in_the_digest(world):
    cell, second = world.returned(), world.returned()
    moment = at(5, 15)
    assert actions.send_returns(now=moment) == 1
    mail = Mail.objects.get()
    assert mail.subject == "【perftrack】9月5日 2 项数据被退回"
    assert "请核对分母。" in mail.text
    assert str(cell.member) in mail.html
    assert str(second.member) in mail.html
    assert actions.send_returns(now=moment) == 0
    assert actions.send_digests(now=moment) == 0
    assert not Digest.objects.exists()


def test_a_figure_that_comes_back_twice_is_told_twice(world):
    from tests.factories import ReviewFactory

    cell = world.returned()
    actions.send_returns(now=at(5, 15))
    revision = RevisionFactory(entry=cell, submitted_by=world.reporter)
    ReviewFactory(revision=revision, verdict="returned", reviewer=world.head)
    assert actions.send_returns(now=at(6, 15)) == 1


@pytest.mark.parametrize(("moment", "count"), [(at(5, 7, 59), 0), (at(5, 8), 1), (at(5, 20), 0), (at(4, 10), 0)])
def test_returned_figures_wait_for_working_hours(world, moment, count):
    world.returned()
    assert actions.send_returns(now=moment) == count


def test_an_approved_figure_is_silence(world):
    cell = world.submitted()
    approve(revision_ids=[cell.latest_id], reviewer=world.head, today=date(2016, 9, 6), at=TEN)
    cell.refresh_from_db()
    assert cell.state == EntryState.APPROVED
    assert actions.send_digests(now=at(9, 10)) == actions.send_returns(now=at(9, 10)) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_cost_of_a_person_does_not_grow_with_what_they_owe(world, count, django_assert_max_num_queries):
    for _ in range(count):
        world.cell()
    with django_assert_max_num_queries(25):
        assert actions.send_digests(now=TEN) == 1


def test_a_role_alone_is_no_reason_for_a_mail(world):
    world.person(Role.LEADER, world.bureau)
    world.person(Role.AUDITOR, world.bureau)
    world.cell()
    actions.send_digests(now=TEN)
    assert list(Digest.objects.values_list("person", flat=True)) == [world.reporter.pk]
