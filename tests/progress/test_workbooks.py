"""The reporter's workbook: downloaded, filled in a spreadsheet, uploaded, looked at, confirmed."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from apps.accounts.enums import Role, UnitKind
from apps.files.forms import SheetRefused, open_workbook
from apps.files.queries import open_content
from apps.journal.models import Event
from apps.plans.enums import Accumulation
from apps.progress import actions
from apps.progress.actions.uploads import confirm_upload, fingerprint, keep_upload, lines_now, lines_read
from apps.progress.enums import EntryState, UploadState
from apps.progress.forms.workbooks import read_upload
from apps.progress.layouts import annotated_workbook, names_of_heads, plain_head, reporter_workbook
from apps.progress.layouts.heads import row_key
from apps.progress.models import Draft, Entry, FigureUpload, Revision
from apps.progress.queries.uploads import asked_cells, asked_entries, lines_of
from apps.progress.views.uploads import annotated_copy
from tests.documents import malformed
from tests.factories import (
    BureauFactory,
    ChecklistItemFactory,
    JudgementFactory,
    MemberFactory,
    MilestoneFactory,
    MoneyFactory,
    NumberFactory,
    UnitFactory,
    UserFactory,
)
from tests.progress.world import NOW, TODAY, World, add_district_office

pytestmark = pytest.mark.django_db
NAME = "填报表.xlsx"
HEADS = 3


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@dataclass
class Filled:
    """A downloaded workbook as a person has it open: rows by what they are about, fields by their heads."""

    content: bytes
    book: Workbook = field(init=False)

    def __post_init__(self):
        self.book = load_workbook(BytesIO(self.content))
        self.sheet = self.book.worksheets[0]
        self.heads = {cell.value: cell.column for cell in self.sheet[HEADS]}

    def row(self, *words):
        """Return the number of the first row that holds all the words."""
        for cells in self.sheet.iter_rows(min_row=HEADS + 1):
            line = " ".join(str(cell.value) for cell in cells)
            if all(word in line for word in words):
                return cells[0].row
        raise LookupError(words)

    def put(self, row, **texts):
        for head, value in texts.items():
            self.sheet.cell(row, self.heads[head.replace("百分比", "百分比（%）")]).value = value
        return self

    def at(self, row, head):
        return self.sheet.cell(row, self.heads[head])

    def saved(self) -> bytes:
        target = BytesIO()
        self.book.save(target)
        return target.getvalue()


def made_for(person, **more) -> Filled:
    entries = list(asked_entries(person, TODAY, **more))
    return Filled(reporter_workbook(asked_cells(entries, person, TODAY), title="填报表", at=NOW))


def grid_of(world: World, person=None, month=8, **more) -> Filled:
    return made_for(person or world.reporter, round_id=world.round_of(month).pk, measure_id=world.measure.pk, **more)


def taken(content: bytes, person, name=NAME) -> FigureUpload:
    reading = read_upload(content, name, person, TODAY)
    lines = lines_read(rows=reading.rows, person=person, today=TODAY)
    return keep_upload(
        content=ContentFile(content, name=name),
        name=name,
        person=person,
        rows=reading.rows,
        lines=lines,
        findings=reading.findings,
        annotated=annotated_copy(content, reading, lines),
        at=NOW,
    )


def confirmed(upload, person, *, notes=None, over=None, expected=None):
    if expected is None:
        expected = fingerprint(lines_now(upload=upload, person=person, today=TODAY))
    return confirm_upload(
        upload=upload, person=person, expected=expected, notes=notes or {}, over=over or {}, today=TODAY, at=NOW
    )


def content_of(stored) -> bytes:
    with open_content(stored) as content:
        return content.read()


def errors(upload) -> list[tuple[str, str]]:
    return [(error["address"], error["sentence"]) for row in upload.rows for error in row["errors"]]


def enter(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client, content, name=NAME):
    return client.post(reverse("progress:uploads"), {"file": SimpleUploadedFile(name, content)})


# --- the round trip -----------------------------------------------------------------------------------------------------


@pytest.fixture
def every_kind(world):
    """Return the world with one more measure of each other kind, asked in August, the first half-year or the year."""
    made = {"bureau": world.bureau, "division": world.division}
    world.ask(NumberFactory(name="信访件数", **made))
    world.ask(MoneyFactory(name="支出进度", **made))
    world.ask(MilestoneFactory(name="办法印发", **made), operator="date", value=None, due_on=date(2016, 9, 30))
    judged = JudgementFactory(name="窗口形象", **made)
    ChecklistItemFactory(measure=judged, number=1, text="上墙制度规范")
    ChecklistItemFactory(measure=judged, number=2, text="标识统一")
    world.ask(judged)
    return world


def test_every_kind_goes_out_and_comes_back(every_kind):
    person = every_kind.reporter
    book = made_for(person)
    book.put(book.row("荔湾", "2016年8月"), 分子="9.2万", 分母=100_000, 说明="台账")
    book.put(book.row("信访件数", "2016年8月"), 数值="１２")
    book.put(book.row("支出进度", "2016年8月"), 数值=Decimal("3948.44"))
    book.put(book.row("办法印发"), 结果="通过", 认定日期="2016年8月20日", 认定单位="市政府", 文件="穗府办〔2016〕1号")
    book.put(book.row("窗口形象", "档次"), 档次="达成", 百分比="92.5%", 说明="现场检查")
    book.put(book.row("窗口形象", "上墙制度规范"), 检查结果="达标")
    book.put(book.row("窗口形象", "标识统一"), 检查结果="未达标")

    upload = taken(book.saved(), person)
    made = confirmed(upload, person)

    said = {row.entry.measure.name: row for row in Revision.objects.select_related("entry__measure")}
    ratio = said[every_kind.measure.name]
    assert (errors(upload), len(made)) == ([], 5)
    assert (ratio.numerator, ratio.denominator, ratio.note) == (92_000, 100_000, "台账")
    assert (said["信访件数"].value, said["支出进度"].value) == (12, Decimal("39484400"))
    milestone = said["办法印发"]
    assert (milestone.outcome, milestone.decided_on, milestone.decided_by) == ("passed", date(2016, 8, 20), "市政府")
    judged = said["窗口形象"]
    assert (judged.band, judged.percent) == ("achieved", Decimal("92.5"))
    assert [mark.mark for mark in judged.marks.order_by("item__number")] == ["passed", "failed"]
    assert {(row.origin, row.source_id, row.source_name) for row in made} == {("workbook", upload.file_id, NAME)}
    assert set(Event.objects.filter(actor=person).values_list("channel", flat=True)) == {"workbook"}
    upload.refresh_from_db()
    assert (upload.state, upload.new, upload.changed, upload.rejected) == (UploadState.CONFIRMED, 5, 0, 0)


def test_what_is_there_stands_in_the_fields(every_kind):
    world = every_kind
    world.submit([(812, 1000)])
    revision = world.submit([None, (700, 1000)], note="台账")[0]
    actions.return_(revision_ids=[revision.pk], reviewer=world.head, reason="分母少了，请核对", at=NOW)
    Draft.objects.create(
        entry=world.cells()[2],
        person=world.reporter,
        fields={"numerator": "930,00O", "denominator": "=1+1"},
        saved_at=NOW,
    )

    book = made_for(world.reporter, measure_id=world.measure.pk)

    returned, drafted = book.row("越秀", "2016年8月"), book.row("海珠", "2016年8月")
    assert (book.at(returned, "分子").value, book.at(returned, "说明").value) == (700, "台账")
    assert "分母少了，请核对" in book.at(returned, "状态").value
    assert (book.at(drafted, "分子").value, book.at(drafted, "分母").value) == ("930,00O", "=1+1")
    assert book.at(drafted, "分母").data_type == "s"
    with pytest.raises(LookupError):
        book.row("荔湾", "2016年8月")
    assert book.at(returned, "指标值").value == "≥ 80 %"


def test_the_sheet_is_locked_but_for_its_fields(every_kind):
    book = made_for(every_kind.reporter)
    row, other = book.row("荔湾", "2016年8月"), book.row("信访件数", "2016年8月")

    assert book.sheet.protection.sheet
    assert [book.at(row, head).protection.locked for head in ("数据项", "分子", "分母", "数值", "说明")] == [
        True,
        False,
        False,
        True,
        False,
    ]
    assert (book.at(other, "分子").protection.locked, book.at(other, "数值").protection.locked) == (True, False)
    assert book.sheet.column_dimensions["A"].hidden
    checks = {check.type for check in book.sheet.data_validations.dataValidation}
    assert {"decimal", "list", "date"} <= checks
    assert (book.sheet.page_setup.orientation, book.sheet.page_setup.paperSize) == ("landscape", 9)
    assert [sheet.name for sheet in open_workbook(book.content, NAME).sheets] == ["填报", "填写说明"]


def test_reviewed_figures_come_when_asked_for_and_want_a_reason(world):
    world.count([(812, 1000)])
    with pytest.raises(LookupError):
        grid_of(world).row("荔湾")
    book = grid_of(world, corrections=True)
    row = book.row("荔湾")
    book.put(row, 分子=815)
    silent = taken(book.saved(), world.reporter)
    assert "请写明更正原因" in lines_now(upload=silent, person=world.reporter, today=TODAY)[0].refusal

    confirmed(taken(book.put(row, 更正原因="漏计一批").saved(), world.reporter), world.reporter)

    entry = world.cells()[0]
    assert (entry.latest.numerator, entry.latest.reason, entry.approved.numerator) == (815, "漏计一批", 812)


def test_a_returned_correction_goes_in_again_with_a_better_reason_alone(world):
    world.count([(812, 1000)])
    correction = world.submit([(815, 1000)], reason="改正")[0]
    actions.return_(revision_ids=[correction.pk], reviewer=world.head, reason="更正原因没有写清楚", at=NOW)
    book = grid_of(world)
    row = book.row("荔湾")
    same = taken(book.put(row, 更正原因="改正").saved(), world.reporter)
    assert [line.is_same for line in lines_now(upload=same, person=world.reporter, today=TODAY)] == [True]

    confirmed(taken(book.put(row, 更正原因="漏计一批").saved(), world.reporter), world.reporter)

    assert [row.reason for row in Revision.objects.order_by("number")] == ["", "改正", "漏计一批"]


@pytest.mark.parametrize("typed", ["12_x0001_3", "12\ufffe3"])
def test_a_character_that_no_sheet_can_hold_is_told_of_and_fails_nothing(world, typed):
    book = grid_of(world)
    book.put(book.row("荔湾"), 分子=typed, 分母=100)

    answer = send(enter(world.reporter), book.saved())

    assert answer.status_code == 302
    upload = FigureUpload.objects.get()
    assert [sentence for _place, sentence in errors(upload)]
    copy = Filled(content_of(upload.annotated))
    row = copy.row("荔湾")
    assert "12\ufffd3" in copy.at(row, "分子").comment.text
    assert "12\ufffd3" in " ".join(str(found.value) for found in copy.sheet[row])


# --- how cells are read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"分子": "930,00O", "分母": 1000}, [("I 列（分子）", "“930,00O”含字母 O，应为数字。")]),
        ({"分子": 9}, [("J 列（分母）", "“应纳管人数”未填；没有发生请填 0。")]),
        ({"分子": 11, "分母": 10}, [("I 列（分子）", "已纳管人数 11 大于应纳管人数 10；前者是后者的一部分，请核对。")]),
        ({"分子": "92%", "分母": 10}, [("I 列（分子）", "“92%”是百分数，这里应填数量；比率由系统计算。")]),
        ({"说明": "还没有"}, [("K 列（说明）", "这一行只写了说明，没有填数，不会提交。")]),
    ],
)
def test_a_wrong_cell_is_told_by_its_address(world, fields, said):
    book = grid_of(world)
    row = book.row("荔湾")

    upload = taken(book.put(row, **fields).saved(), world.reporter)

    assert [(address, text) for address, text in errors(upload)] == [
        (f"第 {row} 行 {place}", text) for place, text in said
    ]


def test_a_formula_that_failed_is_an_error_of_its_cell(world):
    content = grid_of(world).content
    key, place = Filled(content), BytesIO()
    row = key.row("荔湾")
    with xlsxwriter.Workbook(place, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("填报")
        for cells in key.sheet.iter_rows(min_row=HEADS, max_row=row):
            for cell in cells:
                if cell.value is not None:
                    sheet.write(cell.row - 1, cell.column - 1, cell.value)
        sheet.write_formula(row - 1, key.heads["分子"] - 1, "=A1/0", None, "#DIV/0!")
        sheet.write_number(row - 1, key.heads["分母"] - 1, 10)

    upload = taken(place.getvalue(), world.reporter)

    assert [text for _place, text in errors(upload)] == ["公式出错，显示为“#DIV/0!”；请改正公式或直接填写。"]


def test_a_figure_in_another_kinds_column_is_not_lost_silently(every_kind):
    book = made_for(every_kind.reporter)
    row = book.row("信访件数", "2016年8月")

    upload = taken(book.put(row, 分子=5).saved(), every_kind.reporter)

    assert "这一行不填这一列，读到“5”，可能错了列。" in [text for _place, text in errors(upload)]


def test_a_total_below_is_compared_and_never_read(world):
    book = grid_of(world)
    for place, name in enumerate(("荔湾", "越秀", "海珠")):
        book.put(book.row(name), 分子=10 + place, 分母=20)
    last = book.sheet.max_row + 1
    book.put(last, 数据项="合计", 分子=34, 分母=60)

    upload = taken(book.saved(), world.reporter)

    assert len(upload.rows) == 3
    assert len(upload.findings) == 1
    assert "合计填的是 34，各行相加是 33" in upload.findings[0]


# --- whose cell a row is ------------------------------------------------------------------------------------------------


def test_rows_may_be_sorted_deleted_and_columns_moved(world):
    book = grid_of(world)
    book.put(book.row("荔湾"), 分子=1, 分母=10).put(book.row("越秀"), 分子=2, 分母=10)
    rows = [[cell.value for cell in cells] for cells in book.sheet.iter_rows(min_row=HEADS + 1)]
    heads = [cell.value for cell in book.sheet[HEADS]]
    order = sorted(range(len(heads)), key=lambda place: str(heads[place]))
    other = Workbook()
    for cells in [heads, *reversed(rows[:2])]:
        other.active.append([cells[place] for place in order])
    target = BytesIO()
    other.save(target)

    confirmed(taken(target.getvalue(), world.reporter), world.reporter)

    assert [entry.latest.numerator if entry.latest else None for entry in world.cells()] == [1, 2, None]


def test_a_row_without_its_key_is_known_by_its_names(world):
    book = grid_of(world)
    row = book.row("荔湾")
    book.at(row, "行号（请勿改动）").value = None
    book.put(row, 分子=1, 分母=10)

    upload = taken(book.saved(), world.reporter)

    assert [line["entry"] for line in upload.rows] == [world.cells()[0].pk]


@pytest.mark.parametrize("period", ["2016-08-01", "201608", "２０１６年８月", "2016-08-01至2016-08-31"])
def test_without_a_key_a_period_may_be_written_as_in_a_long_table(world, period):
    book = grid_of(world)
    row = book.row("荔湾")
    book.at(row, "行号（请勿改动）").value = None
    book.put(row, 填报期=period, 分子=1, 分母=10)

    upload = taken(book.saved(), world.reporter)

    assert [line["entry"] for line in upload.rows] == [world.cells()[0].pk]


@pytest.mark.parametrize("key", ["1.0.0:forged", "x", "9.9"])
def test_a_key_that_was_tampered_with_is_an_error_of_its_row(world, key):
    book = grid_of(world)
    row = book.row("荔湾")
    book.at(row, "行号（请勿改动）").value = key
    book.put(row, 分子=1, 分母=10)
    book.put(book.row("越秀"), 分子=2, 分母=10)

    upload = taken(book.saved(), world.reporter)
    confirmed(upload, world.reporter)

    assert "隐藏的行号被改动过" in errors(upload)[0][1]
    assert [entry.latest.numerator if entry.latest else None for entry in world.cells()] == [None, 2, None]


def test_the_same_cell_twice_counts_for_neither(world):
    book = grid_of(world)
    first, second = book.row("荔湾"), book.row("越秀")
    for row in (first, second):
        book.at(row, "行号（请勿改动）").value = row_key(world.cells()[0].pk, 0)
        book.put(row, 分子=row, 分母=100)

    upload = taken(book.saved(), world.reporter)

    assert f"第 {first}、{second} 行是同一格，请只留一行。" in [text for _place, text in errors(upload)]


class TestAnotherOffice:
    """Nobody reaches cells of another unit, whatever the workbook says."""

    def test_it_gets_its_cells_only(self, world):
        office = add_district_office(world)

        rows = list(grid_of(world, office).sheet.iter_rows(min_row=HEADS + 1, values_only=True))

        assert [row[2] for row in rows] == ["荔湾"]

    def test_a_true_key_of_a_foreign_cell_is_no_cell_of_theirs(self, world):
        office = add_district_office(world)
        book = grid_of(world, office)
        row = book.row("荔湾")
        book.at(row, "行号（请勿改动）").value = row_key(world.cells()[1].pk, 0)
        book.put(row, 分子=1, 分母=10)

        upload = taken(book.saved(), office)

        assert [text for _place, text in errors(upload)] == ["在您单位要填的数据里没有这一格，没有读入。"]
        with pytest.raises(actions.Refused):
            confirmed(upload, office)
        assert not Revision.objects.exists()

    def test_rows_that_were_kept_for_a_foreign_cell_change_nothing(self, world):
        office = add_district_office(world)
        upload = taken(grid_of(world, office).put(4, 分子=1, 分母=10).saved(), office)
        upload.rows[0]["entry"] = world.cells()[1].pk
        upload.save()

        assert [line.entry for line in lines_of(upload.rows, office)] == [None]
        with pytest.raises(actions.Refused):
            confirmed(upload, office)
        assert not Revision.objects.exists()

    def test_names_of_a_foreign_cell_lead_nowhere(self, world):
        office = add_district_office(world)
        book = grid_of(world, office)
        book.at(4, "行号（请勿改动）").value = None
        book.put(4, 成员="越秀", 分子=1, 分母=10)

        assert [line["entry"] for line in taken(book.saved(), office).rows] == [None]


# --- files that are none ------------------------------------------------------------------------------------------------


def sheet_of(*rows) -> bytes:
    book, target = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["一级指标", "二级指标", "绩效指标"], ["产出指标", "数量指标", "人数"]], "像是绩效目标表，不是填报表"),
        ([["姓名", "电话"], ["甲", "1"]], "没有找到填报表的表头"),
        ([["数据项", "成员", "填报期", "分子"], *[["a", "b", "c", 1]] * 2001], "超过 2000 行"),
        ([["数据项", "成员", "填报期", "分子"]], "一个数都没有填"),
    ],
)
def test_a_wrong_file_has_its_sentence(world, rows, said):
    with pytest.raises(SheetRefused, match=said):
        read_upload(sheet_of(*rows), NAME, world.reporter, TODAY)


def test_the_workbook_as_it_was_downloaded_holds_nothing(world):
    with pytest.raises(SheetRefused, match="一个数都没有填"):
        read_upload(grid_of(world).content, NAME, world.reporter, TODAY)


# --- confirming ---------------------------------------------------------------------------------------------------------


def upload_of(world, **figures) -> FigureUpload:
    book = grid_of(world)
    for name, (numerator, denominator) in figures.items():
        book.put(book.row(name), 分子=numerator, 分母=denominator)
    return taken(book.saved(), world.reporter)


def test_a_file_is_confirmed_once(world):
    upload = upload_of(world, 荔湾=(1, 10))
    confirmed(upload, world.reporter)

    with pytest.raises(actions.Refused, match="已经写入过"):
        confirmed(upload, world.reporter)
    assert Revision.objects.count() == 1


def test_what_somebody_filled_meanwhile_is_shown_and_never_overwritten_silently(world):
    upload = upload_of(world, 荔湾=(1, 10), 越秀=(2, 10))
    colleague = UserFactory(role=Role.REPORTER, unit=world.division, name="同事乙")
    world.submit([(5, 10)], person=colleague)

    lines = lines_now(upload=upload, person=world.reporter, today=TODAY)
    assert [(line.is_conflict, line.is_ready) for line in lines] == [(True, False), (False, True)]
    assert "已由同事乙改为 5/10" in lines[0].refusal
    confirmed(upload, world.reporter)
    assert [entry.latest.numerator for entry in world.cells()[:2]] == [5, 2]


def test_a_later_figure_gives_way_where_the_person_saw_it(world):
    upload = upload_of(world, 荔湾=(1, 10))
    world.submit([(5, 10)])

    confirmed(upload, world.reporter, over={0: 1})

    assert world.cells()[0].latest.numerator == 1


def test_nothing_goes_in_when_the_cells_moved_since_the_page_was_shown(world):
    upload = upload_of(world, 荔湾=(1, 10), 越秀=(2, 10))
    expected = fingerprint(lines_now(upload=upload, person=world.reporter, today=TODAY))
    world.submit([(5, 10)])

    with pytest.raises(actions.Refused, match="什么都没有写入"):
        confirmed(upload, world.reporter, expected=expected)
    upload.refresh_from_db()
    assert (upload.state, Revision.objects.count()) == (UploadState.READ, 1)


def test_an_odd_figure_wants_a_word_and_all_wait_for_it(world):
    world.count([(900, 1000), (900, 1000)], month=7)
    upload = upload_of(world, 荔湾=(905, 1000), 越秀=(90, 100))

    lines = lines_now(upload=upload, person=world.reporter, today=TODAY)
    assert [bool(line.questions) for line in lines] == [False, True]
    with pytest.raises(actions.QuestionUnanswered):
        confirmed(upload, world.reporter)
    assert [entry.latest for entry in world.cells()[:2]] == [None, None]

    confirmed(upload, world.reporter, notes={1: "区划调整"})
    latest = world.cells()[1].latest
    assert (latest.numerator, latest.note, bool(latest.questions)) == (90, "区划调整", True)


def test_the_note_that_the_sheet_came_with_does_not_answer_something_new(world):
    world.count([(900, 1000)], month=7)
    world.submit([(905, 1000)], note="台账")
    book = grid_of(world)
    book.put(book.row("荔湾"), 分子=905, 分母=2000)
    upload = taken(book.saved(), world.reporter)

    line = lines_now(upload=upload, person=world.reporter, today=TODAY)[0]
    assert (line.note, bool(line.questions), line.lacks_word) == ("台账", True, True)
    with pytest.raises(actions.QuestionUnanswered):
        confirmed(upload, world.reporter)
    page = enter(world.reporter).get(reverse("progress:upload", args=[upload.pk])).content.decode()
    assert "其中 1 格有疑问，请先写一句原因。" in page
    assert f'name="note-{line.key}"' in page

    confirmed(upload, world.reporter, notes={line.key: "区划调整"})
    assert world.cells()[0].latest.note == "区划调整"


def test_rows_that_say_nothing_new_are_left_alone(world):
    world.submit([(1, 10)])
    book = grid_of(world)
    book.put(book.row("越秀"), 分子=2, 分母=10)

    upload = taken(book.saved(), world.reporter)
    confirmed(upload, world.reporter)

    upload.refresh_from_db()
    assert (upload.new, upload.same, Revision.objects.count()) == (1, 1, 2)


def test_a_closed_round_is_told_before_and_refused(world):
    upload = upload_of(world, 荔湾=(1, 10))
    world.round_of(8).__class__.objects.filter(pk=world.round_of(8).pk).update(closed_at=NOW)

    assert "已关闭" in lines_now(upload=upload, person=world.reporter, today=TODAY)[0].refusal
    with pytest.raises(actions.Refused):
        confirmed(upload, world.reporter)
    assert world.cells()[0].state == EntryState.PENDING


# --- the annotated copy -------------------------------------------------------------------------------------------------


def test_the_annotated_copy_is_mended_and_taken(world):
    book = grid_of(world)
    row = book.row("荔湾")
    book.sheet.cell(1, 4).value = "我的备忘"
    book.put(row, 分子="93O", 分母=1000).put(book.row("越秀"), 分子=2, 分母=10)
    upload = taken(book.saved(), world.reporter)

    copy = Filled(content_of(upload.annotated))

    cell = copy.at(row, "分子")
    assert (cell.value, cell.fill.start_color.rgb[-6:], copy.sheet.cell(1, 4).value) == ("93O", "FFC7CE", "我的备忘")
    assert "含字母 O" in cell.comment.text
    assert "含字母 O" in copy.at(row, "问题（系统批注）").value
    again = taken(copy.put(row, 分子="93Q").saved(), world.reporter)
    third = Filled(content_of(again.annotated))
    assert list(third.heads).count("问题（系统批注）") == 1
    assert "含字母 Q" in third.at(row, "问题（系统批注）").value
    mended = taken(third.put(row, 分子=930).saved(), world.reporter)
    assert (errors(mended), mended.annotated) == ([], None)
    confirmed(mended, world.reporter)
    assert [entry.latest.numerator for entry in world.cells()[:2]] == [930, 2]


def test_the_annotated_copy_tells_what_a_rule_keeps_out(world):
    world.count([(1, 10)])
    book = grid_of(world, corrections=True)
    row, wrong = book.row("荔湾"), book.row("越秀")
    book.put(row, 分子=2, 分母=10).put(wrong, 分子="2O", 分母=10).put(book.row("海珠"), 分子=3, 分母=10)

    upload = taken(book.saved(), world.reporter)

    copy = Filled(content_of(upload.annotated))
    assert "请写明更正原因" in copy.at(row, "更正原因").comment.text
    assert "请写明更正原因" in copy.at(row, "问题（系统批注）").value
    assert "含字母 O" in copy.at(wrong, "问题（系统批注）").value
    assert (upload.new, upload.changed, upload.same, upload.rejected) == (1, 0, 0, 2)


def test_a_file_with_nothing_to_confirm_does_not_wait_to_be_confirmed(world):
    world.count([(1, 10)])
    book = grid_of(world, corrections=True)
    client = enter(world.reporter)

    page = send(client, book.put(book.row("荔湾"), 分子=2, 分母=10).saved())
    told = client.get(reverse("progress:uploads")).content.decode()

    assert "下载批注副本" in client.get(page["Location"]).content.decode()
    assert ("没有可写入的" in told, "待确认" in told, "1 行没有收" in told) == (True, False, True)


def test_the_state_tells_what_was_taken_back_and_what_corrects(world):
    first, _second = world.count([(1, 10), (2, 10)])
    words = {"reviewer": world.head, "reason": "台账重复", "today": TODAY, "at": NOW}
    actions.take_back(revision_ids=[first.pk], **words)
    world.submit([None, (3, 10)], reason="重复登记")

    book = grid_of(world, corrections=True)

    states = [book.at(book.row(name), "状态").value for name in ("荔湾", "越秀", "海珠")]
    assert states == ["审核已撤回，待重新审核", "更正待审核；再改须写更正原因", "待填"]


def test_no_two_downloads_of_a_day_have_one_name(world):
    world.submit([(1, 10)])
    client, path = enter(world.reporter), reverse("progress:workbook")
    grid = {"round": world.round_of(8).pk, "measure": world.measure.pk}

    names = {
        client.get(path, query)["Content-Disposition"] for query in ({}, {"correct": ""}, grid, grid | {"correct": ""})
    }

    assert len(names) == 4


def test_a_file_that_cannot_be_written_to_comes_back_as_its_values(world):
    book = grid_of(world)
    row = book.row("荔湾")
    content = book.put(row, 分子="93O", 分母="=2+2").saved()
    reading = read_upload(content, NAME, world.reporter, TODAY)

    copy = annotated_workbook(
        b"no archive", sheet="填报", head=reading.head, remarks=reading.remarks, read=reading.read
    )

    page = Filled(copy)
    assert page.at(row, "分子").comment is not None
    assert page.sheet.column_dimensions["A"].hidden
    mended = taken(page.put(row, 分子=1, 分母=10).saved(), world.reporter)
    assert errors(mended) == []


def test_a_file_that_unpacks_to_much_is_not_written_into(world):
    book = grid_of(world)
    row = book.row("荔湾")
    book.put(row, 分子="93O", 分母=1000)
    book.sheet.cell(row, 9).number_format = "0.000"
    packed = BytesIO(book.saved())
    with ZipFile(packed, "a", ZIP_DEFLATED) as archive:
        archive.writestr("customXml/item1.xml", b" " * 7_000_000)

    copy = Filled(content_of(taken(packed.getvalue(), world.reporter).annotated))

    cell = copy.at(row, "分子")
    assert (cell.value, cell.number_format, cell.comment.author) == ("93O", "General", "perftrack")


# --- the pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("clock")
class TestPages:
    def test_from_the_download_to_the_review(self, world):
        client = enter(world.reporter)
        answer = client.get(reverse("progress:workbook"), {"round": world.round_of(8).pk, "measure": world.measure.pk})
        book = Filled(answer.content)
        book.put(book.row("荔湾"), 分子=92_000, 分母=100_000).put(book.row("越秀"), 分子="9O", 分母=100)

        page = client.get(send(client, book.saved()).headers["Location"])

        text = page.content.decode()
        upload = FigureUpload.objects.get()
        assert "92,000 ÷ 100,000 ＝ 92.00 %" in text
        assert "第 5 行 I 列" in text
        assert "“9O”含字母 O" in text
        expected = re.search(r'name="expected" value="(\w+)"', text)[1]
        path = reverse("progress:upload", args=[upload.pk])
        assert client.post(path, {"expected": expected}).status_code == 302
        assert world.cells()[0].state == EntryState.SUBMITTED
        assert client.post(path, {"expected": expected}).status_code == 409
        copy = client.get(reverse("progress:upload_annotated", args=[upload.pk]))
        assert load_workbook(BytesIO(b"".join(copy.streaming_content))).sheetnames == ["填报", "填写说明"]

    def test_a_refused_file_keeps_nothing(self, world):
        answer = send(enter(world.reporter), b"abc")

        assert (answer.status_code, FigureUpload.objects.count()) == (422, 0)
        assert "不是 Excel 工作簿" in answer.content.decode()

    def test_a_goal_table_is_told_from_figures(self, world):
        answer = send(enter(world.reporter), malformed.goal_table())

        assert "请由绩效管理岗在“导入”页面上传" in answer.content.decode()

    def test_an_upload_is_its_persons_alone(self, world):
        upload = upload_of(world, 荔湾=(1, 10))
        colleague = UserFactory(role=Role.REPORTER, unit=world.division)

        for name in ("upload", "upload_annotated"):
            assert enter(colleague).get(reverse(f"progress:{name}", args=[upload.pk])).status_code == 404
        assert enter(colleague).post(reverse("progress:upload_drop", args=[upload.pk])).status_code == 404

    def test_a_dropped_file_is_not_confirmed(self, world):
        upload = upload_of(world, 荔湾=(1, 10))
        client = enter(world.reporter)

        client.post(reverse("progress:upload_drop", args=[upload.pk]))

        assert client.post(reverse("progress:upload", args=[upload.pk]), {"expected": "x"}).status_code == 409
        assert not Revision.objects.exists()

    def test_an_english_workbook_is_read_too(self, world):
        client = enter(world.reporter)
        client.cookies["perftrack_language"] = "en"
        book = Filled(client.get(reverse("progress:workbook")).content)
        known = names_of_heads()
        places = {known[plain_head(head)]: column for head, column in book.heads.items()}
        book.sheet.cell(4, places["numerator"]).value = 1
        book.sheet.cell(4, places["denominator"]).value = 10

        assert send(client, book.saved()).status_code == 302


# --- what it costs ------------------------------------------------------------------------------------------------------


def queries_of(world, count, django_assert_num_queries, expected):
    figures = dict(list({"荔湾": (1, 10), "越秀": (2, 10), "海珠": (3, 10)}.items())[:count])
    person = world.reporter
    with django_assert_num_queries(expected[0]):
        made_for(person)
    book = grid_of(world)
    for name, (numerator, denominator) in figures.items():
        book.put(book.row(name), 分子=numerator, 分母=denominator)
    content = book.saved()
    with django_assert_num_queries(expected[1]):
        read_upload(content, NAME, person, TODAY)
    upload = taken(content, person)
    with django_assert_num_queries(expected[2]):
        lines_now(upload=upload, person=person, today=TODAY)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_depend_on_the_rows(world, count, django_assert_num_queries):
    assert world.reporter.duties
    queries_of(world, count, django_assert_num_queries, (7, 2, 5))


def test_more_cells_cost_no_more_queries(every_kind, django_assert_max_num_queries):
    world = every_kind
    offices = [MemberFactory(bureau=world.bureau) for _number in range(5)]
    world.ask(
        NumberFactory(
            name="入户人数",
            bureau=world.bureau,
            division=world.division,
            members=offices,
            accumulation=Accumulation.SNAPSHOT,
        )
    )
    assert world.reporter.duties
    with django_assert_max_num_queries(11):
        made_for(world.reporter)


def test_a_person_of_another_bureau_finds_no_cells(world):
    stranger = UserFactory(role=Role.REPORTER, unit=UnitFactory(parent=BureauFactory(), kind=UnitKind.DIVISION))

    assert not asked_entries(stranger, TODAY).exists()
    assert Entry.objects.exists()
