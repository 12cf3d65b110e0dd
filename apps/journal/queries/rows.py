"""Whether the rows still are as the last event about each of them left them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.journal.enums import Verb
from apps.journal.models import Chain, Event
from apps.journal.queries.chains import ROWS_AT_ONCE, nothing
from apps.journal.queries.hashes import content_hash

Ids = dict[str, set[int]]


def content_flaws(step: Callable[[int], None] = nothing, chains: Collection[Chain] | None = None) -> Iterator[str]:
    """Yield a sentence for every row that is not as the last event about it left it.

    A row that is gone is a flaw too, unless an event says that it was removed: either its own last event has the verb
    `remove`, or a `remove` event since lists it in `before` as {"removed": {"app.model": [ids]}}. What differs is read once
    more before it is told, for people go on working meanwhile. `chains` are those whose events are asked, None for all. Three
    queries for 500 rows, memory flat.
    """
    gone = removed()
    events = Event.objects.all() if chains is None else Event.objects.filter(chain__in=chains)
    known = {model._meta.label_lower for model in apps.get_models()}
    for label in events.order_by("subject_type").values_list("subject_type", flat=True).distinct():
        if label not in known:  # a kind of row that a later version has given up
            continue
        after = None
        while last := _last_events(events, label, after):
            after = max(last)
            for flawed in _flawed(label, list(last.values()), gone[label]):
                yield from _told_again(label, flawed, gone[label])
            step(len(last))


def removed() -> Ids:
    """Return the ids of the rows that `remove` events list, by type. One query."""
    found: Ids = defaultdict(set)
    for before in Event.objects.filter(verb=Verb.REMOVE).values_list("before", flat=True).iterator():
        for label, ids in ((before or {}).get("removed") or {}).items():
            found[label].update(ids)
    return found


def _last_events(events: "models.QuerySet[Event]", label: str, after: int | None) -> dict[int, int]:
    """Return the last event about each of the next rows of a kind, by the row's id; empty at the end. One query."""
    events = events.filter(subject_type=label)
    if after is not None:
        events = events.filter(subject_id__gt=after)
    rows = events.order_by("subject_id").values_list("subject_id").annotate(last=Max("pk"))
    return dict(rows[:ROWS_AT_ONCE])


def _flawed(label: str, event_ids: Sequence[int], gone: set[int]) -> Iterator[tuple[Event, str]]:
    """Yield the last event and the sentence of every row that differs. Two queries."""
    model = apps.get_model(label)
    events = Event.objects.filter(pk__in=event_ids).select_related("chain__bureau").order_by("pk")
    rows = model._default_manager.in_bulk([event.subject_id for event in events])
    for event in events:
        if sentence := _sentence(event, rows.get(event.subject_id), gone):
            yield event, sentence


def _sentence(event: Event, row: models.Model | None, gone: set[int]) -> str:
    words: dict[str, Any] = {"chain": event.chain.bureau, "subject": event.subject_label, "number": event.number}
    if row is None:
        if event.verb == Verb.REMOVE or event.subject_id in gone:
            return ""
        return _("%(chain)s：“%(subject)s”已不存在，而日志（第 %(number)d 条）没有说它被清除。") % words
    if content_hash(row) != event.content_hash:
        return _("%(chain)s：“%(subject)s”与日志（第 %(number)d 条）所记的内容不符，被绕过系统改过。") % words
    return ""


def _told_again(label: str, flawed: tuple[Event, str], gone: set[int]) -> Iterator[str]:
    """Yield the sentence if the row still differs from the event that is its last by now."""
    event, sentence = flawed
    last = Event.objects.filter(subject_type=label, subject_id=event.subject_id).aggregate(last=Max("pk"))["last"]
    if any(_flawed(label, [last], gone | removed()[label])):
        yield sentence
