"""Tell Django about the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """What is promised."""

    name = "apps.plans"
    label = "plans"
    verbose_name = _("绩效目标")
