"""The fixed words of progress. Values that the calculation knows too are spelled as in `calculation.terms`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryState(models.TextChoices):
    """Where a cell is. An approved figure keeps counting while a correction of it is `submitted` or `returned`."""

    PENDING = "pending", _("待填")
    SUBMITTED = "submitted", _("已提交")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("已审核")


class RevisionOrigin(models.TextChoices):
    """By which way a figure came in. Demonstration figures are labelled wherever they show."""

    TYPED = "typed", _("录入")
    WORKBOOK = "workbook", _("表格导入")
    IMPORTED = "imported", _("历史数据导入")
    DEMONSTRATION = "demonstration", _("演示数据")


class Verdict(models.TextChoices):
    """What a reviewer said of a revision."""

    APPROVED = "approved", _("通过")
    RETURNED = "returned", _("退回")
    TAKEN_BACK = "taken_back", _("撤回审核")


class Outcome(models.TextChoices):
    """What became of a milestone."""

    PASSED = "passed", _("通过")
    FAILED = "failed", _("未通过")
    AWAITING = "awaiting", _("待结果")


class Band(models.TextChoices):
    """How far a qualitative target was met (财预〔2020〕10号)."""

    ACHIEVED = "achieved", _("达成")
    PARTIAL = "partial", _("部分达成")
    MISSED = "missed", _("未达成")


class Mark(models.TextChoices):
    """What was found for one item of a checklist."""

    PASSED = "passed", _("达标")
    FAILED = "failed", _("未达标")
    NOT_APPLICABLE = "not_applicable", _("不适用")


class StandingStatus(models.TextChoices):
    """Where an indicator is against what is expected by now; never shown by colour alone."""

    DONE = "done", _("已完成")
    ON_PACE = "on_pace", _("按进度")
    SLIGHTLY_BEHIND = "slightly_behind", _("略滞后")
    BEHIND = "behind", _("滞后")
    NOT_REPORTED = "not_reported", _("未报")
    AWAITING_RESULT = "awaiting_result", _("待结果")
    TARGET_PENDING = "target_pending", _("指标值待定")
    BASELINE_MISSING = "baseline_missing", _("缺基期数")
    NOT_APPLICABLE = "not_applicable", _("不适用")


class UploadKind(models.TextChoices):
    """Which workbook of figures it is: the reporter's own due cells, or an officer's long table."""

    OWN = "own", _("填报表")
    BULK = "bulk", _("批量数据表")


class UploadState(models.TextChoices):
    """How far a workbook of figures is on its way into cells."""

    WAITING = "waiting", _("等待读取")
    READING = "reading", _("读取中")
    READ = "read", _("待确认")
    REFUSED = "refused", _("读不了")
    CONFIRMING = "confirming", _("写入中")
    CONFIRMED = "confirmed", _("已写入")
    DROPPED = "dropped", _("已放弃")
