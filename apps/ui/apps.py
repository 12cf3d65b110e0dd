"""Tell Django about the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """How everything looks."""

    name = "apps.ui"
    label = "ui"
    verbose_name = _("界面")
