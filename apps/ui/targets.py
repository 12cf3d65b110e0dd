"""A target in words: what is wanted, of whom, and how certain that is."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.ui import formats

SIGNS: Final = {"at_least": "≥", "at_most": "≤", "more_than": ">", "less_than": "<", "equal": "="}
BASES: Final = {"last_year": gettext_lazy("上年全年"), "same_period": gettext_lazy("上年同期")}


def target_text(target: Any, measure: Any, resolved: Decimal | None = None, names: Sequence[str] | None = None) -> str:
    """Return a target for people: ≥ 80 %, 每一个 ≥ 90 %（荔湾区、越秀区）, < 上年全年（1,200 件）.

    `resolved` is the number that a basis came to, where it is known; `names` are the named members of a target that is no
    row. None as target is a dash.
    """
    if target is None:
        return formats.UNKNOWN
    if target.operator == "qualitative":
        return _("达标（定性）")
    if target.operator == "date":
        return _("%(day)s 前通过") % {"day": f"{target.due_on:%Y-%m-%d}"}
    return _scoped(target, _bound(target, measure, resolved), names)


def _bound(target: Any, measure: Any, resolved: Decimal | None) -> str:
    if target.basis != "fixed":
        return _on_basis(target, measure, resolved)
    if target.value is None:
        return _pending(target, measure)
    if target.operator == "range":
        return f"{formats.part(target.value, measure)} – {_wanted(target.high, measure)}"
    return f"{SIGNS[target.operator]} {_wanted(target.value, measure)}"


def _wanted(value: Decimal, measure: Any) -> str:
    """Return a target's number as one says it, without idle zeros: 80 %, 0.5 台/人."""
    unit = "万元" if measure.kind == "money" else measure.unit_name
    return f"{formats.part(value, measure)} {formats.unit(unit, value)}".rstrip()


def _on_basis(target: Any, measure: Any, resolved: Decimal | None) -> str:
    """Return the basis with its factor and offset: < 上年全年 × 0.95（1,140 件）."""
    basis = BASES.get(target.basis) or _("前 %(years)s 年平均") % {"years": target.years}
    text = f"{SIGNS[target.operator]} {basis}"
    if target.factor != 1:
        text += f" × {formats.points(target.factor)}"
    if target.offset:
        text += f" {'+' if target.offset > 0 else '−'} {formats.part(abs(target.offset), measure)}"
    return text if resolved is None else text + formats.in_brackets(_wanted(resolved, measure))


def _pending(target: Any, measure: Any) -> str:
    """Return that no number stands yet; the figure of another year is named as such and never taken for the target."""
    if target.reference_value is None:
        return _("指标值待定")
    return _("指标值待定；%(year)s年为 %(value)s") % {
        "year": target.reference_year,
        "value": _wanted(target.reference_value, measure),
    }


def _scoped(target: Any, bound: str, names: Sequence[str] | None) -> str:
    """Put before the bound how many of the members it speaks of, and behind it which."""
    before = {
        "all": _("每一个"),
        "any": _("任一个"),
        "at_least": _("至少 %(count)s 个") % {"count": target.scope_count},
        "mean": _("名单平均"),
    }.get(target.scope)
    if before is None:
        return bound
    named = [str(row.member) for row in target.named.all()] if names is None else list(names)
    return f"{before} {bound}" + formats.in_brackets(formats.names(named) if named else _("名单未定"))
