"""Workbooks of figures on their way into cells: what was read from them, until somebody confirms it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Unit
from apps.files.models import StoredFile
from apps.jobs.models import Job
from apps.progress.enums import UploadKind, UploadState


class FigureUpload(models.Model):
    """One uploaded workbook of figures. Nothing of it is in a cell before somebody confirms.

    `rows` are the figures of a reporter's own workbook as they were read, with the cells of the sheet; a bulk file is too
    large for that and is read again. `findings` are sentences for what is wrong. `annotated` is the person's own file with
    the reasons written beside the rejected cells, NULL where nothing was rejected. `document` is the letter or register
    that a bulk file repeats, and `on_behalf_of` who reported in it.
    """

    kind = models.CharField(_("类别"), max_length=20, choices=UploadKind)
    bureau = models.ForeignKey(Unit, models.PROTECT, related_name="figure_uploads", verbose_name=_("单位"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="figure_uploads", verbose_name=_("文件"))
    name = models.CharField(_("文件名"), max_length=200)
    state = models.CharField(_("状态"), max_length=20, choices=UploadState, default=UploadState.WAITING)
    rows = models.JSONField(_("读出的数据"), default=list, blank=True)
    findings = models.JSONField(_("问题"), default=list, blank=True)
    new = models.PositiveIntegerField(_("新填"), default=0)
    changed = models.PositiveIntegerField(_("改动"), default=0)
    same = models.PositiveIntegerField(_("无变化"), default=0)
    rejected = models.PositiveIntegerField(_("不能接收"), default=0)
    annotated = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="annotated_uploads", verbose_name=_("批注副本")
    )
    document = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="documented_uploads", verbose_name=_("依据文件")
    )
    document_name = models.CharField(_("依据文件名"), max_length=200, blank=True)
    on_behalf_of = models.CharField(_("代"), max_length=100, blank=True)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="figure_uploads", verbose_name=_("后台工作")
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="figure_uploads", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"))
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    live_columns = frozenset(
        {"state", "rows", "findings", "new", "changed", "same", "rejected", "annotated_id", "job_id", "confirmed_at"}
    )
    """What changes on the way without an event of its own: only what goes into cells is an event."""

    class Meta:
        verbose_name = verbose_name_plural = _("填报表格上传")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.name
