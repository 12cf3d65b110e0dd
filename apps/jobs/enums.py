"""The fixed words of long work."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """How far a job is."""

    WAITING = "waiting", _("等待")
    RUNNING = "running", _("进行中")
    DONE = "done", _("完成")
    FAILED = "failed", _("失败")


class JobKind(models.TextChoices):
    """What a job does. The column takes any word, so that an app may bring work of its own."""

    CHECK_STANDINGS = "check_standings", _("核对完成情况")
    READ_IMPORT = "read_import", _("读取绩效目标表")
    CONFIRM_IMPORT = "confirm_import", _("写入绩效目标表")
    READ_FIGURES = "read_figures", _("读取批量数据表")
    CONFIRM_FIGURES = "confirm_figures", _("写入批量数据表")
    VERIFY_JOURNAL = "verify_journal", _("核验日志")
