"""双监控: how money and indicators of a plan stood at the end of a window of the year, and what will become of them.

What is being filled in are drafts, letter by letter as typed. Submitting makes a report: figures as they counted and words as
they were said, append-only, so that the form can be read as it was on any day.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Unit
from apps.plans.enums import StepKind
from apps.plans.models import Indicator, IndicatorTerms, Plan, PlanVersion
from apps.plans.models.budgets import MONEY
from apps.plans.models.measures import FIGURES
from apps.progress.enums import (
    Band,
    Cause,
    Likelihood,
    MoneySource,
    MonitoringLayout,
    MonitoringState,
    Outcome,
    StandingStatus,
)
from apps.progress.models.standings import WORKED_OUT
from apps.progress.querysets import MonitoringQuerySet
from apps.ui import formats


class MonitoringRound(models.Model):
    """A monitoring of all plans of a bureau's year, opened by an officer: its window, its due day and its form.

    The window goes from New Year to the end of a month; both days are what the columns of the form are named after.
    `due_on` is already rolled to a working day. `has_leader_stage` says that the leader signs before it is filed.
    """

    bureau = models.ForeignKey(Unit, models.PROTECT, related_name="monitoring_rounds", verbose_name=_("单位"))
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("名称"), max_length=60)
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))
    due_on = models.DateField(_("截止日"))
    layout = models.CharField(_("表式"), max_length=20, choices=MonitoringLayout)
    has_leader_stage = models.BooleanField(_("须局领导审签"), default=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="opened_monitorings", verbose_name=_("开放人")
    )
    opened_at = models.DateTimeField(_("开放时间"))
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)

    always_told = models.Q()
    journal_words: ClassVar = {"plans": _("纳入的项目"), "window": _("监控期间")}

    class Meta:
        verbose_name = verbose_name_plural = _("监控期")
        ordering = ["-ends_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "fiscal_year", "title"],
                name="monitoring_round_once",
                violation_error_message=_("该年度已有同名的监控期。"),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on"), due_on__gte=models.F("ends_on")),
                name="monitoring_round_days_in_order",
                violation_error_message=_("监控期的日期前后颠倒。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def window(self) -> str:
        """Return the window as forms name it: 1—7月."""
        return f"{self.starts_on.month}—{formats.month(self.ends_on.month)}"


class Monitoring(models.Model):
    """One plan in a monitoring round. `report` is the latest that was submitted, NULL before the first.

    `authors` are the people who typed into it or submitted it: none of them passes it.
    """

    round = models.ForeignKey(MonitoringRound, models.PROTECT, related_name="monitorings", verbose_name=_("监控期"))
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="monitorings", verbose_name=_("年度绩效目标"))
    state = models.CharField(_("状态"), max_length=20, choices=MonitoringState, default=MonitoringState.DRAFT)
    report = models.OneToOneField(
        "MonitoringReport", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("最近提交")
    )
    authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="written_monitorings", verbose_name=_("填表人"), blank=True
    )

    objects = MonitoringQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("绩效运行监控")
        ordering = ["round", "plan__project__number", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "plan"], name="monitoring_once")]

    def __str__(self) -> str:
        return f"{self.plan.project} · {self.round}"

    def get_absolute_url(self) -> str:
        """Return the page on which it is filled in and read."""
        return reverse("progress:monitoring", args=[self.pk])


class MonitoringDraft(models.Model):
    """What was typed into one part of a monitoring and not submitted; all who fill it in share it.

    `place` is an indicator's id, or `money`. `number` grows with each save, so a later person sees that somebody was there.
    """

    monitoring = models.ForeignKey(Monitoring, models.CASCADE, related_name="drafts", verbose_name=_("绩效运行监控"))
    place = models.CharField(_("位置"), max_length=20)
    fields = models.JSONField(_("内容"))
    number = models.PositiveIntegerField(_("次数"), default=1)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="monitoring_drafts", verbose_name=_("填表人")
    )
    saved_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("监控草稿")
        constraints = [models.UniqueConstraint(fields=["monitoring", "place"], name="monitoring_draft_once")]

    def __str__(self) -> str:
        return f"{self.monitoring} · {self.place}"


class MonitoringReport(models.Model):
    """What a monitoring said when it was submitted; append-only. Money in 元, NULL is unknown.

    `version` is the version of the plan that counted at the end of the window, `executed` what was reviewed by the
    submission, up to the month that ends on `reported_until`; `is_complete` is false while a month of the window lacks a
    source. `is_demonstration` says that made-up figures are in it.
    """

    monitoring = models.ForeignKey(Monitoring, models.PROTECT, related_name="reports", verbose_name=_("绩效运行监控"))
    number = models.PositiveSmallIntegerField(_("版本"))
    version = models.ForeignKey(
        PlanVersion, models.PROTECT, related_name="monitoring_reports", verbose_name=_("目标版本")
    )
    budget = models.DecimalField(_("全年预算数"), **MONEY, null=True, blank=True)
    executed = models.DecimalField(_("执行数"), **FIGURES, null=True, blank=True)
    reported_until = models.DateField(_("执行数报至"), null=True, blank=True)
    is_complete = models.BooleanField(_("执行数完整"), default=False)
    is_demonstration = models.BooleanField(_("含演示数据"), default=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="monitoring_reports", verbose_name=_("提交人")
    )
    submitted_at = models.DateTimeField(_("提交时间"))

    always_told = models.Q()
    journal_prefetch = ("lines__indicator__measure", "lines__terms")

    class Meta:
        verbose_name = verbose_name_plural = _("监控表")
        ordering = ["monitoring", "number"]
        constraints = [models.UniqueConstraint(fields=["monitoring", "number"], name="monitoring_report_once")]

    def __str__(self) -> str:
        return f"{self.monitoring} · {self.number}"

    def get_absolute_url(self) -> str:
        """Return the page on which its monitoring is read."""
        return reverse("progress:monitoring", args=[self.monitoring_id])

    def told_in_journal(self, name: str, value: Any) -> list[tuple[str, str]]:
        """Return a fact of its event as words and texts, nothing where it is no list of its own: money and indicators.

        `journal_prefetch` should have been read; figures are those of the event, only their units are the rows'.
        """
        if name == "money":
            return [(str(MoneySource(source).label), _money_told(*amounts)) for source, amounts in value.items()]
        if name == "lines":
            lines = {line.indicator.code: line for line in self.lines.all()}
            return [_line_told(code, facts, lines.get(code)) for code, facts in value.items()]
        return []


def _money_told(executed: str | None, estimate: str | None) -> str:
    """Return amounts of 元 as they are read: 执行 1,716.29 万元，全年预计 4,020.00 万元."""
    shown = [formats.money(None if amount is None else Decimal(amount)) for amount in (executed, estimate)]
    return gettext("执行 %(executed)s 万元，全年预计 %(estimate)s 万元") % {"executed": shown[0], "estimate": shown[1]}


def _line_told(code: str, facts: Mapping[str, Any], line: "MonitoringLine | None") -> tuple[str, str]:
    """Return what was said of one indicator, under its code and name."""
    if line is None:
        return code, ""
    words = {"actual": gettext("执行情况"), "estimate": gettext("全年预计完成数")}
    figures = [
        f"{word} {formats.measured(Decimal(facts[name]), line.indicator.measure)}"
        for name, word in words.items()
        if facts.get(name) is not None
    ]
    chosen = [Likelihood(facts["likelihood"]).label, *(Cause(cause).label for cause in facts["causes"])]
    typed = [facts[name] for name in ("estimate_text", "cause", "remedy", "note") if facts[name]]
    return f"{code} {line.terms.name}", formats.clauses([*figures, *map(str, chosen), *typed])


class MonitoringMoney(models.Model):
    """The money of one kind of source in a report, in 元: given at first and by the window's end, spent, and expected."""

    report = models.ForeignKey(MonitoringReport, models.PROTECT, related_name="money", verbose_name=_("监控表"))
    source = models.CharField(_("资金来源"), max_length=20, choices=MoneySource)
    initial = models.DecimalField(_("年初预算数"), **MONEY, null=True, blank=True)
    adjusted = models.DecimalField(_("全年预算数"), **MONEY, null=True, blank=True)
    executed = models.DecimalField(_("执行数"), **FIGURES, null=True, blank=True)
    estimate = models.DecimalField(_("全年预计执行数"), **FIGURES, null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("监控资金")
        ordering = ["report", "pk"]
        constraints = [models.UniqueConstraint(fields=["report", "source"], name="monitoring_money_once")]

    def __str__(self) -> str:
        return f"{self.report} · {self.get_source_display()}"


class MonitoringLine(models.Model):
    """One indicator in a report: where it stood at the end of the window, and what is said of the rest of the year.

    Figures are those that counted when it was submitted. `wanted` is the target in words, as it was in force on the window's
    last day; `missing` are the names of who had not reported. `estimate` is the year's figure that the unit expects (money in
    元), `estimate_text` what it expects of something that is no figure. `suggestion` is what the calculation drew up and
    `suggestion_text` the way it did, both empty where it could not.
    """

    report = models.ForeignKey(MonitoringReport, models.PROTECT, related_name="lines", verbose_name=_("监控表"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="monitoring_lines", verbose_name=_("绩效指标")
    )
    terms = models.ForeignKey(
        IndicatorTerms, models.PROTECT, related_name="monitoring_lines", verbose_name=_("指标内容")
    )
    wanted = models.CharField(_("年度指标值"), max_length=400)
    target_value = models.DecimalField(_("指标值"), **WORKED_OUT, null=True, blank=True)
    actual = models.DecimalField(_("执行情况"), **WORKED_OUT, null=True, blank=True)
    numerator = models.DecimalField(_("分子"), **WORKED_OUT, null=True, blank=True)
    denominator = models.DecimalField(_("分母"), **WORKED_OUT, null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=20, choices=Outcome, blank=True)
    band = models.CharField(_("档次"), max_length=20, choices=Band, blank=True)
    met = models.PositiveSmallIntegerField(_("达标成员数"), null=True, blank=True)
    named = models.PositiveSmallIntegerField(_("点名成员数"), default=0)
    reported = models.PositiveSmallIntegerField(_("已报成员数"), default=0)
    asked = models.PositiveSmallIntegerField(_("应报成员数"), default=0)
    missing = models.JSONField(_("未报成员"), default=list, blank=True)
    status = models.CharField(_("状态"), max_length=20, choices=StandingStatus)
    suggestion = models.DecimalField(_("推算数"), **WORKED_OUT, null=True, blank=True)
    suggestion_text = models.CharField(_("推算方法"), max_length=300, blank=True)
    estimate = models.DecimalField(_("全年预计完成数"), **FIGURES, null=True, blank=True)
    estimate_text = models.CharField(_("全年预计完成情况"), max_length=200, blank=True)
    likelihood = models.CharField(_("完成目标可能性"), max_length=20, choices=Likelihood)
    causes = models.JSONField(_("偏差原因"), default=list, blank=True)
    cause = models.TextField(_("原因说明"), blank=True)
    remedy = models.TextField(_("改进措施"), blank=True)
    note = models.TextField(_("备注"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("监控指标")
        ordering = ["report", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "indicator"], name="monitoring_line_once"),
            models.CheckConstraint(
                condition=models.Q(likelihood=Likelihood.CERTAIN) | ~models.Q(cause="") & ~models.Q(remedy=""),
                name="monitoring_doubt_has_cause",
                violation_error_message=_("不能确定完成的指标，要写明原因和改进措施。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} · {self.indicator.code}"


class MonitoringStep(models.Model):
    """What somebody did with a monitoring, and at which stage it was; append-only."""

    monitoring = models.ForeignKey(Monitoring, models.PROTECT, related_name="steps", verbose_name=_("绩效运行监控"))
    report = models.ForeignKey(MonitoringReport, models.PROTECT, related_name="steps", verbose_name=_("监控表"))
    stage = models.CharField(_("环节"), max_length=20, choices=MonitoringState)
    kind = models.CharField(_("办理"), max_length=20, choices=StepKind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="monitoring_steps", verbose_name=_("办理人")
    )
    reason = models.TextField(_("意见"), blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("监控办理过程")
        ordering = ["monitoring", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind=StepKind.RETURNED) | ~models.Q(reason=""),
                name="monitoring_return_has_reason",
                violation_error_message=_("退回时请写明原因。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.monitoring} · {self.get_stage_display()} · {self.get_kind_display()}"
