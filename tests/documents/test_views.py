"""Official forms read back cell by cell, and files for those who may see what they prove."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from apps.accounts.enums import Role
from apps.assessments.queries import scorecard
from apps.files.actions import store_file
from apps.journal.actions import Change, record
from apps.journal.enums import Verb
from apps.plans.models import Plan
from apps.progress.enums import RevisionOrigin
from apps.progress.models import Entry, Revision
from tests.documents.filled import EVIL, fill, report
from tests.factories import (
    BureauFactory,
    DivisionFactory,
    EntryFactory,
    GoalTermsFactory,
    MeasureMemberFactory,
    MemberFactory,
    PlanFactory,
    PlanVersionFactory,
    ReviewFactory,
    RevisionFactory,
    TargetFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2016, 9, 6, 1, 30, tzinfo=UTC)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READERS = (Role.REPORTER, Role.HEAD, Role.OFFICER, Role.LEADER, Role.FINANCE, Role.AUDITOR)
FORMS = ("documents:assessment_workbook", "documents:plan_workbook")


@pytest.fixture(autouse=True)
def _september():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def filled():
    return fill()


@pytest.fixture
def officer(client, filled):
    """Return the client, signed in as the performance officer of the plan's bureau."""
    client.force_login(UserFactory(role=Role.OFFICER, unit=filled.plan.project.bureau))
    return client


def ask(client, form, plan):
    return client.get(reverse(form, args=[plan.pk]))


def cells(response):
    """Return the rows of the one sheet, as a list of lists."""
    book = CalamineWorkbook.from_filelike(BytesIO(response.content))
    assert len(book.sheet_names) == 1
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_the_end_of_the_journal_is_printed_at_the_foot(officer, filled):
    bureau = filled.plan.project.bureau
    (event,) = record(bureau=bureau, actor=None, changes=[Change(Verb.LOAD, filled.plan)], at=NOW)

    with ZipFile(BytesIO(ask(officer, "documents:assessment_workbook", filled.plan).content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert f"日志锚 {event.number} · {event.hash[:12]}" in sheet


def name_of(response):
    kind, _sep, name = response["Content-Disposition"].partition("; filename*=utf-8''")
    assert kind == "attachment"
    return unquote(name)


def explained(line):
    is_full = line.score.points == line.score.weight
    return line.score.sentence.zh if is_full else f"{line.score.sentence.zh}\n偏差原因及改进措施："


def test_the_assessment_is_the_standard_form_filled_from_the_database(officer, filled):
    plan = Plan.objects.select_related("project__execution", "approved__scheme").get()
    card = scorecard(plan, date(2016, 9, 6))
    lines = {line.terms.pk: line for line in card.lines}
    rate, milestone, unreported = (lines[row.pk] for row in (filled.rate, filled.milestone, filled.unreported))
    project = plan.project

    rows = cells(ask(officer, "documents:assessment_workbook", plan))

    e = ""
    assert rows == [
        ["项目支出绩效自评表", e, e, e, e, e, e, e, e],
        ["（2016年度）", e, e, e, e, e, e, e, e],
        ["项目名称", f"{EVIL}项目", e, e, e, e, e, e, e],
        ["主管部门", project.bureau.name, e, e, e, "实施单位", project.bureau.name, e, e],
        [
            "项目资金\n（万元）",
            e,
            e,
            "年初预算数",
            "全年预算数（A）",
            "全年执行数（B）",
            "分值",
            "执行率（B/A，%）",
            "得分",
        ],
        [e, "年度资金总额", e, 4120, 4150, 2075, 10, 50, 5],
        [e, "其中：当年财政拨款", e, 4020, 4000, 2000, "—", 50, "—"],
        [e, "上年结转资金", e, "—", 50, "—", "—", "—", "—"],
        [e, "其他资金", e, 100, 100, 75, "—", 75, "—"],
        ["年度\n总体目标", "预期目标", e, e, e, "实际完成情况", e, e, e],
        [
            e,
            "目标1：=目标文字，已订正\n目标2：第二个目标",
            e,
            e,
            e,
            "目标1：=指标1 70.00 %；=指标2 通过。\n目标2：=指标3 未报。",
            e,
            e,
            e,
        ],
        [
            "绩效指标",
            "一级指标",
            "二级指标",
            "三级指标",
            "年度指标值",
            "实际完成值",
            "分值",
            "得分",
            "偏差原因分析及改进措施",
        ],
        [e, "产出指标", "数量指标", "2-3 =指标3", "= 100 %", "未报", 27.5, "暂不计分", explained(unreported)],
        [e, e, "质量指标", "1-2 =指标2", "2016-12-31 前通过", "通过", 22.5, 22.5, explained(milestone)],
        [e, "效益指标", "社会效益指标", "1-1 =指标1", "≥ 80 %", "70.00 %", 40, 35, explained(rate)],
        ["总分", e, e, e, e, e, 100, float(card.total.points), card.total.sentence.zh],
        [f"评分方案：{card.scheme.name.zh}（{card.scheme.source.zh}）。", e, e, e, e, e, e, e, e],
        ["年度尚未结束：得分是按目前已审核数据的试算，不是年末得分。", e, e, e, e, e, e, e, e],
    ]
    assert card.total.points == Decimal("62.50")


def test_a_zero_is_printed_as_zero_and_an_unknown_as_a_dash(officer, filled):
    for revision in Revision.objects.filter(entry__measure=filled.plan.project.execution):
        report(revision.entry, value=Decimal(0))

    rows = cells(ask(officer, "documents:assessment_workbook", filled.plan))

    assert rows[5][5:] == [0, 10, 0, 0]
    assert rows[7][3:] == ["—", 50, "—", "—", "—", "—"]


def test_a_figure_that_is_not_the_whole_says_who_is_missing(officer, filled):
    measure = filled.rate.indicator.measure
    late = MemberFactory(bureau=measure.bureau, name="从化区")
    MeasureMemberFactory(measure=measure, member=late)
    EntryFactory(measure=measure, member=late, round=filled.round)
    own = filled.plan.project.execution.entries.get(member__code="own")
    Entry.objects.filter(pk=own.pk).update(approved=None)

    rows = cells(ask(officer, "documents:assessment_workbook", filled.plan))

    assert rows[14][5] == "70.00 %\n（1/2 已审，缺：从化区）"
    assert rows[14][7] == "暂不计分"
    assert "执行数不完整：有资金来源未报，不得作为全部执行数引用。" in [row[0] for row in rows]


def test_nothing_out_of_nothing_is_not_applicable(officer, filled):
    report(filled.rate.indicator.measure.entries.get(), value=None, numerator=Decimal(0), denominator=Decimal(0))

    assert cells(ask(officer, "documents:assessment_workbook", filled.plan))[14][5] == "不适用"


def test_without_a_reported_month_the_money_spent_is_unknown(officer, filled):
    entries = filled.plan.project.execution.entries
    entries.update(approved=None)

    rows = cells(ask(officer, "documents:assessment_workbook", filled.plan))

    assert rows[5][3:] == [4120, 4150, "—", 10, "—", "暂不计分"]
    assert rows[6][5] == "—"


def test_suggested_weights_are_said_to_be_suggestions(client):
    plan = fill(are_weights_suggested=True).plan
    client.force_login(UserFactory(role=Role.OFFICER, unit=plan.project.bureau))

    rows = cells(ask(client, "documents:assessment_workbook", plan))

    assert rows[-1][0] == "指标分值为建议值，原绩效目标表没有给出分值，须经确认。"


def test_the_form_is_chinese_on_an_english_page(officer, filled):
    officer.cookies["perftrack_language"] = "en"

    rows = cells(ask(officer, "documents:assessment_workbook", filled.plan))

    assert rows[12][1:3] == ["产出指标", "数量指标"]
    assert rows[12][5] == "未报"


@pytest.mark.parametrize("form", FORMS)
def test_no_text_becomes_a_formula_or_a_link(officer, filled, form):
    response = ask(officer, form, filled.plan)

    with ZipFile(BytesIO(response.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<hyperlink" not in sheet
        assert not any("calcChain" in name for name in book.namelist())


@pytest.mark.parametrize("form", FORMS)
def test_the_sheet_prints_on_a4_across_and_one_page_wide(officer, filled, form):
    with ZipFile(BytesIO(ask(officer, form, filled.plan).content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()

    assert 'paperSize="9"' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert "宋体" in styles
    assert "黑体" in styles


def test_the_plan_is_the_table_of_2016_word_for_word(officer, filled):
    project = filled.plan.project
    e = ""

    rows = cells(ask(officer, "documents:plan_workbook", filled.plan))

    assert rows == [
        ["项目绩效目标表", *[e] * 9],
        [f"部门名称：{project.bureau.name}", *[e] * 4, "单位：万元", *[e] * 4],
        [
            "序号",
            "单位名称",
            "项目名称",
            "项目属性",
            "项目起止时间",
            "2016年项目预算金额",
            "项目内容及资金支出方向",
            "项目绩效目标",
            "项目主要绩效指标",
            "上年度项目绩效完成情况",
        ],
        [
            "1",
            project.bureau.name,
            f"{EVIL}项目",
            "持续项目",
            "2016-01-01\n至\n2016-12-31",
            4120,
            "1.@融合社区建设\n2.示范区建设",
            "1.-原文目标一，服务物窗口",
            "纳管率达80%",
            "+2015年全部完成",
        ],
        [e, e, e, e, e, e, e, "2.原文目标二", "=答复率：100%", e],
        ["备注：1.项目属性可选：新增项目、持续项目、跨年度项目。", *[e] * 9],
        ["2.资金支出方向按经济分类科目填写，如会议费、培训费、办公费等。", *[e] * 9],
        ["3.项目主要绩效指标填写三个以上关键指标的内容及预计完成值，如：体育场馆开放率达到70%。", *[e] * 9],
        ["4.上年度项目绩效完成情况包括上年度预算完成情况和绩效目标完成情况。", *[e] * 9],
        [f"项目编号：{project.number}", *[e] * 9],
    ]


def test_a_plan_without_goals_invents_none(client):
    plan = PlanVersionFactory(scheme=None, attribute="").plan
    client.force_login(UserFactory(role=Role.OFFICER, unit=plan.project.bureau))

    rows = cells(ask(client, "documents:plan_workbook", plan))

    assert rows[3][3] == ""
    assert rows[3][5] == "—"
    assert rows[3][6:] == ["", "", "", ""]
    assert rows[-1][0] == "该项目未设绩效目标。"
    assert ask(client, "documents:assessment_workbook", plan).status_code == 404


def test_a_plan_that_nobody_approved_has_no_form(client):
    plan = PlanFactory()
    client.force_login(UserFactory(role=Role.OFFICER, unit=plan.project.bureau))

    assert [ask(client, form, plan).status_code for form in FORMS] == [404, 404]


def test_a_text_too_long_for_a_cell_says_that_it_was_cut(client):
    version = PlanVersionFactory()
    GoalTermsFactory(version=version, original_text="目" * 40_000)
    client.force_login(UserFactory(role=Role.OFFICER, unit=version.plan.project.bureau))

    text = cells(ask(client, "documents:plan_workbook", version.plan))[3][7]

    assert len(text) == 32_767
    assert text.endswith("…（文字过长，未全部列出）")


def test_the_download_has_a_chinese_name_that_every_system_takes(officer, filled):
    response = ask(officer, "documents:assessment_workbook", filled.plan)

    assert response["Content-Type"] == EXCEL
    assert "no-store" in response["Cache-Control"]
    assert name_of(response) == "项目支出绩效自评表_2016_=HYPERLINK(_http_example.test_,_去_)项目.xlsx"
    assert name_of(ask(officer, "documents:plan_workbook", filled.plan)).startswith("项目绩效目标表_2016_")


@pytest.mark.parametrize("which", ["execution", "rate"])
def test_made_up_figures_are_named_in_the_file_and_in_its_name(officer, filled, which):
    money, rate = filled.plan.project.execution.entries.first(), filled.rate.indicator.measure.entries.get()
    if which == "execution":
        report(money, value=Decimal(1), origin=RevisionOrigin.DEMONSTRATION)
    else:
        report(rate, value=None, numerator=1, denominator=2, origin=RevisionOrigin.DEMONSTRATION)

    response = ask(officer, "documents:assessment_workbook", filled.plan)

    assert name_of(response).endswith("_演示.xlsx")
    assert cells(response)[-1][0] == "演示数据：表中的完成值和执行数含虚构数字，不得上报或引用。"
    assert "演示" not in name_of(ask(officer, "documents:plan_workbook", filled.plan))


def test_a_made_up_figure_marks_the_file_of_the_days_on_which_it_counted(officer, filled):
    entry = filled.rate.indicator.measure.entries.get()
    report(entry, value=None, numerator=1, denominator=2, origin=RevisionOrigin.DEMONSTRATION)
    real = RevisionFactory(entry=entry, value=None, numerator=1, denominator=2)
    ReviewFactory(revision=real, reviewed_at=NOW)
    path = reverse("documents:assessment_workbook", args=[filled.plan.pk])

    then = officer.get(f"{path}?as_of=2016-09-05")

    assert name_of(then).endswith("_演示.xlsx")
    assert cells(then)[-1][0].startswith("演示数据")
    assert "演示" not in name_of(ask(officer, "documents:assessment_workbook", filled.plan))


def test_a_made_up_figure_that_does_not_count_does_not_mark_the_file(officer, filled):
    entry = filled.unreported.indicator.measure.entries.get()
    Revision.objects.create(
        entry=entry,
        number=1,
        numerator=1,
        denominator=1,
        origin=RevisionOrigin.DEMONSTRATION,
        submitted_by=UserFactory(),
        submitted_at=NOW,
    )

    assert "演示" not in name_of(ask(officer, "documents:assessment_workbook", filled.plan))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("role", READERS)
def test_whoever_may_see_the_plan_gets_the_forms(client, filled, form, role):
    client.force_login(UserFactory(role=role, unit=filled.plan.project.bureau))

    assert ask(client, form, filled.plan).status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_whoever_may_not_see_the_plan_does_not_learn_that_it_is_there(client, filled, form):
    for person in (
        UserFactory(role=Role.ADMIN, unit=filled.plan.project.bureau),
        UserFactory(role=Role.OFFICER, unit=BureauFactory()),
        UserFactory(role=Role.HEAD, unit=DivisionFactory(parent=filled.plan.project.bureau)),
        UserFactory(),
    ):
        client.force_login(person)
        assert ask(client, form, filled.plan).status_code == 404
    client.logout()
    assert ask(client, form, filled.plan).status_code == 302


@pytest.mark.parametrize("is_small", [False, True])
@pytest.mark.parametrize(("form", "cost"), [("documents:assessment_workbook", 19), ("documents:plan_workbook", 9)])
def test_a_form_costs_the_same_with_one_indicator_and_with_three(
    client, form, cost, is_small, django_assert_num_queries
):
    plan = fill(is_small=is_small).plan
    client.force_login(UserFactory(role=Role.OFFICER, unit=plan.project.bureau))
    ask(client, form, plan)
    with django_assert_num_queries(cost):
        ask(client, form, plan)


@pytest.fixture
def stored(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return store_file(content=ContentFile(b"%PDF-1.4 proof"), name="证明.pdf", person=UserFactory(), at=NOW)


def test_the_document_of_a_target_is_for_whoever_sees_the_indicator(client, stored):
    target = TargetFactory(file=stored, document="穗府〔2016〕12号")
    bare = TargetFactory(indicator=target.indicator, number=2)
    client.force_login(UserFactory(role=Role.LEADER, unit=target.indicator.plan.project.bureau))

    response = client.get(reverse("documents:target_document", args=[target.pk]))

    assert b"".join(response.streaming_content) == b"%PDF-1.4 proof"
    assert name_of(response) == "穗府〔2016〕12号.pdf"
    assert client.get(reverse("documents:target_document", args=[bare.pk])).status_code == 404
    client.force_login(UserFactory(role=Role.LEADER))
    assert client.get(reverse("documents:target_document", args=[target.pk])).status_code == 404
