"""A target of a content in words, and the worked examples beside the ways in which figures add up."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from apps.calculation.aggregation import Figure, Method, member_figure
from apps.calculation.terms import Accumulation as Way
from apps.calculation.terms import Aggregation as Together
from apps.plans.enums import Accumulation
from apps.plans.queries.contents import MeasureContent, TargetContent
from apps.ui.formats import part
from apps.ui.targets import target_text

MONTHS: Final = (Decimal(100), Decimal(150), Decimal(130))


def target_words(target: TargetContent | None, measure: MeasureContent, names: Mapping[str, str]) -> str:
    """Return a target for people; `names` are those of the members of the measure's dimension, by code. No query."""
    return target_text(target, measure, names=[names.get(code, code) for code in target.members] if target else None)


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
