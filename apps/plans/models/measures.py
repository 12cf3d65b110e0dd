"""Measures: series of figures that are collected, the members they are broken down by, and what they came to."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Unit
from apps.plans.enums import Accumulation, Aggregation, Dimension, Frequency, Kind, Origin
from apps.plans.querysets import SettledQuerySet
from apps.ui.formats import in_language

FIGURES: dict[str, Any] = {"max_digits": 20, "decimal_places": 4}


class Season(models.Model):
    """A part of the year in which some measures are asked, such as a school year; it may cross New Year."""

    bureau = models.ForeignKey(Unit, models.PROTECT, related_name="seasons", verbose_name=_("单位"))
    name = models.CharField(_("名称"), max_length=60)
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))

    class Meta:
        verbose_name = verbose_name_plural = _("填报季")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="season_ends_after_start",
                violation_error_message=_("填报季的结束日期早于开始日期。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A district, channel, service, site or funding source, from one day to another.

    A district of 2013 and its successor of 2014 are two members; `unit` is the office that reports for it, if any.
    """

    bureau = models.ForeignKey(Unit, models.PROTECT, related_name="members", verbose_name=_("单位"))
    dimension = models.CharField(_("维度"), max_length=20, choices=Dimension)
    code = models.CharField(_("编码"), max_length=30)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="reported_members", verbose_name=_("填报单位")
    )
    starts_on = models.DateField(_("启用"), null=True, blank=True)
    ends_on = models.DateField(_("停用"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("成员")
        ordering = ["dimension", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["bureau", "dimension", "code"], name="member_once")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class Measure(models.Model):
    """A series of figures. It lives over years, so last year's actual is this year's baseline.

    `factor` is what a ratio is multiplied with: 100 for a percentage, 1 for 台/人. Percentages are kept as printed (80).
    """

    bureau = models.ForeignKey(Unit, models.PROTECT, related_name="measures", verbose_name=_("单位"))
    division = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="division_measures", verbose_name=_("责任处室")
    )
    code = models.CharField(_("编码"), max_length=60)
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    kind = models.CharField(_("类别"), max_length=20, choices=Kind)
    unit_name = models.CharField(_("计量单位"), max_length=20, blank=True)
    decimals = models.PositiveSmallIntegerField(_("小数位"), default=0)
    factor = models.DecimalField(_("比率系数"), max_digits=7, decimal_places=2, null=True, blank=True)
    numerator_name = models.CharField(_("分子"), max_length=60, blank=True)
    numerator_name_en = models.CharField(_("分子英文名称"), max_length=100, blank=True)
    denominator_name = models.CharField(_("分母"), max_length=60, blank=True)
    denominator_name_en = models.CharField(_("分母英文名称"), max_length=100, blank=True)
    is_part_of_whole = models.BooleanField(_("分子是分母的一部分"), default=False)
    accumulation = models.CharField(_("期间累积"), max_length=20, choices=Accumulation, blank=True)
    denominator_accumulation = models.CharField(_("分母期间累积"), max_length=20, choices=Accumulation, blank=True)
    aggregation = models.CharField(_("成员汇总"), max_length=20, choices=Aggregation, blank=True)
    dimension = models.CharField(_("维度"), max_length=20, choices=Dimension, default=Dimension.UNIT)
    frequency = models.CharField(_("填报频率"), max_length=20, choices=Frequency)
    season = models.ForeignKey(
        Season, models.PROTECT, null=True, blank=True, related_name="measures", verbose_name=_("填报季")
    )
    members = models.ManyToManyField(Member, through="MeasureMember", related_name="measures")

    class Meta:
        verbose_name = verbose_name_plural = _("数据项")
        constraints = [
            models.UniqueConstraint(fields=["bureau", "code"], name="measure_once"),
            models.CheckConstraint(
                name="measure_columns_of_kind",
                condition=(
                    models.Q(
                        kind=Kind.RATIO,
                        factor__isnull=False,
                        factor__gt=0,
                    )
                    & ~models.Q(numerator_name="")
                    & ~models.Q(denominator_name="")
                    & ~models.Q(accumulation="")
                    & ~models.Q(denominator_accumulation="")
                    & ~models.Q(aggregation="")
                )
                | (
                    models.Q(kind__in=[Kind.NUMBER, Kind.MONEY], factor=None, denominator_name="")
                    & models.Q(denominator_accumulation="", is_part_of_whole=False)
                    & ~models.Q(accumulation="")
                    & ~models.Q(aggregation__in=["", Aggregation.POOLED])
                )
                | models.Q(
                    kind__in=[Kind.MILESTONE, Kind.CHECKLIST, Kind.JUDGEMENT],
                    factor=None,
                    denominator_name="",
                    accumulation="",
                    denominator_accumulation="",
                    aggregation="",
                    is_part_of_whole=False,
                ),
                violation_error_message=_("数据项的类别与它的分子、分母、累积或汇总方式不相符。"),
            ),
            models.CheckConstraint(
                name="measure_season_of_frequency",
                condition=models.Q(frequency=Frequency.SEASON, season__isnull=False)
                | (~models.Q(frequency=Frequency.SEASON) & models.Q(season=None)),
                violation_error_message=_("按季节填报的数据项必须指定填报季，其他频率不能指定。"),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    def get_absolute_url(self) -> str:
        """Return the page on which it is read."""
        return reverse("plans:measure", args=[self.pk])

    @property
    def numerator(self) -> str:
        """Return what the numerator counts, in the language of the page; empty unless a ratio."""
        return in_language(self.numerator_name, self.numerator_name_en)

    @property
    def denominator(self) -> str:
        """Return what the denominator counts, in the language of the page; empty unless a ratio."""
        return in_language(self.denominator_name, self.denominator_name_en)

    @property
    def is_figured(self) -> bool:
        """Tell whether the measure collects figures rather than an outcome or a judgement."""
        return self.kind in (Kind.RATIO, Kind.NUMBER, Kind.MONEY)


class MeasureMember(models.Model):
    """A member of a measure, who reports it, and from when to when: a measure's members may differ by year."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="memberships", verbose_name=_("数据项"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="memberships", verbose_name=_("成员"))
    reporting_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("填报单位")
    )
    starts_on = models.DateField(_("启用"), null=True, blank=True)
    ends_on = models.DateField(_("停用"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("数据项成员")
        ordering = ["measure", "member__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["measure", "member"], name="measure_member_once")]

    def __str__(self) -> str:
        return f"{self.measure} · {self.member}"


class ChecklistItem(models.Model):
    """One thing to look at: an item of a checklist, or of the list from which a judgement's band is suggested."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="items", verbose_name=_("数据项"))
    number = models.PositiveSmallIntegerField(_("序号"))
    text = models.CharField(_("内容"), max_length=100)

    class Meta:
        verbose_name = verbose_name_plural = _("检查项")
        ordering = ["measure", "number"]
        constraints = [models.UniqueConstraint(fields=["measure", "number"], name="checklist_item_once")]

    def __str__(self) -> str:
        return self.text


class Definition(models.Model):
    """口径: what exactly is counted, from a day on. Never edited once it counts, only followed by the next.

    `version` is the version of a plan that brings it: only proposed until that version is approved.
    """

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="definitions", verbose_name=_("数据项"))
    version = models.ForeignKey(
        "PlanVersion", models.CASCADE, null=True, blank=True, related_name="definitions", verbose_name=_("目标版本")
    )
    number = models.PositiveSmallIntegerField(_("版本"))
    text = models.TextField(_("口径"))
    effective_on = models.DateField(_("生效日期"))

    objects = SettledQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("口径")
        ordering = ["measure", "number"]
        constraints = [models.UniqueConstraint(fields=["measure", "number"], name="definition_once")]

    def __str__(self) -> str:
        return self.text


class Result(models.Model):
    """What a measure came to in a closed year, for all members together (`member` None) or one of them."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="results", verbose_name=_("数据项"))
    year = models.PositiveSmallIntegerField(_("年度"))
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="results", verbose_name=_("成员")
    )
    value = models.DecimalField(_("数值"), **FIGURES)
    numerator = models.DecimalField(_("分子"), **FIGURES, null=True, blank=True)
    denominator = models.DecimalField(_("分母"), **FIGURES, null=True, blank=True)
    origin = models.CharField(_("来源"), max_length=20, choices=Origin)
    document = models.CharField(_("依据"), max_length=200)

    always_told = models.Q(origin__in=(Origin.TYPED, Origin.IMPORTED))

    class Meta:
        verbose_name = verbose_name_plural = _("上年结果")
        constraints = [
            models.UniqueConstraint(fields=["measure", "year", "member"], name="result_of_member_once"),
            models.UniqueConstraint(
                fields=["measure", "year"], condition=models.Q(member=None), name="result_of_all_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.year}"
