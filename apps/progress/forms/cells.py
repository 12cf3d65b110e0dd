"""From what was typed into a cell to clean values, or to a sentence for each field that is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apps.calculation.numerals import NotANumber, read_number
from apps.calculation.schemes import JudgementBands
from apps.calculation.spending import in_yuan
from apps.calculation.terms import Band as CalculatedBand
from apps.plans.enums import Kind
from apps.plans.models import Measure
from apps.progress.actions import unfit_columns
from apps.progress.enums import Band, Mark, Outcome

MONEY_PLACES = 6
WAN_YUAN = "万元"
MOST_WAN = Decimal(10) ** 10
FIELDS_OF_KIND = {
    Kind.RATIO: ("numerator", "denominator"),
    Kind.NUMBER: ("value",),
    Kind.MONEY: ("value",),
    Kind.MILESTONE: ("outcome", "decided_on", "decided_by", "document"),
    Kind.CHECKLIST: ("band", "percent"),
    Kind.JUDGEMENT: ("band", "percent"),
}


@dataclass
class CellReading:
    """What was read of one cell: columns of a revision, or errors by field. An empty cell has neither."""

    values: dict[str, Decimal | date | str | None] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was typed."""
        return not self.values and not self.errors


def read_cell(measure: Measure, typed: Mapping[str, str], bands: JudgementBands | None = None) -> CellReading:
    """Return the clean values of one cell, or the sentences to show beside its fields.

    `typed` holds the texts by field name: numerator, denominator, value (money in 万元), outcome, decided_on, decided_by,
    document, band, percent, item-N, note.
    """
    typed = {name: text.strip() for name, text in typed.items()}
    names = FIELDS_OF_KIND[Kind(measure.kind)]
    if not any(typed.get(name) for name in names):
        return CellReading()
    if measure.kind == Kind.RATIO:
        return _read_ratio(measure, typed)
    if measure.is_figured:
        return _read_value(measure, typed)
    if measure.kind == Kind.MILESTONE:
        return _read_milestone(typed)
    return _read_judgement(measure, typed, bands or JudgementBands())


def _read_ratio(measure: Measure, typed: Mapping[str, str]) -> CellReading:
    reading = CellReading()
    for name in FIELDS_OF_KIND[Kind.RATIO]:
        _read_number(reading, name, typed.get(name, ""), partial(getattr, measure, name))
    if reading.errors:
        return reading
    reading.errors.update(unfit_columns(measure, reading.values))
    return reading


def _read_value(measure: Measure, typed: Mapping[str, str]) -> CellReading:
    reading = CellReading()
    places = MONEY_PLACES if measure.kind == Kind.MONEY else 4
    _read_number(reading, "value", typed["value"], partial(str, measure), places, unit_typed(measure))
    if not reading.errors:
        reading.errors.update(unfit_columns(measure, reading.values))
    if not reading.errors and measure.kind == Kind.MONEY:
        _turn_into_yuan(reading, typed["value"])
    return reading


def _turn_into_yuan(reading: CellReading, text: str) -> None:
    if abs(reading.values["value"]) >= MOST_WAN:
        reading.errors["value"] = _("“%(text)s”太大：金额以万元填写，应小于 %(most)s 万元。") % {
            "text": text,
            "most": f"{MOST_WAN:,}",
        }
        return
    reading.values["value"] = in_yuan(reading.values["value"])


def unit_typed(measure: Measure) -> str:
    """Return the unit in which the value of a measure is typed: what may stand behind the number."""
    return WAN_YUAN if measure.kind == Kind.MONEY else measure.unit_name


def _read_number(
    reading: CellReading, name: str, text: str, label: Callable[[], str], places: int = 4, unit: str = ""
) -> None:
    """Put a number, or what is wrong with it, into the reading; `label` is asked for only where its sentence is said."""
    try:
        number = read_number(text, places, unit)
    except NotANumber as refusal:
        reading.errors[name] = refusal.sentence.in_language(get_language() or "zh-hans")
        return
    if number is None:
        reading.errors[name] = _("“%(field)s”未填；没有发生请填 0。") % {"field": label()}
        return
    reading.values[name] = number


def _read_milestone(typed: Mapping[str, str]) -> CellReading:
    form = MilestoneForm({name: typed.get(name, "") for name in FIELDS_OF_KIND[Kind.MILESTONE]})
    if not form.is_valid():
        return CellReading(errors={name: " ".join(errors) for name, errors in form.errors.items()})
    return CellReading(values=form.cleaned_data)


def _read_judgement(measure: Measure, typed: Mapping[str, str], bands: JudgementBands) -> CellReading:
    reading = CellReading()
    if typed.get("band") not in Band.values:
        reading.errors["band"] = _("请先选择档次：达成、部分达成或未达成。")
        return reading
    reading.values["band"] = typed["band"]
    _read_number(reading, "percent", typed.get("percent", ""), lambda: _("百分比"), 2, "%")
    if reading.errors:
        return reading
    band = CalculatedBand(typed["band"])
    if not bands.has(band, reading.values["percent"]):
        reading.errors["percent"] = _out_of_band(band, reading.values["percent"], bands)
    if not typed.get("note"):
        reading.errors["note"] = _("定性评定要写明理由。")
    found = {item.pk: typed.get(f"item-{item.number}", "") for item in measure.items.all()}
    reading.marks = {item_id: mark for item_id, mark in found.items() if mark in Mark.values}
    return reading


def _out_of_band(band: CalculatedBand, percent: Decimal, bands: JudgementBands) -> str:
    """Return the sentence for a percent that belongs to another band; only the highest band includes its upper edge."""
    low, high = bands.limits(band)
    words = {"percent": percent, "band": Band(band).label, "low": low, "high": high}
    if band is CalculatedBand.ACHIEVED:
        return _("%(percent)s %% 不在“%(band)s”的范围内：应为 %(low)s 至 %(high)s。") % words
    return _("%(percent)s %% 不在“%(band)s”的范围内：应为 %(low)s 以上、不到 %(high)s。") % words


class MilestoneForm(forms.Form):
    """What became of a milestone: a decision needs its day and who decided."""

    outcome = forms.ChoiceField(choices=Outcome, error_messages={"required": gettext_lazy("请选择结果。")})
    decided_on = forms.DateField(
        required=False, error_messages={"invalid": gettext_lazy("日期应写成 2016-12-20 的样子。")}
    )
    decided_by = forms.CharField(
        required=False,
        max_length=100,
        error_messages={"max_length": gettext_lazy("认定单位最多 100 字。")},
    )
    document = forms.CharField(
        required=False, max_length=200, error_messages={"max_length": gettext_lazy("文件名称最多 200 字。")}
    )

    def clean(self):
        """A passed or failed milestone says when and by whom it was decided; an awaited one has no day yet."""
        cleaned = super().clean()
        outcome = cleaned.get("outcome")
        if outcome in (Outcome.PASSED, Outcome.FAILED):
            if not cleaned.get("decided_on") and "decided_on" not in self.errors:
                self.add_error("decided_on", _("请填写认定日期。"))
            if not cleaned.get("decided_by"):
                self.add_error("decided_by", _("请填写由谁认定。"))
        elif outcome == Outcome.AWAITING and cleaned.get("decided_on"):
            self.add_error("decided_on", _("结果未出时不填认定日期。"))
        return cleaned
