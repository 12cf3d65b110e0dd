"""Tell Django about the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Official forms."""

    name = "apps.documents"
    label = "documents"
    verbose_name = _("文档")
