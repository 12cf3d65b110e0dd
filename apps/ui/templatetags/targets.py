"""Targets as template filters."""

from django import template

from apps.ui import targets

register = template.Library()
register.filter("target_text", targets.target_text)
