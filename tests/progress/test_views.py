"""The pages on which figures are filled in and reviewed, as a browser without scripts meets them."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.enums import Role
from apps.journal.models import Event
from apps.progress.actions import close_round, reopen_cell, return_, save_drafts, take_back
from apps.progress.enums import EntryState
from apps.progress.models import CheckMark, Draft, Entry, Revision, Round, Standing
from tests.factories import (
    ChecklistItemFactory,
    EntryFactory,
    JudgementFactory,
    MilestoneFactory,
    MoneyFactory,
    NumberFactory,
    RatioFactory,
    RoundFactory,
    UserFactory,
)
from tests.progress.world import NOW, TODAY, add_district_office, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

QUEUE, REVIEW, ROUNDS = "/progress/queue/", "/progress/queue/review/", "/progress/"
MOST_QUERIES, MOST_OF_A_DRAFT = 25, 15


def enter(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def path_of(world, month=8, measure=None):
    return reverse("progress:grid", args=[world.round_of(month).pk, (measure or world.measure).pk])


def typed(entries, rows):
    """Return the form of a grid: (numerator, denominator) or texts by field for each cell, as the page would post it."""
    data = {}
    for entry, row in zip(entries, rows, strict=False):
        texts = row if isinstance(row, dict) else dict(zip(("numerator", "denominator"), row, strict=True))
        seen = str(entry.latest.number if entry.latest else 0)
        data |= {f"c{entry.pk}-{name}": text for name, text in {"seen": seen, "note": "", **texts}.items()}
    return data


def value_of(page, entry, name) -> str:
    """Return what stands in a field of the page."""
    field = re.search(rf'name="c{entry.pk}-{name}" value="([^"]*)"', page.content.decode())
    assert field, f"no field {name}"
    return field.group(1)


class TestGrid:
    def test_good_figures_go_in_and_the_person_is_thanked(self, world):
        client = enter(world.reporter)

        answer = client.post(path_of(world), typed(world.cells(), [("9", "10"), ("8", "10"), ("0", "10")]), follow=True)

        assert answer.redirect_chain == [(path_of(world), 302)]
        assert "已提交 3 格，等待审核。" in answer.content.decode()
        assert [entry.latest.numerator for entry in world.cells()] == [9, 8, 0]

    def test_bad_cells_stay_as_typed_with_their_reason_and_the_good_ones_go_in(self, world):
        entries = world.cells()
        client = enter(world.reporter)

        answer = client.post(path_of(world), typed(entries, [("9", "10"), ("8x", "10"), ("11", "10")]))

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "已提交 1 格。" in page
        assert "有 <b>2</b> 格没有提交，原因写在那一行下面" in page
        assert "“8x”含字母 x，应为数字。" in page
        assert "已纳管人数 11 大于应纳管人数 10；前者是后者的一部分，请核对。" in page
        assert value_of(answer, entries[1], "numerator") == "8x"
        assert value_of(answer, entries[2], "numerator") == "11"
        assert [entry.state for entry in world.cells()] == ["submitted", "pending", "pending"]

    def test_what_stayed_behind_is_still_there_after_leaving_the_page(self, world):
        entries = world.cells()
        client = enter(world.reporter)
        client.post(
            path_of(world), typed(entries, [("9", "10"), {"numerator": "8x", "denominator": "", "note": "待查"}])
        )

        page = client.get(path_of(world))

        assert value_of(page, entries[1], "numerator") == "8x"
        assert value_of(page, entries[1], "note") == "待查"
        assert "“8x”含字母 x，应为数字。" in page.content.decode()
        assert value_of(page, entries[0], "numerator") == "9"

    def test_an_empty_cell_is_no_zero_and_is_left_alone(self, world):
        client = enter(world.reporter)

        answer = client.post(path_of(world), typed(world.cells(), [("9", "10"), ("", ""), ("", "")]), follow=True)

        assert "已提交 1 格，等待审核。" in answer.content.decode()
        assert Revision.objects.count() == 1
        assert "未报" in answer.content.decode()

    def test_a_figure_cannot_be_blanked(self, world):
        world.submit([(9, 10)])
        client = enter(world.reporter)

        answer = client.post(path_of(world), typed(world.cells(), [("", "")]))

        assert answer.status_code == 422
        assert "“荔湾”已有提交的数据，不能改成空白；如确为零请填 0。" in answer.content.decode()
        assert Revision.objects.count() == 1

    def test_what_is_already_said_is_not_said_again(self, world):
        world.submit([(9, 10)])
        client = enter(world.reporter)

        answer = client.post(path_of(world), typed(world.cells(), [("9.0", "10")]), follow=True)

        assert "没有新的数据需要提交。" in answer.content.decode()
        assert Revision.objects.count() == 1

    def test_the_second_tab_is_told_and_keeps_what_was_typed(self, world):
        first_tab = typed(world.cells(), [("5", "10")])
        colleague = UserFactory(role=Role.REPORTER, unit=world.division, name="同事")
        world.submit([(9, 10)], person=colleague)
        client = enter(world.reporter)

        answer = client.post(path_of(world), first_tab)

        entry = world.cells()[0]
        assert (
            "“荔湾”原来是空的，在您打开页面之后已由同事（2016-09-06 09:30）改为 9/10，请核对后再提交。"
            in answer.content.decode()
        )
        assert value_of(answer, entry, "numerator") == "5"
        assert value_of(answer, entry, "seen") == "0"
        assert entry.latest.numerator == 9

        mine = {"numerator": "5", "denominator": "10", "seen": "0", "shown": "1", "choice": "mine"}
        again = client.post(path_of(world), typed([entry], [mine]))
        assert again.status_code == 302
        assert world.cells()[0].latest.numerator == 5

    def test_a_reviewed_figure_has_no_fields_until_its_correction_is_asked_for(self, world):
        world.count([(9, 10)])
        entry = world.cells()[0]
        client = enter(world.reporter)

        assert f"c{entry.pk}-numerator" not in client.get(path_of(world)).content.decode()
        assert f"c{entry.pk}-numerator" in client.get(f"{path_of(world)}?correct={entry.pk}").content.decode()

    def test_a_correction_needs_a_reason_and_then_waits(self, world):
        first = world.count([(9, 10)])[0]
        entry = world.cells()[0]
        client = enter(world.reporter)
        path = f"{path_of(world)}?correct={entry.pk}"

        without = client.post(path, typed([entry], [{"numerator": "8", "denominator": "10", "reason": ""}]))
        assert "“荔湾”的数据已审核。如需更正，请写明更正原因。" in without.content.decode()
        assert value_of(without, entry, "numerator") == "8"

        client.post(path, typed([entry], [{"numerator": "8", "denominator": "10", "reason": "重复登记"}]))
        entry = world.cells()[0]
        assert (entry.approved, entry.latest.numerator, entry.latest.reason) == (first, 8, "重复登记")

    def test_a_returned_figure_shows_why_and_is_confirmed_only_with_a_word(self, world):
        revision = world.submit([(9, 10)])[0]
        return_(revision_ids=[revision.pk], reviewer=world.head, reason="分母少了", at=NOW)
        client = enter(world.reporter)

        assert "分母少了" in client.get(path_of(world)).content.decode()
        client.post(path_of(world), typed(world.cells(), [("9", "10")]))
        assert world.cells()[0].state == EntryState.RETURNED
        said = {"numerator": "9", "denominator": "10", "note": "已核对，数据无误"}
        client.post(path_of(world), typed(world.cells(), [said]))
        assert world.cells()[0].state == EntryState.SUBMITTED

    def test_a_returned_correction_goes_in_again_with_a_better_reason_alone(self, world):
        world.count([(9, 10)])
        correction = world.submit([(8, 10)], reason="核减")[0]
        return_(revision_ids=[correction.pk], reviewer=world.head, reason="更正原因没有写清楚", at=NOW)
        client, entry = enter(world.reporter), world.cells()[0]

        for reason, latest in (("核减", correction.number), ("重复登记", correction.number + 1)):
            said = {"numerator": "8", "denominator": "10", "reason": reason, "seen": str(correction.number)}
            client.post(f"{path_of(world)}?correct={entry.pk}", typed([entry], [said]))
            assert world.cells()[0].latest.number == latest

    def test_a_draft_that_arrives_after_its_figure_went_in_is_not_kept(self, world):
        entry = world.cells()[0]
        client = enter(world.reporter)
        late = typed([entry], [("8", "10")])
        client.post(path_of(world), typed(world.cells(), [("9", "10")]))

        answer = client.post(f"{path_of(world)}cells/{entry.pk}/", late)

        assert answer.status_code == 200
        assert not Draft.objects.filter(entry=entry).exists()

    @pytest.mark.parametrize("month", [8])
    def test_a_period_outside_the_plan_has_its_sentence_and_loses_nothing(self, world, month):
        world.version.ends_on = world.round_of(7).ends_on
        world.version.save()
        client = enter(world.reporter)

        answer = client.post(path_of(world), typed(world.cells(), [("9", "10")]))

        assert "填报期 2016年8月 不在任何已批复的年度绩效目标的起止时间内，不能填报。" in answer.content.decode()
        assert value_of(answer, world.cells()[0], "numerator") == "9"

    def test_a_closed_round_has_its_sentence_and_loses_nothing(self, world):
        Round.objects.filter(pk=world.round_of(8).pk).update(closed_at=NOW)
        client = enter(world.reporter)

        answer = client.post(path_of(world), typed(world.cells(), [("9", "10"), ("8", "10")]))

        assert answer.content.decode().count("填报期 2016年8月 已关闭。如需补报，请联系绩效管理岗。") == 2
        assert value_of(answer, world.cells()[1], "numerator") == "8"

    def test_a_cell_that_was_opened_again_says_so_to_its_person_alone(self, world):
        officer, closed = world.people[Role.OFFICER], world.round_of(8)
        close_round(row=closed, reason="年终结账", officer=officer, today=TODAY, at=NOW)
        entry = world.cells()[0]
        why = {"reason": "补报漏报数", "officer": officer, "today": TODAY, "at": NOW}
        reopen_cell(entry=entry, person=world.reporter, until=TODAY + timedelta(days=3), **why)
        colleague = enter(UserFactory(role=Role.REPORTER, unit=world.division))
        client, words = enter(world.reporter), f"这一格由{officer}为您重新开放至 9月9日 周五，原因：“补报漏报数”。"

        mine, theirs = (someone.get(path_of(world)).content.decode() for someone in (client, colleague))

        assert (words in mine, words in theirs) == (True, False)
        assert "这个填报期已于" in mine
        assert [re.findall(r'name="c(\d+)-numerator"', page) for page in (mine, theirs)] == [[str(entry.pk)], []]
        assert client.post(path_of(world), typed([entry], [("9", "10")])).status_code == 302
        assert world.cells()[0].latest.numerator == 9

    def test_what_was_taken_back_says_by_whom_and_why(self, world):
        revision = world.count([(9, 10)])[0]
        take_back(revision_ids=[revision.pk], reviewer=world.head, reason="依据不足", today=TODAY, at=NOW)

        page = enter(world.reporter).get(path_of(world)).content.decode()

        assert f"{world.head} 2016-09-06 09:30 撤回了审核，正在重新审核：“依据不足”" in page

    def test_only_findings_changed_is_a_change(self, world):
        measure = JudgementFactory(bureau=world.bureau, division=world.division)
        item = ChecklistItemFactory(measure=measure)
        world.ask(measure)
        entry = Entry.objects.get(measure=measure)
        path = reverse("progress:grid", args=[entry.round_id, measure.pk])
        client = enter(world.reporter)
        said = {"band": "achieved", "percent": "90", "note": "现场检查"}

        for mark in ("failed", "passed"):
            entry = Entry.objects.select_related("latest").get(measure=measure)
            client.post(path, typed([entry], [said | {f"item-{item.number}": mark}]))

        assert list(CheckMark.objects.order_by("pk").values_list("mark", flat=True)) == ["failed", "passed"]

    def test_a_character_zero_in_a_note_does_no_harm(self, world):
        client = enter(world.reporter)

        row = {"numerator": "9", "denominator": "10", "note": "台\0账"}
        assert client.post(path_of(world), typed(world.cells(), [row])).status_code == 302
        assert world.cells()[0].latest.note == "台账"

    @pytest.mark.parametrize("seen", ["²", "9" * 40, "-1", "x"])
    def test_a_seen_number_that_is_none_is_a_changed_figure_at_worst(self, world, seen):
        world.submit([(9, 10)])
        client = enter(world.reporter)

        row = {"numerator": "5", "denominator": "10", "seen": seen}
        answer = client.post(f"{path_of(world)}?correct=²", typed(world.cells(), [row]))
        assert answer.status_code == 422
        assert world.cells()[0].latest.numerator == 9

    def test_the_whole_is_shown_with_its_coverage(self, world):
        world.submit([(9, 10), (7, 10)])
        page = enter(world.reporter).get(path_of(world)).content.decode()

        assert "2/3 已填，缺：海珠" in page
        assert "80.00%" in re.sub(r"\s", "", page)


class TestQuestions:
    def test_a_row_that_is_asked_about_waits_for_a_word_of_its_own(self, world):
        world.count([(80, 100)], month=7)
        world.submit([(81, 100), (9, 10)], note="如常")
        client, entry = enter(world.reporter), world.cells()[0]
        odd = {"numerator": "81", "denominator": "130"}

        answer = client.post(path_of(world), typed([entry], [odd | {"note": "如常"}]))
        assert answer.status_code == 422
        assert "有 <b>1</b> 格要请您核对" in answer.content.decode()
        assert "说明还是上一次的；确认无误请针对这一次改写一句" in answer.content.decode()
        assert world.cells()[0].latest.denominator == 100

        said = odd | {"note": "新增两个街道"}
        assert client.post(path_of(world), typed([entry], [said])).status_code == 302
        latest = world.cells()[0].latest
        assert ([row["code"] for row in latest.questions], latest.note) == (["moved"], "新增两个街道")


class TestOtherKinds:
    """Grids of what is no ratio: filled in, read again, and told to the second tab."""

    def fill(self, world, measure, texts, month=8):
        world.ask(measure)
        row = Round.objects.filter(entries__measure=measure).order_by("-ends_on").first()
        if row is None:
            row = RoundFactory(
                bureau=world.bureau,
                frequency=measure.frequency,
                starts_on="2016-01-01",
                ends_on="2016-12-31",
                opens_on="2016-09-01",
                due_on="2017-01-06",
            )
            member = measure.memberships.get().member
            entry = EntryFactory(measure=measure, member=member, round=row)
            Entry.objects.filter(pk=entry.pk).update(reporting_unit=world.division, reviewing_unit=world.division)
        path = reverse("progress:grid", args=[row.pk, measure.pk])
        entry = Entry.objects.get(round=row, measure=measure)
        client = enter(world.reporter)
        stale = typed([entry], [texts])
        assert client.post(path, stale).status_code == 302
        page = client.get(path).content.decode()
        return (
            Entry.objects.select_related("latest").get(pk=entry.pk),
            page,
            client.post(path, other_than(stale, entry)),
        )

    def test_money(self, world):
        measure = MoneyFactory(bureau=world.bureau, division=world.division)

        entry, page, stale = self.fill(world, measure, {"value": "3,948.44"})

        assert entry.latest.value == Decimal("39484400")
        assert 'value="3948.44"' in page
        assert "改为 3948.44 万元，请核对后再提交。" in stale.content.decode()

    def test_a_number(self, world):
        measure = NumberFactory(bureau=world.bureau, division=world.division)

        entry, page, stale = self.fill(world, measure, {"value": "0"})

        assert (entry.latest.value, 'value="0"' in page) == (0, True)
        assert "改为 0，请核对后再提交。" in stale.content.decode()

    def test_a_milestone(self, world):
        measure = MilestoneFactory(bureau=world.bureau, division=world.division)
        texts = {"outcome": "passed", "decided_on": "2016-12-20", "decided_by": "市综治办", "document": "验收函"}

        entry, page, stale = self.fill(world, measure, texts)

        assert (entry.latest.outcome, entry.latest.decided_by) == ("passed", "市综治办")
        assert all(f'value="{text}"' in page for text in texts.values())
        assert "改为 通过，请核对后再提交。" in stale.content.decode()

    def test_a_judgement(self, world):
        measure = JudgementFactory(bureau=world.bureau, division=world.division)
        item = ChecklistItemFactory(measure=measure, text="上墙制度规范")
        texts = {"band": "achieved", "percent": "92.5", "note": "现场检查", f"item-{item.number}": "failed"}

        entry, page, stale = self.fill(world, measure, texts)

        assert (entry.latest.band, entry.latest.percent) == ("achieved", Decimal("92.5"))
        assert re.search(r'上墙制度规范.*<option value="failed" selected>', page)
        assert "改为 达成 92.50 %，请核对后再提交。" in stale.content.decode()

    def test_the_queue_shows_them_all(self, world):
        made = {
            MoneyFactory: {"value": "1"},
            MilestoneFactory: {"outcome": "awaiting"},
            JudgementFactory: {"band": "missed", "percent": "12", "note": "现场检查"},
        }
        for factory, texts in made.items():
            self.fill(world, factory(bureau=world.bureau, division=world.division), texts)

        page = enter(world.head).get(QUEUE).content.decode()

        assert all(word in page for word in ("待结果", "未达成", "12.00"))


def other_than(data, entry):
    """Return a form that says something else than the one posted before, without having seen what became of it."""
    changes = {"value": "7", "document": "另一份", "percent": "95"}
    names = {name: f"c{entry.pk}-{name}" for name in changes}
    return data | {names[name]: text for name, text in changes.items() if names[name] in data}


class TestDrafts:
    def draft(self, world, client, entry, **texts):
        path = reverse("progress:draft", args=[entry.round_id, entry.measure_id, entry.pk])
        return client.post(path, typed([entry], [texts]))

    def test_what_is_typed_is_kept_letter_by_letter_and_answered_with_the_ratio(self, world):
        entry = world.cells()[0]
        client = enter(world.reporter)

        answer = self.draft(world, client, entry, numerator="9", denominator="10")

        assert (answer.status_code, "90.00" in answer.content.decode()) == (200, True)
        assert Draft.objects.get().fields["numerator"] == "9"
        assert Revision.objects.count() == 0
        assert value_of(client.get(path_of(world)), entry, "numerator") == "9"

    def test_a_wrong_one_is_kept_too_with_its_sentence(self, world):
        answer = self.draft(world, enter(world.reporter), world.cells()[0], numerator="九", denominator="")

        assert "“九”含文字 九，应为数字。" in answer.content.decode()
        assert Draft.objects.get().fields["numerator"] == "九"

    def test_a_row_that_was_emptied_is_no_draft(self, world):
        entry = world.cells()[0]
        client = enter(world.reporter)
        self.draft(world, client, entry, numerator="9", denominator="10")

        answer = self.draft(world, client, entry, numerator="", denominator="")

        assert "草稿已清空" in answer.content.decode()
        assert not Draft.objects.exists()

    def test_submitting_an_emptied_row_forgets_its_draft(self, world):
        entry = world.cells()[0]
        save_drafts(texts={entry.pk: {"numerator": "9"}}, person=world.reporter, at=NOW)

        enter(world.reporter).post(path_of(world), typed([entry], [("", "")]))

        assert not Draft.objects.exists()

    def test_nobody_sees_the_draft_of_another(self, world):
        colleague = UserFactory(role=Role.REPORTER, unit=world.division)
        entry = world.cells()[0]
        self.draft(world, enter(world.reporter), entry, numerator="4711", denominator="")

        assert "4711" not in enter(colleague).get(path_of(world)).content.decode()

    def test_who_reports_another_cell_may_not_draft_in_this_one(self, world):
        district = add_district_office(world)
        foreign, own = world.cells()[1], world.cells()[0]
        client = enter(district)

        assert self.draft(world, client, own, numerator="9").status_code == 200
        assert self.draft(world, client, foreign, numerator="9").status_code == 404

    def test_who_may_see_and_not_fill_is_told_so(self, world):
        answer = self.draft(world, enter(world.people[Role.OFFICER]), world.cells()[0], numerator="9")

        assert answer.status_code == 403
        assert f"这些数据由{world.division}填报，您可以查看，不能填写。" in answer.content.decode()
        assert not Draft.objects.exists()


class TestWhoSeesWhat:
    def test_an_office_sees_its_own_row_alone(self, world):
        district = add_district_office(world)
        world.submit([None, (4711, 10000)])

        page = enter(district).get(path_of(world)).content.decode()

        assert "荔湾" in page
        assert "越秀" not in page
        assert "4711" not in page

    def test_another_bureau_sees_nothing(self, world):
        stranger = make_world(districts=1).reporter
        client = enter(stranger)

        assert client.get(path_of(world)).status_code == 404
        assert client.post(path_of(world), typed(world.cells(), [("9", "10")])).status_code == 404
        assert str(world.measure) not in client.get(ROUNDS).content.decode()
        assert not Revision.objects.exists()

    def test_a_cell_smuggled_into_ones_own_grid_is_refused(self, world):
        district = add_district_office(world)
        own, foreign = world.cells()[:2]

        enter(district).post(path_of(world), typed([own, foreign], [("9", "10"), ("8", "10")]))

        assert [entry.latest is not None for entry in world.cells()] == [True, False, False]

    @pytest.mark.parametrize("role", [Role.HEAD, Role.OFFICER, Role.LEADER, Role.FINANCE, Role.AUDITOR])
    def test_who_may_see_and_not_fill_gets_403_with_the_reason(self, world, role):
        client = enter(world.people[role])

        assert client.get(path_of(world)).status_code == 200
        answer = client.post(path_of(world), typed(world.cells(), [("9", "10")]))
        assert answer.status_code == 403
        assert "您可以查看，不能填写。" in answer.content.decode()

    def test_the_administrator_has_no_power_over_figures(self, world):
        client = enter(world.people[Role.ADMIN])

        assert client.get(path_of(world)).status_code == 404
        assert client.post(path_of(world), typed(world.cells(), [("9", "10")])).status_code == 404


class TestReview:
    def test_the_head_approves_what_is_ticked_and_nothing_else(self, world):
        first, _second = world.submit([(9, 10), (8, 10)])
        client = enter(world.head)

        answer = client.post(REVIEW, {"revision": [first.pk], "verdict": "approve"}, follow=True)

        assert "已通过 1 条，完成情况已更新。" in answer.content.decode()
        assert [entry.approved for entry in world.cells()] == [first, None, None]
        assert Standing.objects.get().numerator == 9

    def test_the_head_returns_with_a_reason(self, world):
        revision = world.submit([(9, 10)])[0]

        answer = enter(world.head).post(
            REVIEW, {"revision": [revision.pk], "verdict": "return", "reason": "分母少了"}, follow=True
        )

        assert "已退回 1 条，填报人会收到提醒。" in answer.content.decode()
        assert revision.reviews.get().reason == "分母少了"

    def test_a_return_without_reason_keeps_the_ticks(self, world):
        revision = world.submit([(9, 10)])[0]

        answer = enter(world.head).post(REVIEW, {"revision": [revision.pk], "verdict": "return", "reason": " "})

        assert answer.status_code == 422
        assert "退回时请写明原因，填报人才知道要改什么。" in answer.content.decode()
        assert re.search(rf'value="{revision.pk}" checked', answer.content.decode())

    def test_a_refusal_keeps_the_reason_that_was_typed(self, world):
        stale = world.submit([(9, 10)])[0]
        world.submit([(8, 10)])

        answer = enter(world.head).post(
            REVIEW, {"revision": [stale.pk], "verdict": "return", "reason": "分母比上月少了一半"}
        )

        assert answer.status_code == 422
        assert "请刷新后再审核。没有任何数据被改动。" in answer.content.decode()
        assert "分母比上月少了一半" in answer.content.decode()

    @pytest.mark.parametrize("chosen", [[], ["x"], ["²"]])
    def test_nothing_ticked_is_said(self, world, chosen):
        answer = enter(world.head).post(REVIEW, {"revision": chosen, "verdict": "approve"})

        assert (answer.status_code, "请先勾选要审核的数据。" in answer.content.decode()) == (422, True)

    @pytest.mark.parametrize("chosen", ["987654321", "9" * 18, "9" * 40])
    def test_what_does_not_exist_is_refused(self, world, chosen):
        assert enter(world.head).post(REVIEW, {"revision": [chosen], "verdict": "approve"}).status_code == 422

    def test_the_queue_shows_the_difference_and_hides_ones_own(self, world):
        world.count([(80, 100)], month=7)
        world.submit([(90, 100)])
        own = UserFactory(role=Role.REPORTER, unit=world.division)
        own.assignments.create(unit=world.division, role=Role.HEAD)
        world.submit([None, (4711, 10000)], person=own)

        head, self_reviewer = enter(world.head).get(QUEUE).content.decode(), enter(own).get(QUEUE).content.decode()

        assert "+10.00" in head
        assert "47.11" in head
        assert "荔湾" in self_reviewer
        assert "47.11" not in self_reviewer

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.HEAD])
    def test_the_queue_is_the_heads(self, world, role):
        client = enter(world.people[role])

        assert client.get(QUEUE).status_code == 404
        assert client.post(REVIEW, {"revision": ["1"]}).status_code == 404


def queries_of(act) -> int:
    """Return how many queries an act makes, those that only open or close a savepoint of the test left out."""
    with CaptureQueriesContext(
        connection,
    ) as made:
        act()
    return sum("SAVEPOINT" not in row["sql"] for row in made.captured_queries)


class TestCost:
    """The budgets of a grid of 11 × 2 cells, over the whole request."""

    def test_saving_submitting_and_approving_a_grid(self, whole_world):
        world = whole_world
        reporter, head = enter(world.reporter), enter(world.head)
        entries = world.cells()
        path = path_of(world)
        draft = reverse("progress:draft", args=[entries[0].round_id, world.measure.pk, entries[0].pk])
        reporter.get(path)

        saving = queries_of(lambda: reporter.post(draft, typed(entries, [("9", "10")])))
        all_rows = reverse("progress:drafts", args=[entries[0].round_id, world.measure.pk])
        pasting = queries_of(lambda: reporter.post(all_rows, typed(entries, [("9", "10")] * 11)))
        assert max(saving, pasting) <= MOST_OF_A_DRAFT, (saving, pasting)
        submitting = queries_of(lambda: reporter.post(path, typed(entries, [("9", "10")] * 11)))
        chosen = [entry.latest.pk for entry in world.cells()]
        approving = queries_of(lambda: head.post(REVIEW, {"revision": chosen, "verdict": "approve"}))

        assert Standing.objects.get().numerator == 99
        assert max(saving, submitting, approving) <= MOST_QUERIES, (saving, submitting, approving)

    @pytest.fixture
    def costs(self):
        """Return a function that makes a world's figures go all their way, and tells what each page cost."""

        def of(world, measures):
            reporter, head = enter(world.reporter), enter(world.head)
            path, rows = path_of(world), [("9", "10")] * len(world.members)
            filled = typed(world.cells(), rows)
            told = {
                "empty grid": queries_of(lambda: reporter.get(path)),
                "submit": queries_of(lambda: reporter.post(path, filled)),
                "full grid": queries_of(lambda: reporter.get(path)),
            }
            for measure in measures:
                world.submit(rows, measure=measure)
            chosen = [entry.latest.pk for entry in world.cells()]
            return told | {
                "rounds": queries_of(lambda: reporter.get(ROUNDS)),
                "queue": queries_of(lambda: head.get(QUEUE)),
                "approve": queries_of(lambda: head.post(REVIEW, {"revision": chosen, "verdict": "approve"})),
            }

        return of

    def test_sixty_months_behind_it_cost_nothing(self, costs):
        young, old = make_world(districts=11), make_world(districts=11)
        add_months(young, 1)
        add_months(old, 60)

        assert costs(young, []) == costs(old, [])

    def test_one_row_costs_what_eleven_cost(self, costs):
        assert costs(make_world(districts=1), []) == costs(make_world(districts=11), [])

    def test_one_measure_costs_what_three_cost(self, costs):
        one, three = make_world(), make_world()
        more = [RatioFactory(bureau=three.bureau, division=three.division, members=three.members) for _n in range(2)]
        for measure in more:
            three.ask(measure)

        assert costs(one, []) == costs(three, more)


def add_months(world, months):
    """Put reviewed months of earlier years behind a world."""
    first = RoundFactory(bureau=world.bureau, fiscal_year=2015, month=12)
    for number in range(months):
        starts_on = first.starts_on - timedelta(days=31 * number)
        row = (
            first
            if number == 0
            else RoundFactory(
                bureau=world.bureau,
                fiscal_year=starts_on.year,
                starts_on=starts_on,
                ends_on=starts_on + timedelta(days=27),
            )
        )
        for member in world.members:
            entry = EntryFactory(measure=world.measure, member=member, round=row, reviewing_unit=world.division)
            revision = Revision.objects.create(
                entry=entry,
                number=1,
                numerator=9,
                denominator=10,
                submitted_by=world.reporter,
                submitted_at=NOW,
                origin="imported",
            )
            Entry.objects.filter(pk=entry.pk).update(latest=revision, approved=revision, state=EntryState.APPROVED)


class TestRoundList:
    def test_december_is_listed_in_january_until_it_is_approved(self, world):
        december = RoundFactory(bureau=world.bureau, fiscal_year=2015, month=12)
        entry = EntryFactory(measure=world.measure, member=world.members[0], round=december)
        Entry.objects.filter(pk=entry.pk).update(reporting_unit=world.division, reviewing_unit=world.division)
        client = enter(world.reporter)
        path = reverse("progress:grid", args=[december.pk, world.measure.pk])

        assert path in client.get(ROUNDS).content.decode()
        revision = Revision.objects.create(
            entry=entry,
            number=1,
            numerator=9,
            denominator=10,
            submitted_by=world.reporter,
            submitted_at=NOW,
            origin="imported",
        )
        Entry.objects.filter(pk=entry.pk).update(latest=revision, approved=revision, state=EntryState.APPROVED)
        assert path not in client.get(ROUNDS).content.decode()

    def test_the_sentence_says_how_much_and_until_when(self, world):
        reporter, head = (enter(person).get(ROUNDS).content.decode() for person in (world.reporter, world.head))

        cells = Entry.objects.reportable_by(world.reporter).count()
        assert f"您有 {cells} 格要填，在 {cells // 3} 张表里，最早的已逾期（2月8日 周一 截止）。" in reporter
        assert "等您填的" not in head
        assert path_of(world) in head

    def test_what_waits_for_the_person_is_counted(self, world):
        other = NumberFactory(bureau=world.bureau, division=world.division)
        world.ask(other)
        revisions = world.submit([(9, 10), (8, 10)])
        return_(revision_ids=[revisions[0].pk], reviewer=world.head, reason="请核对", at=NOW)

        groups = enter(world.reporter).get(ROUNDS).context["groups"]

        august = next(row for row in groups if row.measure == world.measure and row.round == world.round_of(8))
        assert (august.to_fill, august.returned, august.submitted, august.approved, august.cells) == (1, 1, 1, 0, 3)
        assert august.asks == 2
        of_the_office = enter(world.people[Role.OFFICER]).get(ROUNDS).context["groups"]
        assert {row.asks for row in of_the_office} == {0}


def test_every_figure_that_was_typed_is_in_the_journal_with_its_channel(world):
    enter(world.reporter).post(path_of(world), typed(world.cells(), [("9", "10")]))

    event = Event.objects.get(verb="submit")
    assert (event.channel, event.actor, event.at) == ("page", world.reporter, NOW)
    assert Decimal(event.after["numerator"]) == 9
