"""The fixed words of mail on its way."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    """Where a mail is. Between `handing_over` and `sent` lies the one moment in which nobody can know.

    A worker that dies while a mail is `claimed` has handed nothing over: the mail goes back to the queue. One that dies
    while it is `handing_over` may have: the mail becomes `unknown`, is shown, and never goes out again by itself.
    """

    QUEUED = "queued", _("待发")
    CLAIMED = "claimed", _("发送中")
    HANDING_OVER = "handing_over", _("交付中")
    SENT = "sent", _("已发")
    FAILED = "failed", _("发送失败")
    UNKNOWN = "unknown", _("是否送达未知")
