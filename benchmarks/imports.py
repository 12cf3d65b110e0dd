"""A thousand plans with ten thousand indicators out of one file, beside reading the sheet and bare inserts of as many rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from django.core.files.base import ContentFile
from django.db import transaction
from python_calamine import CalamineWorkbook

from benchmarks.measuring import Comparison, compare_rounds, peak_of, print_peak

PLANS, GOALS = 1_000, 10
NOW = datetime(2016, 1, 5, 1, 0, tzinfo=UTC)
ROUNDS = 3
FORMS = (
    "{place}受理率：{percent}%以上",
    "{place}终端安装数/计划安装数：{percent}%",
    "{place}培训人数：不少于{count}人",
    "{place}投诉件数：不超过{few}件",
    "{place}整治：年底前通过考核验收",
    "{place}安全隐患数量相比上年逐年减少",
    "{place}群众满意度：≥{percent}%",
    "{place}采购费用控制在{few}.5万元以内",
    "争取{place}活动场次达到{few}场",
    "{place}宣传氛围明显改善",
)
HEADS = (
    "序号",
    "单位名称",
    "项目名称",
    "项目属性",
    "项目起止时间",
    "2016年项目预算金额",
    "项目内容及资金支出方向",
    "项目绩效目标",
    "项目主要绩效指标",
    "上年度项目绩效完成情况",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """The import beside the bare reading and writing, how much memory a whole one takes at most in MB, and how often its
    progress moved.
    """

    taken: Comparison
    peak: float
    news: int


def measure() -> Measured:
    """Import the file as pages and workers do, into an empty bureau; each round in a bureau of its own."""
    content, news = _workbook(), []
    taken = compare_rounds(
        lambda number: news.append(_imported(content, number)), lambda number: _bare(content, number), ROUNDS
    )
    return Measured(taken, peak_of("benchmarks.imports"), news[-1])


def _workbook() -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("绩效目标表")
    sheet.write_string(0, 0, "项目绩效目标表")
    sheet.write_string(1, 9, "单位：万元")
    for column, head in enumerate(HEADS):
        sheet.write_string(2, column, head)
    row = 3
    for plan in range(PLANS):
        head = (
            str(plan + 1),
            "",
            f"专项经费{plan + 1}",
            "持续项目",
            "2016-01-01至2016-12-31",
            plan % 90 + 10,
            "1.业务经费\n2.宣传经费",
        )
        for goal in range(GOALS):
            if not goal:
                for column, value in enumerate(head):
                    sheet.write(row, column, value)
            place = f"第{plan % 97 + 1}片区{'东西南北中'[goal % 5]}部"
            sheet.write_string(row, 7, f"{goal + 1}.做好{place}的各项工作，年内完成任务{goal + 1}")
            words = {
                "place": place,
                "percent": 60 + (plan + goal) % 40,
                "count": 100 + plan,
                "few": 2 + (plan + goal) % 60,
            }
            sheet.write_string(row, 8, FORMS[goal % len(FORMS)].format(**words))
            row += 1
    book.close()
    return target.getvalue()


def _bureau(number: int, kind: str):
    from apps.accounts.enums import Role, UnitKind
    from apps.accounts.models import Assignment, Unit, User

    bureau = Unit.objects.add_root({"code": f"{kind}{number}", "name": f"测量局{number}", "kind": UnitKind.BUREAU})
    division = Unit.objects.add_child(
        bureau, {"code": f"{kind}{number}-1", "name": "业务处", "kind": UnitKind.DIVISION}
    )
    person = User.objects.create(username=f"{kind}{number}", name="测量")
    Assignment.objects.create(user=person, unit=bureau, role=Role.OFFICER)
    return Unit.objects.get(pk=bureau.pk), division, person


def _imported(content: bytes, number: int) -> int:
    """Upload, read, preview and confirm; return how often the progress moved."""
    from apps.documents import actions, tasks
    from apps.documents.models import PlanImport

    bureau, division, person = _bureau(number, "import")
    row = actions.start_import(
        bureau=bureau, content=ContentFile(content), name=f"目标{number}.xlsx", person=person, at=NOW, is_meant=True
    )
    tasks.read_plan_import(row.pk)
    row.refresh_from_db()
    steps = row.job.finished_steps
    actions.choose_division(plan_import=row, division=division)
    actions.request_confirmation(plan_import=row, person=person, at=NOW)
    tasks.confirm_plan_import(row.pk)
    row = PlanImport.objects.select_related("job").get(pk=row.pk)
    if row.state != "confirmed" or steps != PLANS or row.job.finished_steps != PLANS:
        raise SystemExit(f"The import came to {row.state}: {row.findings[:3]}")
    return steps


def _bare(content: bytes, number: int) -> None:
    """Read the sheet, and insert as many rows of the tables that an import fills."""
    from apps.plans import models
    from apps.plans.enums import Accumulation, Aggregation, Kind

    bureau, division, _person = _bureau(number, "bare")
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    with transaction.atomic():
        texts = [row[8] for row in rows[3:]]
        member = models.Member.objects.create(bureau=bureau, dimension="unit", code="unit", name="本单位")
        projects = models.Project.objects.bulk_create(
            [
                models.Project(
                    bureau=bureau,
                    division=division,
                    number=f"P{place}",
                    function_code="201",
                    nature="recurring",
                    name=f"专项{place}",
                )
                for place in range(PLANS)
            ]
        )
        plans = models.Plan.objects.bulk_create([models.Plan(project=project, year=2016) for project in projects])
        days = {"starts_on": date(2016, 1, 1), "ends_on": date(2016, 12, 31), "origin": "imported"}
        versions = models.PlanVersion.objects.bulk_create(
            [models.PlanVersion(plan=plan, number=1, **days) for plan in plans]
        )
        goals = models.Goal.objects.bulk_create(
            [models.Goal(plan=plan, number=place + 1) for plan in plans for place in range(GOALS)]
        )
        each = [version for version in versions for _place in range(GOALS)]
        models.GoalTerms.objects.bulk_create(
            [
                models.GoalTerms(version=version, goal=goal, text=text, original_text=text)
                for version, goal, text in zip(each, goals, texts, strict=True)
            ]
        )
        measures = models.Measure.objects.bulk_create(
            [
                models.Measure(
                    bureau=bureau,
                    division=division,
                    code=f"m{place}",
                    name=text[:100],
                    kind=Kind.NUMBER,
                    accumulation=Accumulation.RUNNING_TOTAL,
                    aggregation=Aggregation.SUM,
                    frequency="quarterly",
                )
                for place, text in enumerate(texts)
            ]
        )
        models.MeasureMember.objects.bulk_create(
            [models.MeasureMember(measure=measure, member=member, reporting_unit=division) for measure in measures]
        )
        indicators = models.Indicator.objects.bulk_create(
            [
                models.Indicator(plan_id=goal.plan_id, code=f"{goal.number}-1", measure=measure)
                for goal, measure in zip(goals, measures, strict=True)
            ]
        )
        models.IndicatorTerms.objects.bulk_create(
            [
                models.IndicatorTerms(
                    version=version,
                    indicator=indicator,
                    goal=goal,
                    position=1,
                    name=text[:100],
                    original_text=text,
                    level1="output",
                    level2="quantity",
                )
                for version, indicator, goal, text in zip(each, indicators, goals, texts, strict=True)
            ]
        )
        models.Target.objects.bulk_create(
            [
                models.Target(
                    indicator=indicator,
                    version=version,
                    number=1,
                    operator="at_least",
                    value=Decimal(80),
                    path="from_zero",
                    status="final",
                    effective_on=date(2016, 1, 1),
                    origin="imported",
                    entered_at=NOW,
                )
                for indicator, version in zip(indicators, each, strict=True)
            ]
        )


if __name__ == "__main__":
    print_peak(lambda: _imported(_workbook(), 0))
