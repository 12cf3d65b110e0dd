"""What other systems of this kind compute, kept as vectors: each is held here, or named below with the reason."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from apps.calculation.achievement import (
    Course,
    NothingToChange,
    baseline_from,
    course,
    distance,
    figure_at,
    ratio,
    target_from,
)
from apps.calculation.aggregation import Figure, Method, accumulate, aggregate, per_member, ratio_of
from apps.calculation.need import need
from apps.calculation.periods import Period, cut, elapsed, phase
from apps.calculation.plausibility import parts_differ
from apps.calculation.rounding import half_up, written
from apps.calculation.schemes import Cap, GradeStep, Scheme
from apps.calculation.scoring import ExecutionScore, Score, grade, score_execution, score_value, summary
from apps.calculation.series import Revision, RevisionState, Series, counting, growing
from apps.calculation.targets import Target, is_met
from apps.calculation.terms import Accumulation, Aggregation, Operator, Sentence

D = Decimal
HERE = Path(__file__).parent
PEERS = {
    vector["id"]: vector
    for vector in json.loads(
        (HERE / "vectors" / "peers.json").read_text("utf-8"), parse_float=Decimal, parse_int=Decimal
    )
}
NATIONAL = Scheme.from_data(
    json.loads((HERE.parents[1] / "fixtures" / "schemes" / "national-2020.json").read_text("utf-8"))
)
NUMBERS = {accumulation: Method(accumulation, Aggregation.SUM, has_denominator=False) for accumulation in Accumulation}
RATES = Method(Accumulation.INCREMENT, Aggregation.POOLED, has_denominator=True)
MEANS = Method(Accumulation.RUNNING_TOTAL, Aggregation.MEAN, has_denominator=False)

HELD: set[str] = set()


def vectors(*ids):
    """Parametrise a test by these vectors, and note that they are held."""
    HELD.update(ids)
    return pytest.mark.parametrize("vector", [PEERS[each] for each in ids], ids=ids)


def added(entries, accumulation=Accumulation.INCREMENT):
    return accumulate(list(entries), accumulation)


def whole_of(figures):
    """Return the sum over members, of whom each reported one number."""
    reports = {number: Figure(figure) for number, figure in enumerate(figures)}
    return aggregate(list(reports), [reports], NUMBERS[Accumulation.SNAPSHOT]).value


def pooled(pairs):
    """Return the pooled rate of the entries of one member."""
    return aggregate(["one"], [{"one": Figure(*pair)} for pair in pairs], RATES)


def pair_of(entry):
    return entry["numerator"], entry["denominator"]


def percent(share, places=2):
    return None if share is None else half_up(share * 100, places)


def achieved(symbol, target, actual):
    return ratio(Target(Operator.from_symbol(symbol), target), actual)


STATES = {
    "approved": RevisionState.APPROVED,
    "pending": RevisionState.SUBMITTED,
    "draft": RevisionState.RETURNED,
    "revision": RevisionState.RETURNED,
}
FLOW = NUMBERS[Accumulation.INCREMENT]
START = date(2016, 1, 1)
LONG = Period(START, date(2030, 12, 31))


def handed_in(entries):
    """Return a revision for each entry, one period each."""
    months = cut(LONG, 1)
    return [
        Revision("one", month, Figure(entry["value"]), STATES[entry["status"]])
        for month, entry in zip(months, entries, strict=False)
    ]


@vectors("AK-01", "AK-05", "AK-07")
def test_only_approved_entries_count_and_none_of_them_is_no_value(vector):
    series = Series.of(handed_in(vector["inputs"]["updates"]), FLOW, ["one"], [])

    assert series.cut(LONG).aggregate().value == vector["expected"]["actual"]


@vectors("AK-43")
def test_the_entries_that_contribute_can_be_counted(vector):
    found = {
        name: len(counting(handed_in([{"value": D(1), "status": state} for state in states])))
        for name, states in vector["inputs"].items()
    }

    assert found == vector["expected"]


@vectors("AK-08")
def test_an_edited_entry_counts_as_edited_and_a_deleted_one_not_at_all(vector):
    approved, edited, _ = vector["inputs"]["steps"]
    states = [[approved["approve"]], [edited["edit_to"]], []]

    assert [added(state) for state in states] == vector["expected"]["actual_after_each_step"]


@vectors("AK-11", "AK-12")
def test_a_whole_is_its_own_entries_and_those_of_its_included_parts(vector):
    children = [child["value"] for child in vector["inputs"]["children"] if child.get("included", True)]

    assert whole_of([*vector["inputs"]["own_updates"], *children]) == vector["expected"]["parent_actual"]


@vectors("AK-13")
def test_parts_roll_up_over_levels(vector):
    parts, expected = vector["inputs"].values(), vector["expected"]["L1"]

    rolled = {
        "actual": whole_of(part["value"] for part in parts),
        "male": whole_of(part["male"] for part in parts),
        "female": whole_of(part["female"] for part in parts),
    }

    assert rolled == expected
    assert {name: whole_of([figure]) for name, figure in rolled.items()} == vector["expected"]["lead"]


@vectors("AK-15")
def test_a_member_without_entries_leaves_the_sum_and_is_missing(vector):
    reports = {"L2_1": Figure(vector["inputs"]["L2_1"])}

    each = per_member(["L2_1", "L2_2"], [reports], NUMBERS[Accumulation.INCREMENT])
    whole = aggregate(["L2_1", "L2_2"], [reports], NUMBERS[Accumulation.INCREMENT])

    expected = vector["expected"]
    assert {name: member.value for name, member in each.items()} == {
        "L2_1": expected["L2_1"],
        "L2_2": expected["L2_2"],
    }
    assert (whole.value, whole.missing) == (expected["L1"], ("L2_2",))


@vectors("AK-16", "AK-21", "PR-15")
def test_a_percentage_is_that_of_the_sums(vector):
    whole, expected = pooled(map(pair_of, vector["inputs"]["entries"])), vector["expected"]

    assert (half_up(whole.value), whole.numerator, whole.denominator) == (
        expected["percent"],
        expected["numerator"],
        expected["denominator"],
    )


@vectors("AK-24")
def test_a_rate_of_the_day_is_not_accumulated(vector):
    method = Method(Accumulation.SNAPSHOT, Aggregation.POOLED, has_denominator=True)
    periods = [{"one": Figure(*pair_of(period))} for period in vector["inputs"]["periods"]]

    by_period = [aggregate(["one"], periods[: number + 1], method).value for number in range(len(periods))]

    assert by_period == vector["expected"]["percent_by_period"]


def running_totals(vector):
    """Return each period's sum of the members' latest figures, keyed by member whoever typed them."""
    reporters = vector["inputs"]["reporter_entries"]
    names = sorted({name for entries in reporters.values() for name in entries})
    periods = [
        {who: Figure(entries[name][-1]) for who, entries in reporters.items() if entries.get(name)} for name in names
    ]
    method = NUMBERS[Accumulation.RUNNING_TOTAL]
    return {name: aggregate(list(reporters), periods[: number + 1], method).value for number, name in enumerate(names)}


@vectors("AK-25", "AK-27")
def test_a_running_total_is_the_latest_of_each_member_and_is_carried_forward(vector):
    assert running_totals(vector) == vector["expected"]["actual_by_period"]


@vectors("AK-29")
def test_a_running_total_of_a_later_period(vector):
    totals = running_totals(vector)

    assert {name: totals[name] for name in ("P2", "P3")} == {
        name: vector["expected"][name]["actual"] for name in ("P2", "P3")
    }


@vectors("AK-30", "AK-32")
def test_each_part_adds_up_by_itself(vector):
    entries = vector["inputs"].get("approved") or vector["inputs"]["entries"]

    assert {name: added(entry[name] for entry in entries if name in entry) for name in vector["expected"]} == vector[
        "expected"
    ]


@vectors("AK-31", "AK-34")
def test_numerators_and_denominators_of_each_part_add_up_apart(vector):
    entries = vector["inputs"].get("entries") or vector["inputs"]["periods"]

    for name, expected in vector["expected"].items():
        whole = pooled(entry[name] for entry in entries)
        found = {"numerator": whole.numerator, "denominator": whole.denominator, "percent": whole.value}
        assert {key: found[key] for key in expected} == expected


def stepped(*steps):
    """Return a scheme whose grades are these steps, best first."""
    grades = tuple(GradeStep(code, D(at_least), Sentence(code, code)) for code, at_least in steps)
    return replace(NATIONAL, grades=grades)


@vectors("AK-44a", "AK-44d", "AK-44e", "AK-44f")
def test_bands_are_steps_of_a_scheme(vector):
    scheme = stepped(("high", 85), ("medium", 50), ("low", 0))

    assert grade(vector["inputs"]["progress_percent"], scheme) == vector["expected"]["grade"]


STRETCHED = stepped(("STRETCH", 100), ("TARGET", 70), ("COMMIT", 30), ("FAIL", -1000))


@vectors("PZ-08")
def test_a_band_includes_its_lower_edge(vector):
    inputs = vector["inputs"]
    shares = [
        distance(baseline=inputs["baseline"], target=inputs["target"], actual=value) for value in inputs["values"]
    ]

    assert [grade(share * 100, STRETCHED) for share in shares] == vector["expected"]["bands"]


@vectors("PZ-23", "PZ-24", "PZ-26")
def test_bands_hold_in_both_directions(vector):
    inputs = vector["inputs"]
    share = distance(baseline=inputs["baseline"], target=inputs["stretch"], actual=inputs["value"])

    assert grade(share * 100, STRETCHED).lower() == vector["expected"]["band"]


def number_or_none(text):
    return D(text) if text.isdigit() else None


@vectors("AK-45")
def test_achievement_is_unknown_without_two_usable_numbers(vector):
    cases = [(number_or_none(case["target"]), number_or_none(case["actual"])) for case in vector["inputs"]["cases"]]

    assert [percent(achieved(">=", *case), 1) for case in cases] == vector["expected"]["percent"]


@vectors("AK-46")
def test_points_never_exceed_full_marks(vector):
    scores = [
        score_value(Target(Operator.AT_LEAST, D(100)), actual, D(100), NATIONAL) for actual in vector["inputs"]["cases"]
    ]

    assert [score.points for score in scores] == vector["expected"]["correct"]


@vectors("BO-02")
def test_before_the_first_entry_there_is_no_value(vector):
    history = vector["inputs"]["history"]
    days = [history.get(f"day{day}") for day in range(int(vector["inputs"]["days"]))]
    known = [accumulate(days[: number + 1], Accumulation.RUNNING_TOTAL) for number in range(len(days))]

    assert [percent(achieved(">=", vector["inputs"]["target"], figure)) for figure in known] == vector["expected"][
        "percent_by_day"
    ]


@vectors("BO-04")
def test_a_late_starter_lowers_the_mean_and_coverage_says_why(vector):
    inputs = vector["inputs"]
    days = [
        {
            name: Figure(achieved(">=", inputs[name]["target"], inputs[name][f"day{day}"]) * 100)
            for name in ("kr1", "kr2")
            if f"day{day}" in inputs[name]
        }
        for day in range(int(inputs["days"]))
    ]

    by_day = [aggregate(["kr1", "kr2"], days[: number + 1], MEANS) for number in range(len(days))]

    assert [whole.value for whole in by_day] == vector["expected"]["objective_percent_by_day"]
    assert [len(whole.reported) for whole in by_day] == [1, 1, 1, 1]


@vectors("BO-07")
def test_a_mean_of_nothing_is_unknown(vector):
    method = replace(MEANS, accumulation=Accumulation.SNAPSHOT)
    units = dict(enumerate(vector["inputs"]["units"]))
    days = [
        {unit: Figure(entries[day]) for unit, entries in units.items() if day < len(entries)}
        for day in range(int(vector["inputs"]["days"]))
    ]

    assert [aggregate(list(units), [day], method).value for day in days] == vector["expected"]["mean_by_day"]


@vectors("HK-01")
def test_achievement_is_rounded_half_up_to_two_places_not_down_to_a_whole(vector):
    inputs = vector["inputs"]

    assert str(percent(achieved(">=", inputs["target"], inputs["actual"]))) == "86.60"


@vectors("OS-01", "OS-03", "OS-06", "OS-07", "OS-08", "OS-09", "OS-10", "OS-14", "OS-15")
def test_progress_from_start_to_target_is_not_clamped(vector):
    inputs = vector["inputs"]
    share = distance(baseline=inputs["start"], target=inputs["target"], actual=inputs["current"])

    assert percent(share) == vector["expected"]["percent"]


@vectors("OS-19")
def test_a_weighted_mean(vector):
    items = dict(enumerate(vector["inputs"]["items"]))
    method = Method(Accumulation.SNAPSHOT, Aggregation.WEIGHTED, has_denominator=False)
    reports = [{number: Figure(item["progress"]) for number, item in items.items()}]
    weights = {number: item["weight"] for number, item in items.items()}

    assert aggregate(list(items), reports, method, weights).value == vector["expected"]["progress"]


@vectors("OS-21")
def test_a_maintained_hundred_percent_is_achieved_though_there_was_nothing_to_change(vector):
    inputs = vector["inputs"]

    assert achieved(">=", inputs["target"], inputs["current"]) == vector["expected"]["correct"]
    with pytest.raises(NothingToChange):
        distance(baseline=inputs["start"], target=inputs["target"], actual=inputs["current"])


@vectors("OS-22")
def test_a_goal_is_reached_in_its_own_direction_and_zero_is_a_goal(vector):
    assert [
        is_met(Target(Operator.AT_MOST, case["goal"]), case["value"]) for case in vector["inputs"]["cases"]
    ] == vector["expected"]["correct"]


@vectors("PO-02")
def test_a_budget_that_is_spent_earns_its_points(vector):
    inputs, expected = vector["inputs"], vector["expected"]
    score = score_execution(inputs["budget"], inputs["spent"], inputs["points"], NATIONAL)

    assert (score.rate, score.points) == (expected["rate_percent"], expected["score"])


@vectors("PO-03")
def test_a_deviation_of_thirty_percent_is_flagged_and_keeps_full_marks(vector):
    inputs = vector["inputs"]
    score = score_value(Target(Operator.AT_LEAST, inputs["target"]), inputs["actual"], inputs["points"], NATIONAL)

    assert ("overshoot" in score.flags) is vector["expected"]["deviation"]
    assert score.points == inputs["points"]


@vectors("PO-05b", "PO-05d", "PO-05e")
def test_the_execution_rate_may_cap_the_total(vector):
    caps = tuple(Cap(D(below), D(highest)) for below, highest in [(80, 89), (70, 79), (60, 69), (50, 59)])
    execution = score_execution(D(100), vector["inputs"]["execution_rate"], D(10), NATIONAL)
    rest = vector["inputs"]["raw_total"] - execution.points
    met = score_value(Target(Operator.AT_LEAST, D(1)), D(1), rest, NATIONAL)
    lines: list[Score | ExecutionScore] = [execution, met]

    total = summary(lines, replace(NATIONAL, execution_caps=caps))

    assert total.points == vector["expected"]["total"]


@vectors("PR-10", "PR-11")
def test_reports_of_one_place_are_consolidated(vector):
    entries = [entry.get("()", entry)["v"] for entry in vector["inputs"]["entries"]]
    expected = vector["expected"].get("()", vector["expected"])

    assert added(entries) == expected["v"]


@vectors("PR-13")
def test_places_combine_by_sum_maximum_and_mean(vector):
    reports = {number: Figure(figure) for number, figure in enumerate(vector["inputs"]["locations"])}
    ways = {"SUM": Aggregation.SUM, "MAX": Aggregation.MAXIMUM, "AVG": Aggregation.MEAN}

    found = {
        name: aggregate(list(reports), [reports], Method(Accumulation.SNAPSHOT, way, has_denominator=False)).value
        for name, way in ways.items()
    }

    assert {name: half_up(figure, 10) for name, figure in found.items()} == {
        name: half_up(figure, 10) for name, figure in vector["expected"].items()
    }


@vectors("PR-16")
def test_nothing_of_nothing_is_no_zero_percent(vector):
    reports = {number: Figure(*pair) for number, pair in enumerate(vector["inputs"]["entries"])}
    whole = aggregate(list(reports), [reports], RATES)

    assert (whole.numerator, whole.denominator) == (vector["expected"]["v"], vector["expected"]["d"])
    assert (whole.value, whole.is_not_applicable) == (None, True)


@vectors("PR-17")
def test_cells_add_up_to_every_subtotal(vector):
    cells = {key.strip("()"): figure for key, figure in vector["inputs"]["cells"].items()}

    for key, expected in vector["expected"].items():
        wanted = key.strip("(),")
        assert whole_of(figure for cell, figure in cells.items() if not wanted or wanted in cell.split(",")) == expected


@vectors("PR-18")
def test_a_rate_by_group_and_in_total(vector):
    method = replace(RATES, factor=D(1))
    reports = {key: Figure(*pair) for key, pair in vector["inputs"]["cells"].items()}

    found = {key: member.value for key, member in per_member(list(reports), [reports], method).items()}
    found["()"] = aggregate(list(reports), [reports], method).value

    assert {key: half_up(share, 10) for key, share in found.items()} == {
        key: half_up(vector["expected"][key], 10) for key in found
    }


@vectors("PR-19", "PR-20")
def test_progress_starts_at_the_baseline(vector):
    inputs = vector["inputs"]
    share = distance(baseline=inputs["baseline"], target=inputs["target"], actual=inputs["achieved"])

    assert share == vector["expected"]["progress"]


@vectors("PR-21")
def test_progress_of_a_rate_is_worked_out_in_one_unit(vector):
    inputs = vector["inputs"]
    baseline, target = (pooled([inputs[name]]).value for name in ("baseline", "target"))

    share = distance(baseline=baseline, target=target, actual=inputs["achieved_percent"])

    assert percent(share) == vector["expected"]["correct"]


@vectors("PR-26")
def test_periods_combine_in_the_chosen_way(vector):
    ways = {
        "SUM": Accumulation.INCREMENT,
        "MAX": Accumulation.MAXIMUM,
        "AVG": Accumulation.AVERAGE,
        "LATEST": Accumulation.RUNNING_TOTAL,
    }
    inputs = vector["inputs"]
    found = {name: accumulate(inputs["accepted_numbers"], way) for name, way in ways.items()}
    method = replace(RATES, accumulation=Accumulation.RUNNING_TOTAL)
    periods = [{"one": Figure(*pair)} for pair in inputs["accepted_percent"]]

    assert found | {"percent_latest": aggregate(["one"], periods, method).value} == vector["expected"]


@vectors("PZ-01", "PZ-06")
def test_progress_from_a_baseline(vector):
    inputs = vector["inputs"]
    share = distance(baseline=inputs["baseline"], target=inputs["target"], actual=inputs["value"])

    assert percent(share) == vector["expected"]["percent"]


@vectors("PZ-04")
def test_progress_the_wrong_way_is_negative(vector):
    inputs = vector["inputs"]
    share = distance(baseline=inputs["baseline"], target=inputs["target"], actual=inputs["value"])

    assert str(percent(share)) == "-11.11"


@vectors("PZ-11", "PZ-15", "PZ-16", "PZ-17")
def test_two_of_baseline_line_and_target_give_the_third(vector):
    baseline, line, target = (vector["inputs"][name] for name in ("baseline", "target", "stretch"))
    share = D("0.7")
    if baseline is None:
        baseline = baseline_from(share, target=target, figure=line)
    if target is None:
        target = target_from(share, baseline=baseline, figure=line)

    found = {
        "baseline": baseline,
        "stretch": target,
        "target": figure_at(share, baseline=baseline, target=target),
        "commit": figure_at(D("0.3"), baseline=baseline, target=target),
    }

    assert {name: half_up(found[name]) for name in vector["expected"]} == vector["expected"]


@vectors("PR-01", "PR-02")
def test_a_number_has_thousands_and_a_percentage_may_pass_a_hundred(vector):
    total, is_percentage = vector["inputs"]["total"], vector["inputs"]["is_percentage"]
    value = ratio_of(Figure(total["v"], total["d"])) if is_percentage else total["v"]

    assert written(value) + ("%" if is_percentage else "") == vector["expected"]["text"]


@vectors("PR-03", "PR-05")
def test_without_a_denominator_there_is_no_percentage_rather_than_a_wrong_one(vector):
    total = vector["inputs"]["total"]

    assert ratio_of(Figure(total.get("v"), total.get("d"))) is None


@vectors("PR-24b", "PR-25")
def test_a_period_is_due_from_its_end_to_the_due_day_itself(vector):
    inputs, today = vector["inputs"], date(2016, 9, 10)
    ended = today - timedelta(days=int(inputs.get("period_ended_days_ago", 10)))

    found = phase(Period(ended, ended), today + timedelta(days=int(inputs["due_in_days"])), today)

    assert (vector["expected"].get("status") or vector["expected"]["correct"]).startswith(found)


@vectors("HK-04")
def test_the_year_is_held_against_its_declared_target(vector):
    inputs = vector["inputs"]
    target = Target(Operator.AT_LEAST, inputs["overall_target"])
    reported = inputs["monthly_target"] * inputs["months_reported"]

    found = need(target, reported, 4, [])

    assert target.value == vector["expected"]["target_shown"]
    assert found.left == vector["expected"]["target_shown"] - vector["expected"]["bug_showed"]


BANDS = {Course.ABOVE: 1, Course.WITHIN: 0, Course.BELOW: -1, None: None}


def band(symbol, target, actual):
    return BANDS[course(Target(Operator.from_symbol(symbol), target), actual)]


@vectors("TA-01p", "TA-03p")
def test_every_period_is_held_against_its_running_target(vector):
    inputs, expected = vector["inputs"], vector["expected"]
    way = Accumulation.INCREMENT if inputs["unit"] == "number" else Accumulation.RUNNING_TOTAL
    entries = inputs["entries_by_period"]
    actuals = [
        added([value for period in entries[: number + 1] for value in period], way) for number in range(len(entries))
    ]

    pairs = list(zip(inputs["period_targets"], actuals, strict=True))

    assert actuals == expected["actual"]
    assert [f"{percent(achieved('>=', *pair), 0)}%" for pair in pairs] == expected["met"]
    assert [band(">=", *pair) for pair in pairs] == expected["band"]


@vectors("TA-10")
def test_the_band_depends_on_how_targets_combine_and_on_the_direction(vector):
    inputs, expected = vector["inputs"], vector["expected"]
    actual = added(inputs["actuals"])
    apart, running = added(inputs["targets"]), added(inputs["targets"], Accumulation.RUNNING_TOTAL)

    assert {"target": apart, "actual": actual, "band": band(">=", apart, actual)} == expected["noncumulative"]
    assert {"target": running, "actual": actual, "band": band(">=", running, actual)} == expected["cumulative"]
    assert band("<=", running, actual) == expected["cumulative_decrease"]["band"]


@vectors("TA-12")
def test_indicators_are_counted_by_their_band(vector):
    found = []
    for row in vector["inputs"]["indicators"]:
        target = added(row.get("targets") or [row["target"]], Accumulation.RUNNING_TOTAL)
        actual = added(row["entries"]) if "entries" in row else row["actual"]
        found.append(band("<=" if row.get("direction") == "decrease" else ">=", target, actual))

    names = {-1: "low", 0: "on_target", 1: "high", None: "nonreporting"}
    assert Counter(names[each] for each in found) | {"total": len(found)} == vector["expected"]


def dated(entries):
    """Return entries of single days as they come from a member."""
    days = [(date.fromisoformat(day), value) for day, value in entries]
    return [Revision("one", Period(day, day), Figure(value)) for day, value in days]


@vectors("TA-01s", "TA-03s", "TA-06s")
def test_dated_entries_are_cut_into_other_windows(vector):
    inputs = vector["inputs"]
    method = NUMBERS[Accumulation.INCREMENT if inputs["unit"] == "number" else Accumulation.SNAPSHOT]
    windows = [Period(date.fromisoformat(start), date.fromisoformat(end)) for start, end in inputs["windows"]]
    is_running = inputs["cumulative"] and inputs["unit"] == "number"

    series = Series.of(dated(inputs["entries"]), method, ["one"], [])

    found = series.recut(growing(windows) if is_running else windows)
    assert [each.aggregate().value for each in found] == vector["expected"]["actual"]


@vectors("TA-25")
def test_periods_of_any_length_are_cut_into_years(vector):
    lengths = {"semi_annual": 6, "tri_annual": 4, "quarterly": 3, "monthly": 1}
    span = Period(date(2016, 6, 1), date(2018, 5, 31))
    _, second = cut(span, 12)
    totals, second_year = [], []
    for name, months in lengths.items():
        pieces = zip(cut(span, months), vector["inputs"][name], strict=True)
        series = Series.of([Revision("one", piece, Figure(value)) for piece, value in pieces], FLOW, ["one"], [])
        whole, half = (each.aggregate().value for each in series.recut([span, second]))
        totals.append(whole)
        second_year.append(half)

    assert {"totals": totals, "second_year": second_year} == vector["expected"]


def by_period(inputs):
    return [entry for period in inputs["entries_by_period"] for entry in period]


@vectors("TA-02")
def test_where_less_is_better_achievement_is_target_over_actual(vector):
    actual = added(by_period(vector["inputs"]))

    assert actual == vector["expected"]["overall_actual"]
    assert str(percent(achieved("<=", vector["expected"]["overall_target"], actual))) == "37.04"


@vectors("TA-03")
def test_a_rate_of_a_whole_programme_is_its_latest(vector):
    expected = vector["expected"]
    actual = added(by_period(vector["inputs"]), Accumulation.RUNNING_TOTAL)

    assert actual == expected["overall_actual"]
    assert f"{percent(achieved('>=', expected['overall_target'], actual), 0)}%" == expected["overall_met"]


@vectors("TA-05")
def test_a_number_of_a_whole_programme_is_held_against_the_sum_of_its_targets(vector):
    expected = vector["expected"]
    target, actual = added(vector["inputs"]["period_targets"]), added(by_period(vector["inputs"]))

    assert (target, actual) == (expected["overall_target"], expected["overall_actual"])
    assert f"{percent(achieved('>=', target, actual), 0)}%" == expected["overall_met"]


@vectors("TA-13", "TA-14")
def test_entries_are_held_against_the_target(vector):
    target, actual = vector["inputs"]["target"], added(vector["inputs"]["entries"])

    assert actual == vector["expected"]["actual"]
    assert f"{percent(achieved('>=', target, actual), 0)}%" == vector["expected"]["met"]


@vectors("TA-21", "TA-24")
def test_increments_run_up_to_a_period(vector):
    inputs = vector["inputs"]

    for name, expected in vector["expected"].items():
        kind, _, _, *_ = name.split("_")
        actual = added(inputs["increments"][: int(name.rsplit("_", 1)[1])])
        found = actual if kind == "actual" else f"{percent(achieved('>=', inputs['targets'][0], actual), 0)}%"
        assert found == expected


@vectors("TA-22")
def test_a_period_is_held_against_its_own_target(vector):
    share = achieved(">=", vector["inputs"]["targets"][2], vector["inputs"]["actuals"][2])

    assert f"{percent(share, 0)}%" == vector["expected"]["third_year_met"]


@vectors("TA-23")
def test_a_half_is_rounded_up(vector):
    middle, end = vector["inputs"]["entries"]
    share = achieved(">=", vector["inputs"]["targets"][0], added(middle))

    assert f"{percent(share, 0)}%" == vector["expected"]["mid_met"]
    assert added(end) == vector["expected"]["end_actual"]


@vectors("TA-26a", "TA-26c", "TA-26e")
def test_a_span_is_cut_into_periods_of_which_the_last_may_be_partial(vector):
    inputs = vector["inputs"]
    span = Period(date.fromisoformat(inputs["start"]), date.fromisoformat(inputs["end"]))

    assert len(cut(span, {"annual": 12, "quarterly": 3}[inputs["frequency"]])) == vector["expected"]["periods"]


@vectors("TA-27a", "TA-27c")
def test_time_elapsed(vector):
    start = date(2016, 1, 1)
    end = start + timedelta(days=int(vector["inputs"]["total_days"]) - 1)
    today = start + timedelta(days=int(vector["inputs"]["days_since_start"]))

    assert percent(elapsed(start, end, today)) == vector["expected"]["percent_time_elapsed"]


@vectors("TD-02", "TD-04", "TD-09", "TD-10")
def test_percent_of_target(vector):
    actual = added(vector["inputs"]["entries"])

    assert actual == vector["expected"]["actual"]
    assert percent(achieved(">=", vector["inputs"]["target"], actual)) == vector["expected"]["percent_of_target"]


@vectors("AK-36")
def test_parts_that_do_not_make_up_their_total_are_told(vector):
    inputs = vector["inputs"]

    assert (parts_differ(inputs["total"], inputs["parts"]) is not None) == vector["expected"]["incomplete"]


@vectors("AK-38")
def test_parts_of_a_rate_are_held_against_either_side_of_their_total(vector):
    inputs = vector["inputs"]
    sides = zip(inputs["total"], zip(*inputs["parts"], strict=True), strict=True)

    differences = [parts_differ(total, parts) for total, parts in sides]

    assert differences == [D("-0.11"), None]
    assert any(differences) == vector["expected"]["incomplete"]


@vectors("AK-39")
def test_parts_above_their_total_are_not_taken(vector):
    difference = parts_differ(vector["inputs"]["total"], vector["inputs"]["parts"].values())

    assert (difference is None) == vector["expected"]["accepted"]
    assert difference == 1


@vectors("AK-41")
def test_a_part_above_its_total_is_not_taken(vector):
    difference = parts_differ(vector["inputs"]["numerator"], [vector["inputs"]["part_numerator"]])

    assert (difference is None) == vector["expected"]["accepted"]
    assert difference == 1


@vectors("AK-42")
@pytest.mark.django_db
def test_a_stored_figure_that_somebody_tampered_with_is_found(vector):
    from apps.progress.models import Standing
    from apps.progress.queries import drifts
    from tests.factories import NumberFactory
    from tests.progress.world import make_world

    world = make_world(districts=1)
    indicator = world.ask(NumberFactory(bureau=world.bureau, division=world.division), value=D(10))
    world.count([vector["inputs"]["child_entry"]], measure=indicator.measure)
    sound = [drift for drift in drifts(world.bureau) if drift.standing.indicator == indicator]

    Standing.objects.filter(indicator=indicator).update(actual=vector["inputs"]["stored_parent"])
    found = [(drift.column, drift.stored, drift.computed) for drift in drifts(world.bureau)]

    assert sound == []
    assert found == [("actual", vector["inputs"]["stored_parent"], vector["expected"]["expected_value"])]
    assert len(found) == vector["expected"]["failures"]


def test_every_vector_is_held():
    assert set(PEERS) == HELD
