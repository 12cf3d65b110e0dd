"""Empty forms to be filled in and taken in again: heads, remarks, words to choose from, and an example in grey."""

from datetime import UTC, datetime
from typing import Final

from apps.documents.layouts import declarations, plans
from apps.documents.layouts.sheets import Sheet

EXAMPLE: Final = "示例（导入时忽略）"
EMPTY_ROWS: Final = 30
GOAL_ROWS: Final = 4
ATTRIBUTES: Final = tuple(plans.ATTRIBUTES.values())
HOW_TO: Final = (
    "一行填写一个目标，右边填写该目标的指标，一行一条；同一项目的其他各栏只填第一行，或合并单元格。",
    "灰色的示例行在导入时忽略，可以留着，也可以删去。",
)


def goal_table_template(year: int) -> bytes:
    """Return an empty 项目绩效目标表 of a year in 万元."""
    sheet = Sheet("绩效目标表", plans.WIDTHS, title=plans.TITLE, at=datetime(year, 1, 1, tzinfo=UTC))
    sheet.heading(0, plans.TITLE)
    sheet.text(1, 0, "部门名称：", across=plans.WIDTH_OF_NAME - 1)
    sheet.text(
        1,
        plans.WIDTH_OF_NAME,
        "单位：万元",
        across=len(plans.WIDTHS) - plans.WIDTH_OF_NAME - 1,
        align="right",
    )
    for column, word in enumerate(plans.heads(year)):
        sheet.label(2, column, word)
    sheet.repeat(2, 2)
    for column, word in enumerate(_goal_example(year)):
        sheet.example(3, column, word)
    for row in range(4, 4 + EMPTY_ROWS):
        for column in range(len(plans.WIDTHS)):
            sheet.text(row, column, "")
    sheet.choices(4, 3 + EMPTY_ROWS, 3, ATTRIBUTES)
    sheet.remarks(4 + EMPTY_ROWS, (*plans.REMARKS, *HOW_TO))
    return sheet.content()


def _goal_example(year: int) -> tuple[str, ...]:
    return (
        EXAMPLE,
        "某某局",
        "体育场馆开放经费",
        "持续项目",
        f"{year}-01-01至{year}-12-31",
        "120.00",
        "1.场馆维护费\n2.培训费",
        "1.向市民开放体育场馆",
        "体育场馆开放率达到70%\n市民满意度：≥90%",
        f"{year - 1}年预算执行率96%；场馆开放率68%，完成目标",
    )


def declaration_template(year: int) -> bytes:
    """Return an empty 项目支出绩效目标申报表 of a year in 万元; further projects go below or on sheets of their own."""
    sheet = Sheet("申报表", declarations.WIDTHS, title=declarations.TITLE, at=datetime(year, 1, 1, tzinfo=UTC))
    sheet.heading(0, declarations.TITLE)
    sheet.heading(1, f"（{year}年度）", size=11)
    labels = ("项目名称", "主管部门及代码", "实施单位", "项目属性", "项目期", "项目编号", "上年度项目绩效完成情况")
    row = declarations.head(sheet, 2, *((label, "") for label in labels))
    sheet.choices(4, 4, 2, ATTRIBUTES)
    row = _money(sheet, row)
    row = _goals(sheet, row)
    row = _indicators(sheet, row)
    sheet.remarks(row, (*declarations.REMARKS, HOW_TO[1]))
    return sheet.content()


def _money(sheet: Sheet, row: int) -> int:
    sheet.label(row, 0, "项目资金\n（万元）", down=len(declarations.MONEY) - 1, across=1)
    for at, (_name, label) in enumerate(declarations.MONEY, start=row):
        sheet.text(at, 2, label)
        sheet.text(at, 3, "", align="right")
        sheet.text(at, 4, "", across=2)
    return row + len(declarations.MONEY)


def _goals(sheet: Sheet, row: int) -> int:
    sheet.label(row, 0, "资金支出方向", across=1)
    sheet.text(row, 2, "", across=len(declarations.WIDTHS) - 3)
    sheet.label(row + 1, 0, "总体目标", down=GOAL_ROWS - 1)
    sheet.label(row + 1, 1, "年度目标", down=GOAL_ROWS - 1)
    for number in range(GOAL_ROWS):
        sheet.text(row + 1 + number, 2, f"目标{number + 1}：", across=len(declarations.WIDTHS) - 3)
    return row + 1 + GOAL_ROWS


def _indicators(sheet: Sheet, row: int) -> int:
    """Write the heads, the example and empty rows; a class is chosen in each row that begins one."""
    first, last = row + 2, row + 1 + EMPTY_ROWS
    declarations.indicator_heads(sheet, row, down=1 + EMPTY_ROWS)
    for column, word in enumerate(("产出指标", "质量指标", f"{EXAMPLE}验收合格率", "≥95%", "10", "1"), start=1):
        sheet.example(row + 1, column, word)
    for at in range(first, last + 1):
        for column in range(1, len(declarations.WIDTHS)):
            sheet.text(at, column, "")
    sheet.choices(first, last, 1, tuple(declarations.LEVEL1.values()))
    sheet.choices(first, last, 2, tuple(declarations.LEVEL2.values()))
    return last + 1
