"""What two contents say differently, place by place: for the journal, for reviewers, and for a file that is read again."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.plans.queries.contents import PlanContent, to_json

NAMES: Final = {
    "goals": "number",
    "directions": "number",
    "measures": "code",
    "indicators": "code",
}
PLACES: Final = {
    "goals": gettext_lazy("绩效目标"),
    "directions": gettext_lazy("资金支出方向"),
    "measures": gettext_lazy("数据项"),
    "indicators": gettext_lazy("绩效指标"),
    "budget": gettext_lazy("预算"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which two contents differ.

    `part` and `name` say where ("indicators", "1-1"; both empty for the head), `column` what of it, empty where the whole
    piece came or went; values are plain, None where there is nothing.
    """

    part: str
    name: str
    column: str
    before: Any
    after: Any

    @property
    def key(self) -> str:
        """Return the place as one word, for the journal."""
        return ".".join(word for word in (self.part, self.name, self.column) if word)

    @property
    def is_new(self) -> bool:
        """Tell whether a whole piece came."""
        return not self.column and self.before is None

    @property
    def is_gone(self) -> bool:
        """Tell whether a whole piece went."""
        return not self.column and self.after is None


def compare(before: PlanContent, after: PlanContent) -> list[Difference]:
    """Return where two contents differ, head first, then by part in the order of the form. No query.

    Pieces are matched by number or code. The order of indicators is not a difference.
    """
    old, new = to_json(before), to_json(after)
    found = [
        Difference("", "", field.name, old[field.name], new[field.name])
        for field in fields(PlanContent)
        if field.name not in PLACES and old[field.name] != new[field.name]
    ]
    for part in PLACES:
        found += _pieces(part, _named(part, old[part], before), _named(part, new[part], after))
    return found


def _named(part: str, rows: list[dict[str, Any]], content: PlanContent) -> dict[str, tuple[dict[str, Any], Any]]:
    """Return the pieces of a part by name, as plain values and as they are."""
    pieces = getattr(content, part)
    if part == "budget":
        names = [f"{row['source']}/{row['kind']}/{place}" for place, row in enumerate(rows, start=1)]
    else:
        names = [str(row[NAMES[part]]) for row in rows]
    return {name: (row, piece) for name, row, piece in zip(names, rows, pieces, strict=True)}


def _pieces(part: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*old, *new]):
        if name not in new:
            yield Difference(part, name, "", old[name][0], None)
        elif name not in old:
            yield Difference(part, name, "", None, new[name][0])
        elif old[name][1] != new[name][1]:
            yield from _columns(part, name, old[name], new[name])


def _columns(
    part: str, name: str, old: tuple[dict[str, Any], Any], new: tuple[dict[str, Any], Any]
) -> Iterator[Difference]:
    """Compare column by column; as values, so that 80 and 80.00 are the same."""
    for column in old[0]:
        if getattr(old[1], column) != getattr(new[1], column):
            yield from _within(
                part, name, column, old[0][column], new[0][column], getattr(old[1], column), getattr(new[1], column)
            )


def _within(part: str, name: str, column: str, old: Any, new: Any, was: Any, becomes: Any) -> Iterator[Difference]:
    """Look into a target, whose columns are told one by one."""
    if is_dataclass(was) and is_dataclass(becomes):
        for field in fields(was):
            if getattr(was, field.name) != getattr(becomes, field.name):
                yield Difference(part, name, f"{column}.{field.name}", old[field.name], new[field.name])
    else:
        yield Difference(part, name, column, old, new)


def summary(content: PlanContent) -> dict[str, int]:
    """Return how much a content says, for the journal."""
    return {part: len(getattr(content, part)) for part in PLACES}


def place_of(difference: Difference) -> str:
    """Return where a difference is, in words: 绩效指标 1-1."""
    if not difference.part:
        return _("基本信息")
    return f"{PLACES[difference.part]} {difference.name}"
