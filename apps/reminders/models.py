"""The ledger of what people were told: it decides, not the scheduler."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.outbox.models import Mail


class Digest(models.Model):
    """The one mail a person gets on a working day. Its key is what keeps two schedulers from sending two."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests", verbose_name=_("收件人")
    )
    told_on = models.DateField(_("日期"))
    mail = models.OneToOneField(
        Mail, models.PROTECT, null=True, blank=True, related_name="digest", verbose_name=_("邮件")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("每日提醒")
        constraints = [models.UniqueConstraint(fields=["person", "told_on"], name="digest_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.told_on:%Y-%m-%d}"


class Notice(models.Model):
    """An obligation told to a person at one stage: told once, whoever looks and however often.

    `obligation` names what is owed ("entry:12", "review:unit:3"), `stage` why it is told now ("due-3", "overdue-1",
    "returned:45").
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("收件人")
    )
    obligation = models.CharField(_("事项"), max_length=60)
    stage = models.CharField(_("阶段"), max_length=40)
    batch = models.UUIDField(_("批次"))
    mail = models.ForeignKey(
        Mail, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("邮件")
    )
    line = models.TextField(_("内容"))
    told_at = models.DateTimeField(_("提醒时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("提醒")
        ordering = ["-told_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "obligation", "stage"], name="notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.obligation} · {self.stage}"
