"""Whatever is sent, the answer is a figure or a sentence, in its place, and never an error of ours."""

import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SCORE = "operator target high actual weight direction equal step low_target band percent scheme outcome rule met size needed"
SERIES = "accumulation denominator_accumulation factor aggregation members periods weights"
FORM_LINE = "level1 level2 level3 target_text actual_text points score deviation"
FORM_BUDGET = "initial adjusted executed unit points rate score"
SYMBOLS = (
    ">= <= > < = range date ratio change qualitative floor exact + - 0 achieved partial missed passed failed awaiting"
)
SERIES_WORDS = (
    "increment running_total snapshot average maximum minimum pooled sum mean weighted together all at_least any"
)
CELL_WORDS = "national-2020 hubei-2020 95%以上 2016年12月底前 比上年下降 每2名配备1台 未完成 A B 2016-12-31 ≥95% ≤3天"
DIGITS = "0 -0 1 -1 0.5 100 80 4500 1e3 1e14 1e-40 99999999999999 0.0000000001 1e999 -1e999 NaN Infinity １２ 1_0"
KEYS = {
    "readings": ("text", "level1", "level2", "level3"),
    "scores": SCORE.split(),
    "executions": ("budget", "executed", "weight", "scheme"),
    "aggregations": SERIES.split(),
    "progress": ("operator", "baseline", "target", "high", "actual"),
}
WORDS = [*SYMBOLS.split(), *SERIES_WORDS.split(), *CELL_WORDS.split()]
NUMBERS = DIGITS.split()
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.sampled_from(WORDS)
    | st.sampled_from(NUMBERS)
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.just("9" * 5000)
    | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
ROW = st.fixed_dictionaries(
    {}, optional={"member": st.sampled_from("AB") | VALUES, "numerator": VALUES, "denominator": VALUES, "value": VALUES}
)
GOOD = {
    "members": st.just(["A", "B"]) | VALUES,
    "periods": st.lists(st.lists(ROW, max_size=2), max_size=3) | VALUES,
    "weights": st.fixed_dictionaries({}, optional={"A": VALUES, "B": VALUES}) | VALUES,
}
LIKELY = st.sampled_from(WORDS) | st.sampled_from(NUMBERS) | VALUES
# Chance measures nothing: what is covered, other tests cover on purpose.
pytestmark = pytest.mark.no_cover
CALMLY = settings(
    max_examples=1000 if os.environ.get("PERFTRACK_LONG") else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def an_item(door):
    return st.fixed_dictionaries({}, optional={key: GOOD.get(key, LIKELY) for key in KEYS[door]}) | VALUES


@pytest.mark.parametrize("door", KEYS)
@CALMLY
@given(data=st.data())
def test_every_item_has_an_answer_in_its_place(ask, door, data):
    items = data.draw(st.lists(an_item(door), max_size=5))

    answer = ask(door, {"items": items, "year": 2016})

    assert answer.status_code == 200, answer.content.decode()
    found = answer.json()[door]
    assert len(found) == len(items)
    assert all(one["error"] for one in found if "error" in one)


@CALMLY
@given(body=VALUES | st.fixed_dictionaries({}, optional={"items": VALUES, "year": VALUES, "assessment": VALUES}))
@pytest.mark.parametrize("door", [*KEYS, "audits"])
def test_every_body_has_an_answer(ask, door, body):
    answer = ask(door, body)

    assert answer.status_code in (200, 422)
    assert answer.json()


CELLS = st.none() | st.sampled_from(NUMBERS) | st.sampled_from(WORDS) | st.text(max_size=10)
LINE = st.fixed_dictionaries({}, optional=dict.fromkeys(FORM_LINE.split(), CELLS))
BUDGET = st.fixed_dictionaries({}, optional=dict.fromkeys(FORM_BUDGET.split(), CELLS))


@CALMLY
@given(
    form=st.fixed_dictionaries(
        {},
        optional={
            "year": st.sampled_from([None, 2016, "2020"]),
            "budget": st.none() | BUDGET,
            "indicators": st.none() | st.lists(LINE, max_size=3),
            "total_points": CELLS,
            "total_score": CELLS,
            "truncated": st.booleans() | st.none(),
        },
    )
)
def test_every_form_is_audited_or_refused_with_a_sentence(ask, form):
    answer = ask("audits", {"assessment": form})

    assert answer.status_code in (200, 422), answer.content.decode()
    told = answer.json()
    assert told.get("detail") or isinstance(told["findings"], list)


@CALMLY
@given(body=st.binary(max_size=50) | st.text(max_size=50).map(lambda text: json.dumps(text).encode()[1:]))
def test_a_body_that_is_no_json_is_refused(ask, body):
    answer = ask("scores", body)

    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]
