"""What people search plans and indicators by."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Unit
from apps.plans.enums import OPEN_STATES, Kind, Level1, TargetStatus, VersionState
from apps.plans.models import IndicatorTerms, Plan

ADJUSTED, NONE = "adjustment", "none"
STATES = [
    *((state.value, state.label) for state in OPEN_STATES),
    (VersionState.APPROVED.value, VersionState.APPROVED.label),
    (ADJUSTED, _("调整办理中")),
    (NONE, _("未编制")),
]


class PlanFilter(django_filters.FilterSet):
    """Search by words, year, unit, division, state and class. Choices are those of the plans at hand: two queries."""

    words = django_filters.CharFilter(method="with_words", label=_("名称、编号或科目"))
    year = django_filters.ChoiceFilter(label=_("年度"), empty_label=_("全部年度"))
    bureau = django_filters.ChoiceFilter(field_name="project__bureau__code", label=_("单位"), empty_label=_("全部单位"))
    division = django_filters.ChoiceFilter(
        field_name="project__division__code", label=_("责任处室"), empty_label=_("全部处室")
    )
    state = django_filters.ChoiceFilter(method="in_state", choices=STATES, label=_("状态"), empty_label=_("不限状态"))
    level1 = django_filters.ChoiceFilter(
        method="with_class", choices=Level1.choices, label=_("有一级指标"), empty_label=_("不限")
    )

    class Meta:
        model = Plan
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, self.queryset)

    def with_words(self, plans, _name, value):
        """Keep the plans whose project has the words in its name, number or function code."""
        return plans.filter(
            Q(project__name__icontains=value)
            | Q(project__name_en__icontains=value)
            | Q(project__number__iexact=value)
            | Q(project__function_code__startswith=value)
        )

    def in_state(self, plans, _name, value):
        """Keep the plans that are so far: `way` is the state of what is on its way."""
        if value == ADJUSTED:
            return plans.filter(way__isnull=False, approved__isnull=False)
        if value == NONE:
            return plans.filter(way=None, approved=None)
        if value == VersionState.APPROVED:
            return plans.filter(way=None, approved__isnull=False)
        return plans.filter(way=value)

    def with_class(self, plans, _name, value):
        """Keep the plans that have an indicator of the class in the version that counts or is on its way."""
        terms = IndicatorTerms.objects.filter(level1=value)
        open_ones = terms.filter(version__state__in=OPEN_STATES).values("version__plan")
        return plans.filter(Q(approved__in=terms.values("version")) | Q(pk__in=open_ones))


class IndicatorFilter(django_filters.FilterSet):
    """Search by words, year, unit, division, class, certainty and kind. Choices are those of the plans at hand: two queries."""

    words = django_filters.CharFilter(method="with_words", label=_("指标、项目或数据项"))
    year = django_filters.ChoiceFilter(field_name="version__plan__year", label=_("年度"), empty_label=_("全部年度"))
    bureau = django_filters.ChoiceFilter(
        field_name="version__plan__project__bureau__code", label=_("单位"), empty_label=_("全部单位")
    )
    division = django_filters.ChoiceFilter(
        field_name="version__plan__project__division__code", label=_("责任处室"), empty_label=_("全部处室")
    )
    level1 = django_filters.ChoiceFilter(choices=Level1.choices, label=_("一级指标"), empty_label=_("不限"))
    kind = django_filters.ChoiceFilter(
        field_name="indicator__measure__kind", choices=Kind.choices, label=_("类别"), empty_label=_("不限")
    )
    status = django_filters.ChoiceFilter(
        field_name="certainty", choices=TargetStatus.choices, label=_("指标值"), empty_label=_("不限")
    )

    class Meta:
        model = IndicatorTerms
        fields = []

    def __init__(self, *args, plans, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, plans)

    def with_words(self, terms, _name, value):
        """Keep the indicators that have the words in their name or code, or in the name of project or measure."""
        return terms.filter(
            Q(name__icontains=value)
            | Q(name_en__icontains=value)
            | Q(indicator__code__iexact=value)
            | Q(version__plan__project__name__icontains=value)
            | Q(indicator__measure__name__icontains=value)
        )


def offer(search, plans):
    """Offer the years, units and divisions of some plans; a single unit is no choice. Two queries.

    The year that is asked for is offered too: one without plans has none, and must not be taken for all.
    """
    places = plans.order_by().values_list("year", "project__bureau__path", "project__division__path").distinct()
    years, bureaus, divisions = (sorted({row[part] for row in places if row[part]}) for part in range(3))
    asked = (search.data or {}).get("year", "")
    years = sorted({*years, *([int(asked)] if asked.isdecimal() and len(asked) == len("2016") else [])})
    units = {row.path: row for row in Unit.objects.filter(path__in=[*bureaus, *divisions])}
    search.filters["year"].extra["choices"] = [(year, str(year)) for year in reversed(years)]
    for name, paths in (("bureau", bureaus), ("division", divisions)):
        search.filters[name].extra["choices"] = [(units[path].code, str(units[path])) for path in paths]
    if len(bureaus) < 2:
        del search.filters["bureau"]
