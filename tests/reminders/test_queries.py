"""Who owes what and was not told."""

from datetime import date
from uuid import uuid4

import pytest

from apps.accounts.enums import Role
from apps.accounts.models import Assignment, User
from apps.plans.enums import TargetStatus
from apps.reminders import queries
from apps.reminders.enums import Sort
from apps.reminders.models import Notice
from tests.factories import AssignmentFactory, ReviewFactory, RevisionFactory, RoundFactory, TargetFactory
from tests.reminders.world import TEN, TUESDAY, WEEK

pytestmark = pytest.mark.django_db


def owed(day=TUESDAY, people=None):
    """Return what everybody owes, as plain values."""
    return {
        person: [(row.sort, row.subject_id, row.key, row.stage, row.count) for row in rows]
        for person, rows in queries.obligations(day, WEEK, people)
    }


def tell(person, obligation, stage):
    Notice.objects.create(person=person, obligation=obligation, stage=stage, batch=uuid4(), line="", told_at=TEN)


def test_an_open_cell_is_owed_by_the_reporters_of_its_unit(world):
    cell = world.cell()
    second = world.person(Role.REPORTER, world.office)
    world.person(Role.REPORTER, world.division)
    line = (Sort.DUE, cell.pk, f"entry:{cell.pk}", "due-1/2016-09-08", 1)
    assert owed(date(2016, 9, 7)) == {world.reporter.pk: [line], second.pk: [line]}


def test_an_overdue_cell_is_owed_by_the_reporter_and_known_to_the_head(world):
    cell = world.cell()
    assert owed(date(2016, 9, 9)) == {
        world.reporter.pk: [(Sort.OVERDUE, cell.pk, f"entry:{cell.pk}", "overdue-1/2016-09-08", 1)],
        world.head.pk: [(Sort.LATE, cell.pk, f"entry:{cell.pk}", "overdue-1/2016-09-08", 1)],
    }


def test_a_head_who_reports_too_is_told_once(world):
    world.cell()
    AssignmentFactory(user=world.head, unit=world.office, role=Role.REPORTER)
    assert [line[0] for line in owed(date(2016, 9, 9))[world.head.pk]] == [Sort.OVERDUE]


def test_what_was_told_at_this_stage_is_not_owed_again_and_the_next_stage_is(world):
    cell = world.cell()
    tell(world.reporter, f"entry:{cell.pk}", "due-1/2016-09-08")
    assert owed(date(2016, 9, 7)) == {}
    assert [line[3] for line in owed(date(2016, 9, 8))[world.reporter.pk]] == ["due-0/2016-09-08"]


def test_what_was_told_to_one_is_still_owed_by_the_other(world):
    cell = world.cell()
    second = world.person(Role.REPORTER, world.office)
    tell(world.reporter, f"entry:{cell.pk}", "due-1/2016-09-08")
    assert list(owed(date(2016, 9, 7))) == [second.pk]


def test_a_missed_stage_is_told_late_and_an_older_one_never_after_a_later(world):
    world.cell()
    stages = [
        owed(date(2016, 9, day))[world.reporter.pk][0][3].partition("/")[0] for day in (1, 2, 5, 6, 7, 8, 9, 12, 13)
    ]
    assert stages == ["due-5", "due-5", "due-3", "due-3", "due-1", "due-0", "overdue-1", "overdue-1", "overdue-3"]


def test_a_round_that_is_not_open_or_closed_owes_nothing(world):
    world.cell(round=RoundFactory(bureau=world.bureau, month=9))
    world.cell(round=RoundFactory(bureau=world.bureau, month=7, closed_at=TEN))
    assert owed() == {}


def test_a_figure_that_is_in_is_no_longer_owed_by_the_reporter(world):
    world.submitted()
    assert world.reporter.pk not in owed(date(2016, 9, 9))


@pytest.mark.parametrize("fields", [{"email": ""}, {"is_active": False}])
def test_who_cannot_be_reached_is_left_out(world, fields):
    world.cell()
    User.objects.filter(pk=world.reporter.pk).update(**fields)
    assert owed() == {}


def test_a_role_that_has_ended_owes_nothing(world):
    world.cell()
    Assignment.objects.filter(user=world.reporter).update(ends_at=TEN)
    assert owed() == {}


def test_waiting_figures_are_one_line_per_round_and_measure(world):
    first, _second = world.submitted(), world.submitted()
    latest = world.submitted().latest_id
    key = f"review:{world.round.pk}:{world.measure.pk}"
    assert owed() == {world.head.pk: [(Sort.REVIEW, first.pk, key, f"upto-{latest:012}", 3)]}


def test_waiting_figures_are_told_again_only_when_something_new_waits(world):
    earlier, later = world.submitted(), world.submitted()
    key = f"review:{world.round.pk}:{world.measure.pk}"
    tell(world.head, key, f"upto-{later.latest_id:012}")
    assert owed() == {}
    ReviewFactory(revision=later.latest, reviewer=world.head)
    assert owed() == {}, "a smaller set is not a new one"
    newest = world.submitted().latest_id
    assert owed() == {world.head.pk: [(Sort.REVIEW, earlier.pk, key, f"upto-{newest:012}", 2)]}


def test_nobody_is_asked_to_review_their_own_figure(world):
    RevisionFactory(entry=world.cell(), submitted_by=world.head)
    assert owed() == {}


def test_a_target_that_is_not_final_is_owed_by_the_officer_once_a_month(world):
    provisional, pending = world.unsettled(), world.unsettled(TargetStatus.PENDING)
    lines = [(Sort.TARGET, row.pk, f"target:{row.pk}", "month-2016-09", 1) for row in (provisional, pending)]
    assert owed() == {world.officer.pk: lines}
    tell(world.officer, f"target:{provisional.pk}", "month-2016-09")
    assert owed() == {world.officer.pk: lines[1:]}
    assert len(owed(date(2016, 10, 10))[world.officer.pk]) == 2


def test_a_target_that_was_decided_is_settled_from_its_day_on(world):
    indicator = world.unsettled()
    TargetFactory(indicator=indicator, number=2, status=TargetStatus.FINAL, effective_on=date(2016, 9, 7))
    assert list(owed(date(2016, 9, 6))) == [world.officer.pk]
    assert owed(date(2016, 9, 7)) == {}


def test_a_returned_figure_goes_to_who_submitted_it(world):
    cell = world.returned()
    review = cell.latest.reviews.get()
    [(person_id, [row])] = queries.returns()
    assert (person_id, row.sort, row.key, row.stage) == (
        world.reporter.pk,
        Sort.RETURNED,
        f"entry:{cell.pk}",
        f"returned:{review.pk}",
    )
    tell(world.reporter, row.key, row.stage)
    assert list(queries.returns()) == []


def test_a_returned_figure_of_someone_who_left_goes_to_the_reporters(world):
    gone = world.person(Role.REPORTER, world.office, is_active=False)
    world.returned(submitted_by=gone)
    assert [person_id for person_id, _rows in queries.returns()] == [world.reporter.pk]


def test_a_returned_figure_is_in_the_digest_only_from_the_next_stage_on(world):
    world.returned()  # on Monday, 5 September, the day of due-3
    assert owed(date(2016, 9, 5)) == {}
    assert owed(date(2016, 9, 6)) == {}
    assert [line[3] for line in owed(date(2016, 9, 7))[world.reporter.pk]] == ["due-1/2016-09-08"]


def test_people_can_be_narrowed(world, another_world):
    other = another_world()
    world.cell()
    other.cell()
    assert list(owed(people=User.objects.filter(pk=other.reporter.pk).values("pk"))) == [other.reporter.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_six_queries_find_everything_however_many_people(world, another_world, count, django_assert_num_queries):
    for each in [world, *(another_world() for _ in range(count - 1))]:
        for _ in range(count):
            each.cell()
            each.submitted()
            each.unsettled()
    with django_assert_num_queries(6):
        assert len(owed(date(2016, 9, 9))) == 3 * count


@pytest.mark.parametrize("count", [1, 3])
def test_two_queries_find_all_returns(world, another_world, count, django_assert_num_queries):
    for each in [world, *(another_world() for _ in range(count - 1))]:
        each.returned()
    with django_assert_num_queries(2):
        assert len(list(queries.returns())) == count


def test_the_lines_say_what_is_owed_and_why(world, settings):
    settings.SITE_URL = "https://perftrack.test"
    cell = world.cell()
    [(person_id, rows)] = queries.obligations(date(2016, 9, 7), WEEK)
    [line] = queries.lines(rows, date(2016, 9, 7), WEEK)
    assert line.title == f"门禁安装数 · {cell.member} · 2016年8月"
    assert line.state == "截止 9月8日 周四，还有 1 个工作日"
    assert line.why == "截止前 1 个工作日提醒。"
    assert line.link.startswith("https://perftrack.test/reminders/go/")
    assert queries.claim_of(line.link.rstrip("/").rpartition("/")[2]) == queries.Claim(person_id, cell.pk)


def test_a_round_out_of_turn_is_called_by_its_name(world):
    row = RoundFactory(bureau=world.bureau, title="节前检查", opened_by=world.officer)
    waiting = RevisionFactory(entry=world.cell(round=row), submitted_by=world.reporter).entry

    [line] = [
        line
        for _person, rows in queries.obligations(TUESDAY, WEEK)
        for line in queries.lines(rows, TUESDAY, WEEK)
        if line.obligation.subject_id == waiting.pk
    ]

    assert line.title == "门禁安装数 · 节前检查 · 2016年8月"


def test_the_lines_come_in_the_order_of_urgency(world):
    returned, cell, waiting, indicator = world.returned(), world.cell(), world.submitted(), world.unsettled()
    day = date(2016, 9, 9)
    everything = [row for _person, rows in queries.obligations(day, WEEK) for row in rows]
    everything += [row for _person, rows in queries.returns() for row in rows]
    found = queries.lines(everything, day, WEEK)
    assert [line.sort for line in found] == ["returned", "overdue", "overdue", "review", "late", "late", "target"]
    texts = [line.text for line in found]
    assert texts[0] == f"门禁安装数 · {returned.member} · 2016年8月：{world.head} 退回：“请核对分母。”"
    assert f"门禁安装数 · {cell.member} · 2016年8月：截止 9月8日 周四，已逾期 1 个工作日" in texts
    assert texts[3] == "门禁安装数 · 2016年8月：1 项待您审核"
    assert texts[6].endswith(f"{indicator.code} {indicator.terms.get().name}：指标值暂定，尚未审定")
    assert str(world.office) in found[4].why
    assert waiting.pk == found[3].obligation.subject_id


def test_what_was_done_meanwhile_has_no_line(world):
    cell = world.cell()
    [(_person, rows)] = queries.obligations(TUESDAY, WEEK)
    RevisionFactory(entry=cell)
    assert queries.lines(rows, TUESDAY, WEEK) == []
