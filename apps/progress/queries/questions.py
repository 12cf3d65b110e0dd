"""What to ask about figures before they go in: each beside what its member said in the rounds before."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import Q, Sum

from apps.calculation.plausibility import (
    LOOK_BACK,
    NOTE,
    Code,
    Question,
    Subject,
    Told,
    is_word,
    question_of_note,
    questions,
)
from apps.calculation.terms import Accumulation, Kind, Sentence
from apps.plans.enums import Frequency
from apps.plans.models import BudgetLine, Measure
from apps.progress.enums import EntryState
from apps.progress.models import Entry, Revision

ROUND = ("round__starts_on", "round__ends_on", "round__fiscal_year")
FIELDS = ("numerator", "denominator", "value", "percent")
DAYS_OF_ROUND = {Frequency.MONTHLY: 31, Frequency.QUARTERLY: 92, Frequency.HALF_YEARLY: 184}
A_YEAR = 366
SAID = (EntryState.SUBMITTED, EntryState.APPROVED)


@dataclass(frozen=True, slots=True)
class Row:
    """What a cell of an earlier round says: the figure that counts, or the one that waits for its review."""

    starts_on: date
    ends_on: date
    told: Told


def questions_of(
    typed: Mapping[Entry, Mapping[str, Any]], notes: Mapping[int, str] | None = None
) -> dict[int, list[Question]]:
    """Return what to ask about typed figures, by the entry's id; entries with nothing to ask are not in the answer.

    `typed` holds clean values by column of `Revision`, money in 元; `measure` and `round` of the entries should be loaded.
    Entries may be of several measures and rounds; what is typed for an earlier round counts as said in it. A correction is
    also held against what it takes the place of. A returned figure is not compared with. `notes` are what stands beside the
    figures, by the entry's id: numbers in them that name residents are warned of. One query however many cells, a second one
    where money is spent; what is read ends twelve rounds back, however many years lie behind.
    """
    asked = _about_figures({entry: found for entry, values in typed.items() if (found := _figures(values))})
    for pk, note in (notes or {}).items():
        warning = question_of_note(note)
        if warning:
            asked.setdefault(pk, []).append(warning)
    return asked


def _about_figures(figures: Mapping[Entry, Mapping[str, Decimal]]) -> dict[int, list[Question]]:
    """Return what to ask about the figures, by the entry's id."""
    if not figures:
        return {}
    said = list(_said(list(figures)))
    rows, replaced = _rows(figures, said), {row["pk"]: _told(row) for row in said}
    budgets = _budgets({entry.measure for entry in figures}, _years(figures))
    subjects: dict[tuple[int, Decimal | None], Subject] = {}
    asked = {}
    for entry, found in figures.items():
        budget = budgets.get((entry.measure_id, entry.round.fiscal_year, entry.member_id))
        key = (entry.measure_id, budget)
        subject = subjects.get(key) or subjects.setdefault(key, _subject(entry.measure, budget))
        series = rows[entry.measure_id, entry.member_id]
        here = bisect_left(series, entry.round.starts_on, key=attrgetter("ends_on"))
        before = [row.told for row in series[max(0, here - LOOK_BACK) : here]]
        typed = Told(entry.round.fiscal_year, found)
        asked[entry.pk] = questions(subject, typed, before, replaced.get(entry.pk))
    return {pk: found for pk, found in asked.items() if found}


def stored(asked: Iterable[Question]) -> list[dict[str, Any]]:
    """Return questions as `Revision.questions` keeps them."""
    return [{"code": str(row.code), "field": row.field, "facts": dict(row.facts)} for row in asked]


def is_answered(asked: Iterable[Question], note: str, latest: Revision | None) -> bool:
    """Tell whether a note stands by a figure about which something is asked.

    `latest` is the revision before it in its cell. A note that was carried over from there, word for word, answers only what
    it answered then: the same questions about the same fields. A sign or two that say nothing are no note. What is asked
    about the note itself waits for none. No query.
    """
    asked, note = [row for row in asked if row.field != NOTE], note.strip()
    if not asked:
        return True
    if not is_word(note) or latest is None or note != latest.note:
        return is_word(note)
    answered = {(row.code, row.field) for row in questions_from(latest.questions)}
    return {(row.code, row.field) for row in asked} <= answered


def questions_from(kept: Iterable[Mapping[str, Any]]) -> list[Question]:
    """Return the questions that were kept with a revision."""
    return [Question(Code(row["code"]), row["field"], row["facts"]) for row in kept]


def _figures(values: Mapping[str, Any]) -> dict[str, Decimal]:
    return {name: number for name in FIELDS if isinstance(number := values.get(name), Decimal)}


def _years(entries: Iterable[Entry]) -> set[int]:
    return {entry.round.fiscal_year for entry in entries}


def _subject(measure: Measure, budget: Decimal | None) -> Subject:
    return Subject(
        kind=Kind(measure.kind),
        unit=measure.unit_name,
        accumulation=_accumulation(measure.accumulation),
        denominator_accumulation=_accumulation(measure.denominator_accumulation),
        numerator=Sentence(measure.numerator_name, measure.numerator_name_en or measure.numerator_name),
        denominator=Sentence(measure.denominator_name, measure.denominator_name_en or measure.denominator_name),
        budget=budget,
    )


def _accumulation(name: str) -> Accumulation | None:
    return Accumulation(name) if name else None


def _rows(
    typed: Mapping[Entry, Mapping[str, Decimal]], said: Iterable[Mapping[str, Any]]
) -> dict[tuple[int, int], list[Row]]:
    """Return what was said in the rounds before, oldest first, by measure and member; typed figures stand in. No query."""
    found: dict[tuple[int, int], dict[int, Row]] = defaultdict(dict)
    for row in said:
        earlier = Row(row["round__starts_on"], row["round__ends_on"], _told(row))
        found[row["measure_id"], row["member_id"]][row["pk"]] = earlier
    for entry, numbers in typed.items():
        told = Told(entry.round.fiscal_year, numbers)
        found[entry.measure_id, entry.member_id][entry.pk] = Row(entry.round.starts_on, entry.round.ends_on, told)
    return {key: sorted(rows.values(), key=lambda row: (row.ends_on, row.starts_on)) for key, rows in found.items()}


def _told(row: Mapping[str, Any]) -> Told:
    return Told(row["round__fiscal_year"], _figures({name: row[f"{row['said']}__{name}"] for name in FIELDS}))


def _said(entries: Sequence[Entry]) -> Iterable[dict[str, Any]]:
    """Yield what the cells themselves and those of the rounds before say: their columns, and which revision says it. One query."""
    columns = [f"{revision}__{name}" for revision in ("latest", "approved") for name in FIELDS]
    rows = (
        Entry.objects.filter(_window(entries) | _corrected(entries), Q(state__in=SAID) | Q(approved__isnull=False))
        .filter(member__in={entry.member_id for entry in entries})
        .order_by()
        .values("pk", "measure_id", "member_id", "state", *ROUND, *columns)
    )
    for row in rows.iterator():
        yield {**row, "said": "latest" if row["state"] in SAID else "approved"}


def _corrected(entries: Sequence[Entry]) -> Q:
    """Return the condition for the cells that said something before; never met where none did."""
    return Q(pk__in=[entry.pk for entry in entries if entry.latest_id is not None])


def _window(entries: Sequence[Entry]) -> Q:
    """Return the condition for the rounds that may tell what is usual, by how often a measure is asked."""
    asked = defaultdict(set)
    for entry in entries:
        asked[DAYS_OF_ROUND.get(Frequency(entry.measure.frequency), A_YEAR)].add(entry.measure_id)
    first, last = (pick(entry.round.starts_on for entry in entries) for pick in (min, max))
    window = Q()
    for days, measures in asked.items():
        earliest = first - timedelta(days=days * LOOK_BACK)
        window |= Q(measure__in=measures, round__ends_on__gte=earliest, round__ends_on__lt=last)
    return window


def _budgets(measures: Collection[Measure], years: Collection[int]) -> dict[tuple[int, int, int], Decimal]:
    """Return the adjusted budget in 元 by measure, year and funding source, for measures that are a project's money."""
    spending = [measure.pk for measure in measures if measure.kind == Kind.MONEY]
    if not spending:
        return {}
    rows = (
        BudgetLine.objects.settled()
        .filter(plan__project__execution__in=spending, plan__year__in=years)
        .order_by()
        .values_list("plan__project__execution", "plan__year", "source")
        .annotate(total=Sum("amount"))
    )
    return {(measure, year, source): total for measure, year, source, total in rows}
