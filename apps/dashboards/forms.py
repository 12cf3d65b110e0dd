"""What people search projects by."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.plans.enums import Nature
from apps.plans.models import Indicator, Plan
from apps.plans.queries import as_known
from apps.progress.enums import StandingStatus
from apps.progress.queries import current_standings


class ProjectFilter(django_filters.FilterSet):
    """Search by words, year, nature and the status of any indicator. Years are those of the plans at hand: one query."""

    words = django_filters.CharFilter(method="with_words", label=_("名称、编号或科目"))
    year = django_filters.ChoiceFilter(label=_("年度"), empty_label=_("全部年度"))
    nature = django_filters.ChoiceFilter(
        field_name="project__nature", choices=Nature.choices, label=_("项目类别"), empty_label=_("全部类别")
    )
    status = django_filters.ChoiceFilter(
        method="with_status", choices=StandingStatus.choices, label=_("有指标"), empty_label=_("不限状态")
    )

    class Meta:
        model = Plan
        fields = []

    def __init__(self, *args, known=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known
        years = self.queryset.order_by("-year").values_list("year", flat=True).distinct()
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in years]

    def with_words(self, plans, _name, value):
        """Keep the plans whose project has the words in its name, number or function code."""
        return plans.filter(
            Q(project__name__icontains=value)
            | Q(project__number__iexact=value)
            | Q(project__function_code__startswith=value)
        )

    def with_status(self, plans, _name, value):
        """Keep the plans of which some indicator stands so; those of drafts do not count."""
        if self.known and self.known.known_at:
            return plans.filter(pk__in=self._standing_then(plans, value))
        found = Indicator.objects.in_force().filter(standing__status=value)
        return plans.filter(pk__in=found.values("plan"))

    def _standing_then(self, plans, value):
        """Return the ids of the plans of which some indicator stood so with what was known on the day asked for."""
        known = as_known(plans.select_related("project"), self.known.known_at)
        standings = current_standings(known, self.known.today, self.known.known_at)
        return {row.indicator.plan_id for row in standings.values() if row.status == value}
