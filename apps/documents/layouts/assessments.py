"""项目支出绩效自评表 in the standard layout (财预〔2020〕10号 附1).

An official form is Chinese whatever the language of the page that it is asked from, so its words are not translated.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import override

from apps.assessments.queries import Line
from apps.calculation.rounding import half_up
from apps.calculation.scoring import grade_label
from apps.documents.layouts.sheets import Sheet, known_remark, wan
from apps.documents.queries import CARRIED_OVER, FISCAL, OTHER, AssessmentForm, MoneyRow
from apps.plans.enums import Kind
from apps.plans.models import GoalTerms
from apps.progress.enums import Band, Outcome
from apps.ui import formats
from apps.ui.targets import target_text

TITLE: Final = "项目支出绩效自评表"
WIDTHS: Final = (11, 13, 16, 25, 19, 19, 9, 11, 37)
SOURCES: Final = ((FISCAL, "其中：当年财政拨款"), (CARRIED_OVER, "上年结转资金"), (OTHER, "其他资金"))
MONEY_HEADS: Final = ("年初预算数", "全年预算数（A）", "全年执行数（B）", "分值", "执行率（B/A，%）", "得分")
LINE_HEADS: Final = (
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因分析及改进措施",
)


def assessment_workbook(form: AssessmentForm, at: datetime, anchor: str = "") -> bytes:
    """Return the filled form as an Excel file. Money is in 万元; what is not known is a dash, and never a zero.

    `anchor` is the end of the bureau's journal, printed at the foot of every page.
    """
    with override("zh-hans"):
        sheet = Sheet("自评表", WIDTHS, title=TITLE, at=at, anchor=anchor)
        row = 0
        for part in (_head, _money, _goals, _lines, _foot, _remarks):
            row = part(sheet, form, row)
        return sheet.content()


def _head(sheet: Sheet, form: AssessmentForm, row: int) -> int:
    project = form.plan.project
    sheet.heading(row, TITLE)
    sheet.heading(row + 1, f"（{form.plan.year}年度）", size=11)
    sheet.label(row + 2, 0, "项目名称")
    sheet.text(row + 2, 1, project.name, across=7)
    sheet.label(row + 3, 0, "主管部门")
    sheet.text(row + 3, 1, project.bureau.name, across=3)
    sheet.label(row + 3, 5, "实施单位")
    sheet.text(row + 3, 6, (project.division or project.bureau).name, across=2)
    return row + 4


def _money(sheet: Sheet, form: AssessmentForm, row: int) -> int:
    """Write the money; points stand on the row of the sum only."""
    sheet.label(row, 0, "项目资金\n（万元）", down=1 + len(SOURCES))
    sheet.label(row, 1, "", across=1)
    for column, word in enumerate(MONEY_HEADS, start=3):
        sheet.label(row, column, word)
    score = form.card.money
    _money_row(sheet, row + 1, "年度资金总额", form.total)
    sheet.number(row + 1, 6, score.weight)
    _rate(sheet, row + 1, score.rate)
    _points(sheet, row + 1, 8, score.points)
    for number, (name, word) in enumerate(SOURCES, start=2):
        found = form.sources[name]
        _money_row(sheet, row + number, word, found)
        sheet.number(row + number, 6, None)
        _rate(sheet, row + number, found.rate)
        sheet.number(row + number, 8, None)
    return row + 2 + len(SOURCES)


def _money_row(sheet: Sheet, row: int, word: str, money: MoneyRow) -> None:
    sheet.label(row, 1, word, across=1)
    for column, amount in enumerate((money.initial, money.adjusted, money.executed), start=3):
        sheet.number(row, column, wan(amount))


def _rate(sheet: Sheet, row: int, rate: Decimal | None) -> None:
    sheet.number(row, 7, None if rate is None else half_up(rate))


def _points(sheet: Sheet, row: int, column: int, points: Decimal | None) -> None:
    """Write points; a line that cannot be scored yet says so instead of looking like a zero."""
    if points is None:
        sheet.text(row, column, "暂不计分", align="center")
    else:
        sheet.number(row, column, points, "0.00")


def _goals(sheet: Sheet, form: AssessmentForm, row: int) -> int:
    sheet.label(row, 0, "年度\n总体目标", down=1)
    sheet.label(row, 1, "预期目标", across=3)
    sheet.label(row, 5, "实际完成情况", across=3)
    sheet.text(row + 1, 1, "\n".join(f"目标{goal.goal.number}：{goal.text}" for goal, _made in form.goals), across=3)
    sheet.text(row + 1, 5, "\n".join(_made(goal, lines) for goal, lines in form.goals), across=3)
    return row + 2


def _made(goal: GoalTerms, lines: Sequence[Line]) -> str:
    """Return what became of a goal, from its indicators alone."""
    told = "；".join(f"{line.terms.name} {actual_text(line)}" for line in lines)
    return f"目标{goal.goal.number}：{told or '没有对应的指标'}。"


def actual_text(line: Line) -> str:
    """Return what came of an indicator: figure with unit, outcome, or band; 未报 where nothing counts yet."""
    measure = line.terms.indicator.measure
    if measure.is_figured:
        return _figure_text(line)
    revision = line.case.told
    if revision is None:
        return "未报"
    if measure.kind == Kind.MILESTONE:
        return str(Outcome(revision.outcome).label)
    return f"{Band(revision.band).label}（{formats.percent(revision.percent)}）"


def _figure_text(line: Line) -> str:
    """Return a figure and, where it is not the whole, who is missing behind it; 不适用 where nothing arose (0 ÷ 0)."""
    if line.case.is_counted and line.case.named:
        return _counted_text(line)
    figure = line.case.total
    if figure.is_not_applicable:
        return "不适用"
    lacking = [*figure.missing, *figure.gaps]
    waiting = line.case.shown.waiting_of(lacking)
    if figure.value is None:
        return "待审" if waiting else "未报"
    told = formats.measured(figure.value, line.terms.indicator.measure)
    if not lacking:
        return told
    parts = [f"{len(figure.reported)}/{figure.expected} 已审", *_lacking_text(line, lacking, waiting)]
    return f"{told}\n（{'，'.join(parts)}）"


def _lacking_text(line: Line, lacking: Sequence[int], waiting: Sequence[int]) -> list[str]:
    """Return whose figures wait for their review, and who has not handed any in."""
    told = {"待审": waiting, "缺": [pk for pk in lacking if pk not in waiting]}
    members = line.case.shown.members
    return [f"{word}：{formats.names([str(members[pk]) for pk in ids])}" for word, ids in told.items() if ids]


def _counted_text(line: Line) -> str:
    """Return how many of the named members meet the target, and who of them has not reported."""
    each = line.case.shown.per_member(line.case.named)
    lacking = [pk for pk, figure in each.items() if not figure.is_complete]
    told = f"{len(each)} 个中 {line.case.met} 个达标"
    parts = _lacking_text(line, lacking, line.case.shown.waiting_of(lacking))
    return f"{told}\n（{'，'.join(parts)}）" if parts else told


def _lines(sheet: Sheet, form: AssessmentForm, row: int) -> int:
    sheet.label(row, 0, "绩效指标", down=len(form.lines))
    for column, word in enumerate(LINE_HEADS, start=1):
        sheet.label(row, column, word)
    first = row + 1
    for number, line in enumerate(form.lines):
        _line(sheet, first + number, line)
    sheet.classes(first, 1, [(line.terms.get_level1_display(), line.terms.get_level2_display()) for line in form.lines])
    return first + len(form.lines)


def _line(sheet: Sheet, row: int, line: Line) -> None:
    target = line.case.target
    wanted = target_text(
        target, line.terms.indicator.measure, line.case.calculated.value if line.case.calculated else None
    )
    sheet.text(row, 3, f"{line.terms.indicator.code} {line.terms.name}")
    sheet.text(row, 4, wanted)
    sheet.text(row, 5, actual_text(line))
    sheet.number(row, 6, line.score.weight)
    _points(sheet, row, 7, line.score.points)
    sheet.text(row, 8, _explained(line))


def _explained(line: Line) -> str:
    """Return how the points were worked out; under a line that is not full, the place where a person writes why."""
    sentence = line.score.sentence.zh
    is_full = line.score.points == line.score.weight
    return sentence if is_full else f"{sentence}\n偏差原因及改进措施："


def _foot(sheet: Sheet, form: AssessmentForm, row: int) -> int:
    total, scheme = form.card.total, form.card.scheme
    sheet.label(row, 0, "总分", across=5)
    sheet.number(row, 6, form.card.weight)
    _points(sheet, row, 7, total.points)
    grade = f"等级：{grade_label(total.grade, scheme).zh}。" if total.grade else ""
    sheet.text(row, 8, grade or total.sentence.zh)
    return row + 1


def _remarks(sheet: Sheet, form: AssessmentForm, row: int) -> int:
    """Write what a reader must know: where the rules come from, what is provisional, suggested or made up."""
    scheme = form.card.scheme
    remarks = known_remark(form.known_at)
    remarks += [f"评分方案：{scheme.name.zh}（{scheme.source.zh}）。"]
    if not form.card.is_over:
        remarks.append("年度尚未结束：得分是按目前已审核数据的试算，不是年末得分。")
    if form.card.execution.executed is not None and not form.card.execution.is_complete:
        remarks.append("执行数不完整：有资金来源未报，不得作为全部执行数引用。")
    if any(line.terms.has_suggested_weight for line in form.lines):
        remarks.append("指标分值为建议值，原绩效目标表没有给出分值，须经确认。")
    if form.is_demonstration:
        remarks.append("演示数据：表中的完成值和执行数含虚构数字，不得上报或引用。")
    return sheet.remarks(row, remarks)
