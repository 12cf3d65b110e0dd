"""The findings of a plan check."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.plans.enums import Severity
from apps.plans.models import Explanation

PARTS: Final = ("head", "project", "budget", "directions", "goals", "indicators", "measures")
ELSEWHERE: Final = "project"
WITHOUT_NAMES: Final = ("head", ELSEWHERE, "budget")
COLUMNS: Final = (
    "amount",
    "definition",
    "economic_item",
    "evidence",
    "members",
    "target",
    "weight",
    "whole_target",
)
COLUMNS_SHOWN: Final = ("target", "weight")
"""Columns that have a place of their own in the editor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFinding:
    """One thing to mend or to explain.

    `rule` is its code; `place` names the piece of the content it is about, like `indicators.1-1.target`, `directions.5` or
    `indicators` for all of them; `pieces` are the single places where it is to be mended when it speaks of several, `labels` what
    they are called where their places do not say it.
    `sentence` says what is wrong and how to mend it, `why` which rule asks for it. `explanation` is the word somebody gave
    for a warning, None so far; `earlier` the word that an earlier version of the plan had for the same.
    """

    rule: str
    place: str = ""
    severity: Severity
    sentence: str
    why: str
    pieces: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    explanation: Explanation | None = None
    earlier: Explanation | None = None

    @property
    def key(self) -> str:
        """Return by what an explanation finds its warning again."""
        return f"{self.rule}:{self.place}"[:80]

    @property
    def is_open(self) -> bool:
        """Tell whether it keeps the plan from being submitted: an error, or a warning without a word."""
        return self.severity == Severity.ERROR or (self.severity == Severity.WARNING and self.explanation is None)

    @property
    def is_warning(self) -> bool:
        """Tell whether a word may settle it."""
        return self.severity == Severity.WARNING

    @property
    def anchor(self) -> str:
        """Return the id of its place in the editor; empty for what is mended elsewhere."""
        return anchor_of(self.place)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Return the single places with their ids in the editor: ("1-1", "piece-indicators-1-1")."""
        labels = self.labels or tuple(name_of(piece) for piece in self.pieces)
        return [(label, anchor_of(piece)) for label, piece in zip(labels, self.pieces, strict=True)]


def parts_of(place: str) -> tuple[str, str, str]:
    """Return part, name and column of a place, empty where it has none; a code may hold dots: indicators, 1.1, target."""
    part, _dot, rest = place.partition(".")
    if part in WITHOUT_NAMES:
        return part, "", rest
    name, _dot, column = rest.rpartition(".")
    return (part, name, column) if column in COLUMNS and name else (part, rest, "")


def anchor_of(place: str) -> str:
    """Return the id that the editor gives to a place: `piece-indicators-1-1-target`, `piece-scheme` of the head.

    Columns that the editor does not show by themselves lead to their piece; what is mended elsewhere has no id.
    """
    part, name, column = parts_of(place)
    if not part or part == ELSEWHERE:
        return ""
    words = [column or part] if part == "head" else [part, name, column if column in COLUMNS_SHOWN else ""]
    return "-".join(["piece", *(word.replace(".", "-") for word in words if word)])


def name_of(place: str) -> str:
    """Return what a piece is called where its part is clear: the indicator's code, the direction's number."""
    part, name, _column = parts_of(place)
    if part == "goals":
        return _("目标%(number)s") % {"number": name}
    if part == "directions":
        return _("方向%(number)s") % {"number": name}
    return name


def error(rule: str, place: str, sentence: str, why: str | Promise, *pieces: str) -> CheckFinding:
    """Return what has to be mended before the plan goes on."""
    return _finding(Severity.ERROR, rule, place, sentence, why, pieces)


def warning(rule: str, place: str, sentence: str, why: str | Promise, *pieces: str) -> CheckFinding:
    """Return what has to be mended or explained."""
    return _finding(Severity.WARNING, rule, place, sentence, why, pieces)


def hint(rule: str, place: str, sentence: str, why: str | Promise, *pieces: str) -> CheckFinding:
    """Return what one may want to look at."""
    return _finding(Severity.HINT, rule, place, sentence, why, pieces)


def _finding(
    severity: Severity, rule: str, place: str, sentence: str, why: str | Promise, pieces: tuple[str, ...]
) -> CheckFinding:
    return CheckFinding(rule=rule, place=place, severity=severity, sentence=sentence, why=str(why), pieces=pieces)
