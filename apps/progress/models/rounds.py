"""Periods that are asked for."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Unit
from apps.plans.enums import Frequency
from apps.plans.models import Season
from apps.ui import formats


class Round(models.Model):
    """A bureau's period of one frequency or season, counted to the fiscal year in which it ends.

    `due_on` is already rolled to a working day. Rounds do not know plans: a measure of two plans is asked once. A round of
    milestones goes from New Year to their due date, so a year has one for every due date. An extra round has a title and was
    opened by a person; it asks only for what that person chose.
    """

    bureau = models.ForeignKey(Unit, models.PROTECT, related_name="rounds", verbose_name=_("单位"))
    frequency = models.CharField(_("频率"), max_length=20, choices=Frequency)
    season = models.ForeignKey(
        Season, models.PROTECT, null=True, blank=True, related_name="rounds", verbose_name=_("填报季")
    )
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    opens_on = models.DateField(_("开放日"))
    due_on = models.DateField(_("截止日"))
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)
    title = models.CharField(_("名称"), max_length=60, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opened_rounds",
        verbose_name=_("开放人"),
    )

    always_told = models.Q()

    class Meta:
        verbose_name = verbose_name_plural = _("填报期")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "frequency", "starts_on"],
                condition=models.Q(season=None, title="") & ~models.Q(frequency=Frequency.MILESTONE),
                name="round_once",
            ),
            models.UniqueConstraint(
                fields=["bureau", "starts_on", "ends_on"],
                condition=models.Q(season=None, title="", frequency=Frequency.MILESTONE),
                name="round_of_milestones_once",
            ),
            models.UniqueConstraint(
                fields=["bureau", "season", "starts_on"],
                condition=models.Q(season__isnull=False, title=""),
                name="round_of_season_once",
            ),
            models.UniqueConstraint(
                fields=["bureau", "title", "starts_on", "ends_on"],
                condition=~models.Q(title=""),
                name="extra_round_once",
                violation_error_message=_("同名、同期间的临时填报期已经有了。"),
            ),
            models.CheckConstraint(
                condition=models.Q(title="") | models.Q(opened_by__isnull=False),
                name="extra_round_has_opener",
                violation_error_message=_("临时填报期要有开放人。"),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on"), due_on__gte=models.F("opens_on")),
                name="round_days_in_order",
                violation_error_message=_("填报期的日期前后颠倒。"),
            ),
        ]

    def __str__(self) -> str:
        period = formats.period(self.starts_on, self.ends_on)
        return f"{self.title} · {period}" if self.title else period

    @property
    def is_extra(self) -> bool:
        """Tell whether somebody opened the round by hand."""
        return bool(self.title)
