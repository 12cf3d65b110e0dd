"""Plans and indicators as lists."""

import django_tables2 as tables
from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.plans.enums import OPEN_STATES, TargetStatus, VersionState
from apps.plans.models import IndicatorTerms, Plan
from apps.plans.queries.lists import IndicatorRow, PlanRow, indicator_rows, plan_rows
from apps.ui import formats
from apps.ui.tables import NUMBERS, MoneyColumn, Table
from apps.ui.targets import target_text

NAME = {"td": {"class": "pt-name"}}
SHORT = {"td": {"class": "pt-short"}}
LINK_ABOVE = '<a href="{}">{}</a><br><small class="text-secondary">{}</small>'
SMALL_BELOW = '{}<br><small class="text-secondary">{}</small>'
FAR = len(OPEN_STATES) + 1


def plan_page(record):
    """Return the address of a plan's own page."""
    return reverse("plans:editor", args=[record.pk])


def indicator_page(record):
    """Return where an indicator is looked at: its own page once approved, its plan's page before."""
    if record.version.state == VersionState.APPROVED:
        return reverse("dashboards:indicator", args=[record.indicator_id])
    return plan_page(record.version.plan)


class PlanTable(Table):
    """Plans of a year: how far they are and who has them. `load` reads what a page shows: six queries."""

    number = tables.Column(gettext_lazy("编号"), accessor="project__number", order_by=("project__number", "pk"))
    name = tables.Column(
        gettext_lazy("项目"),
        accessor="project",
        order_by=("project__name", "pk"),
        linkify=plan_page,
        attrs=NAME,
    )
    state = tables.Column(gettext_lazy("状态"), accessor="way", empty_values=(), attrs=SHORT)
    holders = tables.Column(gettext_lazy("现由谁办"), empty_values=(), orderable=False)
    year = tables.Column(gettext_lazy("年度"), order_by=("year", "pk"), attrs=SHORT)
    bureau = tables.Column(
        gettext_lazy("单位"), accessor="project__bureau", order_by=("project__bureau__path", "pk"), attrs=NAME
    )
    division = tables.Column(
        gettext_lazy("责任处室"),
        accessor="project__division",
        order_by=("project__division__path", "pk"),
        default=formats.UNKNOWN,
    )
    budget = MoneyColumn(verbose_name=gettext_lazy("预算（万元）"), empty_values=(), order_by=("budget", "pk"))
    indicators = tables.Column(gettext_lazy("指标数"), empty_values=(), orderable=False, attrs=NUMBERS)
    weight = tables.Column(gettext_lazy("分值合计"), empty_values=(), orderable=False, attrs=NUMBERS)

    class Meta(Table.Meta):
        model = Plan
        fields = ()
        order_by = ("number",)
        empty_text = gettext_lazy("没有符合条件的目标。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.facts: dict[int, PlanRow] = {}

    def load(self, records):
        """Read how far the plans are, what they weigh and who has them."""
        self.facts = plan_rows(records)

    def order_state(self, plans, is_descending):
        """Order by how far it is: nothing yet, on its way stage by stage, approved."""
        stages = [When(way=state, then=Value(place)) for place, state in enumerate(OPEN_STATES, start=1)]
        approved = When(approved__isnull=False, then=Value(FAR))
        rows = plans.annotate(far=Case(*stages, approved, default=Value(0), output_field=IntegerField()))
        return rows.order_by("-far" if is_descending else "far", "project__number", "pk"), True

    def render_year(self, value):
        """Return the year as it is said, without grouping."""
        return str(value)

    def value_year(self, value):
        """Return the year as a number for a file."""
        return value

    def _money(self, record):
        proposed = self.facts[record.pk].proposed
        return proposed if record.budget is None else record.budget

    def render_budget(self, record):
        """Return the money that counts; what a draft only asks for is marked."""
        amount = formats.money(self._money(record))
        if record.budget is not None or amount == formats.UNKNOWN:
            return amount
        return format_html('<span class="pt-open">{} {}</span>', _("拟"), amount)

    def value_budget(self, record):
        """Return the money as a number of 万元 for a file."""
        amount = self._money(record)
        return None if amount is None else MoneyColumn().value(amount)

    def render_indicators(self, record):
        """Return how many indicators the version has."""
        return self.facts[record.pk].indicators

    def render_weight(self, record):
        """Return the sum of the weights, and by how much it is off."""
        row = self.facts[record.pk]
        if not row.lacks:
            return formats.points(row.weight)
        return format_html(
            '{}<br><small class="pt-warn">{}</small>', formats.points(row.weight or 0), weights_told(row.lacks)
        )

    def value_weight(self, record):
        """Return the sum of the weights as a number for a file."""
        return self.facts[record.pk].weight

    def render_state(self, record):
        """Return how far it is as a mark and a word; an adjustment says which version it will be."""
        shape, tone = state_mark(record)
        return format_html(
            '<span class="pt-status pt-{}"><span class="pt-shape" aria-hidden="true">{}</span> {}</span>',
            tone,
            shape,
            self.value_state(record),
        )

    def value_state(self, record):
        """Return how far it is, in words."""
        version = self.facts[record.pk].version
        if version is None:
            return _("未编制")
        word = version.get_state_display()
        if version.state != VersionState.APPROVED and record.approved_id is not None:
            return _("调整 v%(number)s · %(state)s") % {"number": version.number, "state": word}
        return _("%(state)s v%(number)s") % {"number": version.number, "state": word}

    def render_holders(self, record):
        """Return who has it now; a dash for what is settled."""
        row = self.facts[record.pk]
        if row.version is None or row.version.state == VersionState.APPROVED:
            return formats.UNKNOWN
        if not row.holders:
            return _("没有可以办理的人")
        return formats.names([str(person) for person in row.holders])


def state_mark(plan):
    """Return the shape and tone of how far a plan is."""
    if plan.way == VersionState.DRAFT:
        return "○", "open"
    if plan.way is not None:
        return "◐", "info"
    return ("●", "done") if plan.approved_id else ("–", "open")


def weights_told(lacks):
    """Return by how much weights are off, in words."""
    if lacks > 0:
        return _("还差 %(points)s 分") % {"points": formats.points(lacks)}
    return _("多出 %(points)s 分") % {"points": formats.points(-lacks)}


class IndicatorTable(Table):
    """Indicators of a year with their targets and who reports them. `load` reads what a page shows: three queries.

    On a page the project, the second class, the kind and the responsible division stand below what they belong to; a file has
    a column for each.
    """

    code = tables.Column(
        gettext_lazy("编号"),
        accessor="indicator__code",
        order_by=("version__plan__project__number", "position", "pk"),
        attrs=SHORT,
    )
    name = tables.Column(gettext_lazy("指标"), accessor="name", order_by=("name", "pk"), attrs=NAME)
    project = tables.Column(gettext_lazy("项目"), accessor="version__plan__project", visible=False)
    goal = tables.Column(
        pgettext_lazy("number", "目标"),
        accessor="goal__number",
        order_by=("goal__number", "position", "pk"),
        attrs=NUMBERS,
    )
    level1 = tables.Column(gettext_lazy("一级指标"), order_by=("level1", "level2", "pk"), attrs=SHORT)
    level2 = tables.Column(gettext_lazy("二级指标"), visible=False)
    target = tables.Column(gettext_lazy("指标值"), empty_values=(), orderable=False)
    certainty = tables.Column(gettext_lazy("确定程度"), order_by=("certainty", "pk"), attrs=SHORT)
    weight = tables.Column(gettext_lazy("分值"), order_by=("weight", "pk"), attrs=NUMBERS, default=formats.UNKNOWN)
    measure = tables.Column(
        gettext_lazy("数据项"),
        accessor="indicator__measure",
        order_by=("indicator__measure__name", "pk"),
        attrs=NAME,
    )
    kind = tables.Column(gettext_lazy("类别"), accessor="indicator__measure__kind", visible=False)
    units = tables.Column(gettext_lazy("填报单位"), empty_values=(), orderable=False)
    division = tables.Column(gettext_lazy("责任处室"), accessor="version__plan__project__division", visible=False)

    class Meta(Table.Meta):
        model = IndicatorTerms
        fields = ()
        order_by = ("code",)
        empty_text = gettext_lazy("没有符合条件的指标。")

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.facts: dict[int, IndicatorRow] = {}

    def load(self, records):
        """Read the targets and the reporting units."""
        self.facts = indicator_rows(records, self.today)

    def render_name(self, record):
        """Return the name, which leads on, with the project below it."""
        return format_html(LINK_ABOVE, indicator_page(record), record, record.version.plan.project)

    def value_name(self, record):
        """Return the name alone."""
        return str(record)

    def render_level1(self, record, value):
        """Return the first class with the second below it."""
        return format_html(SMALL_BELOW, value, record.get_level2_display())

    def value_level1(self, value):
        """Return the first class alone."""
        return value

    def render_measure(self, value):
        """Return the measure with its kind below it."""
        return format_html(SMALL_BELOW, value, value.get_kind_display())

    def value_measure(self, value):
        """Return the measure alone."""
        return str(value)

    def render_target(self, record):
        """Return the target in words."""
        return target_text(self.facts[record.pk].target, record.indicator.measure)

    def render_certainty(self, value):
        """Return how certain the target is; what is not final stands out."""
        word = TargetStatus(value).label
        if value == TargetStatus.FINAL:
            return word
        return format_html('<span class="pt-status pt-warn">◇ {}</span>', word)

    def value_certainty(self, value):
        """Return how certain the target is, for a file."""
        return str(TargetStatus(value).label)

    def render_weight(self, record, value):
        """Return the weight without idle zeros; a suggested one is marked."""
        mark = format_html(' <span class="pt-tag">{}</span>', _("建议")) if record.has_suggested_weight else ""
        return format_html_join("", "{}", ((part,) for part in (formats.points(value), mark)))

    def value_weight(self, value):
        """Return the weight as a number for a file."""
        return value

    def render_units(self, record):
        """Return who reports it, the first of many, with the responsible division below where that is another."""
        units = self.facts[record.pk].units
        division = record.version.plan.project.division
        told = str(units[0]) if units else formats.UNKNOWN
        if len(units) > 1:
            told = _("%(unit)s 等 %(count)s 个单位") % {"unit": told, "count": len(units)}
        return told if division is None or list(units) == [division] else format_html(SMALL_BELOW, told, division)

    def value_units(self, record):
        """Return all who report it, for a file."""
        return formats.names([str(unit) for unit in self.facts[record.pk].units])
