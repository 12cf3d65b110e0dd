"""A sentence of 项目主要绩效指标 taken apart: what is measured, and what is wanted of it."""

import re
from typing import Final

SOFT_LEAD: Final = re.compile(r"(?:争取|力争|力求|努力|尽力)(?:做到|实现|达到)?\s*[:：]?\s*")
COLON: Final = re.compile(r"(?<!\d)[:：]|[:：](?!\d)")
BRACKETED: Final = re.compile(r"[（(【\[][^（()）]*[)）】\]]")
CLAUSES: Final = re.compile(r"[,，;；]\s*")
DEPENDENT: Final = re.compile(r"其中|每次|每人|每期|每场|且|并|同时|即|不|未|以|含|包括|比|较|同比|环比")
LONG_WORDS: Final = (
    "达到|不低于|不少于|不高于|不超过|不多于|不大于|不小于|低于|高于|超过|大于|小于|少于|多于|控制在|保持在"
)
COMPARED: Final = re.compile(
    rf"(?P<name>[^≥≤><＞＜=＝≧≦]+?)(?P<target>\s*(?:(?:应|要)?(?:{LONG_WORDS})[^\d，,；;]{{0,8}}\d|达\s*[约近]?\d|[≥≤><＞＜=＝≧≦]\s*\d).*)"
)
CHANGED: Final = re.compile(
    r"(?P<name>.*?[^\s，,])(?P<target>(?:(?:相比|与|同|较|比)(?:于)?(?:上一?年|去年|前年|往年|历年|同期|基期|前[一二两三四五\d]+年|20\d\d年)"
    r"|同比|环比|逐年(?:减少|下降|降低|提高|提升|增加|增长|上升)).*)"
)
BARE_CHANGE: Final = re.compile(
    "(?:相比|与|同|较|比)(?:于)?(?:上一?年|去年|前年|往年|历年|同期|基期|20)|同比|环比|逐年"
)
COUNTED: Final = re.compile(
    r"(?P<name>[^\d]*?[^\d\s第])\s*(?P<target>\d[\d,.]*\s*(?:[%％‰]|[万亿]?[个人件次套项台户家条份场期处间辆名座所米吨元天批])"
    r"(?![年月日]).*)"
)
MERE_VERBS: Final = {
    "完成",
    "实现",
    "达到",
    "开展",
    "举办",
    "组织",
    "新增",
    "建设",
    "建成",
    "约",
    "共",
    "全年",
    "不少于",
    "每年",
}
COUNTED_IN: Final = (
    r"[%％‰℃+＋~～\-–—至到/]|百分|小时|分钟|平方|立方|公[里斤顷升]|千|十|百(?!姓)|万|亿|[倍岁折吨米亩套份辆幢栋位]|元(?!旦)"
    r"|个(?![人体别案性])|人(?![均员才口民大社居防工力文事])|件(?!均)|次(?!均)|项(?!目)|台(?!账)|户(?![均籍外口])|家(?![庭长政园])"
    r"|条(?![例件])|期(?![末满限间])|场(?![所馆地景])|处(?![理置罚室])|间(?!接)|名(?![录单称额])|座(?!谈)|所(?![有属在])|天(?![河然气])"
    r"|批(?![准复改])|年(?![底末初终度均检审报轻龄])|月(?![均度报])|日(?![均常间])|周(?![边期转])|季(?!度)|分(?![类析别级布配批局])"
    r"|级(?!别)|类(?![别型])|种(?![植子类])|门(?![禁诊户牌店])|号(?!召)|层(?!级)|成(?![立本果功效])|本(?![年市区级单局项地季月])"
)
NUMBERING: Final = re.compile(
    r"\s*[（(]?(?P<goal>\d{1,2})(?:"
    r"(?:\s*[-–—－.．、]\s*\d{1,2}){1,2}(?:\s*[.．、)）:：]+(?!\d)\s*|\s+(?!" + COUNTED_IN + r"))"
    r"|(?:[-–—－]\d{1,2}){1,2}(?=[\u4e00-\u9fff])(?!" + COUNTED_IN + r"))(?=\S)"
)
"""The number of an indicator that begins with its goal's (2-2. 、 2.2 、 1-1), unless it is a quantity (2-3场, 1.5 万元)."""
OPEN_END: Final = re.compile(r"[:：,，、/（(—-]$")
CLOSING_BEGIN: Final = re.compile(r"[)）、，,。；;：:%％]")


def sentences(text: str) -> list[str]:
    """Return the sentences of a cell or of a numbered item: its lines, those that were only broken to fit put together."""
    found: list[str] = []
    for line in (line.strip() for line in text.split("\n")):
        if not line:
            continue
        if found and _goes_on(found[-1], line):
            found[-1] = f"{found[-1]}{_gap(found[-1], line)}{line}"
        else:
            found.append(line)
    return found


def _goes_on(before: str, line: str) -> bool:
    if OPEN_END.search(before) or CLOSING_BEGIN.match(line):
        return True
    return before.count("（") + before.count("(") > before.count("）") + before.count(")")


def _gap(before: str, line: str) -> str:
    """Return a space between Latin words, nothing between Chinese ones."""
    return " " if before[-1].isascii() and before[-1].isalnum() and line[0].isascii() and line[0].isalnum() else ""


def unnumbered(sentence: str) -> tuple[int | None, str]:
    """Return the goal that the number before a sentence names (2-2. is of goal 2), None without one, and the words behind it."""
    match = NUMBERING.match(sentence)
    return (int(match["goal"]), sentence[match.end() :]) if match else (None, sentence)


def indicators_in(sentence: str) -> list[tuple[str, str]]:
    """Return name and target in words of each indicator that a sentence declares, one at least.

    A number before it (2-2.) is no part of either. Words that cannot be taken apart are both. 争取做到 stays with every target
    it stands before, so that a soft target is read as one.
    """
    _goal, sentence = unnumbered(sentence)
    match = SOFT_LEAD.match(sentence)
    lead, body = (match[0], sentence[match.end() :]) if match else ("", sentence)
    found = _several(body) or [_one(body)]
    if found[0] == (body, body):
        return [(sentence, sentence)]
    return [(_trimmed(name), _trimmed(lead + target)) for name, target in found]


def _several(body: str) -> list[tuple[str, str]] | None:
    """Return the indicators of a sentence in which every clause has a name and a number of its own."""
    prefix, rest = "", body
    if (colon := COLON.search(_masked(body))) and not re.search(r"\d", body[: colon.start()]):
        prefix, rest = body[: colon.end()], body[colon.end() :]
    clauses = _clauses(rest)
    matches = [COMPARED.fullmatch(clause) for clause in clauses]
    if len(clauses) < 2 or any(DEPENDENT.match(clause) for clause in clauses):
        return None
    if not all(match and len(match["name"].strip()) > 1 for match in matches):
        return None
    return [(prefix + match["name"], match["target"]) for match in matches if match]


def _clauses(text: str) -> list[str]:
    """Split at commas outside of brackets."""
    masked, parts, at = _masked(text), [], 0
    for match in CLAUSES.finditer(masked):
        parts.append(text[at : match.start()])
        at = match.end()
    return [part.strip() for part in (*parts, text[at:]) if part.strip("。 ")]


def _one(body: str) -> tuple[str, str]:
    masked = _masked(body)
    colon = COLON.search(masked)
    if colon and body[: colon.start()].strip() and body[colon.end() :].strip():
        return body[: colon.start()], body[colon.end() :]
    if BARE_CHANGE.match(body):
        return body, body
    for pattern in (CHANGED, COMPARED, COUNTED):
        match = pattern.fullmatch(masked)
        if match and len(match["name"].strip()) > 1 and match["name"].strip() not in MERE_VERBS:
            return body[: match.end("name")], body[match.start("target") :]
    return body, body


def _masked(text: str) -> str:
    """Return the text with everything in brackets made invisible, at the same places."""
    return BRACKETED.sub(lambda match: "〓" * len(match[0]), text)


def _trimmed(text: str) -> str:
    return text.strip().rstrip("。；;").strip()
