"""What is asked about typed figures beside those of earlier rounds."""

from decimal import Decimal

import pytest

from apps.calculation.plausibility import Code
from apps.plans.enums import Frequency
from apps.progress.actions import return_
from apps.progress.models import Entry, Round
from apps.progress.queries.questions import questions_from, questions_of, stored
from tests.factories import (
    BudgetLineFactory,
    EntryFactory,
    JudgementFactory,
    MemberFactory,
    MoneyFactory,
    NumberFactory,
    RatioFactory,
    RoundFactory,
)
from tests.progress.world import NOW, values
from tests.progress.year import Year

pytestmark = pytest.mark.django_db


def codes(typed):
    return {pk: [row.code for row in found] for pk, found in questions_of(typed).items()}


def test_each_cell_is_held_against_its_own_member(world):
    world.count([(90, 100), (9, 10), (800, 1000)], month=7)
    first, second, third = world.cells()

    asked = codes({first: values((9, 100)), second: values((9, 10)), third: values((9, 10))})

    assert asked == {third.pk: [Code.TENTH]}


def test_what_is_no_number_asks_nothing(world, django_assert_num_queries):
    entry = world.cells()[0]

    with django_assert_num_queries(0):
        assert questions_of({}) == {}
        assert questions_of({entry: {"outcome": "passed", "decided_by": "市综治办"}}) == {}


def test_a_figure_that_waits_for_its_review_is_compared_with_and_a_returned_one_is_not(world):
    waiting, sent_back = world.submit([(90, 100), (90, 100)], month=7)
    return_(revision_ids=[sent_back.pk], reviewer=world.head, reason="请核对", at=NOW)
    first, second, _third = world.cells()

    asked = codes({first: values((5, 50)), second: values((5, 50))})

    assert asked == {first.pk: [Code.TENTH, Code.MOVED]}
    assert waiting.entry.state == "submitted"


def test_a_reviewed_figure_whose_correction_was_returned_is_compared_with(world):
    world.count([(90, 100)], month=7)
    corrected = world.submit([(1, 10)], month=7, reason="核减", note="已核")
    return_(revision_ids=[corrected[0].pk], reviewer=world.head, reason="请核对", at=NOW)
    entry = world.cells()[0]

    assert codes({entry: values((1, 10))}) == {entry.pk: [Code.TENTH, Code.MOVED]}


def test_a_round_that_overlaps_is_no_earlier_one(world):
    world.count([(90, 100)], month=8)
    august = world.cells()[0].round
    extra = Round.objects.create(
        bureau=world.bureau,
        frequency=Frequency.MONTHLY,
        title="补报",
        opened_by=world.head,
        starts_on=august.starts_on.replace(day=10),
        ends_on=august.ends_on,
        fiscal_year=2016,
        opens_on=august.opens_on,
        due_on=august.due_on,
    )
    entry = EntryFactory(measure=world.measure, member=world.members[0], round=extra)

    assert codes({entry: values((1, 10))}) == {}


def test_what_is_typed_for_an_earlier_round_counts_as_said(world):
    measure = NumberFactory(bureau=world.bureau, division=world.division, accumulation="running_total")
    world.ask(measure)
    june, july, august = (world.cells(month, measure)[0] for month in (6, 7, 8))

    assert codes({august: values(30), june: values(20), july: values(40)}) == {august.pk: [Code.FELL]}


def test_a_quarter_is_held_against_the_quarters_of_three_years(world):
    measure = RatioFactory(
        bureau=world.bureau, division=world.division, members=world.members[:1], frequency=Frequency.QUARTERLY
    )
    year = Year(world.bureau)
    for past, figure in ((2013, 100), (2014, 110), (2015, 120)):
        year.report(measure, {12: (figure, 1000)}, past)
    year.report(measure, {3: (130, 1000)})
    june = year.round_of(measure, 6, 2016)
    entry = EntryFactory(measure=measure, member=world.members[0], round=june)

    assert codes({entry: values((161, 1000))}) == {entry.pk: [Code.JUMP]}
    assert codes({entry: values((160, 1000))}) == {}


def test_a_judged_percentage_is_asked_about(world):
    measure = JudgementFactory(bureau=world.bureau, division=world.division)
    world.ask(measure)
    entry = Entry.objects.get(measure=measure)

    assert codes({entry: {"band": "missed", "percent": Decimal("0.8")}}) == {entry.pk: [Code.SHARE]}


@pytest.fixture
def spending(world):
    """Return the cells of August of a project's money, from two sources, of which one was given 100 万元 and 20 more."""
    sources = [MemberFactory(bureau=world.bureau, dimension="source") for _number in range(2)]
    measure = MoneyFactory(bureau=world.bureau, division=world.division, dimension="source", members=sources)
    project = world.version.plan.project
    project.execution = measure
    project.save()
    for kind, amount in (("initial", 1_000_000), ("adjustment", 200_000)):
        BudgetLineFactory(plan=world.version.plan, source=sources[0], kind=kind, amount=Decimal(amount))
    row = RoundFactory(bureau=world.bureau, fiscal_year=2016, month=10)
    return [EntryFactory(measure=measure, member=source, round=row) for source in sources]


def test_money_is_held_against_the_adjusted_budget_of_its_source(spending):
    given, other = spending
    typed = {given: values(1_200_001), other: values(9_000_000)}

    assert codes(typed) == {given.pk: [Code.OVER_BUDGET]}
    assert codes({given: values(1_200_000)}) == {}


@pytest.mark.parametrize("number", [1, 3])
def test_it_costs_one_query_and_one_for_money(world, spending, django_assert_num_queries, number):
    world.count([(9, 10)] * 3, month=7)
    rows = Entry.objects.select_related("measure", "round")
    figures = {entry: values((9, 10)) for entry in rows.filter(round=world.round_of(8))[:number]}
    with django_assert_num_queries(1):
        questions_of(figures)
    money = {entry: values(1) for entry in spending[:number]}
    with django_assert_num_queries(2):
        questions_of({**figures, **money})


def test_questions_are_kept_and_read_again(world):
    world.count([(90, 100)], month=7)
    entry = world.cells()[0]
    asked = questions_of({entry: values((5, 50))})[entry.pk]

    revision = world.submit([(5, 50)], note="撤并街道")[0]

    revision.refresh_from_db()
    assert revision.questions == stored(asked)
    assert questions_from(revision.questions) == asked
    assert [row.sentence.zh for row in questions_from(revision.questions)] == [
        "已纳管人数本次 5，不到上次 90 的十分之一。是否漏了位数？",
        "应纳管人数本次 50，比上次 100 变动了 50 %。范围或口径是否有变化？",
    ]
