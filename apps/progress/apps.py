"""Tell Django about the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgressConfig(AppConfig):
    """What was done."""

    name = "apps.progress"
    label = "progress"
    verbose_name = _("填报与完成情况")
