"""A plan in a real browser: from the office's Excel file to an approved plan with a reporter behind every figure."""

import re
from io import BytesIO

import pytest
import xlsxwriter
from playwright.sync_api import expect

from apps.plans.models import Plan
from apps.plans.queries.contents import content_of
from apps.progress import tasks
from apps.progress.models import Entry
from tests.documents.malformed import HEADS

pytestmark = pytest.mark.django_db(transaction=True)

PROJECT = "社区融合服务站建设经费"
HEAD = ("1", "广州市来穗人员服务管理局", PROJECT, "新增项目", "2016-01-01至2016-12-31", 120)
DIRECTIONS = "1.办公费：服务站建设 80万元\n2.培训费：融合培训 40万元"
GOALS = (
    ("1.建成一批社区融合服务站", "新建社区融合服务站：不少于11个\n服务站验收合格率：100%"),
    ("2.按期办好融合培训", "举办融合培训班：10期以上\n培训完成时间：2016年11月底前\n单个服务站建设成本：不超过8万元"),
    ("3.让来穗人员满意", "来穗人员满意度：达到90%\n社区矛盾投诉：不超过20件"),
)


def table() -> bytes:
    """Return the performance target table as an office fills it in: merged cells, a goal a row."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("目标表")
    sheet.merge_range(0, 0, 0, 9, "项目绩效目标表")
    sheet.write(1, 9, "单位：万元")
    sheet.write_row(2, 0, HEADS)
    last = 2 + len(GOALS)
    for column, value in enumerate((*HEAD, DIRECTIONS)):
        sheet.merge_range(3, column, last, column, value)
    for row, words in enumerate(GOALS, start=3):
        sheet.write_row(row, 7, words)
    book.close()
    return target.getvalue()


def serve_goals(page):
    """Say of every spending direction which goal it serves."""
    for number in (1, 2):
        piece = page.locator(f"#piece-directions-{number}")
        piece.get_by_role("link", name=re.compile("^修改")).click()
        piece.locator(f"input[name=goals][value='{number}']").check()
        piece.get_by_role("button", name="保存").click()
        expect(piece).to_contain_text(f"对应目标 {number}")


def give_words(page):
    """Answer every warning of the plan check in a sentence of its own."""
    panel = page.locator(".plan-checks")
    while panel.locator(".plan-check-form:visible").count():
        left = panel.locator(".plan-check-form:visible").count()
        sentence = panel.locator(".plan-check").filter(has=page.locator(".plan-check-form:visible")).first
        words = sentence.locator(".plan-check-sentence").inner_text()
        form = panel.locator(".plan-check-form:visible").first
        form.get_by_label("说明").fill(f"已与处室核实，年中补齐：{words[:20]}")
        form.get_by_role("button", name="保存").click()
        expect(panel.locator(".plan-check-form:visible")).to_have_count(left - 1)


def test_an_officer_takes_an_excel_file_to_an_approved_plan(sign_in, start_worker, redis_url):
    start_worker()
    officer = sign_in("officer")
    officer.get_by_role("link", name="目标", exact=True).click()
    officer.get_by_role("link", name="从 Excel 导入").click()
    officer.locator("input[type=file]").set_input_files(
        {"name": "融合服务站.xlsx", "mimeType": "application/octet-stream", "buffer": table()}
    )
    officer.get_by_role("button", name="上传并读取").click()

    officer.get_by_role("link", name=PROJECT).click()
    expect(officer.locator("main")).to_contain_text("≥ 11 个")
    expect(officer.locator("main")).to_contain_text("2016-11-30 前通过")
    assert not Plan.objects.filter(project__name=PROJECT).exists()
    officer.get_by_label("责任处室").select_option(label="出租屋管理处（演示）")
    officer.get_by_role("button", name="保存项目").click()
    officer.get_by_role("button", name=re.compile("处待核，全部确认无误")).click()
    officer.get_by_role("button", name="确认，写成草稿").click()

    expect(officer).to_have_url(re.compile(r"/plans/\d+/$"))
    officer.get_by_role("button", name=re.compile("个未定指标平分")).click()
    expect(officer.locator(".ed-weights")).to_contain_text("正好")
    officer.get_by_role("button", name="确认 7 个建议分值").click()
    expect(officer.get_by_role("button", name="确认 7 个建议分值")).to_have_count(0)
    serve_goals(officer)
    officer.get_by_role("button", name=re.compile("撤销上一步")).click()
    expect(officer.locator("#piece-directions-2")).to_contain_text("没有对应的目标")
    serve_goals(officer)
    expect(officer.get_by_text("由出租屋管理处（演示）填报：演示填报人")).to_have_count(7)
    give_words(officer)
    expect(officer.locator(".plan-checks")).to_contain_text("体检通过，可以提交。")
    officer.get_by_role("button", name="提交审核").click()
    expect(officer.get_by_text("已提交，正在等处室负责人审核。")).to_be_visible()

    for person, button in (("head", "通过"), ("leader", "同意，批复")):
        page = sign_in(person)
        expect(page.locator("main")).to_contain_text("等您审核的目标")
        page.get_by_role("link", name=re.compile(PROJECT)).first.click()
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_text("已通过。").or_(page.get_by_text("已批复").first).first).to_be_visible()

    plan = Plan.objects.get(project__name=PROJECT)
    said = content_of(plan.approved)
    assert (plan.approved.number, plan.approved.approved_by.username) == (1, "leader")
    assert sum(row.weight for row in said.indicators) == 90
    assert [row.amount for row in said.directions] == [800_000, 400_000]
    assert [step.kind for step in plan.approved.steps.all()] == ["submitted", "passed", "passed_over", "passed"]

    tasks.open_rounds_of_new_plans()
    assert Entry.objects.filter(measure__indicators__plan=plan).exists()
    reporter = sign_in("reporter")
    expect(reporter.locator("main")).to_contain_text("新建社区融合服务站")


def test_an_approved_plan_is_adjusted_by_request_with_its_effect_shown_before(sign_in):
    officer = sign_in("officer")
    plan = Plan.objects.get(project__number="P07")
    officer.goto(f"/plans/{plan.pk}/")
    expect(officer.get_by_role("link", name=re.compile("^修改"))).to_have_count(0)
    officer.get_by_role("link", name="申请调整").click()
    officer.get_by_role("button", name="开始调整").click()
    officer.get_by_label("调整原因").fill("排查范围扩大，原指标值偏低")
    officer.get_by_label("依据文件").fill("请示〔2016〕8号")
    officer.get_by_role("button", name="开始调整").click()

    piece = officer.locator("#piece-indicators-5-1")
    piece.get_by_role("link", name=re.compile("^修改")).click()
    piece.get_by_label("指标值", exact=True).fill("不低于90%")
    expect(piece).to_contain_text("90")
    piece.get_by_role("button", name="保存").click()
    expect(piece).to_contain_text("≥ 90 %")
    expect(officer.get_by_role("heading", name=re.compile("^对得分的影响"))).to_be_visible()
    officer.get_by_role("link", name="与前一版比较").click()
    expect(officer.locator("main")).to_contain_text("≥ 90 %")
    plan.refresh_from_db()
    assert plan.approved.number == 1
    assert content_of(plan.approved).indicator("5-1").target.value == 100
