"""The fixed words of official forms."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Layout(models.TextChoices):
    """The tables in which a plan is declared."""

    GOAL_TABLE = "goal_table", _("项目绩效目标表（2016年版式，一行一个目标）")
    DECLARATION = "declaration", _("项目支出绩效目标申报表（一级、二级、三级指标）")


class ImportState(models.TextChoices):
    """How far a file is on its way into plans. Nothing of it is in a plan before somebody confirms."""

    WAITING = "waiting", _("等待读取")
    READING = "reading", _("读取中")
    READ = "read", _("待确认")
    REFUSED = "refused", _("读不了")
    CONFIRMING = "confirming", _("写入中")
    CONFIRMED = "confirmed", _("已确认")
    DROPPED = "dropped", _("已放弃")


class ImportedState(models.TextChoices):
    """What a project of a file would do to the plans, or did."""

    NEW = "new", _("新目标")
    SAME = "same", _("无变化")
    CHANGED = "changed", _("改草稿")
    ADJUSTMENT = "adjustment", _("申请调整")
    CONFIRMED = "confirmed", _("已写入")
    DROPPED = "dropped", _("不导入")


OPEN_IMPORTS = (ImportState.WAITING, ImportState.READING, ImportState.READ, ImportState.CONFIRMING)
TO_CONFIRM = (ImportedState.NEW, ImportedState.CHANGED, ImportedState.ADJUSTMENT)
