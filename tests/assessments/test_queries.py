"""A plan's year as points."""

from datetime import date
from decimal import Decimal

import pytest

from apps.assessments.queries import scorecard
from apps.calculation.scoring import ScoreStatus, grade_label
from tests.assessments.whole_year import TODAY, make_year
from tests.factories import IndicatorFactory, IndicatorTermsFactory, PlanFactory, PlanVersionFactory
from tests.progress.year import passed

pytestmark = pytest.mark.django_db

# 财预〔2020〕10号 without satisfaction: execution 10, output 50, benefit 40.
POINTS = {
    None: "9.82",
    "2-1": "4.40",
    "5-1": "6.75",
    "8-1": "4.00",
    "10-1": "7.00",
    "9-1": "5.00",
    "11-1": "5.00",
    "3-1": "3.60",
    "4-1": "6.00",
    "12-1": "6.94",
    "1-1": "5.33",
    "1-2": "10.00",
    "5-2": "7.84",
    "6-1": "7.00",
    "7-1": "3.93",
    "7-2": "3.00",
}


def points(card):
    """Return the points by the indicator's code, the money's under None."""
    return {None: card.money.points, **{line.terms.indicator.code: line.score.points for line in card.lines}}


def grade(card):
    return grade_label(card.total.grade, card.scheme).zh if card.total.grade else None


def line(card, code):
    return next(line for line in card.lines if line.terms.indicator.code == code)


def test_the_whole_year_comes_to_95_61(year):
    card = scorecard(year.plan, TODAY)

    assert points(card) == {code: Decimal(text) for code, text in POINTS.items()}
    assert (card.total.points, grade(card), card.total.open_weight) == (Decimal("95.61"), "优", 0)
    assert (card.is_over, card.tracked) == (True, [])


def test_every_line_has_its_sentence_in_both_languages(year):
    card = scorecard(year.plan, TODAY)

    assert all(line.score.sentence.zh and line.score.sentence.en for line in card.lines)
    sentence = line(card, "5-1").score.sentence
    assert sentence.zh == "96.4 ÷ 100 = 96.40 %，× 7 分 = 6.75 分。"
    assert card.money.sentence.zh == "3,948.44 ÷ 4,020 = 98.22 %，× 10 分 = 9.82 分。"


def test_an_acceptance_that_failed_drops_the_grade_at_the_edge():
    year = make_year(c4_1={12: passed("2016-12-20") | {"outcome": "failed"}})

    card = scorecard(year.plan, TODAY)

    assert (card.total.points, grade(card)) == (Decimal("89.61"), "良")


def test_the_superseded_target_would_have_cost_points():
    year = make_year(decisions=("1-1", "8-1"))

    card = scorecard(year.plan, TODAY)

    assert points(card)["10-1"] == Decimal("6.84")
    assert card.total.points == Decimal("95.45")


def test_an_assessment_looks_at_the_target_that_counts_on_its_day(year):
    card = scorecard(year.plan, date(2016, 10, 7))

    assert line(card, "10-1").case.target.number == 1
    assert line(card, "8-1").score.status == ScoreStatus.TARGET_PENDING


@pytest.mark.parametrize(
    ("left_out", "status"),
    [("8-1", ScoreStatus.TARGET_PENDING), ("1-1", ScoreStatus.TARGET_PENDING)],
)
def test_a_target_that_nobody_decided_stays_open_and_holds_back_the_grade(left_out, status):
    decisions = [code for code in ("1-1", "8-1", "10-1") if code != left_out]
    year = make_year(decisions=decisions)

    card = scorecard(year.plan, TODAY)

    weight = line(card, left_out).score.weight
    assert (line(card, left_out).score.status, points(card)[left_out]) == (status, None)
    assert (card.total.open_weight, card.total.grade) == (weight, None)
    assert card.total.highest - card.total.lowest == weight


@pytest.mark.parametrize("code", ["2-1", "3-1", "4-1", "6-1"])
def test_an_indicator_without_a_figure_is_open_and_never_zero(code):
    year = make_year(leave_out=[code])

    card = scorecard(year.plan, TODAY)

    assert (line(card, code).score.status, points(card)[code]) == (ScoreStatus.ACTUAL_MISSING, None)
    assert card.total.grade is None


def test_ten_of_eleven_districts_are_not_scored_and_say_who_is_missing():
    year = make_year(c5_1={12: [(9640, 10000), *[(0, 0)] * 9, None]})

    card = scorecard(year.plan, TODAY)

    score = line(card, "5-1").score
    assert (score.points, score.flags) == (None, ("incomplete",))
    assert score.sentence.zh.startswith("10/11 已审，缺：")
    assert "增城" in score.sentence.zh


def test_a_named_district_that_did_not_report_leaves_the_line_open():
    figures = [(95, 100), (94, 100), None, (7972, 9700), *[(0, 0)] * 7]
    year = make_year(c1_2={12: figures})

    card = scorecard(year.plan, TODAY)

    assert (points(card)["1-1"], points(card)["1-2"]) == (None, None)


def test_without_last_years_figure_there_is_nothing_to_compare_with(year):
    year.indicator("6-1").measure.results.all().delete()

    score = line(scorecard(year.plan, TODAY), "6-1").score

    assert (score.points, score.flags, score.sentence.zh) == (
        None,
        ("baseline_missing",),
        "缺上年基期数，暂不计分。",
    )


def test_nothing_of_nothing_needs_a_decision():
    year = make_year(c9_1={12: (0, 0)})

    score = line(scorecard(year.plan, TODAY), "9-1").score

    assert (score.status, score.points) == (ScoreStatus.MANUAL_REQUIRED, None)


def test_an_indicator_without_a_weight_is_tracked_and_earns_nothing(year):
    first = year.plan.approved
    second = PlanVersionFactory(plan=year.plan, number=2, scheme=first.scheme)
    for row in first.indicators.select_related("indicator"):
        row.pk, row.version = None, second
        row.weight = None if row.indicator.code == "7-2" else row.weight
        row.save()

    card = scorecard(year.plan, TODAY)

    assert "7-2" not in points(card)
    assert [row.terms.indicator.code for row in card.tracked] == ["7-2"]
    assert card.total.points == Decimal("92.61")


def test_money_that_nobody_reported_is_open(year):
    year.plan.project.execution.entries.update(approved=None)

    card = scorecard(year.plan, TODAY)

    assert (card.money.points, card.total.grade) == (None, None)


@pytest.mark.parametrize("version", ["no version", "no scheme", "no indicators"])
def test_a_plan_without_goals_has_no_score(version):
    if version == "no version":
        plan = PlanFactory()
    else:
        row = PlanVersionFactory(**({"scheme": None} if version == "no scheme" else {}))
        plan = row.plan
        if version == "no scheme":
            IndicatorTermsFactory(version=row)
    plan.refresh_from_db()

    assert scorecard(plan, TODAY) is None


def test_an_indicator_without_any_target_is_open():
    version = PlanVersionFactory()
    IndicatorTermsFactory(version=version, indicator=IndicatorFactory(plan=version.plan))

    card = scorecard(version.plan, TODAY)

    assert card.lines[0].score.status == ScoreStatus.TARGET_PENDING


def test_the_cost_is_nine_queries(year, django_assert_max_num_queries):
    plan = year.plan

    with django_assert_max_num_queries(9):
        scorecard(plan, TODAY)
