"""The table of 2016: heads wherever they stand, goals in rows or in one cell, and its own print read back."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter

from apps.documents import layouts, queries
from apps.documents.enums import Layout
from apps.documents.forms import PrintedDirection, PrintedGoal, PrintedIndicator, read_plans, refusals
from apps.documents.forms.cells import items
from apps.documents.forms.sentences import indicators_in, sentences
from apps.files.forms import refusals as sheets
from apps.plans.enums import Attribute
from apps.plans.models import IndicatorTerms, Plan
from tests.documents import malformed
from tests.documents.filled import fill
from tests.documents.malformed import HEADS, PROJECT, changed, goal_table, workbook

D = Decimal
AT = datetime(2016, 9, 6, 1, 30, tzinfo=UTC)


def read(content):
    return read_plans(content, "表十一.xlsx")


def aims(plan):
    """Return what a plan says of its indicators: goal, whether the form pairs them, name, target."""
    return [(line.goal, line.is_paired, line.name, line.target_text) for line in plan.indicators]


def goals(plan):
    return [(goal.number, goal.text) for goal in plan.goals]


def table(rows, *, merged=(), above=("单位：万元",)):
    """Return an .xlsx of rows under the heads of the form, with blocks of cells merged as `(top, left, bottom, right)`."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("表十一")
    for row, cells in enumerate([above, HEADS, *rows]):
        for column, value in enumerate(cells):
            if value is not None:
                sheet.write(row, column, value)
    for top, left, bottom, right in merged:
        sheet.merge_range(top, left, bottom, right, rows[top - 2][left])
    book.close()
    return target.getvalue()


def test_a_project_is_read_as_printed():
    (plan,) = read(goal_table(PROJECT))

    assert plan.layout is Layout.GOAL_TABLE
    assert (plan.sheet, plan.year, plan.is_in_wan, plan.notes) == ("表十一", 2016, True, ())
    assert (str(plan.bureau_name), plan.bureau_code) == ("某某局", None)
    assert (str(plan.project_name), plan.project_number) == ("体育场馆开放经费", None)
    assert (plan.attribute, plan.amount) == (Attribute.CONTINUING, D(1_200_000))
    assert (plan.starts_on, plan.ends_on) == (date(2016, 1, 1), date(2016, 12, 31))
    assert [(line.number, line.text) for line in plan.directions] == [(1, "场馆维护费"), (2, "培训费")]
    assert goals(plan) == [(1, "向市民开放体育场馆")]
    assert aims(plan) == [(1, True, "体育场馆开放率", "达到70%")]
    assert plan.indicators[0].sentence == "体育场馆开放率达到70%"
    assert str(plan.last_year_completion) == "2015年预算执行率96%"
    assert str(plan.addresses["amount"]) == "工作表“表十一”第 4 行 F 列"
    assert str(plan.goals[0].address) == "工作表“表十一”第 4 行 H 列"


def test_values_are_equal_that_say_the_same_elsewhere():
    (plan,) = read(goal_table(PROJECT))
    (moved,) = read(goal_table(PROJECT, sheet="另一张"))

    assert plan.goals == moved.goals
    assert replace(moved, sheet=plan.sheet) == plan


@pytest.mark.parametrize(
    ("unit", "amount", "expected", "is_in_wan"),
    [
        ("单位：万元", 120, D(1_200_000), True),
        ("金额单位：元", 120, D(120), False),
        ("部门名称：某某局 单位：元", "1,200.50", D("1200.50"), False),
        ("单位：元", "120万元", D(1_200_000), False),
        ("单位：万元", "—", None, True),
        ("单位：万元", None, None, True),
    ],
)
def test_money_is_in_the_unit_of_the_table_or_of_the_cell(unit, amount, expected, is_in_wan):
    (plan,) = read(goal_table(changed((5, amount)), unit=unit))

    assert (plan.amount, plan.is_in_wan) == (expected, is_in_wan)


def test_a_table_without_a_unit_is_in_the_unit_of_the_form_and_says_so():
    (plan,) = read(goal_table(PROJECT, unit=""))

    assert plan.amount == D(1_200_000)
    assert plan.notes == ("工作表“表十一”没有写金额单位，已按表样的万元读取。",)


def test_a_unit_in_the_head_counts():
    heads = tuple("2017年项目预算金额（元）" if head.endswith("预算金额") else head for head in HEADS)

    (plan,) = read(goal_table(PROJECT, heads=heads))

    assert (plan.year, plan.amount) == (2017, D(120))


def test_heads_are_found_in_any_order_and_broken_over_lines():
    order = [2, 1, 0, 9, 8, 7, 6, 5, 4, 3]
    heads = [f"{HEADS[column][:3]}\n {HEADS[column][3:]}" for column in order]
    content = goal_table([PROJECT[column] for column in order], heads=heads)

    assert read(content) == read(goal_table(PROJECT))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-01-\n01至2016-\n12-31", (date(2016, 1, 1), date(2016, 12, 31))),
        ("2016年1月1日—12月31日", (date(2016, 1, 1), date(2016, 12, 31))),
        ("2016.1-2018.6", (date(2016, 1, 1), date(2018, 6, 30))),
        ("2016-2018年", (date(2016, 1, 1), date(2018, 12, 31))),
        ("20160101-20161231", (date(2016, 1, 1), date(2016, 12, 31))),
        ("2016年", (date(2016, 1, 1), date(2016, 12, 31))),
        ("一年", (date(2016, 1, 1), date(2016, 12, 31))),
        (None, (None, None)),
    ],
)
def test_a_period_is_two_days(text, expected):
    (plan,) = read(goal_table(changed((4, text))))

    assert (plan.starts_on, plan.ends_on) == expected


@pytest.mark.parametrize("text", ["明年", "2016-01-01", "2016-02-30至2016-12-31", "2016-12-31至2016-01-01"])
def test_a_period_that_cannot_be_read_is_told(text):
    with pytest.raises(refusals.PeriodUnreadable, match="第 4 行 E 列写的是"):
        read(goal_table(changed((4, text))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新增项目", Attribute.NEW),
        ("延续性项目", Attribute.CONTINUING),
        ("跨年度项目", Attribute.MULTI_YEAR),
        ("□新增项目 ☑持续项目 □跨年度项目", Attribute.CONTINUING),
        ("新增项目（√） 延续项目（ ）", Attribute.NEW),
        ("□新增项目 □持续项目", None),
        (None, None),
    ],
)
def test_an_attribute_is_one_of_three_or_the_ticked_one(text, expected):
    (plan,) = read(goal_table(changed((3, text))))

    assert plan.attribute == expected


@pytest.mark.parametrize("text", ["其他", "☑新增项目 ☑持续项目"])
def test_another_attribute_is_told(text):
    with pytest.raises(refusals.AttributeUnknown, match="项目属性应为新增项目、持续项目、跨年度项目之一"):
        read(goal_table(changed((3, text))))


@pytest.mark.parametrize("text", ["四千万", "-5", "4020.1234567", "约120"])
def test_money_that_is_no_money_is_told(text):
    with pytest.raises(refusals.MoneyUnreadable, match="第 4 行 F 列写的是"):
        read(goal_table(changed((5, text))))


def test_two_amounts_of_one_project_are_told():
    rows = [PROJECT, (None, None, None, None, None, 121, None, "2.第二个目标", "达标率达到80%")]

    with pytest.raises(refusals.MoneyUnreadable, match="第 4 行 F 列写的是“121”，而同一项目的预算金额已写为“120”"):
        read(table(rows, merged=[(2, 2, 3, 2)]))


def test_a_project_without_a_name_is_told_and_the_others_are_read_on():
    rows = [changed((2, None)), changed((0, "2"), (2, "乙"), (5, "不知"))]

    with pytest.raises(sheets.SheetRefused) as refused:
        read(goal_table(*rows))

    assert refused.value.findings[0] == "工作表“表十一”第 4 行 C 列是空的，应为项目名称。"
    assert "第 5 行 F 列写的是“不知”" in refused.value.findings[1]


# --- goals and indicators in rows ---------------------------------------------------------------------------------------


def test_a_merged_project_has_a_goal_in_each_of_its_rows():
    rest = [(*[None] * 7, f"{n}.目标{n}号", f"第{n}项达标率达到{n}0%") for n in (2, 3)]
    merged = [(2, column, 4, column) for column in (0, 1, 2, 3, 4, 5, 6, 9)]

    (plan,) = read(table([PROJECT, *rest], merged=merged))

    assert goals(plan) == [(1, "向市民开放体育场馆"), (2, "目标2号"), (3, "目标3号")]
    assert aims(plan)[1:] == [(2, True, "第2项达标率", "达到20%"), (3, True, "第3项达标率", "达到30%")]
    assert len(plan.directions) == 2


def test_a_project_written_out_in_each_row_is_one_project():
    rows = [PROJECT, changed((7, "2.第二个"), (8, "满意度：≥90%"))]

    (plan,) = read(goal_table(*rows))

    assert goals(plan) == [(1, "向市民开放体育场馆"), (2, "第二个")]
    assert aims(plan)[1] == (2, True, "满意度", "≥90%")
    assert [line.number for line in plan.directions] == [1, 2]


def test_a_goal_written_out_in_each_row_is_one_goal():
    rows = [PROJECT, changed((8, "满意度：≥90%")), changed((7, "2.第二个"), (8, "投诉率≤5%"))]

    (plan,) = read(goal_table(*rows))

    assert goals(plan) == [(1, "向市民开放体育场馆"), (2, "第二个")]
    assert [line.goal for line in plan.indicators] == [1, 1, 2]


def test_indicators_in_rows_of_their_own_belong_to_the_goal_beside_them():
    rows = [PROJECT, (*[None] * 8, "满意度：≥90%"), (*[None] * 7, "2.第二个", "投诉率≤5%")]
    merged = [(2, 7, 3, 7)]

    (plan,) = read(table(rows, merged=merged))

    assert [line[0] for line in aims(plan)] == [1, 1, 2]
    assert all(line.is_paired for line in plan.indicators)


def test_several_indicators_in_a_cell_are_lines_or_a_list():
    lines = changed((8, "体育场馆开放率达到70%\n市民满意度：\n≥90%\n1小时内\n（含）响应率≥80%"))
    listed = changed((8, "1.体育场馆开放率达到70%\n2.市民满意度：≥90%"))

    assert [line.sentence for line in read(goal_table(lines))[0].indicators] == [
        "体育场馆开放率达到70%",
        "市民满意度：≥90%",
        "1小时内",
        "（含）响应率≥80%",
    ]
    assert aims(read(goal_table(listed))[0]) == [
        (1, True, "体育场馆开放率", "达到70%"),
        (1, True, "市民满意度", "≥90%"),
    ]


def test_goals_and_indicators_in_one_cell_each_pair_by_their_numbers():
    row = changed((7, "1.甲目标\n2.乙目标\n3.丙目标"), (8, "1.甲率达到70%\n3.丙率达到90%\n丙2率达到95%"))

    (plan,) = read(goal_table(row))

    assert goals(plan) == [(1, "甲目标"), (2, "乙目标"), (3, "丙目标")]


def test_numbers_that_go_on_pair_each_sentence_with_its_goal():
    row = changed((7, "1.甲目标\n2.乙目标"), (8, "1.甲率达到70%\n甲2率达到75%\n2.乙率达到80%\n3.丙率达到90%"))

    (plan,) = read(goal_table(row))

    assert aims(plan) == [
        (1, True, "甲率", "达到70%"),
        (1, True, "甲2率", "达到75%"),
        (2, True, "乙率", "达到80%"),
        (None, False, "丙率", "达到90%"),
    ]


def test_without_numbers_the_order_pairs_and_says_something_only_where_the_counts_agree():
    same = changed((7, "1.甲目标\n2.乙目标"), (8, "甲率达到70%\n乙率达到80%"))
    more = changed((7, "1.甲目标\n2.乙目标"), (8, "甲率达到70%\n乙率达到80%\n丙率达到90%"))

    assert [line[:2] for line in aims(read(goal_table(same))[0])] == [(1, True), (2, True)]
    assert [line[:2] for line in aims(read(goal_table(more))[0])] == [(1, False), (2, False), (None, False)]


def test_a_cell_of_indicators_beside_several_goals_is_paired_as_a_list():
    rows = [changed((8, "1.甲率达到70%\n2.乙率达到80%")), (*[None] * 7, "2.第二个")]

    (plan,) = read(table(rows, merged=[(2, 8, 3, 8)]))

    assert [line[:2] for line in aims(plan)] == [(1, True), (2, True)]


def test_goals_without_numbers_are_numbered_in_their_order_and_none_twice():
    rows = [changed((7, "甲目标")), (*[None] * 7, "乙目标", None), (*[None] * 7, "1.丙目标", None)]

    (plan,) = read(table(rows))

    assert goals(plan) == [(1, "甲目标"), (2, "乙目标"), (3, "丙目标")]


def test_indicators_without_a_goal_are_kept():
    (plan,) = read(goal_table(changed((7, None))))

    assert plan.goals == ()
    assert aims(plan) == [(None, False, "体育场馆开放率", "达到70%")]


# --- several tables -----------------------------------------------------------------------------------------------------


def test_repeated_heads_titles_sums_and_remarks_are_no_projects():
    second = changed((0, "2"), (2, "乙项目"))
    going_on = (*[None] * 7, "2.接上页的目标", "达标率达到80%")
    rows = [
        ("项目绩效目标表",),
        ("单位：万元",),
        HEADS,
        PROJECT,
        HEADS,
        going_on,
        second,
        ("合计", None, None, None, None, 240),
        ("备注：1.项目属性可选。",),
        ("2.资金支出方向按经济分类科目填写。", None, "不是项目"),
    ]

    first, other = read(workbook(("一", rows)))

    assert goals(first) == [(1, "向市民开放体育场馆"), (2, "接上页的目标")]
    assert (str(other.project_name), other.amount) == ("乙项目", D(1_200_000))


def test_several_sheets_and_tables_are_read_and_others_left_aside():
    other = changed((2, "乙项目"))
    sheets = [
        ("说明", [("填表说明",), ("各单位按表填写",)]),
        ("甲", [("单位：元",), HEADS, PROJECT]),
        ("乙", [("部门名称：127001 某某局 单位：万元",), HEADS, other, ("备注：无",), ("项目编号：1为P08",)]),
    ]

    first, second = read(workbook(*sheets))

    assert (first.sheet, first.amount, first.bureau_code) == ("甲", D(120), None)
    assert (second.sheet, str(second.bureau_code), str(second.project_number)) == ("乙", "127001", "P08")


def test_the_department_above_serves_where_the_cell_is_empty_and_not_for_another_unit():
    above = ("部门名称：[127001]某某局",)
    rows = [
        changed((1, None)),
        changed((0, "2"), (1, "下属中心"), (2, "乙")),
        changed((0, "3"), (1, "127002 下属中心"), (2, "丙")),
    ]

    plans = read(table(rows, above=above))

    assert [(plan.bureau_code and str(plan.bureau_code), str(plan.bureau_name)) for plan in plans] == [
        ("127001", "某某局"),
        (None, "下属中心"),
        ("127002", "下属中心"),
    ]


@pytest.mark.parametrize("other", [changed((0, "2")), changed((0, "2"), (2, "体育场馆 开放经费"))])
def test_the_same_project_twice_is_told(other):
    with pytest.raises(refusals.ProjectTwice, match="第 5 行 C 列的项目"):
        read(goal_table(PROJECT, other))


def test_one_name_in_two_units_is_two_projects():
    assert len(read(goal_table(PROJECT, changed((0, "2"), (1, "另一局"))))) == 2


@pytest.mark.parametrize("missing", [head for head in HEADS if head not in ("序号",)])
def test_every_head_but_the_ordinal_must_be_there(missing):
    heads = tuple("" if head == missing else head for head in HEADS)
    word = missing.removeprefix("2016年")

    with pytest.raises(refusals.HeadMissing, match=f"第 3 行是项目绩效目标表的表头，缺少：{word}。"):
        read(goal_table(PROJECT, heads=heads))


def test_a_head_without_projects_is_an_empty_form():
    with pytest.raises(sheets.WorkbookEmpty, match="只有表头"):
        read(goal_table())


# --- sentences and lists ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "争取做到：优秀区纳管率达90%，全市平均水平达到80%",
            [("优秀区纳管率", "争取做到：达90%"), ("全市平均水平", "争取做到：达到80%")],
        ),
        ("移动管理终端设备标准提升：每2名管理员配备1台", [("移动管理终端设备标准提升", "每2名管理员配备1台")]),
        (
            "城中村出租屋门禁系统实际安装应用数/计划安装总数：100%",
            [("城中村出租屋门禁系统实际安装应用数/计划安装总数", "100%")],
        ),
        ("出租屋内安全隐患数量相比上年逐年减少", [("出租屋内安全隐患数量", "相比上年逐年减少")]),
        (
            "出租屋内违法犯罪案件和事故与往年同期相比有所下降",
            [("出租屋内违法犯罪案件和事故", "与往年同期相比有所下降")],
        ),
        ("高标准完成入户指标（2015年积分制入户指标为4500个）", None),
        ("4500人（以市政府实际审定数目为准）", None),
        ("体育场馆开放率达到70%。", [("体育场馆开放率", "达到70%")]),
        ("第3季度完成率达到80%", [("第3季度完成率", "达到80%")]),
        ("满意度≥90%，投诉率≤5%", [("满意度", "≥90%"), ("投诉率", "≤5%")]),
        ("培训：合格率达到95%，参训率达到90%", [("培训：合格率", "达到95%"), ("培训：参训率", "达到90%")]),
        ("培训合格率：≥95%，其中新员工100%", [("培训合格率", "≥95%，其中新员工100%")]),
        ("每年培训不少于5次，每次不少于30人", [("每年培训", "不少于5次，每次不少于30人")]),
        ("完成培训20场次", [("完成培训", "20场次")]),
        ("验收合格率（抽查10%）达95%以上", [("验收合格率（抽查10%）", "达95%以上")]),
        ("发达地区5个", [("发达地区", "5个")]),
        ("比上年下降5%", None),
        ("举办20场培训", None),
        ("2016年底前完成系统建设", None),
        ("≥95%", None),
    ],
)
def test_a_sentence_is_taken_apart_or_kept_whole(sentence, expected):
    assert indicators_in(sentence) == (expected or [(sentence, sentence)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.甲\n2.乙\n丙\n3.丁", [(1, "甲"), (2, "乙\n丙"), (3, "丁")]),
        ("1.甲；2.乙；3.丙", [(1, "甲；"), (2, "乙；"), (3, "丙")]),
        ("5.做好：\n1.甲\n2.乙", [(5, "做好：\n1.甲\n2.乙")]),
        ("总体：\n1.甲\n2.乙", [(1, "总体：\n甲"), (2, "乙")]),
        ("1.甲\n（1）子\n（2）子\n2.乙", [(1, "甲\n（1）子\n（2）子"), (2, "乙")]),
        ("目标1：甲\n目标2：乙", [(1, "甲"), (2, "乙")]),
        ("一、甲\n二、乙", [(1, "甲"), (2, "乙")]),
        ("①甲②乙", [(1, "甲"), (2, "乙")]),
        ("4500人（以审定为准）", [(None, "4500人（以审定为准）")]),
        ("1.5万人", [(None, "1.5万人")]),
        ("1.", [(None, "1.")]),
    ],
)
def test_a_cell_lists_under_ascending_numbers(text, expected):
    assert [(item.number, item.text) for item in items(text)] == expected


def test_lines_that_were_broken_to_fit_are_one_sentence():
    assert sentences("安装数/计划数：\n100%\n\n登记（含\n租客）率≥95%\nABC\ndef：\nghi") == [
        "安装数/计划数：100%",
        "登记（含租客）率≥95%",
        "ABC",
        "def：ghi",
    ]


# --- there and back -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_plan_of_2016_is_read_back_as_it_was_printed():
    from apps.plans.actions import load_published
    from tests.plans.conftest import FIXTURES, NOW

    load_published(folder=FIXTURES / "2016", schemes=FIXTURES / "schemes", at=NOW)
    plan = Plan.objects.exclude(approved__goals=None).distinct().get()
    form = queries.plan_form(plan)

    (printed,) = read(layouts.plan_workbook(form, AT))

    assert (str(printed.bureau_code), str(printed.bureau_name)) == ("127001", "广州市来穗人员服务管理局")
    assert (str(printed.project_number), str(printed.project_name)) == (plan.project.number, plan.project.name)
    assert (printed.year, printed.attribute, printed.amount) == (2016, form.version.attribute, form.initial)
    assert (printed.starts_on, printed.ends_on) == (form.version.starts_on, form.version.ends_on)
    assert printed.last_year_completion is None
    assert printed.directions == tuple(
        PrintedDirection(number=row.number, text=row.text, address=None) for row in form.directions
    )
    assert printed.goals == tuple(
        PrintedGoal(number=terms.goal.number, text=terms.original_text, address=None) for terms, _texts in form.goals
    )
    said = IndicatorTerms.objects.filter(version=form.version).order_by("goal__number", "position")
    assert [(line.goal, line.sentence) for line in printed.indicators] == [
        (row.goal.number, row.original_text) for row in said if row.indicator.code != "7-2"
    ]
    assert all(isinstance(line, PrintedIndicator) and line.is_paired for line in printed.indicators)


@pytest.mark.django_db
def test_any_plan_is_read_back_as_it_was_printed():
    form = queries.plan_form(fill().plan)

    (printed,) = read(layouts.plan_workbook(form, AT))

    assert str(printed.project_name) == form.plan.project.name
    assert [line.text for line in printed.directions] == [row.text for row in form.directions]
    assert goals(printed) == [(terms.goal.number, terms.original_text) for terms, _texts in form.goals]
    assert [line.sentence for line in printed.indicators] == ["纳管率达80%", "=答复率：100%"]
    assert (printed.amount, str(printed.last_year_completion)) == (form.initial, form.version.last_year_completion)


def test_the_empty_template_is_taken_in_once_it_is_filled():
    with pytest.raises(sheets.WorkbookEmpty, match="只有表头"):
        read(layouts.goal_table_template(2027))


def test_a_template_with_its_example_left_in_gives_the_projects_alone():
    example = changed((0, "示例（导入时忽略）"), (2, "示例项目"))

    (plan,) = read(goal_table(example, PROJECT))

    assert str(plan.project_name) == "体育场馆开放经费"


def test_malformed_files_are_ten():
    assert len(malformed.MALFORMED) == 10
