"""Files on their way into plans: what was read from them, until somebody confirms it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Unit
from apps.documents.enums import ImportedState, ImportState, Layout
from apps.documents.querysets import ImportedPlanQuerySet, PlanImportQuerySet
from apps.files.models import StoredFile
from apps.jobs.models import Job
from apps.plans.enums import Nature
from apps.plans.models import Plan, Project


class PlanImport(models.Model):
    """One upload of a goal table. `findings` are the sentences of a file that cannot be read, `job` is the work on it.

    `year` is the year for what the file says none of, NULL where nobody gave one. `reason` and `document` are what
    an approved plan is adjusted for.
    """

    bureau = models.ForeignKey(Unit, models.PROTECT, related_name="plan_imports", verbose_name=_("单位"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="plan_imports", verbose_name=_("文件"))
    name = models.CharField(_("文件名"), max_length=200)
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    layout = models.CharField(_("版式"), max_length=20, choices=Layout, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=ImportState, default=ImportState.WAITING)
    findings = models.JSONField(_("问题"), default=list, blank=True)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="plan_imports", verbose_name=_("后台工作")
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="plan_imports", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"))
    reason = models.TextField(_("调整原因"), blank=True)
    document = models.CharField(_("批复文件"), max_length=200, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmed_imports",
        verbose_name=_("确认人"),
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    journal_words: ClassVar = {"plans": _("项目")}

    objects = PlanImportQuerySet.as_manager()

    live_columns = frozenset(
        {"year", "layout", "state", "findings", "job_id", "reason", "document", "confirmed_by_id", "confirmed_at"}
    )
    """What changes on the way without an event of its own: only what is written into plans is an event."""

    class Meta:
        verbose_name = verbose_name_plural = _("绩效目标表导入")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class ImportedPlan(models.Model):
    """One project of a file: what the sheet prints, what was read from it, and what it would do to which plan.

    `content` is a `PlanContent`, `readings` say for each indicator how it was read, `base` is the digest of what the plan
    said when the two were compared. `problem` is the sentence for what keeps it from being confirmed. `number`, `division`,
    `nature` and `function_code` are those of a project that is made along; NULL and empty for one that is there.
    """

    plan_import = models.ForeignKey(PlanImport, models.CASCADE, related_name="plans", verbose_name=_("导入"))
    position = models.PositiveIntegerField(_("顺序"))
    state = models.CharField(_("状态"), max_length=20, choices=ImportedState)
    name = models.CharField(_("项目名称"), max_length=120)
    year = models.PositiveSmallIntegerField(_("年度"))
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="imported_plans", verbose_name=_("项目")
    )
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="imported_plans", verbose_name=_("年度绩效目标")
    )
    number = models.CharField(_("项目编号"), max_length=20, blank=True)
    division = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="imported_plans", verbose_name=_("责任处室")
    )
    nature = models.CharField(_("项目类别"), max_length=20, choices=Nature, blank=True)
    function_code = models.CharField(_("科目编码"), max_length=20, blank=True)
    printed = models.JSONField(_("表中内容"))
    content = models.JSONField(_("读出的内容"))
    readings = models.JSONField(_("读法"), default=list)
    differences = models.JSONField(_("差异"), default=list)
    notes = models.JSONField(_("说明"), default=list)
    problem = models.TextField(_("障碍"), blank=True)
    base = models.CharField(_("比对时的哈希"), max_length=64, blank=True)
    ambiguous = models.PositiveSmallIntegerField(_("待核"), default=0)
    soft = models.PositiveSmallIntegerField(_("软性表述"), default=0)
    provisional = models.PositiveSmallIntegerField(_("暂定或待定"), default=0)
    unpaired = models.PositiveSmallIntegerField(_("对应待核"), default=0)

    objects = ImportedPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("导入的项目")
        ordering = ["plan_import", "position"]
        constraints = [models.UniqueConstraint(fields=["plan_import", "position"], name="imported_plan_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Tell whether it may still be mended and confirmed."""
        return self.state in (ImportedState.NEW, ImportedState.SAME, ImportedState.CHANGED, ImportedState.ADJUSTMENT)
