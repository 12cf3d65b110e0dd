"""A file is dropped on a row, in a real browser, and seen by who reviews the figure."""

import re
import struct
import zlib

import pytest
from playwright.sync_api import expect

from apps.progress.models import Evidence
from tests.journeys.test_the_year import august, row_of

pytestmark = pytest.mark.django_db(transaction=True)

DROPPED = """([content, name]) => {
  const basket = new DataTransfer();
  basket.items.add(new File([content], name, {type: "application/pdf"}));
  return basket;
}"""


def picture(side=40):
    """Return a grey PNG that a browser can draw."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    lines = (b"\0" + b"\x80" * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def test_files_go_from_the_row_to_the_reviewer_and_nothing_typed_is_lost(sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    office = sign_in("district")
    office.goto(august("5-1"))
    row = row_of(office, "荔湾区")
    numerator = row.locator("input.entry-number").first
    numerator.fill("740")

    basket = office.evaluate_handle(DROPPED, ["%PDF-1.4 a page", "验收.pdf"])
    row.locator("th").dispatch_event("dragover", {"dataTransfer": basket})
    expect(office.locator(".is-drop-target")).to_have_count(1)
    row.locator("th").dispatch_event("drop", {"dataTransfer": basket})
    expect(row.locator(".evidence-said")).to_contain_text("已添加 1 个文件。")
    photo = {"name": "照片.png", "mimeType": "image/png", "buffer": picture()}
    named = {"name": "13800138000.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 another"}
    row.locator(".evidence-input").set_input_files([photo, named])
    expect(row.locator(".evidence-said")).to_contain_text("里有 1 处像手机号")
    office.get_by_role("button", name="提交").click()
    expect(row.locator(".evidence-said")).to_contain_text("这个文件还没有上传：写明理由后点“仍要上传”，或者点“不上传”")
    expect(row.locator(".evidence-note")).to_be_focused()
    expect(row).to_have_class(re.compile("is-wrong"))
    expect(row.locator(".evidence-note")).not_to_have_class(re.compile("is-invalid"))
    row.locator(".evidence-note").fill("名单须原样")
    row.locator(".evidence-note").press("Enter")
    expect(row.locator("summary").first).to_contain_text("3")
    row.locator(".evidence-input").set_input_files([photo])
    expect(row.locator(".evidence-said")).to_contain_text("内容相同，没有重复添加")
    assert numerator.input_value() == "740"
    expect(office.locator("#grid-saved")).not_to_contain_text("草稿已清空")
    assert list(Evidence.objects.order_by("number").values_list("name", "note")) == [
        ("验收.pdf", ""),
        ("照片.png", ""),
        ("13800138000.pdf", "名单须原样"),
    ]

    row.locator("input.entry-number").nth(1).fill("1000")
    row.locator("input.entry-number").nth(1).press("Tab")
    expect(office.locator("#grid-saved")).to_contain_text("已自动保存")
    office.get_by_role("button", name="提交").click()
    expect(office.get_by_text("已提交 1 格，等待审核。")).to_be_visible()

    head = sign_in("head")
    head.goto("/progress/queue/")
    files = head.locator("tr", has_text="荔湾区").filter(has=head.get_by_role("link", name=re.compile("照片.png")))
    expect(files).to_contain_text("⚠ 文件名中有 1 处像手机号")
    files.locator(".evidence-preview summary", has_text="照片.png").click()
    shown = files.locator("img.evidence-picture")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 40)
