"""Which days are worked, and which day a demonstration plays on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.calendars.enums import DayStatus


class CalendarDay(models.Model):
    """One day: worked or not, with its holiday's name and where that is known from."""

    date = models.DateField(_("日期"), unique=True)
    is_workday = models.BooleanField(_("工作日"))
    name = models.CharField(_("名称"), max_length=40, blank=True)
    source = models.CharField(_("来源"), max_length=60)
    status = models.CharField(_("状态"), max_length=20, choices=DayStatus, default=DayStatus.OFFICIAL)

    class Meta:
        verbose_name = verbose_name_plural = _("日历")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"


class DemonstrationDay(models.Model):
    """The day that the pages take for today while demonstration figures of a past year are loaded; at most one row.

    Only what is due, overdue or expected by now follows it. Moments written down (who submitted when) are always real.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    date = models.DateField(_("演示日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("演示日期")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="demonstration_day_is_one")]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"
