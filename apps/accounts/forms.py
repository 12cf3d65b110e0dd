"""What an administrator types about people, roles and units."""

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Assignment, Unit, User


class PersonForm(forms.ModelForm):
    """A person; the password is asked of a new one, and set anew only where one is typed."""

    new_password = forms.CharField(
        label=_("口令"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("新增用户必填；修改时留空则口令不变。"),
    )
    language = forms.ChoiceField(label=_("界面语言"), required=False, choices=[("", "—"), *settings.LANGUAGES])

    class Meta:
        model = User
        fields = ["username", "name", "email", "language", "is_active", "is_staff"]

    def clean_new_password(self):
        """Return the password if it is good enough, empty where none is to be set."""
        password = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.instance)
        elif self.instance.pk is None:
            raise forms.ValidationError(_("请为新用户设一个口令。"))
        return password


class AssignmentForm(forms.ModelForm):
    """A role of a person in a unit."""

    class Meta:
        model = Assignment
        fields = ["user", "unit", "role", "ends_at"]


class UnitForm(forms.ModelForm):
    """A unit; where it stands in the tree is said once, when it is added."""

    parent = forms.ModelChoiceField(label=_("上级单位"), queryset=Unit.objects.none())

    class Meta:
        model = Unit
        fields = ["code", "name", "name_en", "kind"]
