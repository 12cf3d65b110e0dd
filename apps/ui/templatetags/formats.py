"""The formats of `apps.ui.formats` as template filters."""

from django import template

from apps.ui import formats
from apps.ui.targets import target_text as written_target

register = template.Library()

register.filter("figure", formats.figure)
register.filter("money", formats.money)
register.filter("percent", formats.percent)
register.filter("points", formats.points)
register.filter("unit", formats.unit)
register.filter("measured", formats.measured)
register.filter("plain", formats.plain)
register.filter("part", formats.part)
register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("in_brackets", formats.in_brackets)
register.filter("working_days_left", formats.working_days_left)


@register.filter("round_name")
def round_name(asked) -> str:
    """Return the name of a round by its period, 2016年8月, behind the title of one that somebody opened."""
    period, title = formats.period(asked.starts_on, asked.ends_on), getattr(asked, "title", "")
    return f"{title} · {period}" if title else period


@register.simple_tag
def target_text(target, measure, resolved=None) -> str:
    """Return a target in words, beside the number its basis came to."""
    return written_target(target, measure, resolved)


@register.filter
def names(values) -> str:
    """Return several things by their names as one text."""
    return formats.names([str(value) for value in values])
