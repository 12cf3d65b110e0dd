"""The monitorings of a year as a list."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.calculation.rounding import half_up
from apps.calculation.spending import in_wan
from apps.progress.enums import Likelihood, MonitoringState
from apps.progress.models import Monitoring
from apps.progress.queries.monitoring import MonitoringRow, likelihood_words, monitoring_rows
from apps.ui import formats
from apps.ui.statuses import mark_of
from apps.ui.tables import MoneyColumn, PercentColumn, Table

NAME = {"td": {"class": "pt-name"}}
SHORT = {"td": {"class": "pt-short"}}
MARKS = {
    MonitoringState.DRAFT: ("○", "open"),
    MonitoringState.DIVISION_REVIEW: ("◐", "info"),
    MonitoringState.OFFICER_REVIEW: ("◐", "info"),
    MonitoringState.LEADER_REVIEW: ("◐", "info"),
    MonitoringState.FILED: ("●", "done"),
}
SHAPES = {Likelihood.CERTAIN: ("▲", "good"), Likelihood.POSSIBLE: ("◆", "warn"), Likelihood.IMPOSSIBLE: ("■", "bad")}


def monitoring_page(record):
    """Return the address of a monitoring."""
    return reverse("progress:monitoring", args=[record.pk])


def marked(shape, tone, word):
    """Return a shape with its word; the colour only repeats them."""
    return format_html(
        '<span class="pt-status pt-{}"><span class="pt-shape" aria-hidden="true">{}</span> {}</span>', tone, shape, word
    )


class MonitoringTable(Table):
    """Monitorings: how far they are, what was spent, what is in doubt. `load` reads what a page shows: five queries."""

    number = tables.Column(
        gettext_lazy("编号"), accessor="plan__project__number", order_by=("plan__project__number", "pk")
    )
    name = tables.Column(
        gettext_lazy("项目"),
        accessor="plan__project",
        order_by=("plan__project__name", "pk"),
        attrs=NAME,
    )
    round = tables.Column(
        gettext_lazy("监控期"), order_by=("round__ends_on", "round__pk", "plan__project__number", "pk"), attrs=SHORT
    )
    division = tables.Column(
        gettext_lazy("责任处室"),
        accessor="plan__project__division",
        order_by=("plan__project__division__path", "pk"),
        empty_values=(),
    )
    due_on = tables.Column(
        gettext_lazy("截止"), accessor="round__due_on", order_by=("round__due_on", "pk"), attrs=SHORT
    )
    state = tables.Column(gettext_lazy("状态"), attrs=SHORT)
    budget = MoneyColumn(verbose_name=gettext_lazy("全年预算（万元）"), empty_values=(), orderable=False)
    executed = MoneyColumn(verbose_name=gettext_lazy("执行数（万元）"), empty_values=(), orderable=False)
    rate = PercentColumn(verbose_name=gettext_lazy("执行率"), empty_values=(), orderable=False)
    light = tables.Column(gettext_lazy("执行进度"), empty_values=(), orderable=False, attrs=SHORT)
    likelihood = tables.Column(gettext_lazy("完成目标可能性"), empty_values=(), orderable=False)

    class Meta(Table.Meta):
        model = Monitoring
        fields = ()
        empty_text = gettext_lazy("没有符合条件的监控表。")

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.facts: dict[int, MonitoringRow] = {}

    def load(self, records):
        """Read money and likelihoods."""
        self.facts = monitoring_rows(records)

    def render_name(self, record):
        """Return the project as a link, with the responsible division below."""
        project = record.plan.project
        return format_html(
            '<a href="{}">{}</a><br><small class="text-secondary">{}</small>',
            monitoring_page(record),
            project,
            project.division or project.bureau,
        )

    def value_name(self, record):
        """Return the project for a file."""
        return str(record.plan.project)

    def render_round(self, record):
        """Return the round with its due day below; what is late says so."""
        due_on = record.round.due_on
        told = _("截止 %(day)s") % {"day": formats.day(due_on, self.today)}
        late = record.state == MonitoringState.DRAFT and due_on < self.today
        below = marked("■", "bad", _("已逾期")) if late else ""
        return format_html('{}<br><small class="text-secondary">{}</small> {}', record.round, told, below)

    def value_round(self, record):
        """Return the round for a file."""
        return str(record.round)

    def render_division(self, record):
        """Return who is responsible: the division, the bureau where there is none."""
        return str(record.plan.project.division or record.plan.project.bureau)

    def value_due_on(self, value):
        """Return the due day for a file."""
        return value

    def value_state(self, record):
        """Return how far it is, in words; nothing typed yet is 未开始."""
        if record.state == MonitoringState.DRAFT:
            if record.report_id:
                return _("退回修改")
            return _("填报中") if self.facts[record.pk].has_draft else _("未开始")
        return record.get_state_display()

    def render_state(self, record):
        """Return how far it is, with its mark."""
        return marked(*MARKS[record.state], self.value_state(record))

    def _spending(self, record):
        return self.facts[record.pk].spending

    def render_budget(self, record):
        """Return the year's budget."""
        return formats.money(self._spending(record).budget)

    def value_budget(self, record):
        """Return the year's budget as a number of 万元."""
        budget = self._spending(record).budget
        return None if budget is None else in_wan(budget)

    def render_executed(self, record):
        """Return what was spent in the window; what is not the whole is marked."""
        spending = self._spending(record)
        told = formats.money(spending.executed)
        if spending.executed is None or spending.is_complete:
            return told
        return format_html('{}<br><small class="pt-warn">{}</small>', told, _("已审数不全"))

    def value_executed(self, record):
        """Return what was spent as a number of 万元."""
        executed = self._spending(record).executed
        return None if executed is None else in_wan(executed)

    def render_rate(self, record):
        """Return the execution rate beside the share of the year that is gone."""
        spending = self._spending(record)
        if spending.rate is None:
            return formats.UNKNOWN
        expected = _("应达 %(share)s") % {"share": formats.percent(spending.expected)}
        return format_html('{}<br><small class="text-secondary">{}</small>', formats.percent(spending.rate), expected)

    def value_rate(self, record):
        """Return the execution rate as a number of percent."""
        rate = self._spending(record).rate
        return None if rate is None else half_up(rate)

    def render_light(self, record):
        """Return the lights: of the pace, and of what will be left over."""
        spending = self._spending(record)
        if spending.light is None:
            return formats.UNKNOWN
        mark = mark_of(spending.light)
        told = marked(mark.shape, mark.tone, mark.word)
        if spending.is_over:
            return format_html("{}<br>{}", told, marked("■", "bad", _("预计超出预算")))
        if spending.left is None:
            return told
        return format_html("{}<br>{}", told, marked("◆", "warn", _("预计结余 > 20%")))

    def value_light(self, record):
        """Return the lights in words."""
        spending = self._spending(record)
        words = [str(mark_of(spending.light).word)] if spending.light else []
        if spending.is_over:
            words.append(_("预计超出预算"))
        elif spending.left:
            words.append(_("预计结余 > 20%"))
        return formats.clauses(words)

    def _counts(self, record):
        counts = self.facts[record.pk].counts or {}
        layout = record.round.layout
        return [(code, likelihood_words(code, layout), counts[code]) for code in Likelihood.values if counts.get(code)]

    def render_likelihood(self, record):
        """Return how many indicators are certain, possible and impossible; a dash before a submission."""
        counts = self._counts(record)
        if not counts:
            return formats.UNKNOWN
        return format_html_join(
            mark_safe("<br>"),
            "{}",
            ((marked(*SHAPES[Likelihood(code)], f"{word} {count}"),) for code, word, count in counts),
        )

    def value_likelihood(self, record):
        """Return the counts in words."""
        return formats.clauses([f"{word} {count}" for _code, word, count in self._counts(record)])
