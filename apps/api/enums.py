"""The fixed words of the self-test."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Health(models.TextChoices):
    """How one part is. `unknown` is said where a part cannot be asked because another one is away."""

    WELL = "well", _("正常")
    WARNING = "warning", _("注意")
    BROKEN = "broken", _("不通")
    UNKNOWN = "unknown", _("不明")
