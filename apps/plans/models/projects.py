"""Projects, their years, and the versions of a year's plan."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Unit
from apps.files.models import StoredFile
from apps.plans.enums import OPEN_STATES, Attribute, Nature, Origin, StepKind, VersionState
from apps.plans.models.measures import Measure
from apps.plans.models.schemes import Scheme
from apps.plans.querysets import PlanQuerySet, PlanVersionQuerySet, ProjectQuerySet
from apps.ui.formats import in_language


class Project(models.Model):
    """What money is given for. Its execution is a measure like any other: money, running total, by funding source."""

    bureau = models.ForeignKey(Unit, models.PROTECT, related_name="projects", verbose_name=_("单位"))
    division = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="division_projects", verbose_name=_("责任处室")
    )
    number = models.CharField(_("项目编号"), max_length=20)
    function_code = models.CharField(_("科目编码"), max_length=20)
    nature = models.CharField(_("项目类别"), max_length=20, choices=Nature)
    name = models.CharField(_("项目名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    description = models.TextField(_("项目说明"), blank=True)
    execution = models.OneToOneField(
        Measure, models.PROTECT, null=True, blank=True, related_name="project", verbose_name=_("预算执行数据项")
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("项目")
        ordering = ["number", "pk"]
        constraints = [models.UniqueConstraint(fields=["bureau", "number"], name="project_once")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    def get_absolute_url(self) -> str:
        """Return the page on which its plans are listed."""
        return reverse("plans:project", args=[self.pk])


class Plan(models.Model):
    """One project in one fiscal year."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="plans", verbose_name=_("项目"))
    year = models.PositiveSmallIntegerField(_("年度"))
    approved = models.OneToOneField(
        "PlanVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("现行版本")
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("年度绩效目标")
        ordering = ["-year", "project__number", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "year"], name="plan_once")]

    def __str__(self) -> str:
        return f"{self.project} {self.year}"

    def get_absolute_url(self) -> str:
        """Return the page on which it is read."""
        return reverse("plans:editor", args=[self.pk])


class PlanVersion(models.Model):
    """A plan as one approval made it: head, goals, indicators with class and weight. Locked once approved.

    At most one version of a plan is on its way at a time. `reason` and `document` say why an approved plan is adjusted.
    `authors` are the people whose words are in it: none of them passes it.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions", verbose_name=_("年度绩效目标"))
    number = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=20, choices=VersionState, default=VersionState.DRAFT)
    attribute = models.CharField(_("项目属性"), max_length=20, choices=Attribute, blank=True)
    starts_on = models.DateField(_("起始日期"))
    ends_on = models.DateField(_("截止日期"))
    scheme = models.ForeignKey(
        Scheme, models.PROTECT, null=True, blank=True, related_name="plan_versions", verbose_name=_("评分方案")
    )
    last_year_completion = models.TextField(_("上年度项目绩效完成情况"), blank=True)
    document = models.CharField(_("批复文件"), max_length=200, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="plan_versions", verbose_name=_("文件")
    )
    reason = models.TextField(_("调整原因"), blank=True)
    authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="drafted_versions", verbose_name=_("拟稿人"), blank=True
    )
    origin = models.CharField(_("来源"), max_length=20, choices=Origin)
    approved_at = models.DateTimeField(_("批复时间"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="approved_versions",
        verbose_name=_("批复人"),
    )

    always_told = models.Q()

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("目标版本")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=models.Q(state__in=OPEN_STATES),
                name="plan_version_open_once",
                violation_error_message=_("该项目已有一个版本正在办理。"),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="plan_version_ends_after_start",
                violation_error_message=_("项目截止日期早于起始日期。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} v{self.number}"

    def get_absolute_url(self) -> str:
        """Return the page on which its plan is read."""
        return reverse("plans:editor", args=[self.plan_id])

    @property
    def is_draft(self) -> bool:
        """Tell whether its words may still be changed."""
        return self.state == VersionState.DRAFT

    @cached_property
    def is_adjustment(self) -> bool:
        """Tell whether it changes a plan that was approved before. One query, none for the first version.

        A draft that was withdrawn has a number too, so the number alone does not tell.
        """
        before = PlanVersion.objects.filter(plan=self.plan_id, number__lt=self.number, state=VersionState.APPROVED)
        return self.number > 1 and before.exists()


class Step(models.Model):
    """What somebody did with a version on its way to approval, and at which stage it was; append-only."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="steps", verbose_name=_("目标版本"))
    stage = models.CharField(_("环节"), max_length=20, choices=VersionState)
    kind = models.CharField(_("办理"), max_length=20, choices=StepKind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_steps",
        verbose_name=_("办理人"),
    )
    reason = models.TextField(_("意见"), blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("办理过程")
        ordering = ["version", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind=StepKind.RETURNED) | ~models.Q(reason=""),
                name="step_return_has_reason",
                violation_error_message=_("退回时请写明原因。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.get_stage_display()} · {self.get_kind_display()}"


class Edit(models.Model):
    """One change of a draft and what the draft said before it, so that it can be undone. Gone once the version is approved."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="edits", verbose_name=_("目标版本"))
    number = models.PositiveIntegerField(_("序号"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="plan_edits", verbose_name=_("修改人")
    )
    label = models.CharField(_("修改内容"), max_length=200)
    before = models.JSONField(_("修改前"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("修改")
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="edit_once")]

    def __str__(self) -> str:
        return self.label


class Explanation(models.Model):
    """Why a version stands as it is although the plan check warns: the word that a warning asks for.

    `finding` is the warning's key, its rule and the place it speaks of.
    """

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="explanations", verbose_name=_("目标版本"))
    finding = models.CharField(_("体检事项"), max_length=80)
    text = models.CharField(_("说明"), max_length=300)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="explanations", verbose_name=_("说明人")
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("体检说明")
        ordering = ["version", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "finding"], name="explanation_once")]

    def __str__(self) -> str:
        return self.text


class Goal(models.Model):
    """A goal's place in a plan, the same through all versions of its wording."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="goals", verbose_name=_("年度绩效目标"))
    number = models.PositiveSmallIntegerField(_("序号"))

    class Meta:
        verbose_name = verbose_name_plural = _("绩效目标")
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="goal_once")]

    def __str__(self) -> str:
        return str(self.number)
