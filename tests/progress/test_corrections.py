"""Corrections in the grid: begun, left open, returned, replaced, and what the rest of the page says meanwhile."""

import re

import pytest
from django.urls import reverse

from apps.accounts.enums import Role
from apps.progress.actions import return_, save_drafts
from apps.progress.enums import EntryState
from apps.progress.models import Draft, Round
from tests.factories import MoneyFactory, UserFactory
from tests.progress.test_views import enter, path_of, typed, value_of
from tests.progress.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def open_rows(page) -> list[int]:
    """Return the cells that have fields on the page."""
    return [int(pk) for pk in re.findall(r'name="c(\d+)-numerator"', page)]


def words(page) -> str:
    """Return what a page says, its white space as one blank."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def answered(client, world, entry, choice):
    """Return what comes back for a press on 更正 or 取消更正."""
    return client.post(f"{path_of(world)}cells/{entry.pk}/", {f"c{entry.pk}-choice": choice}).content.decode()


class TestCorrection:
    def test_a_returned_one_has_its_fields_and_its_reason_and_goes_in_again(self, world):
        world.count([(9, 10), (8, 10), (7, 10)])
        wrong = world.submit([(8, 10)], reason="重复登记")[0]
        return_(revision_ids=[wrong.pk], reviewer=world.head, reason="应为 7", at=NOW)
        client, entry = enter(world.reporter), world.cells()[0]

        page = client.get(path_of(world))

        assert open_rows(page.content.decode()) == [entry.pk]
        assert (value_of(page, entry, "numerator"), value_of(page, entry, "reason")) == ("8", "重复登记")
        assert "取消更正" not in page.content.decode()
        assert reverse("progress:workbook") in page.content.decode()
        said = {"numerator": "7", "denominator": "10", "reason": "重复登记"}
        assert client.post(path_of(world), typed([entry], [said])).status_code == 302
        entry = world.cells()[0]
        assert (entry.state, entry.latest.numerator, entry.approved.numerator) == (EntryState.SUBMITTED, 7, 9)

    def test_one_that_waits_for_its_review_may_be_replaced_by_figure_or_reason(self, world):
        world.count([(9, 10)])
        world.submit([(8, 10)], reason="重复登记")
        client, entry = enter(world.reporter), world.cells()[0]
        assert entry.pk not in open_rows(client.get(path_of(world)).content.decode())

        page = client.get(f"{path_of(world)}?correct={entry.pk}")
        assert value_of(page, entry, "reason") == "重复登记"

        for said in ({"numerator": "7", "reason": "重复登记"}, {"numerator": "7", "reason": "重复登记两人"}):
            client.post(path_of(world), typed([world.cells()[0]], [said | {"denominator": "10"}]))
        latest = world.cells()[0].latest
        assert (latest.number, latest.numerator, latest.reason) == (4, 7, "重复登记两人")

    def test_what_was_begun_stays_open_beside_others_and_is_left_by_its_button(self, world):
        world.count([(9, 10), (8, 10), (7, 10)])
        client, entries = enter(world.reporter), world.cells()
        draft = {"numerator": "5x", "denominator": "10", "reason": "", "seen": "1"}
        save_drafts(texts={entries[0].pk: draft}, person=world.reporter, at=NOW)

        page = client.get(f"{path_of(world)}?correct={entries[1].pk}").content.decode()
        assert open_rows(page) == [entries[0].pk, entries[1].pk]
        assert page.count("取消更正") == 2
        assert "“5x”含字母 x" in page

        left = answered(client, world, entries[0], "leave")
        assert (open_rows(left), "更正荔湾" in left) == ([], True)
        assert not Draft.objects.exists()
        begun = answered(client, world, entries[2], "correct")
        assert open_rows(begun) == [entries[2].pk]
        assert "可以改了；写明原因后提交。" in begun

    def test_a_draft_without_fields_counts_for_nothing(self, world):
        world.count([(9, 10), (8, 10), (7, 10)])
        entry = world.cells()[0]
        for numerator in ("1", "1x"):
            draft = {"numerator": numerator, "denominator": "10", "reason": "", "seen": "1"}
            save_drafts(texts={entry.pk: draft}, person=world.reporter, at=NOW)
            Round.objects.filter(pk=entry.round_id).update(closed_at=NOW)

            page = enter(world.reporter).get(path_of(world)).content.decode()

            assert open_rows(page) == []
            assert "80.00 %" in words(page)
            assert "is-wrong" not in page
            assert "更正荔湾" not in page


class TestWords:
    def test_the_total_says_what_of_it_was_not_reviewed(self, world):
        first, _second = world.count([(9, 10)]), world.submit([None, (8, 10)])
        client, entries = enter(world.reporter), world.cells()
        assert "含待审核的 1 格" in words(client.get(path_of(world)).content.decode())

        save_drafts(texts={entries[2].pk: {"numerator": "7", "denominator": "10"}}, person=world.reporter, at=NOW)
        return_(revision_ids=[entries[1].latest_id], reviewer=world.head, reason="请核对", at=NOW)

        assert "含未提交的 1 格、被退回的 1 格" in words(client.get(path_of(world)).content.decode())
        assert first[0].pk == entries[0].approved_id

    def test_nothing_new_speaks_of_returned_figures_only_where_there_are_some(self, world):
        world.submit([(9, 10)])
        client = enter(world.reporter)
        said = typed(world.cells(), [("9", "10")])

        plain = client.post(path_of(world), said, follow=True).content.decode()
        return_(revision_ids=[world.cells()[0].latest_id], reviewer=world.head, reason="请核对", at=NOW)
        returned = client.post(path_of(world), said, follow=True).content.decode()

        assert "没有新的数据需要提交。" in plain
        assert ("被退回的数据如确实无误" in plain, "被退回的数据如确实无误" in returned) == (False, True)

    def test_a_grid_that_asks_for_nothing_leads_to_the_next_one(self, world):
        client = enter(world.reporter)
        assert "没有您要填的了" not in client.get(path_of(world)).content.decode()
        said = typed(world.cells(), [("9", "10"), ("8", "10"), ("7", "10")])

        page = client.post(path_of(world), said, follow=True).content.decode()
        others = [row.pk for row in Round.objects.filter(entries__state="pending").distinct()]

        assert "这张表里没有您要填的了。" in page
        found = re.search(rf'href="/progress/(\d+)/{world.measure.pk}/">下一张：{world.measure}', page)
        assert found
        assert int(found.group(1)) in others
        assert "3 格要填" in page

    def test_who_reads_along_is_led_nowhere(self, world):
        world.count([(9, 10), (8, 10), (7, 10)])
        reader = UserFactory(role=Role.AUDITOR, unit=world.bureau)

        page = enter(reader).get(path_of(world)).content.decode()

        assert "下一张" not in page
        assert "要您填的都填完了" not in page

    def test_money_may_come_with_its_unit(self, world):
        measure = MoneyFactory(bureau=world.bureau, division=world.division)
        world.ask(measure)
        entry, client = world.cells(measure=measure)[0], enter(world.reporter)

        client.post(path_of(world, measure=measure), typed([entry], [{"value": "38.35万"}]))

        assert world.cells(measure=measure)[0].latest.value == 383500
