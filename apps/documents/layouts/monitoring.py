"""The monitoring forms: 项目支出绩效目标执行监控表 (财预〔2019〕136号) and the half-year form that many places use instead.

Official forms are Chinese whatever the language of the page that they are asked from. Heads are named after the window.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, TypeVar

from django.utils.translation import override

from apps.calculation.rounding import half_up
from apps.calculation.spending import execution_rate, in_wan
from apps.documents.layouts.sheets import Sheet, wan
from apps.documents.queries.monitoring import MonitoringPrint
from apps.progress.enums import CAUSES_OF, Cause, Likelihood, MoneySource, MonitoringLayout
from apps.progress.models import MonitoringLine, MonitoringMoney
from apps.progress.queries.monitoring import actual_words, coverage_words, estimate_words, likelihood_words
from apps.ui import formats

CENTRAL_TITLE: Final = "项目支出绩效目标执行监控表"
HALF_YEAR: Final = "1—6月"
CENTRAL_WIDTHS: Final = (11, 11, 13, 22, 16, 18, 16, 5, 5, 5, 5, 5, 22, 6, 6, 6, 18)
LOCAL_WIDTHS: Final = (13, 16, 30, 22, 24, 7, 7, 7, 24)
TICK: Final = "√"
ROWS_OF_MONEY: Final = {MoneySource.GENERAL: "其中：本年一般公共预算拨款", MoneySource.OTHER: "其他资金"}
NOBODY: Final = MonitoringMoney(initial=None, adjusted=None, executed=None, estimate=None)

T = TypeVar("T")
Columns = Sequence[tuple[int, int]]


def monitoring_workbook(form: MonitoringPrint, at: datetime) -> bytes:
    """Return a submitted monitoring as an Excel file in the form of its round. Money is in 万元; unknown is a dash."""
    with override("zh-hans"):
        if form.round.layout == MonitoringLayout.CENTRAL:
            return _central(form, at)
        return _local(form, at)


# 财预〔2019〕136号 ------------------------------------------------------------------------------------------------------


def _central(form: MonitoringPrint, at: datetime) -> bytes:
    sheet = Sheet("监控表", CENTRAL_WIDTHS, title=CENTRAL_TITLE, at=at)
    row = _head(sheet, form, CENTRAL_TITLE, split=8)
    row = _money(sheet, form, row, columns=((4, 0), (5, 0), (6, 0), (7, 9)))
    sheet.label(row, 0, "年度\n总体目标")
    sheet.text(row, 1, "\n".join(form.goals) or "—", across=15)
    row = _central_lines(sheet, form, row + 1)
    return _remarks(sheet, form, row)


def _central_lines(sheet: Sheet, form: MonitoringPrint, row: int) -> int:
    window = form.round.window
    causes = CAUSES_OF[MonitoringLayout.CENTRAL]
    sheet.label(row, 0, "绩效指标", down=1 + max(len(form.lines), 1))
    heads = ("一级指标", "二级指标", "三级指标", "年度指标值", f"{window}执行情况", "全年预计\n完成情况")
    for column, word in enumerate(heads, start=1):
        sheet.label(row, column, word, down=1)
    sheet.label(row, 7, "偏差原因分析", across=5)
    sheet.label(row, 13, "完成目标可能性", across=2)
    sheet.label(row, 16, "备注", down=1)
    for column, cause in enumerate(causes, start=7):
        sheet.label(row + 1, column, str(cause.label))
    sheet.label(row + 1, 12, "原因说明")
    for column, code in enumerate(Likelihood.values, start=13):
        sheet.label(row + 1, column, likelihood_words(code, MonitoringLayout.CENTRAL))
    first = row + 2
    for number, line in enumerate(form.lines):
        _central_line(sheet, first + number, line)
    if not form.lines:
        sheet.text(first, 1, "未设绩效指标", across=15, align="center")
    sheet.classes(first, 1, [(line.terms.get_level1_display(), line.terms.get_level2_display()) for line in form.lines])
    return first + max(len(form.lines), 1)


def _central_line(sheet: Sheet, row: int, line: MonitoringLine) -> None:
    _indicator(sheet, row, 3, line)
    sheet.text(row, 6, estimate_words(line) or "—")
    for column, cause in enumerate(CAUSES_OF[MonitoringLayout.CENTRAL], start=7):
        sheet.text(row, column, TICK if cause in line.causes else "", align="center")
    sheet.text(row, 12, line.cause)
    _likelihood(sheet, row, 13, line)
    sheet.text(row, 16, "\n".join(text for text in (line.remedy and f"措施：{line.remedy}", line.note) if text))


# The local form --------------------------------------------------------------------------------------------------------


def _local(form: MonitoringPrint, at: datetime) -> bytes:
    title = CENTRAL_TITLE.replace("执行", "半年执行") if form.round.window == HALF_YEAR else CENTRAL_TITLE
    sheet = Sheet("监控表", LOCAL_WIDTHS, title=title, at=at)
    row = _head(sheet, form, title, split=4)
    version = form.content.report.version
    sheet.label(row, 0, "项目属性")
    sheet.text(row, 1, version.get_attribute_display() if version.attribute else "—", across=2)
    sheet.label(row, 3, "项目类型")
    sheet.text(row, 4, form.plan.project.get_nature_display(), across=4)
    row = _money(sheet, form, row + 1, columns=((3, 0), (4, 0), (5, 3)))
    row = _local_lines(sheet, form, row)
    doubtful = [line for line in form.lines if line.likelihood != Likelihood.CERTAIN]
    for word, told in (("偏差或不能完成\n目标原因分析", _because), ("相关建议\n或举措", _remedy)):
        sheet.label(row, 0, word)
        sheet.text(row, 1, "\n".join(told(line) for line in doubtful) or "无", across=7)
        row += 1
    return _remarks(sheet, form, row)


def _local_lines(sheet: Sheet, form: MonitoringPrint, row: int) -> int:
    half = "半年度" if form.round.window == HALF_YEAR else form.round.window
    sheet.label(row, 0, "绩效指标", down=1 + max(len(form.lines), 1))
    for column, word in enumerate(("一级指标", "指标名称", "指标值", f"{half}指标执行情况"), start=1):
        sheet.label(row, column, word, down=1)
    sheet.label(row, 5, "完成目标可能性", across=2)
    sheet.label(row, 8, "备注", down=1)
    for column, code in enumerate(Likelihood.values, start=5):
        sheet.label(row + 1, column, likelihood_words(code, MonitoringLayout.LOCAL))
    first = row + 2
    for number, line in enumerate(form.lines):
        _indicator(sheet, first + number, 2, line)
        _likelihood(sheet, first + number, 5, line)
        sheet.text(first + number, 8, line.note)
    if not form.lines:
        sheet.text(first, 1, "未设绩效指标", across=7, align="center")
    sheet.classes(first, 1, [(line.terms.get_level1_display(),) for line in form.lines])
    return first + max(len(form.lines), 1)


def _because(line: MonitoringLine) -> str:
    named = "、".join(str(Cause(code).label) for code in line.causes)
    return f"{line.indicator.code} {line.terms.name}：{named}。{line.cause}"


def _remedy(line: MonitoringLine) -> str:
    return f"{line.indicator.code} {line.terms.name}：{line.remedy}"


# What both have --------------------------------------------------------------------------------------------------------


def _head(sheet: Sheet, form: MonitoringPrint, title: str, *, split: int) -> int:
    """Write the title and whose form it is; the second half of a row begins at column `split`."""
    project, last = form.plan.project, sheet.last_column
    sheet.heading(0, title)
    sheet.heading(1, f"（{form.plan.year}年度，{form.round.window}）", size=11)
    sheet.label(2, 0, "项目名称")
    sheet.text(2, 1, project.name, across=last - 1)
    sheet.label(3, 0, "主管部门\n及代码")
    sheet.text(3, 1, f"{project.bureau.name}（{project.bureau.code}）", across=split - 2)
    sheet.label(3, split, "实施单位", across=1)
    sheet.text(3, split + 2, (project.division or project.bureau).name, across=last - split - 2)
    return 4


def _money(sheet: Sheet, form: MonitoringPrint, row: int, *, columns: Columns) -> int:
    """Write the money: a row for the sum and one for each kind of source.

    `columns` are where the figures stand and how many more columns each spans; without a fourth there is no rate.
    """
    window, spending = form.round.window, form.content.spending
    heads = ("年初预算数", f"{window}执行数", f"{window}执行率（%）", "全年预计执行数")
    total = MonitoringMoney(initial=spending.initial, executed=spending.executed, estimate=spending.estimate)
    found = {each.source: each for each in spending.rows}
    rows = [("年度资金总额", total), *((word, found.get(source, NOBODY)) for source, word in ROWS_OF_MONEY.items())]
    label_across = columns[0][0] - 2
    sheet.label(row, 0, "项目资金\n（万元）", down=len(rows))
    sheet.label(row, 1, "", across=label_across)
    for (column, across), word in zip(columns, _as_many(heads, columns), strict=True):
        sheet.label(row, column, word, across=across)
    for number, (word, money) in enumerate(rows, start=1):
        sheet.label(row + number, 1, word, across=label_across)
        rate = execution_rate(money.initial, money.executed)
        figures = (wan(money.initial), wan(money.executed), rate and half_up(rate), wan(money.estimate))
        for (column, across), figure in zip(columns, _as_many(figures, columns), strict=True):
            sheet.number(row + number, column, figure, across=across)
    return row + 1 + len(rows)


def _as_many(cells: tuple[T, T, T, T], columns: Columns) -> tuple[T, ...]:
    """Return the cells of a row of money, without the rate where the form has no column for it."""
    return cells if len(columns) == len(cells) else (*cells[:2], cells[3])


def _indicator(sheet: Sheet, row: int, column: int, line: MonitoringLine) -> None:
    """Write name, target and what came of it by the window's end, with who is missing behind it."""
    coverage = coverage_words(line)
    sheet.text(row, column, f"{line.indicator.code} {line.terms.name}")
    sheet.text(row, column + 1, line.wanted)
    sheet.text(row, column + 2, actual_words(line) + (f"\n（{coverage}）" if coverage else ""))


def _likelihood(sheet: Sheet, row: int, column: int, line: MonitoringLine) -> None:
    for place, code in enumerate(Likelihood.values, start=column):
        sheet.text(row, place, TICK if line.likelihood == code else "", align="center")


def _remarks(sheet: Sheet, form: MonitoringPrint, row: int) -> bytes:
    """Write what a reader must know of the figures, and close the sheet."""
    report, spending = form.content.report, form.content.spending
    remarks = [_told(form)]
    if spending.initial != spending.budget and spending.rate is not None:
        remarks.append(
            f"执行率按年初预算数计算；按监控期末的全年预算数 {half_up(in_wan(spending.budget or Decimal(0)), 2)} 万元"
            f"计算为 {half_up(spending.rate)}%。"
        )
    if spending.executed is not None and not spending.is_complete:
        remarks.append("执行数不完整：监控期内有月份或资金来源未报，不得作为全部执行数引用。")
    if form.overspending:
        remarks.append(f"全年预计执行数超出全年预算数，原因：{form.overspending}")
    if report.is_demonstration:
        remarks.append("演示数据：表中数字含虚构数据，不得上报或引用。")
    sheet.remarks(row, remarks)
    return sheet.content()


def _told(form: MonitoringPrint) -> str:
    """Return which submission it is, and how far that came where it is the latest."""
    report = form.content.report
    is_latest = report.pk == form.monitoring.report_id
    state = form.monitoring.get_state_display() if is_latest else "已由之后的提交代替"
    return (
        f"本表为第 {report.number} 次提交（{report.submitted_by} {formats.moment(report.submitted_at)}），状态：{state}；"
        "数字为提交时已审核的数据，指标值取监控期末有效的版本。"
    )
