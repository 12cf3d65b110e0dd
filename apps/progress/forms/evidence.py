"""Files that people send behind figures, and what they search the index of them by."""

import django_filters
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, Q, Value
from django.db.models.functions import Concat
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from apps.progress.actions.evidence import NAME_LENGTH, NOTE_LENGTH, Brought
from apps.progress.models import Entry, Evidence, Revision
from apps.progress.querysets import terms_in_force

ACCEPTED = "image/png,image/jpeg,.png,.jpg,.jpeg,.pdf,.xlsx,.xls,.docx"
"""What a file field offers first; a phone offers its camera for pictures."""
IN_FORCE, SUPERSEDED, NOTICED = "in_force", "superseded", "noticed"
STATES = [(IN_FORCE, _("有效")), (SUPERSEDED, _("已替换或撤下")), (NOTICED, _("有提示"))]
PREFIX = "佐证-"
LONGEST_NUMBER = 5


def brought_files(post, files: MultiValueDict[str, UploadedFile]) -> list[Brought]:
    """Return the files of a request; the note that came with them belongs to each."""
    return [Brought(file, file.name or "", post.get("note", "")) for file in files.getlist("files")]


class SupersedeForm(forms.Form):
    """Why a file is replaced or set aside, and by which one; `aside` is pressed where none takes its place."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=500,
        error_messages={"required": _("请写明原因，例如：漏了签章页。"), "max_length": _("原因最多 500 字。")},
    )
    file = forms.FileField(
        label=_("新文件"),
        required=False,
        max_length=NAME_LENGTH,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    note = forms.CharField(
        label=_("新文件的说明"),
        required=False,
        max_length=NOTE_LENGTH,
        error_messages={"max_length": _("说明最多 200 字。")},
    )

    def brought(self) -> Brought | None:
        """Return the file that takes the other's place, None where one is only set aside."""
        file = None if "aside" in self.data else self.cleaned_data["file"]
        return Brought(file, file.name, self.cleaned_data["note"]) if file else None


class EvidenceFilter(django_filters.FilterSet):
    """Search by words or number, year and state. The years are those that have files: one query."""

    words = django_filters.CharFilter(method="with_words", label=_("文件名、项目、指标或序号"))
    year = django_filters.ChoiceFilter(field_name="fiscal_year", label=_("年度"), empty_label=_("全部年度"))
    state = django_filters.ChoiceFilter(method="in_state", choices=STATES, label=_("状态"), empty_label=_("不限状态"))

    class Meta:
        model = Evidence
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_years(self, self.queryset.order_by().values_list("fiscal_year", flat=True))

    def with_words(self, rows, _name, value):
        """Keep the files that have the words in their name, measure, member, indicator or project, or the number in full."""
        terms = terms_in_force("measure", "fiscal_year").filter(
            Q(name__icontains=value) | Q(name_en__icontains=value) | Q(version__plan__project__name__icontains=value)
        )
        named = (
            Q(name__icontains=value)
            | Q(file__sha256__startswith=value.lower())
            | Q(measure__name__icontains=value)
            | Q(entry__member__name__icontains=value)
            | Q(Exists(terms))
        )
        found, _dash, number = value.removeprefix(PREFIX).rpartition("-")
        if number.isdecimal() and len(number) <= LONGEST_NUMBER:
            rows = rows.annotate(cited=Concat("project_number", Value("-"), "indicator_code"))
            named |= Q(cited=found, number=int(number))
        return rows.filter(named)

    def in_state(self, rows, _name, value):
        """Keep the files that count, those that do not any more, or those of which something was noticed."""
        if value == NOTICED:
            return rows.in_force().exclude(findings=[])
        return rows.in_force() if value == IN_FORCE else rows.exclude(superseded_at=None)


class MissingFilter(django_filters.FilterSet):
    """Search the cells without the file that is asked for, by words and year. One query for the years."""

    words = django_filters.CharFilter(method="with_words", label=_("数据项、成员或填报单位"))
    year = django_filters.ChoiceFilter(field_name="round__fiscal_year", label=_("年度"), empty_label=_("全部年度"))

    class Meta:
        model = Entry
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_years(self, self.queryset.order_by().values_list("round__fiscal_year", flat=True))

    def with_words(self, rows, _name, value):
        """Keep the cells that have the words in the name of their measure, member or reporting unit."""
        return rows.filter(
            Q(measure__name__icontains=value)
            | Q(member__name__icontains=value)
            | Q(reporting_unit__name__icontains=value)
        )


class LetterFilter(django_filters.FilterSet):
    """Search the letters by words and year. One query for the years."""

    words = django_filters.CharFilter(method="with_words", label=_("文件名、来函单位或数据项"))
    year = django_filters.ChoiceFilter(
        field_name="entry__round__fiscal_year", label=_("年度"), empty_label=_("全部年度")
    )

    class Meta:
        model = Revision
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_years(self, self.queryset.order_by().values_list("entry__round__fiscal_year", flat=True))

    def with_words(self, rows, _name, value):
        """Keep the letters that have the words in their name, their office or the measure."""
        return rows.filter(
            Q(source_name__icontains=value)
            | Q(on_behalf_of__icontains=value)
            | Q(entry__measure__name__icontains=value)
        )


def offer_years(search, years):
    """Offer the years that there are, and the one that is asked for: one without files must not be taken for all. One query."""
    asked = (search.data or {}).get("year", "")
    found = {*years.distinct(), *([int(asked)] if asked.isdecimal() and len(asked) == len("2016") else [])}
    search.filters["year"].extra["choices"] = [(year, str(year)) for year in sorted(found, reverse=True)]
