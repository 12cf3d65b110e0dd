"""Submitting figures."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.enums import Role
from apps.journal.enums import Verb
from apps.journal.models import Chain, Event
from apps.progress import actions
from apps.progress.actions import Cell, submit
from apps.progress.enums import EntryState
from apps.progress.models import CheckMark, Draft, Entry, Revision, Standing
from tests.factories import (
    AssignmentFactory,
    ChecklistItemFactory,
    DefinitionFactory,
    JudgementFactory,
    NumberFactory,
    RatioFactory,
    UserFactory,
)
from tests.progress.world import NOW, TODAY, add_district_office, make_world, values

pytestmark = pytest.mark.django_db


def one(entry, figure=(9, 10), **more):
    return Cell(entry.pk, values(figure), **({"seen": entry.latest.number if entry.latest else 0} | more))


def refusal(kind, cells, person, today=TODAY):
    """Return the sentence and the cell of the refusal, having made sure that nothing was written."""
    before = (Revision.objects.count(), Event.objects.count())
    with pytest.raises(kind) as caught:
        submit(cells=cells, person=person, today=today, at=NOW)
    assert (Revision.objects.count(), Event.objects.count()) == before
    return caught.value.sentence, caught.value.entry_id


def test_a_figure_becomes_a_revision_that_waits_for_review(world):
    revision = world.submit([(9, 10)], note=" 台账 ")[0]

    entry = world.cells()[0]
    assert (entry.latest, entry.approved, entry.state) == (revision, None, EntryState.SUBMITTED)
    assert (revision.number, revision.numerator, revision.denominator, revision.note) == (1, 9, 10, "台账")
    assert (revision.submitted_by, revision.submitted_at) == (world.reporter, NOW)


def test_zero_is_a_figure(world):
    revision = world.submit([(0, 10)])[0]

    revision.refresh_from_db()
    assert revision.numerator == Decimal(0)


def test_the_definition_in_force_at_the_end_of_the_round_is_noted(world):
    DefinitionFactory(measure=world.measure, effective_on=date(2016, 1, 1))
    second = DefinitionFactory(measure=world.measure, number=2, effective_on=date(2016, 8, 1))
    first = world.measure.definitions.get(number=1)

    cells = [one(world.cells(7)[0]), one(world.cells(8)[0])]
    july, august = submit(cells=cells, person=world.reporter, today=TODAY, at=NOW)

    assert (july.definition, august.definition) == (first, second)


def test_another_units_cell_is_refused(world):
    office_reporter = add_district_office(world)
    office = office_reporter.duties[0].unit_id

    sentence, entry_id = refusal(actions.NotYourCell, [one(world.cells()[0])], world.reporter)

    entry = world.cells()[0]
    assert entry.reporting_unit_id == office
    assert sentence == f"“荔湾”由{entry.reporting_unit}填报，您不能填写。"
    assert entry_id == entry.pk


@pytest.mark.parametrize("role", [role for role in Role if role != Role.REPORTER])
def test_no_other_role_submits(world, role):
    sentence, _entry_id = refusal(actions.NotYourCell, [one(world.cells()[0])], world.people[role])

    assert sentence == f"“荔湾”由{world.division}填报，您不能填写。"


def test_a_right_that_has_ended_is_none(world):
    person = UserFactory()
    AssignmentFactory(user=person, unit=world.division, ends_at=datetime(2016, 1, 1, tzinfo=UTC))

    refusal(actions.NotYourCell, [one(world.cells()[0])], person)


def test_a_cell_that_is_not_there_is_refused(world):
    sentence, entry_id = refusal(actions.NotYourCell, [Cell(987654321, values((9, 10)))], world.reporter)

    assert (sentence, entry_id) == ("没有这一格。", 987654321)


def test_a_cell_named_twice_is_refused(world):
    cell = one(world.cells()[0])

    sentence, _entry_id = refusal(actions.CellTwice, [cell, cell], world.reporter)

    assert sentence == "“荔湾”在一次提交中出现了两次。"


def test_a_round_that_has_not_opened_is_refused(world):
    sentence, _entry_id = refusal(
        actions.RoundNotOpen, [one(world.cells()[0])], world.reporter, today=date(2016, 8, 31)
    )

    assert sentence == "填报期 2016年8月 到 2016-09-01 才开放。"


def test_a_closed_round_is_refused(world):
    row = world.round_of(8)
    row.closed_at = NOW
    row.save()

    sentence, _entry_id = refusal(actions.RoundClosed, [one(world.cells()[0])], world.reporter)

    assert sentence == "填报期 2016年8月 已关闭。如需补报，请联系绩效管理岗。"


def test_a_period_outside_the_plan_is_refused(world):
    world.version.ends_on = date(2016, 7, 31)
    world.version.save()

    sentence, _entry_id = refusal(actions.RoundOutsidePlan, [one(world.cells()[0])], world.reporter)

    assert sentence == "填报期 2016年8月 不在任何已批复的年度绩效目标的起止时间内，不能填报。"


def test_a_period_of_a_plan_that_is_not_approved_is_refused(world):
    world.version.plan.approved = None
    world.version.plan.save()

    refusal(actions.RoundOutsidePlan, [one(world.cells()[0])], world.reporter)


def test_a_reviewed_figure_is_not_changed_without_a_reason(world):
    world.count([(9, 10)])

    sentence, _entry_id = refusal(actions.CorrectionWithoutReason, [one(world.cells()[0], (8, 10))], world.reporter)
    blank, _entry_id = refusal(
        actions.CorrectionWithoutReason, [one(world.cells()[0], (8, 10), reason="  ")], world.reporter
    )

    assert sentence == blank == "“荔湾”的数据已审核。如需更正，请写明更正原因。"


def test_a_figure_that_somebody_changed_meanwhile_is_not_overwritten(world):
    colleague = UserFactory(role=Role.REPORTER, unit=world.division, name="同事")
    first_tab = one(world.cells()[0], (9, 10))
    world.submit([("7.5", 10)], person=colleague)

    sentence, _entry_id = refusal(actions.FigureChanged, [first_tab], world.reporter)

    assert sentence == "“荔湾”在您打开页面之后已由同事改为 7.5/10，请核对后再提交。"


def test_a_figure_that_went_away_meanwhile_is_said(world):
    sentence, _entry_id = refusal(actions.FigureChanged, [one(world.cells()[0], seen=1)], world.reporter)

    assert sentence == "“荔湾”在您打开页面之后已被撤回，请刷新后再提交。"


def test_a_part_above_its_whole_is_refused_by_every_door(world):
    sentence, _entry_id = refusal(actions.FigureUnfit, [one(world.cells()[0], (11000, 10000))], world.reporter)

    assert sentence == "已纳管人数 11,000 大于应纳管人数 10,000；前者是后者的一部分，请核对。"


def test_a_part_may_be_above_what_is_no_whole(world):
    measure = RatioFactory(bureau=world.bureau, division=world.division, is_part_of_whole=False)
    world.ask(measure)

    assert world.submit([(11, 10)], measure=measure, note="含上年结转")[0].numerator == 11


def test_another_kind_of_figure_is_refused(world):
    sentence, _entry_id = refusal(actions.FigureUnfit, [one(world.cells()[0], 90)], world.reporter)

    assert sentence == "“荔湾”要填的是比率。"


@pytest.mark.parametrize("figure", [{}, {"numerator": Decimal(1)}, {"numerator": Decimal(1), "denominator": None}])
def test_half_a_ratio_is_refused(world, figure):
    sentence, entry_id = refusal(actions.FigureUnfit, [one(world.cells()[0], figure)], world.reporter)

    assert sentence == "“荔湾”的比率没有填完整。"
    assert entry_id == world.cells()[0].pk


@pytest.mark.parametrize(
    ("judged", "sentence"),
    [
        ({"band": "achieved", "percent": Decimal(120)}, "120 % 不在 0 到 100 % 之间。"),
        ({"band": "achieved", "percent": Decimal("-0.5")}, "-0.5 % 不在 0 到 100 % 之间。"),
        ({"percent": Decimal(90)}, "“荔湾”的定性评定没有填完整。"),
        ({"band": "", "percent": Decimal(90)}, "“荔湾”的定性评定没有填完整。"),
    ],
)
def test_a_judgement_that_cannot_be_is_refused(world, judged, sentence):
    measure = JudgementFactory(bureau=world.bureau, division=world.division, members=world.members)
    world.ask(measure)
    cells = [one(Entry.objects.filter(measure=measure).first(), judged, note="窗口整洁")]

    assert refusal(actions.FigureUnfit, cells, world.reporter)[0] == sentence


def test_all_cells_go_in_or_none(world):
    cells = [one(entry) for entry in world.cells()]
    cells[2] = one(world.cells()[2], seen=4)

    refusal(actions.FigureChanged, cells, world.reporter)

    assert [entry.state for entry in world.cells()] == [EntryState.PENDING] * 3


def test_nothing_to_submit_writes_nothing(world):
    events = Event.objects.count()

    assert submit(cells=[], person=world.reporter, today=TODAY, at=NOW) == []
    assert Event.objects.count() == events


def test_a_correction_keeps_the_reviewed_figure_until_it_is_reviewed_itself(world):
    first = world.count([(9, 10)])[0]
    second = world.submit([(8, 10)], reason="重复登记")[0]

    waiting = world.cells()[0]
    assert (waiting.latest, waiting.approved, waiting.state) == (second, first, EntryState.SUBMITTED)
    assert Standing.objects.get().numerator == 9

    world.approve([second])

    assert world.cells()[0].approved == second
    assert Standing.objects.get().numerator == 8


def test_drafts_of_submitted_cells_go_and_others_stay(world):
    first, second, _third = world.cells()
    colleague = UserFactory(role=Role.REPORTER, unit=world.division)
    for entry, person in ((first, world.reporter), (second, world.reporter), (first, colleague)):
        actions.save_drafts(texts={entry.pk: {"numerator": "九"}}, person=person, at=NOW)

    world.submit([(9, 10)])

    kept = set(Draft.objects.values_list("entry", "person"))
    assert kept == {(second.pk, world.reporter.pk), (first.pk, colleague.pk)}


def test_the_event_says_who_what_before_and_after(world):
    world.submit([(9, 10)])
    world.submit([(8, 10)])
    world.approve([world.cells()[0].latest])
    world.submit([(7, 10)], reason="核减")

    submitted, again, _approved, corrected = Event.objects.exclude(verb=Verb.OPEN).order_by("number")
    first = {"number": 1, "numerator": "9", "denominator": "10"}
    second = {"number": 2, "numerator": "8", "denominator": "10"}
    third = {"number": 3, "numerator": "7", "denominator": "10"}
    assert (submitted.verb, submitted.before, submitted.after) == (Verb.SUBMIT, None, first)
    assert (again.verb, _plain(again.before), again.after) == (Verb.SUBMIT, first, second)
    assert (corrected.verb, _plain(corrected.before), corrected.after) == (Verb.CORRECT, second, third)
    assert (corrected.reason, corrected.actor, corrected.at) == ("核减", world.reporter, NOW)
    assert corrected.subject_label == f"{world.measure} · 荔湾 · 2016年8月 · 3"


def _plain(facts):
    """Return the facts with figures as short as they were typed: a database pads them with zeros."""
    return {name: f"{Decimal(text).normalize():f}" if "." in str(text) else text for name, text in facts.items()}


def test_neither_figure_nor_event_outlives_a_transaction_that_fails(world):
    events, length = Event.objects.count(), Chain.objects.get().length

    def submit_and_fail():
        with transaction.atomic():
            world.submit([(9, 10)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        submit_and_fail()

    assert (Revision.objects.count(), Event.objects.count()) == (0, events)
    assert Chain.objects.get().length == length
    assert world.cells()[0].state == EntryState.PENDING


def test_cells_of_two_bureaus_are_told_to_their_own_chains(world):
    other = make_world(districts=1)
    AssignmentFactory(user=world.reporter, unit=other.division)

    cells = [one(world.cells()[0]), one(other.cells()[0])]
    submit(cells=cells, person=world.reporter, today=TODAY, at=NOW)

    chains = Event.objects.filter(verb=Verb.SUBMIT).values_list("chain__bureau", flat=True)
    assert set(chains) == {world.bureau.pk, other.bureau.pk}


def test_what_was_found_for_each_item_is_kept(world):
    measure = JudgementFactory(bureau=world.bureau, division=world.division)
    items = [ChecklistItemFactory(measure=measure) for _number in range(2)]
    world.ask(measure)
    entry = Entry.objects.get(measure=measure)

    cell = Cell(
        entry.pk,
        {"band": "achieved", "percent": Decimal(90)},
        note="两处窗口整洁",
        marks={items[0].pk: "passed", items[1].pk: "failed"},
    )
    submit(cells=[cell], person=world.reporter, today=TODAY, at=NOW)

    found = CheckMark.objects.order_by("item__number").values_list("item", "mark")
    assert list(found) == [(items[0].pk, "passed"), (items[1].pk, "failed")]


def test_the_database_refuses_a_ratio_with_half_its_figures(world):
    revision = Revision(
        entry=world.cells()[0], number=1, numerator=9, submitted_by=world.reporter, submitted_at=NOW, origin="typed"
    )

    with pytest.raises(IntegrityError, match="revision_says_one_thing"):
        revision.save()


@pytest.mark.parametrize("districts", [1, 11])
def test_submitting_costs_the_same_however_many_cells(django_assert_num_queries, districts):
    world = make_world(districts)
    cells = [one(entry) for entry in world.cells()]
    person = world.reporter

    with django_assert_num_queries(15):
        submit(cells=cells, person=person, today=TODAY, at=NOW)


def test_a_running_count_needs_no_denominator(world):
    measure = NumberFactory(bureau=world.bureau, division=world.division)
    world.ask(measure)

    revision = world.submit([0], measure=measure)[0]

    assert (revision.value, revision.numerator) == (0, None)
