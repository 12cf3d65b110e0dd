"""The monitoring forms as Excel files: heads from the window, ticks, money, and what is not the whole."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import load_workbook

from apps.accounts.enums import Role
from apps.plans.enums import BudgetKind, Dimension
from apps.progress.actions import monitoring as actions
from apps.progress.actions import open_rounds
from tests.factories import BudgetLineFactory, MemberFactory, MoneyFactory
from tests.prepared import prepared
from tests.progress.monitorings import open_half, said, submit
from tests.progress.world import NOW, make_world

pytestmark = pytest.mark.django_db
DOUBT = {"likelihood": "possible", "cause": "人手不足", "remedy": "=抽调人员"}


@pytest.fixture
def world():
    """Return a world whose plan has a budget of 100 万元, of which 30 were spent by June, and 80 % in June."""
    return prepared(make_funded_world)


def make_funded_world():
    world = make_world()
    source = MemberFactory(bureau=world.bureau, dimension=Dimension.FUNDING, code="general", name="一般公共预算")
    project = world.version.plan.project
    project.execution = MoneyFactory(bureau=world.bureau, division=world.division, members=[source])
    project.save()
    BudgetLineFactory(plan=world.version.plan, source=source, kind=BudgetKind.INITIAL, amount=Decimal(1_000_000))
    open_rounds(bureau=world.bureau, today=NOW.date(), at=NOW)
    world.count([300_000], 6, measure=project.execution)
    world.count([(8, 10)] * 2, 6)
    return world


def sheet_of(world, monitoring, query=""):
    client = Client()
    client.force_login(world.people[Role.AUDITOR])
    answer = client.get(reverse("documents:monitoring_workbook", args=[monitoring.pk]) + query)
    assert answer.status_code == 200
    return load_workbook(BytesIO(answer.content)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def texts(rows):
    return [str(cell) for row in rows for cell in row if cell != ""]


def test_the_central_form_is_filled_from_the_report(world):
    monitoring = open_half(world)
    submit(world, monitoring, said(world, **DOUBT, causes=("staff",)), money={"general": Decimal(950_000)})

    rows = sheet_of(world, monitoring)

    said_of_it = texts(rows)
    for word in (
        "项目支出绩效目标执行监控表",
        "1—6月执行数",
        "1—6月执行率（%）",
        "1—6月执行情况",
        "完全不可能",
        "硬件条件保障",
    ):
        assert word in said_of_it, word
    money = next(row for row in rows if "年度资金总额" in row)
    assert [cell for cell in money if isinstance(cell, float)] == [100, 30, 30, 95]
    line = next(row for row in rows if f"{world.indicator.code} 全市平均纳管率" in row)
    assert line[4:7] == ["≥ 80 %", "80.00 %\n（2/3 已审，缺：海珠）", "90.00 %"]
    assert line[7:17] == ["", "", "√", "", "", "人手不足", "", "√", "", "措施：=抽调人员"]


def test_why_more_will_be_spent_than_was_given_stands_below_the_form(world):
    monitoring = open_half(world)
    submit(world, monitoring, money={"general": Decimal(1_200_000)}, overspending="拟追加预算。")

    assert any("超出全年预算数，原因：拟追加预算。" in text for text in texts(sheet_of(world, monitoring)))


def test_the_local_form_has_its_own_heads_and_two_boxes_below(world):
    monitoring = open_half(world, layout="local")
    row = said(world, **DOUBT, causes=("management",), estimate=None)
    submit(world, monitoring, row, money={"general": Decimal(950_000)})

    found = texts(sheet_of(world, monitoring))

    for word in ("项目支出绩效目标半年执行监控表", "半年度指标执行情况", "不可能", "偏差或不能完成\n目标原因分析"):
        assert word in found, word
    assert f"{world.indicator.code} 全市平均纳管率：项目管理。人手不足" in found
    assert f"{world.indicator.code} 全市平均纳管率：=抽调人员" in found
    assert "1—6月执行率（%）" not in found


def test_the_window_names_the_heads(world):
    monitoring = open_half(world, month=7, title="1—7月")
    submit(world, monitoring, money={"general": Decimal(950_000)})

    assert "1—7月执行情况" in texts(sheet_of(world, monitoring))


def test_only_the_half_year_is_called_a_half_year(world):
    monitoring = open_half(world, month=7, title="1—7月", layout="local")
    submit(world, monitoring, said(world, estimate=None), money={"general": Decimal(950_000)})

    found = texts(sheet_of(world, monitoring))

    assert "项目支出绩效目标执行监控表" in found
    assert "1—7月指标执行情况" in found
    assert not [text for text in found if "半年" in text]


def test_an_earlier_report_can_still_be_had(world):
    monitoring = open_half(world)
    for estimate in (81, 99):
        submit(world, monitoring, said(world, estimate=Decimal(estimate)), money={"general": Decimal(400_000)})
        if estimate == 81:
            actions.recall_monitoring(monitoring=monitoring, person=world.reporter, at=NOW)

    assert "81.00 %" in texts(sheet_of(world, monitoring, "?report=1"))
    assert "99.00 %" in texts(sheet_of(world, monitoring))


def test_there_is_no_form_before_anything_was_submitted(world):
    client = Client()
    client.force_login(world.people[Role.OFFICER])

    assert client.get(reverse("documents:monitoring_workbook", args=[open_half(world).pk])).status_code == 404
