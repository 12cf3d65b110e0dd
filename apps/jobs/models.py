"""Long work with its progress."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.jobs.enums import JobState


class Job(models.Model):
    """One run of long work: how far it is and what came of it, in a sentence."""

    kind = models.CharField(_("工作"), max_length=60)
    state = models.CharField(_("状态"), max_length=20, choices=JobState, default=JobState.WAITING)
    finished_steps = models.PositiveIntegerField(_("已完成"), default=0)
    steps = models.PositiveIntegerField(_("总数"), default=0)
    outcome = models.TextField(_("结果"), blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="jobs", verbose_name=_("发起人")
    )
    started_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("后台工作")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} · {self.get_state_display()}"
