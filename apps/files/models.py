"""Stored files: each content once, under its hash, outside the web root."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """A file's content. What it is called and what it proves is said by whoever points to it."""

    sha256 = models.CharField(_("哈希"), max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=100)
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="stored_files", verbose_name=_("上传人")
    )
    stored_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("文件")

    def __str__(self) -> str:
        return self.sha256[:12]
