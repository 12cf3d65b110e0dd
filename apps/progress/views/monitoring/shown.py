"""A monitoring as its page shows it: each part of the form with the texts in its fields and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.plans.enums import Kind
from apps.progress.actions.monitoring import unfit_overspending
from apps.progress.enums import CAUSES_OF, Cause, Likelihood, MonitoringLayout
from apps.progress.forms.monitoring import CAUSE, LineReading, read_line, read_money
from apps.progress.forms.rounds import LONGEST_REASON
from apps.progress.models import Monitoring, MonitoringDraft, MonitoringLine, MonitoringMoney, MonitoringReport
from apps.progress.queries import monitoring as queries
from apps.ui import formats

MONEY = "money"
FIELDS = ("estimate", "likelihood", "causes", "cause", "remedy", "note")


@dataclass
class LineRow:
    """One indicator as the page shows it: its line, the texts in its fields, what is wrong with them, and what others typed."""

    line: MonitoringLine
    layout: str
    silence: str = ""
    year_end: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    seen: int = 0
    theirs: MonitoringDraft | None = None
    saved: MonitoringDraft | None = None

    @property
    def place(self) -> str:
        """Return what the row's fields are named after."""
        return str(self.line.indicator_id)

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """Return what is wrong with each field, empty where nothing is: what a saved draft puts beside the fields."""
        return [(name, self.errors.get(name, "")) for name in FIELDS]

    @property
    def actual(self) -> str:
        """Return where the indicator stood, in words."""
        return queries.actual_words(self.line)

    @property
    def coverage(self) -> str:
        """Return who is missing behind the figure."""
        return queries.coverage_words(self.line)

    @property
    def estimate(self) -> str:
        """Return what is expected of the year, in words."""
        return queries.estimate_words(self.line)

    @property
    def likelihood(self) -> str:
        """Return the likelihood as the form prints it."""
        return queries.likelihood_words(self.line.likelihood, self.layout)

    @property
    def causes(self) -> str:
        """Return the causes by name."""
        return formats.names([str(Cause(code).label) for code in self.line.causes])

    @property
    def unit(self) -> str:
        """Return the unit in which the estimate is typed."""
        measure = self.line.indicator.measure
        return formats.unit("万元" if measure.kind == Kind.MONEY else measure.unit_name)

    @property
    def suggested(self) -> str:
        """Return the suggestion as it would be typed."""
        value, measure = self.line.suggestion, self.line.indicator.measure
        return "" if value is None else formats.plain(value, measure).replace(",", "")

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """Return the likelihoods: code, word, whether chosen."""
        chosen = self.texts.get("likelihood", "")
        return [(code, queries.likelihood_words(code, self.layout), code == chosen) for code in Likelihood.values]

    @property
    def boxes(self) -> list[tuple[str, str, bool]]:
        """Return the causes that the form offers: field, word, whether ticked."""
        offered = CAUSES_OF[MonitoringLayout(self.layout)]
        return [(f"{CAUSE}{code}", str(code.label), bool(self.texts.get(f"{CAUSE}{code}"))) for code in offered]


@dataclass
class MoneyLine:
    """One row of money with the text in its field and what is wrong with it."""

    row: MonitoringMoney
    text: str = ""
    error: str = ""


@dataclass
class MoneyRow:
    """The money of the form as the page shows it."""

    spending: queries.Spending
    lines: list[MoneyLine]
    note: str = ""
    note_error: str = ""
    seen: int = 0
    theirs: MonitoringDraft | None = None
    saved: MonitoringDraft | None = None
    place: ClassVar[str] = MONEY

    @property
    def errors(self) -> dict[str, str]:
        """Return what is wrong, by source; `note` is the reason for spending more than was given."""
        found = {line.row.source: line.error for line in self.lines if line.error}
        return found | ({"note": self.note_error} if self.note_error else {})


@dataclass
class Page:
    """A monitoring as its page shows it."""

    monitoring: Monitoring
    content: queries.MonitoringContent
    rows: list[LineRow]
    money: MoneyRow

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """Return the parts that are not right yet: the place that leads to each, and what it is called."""
        money = [(MONEY, _("项目资金"))] if self.money.errors or self.money.theirs else []
        return money + [(row.place, row.line.indicator.code) for row in self.rows if row.errors or row.theirs]


def stored_page(monitoring: Monitoring, report: MonitoringReport) -> Page:
    """Return the form as it was submitted, with nothing to type into."""
    report.monitoring = monitoring
    content = queries.stored_content(report)
    rows = [LineRow(line, monitoring.round.layout) for line in content.lines]
    return Page(
        monitoring, content, rows, MoneyRow(content.spending, [MoneyLine(row) for row in content.spending.rows])
    )


def live_page(
    monitoring: Monitoring,
    content: queries.MonitoringContent,
    texts: Mapping[str, Mapping[str, str]],
    drafts: Mapping[str, MonitoringDraft],
    *,
    is_final: bool = False,
) -> Page:
    """Return the form as it is drawn up now with the texts in its fields."""
    rows = [
        _line_row(
            content, line, monitoring.round.layout, texts.get(str(line.indicator_id), {}), drafts, is_final=is_final
        )
        for line in content.lines
    ]
    return Page(
        monitoring, content, rows, _money_row(content, texts.get(MONEY, {}), drafts.get(MONEY), is_final=is_final)
    )


def _line_row(
    content: queries.MonitoringContent,
    line: MonitoringLine,
    layout: str,
    texts: Mapping[str, str],
    drafts: Mapping[str, MonitoringDraft],
    *,
    is_final: bool,
) -> LineRow:
    reading = reading_of(content, line, texts, layout)
    saved = drafts.get(str(line.indicator_id))
    return LineRow(
        line=line,
        layout=layout,
        silence=content.silence.get(line.indicator_id, ""),
        year_end=queries.year_end_words(line, content.aims.get(line.indicator_id)),
        texts=texts,
        errors=reading.errors if is_final else reading.at_once,
        seen=saved.number if saved else 0,
        saved=saved,
    )


def reading_of(
    content: queries.MonitoringContent, line: MonitoringLine, texts: Mapping[str, str], layout: str
) -> LineReading:
    """Return what was typed for one indicator as clean values, or as sentences for what is wrong with it."""
    return read_line(line, texts, layout, content.aims.get(line.indicator_id))


def _money_row(
    content: queries.MonitoringContent, texts: Mapping[str, str], saved: MonitoringDraft | None, *, is_final: bool
) -> MoneyRow:
    """Return the money with what is typed; the sum of it counts only while all of it can be read."""
    amounts, errors = read_money(content.spending.rows, texts)
    for row in content.spending.rows:
        row.estimate = amounts.get(row.source)
    lines = [
        MoneyLine(
            row,
            texts.get(row.source, ""),
            errors.get(row.source, "") if is_final or texts.get(row.source, "").strip() else "",
        )
        for row in content.spending.rows
    ]
    note = texts.get("note", "")
    return MoneyRow(
        content.spending, lines, note, _note_error(content.spending, note), saved.number if saved else 0, saved=saved
    )


def _note_error(spending: queries.Spending, note: str) -> str:
    if len(note) > LONGEST_REASON:
        return _("最多 %(count)s 字。") % {"count": LONGEST_REASON}
    return unfit_overspending(spending, note)
