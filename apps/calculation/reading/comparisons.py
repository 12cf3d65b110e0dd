"""Comparison words before and after a quantity.

以上, 以下, 以内 include the number itself; 超过, 不满, 以外 do not (民法典 第1259条).
"""

import re
from dataclasses import dataclass
from typing import Final

from apps.calculation.reading.results import ReadOperator as Op

_NOT: Final = "(?:不|未|不得|不能|不应|不可|不会|不宜|没有|无)"
_TAIL: Final = "[为是在到至达:共有约于]{0,2}$"


@dataclass(frozen=True, slots=True)
class Comparison:
    """An operator with how much its word insists: 达到 and 控制在 give way to 以上 and 以下."""

    operator: Op
    is_weak: bool = False


_BEFORE: Final = tuple(
    (re.compile(pattern), Comparison(operator, is_weak))
    for pattern, operator, is_weak in (
        ("≥", Op.AT_LEAST, False),
        ("≤", Op.AT_MOST, False),
        (">", Op.MORE_THAN, False),
        ("<", Op.LESS_THAN, False),
        ("=$", Op.EQUAL, False),
        (f"{_NOT}(?:低于|少于|小于|短于|早于|差于|弱于|亚于)|不下于?(?!降)", Op.AT_LEAST, False),
        (f"{_NOT}(?:超过|超出|超|高于|大于|多于|突破|逾|长于|晚于|迟于|高过)", Op.AT_MOST, False),
        (
            "(?:大于|高于|多于|超过|大|高)(?:或者?|、|/|和|及)?等于?(?:于)?|等于(?:或者?|、|/)?(?:大于|高于)",
            Op.AT_LEAST,
            False,
        ),
        (
            "(?:小于|低于|少于|小|低)(?:或者?|、|/|和|及)?等于?(?:于)?|等于(?:或者?|、|/)?(?:小于|低于)",
            Op.AT_MOST,
            False,
        ),
        (f"至少|起码|最[少低](?:不低于)?{_TAIL}|保底|下限", Op.AT_LEAST, False),
        (f"至多|顶多|最[多高大](?:不超过)?{_TAIL}|上限|限额|封顶", Op.AT_MOST, False),
        ("(?:^|[名次列入居市省国区县])前$", Op.AT_MOST, False),
        (f"超过|超出|高于|大于|多于|突破|(?:超|逾){_TAIL}", Op.MORE_THAN, False),
        (f"低于|少于|小于|短于|不足|不满|不到|未满|未达到?(?={_TAIL})", Op.LESS_THAN, False),
        (f"等于|恰好|正好|刚好{_TAIL}", Op.EQUAL, False),
        (f"达到|达成|(?:达|满|够){_TAIL}|(?:提[高升]|增[加长至]|上升|升|扩大|增)(?:到|至){_TAIL}", Op.AT_LEAST, True),
        (f"控制(?:在|到|为|于)|限制在|(?:下降|降低?|减少?|压[缩减降]|缩短|回落)(?:到|至|为){_TAIL}", Op.AT_MOST, True),
    )
)
_CLAUSE: Final = re.compile(r"[,;。、?!|\s]")
_AFTER: Final = re.compile(
    r"^(?P<out>@)?(?:[\u4e00-\u9fff](?<![以及或之内完成达含左上起])){0,4}?(?:及其?|或者?|和|含)?"
    r"(?:(?P<least>以上|之上|为下限|保底|起步)|(?P<most>以下|之下|以内|之内|内(?![容部外涝网科])|封顶|为限|为上限)|(?P<beyond>以外|之外))(?P<out2>@)?"
)
_FLIPPED: Final = re.compile(r"^(?P<sign>[≥≤<>])(?=[^\d.\-|]|$)")
_FLIP: Final = {"≥": Op.AT_MOST, "≤": Op.AT_LEAST, ">": Op.LESS_THAN, "<": Op.MORE_THAN}
_ABOUT_BEFORE: Final = re.compile(r"(?:约|大约|约为|大概|近|将近|接近|大致)$")
_ABOUT_AFTER: Final = re.compile(r"^(?:左右|上下|余|多)")


def before(prefix: str) -> Comparison | None:
    """Return the comparison that the words before a quantity make: the last one of its clause, the longest of those."""
    clause = _CLAUSE.split(prefix)[-1]
    found = [(match.end(), -match.start(), made) for pattern, made in _BEFORE for match in pattern.finditer(clause)]
    return max(found, key=lambda one: one[:2])[2] if found else None


def after(suffix: str) -> Comparison | None:
    """Return the comparison that the words after a quantity make; `30≤x` is one, too, read the other way round."""
    flipped = _FLIPPED.match(suffix)
    if flipped:
        return Comparison(_FLIP[flipped["sign"]])
    match = _AFTER.match(suffix)
    if match is None:
        return None
    is_out = bool(match["out"] or match["out2"])
    if match["least"]:
        return Comparison(Op.MORE_THAN if is_out else Op.AT_LEAST)
    if match["most"]:
        return Comparison(Op.LESS_THAN if is_out else Op.AT_MOST)
    return Comparison(Op.MORE_THAN)


def combined(first: Comparison | None, second: Comparison | None) -> tuple[Op | None, bool]:
    """Return what both say together, and whether they contradict each other: 超过80%以上 does."""
    if first is None or second is None:
        one = first or second
        return (one.operator if one else None), False
    if first.operator is second.operator:
        return first.operator, False
    if first.is_weak:
        return second.operator, False
    return first.operator, True


def is_about(prefix: str, suffix: str) -> bool:
    """Whether a quantity is only approximate: 约50人, 50人左右."""
    return bool(_ABOUT_BEFORE.search(prefix) or _ABOUT_AFTER.match(suffix))
