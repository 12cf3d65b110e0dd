"""Figures with their dates, re-cut into other windows, and what a late or a corrected one changes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.calculation.aggregation import UNKNOWN, Figure, Method
from apps.calculation.periods import Period, cut, month_end, year_of
from apps.calculation.series import Counted, Lifetime, Revision, RevisionState, Series, counting, growing
from apps.calculation.terms import Accumulation, Aggregation

D = Decimal
FLOW = Method(Accumulation.INCREMENT, Aggregation.SUM, has_denominator=False)
TOTAL = Method(Accumulation.RUNNING_TOTAL, Aggregation.SUM, has_denominator=False)
LEVEL = Method(Accumulation.SNAPSHOT, Aggregation.SUM, has_denominator=False)
RATE = Method(Accumulation.RUNNING_TOTAL, Aggregation.POOLED, has_denominator=True)
INSTALLED = replace(RATE, denominator_accumulation=Accumulation.SNAPSHOT)


def month(number, year=2016):
    return Period(date(year, number, 1), month_end(year, number))


def months(first, last, year=2016):
    return Period(date(year, first, 1), month_end(year, last))


YEAR = [month(number) for number in range(1, 13)]


def told(member, number, value, state=RevisionState.APPROVED, year=2016):
    figure = Figure(*map(D, value)) if isinstance(value, tuple) else Figure(None if value is None else D(value))
    return Revision(member, month(number, year), figure, state)


def a_series(revisions, method=FLOW, members=("a",), periods=YEAR, **options):
    return Series.of(revisions, method, members, periods, **options)


def value_in(series, window):
    return series.cut(window).aggregate().value


@pytest.mark.parametrize(
    ("sentence", "revisions", "approved", "with_pending"),
    [
        ("approved", [told("a", 1, 5)], 5, 5),
        ("handed in", [told("a", 1, 5, RevisionState.SUBMITTED)], None, 5),
        ("returned", [told("a", 1, 5, RevisionState.RETURNED)], None, None),
        ("an approved figure counts on while its correction waits",
         [told("a", 1, 5), told("a", 1, 7, RevisionState.SUBMITTED)], 5, 7),
        ("and while it is returned", [told("a", 1, 5), told("a", 1, 7, RevisionState.RETURNED)], 5, 5),
        ("an approved correction", [told("a", 1, 5), told("a", 1, 7)], 7, 7),
        ("taken back", [told("a", 1, 5), Revision("a", month(1), UNKNOWN)], None, None),
        ("a true zero", [told("a", 1, 0)], 0, 0),
    ],
)  # fmt: skip
def test_what_counts_of_a_cell(sentence, revisions, approved, with_pending):
    found = [value_in(a_series(revisions, counted=counted), month(1)) for counted in Counted]

    assert found == [approved, with_pending], sentence


def test_who_contributes_to_a_period_can_be_counted():
    cells = counting([told("a", 1, 5), told("b", 1, 7, RevisionState.SUBMITTED), told("c", 1, 9)])

    assert {period: len(figures) for period, figures in cells.items()} == {month(1): 2}


@pytest.mark.parametrize(
    ("sentence", "method", "window", "value"),
    [
        ("a flow adds up within the window", FLOW, months(4, 6), 4 + 5 + 6),
        ("whatever its days", FLOW, Period(date(2016, 3, 20), date(2016, 5, 31)), 3 + 4 + 5),
        ("a running total counts from the first day of the window", TOTAL, months(4, 6), 6 - 3),
        ("from new year it is the total itself", TOTAL, months(1, 6), 6),
        ("a stock is that of the last month", LEVEL, months(4, 6), 6),
        ("the year", FLOW, year_of(2016), 78),
        ("a window in which nothing ends", FLOW, Period(date(2016, 4, 2), date(2016, 4, 20)), None),
    ],
)
def test_a_series_is_cut_into_any_window(sentence, method, window, value):
    series = a_series([told("a", number, number) for number in range(1, 13)], method)

    assert value_in(series, window) == value, sentence


def test_the_average_and_the_extremes_are_those_of_the_window():
    revisions = [told("a", number, number) for number in range(1, 13)]
    ways = (Accumulation.AVERAGE, Accumulation.MAXIMUM, Accumulation.MINIMUM)

    found = [value_in(a_series(revisions, replace(FLOW, accumulation=way)), months(4, 6)) for way in ways]

    assert found == [5, 6, 4]


def test_a_rate_of_totals_is_that_of_what_the_window_added():
    series = a_series([told("a", 3, (30, 100)), told("a", 6, (90, 200))], RATE)

    whole = series.cut(months(4, 6)).aggregate()

    assert (whole.value, whole.numerator, whole.denominator) == (60, 60, 100)


def test_a_total_over_a_stock_takes_off_the_total_only():
    series = a_series([told("a", 3, (30, 200)), told("a", 6, (90, 200))], INSTALLED)

    assert value_in(series, months(4, 6)) == 30


def test_a_running_total_begins_anew_with_the_year():
    revisions = [told("a", 11, 100, year=2015), told("a", 12, 110, year=2015), told("a", 1, 8), told("a", 2, 15)]
    periods = [month(11, 2015), month(12, 2015), *YEAR]
    across = Period(date(2015, 12, 1), date(2016, 2, 29))

    assert value_in(a_series(revisions, TOTAL, periods=periods), across) == 10 + 15
    assert value_in(a_series(revisions, TOTAL, periods=periods), months(2, 2)) == 7
    assert value_in(a_series(revisions, TOTAL, periods=periods), months(1, 2)) == 15


def test_a_running_total_of_a_whole_project_goes_on():
    revisions = [told("a", 12, 110, year=2015), told("a", 2, 125)]
    series = a_series(revisions, TOTAL, periods=[month(12, 2015), *YEAR], restarts=False)

    assert value_in(series, months(1, 2)) == 15
    assert value_in(series, Period(date(2015, 1, 1), date(2016, 12, 31))) == 125


def test_a_total_that_also_holds_what_was_before_the_window_is_a_gap():
    series = a_series([told("a", 2, 10), told("a", 4, 40), told("b", 3, 5), told("b", 4, 9)], TOTAL, ("a", "b"))

    whole = series.cut(month(4)).aggregate()

    assert (whole.value, whole.gaps, whole.is_complete) == (30 + 4, ("a",), False)
    assert {name: each.is_complete for name, each in series.cut(month(4)).per_member().items()} == {
        "a": False,
        "b": True,
    }


def test_december_is_no_gap_for_the_totals_of_the_new_year():
    series = a_series([told("a", 1, 8)], TOTAL, periods=[month(12, 2015), *YEAR])

    assert series.cut(month(1)).aggregate().is_complete


def test_a_flow_needs_nothing_from_before_the_window():
    assert a_series([told("a", 4, 40)]).cut(month(4)).aggregate().gaps == ()


def test_who_left_out_a_month_of_the_window_is_named_once():
    series = a_series([told("a", 6, 5)], replace(RATE, denominator_accumulation=Accumulation.INCREMENT))
    series = replace(series, cells={month(6): {"a": Figure(D(5), D(9))}})

    assert series.cut(months(5, 6)).aggregate().gaps == ("a",)


def test_members_are_asked_while_they_exist():
    lifetimes = {"old": Lifetime(ends_on=date(2016, 2, 29)), "new": Lifetime(starts_on=date(2016, 3, 1))}
    revisions = [told("old", 1, 3), told("old", 2, 4), told("new", 3, 5)]

    whole = a_series(revisions, members=("old", "new"), periods=YEAR[:3], lifetimes=lifetimes)

    figure = whole.cut(months(1, 3)).aggregate()
    assert (figure.value, figure.reported, figure.is_complete) == (12, ("new",), True)


def test_a_period_that_lies_across_the_edge_is_told():
    quarters = cut(year_of(2016), 3)
    revisions = [Revision("a", quarter, Figure(D(10))) for quarter in quarters]
    window = Period(date(2016, 3, 1), date(2016, 8, 31))

    found = a_series(revisions, periods=quarters).cut(window)

    assert (found.aggregate().value, found.straddling) == (20, (quarters[0], quarters[2]))


def test_a_period_that_was_reported_without_being_asked_counts():
    assert value_in(a_series([told("a", 1, 5)], periods=[]), month(1)) == 5


def test_growing_windows_tell_the_year_so_far():
    series = a_series([told("a", number, 1) for number in range(1, 13)])

    assert [each.aggregate().value for each in series.recut(growing(cut(year_of(2016), 3)))] == [3, 6, 9, 12]
    assert growing([]) == []


def test_a_weighted_mean_of_a_window():
    method = replace(LEVEL, aggregation=Aggregation.WEIGHTED)
    series = a_series([told("a", 1, 100), told("b", 1, 50)], method, ("a", "b"))

    assert series.cut(month(1)).aggregate({"a": D(1), "b": D(4)}).value == 60


values = st.lists(st.none() | st.integers(-50, 500), min_size=12, max_size=12)
methods = st.sampled_from([FLOW, TOTAL, LEVEL])


def revisions_of(member, figures):
    return [told(member, number, figure) for number, figure in enumerate(figures, 1) if figure is not None]


@given(values, values, st.integers(1, 12), st.integers(-50, 500), methods)
def test_a_late_figure_changes_only_what_it_should(one, other, late, figure, method):
    before = [*revisions_of("a", one), *revisions_of("b", other)]
    after = [*before, told("a", late, figure)]
    series, changed = (a_series(each, method, ("a", "b")) for each in (before, after))

    for number in range(1, 13):
        so_far = months(1, number)
        then, now = series.cut(so_far).per_member(), changed.cut(so_far).per_member()
        assert now["b"] == then["b"]
        assert number >= late or now["a"] == then["a"]
    if method is FLOW:
        assert all(value_in(series, each) == value_in(changed, each) for each in YEAR if each != month(late))


@given(values, st.lists(st.integers(2, 12), max_size=4, unique=True), st.sampled_from([FLOW, TOTAL]))
def test_windows_side_by_side_add_up_to_the_whole(figures, starts, method):
    series = a_series(revisions_of("a", figures), method)
    windows = [months(first, last - 1) for first, last in pairwise([1, *sorted(starts), 13])]

    parts = [each.aggregate().value for each in series.recut(windows)]

    assert sum(part for part in parts if part is not None) == (value_in(series, year_of(2016)) or 0)


@given(values)
def test_a_flow_and_its_running_total_are_the_same_series(figures):
    known = [figure or 0 for figure in figures]
    totals = [sum(known[: number + 1]) for number in range(12)]
    flow, total = a_series(revisions_of("a", known), FLOW), a_series(revisions_of("a", totals), TOTAL)

    for window in [*YEAR, *cut(year_of(2016), 3)]:
        assert value_in(flow, window) == value_in(total, window)
