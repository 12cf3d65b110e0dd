"""What somebody reads from a printed sheet to look it up in the journal."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PrintedAnchorForm(forms.Form):
    """The anchor under an export: whose chain, which event, and the beginning of its hash."""

    chain = forms.ModelChoiceField(None, label=_("单位"), empty_label=None)
    number = forms.IntegerField(
        label=_("第几条"),
        min_value=1,
        max_value=2**63 - 1,
        error_messages={
            "invalid": _("请填整数，例如 1024。"),
            "min_value": _("序号从 1 开始。"),
            "max_value": _("没有这么大的序号，请照印的抄。"),
        },
    )
    head = forms.RegexField(
        r"^\s*[0-9a-fA-F]{8,64}…?\s*$",
        label=_("哈希"),
        error_messages={"invalid": _("请照印的抄：8 到 64 位，只有数字和 a 到 f。")},
    )

    def __init__(self, *args, chains, **kwargs):
        """Offer the chains that the person may read."""
        super().__init__(*args, **kwargs)
        self.fields["chain"].queryset = chains
        self.fields["chain"].label_from_instance = lambda chain: str(chain.bureau)
