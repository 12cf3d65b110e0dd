"""What is typed on the way to approval: a request to adjust, and a decision on a target."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.calculation.spending import in_yuan
from apps.plans.actions.decisions import Decision
from apps.plans.enums import Basis, Kind, Operator, ScopeRule
from apps.plans.models import Member
from apps.ui import formats

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
PARAGRAPH = forms.Textarea(attrs={"rows": 3})


class AdjustmentForm(forms.Form):
    """Why an approved plan is to say something else, and by which document."""

    reason = forms.CharField(label=gettext_lazy("调整原因"), widget=PARAGRAPH, max_length=2000)
    document = forms.CharField(
        label=gettext_lazy("依据文件"),
        max_length=200,
        help_text=gettext_lazy("文件名称和文号；没有文件的调整，财政和审计会追问。"),
    )
    file = forms.FileField(label=gettext_lazy("文件扫描件（可不传）"), required=False)


class DecisionForm(forms.Form):
    """What the document that decides a target says: only what the target left open is asked for."""

    value = forms.DecimalField(max_digits=20, decimal_places=4)
    high = forms.DecimalField(max_digits=20, decimal_places=4, label=gettext_lazy("上限"))
    due_on = forms.DateField(label=gettext_lazy("期限"), widget=DAY)
    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("名单"), queryset=Member.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    document = forms.CharField(label=gettext_lazy("审定文件"), max_length=200, help_text=gettext_lazy("文件名称和文号"))
    decided_by = forms.CharField(label=gettext_lazy("审定机关"), max_length=100)
    effective_on = forms.DateField(
        label=gettext_lazy("生效日期"), widget=DAY, help_text=gettext_lazy("从这一天起按审定的指标值看进度和计分。")
    )
    file = forms.FileField(label=gettext_lazy("文件扫描件（可不传）"), required=False)
    reason = forms.CharField(label=gettext_lazy("说明"), widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def __init__(self, *args, target, measure, **kwargs):
        super().__init__(*args, **kwargs)
        self.target, self.measure = target, measure
        if measure.kind == Kind.MONEY:
            self.fields |= {name: forms.DecimalField(max_digits=16, decimal_places=6) for name in ("value", "high")}
            self.fields["high"].label = _("上限")
        self.fields["value"].label = (
            _("审定的指标值（%(unit)s）") % {"unit": self.unit} if self.unit else _("审定的指标值")
        )
        self.fields["members"].queryset = Member.objects.filter(memberships__measure=measure).order_by("position", "pk")
        if target.basis != Basis.FIXED:
            self.fields["value"].required = False
            self.fields["value"].help_text = _("留空则仍按原来的依据计算。")
        for name in self.left_out():
            del self.fields[name]

    @property
    def unit(self):
        """Return the unit in which the number is typed: money in 万元."""
        return formats.unit("万元" if self.measure.kind == Kind.MONEY else self.measure.unit_name)

    def left_out(self):
        """Yield the fields that the target has no place for."""
        if self.target.operator in (Operator.DATE, Operator.QUALITATIVE):
            yield "value"
        if self.target.operator != Operator.RANGE:
            yield "high"
        if self.target.operator != Operator.DATE:
            yield "due_on"
        if self.target.scope == ScopeRule.TOGETHER:
            yield "members"

    def decision(self):
        """Return what was typed as the action takes it, money in 元."""
        said = self.cleaned_data
        return Decision(
            value=self._figure("value"),
            high=self._figure("high"),
            due_on=said.get("due_on"),
            members=list(said.get("members", ())),
        )

    def _figure(self, name):
        typed = self.cleaned_data.get(name)
        return in_yuan(typed) if typed is not None and self.measure.kind == Kind.MONEY else typed
