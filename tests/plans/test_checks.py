"""Every rule fires on a plan that breaks it and holds its tongue on the same plan mended; the published plan breaks many."""

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from apps.accounts.enums import Role
from apps.accounts.models import Unit
from apps.calculation.schemes import Scheme
from apps.plans.enums import (
    Accumulation,
    Aggregation,
    Attribute,
    Basis,
    Dimension,
    EconomicItem,
    Frequency,
    Kind,
    Level1,
    Level2,
    Operator,
    Origin,
    Pairing,
    ScopeRule,
    Severity,
    TargetStatus,
    VersionState,
)
from apps.plans.models import BudgetLine, Member, Plan, PlanVersion, Project, Result
from apps.plans.queries.checks import CheckFinding, check_plan, check_plans, check_rows
from apps.plans.queries.checks.checked import Checked, checked_versions
from apps.plans.queries.checks.plans import RULES, findings_of
from apps.plans.queries.contents import (
    DirectionContent,
    GoalContent,
    IndicatorContent,
    MeasureContent,
    MembershipContent,
    PlanContent,
    TargetContent,
)
from apps.plans.queries.people import reviewers
from tests.factories import (
    AssignmentFactory,
    DivisionFactory,
    IndicatorTermsFactory,
    PlanFactory,
    PlanVersionFactory,
    TargetFactory,
    UnitFactory,
    UserFactory,
)
from tests.factories.plans import SCHEMES
from tests.plans.drafts import YEAR, bureau_of, make_draft


@cache
def scheme(code="national-2020"):
    return Scheme.from_data(json.loads((SCHEMES / f"{code}.json").read_text(encoding="utf-8")))


# A plan without a fault, in memory -----------------------------------------------------------------------------------


def measure(code, kind=Kind.NUMBER, **more):
    return MeasureContent(
        **{
            "code": code,
            "name": f"数据项{code}",
            "kind": kind,
            "unit_name": "件",
            "accumulation": Accumulation.INCREMENT,
            "aggregation": Aggregation.SUM,
            "dimension": Dimension.DISTRICT,
            "frequency": Frequency.MONTHLY,
            "division": "D",
            "definition": "按台账统计。",
            "members": (MembershipContent(member="m1"), MembershipContent(member="m2")),
        }
        | more
    )


def rate(code, **more):
    parts = {"numerator_name": "已办", "denominator_name": "应办", "factor": Decimal(100), "is_part_of_whole": True}
    return measure(code, Kind.RATIO, unit_name="%", decimals=2, **(parts | more))


def indicator(code, level1, level2, weight, name, measured, **more):
    target = more.pop("target", TargetContent(value=Decimal(80)))
    words = {"original_text": "不低于80%", "evidence": "台账", "goal": 1} | more
    return IndicatorContent(
        code=code,
        level1=level1,
        level2=level2,
        weight=None if weight is None else Decimal(weight),
        name=name,
        measure=measured,
        target=target,
        **words,
    )


def faultless():
    """Return a continuing project of 2017 that nobody could ask anything about."""
    deadline = TargetContent(operator=Operator.DATE, due_on=date(YEAR, 6, 30))
    return PlanContent(
        attribute=Attribute.CONTINUING,
        starts_on=date(YEAR, 1, 1),
        ends_on=date(YEAR, 12, 31),
        scheme="national-2020@1",
        last_year_completion="上年预算 100 万元，执行 98 万元；绩效目标全部完成。",
        directions=(
            DirectionContent(
                number=1,
                text="会议",
                economic_item=EconomicItem.MEETINGS,
                amount=Decimal(1_000_000),
                goals=(1, 2),
            ),
        ),
        goals=(GoalContent(number=1, text="提高登记率。"), GoalContent(number=2, text="按期建成。")),
        measures=(
            rate("rate"),
            rate("happy"),
            measure("cost", Kind.MONEY, unit_name="元"),
            measure("count"),
            measure("done", Kind.MILESTONE, accumulation="", aggregation="", unit_name=""),
        ),
        indicators=(
            indicator("1-1", Level1.OUTPUT, Level2.QUALITY, 20, "登记率", "rate"),
            indicator("1-2", Level1.BENEFIT, Level2.SOCIAL, 30, "办件数", "count", original_text="不少于80件"),
            indicator("1-3", Level1.OUTPUT, Level2.QUANTITY, 10, "场次", "count", original_text="不少于80件"),
            indicator("1-4", Level1.OUTPUT, Level2.COST, 10, "单位成本", "cost", original_text="不超过80元"),
            indicator("1-5", Level1.SATISFACTION, Level2.SATISFACTION, 10, "满意度", "happy"),
            indicator(
                "2-1",
                Level1.OUTPUT,
                Level2.TIMELINESS,
                10,
                "建成",
                "done",
                goal=2,
                target=deadline,
                original_text="6月30日前建成",
            ),
        ),
    )


def looked_at(content=None, **more):
    bureau = Unit(code="B", name="某局", path="0001")
    division = Unit(code="D", name="某处", path="00010001")
    project = Project(bureau=bureau, division=division, name="登记专项")
    version = PlanVersion(
        plan=Plan(project=project, year=YEAR), number=1, state=VersionState.DRAFT, origin=Origin.TYPED
    )
    members = {
        (Dimension.DISTRICT, code): Member(code=code, name=f"{code}区", dimension=Dimension.DISTRICT)
        for code in ("m1", "m2")
    }
    known = {
        "version": version,
        "content": content or faultless(),
        "scheme": scheme(),
        "budget": Decimal(1_000_000),
        "offices": {"B": "某局", "D": "某处"},
        "reporting": frozenset({"D"}),
        "members": members,
        "results": {},
        "aims": {},
    }
    return Checked(**(known | more))


def change(**columns):
    """Return the faultless plan with other columns."""
    return looked_at(replace(faultless(), **columns))


def change_indicator(code, **columns):
    content = faultless()
    rows = [replace(row, **columns) if row.code == code else row for row in content.indicators]
    return looked_at(replace(content, indicators=tuple(rows)))


def change_target(code, **columns):
    found = faultless().indicator(code)
    return change_indicator(code, target=replace(found.target, **columns))


def change_measure(code, **columns):
    rows = [replace(row, **columns) if row.code == code else row for row in faultless().measures]
    return change(measures=tuple(rows))


def change_direction(**columns):
    return change(directions=(replace(faultless().directions[0], **columns),))


def change_project(**columns):
    checked = looked_at()
    for name, value in columns.items():
        setattr(checked.version.plan.project, name, value)
    return checked


def without(level, scheme_code="national-2020"):
    rows = [row for row in faultless().indicators if level not in (row.level1, row.level2)]
    return replace(change(indicators=tuple(rows)), scheme=scheme(scheme_code))


def reweighted(**weights):
    rows = [
        replace(row, weight=Decimal(weights.get(row.code.replace("-", "_"), row.weight)))
        for row in faultless().indicators
    ]
    return change(indicators=tuple(rows))


def with_past(target=None, **years):
    """Return the plan with what 登记率 came to in earlier years, and the targets of then."""
    results = {("rate", int(year[1:]), ""): Decimal(value) for year, value in years.items()}
    then = target or TargetContent(value=Decimal(50))
    return replace(looked_at(), results=results, aims={("rate", year): (then,) for _rate, year, _all in results})


def of_members(**figures):
    """Return the plan with a target on two members, and what each came to last year."""
    checked = change_target("1-1", scope=ScopeRule.ALL, members=("m1", "m2"))
    results = {("rate", YEAR - 1, member): Decimal(value) for member, value in figures.items()}
    return replace(checked, results=results)


MULTI = {"attribute": Attribute.MULTI_YEAR, "ends_on": date(YEAR + 2, 12, 31)}
ERROR, WARNING, HINT = Severity.ERROR, Severity.WARNING, Severity.HINT
TWO_ABOVE = {"_2016": 90, "_2015": 80}
SAME_AIM = TargetContent(value=Decimal(80))

# What is broken, what is found, how much that weighs, where, and words of the sentence.
BROKEN = [
    (lambda: change(attribute=""), "attribute_missing", ERROR, "head.attribute", ["项目属性"]),
    (lambda: change(last_year_completion=" "), "last_year_missing", ERROR, "head.last_year_completion", ["为空"]),
    (
        lambda: change(last_year_completion="各项指标都完成了。"),
        "last_year_money_missing",
        WARNING,
        "head.last_year_completion",
        ["看不到预算完成情况"],
    ),
    (
        lambda: change(last_year_completion="预算执行 98%。"),
        "last_year_goals_missing",
        WARNING,
        "head.last_year_completion",
        ["看不到绩效目标完成情况"],
    ),
    (lambda: change(attribute=Attribute.MULTI_YEAR), "span_in_one_year", ERROR, "head.ends_on", ["都在2017年"]),
    (lambda: change(**MULTI), "whole_target_missing", WARNING, "indicators", ["6项", "2019年"]),
    (lambda: change(ends_on=date(YEAR + 1, 3, 1)), "dates_outside_year", WARNING, "head.starts_on", ["2018-03-01"]),
    (lambda: replace(looked_at(), scheme=None), "scheme_missing", ERROR, "head.scheme", ["评分方案"]),
    (lambda: change_project(division=None), "division_missing", ERROR, "project.division", ["责任处室"]),
    (
        lambda: looked_at(unattended=(VersionState.DIVISION_REVIEW,)),
        "head_missing",
        ERROR,
        "project.head",
        ["某处", "处室负责人"],
    ),
    (
        lambda: looked_at(unattended=(VersionState.LEADER_REVIEW,)),
        "leader_missing",
        ERROR,
        "project.leader",
        ["某局", "局领导"],
    ),
    (lambda: looked_at(budget=None), "budget_missing", ERROR, "budget", ["没有填预算"]),
    (lambda: looked_at(budget=Decimal(0)), "budget_zero", WARNING, "budget", ["合计为 0"]),
    (lambda: change(directions=()), "directions_missing", WARNING, "directions", ["没有填资金支出方向"]),
    (lambda: change_direction(economic_item=""), "items_missing", WARNING, "directions", ["1项"]),
    (lambda: change_direction(amount=None), "amounts_missing", WARNING, "directions", ["1项"]),
    (
        lambda: change_direction(amount=Decimal(900_000)),
        "amounts_differ",
        WARNING,
        "directions",
        ["90.00 万元", "100.00 万元", "少 10.00 万元"],
    ),
    (
        lambda: change_direction(amount=Decimal(1_234_500)),
        "amounts_differ",
        WARNING,
        "directions",
        ["多 23.45 万元"],
    ),
    (lambda: change_direction(goals=()), "direction_without_goal", WARNING, "directions.1", ["会议"]),
    (lambda: change_direction(goals=(1,)), "goal_without_direction", HINT, "goals", ["1个"]),
    (
        lambda: change(goals=(*faultless().goals, GoalContent(number=3, text="。"))),
        "goal_without_indicator",
        WARNING,
        "goals.3",
        ["目标3没有指标"],
    ),
    (
        lambda: change(
            directions=(
                *faultless().directions,
                DirectionContent(
                    number=2, text="培训", economic_item=EconomicItem.TRAINING, amount=Decimal(0), goals=(2,)
                ),
            )
        ),
        "goal_thinly_measured",
        HINT,
        "goals.2",
        ["1、2", "1项"],
    ),
    (
        lambda: change(goals=(GoalContent(number=1, text="力求提高，争取提高。"), faultless().goals[1])),
        "goal_is_soft",
        HINT,
        "goals.1",
        ["“力求”、“争取”"],
    ),
    (
        lambda: change(indicators=faultless().indicators[:2]),
        "too_few",
        ERROR,
        "indicators",
        ["只有2项", "还差1项"],
    ),
    (lambda: change_indicator("1-1", target=None), "target_missing", ERROR, "indicators.1-1.target", ["1-1"]),
    (
        lambda: change_target(
            "1-2",
            status=TargetStatus.PENDING,
            value=None,
            reference_value=Decimal(4500),
            reference_year=2016,
        ),
        "target_pending",
        WARNING,
        "indicators.1-2.target",
        ["待定", "2016年的 4,500"],
    ),
    (
        lambda: change_target("1-2", status=TargetStatus.PROVISIONAL),
        "target_provisional",
        WARNING,
        "indicators.1-2.target",
        ["80", "暂定"],
    ),
    (
        lambda: change_target("1-1", scope=ScopeRule.ALL),
        "members_unnamed",
        WARNING,
        "indicators.1-1.target",
        ["没有列出"],
    ),
    (lambda: change_indicator("1-1", is_soft=True), "indicator_is_soft", WARNING, "indicators.1-1", ["软性表述"]),
    (
        lambda: change_indicator("1-1", name="力争提高登记率"),
        "indicator_is_soft",
        WARNING,
        "indicators.1-1",
        ["“力争”"],
    ),
    (
        lambda: change_indicator("1-1", pairing=Pairing.UNVERIFIED),
        "pairing_unverified",
        WARNING,
        "indicators.1-1",
        ["待核"],
    ),
    (
        lambda: change_indicator("1-1", has_suggested_weight=True),
        "weights_suggested",
        WARNING,
        "indicators",
        ["1项", "建议值"],
    ),
    *(
        (
            lambda text=text: change_indicator(
                "2-1", target=TargetContent(operator=Operator.QUALITATIVE), original_text=text
            ),
            "numbers_in_words",
            WARNING,
            "indicators.2-1.target",
            [quoted],
        )
        for text, quoted in (
            ("建成示范点一百二十个", "“一百二十个”"),
            ("建成示范点若干", "“若干”"),
            ("建成示范点：完成", "“完成”"),
            ("群众满意程度有所上升", "“有所”"),
        )
    ),
    (
        lambda: change_indicator(
            "1-2", target=TargetContent(operator=Operator.QUALITATIVE), original_text="办件数：很多"
        ),
        "numbers_in_words",
        WARNING,
        "indicators.1-2.target",
        ["“很多”"],
    ),
    (
        lambda: change_indicator("1-2", original_text="80件，其中网上40件"),
        "reads_ambiguously",
        HINT,
        "indicators.1-2.target",
        ["几种读法", "40件"],
    ),
    (lambda: change_indicator("1-1", name="率" * 41), "name_long", HINT, "indicators.1-1", ["41个字"]),
    (lambda: change_indicator("1-3", name="登记率"), "name_twice", WARNING, "indicators.1-3", ["1-1", "登记率"]),
    (
        lambda: change_target("1-2", operator=Operator.LESS_THAN, basis=Basis.LAST_YEAR, value=None),
        "baseline_missing",
        WARNING,
        "indicators.1-2.target",
        ["2016年"],
    ),
    (
        lambda: change_target("1-2", basis=Basis.MEAN_OF_YEARS, years=2, value=None),
        "baseline_missing",
        WARNING,
        "indicators.1-2.target",
        ["2015、2016年"],
    ),
    (lambda: change_indicator("1-1", evidence=""), "evidence_unnamed", HINT, "indicators", ["1项"]),
    (
        lambda: change_measure("rate", denominator_name=""),
        "rate_without_parts",
        ERROR,
        "measures.rate",
        ["分子和分母"],
    ),
    (lambda: change_measure("count", unit_name="%"), "rate_typed_whole", WARNING, "measures.count", ["“%”"]),
    (
        lambda: change_measure("count", members=(MembershipContent(member="m1", ends_on=date(2016, 12, 31)),)),
        "nobody_asked",
        ERROR,
        "measures.count.members",
        ["2017年没有成员"],
    ),
    (lambda: looked_at(reporting=frozenset()), "nobody_reports", ERROR, "measures", ["某处没有填报人", "5个数据项"]),
    (
        lambda: change_measure("count", members=(MembershipContent(member="m1", reporting_unit="X"),)),
        "nobody_reports",
        ERROR,
        "measures",
        ["X没有填报人", "1个数据项"],
    ),
    (
        lambda: change_measure("count", definition=""),
        "definition_missing",
        WARNING,
        "measures",
        ["1个数据项没有口径"],
    ),
    (
        lambda: reweighted(**{"1_1": "16.5"}),
        "weights_total",
        ERROR,
        "indicators",
        ["合计 86.5 分", "方案为 90 分", "还差 3.5 分"],
    ),
    (lambda: reweighted(**{"1_1": "22"}), "weights_total", ERROR, "indicators", ["合计 92 分", "多 2 分"]),
    (
        lambda: reweighted(**{"1_1": "16.5"}),
        "weights_output",
        ERROR,
        "indicators",
        ["产出指标合计 46.5 分", "方案为 50 分", "还差 3.5 分"],
    ),
    (
        lambda: without(Level1.SATISFACTION),
        "satisfaction_missing",
        ERROR,
        "indicators",
        ["10 分"],
    ),
    (
        lambda: without(Level1.SATISFACTION, "national-2020-without-satisfaction"),
        "satisfaction_missing",
        HINT,
        "indicators",
        ["没有满意度指标"],
    ),
    (lambda: without(Level2.COST), "cost_missing", WARNING, "indicators", ["没有成本指标"]),
    (lambda: without(Level2.TIMELINESS), "timeliness_missing", WARNING, "indicators", ["没有时效指标"]),
    (
        lambda: change_indicator("2-1", level2=Level2.QUALITY),
        "timeliness_missing",
        WARNING,
        "indicators",
        ["只有2-1", "质量指标"],
    ),
    (lambda: without(Level2.QUANTITY), "quantity_missing", HINT, "indicators", ["数量指标"]),
    (lambda: without(Level2.QUALITY), "quality_missing", HINT, "indicators", ["质量指标"]),
    (
        lambda: reweighted(**{"1_1": "71"}),
        "one_carries_most",
        WARNING,
        "indicators.1-1.weight",
        ["71 分", "50.35 %"],
    ),
    (lambda: change_indicator("1-1", weight=None), "tracked_only", HINT, "indicators", ["1项", "不计分"]),
    (
        lambda: with_past(_2016="85.5"),
        "below_last_year",
        WARNING,
        "indicators.1-1.target",
        ["≥ 80.00 %", "85.50 %"],
    ),
    (
        lambda: of_members(m1=95, m2=85),
        "below_last_year",
        WARNING,
        "indicators.1-1.target",
        ["m1区 95.00 %", "m2区 85.00 %"],
    ),
    (
        lambda: with_past(**TWO_ABOVE),
        "far_above_every_year",
        WARNING,
        "indicators.1-1.target",
        ["连续2年", "2016年 180.00 %", "2015年 160.00 %"],
    ),
    (
        lambda: with_past(SAME_AIM, _2016="80"),
        "copied_though_reached",
        HINT,
        "indicators.1-1.target",
        ["≥ 80.00 %", "已经达到"],
    ),
]


def codes(findings):
    return {finding.rule for finding in findings}


def test_a_plan_without_a_fault_makes_nobody_ask():
    assert findings_of(looked_at()) == []


@pytest.mark.parametrize(("broken", "rule", "severity", "place", "words"), BROKEN)
def test_a_rule_fires_on_what_breaks_it(broken, rule, severity, place, words):
    (found,) = [finding for finding in findings_of(broken()) if finding.rule == rule]
    assert (found.severity, found.place) == (severity, place)
    assert [word for word in words if word not in found.sentence] == []
    assert found.why


def test_every_rule_has_a_plan_that_breaks_it():
    for rule in RULES:
        assert any(list(rule(broken())) for broken, *_rest in BROKEN), rule.__name__


# What comes close to breaking a rule and does not.
HARMLESS = [
    (lambda: change(attribute=Attribute.NEW, last_year_completion=""), "last_year_missing"),
    (lambda: change(**MULTI), "dates_outside_year"),
    (lambda: change_direction(amount=Decimal("1000000.00")), "amounts_differ"),
    (lambda: replace(change_target("1-4", operator=Operator.AT_MOST), results={("cost", 2016, ""): Decimal(90)}),
     "below_last_year"),
    (lambda: with_past(_2016="80"), "below_last_year"),
    (lambda: of_members(m1=95), "below_last_year"),
    (lambda: of_members(m1=95, m2=75), "below_last_year"),
    (lambda: with_past(_2016="79", _2015="79"), "far_above_every_year"),
    (lambda: with_past(_2016="90"), "far_above_every_year"),
    (lambda: with_past(_2016="90", _2014="90"), "far_above_every_year"),
    (lambda: with_past(SAME_AIM, _2016="79.99"), "copied_though_reached"),
    (lambda: replace(change_target("1-1", value=Decimal(100)), results={("rate", 2016, ""): Decimal(100)},
                     aims={("rate", 2016): (TargetContent(value=Decimal(100)),)}), "copied_though_reached"),
    (lambda: replace(change_target("1-2", operator=Operator.LESS_THAN, basis=Basis.LAST_YEAR, value=None),
                     results={("count", 2016, ""): Decimal(9)}), "baseline_missing"),
    (lambda: reweighted(**{"1_1": "35.5", "1_2": "14.5"}), "weights_total"),
    (lambda: reweighted(**{"1_1": "70"}), "one_carries_most"),
    (lambda: replace(without(Level1.SATISFACTION, "hubei-2020")), "weights_output"),
    (lambda: change_indicator("1-1", original_text="若干"), "numbers_in_words"),
]  # fmt: skip


@pytest.mark.parametrize(("harmless", "rule"), HARMLESS)
def test_a_rule_holds_its_tongue(harmless, rule):
    assert rule not in codes(findings_of(harmless()))


@pytest.mark.parametrize(("origin", "approved"), [(Origin.IMPORTED, None), (Origin.TYPED, 1)])
def test_what_a_source_or_an_approved_version_left_empty_may_be_explained(origin, approved):
    checked = change(last_year_completion="")
    checked.version.origin, checked.version.plan.approved_id = origin, approved
    (found,) = findings_of(checked)
    assert (found.rule, found.severity) == ("last_year_missing", WARNING)


def test_measures_that_nobody_reports_are_called_by_their_names():
    (found,) = findings_of(looked_at(reporting=frozenset()))
    assert found.links[0] == ("数据项rate", "piece-measures-rate")


def test_projects_that_buy_or_build_are_told_why_they_need_a_cost():
    checked = without(Level2.COST)
    checked.version.plan.project.name = "业务用房修缮经费"
    (found,) = [row for row in findings_of(checked) if row.rule == "cost_missing"]
    assert "“修缮”" in found.sentence
    assert "通行做法" in found.why


def test_no_reason_names_a_document_that_nobody_has_seen():
    reasons = " ".join(finding.why for broken, *_rest in BROKEN for finding in findings_of(broken()))
    assert set(re.findall("〔20[0-9]{2}〕[0-9]+号", reasons)) == {"〔2020〕10号", "〔2021〕101号"}


def test_errors_come_first_and_then_the_order_of_the_form():
    checked = change_indicator("1-3", pairing=Pairing.UNVERIFIED, target=None, evidence="")
    first = replace(checked.content.indicators[0], is_soft=True)
    content = replace(checked.content, attribute="", indicators=(first, *checked.content.indicators[1:]))
    assert [(row.rule, row.place) for row in findings_of(replace(checked, content=content))] == [
        ("attribute_missing", "head.attribute"),
        ("target_missing", "indicators.1-3.target"),
        ("indicator_is_soft", "indicators.1-1"),
        ("pairing_unverified", "indicators.1-3"),
        ("evidence_unnamed", "indicators"),
    ]


def test_a_finding_leads_to_its_piece():
    finding = CheckFinding(
        rule="amounts_missing",
        place="directions",
        severity=WARNING,
        sentence="",
        why="",
        pieces=("directions.2.amount", "goals.3"),
    )
    assert finding.anchor == "piece-directions"
    assert finding.links == [("方向2", "piece-directions-2"), ("目标3", "piece-goals-3")]
    assert replace(finding, place="indicators.1-1.target").anchor == "piece-indicators-1-1-target"
    assert replace(finding, place="indicators.1.1").anchor == "piece-indicators-1-1"
    assert replace(finding, place="indicators.1.1.whole_target").anchor == "piece-indicators-1-1"
    assert replace(finding, place="head.scheme").anchor == "piece-scheme"
    assert replace(finding, place="project.division").anchor == ""


# The published plan --------------------------------------------------------------------------------------------------

PUBLISHED = [
    ("error", "nobody_reports", "measures"),
    ("warning", "last_year_missing", "head.last_year_completion"),
    ("warning", "items_missing", "directions"),
    ("warning", "amounts_missing", "directions"),
    ("warning", "direction_without_goal", "directions.5"),
    ("warning", "weights_suggested", "indicators"),
    ("warning", "cost_missing", "indicators"),
    ("warning", "timeliness_missing", "indicators"),
    ("warning", "members_unnamed", "indicators.1-1.target"),
    ("warning", "indicator_is_soft", "indicators.1-1"),
    ("warning", "indicator_is_soft", "indicators.1-2"),
    ("warning", "pairing_unverified", "indicators.2-1"),
    ("warning", "indicator_is_soft", "indicators.3-1"),
    ("warning", "pairing_unverified", "indicators.3-1"),
    ("warning", "indicator_is_soft", "indicators.5-1"),
    ("warning", "indicator_is_soft", "indicators.5-2"),
    ("warning", "baseline_missing", "indicators.6-1.target"),
    ("warning", "baseline_missing", "indicators.7-1.target"),
    ("warning", "baseline_missing", "indicators.7-2.target"),
    ("warning", "target_pending", "indicators.8-1.target"),
    ("warning", "target_provisional", "indicators.10-1.target"),
    ("hint", "goal_without_direction", "goals"),
    ("hint", "goal_is_soft", "goals.2"),
    ("hint", "goal_thinly_measured", "goals.3"),
    ("hint", "goal_is_soft", "goals.3"),
    ("hint", "goal_is_soft", "goals.5"),
    ("hint", "evidence_unnamed", "indicators"),
    ("hint", "satisfaction_missing", "indicators"),
]


def published(bureau):
    return PlanVersion.objects.get(plan__project__bureau=bureau, plan__project__number="P07")


def told(findings):
    return [(row.severity, row.rule, row.place) for row in findings if row.rule != "reads_ambiguously"]


def of(findings, rule):
    return [row for row in findings if row.rule == rule]


def test_the_published_plan_lacks_what_a_reviewer_would_miss(bureau):
    found = check_plan(published(bureau))

    assert told(found) == PUBLISHED
    assert "帮扶点和防邪点经费" in of(found, "direction_without_goal")[0].sentence
    assert of(found, "amounts_missing")[0].pieces == tuple(f"directions.{number}.amount" for number in range(1, 7))
    assert "只有4-1" in of(found, "timeliness_missing")[0].sentence
    assert of(found, "goal_thinly_measured")[0].pieces == ("directions.1", "directions.2")
    soft = " ".join(row.sentence for row in found if row.rule.endswith("is_soft"))
    assert "“争取”" in soft
    assert "“力求”" in soft
    assert {row.rule for row in found if row.severity == ERROR} == {"nobody_reports"}


def _each(rows, **columns):
    return tuple(replace(row, **columns) for row in rows)


def _add(content, **columns):
    """Add an indicator on the first measure."""
    words = {"original_text": "", "evidence": "台账", "goal": 1, "target": TargetContent(value=Decimal(1))} | columns
    row = IndicatorContent(measure=content.measures[0].code, **words)
    return replace(content, indicators=(*content.indicators, row))


def _fixed(content, **more):
    target = replace(TargetContent(value=Decimal(99)), **more)
    pending = (TargetStatus.PENDING, TargetStatus.PROVISIONAL)
    rows = [
        replace(row, target=target)
        if row.target.status in pending or row.target.basis != Basis.FIXED or row.target.scope != ScopeRule.TOGETHER
        else row
        for row in content.indicators
    ]
    return replace(content, indicators=tuple(rows))


def _directions(content, **columns):
    return replace(content, directions=_each(content.directions, **columns))


def _indicators(content, **columns):
    return replace(content, indicators=_each(content.indicators, **columns))


def _unsoftened(content):
    return replace(content, goals=_each(content.goals, text="按期完成并通过验收。"))


# A plan mended step by step: what one does, and which findings are gone then.
MENDED = [
    (lambda c: replace(c, last_year_completion="预算执行 100 %；绩效目标完成。"), {"last_year_missing"}),
    (lambda c: _directions(c, economic_item=EconomicItem.OFFICE), {"items_missing"}),
    (lambda c: _directions(c, amount=Decimal(6_700_000)), {"amounts_missing"}),
    (lambda c: _directions(c, goals=tuple(range(1, 13))), {"direction_without_goal", "goal_without_direction"}),
    (lambda c: _indicators(c, has_suggested_weight=False), {"weights_suggested"}),
    (lambda c: _indicators(c, is_soft=False), {"indicator_is_soft"}),
    (_unsoftened, {"goal_is_soft"}),
    (lambda c: _indicators(c, pairing=Pairing.CONFIRMED), {"pairing_unverified"}),
    (lambda c: _indicators(c, evidence="台账"), {"evidence_unnamed"}),
    (lambda c: _indicators(c, original_text=""), {"reads_ambiguously"}),
    (_fixed, {"members_unnamed", "target_pending", "target_provisional", "baseline_missing"}),
    (
        lambda c: _add(c, code="13", name="单位成本", level1=Level1.OUTPUT, level2=Level2.COST),
        {"cost_missing"},
    ),
    (
        lambda c: _add(
            c,
            code="14",
            name="建成",
            level1=Level1.OUTPUT,
            level2=Level2.TIMELINESS,
            target=TargetContent(operator=Operator.DATE, due_on=date(2016, 6, 30)),
        ),
        {"timeliness_missing"},
    ),
    (
        lambda c: _add(c, code="15", name="满意度", level1=Level1.SATISFACTION, level2=Level2.SATISFACTION),
        {"satisfaction_missing"},
    ),
]


def test_each_mending_of_the_published_plan_takes_its_finding_away(bureau):
    (checked,) = checked_versions([published(bureau)])
    for mend, gone in MENDED:
        before = codes(findings_of(checked))
        assert gone <= before
        checked = replace(checked, content=mend(checked.content))
        assert codes(findings_of(checked)) & gone == set()
    assert codes(findings_of(checked)) == {"nobody_reports", "goal_thinly_measured", "tracked_only"}


# What is read for the rules ------------------------------------------------------------------------------------------


@pytest.fixture
def division(db):
    return DivisionFactory()


@pytest.mark.parametrize("count", [1, 3])
def test_a_check_takes_as_many_queries_however_much_there_is(division, django_assert_num_queries, count):
    version = make_draft(division, count)
    with django_assert_num_queries(20):
        assert len(check_plan(version)) > 5


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_checks_takes_as_many_queries_however_many_plans(division, django_assert_num_queries, count):
    plans = [make_draft(division, 2, f"P{number}").plan for number in range(count)]
    with django_assert_num_queries(21):
        rows = check_rows(plans)
    assert [row.plan for row in rows] == plans
    assert all(row.errors and row.warnings and row.first.severity == ERROR for row in rows)


def test_nobody_passes_their_own_words_and_the_check_says_so_as_the_approval_does(division):
    version = make_draft(division)
    bureau = bureau_of(division)
    expected = {"head_missing", "leader_missing"}
    seen = []
    for role, unit in ((Role.HEAD, division), (Role.LEADER, bureau), (Role.LEADER, UnitFactory())):
        seen.append(codes(check_plan(version)) & expected)
        AssignmentFactory(user=UserFactory(), role=role, unit=unit)
    assert seen == [expected, {"leader_missing"}, set()]

    (leader,) = reviewers(version, VersionState.LEADER_REVIEW)
    version.authors.add(leader)
    assert reviewers(version, VersionState.LEADER_REVIEW) == []
    assert codes(check_plan(version)) & expected == {"leader_missing"}


def test_a_reporter_in_the_unit_that_is_asked_is_enough_and_one_elsewhere_is_not(division):
    version = make_draft(division)
    AssignmentFactory(user=UserFactory(), role=Role.REPORTER, unit=bureau_of(division))
    assert "nobody_reports" in codes(check_plan(version))
    AssignmentFactory(user=UserFactory(), role=Role.REPORTER, unit=division)
    assert "nobody_reports" not in codes(check_plan(version))


def test_money_that_a_draft_brings_counts_and_is_not_counted_twice_once_it_is_approved(division):
    version = make_draft(division)
    (checked,) = checked_versions([version])
    assert checked.budget == 1_000_000
    PlanVersion.objects.filter(pk=version.pk).update(state=VersionState.APPROVED)
    (checked,) = checked_versions([version])
    assert checked.budget == 1_000_000


def test_a_plan_without_money_is_told(division):
    version = make_draft(division)
    assert "budget_missing" not in codes(check_plan(version))
    BudgetLine.objects.all().delete()
    assert "budget_missing" in codes(check_plan(version))


@pytest.mark.parametrize(("two_years_ago", "is_told"), [(40, True), (80, False)])
def test_earlier_years_are_read_from_results_and_approved_targets_of_the_measure(division, two_years_ago, is_told):
    version = make_draft(division)
    looks_at = version.indicators.get().indicator.measure
    for year, value, aim in ((YEAR - 1, 90, 40), (YEAR - 2, 85, two_years_ago)):
        plan = PlanFactory(project=version.plan.project, year=year)
        row = IndicatorTermsFactory(version=PlanVersionFactory(plan=plan), indicator__measure=looks_at)
        TargetFactory(indicator=row.indicator, value=Decimal(aim))
        Result.objects.create(
            measure=looks_at, year=year, value=Decimal(value), origin=Origin.IMPORTED, document="上年报表"
        )
    assert ("far_above_every_year" in codes(check_plan(version))) is is_told


def test_plans_of_two_bureaus_do_not_borrow_each_others_figures(division):
    mine, theirs = make_draft(division), make_draft(DivisionFactory())
    for version in (mine, theirs):
        looks_at = version.indicators.get().indicator.measure
        looks_at.code = "rate"
        looks_at.save()
    Result.objects.create(
        measure=looks_at, year=YEAR - 1, value=Decimal(95), origin=Origin.IMPORTED, document="上年报表"
    )
    found = check_plans([mine, theirs])
    assert "below_last_year" not in codes(found[mine.pk])
    assert "below_last_year" in codes(found[theirs.pk])
