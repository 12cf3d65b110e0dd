"""Words about a target rather than of it: how firm it is, how soft, and whether someone still has to look."""

import re
from typing import Final

from apps.calculation.terms import TargetStatus

_SOFT: Final = re.compile("争取|力争|力求|力图|努力|尽力|尽量|尽可能|尽快|初见|初步|初显|有望")
_OPEN: Final = re.compile("待定|未定|[Tt][Bb][Dd]|另行(?:确定|通知|下达)|尚未(?:确定|下达|明确)")
_UNSETTLED: Final = re.compile("待[^,;。|()0-9]{0,8}?(?:审定|确定|批复|下达|核定|明确|审批|确认)")
_PROVISIONAL: Final = re.compile(
    "以[^;。|()]{1,40}?为准|暂定|暂按|暂估|预计|预估|估计|估算|拟定|视[^,;。|()]{0,20}而定"
    "|(?:根据|按照?|依据)[^;。|()]{0,20}(?:适时|作相应|相应|动态|再)?调整"
)
_MARK: Final = re.compile(r"\(待核\)")


def is_soft(text: str) -> bool:
    """Whether the wording leaves a way out: 争取, 力求, 初见."""
    return bool(_SOFT.search(text))


def soft_words(text: str) -> tuple[str, ...]:
    """Return the words that leave a way out, each once, in the order of the text."""
    return tuple(dict.fromkeys(_SOFT.findall(text)))


def status(text: str, *, has_value: bool) -> TargetStatus:
    """Return how firm a target is. 待审定 beside a figure makes it provisional; without one nothing stands yet."""
    if _OPEN.search(text):
        return TargetStatus.PENDING
    if _UNSETTLED.search(text):
        return TargetStatus.PROVISIONAL if has_value else TargetStatus.PENDING
    return TargetStatus.PROVISIONAL if _PROVISIONAL.search(text) else TargetStatus.FINAL


def without_mark(text: str) -> tuple[str, bool]:
    """Take out the mark that a printed reading carries when a person still has to confirm it."""
    return _MARK.sub("", text), bool(_MARK.search(text))
