"""Whether every row of the kinds that always come with an event has one, and every review the event that tells of it.

Which kinds these are stands on the models: `always_told` is a condition, met by rows that never come without an event of
their own; `told_as` says how the rows of a kind are told by events about another row.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from apps.journal.enums import Verb
from apps.journal.models import Event, Testimony
from apps.journal.queries.chains import ROWS_AT_ONCE, nothing
from apps.journal.queries.rows import removed

Ranges = list[tuple[int, int]]
Saying = tuple[int, str, int | None, Any, str]
Span = tuple[int, int]


def untold_flaws(step: Callable[[int], None] = nothing) -> Iterator[str]:
    """Yield a sentence for every row that came, and every review that came or went, without its event.

    Rows that were loaded many at a time are listed in the `load` event instead, as {"rows": {"app.model": [[first, last]]}};
    of those a missing one is a flaw as well. Two queries for 500 rows; memory flat.
    """
    listed, gone = listed_rows(), removed()
    for model in apps.get_models():
        label = model._meta.label_lower
        condition = getattr(model, "always_told", None)
        if condition is not None:
            yield from _inserted(model, condition, listed[label], step)
            yield from _lost(model, listed[label], gone[label])
        if (telling := getattr(model, "told_as", None)) is not None:
            yield from _misreported(model, telling, listed[label], gone, step)


def told_kinds() -> list[type[models.Model]]:
    """Return the kinds of rows that never come without an event."""
    return [model for model in apps.get_models() if hasattr(model, "always_told") or hasattr(model, "told_as")]


def listed_rows() -> dict[str, Ranges]:
    """Return the rows that `load` events list, as ranges of ids by type, in order. One query."""
    found: dict[str, Ranges] = defaultdict(list)
    for after in Event.objects.filter(verb=Verb.LOAD).values_list("after", flat=True).iterator():
        for label, ranges in ((after or {}).get("rows") or {}).items():
            found[label] += [(first, last) for first, last in ranges]
    return defaultdict(list, {label: sorted(ranges) for label, ranges in found.items()})


def loading_of(rows: "models.QuerySet[Any]", bureau_id: int) -> Event | None:
    """Return the event of a bureau that tells of the first of some rows as loaded with others, None where none does.

    Two queries; what is read are the bureau's loads, of which there are few.
    """
    pk = rows.order_by("pk").values_list("pk", flat=True).first()
    loads = Event.objects.filter(verb=Verb.LOAD, chain__bureau=bureau_id).order_by("-pk")
    if pk is None:
        return None
    for event in loads:
        listed = (event.after or {}).get("rows") or {}
        if _is_listed(pk, sorted((first, last) for first, last in listed.get(rows.model._meta.label_lower, ()))):
            return event
    return None


def _is_listed(pk: int, ranges: Ranges) -> bool:
    place = bisect_right(ranges, pk, key=itemgetter(0))
    return place > 0 and ranges[place - 1][0] <= pk <= ranges[place - 1][1]


def _inserted(
    model: type[models.Model], condition: models.Q, ranges: Ranges, step: Callable[[int], None]
) -> Iterator[str]:
    """Yield a sentence for every row of the kind that no event speaks of. Rows first, then events: no row is too new."""
    after = None
    while ids := _next_ids(model._default_manager.filter(condition), "pk", after):
        after = ids[-1]
        told = Event.objects.filter(subject_type=model._meta.label_lower, subject_id__gte=ids[0], subject_id__lte=after)
        untold = set(ids) - set(told.values_list("subject_id", flat=True))
        for row in model._default_manager.filter(pk__in=[pk for pk in untold if not _is_listed(pk, ranges)]).order_by(
            "pk"
        ):
            words = {"kind": model._meta.verbose_name, "row": row, "id": row.pk}
            yield _("%(kind)s“%(row)s”（编号 %(id)d）没有任何日志事件，是绕过系统加进来的。") % words
        step(len(ids))


def _lost(model: type[models.Model], ranges: Ranges, gone: set[int]) -> Iterator[str]:
    """Yield a sentence for every row that was loaded with others and is no more, though nothing says it was removed."""
    for first, last in ranges:
        for start in range(first, last + 1, ROWS_AT_ONCE):
            end = min(last, start + ROWS_AT_ONCE - 1)
            there = set(model._default_manager.filter(pk__gte=start, pk__lte=end).values_list("pk", flat=True))
            for pk in sorted(set(range(start, end + 1)) - there - gone):
                words = {"kind": model._meta.verbose_name, "id": pk}
                yield _("%(kind)s（编号 %(id)d）是批量载入的，现已不存在，而日志没有说它被清除。") % words


def _next_ids(rows: "models.QuerySet[Any]", column: str, after: int | None) -> list[int]:
    if after is not None:
        rows = rows.filter(**{f"{column}__gt": after})
    return list(rows.order_by(column).values_list(column, flat=True).distinct()[:ROWS_AT_ONCE])


def _misreported(
    model: type[models.Model],
    telling: Testimony,
    ranges: Ranges,
    gone: dict[str, set[int]],
    step: Callable[[int], None],
) -> Iterator[str]:
    """Yield a sentence for every row without the event that tells of it, and for every such event without its row.

    They are held against each other by what both say: of which row, what, by whom, when, why. So a row that was changed
    is found twice: nobody told of it as it is, and what was told is not there.
    """
    about = apps.get_model(telling.about(model))._meta.label_lower
    told = Event.objects.filter(subject_type=about, verb__in=telling.verbs.values())
    after = None
    while span := _next_span(model, telling, told, after):
        after = span[1]
        if any(_differences(model, telling, told, ranges, span)):  # read again: somebody may have been at work
            for (subject, *_rest), sentence in _differences(model, telling, told, ranges, span):
                if subject not in gone[about]:
                    yield sentence
        step(ROWS_AT_ONCE)


def _next_span(
    model: type[models.Model], telling: Testimony, told: "models.QuerySet[Event]", after: int | None
) -> Span | None:
    """Return the first and the last id of the next rows that are spoken of, None at the end. Two queries."""
    column = f"{telling.subject}_id"
    ids = {*_next_ids(model._default_manager.all(), column, after), *_next_ids(told, "subject_id", after)}
    chosen = sorted(ids)[:ROWS_AT_ONCE]
    return (chosen[0], chosen[-1]) if chosen else None


def _differences(
    model: type[models.Model],
    telling: Testimony,
    told: "models.QuerySet[Event]",
    ranges: Ranges,
    span: Span,
) -> Iterator[tuple[Saying, str]]:
    rows, by_saying = Counter[Saying](), {}
    for pk, saying in _sayings_of_rows(model, telling, span):
        if not _is_listed(pk, ranges):
            rows[saying] += 1
            by_saying[saying] = pk
    events, numbers = Counter[Saying](), {}
    for number, label, saying in _sayings_of_events(told, span):
        events[saying] += 1
        numbers[saying] = (number, label)
    for saying in rows - events:
        words = {"kind": model._meta.verbose_name, "id": by_saying[saying], "verb": Verb(saying[1]).label}
        yield saying, _("%(kind)s（编号 %(id)d，%(verb)s）没有相应的日志事件，是绕过系统加进来或改过的。") % words
    for saying in events - rows:
        number, label = numbers[saying]
        words = {"kind": model._meta.verbose_name, "number": number, "row": label, "verb": Verb(saying[1]).label}
        yield saying, _("日志第 %(number)d 条（%(verb)s“%(row)s”）所记的%(kind)s不见了或被改过。") % words


def _sayings_of_rows(model: type[models.Model], telling: Testimony, span: Span) -> Iterator[tuple[int, Saying]]:
    column = f"{telling.subject}_id"
    rows = model._default_manager.filter(**{f"{column}__gte": span[0], f"{column}__lte": span[1]}).order_by("pk")
    names = ("pk", column, telling.verdict, f"{telling.person}_id", telling.moment, telling.reason)
    for pk, subject, verdict, person, moment, reason in rows.values_list(*names):
        yield pk, (subject, telling.verbs[verdict], person, moment, reason)


def _sayings_of_events(told: Iterable[Event], span: Span) -> Iterator[tuple[int, str, Saying]]:
    rows = told.filter(subject_id__gte=span[0], subject_id__lte=span[1]).order_by("pk")  # type: ignore[attr-defined]
    names = ("number", "subject_label", "subject_id", "verb", "actor_id", "at", "reason")
    for number, label, *saying in rows.values_list(*names):
        yield number, label, tuple(saying)
