"""Filling the calendar."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.calendars.actions import YearUnknown, load_calendar
from apps.calendars.models import CalendarDay
from apps.calendars.queries import workdays
from apps.journal.models import Event
from tests.factories import BureauFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(("year", "count"), [(2016, 250), (2017, 249), (2025, 248), (2026, 248)])
def test_a_year_has_as_many_working_days_as_the_state_council_published(year, count):
    load_calendar(years=[year], authority=None, at=NOW)
    assert CalendarDay.objects.filter(is_workday=True).count() == count


def test_holidays_and_make_up_days_carry_their_name():
    load_calendar(years=[2016], authority=None, at=NOW)
    days = {row.date: row for row in CalendarDay.objects.all()}
    assert len(days) == 366
    assert (days[date(2016, 2, 8)].is_workday, days[date(2016, 2, 8)].name) == (False, "春节")
    assert (days[date(2016, 2, 6)].is_workday, days[date(2016, 2, 6)].name) == (True, "春节")
    assert (days[date(2016, 9, 6)].is_workday, days[date(2016, 9, 6)].name) == (True, "")
    assert {row.status for row in days.values()} == {"official"}


def test_the_day_before_new_years_holiday_is_counted_back_over_make_up_days():
    load_calendar(years=[2016, 2017], authority=None, at=NOW)
    calendar = workdays(date(2016, 1, 1), date(2017, 12, 31))
    assert calendar.before(date(2016, 10, 10), 1) == date(2016, 10, 9)
    assert calendar.before(date(2016, 2, 15), 3) == date(2016, 2, 5)
    assert calendar.after(date(2017, 3, 31), 1) == date(2017, 4, 1)


def test_a_second_load_changes_nothing_and_leaves_what_an_administrator_changed():
    bureau = BureauFactory()
    assert load_calendar(years=[2016], authority=bureau, at=NOW) == [2016]
    CalendarDay.objects.filter(date=date(2016, 9, 6)).update(is_workday=False, name="台风停工")
    assert load_calendar(years=[2016], authority=bureau, at=NOW) == []
    assert CalendarDay.objects.get(date=date(2016, 9, 6)).name == "台风停工"
    (event,) = Event.objects.all()
    assert event.after == {"year": 2016, "days": 366, "workdays": 250}


def test_days_that_are_missing_are_added():
    load_calendar(years=[2016], authority=None, at=NOW)
    CalendarDay.objects.filter(date__month=12).delete()
    assert load_calendar(years=[2016], authority=None, at=NOW) == [2016]
    assert CalendarDay.objects.count() == 366


def test_a_year_that_nobody_published_is_refused_and_nothing_is_added():
    with pytest.raises(YearUnknown) as refusal:
        load_calendar(years=[2016, 2099], authority=None, at=NOW)
    assert refusal.value.year == 2099
    assert not CalendarDay.objects.exists()


def test_the_command_says_what_it_did():
    said = []
    for _ in range(2):
        out = StringIO()
        call_command("load_calendar", "2016", "2017", stdout=out)
        said.append(out.getvalue().strip())
    assert said == ["已载入工作日历：2016、2017", "工作日历没有变化。"]


def test_the_command_refuses_an_unpublished_year_with_a_sentence():
    with pytest.raises(CommandError, match="2099"):
        call_command("load_calendar", "2099")
