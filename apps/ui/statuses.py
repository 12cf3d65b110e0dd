"""The marks that say how something stands: always a shape and a word, the colour only repeats them."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Mark:
    """One state: its shape, its word and the tone it is printed in (a class of the style sheet)."""

    shape: str
    word: str | Promise
    tone: str


STANDINGS: Final = {
    "done": Mark("●", _("已完成"), "done"),
    "on_pace": Mark("▲", _("按进度"), "good"),
    "slightly_behind": Mark("◆", _("略滞后"), "warn"),
    "behind": Mark("■", _("滞后"), "bad"),
    "not_reported": Mark("○", _("未报"), "open"),
    "awaiting_result": Mark("◐", _("待结果"), "open"),
    "target_pending": Mark("◇", _("指标值待定"), "open"),
    "baseline_missing": Mark("△", _("缺基期数"), "open"),
    "not_applicable": Mark("–", _("不适用"), "open"),
}
ENTRIES: Final = {
    "pending": Mark("○", _("待填"), "open"),
    "submitted": Mark("◐", _("已提交"), "info"),
    "returned": Mark("↩", _("已退回"), "bad"),
    "approved": Mark("●", _("已审核"), "done"),
}
LIGHTS: Final = {
    "green": Mark("▲", _("按进度"), "good"),
    "yellow": Mark("◆", _("略滞后"), "warn"),
    "red": Mark("■", _("滞后"), "bad"),
    "over": Mark("■", _("超出预算"), "bad"),
}
NOTHING: Final = Mark("–", _("不适用"), "open")


def mark_of(code: str | None) -> Mark:
    """Return the mark of a standing, a cell or an execution light; None and unknown codes are "not applicable"."""
    for marks in (STANDINGS, LIGHTS, ENTRIES):
        if code in marks:
            return marks[code]
    return NOTHING
