"""Tell Django about the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Files kept by their hash."""

    name = "apps.files"
    label = "files"
    verbose_name = _("文件")
