"""A hundred thousand figures out of one long table, beside reading the sheet and bare inserts of as many rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from time import perf_counter

import xlsxwriter
from django.core.files.base import ContentFile
from django.db import transaction
from python_calamine import CalamineWorkbook

from benchmarks.measuring import Comparison, compare_rounds, peak_of, print_peak

MEASURES, MEMBERS, MONTHS = 25, 100, 40
FIGURES = MEASURES * MEMBERS * MONTHS
FIRST_YEAR = 2012
NOW = datetime(2016, 1, 5, 1, 0, tzinfo=UTC)
TODAY = date(2016, 1, 5)
ROUNDS = 2
HEADS = (
    "数据项编码",
    "数据项",
    "成员",
    "期间",
    "分子",
    "分母",
    "数值",
    "说明",
    "更正原因",
    "来源系统",
    "导出人",
    "备用",
)
LETTER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class Measured:
    """The upload beside the bare reading and writing, the seconds of the task that writes, how much memory a whole upload takes
    at most in MB, and how often its progress moved.
    """

    taken: Comparison
    writing: float
    peak: float
    news: int


def measure() -> Measured:
    """Take the file in as pages and workers do, into an empty bureau; each round in a bureau of its own."""
    content, found = _workbook(), []
    taken = compare_rounds(
        lambda number: found.append(_taken_in(content, number)), lambda number: _bare(content, number), ROUNDS
    )
    writing, news = found[-1]
    return Measured(taken, writing, peak_of("benchmarks.entries"), news)


def _workbook() -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet("数据")
    sheet.write_row(0, 0, HEADS)
    row = 0
    for month in range(MONTHS):
        for place in range(MEASURES):
            for member in range(MEMBERS):
                row += 1
                sheet.write_row(row, 0, _line(month, place, member))
    book.close()
    return target.getvalue()


def _line(month: int, place: int, member: int) -> list[object]:
    names = [f"m{place}", f"数据项{place}", f"成员{member}", f"{FIRST_YEAR + month // 12}-{month % 12 + 1:02d}"]
    moved = 800 + 3 * month + member + place
    figures = [moved, 10_000, None] if place % 2 else [None, None, moved]
    return [*names, *figures, "", "", "旧系统", "张三", ""]


def _bureau(number: int, kind: str):
    from apps.accounts.enums import Role, UnitKind
    from apps.accounts.models import Assignment, Unit, User
    from apps.plans.models import Measure, MeasureMember, Member

    bureau = Unit.objects.add_root({"code": f"{kind}{number}", "name": f"测量局{number}", "kind": UnitKind.BUREAU})
    person = User.objects.create(username=f"{kind}{number}", name="测量")
    Assignment.objects.create(user=person, unit=bureau, role=Role.OFFICER)
    members = Member.objects.bulk_create(
        [Member(bureau=bureau, dimension="district", code=f"d{place}", name=f"成员{place}") for place in range(MEMBERS)]
    )
    measures = Measure.objects.bulk_create([_measure(bureau, place) for place in range(MEASURES)])
    MeasureMember.objects.bulk_create(
        [MeasureMember(measure=measure, member=member) for measure in measures for member in members]
    )
    return Unit.objects.get(pk=bureau.pk), person, measures, members


def _measure(bureau, place: int):
    from apps.plans.models import Measure

    words = {"bureau": bureau, "code": f"m{place}", "name": f"数据项{place}", "frequency": "monthly"}
    if place % 2:
        parts = {"numerator_name": "已办", "denominator_name": "应办", "factor": 100, "aggregation": "pooled"}
        ways = {"accumulation": "snapshot", "denominator_accumulation": "snapshot"}
        return Measure(kind="ratio", **words, **parts, **ways)
    return Measure(kind="number", accumulation="snapshot", aggregation="sum", **words)


def _taken_in(content: bytes, number: int) -> tuple[float, int]:
    """Upload, read, preview and confirm; return the seconds of the second task and how often its progress moved."""
    from apps.progress import tasks
    from apps.progress.actions import bulk_uploads
    from apps.progress.models import FigureUpload

    bureau, person, *_rest = _bureau(number, "bulk")
    row = bulk_uploads.start_bulk(
        bureau=bureau,
        content=ContentFile(content),
        name=f"历史数据{number}.xlsx",
        document=ContentFile(LETTER),
        document_name="来函.pdf",
        on_behalf_of="市公安局",
        person=person,
        at=NOW,
    )
    tasks.read_bulk_upload(row.pk)
    row = FigureUpload.objects.select_related("job", "uploaded_by", "bureau").get(pk=row.pk)
    bulk_uploads.request_bulk(upload=row, person=person, at=NOW)
    told: list[int] = []
    before, tasks.tell_progress = tasks.tell_progress, lambda _upload, count: told.append(count)
    started = perf_counter()
    try:
        tasks.confirm_bulk_upload(row.pk)
    finally:
        tasks.tell_progress = before
    _require_all(FigureUpload.objects.get(pk=row.pk))
    return perf_counter() - started, len(told)


def _require_all(row) -> None:
    from apps.progress.models import Revision

    written = Revision.objects.filter(entry__measure__bureau=row.bureau_id).count()
    if (row.state, row.new, written) != ("confirmed", FIGURES, FIGURES):
        raise SystemExit(f"The figures came to {row.state}, {written} written: {row.findings[:3]}")


def _bare(content: bytes, number: int) -> None:
    """Read the sheet, and insert as many cells and revisions as it has rows."""
    from apps.progress.models import Entry, Revision, Round

    bureau, person, measures, members = _bureau(number, "bulk-bare")
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    days = [date(FIRST_YEAR + month // 12, month % 12 + 1, 1) for month in range(MONTHS)]
    with transaction.atomic():
        rounds = Round.objects.bulk_create(
            [
                Round(
                    bureau=bureau,
                    frequency="monthly",
                    starts_on=day,
                    ends_on=day.replace(day=28),
                    fiscal_year=day.year,
                    opens_on=TODAY,
                    due_on=TODAY,
                )
                for day in days
            ]
        )
        units = {"reporting_unit": bureau, "reviewing_unit": bureau, "state": "submitted"}
        cells = Entry.objects.bulk_create(
            [
                Entry(measure=measure, member=member, round=row, **units)
                for row in rounds
                for measure in measures
                for member in members
            ]
        )
        words = {"origin": "imported", "submitted_by": person, "submitted_at": NOW, "number": 1}
        Revision.objects.bulk_create(
            [Revision(entry=cell, **words, **_values(row)) for cell, row in zip(cells, rows[1:], strict=True)]
        )


def _values(row) -> dict[str, Decimal]:
    if row[6] != "":
        return {"value": Decimal(int(row[6]))}
    return {"numerator": Decimal(int(row[4])), "denominator": Decimal(int(row[5]))}


if __name__ == "__main__":
    print_peak(lambda: _taken_in(_workbook(), 0))
