"""Long tables of figures: `apps/progress/forms/bulk/`, `actions/bulk*.py`, their tasks and pages."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from apps.accounts.enums import Role
from apps.files.actions import NoWorkbook
from apps.files.queries import path_of
from apps.jobs.models import Job
from apps.journal.models import Chain, Event
from apps.journal.queries import chain_flaws, content_flaws
from apps.plans.actions.projects import NotOfficer
from apps.plans.models import MeasureMember, Member
from apps.progress import tasks
from apps.progress.actions import Cell, FigureChanged, OwnEntry, approve, bulk_uploads, submit
from apps.progress.actions.bulk_uploads import BulkRefused
from apps.progress.forms.bulk import read_bulk
from apps.progress.forms.periods import read_period
from apps.progress.layouts.bulk import bulk_template
from apps.progress.models import Draft, Entry, FigureUpload, Revision, Round
from apps.progress.queries import current_standings, drifts
from apps.progress.queries.bulk import named_in_templates, surroundings_of, told_progress
from tests.factories import AssignmentFactory, MemberFactory, MilestoneFactory, MoneyFactory, NumberFactory
from tests.progress.test_crowds import at_once
from tests.progress.world import NOW, TODAY

pytestmark = pytest.mark.django_db

HEADS = ["数据项编码", "数据项", "成员", "期间", "分子", "分母", "数值", "说明", "更正原因"]
LETTER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def workbook(rows, heads=HEADS, above=()) -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("数据")
    for number, row in enumerate([*above, heads, *rows]):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    book.close()
    return target.getvalue()


def line(world, member="荔湾", period="2016-08", numerator=92, denominator=100, *, note="", reason="", **more):
    measure = more.get("measure", world.measure)
    return [measure.code, None, member, period, numerator, denominator, more.get("value"), note, reason]


@pytest.fixture
def bulk(world, clock):
    return Bulk(world)


class Bulk:
    """An officer who brings long tables; every worker is at hand."""

    def __init__(self, world):
        self.world = world
        self.officer = world.people[Role.OFFICER]

    def start(self, rows, person=None, name="历史数据.xlsx", **more) -> FigureUpload:
        content = rows if isinstance(rows, bytes) else workbook(rows)
        words = {"document": ContentFile(LETTER), "document_name": "来函.pdf", "on_behalf_of": "市公安局"}
        return bulk_uploads.start_bulk(
            bureau=self.world.bureau,
            content=ContentFile(content),
            name=name,
            person=person or self.officer,
            at=NOW,
            **(words | more),
        )

    def read(self, rows, **more) -> FigureUpload:
        row = self.start(rows, **more)
        tasks.read_bulk_upload(row.pk)
        return self.anew(row)

    def take(self, rows, **more) -> FigureUpload:
        return self.confirm(self.read(rows, **more))

    def confirm(self, row) -> FigureUpload:
        bulk_uploads.request_bulk(upload=row, person=self.officer, at=NOW)
        tasks.confirm_bulk_upload(row.pk)
        return self.anew(row)

    def anew(self, row) -> FigureUpload:
        return FigureUpload.objects.select_related("job", "uploaded_by", "annotated", "bureau").get(pk=row.pk)


def counts(row) -> tuple[int, int, int, int]:
    return (row.new, row.changed, row.same, row.rejected)


# --- periods ------------------------------------------------------------------------------------------------------------

PERIODS = {
    "2016-08": ("2016-08-01", "2016-08-31"),
    "2016年8月": ("2016-08-01", "2016-08-31"),
    "2016.8": ("2016-08-01", "2016-08-31"),
    "２０１６年２月份": ("2016-02-01", "2016-02-29"),
    "201608": ("2016-08-01", "2016-08-31"),
    "2016-08-01": ("2016-08-01", "2016-08-31"),
    "2016Q1": ("2016-01-01", "2016-03-31"),
    "2016年第一季度": ("2016-01-01", "2016-03-31"),
    "2016年4季度": ("2016-10-01", "2016-12-31"),
    "2016上半年": ("2016-01-01", "2016-06-30"),
    "2016年下半年": ("2016-07-01", "2016-12-31"),
    "2016": ("2016-01-01", "2016-12-31"),
    "2016年度": ("2016-01-01", "2016-12-31"),
    "2016-09-15至2016-10-14": ("2016-09-15", "2016-10-14"),
    "2016年9月15日—2016年10月14日": ("2016-09-15", "2016-10-14"),
}


@pytest.mark.parametrize("text", PERIODS)
def test_a_period_is_read_as_people_write_it(text):
    period = read_period(text)

    assert (str(period.starts_on), str(period.ends_on)) == PERIODS[text]


@pytest.mark.parametrize("text", ["", "八月", "2016-13", "2016Q5", "2016-08-15", "2016-10-14至2016-09-15", "0000-01"])
def test_what_names_no_period_is_none(text):
    assert read_period(text) is None


# --- into cells ---------------------------------------------------------------------------------------------------------


def test_figures_go_into_their_cells_with_who_reported_them_and_the_document(bulk):
    row = bulk.take([line(bulk.world, "荔湾"), line(bulk.world, "越秀", "2016年8月", "9.3万", "10万")])

    assert (row.state, counts(row), row.job.state) == ("confirmed", (2, 0, 0, 0), "done")
    cells = bulk.world.cells()
    assert [cell.state for cell in cells] == ["submitted", "submitted", "pending"]
    assert (cells[1].latest.numerator, cells[1].latest.denominator) == (93000, 100000)
    revision = cells[0].latest
    assert (revision.submitted_by, revision.on_behalf_of, revision.source_name) == (
        bulk.officer,
        "市公安局",
        "来函.pdf",
    )
    assert (revision.source, revision.origin) == (row.document, "workbook")
    assert Event.objects.filter(verb="submit", channel="workbook").count() == 2
    assert not list(chain_flaws(Chain.objects.get(bureau=bulk.world.bureau))) + list(content_flaws())


def test_figures_of_past_years_bring_their_rounds_and_cells_along(bulk):
    rows = [
        line(bulk.world, member, f"{year}-{month:02d}")
        for year in (2014, 2015)
        for month in (1, 2)
        for member in ("荔湾", "越秀")
    ]
    before = Round.objects.count()

    read = bulk.read(rows)

    assert (read.rows[0]["rounds"], read.rows[0]["cells"], Round.objects.count()) == (4, 8, before)
    row = bulk.confirm(read)
    assert (row.state, row.new, Round.objects.count()) == ("confirmed", 8, before + 4)
    january = bulk.world.round_of(1, 2014)
    assert (january.fiscal_year, january.ends_on, january.opens_on) == (2014, date(2014, 1, 31), date(2014, 2, 1))
    assert [(e.member.name, e.latest.origin) for e in january.entries.all()] == [
        ("荔湾", "imported"),
        ("越秀", "imported"),
    ]
    assert Event.objects.filter(verb="open", channel="workbook").count() == 4


def test_a_member_is_asked_only_while_it_was_one(bulk):
    Member.objects.filter(pk=bulk.world.members[0].pk).update(starts_on=date(2015, 1, 1))

    row = bulk.read([line(bulk.world, "荔湾", "2014-03"), line(bulk.world, "荔湾", "2015-03")])

    assert counts(row) == (1, 0, 0, 1)
    assert row.findings == [f"第 2 行 C 列：“荔湾”在 2014年3月 不是“{bulk.world.measure}”的成员（尚未启用或已停用）。"]


def test_money_is_brought_in_wan_and_a_number_by_its_quarter(bulk):
    money = MoneyFactory(bureau=bulk.world.bureau, members=bulk.world.members[:1])
    number = NumberFactory(bureau=bulk.world.bureau, frequency="quarterly", members=bulk.world.members[:1])
    MeasureMember.objects.filter(measure=money).update(reporting_unit=bulk.world.division)

    row = bulk.take(
        [
            line(bulk.world, "荔湾", "2015-03", None, None, measure=money, value=12.5),
            line(bulk.world, None, "2015Q1", None, None, measure=number, value=7),
        ]
    )

    assert (row.state, row.new) == ("confirmed", 2)
    assert Revision.objects.get(entry__measure=money).value == Decimal(125000)
    quarter = Revision.objects.get(entry__measure=number).entry.round
    assert (quarter.frequency, quarter.starts_on, quarter.ends_on) == ("quarterly", date(2015, 1, 1), date(2015, 3, 31))


def test_what_a_cell_says_already_is_left_alone_and_drafts_go(bulk):
    bulk.world.submit([(92, 100), (80, 100)])
    Draft.objects.create(entry=bulk.world.cells()[1], person=bulk.officer, fields={}, saved_at=NOW)

    row = bulk.take([line(bulk.world, "荔湾"), line(bulk.world, "越秀", numerator=81)])

    assert counts(row) == (0, 1, 1, 0)
    assert [cell.latest and cell.latest.number for cell in bulk.world.cells()] == [1, 2, None]
    assert not Draft.objects.exists()
    changed = row.rows[0]["sample"][0]
    assert ("80 ÷ 100" in changed["was"], "81 ÷ 100" in changed["becomes"]) == (True, True)


# --- bad rows -----------------------------------------------------------------------------------------------------------


def test_every_bad_row_says_why_and_keeps_no_good_one_out(bulk):
    world = bulk.world
    milestone = MilestoneFactory(bureau=world.bureau, code="m-stone")
    rows = [
        line(world, "荔湾"),
        ["x", None, "荔湾", "2016-08", 1, 2],
        [None, "没有的", "荔湾", "2016-08", 1, 2],
        [world.measure.code, "别的名称", "荔湾", "2016-08", 1, 2],
        line(world, "从化"),
        line(world, "越秀", "八月"),
        line(world, "越秀", "2016Q1"),
        line(world, "越秀", numerator="930,00O"),
        line(world, "越秀", numerator=101),
        line(world, "越秀", value=5),
        line(world, "越秀", numerator=None, denominator=None),
        [milestone.code, None, None, "2016", None, None, 1],
        line(world, "海珠", "2016-09"),
        line(world, "海珠", "2017-01"),
    ]

    row = bulk.take(rows)

    assert (row.state, counts(row)) == ("confirmed", (1, 0, 0, 13))
    places = [finding.split("：")[0] for finding in row.findings]
    assert places == [
        "第 3 行 A 列",
        "第 4 行 B 列",
        "第 5 行 B 列",
        "第 6 行 C 列",
        "第 7 行 D 列",
        "第 8 行 D 列",
        "第 9 行 E 列",
        "第 10 行 E 列",
        "第 11 行 G 列",
        "第 12 行 E 列",
        "第 13 行 A 列",
        "第 14 行",
        "第 15 行",
    ]
    assert "含字母 O" in row.findings[6]
    assert "开放" in row.findings[11]


def test_the_list_of_errors_is_mended_and_comes_in_as_it_is(bulk):
    row = bulk.take([line(bulk.world, "荔湾"), line(bulk.world, "越秀", numerator="8O"), line(bulk.world, "外地")])

    listed = CalamineWorkbook.from_path(path_of(row.annotated.sha256)).get_sheet_by_index(0).to_python()
    assert listed[0] == [*HEADS, "原行号", "问题"]
    assert [(line[2], line[4], line[9]) for line in listed[1:]] == [("越秀", "8O", 3), ("外地", "92", 4)]
    assert "含字母 O" in listed[1][10]
    mended = [[*row[:4], 80, *row[5:]] for row in listed[1:2]]
    again = bulk.take(workbook(mended, heads=listed[0]))
    assert (again.state, counts(again)) == ("confirmed", (1, 0, 0, 0))


def test_two_rows_for_one_cell_are_both_kept_out(bulk):
    row = bulk.read([line(bulk.world, "荔湾"), line(bulk.world, "越秀"), line(bulk.world, "荔湾", "2016年8月", 93)])

    assert counts(row) == (1, 0, 0, 2)
    assert row.findings[0].startswith("第 2 行：与第 4 行是同一格")
    assert row.findings[1].startswith("第 4 行：与第 2 行是同一格")


def test_one_bad_row_keeps_all_out_where_that_was_chosen(bulk):
    row = bulk.read([line(bulk.world, "荔湾"), line(bulk.world, "外地")], is_strict=True)

    with pytest.raises(BulkRefused, match="全部不收"):
        bulk_uploads.request_bulk(upload=row, person=bulk.officer, at=NOW)

    assert not Revision.objects.exists()


def test_only_two_hundred_findings_are_told_and_all_are_listed(bulk):
    row = bulk.read([line(bulk.world, f"外地{number}") for number in range(230)])

    assert (row.rejected, len(row.findings), row.rows[0]["problems"]) == (230, 200, 230)
    assert len(CalamineWorkbook.from_path(path_of(row.annotated.sha256)).get_sheet_by_index(0).to_python()) == 231


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (workbook([["甲", "乙"]], heads=["项目", "目标"]), "找不到表头"),
        (workbook([]), "没有数据"),
    ],
)
def test_a_file_without_such_a_table_is_refused_with_a_sentence(bulk, content, sentence):
    row = bulk.read(content)

    assert (row.state, row.job.state) == ("refused", "failed")
    assert sentence in row.findings[0]


def test_heads_are_found_wherever_they_stand_and_the_empty_form_is_no_figure(bulk):
    heads = ["备注", "数值（金额以万元）", "分母", "分子", "期 间", "成员名称", "数据项"]
    row = bulk.read(
        workbook(
            [["好", None, 100, 92, "2016-08", "荔湾", bulk.world.measure.name]], heads=heads, above=[["某某局"], []]
        )
    )
    form = bulk.read(bulk_template(named_in_templates([bulk.world.bureau])), name="空表.xlsx")

    assert counts(row) == (1, 0, 0, 0)
    assert "没有数据" in form.findings[0]


def test_a_failed_formula_is_an_error_of_its_row(bulk):
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("数据")
    sheet.write_row(0, 0, HEADS)
    sheet.write_row(1, 0, [bulk.world.measure.code, "", "荔湾", "2016-08"])
    sheet.write_formula(1, 4, "=1/0", None, "#DIV/0!")
    sheet.write(1, 5, 100)
    book.close()

    row = bulk.read(target.getvalue())

    assert row.findings == ["第 2 行 E 列：公式出错，显示为“#DIV/0!”；请改正公式或直接填写。"]


# --- locks --------------------------------------------------------------------------------------------------------------


def test_a_reviewed_figure_needs_a_reason(bulk):
    bulk.world.count([(80, 100), (80, 100)])

    row = bulk.take([line(bulk.world, "荔湾", numerator=81), line(bulk.world, "越秀", numerator=81, reason="漏报")])

    assert counts(row) == (0, 1, 0, 1)
    assert "请写明更正原因" in row.findings[0]
    assert Event.objects.get(verb="correct").reason == "漏报"


def test_a_closed_round_stays_closed_and_a_year_needs_its_plan(bulk):
    Round.objects.filter(pk=bulk.world.round_of(7).pk).update(closed_at=NOW)
    bulk.world.version.plan.__class__.objects.filter(pk=bulk.world.version.plan_id).update(year=2014)

    row = bulk.read(
        [line(bulk.world, "荔湾", "2016-07"), line(bulk.world, "荔湾", "2015-07"), line(bulk.world, "荔湾", "2013-07")]
    )

    assert counts(row) == (1, 0, 0, 2)
    assert "已关闭" in row.findings[0]
    assert "不在任何已批复" in row.findings[1]


def test_a_question_needs_a_note_and_is_kept_with_it(bulk):
    bulk.world.count([(50, 100), (50, 100)], month=7)

    row = bulk.take(
        [line(bulk.world, "荔湾", denominator=1000), line(bulk.world, "越秀", denominator=1000, note="范围扩大")]
    )

    assert counts(row) == (1, 0, 0, 1)
    assert row.findings[0].endswith("确认无误请在说明里写一句。")
    assert Revision.objects.get(note="范围扩大").questions


def test_what_is_asked_looks_at_earlier_rows_of_the_same_file(bulk):
    row = bulk.read([line(bulk.world, "荔湾", "2015-02", 90, 1000), line(bulk.world, "荔湾", "2015-01", 9, 10)])

    assert counts(row) == (1, 0, 0, 1)
    assert row.findings[0].startswith("第 2 行：")


def test_nobody_reviews_their_own_upload(bulk):
    AssignmentFactory(user=bulk.officer, role=Role.HEAD, unit=bulk.world.division)
    bulk.take([line(bulk.world, "荔湾")])
    officer = bulk.officer.__class__.objects.get(pk=bulk.officer.pk)

    with pytest.raises(OwnEntry):
        approve(revision_ids=[Revision.objects.get().pk], reviewer=officer, today=TODAY, at=NOW)


def test_only_an_officer_of_the_bureau_takes_a_table_in_with_its_document(bulk):
    with pytest.raises(NotOfficer):
        bulk.start([line(bulk.world)], person=bulk.world.reporter)
    with pytest.raises(BulkRefused, match="由谁提供"):
        bulk.start([line(bulk.world)], on_behalf_of=" ")
    with pytest.raises(NoWorkbook):
        bulk.start(LETTER, name="表.pdf")

    assert not FigureUpload.objects.exists()


def test_who_is_no_officer_any_more_writes_nothing(bulk):
    row = bulk.read([line(bulk.world)])
    bulk_uploads.request_bulk(upload=row, person=bulk.officer, at=NOW)
    bulk.officer.assignments.all().delete()

    tasks.confirm_bulk_upload(row.pk)

    row = bulk.anew(row)
    assert (row.state, "绩效管理岗" in row.rows[0]["refusal"], Revision.objects.count()) == ("read", True, 0)


# --- meanwhile ----------------------------------------------------------------------------------------------------------


def test_nothing_is_written_when_a_figure_changed_since_the_preview(bulk):
    row = bulk.read([line(bulk.world, "荔湾"), line(bulk.world, "越秀")])
    bulk.world.submit([None, (70, 100)])

    row = bulk.confirm(row)

    assert (row.state, row.job.state, Revision.objects.count()) == ("read", "failed", 1)
    assert "与预览不一致" in row.rows[0]["refusal"]
    with pytest.raises(BulkRefused):
        bulk_uploads.request_bulk(upload=row, person=bulk.officer, at=NOW)
    bulk_uploads.read_bulk_again(upload=row, person=bulk.officer, at=NOW)
    tasks.read_bulk_upload(row.pk)
    row = bulk.confirm(bulk.anew(row))
    assert (row.state, counts(row), Revision.objects.count()) == ("confirmed", (1, 1, 0, 0), 3)


def test_nothing_is_written_when_a_round_was_closed_since(bulk):
    row = bulk.read([line(bulk.world, "荔湾"), line(bulk.world, "荔湾", "2016-07")])
    Round.objects.filter(pk=bulk.world.round_of(7).pk).update(closed_at=NOW)

    row = bulk.confirm(row)

    assert (row.state, Revision.objects.count(), Entry.objects.exclude(state="pending").count()) == ("read", 0, 0)


def test_either_task_may_run_twice(bulk):
    row = bulk.take([line(bulk.world, "荔湾", "2014-08"), line(bulk.world, "荔湾")])
    tasks.read_bulk_upload(row.pk)
    tasks.confirm_bulk_upload(row.pk)

    assert (bulk.anew(row).state, Revision.objects.count()) == ("confirmed", 2)


def test_the_same_file_again_has_nothing_to_write(bulk):
    rows = [line(bulk.world, "荔湾", "2014-08"), line(bulk.world, "荔湾", note="好"), line(bulk.world, "外地")]
    bulk.take(rows)

    row = bulk.read(rows)

    assert counts(row) == (0, 0, 2, 1)
    with pytest.raises(BulkRefused, match="没有要写入"):
        bulk_uploads.request_bulk(upload=row, person=bulk.officer, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_four_workers_with_one_file_and_four_people_in_its_cells_write_it_once_or_not_at_all(whole_world, clock):
    bulk, reporter = Bulk(whole_world), whole_world.reporter
    names, cells = [cell.member.name for cell in whole_world.cells()], [cell.pk for cell in whole_world.cells()]
    row = bulk.read([line(whole_world, name) for name in names])
    bulk_uploads.request_bulk(upload=row, person=bulk.officer, at=NOW)

    def act(number):
        if number < 4:
            return tasks.confirm_bulk_upload(row.pk)
        figure = [Cell(cells[number], {"numerator": Decimal(number), "denominator": Decimal(100)})]
        try:
            return submit(cells=figure, person=reporter, today=TODAY, at=NOW)
        except FigureChanged:
            return []

    typed = sum(len(found or []) for found in at_once(act))

    row = bulk.anew(row)
    written = Revision.objects.filter(on_behalf_of="市公安局").count()
    assert (row.state, written, typed) in [("confirmed", len(names), 0), ("read", 0, 4)]
    assert Revision.objects.count() == written + typed
    assert not list(chain_flaws(Chain.objects.get(bureau=whole_world.bureau))) + list(content_flaws())


def test_a_lost_bell_is_rung_again_and_a_lost_cause_given_up(bulk):
    row = bulk.read([line(bulk.world)])
    bulk_uploads.request_bulk(upload=row, person=bulk.officer, at=NOW)
    job = bulk.anew(row).job
    job.__class__.objects.filter(pk=job.pk).update(started_at=NOW - timedelta(minutes=10))
    tasks.sweep_bulk_uploads()
    assert bulk.anew(row).state == "confirming"
    job.__class__.objects.filter(pk=job.pk).update(started_at=NOW - timedelta(hours=2))

    tasks.sweep_bulk_uploads()

    assert (bulk.anew(row).state, Revision.objects.count()) == ("read", 0)


def test_only_who_uploaded_confirms_and_what_was_dropped_is_gone(bulk):
    row = bulk.read([line(bulk.world)])
    other = AssignmentFactory(role=Role.OFFICER, unit=bulk.world.bureau).user
    with pytest.raises(BulkRefused, match="要由本人确认"):
        bulk_uploads.request_bulk(upload=row, person=other, at=NOW)

    assert bulk_uploads.drop_bulk(upload=row, person=other, at=NOW)

    with pytest.raises(BulkRefused):
        bulk_uploads.request_bulk(upload=row, person=bulk.officer, at=NOW)


def test_a_reading_that_fails_again_and_again_is_given_up_with_a_sentence(bulk):
    row = bulk.start([line(bulk.world)])
    FigureUpload.objects.filter(pk=row.pk).update(state="reading")
    Job.objects.filter(pk=row.job_id).update(started_at=NOW - timedelta(hours=2))

    tasks.sweep_bulk_uploads()

    row = bulk.anew(row)
    assert (row.state, row.job.state) == ("refused", "failed")
    assert "读取多次中断" in row.findings[0]


def test_what_is_dropped_while_it_is_read_ends_its_job(bulk):
    row = bulk.start([line(bulk.world)])

    bulk_uploads.drop_bulk(upload=row, person=bulk.officer, at=NOW)

    assert Job.objects.get(pk=row.job_id).state == "failed"


def test_a_round_closed_after_the_preview_takes_nothing(bulk):
    row = bulk.read([line(bulk.world)])
    august = Round.objects.get(starts_on=date(2016, 8, 1))
    bulk_uploads.request_bulk(upload=row, person=bulk.officer, at=NOW)
    Round.objects.filter(pk=august.pk).update(closed_at=NOW)

    tasks.confirm_bulk_upload(row.pk)

    assert (bulk.anew(row).state, Revision.objects.count()) == ("read", 0)


def test_progress_is_told_while_one_transaction_runs(bulk):
    row = bulk.take([line(bulk.world, "荔湾"), line(bulk.world, "越秀")])

    assert told_progress(row) == 2


# --- cost ---------------------------------------------------------------------------------------------------------------


def test_whom_only_the_file_asks_is_missing_until_it_is_reviewed(bulk):
    world = bulk.world
    world.count([(92, 100)] * 3)
    late = MemberFactory(bureau=world.bureau, name="新区")
    MeasureMember.objects.create(measure=world.measure, member=late)

    bulk.take([line(world, member="新区")])

    standing = current_standings([world.version.plan], TODAY)[world.indicator.pk]
    assert (standing.reported, standing.missing) == (3, [late.pk])
    assert list(drifts(world.bureau)) == []
    assert Entry.objects.get(member=late).asked_at is not None


def test_queries_do_not_depend_on_the_rows(bulk, django_assert_num_queries):
    def writing(rows):
        row = bulk.read(rows)
        bulk_uploads.request_bulk(upload=row, person=bulk.officer, at=NOW)
        return row.pk

    one = writing([line(bulk.world, "荔湾", "2015-01")])
    with django_assert_num_queries(QUERIES):
        tasks.confirm_bulk_upload(one)
    three = writing([line(bulk.world, name, "2015-02") for name in ("荔湾", "越秀", "海珠")])
    with django_assert_num_queries(QUERIES):
        tasks.confirm_bulk_upload(three)


QUERIES = 47


def test_reading_asks_the_database_for_nothing(bulk, tmp_path, django_assert_num_queries):
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook([line(bulk.world, name) for name in ("荔湾", "越秀", "海珠")]))
    known = surroundings_of(bulk.world.bureau)

    with django_assert_num_queries(0):
        reading = read_bulk(path, "a.xlsx", known, step=lambda rows: None)

    assert len(reading.figures) == 3


# --- pages --------------------------------------------------------------------------------------------------------------


def test_an_officer_uploads_looks_and_confirms(bulk):
    client = Client()
    client.force_login(bulk.officer)
    files = {"file": ContentFile(workbook([line(bulk.world), line(bulk.world, "外地")]), name="历史.xlsx")}
    data = {**files, "document": ContentFile(LETTER, name="来函.pdf"), "on_behalf_of": "市公安局"}

    answer = client.post(reverse("progress:bulk"), data)
    row = FigureUpload.objects.get()
    assert answer["Location"] == reverse("progress:bulk_upload", args=[row.pk])
    assert "等待读取" in client.get(reverse("progress:bulk_progress", args=[row.pk])).content.decode()
    tasks.read_bulk_upload(row.pk)
    page = client.get(answer["Location"]).content.decode()
    assert "确认写入 1 个数" in page
    assert "1 行不能接收" in page
    assert client.get(reverse("progress:bulk_progress", args=[row.pk]))["HX-Redirect"]
    errors = client.get(reverse("progress:bulk_download", args=[row.pk, "errors"]))
    assert b"".join(errors.streaming_content)[:2] == b"PK"
    client.post(reverse("progress:bulk_confirm", args=[row.pk]))
    tasks.confirm_bulk_upload(row.pk)
    assert "已写入 1 个数，等待审核" in client.get(answer["Location"]).content.decode()
    assert "历史.xlsx" in client.get(reverse("progress:bulk")).content.decode()


def test_what_is_missing_in_the_form_is_said(bulk):
    client = Client()
    client.force_login(bulk.officer)

    answer = client.post(reverse("progress:bulk"), {})

    assert answer.status_code == 422
    for sentence in ("请选择数据表。", "请附上这些数据的依据", "请写明这些数据由谁提供"):
        assert sentence in answer.content.decode()
