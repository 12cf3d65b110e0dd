"""The preview doors: the published vectors pass through them, and what does not fit gets a sentence in its place."""

import json
from pathlib import Path

import pytest

VECTORS = json.loads(
    (Path(__file__).parents[1] / "calculation" / "vectors" / "scoring.json").read_text(encoding="utf-8")
)
BANDS = {"达成": "achieved", "部分达成": "partial", "未达成": "missed"}
DOORS = ("readings", "scores", "executions", "aggregations", "progress")


def a_score_item(vector):
    options = vector["options"]
    return {
        "operator": vector["op"],
        "target": vector["target"],
        "high": options.get("hi"),
        "actual": vector["actual"],
        "weight": vector["weight"],
        "direction": options.get("direction"),
        "equal": options.get("eq"),
        "step": options.get("step"),
        "low_target": True if options.get("low_target") else None,
        "band": None,
        "percent": None,
        "scheme": None,
    }


def test_every_quantitative_vector_passes_through_the_door(items):
    answers = items("scores", *[a_score_item(vector) for vector in VECTORS["quant"]])

    for vector, answer in zip(VECTORS["quant"], answers, strict=True):
        explanation = answer.pop("explanation")
        expect = vector["expect"] | {"deviation": vector["expect"]["deviation_pct"]}
        del expect["deviation_pct"]
        assert (vector["id"], answer) == (vector["id"], expect)
        assert explanation.endswith("。")


def test_every_execution_vector_passes_through_the_door(items):
    sent = [
        {"budget": vector["adjusted_budget"], "executed": vector["executed"], "weight": "10"}
        for vector in VECTORS["exec"]
    ]

    for vector, answer in zip(VECTORS["exec"], items("executions", *sent), strict=True):
        expect = vector["expect"]
        found = {key: answer[key] for key in ("rate", "score", "flags")}
        assert (vector["id"], found) == (
            vector["id"],
            {"rate": expect["rate_pct"], "score": expect["score"], "flags": expect["flags"]},
        )


def test_every_qualitative_vector_passes_through_the_door(items):
    sent = [
        {
            "operator": "qualitative",
            "band": BANDS[vector["band"]],
            "percent": vector["pct"],
            "weight": vector["weight"],
        }
        for vector in VECTORS["qual"]
    ]

    for vector, answer in zip(VECTORS["qual"], items("scores", *sent), strict=True):
        if vector["expect"] == "REJECT":
            assert list(answer) == ["error"]
            assert f"读到 {vector['pct']} %" in answer["error"]
        else:
            assert (vector["id"], answer["score"]) == (vector["id"], vector["expect"])


@pytest.mark.parametrize(
    ("sentence", "item", "expected"),
    [
        ("passed in time", {"outcome": "passed", "target": "2016-12-31", "actual": "2016-12-20"}, ("met", "6.00")),
        ("done on a day is passed", {"target": "2016-12-31", "actual": "2016-12-20"}, ("met", "6.00")),
        ("late", {"outcome": "passed", "target": "2016-12-31", "actual": "2017-01-10"}, ("manual_required", None)),
        ("not passed", {"outcome": "failed"}, ("not_met", "0.00")),
        ("awaited", {"outcome": "awaiting"}, ("actual_missing", None)),
        ("nothing known", {}, ("actual_missing", None)),
    ],
)
def test_a_milestone(items, sentence, item, expected):
    (answer,) = items("scores", {"operator": "date", "weight": "6", **item})

    assert (answer["status"], answer["score"]) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"rule": "all", "met": "2", "size": "3"}, ("not_met", "5.33")),
        ({"rule": "all", "met": 2, "size": 3}, ("not_met", "5.33")),
        ({"rule": "any", "met": "1", "size": "3"}, ("met", "8.00")),
        ({"rule": "at_least", "met": "1", "size": "3", "needed": "2"}, ("not_met", "4.00")),
        ({"rule": "all", "met": None, "size": "3"}, ("actual_missing", None)),
    ],
)
def test_a_subset(items, item, expected):
    (answer,) = items("scores", {"operator": ">=", "target": "90", "weight": "8", **item})

    assert (answer["status"], answer["score"]) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"operator": "ratio", "target": "0.5", "actual": "0.44"}, "88.00"),
        ({"operator": ">=", "target": 80, "actual": 72.0}, "90.00"),
        ({"operator": ">=", "target": "8e1", "actual": "72."}, "90.00"),
        ({"operator": ">=", "target": "80", "actual": "-0"}, "0.00"),
        ({"operator": ">=", "target": "80", "actual": "72", "scheme": "national-2020-without-satisfaction"}, "90.00"),
    ],
)
def test_what_is_left_out_has_a_default(items, item, expected):
    (answer,) = items("scores", item)

    assert answer["score"] == expected


GOOD = {"operator": ">=", "target": "80", "actual": "80", "weight": "8"}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (None, "读到 null，应为由键和值组成的对象。"),
        ([], "读到 […]，应为由键和值组成的对象。"),
        (True, "读到 true，应为由键和值组成的对象。"),
        ({}, "缺少“operator”。"),
        (GOOD | {"operator": "!="}, "读到 “!=”，应为运算符 >= <= > < = range date ratio qualitative 之一。"),
        (GOOD | {"operator": None}, "读到 “”，应为运算符 >= <= > < = range date ratio qualitative 之一。"),
        (GOOD | {"operator": {}}, "“operator”读到 {…}，应为不超过 1000 字的文字。"),
        (GOOD | {"operator": "change"}, "“change”须先化为上年实际值：下降写 <，增长写 >，并给出上年数。"),
        (GOOD | {"actual": "NaN"}, "读到 “NaN”，应为以文字书写的数，小数点前最多 15 位，后最多 40 位。"),
        (GOOD | {"actual": float("nan")}, "读到 “NaN”，应为以文字书写的数，小数点前最多 15 位，后最多 40 位。"),
        (GOOD | {"target": "1e999"}, "读到 “1e999”，应为以文字书写的数，小数点前最多 15 位，后最多 40 位。"),
        (GOOD | {"target": "1e-41"}, "读到 “1e-41”，应为以文字书写的数，小数点前最多 15 位，后最多 40 位。"),
        (GOOD | {"weight": "9" * 90}, f"“weight”读到 “{'9' * 30}…”，应为以文字书写的数，小数点前最多 15 位，后最多 40 位。"),
        (GOOD | {"weight": "-1"}, "“weight”读到 “-1”，应为不小于 0 的分值。"),
        (GOOD | {"step": "0"}, "“step”读到 “0”，应为大于 0 的数。"),
        (GOOD | {"low_target": "yes"}, "“low_target”读到 “yes”，应为 true 或 false。"),
        (GOOD | {"equal": "about"}, "“equal”读到 “about”，应为 floor, exact 之一。"),
        (GOOD | {"direction": "up"}, "“direction”读到 “up”，应为 +, -, 0 之一。"),
        (GOOD | {"scheme": "ours"}, "没有编码为“ours”的评分方案"),
        (GOOD | {"met": "1.5"}, "“met”读到 “1.5”，应为不小于 0 的整数。"),
        (GOOD | {"met": "1"}, "读到 null，应为成员规则 rule 和成员数 size。"),
        (GOOD | {"rule": "all", "met": "4", "size": "3"}, "无法按“all”计分"),
        (GOOD | {"operator": "date", "target": "soon"}, "读到 “soon”，应为形如 2016-12-31 的日期。"),
        (GOOD | {"operator": "range", "high": "70"}, "读到 “80–70”，应为由低到高的区间。"),
        (GOOD | {"target": "1e-40", "actual": "1e14"}, "这些数相差过于悬殊，无法计算。"),
        (GOOD | {"actual": "x" * 1001}, "“actual”读到 “xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…”，应为不超过 1000 字的文字。"),
        (GOOD | {"actual": "\ud800"}, "“actual”读到 “?”，应为不超过 1000 字的文字。"),
    ],
)  # fmt: skip
def test_a_bad_item_gets_a_sentence_and_leaves_the_others_alone(items, item, expected):
    first, bad, last = items("scores", GOOD, item, GOOD)

    assert (first["score"], last["score"]) == ("8.00", "8.00")
    assert list(bad) == ["error"]
    assert bad["error"].startswith(expected)


def test_a_program_may_ask_for_english(ask):
    body = {"items": [GOOD, {}, GOOD | {"equal": "about"}]}

    answer = ask("scores", body, **{"Accept-Language": "en"})

    score, missing, unfit = answer.json()["scores"]
    assert score["explanation"] == "80 meets ≥ 80: full marks, 8.00 points."
    assert missing == {"error": "operator is missing."}
    assert unfit == {"error": "equal: read “about”, expected one of floor, exact."}


@pytest.mark.parametrize("door", DOORS)
def test_a_thousand_items_are_taken_and_no_more(ask, door):
    body = {"items": [None] * 1000, "year": 2016}

    assert len(ask(door, body).json()[door]) == 1000
    refused = ask(door, {"items": [None] * 1001, "year": 2016})

    assert refused.status_code == 422
    assert refused.json() == {"detail": "“items”读到 “1001”，应为每次最多 1,000 项。"}


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        (b"", 422, "读到 {…}，应为由键和值组成的对象。"),
        (b"{", 400, "请求正文不是可读的 JSON。"),
        (b"\xff\xfe", 400, "请求正文不是可读的 JSON。"),
        (b"[" * 100_000, 400, "请求正文不是可读的 JSON。"),
        (b"null", 422, "缺少“items”。"),
        (b"[]", 422, "缺少“items”。"),
        (b"{}", 422, "缺少“items”。"),
        (b'{"items": {}}', 422, "“items”读到 {…}，应为由对象组成的列表。"),
    ],
)
def test_a_request_that_is_none_gets_a_sentence(ask, body, status, detail):
    answer = ask("scores", body)

    assert (answer.status_code, answer.json()) == (status, {"detail": detail})


def test_a_thousand_years_of_eleven_districts_fit_into_one_call_and_a_longer_body_is_refused(ask, settings):
    year = eleven("pooled")
    body = {"items": [year | {"periods": year["periods"] * 12}] * 100}

    assert len(ask("aggregations", body).json()["aggregations"]) == 100
    assert 10 * len(json.dumps(body, ensure_ascii=False).encode()) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    refused = ask("scores", b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))

    assert (refused.status_code, refused.json()) == (413, {"detail": "请求正文过大，请分几次发送。"})


@pytest.mark.parametrize("year", [None, "soon", "1", True, [], "2016.5"])
def test_readings_need_a_year(ask, year):
    answer = ask("readings", {"items": [], "year": year})

    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("“year”读到")


def test_readings_say_what_a_cell_asks_for(ask):
    body = {
        "items": [
            {"text": "95%以上"},
            {"text": "9月前", "level1": None},
            {"text": "15万元", "level1": "产出", "level2": "成本", "level3": "办公所需成本"},
            {"text": 95},
        ],
        "year": 2016,
    }

    rate, month, cost, bare = ask("readings", body).json()["readings"]

    del rate["notes"]
    assert rate == {
        "text": "95%以上",
        "operator": ">=",
        "value": "95",
        "high": None,
        "unit": "%",
        "due_on": None,
        "status": "final",
        "is_soft": False,
        "is_ambiguous": False,
    }
    assert (month["operator"], month["due_on"], month["is_ambiguous"]) == ("date", "2016-09-30", True)
    assert (cost["operator"], cost["value"], cost["unit"], cost["is_ambiguous"]) == ("<=", "15", "万元", True)
    assert (bare["text"], bare["operator"], bare["is_ambiguous"]) == ("95", ">=", True)
    assert cost["notes"]


def test_executions_have_the_weight_of_the_scheme_unless_given(items):
    default, given, unknown, negative = items(
        "executions",
        {"budget": "4020", "executed": "3948.44"},
        {"budget": "4020", "executed": "3948.44", "weight": "20"},
        {"budget": None, "executed": "1"},
        {"budget": "1", "executed": "1", "weight": "-1"},
    )

    assert default == {
        "rate": "98.22",
        "score": "9.82",
        "flags": [],
    }
    assert given["score"] == "19.64"
    assert (unknown["rate"], unknown["score"], unknown["flags"]) == (None, None, ["money_missing"])
    assert negative == {"error": "“weight”读到 “-1”，应为不小于 0 的分值。"}


DISTRICTS = {
    "荔湾": (92000, 100000), "越秀": (118000, 125000), "海珠": (255000, 300000), "天河": (360000, 440000),
    "白云": (930000, 1300000), "黄埔": (300000, 360000), "番禺": (720000, 980000), "花都": (250000, 320000),
    "南沙": (190000, 222000), "从化": (64000, 70000), "增城": (310000, 380000),
}  # fmt: skip


def eleven(aggregation, without=()):
    rows = [
        {"member": name, "numerator": str(part), "denominator": str(whole), "value": None}
        for name, (part, whole) in DISTRICTS.items()
        if name not in without
    ]
    return {
        "accumulation": "snapshot",
        "denominator_accumulation": None,
        "factor": None,
        "aggregation": aggregation,
        "members": list(DISTRICTS),
        "periods": [rows],
    }


def test_eleven_districts_are_one_city(items):
    pooled, mean, ten = items("aggregations", eleven("pooled"), eleven("mean"), eleven("pooled", ["从化"]))

    assert pooled["value"].startswith("78.0726")
    assert (pooled["numerator"], pooled["denominator"]) == ("3589000", "4597000")
    assert (pooled["reported"], pooled["expected"]) == (11, 11)
    assert mean["value"].startswith("83.4797")
    assert ten["value"].startswith("77.866")
    assert (ten["reported"], ten["expected"]) == (10, 11)


def a_series(accumulation, aggregation, *periods, **more):
    rows = [[{"member": "A", "value": value}] for value in periods]
    return {"accumulation": accumulation, "aggregation": aggregation, "members": ["A"], "periods": rows, **more}


@pytest.mark.parametrize(
    ("item", "value"),
    [
        (a_series("increment", "sum", "1", "2", "3"), "6"),
        (a_series("running_total", "sum", "1", "2", None), "2"),
        (a_series("snapshot", "sum", "1", "2", None), None),
        (a_series("average", "mean", "1", "2"), "1.5"),
        (a_series("maximum", "maximum", "1", "2"), "2"),
        (a_series("minimum", "minimum", "1", "2"), "1"),
        (a_series("increment", "sum", "5", "-7"), "-2"),
        (a_series("snapshot", "weighted", "5", weights={"A": "2"}), "5"),
        (a_series("snapshot", "pooled", "5", weights=None), "5"),
        (a_series("snapshot", "sum"), None),
        ({"accumulation": "increment", "denominator_accumulation": "snapshot", "factor": "1", "aggregation": "pooled",
          "members": ["A"], "periods": [[{"member": "A", "numerator": "3", "denominator": "10"}],
                                        [{"member": "A", "numerator": "4", "denominator": "10"}]]}, "0.7"),
        ({"accumulation": "snapshot", "aggregation": "pooled", "members": ["A"],
          "periods": [[{"member": "A", "numerator": "3"}]]}, None),
        ({"accumulation": "snapshot", "aggregation": "pooled", "members": ["A"],
          "periods": [[{"member": "A", "numerator": "0", "denominator": "0"}]]}, None),
    ],
)  # fmt: skip
def test_figures_become_one(items, item, value):
    (answer,) = items("aggregations", item)

    assert answer["value"] == value


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"accumulation": "sum"}, "“accumulation”读到 “sum”，应为 increment, running_total"),
        ({"accumulation": None}, "“accumulation”读到 null"),
        ({"members": "A"}, "“members”读到 “A”，应为最多 1,000 个成员的列表。"),
        ({"members": ["A", "A"]}, "“members”读到 “A”，应为各不相同的成员。"),
        ({"members": ["B"]}, "读到 “A”，应为成员之一，每期一行。"),
        ({"members": [""]}, "“members”读到 “”，应为各不相同的成员。"),
        ({"members": [[]]}, "“members”读到 […]，应为不超过 1000 字的文字。"),
        ({"periods": [[{"member": "A", "value": "1"}] * 2]}, "读到 “A”，应为成员之一，每期一行。"),
        ({"periods": None}, "“periods”读到 null，应为最多 1,000 期的列表。"),
        ({"periods": [None]}, "“periods.0”读到 null"),
        ({"periods": [[None]]}, "“periods.0.0”读到 null，应为由键和值组成的对象。"),
        ({"periods": [[{"member": "A", "value": "1", "numerator": "1"}]]}, "读到 “A”，应为数值 value，或分子与分母，不能都填。"),
        ({"members": [str(number) for number in range(200)], "periods": [[]] * 101},
         "读到 “200 × 101”，应为成员数乘期数不超过 20,000。"),
        ({"factor": "0"}, "“factor”读到 “0”，应为大于 0 的数。"),
        ({"aggregation": "weighted"}, "按权重汇总时缺少“A”的权重。"),
        ({"weights": []}, "“weights”读到 […]，应为成员与权重的对照。"),
    ],
)  # fmt: skip
def test_figures_that_cannot_become_one_get_a_sentence(items, change, error):
    (answer,) = items("aggregations", a_series("increment", "sum", "1") | change)

    assert answer["error"].startswith(error)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"operator": ">=", "baseline": "20", "target": "80", "actual": "50"}, ("0.625", "0.5")),
        ({"operator": "<=", "baseline": "100", "target": "50", "actual": "80"}, ("0.625", "0.4")),
        ({"operator": ">=", "baseline": "0", "target": "50", "actual": "60"}, ("1.2", "1.2")),
        ({"operator": ">=", "baseline": "50", "target": "50", "actual": "60"}, ("1.2", None)),
        ({"operator": "<=", "baseline": "9", "target": "8", "actual": "0"}, (None, "9")),
        ({"operator": ">=", "baseline": None, "target": "8", "actual": "4"}, ("0.5", None)),
        ({"operator": ">=", "baseline": "1", "target": "8", "actual": None}, (None, None)),
        ({"operator": "range", "target": "8", "high": "10", "actual": "20"}, ("0.5", None)),
    ],
)
def test_progress_is_a_ratio_and_a_distance(items, item, expected):
    (answer,) = items("progress", item)

    assert (answer["ratio"], answer["distance"]) == expected


def test_an_audit_accuses_the_lines_that_break_their_rule(ask):
    line = {"level1": "产出", "level2": "质量", "level3": "合格率", "target_text": "98%", "actual_text": "98%"}
    form = {
        "year": 2020,
        "budget": {"adjusted": "100", "executed": "100", "points": 20, "rate": "100%", "score": 20},
        "indicators": [
            line | {"points": "20", "score": "20", "deviation": None},
            line | {"points": "20", "score": "19.6", "deviation": "统计口径"},
            line | {"points": "40", "score": "40"},
        ],
        "total_points": "100",
        "total_score": "99.6",
        "truncated": False,
    }

    answer = ask("audits", {"assessment": form})

    told = answer.json()
    message = "应得 20 分，又乘了一次百分比：20 × 98 % = 19.6。"
    assert told == {
        "findings": [{"line": "2", "kind": "multiplied_twice", "message": message}],
        "recomputed_total": "100.00",
    }


@pytest.mark.parametrize(
    ("form", "detail"),
    [
        (None, "自评表的“assessment”应为由键和值组成的对象。"),
        ({"indicators": 1}, "自评表的“indicators”应为最多 1,000 行的列表。"),
        ({"indicators": [1]}, "自评表的“indicators.1”应为由键和值组成的对象。"),
        ({"year": "soon"}, "自评表的“year”应为年份。"),
    ],
)
def test_what_is_no_form_gets_a_sentence(ask, form, detail):
    answer = ask("audits", {"assessment": form})

    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(detail)


def test_an_audit_of_absurd_figures_is_refused(ask):
    line = {"target_text": "≤0.0000000001个", "actual_text": "99999999999999个", "score": "1.0000000001"}

    answer = ask("audits", {"assessment": {"indicators": [line | {"points": "99999999999999"}]}})

    assert answer.status_code == 422
    assert answer.json() == {"detail": "这些数相差过于悬殊，无法计算。"}


@pytest.mark.parametrize("door", ["scores", "executions", "progress"])
def test_a_call_costs_two_queries_however_many_items(items, door, django_assert_num_queries):
    for count in (1, 3):
        with django_assert_num_queries(2):
            items(door, *[GOOD] * count)
