"""Long work keeps book of itself."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from apps.jobs.actions import (
    JobEnded,
    advance_job,
    fail_job,
    finish_job,
    note_pulse,
    ring_worker,
    start_job,
    tell_job,
)
from apps.jobs.enums import JobState
from apps.jobs.models import Job
from apps.jobs.queries import has_pulse, last_ended, last_pulse
from apps.jobs.tasks import pulse
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def test_a_job_runs_from_its_start():
    person = UserFactory()

    job = start_job(kind="import", at=NIGHT, steps=3, person=person)

    assert (job.state, job.finished_steps, job.steps, job.started_by) == (JobState.RUNNING, 0, 3, person)


def test_steps_add_up():
    job = start_job(kind="import", at=NIGHT, steps=3)

    advance_job(job=job)
    advance_job(job=Job.objects.get(pk=job.pk), steps=1)
    job.refresh_from_db()

    assert job.finished_steps == 2


def test_a_finished_job_has_all_steps_and_a_sentence():
    job = start_job(kind="import", at=NIGHT, steps=3)

    finish_job(job=job, outcome="导入 3 行。", at=NIGHT + timedelta(minutes=1))

    assert (job.state, job.finished_steps, job.outcome) == (JobState.DONE, 3, "导入 3 行。")
    assert job.ended_at == NIGHT + timedelta(minutes=1)


def test_a_failed_job_stays_where_it_was():
    job = start_job(kind="import", at=NIGHT, steps=3)
    advance_job(job=job)

    fail_job(job=job, outcome="第 2 行读不懂。", at=NIGHT)

    assert (job.state, job.finished_steps, job.outcome) == (JobState.FAILED, 1, "第 2 行读不懂。")


@pytest.mark.parametrize(
    "news",
    [
        lambda job: advance_job(job=job),
        lambda job: finish_job(job=job, outcome="完成。", at=NIGHT),
        lambda job: fail_job(job=job, outcome="失败。", at=NIGHT),
    ],
)
def test_a_job_that_ended_takes_no_more_news(news):
    job = start_job(kind="import", at=NIGHT)
    finish_job(job=job, outcome="完成。", at=NIGHT)

    with pytest.raises(JobEnded):
        news(job)

    assert Job.objects.get().outcome == "完成。"


def test_work_goes_on_whatever_its_job_says():
    job = start_job(kind="import", at=NIGHT, steps=3)
    tell_job(job=job, news=advance_job, steps=2)
    fail_job(job=job, outcome="中途停止。", at=NIGHT)

    tell_job(job=job, news=advance_job, steps=1)
    tell_job(job=None, news=finish_job, outcome="完成。", at=NIGHT)

    row = Job.objects.get()
    assert (row.state, row.finished_steps, row.outcome) == (JobState.FAILED, 2, "中途停止。")


def test_a_bell_that_nobody_takes_is_only_noted(closed_broker, caplog):
    assert ring_worker(task="apps.documents.tasks.read_plan_import", row_id=7) is False
    assert "No bell for apps.documents.tasks.read_plan_import of 7" in caplog.text


def test_a_job_whose_worker_died_is_given_up_when_the_next_of_its_kind_begins():
    lost = start_job(kind="import", at=NIGHT)
    other = start_job(kind="export", at=NIGHT)

    start_job(kind="import", at=NIGHT + timedelta(hours=1))

    lost.refresh_from_db()
    other.refresh_from_db()
    assert (lost.state, lost.outcome) == (JobState.FAILED, "中途停止，没有留下结果。")
    assert other.state == JobState.RUNNING


def test_a_job_that_may_still_be_running_is_left_alone():
    running = start_job(kind="import", at=NIGHT)

    start_job(kind="import", at=NIGHT + timedelta(minutes=59))

    running.refresh_from_db()
    assert running.state == JobState.RUNNING


def test_the_last_job_that_ended_is_of_its_kind_and_has_ended():
    first = start_job(kind="import", at=NIGHT)
    finish_job(job=first, outcome="完成。", at=NIGHT)
    start_job(kind="import", at=NIGHT + timedelta(minutes=1))
    other = start_job(kind="export", at=NIGHT)
    finish_job(job=other, outcome="完成。", at=NIGHT + timedelta(minutes=2))

    assert last_ended("import") == first
    assert last_ended("backup") is None


@time_machine.travel(NIGHT, tick=False)
def test_the_pulse_task_notes_the_moment():
    assert last_pulse() is None

    pulse()

    assert last_pulse() == NIGHT


@pytest.mark.parametrize(("minutes", "expected"), [(0, True), (3, True), (4, False)])
def test_a_pulse_is_lost_after_three_minutes(minutes, expected):
    note_pulse(at=NIGHT)

    assert has_pulse(last_pulse(), NIGHT + timedelta(minutes=minutes)) is expected


def test_no_pulse_is_no_pulse():
    assert has_pulse(None, NIGHT) is False


def test_a_cache_that_is_away_means_that_nobody_knows(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }

    assert last_pulse() is None
