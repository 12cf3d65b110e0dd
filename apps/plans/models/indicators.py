"""Indicators: a target and a weight on a measure, under a goal and under a class."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.files.models import StoredFile
from apps.plans.enums import (
    Basis,
    EqualMeans,
    Level1,
    Level2,
    Operator,
    Origin,
    Pairing,
    Path,
    ScopeRule,
    Span,
    TargetStatus,
)
from apps.plans.models.measures import FIGURES, Measure, Member
from apps.plans.models.projects import Goal, Plan, PlanVersion
from apps.plans.querysets import IndicatorQuerySet, SettledQuerySet
from apps.ui.formats import in_language


class GoalTerms(models.Model):
    """A goal's wording in one version of the plan, beside the words of the source, slips of the pen included."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="goals", verbose_name=_("目标版本"))
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="terms", verbose_name=_("绩效目标"))
    text = models.TextField(_("目标内容"))
    original_text = models.TextField(_("原文"))

    class Meta:
        verbose_name = verbose_name_plural = _("目标内容")
        ordering = ["version", "goal__number", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "goal"], name="goal_terms_once")]

    def __str__(self) -> str:
        return self.text


class Indicator(models.Model):
    """An indicator's identity: a place in a plan and the measure it looks at. Several may look at one measure."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="indicators", verbose_name=_("年度绩效目标"))
    code = models.CharField(_("编号"), max_length=20)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="indicators", verbose_name=_("数据项"))

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("绩效指标")
        ordering = ["plan", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="indicator_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.measure}"


class IndicatorTerms(models.Model):
    """What one version of the plan says of an indicator: wording, goal, class, weight. Without a weight it is tracked only.

    `has_suggested_weight` marks a weight that the plan's source does not give: shown as a suggestion until it is confirmed.
    """

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="indicators", verbose_name=_("目标版本"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="terms", verbose_name=_("绩效指标"))
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="indicator_terms", verbose_name=_("绩效目标"))
    position = models.PositiveSmallIntegerField(_("顺序"))
    name = models.CharField(_("指标名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    original_text = models.TextField(_("原文"))
    level1 = models.CharField(_("一级指标"), max_length=20, choices=Level1)
    level2 = models.CharField(_("二级指标"), max_length=20, choices=Level2)
    weight = models.DecimalField(_("分值"), max_digits=5, decimal_places=2, null=True, blank=True)
    has_suggested_weight = models.BooleanField(_("分值为建议值"), default=False)
    pairing = models.CharField(_("与目标的对应"), max_length=20, choices=Pairing, default=Pairing.CONFIRMED)
    is_soft = models.BooleanField(_("软性表述"), default=False)
    evidence = models.CharField(_("佐证要求"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("指标内容")
        ordering = ["version", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "indicator"], name="indicator_terms_once"),
            models.CheckConstraint(
                condition=models.Q(weight=None) | models.Q(weight__gt=0, weight__lte=100),
                name="indicator_weight_in_range",
                violation_error_message=_("分值应大于 0，且不超过 100；不计分的指标请留空。"),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Target(models.Model):
    """One version of an indicator's target; append-only, the highest number in force by its effective date counts.

    `version` is the version of the plan that brings it: only proposed, and still changed in place, until that version is
    approved. NULL for a target that no version brings: published, or decided by a document later.

    `value` is the number of a fixed target. On another basis the number is `factor` × basis + `offset`, resolved by the
    calculation, and `value` stays NULL. `reference_value` is what the source gives for another year: shown, never used.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets", verbose_name=_("绩效指标"))
    version = models.ForeignKey(
        PlanVersion, models.CASCADE, null=True, blank=True, related_name="targets", verbose_name=_("目标版本")
    )
    number = models.PositiveSmallIntegerField(_("版本"))
    operator = models.CharField(_("指标性质"), max_length=20, choices=Operator)
    equal_means = models.CharField(_("等于的含义"), max_length=10, choices=EqualMeans, default=EqualMeans.FLOOR)
    basis = models.CharField(_("依据"), max_length=20, choices=Basis, default=Basis.FIXED)
    value = models.DecimalField(_("指标值"), **FIGURES, null=True, blank=True)
    high = models.DecimalField(_("上限"), **FIGURES, null=True, blank=True)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    factor = models.DecimalField(_("系数"), **FIGURES, default=1)
    offset = models.DecimalField(_("加减"), **FIGURES, default=0)
    step = models.DecimalField(_("最小变动"), **FIGURES, null=True, blank=True)
    years = models.PositiveSmallIntegerField(_("取前几年"), null=True, blank=True)
    span = models.CharField(_("覆盖时间"), max_length=20, choices=Span, default=Span.YEAR)
    scope = models.CharField(_("范围"), max_length=20, choices=ScopeRule, default=ScopeRule.TOGETHER)
    scope_count = models.PositiveSmallIntegerField(_("至少个数"), null=True, blank=True)
    members = models.ManyToManyField(Member, through="TargetMember", related_name="targets")
    path = models.CharField(_("进度路径"), max_length=20, choices=Path)
    status = models.CharField(_("确定程度"), max_length=20, choices=TargetStatus)
    effective_on = models.DateField(_("生效日期"))
    document = models.CharField(_("审定文件"), max_length=200, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("文件")
    )
    decided_by = models.CharField(_("审定机关"), max_length=100, blank=True)
    reference_value = models.DecimalField(_("参考值"), **FIGURES, null=True, blank=True)
    reference_year = models.PositiveSmallIntegerField(_("参考年度"), null=True, blank=True)
    reason = models.TextField(_("说明"), blank=True)
    origin = models.CharField(_("来源"), max_length=20, choices=Origin)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entered_targets",
        verbose_name=_("录入人"),
    )
    entered_at = models.DateTimeField(_("录入时间"))

    always_told = models.Q(origin=Origin.DECISION)

    objects = SettledQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("指标值")
        ordering = ["indicator", "number"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="target_once"),
            models.CheckConstraint(
                name="target_number_of_status",
                condition=models.Q(status=TargetStatus.PENDING)
                | models.Q(operator__in=[Operator.DATE, Operator.QUALITATIVE])
                | ~models.Q(basis=Basis.FIXED)
                | models.Q(value__isnull=False),
                violation_error_message=_("已定或暂定的指标值不能为空；尚未确定的请标为“待定”。"),
            ),
            models.CheckConstraint(
                name="target_pending_has_no_number",
                condition=~models.Q(status=TargetStatus.PENDING, basis=Basis.FIXED, value__isnull=False)
                | ~models.Q(scope=ScopeRule.TOGETHER),
                violation_error_message=_("待定的指标没有指标值；上年的数请填在参考值里。"),
            ),
            models.CheckConstraint(
                name="target_range_has_high",
                condition=models.Q(operator=Operator.RANGE, high__isnull=False)
                | (~models.Q(operator=Operator.RANGE) & models.Q(high=None)),
                violation_error_message=_("区间指标要有上限，其他指标没有上限。"),
            ),
            models.CheckConstraint(
                name="target_date_has_due",
                condition=~models.Q(operator=Operator.DATE) | models.Q(due_on__isnull=False),
                violation_error_message=_("按期完成的指标要有期限。"),
            ),
            models.CheckConstraint(
                name="target_scope_count",
                condition=models.Q(scope=ScopeRule.AT_LEAST, scope_count__gte=1)
                | (~models.Q(scope=ScopeRule.AT_LEAST) & models.Q(scope_count=None)),
                violation_error_message=_("“至少若干个”要写明个数。"),
            ),
            models.CheckConstraint(
                name="target_years_of_basis",
                condition=models.Q(basis=Basis.MEAN_OF_YEARS, years__gte=1)
                | (~models.Q(basis=Basis.MEAN_OF_YEARS) & models.Q(years=None)),
                violation_error_message=_("以前几年平均为依据的指标要写明取几年。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.number}"


class TargetMember(models.Model):
    """A member named by a target that speaks of some members only."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="named", verbose_name=_("指标值"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="named_in", verbose_name=_("成员"))

    class Meta:
        verbose_name = verbose_name_plural = _("指标成员")
        constraints = [models.UniqueConstraint(fields=["target", "member"], name="target_member_once")]

    def __str__(self) -> str:
        return str(self.member)


class PlannedFigure(models.Model):
    """What a target with a plan of its own expects by the end of a period, counted like the measure from the year's start."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="planned", verbose_name=_("指标值"))
    ends_on = models.DateField(_("期末"))
    value = models.DecimalField(_("应达"), **FIGURES)

    class Meta:
        verbose_name = verbose_name_plural = _("分期计划")
        ordering = ["target", "ends_on"]
        constraints = [models.UniqueConstraint(fields=["target", "ends_on"], name="planned_figure_once")]

    def __str__(self) -> str:
        return f"{self.ends_on}"
