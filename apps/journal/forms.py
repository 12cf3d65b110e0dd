"""What people search the journal by."""

import json
from datetime import datetime, time, timedelta

import django_filters
from django.apps import apps
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.forms import DateInput, HiddenInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.journal.enums import Channel, Verb
from apps.journal.models import Event

DAY = DateInput(attrs={"type": "date"})


def kinds():
    """Return the kinds of rows of the product by their names for people, in order, as choices."""
    models = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
    named = [(model._meta.label_lower, str(model._meta.verbose_name)) for model in models]
    return sorted(named, key=lambda kind: kind[1])


class EventFilter(django_filters.FilterSet):
    """Search by when, who, what was done, to what, why, and by which door; days are those of the product's time zone."""

    since = django_filters.DateFilter(method="from_day", label=_("从"), widget=DAY)
    until = django_filters.DateFilter(method="to_day", label=_("到"), widget=DAY)
    person = django_filters.CharFilter(field_name="actor_name", lookup_expr="icontains", label=_("操作人"))
    verb = django_filters.ChoiceFilter(choices=Verb.choices, label=_("动作"), empty_label=_("全部动作"))
    kind = django_filters.ChoiceFilter(
        field_name="subject_type", choices=kinds, label=_("对象类别"), empty_label=_("全部类别")
    )
    subject = django_filters.CharFilter(field_name="subject_label", lookup_expr="icontains", label=_("对象"))
    text = django_filters.CharFilter(method="with_text", label=_("原因或变更内容"))
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=_("途径"), empty_label=_("全部途径"))
    about = django_filters.NumberFilter(field_name="subject_id", widget=HiddenInput, max_value=2**63 - 1)

    class Meta:
        model = Event
        fields = []

    def from_day(self, events, name, value):
        """Keep what happened on the day or after it."""
        return events.filter(at__gte=_midnight(value))

    def to_day(self, events, name, value):
        """Keep what happened on the day or before it."""
        return events.filter(at__lt=_midnight(value + timedelta(days=1)))

    def with_text(self, events, name, value):
        """Keep events whose reason, or whose facts before or after as they were written, hold the text."""
        stored = json.dumps(value)[1:-1]  # as SQLite has it
        events = events.alias(was=Cast("before", TextField()), became=Cast("after", TextField()))
        found = Q(reason__icontains=value)
        for words in {value, stored}:
            found |= Q(was__icontains=words) | Q(became__icontains=words)
        return events.filter(found)


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time()))
