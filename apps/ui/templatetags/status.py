"""How something stands, as shape and word."""

from django import template
from django.utils.html import format_html

from apps.ui.statuses import mark_of

register = template.Library()


@register.simple_tag
def status(code: str | None, text: str = ""):
    """Print a mark; `text` stands in for the usual word, such as a count: ▲ 10."""
    mark = mark_of(code)
    return format_html(
        '<span class="pt-status pt-{}"><span class="pt-shape" aria-hidden="true">{}</span> {}</span>',
        mark.tone,
        mark.shape,
        text or mark.word,
    )


@register.simple_tag
def status_shape(code: str | None):
    """Print the shape alone with its word for those who hear the page: for the cells of a narrow table."""
    mark = mark_of(code)
    return format_html(
        '<span class="pt-status pt-{}" title="{}"><span class="pt-shape" aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></span>',
        mark.tone,
        mark.word,
        mark.shape,
        mark.word,
    )


@register.filter
def status_tone(code: str | None) -> str:
    """Return the tone of a mark, for a bar that repeats it."""
    return mark_of(code).tone
