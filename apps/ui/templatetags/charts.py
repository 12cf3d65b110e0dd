"""Small charts as SVG: they print, they need no script, and their words are read aloud."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from apps.ui.charts import drawing, share
from apps.ui.formats import percent

register = template.Library()


@register.inclusion_tag("ui/_bar.html")
def bar(value: Decimal | None, tone: str = "info", expected: Decimal | None = None, label: str = ""):
    """Draw a percentage as a bar, with a tick where it should be by now; unknown is an empty bar that says so."""
    spoken = _("没有数据") if value is None else percent(value)
    if expected is not None:
        spoken = _("%(value)s，应达 %(expected)s") % {"value": spoken, "expected": percent(expected)}
    return {
        "width": share(value).quantize(Decimal("0.1")),
        "tick": None if expected is None else share(expected).quantize(Decimal("0.1")),
        "tone": tone,
        "is_unknown": value is None,
        "spoken": f"{label} {spoken}".strip(),
    }


@register.inclusion_tag("ui/_sparkline.html")
def sparkline(series, label: str = ""):
    """Draw the run of a series of (label, figure, text) as a line the height of a word."""
    last = next((text for _, figure, text in reversed(series) if figure is not None), "")
    return {"drawing": drawing(series, width=96, height=24), "label": label, "last": last}


@register.inclusion_tag("ui/_line_chart.html")
def line_chart(series, label: str, reference: Decimal | None = None, reference_text: str = ""):
    """Draw a series of (label, figure, text) with its axis and a dashed line at the target.

    The page prints the same figures as a table beside it.
    """
    sketch = drawing(series, width=640, height=240, margin=24, left=72, bottom=40, reference=reference)
    return {"drawing": sketch, "label": label, "reference_text": reference_text}
