"""The present declaration form: labels and values, classes in merged blocks, money by source, and its own print read back."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import pytest
import xlsxwriter

from apps.calculation.reading import read_target
from apps.documents import layouts, queries
from apps.documents.enums import Layout
from apps.documents.forms import read_plans, refusals
from apps.documents.forms.declarations import target_words
from apps.documents.layouts.targets import printed_target
from apps.files.forms import refusals as sheets
from apps.plans.actions import load_published
from apps.plans.enums import Attribute, Level1, Level2
from apps.plans.models import Plan
from tests.documents.filled import fill
from tests.documents.malformed import PROJECT, goal_table
from tests.plans.conftest import FIXTURES, NOW

D = Decimal
AT = datetime(2026, 9, 6, 1, 30, tzinfo=UTC)
HEADS = ("绩效指标", "一级指标", "二级指标", "三级指标", "指标值")
FORM = (
    ("项目支出绩效目标申报表",),
    ("（2026年度）",),
    ("项目名称", "体育场馆开放经费"),
    ("主管部门及代码", "某某局（127001）", "实施单位", "场馆中心"),
    ("项目属性", "延续项目", "项目期", "2026年1月至2028年12月"),
    ("项目资金\n（万元）", "年度资金总额：", 120.5),
    (None, "其中：财政拨款", 100),
    (None, "其他资金", 20.5),
    ("总体目标", "年度目标"),
    (None, "目标1：开放场馆\n目标2：服务市民"),
    HEADS,
    (None, "产出指标", "数量指标", "开放场馆数", "≥12个"),
    (None, None, None, "开放天数", "≥300天"),
    (None, None, "质量指标", "指标1：验收合格率", "100%"),
    (None, "效益指标", "社会效益指标", "指标1：", None),
    (None, "满意度指标", "服务对象满意度指标", "市民满意度", "≥90%"),
    ("备注：无",),
)


def book(*sheets):
    """Return an .xlsx of `(name, rows, merged)`, merged as `(top, left, bottom, right)`."""
    target = BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    for name, rows, merged in sheets:
        sheet = workbook.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if value is not None:
                    sheet.write(row, column, value)
        for top, left, bottom, right in merged:
            sheet.merge_range(top, left, bottom, right, rows[top][left])
    workbook.close()
    return target.getvalue()


def form(*changes, rows=FORM, merged=()):
    """Return an .xlsx of one form, some of its rows changed as `(row, cells)`; rows count from 0, None takes one out."""
    kept = list(rows)
    for row, cells in changes:
        kept[row] = cells
    return book(("申报表", [cells for cells in kept if cells is not None], merged))


def read(content):
    return read_plans(content, "申报表.xlsx")


def lines(plan):
    return [(line.level1, line.level2, line.name, line.target_text) for line in plan.indicators]


def test_a_form_is_read_as_printed():
    (plan,) = read(form())

    assert plan.layout is Layout.DECLARATION
    assert (plan.sheet, plan.year, plan.is_in_wan, plan.notes) == ("申报表", 2026, True, ())
    assert str(plan.project_name) == "体育场馆开放经费"
    assert (str(plan.bureau_code), str(plan.bureau_name), str(plan.implementer)) == ("127001", "某某局", "场馆中心")
    assert (plan.attribute, plan.starts_on, plan.ends_on) == (
        Attribute.CONTINUING,
        date(2026, 1, 1),
        date(2028, 12, 31),
    )
    assert (plan.amount, plan.funding) == (D(1_205_000), {"fiscal": D(1_000_000), "other": D(205_000)})
    assert [(goal.number, goal.text) for goal in plan.goals] == [(1, "开放场馆"), (2, "服务市民")]
    assert plan.term_goals == ()
    assert lines(plan) == [
        (Level1.OUTPUT, Level2.QUANTITY, "开放场馆数", "≥12个"),
        (Level1.OUTPUT, Level2.QUANTITY, "开放天数", "≥300天"),
        (Level1.OUTPUT, Level2.QUALITY, "验收合格率", "100%"),
        (Level1.SATISFACTION, Level2.SATISFACTION, "市民满意度", "≥90%"),
    ]
    assert all((line.goal, line.is_paired, line.weight) == (None, False, None) for line in plan.indicators)
    assert plan.indicators[0].sentence == "开放场馆数：≥12个"
    assert str(plan.indicators[0].address) == "工作表“申报表”第 12 行 D 列"
    assert str(plan.addresses["attribute"]) == "工作表“申报表”第 5 行 B 列"


def test_merged_blocks_read_the_same_as_cells_left_empty():
    merged = [
        (2, 1, 2, 4),
        (5, 0, 7, 0),
        (8, 1, 8, 4),
        (9, 1, 9, 4),
        (10, 0, 15, 0),
        (11, 1, 14 - 1, 1),
        (11, 2, 12, 2),
    ]

    assert read(form(merged=merged)) == read(form())


def test_the_central_form_has_the_period_beside_the_year():
    rows = (
        ("项目支出绩效目标申报表",),
        ("（2026年度）",),
        ("项目名称", "体育场馆开放经费"),
        ("主管部门及代码", "[127001]某某局", "", "实施单位", "场馆中心"),
        ("项目属性", "延续项目", "", "项目期", "2026-2028年"),
        ("项目资金（万元）", "中期资金总额：", 300, "年度资金总额：", 120),
        ("", "其中：财政拨款", 250, "其中：财政拨款", 100),
        ("", "其他资金", 50, "其他资金", 20),
        ("总体目标", "中期目标（2026年—2028年）", "", "年度目标", ""),
        ("", "目标1：三年开放全部场馆", "", "目标1：开放场馆", ""),
        ("绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"),
        ("", "产出指标", "数量指标", "三年开放数", "≥36个", "数量指标", "开放场馆数", "≥12个"),
    )
    merged = [(8, 1, 8, 2), (8, 3, 8, 4), (9, 1, 9, 2), (9, 3, 9, 4)]

    (plan,) = read(form(rows=rows, merged=merged))

    assert (plan.amount, plan.funding) == (D(1_200_000), {"fiscal": D(1_000_000), "other": D(200_000)})
    assert [goal.text for goal in plan.goals] == ["开放场馆"]
    assert [goal.text for goal in plan.term_goals] == ["三年开放全部场馆"]
    assert (str(plan.bureau_code), str(plan.bureau_name)) == ("127001", "某某局")
    assert lines(plan) == [(Level1.OUTPUT, Level2.QUANTITY, "开放场馆数", "≥12个")]


def test_local_columns_say_sign_unit_points_and_goal():
    heads = ("绩效指标", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "分值", "对应目标")
    rows = [
        (10, heads),
        (11, (None, "产出指标", "数量指标", "开放场馆数", "≥", 12, "个", 20, "目标1")),
        (12, (None, None, None, "开放率", "大于等于", 80, "百分比", "10分", 2)),
        (13, (None, None, "质量指标", "验收", "定性", "合格", None, "12.5", 9)),
        (14, (None, "效果", "社会效益", "收入", "≥", "≥5", "万元", None, None)),
    ]

    (plan,) = read(form(*rows))

    assert [(line.target_text, line.sign, line.unit, line.weight) for line in plan.indicators[:4]] == [
        ("≥12个", "≥", "个", D(20)),
        ("≥80%", "大于等于", "百分比", D(10)),
        ("合格", "定性", None, D("12.5")),
        ("≥5万元", "≥", "万元", None),
    ]
    assert [(line.goal, line.is_paired) for line in plan.indicators[:3]] == [(1, True), (2, True), (None, False)]


@pytest.mark.parametrize(
    ("value", "sign", "unit", "expected"),
    [
        ("12", "≥", "个", "≥12个"),
        ("≥12", "≥", "个", "≥12个"),
        ("12个", "≥", "个", "≥12个"),
        ("80", "≥", "百分比", "≥80%"),
        ("10-20", None, "人", "10-20人"),
        ("合格", "定性", "项", "合格"),
        ("2026-12-31", "≤", None, "≤2026-12-31"),
        ("", "≥", "个", ""),
    ],
)
def test_a_target_in_three_columns_is_one_text(value, sign, unit, expected):
    assert target_words(value, sign, unit) == expected


@pytest.mark.parametrize(
    ("level1", "level2", "expected"),
    [
        ("产出", "数量", (Level1.OUTPUT, Level2.QUANTITY)),
        ("产出指标（50分）", "时效指标", (Level1.OUTPUT, Level2.TIMELINESS)),
        ("效果指标", "可持续发展影响指标", None),
        ("效益指标", "可持续影响指标", (Level1.BENEFIT, Level2.SUSTAINABLE)),
        ("成本指标", "生态环境成本指标", (Level1.COST, Level2.ECOLOGICAL_COST)),
        ("满意度指标", None, (Level1.SATISFACTION, Level2.SATISFACTION)),
        (None, "质量指标", (Level1.OUTPUT, Level2.QUALITY)),
        (None, "成本指标", (Level1.OUTPUT, Level2.COST)),
        (None, "经济成本指标", (Level1.COST, Level2.ECONOMIC_COST)),
        ("其它", "数量指标", None),
        ("产出指标", None, None),
    ],
)
def test_classes_have_several_names_and_an_unknown_one_is_told(level1, level2, expected):
    content = form((11, (None, level1, level2, "甲", "≥1个")), (12, None), (13, None), (14, None), (15, None))

    if expected is None:
        with pytest.raises(refusals.ClassUnknown, match=r"工作表“申报表”第 12 行 [BCD] 列"):
            read(content)
    else:
        assert lines(read(content)[0]) == [(*expected, "甲", "≥1个")]


def test_several_forms_in_one_sheet_and_on_several():
    second = [*FORM[:2], ("项目名称", "乙项目"), *FORM[3:]]
    third = [("项目支出绩效目标申报表（2027年度）",), ("项目名称：丙项目",), *FORM[3:]]
    content = book(("一", [*FORM, *second], ()), ("二", third, ()), ("三", [("无关",)], ()))

    plans = read(content)

    assert [(str(plan.project_name), plan.year, len(plan.indicators)) for plan in plans] == [
        ("体育场馆开放经费", 2026, 4),
        ("乙项目", 2026, 4),
        ("丙项目", 2027, 4),
    ]


def test_both_layouts_in_one_file_are_read():
    both = read(goal_table(PROJECT)) + read(form())

    assert [plan.layout for plan in both] == [Layout.GOAL_TABLE, Layout.DECLARATION]


@pytest.mark.parametrize(
    ("label", "amount", "expected"),
    [("项目资金（元）", 120.5, D("120.5")), ("项目资金（万元）", "—", D(1_205_000)), ("项目资金", 120.5, D(1_205_000))],
)
def test_money_is_in_the_unit_of_its_label_and_a_missing_total_is_the_sum(label, amount, expected):
    (plan,) = read(form((5, (label, "年度资金总额", amount))))

    assert plan.amount == expected
    assert bool(plan.notes) == (label == "项目资金")


def test_goals_may_stand_beside_their_label():
    (beside,) = read(form((8, ("年度总体目标", "1.开放场馆\n2.服务市民")), (9, None)))
    (whole,) = read(form((8, ("总体目标", "开放场馆，服务市民")), (9, None)))

    assert [goal.text for goal in beside.goals] == ["开放场馆", "服务市民"]
    assert [(goal.number, goal.text) for goal in whole.goals] == [(1, "开放场馆，服务市民")]


@pytest.mark.parametrize(
    ("change", "kind", "sentence"),
    [
        ((2, ("项目名称", None)), refusals.ProjectUnnamed, "第 3 行 A 列没有写项目名称"),
        ((4, ("项目属性", "其他", "项目期", "一年")), refusals.AttributeUnknown, "第 5 行 B 列写的是“其他”"),
        ((4, ("项目属性", "新增", "项目期", "长期")), refusals.PeriodUnreadable, "第 5 行 D 列写的是“长期”"),
        ((6, (None, "其中：财政拨款", "若干")), refusals.MoneyUnreadable, "第 7 行 C 列写的是“若干”"),
        ((10, HEADS[:4]), refusals.HeadMissing, "第 11 行是绩效指标的表头，缺少：指标值"),
        ((10, (None, "其他需要说明")), refusals.HeadMissing, "第 3 行起的申报表缺少绩效指标的表头"),
        ((2, ("名称", "甲")), refusals.HeadMissing, "有绩效指标的表头，缺少：项目名称"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_cell(change, kind, sentence):
    with pytest.raises(kind) as refused:
        read(form(change))

    assert sentence in str(refused.value)


def test_points_that_are_none_are_told():
    heads = (*HEADS, "分值")

    with pytest.raises(refusals.WeightUnreadable, match="第 12 行 F 列写的是“很多”"):
        read(form((10, heads), (11, (None, "产出指标", "数量指标", "甲", "≥1个", "很多"))))


def test_an_empty_template_holds_no_plan_and_a_filled_one_a_plan():
    with pytest.raises(sheets.WorkbookEmpty, match="只有表头"):
        read(layouts.declaration_template(2027))


# --- there and back -----------------------------------------------------------------------------------------------------


@pytest.fixture
def published(db):
    load_published(folder=FIXTURES / "2016", schemes=FIXTURES / "schemes", at=NOW)
    plans = Plan.objects.exclude(approved__goals=None).select_related(
        "project__bureau", "project__division", "approved"
    )
    return plans.distinct().get()


def test_the_plan_of_2016_in_the_present_form_is_read_back(published):
    written = queries.declaration_form(published, date(2016, 9, 6))
    version = written.form.version

    (printed,) = read(layouts.declaration_workbook(written, AT))

    assert (str(printed.bureau_code), str(printed.bureau_name)) == ("127001", "广州市来穗人员服务管理局")
    assert (str(printed.project_number), str(printed.project_name)) == (
        published.project.number,
        published.project.name,
    )
    assert (printed.year, printed.attribute, printed.amount) == (2016, version.attribute, written.form.initial)
    assert (printed.starts_on, printed.ends_on) == (version.starts_on, version.ends_on)
    assert printed.funding == written.funding
    assert [line.text for line in printed.directions] == [row.text for row in written.form.directions]
    assert [(goal.number, goal.text) for goal in printed.goals] == [
        (terms.goal.number, terms.original_text) for terms, _texts in written.form.goals
    ]
    assert [(line.level1, line.level2, line.name, line.goal, line.weight) for line in printed.indicators] == [
        (terms.level1, terms.level2, terms.name, terms.goal.number, terms.weight) for terms, _target in written.aims
    ]
    assert [line.target_text for line in printed.indicators] == [
        printed_target(terms, target, 2016) for terms, target in written.aims
    ]


def test_the_targets_of_2016_are_printed_as_they_are_read(published):
    aims = queries.declaration_form(published, date(2016, 9, 6)).aims
    texts = {terms.indicator.code: printed_target(terms, target, 2016) for terms, target in aims}

    assert texts == {
        "1-1": "力争≥90%（待定）（每一个）",
        "1-2": "力争≥80%",
        "2-1": "每1人配备0.5台",
        "3-1": "力争出管中心等窗口购置物品达标：服务物窗口和办公场所舒适明亮，上墙制度规范，宣传栏美观牢固。 符合日常办公需要",
        "4-1": "2016年12月31日前",
        "5-1": "力争=100%",
        "5-2": "力争≥95%",
        "6-1": "比上年下降",
        "7-1": "比上年同期下降",
        "7-2": "比上年同期下降",
        "8-1": "=待定个（2015年为4500个）",
        "9-1": "=100%",
        "10-1": "=4500人（暂定）",
        "11-1": "=100%",
        "12-1": "=100%",
    }
    for terms, target in aims:
        reading = read_target(texts[terms.indicator.code], year=2016)
        said = (reading.scoring_operator, reading.status, reading.is_soft)
        assert said == (target.operator, target.status, terms.is_soft)


def test_any_plan_is_read_back(db):
    filled = fill()
    written = queries.declaration_form(filled.plan, date(2016, 9, 6))

    (printed,) = read(layouts.declaration_workbook(written, AT))

    assert str(printed.project_name) == filled.plan.project.name
    assert {line.name: line.target_text for line in printed.indicators} == {
        "=指标1": "≥80%",
        "=指标2": "2016年12月31日前",
        "=指标3": "=100%",
    }
    assert printed.funding == {"fiscal": D(40_200_000), "other": D(1_000_000)}


def test_a_form_costs_the_same_with_an_indicator_less(db, django_assert_max_num_queries):
    filled = fill()
    with django_assert_max_num_queries(12):
        queries.declaration_form(filled.plan, date(2016, 9, 6))


@pytest.mark.parametrize(
    ("target", "unit", "kind", "expected"),
    [
        ({"operator": "at_least", "value": D("80.00")}, "%", "ratio", "≥80%"),
        ({"operator": "at_least", "value": D("0.5")}, "台/人", "ratio", "每1人配备0.5台"),
        ({"operator": "at_most", "value": D(2)}, "人/台", "ratio", "≤2人/台"),
        ({"operator": "at_most", "value": D(402_000)}, "元", "money", "≤40.2万元"),
        ({"operator": "range", "value": D(10), "high": D(20)}, "人", "number", "10～20人"),
        ({"operator": "equal", "value": D(4500), "status": "provisional"}, "人", "number", "=4500人（暂定）"),
        ({"operator": "less_than", "basis": "last_year"}, "件", "number", "比上年下降"),
        ({"operator": "at_most", "basis": "same_period"}, "件", "number", "不高于上年同期"),
        ({"operator": "at_most", "basis": "last_year", "factor": D("0.95")}, "件", "number", "比上年下降5%"),
        ({"operator": "at_least", "basis": "last_year", "offset": D(10)}, "件", "number", "比上年增长10件"),
        ({"operator": "equal", "basis": "last_year"}, "件", "number", "与上年持平"),
        ({"operator": "less_than", "basis": "mean_of_years", "years": 5}, "件", "number", "比前五年平均下降"),
        ({"operator": "date", "due_on": date(2026, 6, 30)}, "", "milestone", "2026年6月30日前"),
        ({"operator": "qualitative"}, "", "judgement", "达标"),
    ],
)
def test_a_target_is_written_so_that_it_is_read_again(target, unit, kind, expected):
    whole = {
        "basis": "fixed", "value": None, "high": None, "due_on": None, "factor": D(1), "offset": D(0), "years": None,
        "status": "final", "scope": "together", "reference_value": None, "reference_year": None,
    } | target  # fmt: skip
    measure = SimpleNamespace(unit_name=unit, kind=kind)
    terms = SimpleNamespace(
        indicator=SimpleNamespace(measure=measure), is_soft=False, name="甲", original_text="甲：达到80%"
    )

    text = printed_target(terms, SimpleNamespace(**whole), 2026)
    reading = read_target(text, year=2026)

    assert text == expected
    assert not reading.is_ambiguous
    assert reading.scoring_operator == whole["operator"]
