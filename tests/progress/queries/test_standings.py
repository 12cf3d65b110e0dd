"""Where indicators are, for every kind of indicator of the 2016 plan."""

from datetime import date
from decimal import ROUND_DOWN, Decimal

import pytest

from apps.calculation.periods import month_end
from apps.plans.enums import (
    Accumulation,
    Aggregation,
    Basis,
    EqualMeans,
    Operator,
    Origin,
    Path,
    ScopeRule,
    TargetStatus,
)
from apps.plans.models import PlannedFigure, Result, Season
from apps.progress.enums import StandingStatus
from apps.progress.models import Standing
from apps.progress.queries import computed_standings, current_standings, member_figures, trend
from tests.factories import (
    BureauFactory,
    IndicatorFactory,
    IndicatorTermsFactory,
    JudgementFactory,
    MemberFactory,
    MilestoneFactory,
    NumberFactory,
    PlanVersionFactory,
    ProjectFactory,
    RatioFactory,
    TargetFactory,
)
from tests.progress.world import DISTRICTS, TODAY
from tests.progress.year import Year, each_month, judged, passed

pytestmark = pytest.mark.django_db

# 已纳管 and 应纳管 of the eleven districts in August (synthetic).
AUGUST = [
    (92_000, 100_000),
    (118_000, 125_000),
    (255_000, 300_000),
    (360_000, 440_000),
    (930_000, 1_300_000),
    (300_000, 360_000),
    (720_000, 980_000),
    (250_000, 320_000),
    (190_000, 222_000),
    (64_000, 70_000),
    (310_000, 380_000),
]
WITHOUT_CONGHUA = [*AUGUST[:9], None, AUGUST[10]]
END_OF_YEAR = date(2017, 1, 20)


class Plan2016:
    """A bureau with an approved plan and figures to report."""

    def __init__(self):
        self.bureau = BureauFactory()
        self.version = PlanVersionFactory(plan__project=ProjectFactory(bureau=self.bureau))
        self.year = Year(self.bureau)

    def districts(self, number=11):
        return [MemberFactory(bureau=self.bureau, name=name) for name in DISTRICTS[:number]]

    def indicator(self, measure, **target):
        indicator = IndicatorFactory(plan=self.version.plan, measure=measure)
        IndicatorTermsFactory(version=self.version, indicator=indicator)
        TargetFactory(indicator=indicator, **target)
        return indicator

    def ratio(self, members=None, **more):
        return RatioFactory(bureau=self.bureau, members=members or [], **more)

    def number(self, members=None, **more):
        return NumberFactory(bureau=self.bureau, members=members or [], **more)


@pytest.fixture
def plan():
    return Plan2016()


def standing(indicator, today=TODAY) -> Standing:
    return computed_standings([indicator], today)[0]


def said(indicator, *columns, today=TODAY):
    row = standing(indicator, today)
    return tuple(getattr(row, column) for column in columns)


class TestRatioOfAllMembers:
    def test_it_is_pooled_and_never_a_mean_of_percentages(self, plan):
        measure = plan.ratio(plan.districts())
        indicator = plan.indicator(measure, path=Path.KEEP_AT)
        plan.year.report(measure, {8: AUGUST})

        row = standing(indicator)

        assert (row.actual, row.numerator, row.denominator) == (Decimal("78.072656080052"), 3_589_000, 4_597_000)
        assert (row.achievement, row.target_value) == (Decimal("0.975908201000"), 80)
        assert (row.reported, row.asked, row.missing) == (11, 11, [])
        assert row.status == StandingStatus.SLIGHTLY_BEHIND

    def test_a_mean_is_one_only_by_choice(self, plan):
        measure = plan.ratio(plan.districts(), aggregation=Aggregation.MEAN)
        indicator = plan.indicator(measure, path=Path.KEEP_AT)
        plan.year.report(measure, {8: AUGUST})

        assert said(indicator, "actual", "status") == (Decimal("83.479769893423"), StandingStatus.ON_PACE)

    def test_ten_of_eleven_says_so_and_is_not_done_after_the_last_round(self, plan):
        members = plan.districts()
        measure = plan.ratio(members)
        indicator = plan.indicator(measure, value=Decimal(70), path=Path.KEEP_AT)
        plan.year.report(measure, {12: WITHOUT_CONGHUA})

        row = standing(indicator, END_OF_YEAR)

        assert (row.reported, row.asked, row.missing) == (10, 11, [members[9].pk])
        assert row.actual == Decimal("77.866136514247")
        assert row.status == StandingStatus.ON_PACE

    def test_it_is_done_after_the_last_round_when_it_is_whole(self, plan):
        measure = plan.ratio(plan.districts())
        indicator = plan.indicator(measure, value=Decimal(70), path=Path.KEEP_AT)
        plan.year.report(measure, {12: AUGUST})

        assert said(indicator, "status", today=END_OF_YEAR) == (StandingStatus.DONE,)

    def test_nothing_of_nothing_is_not_applicable_and_neither_zero_nor_unknown(self, plan):
        measure = plan.ratio(plan.districts(2), accumulation=Accumulation.INCREMENT)
        indicator = plan.indicator(measure, operator=Operator.EQUAL, value=Decimal(100), path=Path.KEEP_AT)
        plan.year.report(measure, {8: [(0, 0), (0, 0)]})

        assert said(indicator, "status", "actual", "numerator") == (StandingStatus.NOT_APPLICABLE, None, 0)

    def test_zero_of_something_is_zero(self, plan):
        measure = plan.ratio(plan.districts(2))
        indicator = plan.indicator(measure, path=Path.KEEP_AT)
        plan.year.report(measure, {8: [(0, 10), (0, 10)]})

        assert said(indicator, "status", "actual") == (StandingStatus.BEHIND, 0)

    def test_no_figure_is_not_reported(self, plan):
        measure = plan.ratio(plan.districts(2))
        indicator = plan.indicator(measure, path=Path.KEEP_AT)
        plan.year.report(measure, {8: [None, None]})

        assert said(indicator, "status", "actual", "reported", "asked") == (StandingStatus.NOT_REPORTED, None, 0, 2)

    def test_a_measure_that_was_never_asked_is_not_reported(self, plan):
        indicator = plan.indicator(plan.ratio(plan.districts(2)))

        assert said(indicator, "status", "reported", "asked") == (StandingStatus.NOT_REPORTED, 0, 0)

    def test_devices_per_person_have_the_factor_one(self, plan):
        measure = plan.ratio(factor=Decimal(1), frequency="quarterly", is_part_of_whole=False)
        indicator = plan.indicator(measure, value=Decimal("0.5"), path=Path.KEEP_AT)
        plan.year.report(measure, {6: (1100, 2500)})

        assert said(indicator, "actual", "achievement") == (Decimal("0.44"), Decimal("0.88"))

    def test_installations_add_up_over_what_is_planned(self, plan):
        measure = plan.ratio(
            plan.districts(2), accumulation=Accumulation.INCREMENT, denominator_accumulation=Accumulation.SNAPSHOT
        )
        indicator = plan.indicator(measure, value=Decimal(100))
        plan.year.report(measure, {month: [(1, 10), (2, 10)] for month in range(1, 5)})

        row = standing(indicator, date(2016, 5, 5))

        assert (row.numerator, row.denominator, row.actual) == (12, 20, 60)
        assert row.expected == Decimal("33.060109289617")  # 121 of 366 days
        assert row.status == StandingStatus.ON_PACE

    def test_a_month_left_out_is_a_gap_that_names_the_member_even_after_it_ended(self, plan):
        members = plan.districts(3)
        measure = plan.number(members)
        indicator = plan.indicator(measure, value=Decimal(100))
        plan.year.report(measure, {1: [None, None, 5]})
        for member in members[:2]:
            member.memberships.all().delete()
        plan.year.report(measure, {2: [5]})

        row = standing(indicator, date(2016, 3, 10))

        assert (row.reported, row.asked, row.missing) == (1, 3, [member.pk for member in members[:2]])


class TestPlanByPeriods:
    @pytest.mark.parametrize(("august", "status"), [(150, StandingStatus.ON_PACE), (90, StandingStatus.BEHIND)])
    def test_the_last_planned_figure_that_is_over_is_expected(self, plan, august, status):
        measure = plan.number(accumulation=Accumulation.RUNNING_TOTAL)
        indicator = plan.indicator(measure, value=Decimal(400), path=Path.PER_PERIOD)
        for month, value in ((3, 50), (6, 150), (12, 400)):
            PlannedFigure.objects.create(
                target=indicator.targets.get(), ends_on=month_end(2016, month), value=Decimal(value)
            )
        plan.year.report(measure, {month: [august] for month in range(1, 9)})

        assert said(indicator, "actual", "expected", "status") == (august, 150, status)


class TestNamedMembers:
    @pytest.mark.parametrize(
        ("august", "status", "met", "worst"),
        [
            ([(92, 100), (94, 100), (91, 100)], StandingStatus.ON_PACE, 3, 91),
            ([(92, 100), (94, 100), (60, 100)], StandingStatus.BEHIND, 2, 60),
            ([(92, 100), (94, 100), None], StandingStatus.NOT_REPORTED, 2, 92),
        ],
        ids=["all reach it", "one is behind", "one is missing"],
    )
    def test_the_status_is_that_of_the_worst(self, plan, august, status, met, worst):
        members = plan.districts(4)
        measure = plan.ratio(members)
        indicator = plan.indicator(
            measure, value=Decimal(90), scope=ScopeRule.ALL, named=members[:3], path=Path.KEEP_AT
        )
        plan.year.report(measure, {8: [*august, (1, 100)]})

        row = standing(indicator)

        assert (row.status, row.met, row.actual) == (status, met, worst)
        assert row.achievement == (Decimal(met) / 3).quantize(Decimal("1E-12"), rounding=ROUND_DOWN)
        assert (row.asked, row.numerator, row.denominator) == (3, None, None)

    def test_where_less_is_better_the_worst_is_the_highest(self, plan):
        members = plan.districts(2)
        measure = plan.number(members)
        indicator = plan.indicator(
            measure,
            operator=Operator.AT_MOST,
            value=Decimal(10),
            scope=ScopeRule.ALL,
            named=members,
            path=Path.KEEP_AT,
        )
        plan.year.report(measure, each_month([1, 2], 8))

        assert said(indicator, "actual", "met") == (16, 1)

    def test_a_target_on_members_that_names_none_is_pending(self, plan):
        measure = plan.ratio(plan.districts(2))
        indicator = plan.indicator(measure, value=Decimal(90), scope=ScopeRule.ALL, path=Path.KEEP_AT)
        plan.year.report(measure, {8: [(92, 100), (94, 100)]})

        assert said(indicator, "status", "met", "actual") == (StandingStatus.TARGET_PENDING, None, None)

    def test_a_pending_target_on_members_shows_no_figure_of_theirs(self, plan):
        members = plan.districts(2)
        measure = plan.ratio(members)
        indicator = plan.indicator(
            measure, value=Decimal(90), scope=ScopeRule.ALL, named=members, status=TargetStatus.PENDING
        )
        plan.year.report(measure, {8: [(92, 100), (94, 100)]})

        assert said(indicator, "status", "actual", "numerator") == (StandingStatus.TARGET_PENDING, None, None)


class TestComparisonWithLastYear:
    def hazards(self, plan, **target):
        measure = plan.number(plan.districts(2))
        return measure, plan.indicator(
            measure,
            **{
                "operator": Operator.LESS_THAN,
                "basis": Basis.LAST_YEAR,
                "value": None,
                "step": Decimal(1),
                "path": Path.LAST_YEARS_SHAPE,
            }
            | target,
        )

    def test_without_a_baseline_nothing_is_said_of_the_pace(self, plan):
        measure, indicator = self.hazards(plan)
        plan.year.report(measure, each_month([40, 40], 8))

        assert said(indicator, "status", "actual", "target_value") == (StandingStatus.BASELINE_MISSING, 640, None)

    def test_last_years_months_are_the_shape(self, plan):
        measure, indicator = self.hazards(plan)
        plan.year.report(measure, each_month([50, 50], 12), year=2015)
        plan.year.report(measure, each_month([40, 40], 8))

        row = standing(indicator)

        assert (row.target_value, row.baseline, row.expected, row.actual) == (1200, 1200, 800, 640)
        assert row.status == StandingStatus.ON_PACE

    def test_a_year_with_a_hole_is_no_baseline(self, plan):
        measure, indicator = self.hazards(plan)
        plan.year.report(measure, each_month([50, 50], 11) | {12: [50, None]}, year=2015)
        plan.year.report(measure, each_month([40, 40], 8))

        assert said(indicator, "status", "baseline") == (StandingStatus.BASELINE_MISSING, None)

    def test_what_was_written_down_at_the_years_close_counts_before_the_months(self, plan):
        measure, indicator = self.hazards(plan, path=Path.FROM_ZERO)
        Result.objects.create(measure=measure, year=2015, value=900, origin=Origin.TYPED, document="2015年自评")
        plan.year.report(measure, each_month([50, 50], 12), year=2015)
        plan.year.report(measure, each_month([40, 40], 8))

        assert said(indicator, "target_value", "baseline") == (900, 900)

    def test_an_incomplete_count_is_not_better(self, plan):
        measure, indicator = self.hazards(plan)
        plan.year.report(measure, each_month([50, 50], 12), year=2015)
        plan.year.report(measure, each_month([40, 40], 7) | {8: [40, None]})

        assert said(indicator, "status", "reported", "asked") == (StandingStatus.NOT_REPORTED, 1, 2)

    @pytest.mark.parametrize(
        ("cases", "status"),
        [(59, StandingStatus.ON_PACE), (63, StandingStatus.SLIGHTLY_BEHIND), (200, StandingStatus.BEHIND)],
    )
    def test_the_same_period_is_compared_with_the_same_period(self, plan, cases, status):
        measure = plan.number(frequency="quarterly")
        indicator = plan.indicator(
            measure,
            operator=Operator.LESS_THAN,
            basis=Basis.SAME_PERIOD,
            value=None,
            step=Decimal(1),
            path=Path.LAST_YEARS_SHAPE,
        )
        plan.year.report(measure, {3: 30, 6: 30, 9: 100, 12: 100}, year=2015)
        plan.year.report(measure, {3: 0, 6: cases})

        row = standing(indicator)

        assert (row.target_value, row.expected, row.baseline) == (60, 60, 260)
        assert row.status == status

    def test_at_the_end_of_the_year_the_same_period_is_the_year_as_it_was_written_down(self, plan):
        measure = plan.number(frequency="quarterly")
        indicator = plan.indicator(
            measure, operator=Operator.LESS_THAN, basis=Basis.SAME_PERIOD, value=None, path=Path.LAST_YEARS_SHAPE
        )
        Result.objects.create(measure=measure, year=2015, value=860, origin=Origin.TYPED, document="2015年自评")
        plan.year.report(measure, {3: 200, 6: 200, 9: 200, 12: 200})

        assert said(indicator, "target_value", "status", today=END_OF_YEAR) == (860, StandingStatus.DONE)

    def test_a_mean_of_years_needs_every_one_of_them(self, plan):
        measure, indicator = self.hazards(plan, basis=Basis.MEAN_OF_YEARS, years=2, path=Path.FROM_ZERO)
        plan.year.report(measure, each_month([40, 40], 8))
        Result.objects.create(measure=measure, year=2015, value=900, origin=Origin.TYPED, document="2015年自评")
        assert said(indicator, "status") == (StandingStatus.BASELINE_MISSING,)

        Result.objects.create(measure=measure, year=2014, value=1100, origin=Origin.TYPED, document="2014年自评")
        assert said(indicator, "target_value") == (1000,)


class TestMilestone:
    def milestone(self, plan, figure, month=12):
        measure = MilestoneFactory(bureau=plan.bureau)
        indicator = plan.indicator(
            measure, operator=Operator.DATE, value=None, due_on=date(2016, 12, 31), path=Path.KEEP_AT
        )
        plan.year.report(measure, {month: figure})
        return indicator

    @pytest.mark.parametrize(
        ("figure", "today", "status"),
        [
            (None, date(2016, 12, 31), StandingStatus.NOT_REPORTED),
            (None, date(2017, 1, 1), StandingStatus.BEHIND),
            (passed("2016-12-20"), date(2016, 12, 21), StandingStatus.DONE),
            (passed("2017-01-10"), date(2017, 1, 12), StandingStatus.DONE),
            (passed("2016-12-20") | {"outcome": "failed"}, date(2017, 1, 12), StandingStatus.BEHIND),
            ({"outcome": "awaiting"}, date(2017, 1, 12), StandingStatus.AWAITING_RESULT),
        ],
        ids=["nothing yet", "nothing and late", "passed", "passed late", "failed", "no result yet"],
    )
    def test_its_status_is_its_outcome(self, plan, figure, today, status):
        assert said(self.milestone(plan, figure), "status", today=today) == (status,)


class TestJudgement:
    @pytest.mark.parametrize(
        ("month", "figure", "status"),
        [
            (6, judged("achieved", 90), StandingStatus.ON_PACE),
            (6, judged("partial", 70), StandingStatus.SLIGHTLY_BEHIND),
            (6, judged("missed", 30), StandingStatus.BEHIND),
            (12, judged("achieved", 90), StandingStatus.DONE),
            (6, None, StandingStatus.NOT_REPORTED),
        ],
    )
    def test_its_status_is_its_band(self, plan, month, figure, status):
        measure = JudgementFactory(bureau=plan.bureau)
        indicator = plan.indicator(measure, operator=Operator.QUALITATIVE, value=None, path=Path.KEEP_AT)
        plan.year.report(measure, {month: figure})

        percent = figure["percent"] if figure else None
        assert said(indicator, "status", "actual", "asked", "reported") == (status, percent, 1, int(bool(figure)))


class TestQuota:
    @pytest.mark.parametrize(
        ("settled", "status"),
        [(4400, StandingStatus.DONE), (4390, StandingStatus.SLIGHTLY_BEHIND), (4401, StandingStatus.BEHIND)],
        ids=["exactly", "short of it", "exceeded"],
    )
    def test_it_may_neither_be_missed_nor_exceeded(self, plan, settled, status):
        measure = plan.number(frequency="quarterly", accumulation=Accumulation.RUNNING_TOTAL)
        indicator = plan.indicator(measure, operator=Operator.EQUAL, equal_means=EqualMeans.EXACT, value=Decimal(4400))
        plan.year.report(measure, {3: 1000, 12: settled})

        assert said(indicator, "status", "actual", today=END_OF_YEAR) == (status, settled)

    def test_a_pending_target_is_never_filled_from_last_year(self, plan):
        measure = plan.number(frequency="quarterly")
        indicator = plan.indicator(
            measure,
            operator=Operator.EQUAL,
            status=TargetStatus.PENDING,
            value=None,
            reference_value=Decimal(4500),
            reference_year=2015,
        )
        plan.year.report(measure, {3: 1000})

        row = standing(indicator)

        assert (row.status, row.target_value, row.achievement) == (StandingStatus.TARGET_PENDING, None, None)
        assert row.actual == 1000

    def test_the_latest_decided_target_counts_from_its_day(self, plan):
        measure = plan.number(frequency="quarterly", accumulation=Accumulation.RUNNING_TOTAL)
        indicator = plan.indicator(measure, value=Decimal(4500), status=TargetStatus.PROVISIONAL)
        decided = TargetFactory(indicator=indicator, number=2, value=Decimal(4400), effective_on=date(2016, 9, 1))
        plan.year.report(measure, {6: 2200})

        assert said(indicator, "target_value", today=date(2016, 8, 31)) == (4500,)
        assert said(indicator, "target_value", "target", today=date(2016, 9, 1)) == (4400, decided)


def test_the_largest_figures_that_can_be_typed_are_added_up(plan):
    measure = plan.number(plan.districts())
    indicator = plan.indicator(measure)
    plan.year.report(measure, {1: [Decimal(10) ** 15 - 1] * 11})

    assert said(indicator, "actual", today=date(2016, 2, 5)) == (11 * (10**15 - 1),)


def test_counted_things_are_done_when_they_are_reached(plan):
    measure = plan.number(frequency="quarterly")
    indicator = plan.indicator(measure, value=Decimal(200))
    plan.year.report(measure, {3: 150, 6: 60})

    assert said(indicator, "status") == (StandingStatus.DONE,)


def test_a_season_is_over_when_its_last_month_is(plan):
    season = Season.objects.create(
        bureau=plan.bureau, name="学年", starts_on=date(2015, 9, 1), ends_on=date(2016, 8, 31)
    )
    measure = plan.ratio(frequency="season", season=season)
    indicator = plan.indicator(measure, value=Decimal(100), path=Path.KEEP_AT)
    plan.year.report(measure, {7: (10, 10)})
    assert said(indicator, "status") == (StandingStatus.ON_PACE,)

    plan.year.report(measure, {8: (10, 10)})
    assert said(indicator, "status") == (StandingStatus.DONE,)


def test_figures_that_wait_for_review_do_not_count(world):
    world.count([(9, 10), (9, 10), (9, 10)], month=7)
    world.submit([(1, 10), (1, 10), (1, 10)], month=8)

    assert said(world.indicator, "actual", "round") == (90, world.round_of(7))


class TestStoredStandings:
    def test_what_was_stored_today_is_taken_as_it_is(self, world, django_assert_num_queries):
        world.count([(9, 10), (9, 10), (9, 10)])
        Standing.objects.update(actual=12)

        with django_assert_num_queries(3):
            found = current_standings([world.version.plan], TODAY)

        assert found[world.indicator.pk].actual == 12

    def test_another_day_is_worked_out_anew_and_not_stored(self, world):
        world.count([(9, 10), (9, 10), (9, 10)])
        Standing.objects.update(actual=12)

        found = current_standings([world.version.plan], date(2016, 9, 7))

        assert (found[world.indicator.pk].actual, found[world.indicator.pk].dated_on) == (90, date(2016, 9, 7))
        assert Standing.objects.get().actual == 12

    def test_a_new_target_is_worked_out_anew(self, world):
        world.count([(9, 10), (9, 10), (9, 10)])
        TargetFactory(indicator=world.indicator, number=2, value=Decimal(100), path=Path.KEEP_AT)

        found = current_standings([world.version.plan], TODAY)[world.indicator.pk]

        assert (found.target_value, found.status) == (100, StandingStatus.SLIGHTLY_BEHIND)

    def test_a_new_version_of_the_plan_is_worked_out_anew(self, world):
        world.count([(9, 10), (9, 10), (9, 10)])
        Standing.objects.update(actual=12)
        second = PlanVersionFactory(plan=world.version.plan, number=2)
        IndicatorTermsFactory(version=second, indicator=world.indicator)

        found = current_standings([world.version.plan], TODAY)[world.indicator.pk]

        assert (found.actual, found.version) == (90, second)

    def test_the_cost_is_the_same_for_one_indicator_and_three(self, plan, django_assert_num_queries):
        for number in (1, 3):
            while plan.version.plan.indicators.count() < number:
                plan.indicator(plan.number())
            with django_assert_num_queries(5):
                current_standings([plan.version.plan], TODAY)


class TestMembers:
    def test_they_are_ranked_with_the_line_they_must_reach(self, plan):
        members = plan.districts(4)
        measure = plan.ratio(members)
        indicator = plan.indicator(measure, value=Decimal(80), path=Path.KEEP_AT)
        plan.year.report(measure, {8: [(92, 100), (80, 100), (70, 100), None]})

        rows = member_figures(indicator, TODAY)

        told = [(row.member.name, row.value, row.is_met, row.is_reported, row.gap) for row in rows]
        assert told == [
            ("荔湾", 92, True, True, 0),
            ("越秀", 80, True, True, 0),
            ("海珠", 70, False, True, 10),
            ("天河", None, None, False, None),
        ]

    def test_a_milestone_has_none(self, plan):
        measure = MilestoneFactory(bureau=plan.bureau)
        indicator = plan.indicator(measure, operator=Operator.DATE, value=None, due_on=date(2016, 12, 31))
        plan.year.report(measure, {12: passed("2016-12-20")})

        assert member_figures(indicator, TODAY) == []

    def test_without_a_target_value_nobody_meets_or_misses(self, plan):
        measure = plan.number(plan.districts(1))
        indicator = plan.indicator(measure, status=TargetStatus.PENDING, value=None)
        plan.year.report(measure, {1: [3]})

        row = member_figures(indicator, date(2016, 2, 5))[0]

        assert (row.value, row.is_met, row.gap) == (3, None, None)


class TestTrend:
    def test_each_point_is_the_year_up_to_its_round(self, plan):
        measure = plan.number(plan.districts(2))
        plan.year.report(measure, {1: [3, 4], 2: [5, None], 3: [0, 0]})

        points = trend(measure, 2016, TODAY)

        told = [(point.round.ends_on.month, point.value, point.reported, point.asked) for point in points]
        assert told == [(1, 7, 2, 2), (2, 12, 1, 2), (3, 12, 2, 2)]

    def test_a_round_that_has_not_opened_has_no_point(self, plan):
        measure = plan.number()
        plan.year.report(measure, {1: 3, 2: None})

        assert len(trend(measure, 2016, date(2016, 2, 29))) == 1

    def test_a_judgement_has_no_line(self, plan):
        measure = JudgementFactory(bureau=plan.bureau)
        plan.year.report(measure, {6: judged("achieved", 90)})

        assert trend(measure, 2016, TODAY) == []

    def test_it_costs_one_query(self, plan, django_assert_num_queries):
        measure = plan.number(plan.districts(2))
        plan.year.report(measure, each_month([3, 4], 8))

        with django_assert_num_queries(1):
            assert len(trend(measure, 2016, TODAY)) == 8


@pytest.mark.parametrize("years_behind", [0, 5])
def test_history_does_not_make_an_answer_dearer(plan, django_assert_num_queries, years_behind):
    measure = plan.number(plan.districts(2))
    indicator = plan.indicator(measure)
    for year in range(2016 - years_behind, 2016):
        plan.year.report(measure, each_month([3, 4], 12), year=year)
    plan.year.report(measure, {1: [3, 4]})

    with django_assert_num_queries(4):
        standing(indicator)
