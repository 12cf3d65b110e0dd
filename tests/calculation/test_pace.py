"""What is expected by now, and where a figure stands against it."""

from datetime import date
from decimal import Decimal

import pytest

from apps.calculation.aggregation import Aggregate
from apps.calculation.pace import (
    execution_light,
    expected_by_now,
    judgement_standing,
    milestone_standing,
    needed_pace,
    planned_by,
    scope_standing,
    shape_of,
    standing,
)
from apps.calculation.schemes import Bands
from apps.calculation.targets import Target
from apps.calculation.terms import (
    Band,
    Direction,
    EqualMeans,
    Light,
    Operator,
    Outcome,
    Path,
    ScopeRule,
    Standing,
    TargetStatus,
)

D = Decimal
AT_LEAST_100 = Target(Operator.AT_LEAST, D(100))
FEWER_THAN_100 = Target(Operator.LESS_THAN, D(100))
AT_MOST_100 = Target(Operator.AT_MOST, D(100))
QUOTA_100 = Target(Operator.EQUAL, D(100), equal=EqualMeans.EXACT)
CEILING_100 = Target(Operator.EQUAL, D(100), direction=Direction.LOWER)
FROM_30_TO_50 = Target(Operator.RANGE, D(30), high=D(50))


def a_figure(value, *missing, **details):
    return Aggregate(None if value is None else D(value), None, None, ("a",), missing, **details)


@pytest.mark.parametrize(
    ("sentence", "path", "details", "expected"),
    [
        ("a flow grows from zero with time", Path.FROM_ZERO, {}, "25"),
        ("a rate moves from its baseline", Path.FROM_BASELINE, {"baseline": D(60)}, "70"),
        ("a falling rate as well", Path.FROM_BASELINE, {"baseline": D(140)}, "130"),
        ("a flow follows the shape of last year", Path.LAST_YEARS_SHAPE, {"shape": D("0.4")}, "40"),
        ("a plan by periods says it itself", Path.PER_PERIOD, {"planned": D(33)}, "33"),
        ("what is to be kept is expected at once", Path.KEEP_AT, {}, "100"),
        ("no baseline", Path.FROM_BASELINE, {}, None),
        ("no last year", Path.LAST_YEARS_SHAPE, {}, None),
        ("no plan for this period", Path.PER_PERIOD, {}, None),
        ("no target value", Path.FROM_ZERO, {"target_value": None}, None),
    ],
)
def test_expected_by_now(sentence, path, details, expected):
    known = {"target_value": D(100), "baseline": None, "elapsed": D("0.25"), "shape": None, "planned": None} | details

    assert expected_by_now(path=path, **known) == (None if expected is None else D(expected)), sentence


@pytest.mark.parametrize(
    ("sentence", "day", "expected"),
    [
        ("before the first period is over, its share of the days gone by", date(2016, 1, 9), "9"),
        ("the first period is over on its last day", date(2016, 3, 31), "91"),
        ("until the next one is over, nothing more", date(2016, 6, 29), "91"),
        ("then the next one counts", date(2016, 6, 30), "200"),
        ("and the last one for ever after", date(2017, 1, 5), "200"),
    ],
)
def test_a_plan_by_periods_counts_what_is_over(sentence, day, expected):
    planned = [(date(2016, 3, 31), D(91)), (date(2016, 6, 30), D(200))]

    assert planned_by(planned, date(2016, 1, 1), day) == D(expected), sentence


def test_without_a_plan_by_periods_nothing_is_known():
    assert planned_by([], date(2016, 1, 1), date(2016, 6, 30)) is None


@pytest.mark.parametrize(
    ("sentence", "target", "actual", "expected", "stands"),
    [
        ("as expected", AT_LEAST_100, 50, 50, Standing.ON_PACE),
        ("nine tenths of what is expected", AT_LEAST_100, 45, 50, Standing.SLIGHTLY_BEHIND),
        ("less than that", AT_LEAST_100, "44.9", 50, Standing.BEHIND),
        ("met early, but it can still be undone", AT_LEAST_100, 120, 50, Standing.ON_PACE),
        ("zero on the first day", AT_LEAST_100, 0, 0, Standing.ON_PACE),
        ("below an expectation of zero", AT_LEAST_100, -1, 0, Standing.BEHIND),
        ("fewer than expected", AT_MOST_100, 40, 50, Standing.ON_PACE),
        ("a tenth more than expected", AT_MOST_100, 55, 50, Standing.SLIGHTLY_BEHIND),
        ("a quarter more than expected", AT_MOST_100, "62.5", 50, Standing.BEHIND),
        ("one where none is expected", AT_MOST_100, 1, 0, Standing.BEHIND),
        ("a ceiling written as =", CEILING_100, 40, 50, Standing.ON_PACE),
        ("a quota under way", QUOTA_100, 50, 50, Standing.ON_PACE),
        ("a quota reached early may still be exceeded", QUOTA_100, 100, 50, Standing.ON_PACE),
        ("a quota exceeded", QUOTA_100, 101, 50, Standing.BEHIND),
        ("inside a range", FROM_30_TO_50, 40, 30, Standing.ON_PACE),
        ("above a range", FROM_30_TO_50, 51, 30, Standing.BEHIND),
        ("below a range", FROM_30_TO_50, 28, 30, Standing.SLIGHTLY_BEHIND),
        ("nothing says what is expected", AT_LEAST_100, 50, None, Standing.BASELINE_MISSING),
        ("who is there already needs no baseline", AT_LEAST_100, 100, None, Standing.ON_PACE),
        ("below a ceiling the rest of the year counts", AT_MOST_100, 50, None, Standing.BASELINE_MISSING),
        ("so it does for a quota", QUOTA_100, 100, None, Standing.BASELINE_MISSING),
        ("not reported", AT_LEAST_100, None, 50, Standing.NOT_REPORTED),
    ],
)
def test_standing_during_the_year(sentence, target, actual, expected, stands):
    by_now = None if expected is None else D(expected)

    assert standing(target=target, aggregate=a_figure(actual), expected=by_now, is_over=False) is stands, sentence


@pytest.mark.parametrize(
    ("sentence", "target", "actual", "stands"),
    [
        ("met", AT_LEAST_100, 100, Standing.DONE),
        ("almost", AT_LEAST_100, 99, Standing.SLIGHTLY_BEHIND),
        ("far from it", AT_LEAST_100, 50, Standing.BEHIND),
        ("as many as last year is not fewer", FEWER_THAN_100, 100, Standing.SLIGHTLY_BEHIND),
        ("fewer", FEWER_THAN_100, 99, Standing.DONE),
        ("a quota hit", QUOTA_100, 100, Standing.DONE),
        ("a quota missed by one", QUOTA_100, 99, Standing.SLIGHTLY_BEHIND),
        ("inside the range", FROM_30_TO_50, 50, Standing.DONE),
    ],
)
def test_standing_after_the_last_round_is_against_the_target_itself(sentence, target, actual, stands):
    assert standing(target=target, aggregate=a_figure(actual), expected=None, is_over=True) is stands, sentence


@pytest.mark.parametrize(("target", "stands"), [(AT_LEAST_100, Standing.DONE), (QUOTA_100, Standing.ON_PACE)])
def test_what_cannot_be_undone_is_done_before_the_end_but_a_quota_is_not(target, stands):
    figure = a_figure(100)

    assert standing(target=target, aggregate=figure, expected=D(50), is_over=False, is_irreversible=True) is stands


def test_what_cannot_be_undone_is_not_done_before_it_is_met():
    reached = standing(target=AT_LEAST_100, aggregate=a_figure(60), expected=D(50), is_over=False, is_irreversible=True)

    assert reached is Standing.ON_PACE


@pytest.mark.parametrize("is_over", [False, True])
@pytest.mark.parametrize(
    ("target", "actual", "stands"),
    [
        (AT_LEAST_100, 100, Standing.ON_PACE),
        (AT_MOST_100, 40, Standing.NOT_REPORTED),
        (AT_MOST_100, 400, Standing.BEHIND),
    ],
)
def test_an_incomplete_figure_is_never_done_nor_on_pace_where_less_is_better(target, actual, stands, is_over):
    figure = a_figure(actual, "从化")

    assert standing(target=target, aggregate=figure, expected=D(50), is_over=is_over) is stands


def test_a_gap_in_an_earlier_month_is_incomplete_too():
    figure = a_figure(40, gaps=("从化",))

    assert standing(target=AT_MOST_100, aggregate=figure, expected=D(50), is_over=True) is Standing.NOT_REPORTED


@pytest.mark.parametrize(
    ("status", "stands"),
    [(TargetStatus.PENDING, Standing.TARGET_PENDING), (TargetStatus.FINAL, Standing.BASELINE_MISSING)],
)
def test_without_a_target_value_it_is_pending_or_lacks_its_baseline(status, stands):
    target = Target(Operator.LESS_THAN, None, status=status)

    assert standing(target=target, aggregate=a_figure(1), expected=None, is_over=False) is stands


def test_nothing_of_nothing_is_not_applicable():
    figure = a_figure(None, is_not_applicable=True)

    assert standing(target=AT_LEAST_100, aggregate=figure, expected=D(50), is_over=False) is Standing.NOT_APPLICABLE


def test_band_edges_are_the_schemes():
    lenient = Bands(on_pace=D("0.8"), slightly_behind=D("0.5"))

    assert [
        standing(target=AT_LEAST_100, aggregate=a_figure(actual), expected=D(50), is_over=False, bands=lenient)
        for actual in (40, 25, 24)
    ] == [Standing.ON_PACE, Standing.SLIGHTLY_BEHIND, Standing.BEHIND]


DUE = date(2016, 12, 31)


@pytest.mark.parametrize(
    ("sentence", "outcome", "decided_on", "due_on", "today", "stands"),
    [
        ("passed in time", Outcome.PASSED, date(2016, 12, 20), DUE, date(2017, 1, 5), Standing.DONE),
        ("passed late is still done", Outcome.PASSED, date(2017, 1, 10), DUE, date(2017, 2, 1), Standing.DONE),
        ("seen before the decision", Outcome.PASSED, date(2017, 1, 10), DUE, date(2017, 1, 5),
         Standing.AWAITING_RESULT),
        ("not passed", Outcome.FAILED, date(2016, 12, 20), DUE, date(2017, 1, 5), Standing.BEHIND),
        ("the result comes after the deadline", Outcome.AWAITING, None, DUE, date(2017, 1, 5),
         Standing.AWAITING_RESULT),
        ("no word before the deadline", None, None, DUE, DUE, Standing.NOT_REPORTED),
        ("no word after it", None, None, DUE, date(2017, 1, 1), Standing.BEHIND),
        ("no word and no deadline", None, None, None, date(2017, 1, 1), Standing.NOT_REPORTED),
    ],
)  # fmt: skip
def test_milestone_standing(sentence, outcome, decided_on, due_on, today, stands):
    assert milestone_standing(outcome, decided_on, due_on, today) is stands, sentence


@pytest.mark.parametrize(
    ("band", "is_over", "stands"),
    [
        (Band.ACHIEVED, True, Standing.DONE),
        (Band.ACHIEVED, False, Standing.ON_PACE),
        (Band.PARTIAL, True, Standing.SLIGHTLY_BEHIND),
        (Band.MISSED, True, Standing.BEHIND),
        (None, True, Standing.NOT_REPORTED),
    ],
)
def test_judgement_standing(band, is_over, stands):
    assert judgement_standing(band, is_over=is_over) is stands


@pytest.mark.parametrize(
    ("sentence", "target", "actual", "periods_left", "pace"),
    [
        ("1,180 people in four months", Target(Operator.AT_LEAST, D(4500)), 3320, 4, "295"),
        ("already there", AT_LEAST_100, 120, 3, "0"),
        ("what a ceiling still allows", AT_MOST_100, 70, 3, "10"),
        ("a ceiling that is used up", AT_MOST_100, 130, 3, "0"),
        ("no period left", AT_LEAST_100, 50, 0, None),
        ("no figure", AT_LEAST_100, None, 3, None),
        ("no target", Target(Operator.AT_LEAST, None), 50, 3, None),
    ],
)
def test_needed_pace(sentence, target, actual, periods_left, pace):
    needed = needed_pace(target=target, actual=None if actual is None else D(actual), periods_left=periods_left)

    assert needed == (None if pace is None else D(pace)), sentence


@pytest.mark.parametrize(
    ("rate", "light"), [("33", Light.RED), ("35", Light.YELLOW), ("40", Light.YELLOW), ("48", Light.GREEN)]
)
def test_execution_light_in_july(rate, light):
    assert execution_light(D(rate), 7) is light


def test_execution_light_on_the_edge_of_green():
    assert execution_light(D(40), 6) is Light.GREEN


def test_without_a_rate_there_is_no_light():
    assert execution_light(None, 7) is None


@pytest.mark.parametrize("month", [0, 13])
def test_a_month_that_is_none_is_refused(month):
    with pytest.raises(ValueError, match=f"{month} is no month"):
        execution_light(D(40), month)


def test_the_shape_of_last_year_is_the_share_reached_by_now():
    assert shape_of(D(300), D(1200)) == D("0.25")
    assert (shape_of(D(0), D(1200)), shape_of(None, D(1200)), shape_of(D(3), None), shape_of(D(0), D(0))) == (
        D(0),
        None,
        None,
        None,
    )


def test_an_officer_may_accept_a_figure_that_is_not_whole():
    partial = a_figure(40, "从化")

    assert (
        standing(target=AT_MOST_100, aggregate=partial, expected=D(50), is_over=True, is_accepted=True) is Standing.DONE
    )


@pytest.mark.parametrize(
    ("sentence", "rule", "states", "needed", "expected"),
    [
        ("all stand with the worst", ScopeRule.ALL, "done behind on_pace", None, Standing.BEHIND),
        ("any stands with the best", ScopeRule.ANY, "behind done on_pace", None, Standing.DONE),
        ("at least two stand with the second", ScopeRule.AT_LEAST, "behind done on_pace", 2, Standing.ON_PACE),
        ("more than there are", ScopeRule.AT_LEAST, "done done", 3, Standing.NOT_REPORTED),
        ("at least, without a number, is everybody", ScopeRule.AT_LEAST, "done behind", None, Standing.BEHIND),
        ("for whom nothing arose stands aside", ScopeRule.ALL, "not_applicable done", None, Standing.DONE),
        ("nothing arose anywhere", ScopeRule.ANY, "not_applicable not_applicable", None, Standing.NOT_APPLICABLE),
        ("nobody", ScopeRule.ALL, "", None, Standing.NOT_REPORTED),
    ],
)
def test_a_target_on_members_stands_by_its_rule(sentence, rule, states, needed, expected):
    assert scope_standing(rule, [Standing(state) for state in states.split()], needed) is expected, sentence
