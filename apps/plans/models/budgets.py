"""Money: a plan's budget lines, and the tables of a bureau's published budget. All amounts in 元."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Unit
from apps.plans.enums import BudgetKind, EconomicItem, Origin, StatementNumber
from apps.plans.models.measures import FIGURES, Member
from apps.plans.models.projects import Goal, Plan, PlanVersion, Project
from apps.plans.querysets import BureauRowQuerySet, SettledQuerySet

MONEY: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}


class BudgetLine(models.Model):
    """Money given to a plan, or taken away, from one funding source. Append-only; the adjusted budget is the sum.

    `version` is the version of the plan that asks for it: only proposed until that version is approved. NULL for money
    that no version asks for.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="budget_lines", verbose_name=_("年度绩效目标"))
    version = models.ForeignKey(
        PlanVersion, models.CASCADE, null=True, blank=True, related_name="budget_lines", verbose_name=_("目标版本")
    )
    source = models.ForeignKey(Member, models.PROTECT, related_name="budget_lines", verbose_name=_("资金来源"))
    kind = models.CharField(_("类别"), max_length=20, choices=BudgetKind)
    amount = models.DecimalField(_("金额（元）"), **MONEY)
    effective_on = models.DateField(_("生效日期"))
    document = models.CharField(_("文件"), max_length=200)
    reason = models.TextField(_("原因"), blank=True)
    origin = models.CharField(_("来源"), max_length=20, choices=Origin)

    objects = SettledQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("预算")
        ordering = ["plan", "effective_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "source"],
                condition=models.Q(kind=BudgetKind.INITIAL),
                name="budget_line_initial_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.get_kind_display()}"


class Direction(models.Model):
    """资金支出方向: what a plan's money is spent on, and the goals it serves.

    Remark 2 of the form asks for an economic classification and an amount; both are NULL where the source gives none.
    """

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="directions", verbose_name=_("目标版本"))
    number = models.PositiveSmallIntegerField(_("序号"))
    text = models.CharField(_("支出方向"), max_length=200)
    economic_item = models.CharField(_("经济分类"), max_length=20, choices=EconomicItem, blank=True)
    amount = models.DecimalField(_("金额（元）"), **MONEY, null=True, blank=True)
    goals = models.ManyToManyField(Goal, related_name="directions", verbose_name=_("绩效目标"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("资金支出方向")
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="direction_once")]

    def __str__(self) -> str:
        return self.text


class Statement(models.Model):
    """One printed table of a bureau's published budget: its own total, its part and the pages it stands on.

    `printed_total` is NULL for a table that has no figures: an empty table is a statement too.
    """

    bureau = models.ForeignKey(Unit, models.PROTECT, related_name="statements", verbose_name=_("单位"))
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveSmallIntegerField(_("表"), choices=StatementNumber)
    printed_total = models.DecimalField(_("印出的合计（元）"), **MONEY, null=True, blank=True)
    part = models.PositiveSmallIntegerField(_("所在部分"))
    place = models.PositiveSmallIntegerField(_("该部分在文件中的次序"))
    pages = models.PositiveSmallIntegerField(_("页数"), default=1)

    objects = BureauRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("预算表")
        ordering = ["-year", "number", "pk"]
        constraints = [models.UniqueConstraint(fields=["bureau", "year", "number"], name="statement_once")]

    def __str__(self) -> str:
        return f"{self.year} {self.get_number_display()}"


class Staffing(models.Model):
    """How many people a bureau may have and has, as its published budget says; who is there is the sum of the two kinds."""

    bureau = models.ForeignKey(Unit, models.PROTECT, related_name="staffings", verbose_name=_("单位"))
    year = models.PositiveSmallIntegerField(_("年度"))
    quota = models.PositiveSmallIntegerField(_("编制人数"))
    administrative = models.PositiveSmallIntegerField(_("行政编制在职人数"))
    service = models.PositiveSmallIntegerField(_("机关后勤服务人数"))

    objects = BureauRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("人员")
        ordering = ["-year", "pk"]
        constraints = [models.UniqueConstraint(fields=["bureau", "year"], name="staffing_once")]

    def __str__(self) -> str:
        return f"{self.bureau} {self.year}"

    @property
    def employed(self) -> int:
        """Return how many people are there (在职实有人数)."""
        return self.administrative + self.service


class FunctionLine(models.Model):
    """A line of 表四 by function code: last year's initial, adjusted and executed budget beside this year's.

    `year` is the budget's year; the `last_` columns speak of the year before, `printed_rate` as printed in percent.
    NULL where the table has a dash.
    """

    bureau = models.ForeignKey(Unit, models.PROTECT, related_name="function_lines", verbose_name=_("单位"))
    year = models.PositiveSmallIntegerField(_("年度"))
    code = models.CharField(_("科目编码"), max_length=20)
    name = models.CharField(_("科目"), max_length=100)
    last_initial = models.DecimalField(_("上年年初预算"), **MONEY, null=True, blank=True)
    last_adjusted = models.DecimalField(_("上年调整后预算"), **MONEY, null=True, blank=True)
    last_executed = models.DecimalField(_("上年预算执行"), **MONEY, null=True, blank=True)
    printed_rate = models.DecimalField(_("印出的执行率"), max_digits=6, decimal_places=2, null=True, blank=True)
    wages = models.DecimalField(_("工资福利支出"), **MONEY, null=True, blank=True)
    goods_services = models.DecimalField(_("商品和服务支出"), **MONEY, null=True, blank=True)
    subsidies = models.DecimalField(_("对个人和家庭的补助"), **MONEY, null=True, blank=True)
    recurring = models.DecimalField(_("经常性项目"), **MONEY, null=True, blank=True)
    one_off = models.DecimalField(_("一次性项目"), **MONEY, null=True, blank=True)

    objects = BureauRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("功能科目预算")
        ordering = ["-year", "code", "pk"]
        constraints = [models.UniqueConstraint(fields=["bureau", "year", "code"], name="function_line_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class EconomicLine(models.Model):
    """An amount by economic item: of basic expenditure (`project` NULL) or of a project; 表五 and 表九."""

    bureau = models.ForeignKey(Unit, models.PROTECT, related_name="economic_lines", verbose_name=_("单位"))
    year = models.PositiveSmallIntegerField(_("年度"))
    statement = models.PositiveSmallIntegerField(_("表"), choices=StatementNumber)
    money_year = models.PositiveSmallIntegerField(_("金额所属年度"))
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="economic_lines", verbose_name=_("项目")
    )
    item = models.CharField(_("经济分类"), max_length=20, choices=EconomicItem)
    amount = models.DecimalField(_("金额（元）"), **MONEY)

    objects = BureauRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("经济分类预算")
        ordering = ["-year", "statement", "money_year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "year", "statement", "money_year", "project", "item"],
                name="economic_line_of_project_once",
            ),
            models.UniqueConstraint(
                fields=["bureau", "year", "statement", "money_year", "item"],
                condition=models.Q(project=None),
                name="economic_line_of_basic_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.money_year} {self.get_item_display()}"


class ProcurementLine(models.Model):
    """A line of 表十: what a project buys, how many, for how much."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="procurement_lines", verbose_name=_("项目"))
    year = models.PositiveSmallIntegerField(_("年度"))
    position = models.PositiveSmallIntegerField(_("顺序"))
    name = models.CharField(_("政府采购项目名称"), max_length=200)
    quantity = models.DecimalField(_("数量"), **FIGURES)
    unit_name = models.CharField(_("计量单位"), max_length=20)
    amount = models.DecimalField(_("金额（元）"), **MONEY)

    class Meta:
        verbose_name = verbose_name_plural = _("政府采购预算")
        ordering = ["-year", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "year", "position"], name="procurement_line_once")]

    def __str__(self) -> str:
        return self.name
