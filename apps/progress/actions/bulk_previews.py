"""What a long table would do, before anybody confirms it: counted, with a sample, and changing nothing."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from apps.progress.actions.bulk import Assessed, Assize, Tally
from apps.progress.enums import Fate
from apps.progress.models import Entry
from apps.progress.queries.bulk import Problem
from apps.progress.queries.uploads import columns_of, said
from apps.ui import formats

SAMPLES: Final = {Fate.NEW: 8, Fate.CHANGED: 12}
MOST_MEASURES: Final = 100


@dataclass
class Touched:
    """What a file does to one measure."""

    name: str
    first: date
    last: date
    fates: Counter[str] = field(default_factory=Counter)
    members: set[int] = field(default_factory=set)

    def add(self, row: Assessed) -> None:
        """Count a figure in."""
        period = row.figure.period
        self.first, self.last = min(self.first, period.starts_on), max(self.last, period.ends_on)
        self.fates[row.fate] += 1
        self.members.add(row.figure.membership.member_id)

    def in_words(self) -> dict[str, Any]:
        """Return what a page shows of it."""
        counts = {str(fate): self.fates[fate] for fate in Fate}
        span = formats.period(self.first, self.last)
        return {"name": self.name, "span": span, "members": len(self.members), **counts}


class Preview:
    """Counts figures in and says what the file would do."""

    def __init__(self, assize: Assize, unread: int) -> None:
        self.tally = Tally(unread)
        self.refused: list[Problem] = []
        self.fates: Counter[str] = Counter({Fate.REFUSED: unread})
        self._measures: dict[int, Touched] = {}
        self._sample: dict[Fate, list[dict[str, Any]]] = {fate: [] for fate in SAMPLES}
        self._assize = assize
        self._rounds: set[int] = set()
        self._cells = self._asked = self._shown = 0  # of what is new, the first figure of each series is shown

    def add(self, rows: list[Assessed]) -> None:
        """Count some figures in."""
        self.tally.add(rows)
        for row in rows:
            self.fates[row.fate] += 1
            self._touched(row).add(row)
            if row.fate == Fate.REFUSED:
                self.refused.append(Problem(row.figure.place, "", row.why))
            elif row.is_good:
                self._add_good(row)

    def _touched(self, row: Assessed) -> Touched:
        touched = self._measures.get(row.entry.measure_id)
        if touched is None:
            period = row.figure.period
            touched = Touched(str(row.entry.measure), period.starts_on, period.ends_on)
            self._measures[row.entry.measure_id] = touched
        return touched

    def _add_good(self, row: Assessed) -> None:
        self._asked += bool(row.asked)
        self._cells += row.entry.pk < 0
        if row.entry.round.pk is None:
            self._rounds.add(id(row.entry.round))
        kept = self._sample[row.fate]
        if len(kept) < SAMPLES[row.fate] and (row.fate == Fate.CHANGED or row.figure.membership.pk != self._shown):
            self._shown = row.figure.membership.pk
            kept.append(_sampled(row))

    def summary(self) -> dict[str, Any]:
        """Return what is kept for the page and for the confirmation."""
        lines = sorted(self._measures.values(), key=lambda touched: touched.name)
        return {
            "digest": self.tally.digest,
            "measures": [touched.in_words() for touched in lines[:MOST_MEASURES]],
            "more_measures": max(0, len(lines) - MOST_MEASURES),
            "rounds": len(self._rounds),
            "cells": self._cells,
            "asked": self._asked,
            "sample": [*self._sample[Fate.CHANGED], *self._sample[Fate.NEW]],
        }


def _sampled(row: Assessed) -> dict[str, Any]:
    entry: Entry = row.entry
    was = said(entry, columns_of(entry.latest)) if entry.latest else ""
    return {
        "row": row.figure.place[1],
        "cell": str(entry),
        "was": was,
        "becomes": said(entry, row.figure.values),
        "note": row.figure.note,
        "reason": row.figure.reason,
        "is_asked": bool(row.asked),
    }
