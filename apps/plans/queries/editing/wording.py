"""A target of a content in words, and the worked examples beside the ways in which figures add up."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.calculation.aggregation import Figure, Method, member_figure
from apps.calculation.terms import Accumulation as Way
from apps.calculation.terms import Aggregation as Together
from apps.plans.enums import Accumulation
from apps.plans.queries.contents import MeasureContent, TargetContent
from apps.ui.formats import part
from apps.ui.targets import target_text

MONTHS: Final = (Decimal(100), Decimal(150), Decimal(130))


@dataclass(frozen=True, slots=True)
class _Named:
    """Members named by a target, in the shape in which the rows of a target have them."""

    rows: tuple[Any, ...]

    def all(self) -> tuple[Any, ...]:
        """Return the rows."""
        return self.rows


@dataclass(frozen=True, slots=True)
class _Row:
    member: str


class _Shown:
    """A target's content with its members by name, as `apps.ui.targets` reads a target."""

    def __init__(self, target: TargetContent, names: Mapping[str, str]) -> None:
        self.target = target
        self.named = _Named(tuple(_Row(names.get(code, code)) for code in target.members))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.target, name)


def target_words(target: TargetContent | None, measure: MeasureContent, names: Mapping[str, str]) -> str:
    """Return a target for people; `names` are those of the members of the measure's dimension, by code. No query."""
    return target_text(None if target is None else _Shown(target, names), measure)


def accumulation_examples() -> list[tuple[str, str]]:
    """Return for each way in which the periods of a year combine what three months of 100, 150 and 130 come to."""
    said = []
    for way in Accumulation:
        method = Method(Way(way.value), Together.SUM, has_denominator=False)
        total = member_figure([Figure(month) for month in MONTHS], method).numerator
        words = {"total": part(total, _PLAIN), "way": way.label}
        said.append((way.value, _("例：1月填 100、2月填 150、3月填 130，到3月末按“%(way)s”为 %(total)s。") % words))
    return said


@dataclass(frozen=True, slots=True)
class _Plain:
    kind: str = "number"


_PLAIN: Final = _Plain()
