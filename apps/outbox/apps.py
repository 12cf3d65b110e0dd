"""Tell Django about the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Mail to be sent."""

    name = "apps.outbox"
    label = "outbox"
    verbose_name = _("发件箱")
