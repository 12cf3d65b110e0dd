"""The lists of plans, indicators and projects: what they say, to whom, at what cost, and as files."""

import csv
import re
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.accounts.enums import Role
from apps.plans.actions.drafts import open_adjustment
from apps.plans.enums import Level1, TargetStatus, VersionState
from apps.plans.models import Plan, PlanVersion, Project
from apps.plans.queries.library import library
from apps.ui.exports import CHUNK, neutral
from tests.factories import (
    BudgetLineFactory,
    EntryFactory,
    GoalTermsFactory,
    IndicatorTermsFactory,
    MoneyFactory,
    NumberFactory,
    PlanFactory,
    PlanVersionFactory,
    ProjectFactory,
    ReviewFactory,
    RevisionFactory,
    RoundFactory,
    TargetFactory,
)
from tests.progress.world import NOW, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world():
    made = make_world(is_open=False)
    GoalTermsFactory(version=made.version, goal=made.version.indicators.get().goal)
    return made


def see(person, path):
    client = Client()
    client.force_login(person)
    return client.get(path)


def officer(world):
    return world.people[Role.OFFICER]


def text_of(answer):
    return " ".join(answer.content.decode().split())


def draft(world, **project):
    """Put a draft by the officer beside the world's approved plan."""
    made = ProjectFactory(bureau=world.bureau, division=world.division, **project)
    version = PlanVersionFactory(plan__project=made, state=VersionState.DRAFT, approved_at=None)
    version.authors.add(officer(world))
    return version


def names(answer):
    return [row.project.name for row in answer.context["table"].page.object_list.data]


def test_the_list_says_how_far_each_plan_is_and_who_has_it(world):
    draft(world, name="新草稿")
    waiting = draft(world, name="待审")
    PlanVersion.objects.filter(pk=waiting.pk).update(state=VersionState.DIVISION_REVIEW)
    PlanFactory(project=ProjectFactory(bureau=world.bureau, name="什么也没有"))

    table = see(officer(world), "/plans/").context["table"]

    assert {
        row.record.project.name: (table.value_state(row.record), table.render_holders(row.record)) for row in table.rows
    } == {
        world.version.plan.project.name: ("已批复 v1", "—"),
        "新草稿": ("草稿 v1", "绩效管理岗甲"),
        "待审": ("处室审核 v1", "处室负责人甲"),
        "什么也没有": ("未编制", "—"),
    }


def test_who_wrote_it_does_not_have_it_for_review(world):
    version = draft(world)
    version.authors.add(world.head)
    PlanVersion.objects.filter(pk=version.pk).update(state=VersionState.DIVISION_REVIEW)

    assert "没有可以办理的人" in text_of(see(officer(world), "/plans/"))


def test_an_adjustment_on_its_way_is_told_apart_from_a_first_draft(world):
    draft(world, name="新草稿")
    open_adjustment(plan=world.version.plan, reason="压减", document="", person=officer(world), at=NOW)

    page = see(officer(world), "/plans/?state=adjustment")

    assert names(page) == [world.version.plan.project.name]
    assert "调整 v2 · 草稿" in text_of(page)


def test_the_list_says_by_how_much_weights_are_off_and_what_a_draft_asks_for(world):
    version = draft(world)
    BudgetLineFactory(plan=version.plan, version=version, amount=Decimal(2_500_000))
    IndicatorTermsFactory(version=version, weight=Decimal("86.5"))

    page = text_of(see(officer(world), "/plans/"))

    assert "还差 3.5 分" in page
    assert "拟 250.00" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=draft", ["乙"]),
        ("state=approved", ["甲"]),
        ("state=none", ["丙"]),
        ("level1=cost", ["乙"]),
        ("level1=output", ["甲"]),
        ("words=乙", ["乙"]),
        ("words=201", ["甲", "乙", "丙"]),
        ("year=2015", []),
        ("year=", ["甲", "乙", "丙", "丁"]),
        ("sort=-state", ["甲", "乙", "丙"]),
        ("sort=state", ["丙", "乙", "甲"]),
    ],
)
def test_the_list_is_searched_and_sorted(world, query, found):
    Project.objects.update(name="甲", number="1")
    IndicatorTermsFactory(version=draft(world, name="乙", number="2"), level1=Level1.COST)
    last = ProjectFactory(bureau=world.bureau, name="丙", number="3")
    PlanFactory(project=last)
    PlanFactory(project=ProjectFactory(bureau=world.bureau, name="丁", number="4"), year=2017)

    assert names(see(officer(world), f"/plans/?{query}")) == found


def test_a_division_finds_its_own_plans_and_another_bureau_none(world):
    PlanFactory(project=ProjectFactory(bureau=world.bureau, name="别的处室的"))
    other = make_world(is_open=False)

    assert names(see(world.reporter, "/plans/")) == [world.version.plan.project.name]
    assert names(see(other.people[Role.OFFICER], "/plans/")) == [other.version.plan.project.name]


def cost(person, path):
    client = Client()
    client.force_login(person)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert answer.status_code == 200
    return len(queries)


def fill(world):
    """Add a draft with money and an indicator, and a plan that is being adjusted."""
    version = draft(world)
    BudgetLineFactory(plan=version.plan, version=version)
    TargetFactory(indicator=IndicatorTermsFactory(version=version).indicator)
    approved = PlanVersionFactory(plan__project=ProjectFactory(bureau=world.bureau, division=world.division))
    open_adjustment(plan=approved.plan, reason="调整", document="", person=officer(world), at=NOW)


@pytest.mark.parametrize("path", ["/plans/", "/plans/indicators/", "/projects/", "/plans/?export=csv"])
def test_three_times_as_much_costs_no_more(world, path):
    fill(world)
    one = cost(officer(world), path)
    fill(world)
    fill(world)

    assert cost(officer(world), path) == one <= 13


# Indicators -----------------------------------------------------------------------------------------------------------


def test_indicators_are_those_in_force_and_of_first_drafts(world):
    open_adjustment(plan=world.version.plan, reason="压减", document="", person=officer(world), at=NOW)
    IndicatorTermsFactory(version=draft(world), name="草稿里的")

    rows = see(officer(world), "/plans/indicators/").context["table"].rows

    assert [(row.record.name, row.record.version.number) for row in rows] == [("全市平均纳管率", 1), ("草稿里的", 1)]


def test_an_indicator_says_its_target_and_who_reports_it(world):
    page = text_of(see(officer(world), "/plans/indicators/"))

    assert "≥ 80 %" in page
    assert f"{world.division}" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=provisional", ["暂定的"]),
        ("kind=number", ["暂定的"]),
        ("words=纳管", ["全市平均纳管率"]),
        ("level1=cost", []),
    ],
)
def test_indicators_are_searched(world, query, found):
    measure = NumberFactory(bureau=world.bureau)
    terms = IndicatorTermsFactory(version=world.version, indicator__measure=measure, name="暂定的")
    TargetFactory(indicator=terms.indicator, status=TargetStatus.PROVISIONAL)

    rows = see(officer(world), f"/plans/indicators/?{query}").context["table"].rows

    assert [row.record.name for row in rows] == found


# Files ----------------------------------------------------------------------------------------------------------------


def sheet_of(answer):
    return CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()


def lines_of(answer):
    content = b"".join(answer.streaming_content).decode("utf-8")
    assert content[0] == "\ufeff"
    return list(csv.reader(StringIO(content[1:])))


def test_a_file_has_the_whole_filtered_list_and_not_the_page(world):
    bureau = world.bureau
    rows = Project.objects.bulk_create(
        [
            Project(bureau=bureau, number=f"X{number:04}", name=f"项目{number}", function_code="1", nature="recurring")
            for number in range(CHUNK + 30)
        ]
    )
    Plan.objects.bulk_create([Plan(project=row, year=2016) for row in rows])

    lines = lines_of(see(officer(world), "/plans/?export=csv&words=项目&sort=-number"))

    assert len(lines) == 1 + len({row.number for row in rows}) + Project.objects.exclude(number__startswith="X").count()
    assert [line[0] for line in lines if line[0].startswith("X")] == sorted((row.number for row in rows), reverse=True)


def test_a_workbook_has_numbers_as_numbers_and_texts_as_texts(world):
    Project.objects.update(name='=HYPERLINK("http://x")')
    BudgetLineFactory(plan=world.version.plan, amount=Decimal("40200000.00"))

    answer = see(officer(world), "/plans/?export=xlsx")
    head, row = sheet_of(answer)

    found = dict(zip(head, row, strict=True))
    assert (found["项目"], found["预算（万元）"], found["指标数"], found["分值合计"], found["状态"]) == (
        '=HYPERLINK("http://x")',
        4020,
        1,
        10,
        "已批复 v1",
    )
    assert answer.headers["Content-Disposition"].endswith("%E6%B8%85%E5%8D%95_2016_2016-09-06.xlsx")


def test_a_csv_holds_no_formula(world):
    Project.objects.update(name="=cmd|' /C calc'!A0")

    lines = lines_of(see(officer(world), "/plans/?export=csv"))

    assert lines[1][1] == "'=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("text", "written"),
    [("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("＝1", "'＝1"), ("≥ 80 %", "≥ 80 %"), ("", ""), ("—", "—")],
)
def test_what_a_spreadsheet_would_run_is_led_by_an_apostrophe(text, written):
    assert neutral(text) == written


def test_indicators_as_a_file_name_every_column(world):
    head, row = sheet_of(see(officer(world), "/plans/indicators/?export=xlsx"))

    found = dict(zip(head, row, strict=True))
    assert [
        found[name] for name in ("指标", "一级指标", "二级指标", "指标值", "确定程度", "分值", "类别", "填报单位")
    ] == [
        "全市平均纳管率",
        "产出指标",
        "数量指标",
        "≥ 80 %",
        "确定",
        10,
        "比率",
        str(world.division),
    ]


def test_projects_as_a_file_say_how_their_indicators_stand(world):
    head, row = sheet_of(see(officer(world), "/projects/?export=xlsx"))

    assert dict(zip(head, row, strict=True))["绩效指标"] == "未报 1"


def test_a_workbook_shows_numbers_with_their_unit_in_columns_that_fit_under_the_name_of_the_list(world):
    money = MoneyFactory(bureau=world.bureau)
    Project.objects.update(name="出租屋流动人员管理专项经费", execution=money)
    BudgetLineFactory(plan=world.version.plan, amount=Decimal(3_000_000))
    spent = EntryFactory(measure=money, round=RoundFactory(bureau=world.bureau))
    ReviewFactory(revision=RevisionFactory(entry=spent, value=Decimal(1_000_000)))

    with ZipFile(BytesIO(b"".join(see(officer(world), "/projects/?export=xlsx").streaming_content))) as file:
        names = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml")
        book, sheet, styles = (file.read(name).decode() for name in names)

    kinds = re.findall(r'<numFmt numFmtId="(\d+)" formatCode="([^"]*)"', styles)
    assert 'name="项目清单"' in book
    assert "0.00&quot; %&quot;" in {code for _number, code in kinds}
    assert "<v>33.33</v>" in sheet
    assert [float(width) > 26 for width in re.findall(r'<col [^>]*width="([\d.]+)"', sheet)][1]


def test_a_file_is_for_whom_the_page_is(world):
    assert see(world.people[Role.ADMIN], "/plans/?export=csv").status_code == 404


@pytest.mark.parametrize("path", ["/plans/", "/plans/indicators/", "/projects/"])
def test_a_page_offers_itself_as_a_file_with_its_filter(world, path):
    PlanVersionFactory(plan__project=ProjectFactory(bureau=world.bureau, name="另一个"))
    world.version.plan.project.name = "要找的"
    world.version.plan.project.save()
    page = see(officer(world), f"{path}?words=要找的&page=1&sort=-name").content.decode()

    (link,) = re.findall(r'href="([^"]*export=csv[^"]*)"', page)
    lines = lines_of(see(officer(world), path + unescape(link)))

    assert len(lines) == 2
    assert "要找的" in lines[1]


# The library ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("纳管", ["纳管率"]),
        ("% 产出", ["纳管率"]),
        ("比率 数量", ["纳管率"]),
        ("纳管 没有的词", []),
        ("", ["别的", "纳管率"]),
    ],
)
def test_the_library_is_searched_by_name_code_unit_kind_and_class(world, words, found):
    world.measure.name = "纳管率"
    world.measure.save()
    NumberFactory(bureau=world.bureau, name="别的", code="other", unit_name="次")

    assert [row.measure.name for row in library(officer(world), words, world.bureau)] == found


def test_the_library_shows_the_latest_use_and_costs_the_same_for_many(world):
    newer = PlanVersionFactory(plan__project=world.version.plan.project, plan__year=2017, state=VersionState.DRAFT)
    terms = IndicatorTermsFactory(version=newer, indicator__measure=world.measure)
    TargetFactory(indicator=terms.indicator, value=Decimal(85), version=newer)
    list(officer(world).duties)

    with CaptureQueriesContext(connection) as queries:
        (row,) = library(officer(world), world.measure.name, world.bureau)

    assert (row.year, row.plan, row.target_text, row.indicator_terms) == (2017, newer.plan, "≥ 85 %", terms)
    assert len(queries) == 4


def test_the_library_hides_what_the_person_may_not_see(world):
    NumberFactory(bureau=world.bureau, name="别的处室的数据项")
    assert [row.measure for row in library(world.reporter, "", world.bureau)] == [world.measure]
    assert library(make_world(is_open=False).people[Role.OFFICER], "", world.bureau) == []
