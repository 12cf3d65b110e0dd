"""Mail to be sent: the table is the truth, the broker only a bell."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.outbox.enums import MailState


class Mail(models.Model):
    """One mail to one address, with what became of it. Its Message-ID never changes, whoever sends it."""

    recipient = models.EmailField(_("收件人"))
    sender = models.CharField(_("发件人"), max_length=200)
    subject = models.CharField(_("主题"), max_length=300)
    text = models.TextField(_("正文"))
    html = models.TextField(_("网页正文"), blank=True)
    message_id = models.CharField(_("邮件标识"), max_length=200, unique=True)
    state = models.CharField(_("状态"), max_length=20, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    next_attempt_at = models.DateTimeField(_("下次尝试"), db_index=True)
    claim = models.UUIDField(_("领取标记"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("领取时间"), null=True, blank=True)
    error = models.TextField(_("错误"), blank=True)
    created_at = models.DateTimeField(_("写入时间"))
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)

    live_columns = frozenset({"state", "attempts", "next_attempt_at", "claim", "claimed_at", "error", "sent_at"})

    class Meta:
        verbose_name = verbose_name_plural = _("邮件")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["state", "next_attempt_at"],
                name="mail_open",
                condition=~models.Q(state="sent"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient} · {self.subject}"
