"""What an officer says when a long table of figures is uploaded."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Unit


class BulkForm(forms.Form):
    """The table, the document it repeats, and who reported in it; the bureau is asked only of who has several."""

    file = forms.FileField(label=_("数据表"), error_messages={"required": _("请选择数据表。")})
    document = forms.FileField(
        label=_("依据文件"), error_messages={"required": _("请附上这些数据的依据：来函、登记簿或系统导出说明。")}
    )
    on_behalf_of = forms.CharField(
        label=_("数据由谁提供"),
        max_length=100,
        error_messages={
            "required": _("请写明这些数据由谁提供，例如“市公安局”。"),
            "max_length": _("最多 100 字。"),
        },
    )
    bureau = forms.ModelChoiceField(label=_("单位"), queryset=Unit.objects.none(), empty_label=None)
    is_strict = forms.BooleanField(label=_("有一行出错就全部不收"), required=False)

    def __init__(self, *args, bureaus: list[Unit], **more):
        super().__init__(*args, **more)
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.xls"
        self.fields["document"].widget.attrs["accept"] = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.xls"
        self.fields["on_behalf_of"].widget.attrs["placeholder"] = _("例如 市公安局")
        self.fields["bureau"].queryset = Unit.objects.filter(pk__in=[row.pk for row in bureaus])
        if len(bureaus) == 1:
            self.only = bureaus[0]
            del self.fields["bureau"]

    def clean(self):
        """Take the only bureau where there is no choice."""
        cleaned = super().clean()
        return cleaned if "bureau" in self.fields else {**cleaned, "bureau": self.only}
