"""A target as it is typed: in words that are read at once, or field by field."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.calculation.periods import periods_of
from apps.calculation.spending import in_wan, in_yuan
from apps.calculation.terms import Frequency as Often
from apps.plans.enums import Basis, EqualMeans, Frequency, Kind, Operator, Path, ScopeRule, TargetStatus
from apps.plans.forms.editor.fields import CalmForm, DayField, NumberField, choice, plainly, text
from apps.plans.queries.contents import MeasureContent, PlannedContent, TargetContent
from apps.plans.queries.editing import EditorPage, WordedTarget, target_words
from apps.ui import formats

COMPARED = (Operator.AT_LEAST, Operator.AT_MOST, Operator.MORE_THAN, Operator.LESS_THAN, Operator.EQUAL)
OPERATORS = [
    ("", gettext_lazy("未设")),
    (Operator.AT_LEAST, gettext_lazy("≥ 不低于")),
    (Operator.AT_MOST, gettext_lazy("≤ 不超过")),
    (Operator.MORE_THAN, gettext_lazy("> 超过（不含）")),
    (Operator.LESS_THAN, gettext_lazy("< 低于（不含）")),
    (Operator.EQUAL, gettext_lazy("= 等于")),
    (Operator.RANGE, gettext_lazy("区间")),
    (Operator.DATE, gettext_lazy("按期完成")),
    (Operator.QUALITATIVE, gettext_lazy("定性")),
]
MEANINGS = [
    (EqualMeans.FLOOR, gettext_lazy("是，达到即可")),
    (EqualMeans.EXACT, gettext_lazy("不是，要不多不少（如指标数）")),
]
MONEY_COLUMNS = ("value", "high", "offset", "reference_value")
PLANNED = "planned-"


class TargetForm(CalmForm):
    """A target. `words` is read into the other fields, which are what counts; `read` says which words they came from.

    `share` is how many percent a bare fraction in the words probably means: it is asked for, never guessed.
    """

    words = forms.CharField(
        label=gettext_lazy("指标值"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("照原表写即可，如：≥95%、不超过3天、比上年下降、4500人（暂定）、2016年12月31日前。"),
    )
    read = forms.CharField(required=False, widget=forms.HiddenInput)
    operator = choice(gettext_lazy("指标性质"), OPERATORS, required=False)
    equal_means = forms.ChoiceField(
        label=gettext_lazy("超过是好事吗？"), choices=MEANINGS, required=False, widget=forms.RadioSelect
    )
    basis = choice(gettext_lazy("依据"), Basis.choices, required=False)
    value = NumberField(label=gettext_lazy("指标值"), required=False)
    high = NumberField(label=gettext_lazy("上限"), required=False)
    due_on = DayField(label=gettext_lazy("期限"), required=False)
    factor = NumberField(
        label=gettext_lazy("乘以系数"), required=False, help_text=gettext_lazy("下降 5 % 即乘以 0.95。")
    )
    offset = NumberField(label=gettext_lazy("再加减"), required=False)
    step = NumberField(
        label=gettext_lazy("最小变动"), required=False, help_text=gettext_lazy("“低于 1200 件”按整件计时填 1。")
    )
    years = forms.IntegerField(label=gettext_lazy("取前几年"), min_value=1, max_value=10, required=False)
    status = choice(gettext_lazy("确定程度"), TargetStatus.choices, required=False)
    scope = choice(gettext_lazy("对谁要求"), ScopeRule.choices, required=False)
    scope_count = forms.IntegerField(label=gettext_lazy("至少几个"), min_value=1, max_value=999, required=False)
    members = forms.MultipleChoiceField(label=gettext_lazy("名单"), required=False, widget=forms.CheckboxSelectMultiple)
    path = choice(gettext_lazy("年内怎样推进"), Path.choices, required=False)
    document = text(gettext_lazy("依据文件"), 200, required=False)
    decided_by = text(gettext_lazy("审定机关"), 100, required=False)
    reference_value = NumberField(label=gettext_lazy("参考值（其他年度的数）"), required=False)
    reference_year = forms.IntegerField(label=gettext_lazy("参考年度"), min_value=1990, max_value=2100, required=False)
    reason = text(gettext_lazy("说明"), 1000, required=False)

    def __init__(
        self, data=None, *, prefix: str, page: EditorPage, measure: MeasureContent, target: TargetContent | None = None
    ):
        self.page, self.measure, self.target = page, measure, target
        self.share: Decimal | None = None
        names = page.places.names(measure.dimension)
        self.periods = _periods(measure, page.plan.year)
        shown = "" if target is None else target_words(target, measure, names)
        first = {"words": shown, "read": shown, **columns_of(target, measure)}
        super().__init__(data, prefix=prefix, initial=first, use_required_attribute=False)
        self.fields["members"].choices = [(row.member, names.get(row.member, row.member)) for row in measure.members]
        for row in self.periods:
            self.fields[f"{PLANNED}{row.ends_on}"] = NumberField(
                label=formats.period(row.starts_on, row.ends_on), required=False
            )
        self._name_units()

    def _name_units(self) -> None:
        """Put the measure's unit beside the fields that are in it, so that it may be typed and need not be."""
        unit = formats.unit("万元" if self.measure.kind == Kind.MONEY else self.measure.unit_name)
        for name in ("value", "high", "offset", "reference_value"):
            self.fields[name].unit = "" if self.measure.kind == Kind.MONEY else self.measure.unit_name
            if unit:
                self.fields[name].label = f"{self.fields[name].label}{formats.in_brackets(unit)}"

    @property
    def planned_fields(self):
        """Return the fields of the plan by periods, in order."""
        return [self[f"{PLANNED}{row.ends_on}"] for row in self.periods]

    @property
    def is_open(self) -> bool:
        """Tell whether the fields should show at once: something in them is wrong."""
        return any(name != "words" for name in self.errors)

    # What is clean ----------------------------------------------------------------------------------------------------

    def clean(self):
        """Ask for what the operator, the basis, the status and the scope need, beside the field where it is missing."""
        typed = super().clean()
        if self.share is not None:
            share = {"share": plainly(self.share)}
            self.add_error("words", _("是 %(share)s %% 吗？请写 %(share)s%%。") % share)
        if typed.get("operator"):
            self._clean_bound(typed)
            self._clean_scope(typed)
            self._clean_path(typed)
            self._clean_kind(typed)
        elif typed.get("words"):
            self.add_error("words", _("这句话没有读成指标值，请展开“逐项设定”选择指标性质。"))
        return typed

    def _clean_kind(self, typed) -> None:
        wanted = {
            Kind.MILESTONE: (Operator.DATE,),
            Kind.CHECKLIST: (Operator.QUALITATIVE,),
            Kind.JUDGEMENT: (Operator.QUALITATIVE,),
        }.get(self.measure.kind, (*COMPARED, Operator.RANGE))
        if typed["operator"] not in wanted:
            kind, labels = Kind(self.measure.kind).label, dict(OPERATORS)
            words = {"kind": kind, "wanted": formats.names([str(labels[name]) for name in wanted])}
            self.add_error("operator", _("数据项的类别是“%(kind)s”，指标性质应为：%(wanted)s。") % words)

    def _clean_bound(self, typed) -> None:
        operator, is_pending = typed["operator"], typed.get("status") == TargetStatus.PENDING
        if operator == Operator.DATE and not typed.get("due_on"):
            self._need("due_on", _("按期完成的指标要有期限。"))
        if operator not in (*COMPARED, Operator.RANGE):
            return
        if self._basis(typed) == Basis.MEAN_OF_YEARS and not typed.get("years"):
            self._need("years", _("请写明取几年的平均。"))
        if self._basis(typed) == Basis.FIXED:
            self._clean_number(typed, is_pending=is_pending)

    def _clean_number(self, typed, *, is_pending: bool) -> None:
        value, high = typed.get("value"), typed.get("high")
        is_together = typed.get("scope") in ("", None, ScopeRule.TOGETHER)
        if value is None and not is_pending:
            self._need("value", _("已定或暂定的指标要有数值；尚未确定的请把“确定程度”选为待定。"))
        if value is not None and is_pending and is_together:
            self.add_error("value", _("待定的指标没有指标值；上年的数请填在参考值里。"))
        if typed["operator"] == Operator.RANGE and not is_pending:
            if high is None:
                self._need("high", _("区间要有上限。"))
            elif value is not None and high < value:
                self.add_error("high", _("上限小于下限。"))

    def _clean_scope(self, typed) -> None:
        scope = typed.get("scope") or ScopeRule.TOGETHER
        if scope == ScopeRule.AT_LEAST and not typed.get("scope_count"):
            self._need("scope_count", _("请写明至少几个。"))
        named = len(typed.get("members") or ())
        if scope == ScopeRule.AT_LEAST and named and (typed.get("scope_count") or 0) > named:
            words = {"count": typed["scope_count"], "n": named}
            self.add_error("scope_count", _("要求至少 %(count)s 个达到，名单里只有 %(n)s 个。") % words)
        if scope != ScopeRule.TOGETHER and not typed.get("members") and typed.get("status") != TargetStatus.PENDING:
            self.add_error("members", _("请勾选名单；名单没有定下来时，请把“确定程度”选为待定。"))

    def _clean_path(self, typed) -> None:
        if typed.get("path") != Path.PER_PERIOD:
            return
        if not self.periods:
            self.add_error("path", _("这个数据项没有可分的填报期，不能按分期计划。"))
        elif not any(typed.get(f"{PLANNED}{row.ends_on}") is not None for row in self.periods):
            self.add_error("path", _("按分期计划推进，请填写至少一期应达到的数。"))
        else:
            self._clean_end(typed)

    def _clean_end(self, typed) -> None:
        """Refuse a plan by periods that is through with the year and misses the target."""
        name = f"{PLANNED}{self.periods[-1].ends_on}"
        planned = typed.get(name)
        if planned is None or typed.get("value") is None or self._basis(typed) != Basis.FIXED:
            return
        if _misses(planned, typed):
            words = {"planned": plainly(planned), "value": plainly(typed["value"])}
            sentence = _("最后一期的计划数 %(planned)s 达不到指标值 %(value)s，请核对。")
            if typed["operator"] == Operator.RANGE:
                sentence = _("最后一期的计划数 %(planned)s 不在指标值的区间里，请核对。")
            self.add_error(name, sentence % words)

    def _need(self, name: str, sentence: str) -> None:
        """Add an error, unless the field already has one of its own."""
        if name not in self.errors:
            self.add_error(name, sentence)

    def _basis(self, typed) -> str:
        return typed.get("basis") or Basis.FIXED

    # What comes of it -------------------------------------------------------------------------------------------------

    def content(self) -> TargetContent | None:
        """Return the target, None where none is set."""
        typed = self.cleaned_data
        if not typed.get("operator"):
            return None
        is_compared = typed["operator"] in (*COMPARED, Operator.RANGE)
        is_fixed = not is_compared or self._basis(typed) == Basis.FIXED
        reference = self._figure("reference_value")
        return TargetContent(
            operator=typed["operator"],
            equal_means=(typed["equal_means"] or EqualMeans.FLOOR)
            if typed["operator"] == Operator.EQUAL
            else EqualMeans.FLOOR,
            basis=Basis.FIXED if is_fixed else typed["basis"],
            value=self._figure("value") if is_compared and is_fixed else None,
            high=self._figure("high") if typed["operator"] == Operator.RANGE else None,
            due_on=typed["due_on"],
            status=typed["status"] or TargetStatus.FINAL,
            document=typed["document"],
            decided_by=typed["decided_by"],
            reference_value=reference,
            reference_year=typed["reference_year"] if reference is not None else None,
            reason=typed["reason"],
            **({} if is_fixed else self._on_basis()),
            **self._whom(),
            **self._way(),
        )

    def _figure(self, name: str) -> Decimal | None:
        value = self.cleaned_data.get(name)
        return in_yuan(value) if value is not None and self.measure.kind == Kind.MONEY else value

    def _on_basis(self) -> dict:
        typed = self.cleaned_data
        return {
            "factor": typed["factor"] if typed["factor"] is not None else Decimal(1),
            "offset": self._figure("offset") or Decimal(0),
            "years": typed["years"] if typed["basis"] == Basis.MEAN_OF_YEARS else None,
        }

    def _whom(self) -> dict:
        typed = self.cleaned_data
        scope = typed["scope"] or ScopeRule.TOGETHER
        return {
            "scope": scope,
            "scope_count": typed["scope_count"] if scope == ScopeRule.AT_LEAST else None,
            "members": () if scope == ScopeRule.TOGETHER else tuple(sorted(typed["members"])),
        }

    def _way(self) -> dict:
        typed = self.cleaned_data
        path = typed["path"] or Path.FROM_ZERO
        found = [(row.ends_on, self._figure(f"{PLANNED}{row.ends_on}")) for row in self.periods]
        planned = [PlannedContent(ends_on=ends_on, value=value) for ends_on, value in found if value is not None]
        return {"step": typed["step"], "path": path, "planned": tuple(planned) if path == Path.PER_PERIOD else ()}


def columns_of(target: TargetContent | None, measure: MeasureContent) -> dict:
    """Return what stands in the fields for a target; money in 万元."""
    if target is None:
        return {"basis": Basis.FIXED, "status": TargetStatus.FINAL, "scope": ScopeRule.TOGETHER, "path": Path.FROM_ZERO}
    names = (
        "operator equal_means basis value high due_on factor offset step years status scope scope_count path document"
        " decided_by reference_value reference_year reason"
    )
    columns = {name: getattr(target, name) for name in names.split()}
    columns |= {f"{PLANNED}{row.ends_on}": row.value for row in target.planned}
    if measure.kind == Kind.MONEY:
        money = [*MONEY_COLUMNS, *(name for name in columns if name.startswith(PLANNED))]
        columns |= {name: in_wan(columns[name]) for name in money if columns[name] is not None}
    return columns | {"members": list(target.members)}


def _misses(planned: Decimal, typed) -> bool:
    """Tell whether a figure at the end of the year is on the wrong side of what was typed as the target."""
    value, operator = typed["value"], typed["operator"]
    if operator == Operator.RANGE:
        return planned < value or planned > (typed.get("high") or planned)
    if operator == Operator.EQUAL:
        return planned < value or (typed.get("equal_means") == EqualMeans.EXACT and planned != value)
    return {
        Operator.AT_LEAST: planned < value,
        Operator.MORE_THAN: planned <= value,
        Operator.AT_MOST: planned > value,
        Operator.LESS_THAN: planned >= value,
    }.get(operator, False)


def refilled(data, prefix: str, words: str, worded: WordedTarget, measure: MeasureContent, *, has_target: bool):
    """Return posted data with a target's fields filled from what its words were read as.

    What words do not say stays: documents, scope and reference. Of a target that was there before (`has_target`) also the
    way to it, unless that cannot be gone with another kind of target; a new one has the usual way until its operator stays.
    """
    kept = {"document", "decided_by", "reason", "scope", "scope_count", "members", "reference_value", "reference_year"}
    before, target = data.get(f"{prefix}-operator") or "", worded.target
    if before == target.operator:
        kept |= {"path", "step", "equal_means"}
    if has_target and is_same_way(before, target.operator):
        kept |= {"path", "step"} if data.get(f"{prefix}-step") else {"path"}
    if keeps_basis(data, prefix, worded):
        kept |= {"basis", "years"}
    data = data.copy()
    for name, value in columns_of(target, measure).items():
        if name not in kept:
            data[f"{prefix}-{name}"] = _typed(value)
    data[f"{prefix}-read"] = words
    return data


def keeps_basis(data, prefix: str, worded: WordedTarget) -> bool:
    """Tell whether words ask for a change without saying against what, where that was said before."""
    return not worded.names_basis and data.get(f"{prefix}-basis") not in (None, "", Basis.FIXED)


def is_same_way(before: str, after: str) -> bool:
    """Tell whether a target with one operator can be gone to as one with another: both are figures, or neither is."""
    figures = (*COMPARED, Operator.RANGE)
    return bool(before) and (before in figures) == (after in figures)


def _typed(value) -> str:
    if isinstance(value, Decimal):
        return plainly(value)
    return "" if value is None else str(value)


def _periods(measure: MeasureContent, year: int):
    """Return the periods for which a plan by periods can be given; a season's months are those of the calendar year."""
    if measure.frequency in (Frequency.MILESTONE, Frequency.YEARLY) or measure.kind not in (
        Kind.RATIO,
        Kind.NUMBER,
        Kind.MONEY,
    ):
        return []
    often = Often.MONTHLY if measure.frequency == Frequency.SEASON else Often(measure.frequency)
    return periods_of(often, year)
