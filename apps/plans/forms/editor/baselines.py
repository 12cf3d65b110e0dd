"""What a measure came to in an earlier year, as it is written down by hand."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.calculation.spending import in_yuan
from apps.plans.enums import Kind
from apps.plans.forms.editor.fields import NumberField, choice, text
from apps.plans.queries.contents import MeasureContent
from apps.plans.queries.editing import EditorPage

YEARS_OFFERED = 5


class BaselineForm(forms.Form):
    """A past year, for all members together or one of them, the figure and the document that says so."""

    year = choice(gettext_lazy("年度"))
    member = choice(gettext_lazy("成员"), required=False)
    value = NumberField(label=gettext_lazy("数值"), error_messages={"required": gettext_lazy("请填写数值。")})
    document = text(gettext_lazy("依据（文件、台账或报表名称）"), 200)
    reason = text(gettext_lazy("更正原因（该年已有数值时）"), 500, required=False)

    def __init__(self, data=None, *, page: EditorPage, measure: MeasureContent):
        super().__init__(data, prefix="baseline", use_required_attribute=False)
        self.measure = measure
        this_year = page.plan.year
        self.fields["year"].choices = [
            (str(this_year - back), str(this_year - back)) for back in range(1, YEARS_OFFERED + 1)
        ]
        names = page.places.names(measure.dimension)
        members = [(row.member, names.get(row.member, row.member)) for row in measure.members]
        self.fields["member"].choices = [("", _("全部合计")), *(members if len(members) > 1 else [])]
        unit = _("万元") if measure.kind == Kind.MONEY else measure.unit_name
        self.fields["value"].unit = unit if measure.kind != Kind.MONEY else ""
        if unit:
            self.fields["value"].label = _("数值（%(unit)s）") % {"unit": unit}

    def clean_value(self):
        """Return the figure; money in 元."""
        value = self.cleaned_data["value"]
        return in_yuan(value) if self.measure.kind == Kind.MONEY and value is not None else value
