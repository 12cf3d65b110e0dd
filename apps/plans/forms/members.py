"""What people type or paste about members and seasons."""

import re
from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Unit
from apps.plans.actions.members import MemberWords
from apps.plans.models import Measure, Member

HEADS = ("编码", "代码", "code")
LONGEST_CODE, LONGEST_NAME = 30, 60
MOST_ROWS = 500
CHECK = forms.CheckboxInput(attrs={"class": "form-check-input"})
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def day_field(label, **kwargs):
    """Return a field for a day that may be left open."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **kwargs)


class MemberForm(forms.Form):
    """A member of a dimension."""

    code = forms.CharField(label=gettext_lazy("编码"), max_length=LONGEST_CODE)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=LONGEST_NAME)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=LONGEST_NAME, required=False)
    starts_on = day_field(gettext_lazy("启用"), help_text=gettext_lazy("留空：一直就有。"))
    ends_on = day_field(gettext_lazy("停用"), help_text=gettext_lazy("最后一天；留空：仍在用。"))
    unit = forms.ModelChoiceField(
        label=gettext_lazy("填报单位"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=gettext_lazy("责任处室"),
    )

    def __init__(self, *args, units, member=None, **kwargs):
        if member is not None:
            names = [name for name in self.base_fields if name != "unit"]
            kwargs["initial"] = {name: getattr(member, name) for name in names} | {"unit": member.unit_id}
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    def words(self):
        """Return what was typed, for the action."""
        return MemberWords(**{name: self.cleaned_data[name] for name in MemberForm.base_fields})


class NewMemberForm(MemberForm):
    """A new member; `joins` puts it into all measures that are broken down so."""

    joins = forms.BooleanField(
        label=gettext_lazy("加入按此维度分列的全部数据项"), required=False, initial=True, widget=CHECK
    )


class BlockForm(forms.Form):
    """Several members pasted as a block from a sheet: code, name, from, to."""

    block = forms.CharField(
        label=gettext_lazy("从 Excel 粘贴"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy("每行一个：编码、名称、启用、停用；后两列可以没有。"),
    )
    joins = forms.BooleanField(
        label=gettext_lazy("加入按此维度分列的全部数据项"), required=False, initial=True, widget=CHECK
    )

    def __init__(self, *args, taken=frozenset(), **kwargs):
        super().__init__(*args, **kwargs)
        self.taken = taken
        self.rows = []

    def clean_block(self):
        """Return the block if every row of it is right; else every row that is not says why."""
        reading = read_block(self.cleaned_data["block"], self.taken)
        if reading.errors:
            raise forms.ValidationError(reading.errors)
        self.rows = reading.rows
        return self.cleaned_data["block"]


@dataclass
class Block:
    """What a pasted block says, and a sentence for every row that says nothing usable."""

    rows: list[MemberWords] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def read_block(text, taken=frozenset()):
    """Read a pasted block row by row; `taken` are codes that are there already. A row of heads is passed over."""
    block, seen = Block(), set(taken)
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_ROWS:
        block.errors.append(_("一次最多 %(count)s 行。") % {"count": MOST_ROWS})
        return block
    for number, line in lines:
        cells = _cells(line)
        if number == lines[0][0] and cells[0].lower() in HEADS:
            continue
        try:
            row = _row(cells, seen)
        except ValueError as wrong:
            block.errors.append(_("第 %(number)s 行：%(what)s") % {"number": number, "what": wrong})
            continue
        seen.add(row.code)
        block.rows.append(row)
    if not block.rows and not block.errors:
        block.errors.append(_("没有读到成员。"))
    return block


def _cells(line):
    """Split a line at tabs, else at commas, else at blanks."""
    for sign in ("\t", ",", "，"):
        if sign in line:
            return [cell.strip() for cell in line.split(sign)]
    return line.split()


def _row(cells, seen):
    """Return the member of a row. Raises `ValueError` with the sentence."""
    code, name, starts_on, ends_on = (*cells, "", "", "", "")[:4]
    if len(cells) > 4 and any(cells[4:]):
        raise ValueError(_("多于四列，应为编码、名称、启用、停用。"))
    _require_words(code, name)
    if code in seen:
        raise ValueError(_("编码“%(code)s”已有。") % {"code": code})
    first, last = _day(starts_on), _day(ends_on)
    if first and last and last < first:
        raise ValueError(_("停用日期早于启用日期。"))
    return MemberWords(code=code, name=name, starts_on=first, ends_on=last)


def _require_words(code, name):
    if not code or not name:
        raise ValueError(_("要有编码和名称。"))
    if len(code) > LONGEST_CODE:
        raise ValueError(_("编码超过 %(count)s 个字符。") % {"count": LONGEST_CODE})
    if len(name) > LONGEST_NAME:
        raise ValueError(_("名称超过 %(count)s 个字符。") % {"count": LONGEST_NAME})


def _day(text):
    """Return a day as sheets write it; None for an empty cell. Raises `ValueError` with the sentence."""
    if not text:
        return None
    found = DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups()))
    except (AttributeError, ValueError) as wrong:
        raise ValueError(_("“%(text)s”不是日期，应如 2014-02-12。") % {"text": text}) from wrong


class MembershipForm(forms.Form):
    """Who reports a member of a measure, and from when to when.

    On a page of many, `units` are the choices (key and name) read once; `usual` is the unit that reports unless another is
    named.
    """

    reporting_unit = forms.ModelChoiceField(
        label=gettext_lazy("填报单位"), queryset=Unit.objects.none(), required=False
    )
    starts_on = day_field(gettext_lazy("启用"))
    ends_on = day_field(gettext_lazy("停用"))

    @classmethod
    def of(cls, membership, *, units, usual):
        """Return the form with what is said of a membership now; its fields belong to the form of their row."""
        names = list(cls.base_fields)
        initial = {name: getattr(membership, name) for name in names}
        form = cls(initial=initial | {"reporting_unit": membership.reporting_unit_id}, auto_id=f"id_{membership.pk}_%s")
        form.fields["reporting_unit"].choices = [("", _("%(unit)s（默认）") % {"unit": usual}), *units]
        for row in form.fields.values():
            row.widget.attrs["form"] = f"membership-{membership.pk}"
        return form

    @classmethod
    def typed(cls, typed, *, units):
        """Return the form with what was typed; `units` are those that may be named."""
        form = cls(typed)
        form.fields["reporting_unit"].queryset = units
        return form


class JoinForm(forms.Form):
    """One more member for a measure."""

    member = forms.ModelChoiceField(
        label=gettext_lazy("成员"), queryset=Member.objects.none(), empty_label=gettext_lazy("请选择")
    )
    starts_on = day_field(gettext_lazy("从这一天起"))

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members


class SeasonForm(forms.Form):
    """A part of the year in which some measures are asked."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60, help_text=gettext_lazy("例如 2016—2017学年。"))
    starts_on = forms.DateField(label=gettext_lazy("开始"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=gettext_lazy("结束"), widget=forms.DateInput(attrs={"type": "date"}))


class FollowForm(forms.Form):
    """The measures that go on to a season."""

    measures = forms.ModelMultipleChoiceField(label=gettext_lazy("数据项"), queryset=Measure.objects.none())

    def __init__(self, *args, measures, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["measures"].queryset = measures
