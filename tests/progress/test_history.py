"""The history of one cell: everything it said, what was thought of it, and what counts now."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from apps.accounts.enums import Role
from apps.calculation.plausibility import Code, Question
from apps.files.actions import store_file
from apps.progress.actions import Cell, approve, return_, submit, take_back
from apps.progress.models import CheckMark, Entry, Evidence, Reopening
from apps.progress.queries.history import entry_history
from apps.progress.queries.questions import stored
from tests.factories import (
    ChecklistItemFactory,
    DefinitionFactory,
    DivisionFactory,
    JudgementFactory,
    MilestoneFactory,
    MoneyFactory,
    RatioFactory,
    RevisionFactory,
    UserFactory,
)
from tests.progress.world import NOW, TODAY, values

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def page(client, person, entry, **more):
    client.force_login(person)
    return client.get(reverse("progress:history", args=[entry.pk]), headers={"accept-language": "zh-hans"} | more)


def words(answer):
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.content.decode()).split())


def say(world, figure, minutes, **more):
    """Submit the first cell of August, some minutes later."""
    entry = world.cells()[0]
    cell = Cell(entry.pk, values(figure), seen=entry.latest.number if entry.latest else 0, **more)
    return submit(
        cells=[cell], person=more.pop("person", world.reporter), today=TODAY, at=NOW + timedelta(minutes=minutes)
    )


@pytest.fixture
def told(world):
    """Let the first cell of August be returned, mended, approved, corrected, approved and taken back."""
    DefinitionFactory(measure=world.measure, number=3, text="按居住登记统计")
    review = {"reviewer": world.head}
    first = say(world, (50, 100), 1)
    return_(revision_ids=[first[0].pk], reason="分母不对", at=NOW + timedelta(minutes=2), **review)
    second = say(world, (90, 100), 3, note="重新核对了台账")
    approve(revision_ids=[second[0].pk], today=TODAY, at=NOW + timedelta(minutes=4), **review)
    third = say(world, (95, 100), 5, reason="漏报五台", note="核对过")
    approve(revision_ids=[third[0].pk], today=TODAY, at=NOW + timedelta(minutes=6), **review)
    take_back(revision_ids=[third[0].pk], reason="依据不足", today=TODAY, at=NOW + timedelta(minutes=7), **review)
    return Entry.objects.select_related("measure").get(pk=world.cells()[0].pk)


def test_every_submission_is_told_with_what_was_thought_of_it(world, told):
    lines = entry_history(told, world.head).lines

    assert [(line.revision.number, line.figure, line.counts) for line in lines] == [
        (3, "95 ÷ 100 = 95.00 %", False),
        (2, "90 ÷ 100 = 90.00 %", True),
        (1, "50 ÷ 100 = 50.00 %", False),
    ]
    assert [[(row.verdict, row.reason) for row in line.reviews] for line in lines] == [
        [("approved", ""), ("taken_back", "依据不足")],
        [("approved", "")],
        [("returned", "分母不对")],
    ]


def test_the_page_tells_reasons_notes_people_and_what_counts(world, told, client):
    text = words(page(client, world.head, told))

    for part in ("漏报五台", "重新核对了台账", "“分母不对”", "“依据不足”", "现在计入", "按居住登记统计", "填报人甲"):
        assert part in text
    assert text.index("第 3 次提交") < text.index("第 2 次提交") < text.index("第 1 次提交")


def test_a_page_that_asks_for_a_part_gets_the_history_alone(world, told, client):
    whole, part = page(client, world.head, told), page(client, world.head, told, **{"HX-Request": "true"})

    assert ("<html" in whole.content.decode(), "<html" in part.content.decode()) == (True, False)
    assert "第 3 次提交" in words(part)
    assert "HX-Request" in part.headers["Vary"]


def test_questions_stand_beside_the_note_that_answered_them(world, client):
    entry = world.cells()[0]
    asked = Question(Code.SHARE, "percent", {"now": "0.8", "meant": "80"})
    RevisionFactory(entry=entry, value=None, numerator=90, denominator=100, note="确有其事", questions=stored([asked]))

    text = words(page(client, world.head, entry))

    assert "◆ 0.8 不到 1；这里按百分数填写，80 表示 80 %。是否应为 80？" in text
    assert "确有其事" in text


def test_whoever_reviews_the_cell_gets_from_what_counts_to_taking_it_back(world, client):
    author = UserFactory(role=Role.HEAD, unit=world.division)
    author.assignments.create(unit=world.division, role=Role.REPORTER)
    counting = world.count([(9, 10)], person=author)[0]
    world.submit([(8, 10)], reason="漏报")
    door = f'href="{reverse("progress:take_back")}?revision='

    shown = {who: page(client, who, counting.entry).content.decode() for who in (world.head, author, world.reporter)}

    assert {who: text.count(door) for who, text in shown.items()} == {world.head: 1, author: 0, world.reporter: 0}
    assert f'{door}{counting.pk}"' in shown[world.head]


def test_a_figure_by_letter_names_both_and_the_file(world, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    letter = store_file(content=ContentFile(b"%PDF-1.4"), name="来函.pdf", person=world.reporter, at=NOW)
    say(world, (90, 100), 1, on_behalf_of="市公安局", source=letter, source_name="来函.pdf")

    text = words(page(client, world.head, world.cells()[0]))

    assert "填报人甲，代市公安局填报" in text
    assert "来函.pdf" in text


def test_files_and_reopenings_are_told_with_their_state(world, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    entry = world.cells()[0]
    kept = store_file(content=ContentFile(b"%PDF-1.4"), name="证明.pdf", person=world.reporter, at=NOW)
    common = {"entry": entry, "measure": entry.measure, "fiscal_year": 2016, "file": kept, "added_by": world.reporter}
    Evidence.objects.create(**common, number=1, name="新.pdf", added_at=NOW)
    Evidence.objects.create(
        **common,
        number=2,
        name="旧.pdf",
        added_at=NOW,
        superseded_at=NOW,
        superseded_by=world.reporter,
        superseded_reason="传错了",
    )
    officer = world.people[Role.OFFICER]
    Reopening.objects.create(
        entry=entry, person=world.reporter, until=TODAY, reason="补报", opened_by=officer, opened_at=NOW
    )

    text = words(page(client, world.head, entry))

    assert "新.pdf" in text
    assert "停用：传错了" in text
    assert "对填报人甲开放到 2016-09-06" in text
    assert "还没有提交过数据" in text


@pytest.mark.parametrize(
    ("make", "columns", "figure"),
    [
        (MoneyFactory, {"value": 12_345_600}, "1,234.56 万元"),
        (RatioFactory, {"value": None, "numerator": 0, "denominator": 0}, "0 ÷ 0，不适用"),
        (MilestoneFactory, {"outcome": "passed", "value": None}, "通过"),
        (JudgementFactory, {"band": "partial", "percent": 76, "value": None}, "部分达成 76.00 %"),
    ],
)
def test_every_kind_of_figure_is_written_as_it_is_said(world, make, columns, figure):
    measure = make(bureau=world.bureau, division=world.division)
    entry = Entry.objects.create(
        measure=measure,
        member=measure.members.first() or world.members[0],
        round=world.round_of(8),
        reporting_unit=world.division,
        reviewing_unit=world.division,
    )
    revision = RevisionFactory(entry=entry, **columns)
    if make is JudgementFactory:
        CheckMark.objects.create(revision=revision, item=ChecklistItemFactory(measure=measure), mark="failed")

    line = entry_history(entry, world.head).lines[0]

    assert line.figure == figure
    assert len(line.marks) == (make is JudgementFactory)


def test_whoever_may_not_see_the_cell_does_not_learn_that_it_is_there(world, told, client):
    stranger = UserFactory(role=Role.HEAD, unit=DivisionFactory(parent=world.bureau))

    assert page(client, stranger, told).status_code == 404
    assert page(client, world.people[Role.AUDITOR], told).status_code == 200


def test_a_cell_that_asks_nobody_any_more_says_so(world, client):
    cell = world.cells()[0]
    Entry.objects.filter(pk=cell.pk).update(released_at=NOW)

    assert "成员在这一期之前停用，2016-09-06 09:30 起不再要求填报。" in words(page(client, world.head, cell))


def test_a_long_history_costs_what_a_short_one_does(world, client):
    def cost(entry):
        page(client, world.head, entry)
        with CaptureQueriesContext(connection) as found:
            page_again = client.get(reverse("progress:history", args=[entry.pk]))
        assert page_again.status_code == 200
        return len(found)

    say(world, (50, 100), 1)
    few = cost(world.cells()[0])
    for number in range(1, 4):
        latest = world.cells()[0].latest
        approve(revision_ids=[latest.pk], reviewer=world.head, today=TODAY, at=NOW)
        say(world, (60 + number, 100), number, reason="更正", note="核对过")

    assert cost(world.cells()[0]) == few <= 10
