"""For whom somebody types, and the letter that the figures come from."""

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.files.models import StoredFile

LETTER_SALT = "progress.behalf.letter"
LONGEST_OFFICE, LONGEST_NAME = 100, 200


class BehalfForm(forms.Form):
    """The office whose figures these are and its letter; one that is stored already is named by `kept`, signed."""

    office = forms.CharField(
        label=gettext_lazy("替谁填"),
        max_length=LONGEST_OFFICE,
        help_text=gettext_lazy("来函的单位，会和您的姓名一起显示在数据旁边。"),
        error_messages={"required": gettext_lazy("请写明替哪个单位填报。")},
    )
    letter = forms.FileField(
        label=gettext_lazy("来函"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("一个文件，例如盖章扫描件；能看到数据的人都能下载。"),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self):
        """Ask for the letter, unless it came with an earlier attempt."""
        cleaned = super().clean()
        if not cleaned.get("letter") and kept_letter(cleaned.get("kept", "")) is None and "letter" not in self.errors:
            self.add_error("letter", _("代填的数据要附上来函或其他依据文件。"))
        return cleaned


def letter_token(letter: StoredFile, name: str) -> str:
    """Return a text that stands for a stored letter on the page until it is used."""
    return signing.dumps([letter.pk, name], salt=LETTER_SALT)


def kept_letter(token: str) -> tuple[StoredFile, str] | None:
    """Return the letter that a text stands for with its name, None for a text that this product did not write."""
    try:
        number, name = signing.loads(token, salt=LETTER_SALT)
    except signing.BadSignature:
        return None
    stored = StoredFile.objects.filter(pk=number).first()
    return (stored, name) if stored else None
