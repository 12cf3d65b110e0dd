"""One year of the 2016 plan in a real browser, from the cell that is due to the score at the end."""

import re
from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.models import Unit
from apps.calendars.models import DemonstrationDay
from apps.journal.models import Event
from apps.plans.models import Indicator, Plan
from apps.progress.actions import open_rounds
from apps.progress.models import Draft, Entry, Revision, Standing

pytestmark = pytest.mark.django_db(transaction=True)


def row_of(page, member):
    """Return the row of the grid for a member."""
    return page.locator("tr.entry-row").filter(has=page.locator(f"th[data-name='{member}']"))


def words_of(page, member):
    """Return what is said about the row of a member, below it."""
    row = row_of(page, member).get_attribute("id")
    return page.locator(f"#{row.replace('cell', 'words')}")


def fill(page, member, *figures):
    """Type figures into a member's row and wait until the draft is kept."""
    fields = row_of(page, member).locator("input.entry-number")
    for place, figure in enumerate(figures):
        fields.nth(place).fill(figure)
    fields.nth(len(figures) - 1).press("Tab")
    expect(page.locator("#grid-saved")).to_contain_text("已自动保存")


def august(code):
    """Return the round and the measure of an indicator's August grid as a path."""
    entry = Entry.objects.filter(measure__indicators__code=code, round__starts_on=date(2016, 8, 1)).first()
    return f"/progress/{entry.round_id}/{entry.measure_id}/"


def test_a_figure_goes_from_the_cell_to_the_standing(sign_in):
    office = sign_in("district")
    expect(office.get_by_text("演示数据").first).to_be_visible()
    expect(office.locator("main")).to_contain_text("门禁系统安装率")
    expect(office.get_by_role("navigation")).not_to_contain_text("项目")
    office.goto(august("5-1"))
    expect(office.locator(".entry-targets a")).to_have_count(0)
    assert office.locator("tr.entry-row").count() == 1
    fill(office, "荔湾区", "740", "1000")
    expect(row_of(office, "荔湾区").locator(".entry-ratio")).to_contain_text("74.00 %")
    office.get_by_role("button", name="提交").click()
    expect(office.get_by_text("已提交 1 格，等待审核。")).to_be_visible()
    before = Standing.objects.get(indicator__code="5-1")
    assert before.missing != []

    head = sign_in("head")
    head.goto("/progress/queue/")
    card = head.locator("section", has_text="门禁系统安装率")
    expect(card).to_contain_text("74.00 %")
    card.locator(".review-all").check()
    head.get_by_role("button", name="通过所选").click()
    expect(head.get_by_text(re.compile("已通过 .* 条，完成情况已更新。"))).to_be_visible()
    after = Standing.objects.get(indicator__code="5-1")
    assert (after.reported, after.asked, after.missing) == (11, 11, [])
    assert after.actual != before.actual
    revision = Revision.objects.get(entry__member__name="荔湾区", origin="typed")
    verbs = Event.objects.about(revision).order_by("number").values_list("verb", "actor__username")
    assert list(verbs) == [("submit", "district"), ("approve", "head")]

    plan = Plan.objects.get(project__number="P07")
    head.goto(f"/projects/{plan.pk}/")
    expect(head.locator("main")).to_contain_text("城中村出租屋门禁系统安装率")
    expect(head.locator("main")).to_contain_text("11/11")
    head.goto("/dashboard/")
    expect(head.locator("main")).to_contain_text("出租屋流动人员管理专项经费")


def test_a_draft_kept_between_press_and_release_does_not_lose_the_click(sign_in):
    reporter = sign_in("reporter")
    reporter.get_by_role("link", name="更正").first.click()
    fields = row_of(reporter, "电话").locator("input.entry-number")
    fields.first.fill("980000")
    fields.first.press("Tab")
    expect(words_of(reporter, "电话")).to_contain_text("大于")
    long = words_of(reporter, "电话").bounding_box()["height"]
    fields.first.fill("612")
    fields.nth(1).fill("614")
    button = reporter.get_by_role("button", name="提交").bounding_box()
    reporter.mouse.move(button["x"] + button["width"] / 2, button["y"] + button["height"] / 2)
    reporter.mouse.down()
    expect(words_of(reporter, "电话")).not_to_contain_text("大于")
    assert words_of(reporter, "电话").bounding_box()["height"] < long
    reporter.mouse.up()
    expect(reporter.get_by_text("等待审核。")).to_be_visible()


def test_a_returned_figure_comes_back_with_its_reason_and_is_mended(sign_in):
    reporter = sign_in("reporter")
    expect(reporter.get_by_text("应答复数比上月少了一半")).to_be_visible()
    reporter.get_by_role("link", name="更正").first.click()
    fields = row_of(reporter, "电话").locator("input.entry-number")
    expect(fields.first).not_to_have_value("")
    fill(reporter, "电话", "612", "614")
    reporter.get_by_role("button", name="提交").click()
    expect(reporter.get_by_text("等待审核。")).to_be_visible()

    head = sign_in("head")
    head.goto("/progress/queue/")
    line = head.locator("section", has_text="信访答复率").locator("tr", has_text="电话")
    line.get_by_role("checkbox").check()
    head.get_by_role("button", name="退回所选").click()
    expect(head.get_by_text("退回时请写明原因")).to_be_visible()
    expect(line.get_by_role("checkbox")).to_be_checked()
    head.get_by_label("退回原因").fill("请附12345平台的截图。")
    head.get_by_role("button", name="退回所选").click()
    expect(head.get_by_text("已退回 1 条")).to_be_visible()

    reporter.goto("/")
    expect(reporter.get_by_text("请附12345平台的截图。").first).to_be_visible()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(sign_in):
    reporter = sign_in("reporter")
    reporter.goto(august("12-1"))
    channels = reporter.locator("tr.entry-row:has(input.entry-number)")
    assert channels.count() >= 2
    fill(reporter, "电话", "98O", "1000")
    expect(words_of(reporter, "电话")).to_contain_text("“98O”含字母 O，应为数字。")
    expect(row_of(reporter, "电话").locator("input.entry-number").first).to_have_class(re.compile("is-invalid"))
    fill(reporter, "12345热线", "1200", "1000")
    expect(words_of(reporter, "12345热线")).to_contain_text("大于")
    reporter.get_by_role("button", name="提交").click()
    expect(reporter.get_by_role("alert").first).to_contain_text("没有提交")
    expect(row_of(reporter, "电话").locator("input.entry-number").first).to_have_value("98O")
    assert not Revision.objects.filter(origin="typed").exists()

    reporter.goto("/")
    reporter.goto(august("12-1"))
    expect(row_of(reporter, "电话").locator("input.entry-number").first).to_have_value("98O")
    expect(row_of(reporter, "12345热线").locator("input.entry-number").first).to_have_value("1200")
    assert Draft.objects.count() == 2


def test_a_block_from_a_spreadsheet_is_pasted_where_the_cursor_stands(sign_in):
    reporter = sign_in("reporter")
    reporter.goto(august("12-1"))
    first = reporter.locator("tr.entry-row:has(input.entry-number)").first.locator("input.entry-number").first
    first.focus()
    first.evaluate(
        """field => {
            const data = new DataTransfer();
            data.setData("text", "９８0\\t1,000\\r\\n230\\t231\\r\\n1.2万\\t12,500\\r\\n");
            field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    rows = reporter.locator("tr.entry-row:has(input.entry-number)")
    expect(rows.nth(0).locator(".entry-ratio")).to_contain_text("98.00 %")
    expect(rows.nth(1).locator(".entry-ratio")).to_contain_text("96.00 %")
    first.focus()
    first.press("Enter")
    expect(rows.nth(1).locator("input.entry-number").first).to_be_focused()


def test_the_year_ends_with_a_score_that_explains_each_line(sign_in):
    DemonstrationDay.objects.update(date=date(2017, 1, 5))
    bureau = Unit.objects.get(code="127001")
    open_rounds(bureau=bureau, today=date(2017, 1, 5), at=timezone.now())
    milestone = Entry.objects.get(measure__indicators__code="4-1")
    reporter = sign_in("reporter")
    reporter.goto(f"/progress/{milestone.round_id}/{milestone.measure_id}/")
    reporter.get_by_label("结果").select_option("passed")
    reporter.get_by_role("button", name="提交").click()
    expect(reporter.get_by_text("请填写认定日期。")).to_be_visible()
    reporter.get_by_label("认定日期").fill("2016-12-20")
    reporter.get_by_label("认定单位").fill("市综治办")
    reporter.get_by_role("button", name="提交").click()
    expect(reporter.get_by_text("等待审核。")).to_be_visible()
    head = sign_in("head")
    head.goto("/progress/queue/")
    head.locator("section", has_text="2016-12-20").locator(".review-all").check()
    head.get_by_role("button", name="通过所选").click()
    expect(head.get_by_text("已通过 1 条")).to_be_visible()

    officer = sign_in("officer")
    plan = Plan.objects.get(project__number="P07")
    officer.goto(f"/assessments/{plan.pk}/")
    lines = officer.locator("table.score-table tbody tr")
    assert lines.count() == 16
    expect(lines.filter(has_text="4-1")).to_contain_text("2016-12-20 通过，记满分 6.00 分。")
    expect(lines.filter(has_text="8-1")).to_contain_text("指标值待定，暂不计分。")
    sentences = lines.locator("td:last-child").all_inner_texts()
    assert all(sentence.strip() for sentence in sentences)
    officer.get_by_role("button", name="生成自评").click()
    expect(officer.get_by_text("已生成第 1 版自评。")).to_be_visible()


def test_every_page_of_every_role_asks_nobody_outside_and_speaks_both_languages(sign_in):
    plan = Plan.objects.get(project__number="P07")
    indicator = Indicator.objects.get(code="1-2")
    paths = [
        "/",
        "/projects/",
        f"/projects/{plan.pk}/",
        f"/indicators/{indicator.pk}/",
        "/dashboard/",
        "/budgets/2016/",
        f"/assessments/{plan.pk}/",
        "/reminders/",
        august("1-2"),
        "/plans/",
        "/plans/indicators/",
        "/plans/new/",
        "/plans/queue/",
        "/plans/checks/",
        "/plans/members/",
        f"/plans/members/measures/{indicator.measure_id}/",
        "/plans/roll-over/",
        f"/plans/projects/{plan.project_id}/",
        f"/plans/{plan.pk}/",
        f"/plans/{plan.pk}/checks/",
        f"/plans/{plan.pk}/compare/",
        "/documents/imports/",
    ]
    page = sign_in("officer")
    for path in paths:
        assert page.goto(path).status == 200, path
        assert page.locator("html").get_attribute("lang") == "zh-hans"
        expect(page.get_by_text("演示数据").first).to_be_visible()
    page.goto("/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for path in paths:
        page.goto(path)
        chrome = page.locator("nav, h1, h2, th[scope=col], button, label").all_inner_texts()
        left = [text for text in chrome if re.search(r"[一-鿿]", text) and "中文" not in text]
        assert left == [], f"{path} still speaks Chinese: {left[:8]}"


def test_the_demonstration_goes_with_one_command(sign_in):
    call_command("remove_demonstration", verbosity=0)
    assert not Revision.objects.filter(origin="demonstration").exists()
    assert not DemonstrationDay.objects.exists()
    assert set(Standing.objects.values_list("actual", flat=True)) == {None}
