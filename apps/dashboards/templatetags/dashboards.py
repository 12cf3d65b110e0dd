"""What the indicator's page prints of a measure and its course."""

from django import template
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.dashboards.queries import IndicatorPage
from apps.progress.models import Round
from apps.ui import formats
from apps.ui.charts import drawing

register = template.Library()


@register.simple_tag
def trend_chart(page: IndicatorPage) -> str:
    """Draw the course of the year beside the same figures in a table, with a dashed line at the target of all members together."""
    measure = page.indicator.measure
    line = None if page.named else page.standing.target_value
    series = [(_mark(point.round), point.value, formats.plain(point.value, measure)) for point in page.points]
    return render_to_string(
        "ui/_line_chart.html",
        {
            "drawing": drawing(series, width=640, height=240, margin=24, left=72, bottom=40, reference=line),
            "label": _("%(name)s的走势，数字见旁边的表") % {"name": page.name},
            "reference_text": _("指标值 %(value)s") % {"value": formats.measured(line, measure)},
        },
    )


def _mark(asked: Round) -> str:
    """Return what stands under a point: the month, the last day where a round was opened out of turn."""
    return f"{asked.ends_on.month}-{asked.ends_on.day}" if asked.is_extra else formats.month(asked.ends_on.month)
