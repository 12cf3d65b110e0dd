"""Tell Django about the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    """What it came to."""

    name = "apps.assessments"
    label = "assessments"
    verbose_name = _("绩效自评")
