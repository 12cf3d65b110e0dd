"""A reading mended by hand: what a person typed beside a target text, as an indicator and its measure."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apps.accounts.models import Unit
from apps.calculation.numerals import NotANumber, read_number
from apps.calculation.spending import in_wan, in_yuan
from apps.documents.forms.interpretation import FRESH
from apps.documents.forms.suggestions import LEVEL1_OF, Parts
from apps.documents.forms.targets import UNIT_LENGTH, in_kind
from apps.plans.enums import Basis, Kind, Level1, Level2, Nature, Operator, Pairing, Path, ScopeRule, TargetStatus
from apps.plans.queries.contents import GoalContent, IndicatorContent, MeasureContent, TargetContent

FIGURED = (Kind.RATIO, Kind.NUMBER, Kind.MONEY)
KINDS = [(kind.value, kind.label) for kind in Kind if kind != Kind.CHECKLIST]


class ReadingForm(forms.Form):
    """What may be mended of a reading. Values of money are typed in 万元; a measure that is there already keeps its kind."""

    name = forms.CharField(label=gettext_lazy("指标名称"), max_length=100)
    goal = forms.TypedChoiceField(label=gettext_lazy("绩效目标"), coerce=int)
    level2 = forms.ChoiceField(label=gettext_lazy("分类"))
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=KINDS)
    operator = forms.ChoiceField(label=gettext_lazy("指标性质"), choices=Operator.choices)
    value = forms.CharField(label=gettext_lazy("指标值"), required=False)
    high = forms.CharField(label=gettext_lazy("上限"), required=False)
    unit = forms.CharField(label=gettext_lazy("计量单位"), required=False, max_length=UNIT_LENGTH)
    due_on = forms.DateField(
        label=gettext_lazy("期限"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    status = forms.ChoiceField(label=gettext_lazy("确定程度"), choices=TargetStatus.choices)
    numerator = forms.CharField(label=gettext_lazy("分子"), required=False, max_length=60)
    denominator = forms.CharField(label=gettext_lazy("分母"), required=False, max_length=60)
    is_paired = forms.BooleanField(label=gettext_lazy("与目标的对应已核"), required=False)

    def __init__(
        self, *args, indicator: IndicatorContent, measure: MeasureContent, goals: tuple[GoalContent, ...], **more
    ):
        self.indicator, self.measure = indicator, measure
        super().__init__(*args, initial=_initial(indicator, measure), **more)
        self.fields["goal"].choices = [(goal.number, f"{goal.number}. {goal.text[:40]}") for goal in goals]
        self.fields["level2"].choices = [
            (level1.label, [(row.value, row.label) for row in Level2 if LEVEL1_OF[row] == level1]) for level1 in Level1
        ]
        if not self.is_fresh:
            for name in ("kind", "unit", "numerator", "denominator"):
                self.fields[name].disabled = True

    @property
    def is_fresh(self) -> bool:
        """Tell whether the measure is made by this import, so that how it counts may still be chosen."""
        return self.measure.code.startswith(FRESH)

    def clean(self):
        """Hold the fields against each other: what a kind needs, and what a sign needs."""
        values = super().clean()
        if self.errors:
            return values
        kind = Kind(values["kind"])
        values["value"], values["high"] = self._number("value", kind), self._number("high", kind)
        if kind not in FIGURED:
            self._clean_looked_at(values, kind)
        else:
            self._clean_figured(values, kind)
        return values

    def _number(self, name: str, kind: Kind) -> Decimal | None:
        try:
            number = read_number(self.cleaned_data[name])
        except NotANumber as why:
            self.add_error(name, why.sentence.in_language(get_language() or "zh"))
            return None
        return in_yuan(number) if number is not None and kind == Kind.MONEY else number

    def _clean_looked_at(self, values: dict[str, Any], kind: Kind) -> None:
        """Something is passed by a day, or judged: there is no number."""
        values["operator"] = Operator.DATE if kind == Kind.MILESTONE else Operator.QUALITATIVE
        if kind == Kind.MILESTONE and values["due_on"] is None:
            self.add_error("due_on", _("按期完成的指标要有期限。"))

    def _clean_figured(self, values: dict[str, Any], kind: Kind) -> None:
        if values["operator"] in (Operator.DATE, Operator.QUALITATIVE):
            self.add_error("operator", _("有数字的指标请选择比较符号。"))
        if kind == Kind.RATIO and not (values["numerator"].strip() and values["denominator"].strip()):
            self.add_error("numerator", _("比率要写明分子和分母各是什么。"))
        self._clean_bounds(values)

    def _clean_bounds(self, values: dict[str, Any]) -> None:
        low, high = values.get("value"), values.get("high")
        is_open = values["status"] == TargetStatus.PENDING or self.is_relative
        if low is None and not is_open and "value" not in self.errors:
            self.add_error("value", _("请填写指标值；尚未确定的，确定程度选“待定”。"))
        is_range = values.get("operator") == Operator.RANGE and not is_open
        if is_range and (high is None or low is None or high <= low):
            self.add_error("high", _("区间要有上限，且大于下限。"))

    @property
    def is_relative(self) -> bool:
        """Tell whether the target stands on an earlier figure; it does until a number is typed."""
        target = self.indicator.target
        return target is not None and target.basis != Basis.FIXED and not self["value"].data

    def mended(self) -> dict[str, IndicatorContent | MeasureContent]:
        """Return the `indicator` and its `measure` as they were typed."""
        values = self.cleaned_data
        level2 = Level2(values["level2"])
        pairing = Pairing.CONFIRMED if values["is_paired"] else self.indicator.pairing
        indicator = replace(
            self.indicator,
            name=values["name"].strip(),
            goal=values["goal"],
            level1=LEVEL1_OF[level2],
            level2=level2,
            pairing=Pairing.CONFIRMED if values["goal"] != self.indicator.goal else pairing,
            target=self._target(values),
        )
        return {"indicator": indicator, "measure": self._measure(values)}

    def _target(self, values: dict[str, Any]) -> TargetContent:
        before = self.indicator.target or TargetContent()
        operator = values["operator"]
        if self.is_relative:
            return replace(before, operator=operator, status=values["status"], due_on=values["due_on"])
        is_number = operator not in (Operator.DATE, Operator.QUALITATIVE)
        is_open = values["status"] == TargetStatus.PENDING and before.scope == ScopeRule.TOGETHER
        if operator == Operator.RANGE and (is_open or values["high"] is None):
            operator = Operator.AT_LEAST  # a range without its ends is only a floor that is still to come
        return replace(
            before,
            operator=operator,
            basis=Basis.FIXED,
            factor=Decimal(1),
            offset=Decimal(0),
            years=None,
            step=None if before.basis != Basis.FIXED else before.step,
            value=values["value"] if is_number and not is_open else None,
            high=values["high"] if operator == Operator.RANGE and not is_open else None,
            due_on=values["due_on"],
            status=values["status"],
            path=before.path if before.basis == Basis.FIXED and is_number else Path.KEEP_AT,
        )

    def _measure(self, values: dict[str, Any]) -> MeasureContent:
        if not self.is_fresh:
            return self.measure
        kind, unit = Kind(values["kind"]), values["unit"].strip()
        parts = Parts(values["numerator"].strip(), values["denominator"].strip(), is_printed=True)
        named = replace(self.measure, name=values["name"].strip())
        if kind == self.measure.kind and unit == self.measure.unit_name:
            columns = {"numerator_name": parts.numerator, "denominator_name": parts.denominator}
            return replace(named, **columns) if kind == Kind.RATIO else named
        return in_kind(named, kind, unit=unit, parts=parts, value=values["value"])


def _initial(indicator: IndicatorContent, measure: MeasureContent) -> dict[str, Any]:
    target = indicator.target or TargetContent()
    return {
        "name": indicator.name,
        "goal": indicator.goal,
        "level2": indicator.level2,
        "kind": measure.kind,
        "operator": target.operator,
        "value": _shown(target.value, measure),
        "high": _shown(target.high, measure),
        "unit": measure.unit_name,
        "due_on": target.due_on,
        "status": target.status,
        "numerator": measure.numerator_name,
        "denominator": measure.denominator_name,
        "is_paired": indicator.pairing == Pairing.CONFIRMED,
    }


def _shown(value: Decimal | None, measure: MeasureContent) -> str:
    if value is None:
        return ""
    number = in_wan(value) if measure.kind == Kind.MONEY else value
    return f"{number.normalize():f}"


class UploadForm(forms.Form):
    """A file that comes in, and the year for what it says none of."""

    file = forms.FileField(
        label=gettext_lazy("绩效目标表（.xlsx、.xls）"), widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"})
    )
    year = forms.IntegerField(label=gettext_lazy("表中没写年度时按"), required=False, min_value=2000, max_value=2100)
    bureau = forms.ModelChoiceField(label=gettext_lazy("单位"), queryset=Unit.objects.none(), required=False)

    def __init__(self, *args, bureaus, **more):
        super().__init__(*args, **more)
        self.bureaus = bureaus
        self.fields["bureau"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in bureaus])
        if len(bureaus) < 2:
            del self.fields["bureau"]

    def clean(self):
        """Take the only bureau where there is no choice."""
        values = super().clean()
        if len(self.bureaus) > 1 and not values.get("bureau") and not self.errors:
            self.add_error("bureau", _("请选择单位。"))
        return values | {"bureau": values.get("bureau") or self.bureaus[0]}


class DivisionForm(forms.Form):
    """Who answers for every project of a file that is made along and has nobody yet."""

    division = forms.ModelChoiceField(label=gettext_lazy("责任处室"), queryset=Unit.objects.none())

    def __init__(self, *args, divisions, **more):
        super().__init__(*args, **more)
        self.fields["division"].queryset = divisions


class ImportedProjectForm(DivisionForm):
    """What a project needs that is made along."""

    number = forms.CharField(label=gettext_lazy("项目编号"), max_length=20)
    nature = forms.ChoiceField(label=gettext_lazy("项目类别"), choices=Nature.choices)
    function_code = forms.CharField(label=gettext_lazy("科目编码"), max_length=20, required=False)
    field_order = ("division", "number", "nature", "function_code")
