"""A long table as it was read: figures, and the problems of the rows that are none."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from apps.calculation.periods import Period
from apps.files.forms import SheetRefused, column_letters
from apps.progress.actions.bulk import BulkFigure
from apps.progress.forms.bulk.figures import FigureReader
from apps.progress.forms.bulk.tables import NoTable, rows_of
from apps.progress.queries.bulk import MOST_BULK_ROWS, Place, Problem, Surroundings

AT_ONCE: Final = 5000


class TooManyRows(SheetRefused):
    """More rows than one file may have."""


@dataclass
class BulkReading:
    """What was read of a file: figures, and problems by row. `sheets` are the names of its tables, for the addresses."""

    figures: list[BulkFigure] = field(default_factory=list)
    problems: dict[Place, list[Problem]] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    rows: int = 0


def read_bulk(path: Path, name: str, known: Surroundings, step: Callable[[int], None]) -> BulkReading:
    """Return what a file says, held against what its bureau knows; every row either a figure or its problems.

    `step` is told how many rows were read, some thousand at a time. Raises `SheetRefused` for a file without such a table,
    with too many rows, or one that is not safe to read. One pass over the rows, no query.
    """
    reading, reader = BulkReading(), FigureReader(known)
    for place, texts, columns, failed in rows_of(path, name, reading.sheets):
        reading.rows += 1
        if reading.rows > MOST_BULK_ROWS:
            words = {"name": name, "most": f"{MOST_BULK_ROWS:,}"}
            raise TooManyRows(_("“%(name)s”超过 %(most)s 行，请分成几个文件上传。") % words)
        found = reader.read(place, texts, failed)
        if isinstance(found, BulkFigure):
            reading.figures.append(found)
        else:
            reading.problems[place] = [
                Problem(place, column_letters(columns[key]) if key in columns else "", why) for key, why in found
            ]
        if reading.rows % AT_ONCE == 0:
            step(AT_ONCE)
    step(reading.rows % AT_ONCE)
    if not reading.rows:
        raise NoTable(_("“%(name)s”的表头下面没有数据。") % {"name": name})
    _sort_out_twins(reading)
    return reading


def _sort_out_twins(reading: BulkReading) -> None:
    """Take out all rows that name one cell: nobody can tell which of them is meant."""
    first: dict[tuple[int, Period], BulkFigure] = {}
    twins: dict[tuple[int, Period], list[BulkFigure]] = defaultdict(list)
    for figure in reading.figures:
        key = (figure.membership.pk, figure.period)
        if first.setdefault(key, figure) is not figure:
            twins[key].append(figure)
    for key, others in twins.items():
        for figure in (first[key], *others):
            other = others[0] if figure is first[key] else first[key]
            why = _("与第 %(row)d 行是同一格（同一数据项、成员和期间），请只留一行。") % {"row": other.place[1]}
            reading.problems[figure.place] = [Problem(figure.place, "", why)]
    if twins:
        reading.figures = [row for row in reading.figures if row.place not in reading.problems]
