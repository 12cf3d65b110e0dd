"""Form fields in the look of the product."""

from django import template
from django.forms import BoundField, Select

register = template.Library()


@register.filter
def control(field: BoundField):
    """Print a field's widget with the class of its kind, tied to its error; its label stands beside it, not inside."""
    is_list = isinstance(field.field.widget, Select)
    attrs = {"class": "form-select"} if is_list else {"class": "form-control", "placeholder": ""}
    if field.errors:
        attrs |= {"class": f"{attrs['class']} is-invalid", "aria-invalid": "true"}
        attrs["aria-describedby"] = f"{field.id_for_label}_error"
    return field.as_widget(attrs=attrs)
