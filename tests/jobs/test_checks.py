"""The nightly check of standings keeps book of itself."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from apps.calculation.scheme_reading import SchemeRefused
from apps.jobs.enums import JobKind, JobState
from apps.jobs.models import Job
from apps.plans.models import Scheme
from apps.progress.actions import rebuild_standings
from apps.progress.models import Standing
from apps.progress.tasks import check_standings
from tests.factories import IndicatorTermsFactory, PlanVersionFactory, TargetFactory

pytestmark = pytest.mark.django_db
NIGHT = datetime(2016, 9, 5, 18, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _night():
    with time_machine.travel(NIGHT, tick=False):
        yield


@pytest.fixture
def standing():
    """Return the stored standing of the only indicator of the only bureau with a plan."""
    version = PlanVersionFactory()
    TargetFactory(indicator=IndicatorTermsFactory(version=version).indicator)
    rebuild_standings(bureau=version.plan.project.bureau, today=date(2016, 9, 6))
    return Standing.objects.get()


@pytest.mark.usefixtures("standing")
def test_when_all_is_as_it_should_be_the_job_says_so():
    check_standings()

    job = Job.objects.get()
    assert (job.kind, job.state, job.outcome) == (JobKind.CHECK_STANDINGS, JobState.DONE, "全部一致。")
    assert (job.finished_steps, job.steps, job.started_at, job.ended_at) == (1, 1, NIGHT, NIGHT)


def test_a_standing_that_was_tampered_with_fails_the_job_with_a_sentence(standing):
    Standing.objects.update(actual=Decimal(99))

    check_standings()

    job = Job.objects.get()
    assert job.state == JobState.FAILED
    assert job.outcome.startswith("1 处不一致，第一处：")
    assert "实际值存的是 99，" in job.outcome
    assert str(standing.indicator) in job.outcome


@pytest.mark.usefixtures("standing")
def test_a_check_that_breaks_off_says_so_and_is_not_silent():
    Scheme.objects.update(content={})

    with pytest.raises(SchemeRefused):
        check_standings()

    job = Job.objects.get()
    assert (job.state, job.outcome) == (JobState.FAILED, "核对中途出错，详见日志。")
