"""Tell Django about the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """The whole at a glance."""

    name = "apps.dashboards"
    label = "dashboards"
    verbose_name = _("看板")
