"""The index of the files behind figures, and the cells that lack one."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.plans.models import IndicatorTerms, Measure
from apps.progress.models import Entry, Evidence, Round
from apps.progress.queries.evidence import EvidenceLine, evidence_required, lines_of
from apps.ui import formats
from apps.ui.tables import MomentColumn, Table


def head_of(bound_column):
    """Return the head of a column, which stands beside each figure of it where a row is shown as a card."""
    return bound_column.header


LONG = {"td": {"data-label": head_of}}
NAME = {"td": {"class": "pt-name", "data-label": head_of}}
SHORT = {"td": {"class": "pt-short", "data-label": head_of}}
COUNT = {"td": {"class": "pt-number", "data-label": head_of}, "th": {"class": "pt-number"}}
CARDS = {"class": f"{Table.Meta.attrs['class']} evidence-table"}
SMALL_BELOW = '{}<br><small class="text-secondary">{}</small>'
HASH_LETTERS = 12
QUIET, DOUBT = "text-secondary", "pt-warn"


def grid_of(entry):
    """Return the address of a cell in its grid."""
    return f"{reverse('progress:grid', args=[entry.round_id, entry.measure_id])}#cell-{entry.pk}"


class EvidenceTable(Table):
    """Files by their numbers. `load` reads what a page shows: two queries at most."""

    reference = tables.Column(
        gettext_lazy("序号"),
        empty_values=(),
        order_by=("project_number", "indicator_code", "measure", "fiscal_year", "number", "pk"),
        attrs=SHORT,
    )
    name = tables.Column(gettext_lazy("文件名"), order_by=("name", "pk"), attrs=NAME)
    note = tables.Column(gettext_lazy("说明"), visible=False)
    indicator = tables.Column(
        gettext_lazy("指标"), empty_values=(), order_by=("indicator_code", "measure__name", "pk"), attrs=NAME
    )
    project = tables.Column(gettext_lazy("项目"), empty_values=(), visible=False)
    period = tables.Column(
        gettext_lazy("期间"), accessor="entry__round", order_by=("entry__round__ends_on", "pk"), attrs=SHORT
    )
    member = tables.Column(gettext_lazy("成员"), accessor="entry__member", visible=False)
    sha256 = tables.Column(gettext_lazy("哈希"), accessor="file__sha256", orderable=False, attrs=SHORT)
    added_by = tables.Column(gettext_lazy("上传人"), order_by=("added_by__name", "pk"), attrs=SHORT)
    added_at = MomentColumn(verbose_name=gettext_lazy("时间"), order_by=("added_at", "pk"), attrs=SHORT)
    state = tables.Column(
        gettext_lazy("状态"), empty_values=(), order_by=("superseded_at", "project_number", "number", "pk"), attrs=LONG
    )
    findings = tables.Column(gettext_lazy("提示"), empty_values=(), visible=False)

    class Meta(Table.Meta):
        attrs = CARDS
        model = Evidence
        fields = ()
        order_by = ("reference",)
        empty_text = gettext_lazy("没有符合条件的佐证材料。")

    def __init__(self, *args, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.lines: dict[int, EvidenceLine] = {}
        self.terms: dict[int, IndicatorTerms] = {}

    def load(self, records):
        """Read what was noticed, and the indicators and projects of the rows."""
        self.lines = {line.row.pk: line for line in lines_of(records, self.viewer)}
        joined = IndicatorTerms.objects.select_related("indicator", "version__plan__project")
        self.terms = joined.in_bulk({row.terms_id for row in records if row.terms_id})

    def render_reference(self, record):
        """Return the number in full."""
        return self.lines[record.pk].reference

    def render_name(self, record, value):
        """Return the name, which leads to the file's page, with the note below it; struck through once it was replaced."""
        mark = "{}" if record.superseded_at is None else "<del>{}</del>"
        link = format_html('<a href="{}">' + mark + "</a>", reverse("progress:evidence_page", args=[record.pk]), value)
        return format_html(SMALL_BELOW, link, record.note) if record.note else link

    def value_name(self, value):
        """Return the name alone."""
        return value

    def render_indicator(self, record):
        """Return the indicator, or else the measure, with the project below it."""
        terms = self.terms.get(record.terms_id)
        if terms is None:
            return str(record.measure)
        link = format_html(
            '<a href="{}">{} {}</a>',
            reverse("dashboards:indicator", args=[terms.indicator_id]),
            terms.indicator.code,
            terms,
        )
        return format_html(SMALL_BELOW, link, terms.version.plan.project)

    def value_indicator(self, record):
        """Return the indicator by code and name, for a file."""
        terms = self.terms.get(record.terms_id)
        return str(record.measure) if terms is None else f"{terms.indicator.code} {terms}"

    def render_project(self, record):
        """Return the project, empty for a measure that no plan of the year looks at."""
        terms = self.terms.get(record.terms_id)
        return str(terms.version.plan.project) if terms else ""

    def render_period(self, record, value):
        """Return the period, which leads to the cell, with its member below it."""
        link = format_html('<a href="{}">{}</a>', grid_of(record.entry), value)
        return format_html(SMALL_BELOW, link, record.entry.member)

    def value_period(self, value):
        """Return the period alone."""
        return str(value)

    def render_sha256(self, value):
        """Return how the hash begins; the file holds it whole."""
        return format_html('<code title="{}">{}</code>', value, value[:HASH_LETTERS])

    def value_sha256(self, value):
        """Return the whole hash, for a file."""
        return value

    def render_state(self, record):
        """Return whether it counts, and what was noticed of it."""
        line = self.lines[record.pk]
        shape, tone = ("●", "done") if line.is_in_force else ("–", "open")
        mark = '<span class="pt-status pt-{}"><span class="pt-shape" aria-hidden="true">{}</span> {}</span>{}'
        told = [(QUIET, "", record.superseded_reason)] if record.superseded_at else []
        for row in line.findings:
            is_doubt = line.is_in_force and row.is_grave
            told.append((DOUBT, "⚠ ", row.sentence) if is_doubt else (QUIET, "", row.sentence))
        below = format_html_join("", '<small class="d-block {}">{}{}</small>', told)
        return format_html(mark, tone, shape, self._word(line), below)

    def value_state(self, record):
        """Return whether it counts, and why it does not, in words."""
        line = self.lines[record.pk]
        reason = record.superseded_reason
        return (
            _("%(state)s：%(reason)s") % {"state": self._word(line), "reason": reason} if reason else self._word(line)
        )

    def render_findings(self, record):
        """Return what was noticed as one text."""
        return formats.clauses(self._sentences(self.lines[record.pk]))

    def _sentences(self, line):
        return [finding.sentence for finding in line.findings]

    def _word(self, line):
        if line.is_in_force:
            return _("有效")
        return _("已替换") if line.row.successor_id else _("已撤下")


class MissingTable(Table):
    """Cells with a figure and without the file that the plan asks for. `load` reads what is asked for: one query."""

    period = tables.Column(gettext_lazy("期间"), accessor="round", order_by=("round__ends_on", "pk"), attrs=SHORT)
    measure = tables.Column(gettext_lazy("数据项"), order_by=("measure__name", "pk"), attrs=NAME)
    member = tables.Column(gettext_lazy("成员"), order_by=("member__position", "pk"), attrs=SHORT)
    required = tables.Column(gettext_lazy("需要的佐证"), empty_values=(), orderable=False, attrs=LONG)
    reporting_unit = tables.Column(gettext_lazy("填报单位"), order_by=("reporting_unit__path", "pk"), attrs=NAME)
    state = tables.Column(gettext_lazy("状态"), order_by=("state", "pk"), attrs=SHORT)

    class Meta(Table.Meta):
        attrs = CARDS
        model = Entry
        fields = ()
        order_by = ("period",)
        empty_text = gettext_lazy("没有缺佐证的格。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.required: dict[tuple[int, int], str] = {}

    def load(self, records):
        """Read what the plans ask for."""
        self.required = evidence_required(records)

    def render_measure(self, record, value):
        """Return the measure, which leads to where files are added."""
        return format_html('<a href="{}">{}</a>', reverse("progress:entry_evidence", args=[record.pk]), value)

    def value_measure(self, value):
        """Return the measure alone."""
        return str(value)

    def render_required(self, record):
        """Return what is asked for."""
        return self.required.get((record.measure_id, record.round.fiscal_year), formats.UNKNOWN)


class LetterTable(Table):
    """Letters behind figures typed for others. `load` reads their measures and rounds: two queries."""

    source_name = tables.Column(gettext_lazy("来函"), order_by=("source_name", "revision"), attrs=NAME)
    on_behalf_of = tables.Column(gettext_lazy("来函单位"), order_by=("on_behalf_of", "revision"), attrs=NAME)
    measure = tables.Column(
        gettext_lazy("数据项"), empty_values=(), order_by=("entry__measure__name", "revision"), attrs=NAME
    )
    period = tables.Column(
        gettext_lazy("期间"), empty_values=(), order_by=("entry__round__ends_on", "revision"), attrs=SHORT
    )
    cells = tables.Column(gettext_lazy("格数"), order_by=("cells", "revision"), attrs=COUNT)
    person = tables.Column(
        gettext_lazy("代填人"), accessor="submitted_by__name", order_by=("submitted_by__name", "revision"), attrs=SHORT
    )
    at = MomentColumn(verbose_name=gettext_lazy("时间"), order_by=("at", "revision"), attrs=SHORT)

    class Meta(Table.Meta):
        attrs = CARDS
        empty_text = gettext_lazy("没有符合条件的来函。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.measures, self.rounds = {}, {}

    def load(self, records):
        """Read the measures and the rounds."""
        self.measures = Measure.objects.in_bulk({row["entry__measure_id"] for row in records})
        joined = Round.objects.select_related("season")
        self.rounds = joined.in_bulk({row["entry__round_id"] for row in records})

    def render_source_name(self, record, value):
        """Return the name of the letter, which downloads it."""
        return format_html('<a href="{}" download>{}</a>', reverse("progress:letter", args=[record["revision"]]), value)

    def value_source_name(self, value):
        """Return the name alone."""
        return value

    def render_measure(self, record):
        """Return the measure."""
        return str(self.measures[record["entry__measure_id"]])

    def render_period(self, record):
        """Return the period, which leads to the cells."""
        address = reverse("progress:grid", args=[record["entry__round_id"], record["entry__measure_id"]])
        return format_html('<a href="{}">{}</a>', address, self.rounds[record["entry__round_id"]])

    def value_period(self, record):
        """Return the period alone."""
        return str(self.rounds[record["entry__round_id"]])
