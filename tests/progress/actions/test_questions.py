"""Figures that look odd, and returned figures that come again as they were."""

from decimal import Decimal

import pytest

from apps.accounts.enums import Role
from apps.journal.models import Event
from apps.progress import actions
from apps.progress.actions import Cell, return_, submit
from apps.progress.enums import EntryState
from apps.progress.models import CheckMark, Entry, Revision
from tests.factories import ChecklistItemFactory, JudgementFactory, MilestoneFactory, StoredFileFactory, UserFactory
from tests.progress.world import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def past(world):
    """Return a world whose first district had 90 of 100 in July."""
    world.count([(90, 100)], month=7)
    return world


def send_back(world, revision):
    return_(revision_ids=[revision.pk], reviewer=world.head, reason="请核对", at=NOW)


def refusal(kind, act):
    before = (Revision.objects.count(), Event.objects.count())
    with pytest.raises(kind) as caught:
        act()
    assert (Revision.objects.count(), Event.objects.count()) == before
    return caught.value.sentence, caught.value.entry_id


@pytest.mark.parametrize("note", ["", "  \n"])
def test_an_odd_figure_without_a_note_is_refused(past, note):
    sentence, entry_id = refusal(actions.QuestionUnanswered, lambda: past.submit([(80, 120)], note=note))

    assert entry_id == past.cells()[0].pk
    assert sentence == ("应纳管人数本次 120，比上次 100 变动了 20 %。范围或口径是否有变化？确认无误请在说明里写一句。")


def test_with_a_note_it_goes_in_and_the_question_is_kept(past):
    revision = past.submit([(80, 120)], note="新增两个街道")[0]

    revision.refresh_from_db()
    assert revision.note == "新增两个街道"
    assert [(row["code"], row["field"], row["facts"]["percent"]) for row in revision.questions] == [
        ("moved", "denominator", "20")
    ]


def test_a_note_that_was_carried_over_answers_no_new_question(past):
    past.submit([(91, 100)], note="如常")

    refusal(actions.QuestionUnanswered, lambda: past.submit([(80, 120)], note="如常 "))
    past.submit([(80, 120)], note="新增两个街道")

    assert past.submit([(81, 120)], note="新增两个街道")[0].note == "新增两个街道"


def test_a_figure_that_looks_right_keeps_no_question(past):
    assert past.submit([(91, 100)], note="如常")[0].questions == []


def test_a_note_does_not_make_right_what_cannot_be(past):
    refusal(actions.FigureUnfit, lambda: past.submit([(130, 120)], note="确认无误"))


def test_a_question_keeps_all_cells_out(past):
    refusal(actions.QuestionUnanswered, lambda: past.submit([(80, 120), (9, 10), (8, 10)]))

    assert [entry.state for entry in past.cells()] == [EntryState.PENDING] * 3


def test_who_types_for_others_is_asked_as_well(past):
    Entry.objects.filter(member=past.members[0]).update(reporting_unit=past.bureau)
    letter = {"on_behalf_of": "市公安局", "source": StoredFileFactory()}

    refusal(actions.QuestionUnanswered, lambda: past.submit([(80, 120)], **letter))

    assert past.submit([(80, 120)], note="来函如此", **letter)[0].on_behalf_of == "市公安局"


def test_a_note_that_names_a_resident_goes_in_with_a_warning_for_who_reviews_it(past):
    revision = past.submit([(91, 100)], note="与张三 13800138000 核对")[0]

    assert [(row["code"], row["facts"]["numbers"]) for row in revision.questions] == [("residents", "1 处像手机号")]
    assert past.submit([(92, 100)], note="与张三 13800138000 核对")[0].number == 2


def test_a_warning_about_the_note_is_no_answer_and_no_question(past):
    past.submit([(91, 100)], note="与张三 13800138000 核对")

    sentence, _entry = refusal(
        actions.QuestionUnanswered, lambda: past.submit([(80, 120)], note="与张三 13800138000 核对")
    )

    assert "手机号" not in sentence


class TestAnOldNote:
    """A note that is carried over from the cell's last figure, as the grid and the workbook do."""

    def test_it_does_not_answer_what_was_never_asked(self, past):
        past.submit([(91, 100)], note="台账")

        sentence, _entry = refusal(actions.QuestionUnanswered, lambda: past.submit([(80, 120)], note=" 台账 "))

        assert sentence == (
            "应纳管人数本次 120，比上次 100 变动了 20 %。范围或口径是否有变化？"
            "说明还是上一次的；确认无误请针对这一次改写一句。"
        )
        assert past.submit([(80, 120)], note="台账，新增两个街道")[0].number == 2

    def test_it_answers_what_it_answered_before(self, past):
        past.submit([(80, 120)], note="新增两个街道")

        assert past.submit([(85, 121)], note="新增两个街道")[0].number == 2

    def test_it_does_not_answer_more_than_that(self, past):
        past.submit([(80, 120)], note="新增两个街道")

        refusal(actions.QuestionUnanswered, lambda: past.submit([(5, 120)], note="新增两个街道"))


class TestUnchanged:
    def test_a_returned_figure_does_not_come_again_as_it_was(self, world):
        send_back(world, world.submit([(9, 10)], note="台账")[0])

        again, repeated = (
            refusal(actions.Unchanged, lambda note=note: world.submit([(9, 10)], note=note)) for note in ("", " 台账 ")
        )

        assert again == repeated
        assert again[0] == "“荔湾”被退回后没有改动。请更正；如确实无误，请在说明里写明理由后再提交。"
        assert again[1] == world.cells()[0].pk

    @pytest.mark.parametrize(("figure", "note"), [((8, 10), ""), ((9, 10), "已与街道核对")])
    def test_with_a_change_or_a_word_for_it_it_does(self, world, figure, note):
        send_back(world, world.submit([(9, 10)])[0])

        assert world.submit([figure], note=note)[0].number == 2

    def test_a_better_reason_for_the_correction_is_a_word_for_it(self, world):
        world.count([(9, 10)])
        send_back(world, world.submit([(8, 10)], reason="改正")[0])

        refusal(actions.Unchanged, lambda: world.submit([(8, 10)], reason=" 改正 "))
        assert world.submit([(8, 10)], reason="派出所补报一户，见附件")[0].number == 3

    def test_for_somebody_else_as_well(self, world):
        send_back(world, world.submit([(9, 10)])[0])
        colleague = UserFactory(role=Role.REPORTER, unit=world.division)

        refusal(actions.Unchanged, lambda: world.submit([(9, 10)], person=colleague))

    def test_nothing_said_is_the_same_as_before(self, world):
        measure = MilestoneFactory(bureau=world.bureau, division=world.division)
        world.ask(measure, due_on=TODAY.replace(day=20))
        entry = Entry.objects.get(measure=measure)
        said = {"outcome": "awaiting", "decided_on": None, "decided_by": "", "document": ""}

        def act(seen, **more):
            return submit(cells=[Cell(entry.pk, said | more, seen=seen)], person=world.reporter, today=TODAY, at=NOW)

        send_back(world, act(0)[0])
        refusal(actions.Unchanged, lambda: act(1))
        assert act(1, document="穗来函〔2016〕9号")[0].number == 2

    def test_another_finding_is_a_change(self, world):
        measure = JudgementFactory(bureau=world.bureau, division=world.division)
        item = ChecklistItemFactory(measure=measure)
        world.ask(measure)
        entry = Entry.objects.get(measure=measure)

        def act(mark, seen):
            judged = {"band": "achieved", "percent": Decimal(90)}
            cell = Cell(entry.pk, judged, seen=seen, note="窗口整洁", marks={item.pk: mark})
            return submit(cells=[cell], person=world.reporter, today=TODAY, at=NOW)

        send_back(world, act("passed", 0)[0])
        refusal(actions.Unchanged, lambda: act("passed", 1))
        act("failed", 1)
        assert CheckMark.objects.filter(mark="failed").count() == 1

    def test_a_figure_that_waits_may_be_sent_again(self, world):
        world.submit([(9, 10)])

        assert world.submit([(9, 10)])[0].number == 2


@pytest.mark.parametrize("is_reviewed", [True, False])
def test_a_correction_beyond_all_measure_is_asked_about_without_any_earlier_round(world, is_reviewed):
    first = world.submit([(9_000, 12_000)])[0]
    if is_reviewed:
        actions.approve(revision_ids=[first.pk], reviewer=world.head, today=TODAY, at=NOW)

    sentence, _entry = refusal(
        actions.QuestionUnanswered, lambda: world.submit([(900, 1_000)], note="", reason="原来填错了")
    )
    kept = world.submit([(900, 1_000)], note="只报了一个街道，已核对", reason="原来填错了")[0]

    assert sentence.startswith("应纳管人数更正为 1,000，不到更正前（12,000）的十分之一。")
    assert {row["code"] for row in kept.questions} == {"tenth_correction"}


def test_a_returned_figure_is_not_compared_with(world):
    send_back(world, world.submit([(9_000, 12_000)])[0])

    assert world.submit([(900, 1_000)])[0].questions == []
