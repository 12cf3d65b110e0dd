"""Where indicators are."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.plans.models import Indicator, PlanVersion, Target
from apps.progress.enums import StandingStatus
from apps.progress.models.rounds import Round

WORKED_OUT: dict[str, Any] = {"max_digits": 32, "decimal_places": 12}


class Standing(models.Model):
    """Where an indicator is: facts from reviewed figures, and the status they had on a day against a target.

    Written in the transaction of whatever changes it. `actual` NULL is "no figure", zero is zero, and 0 ÷ 0 is the status
    `not_applicable`. `noted` is the last event about a past year's result of the measure that is in it, NULL for none. A
    reader whose day, target, version or `noted` differs asks `queries.standings` to work the status out anew.
    """

    indicator = models.OneToOneField(Indicator, models.CASCADE, related_name="standing", verbose_name=_("绩效指标"))
    actual = models.DecimalField(_("实际值"), **WORKED_OUT, null=True, blank=True)
    numerator = models.DecimalField(_("分子"), **WORKED_OUT, null=True, blank=True)
    denominator = models.DecimalField(_("分母"), **WORKED_OUT, null=True, blank=True)
    target_value = models.DecimalField(_("指标值"), **WORKED_OUT, null=True, blank=True)
    baseline = models.DecimalField(_("基期值"), **WORKED_OUT, null=True, blank=True)
    expected = models.DecimalField(_("应达"), **WORKED_OUT, null=True, blank=True)
    achievement = models.DecimalField(_("完成率"), **WORKED_OUT, null=True, blank=True)
    met = models.PositiveSmallIntegerField(_("达标成员数"), null=True, blank=True)
    reported = models.PositiveSmallIntegerField(_("已报成员数"), default=0)
    asked = models.PositiveSmallIntegerField(_("应报成员数"), default=0)
    missing = models.JSONField(_("未报成员"), default=list)
    status = models.CharField(_("状态"), max_length=20, choices=StandingStatus)
    round = models.ForeignKey(
        Round, models.PROTECT, null=True, blank=True, related_name="standings", verbose_name=_("填报期")
    )
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, related_name="standings", verbose_name=_("指标值版本")
    )
    version = models.ForeignKey(
        PlanVersion, models.PROTECT, null=True, blank=True, related_name="standings", verbose_name=_("目标版本")
    )
    dated_on = models.DateField(_("状态日期"))
    noted = models.PositiveBigIntegerField(_("所据上年结果"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("完成情况")

    def __str__(self) -> str:
        return f"{self.indicator} · {self.get_status_display()}"
