"""The audit of filled forms: who breaks a rule is accused, and nobody else."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.calculation.audit import Assessment, AssessmentUnreadable, audit
from apps.calculation.rounding import half_up
from apps.calculation.schemes import Scheme, Step

D = Decimal
HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "fixtures" / "schemes"
PUBLISHED = {
    table["id"]: table
    for table in map(json.loads, (HERE / "vectors" / "assessments.jsonl").read_text("utf-8").splitlines())
}


def schemes():
    found = [Scheme.from_data(json.loads(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.json"))]
    return sorted(found, key=lambda scheme: scheme.code != "national-2020")


SCHEMES = schemes()
BUDGET = {
    "initial": "100",
    "adjusted": "100",
    "executed": "100",
    "unit": "万元",
    "points": "10",
    "rate": "100%",
    "score": "10",
}
CLASSES = {"产出": "50", "效益": "30", "满意度": "10"}


def a_line(
    target="≥80%", actual="80%", points="10", score="10", deviation=None, level1="产出", level2="数量", level3="完成率"
):
    return {
        "level1": level1,
        "level2": level2,
        "level3": level3,
        "target_text": target,
        "actual_text": actual,
        "points": points,
        "score": score,
        "deviation": deviation,
    }


def a_form(*lines, budget=BUDGET, year=2020, **more):
    return {"year": year, "budget": budget, "indicators": list(lines), "total_points": None, "total_score": None} | more


def a_part(*lines, budget=None, **more):
    return a_form(*lines, budget=budget, truncated=True, **more)


def audited(form):
    return audit(Assessment.from_data(form), SCHEMES)


def kinds(form):
    return [(finding.line, finding.kind.value) for finding in audited(form).findings]


def of_line(*arguments, **more):
    return [kind for _line, kind in kinds(a_part(a_line(*arguments, **more)))]


WHOLE = a_form(
    a_line("≥50个", "50", "20", "20"),
    a_line("≥95%", "93.1%", "30", "29.4", "个别单位未按期完成"),
    a_line("效果明显", "达成预期指标", "30", "30", level1="效益", level2="社会效益"),
    a_line("≥90%", "95.5%", "10", "10", level1="满意度", level2="服务对象满意度"),
    total_points="100",
    total_score="99.4",
    truncated=False,
)


def test_a_form_that_follows_its_rules_is_not_accused():
    found = audited(WHOLE)

    assert found.findings == ()
    assert found.recomputed_total == D("99.40")
    assert found.scheme.code == "national-2020"


EXPECTED = {
    "A01": [("budget", "budget_zero")],
    "A05": [],
    "A09": [
        ("3", "lost_without_reason"),
        ("6", "lost_without_reason"),
        ("7", "lost_without_reason"),
        ("budget", "not_by_rule"),
        ("budget", "lost_without_reason"),
    ],
    "A10": [],
    "A11": [
        ("1", "full_marks_missed"),
        ("4", "lost_without_reason"),
        *((line, kind) for line in ("8", "9", "10") for kind in ("not_by_rule", "lost_without_reason")),
        ("11", "lost_without_reason"),
        *((line, kind) for line in ("12", "13", "14", "15", "16") for kind in ("not_by_rule", "lost_without_reason")),
        ("18", "lost_without_reason"),
        *((line, kind) for line in ("19", "21") for kind in ("not_by_rule", "lost_without_reason")),
        ("budget", "budget_zero"),
    ],
    "A12": [("5", "unreadable"), ("5", "lost_without_reason"), ("6", "unreadable")],
    "A13": [],
    "A17": [],
    "A19": [("4", "full_marks_missed"), ("8", "full_marks_missed")],
    "A20": [("budget", "budget_zero")],
    "A22": [("budget", "not_by_rule"), ("budget", "lost_without_reason")],
    "A23": [],
}


def test_every_published_table_has_its_expected_findings():
    assert EXPECTED.keys() == PUBLISHED.keys()


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_table_is_accused_of_what_it_did_and_nothing_else(name):
    assert kinds(PUBLISHED[name]) == EXPECTED[name]


@pytest.mark.parametrize(("name", "total"), [("A05", "100.00"), ("A17", "100.00"), ("A11", None), ("A23", None)])
def test_a_published_table_is_added_up_where_it_is_whole(name, total):
    assert audited(PUBLISHED[name]).recomputed_total == (None if total is None else D(total))


def test_the_hubei_form_is_known_by_its_twenty_points():
    assert audited(PUBLISHED["A17"]).scheme.code == "hubei-2020"


@pytest.mark.parametrize(
    ("sentence", "line", "expected"),
    [
        ("met in full", ("≥80%", "80%", "10", "10"), []),
        ("exceeded in full", ("≥80%", "99%", "10", "10"), []),
        ("met, 0.4 points gone", ("98%", "98%", "20", "19.6"), ["multiplied_twice", "lost_without_reason"]),
        ("the same with a reason", ("98%", "98%", "20", "19.6", "统计口径"), ["multiplied_twice"]),
        ("missed, the ratio squared", ("≥100%", "90%", "10", "8.1", "进度滞后"), ["multiplied_twice"]),
        ("missed, times what was reached", ("≥95%", "90%", "10", "8.53", "进度滞后"), ["multiplied_twice"]),
        ("more than all", ("≥80%", "99%", "10", "12"), ["cap_broken"]),
        ("less than nothing", ("≥80%", "70%", "10", "-1"), ["not_by_rule"]),
        ("missed in full", ("≥80%", "79.99%", "10", "10"), ["full_marks_missed"]),
        ("missed in full, with a reason", ("≥80个", "70个", "10", "10", "动态管理"), ["full_marks_missed"]),
        ("missed by the ratio, without a reason", ("≥80%", "72%", "10", "9"), ["lost_without_reason"]),
        ("missed by the ratio", ("≥80%", "72%", "10", "9", "进度滞后"), []),
        ("missed, not by the ratio", ("≥80%", "72%", "10", "7", "进度滞后"), ["not_by_rule"]),
        ("met and lost", ("≥80%", "80%", "10", "7", "资料不全"), ["not_by_rule"]),
        ("met and lost without a word", ("≥80%", "80%", "10", "7"), ["not_by_rule", "lost_without_reason"]),
        ("无 is no reason", ("≥80%", "72%", "10", "9", "无"), ["lost_without_reason"]),
        ("a target set too low", ("≥10个", "25个", "10", "9", "年初指标值设定偏低"), []),
        ("less is better, missed", ("≤90个", "100个", "8", "7.2", "需求增加"), []),
        ("less is better, missed in full", ("≤90个", "100个", "8", "8"), ["full_marks_missed"]),
        ("missed by a hair, one step below full", ("≥100%", "99.9995%", "5", "4.99", "个别遗漏"), []),
        ("whole points, by the ratio", ("≥95%", "90%", "10", "9", "进度滞后"), []),
        ("points of a form with one decimal", ("≥100%", "97.3%", "2", "1.9", "流动人口"), []),
        ("a range", ("30-50个", "40个", "5", "5"), []),
        ("a range missed in full", ("30-50个", "60个", "5", "5"), ["full_marks_missed"]),
        ("a strict bound repeated as the actual", ("<45起", "<45起", "5", "5"), []),
        ("a strict bound, on it", ("<45起", "45起", "5", "5"), ["full_marks_missed"]),
        ("a strict bound, on it, a person's share", ("<45起", "45起", "5", "4", "持平"), []),
        ("an equal sign is a floor or a quota", ("=4500人", "4600人", "12", "12"), []),
        ("an equal sign as a quota", ("=4500人", "4600人", "12", "11.74", "超额"), []),
        ("a bare quantity as a quota", ("4500人", "4600人", "12", "11.74", "超额"), []),
        ("a bare quantity missed in full", ("4500人", "4400人", "12", "12"), ["full_marks_missed"]),
        ("ten thousands against ones", ("≥1.5万人", "15000人", "10", "10"), []),
        ("the unit left out", ("≤202.6万元", "132.9", "10", "10"), []),
        ("several figures for one", ("≥100", "2期90人", "10", "10"), []),
        ("a small rate is no fraction", ("≥95%", "1%", "10", "10"), ["full_marks_missed"]),
        ("a rate as a fraction", ("≥95%", "0.958", "10", "10"), []),
        ("a unit of another name", ("≥8个", "8家", "10", "10"), []),
        ("a percentage of a count is for a person", ("≥50个", "100%", "10", "10"), []),
        ("a bare duration as a limit", ("3天", "2天", "10", "10"), []),
        ("a bare duration, neither kept nor reached", ("3天", "2天", "10", "6", "天气"), ["not_by_rule"]),
        ("durations in different units are for a person", ("12个月", "1年", "10", "10"), []),
        ("a target that is not settled yet", ("4500人（以市政府实际审定数目为准）", "4400人", "10", "10"), []),
        ("none where none is wanted", ("0起", "无", "10", "10"), []),
        ("none where some are wanted", ("≥10场", "无", "10", "10"), ["unreadable"]),
        ("none in words", ("零事故", "未发生事故", "10", "10"), []),
        ("a few of them in words", ("零事故", "3起", "10", "10"), ["full_marks_missed"]),
        ("words around the figure", ("不少于50个", "已完成50个", "10", "10"), []),
        ("a figure below none", ("≥0%", "-3%", "10", "0", "负增长"), []),
        ("a negative target missed is for a person", ("≥-5%", "-8%", "10", "6", "下滑"), []),
        ("words for a figure", ("≤30万元", "完成", "10", "10"), ["unreadable"]),
        ("words for a figure, and points gone", ("≥30个", "完成", "10", "9"), ["unreadable", "lost_without_reason"]),
        ("no figure at all", ("≥30个", None, "10", "10"), ["unreadable"]),
        ("a dash is no figure", ("≥30个", "—", "10", "10"), ["unreadable"]),
        ("the target stands in the name", (None, None, "10", "10"), []),
        ("a judgement in full", ("效果明显", "达成预期指标", "10", "10"), []),
        ("a judgement with a reason", ("效果明显", "达成预期指标", "10", "8.5", "宣传不够"), []),
        ("a judgement without a reason", ("效果明显", "达成预期指标", "10", "8.5"), ["lost_without_reason"]),
        ("not achieved in full", ("效果明显", "未达成", "10", "10"), ["full_marks_missed"]),
        ("partly achieved in full", ("效果明显", "部分达成", "10", "10"), ["full_marks_missed"]),
        ("nothing bad happened", ("不发生安全事故", "未发生安全事故", "10", "10"), []),
        ("in time, in words", ("2020年12月底前", "按时完成", "10", "10"), []),
        ("not in time, in words", ("2020年12月底前", "未按时完成", "10", "10"), ["full_marks_missed"]),
        ("in time", ("2020年12月底前", "2020年11月30日", "10", "10"), []),
        ("in time, and lost", ("2020年12月底前", "2020年11月30日", "10", "9"), ["lost_without_reason"]),
        ("late in full", ("2020年6月底前", "2020年11月30日", "10", "10"), ["full_marks_missed"]),
        ("late, a person's share", ("2020年6月底前", "2020年11月30日", "10", "6", "招标推迟"), []),
        ("points that are no number", ("≥80%", "80%", "十分", "10"), ["unreadable"]),
        ("a score that is no number", ("≥80%", "80%", "10", "满分"), ["unreadable"]),
        ("neither is", ("≥80%", "80%", "十分", "满分"), ["unreadable", "unreadable"]),
        ("a score left out", ("≥80%", "80%", "10", None), ["unreadable"]),
        ("a line without points", ("≥80%", "70%", None, "10"), []),
        ("a line that is not scored", ("≥80%", "70%", None, None), []),
        ("分 behind a number", ("≥80%", "80%", "10分", "１０.０分"), []),
        ("no weight", ("≥80%", "70%", "0", "0"), ["full_marks_missed"]),
    ],
)  # fmt: skip
def test_a_line(sentence, line, expected):
    # A second line, so that the form is scored whatever the first one says.
    found = kinds(a_part(a_line(*line), a_line()))

    assert [kind for number, kind in found if number == "1"] == expected
    assert [number for number, _kind in found if number != "1"] == []


def test_less_is_better_where_the_class_is_cost():
    cost = {"level2": "成本", "level3": "项目总成本"}

    assert of_line("=90万元", "85万元", **cost) == []
    assert of_line("90万元", "85万元", **cost) == []
    assert of_line("90万元", "95万元", **cost) == ["full_marks_missed"]


def test_two_quantities_in_one_cell_are_left_to_a_person():
    assert of_line("培训2期100人", "培训2期90人") == []


def test_words_say_which_scheme_was_assumed_and_which_other_explains():
    (finding,) = audited(a_part(a_line("≤90个", "100个", "8", "7.11", "需求增加"))).findings

    assert (finding.kind, finding.explained_by) == ("not_by_rule", ("provincial-2020-overrun",))
    assert finding.sentence.zh.startswith("按“全国标准（2020）”应得 7.2 分，填 7.11 分；按“")
    assert finding.sentence.zh.endswith("”则相符。")
    assert "it would be right by" in finding.sentence.en


def test_satisfaction_may_be_paid_by_steps():
    by_steps = replace(SCHEMES[0], code="steps", satisfaction_ladder=(Step(D(90), D(100)), Step(D(80), D(80))))
    names = {"deviation": "等候时间长", "level1": "满意度", "level2": "服务对象满意度"}
    form = a_part(a_line("≥90%", "85%", "10", "9.44", **names), a_line("≥90%", "85%", "10", "8", **names))

    by_ratio = audit(Assessment.from_data(form), [*SCHEMES, by_steps])
    as_steps = audit(Assessment.from_data(form), [by_steps, *SCHEMES])

    assert [(one.line, one.kind, one.explained_by) for one in by_ratio.findings] == [("2", "not_by_rule", ("steps",))]
    assert [(one.line, one.kind) for one in as_steps.findings] == [("1", "not_by_rule")]
    assert set(as_steps.findings[0].explained_by) == {scheme.code for scheme in SCHEMES}


@pytest.mark.parametrize(
    ("sentence", "change", "expected"),
    [
        ("all spent", {}, []),
        ("by the rate", {"executed": "93.73", "rate": "93.73%", "score": "9.37"}, []),
        ("the printed rate rounds", {"adjusted": "310.2", "executed": "154.74", "rate": "50%", "score": "5"}, []),
        ("the rate as a fraction", {"executed": "95", "rate": "0.95", "score": "9.5"}, []),
        ("more than all spent", {"executed": "130", "rate": "100%"}, []),
        ("no adjustment", {"adjusted": None, "executed": "50", "rate": None, "score": "5"}, []),
        ("the total row is zero", {"initial": "0", "adjusted": "0", "executed": "0", "rate": "0", "score": "0"}, ["budget_zero"]),
        ("spent without a budget", {"initial": "0", "adjusted": None, "executed": "207.4538"}, ["budget_zero"]),
        ("zero, and more than all", {"adjusted": "0", "score": "12"}, ["cap_broken", "budget_zero"]),
        ("more than the points", {"score": "12"}, ["cap_broken"]),
        ("full marks for half the money", {"executed": "50", "rate": "50%"}, ["full_marks_missed"]),
        ("points gone", {"score": "9"}, ["not_by_rule", "lost_without_reason"]),
        ("points gone with a reason", {"score": "9", "deviation": "支付滞后"}, ["not_by_rule"]),
        ("too many points", {"executed": "50", "rate": "50%", "score": "8"}, ["not_by_rule", "lost_without_reason"]),
        ("the rate twice", {"executed": "90", "rate": "90%", "score": "8.1", "deviation": "支付滞后"}, ["multiplied_twice"]),
        ("the rate is another", {"executed": "50", "rate": "80%", "score": "8"}, ["not_by_rule"]),
        ("money in words", {"executed": "全部"}, ["unreadable"]),
        ("money with its unit", {"initial": "100万元", "adjusted": "1,000,000元", "executed": "0.01亿元"}, []),
        ("no money, but a rate", {"initial": None, "adjusted": None, "executed": None, "rate": "90%", "score": "9"}, []),
        ("nothing but points", {"initial": None, "adjusted": None, "executed": None, "rate": None}, ["unreadable"]),
        ("a negative budget", {"adjusted": "-100", "rate": None}, ["unreadable"]),
        ("not scored", {"points": None, "score": None, "rate": "100%"}, []),
        ("scored without points", {"points": None}, []),
    ],
)  # fmt: skip
def test_the_budget_row(sentence, change, expected):
    assert kinds(a_part(a_line(), budget=BUDGET | change)) == [("budget", kind) for kind in expected]


def test_a_zero_budget_leaves_the_total_open():
    form = WHOLE | {
        "budget": BUDGET | {"adjusted": "0", "executed": "0", "rate": "0", "score": "0"},
        "total_score": "89.4",
    }

    assert kinds(form) == [("budget", "budget_zero")]
    assert audited(form).recomputed_total is None


@pytest.mark.parametrize(
    ("sentence", "change", "expected"),
    [
        ("right", {}, []),
        ("a total that is not the sum", {"total_score": "99.6"}, ["sum_wrong"]),
        ("points that are not the sum", {"total_points": "110"}, ["sum_wrong"]),
        ("more than all", {"total_score": "101"}, ["sum_wrong", "cap_broken"]),
        ("no number", {"total_score": "优"}, ["unreadable"]),
        ("a part of a form adds up to nothing", {"total_score": "100", "truncated": True}, []),
        ("a part of a form is never more than the whole", {"total_score": "90", "truncated": True}, ["sum_wrong"]),
        ("nothing printed", {"total_score": None, "total_points": None}, []),
    ],
)
def test_the_total(sentence, change, expected):
    assert kinds(WHOLE | change) == [("total", kind) for kind in expected]


def test_a_form_of_which_only_the_money_is_there_adds_up_to_nothing():
    assert kinds(a_form(total_points="100", total_score="100")) == []


def test_points_must_come_to_a_hundred_where_nothing_else_is_printed():
    form = a_form(a_line(points="80", score="80"))

    assert kinds(form) == [("total", "sum_wrong")]
    assert audited(form).findings[0].sentence.zh == "各项分值之和为 90，合计为 100，相差 10。"


def test_finer_points_may_be_added_up_to_two_decimals():
    lines = [a_line("效果明显", "较好", "30", score, "尚可") for score in ("28.333", "28.333", "28.333")]

    assert kinds(a_form(*lines, total_score="95.00")) == []


def test_points_that_went_where_no_line_can_tell():
    lines = [a_line("≥80%", "80%", None, score) for score in ("39.6", "40")]
    money = BUDGET | {"points": "20", "score": "20"}

    assert kinds(a_form(*lines, budget=money, total_score="99.6")) == [("total", "lost_without_reason")]
    assert kinds(a_form(*lines, budget=money, total_score="99.6", truncated=True)) == []
    assert kinds(a_form(*lines[1:], budget=None, total_score="100")) == [("total", "sum_wrong")]
    told = a_line("≥80%", "72%", None, "39.6", "进度滞后")
    assert kinds(a_form(told, lines[1], budget=money, total_score="99.6")) == []


def test_points_that_the_money_lost_are_not_looked_for_elsewhere():
    lines = [a_line("≥80%", "80%", None, "40"), a_line("≥80%", "80%", None, "40")]
    money = BUDGET | {"points": "20", "executed": "98", "rate": "98%", "score": "19.6"}

    assert kinds(a_form(*lines, budget=money, total_score="99.6")) == []


def test_a_form_without_scores_has_nothing_to_audit():
    found = audited(a_form(a_line(score=None), budget=None))

    assert (found.findings, found.recomputed_total) == ((), None)


@pytest.mark.parametrize(
    ("line", "total"),
    [
        (("≥80%", "72%", "90", "85", "进度滞后"), "91.00"),
        (("≥80%", "72%", "90", "90"), "91.00"),
        (("≥80%", "80%", "90", "95"), "100.00"),
        (("98%", "98%", "90", "88.2"), "100.00"),
        (("≥90.3个", "72个", "90", "71.8", "进度滞后"), "81.76"),
        (("≥80%", "80%", "90", "-1"), "100.00"),
        (("效果明显", "较好", "90", "95"), None),
        (("效果明显", "未达成", "90", "90"), None),
    ],
)
def test_the_total_is_recomputed_by_the_rules(line, total):
    assert audited(a_form(a_line(*line))).recomputed_total == (None if total is None else D(total))


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({"产出": "50", "效益": "30", "满意度": "10"}, "national-2020"),
        ({"产出": "50", "效益": "40"}, "national-2020-without-satisfaction"),
        ({"成本": "20", "产出": "40", "效益": "20", "满意度": "10"}, "national-2021-cost"),
        ({"产出": "60", "效益": "30"}, "national-2020"),
        ({"产出": "90", "自定": "0"}, "national-2020"),
    ],
)
def test_the_scheme_is_known_by_its_weights(weights, expected):
    lines = [a_line("效果明显", "明显", points, points, level1=f"{name}指标") for name, points in weights.items()]

    assert audited(a_form(*lines)).scheme.code == expected


def test_hubei_is_known_by_its_goals_too():
    lines = [a_line("效果明显", "明显", "40", "40"), a_line("效果明显", "明显", "40", "40", level1="效益")]

    assert audited(a_form(*lines, budget=BUDGET | {"points": "20", "score": "20"})).scheme.code == "hubei-2020"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "assessment must be an object"),
        ({"indicators": {}}, "indicators must be a list"),
        ({"indicators": [None]}, "indicators.1 must be an object"),
        ({"indicators": [{}] * 1001}, "at most 1,000 lines"),
        ({"indicators": [{"points": []}]}, "points must be a text"),
        ({"indicators": [{"points": True}]}, "points must be a text"),
        ({"indicators": [{"level3": "长" * 1001}]}, "level3 must be a text of at most 1000"),
        ({"budget": "100"}, "budget must be an object"),
        ({"year": "2020年"}, "year must be a year"),
        ({"year": True}, "year must be a year"),
        ({"truncated": "no"}, "truncated must be true or false"),
    ],
)
def test_what_is_no_form_is_refused_with_a_sentence(data, words):
    with pytest.raises(AssessmentUnreadable, match=words):
        Assessment.from_data(data)


def test_numbers_may_be_numbers_and_everything_may_be_left_out():
    assert audited({}).findings == ()
    form = a_part(a_line(points=10, score=D("9.0"), actual="72%", deviation="进度滞后"), year="2020")
    assert kinds(form) == []
    assert kinds(a_part(a_line("9月前", "2020年10月"), year=None)) == [("1", "full_marks_missed")]


TEXTS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.text("0123456789.%-+≥≤<>=～至年月日个万元以上下 ", max_size=10),
    st.sampled_from(["≥95%", "95%", "达成预期指标", "2020年12月底前", "1e9", "NaN", "-0", "0", "10"]),
)
LINES = st.fixed_dictionaries(
    dict.fromkeys(("level1", "level2", "level3", "target_text", "actual_text", "points", "score", "deviation"), TEXTS)
)
ROWS = st.fixed_dictionaries(
    dict.fromkeys(("initial", "adjusted", "executed", "unit", "points", "rate", "score"), TEXTS)
)


@given(st.lists(LINES, max_size=4), st.none() | ROWS, TEXTS, TEXTS, st.booleans())
def test_whatever_stands_in_the_cells_something_is_said(lines, budget, points, score, truncated):
    form = a_form(*lines, budget=budget, total_points=points, total_score=score, truncated=truncated)

    found = audited(form)

    places = {str(number) for number in range(1, len(lines) + 1)} | {"budget", "total"}
    assert {finding.line for finding in found.findings} <= places
    assert all(finding.sentence.zh and finding.sentence.en for finding in found.findings)


@given(st.integers(1, 100), st.integers(0, 200), st.integers(1, 90))
def test_points_by_the_ratio_are_never_accused(target, actual, weight):
    due = D(weight) if actual >= target else half_up(D(weight) * actual / target)
    if actual < target:
        due = min(due, D(weight) - D("0.01"))

    found = kinds(a_part(a_line(f"≥{target}个", f"{actual}个", str(weight), str(due), "进度滞后")))

    assert found == []
