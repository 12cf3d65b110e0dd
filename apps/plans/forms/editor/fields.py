"""Fields for figures, money and days as people type them."""

import unicodedata
from decimal import ROUND_DOWN, Decimal

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apps.calculation.numerals import NotANumber, read_number
from apps.calculation.spending import in_wan, in_yuan

CENT = Decimal("0.01")
MOST_YUAN = Decimal(10) ** 14
HUNDRED_MILLION_IN_WAN = Decimal(10_000)
REQUIRED = gettext_lazy("请填写。")


def number_of(text: str, places: int = 4) -> Decimal | None:
    """Return the number in a text; raise the sentence that says why it is none."""
    try:
        return read_number(text, places)
    except NotANumber as refusal:
        raise forms.ValidationError(refusal.sentence.in_language(get_language() or "zh")) from refusal


def plainly(value: Decimal | None) -> str:
    """Return a number as one types it, without idle zeros; nothing for None."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class CalmForm(forms.Form):
    """A form that can be shown again while somebody is typing into it."""

    def hush(self) -> None:
        """Leave out what is wrong so far."""
        self.full_clean()
        self.errors.clear()


class NumberField(forms.CharField):
    """A figure as people type it: full-width digits, separators, 万, and the measure's unit behind it are understood."""

    def __init__(self, *, unit: str = "", places: int = 4, **options):
        super().__init__(max_length=40, **options)
        self.unit, self.places = unit, places
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value):
        return plainly(value) if isinstance(value, Decimal) else value

    def clean(self, value):
        """Return the number, None for an empty field."""
        text = unicodedata.normalize("NFKC", super().clean(value) or "").strip()
        if self.unit and text != self.unit:
            text = text.removesuffix(self.unit).strip()
        return number_of(text, self.places)


class AmountField(forms.CharField):
    """Money typed in 万元, or in another unit that is written behind it; in 元 once it is clean."""

    def __init__(self, **options):
        options.setdefault("help_text", gettext_lazy("不写单位按万元；也可写“元”或“亿元”。"))
        super().__init__(max_length=40, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value):
        return plainly(in_wan(value)) if isinstance(value, Decimal) else value

    def clean(self, value):
        """Return the amount in 元, None for an empty field."""
        text = unicodedata.normalize("NFKC", super().clean(value) or "").replace(" ", "")
        amount = _yuan(text)
        if amount is None:
            return None
        if amount != amount.quantize(CENT, ROUND_DOWN):
            raise forms.ValidationError(_("“%(text)s”比 1 分还细，金额最多到分。") % {"text": text})
        if abs(amount) >= MOST_YUAN:
            raise forms.ValidationError(_("“%(text)s”太大：应小于 100 亿万元。") % {"text": text})
        return amount


def _yuan(text):
    """Return the amount of a text in 元: 4020, 4020万元, 40,200,000元, 0.402亿."""
    bare = text.removesuffix("元")
    if bare.endswith("亿"):
        number = number_of(bare[:-1], 8)
        return None if number is None else in_yuan(number * HUNDRED_MILLION_IN_WAN)
    if bare.endswith("万"):
        return in_yuan(number_of(bare[:-1], 6) or Decimal(0)) if bare[:-1] else number_of(text)
    if bare != text:
        return number_of(bare, 4)
    number = number_of(text, 6)
    return None if number is None else in_yuan(number)


class DayField(forms.DateField):
    """A day by the browser's own picker."""

    def __init__(self, **options):
        messages = {"invalid": gettext_lazy("日期应写成 2016-12-31 的样子。"), "required": REQUIRED}
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, error_messages=messages, **options)


def text(label, length, *, rows=0, **options):
    """Return a field for words, of several lines where `rows` says so."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    messages = {"required": REQUIRED}
    return forms.CharField(label=label, max_length=length, widget=widget, error_messages=messages, **options)


def choice(label, choices=(), **options):
    """Return a field for one of several words."""
    return forms.ChoiceField(label=label, choices=choices, error_messages={"required": REQUIRED}, **options)
