"""The calendar in the administration: a day may be corrected when the State Council's notice for a year comes out."""

from django.contrib import admin
from django.utils import timezone

from apps.accounts.admin import Administered
from apps.accounts.queries import home_bureau
from apps.calendars.actions import set_day
from apps.calendars.models import CalendarDay
from apps.journal.enums import Channel


@admin.register(CalendarDay)
class CalendarDayAdmin(Administered):
    """Which days are worked."""

    list_display = ["date", "is_workday", "name", "status", "source"]
    list_filter = ["is_workday", "status"]
    date_hierarchy = "date"
    ordering = ["-date"]
    search_fields = ["name"]

    def get_readonly_fields(self, request, obj=None):
        return ["date"] if obj else []

    def save_model(self, request, obj, form, change):
        """Set the day by the action that writes it down."""
        day = set_day(
            date=obj.date,
            is_workday=obj.is_workday,
            name=obj.name,
            source=obj.source,
            status=obj.status,
            by=request.user,
            bureau=home_bureau(request.user),
            at=timezone.now(),
            channel=Channel.ADMIN,
        )
        obj.pk = day.pk
