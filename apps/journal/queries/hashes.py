"""The hash of what a row says, and of an event together with the one before it."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from apps.journal.models import Event

CHAINING = {"id", "hash", "chain_id"}


def content_hash(row: models.Model) -> str:
    """Return the hash of what a row says: its columns as text, in the order of their names.

    Columns at their default say nothing, so that a column which a later version adds leaves old hashes as they are.
    Columns that a model names in `live_columns` change without an event (how often a mail was tried) and are left out.
    """
    return _digest(row, getattr(row, "live_columns", frozenset()))


def event_hash(event: Event) -> str:
    """Return the hash of an event's own columns together with the hash of the event before it."""
    return _digest(event, CHAINING)


def _digest(row: models.Model, left_out: frozenset[str] | set[str]) -> str:
    values = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if value not in (None, "") and field.attname not in left_out and not _is_at_default(field, value):
            values[field.attname] = _text(field, value)
    text = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _is_at_default(field: "models.Field[Any, Any]", value: Any) -> bool:
    return field.has_default() and field.to_python(value) == field.to_python(field.get_default())


def _text(field: "models.Field[Any, Any]", value: Any) -> Any:
    """Return a value as it reads after a journey through the database, whichever database that is."""
    value = field.to_python(value)
    if isinstance(field, models.DecimalField) and value is not None:
        return str(value.quantize(value.__class__(1).scaleb(-field.decimal_places)))
    if isinstance(value, datetime):
        return value.timestamp().hex()
    return value
