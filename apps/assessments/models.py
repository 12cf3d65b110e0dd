"""A year, scored: three scores a line, each with its sentence."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.assessments.enums import AssessmentState
from apps.plans.models import Indicator, Plan, PlanVersion

POINTS: dict[str, Any] = {"max_digits": 6, "decimal_places": 2}


class Assessment(models.Model):
    """A plan's self-assessment as it was drawn up; `inputs` holds what it was computed from, `digest` their hash.

    Drawing up again makes the next number: an assessment is never recomputed in place.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="assessments", verbose_name=_("年度绩效目标"))
    number = models.PositiveSmallIntegerField(_("版本"))
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="assessments", verbose_name=_("目标版本"))
    state = models.CharField(_("状态"), max_length=20, choices=AssessmentState, default=AssessmentState.DRAFT)
    scheme = models.JSONField(_("评分方案"))
    inputs = models.JSONField(_("依据数据"))
    digest = models.CharField(_("依据哈希"), max_length=64)
    drawn_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assessments", verbose_name=_("生成人")
    )
    drawn_up_at = models.DateTimeField(_("生成时间"))

    always_told = models.Q()

    class Meta:
        verbose_name = verbose_name_plural = _("绩效自评")
        ordering = ["plan", "-number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="assessment_once")]

    def __str__(self) -> str:
        return f"{self.plan} · {self.number}"


class AssessmentLine(models.Model):
    """One line: the budget's execution (`indicator` NULL) or an indicator. NULL points mean "cannot be scored yet"."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="lines", verbose_name=_("绩效自评"))
    position = models.PositiveSmallIntegerField(_("顺序"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="assessment_lines", verbose_name=_("绩效指标")
    )
    weight = models.DecimalField(_("分值"), **POINTS)
    status = models.CharField(_("状态"), max_length=30)
    computed = models.DecimalField(_("系统分"), **POINTS, null=True, blank=True)
    claimed = models.DecimalField(_("自评分"), **POINTS, null=True, blank=True)
    claim_reason = models.TextField(_("自评说明"), blank=True)
    reviewed = models.DecimalField(_("复核分"), **POINTS, null=True, blank=True)
    review_reason = models.TextField(_("复核说明"), blank=True)
    sentence = models.TextField(_("计算说明"))
    sentence_en = models.TextField(_("英文计算说明"))

    class Meta:
        verbose_name = verbose_name_plural = _("自评行")
        ordering = ["assessment", "position"]
        constraints = [models.UniqueConstraint(fields=["assessment", "position"], name="assessment_line_once")]

    def __str__(self) -> str:
        return f"{self.assessment} · {self.position}"
