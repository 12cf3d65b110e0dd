"""What an administrator types about a hand-over."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Unit, User

CHECK = forms.CheckboxInput(attrs={"class": "form-check-input"})


class PeopleForm(forms.Form):
    """Who hands over to whom, and of which units; without units all are meant."""

    person = forms.ModelChoiceField(label=_("谁离开"), queryset=User.objects.none(), empty_label=_("请选择"))
    successor = forms.ModelChoiceField(label=_("谁接手"), queryset=User.objects.none(), empty_label=_("请选择"))
    units = forms.ModelMultipleChoiceField(
        label=_("哪些单位的任职"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args, people, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        self.fields["successor"].queryset = people.filter(is_active=True)
        self.fields["units"].queryset = units

    def clean(self):
        """Refuse a successor who is the person."""
        cleaned = super().clean()
        if cleaned.get("person") and cleaned.get("person") == cleaned.get("successor"):
            self.add_error("successor", _("接手人须是另一位能登录的人。"))
        return cleaned


class HandOverForm(forms.Form):
    """Why, and whether the person is gone altogether."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=500,
        help_text=_("例如：调离本单位。会写进日志。"),
        error_messages={"required": _("请写明移交的原因。")},
    )
    is_leaving = forms.BooleanField(label=_("已离开，同时停用账号"), required=False, initial=True, widget=CHECK)
