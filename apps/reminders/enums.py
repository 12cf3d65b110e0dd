"""The fixed words of reminders."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sort(models.TextChoices):
    """What somebody owes, in the order in which a mail tells it."""

    RETURNED = "returned", _("退回更正")
    OVERDUE = "overdue", _("已逾期")
    DUE = "due", _("待填报")
    REVIEW = "review", _("待审核")
    PLAN_RETURNED = "plan_returned", _("被退回的目标")
    PLAN_REVIEW = "plan_review", _("待审核的目标")
    LATE = "late", _("所辖单位逾期")
    TARGET = "target", _("指标值未定")


ORDER = {sort: place for place, sort in enumerate(Sort)}
