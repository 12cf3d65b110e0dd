"""Projects as a list."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.calculation.rounding import half_up
from apps.calculation.spending import in_wan
from apps.dashboards.queries import ProjectRow, project_rows, year_of
from apps.plans.models import Plan
from apps.plans.queries import as_known
from apps.ui import formats
from apps.ui.statuses import mark_of
from apps.ui.tables import MoneyColumn, PercentColumn, Table


class ProjectTable(Table):
    """Projects of a year: money beside status, with what was known on the day asked for.

    `load` reads what a page shows: five queries, six for a day that is past.
    """

    number = tables.Column(_("编号"), accessor="project__number", order_by=("project__number", "pk"))
    name = tables.Column(
        _("项目"),
        accessor="project",
        order_by=("project__name", "pk"),
        linkify=lambda record, table: reverse("dashboards:project", args=[record.pk]) + table.known.query,
        attrs={"td": {"class": "pt-name"}},
    )
    year = tables.Column(_("年度"), order_by=("year", "pk"))
    nature = tables.Column(
        _("类别"),
        accessor="project__get_nature_display",
        order_by=("project__nature", "pk"),
        attrs={"td": {"class": "pt-short"}},
    )
    budget = MoneyColumn(verbose_name=_("预算（万元）"), order_by=("budget", "pk"))
    executed = MoneyColumn(verbose_name=_("已执行（万元）"), empty_values=(), orderable=False)
    rate = PercentColumn(verbose_name=_("执行率"), empty_values=(), orderable=False)
    status = tables.Column(_("绩效指标"), empty_values=(), orderable=False, attrs={"td": {"class": "pt-name"}})

    class Meta(Table.Meta):
        model = Plan
        fields = ()
        order_by = ("number",)
        empty_text = _("没有符合条件的项目。")

    def __init__(self, *args, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known
        self.facts: dict[int, ProjectRow] = {}

    def load(self, records):
        """Read what was spent and how the indicators stand."""
        as_known(records, self.known.known_at)
        read = year_of(records, self.known.today, self.known.known_at)
        self.facts = {row.plan.pk: row for row in project_rows(records, self.known.today, *read)}

    def render_year(self, value):
        """Return the year as it is said, without grouping."""
        return str(value)

    def value_year(self, value):
        """Return the year as a number for a file."""
        return value

    def render_executed(self, record):
        """Return what was spent; unknown until something is reported."""
        return formats.money(self.facts[record.pk].execution.executed)

    def value_executed(self, record):
        """Return what was spent as a number of 万元 for a file."""
        executed = self.facts[record.pk].execution.executed
        return None if executed is None else in_wan(executed)

    def render_rate(self, record):
        """Return the share of the budget that was spent."""
        return formats.percent(self.facts[record.pk].execution.rate)

    def value_rate(self, record):
        """Return the rate as a number of percent for a file."""
        rate = self.facts[record.pk].execution.rate
        return None if rate is None else half_up(rate)

    def render_status(self, record):
        """Return how many indicators stand how, or that no goal was set."""
        return render_to_string("dashboards/_counts.html", {"counts": self.facts[record.pk].counts})

    def value_status(self, record):
        """Return how many indicators stand how, in words."""
        counts = self.facts[record.pk].counts
        return formats.names([f"{mark_of(row.status).word} {row.count}" for row in counts]) or _("未设绩效目标")
