"""`manage.py load_plan_2016`."""

import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.calendars.models import CalendarDay
from apps.plans.models import Indicator
from tests.plans.conftest import FIXTURES


def run(**options):
    out = StringIO()
    call_command("load_plan_2016", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_one_command_loads_plan_schemes_and_calendar_and_the_second_changes_nothing():
    assert "项目12个，绩效目标12个，绩效指标15个" in run()
    assert Indicator.objects.count() == 15
    assert CalendarDay.objects.filter(date__year=2016, is_workday=True).count() == 250
    assert "没有变化" in run()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("missing", "sentence"), [("2016/plan.json", "plan.json"), ("schemes", "national-2020-without-satisfaction")]
)
def test_what_is_missing_is_said_in_a_sentence(tmp_path, missing, sentence):
    folder = tmp_path / "fixtures"
    shutil.copytree(FIXTURES, folder)
    path = folder / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(CommandError, match=sentence):
        run(fixtures=folder)
    assert not Indicator.objects.exists()


@pytest.mark.django_db
def test_a_scheme_that_cannot_be_used_is_said_in_a_sentence(tmp_path):
    folder = tmp_path / "fixtures"
    shutil.copytree(FIXTURES, folder)
    (folder / "schemes" / "national-2020.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CommandError, match="评分方案"):
        run(fixtures=folder)
    assert not Indicator.objects.exists()
