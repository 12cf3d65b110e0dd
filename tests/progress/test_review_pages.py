"""The review queue and the list of approvals, as a browser without scripts meets them."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from apps.accounts.enums import Role
from apps.progress.actions import Cell, return_, submit
from apps.progress.models import Entry, Review
from apps.progress.queries import queues, recent_approvals, review_queue
from tests.factories import (
    ChecklistItemFactory,
    JudgementFactory,
    NumberFactory,
    RatioFactory,
    StoredFileFactory,
    UserFactory,
)
from tests.progress.world import NOW, TODAY, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

QUEUE, REVIEW, TAKE_BACK = "/progress/queue/", "/progress/queue/review/", "/progress/queue/take-back/"


def enter(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def seen(client, path=QUEUE) -> str:
    """Return the words of a page, without marks and superfluous space."""
    text = client.get(path).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text.replace("<wbr>", "")))


@pytest.fixture
def odd(world):
    """Return a world in which the second of three figures was asked about, and what waits."""
    world.count([(90, 100), (90, 100)], month=7)
    world.odd = world.submit([None, (80, 120)], note="新增两个街道")[0]
    world.plain = world.submit([(91, 100), None, (1, 1)])
    return world


class TestQueue:
    def test_the_question_stands_beside_the_answer(self, odd):
        words = seen(enter(odd.head))

        assert "有 3 条数据等您审核。" in words
        assert "应纳管人数本次 120，比上次 100 变动了 20 %。范围或口径是否有变化？" in words
        assert "说明：新增两个街道" in words
        assert "-23.33" in words

    def test_what_nothing_was_noticed_about_can_be_told_from_the_rest(self, odd):
        page = enter(odd.head).get(QUEUE).content.decode()

        plain = {int(key) for key in re.findall(r'name="revision" value="(\d+)" data-plain', page)}
        assert plain == {revision.pk for revision in odd.plain}
        assert review_queue(odd.head).plain == 2

    def test_questions_are_asked_in_the_language_of_the_page(self, odd):
        client = enter(odd.head)
        client.cookies["perftrack_language"] = "en"

        assert "differs by 20 % from the last 100" in seen(client)

    def test_a_correction_shows_what_counted_and_why_it_changes(self, world):
        world.count([(90, 100)])
        world.submit([(88, 100)], reason="重复登记两人")

        words = seen(enter(world.head))

        assert "更正前 90/100" in words
        assert "88/100 88.00 %" in words
        assert "更正原因：重复登记两人" in words

    def test_both_names_of_a_figure_typed_for_somebody_else(self, world):
        letter = StoredFileFactory()
        world.submit([(9, 10)], on_behalf_of="市公安局", source=letter, source_name="来函.pdf")

        told = seen(enter(world.head))
        assert f"市公安局（由{world.reporter}代填，来函： 来函.pdf" in told
        assert "无佐证材料" not in told

    def test_what_was_taken_back_says_so(self, world):
        revisions = world.count([(9, 10)])
        enter(world.head).post(TAKE_BACK, {"revision": [revisions[0].pk], "reason": "台账重复"})

        assert f"{world.head}撤回过审核：台账重复" in seen(enter(world.head))

    def test_one_row_is_approved_by_its_own_button(self, odd):
        answer = enter(odd.head).post(REVIEW, {"approve": odd.odd.pk, "revision": [odd.plain[0].pk], "reason": ""})

        assert answer.status_code == 302
        assert [entry.state for entry in odd.cells()] == ["submitted", "approved", "submitted"]

    def test_one_row_is_returned_with_its_own_reason(self, odd):
        typed = {"return": odd.odd.pk, f"reason-{odd.odd.pk}": "请附区划文件", "reason": "另一原因"}

        enter(odd.head).post(REVIEW, typed)

        assert odd.odd.reviews.get().reason == "请附区划文件"
        assert [entry.state for entry in odd.cells()] == ["submitted", "returned", "submitted"]

    def test_a_row_is_not_returned_without_a_reason(self, odd):
        answer = enter(odd.head).post(REVIEW, {"return": odd.odd.pk, f"reason-{odd.odd.pk}": " "})

        assert answer.status_code == 422
        assert "退回时请写明原因" in answer.content.decode()

    def test_a_row_that_was_not_returned_for_want_of_a_reason_is_open_again_and_not_ticked(self, odd):
        typed = {"return": odd.odd.pk, f"reason-{odd.odd.pk}": "。", "revision": [odd.plain[0].pk]}

        page = enter(odd.head).post(REVIEW, typed).content.decode()

        assert re.findall(r'name="revision" value="(\d+)" checked', page) == [str(odd.plain[0].pk)]
        box = re.search(r"<details open>.*?</details>", page, re.DOTALL)[0]
        assert ("退回时请写明原因" in box, f'name="reason-{odd.odd.pk}"' in box, ">。</textarea>" in box) == (True,) * 3

    def test_who_comes_back_to_the_address_of_a_refusal_is_shown_the_queue(self, odd):
        client = enter(odd.head)

        refused, again = client.post(REVIEW), client.get(REVIEW)

        assert (refused.status_code, "请先勾选要审核的数据。" in refused.content.decode()) == (422, True)
        assert (again.status_code, again["Location"]) == (302, QUEUE)

    def test_who_returned_a_figure_sees_what_they_said_and_of_what(self, world):
        (first,) = world.submit([(88, 100)])
        return_(revision_ids=[first.pk], reviewer=world.head, reason="分母请核对", at=NOW)
        world.submit([(88, 110)], note="分母已改")

        told = seen(enter(world.head))

        assert f"{world.head} 2016-09-06 09:30 退回过：“分母请核对” 退回的是 88/100" in told
        assert "全选无提示的新数据（0）" in told
        world.approve([world.cells()[0].latest])
        world.submit([(87, 110)], reason="重复登记")
        assert "退回过" not in seen(enter(world.head))

    def test_what_is_asked_is_only_spoken_of_where_something_is(self, world):
        world.submit([(9, 10)])

        assert "⚠" not in seen(enter(world.head))

    def test_a_correction_is_not_ticked_with_what_is_new(self, world):
        world.count([(90, 100)])
        world.submit([(88, 100), (9, 10)], reason="重复登记")

        page = enter(world.head).get(QUEUE).content.decode()

        assert re.findall(r'name="revision" value="(\d+)" data-plain', page) == [str(world.cells()[1].latest_id)]

    def test_what_stands_side_by_side_adds_up(self, world):
        world.count([(31, 70)], month=7)
        world.submit([(19, 36)], note="换了街道")

        told = seen(enter(world.head))

        assert ("44.29" in told, "52.78" in told, "+8.49" in told) == (True, True, True)

    @pytest.mark.parametrize("approve", ["", "x", "1,²", "9" * 40])
    def test_a_button_that_names_nothing_does_nothing(self, odd, approve):
        assert enter(odd.head).post(REVIEW, {"approve": approve}).status_code == 422
        assert {entry.state for entry in odd.cells()} == {"submitted"}

    def test_a_whole_group_is_approved_only_as_it_was_when_the_page_was_made(self, odd, monkeypatch):
        monkeypatch.setattr(queues, "MOST_OF_A_GROUP", 1)
        client = enter(odd.head)
        page = client.get(QUEUE).content.decode()
        named = re.search(r'name="approve" value="(\d+,[\d,]+)"', page).group(1)
        world = odd
        world.submit([(92, 100)])

        stale = client.post(REVIEW, {"approve": named})
        fresh = re.search(r'name="approve" value="(\d+,[\d,]+)"', client.get(QUEUE).content.decode()).group(1)

        assert (stale.status_code, Review.objects.filter(revision__in=named.split(",")).count()) == (422, 0)
        assert client.post(REVIEW, {"approve": fresh}).status_code == 302
        assert {entry.state for entry in world.cells()} == {"approved"}

    def test_what_is_not_shown_is_said_and_what_was_asked_about_is_shown_first(self, odd, monkeypatch):
        monkeypatch.setattr(queues, "MOST_OF_A_GROUP", 1)

        group = review_queue(odd.head).groups[0]
        words = seen(enter(odd.head))

        assert ([line.cell.entry.member.name for line in group.lines], group.hidden, group.asked) == (["越秀"], 2, 0)
        assert "本组另有 2 条没有显示。" in words
        assert "通过本组全部 3 条（含没有显示的 2 条）" in words

    def test_hidden_questions_are_counted(self, odd, monkeypatch):
        odd.submit([(80, 120)], note="新增街道")
        monkeypatch.setattr(queues, "MOST_OF_A_GROUP", 1)

        assert "，其中 1 条有提示" in seen(enter(odd.head))

    def test_one_group_can_be_read_in_full(self, odd, monkeypatch):
        monkeypatch.setattr(queues, "MOST_OF_A_GROUP", 1)
        odd.submit([(9, 10)], month=6)
        august = odd.round_of(8)

        alone = enter(odd.head).get(QUEUE, {"round": august.pk, "measure": odd.measure.pk}).context["queue"]

        assert [(group.round, len(group.lines), group.hidden) for group in alone.groups] == [(august, 3, 0)]
        assert review_queue(odd.head).waiting == 4

    def test_groups_beyond_the_first_twenty_are_counted(self, odd, monkeypatch):
        odd.submit([(9, 10)], month=6)
        monkeypatch.setattr(queues, "MOST_GROUPS", 1)

        queue = review_queue(odd.head)

        assert ([group.round for group in queue.groups], queue.groups_left) == ([odd.round_of(6)], 1)
        assert "另有 1 组，审核完以上各组后显示。" in seen(enter(odd.head))

    @pytest.mark.parametrize("asked", [{"round": "x"}, {"round": "1"}, {"round": "9" * 18, "measure": "1"}])
    def test_nonsense_in_the_address_is_no_error(self, odd, asked):
        assert enter(odd.head).get(QUEUE, asked).status_code == 200

    def test_every_kind_of_figure_is_shown_in_its_own_words(self, world):
        number = NumberFactory(bureau=world.bureau, division=world.division)
        judged = JudgementFactory(bureau=world.bureau, division=world.division)
        item = ChecklistItemFactory(measure=judged, text="窗口整洁")
        for measure in (number, judged):
            world.ask(measure)
        world.submit([1234], measure=number)
        cell = Cell(
            Entry.objects.get(measure=judged).pk,
            {"band": "partial", "percent": Decimal(70)},
            note="一处不整洁",
            marks={item.pk: "failed"},
        )
        submit(cells=[cell], person=world.reporter, today=TODAY, at=NOW)

        words = seen(enter(world.head))

        assert "1,234 件" in words
        assert "部分达成 70.00 %" in words
        assert "窗口整洁：未达标" in words


def test_the_queue_costs_the_same_however_much_waits(django_assert_max_num_queries):
    one, many = make_world(districts=1), make_world(districts=11)
    more = [RatioFactory(bureau=many.bureau, division=many.division, members=many.members) for _number in range(2)]
    for measure in more:
        many.ask(measure)
        many.submit([(9, 10)] * 11, measure=measure)
    many.count([(90, 100)] * 11, month=7)
    many.submit([(80, 120)] * 11, note="新增街道")
    one.submit([(9, 10)])
    costs = []
    for world in (one, many):
        client = enter(world.head)
        client.get(QUEUE)
        with django_assert_max_num_queries(12) as made:
            client.get(QUEUE)
        costs.append(len(made))

    assert costs[0] == costs[1]


class TestTakingBack:
    def test_what_was_approved_lately_is_listed_and_taken_back(self, world):
        first, second = world.count([(9, 10), (8, 10)])
        client = enter(world.head)

        assert "9/10" in seen(client, TAKE_BACK)
        answer = client.post(TAKE_BACK, {"revision": [first.pk], "reason": "台账重复"}, follow=True)

        assert answer.redirect_chain == [(QUEUE, 302)]
        assert "已撤回 1 条审核，完成情况已重新计算。" in answer.content.decode()
        assert [entry.approved for entry in world.cells()] == [None, second, None]

    def test_without_a_reason_the_ticks_stay(self, world):
        first, _second = world.count([(9, 10), (8, 10)])

        answer = enter(world.head).post(TAKE_BACK, {"revision": [first.pk], "reason": " "})

        assert answer.status_code == 422
        assert "撤回审核时请写明原因。" in answer.content.decode()
        assert re.findall(r'value="(\d+)" checked', answer.content.decode()) == [str(first.pk)]

    def test_nothing_ticked_is_said(self, world):
        answer = enter(world.head).post(TAKE_BACK, {"reason": "台账重复"})

        assert (answer.status_code, "请先勾选要撤回审核的数据。" in answer.content.decode()) == (422, True)

    def test_one_figure_can_be_asked_for_however_old(self, world):
        first, second = world.count([(9, 10), (8, 10)])

        assert recent_approvals(world.head, NOW + timedelta(days=31)) == []
        assert {row.revision for row in recent_approvals(world.head, NOW + timedelta(days=30))} == {first, second}
        assert [row.revision for row in recent_approvals(world.head, NOW + timedelta(days=31), first.pk)] == [first]
        alone = enter(world.head).get(TAKE_BACK, {"revision": first.pk}).context["approvals"]
        assert [row.revision for row in alone] == [first]

    def test_only_what_counts_and_is_of_the_division_and_not_ones_own_is_listed(self, world):
        replaced = world.count([(9, 10)])[0]
        corrected = world.count([(8, 10)], reason="核减")[0]
        own = UserFactory(role=Role.HEAD, unit=world.division)
        own.assignments.create(unit=world.division, role=Role.REPORTER)
        theirs = world.count([None, (7, 10)], person=own)[0]
        waiting = world.submit([None, None, (6, 10)])[0]
        return_(revision_ids=[waiting.pk], reviewer=world.head, reason="请核对", at=NOW)

        assert {row.revision for row in recent_approvals(world.head, NOW)} == {corrected, theirs}
        assert {row.revision for row in recent_approvals(own, NOW)} == {corrected}
        assert replaced not in {row.revision for row in recent_approvals(own, NOW, replaced.pk)}
        assert recent_approvals(make_world(districts=1).head, NOW) == []

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.HEAD])
    def test_it_is_the_heads(self, world, role):
        client = enter(world.people[role])

        assert client.get(TAKE_BACK).status_code == 404
        assert client.post(TAKE_BACK, {"revision": ["1"], "reason": "台账重复"}).status_code == 404

    def test_it_costs_the_same_for_one_and_for_three(self, world, django_assert_num_queries):
        world.count([(9, 10)])
        with django_assert_num_queries(1):
            assert len([str(row.revision.entry) for row in recent_approvals(world.head, NOW)]) == 1
        world.count([None, (8, 10), (7, 10)])
        with django_assert_num_queries(1):
            assert len([str(row.revision.entry) for row in recent_approvals(world.head, NOW)]) == 3
