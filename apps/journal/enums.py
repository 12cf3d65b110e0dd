"""The fixed words of the journal."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    """By which door a change came in."""

    PAGE = "page", _("页面")
    COMMAND = "command", _("命令")
    TASK = "task", _("后台任务")
    WORKBOOK = "workbook", _("表格导入")
    API = "api", _("接口")
    ADMIN = "admin", _("管理后台")


class Verb(models.TextChoices):
    """What was done."""

    LOAD = "load", _("载入")
    SUBMIT = "submit", pgettext_lazy("journal", "提交")
    CORRECT = "correct", pgettext_lazy("journal", "更正")
    APPROVE = "approve", _("审核通过")
    RETURN = "return", pgettext_lazy("journal", "退回")
    OPEN = "open", _("开放填报期")
    DECIDE_TARGET = "decide_target", _("审定指标值")
    DRAW_UP = "draw_up", pgettext_lazy("journal", "生成自评")
    REMOVE = "remove", _("清除演示数据")
    RESEND = "resend", _("重发邮件")
    ATTACH = "attach", _("上传佐证")
    ADD = "add", _("新增")
    CHANGE = "change", _("修改")
    SET_PASSWORD = "set_password", _("重设密码")
    REQUEST = "request", _("申请调整")
    PASS = "pass", _("审核通过，送下一环节")
    RECALL = "recall", _("收回")
    WITHDRAW = "withdraw", _("撤销申请")
    EXPLAIN = "explain", _("说明体检事项")
    IMPORT = "import", _("导入")
    CLOSE = "close", _("关闭填报期")
    REOPEN = "reopen", _("重新开放")
    TAKE_BACK = "take_back", _("撤回审核")
    SUPERSEDE = "supersede", _("替换佐证")
    HAND_OVER = "hand_over", pgettext_lazy("journal", "移交")
