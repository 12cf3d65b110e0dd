"""Changes of one piece of a plan, as functions from content to content. No database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from apps.plans.actions import pieces
from apps.plans.actions.drafts import ChangedMeanwhile, DraftRefused
from apps.plans.enums import Attribute, BudgetKind, Operator, Pairing, ScopeRule
from apps.plans.queries.contents import BudgetContent, DirectionContent, GoalContent, TargetContent
from apps.plans.queries.editing import anchor, fingerprint, label_of, read_words
from tests.plans.approving import sound_content


@pytest.fixture
def plan():
    """Return a plan with the goals 1 and 2; 1-1 to 1-3 stand under the first, 2-1 under the second."""
    content = sound_content("D1")
    *first, last = content.indicators
    return replace(
        content,
        goals=(*content.goals, GoalContent(number=2, text="提高满意度")),
        indicators=(*first, replace(last, code="2-1", goal=2, pairing=Pairing.UNVERIFIED)),
        directions=(*content.directions, DirectionContent(number=2, text="培训费", goals=(1, 2))),
    )


def codes(content):
    return [(row.goal, row.code) for row in content.indicators]


def test_the_head_changes_and_an_unknown_column_is_a_mistake(plan):
    assert pieces.put_head(plan, attribute=Attribute.CONTINUING).attribute == "continuing"
    with pytest.raises(TypeError):
        pieces.put_head(plan, colour="red")


def test_a_project_does_not_end_before_it_starts(plan):
    with pytest.raises(DraftRefused, match="早于起始日期"):
        pieces.put_head(plan, ends_on=date(2015, 1, 1))


def test_a_target_for_the_whole_project_keeps_the_project_multi_year(plan):
    whole = replace(plan.indicators[0], whole_target=TargetContent(value=Decimal(300)))
    plan = pieces.put_indicator(pieces.put_head(plan, attribute=Attribute.MULTI_YEAR), whole, "1-1")

    with pytest.raises(pieces.StillUsed, match="跨年度项目"):
        pieces.put_head(plan, attribute=Attribute.NEW)


def line(**columns):
    said = {"source": "general", "kind": BudgetKind.ADJUSTMENT, "amount": Decimal(5), "effective_on": date(2016, 6, 1)}
    return BudgetContent(**{**said, "document": "文", **columns})


def test_a_budget_line_is_added_changed_and_removed(plan):
    more = pieces.put_budget_line(plan, line())
    changed = pieces.put_budget_line(more, line(amount=Decimal(7)), 2)

    assert [row.amount for row in changed.budget] == [Decimal(1_000_000), Decimal(7)]
    assert pieces.remove_budget_line(changed, 2) == plan


def test_a_source_has_one_initial_budget(plan):
    with pytest.raises(pieces.NameTaken, match="每个来源只有一行"):
        pieces.put_budget_line(plan, line(kind=BudgetKind.INITIAL))
    same = pieces.put_budget_line(plan, line(kind=BudgetKind.INITIAL, amount=Decimal(9)), 1)
    assert same.budget[0].amount == 9


@pytest.mark.parametrize("place", [0, 2])
def test_a_budget_line_that_is_not_there_is_not_changed(plan, place):
    with pytest.raises(pieces.PieceGone):
        pieces.put_budget_line(plan, line(), place)
    with pytest.raises(pieces.PieceGone):
        pieces.remove_budget_line(plan, place)


def test_directions_are_numbered_through(plan):
    between = pieces.put_direction(plan, DirectionContent(number=0, text="会议费", goals=(2,)), below=1)
    moved = pieces.move_direction(between, 3, -1)

    assert [(row.number, row.text) for row in between.directions] == [(1, "印刷费"), (2, "会议费"), (3, "培训费")]
    assert [row.text for row in moved.directions] == ["印刷费", "培训费", "会议费"]
    assert [(row.number, row.text) for row in pieces.remove_direction(moved, 1).directions] == [
        (1, "培训费"),
        (2, "会议费"),
    ]
    assert pieces.move_direction(plan, 1, -1) == plan


def test_a_direction_serves_only_goals_that_are_there(plan):
    with pytest.raises(pieces.PieceGone, match="没有绩效目标9"):
        pieces.put_direction(plan, DirectionContent(number=1, text="印刷费", goals=(9,)))


def test_a_goal_that_gets_another_number_takes_what_belongs_to_it_along(plan):
    moved = pieces.put_goal(plan, replace(plan.goals[0], number=5), 1)

    assert [row.number for row in moved.goals] == [2, 5]
    assert codes(moved) == [(2, "2-1"), (5, "1-1"), (5, "1-2"), (5, "1-3")]
    assert [row.goals for row in moved.directions] == [(5,), (2, 5)]
    assert [row.code for row in moved.measures] == [row.measure for row in moved.indicators]


def test_two_goals_do_not_share_a_number(plan):
    with pytest.raises(pieces.NameTaken, match="已有目标2"):
        pieces.put_goal(plan, GoalContent(number=2, text="又一个"))


def test_goals_trade_places_and_the_outermost_stay(plan):
    traded = pieces.move_goal(plan, 1, 1)

    assert [(row.number, row.text) for row in traded.goals] == [(1, "提高满意度"), (2, "全年办理居住证")]
    assert codes(traded) == [(1, "2-1"), (2, "1-1"), (2, "1-2"), (2, "1-3")]
    assert pieces.move_goal(traded, 1, 1) == plan
    assert pieces.move_goal(plan, 2, 1) == plan


def test_a_goal_goes_only_when_nothing_hangs_on_it(plan):
    with pytest.raises(pieces.StillUsed, match="2-1"):
        pieces.remove_goal(plan, 2)
    bare = pieces.remove_indicator(plan, "2-1")
    with pytest.raises(pieces.StillUsed, match="支出方向 2"):
        pieces.remove_goal(bare, 2)
    free = pieces.put_direction(bare, replace(bare.directions[1], goals=(1,)))
    assert [row.number for row in pieces.remove_goal(free, 2).goals] == [1]


def test_an_indicator_brings_its_measure_and_takes_it_away(plan):
    measure = replace(plan.measures[0], code="new-1", name="新数据项")
    row = replace(plan.indicators[0], code=pieces.free_code(plan, 1), measure="new-1")
    more = pieces.put_indicator(plan, row, measure=measure, below="1-1")

    assert codes(more)[:3] == [(1, "1-1"), (1, "1-4"), (1, "1-2")]
    assert [row.code for row in more.measures][:2] == ["cards-1", "new-1"]
    assert pieces.remove_indicator(more, "1-4") == plan


def test_an_indicator_stands_under_a_goal_that_is_there_with_a_code_of_its_own(plan):
    row = plan.indicators[0]
    with pytest.raises(pieces.PieceGone, match="没有绩效目标7"):
        pieces.put_indicator(plan, replace(row, goal=7), "1-1")
    with pytest.raises(pieces.NameTaken, match="已有指标1-2"):
        pieces.put_indicator(plan, replace(row, code="1-2"), "1-1")
    with pytest.raises(pieces.PieceGone, match="数据项“nowhere”"):
        pieces.put_indicator(plan, replace(row, measure="nowhere"), "1-1")
    with pytest.raises(pieces.PieceGone, match="已不在目标里"):
        pieces.put_indicator(plan, row, "8-8")


def test_an_indicator_that_changes_its_goal_stands_last_there(plan):
    moved = pieces.put_indicator(plan, replace(plan.indicators[0], goal=2), "1-1")

    assert codes(moved) == [(1, "1-2"), (1, "1-3"), (2, "2-1"), (2, "1-1")]


def test_indicators_move_among_those_of_their_goal(plan):
    moved = pieces.move_indicator(plan, "1-1", 1)

    assert codes(moved) == [(1, "1-2"), (1, "1-1"), (1, "1-3"), (2, "2-1")]
    assert pieces.move_indicator(plan, "1-3", 1) == plan
    assert pieces.move_indicator(plan, "2-1", -1) == plan


def test_a_double_looks_at_the_same_measure_and_counts_nothing_yet(plan):
    twice = pieces.duplicate_indicator(plan, "1-1")
    double = twice.indicator("1-4")

    assert codes(twice)[:2] == [(1, "1-1"), (1, "1-4")]
    assert (double.measure, double.weight, double.target) == ("cards-1", None, plan.indicators[0].target)
    assert twice.measures == plan.measures


def test_a_pairing_and_the_suggested_weights_are_confirmed(plan):
    suggested = replace(plan, indicators=tuple(replace(row, has_suggested_weight=True) for row in plan.indicators))

    assert pieces.confirm_pairing(plan, "2-1").indicator("2-1").pairing == Pairing.CONFIRMED
    assert pieces.confirm_weights(suggested) == plan


@pytest.mark.parametrize(
    "deed", [pieces.duplicate_indicator, pieces.confirm_pairing, pieces.remove_indicator, pieces.remove_goal]
)
def test_what_is_gone_is_not_changed(plan, deed):
    with pytest.raises(pieces.PieceGone):
        deed(plan, "9-9")


def test_a_measure_changes_for_all_who_look_at_it_and_no_other_comes_in(plan):
    changed = pieces.put_measure(plan, replace(plan.measures[0], definition="按月末台账。"))

    assert changed.measures[0].definition == "按月末台账。"
    with pytest.raises(pieces.PieceGone):
        pieces.put_measure(plan, replace(plan.measures[0], code="elsewhere"))


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (TargetContent(scope=ScopeRule.ALL, members=("unit", "mars")), "mars"),
        (TargetContent(scope=ScopeRule.AT_LEAST, scope_count=2, members=("unit",)), "名单里只有 1 个"),
    ],
)
def test_a_target_names_members_of_its_measure(plan, target, sentence):
    with pytest.raises(pieces.TargetUnclear, match=sentence):
        pieces.put_indicator(plan, replace(plan.indicators[0], target=target), "1-1")


def test_a_change_is_refused_when_the_piece_was_changed_or_deleted_meanwhile(plan):
    def change(content):
        return pieces.remove_indicator(content, "1-1")

    guarded = pieces.unless_changed(change, part="indicators", name="1-1", seen=fingerprint(plan, "indicators", "1-1"))
    other = pieces.put_indicator(plan, replace(plan.indicators[0], weight=Decimal(7)), "1-1")

    assert guarded(plan) == change(plan)
    assert guarded(pieces.remove_indicator(plan, "1-2")).indicator("1-1") is None
    with pytest.raises(ChangedMeanwhile):
        guarded(other)
    with pytest.raises(pieces.PieceGone, match="删除"):
        guarded(change(plan))


@pytest.mark.parametrize(
    ("change", "label"),
    [
        (lambda plan: pieces.put_head(plan, document="新文件"), "修改基本信息（批复文件）"),
        (
            lambda plan: pieces.put_indicator(
                plan, replace(plan.indicators[0], weight=Decimal(7), target=TargetContent(value=Decimal(9))), "1-1"
            ),
            "修改绩效指标 1-1（分值、指标值）",
        ),
        (lambda plan: pieces.duplicate_indicator(plan, "1-1"), "新增绩效指标 1-4"),
        (lambda plan: pieces.remove_indicator(plan, "1-1"), "删除绩效指标 1-1等"),
        (lambda plan: plan, ""),
    ],
)
def test_a_change_is_called_by_what_it_does(plan, change, label):
    assert label_of(plan, change(plan)) == label


def test_an_id_holds_what_an_id_may_hold():
    assert anchor("indicators", "1-1") == "piece-indicators-1-1"
    assert anchor("indicators", "1.1 甲/乙") == "piece-indicators-1-1-甲-乙"
    assert anchor("head", "plan") == "piece-head"


@pytest.mark.parametrize(
    ("words", "kind", "unit", "columns"),
    [
        ("≥95%", "ratio", "%", {"operator": "at_least", "value": Decimal(95), "path": "from_baseline"}),
        ("100%", "ratio", "%", {"value": Decimal(100), "path": "keep_at"}),
        ("不超过3天", "number", "天", {"operator": "at_most", "value": Decimal(3), "path": "last_years_shape"}),
        ("4500人（暂定）", "number", "人", {"value": Decimal(4500), "status": "provisional"}),
        ("1.5万人", "number", "人", {"value": Decimal(15000)}),
        ("不超过120万元", "money", "元", {"operator": "at_most", "value": Decimal(1_200_000)}),
        ("每2名配备1台", "ratio", "台/名", {"operator": "at_least", "value": Decimal("0.5")}),
        (
            "比上年下降",
            "number",
            "",
            {"operator": "less_than", "basis": "last_year", "value": None, "step": Decimal(1)},
        ),
        ("比上年下降5%", "number", "%", {"operator": "at_most", "basis": "last_year", "factor": Decimal("0.95")}),
        ("比上年增加100件", "number", "件", {"operator": "at_least", "offset": Decimal(100), "factor": Decimal(1)}),
        ("2016年12月31日前", "milestone", "", {"operator": "date", "due_on": date(2016, 12, 31)}),
        ("30～50件", "number", "件", {"operator": "range", "value": Decimal(30), "high": Decimal(50)}),
        ("零事故", "number", "", {"operator": "equal", "equal_means": "exact", "value": Decimal(0)}),
        ("达到国内先进水平", "judgement", "", {"operator": "qualitative", "value": None}),
        ("待定", "judgement", "", {"operator": "qualitative", "status": "pending"}),
    ],
)
def test_words_become_a_target_and_the_kind_of_measure_it_needs(words, kind, unit, columns):
    read = read_words(words, name="指标", year=2016)

    assert (read.kind, read.unit_name) == (kind, unit)
    assert {name: getattr(read.target, name) for name in columns} == columns
    assert read.said


def test_words_in_the_unit_of_the_measure_are_not_multiplied_out():
    assert read_words("1.5万人", year=2016, unit_name="万人").target.value == Decimal("1.5")


def test_words_in_another_unit_are_taken_with_a_warning():
    read = read_words("不少于3天", year=2016, unit_name="件")

    assert read.target.operator == Operator.AT_LEAST
    assert "读到的单位是“天”，数据项的单位是“件”" in read.said[-1]


def test_what_a_class_lacks_is_shared_out_among_its_indicators_without_a_weight(plan):
    first, second, *rest = plan.indicators
    plan = replace(
        plan, indicators=(replace(first, weight=None), replace(second, weight=None, level1=first.level1), *rest)
    )
    given = sum(row.weight for row in rest if row.level1 == first.level1)

    after = pieces.share_weights(plan, {first.level1: given + Decimal(21)})

    assert [(row.weight, row.has_suggested_weight) for row in after.indicators[:2]] == [
        (Decimal("10.5"), True),
        (Decimal("10.5"), True),
    ]
    assert after.indicators[2:] == plan.indicators[2:]
    with pytest.raises(pieces.NothingToShare):
        pieces.share_weights(after, {first.level1: given + Decimal(21)})
