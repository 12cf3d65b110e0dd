"""What people search the journal by."""

from datetime import datetime, time, timedelta

import django_filters
from django.forms import DateInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.journal.enums import Channel, Verb
from apps.journal.models import Event

DAY = DateInput(attrs={"type": "date"})


class EventFilter(django_filters.FilterSet):
    """Search by who, what was done, to what, by which door, and when; days are those of the product's time zone."""

    person = django_filters.CharFilter(field_name="actor_name", lookup_expr="icontains", label=_("操作人"))
    verb = django_filters.ChoiceFilter(choices=Verb.choices, label=_("动作"), empty_label=_("全部动作"))
    subject = django_filters.CharFilter(field_name="subject_label", lookup_expr="icontains", label=_("对象"))
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=_("途径"), empty_label=_("全部途径"))
    since = django_filters.DateFilter(method="from_day", label=_("从"), widget=DAY)
    until = django_filters.DateFilter(method="to_day", label=_("到"), widget=DAY)

    class Meta:
        model = Event
        fields = []

    def from_day(self, events, name, value):
        """Keep what happened on the day or after it."""
        return events.filter(at__gte=_midnight(value))

    def to_day(self, events, name, value):
        """Keep what happened on the day or before it."""
        return events.filter(at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time()))
