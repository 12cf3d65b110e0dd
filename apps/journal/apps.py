"""Tell Django about the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    """The memory of every change."""

    name = "apps.journal"
    label = "journal"
    verbose_name = _("变更日志")
