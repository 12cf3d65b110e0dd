"""Projects as a list."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.dashboards.queries import ProjectRow
from apps.plans.models import Plan
from apps.ui import formats
from apps.ui.tables import NUMBERS, MoneyColumn, Table


class ProjectTable(Table):
    """Projects of a year: money beside status. `facts` holds the row of each plan on the page, by the plan's id."""

    number = tables.Column(_("编号"), accessor="project__number", order_by=("project__number", "pk"))
    name = tables.Column(
        _("项目"),
        accessor="project",
        order_by=("project__name", "pk"),
        linkify=lambda record: reverse("dashboards:project", args=[record.pk]),
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
    executed = tables.Column(_("已执行（万元）"), empty_values=(), orderable=False, attrs=NUMBERS)
    rate = tables.Column(_("执行率"), empty_values=(), orderable=False, attrs=NUMBERS)
    status = tables.Column(_("绩效指标"), empty_values=(), orderable=False, attrs={"td": {"class": "pt-name"}})

    class Meta(Table.Meta):
        model = Plan
        fields = ()
        order_by = ("number",)
        empty_text = _("没有符合条件的项目。")

    facts: dict[int, ProjectRow] = {}

    def render_year(self, value):
        """Return the year as it is said, without grouping."""
        return str(value)

    def render_executed(self, record):
        """Return what was spent; unknown until something is reported."""
        return formats.money(self.facts[record.pk].execution.executed)

    def render_rate(self, record):
        """Return the share of the budget that was spent."""
        return formats.percent(self.facts[record.pk].execution.rate)

    def render_status(self, record):
        """Return how many indicators stand how, or that no goal was set."""
        return render_to_string("dashboards/_counts.html", {"counts": self.facts[record.pk].counts})
