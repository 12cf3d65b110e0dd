"""What an officer types about rounds."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.calculation.periods import Period
from apps.plans.models import Measure

LONGEST_TITLE = 60
LONGEST_REASON = 500
USUAL_DAYS_AGAIN = 7


def day_field(label, **kwargs):
    """Return a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    errors = {"invalid": gettext_lazy("日期应写成 2016-12-20 的样子。"), "required": gettext_lazy("请填写日期。")}
    return forms.DateField(label=label, widget=widget, error_messages=errors, **kwargs)


def reason_field(**kwargs):
    """Return the field in which a change says why; it goes into the journal."""
    return forms.CharField(
        label=gettext_lazy("原因"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请写明原因。")},
        **kwargs,
    )


class ReasonForm(forms.Form):
    """Why a round is closed or opened again."""

    reason = reason_field()


class DueDayForm(forms.Form):
    """Another due day of a round."""

    due_on = day_field(gettext_lazy("新的截止日"), help_text=gettext_lazy("落在休息日的，提前到前一个工作日。"))
    reason = reason_field()


class AgainForm(forms.Form):
    """For whom one cell is opened again, until when and why."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("对谁开放"), queryset=User.objects.none(), empty_label=gettext_lazy("请选择")
    )
    until = day_field(gettext_lazy("最后一天"), help_text=gettext_lazy("最多 31 天；到期自动关闭。"))
    reason = reason_field()

    def __init__(self, *args, people, today, **kwargs):
        kwargs.setdefault("initial", {"until": today + timedelta(days=USUAL_DAYS_AGAIN)})
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        if len(people) == 1:
            self.initial.setdefault("person", people[0].pk)


class MeasuresField(forms.ModelMultipleChoiceField):
    """Measures by name, with what one has to know before asking once more: how often, and how the periods combine."""

    def label_from_instance(self, measure):
        """Return the words beside the box."""
        ways = [measure.get_frequency_display(), measure.get_accumulation_display() if measure.accumulation else ""]
        return f"{measure} · {' · '.join(way for way in ways if way)}"


class ExtraRoundForm(forms.Form):
    """A round out of turn: its name, the days it asks about, its due day and the measures."""

    title = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=LONGEST_TITLE,
        help_text=gettext_lazy("填报人会看到，例如：春节前安全检查。"),
    )
    starts_on = day_field(gettext_lazy("数据期间从"))
    ends_on = day_field(
        gettext_lazy("到"), help_text=gettext_lazy("期间最后一天所在的年度就是它计入的年度；还没到的，到这一天才开放。")
    )
    due_on = day_field(gettext_lazy("截止日"), help_text=gettext_lazy("落在休息日的，提前到前一个工作日。"))
    measures = MeasuresField(
        label=gettext_lazy("要填哪些数据项"),
        queryset=Measure.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": gettext_lazy("请至少选一个数据项。")},
    )
    reason = reason_field()

    def __init__(self, *args, measures, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["measures"].queryset = measures

    def clean(self):
        """Read the two days as a period."""
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on:
            if ends_on < starts_on:
                self.add_error("ends_on", _("期间的最后一天早于第一天。"))
            else:
                cleaned["period"] = Period(starts_on, ends_on)
        return cleaned

    def words(self):
        """Return what was typed, for the action."""
        names = ("title", "period", "due_on", "measures", "reason")
        return {name: self.cleaned_data[name] for name in names}
