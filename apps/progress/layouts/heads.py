"""The columns of the reporter's workbook: their heads, their words, and what tells a row to be a cell's."""

import re
import unicodedata
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from apps.plans.enums import Kind
from apps.progress.enums import Band, Mark, Outcome

SIGNER_SALT: Final = "progress.workbook"
HEADS: Final[dict[str, Promise]] = {
    "key": gettext_lazy("行号（请勿改动）"),
    "measure": gettext_lazy("数据项"),
    "member": gettext_lazy("成员"),
    "round": gettext_lazy("填报期"),
    "due": gettext_lazy("截止"),
    "previous": gettext_lazy("上期"),
    "aims": gettext_lazy("指标值"),
    "asks": gettext_lazy("填什么（单位）"),
    "numerator": gettext_lazy("分子"),
    "denominator": gettext_lazy("分母"),
    "value": gettext_lazy("数值"),
    "outcome": gettext_lazy("结果"),
    "decided_on": gettext_lazy("认定日期"),
    "decided_by": gettext_lazy("认定单位"),
    "document": gettext_lazy("文件"),
    "mark": gettext_lazy("检查结果"),
    "band": gettext_lazy("档次"),
    "percent": gettext_lazy("百分比（%）"),
    "note": gettext_lazy("说明"),
    "reason": gettext_lazy("更正原因"),
    "state": gettext_lazy("状态"),
    "problem": gettext_lazy("问题（系统批注）"),
}
INPUTS: Final = {
    Kind.RATIO: ("numerator", "denominator"),
    Kind.NUMBER: ("value",),
    Kind.MONEY: ("value",),
    Kind.MILESTONE: ("outcome", "decided_on", "decided_by", "document"),
    Kind.CHECKLIST: ("band", "percent"),
    Kind.JUDGEMENT: ("band", "percent"),
}
CHOICES: Final[dict[str, type[TextChoices]]] = {"outcome": Outcome, "band": Band, "mark": Mark}
NUMBERS: Final = ("numerator", "denominator", "value", "percent")


def words_of(name: str) -> dict[str, str]:
    """Return the values of a column's list by the words for them, in every language of the product."""
    found: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found |= {str(choice.label): str(choice.value) for choice in CHOICES[name]}
    return found


def names_of_heads() -> dict[str, str]:
    """Return the columns by their heads in every language of the product, as `plain_head` writes a head."""
    found: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found |= {plain_head(str(head)): name for name, head in HEADS.items()}
    return found


def plain_head(text: str) -> str:
    """Return a head without blanks and without what stands in brackets."""
    return re.sub(r"\(.*|\s", "", unicodedata.normalize("NFKC", text)).lower()


def row_key(entry_id: int, seen: int, item: int = 0) -> str:
    """Return what tells a row of the workbook to be a cell's, as it was when the workbook was made, so that nobody can make it up.

    `item` is the number of the thing to look at, 0 for the cell itself.
    """
    return _signer().sign(f"{entry_id}.{seen}.{item}")


def read_key(text: str) -> tuple[int, int, int] | None:
    """Return entry, seen revision and item of a row's key; None for one that the product did not make."""
    try:
        entry, seen, item = _signer().unsign(text).split(".")
        return int(entry), int(seen), int(item)
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    return Signer(salt=SIGNER_SALT)
