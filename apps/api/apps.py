"""Tell Django about the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """The doors for programs."""

    name = "apps.api"
    label = "api"
    verbose_name = _("接口")
