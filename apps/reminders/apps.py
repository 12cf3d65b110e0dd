"""Tell Django about the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    """Obligations told once."""

    name = "apps.reminders"
    label = "reminders"
    verbose_name = _("提醒")
