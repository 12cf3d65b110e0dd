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


class Fate(models.TextChoices):
    """What becomes of a row of a long table when it is confirmed."""

    NEW = "new", _("新填")
    CHANGED = "changed", _("改动")
    SAME = "same", _("无变化")
    REFUSED = "refused", _("不能接收")


class UploadState(models.TextChoices):
    """How far a workbook of figures is on its way into cells."""

    WAITING = "waiting", _("等待读取")
    READING = "reading", _("读取中")
    READ = "read", _("待确认")
    REFUSED = "refused", _("读不了")
    CONFIRMING = "confirming", _("写入中")
    CONFIRMED = "confirmed", _("已写入")
    DROPPED = "dropped", _("已放弃")


class MonitoringLayout(models.TextChoices):
    """The form of a monitoring round."""

    CENTRAL = "central", _("中央表式（财预〔2019〕136号）")
    LOCAL = "local", _("地方表式（半年监控表）")


class MonitoringState(models.TextChoices):
    """How far a monitoring is on its way."""

    DRAFT = "draft", _("填报中")
    DIVISION_REVIEW = "division_review", _("处室审核")
    OFFICER_REVIEW = "officer_review", _("绩效管理岗审核")
    LEADER_REVIEW = "leader_review", _("局领导审签")
    FILED = "filed", _("已报送")


class Likelihood(models.TextChoices):
    """Whether the year's target will be reached; the forms print the third in words of their own."""

    CERTAIN = "certain", _("确定能")
    POSSIBLE = "possible", _("有可能")
    IMPOSSIBLE = "impossible", _("不可能")


class Cause(models.TextChoices):
    """Why a target is in doubt. Each form has its own set, see `CAUSES_OF`."""

    FUNDING = "funding", _("经费保障")
    INSTITUTION = "institution", _("制度保障")
    STAFF = "staff", _("人员保障")
    EQUIPMENT = "equipment", _("硬件条件保障")
    OTHER = "other", _("其他")
    DESIGN = "design", _("规划和目标设计")
    INPUT = "input", _("投入保障")
    MANAGEMENT = "management", _("项目管理")


CAUSES_OF = {
    MonitoringLayout.CENTRAL: (Cause.FUNDING, Cause.INSTITUTION, Cause.STAFF, Cause.EQUIPMENT, Cause.OTHER),
    MonitoringLayout.LOCAL: (Cause.DESIGN, Cause.INPUT, Cause.INSTITUTION, Cause.MANAGEMENT),
}
"""The causes that a form offers, in its order (财预〔2019〕136号; 黄石 2019)."""


class MoneySource(models.TextChoices):
    """The rows of money in a monitoring form below their sum."""

    GENERAL = "general", _("一般公共预算拨款")
    OTHER = "other", _("其他资金")
