"""The table that all lists share: the look of Tabler, and columns of figures with aligned digits."""

import django_tables2 as tables
from django.core.paginator import EmptyPage
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_tables2.paginators import LazyPaginator

from apps.calculation.rounding import half_up
from apps.calculation.spending import in_wan
from apps.ui import formats

LAST_PAGE = 1_000_000
NUMBERS = {"td": {"class": "pt-number"}, "th": {"class": "pt-number"}}


class Table(tables.Table):
    """A list of rows. Orderings should end in `pk`, so that pages never share a row."""

    class Meta:
        attrs = {"class": "table table-vcenter card-table pt-table"}
        empty_text = _("没有记录。")
        template_name = "ui/table.html"

    def load(self, records):
        """Read what the rows of a page, or of a part of a file, show besides themselves. Nothing, unless a list says so."""


class MoneyColumn(tables.Column):
    """Amounts of 元 shown in 万元; the head names the unit."""

    number_format = "#,##0.00"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"attrs": NUMBERS, "default": formats.UNKNOWN, **kwargs})

    def render(self, value):
        """Return the amount for people."""
        return formats.money(value)

    def value(self, value):
        """Return the amount as a number of 万元 for a file."""
        return in_wan(value)


class PercentColumn(tables.Column):
    """Percentages as printed."""

    number_format = '0.00" %"'
    file_unit = "%"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"attrs": NUMBERS, "default": formats.UNKNOWN, **kwargs})

    def render(self, value):
        """Return the percentage for people."""
        return formats.percent(value)

    def value(self, value):
        """Return the percentage as a number for a file, rounded as pages print it."""
        return None if value is None else half_up(value)


class MomentColumn(tables.Column):
    """Moments to the minute."""

    def render(self, value):
        """Return the moment for people, as a time that machines read too."""
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.moment(value))


class OpenEnded(LazyPaginator):
    """Pages of a list that nobody counts: it knows whether there is a next page, and costs the same however long the list.

    Use it with a queryset that ends in `pk`. A page number beyond all reason leads to the first page instead of to a number that
    no database takes.
    """

    def validate_number(self, number):
        """Return the number of the page; raises `EmptyPage` where it makes no sense."""
        page = super().validate_number(number)
        if page > LAST_PAGE:
            raise EmptyPage
        return page
