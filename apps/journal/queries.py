"""Whether the journal still is what was written, and whether the rows still are what it says of them."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.journal.enums import Verb
from apps.journal.models import Chain, Event

ROWS_AT_ONCE = 500
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
    fields = [field for field in row._meta.concrete_fields if field.attname not in left_out]
    values = {field.attname: _text(field, row) for field in fields if not _is_at_default(field, row)}
    text = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _is_at_default(field: "models.Field[Any, Any]", row: models.Model) -> bool:
    value = getattr(row, field.attname)
    return value in (None, "") or (
        field.has_default() and field.to_python(value) == field.to_python(field.get_default())
    )


def _text(field: "models.Field[Any, Any]", row: models.Model) -> Any:
    """Return a value as it reads after a journey through the database, whichever database that is."""
    value = field.to_python(getattr(row, field.attname))
    if isinstance(field, models.DecimalField) and value is not None:
        return str(value.quantize(value.__class__(1).scaleb(-field.decimal_places)))
    if isinstance(value, datetime):
        return value.timestamp().hex()
    return value


def chain_flaws(chain: Chain) -> Iterator[str]:
    """Yield a sentence for everything that is wrong with a chain itself, in its order.

    Found are an edited event, a gap, a cut tail and events that were put in or written anew. One pass, memory flat.
    """
    number, head = 0, ""
    for event in chain.events.order_by("number").iterator(ROWS_AT_ONCE):
        number += 1
        yield from _event_flaws(event, number, head)
        number, head = event.number, event.hash
        if number == chain.length:
            break
    if number < chain.length:
        yield _("%(chain)s：最后 %(missing)d 条事件不见了，应有 %(length)d 条。") % {
            "chain": chain.bureau,
            "missing": chain.length - number,
            "length": chain.length,
        }
    elif head != chain.head:
        yield _("%(chain)s：第 %(number)d 条事件与链尾哈希不符，链被改写过。") % {
            "chain": chain.bureau,
            "number": number,
        }
    yield from _events_beyond(chain)


def _event_flaws(event: Event, number: int, head: str) -> Iterator[str]:
    words = {"chain": event.chain.bureau, "number": number, "found": event.number}
    if event.number != number:
        yield _("%(chain)s：第 %(number)d 条事件不见了，接着的是第 %(found)d 条。") % words
    if event.hash != event_hash(event):
        yield _("%(chain)s：第 %(found)d 条事件的内容被改过。") % words
    if event.previous_hash != head:
        yield _("%(chain)s：第 %(found)d 条事件与前一条不相连。") % words


def _events_beyond(chain: Chain) -> Iterator[str]:
    """Yield a sentence for events past the end; the end is read anew, for people go on working while this looks."""
    last = chain.events.aggregate(last=Max("number"))["last"] or 0
    if last > Chain.objects.values_list("length", flat=True).get(pk=chain.pk):
        yield _("%(chain)s：链尾之后另有事件，第 %(number)d 条不在链内。") % {"chain": chain.bureau, "number": last}


def content_flaws() -> Iterator[str]:
    """Yield a sentence for every row that is not as the last event about it left it.

    A row that is gone is a flaw too, unless an event says that it was removed: either its own last event has the verb
    `remove`, or a `remove` event since lists it in `before` as {"removed": {"app.model": [ids]}}.
    """
    removed, known = _removed(), {model._meta.label_lower for model in apps.get_models()}
    for label, event_ids in _last_events().items():
        if label not in known:  # a kind of row that a later version has given up
            continue
        for start in range(0, len(event_ids), ROWS_AT_ONCE):
            yield from _rows_flaws(label, event_ids[start : start + ROWS_AT_ONCE], removed[label])


def _last_events() -> dict[str, list[int]]:
    """Return the last event about every row, by the row's type. One query."""
    found = defaultdict(list)
    rows = Event.objects.order_by().values_list("subject_type", "subject_id").annotate(last=Max("pk"))
    for label, _subject, last in rows:
        found[label].append(last)
    return found


def _removed() -> dict[str, set[int]]:
    """Return the ids of the rows that `remove` events list, by type. One query."""
    found: dict[str, set[int]] = defaultdict(set)
    for before in Event.objects.filter(verb=Verb.REMOVE).values_list("before", flat=True):
        for label, ids in ((before or {}).get("removed") or {}).items():
            found[label].update(ids)
    return found


def _rows_flaws(label: str, event_ids: list[int], removed: set[int]) -> Iterator[str]:
    """Yield the sentences for some rows of one type. Two queries."""
    events = Event.objects.filter(pk__in=event_ids).select_related("chain__bureau").order_by("pk")
    model = apps.get_model(label)
    rows = model._default_manager.in_bulk([event.subject_id for event in events])
    for event in events:
        words = {"chain": event.chain.bureau, "subject": event.subject_label, "number": event.number}
        row = rows.get(event.subject_id)
        if row is None:
            if event.verb != Verb.REMOVE and event.subject_id not in removed:
                yield _("%(chain)s：“%(subject)s”已不存在，而日志（第 %(number)d 条）没有说它被清除。") % words
        elif content_hash(row) != event.content_hash:
            yield _("%(chain)s：“%(subject)s”与日志（第 %(number)d 条）所记的内容不符，被绕过系统改过。") % words
