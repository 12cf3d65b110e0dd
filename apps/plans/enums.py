"""The fixed words of plans. Values that the calculation knows too are spelled as in `calculation.terms`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Nature(models.TextChoices):
    """Whether a project's money comes every year (表六)."""

    RECURRING = "recurring", _("经常性")
    ONE_OFF = "one_off", _("一次性")


class Attribute(models.TextChoices):
    """项目属性, exactly three (表十一, remark 1)."""

    NEW = "new", _("新增项目")
    CONTINUING = "continuing", _("持续项目")
    MULTI_YEAR = "multi_year", _("跨年度项目")


class VersionState(models.TextChoices):
    """How far a version of a plan is on its way to approval."""

    DRAFT = "draft", _("草稿")
    DIVISION_REVIEW = "division_review", _("处室审核")
    OFFICER_REVIEW = "officer_review", _("绩效管理岗审核")
    LEADER_REVIEW = "leader_review", _("局领导审签")
    APPROVED = "approved", _("已批复")
    WITHDRAWN = "withdrawn", _("已撤销")


OPEN_STATES = (
    VersionState.DRAFT,
    VersionState.DIVISION_REVIEW,
    VersionState.OFFICER_REVIEW,
    VersionState.LEADER_REVIEW,
)


class StepKind(models.TextChoices):
    """What somebody did with a version that was before them."""

    SUBMITTED = "submitted", _("提交")
    PASSED = "passed", _("通过")
    PASSED_OVER = "passed_over", _("免于本环节")
    RETURNED = "returned", _("退回")
    RECALLED = "recalled", _("收回")
    WITHDRAWN = "withdrawn", _("撤销")


class Level1(models.TextChoices):
    """一级指标 (财预〔2020〕10号; cost as its own block since 财预〔2021〕101号)."""

    COST = "cost", _("成本指标")
    OUTPUT = "output", _("产出指标")
    BENEFIT = "benefit", _("效益指标")
    SATISFACTION = "satisfaction", _("满意度指标")


class Level2(models.TextChoices):
    """二级指标."""

    QUANTITY = "quantity", _("数量指标")
    QUALITY = "quality", _("质量指标")
    TIMELINESS = "timeliness", _("时效指标")
    COST = "cost", _("成本指标")
    ECONOMIC_COST = "economic_cost", _("经济成本指标")
    SOCIAL_COST = "social_cost", _("社会成本指标")
    ECOLOGICAL_COST = "ecological_cost", _("生态环境成本指标")
    ECONOMIC = "economic", _("经济效益指标")
    SOCIAL = "social", _("社会效益指标")
    ECOLOGICAL = "ecological", _("生态效益指标")
    SUSTAINABLE = "sustainable", _("可持续影响指标")
    SATISFACTION = "satisfaction", _("服务对象满意度指标")


class Kind(models.TextChoices):
    """What a measure's figures are; a database check holds the columns of each kind."""

    RATIO = "ratio", _("比率")
    NUMBER = "number", _("数量")
    MONEY = "money", _("金额")
    MILESTONE = "milestone", _("里程碑")
    CHECKLIST = "checklist", _("检查清单")
    JUDGEMENT = "judgement", _("定性评定")


class Accumulation(models.TextChoices):
    """How the periods of a year combine."""

    INCREMENT = "increment", _("当期数（相加）")
    RUNNING_TOTAL = "running_total", _("累计数（取最近）")
    SNAPSHOT = "snapshot", _("时点数（取最近）")
    AVERAGE = "average", _("平均")
    MAXIMUM = "maximum", _("最大")
    MINIMUM = "minimum", _("最小")


class Aggregation(models.TextChoices):
    """How members combine."""

    POOLED = "pooled", _("合并比率（分子之和 ÷ 分母之和）")
    SUM = "sum", _("求和")
    MEAN = "mean", _("简单平均")
    WEIGHTED = "weighted", _("按资金加权平均")
    MINIMUM = "minimum", _("最小")
    MAXIMUM = "maximum", _("最大")


class Dimension(models.TextChoices):
    """What a measure is broken down by; `unit` is the one member of a measure that is not broken down."""

    UNIT = "unit", _("本单位")
    DISTRICT = "district", _("区")
    CHANNEL = "channel", _("渠道")
    SERVICE = "service", _("服务事项")
    SITE = "site", _("场所")
    FUNDING = "funding", _("资金来源")


class Frequency(models.TextChoices):
    """How often a measure is asked."""

    MONTHLY = "monthly", _("每月")
    QUARTERLY = "quarterly", _("每季度")
    HALF_YEARLY = "half_yearly", _("每半年")
    YEARLY = "yearly", _("每年")
    SEASON = "season", _("按季节")
    MILESTONE = "milestone", _("按节点日期")


class Operator(models.TextChoices):
    """指标性质. `less_than` and `more_than` exclude the bound."""

    AT_LEAST = "at_least", "≥"
    AT_MOST = "at_most", "≤"
    MORE_THAN = "more_than", ">"
    LESS_THAN = "less_than", "<"
    EQUAL = "equal", "="
    RANGE = "range", _("区间")
    DATE = "date", _("按期")
    QUALITATIVE = "qualitative", _("定性")


class EqualMeans(models.TextChoices):
    """What "=" means: at least as much, or a quota that may not be exceeded either."""

    FLOOR = "floor", _("达到即可")
    EXACT = "exact", _("不多不少")


class TargetStatus(models.TextChoices):
    """How certain a target is."""

    PENDING = "pending", _("待定")
    PROVISIONAL = "provisional", _("暂定")
    FINAL = "final", _("确定")


class Basis(models.TextChoices):
    """What a target's number stands on."""

    FIXED = "fixed", _("固定值")
    LAST_YEAR = "last_year", _("上年全年")
    SAME_PERIOD = "same_period", _("上年同期")
    MEAN_OF_YEARS = "mean_of_years", _("前几年平均")


class Span(models.TextChoices):
    """What time a target covers."""

    YEAR = "year", _("本年度")
    PROJECT = "project", _("整个项目期")


class ScopeRule(models.TextChoices):
    """Which members a target speaks of, and how many must reach it."""

    TOGETHER = "together", _("全部合计")
    ALL = "all", _("名单内每一个")
    AT_LEAST = "at_least", _("名单内至少若干个")
    ANY = "any", _("名单内任一个")
    MEAN = "mean", _("名单平均")


class Path(models.TextChoices):
    """Which way to the target is expected during the year."""

    FROM_ZERO = "from_zero", _("从零匀速")
    FROM_BASELINE = "from_baseline", _("从基期匀速")
    LAST_YEARS_SHAPE = "last_years_shape", _("按上年走势")
    PER_PERIOD = "per_period", _("按分期计划")
    KEEP_AT = "keep_at", _("始终保持")


class Pairing(models.TextChoices):
    """Whether somebody has confirmed that an indicator belongs to the goal it stands beside."""

    CONFIRMED = "confirmed", _("已核")
    UNVERIFIED = "unverified", _("待核")


class Origin(models.TextChoices):
    """Where a row comes from. Demonstration rows are labelled wherever they show and go with one command."""

    PUBLISHED = "published", _("公开文件")
    TYPED = "typed", _("录入")
    DECISION = "decision", _("审定文件")
    DEMONSTRATION = "demonstration", _("演示数据")
    IMPORTED = "imported", _("表格导入")


class BudgetKind(models.TextChoices):
    """What a budget line is; the adjusted budget is the sum of all lines."""

    INITIAL = "initial", _("年初预算")
    ADJUSTMENT = "adjustment", _("年中调整")
    CARRIED_OVER = "carried_over", _("上年结转")


class StatementNumber(models.IntegerChoices):
    """The tables of a published department budget."""

    SUMMARY = 1, _("表一 收支预算总表")
    INCOME = 2, _("表二 收入预算总表")
    EXPENDITURE = 3, _("表三 支出预算总表")
    GENERAL = 4, _("表四 一般公共预算支出预算表")
    GOODS_AND_SERVICES = 5, _("表五 基本支出（商品和服务支出）预算表")
    PROJECTS = 6, _("表六 项目支出预算明细表（部门项目）")
    SHARED_PROJECTS = 7, _("表七 项目支出预算明细表（公共项目）")
    GOVERNMENT_FUNDS = 8, _("表八 政府性基金预算支出预算表")
    THREE_EXPENSES = 9, _("表九 “三公”经费和会议费支出预算表")
    PROCUREMENT = 10, _("表十 项目支出政府采购预算表")
    PERFORMANCE = 11, _("表十一 项目绩效目标表")


class EconomicItem(models.TextChoices):
    """Economic classification items that the published tables name."""

    OFFICE = "office", _("办公费")
    PRINTING = "printing", _("印刷费")
    WATER = "water", _("水费")
    ELECTRICITY = "electricity", _("电费")
    PROPERTY = "property", _("物业管理费")
    TRAVEL_ABROAD = "travel_abroad", _("因公出国（境）费用")
    MEETINGS = "meetings", _("会议费")
    TRAINING = "training", _("培训费")
    RECEPTION = "reception", _("公务接待费")
    LABOUR = "labour", _("劳务费")
    UNION = "union", _("工会经费")
    CAR_RUNNING = "car_running", _("公务用车运行维护费")
    CAR_PURCHASE = "car_purchase", _("公务用车购置费")


class Severity(models.TextChoices):
    """How much a finding of the plan check weighs: errors keep a plan from being passed on, warnings ask for a word."""

    ERROR = "error", _("必须改正")
    WARNING = "warning", _("请说明")
    HINT = "hint", _("提示")
