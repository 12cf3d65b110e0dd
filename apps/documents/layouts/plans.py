"""项目绩效目标表 as the municipal budget of 2016 printed it (表十一), in the words of its source, slips of the pen included."""

from datetime import datetime
from typing import Final

from apps.documents.layouts.sheets import Sheet, known_remark, wan
from apps.documents.queries import PlanForm
from apps.plans.enums import Attribute

TITLE: Final = "项目绩效目标表"
WIDTHS: Final = (5, 14, 14, 10, 12, 12, 30, 46, 36, 18)
WIDTH_OF_NAME: Final = 5
ATTRIBUTES: Final = {Attribute.NEW: "新增项目", Attribute.CONTINUING: "持续项目", Attribute.MULTI_YEAR: "跨年度项目"}
REMARKS: Final = (
    "备注：1.项目属性可选：新增项目、持续项目、跨年度项目。",
    "2.资金支出方向按经济分类科目填写，如会议费、培训费、办公费等。",
    "3.项目主要绩效指标填写三个以上关键指标的内容及预计完成值，如：体育场馆开放率达到70%。",
    "4.上年度项目绩效完成情况包括上年度预算完成情况和绩效目标完成情况。",
)
PUBLISHED_NOWHERE: Final = "该项目未设绩效目标。"
MADE_UP: Final = "演示数据：表中含虚构数字，不得上报或引用。"


def heads(year: int) -> tuple[str, ...]:
    """Return the ten heads of the form."""
    return (
        "序号",
        "单位名称",
        "项目名称",
        "项目属性",
        "项目起止时间",
        f"{year}年项目预算金额",
        "项目内容及资金支出方向",
        "项目绩效目标",
        "项目主要绩效指标",
        "上年度项目绩效完成情况",
    )


def plan_workbook(form: PlanForm, at: datetime) -> bytes:
    """Return the form as an Excel file: one row a goal, beside it the indicators it stands with; money in 万元."""
    sheet = Sheet("绩效目标表", WIDTHS, title=TITLE, at=at)
    sheet.heading(0, TITLE)
    sheet.text(1, 0, f"部门名称：{_department(form)}", across=WIDTH_OF_NAME - 1)
    sheet.text(1, WIDTH_OF_NAME, "单位：万元", across=len(WIDTHS) - WIDTH_OF_NAME - 1, align="right")
    for column, word in enumerate(heads(form.plan.year)):
        sheet.label(2, column, word)
    sheet.repeat(2, 2)
    rows = max(1, len(form.goals))
    _project(sheet, form, down=rows - 1)
    for row, (goal, texts) in enumerate(form.goals or [], start=3):
        sheet.text(row, 7, f"{goal.goal.number}.{goal.original_text}")
        sheet.text(row, 8, "\n".join(texts))
    if not form.goals:
        sheet.text(3, 7, "")
        sheet.text(3, 8, "")
    _remarks(sheet, form, 3 + rows)
    return sheet.content()


def _department(form: PlanForm) -> str:
    """Return the unit as department budgets name it, its code before its name (127001 某局)."""
    bureau = form.plan.project.bureau
    return f"{bureau.code} {bureau.name}" if bureau.code.isdecimal() else bureau.name


def _project(sheet: Sheet, form: PlanForm, *, down: int) -> None:
    """Write the head of the project beside all its goals."""
    project, version = form.plan.project, form.version
    sheet.text(3, 0, "1", down=down, align="center")
    sheet.text(3, 1, project.bureau.name, down=down)
    sheet.text(3, 2, project.name, down=down)
    sheet.text(3, 3, ATTRIBUTES[Attribute(version.attribute)] if version.attribute else "", down=down, align="center")
    sheet.text(3, 4, f"{version.starts_on:%Y-%m-%d}\n至\n{version.ends_on:%Y-%m-%d}", down=down, align="center")
    sheet.number(3, 5, wan(form.initial), down=down)
    sheet.text(3, 6, "\n".join(f"{row.number}.{row.text}" for row in form.directions), down=down)
    sheet.text(3, 9, version.last_year_completion, down=down)


def _remarks(sheet: Sheet, form: PlanForm, row: int) -> None:
    remarks = [*known_remark(form.known_at), *REMARKS, f"项目编号：{form.plan.project.number}"]
    if not form.goals:
        remarks.append(PUBLISHED_NOWHERE)
    if form.is_demonstration:
        remarks.append(MADE_UP)
    sheet.remarks(row, remarks)
