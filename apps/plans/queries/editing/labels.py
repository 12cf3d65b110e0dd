"""What a change is called, for the undo button and the journal."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.plans.models import BudgetLine, Direction, GoalTerms, IndicatorTerms, Measure, PlanVersion
from apps.plans.queries.comparisons import PLACES, Difference, compare, place_of
from apps.plans.queries.contents import PlanContent
from apps.ui.formats import names

ROWS: Final[dict[str, type[Model]]] = {
    "": PlanVersion,
    "budget": BudgetLine,
    "directions": Direction,
    "goals": GoalTerms,
    "measures": Measure,
    "indicators": IndicatorTerms,
}
WORDS: Final = {
    "target": gettext_lazy("指标值"),
    "whole_target": gettext_lazy("项目期指标值"),
    "measure": gettext_lazy("数据项"),
    "number": gettext_lazy("序号"),
    "definition": gettext_lazy("口径"),
    "items": gettext_lazy("检查项"),
    "members": gettext_lazy("成员"),
    "goals": gettext_lazy("对应的绩效目标"),
}
MOST_COLUMNS: Final = 3


def label_of(before: PlanContent, after: PlanContent) -> str:
    """Return a change in words: 新增绩效指标 1-3, 修改绩效指标 1-1（分值、指标值）. Empty where nothing changes. No query."""
    places = [list(rows) for _place, rows in groupby(compare(before, after), key=lambda row: (row.part, row.name))]
    if not places:
        return ""
    first = max(places, key=_importance)
    said = _said(first)
    return said if len(places) == 1 else _("%(change)s等") % {"change": said}


def place_name(part: str, name: str) -> str:
    """Return what a piece is called in the plan: 绩效指标 1-1. Lines of money have no name that people know."""
    if part == "budget":
        return str(PLACES[part])
    return place_of(Difference(part, name, "", None, None))


def _importance(rows: Sequence[Difference]) -> int:
    """Return what to name first where one change touches several pieces: an indicator before its measure."""
    return {"indicators": 3, "goals": 2, "directions": 2, "budget": 2}.get(rows[0].part, 1)


def _said(rows: Sequence[Difference]) -> str:
    place = place_name(rows[0].part, rows[0].name)
    if rows[0].is_new:
        return _("新增%(place)s") % {"place": place}
    if rows[0].is_gone:
        return _("删除%(place)s") % {"place": place}
    columns = list(dict.fromkeys(_column(row) for row in rows))
    shown = names(columns[:MOST_COLUMNS]) + ("…" if len(columns) > MOST_COLUMNS else "")
    return _("修改%(place)s（%(columns)s）") % {"place": place, "columns": shown}


def _column(row: Difference) -> str:
    """Return what a column is called on the page."""
    name = row.column.partition(".")[0]
    if name in WORDS:
        return str(WORDS[name])
    return str(ROWS[row.part]._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
