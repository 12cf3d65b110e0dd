"""项目支出绩效目标申报表 in the layout of 财预〔2015〕88号, for one year, with points and the goal of each indicator.

An official form is Chinese whatever the language of the page that it is asked from, so its words are not translated.
"""

from datetime import datetime
from decimal import Decimal
from typing import Final

from apps.documents.layouts.plans import ATTRIBUTES, MADE_UP, PUBLISHED_NOWHERE
from apps.documents.layouts.sheets import Sheet, wan
from apps.documents.layouts.targets import printed_target
from apps.documents.queries import FISCAL, OTHER, DeclarationForm
from apps.plans.enums import Attribute, Level1, Level2

TITLE: Final = "项目支出绩效目标申报表"
WIDTHS: Final = (12, 14, 18, 34, 34, 9, 10)
INDICATOR_HEADS: Final = ("一级指标", "二级指标", "三级指标", "指标值", "分值", "对应目标")
MONEY: Final = (("total", "年度资金总额"), (FISCAL, "其中：财政拨款"), (OTHER, "其他资金"))
LEVEL1: Final = {
    Level1.COST: "成本指标",
    Level1.OUTPUT: "产出指标",
    Level1.BENEFIT: "效益指标",
    Level1.SATISFACTION: "满意度指标",
}
LEVEL2: Final = {
    Level2.QUANTITY: "数量指标",
    Level2.QUALITY: "质量指标",
    Level2.TIMELINESS: "时效指标",
    Level2.COST: "成本指标",
    Level2.ECONOMIC_COST: "经济成本指标",
    Level2.SOCIAL_COST: "社会成本指标",
    Level2.ECOLOGICAL_COST: "生态环境成本指标",
    Level2.ECONOMIC: "经济效益指标",
    Level2.SOCIAL: "社会效益指标",
    Level2.ECOLOGICAL: "生态效益指标",
    Level2.SUSTAINABLE: "可持续影响指标",
    Level2.SATISFACTION: "服务对象满意度指标",
}
REMARKS: Final = (
    "备注：1.项目属性可选：新增项目、持续项目、跨年度项目。",
    "2.对应目标填写年度目标的序号；没有对应目标的，不填。",
    "3.没有分值的指标只跟踪，不计分。",
)


def declaration_workbook(form: DeclarationForm, at: datetime) -> bytes:
    """Return the form as an Excel file; money in 万元, targets in words that are read back as the same targets."""
    sheet = Sheet("申报表", WIDTHS, title=TITLE, at=at)
    sheet.heading(0, TITLE)
    sheet.heading(1, f"（{form.form.plan.year}年度）", size=11)
    row = head(sheet, 2, *_head_values(form))
    row = _money(sheet, form, row)
    row = _goals(sheet, form, row)
    row = _indicators(sheet, form, row)
    _remarks(sheet, form, row)
    return sheet.content()


def head(sheet: Sheet, row: int, *values: tuple[str, str]) -> int:
    """Write the labels of a project and their values, the first across the sheet, then two a row; return the next row."""
    (label, value), *pairs = values
    sheet.label(row, 0, label, across=1)
    sheet.text(row, 2, value, across=len(WIDTHS) - 3)
    for number, (label, value) in enumerate(pairs):
        at, left = row + 1 + number // 2, (0, 4)[number % 2]
        sheet.label(at, left, label, across=1 if left == 0 else 0)
        sheet.text(at, left + 2 - left // 4, value, across=1)
    return row + 1 + -(-len(pairs) // 2)


def indicator_heads(sheet: Sheet, row: int, *, down: int) -> None:
    """Write the heads of the indicators beside the block's own label, which goes down as many rows as there are."""
    sheet.label(row, 0, "绩效指标", down=down)
    for column, word in enumerate(INDICATOR_HEADS, start=1):
        sheet.label(row, column, word)


def _head_values(form: DeclarationForm) -> list[tuple[str, str]]:
    plan, version = form.form.plan, form.form.version
    bureau = plan.project.bureau
    attribute = ATTRIBUTES[Attribute(version.attribute)] if version.attribute else ""
    return [
        ("项目名称", plan.project.name),
        ("主管部门及代码", f"{bureau.name}（{bureau.code}）" if bureau.code.isdecimal() else bureau.name),
        ("实施单位", (plan.project.division or bureau).name),
        ("项目属性", attribute),
        ("项目期", f"{version.starts_on:%Y-%m-%d}至{version.ends_on:%Y-%m-%d}"),
        ("项目编号", plan.project.number),
        ("上年度项目绩效完成情况", version.last_year_completion),
    ]


def _money(sheet: Sheet, form: DeclarationForm, row: int) -> int:
    """Write the declared money; a source that gives nothing is a dash."""
    amounts: dict[str, Decimal | None] = {"total": form.form.initial, **form.funding}
    sheet.label(row, 0, "项目资金\n（万元）", down=len(MONEY) - 1, across=1)
    for number, (name, label) in enumerate(MONEY):
        sheet.text(row + number, 2, label)
        sheet.number(row + number, 3, wan(amounts.get(name)), "#,##0.00####")
        sheet.text(row + number, 4, "", across=2)
    return row + len(MONEY)


def _goals(sheet: Sheet, form: DeclarationForm, row: int) -> int:
    goals = form.form.goals
    directions = "\n".join(f"{line.number}.{line.text}" for line in form.form.directions)
    sheet.label(row, 0, "资金支出方向", across=1)
    sheet.text(row, 2, directions, across=len(WIDTHS) - 3)
    rows = max(1, len(goals))
    sheet.label(row + 1, 0, "总体目标", down=rows - 1)
    sheet.label(row + 1, 1, "年度目标", down=rows - 1)
    for number in range(rows):
        text = f"目标{goals[number][0].goal.number}：{goals[number][0].original_text}" if goals else ""
        sheet.text(row + 1 + number, 2, text, across=len(WIDTHS) - 3)
    return row + 1 + rows


def _indicators(sheet: Sheet, form: DeclarationForm, row: int) -> int:
    aims = form.aims
    indicator_heads(sheet, row, down=max(1, len(aims)))
    if not aims:
        for column in range(1, len(WIDTHS)):
            sheet.text(row + 1, column, "")
        return row + 2
    sheet.classes(row + 1, 1, [(LEVEL1[Level1(terms.level1)], LEVEL2[Level2(terms.level2)]) for terms, _target in aims])
    for at, (terms, target) in enumerate(aims, start=row + 1):
        sheet.text(at, 3, terms.name)
        sheet.text(at, 4, printed_target(terms, target, form.form.plan.year))
        sheet.number(at, 5, terms.weight, "0.00")
        sheet.text(at, 6, str(terms.goal.number), align="center")
    return row + 1 + len(aims)


def _remarks(sheet: Sheet, form: DeclarationForm, row: int) -> None:
    remarks = [*REMARKS]
    if not form.form.goals:
        remarks.append(PUBLISHED_NOWHERE)
    if form.form.is_demonstration:
        remarks.append(MADE_UP)
    sheet.remarks(row, remarks)
