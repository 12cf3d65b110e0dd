"""A month's figures in a real browser: typed, pasted, on a phone, without a network, after the session ended, by two at once."""

import re
from dataclasses import dataclass, field

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import expect

from apps.accounts.enums import Role
from apps.accounts.models import User
from apps.calendars.models import DemonstrationDay
from apps.progress.enums import EntryState
from apps.progress.models import Draft, Entry, Revision
from tests.factories import UnitFactory, UserFactory
from tests.factories.accounts import PASSWORD
from tests.prepared import prepared
from tests.progress.world import TODAY, World, make_whole_world

pytestmark = pytest.mark.django_db(transaction=True)

HUMAN = 40
MOST_KEYS = 22 * 6 + 1
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
MEMBERS = 11


@dataclass
class Month:
    """August's grid of eleven districts, and how one gets to it."""

    world: World
    new_page: object
    pages: list = field(default_factory=list)

    @property
    def path(self):
        return f"/progress/{self.world.round_of(8).pk}/{self.world.measure.pk}/"

    def enter(self, person: User, **options):
        """Return the grid as the person has it on the screen, signed in."""
        page = self.new_page(**options)
        client = Client()
        client.force_login(person)
        cookie = client.cookies["perftrack_session"].value
        page.goto("/accounts/login/")
        page.context.add_cookies(
            [{"name": "perftrack_session", "value": cookie, "url": page.evaluate("location.origin")}]
        )
        page.goto(self.path)
        self.pages.append(page)
        return page

    def figures(self):
        rows = Entry.objects.filter(round=self.world.round_of(8)).select_related("latest").order_by("member__position")
        return [(row.latest.numerator, row.latest.denominator) if row.latest else None for row in rows]

    def office(self) -> User:
        """Return the reporter of an office below the bureau that reports all eleven."""
        office = UnitFactory(parent=self.world.bureau, kind="district")
        Entry.objects.update(reporting_unit=office)
        return UserFactory(role=Role.REPORTER, unit=office, name="区填报人")

    def head(self) -> User:
        """Return a head of the division who reports for it too."""
        self.world.head.assignments.create(unit=self.world.division, role=Role.REPORTER)
        return self.world.head

    def reporter(self) -> User:
        return self.world.reporter


@pytest.fixture
def month(transactional_db, new_page):
    world = prepared(make_whole_world)
    DemonstrationDay.objects.create(date=TODAY)
    return Month(world, new_page)


def row_of(page, member):
    return page.locator("tr.entry-row").filter(has=page.locator(f"th[data-name='{member}']"))


def field_of(page, member, place=0):
    return row_of(page, member).locator("input.entry-number").nth(place)


def words_of(page, member):
    row = row_of(page, member).get_attribute("id")
    return page.locator(f"#{row.replace('cell', 'words')}")


def saved(page):
    expect(page.locator("#grid-saved")).to_contain_text("已自动保存")


def type_all(page, rows, delay, key):
    """Type figures from the first field on with a key after each, and return how many keys it took."""
    page.locator("input.entry-number").first.focus()
    keys = 0
    for text in (str(number) for row in rows for number in row):
        page.keyboard.type(text, delay=delay)
        page.keyboard.press(key)
        keys += len(text) + 1
    return keys


FIGURES = [(800 + number, 1000) for number in range(MEMBERS)]


@pytest.mark.parametrize(("who", "delay"), [("reporter", HUMAN), ("office", 0), ("head", 0)])
def test_a_month_is_typed_by_keyboard(month, who, delay):
    page = month.enter(getattr(month, who)())

    keys = type_all(page, FIGURES, delay, "Tab")
    expect(row_of(page, "增城").locator(".entry-ratio")).to_contain_text("81.00 %")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("已提交 11 格，等待审核。")).to_be_visible()
    assert month.figures() == FIGURES
    assert keys + 1 <= MOST_KEYS
    assert page.evaluate("Object.keys(localStorage).filter(name => name.includes('typed')).length") == 0


def test_down_the_columns_with_enter_or_a_tab_that_goes_down(month):
    page = month.enter(month.reporter())
    columns = [tuple(row[place] for row in FIGURES) for place in (0, 1)]

    type_all(page, columns[:1], 0, "Enter")
    expect(field_of(page, "荔湾", 1)).to_be_focused()
    page.get_by_role("button", name="Tab：").click()
    page.reload()
    field_of(page, "荔湾", 1).focus()
    for number in columns[1]:
        page.keyboard.type(str(number))
        page.keyboard.press("Tab")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("已提交 11 格，等待审核。")).to_be_visible()
    assert month.figures() == FIGURES


def test_a_question_asks_for_a_word_and_the_other_rows_go_in(month):
    month.world.count([(800, 1000)] * MEMBERS, month=7)
    page = month.enter(month.reporter())
    type_all(page, [(810, 1000), (820, 1300)], 0, "Tab")
    expect(words_of(page, "越秀")).to_contain_text("确认无误请在说明里写一句")

    page.get_by_role("button", name="提交").click()

    expect(page.get_by_role("alert").first).to_contain_text("已提交 1 格。")
    expect(page.get_by_role("alert").first).to_contain_text("有 1 格要请您核对")
    assert month.figures()[:2] == [(810, 1000), None]
    expect(row_of(page, "越秀").locator(".entry-note")).to_be_focused()
    page.keyboard.type("新增两个街道")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("已提交 1 格，等待审核。")).to_be_visible()
    assert month.figures()[1] == (820, 1300)


# As a spreadsheet puts it on the clipboard: heads, line numbers and ratios come along, in an order of its own, with a total row.
BLOCK = (
    "序号\t区\t已纳管\t应纳管\t比率\r\n"
    "1\t增城区\t６３，５００\t69,900\t90.84%\r\n"
    "2\t荔湾区\t92,000\t10万\t92.00%\r\n"
    "3\t越秀区\t118,000\t125,000\t94.40%\r\n"
    "4\t海珠区\t#DIV/0!\t90,000\t#DIV/0!\r\n"
    "5\t天河区\t1.2万\t2万\t60%\r\n"
    "6\t萝岗区\t1\t2\t50%\r\n"
    "合计\t\t300,000\t404,900\t\r\n"
)


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_a_block_is_pasted_by_its_names_and_taken_back(month, screen):
    page = month.enter(month.reporter(), **CLIPBOARD, **screen)
    page.evaluate("text => navigator.clipboard.writeText(text)", BLOCK)
    field_of(page, "荔湾").focus()
    page.keyboard.press("Control+v")

    told = page.locator("#grid-told")
    expect(told).to_have_text(
        "已粘贴 10 格。按名称对应。按表头对应。合计行没有填入，只用来核对。"
        "这些列对不上，未粘贴：比率。这些名称对不上，未粘贴：萝岗区。"
    )
    expect(page.locator("#grid-total")).to_contain_text("已纳管人数：合计填的是 300,000，各行相加是 285,500")
    expect(field_of(page, "海珠")).to_have_class(re.compile("is-invalid"))
    expect(words_of(page, "海珠")).to_contain_text("“#DIV/0!”是表格里公式出错的显示")
    assert Draft.objects.count() == 5

    page.keyboard.press("Control+z")
    expect(told).to_contain_text("已撤销粘贴。")
    expect(field_of(page, "天河")).to_have_value("")
    expect(page.locator("#grid-saved")).to_contain_text("草稿已清空")
    expect(page.locator("#grid-total")).not_to_contain_text("各行相加")
    assert not Draft.objects.exists()

    page.keyboard.press("Control+v")
    saved(page)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert").first).to_contain_text("已提交 4 格。 有 1 格没有提交")
    assert month.figures()[0] == (92000, 100000)
    assert month.figures()[10] == (63500, 69900)
    assert month.figures()[2] is None


def test_what_of_a_block_has_no_place_is_said(month):
    month.world.count([None, (1, 2)])
    page = month.enter(month.reporter(), **CLIPBOARD)
    told = page.locator("#grid-told")

    def paste(text, field):
        page.evaluate("text => navigator.clipboard.writeText(text)", text)
        field.focus()
        page.keyboard.press("Control+v")

    paste("1\t2\t3\n" * 3, field_of(page, "从化"))
    expect(told).to_contain_text("已粘贴 4 格。多出 1 行没有地方放，未粘贴。多出 1 列")
    paste("东城区\t5\n西城区\t6\n", field_of(page, "荔湾"))
    expect(told).to_have_text("按名称对应。这些名称对不上，未粘贴：东城区、西城区。")
    paste("天河\t70\n荔湾\t80\n", field_of(page, "荔湾", 1))
    expect(told).to_have_text("已粘贴 2 格。按名称对应。")

    assert [field_of(page, name, place).input_value() for name in ("荔湾", "天河") for place in (0, 1)] == [
        *("", "80"),
        *("", "70"),
    ]

    paste("应纳管\t已纳管\n10\t9\n20\t19\n30\t29\n", field_of(page, "荔湾"))
    expect(told).to_have_text("已粘贴 4 格。按表头对应。这些行不能填，未粘贴：越秀。")
    paste("天河\t1\n白云\t2\n天河\t3\n\t4\n", field_of(page, "荔湾"))
    expect(told).to_have_text(
        "已粘贴 1 格。按名称对应。有 1 行没有名称，未粘贴。这些名称出现了不止一次，未粘贴，请核对后自己填：天河。"
    )
    assert [field_of(page, name, place).input_value() for name in ("荔湾", "海珠", "天河") for place in (0, 1)] == [
        *("9", "10"),
        *("29", "30"),
        *("", "70"),
    ]


def test_corrections_stand_open_side_by_side_until_one_is_left(month):
    month.world.count([(90, 100), (80, 100)])
    page = month.enter(month.reporter())
    page.get_by_role("link", name="更正荔湾").click()
    expect(field_of(page, "荔湾")).to_be_focused()
    page.keyboard.type("91")
    page.keyboard.press("Tab")
    saved(page)
    page.get_by_role("link", name="更正越秀").click()
    expect(field_of(page, "越秀")).to_be_focused()
    page.keyboard.type("81")
    page.keyboard.press("Control+Enter")

    left = page.locator("#grid-banner [data-left=wrong]")
    expect(left).to_contain_text("有 2 格没有提交")
    expect(row_of(page, "荔湾").get_by_label("更正原因")).to_be_focused()
    row_of(page, "越秀").get_by_role("button", name="取消更正").click()
    expect(field_of(page, "越秀")).to_have_count(0)
    expect(left).to_contain_text("有 1 格没有提交")
    expect(page.locator("#grid-total")).to_contain_text("85.50 %")
    page.goto(month.path)
    expect(field_of(page, "荔湾")).to_have_value("91")
    row_of(page, "荔湾").get_by_label("更正原因").fill("重复登记")
    page.get_by_role("button", name="提交").click()

    expect(page.get_by_text("已提交 1 格，等待审核。")).to_be_visible()
    assert month.figures()[:2] == [(91, 100), (80, 100)]
    page.get_by_role("link", name="修改荔湾").click()
    expect(row_of(page, "荔湾").get_by_label("更正原因")).to_have_value("重复登记")


def test_the_head_approves_the_month_by_keyboard(month):
    month.world.submit(FIGURES)
    page = month.enter(month.world.head)
    page.goto("/progress/queue/")

    page.get_by_role("checkbox", name="全选").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="通过所选 (11)").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("已通过 11 条，完成情况已更新。")).to_be_visible()
    assert Entry.objects.filter(round=month.world.round_of(8), state=EntryState.APPROVED).count() == MEMBERS
    page.goto(month.path)
    expect(page.locator("td.entry-state", has_text="✓ 已审核")).to_have_count(MEMBERS)
    expect(page.locator("#grid-total")).to_contain_text("80.50 %")


def test_a_month_on_a_phone(month):
    page = month.enter(month.reporter(), **PHONE)
    expect(page.locator("tr.entry-row:visible")).to_have_count(1)
    expect(page.locator("#grid-place")).to_have_text("1/11")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    type_all(page, FIGURES[:2], 0, "Enter")
    expect(page.locator("#grid-place")).to_have_text("3/11")
    expect(page.locator("#grid-steps")).to_be_in_viewport(ratio=1)
    expect(page.locator("tr.is-current .entry-note")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="下一个").tap()
    expect(page.locator("#grid-place")).to_have_text("4/11")
    expect(page.get_by_role("button", name="✎ 荔湾")).to_be_attached()
    page.keyboard.type("8x")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="✗ 天河")).to_be_attached()
    page.get_by_role("button", name="✎ 越秀").tap()
    expect(page.locator("#grid-place")).to_have_text("2/11")
    page.get_by_role("button", name="提交").tap()

    expect(page.get_by_role("alert").first).to_contain_text("已提交 2 格。 有 1 格没有提交")
    expect(page.locator("#grid-place")).to_have_text("4/11")
    assert month.figures()[:2] == FIGURES[:2]


def test_without_a_network_nothing_is_lost(month):
    page = month.enter(month.reporter())
    page.context.set_offline(True)
    type_all(page, FIGURES[:2], 0, "Tab")

    expect(page.locator("#grid-lost")).to_contain_text("未能保存，网络恢复后自动重试")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#grid-lost")).to_contain_text("现在没有网络，不能提交")
    assert not Draft.objects.exists()
    page.context.set_offline(False)
    saved(page)
    expect(page.locator("#grid-lost")).to_have_count(0)
    assert Draft.objects.count() == 2
    page.reload()
    expect(field_of(page, "越秀")).to_have_value("801")


def test_a_tab_that_was_closed_in_the_middle_of_a_word(month):
    page = month.enter(month.reporter())
    field_of(page, "荔湾").focus()
    page.keyboard.type("123")
    page.close()
    again = month.pages[0].context.new_page()
    again.goto(month.path)

    expect(field_of(again, "荔湾")).to_have_value("123")
    expect(again.locator("#grid-told")).to_contain_text("已恢复上次没来得及保存的 1 格")
    saved(again)
    assert Draft.objects.get().fields["numerator"] == "123"


def test_an_ended_session_keeps_the_texts_for_their_person_alone(month):
    page = month.enter(month.reporter())
    Session.objects.all().delete()
    type_all(page, FIGURES[:1], 0, "Tab")
    expect(page.locator("#grid-lost")).to_contain_text("登录已失效。您填写的内容已留在本机")
    page.get_by_role("link", name="重新登录").click()

    colleague = UserFactory(role=Role.REPORTER, unit=month.world.division, name="同事")
    for person, stands in ((colleague, ""), (month.world.reporter, "800")):
        page.get_by_label("用户名").fill(person.username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(field_of(page, "荔湾")).to_have_value(stands)
        if person == colleague:
            Session.objects.all().delete()
            page.goto(month.path)
    saved(page)
    draft = Draft.objects.get()
    assert (draft.person, draft.fields["numerator"], draft.fields["denominator"]) == (
        month.world.reporter,
        "800",
        "1000",
    )

    field_of(page, "越秀").fill("7")
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login/**")
    assert page.evaluate("Object.keys(localStorage).filter(name => name.includes('typed')).length") == 0


def test_two_people_in_one_grid_see_each_other(month):
    colleague = UserFactory(role=Role.REPORTER, unit=month.world.division, name="王某")
    mine, theirs = month.enter(month.reporter()), month.enter(colleague)
    type_all(theirs, [(700, 1000), (701, 1000)], 0, "Tab")
    saved(theirs)
    mine.reload()
    expect(words_of(mine, "荔湾")).to_contain_text(re.compile("王某 .* 正在填这一格（未提交）"))
    expect(field_of(mine, "荔湾")).to_have_value("")
    theirs.keyboard.press("Control+Enter")
    expect(theirs.get_by_text("已提交 2 格，等待审核。")).to_be_visible()

    type_all(mine, FIGURES[:3], 0, "Tab")
    expect(words_of(mine, "越秀")).to_contain_text(
        re.compile("原来是空的，在您打开页面之后已由王某（.*）改为 701/1000")
    )
    words_of(mine, "荔湾").get_by_role("button", name="采用对方的").click()
    expect(field_of(mine, "荔湾")).to_have_value("700")
    mine.get_by_role("button", name="提交").click()
    expect(mine.get_by_role("alert").first).to_contain_text("已提交 1 格。 有 1 格没有提交")
    assert month.figures()[:3] == [(700, 1000), (701, 1000), FIGURES[2]]

    words_of(mine, "越秀").get_by_role("button", name="仍用我的").click()
    expect(words_of(mine, "越秀")).not_to_contain_text("仍用我的")
    expect(mine.locator("#grid-banner")).to_have_count(0)
    mine.get_by_role("button", name="提交").click()
    expect(mine.get_by_text("已提交 1 格，等待审核。")).to_be_visible()
    assert month.figures()[1] == FIGURES[1]
    assert Revision.objects.filter(entry__member__name="越秀").count() == 2
