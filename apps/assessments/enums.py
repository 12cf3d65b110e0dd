"""The fixed words of the year-end assessment."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssessmentState(models.TextChoices):
    """How far an assessment is."""

    DRAFT = "draft", _("草稿")
    SEALED = "sealed", _("已定稿")
