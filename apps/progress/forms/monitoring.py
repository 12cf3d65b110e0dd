"""What is typed for a monitoring: lines and money of one form, a new round, and what the list is searched by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apps.accounts.models import Unit
from apps.calculation.numerals import NotANumber, read_number
from apps.calculation.spending import in_yuan
from apps.calculation.targets import Target
from apps.plans.enums import Kind
from apps.progress.actions.monitoring import Said, unfit_money, unfit_words
from apps.progress.enums import Likelihood, MonitoringLayout, MonitoringState
from apps.progress.forms.cells import WAN_YUAN
from apps.progress.models import Monitoring, MonitoringLine, MonitoringMoney, MonitoringRound
from apps.ui import formats

MONEY_PLACES = 6
LONGEST = {"estimate_text": 200, "cause": 2000, "remedy": 2000, "note": 2000}
CAUSE = "cause-"
DOUBT = "doubt"
FILL, REVIEW = "fill", "review"
HALF, WHOLE = 6, 12
CHECK = forms.CheckboxInput(attrs={"class": "form-check-input"})
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


@dataclass
class LineReading:
    """What was read of one line: what is said, and a sentence for each field that is wrong or missing."""

    said: Said
    errors: dict[str, str] = field(default_factory=dict)

    unread: frozenset[str] = frozenset()

    @property
    def at_once(self) -> dict[str, str]:
        """Return the errors to show while somebody is still typing: what is missing only once a likelihood is chosen."""
        if self.said.likelihood:
            return self.errors
        return {name: sentence for name, sentence in self.errors.items() if name in self.unread}


def read_line(line: MonitoringLine, typed: Mapping[str, str], layout: str, aim: Target | None) -> LineReading:
    """Return what somebody says of an indicator, from texts by field name; money is typed in 万元.

    `estimate`, `estimate_text`, `likelihood`, `cause-CODE` for each cause that is ticked, `cause`, `remedy`, `note`.
    """
    texts = {name: text.strip() for name, text in typed.items()}
    measure, errors = line.indicator.measure, {}
    estimate, sentence = _number(texts.get("estimate", ""), is_money=measure.kind == Kind.MONEY)
    if sentence:
        errors["estimate"] = sentence
    for name, most in LONGEST.items():
        if len(texts.get(name, "")) > most:
            errors[name.removesuffix("_text")] = _("最多 %(count)s 字。") % {"count": most}
    said = Said(
        indicator_id=line.indicator_id,
        likelihood=texts.get("likelihood", ""),
        estimate=estimate,
        causes=tuple(name.removeprefix(CAUSE) for name, text in texts.items() if name.startswith(CAUSE) and text),
        **{name: texts.get(name, "") for name in LONGEST},
    )
    unfit = unfit_words(line, said, layout, aim)
    return LineReading(said, {**unfit, **errors}, frozenset(errors))


def read_money(rows: Sequence[MonitoringMoney], typed: Mapping[str, str]) -> tuple[dict[str, Decimal], dict[str, str]]:
    """Return what will be spent by the year's end in 元, and a sentence for what is wrong or missing, both by source."""
    amounts: dict[str, Decimal] = {}
    errors: dict[str, str] = {}
    for row in rows:
        amount, sentence = _number(typed.get(row.source, ""), is_money=True)
        if sentence := sentence or unfit_money(amount, row.executed):
            errors[row.source] = sentence
        elif amount is not None:
            amounts[row.source] = amount
    return amounts, errors


def _number(text: str, *, is_money: bool) -> tuple[Decimal | None, str]:
    try:
        number = read_number(text, MONEY_PLACES, WAN_YUAN) if is_money else read_number(text)
    except NotANumber as refusal:
        return None, refusal.sentence.in_language(get_language() or "zh-hans")
    return (in_yuan(number) if number is not None and is_money else number), ""


def window_choices():
    """Return the windows that a round may have: from New Year to the end of each month from March on."""
    return [(month, f"1—{formats.month(month)}") for month in range(3, 13)]


class MonitoringRoundForm(forms.Form):
    """A new monitoring round for all approved plans of a year."""

    year = forms.TypedChoiceField(label=gettext_lazy("年度"), coerce=int)
    month = forms.TypedChoiceField(
        label=gettext_lazy("监控期"), coerce=int, choices=window_choices, help_text=gettext_lazy("表头按监控期生成。")
    )
    title = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("不填则按监控期命名，如“2016年上半年”“2016年1—9月”；同一监控期再开一次的，请另起名称。"),
    )
    due_on = forms.DateField(
        label=gettext_lazy("截止日"), widget=DAY, help_text=gettext_lazy("遇休息日提前到前一个工作日。")
    )
    layout = forms.ChoiceField(label=gettext_lazy("表式"), choices=MonitoringLayout.choices)
    has_leader_stage = forms.BooleanField(label=gettext_lazy("报送前须局领导审签"), required=False, widget=CHECK)

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]

    def clean(self):
        """Name the round after its window where no name was typed."""
        cleaned = super().clean()
        if {"year", "month", "title"} <= cleaned.keys():
            cleaned["title"] = cleaned["title"].strip() or _usual_title(cleaned["year"], cleaned["month"])
        return cleaned


def _usual_title(year, month):
    """Return the name of a window: 2016年上半年, 2016年1—9月, 2016年全年."""
    words = {"year": year, "month": formats.month(month)}
    usual = {HALF: _("%(year)s年上半年"), WHOLE: _("%(year)s年全年")}
    return usual.get(month, _("%(year)s年1—%(month)s")) % words


class MonitoringFilter(django_filters.FilterSet):
    """Search by words, whose turn it is, year, round, division, state and doubt. Choices are those of the monitorings at hand."""

    words = django_filters.CharFilter(method="with_words", label=gettext_lazy("项目名称或编号"))
    turn = django_filters.ChoiceFilter(
        method="in_turn",
        choices=[(FILL, gettext_lazy("等我填写")), (REVIEW, gettext_lazy("等我审核"))],
        label=gettext_lazy("轮到谁"),
        empty_label=gettext_lazy("不限"),
    )
    year = django_filters.ChoiceFilter(
        field_name="round__fiscal_year", label=gettext_lazy("年度"), empty_label=gettext_lazy("全部年度")
    )
    round = django_filters.ChoiceFilter(
        field_name="round", label=gettext_lazy("监控期"), empty_label=gettext_lazy("全部")
    )
    division = django_filters.ChoiceFilter(
        field_name="plan__project__division__code", label=gettext_lazy("责任处室"), empty_label=gettext_lazy("全部处室")
    )
    state = django_filters.ChoiceFilter(
        choices=MonitoringState.choices, label=gettext_lazy("状态"), empty_label=gettext_lazy("不限状态")
    )
    doubt = django_filters.ChoiceFilter(
        method="in_doubt",
        choices=[
            (DOUBT, gettext_lazy("有不能确定完成的指标")),
            (Likelihood.IMPOSSIBLE, gettext_lazy("有不可能完成的指标")),
        ],
        label=gettext_lazy("可能性"),
        empty_label=gettext_lazy("不限"),
    )

    class Meta:
        model = Monitoring
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        places = self.queryset.order_by().values_list("round__fiscal_year", "round", "plan__project__division__path")
        years, rounds, divisions = (sorted({row[at] for row in places if row[at]}) for at in range(3))
        asked = (self.data or {}).get("year", "")
        years = sorted({*years, *([int(asked)] if asked.isdecimal() and len(asked) == len("2016") else [])})
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in reversed(years)]
        named = MonitoringRound.objects.filter(pk__in=rounds)
        self.filters["round"].extra["choices"] = [(row.pk, str(row)) for row in named]
        units = Unit.objects.filter(path__in=divisions).order_by("path")
        self.filters["division"].extra["choices"] = [(unit.code, str(unit)) for unit in units]

    def with_words(self, monitorings, _name, value):
        """Keep the monitorings whose project has the words in its name or number."""
        return monitorings.filter(
            Q(plan__project__name__icontains=value)
            | Q(plan__project__name_en__icontains=value)
            | Q(plan__project__number__iexact=value)
        )

    def in_turn(self, monitorings, _name, value):
        """Keep what the person who asks fills in, or what waits for their word."""
        person = self.request.user
        return monitorings.fillable_by(person).open() if value == FILL else monitorings.waiting_for(person)

    def in_doubt(self, monitorings, _name, value):
        """Keep what was submitted with an indicator that will not certainly, or certainly not, be reached."""
        lines = MonitoringLine.objects.exclude(likelihood=Likelihood.CERTAIN)
        if value == Likelihood.IMPOSSIBLE:
            lines = lines.filter(likelihood=value)
        return monitorings.exclude(state=MonitoringState.DRAFT).filter(report__in=lines.values("report"))
