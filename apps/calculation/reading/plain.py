"""A cell's text made plain: one width, one sign for each meaning, digits for numerals, and what is no figure set aside.

Nothing is judged here. After it `,` and `;` end a clause, `-` is the only dash, `~` the range, `@` says 不含.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from apps.calculation.numerals import read_chinese
from apps.calculation.reading.units import COUNTED, PAREN_UNIT

LONGEST: Final = 1000
GAP: Final = "|"
"""What stands where something was taken out: it ends a clause, so that nothing is compared across it."""

_WIDTHS: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SIGNS: Final = str.maketrans(
    {
        **dict.fromkeys("≧⩾≽≮⪰", "≥"), **dict.fromkeys("≦⩽≼≯⪯", "≤"), **dict.fromkeys("═﹦", "="),
        **dict.fromkeys("﹥〉›", ">"), **dict.fromkeys("﹤〈‹", "<"), "﹪": "%", "٪": "%",
        **dict.fromkeys("‐‑‒–—―−─━﹣－ー", "-"), **dict.fromkeys("～〜∼˜⁓", "~"), "﹢": "+",
        **dict.fromkeys("∶︰﹕", ":"), **dict.fromkeys("∕⁄", "/"), "﹐": ",", "﹑": "、", "﹒": ".", "﹔": ";", "；": ";",
        **dict.fromkeys("（﹙", "("), **dict.fromkeys("）﹚", ")"), "«": "“", "»": "”", "|": ";", "@": "",
        "•": "·", "∙": "·", "∗": "*", "＊": "*", "○": "〇",
    }
)  # fmt: skip
_CN: Final = "[〇零一二两三四五六七八九十百千]"
_DATE: Final = "[〇零一二三四五六七八九十]"
_BOUND: Final = "不少于|不低于|不超过|不多于|不高于|至少|最少|最多|至多|达到|超过|少于|低于|多于|高于|大于|小于|[≥≤<>=]"
_RANGE_END: Final = "(?:及|或|含|@)?(?:以上|以下|以内|之内|内(?![容部外])|左右)"


def _digits(match: re.Match[str]) -> str:
    number = read_chinese(match["cn"])
    return match[0] if number is None else match[0].replace(match["cn"], str(number), 1)


def _hundredths(match: re.Match[str]) -> str:
    number = read_chinese(match["cn"])
    return f"{match['cn'] if number is None else number}{'%' if match[1] == '百' else '‰'}"


def _tenths(match: re.Match[str]) -> str:
    number = read_chinese(match["cn"])
    return f"{match['cn'] if number is None else number}0%"


def _parts(match: re.Match[str]) -> str:
    above, below = read_chinese(match["above"]), read_chinese(match["below"])
    return f"{above}/{below}"


_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]
_RULES: Final[tuple[_Rule, ...]] = tuple(
    (re.compile(pattern, re.ASCII), replacement)
    for pattern, replacement in (
        ("[\u00ad\u200b-\u200f\u2060\ufeff]", ""),
        ("[\r\n\v\f\x85\u2028\u2029]+", ";"),
        # 1 234 567 and 1,234,567 are one number; a comma before other digits is a comma
        (r"(?<![\d.])\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)", lambda found: re.sub(r"[^\d]", "", found[0])),
        (r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])", lambda found: found[0].replace(",", "")),
        ("(?<=[0-9A-Za-z])[\\s\u3000\u00a0\u202f\u2009]+(?=[0-9])", "\0"),
        ("[\\s\u3000\u00a0\u202f\u2009]+", ""),
        ("\0", " "),
        (">=|=>|≥=|=≥|>≥|≥+|(?:大于|高于|多于|不少于)?≥", "≥"),
        ("<=|=<|≤=|=≤|<≤|≤+|(?:小于|低于|少于|不超过)?≤", "≤"),
        ("={2,}", "="),
        ("(?<=[大小高低多少]于)(?:[、/,]|或者?)(?=等于)", ""),
        ("-{2,}", "-"),
        ("~{2,}", "~"),
        (r"(?<=\d)。(?=\d)", "."),
        (r"(?<=\d)(?:个?百分(?:比|号|数|率)|[Pp]ercent|[Pp][Cc][Tt])", "%"),
        (rf"([百千])分之(?P<cn>\d+(?:\.\d+)?|{_CN}{{1,9}})", _hundredths),
        (rf"(?<![{_CN[1:-1]}\d.])(?P<cn>[一二三四五六七八九1-9])成(?=以上|以下|以内|左右|及以|[,;)(]|$)", _tenths),
        ("(?:一半|半数)(?=以上|以下)", "50%"),
        (r"\(@?不含[^()]*\)|\(不包括[^()]*\)", "@"),
        (r"\((?:[含包]|包括|包含)[^()]{0,8}\)", ""),
        (r"(?P<cn>[〇零一二三四五六七八九]{4})(?=年)", _digits),
        (rf"(?<![每一二三四五六七八九十个第])(?P<cn>{_DATE}{{1,2}})(?=月(?!龄|一次))", _digits),
        (rf"(?<=月)(?P<cn>{_DATE}{{1,3}})(?=[日号])", _digits),
        (rf"(?P<below>{_CN}{{1,9}})分之(?P<above>{_CN}{{1,9}})", _parts),
        ("(?<![上下一每个后前])半(?=[年天][内以]|小时|个月)", "0.5"),
        ("(?<=[于为])零(?=$|[,;。人个次起例件])", "0"),
        (r"(?:^|(?<=[差在动围为于:,;(]))±(\d+(?:\.\d+)?)([%‰℃]?)(?:以内|之内|范围内)?", r":-\1~\1\2"),
        (r"\[(\d+(?:\.\d+)?[%‰]?),(\d+(?:\.\d+)?[%‰]?)\]", r"\1~\2"),
        ("((?:及|含|或)?以[上下内])(/(?:[年月周天日人次户]|季度))", r"\2\1"),
        ("过半数?(?=$|[,;。])", "超过50%"),
        ("“([≥≤<>=]?[0-9.]+[%‰]?)”", r"\1"),
        (r"\(([≥≤<>=])\)(?=\d)", ""),
        (r"(?<=[≥≤<>=])\((\d+(?:\.\d+)?[%‰]?)\)", r"\1"),
        (r"(?<=[\u4e00-\u9fff])\.(?=[年月日天次])", "·"),
        (rf"(?P<cn>{_CN}{{1,9}})(?=(?![级档批]){COUNTED}{_RANGE_END})", _digits),
        (rf"(?<![{_CN[1:]})(?:{_BOUND})(?P<cn>{_CN}{{1,9}})(?={COUNTED})", _digits),
        (rf"^(?P<cn>{_CN}{{1,9}})(?=(?![级档批]){COUNTED}$)", _digits),
        (rf"每(?P<cn>[一二两三四五六七八九十]{{1,9}})(?={COUNTED})", _digits),
        (rf"配[备有置]?(?P<cn>[一二两三四五六七八九十]{{1,9}})(?={COUNTED})", _digits),
    )
)


def plain(text: str) -> str:
    """Return the text in one width and with one sign for each meaning; it may be longer or shorter than it was."""
    found = text.translate(_WIDTHS).translate(_SIGNS)
    for pattern, replacement in _RULES:
        found = pattern.sub(replacement, found)
    return PAREN_UNIT.sub(r"«\1»", unicodedata.normalize("NFC", found))


# --- what looks like a figure and is none -----------------------------------------------------------------------------

_ORDINAL_UNITS: Final = "期|批次|批|轮|届|级|类|条|款|章|阶段|标段|号|楼|栋|幢|年级|班|课|组|单元"
_ORDINAL: Final = re.compile(
    rf"第\d+(?:[-~至到、]\d+)*(?:{_ORDINAL_UNITS}|[个次名位])?(?!季|[-~至到])|\d+[-~至到]\d+(?:{_ORDINAL_UNITS})",
    re.ASCII,
)
_IDENTIFIERS: Final = re.compile(
    r"《[^《》]*》|“[^“”]*”|\"[^\"]*\"|〔\d{4}〕\d*号?|\[\d{4}\]\d*号?|\(\d{4}\)\d+号"  # titles, document numbers
    r"|(?<![0-9%/²])(?!Q[1-4])[A-Za-z]+(?:/[A-Z])?[- ]?\d+(?:[.:-]\d+)*(?![\d%])"  # PM2.5, GB/T 19001-2016, A4
    r"|\d+[A-Za-z]?(?=热线|专线|服务热线|平台|便民|号线|号文|号令|[A-Z]级|A景区)|[1-5]A(?=级|景区)|[2-6]G(?=[\u4e00-\u9fff])"
    r"|(?<!\d)(?:119|110|120|122|12345)(?=[报接出火指]|急救)"
    r"|\d{16,}(?:\.\d*)?|\d*\.\d{11,}"  # too long to be a figure
    r"|(?:^|(?<=[,;。|]))\(?\d{1,2}(?:[、)]|\.(?!\d))(?=[^\d,;。|])"  # 1、… 2、…
    r"|(?:目标|指标|任务|阶段|附件|表)\d+(?::|(?=[\u4e00-\u9fff,;]))"
    r"|\d+(?:\.\d+)?[*×xX]\d+(?:[*×xX]\d+)*(?=[小时天\u4e00-\u9fff]|$)",  # 7×24, 3*4
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Cleared:
    """A plain text from which ordinals and identifiers are taken out; `has_ordinal` remembers that there were some."""

    text: str
    has_ordinal: bool


def cleared(text: str) -> Cleared:
    """Take out what looks like a figure and counts nothing: titles, document numbers, 第3批, 1-6期, PM2.5, 12345热线."""
    without = _IDENTIFIERS.sub(GAP, text)
    found = _ORDINAL.sub(GAP, without)
    return Cleared(found, has_ordinal=found != without)


_PARENTHESES: Final = re.compile(r"\(([^()]*)\)")


def outer_and_inner(text: str) -> tuple[str, str]:
    """Return the text outside of parentheses, and all that stands inside of some, clause by clause."""
    inner: list[str] = []
    previous = None
    while previous != text:
        previous = text
        inner += _PARENTHESES.findall(text)
        text = _PARENTHESES.sub(GAP, text)
    return text, ";".join(part.replace(GAP, "") for part in inner)
