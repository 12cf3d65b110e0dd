"""Files behind entries."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.files.models import StoredFile
from apps.plans.models import Measure
from apps.progress.models.entries import Entry
from apps.progress.querysets import EvidenceQuerySet


class Evidence(models.Model):
    """A file behind an entry, numbered within its measure's year (佐证-项目-指标-序号 in lists); superseded, never deleted.

    `successor` is the file that took its place, NULL where it was only set aside. `findings` are codes of what was noticed
    when it came: patterns of personal data, the same file elsewhere.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="evidence", verbose_name=_("填报"))
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="evidence", verbose_name=_("数据项"))
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveSmallIntegerField(_("序号"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="evidence", verbose_name=_("文件"))
    name = models.CharField(_("文件名"), max_length=200)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    findings = models.JSONField(_("提示"), default=list, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="evidence", verbose_name=_("上传人")
    )
    added_at = models.DateTimeField(_("上传时间"))
    superseded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_evidence",
        verbose_name=_("替换人"),
    )
    superseded_at = models.DateTimeField(_("替换时间"), null=True, blank=True)
    superseded_reason = models.TextField(_("替换原因"), blank=True)
    successor = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessor", verbose_name=_("替换为")
    )

    always_told = models.Q()

    objects = EvidenceQuerySet.as_manager()

    terms_id: int | None  # these three where the row was read `with_reference`
    project_number: str | None
    indicator_code: str | None

    class Meta:
        verbose_name = verbose_name_plural = _("佐证材料")
        ordering = ["measure", "fiscal_year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "fiscal_year", "number"], name="evidence_once"),
            models.CheckConstraint(
                condition=models.Q(superseded_at=None, superseded_by=None, superseded_reason="", successor=None)
                | (
                    models.Q(superseded_at__isnull=False, superseded_by__isnull=False) & ~models.Q(superseded_reason="")
                ),
                name="evidence_superseded_with_reason",
                violation_error_message=_("替换佐证材料要写明原因。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page on which the file is shown."""
        return reverse("progress:evidence_page", args=[self.pk])
