"""The fixed words of people and the organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """What a node of the organisation tree is; the finance bureau is the root of the bureaus it re-scores."""

    FINANCE = "finance", _("财政局")
    BUREAU = "bureau", _("单位")
    DIVISION = "division", _("处室")
    DISTRICT = "district", _("区")


class Role(models.TextChoices):
    """What a person does in one unit. A person may hold several; nobody reviews their own entry whatever they hold."""

    REPORTER = "reporter", _("填报人")
    HEAD = "head", _("处室负责人")
    OFFICER = "officer", _("绩效管理岗")
    LEADER = "leader", _("局领导")
    FINANCE = "finance", _("财政局复核人")
    AUDITOR = "auditor", _("审计")
    ADMIN = "admin", _("系统管理员")
