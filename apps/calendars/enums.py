"""The fixed words of the calendar."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayStatus(models.TextChoices):
    """Whether the State Council's notice for the year is behind a day, or only an estimate."""

    OFFICIAL = "official", _("正式")
    ESTIMATED = "estimated", _("预估")
