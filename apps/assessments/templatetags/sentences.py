"""Sentences of the calculation in the language of the page."""

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def spoken(sentence) -> str:
    """Return a sentence in the language of the page."""
    return sentence.in_language(get_language() or "zh")
