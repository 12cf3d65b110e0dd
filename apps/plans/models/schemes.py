"""Scoring schemes: weights, bands and rules of one year and place, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.ui.formats import in_language


class Scheme(models.Model):
    """One version of a scheme; `content` is what `calculation.schemes.Scheme` validates. Never edited, only superseded."""

    code = models.CharField(_("编码"), max_length=60)
    number = models.PositiveSmallIntegerField(_("版本"), default=1)
    name = models.CharField(_("名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=160)
    source = models.CharField(_("制度依据"), max_length=300)
    content = models.JSONField(_("内容"))

    always_told = models.Q()

    class Meta:
        verbose_name = verbose_name_plural = _("评分方案")
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="scheme_once")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)
