"""From the morning's mail to the cell: a real worker, a real mail server, a real browser."""

import re

import pytest
from playwright.sync_api import expect

from apps.reminders import tasks
from tests.servers.programs import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
OFFICE = "district@demo.example"


def test_the_link_of_a_mail_leads_to_its_cell_until_the_cell_is_filled(sign_in, start_worker, smtp_server, redis_url):
    tasks.send_digests.delay()
    start_worker()
    wait_until(lambda: OFFICE in [message["To"] for message in smtp_server.messages])
    mails = [message for message in smtp_server.messages if message["To"] == OFFICE]
    assert len(mails) == 1
    text = mails[0].get_body(("plain",)).get_content()
    assert "演示数据" in text
    path = re.search(r"https?://[^/]+(/reminders/go/\S+)", text).group(1)

    office = sign_in("district")
    office.goto(path)
    expect(office).to_have_url(re.compile(r"/progress/\d+/\d+/#cell-\d+$"))
    fields = office.locator("tr.entry-row:target input.entry-number")
    expect(fields.first).to_be_focused()
    fields.nth(0).fill("760")
    fields.nth(1).fill("1000")
    office.get_by_role("button", name="提交").click()
    expect(office.get_by_text("已提交 1 格，等待审核。")).to_be_visible()
    office.goto(path)
    expect(office.get_by_role("heading", name="这一项已经办完")).to_be_visible()

    reporter = sign_in("reporter")
    reporter.goto(path)
    expect(reporter.locator("tr.entry-row")).to_have_count(0)
