"""What the rows of events are called, where they are shown, and how their figures are printed.

The journal stands below the apps whose rows it tells of. What a model wants to have told of it stands on the model: where it
is shown (`get_absolute_url`), how a figure of a column is printed (`printed(column, value)`), how a fact that is a list of its
own is told (`told_in_journal(name, value)`), what facts that are no columns are called (`journal_words`), and what must be
read with it (`journal_needs`, and `journal_prefetch` for rows that lead to it).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Max, Q

from apps.journal.models import Event

OF_ITS_KIND: Final = frozenset({"counts"})
"""Facts that name another row of the subject's own kind by its id."""

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Subjects:
    """Rows that events speak of, by kind and id, and the names of rows that they mention; what is gone is in neither."""

    rows: dict[Key, models.Model] = field(default_factory=dict)
    names: dict[Key, str] = field(default_factory=dict)

    def address(self, event: Event) -> str:
        """Return the page on which the event's row is shown, empty where there is none or the row is no more."""
        row = self.rows.get((event.subject_type, event.subject_id))
        return row.get_absolute_url() if row is not None and hasattr(row, "get_absolute_url") else ""

    def printed(self, event: Event, column: str, value: Decimal) -> str:
        """Return a figure as its row prints it, with its unit; empty where the row does not say how."""
        row = self.rows.get((event.subject_type, event.subject_id))
        return row.printed(column, value) if row is not None and hasattr(row, "printed") else ""

    def told(self, event: Event, name: str, value: Any) -> list[tuple[str, str]]:
        """Return a fact as several words with their texts, nothing where it is one like others."""
        row = self.rows.get((event.subject_type, event.subject_id))
        return row.told_in_journal(name, value) if value and row and hasattr(row, "told_in_journal") else []


def subjects_of(events: Sequence[Event]) -> Subjects:
    """Return what is to be known of some events' rows. Two queries for each kind of row, however many events.

    A kind that is told with the rows that lead to it takes one more for each of those.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        model = model_of(event.subject_type)
        if model is not None and (hasattr(model, "get_absolute_url") or hasattr(model, "printed")):
            wanted[event.subject_type].add(event.subject_id)
    rows = {(label, pk): row for label, ids in wanted.items() for pk, row in _rows(label, ids).items()}
    return Subjects(rows, _names({key for event in events for key in _mentioned(event)}))


def _rows(label: str, ids: Iterable[int]) -> dict[int, models.Model]:
    model = apps.get_model(label)
    rows = model._default_manager.select_related(*getattr(model, "journal_needs", ()))
    return rows.prefetch_related(*getattr(model, "journal_prefetch", ())).in_bulk(list(ids))


def _mentioned(event: Event) -> Iterator[Key]:
    """Yield the rows that an event's facts name by nothing but their ids."""
    for facts in (event.before or {}, event.after or {}):
        for name, value in facts.items():
            if isinstance(value, int) and not isinstance(value, bool) and (label := kind_named(event, name)):
                yield label, value


def kind_named(event: Event, name: str) -> str:
    """Return the kind of the row whose id a fact is, empty for every other fact."""
    if name in OF_ITS_KIND:
        return event.subject_type
    column = column_of(model_of(event.subject_type), name)
    related = column.related_model if column is not None else None
    return related._meta.label_lower if isinstance(related, type) else ""


def _names(keys: set[Key]) -> dict[Key, str]:
    """Return what rows are called: as the journal last called them, else as they call themselves."""
    if not keys:
        return {}
    ids: dict[str, set[int]] = defaultdict(set)
    for label, pk in keys:
        ids[label].add(pk)
    about = Q()
    for label, wanted in ids.items():
        about |= Q(subject_type=label, subject_id__in=wanted)
    last = Event.objects.filter(about).order_by().values("subject_type", "subject_id").annotate(last=Max("pk"))
    told = Event.objects.filter(pk__in=[row["last"] for row in last])
    names = {(label, pk): name for label, pk, name in told.values_list("subject_type", "subject_id", "subject_label")}
    for label, wanted in ids.items():
        if untold := {pk for pk in wanted if (label, pk) not in names}:
            names |= {(label, pk): str(row) for pk, row in _rows(label, untold).items()}
    return names


def model_of(label: str) -> type[models.Model] | None:
    """Return the model of a kind of row, None when the product no longer has it."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def column_of(model: type[models.Model] | None, name: str) -> "models.Field[Any, Any] | None":
    """Return the column that a fact is about, None where it is about none."""
    try:
        found = model._meta.get_field(name.removesuffix("_id")) if model else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None
