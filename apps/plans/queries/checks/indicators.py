"""Rules about indicators one by one: their targets and wording, and what is asked of whom."""

import re
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.calculation.numerals import read_chinese
from apps.calculation.reading import Reading, read_target
from apps.calculation.reading.wording import is_soft, soft_words
from apps.plans.enums import Basis, Kind, Level1, Level2, Operator, Pairing, ScopeRule, TargetStatus
from apps.plans.queries.checks import sources
from apps.plans.queries.checks.checked import Checked
from apps.plans.queries.checks.findings import CheckFinding, error, hint, warning
from apps.plans.queries.contents import IndicatorContent, TargetContent
from apps.ui.formats import figure, names

FEWEST: Final = 3
"""三个以上 includes three (项目绩效目标表备注3)."""
LONGEST_NAME: Final = 40
FIGURES: Final = (Kind.RATIO, Kind.NUMBER, Kind.MONEY)
COUNTED: Final = re.compile("([〇零一二两三四五六七八九十百千]{2,})[万亿余多]*[个人件次套项台户场处条起份家名天篇期]")
VAGUE: Final = re.compile("若干|大量|一大批|一批|一系列|许多|较多|适量|一定数量|明显(?:提高|提升|改善|下降|减少)|有所")
DONE: Final = re.compile(
    "(?:按时|按期|如期|全部|全面|基本|已|顺利|按要求|按计划)*(?:完成|达标|达到要求)(?:任务|工作|目标|指标)?"
)


def too_few(checked: Checked) -> Iterator[CheckFinding]:
    """Remark 3: three at least."""
    count = len(checked.content.indicators)
    if count < FEWEST:
        sentence = _("只有%(count)s项指标，至少要有%(fewest)s项，还差%(off)s项。") % {
            "count": count,
            "fewest": FEWEST,
            "off": FEWEST - count,
        }
        yield error("too_few", "indicators", sentence, sources.REMARK_3)


def target_missing(checked: Checked) -> Iterator[CheckFinding]:
    """Remark 3: each with the value that is expected; one that is to be decided says so."""
    for row in checked.content.indicators:
        if row.target is None:
            sentence = _("指标%(code)s没有指标值，请填写；尚未确定的标为“待定”。") % {"code": row.code}
            yield error("target_missing", _target(row), sentence, sources.EXPECTED_VALUE)


def target_pending(checked: Checked) -> Iterator[CheckFinding]:
    """A target that somebody has yet to decide; it blocks the self-assessment, not the plan."""
    for row, target in _with_target(checked):
        if target.status == TargetStatus.PENDING and not _lacks_names(target):
            sentence = _("指标%(code)s的指标值待定，请写明由谁、何时审定。") % {"code": row.code}
            if target.reference_value is not None:
                sentence = _(
                    "指标%(code)s的指标值待定，%(year)s年的 %(value)s 不是本年度的指标值；请写明何时审定。"
                ) % {
                    "code": row.code,
                    "year": target.reference_year,
                    "value": figure(target.reference_value, checked.measure(row).decimals),
                }
            yield warning("target_pending", _target(row), sentence, sources.PENDING)


def target_provisional(checked: Checked) -> Iterator[CheckFinding]:
    """A target that stands until a document settles it."""
    for row, target in _with_target(checked):
        if target.status == TargetStatus.PROVISIONAL:
            sentence = _("指标%(code)s的指标值（%(value)s）是暂定的，请写明以什么文件为准、预计何时审定。") % {
                "code": row.code,
                "value": figure(target.value, checked.measure(row).decimals),
            }
            yield warning("target_provisional", _target(row), sentence, sources.PENDING)


def members_unnamed(checked: Checked) -> Iterator[CheckFinding]:
    """A target on some members that does not say which."""
    for row, target in _with_target(checked):
        if _lacks_names(target):
            sentence = _("指标%(code)s只对部分成员提要求，却没有列出是哪些，请选定名单。") % {"code": row.code}
            yield warning("members_unnamed", _target(row), sentence, sources.ONE_NUMBER)


def indicator_is_soft(checked: Checked) -> Iterator[CheckFinding]:
    """争取, 力求, 初见: marked when the words were read, until somebody gives them a measurable reading."""
    goals = {goal.number: goal.text for goal in checked.content.goals}
    for row in checked.content.indicators:
        if row.is_soft or is_soft(row.name):
            words = soft_words(row.name + row.original_text + goals.get(row.goal, ""))
            quoted = names([f"“{word}”" for word in dict.fromkeys(words)]) or _("软性表述")
            sentence = _("指标%(code)s的措辞留有余地（%(words)s），请改为可衡量的说法，改好后取消软性标记。") % {
                "code": row.code,
                "words": quoted,
            }
            yield warning("indicator_is_soft", _place(row), sentence, sources.MEASURABLE)


def pairing_unverified(checked: Checked) -> Iterator[CheckFinding]:
    """An indicator that stands beside a goal without anybody having confirmed that it measures it."""
    for row in checked.content.indicators:
        if row.pairing == Pairing.UNVERIFIED:
            sentence = _("指标%(code)s“%(name)s”是否衡量目标%(goal)s，还没有核实（待核），请核实后确认。") % {
                "code": row.code,
                "name": row.name,
                "goal": row.goal,
            }
            yield warning("pairing_unverified", _place(row), sentence, sources.PAIRING)


def weights_suggested(checked: Checked) -> Iterator[CheckFinding]:
    """Weights that the source does not give and nobody has confirmed."""
    open_ = [row.code for row in checked.content.indicators if row.has_suggested_weight and row.weight is not None]
    if open_:
        sentence = _("%(count)s项指标的分值是建议值，不是原表给出的，请逐项确认。") % {"count": len(open_)}
        pieces = [f"indicators.{code}.weight" for code in open_]
        yield warning("weights_suggested", "indicators", sentence, sources.WEIGHTS_BY_IMPORTANCE, *pieces)


def numbers_in_words(checked: Checked) -> Iterator[CheckFinding]:
    """Words where a number belongs: 一百二十个, 若干, 完成."""
    for row, target in _with_target(checked):
        if target.operator == Operator.QUALITATIVE and (words := _words_for_a_number(row, checked)):
            sentence = _("指标%(code)s的指标值是文字（“%(words)s”），不是数，请换成数字和计量单位。") % {
                "code": row.code,
                "words": words,
            }
            yield warning("numbers_in_words", _target(row), sentence, sources.ONE_NUMBER)


def _words_for_a_number(row: IndicatorContent, checked: Checked) -> str:
    """Return the words that stand for a number, empty where the target is rightly one in words."""
    text = row.original_text or row.name
    for counted in COUNTED.finditer(text):
        if read_chinese(counted[1]) is not None:
            return counted[0]
    if vague := VAGUE.search(text):
        return vague[0]
    if DONE.fullmatch(_value_part(text)) or checked.measure(row).kind in FIGURES:
        return _value_part(text)
    return ""


def _value_part(text: str) -> str:
    """Return what stands behind the last colon: in the form the value follows the name."""
    return re.split("[:：]", text)[-1].strip(" 。.；;")


def reads_ambiguously(checked: Checked) -> Iterator[CheckFinding]:
    """A text that could be taken in more than one way; what it was taken for is said."""
    language = get_language() or settings.LANGUAGE_CODE
    for row in checked.content.indicators:
        reading = _read(row, checked.year)
        if reading is not None and reading.is_ambiguous:
            sentence = _("指标%(code)s的原文“%(text)s”可以有几种读法。%(notes)s") % {
                "code": row.code,
                "text": row.original_text,
                "notes": "".join(note.in_language(language) for note in reading.notes[:2]),
            }
            yield hint("reads_ambiguously", _target(row), sentence, sources.ONE_NUMBER)


def _read(row: IndicatorContent, year: int) -> Reading | None:
    """Read the words of the source; the classes are named in Chinese, whatever the language of the page."""
    if not row.original_text:
        return None
    with translation.override(settings.LANGUAGE_CODE):
        level1, level2 = str(Level1(row.level1).label), str(Level2(row.level2).label)
    return read_target(row.original_text, level1=level1, level2=level2, level3=row.name, year=year)


def name_long(checked: Checked) -> Iterator[CheckFinding]:
    """A name that does not fit into the printed form."""
    for row in checked.content.indicators:
        if len(row.name) > LONGEST_NAME:
            sentence = _("指标%(code)s的名称有%(count)s个字，打印时排不下，建议不超过%(longest)s个字。") % {
                "code": row.code,
                "count": len(row.name),
                "longest": LONGEST_NAME,
            }
            yield hint("name_long", _place(row), sentence, sources.PRINTED)


def name_twice(checked: Checked) -> Iterator[CheckFinding]:
    """Two indicators of one name: nobody can tell them apart in a form."""
    first: dict[str, str] = {}
    for row in checked.content.indicators:
        known = first.setdefault(row.name.strip(), row.code)
        if known != row.code:
            sentence = _("指标%(code)s与指标%(other)s同名（“%(name)s”），请改成能区分的名称。") % {
                "code": row.code,
                "other": known,
                "name": row.name,
            }
            yield warning("name_twice", _place(row), sentence, sources.PAIRING)


def baseline_missing(checked: Checked) -> Iterator[CheckFinding]:
    """A target that stands on an earlier year whose figure nobody has written down."""
    for row, target in _with_target(checked):
        lacks = target.basis != Basis.FIXED and checked.line(target, row.measure, checked.year).value is None
        if lacks and target.status != TargetStatus.PENDING:
            years = (target.years or 1) if target.basis == Basis.MEAN_OF_YEARS else 1
            missing = [
                str(year)
                for year in range(checked.year - years, checked.year)
                if checked.past(row.measure, year) is None
            ]
            sentence = _("指标%(code)s与往年相比，但没有%(years)s年的基期数，请补录并注明来源。") % {
                "code": row.code,
                "years": names(missing),
            }
            yield warning("baseline_missing", _target(row), sentence, sources.BASELINE)


def evidence_unnamed(checked: Checked) -> Iterator[CheckFinding]:
    """Which papers will prove the figures, said before they are needed."""
    lacking = [row.code for row in checked.content.indicators if not row.evidence]
    if lacking:
        sentence = _("%(count)s项指标没有写佐证材料要求。") % {"count": len(lacking)}
        pieces = [f"indicators.{code}.evidence" for code in lacking]
        yield hint("evidence_unnamed", "indicators", sentence, sources.EVIDENCE, *pieces)


def _with_target(checked: Checked) -> Iterator[tuple[IndicatorContent, TargetContent]]:
    return ((row, row.target) for row in checked.content.indicators if row.target is not None)


def _lacks_names(target: TargetContent) -> bool:
    """Tell whether a target speaks of named members and names none: it is as good as pending."""
    return target.scope != ScopeRule.TOGETHER and not target.members


def _place(row: IndicatorContent) -> str:
    return f"indicators.{row.code}"


def _target(row: IndicatorContent) -> str:
    return f"indicators.{row.code}.target"


RULES: Final = (
    too_few,
    target_missing,
    target_pending,
    target_provisional,
    members_unnamed,
    indicator_is_soft,
    pairing_unverified,
    weights_suggested,
    numbers_in_words,
    reads_ambiguously,
    name_long,
    name_twice,
    baseline_missing,
    evidence_unnamed,
)
