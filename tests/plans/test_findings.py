"""Each rule finds what is there in the published year, and holds its tongue where there is nothing."""

from datetime import date
from decimal import Decimal

import pytest

from apps.plans.enums import EconomicItem, StatementNumber
from apps.plans.models import (
    Direction,
    EconomicLine,
    FunctionLine,
    PlanVersion,
    ProcurementLine,
    Project,
    Statement,
    Target,
)
from apps.plans.queries import budget_findings
from tests.factories import BudgetLineFactory, BureauFactory, PlanFactory, PlanVersionFactory, TargetFactory

RENTAL = "出租屋流动人员管理专项经费"
EXPECTED = {
    "F2": [("表四 一般公共预算支出预算表", ("2015年", "3行", "131.58 %", "163.94 %", "166.04 %"))],
    "F3": [("表四 一般公共预算支出预算表", ("一般行政管理事务", "99.52 %"))],
    "F4": [("表三 支出预算总表", ("89.06 + 8.15 + 0.37 + 2.41", "99.99 %"))],
    "F5": [
        ("课题调研专项经费", ("81.50 万元", "会议费 0.50 万元")),
        ("全市来穗人员服务工作专项", ("253.50 万元", "公务接待费 5.00 万元")),
    ],
    "F6": [
        ("广州市来穗人员服务管理局出国专项经费", ("3次",)),
        ("来穗人员管理工作专项经费", ("存档用地租赁", "50个")),
        ("来穗人员管理工作专项经费", ("表格印刷", "120个")),
    ],
    "F7": [(RENTAL, ("持续项目", "上年度项目绩效完成情况")), (RENTAL, ("6项", "经济分类"))],
    "F8": [(RENTAL, ("8-1", "2015年", "4,500")), (RENTAL, ("10-1", "4,500", "暂定"))],
    "F9": [("广州市来穗人员服务管理局车辆租用经费", ("25.00 万元", "公务用车运行维护费", "没有自有公车"))],
    "F10": [
        ("表七 项目支出预算明细表（公共项目）", ("没有任何数字",)),
        ("表八 政府性基金预算支出预算表", ("没有任何数字",)),
        ("表二 收入预算总表", ("一般公共预算",)),
    ],
    "F11": [
        ("表四 一般公共预算支出预算表", ("2页",)),
        ("表十 项目支出政府采购预算表", ("2页",)),
        ("文件", ("第3部分", "第4个")),
    ],
    "F12": [("表四 一般公共预算支出预算表", ("3,000.00 万元", "4,020.00 万元", "34.00 %", RENTAL))],
}


def of(code, bureau):
    return [finding for finding in budget_findings(bureau, 2016) if finding.code == code]


def test_the_published_year_makes_one_ask_these_things_and_no_other(bureau):
    found = budget_findings(bureau, 2016)
    expected = [(code, where, words) for code, places in EXPECTED.items() for where, words in places]
    assert [(finding.code, finding.where) for finding in found] == [(code, where) for code, where, _words in expected]
    for finding, (_code, _where, words) in zip(found, expected, strict=True):
        assert [word for word in words if word not in finding.sentence] == []


@pytest.mark.django_db
def test_a_year_without_a_budget_makes_nobody_ask():
    assert budget_findings(BureauFactory(), 2016) == []


def follow_the_remarks(version):
    """Approve a version that tells of last year and gives every direction its classification and amount."""
    second = PlanVersionFactory(plan=version.plan, number=2, last_year_completion="已完成。")
    for row in version.directions.all():
        Direction.objects.create(
            version=second, number=row.number, text=row.text, economic_item=EconomicItem.MEETINGS, amount=1
        )


def settle_target(target):
    """Put a final target where the source gave one."""
    target.delete()
    TargetFactory(indicator=target.indicator, number=target.number, value=1)


@pytest.mark.parametrize(
    ("code", "settle"),
    [
        ("F2", lambda: FunctionLine.objects.filter(code="201 03 01").update(last_adjusted=8_000_000)),
        ("F3", lambda: FunctionLine.objects.update(printed_rate=99)),
        ("F4", lambda: FunctionLine.objects.exclude(code="201 99 99").delete()),
        ("F5", lambda: EconomicLine.objects.filter(statement=StatementNumber.THREE_EXPENSES).delete()),
        ("F6", lambda: ProcurementLine.objects.update(unit_name="人次", name="出国")),
        (
            "F7",
            lambda: [follow_the_remarks(version) for version in PlanVersion.objects.all()],
        ),
        ("F8", lambda: [settle_target(target) for target in Target.objects.all()]),
        ("F9", lambda: Project.objects.filter(number="P02").update(name="车辆", description="维护自有公车。")),
        (
            "F10",
            lambda: (
                Statement.objects.update(printed_total=0),
                BudgetLineFactory(plan=PlanVersion.objects.first().plan, source__code="other", kind="adjustment"),
            ),
        ),
        ("F11", lambda: Statement.objects.update(pages=1, place=3)),
        ("F12", lambda: FunctionLine.objects.filter(code="201 99 99").update(last_executed=Decimal("29999999.99"))),
    ],
)
def test_a_rule_is_silent_once_its_reason_is_gone(bureau, code, settle):
    assert of(code, bureau)
    settle()
    assert of(code, bureau) == []


def test_a_steep_rise_shared_by_two_projects_names_neither(bureau):
    Project.objects.filter(number="P08").update(function_code="201 99 99")
    (finding,) = of("F12", bureau)
    assert RENTAL not in finding.sentence


@pytest.mark.parametrize("more", [1, 3])
def test_the_answer_takes_nine_queries_however_many_projects(bureau, django_assert_num_queries, more):
    for _ in range(more):
        plan = PlanFactory(project__bureau=bureau)
        PlanVersionFactory(plan=plan, attribute="continuing")
        BudgetLineFactory(plan=plan, effective_on=date(2016, 1, 1))
    with django_assert_num_queries(9):
        found = budget_findings(bureau, 2016)
    assert len([finding for finding in found if finding.code == "F7"]) == 2 + more
