"""The monitoring of plans: what is drawn up, what is frozen, who passes it, and what its pages say."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from apps.accounts.enums import Role
from apps.journal.models import Event
from apps.journal.queries import chain_flaws, content_flaws
from apps.plans.enums import BudgetKind, Dimension
from apps.plans.models import Plan, Result
from apps.progress.actions import Cell, approve, open_rounds
from apps.progress.actions import monitoring as actions
from apps.progress.actions import submit as submit_cells
from apps.progress.actions.due_days import DueTooFar
from apps.progress.enums import Likelihood, MonitoringState
from apps.progress.models import (
    Monitoring,
    MonitoringDraft,
    MonitoringLine,
    MonitoringReport,
    MonitoringRound,
    MonitoringStep,
)
from apps.progress.queries.monitoring import monitoring_content, monitoring_rows, monitorings_to_fill, spendings
from tests.factories import (
    BudgetLineFactory,
    MemberFactory,
    MilestoneFactory,
    MoneyFactory,
    NumberFactory,
    PlanVersionFactory,
    TargetFactory,
    UserFactory,
)
from tests.progress.monitorings import HALF, open_half, said, submit
from tests.progress.world import NOW, TODAY
from tests.progress.year import Year, each_month

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def fresh(monitoring) -> Monitoring:
    rows = Monitoring.objects.select_related("round", "plan__project__execution", "plan__approved__scheme", "report")
    return rows.get(pk=monitoring.pk)


def content_of(monitoring):
    return monitoring_content(fresh(monitoring))


def last_step(monitoring) -> int:
    return monitoring.steps.order_by("-pk")[0].pk


def passed(world, monitoring, *roles):
    for role in roles:
        monitoring = actions.pass_monitoring(
            monitoring=monitoring, person=world.people[role], seen=last_step(monitoring), at=NOW
        )
    return monitoring


# What is drawn up ------------------------------------------------------------------------------------------------------


def test_only_figures_of_the_window_are_in_the_form(world):
    for month, share in ((5, 7), (6, 8), (7, 9)):
        world.count([(share, 10)] * 3, month)

    line = content_of(open_half(world)).lines[0]

    assert (line.actual, line.numerator, line.denominator) == (80, 24, 30)
    assert (line.reported, line.asked, line.missing, line.status) == (3, 3, [], "on_pace")


def test_the_last_month_of_the_window_counts_as_asked_although_nobody_told_it(world):
    world.count([(8, 10)] * 3, 5)

    line = content_of(open_half(world)).lines[0]

    assert (line.actual, line.reported, line.asked) == (None, 0, 3)
    assert line.missing == ["荔湾", "越秀", "海珠"]


def test_the_target_is_that_of_the_windows_last_day(world):
    TargetFactory(indicator=world.indicator, number=2, value=Decimal(95), effective_on=date(2016, 7, 1))

    assert content_of(open_half(world)).lines[0].target_value == 80
    assert content_of(open_half(world, month=7, title="1—7月")).lines[0].target_value == 95


def test_the_version_is_that_of_the_windows_last_day(world):
    plan = world.version.plan
    later = PlanVersionFactory(plan=plan, number=2, approved_at=datetime(2016, 7, 5, tzinfo=UTC))

    assert content_of(open_half(world)).report.version == world.version
    assert content_of(open_half(world, month=7, title="1—7月")).report.version == later


def test_three_complete_months_are_the_least_that_suggests_a_year(world):
    monitoring = open_half(world)
    for month in (5, 6):
        world.count([(8, 10)] * 3, month)
    two = content_of(monitoring)
    world.count([(8, 10)] * 3, 4)
    three = content_of(monitoring)

    assert (two.lines[0].suggestion, two.silence[world.indicator.pk]) == (None, "完整的数据不足 3 期，不作推算。")
    assert three.lines[0].suggestion == 80
    assert three.lines[0].suggestion_text.startswith("按最近三期的进度推算，到 2016-12-31 约为 80 %（80 至 80）")


def test_an_incomplete_last_month_suggests_nothing(world):
    for month in (3, 4, 5):
        world.count([(8, 10)] * 3, month)
    world.count([(8, 10)], 6)

    content = content_of(open_half(world))

    assert content.lines[0].suggestion is None
    assert content.silence[world.indicator.pk] == "最近一期未报全，不作推算。"


def test_a_milestone_decided_after_the_window_is_still_awaited_in_it(world):
    plan_document = MilestoneFactory(bureau=world.bureau, division=world.division)
    indicator = world.ask(plan_document, operator="date", value=None, due_on=date(2016, 8, 31))
    entry = plan_document.entries.get()
    told = {"outcome": "passed", "decided_on": date(2016, 8, 1), "decided_by": "市政府", "document": ""}
    rows = submit_cells(cells=[Cell(entry.pk, told)], person=world.reporter, today=TODAY, at=NOW)
    approve(revision_ids=[rows[0].pk], reviewer=world.head, today=TODAY, at=NOW)

    half, more = content_of(open_half(world)), content_of(open_half(world, month=8, title="1—8月"))

    assert [line.outcome for line in half.lines if line.indicator == indicator] == ["awaiting"]
    assert [line.outcome for line in more.lines if line.indicator == indicator] == ["passed"]


# Money -----------------------------------------------------------------------------------------------------------------


def fund(world, initial=1_000_000, added=0):
    """Give the plan a budget and an execution measure by one source, and return the source."""
    source = MemberFactory(bureau=world.bureau, dimension=Dimension.FUNDING, code="general", name="一般公共预算")
    project = world.version.plan.project
    project.execution = MoneyFactory(bureau=world.bureau, division=world.division, members=[source])
    project.save()
    BudgetLineFactory(plan=world.version.plan, source=source, kind=BudgetKind.INITIAL, amount=Decimal(initial))
    if added:
        BudgetLineFactory(
            plan=world.version.plan,
            source=source,
            kind=BudgetKind.ADJUSTMENT,
            amount=Decimal(added),
            effective_on=date(2016, 8, 1),
        )
    open_rounds(bureau=world.bureau, today=TODAY, at=NOW)
    return source


def test_money_is_that_of_the_window(world):
    fund(world, added=500_000)
    execution = world.version.plan.project.execution
    world.count([300_000], 6, measure=execution)
    world.count([480_000], 7, measure=execution)

    half, seven = open_half(world), open_half(world, month=7, title="1—7月")
    content, later = content_of(half).spending, spendings([fresh(seven)])[seven.pk]

    assert (content.budget, content.executed, content.rate, content.expected) == (1_000_000, 300_000, 30, 50)
    assert (content.light, content.is_complete, content.reported_until) == ("yellow", True, date(2016, 6, 30))
    assert (later.executed, later.budget, later.light) == (480_000, 1_000_000, "green")


# Opening and closing ---------------------------------------------------------------------------------------------------


def test_one_step_opens_it_for_every_approved_plan(world):
    plans = Plan.objects.in_force().filter(project__bureau=world.bureau).count()

    monitoring = open_half(world, due_on=date(2016, 10, 2))

    assert monitoring.round.monitorings.count() == plans
    assert monitoring.round.due_on == date(2016, 9, 30), "a rest day goes to the working day before"
    assert Event.objects.get(subject_type="progress.monitoringround").verb == "open"


def test_a_name_is_given_once_a_year_and_the_due_day_is_after_the_window(world):
    open_half(world)

    with pytest.raises(actions.WindowUnfit, match="已有名为“2016年上半年”的监控"):
        open_half(world)
    with pytest.raises(actions.WindowUnfit, match="截止日应在监控期末（2016-06-30）之后"):
        open_half(world, title="另一次", due_on=date(2016, 6, 30))
    with pytest.raises(actions.NothingToMonitor):
        open_half(world, year=2015, due_on=date(2015, 9, 1))
    assert MonitoringRound.objects.count() == 1


@pytest.mark.parametrize(
    ("due_on", "refusal", "sentence"),
    [
        (date.min, actions.DueUnfit, "应在监控期末（2016-06-30）之后"),
        (date(2016, 9, 5), actions.DueUnfit, "不能早于今天（2016-09-06）"),
        (date(2017, 9, 8), DueTooFar, "最晚为 2017-09-07"),
        (date.max, DueTooFar, "最晚为 2017-09-07"),
    ],
)
def test_a_monitoring_is_due_between_today_and_a_year_from_now(world, due_on, refusal, sentence):
    with pytest.raises(refusal, match=sentence):
        open_half(world, due_on=due_on)
    row = open_half(world, due_on=TODAY).round
    with pytest.raises(refusal, match=sentence):
        actions.reopen_monitorings(
            row=row, officer=world.people[Role.OFFICER], due_on=due_on, reason="延期", today=TODAY, at=NOW
        )


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICER])
def test_only_an_officer_opens_and_closes(world, role):
    row = open_half(world).round
    person = world.people[role]

    with pytest.raises(actions.NotYourMonitoring):
        actions.open_monitorings(
            bureau=world.bureau, officer=person, today=TODAY, at=NOW, **{**HALF, "title": "另一次"}
        )
    with pytest.raises(actions.NotYourMonitoring):
        actions.close_monitorings(row=row, officer=person, reason="结束", at=NOW)


def test_a_closed_round_takes_nothing_until_it_is_opened_again(world):
    monitoring, officer = open_half(world), world.people[Role.OFFICER]
    actions.close_monitorings(row=monitoring.round, officer=officer, reason="报表已上报", at=NOW)

    with pytest.raises(actions.MonitoringClosed):
        submit(world, monitoring)
    with pytest.raises(actions.MonitoringClosed):
        type_in(world, monitoring, {"likelihood": "certain"})
    assert monitorings_to_fill(world.reporter) == []

    again = {"due_on": date(2016, 10, 14), "reason": "补报"}
    actions.reopen_monitorings(row=monitoring.round, officer=officer, today=TODAY, at=NOW, **again)
    assert submit(world, monitoring).number == 1


def test_a_plan_approved_later_is_taken_in(world):
    row = open_half(world).round
    plan = PlanVersionFactory(plan__project__bureau=world.bureau).plan

    added = actions.add_monitorings(row=row, officer=world.people[Role.OFFICER], at=NOW)

    assert [each.plan for each in added] == [plan]
    assert actions.add_monitorings(row=row, officer=world.people[Role.OFFICER], at=NOW) == []


# Filling in ------------------------------------------------------------------------------------------------------------


def type_in(world, monitoring, fields, person=None, seen=0, place=None):
    place = place or str(world.indicator.pk)
    return actions.save_monitoring_drafts(
        monitoring=monitoring, texts={place: fields}, seen={place: seen}, person=person or world.reporter, at=NOW
    )


def test_a_draft_is_kept_letter_by_letter_and_is_no_event(world):
    monitoring = open_half(world)
    events = Event.objects.count()

    type_in(world, monitoring, {"estimate": "九十几", "likelihood": "", "note": " "})

    assert MonitoringDraft.objects.get().fields == {"estimate": "九十几"}
    assert (Event.objects.count(), list(monitoring.authors.all())) == (events, [world.reporter])


def test_a_second_person_sees_what_the_first_typed_and_only_then_writes_over_it(world):
    monitoring = open_half(world)
    type_in(world, monitoring, {"note": "先到"})

    theirs = type_in(world, monitoring, {"note": "后到"}, world.head, seen=0)

    assert {place: row.fields for place, row in theirs.items()} == {str(world.indicator.pk): {"note": "先到"}}
    assert MonitoringDraft.objects.get().fields == {"note": "先到"}
    assert type_in(world, monitoring, {"note": "后到"}, world.head, seen=1) == {}
    assert MonitoringDraft.objects.get().fields == {"note": "后到"}


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.FINANCE, Role.AUDITOR, Role.ADMIN])
def test_who_is_not_of_the_division_types_nothing(world, role):
    monitoring = open_half(world)

    with pytest.raises(actions.NotYourMonitoring):
        type_in(world, monitoring, {"note": "越权"}, world.people[role])
    with pytest.raises(actions.NotYourMonitoring):
        submit(world, monitoring, person=world.people[role])


DOUBT = {"likelihood": "possible", "causes": ("staff",), "cause": "人手不足", "remedy": "抽调人员"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"likelihood": ""}, "请选择完成目标的可能性"),
        ({"estimate": None}, "请填写全年预计完成数"),
        ({**DOUBT, "causes": ()}, "请勾选偏差原因"),
        ({**DOUBT, "cause": " "}, "请说明原因"),
        ({**DOUBT, "remedy": ""}, "请写明改进措施"),
        ({**DOUBT, "causes": ("management",)}, "不在本表式的原因之列"),
        ({"estimate": Decimal(70)}, "全年预计 70.00 %，达不到指标值 ≥ 80 %，不能填“确定能”"),
        ({**DOUBT, "likelihood": "impossible"}, "已达到指标值 ≥ 80 %，与所选可能性不符"),
        ({"estimate": Decimal(-1)}, "不能小于 0"),
        ({"estimate": Decimal("100.01")}, "100.01 %，但“已纳管人数”是“应纳管人数”的一部分，最多 100.00 %"),
    ],
)
def test_what_cannot_be_so_is_refused_with_the_indicators_code(world, words, sentence):
    monitoring = open_half(world)

    with pytest.raises(actions.SaidUnfit, match=sentence) as refused:
        submit(world, monitoring, said(world, **words))

    assert f"指标 {world.indicator.code}：" in str(refused.value)
    assert not MonitoringReport.objects.exists()


def test_what_only_grows_does_not_come_to_less_than_it_is(world):
    flow = NumberFactory(bureau=world.bureau, division=world.division)
    indicator = world.ask(flow, value=Decimal(900))
    world.count([500], 6, measure=flow)
    monitoring = open_half(world)
    less = actions.Said(indicator.pk, **{**DOUBT, "estimate": Decimal(400)})

    with pytest.raises(actions.SaidUnfit, match=f"指标 {indicator.code}：全年预计 400 .*已有的 500 .*请填全年累计数"):
        submit(world, monitoring, said(world), less)
    assert submit(world, monitoring, said(world), replace(less, estimate=Decimal(500))).number == 1


def test_a_year_spends_no_less_than_its_window_did(world):
    fund(world)
    world.count([300_060], 6, measure=world.version.plan.project.execution)
    monitoring = open_half(world)

    with pytest.raises(actions.SaidUnfit, match=r"不能少于监控期内已执行的 30\.01 万元"):
        submit(world, monitoring, money={"general": Decimal(300_000)})
    assert submit(world, monitoring, money={"general": Decimal("300_100")}).number == 1


def test_a_year_that_spends_more_than_it_was_given_says_why(world):
    fund(world)
    monitoring, money = open_half(world), {"general": Decimal(1_000_001)}

    with pytest.raises(actions.SaidUnfit, match=r"全年预计执行 100\.00 万元，超出全年预算 100\.00 万元，请写明原因"):
        submit(world, monitoring, money=money, overspending=" ")
    submit(world, monitoring, money=money, overspending="拟追加预算。")

    assert monitoring.steps.get().reason == "拟追加预算。"
    assert "超出原因：拟追加预算。" in words_of(enter(world.head).get(page_of(monitoring)))


def test_a_reason_that_nothing_asks_for_is_not_written_down(world):
    monitoring = open_half(world)
    submit(world, monitoring, overspending="多余的话")

    assert monitoring.steps.get().reason == ""


def ask_document(world):
    """Put a document that is to be passed in November into the plan."""
    measure = MilestoneFactory(bureau=world.bureau, division=world.division)
    return world.ask(measure, operator="date", value=None, due_on=date(2016, 11, 30))


@pytest.mark.parametrize("words", ["不会达标", "预计年底评审不通过"])
def test_a_promise_beside_words_that_say_the_opposite_needs_a_note(world, words):
    indicator = ask_document(world)
    monitoring = open_half(world)
    promise = actions.Said(indicator.pk, likelihood="certain", estimate_text=words)

    with pytest.raises(actions.SaidUnfit, match=f"写的是“{words}”，选的却是“确定能”"):
        submit(world, monitoring, said(world), promise)
    assert submit(world, monitoring, said(world), replace(promise, note="指第一轮评审。")).number == 1


def test_not_being_late_is_no_failure(world):
    indicator = ask_document(world)
    promise = actions.Said(indicator.pk, likelihood="certain", estimate_text="不会延误，11 月底前印发")

    assert submit(world, open_half(world), said(world), promise).number == 1


@pytest.mark.parametrize(("estimate", "left", "is_over"), [(700_000, "yellow", False), (1_000_001, None, True)])
def test_what_will_be_left_and_what_will_be_too_much_is_seen(world, estimate, left, is_over):
    fund(world)
    monitoring = open_half(world)
    submit(world, monitoring, money={"general": Decimal(estimate)}, overspending="拟追加预算。")

    row = monitoring_rows([fresh(monitoring)])[monitoring.pk]

    assert (row.spending.left, row.spending.is_over) == (left, is_over)


def test_every_indicator_and_every_source_is_said(world):
    fund(world)
    monitoring = open_half(world)

    with pytest.raises(actions.SaidUnfit, match="请填写全年预计执行数"):
        submit(world, monitoring)
    world.ask(NumberFactory(bureau=world.bureau, division=world.division), value=Decimal(10))
    with pytest.raises(actions.SaidUnfit, match="还没有填写"):
        submit(world, monitoring, money={"general": Decimal(900_000)})


def test_the_local_form_has_its_own_causes_and_asks_for_no_estimate(world):
    monitoring = open_half(world, layout="local")

    report = submit(world, monitoring, said(world, **{**DOUBT, "causes": ("management",)}, estimate=None))

    assert report.lines.get().causes == ["management"]


def test_the_window_is_over_before_anything_is_submitted(world):
    monitoring = open_half(world)

    with pytest.raises(actions.WindowNotOver, match="到 2016-06-30 才结束"):
        submit(world, monitoring, today=date(2016, 6, 30))


def test_the_database_wants_a_cause_for_a_doubt(world):
    report = submit(world, open_half(world))
    line = report.lines.get()
    line.pk, line.indicator = None, world.ask(NumberFactory(bureau=world.bureau), value=Decimal(1))
    line.likelihood = Likelihood.IMPOSSIBLE

    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)


# What is frozen --------------------------------------------------------------------------------------------------------


def test_what_was_submitted_stays_when_figures_change(world):
    fund(world)
    world.count([300_000], 6, measure=world.version.plan.project.execution)
    revisions = world.count([(8, 10)] * 3, 6)
    monitoring = open_half(world)
    report = submit(world, monitoring, money={"general": Decimal(950_000)})
    assert revisions
    world.count([(5, 10)] * 3, 6, reason="重新核对")

    line = MonitoringReport.objects.get(pk=report.pk).lines.get()

    assert (line.actual, line.estimate, line.likelihood, line.wanted) == (80, 90, "certain", "≥ 80 %")
    assert report.money.get().estimate == 950_000
    assert fresh(monitoring).report == report


@pytest.mark.parametrize("model", [MonitoringReport, MonitoringLine, MonitoringStep])
def test_the_database_refuses_to_change_what_was_submitted(world, model):
    submit(world, open_half(world))
    column = {MonitoringReport: "number", MonitoringLine: "note", MonitoringStep: "reason"}[model]

    with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
        model.objects.update(**{column: 7})


def test_the_journal_keeps_what_was_said_and_finds_nothing_wrong(world):
    monitoring = open_half(world)
    submit(world, monitoring, said(world, **DOUBT))
    passed(world, monitoring, Role.HEAD, Role.OFFICER)

    told = Event.objects.get(subject_type="progress.monitoringreport").after["lines"][world.indicator.code]
    verbs = Event.objects.filter(subject_type="progress.monitoring").order_by("number").values_list("verb", flat=True)

    assert (told["likelihood"], told["causes"], told["remedy"]) == ("possible", ["staff"], "抽调人员")
    assert list(verbs) == ["submit", "pass", "approve"]
    assert [*content_flaws()] == []
    assert [flaw for event in Event.objects.all()[:1] for flaw in chain_flaws(event.chain)] == []


# The way ---------------------------------------------------------------------------------------------------------------


def test_it_goes_from_the_head_to_the_officer_and_is_filed(world):
    monitoring = open_half(world)
    submit(world, monitoring)
    type_of = [monitoring.steps.get().stage]

    monitoring = passed(world, monitoring, Role.HEAD)
    type_of.append(monitoring.state)
    monitoring = passed(world, monitoring, Role.OFFICER)

    assert type_of == ["draft", "officer_review"]
    assert fresh(monitoring).state == MonitoringState.FILED
    with pytest.raises(actions.MonitoringMoved):
        submit(world, monitoring)


def test_the_leader_signs_where_the_round_asks_for_it(world):
    monitoring = open_half(world, has_leader_stage=True)
    submit(world, monitoring)

    monitoring = passed(world, monitoring, Role.HEAD, Role.OFFICER)

    assert monitoring.state == MonitoringState.LEADER_REVIEW
    assert passed(world, monitoring, Role.LEADER).state == MonitoringState.FILED


def test_what_no_division_answers_for_is_filled_in_by_the_officer_and_signed_by_the_leader(world):
    project = world.version.plan.project
    project.division = None
    project.save()
    monitoring, officer = open_half(world), world.people[Role.OFFICER]

    submit(world, monitoring, person=officer)

    assert fresh(monitoring).state == MonitoringState.LEADER_REVIEW
    assert passed(world, monitoring, Role.LEADER).state == MonitoringState.FILED


@pytest.mark.parametrize("stages", [(), (Role.HEAD,), (Role.HEAD, Role.OFFICER)])
def test_any_stage_sends_it_back_with_a_reason_and_it_comes_again_as_another_report(world, stages):
    monitoring = open_half(world, has_leader_stage=True)
    submit(world, monitoring)
    monitoring = passed(world, monitoring, *stages)
    person = world.people[(Role.HEAD, Role.OFFICER, Role.LEADER)[len(stages)]]
    seen = last_step(monitoring)

    with pytest.raises(actions.ReturnedWithoutReason):
        actions.return_monitoring(monitoring=monitoring, person=person, seen=seen, reason=" ", at=NOW)
    actions.return_monitoring(monitoring=monitoring, person=person, seen=seen, reason="措施太空", at=NOW)

    assert fresh(monitoring).state == MonitoringState.DRAFT
    assert submit(world, monitoring, said(world, **DOUBT)).number == 2
    assert monitoring.reports.count() == 2


def test_nobody_passes_what_they_typed_into(world):
    second = UserFactory(role=Role.HEAD, unit=world.division, name="第二位")
    monitoring = open_half(world)
    type_in(world, monitoring, {"note": "我写的"}, world.head)
    submit(world, monitoring)

    for act in (actions.pass_monitoring, actions.return_monitoring):
        more = {"reason": "不行"} if act is actions.return_monitoring else {}
        with pytest.raises(actions.OwnMonitoring):
            act(monitoring=monitoring, person=world.head, seen=last_step(monitoring), at=NOW, **more)
    done = actions.pass_monitoring(monitoring=monitoring, person=second, seen=last_step(monitoring), at=NOW)
    assert done.state == MonitoringState.OFFICER_REVIEW


def test_what_nobody_else_could_pass_is_not_submitted(world):
    monitoring = open_half(world)
    type_in(world, monitoring, {"note": "我写的"}, world.head)

    with pytest.raises(actions.NobodyToPassIt, match="处室审核"):
        submit(world, monitoring)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.HEAD, Role.REPORTER)])
def test_only_the_head_passes_the_heads_stage(world, role):
    monitoring = open_half(world)
    submit(world, monitoring)

    with pytest.raises(actions.NotYourMonitoring):
        passed(world, monitoring, role)


def test_nobody_passes_what_was_submitted_anew_since_they_looked(world):
    monitoring = open_half(world)
    submit(world, monitoring)
    seen = last_step(monitoring)
    actions.recall_monitoring(monitoring=monitoring, person=world.reporter, at=NOW)
    submit(world, monitoring)

    with pytest.raises(actions.MonitoringMoved, match="又有办理"):
        actions.pass_monitoring(monitoring=monitoring, person=world.head, seen=seen, at=NOW)


def test_what_somebody_passed_is_not_taken_back(world):
    monitoring = open_half(world)
    submit(world, monitoring)
    passed(world, monitoring, Role.HEAD)

    with pytest.raises(actions.MonitoringMoved, match="不能收回"):
        actions.recall_monitoring(monitoring=monitoring, person=world.reporter, at=NOW)


# The cost --------------------------------------------------------------------------------------------------------------


def queries_of(act) -> int:
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)


def test_the_cost_does_not_depend_on_how_many_indicators_there_are(world):
    fund(world)
    others = [
        world.ask(NumberFactory(bureau=world.bureau, division=world.division), value=Decimal(9)) for _ in range(2)
    ]
    first = open_half(world)

    assert world.reporter.duties  # read once per request

    def costs(monitoring, indicators):
        rows = [said(world), *(actions.Said(each.pk, "certain", Decimal(9)) for each in indicators)]
        money = {"general": Decimal(1)}
        texts = {str(each.pk): {"note": "记"} for each in indicators}
        more = {"monitoring": monitoring, "person": world.reporter, "at": NOW}
        return [
            queries_of(lambda: actions.save_monitoring_drafts(texts=texts, seen={}, **more)),
            queries_of(lambda: monitoring_content(fresh(monitoring))),
            queries_of(lambda: actions.submit_monitoring(said=rows, money=money, today=TODAY, **more)),
        ]

    few = costs(first, others)
    others += [
        world.ask(NumberFactory(bureau=world.bureau, division=world.division), value=Decimal(9)) for _ in range(12)
    ]
    many = costs(open_half(world, month=7, title="1—7月"), others)

    assert few == many
    assert max(few) <= 40


def test_the_list_costs_the_same_for_one_plan_and_for_three(world):
    fund(world)
    monitoring = open_half(world)
    submit(world, monitoring, money={"general": Decimal(1)})

    def cost():
        rows = list(
            Monitoring.objects.select_related("round", "plan__project__execution", "plan__approved__scheme", "report")
        )
        return queries_of(lambda: monitoring_rows(rows))

    one = cost()
    for _ in range(2):
        PlanVersionFactory(plan__project__bureau=world.bureau)
    actions.add_monitorings(row=monitoring.round, officer=world.people[Role.OFFICER], at=NOW)

    assert (one, cost()) == (5, 5)


# The pages -------------------------------------------------------------------------------------------------------------


def enter(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(monitoring):
    return reverse("progress:monitoring", args=[monitoring.pk])


def words_of(answer) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())


def typed(world, seen=0, **texts) -> dict[str, str]:
    place = f"m{world.indicator.pk}"
    return {f"{place}-seen": str(seen), "mmoney-seen": "0", **{f"{place}-{name}": text for name, text in texts.items()}}


def test_the_page_says_where_it_stood_and_offers_what_the_calculation_draws(world):
    for month in (4, 5, 6):
        world.count([(8, 10)] * 3, month)

    words = words_of(enter(world.reporter).get(page_of(open_half(world))))

    assert "1—6月执行情况80.00 %" in words
    assert "按最近三期的进度推算" in words
    assert "用推算数 80.00" in words


def test_what_is_wrong_comes_back_beside_the_field_and_nothing_typed_is_lost(world):
    monitoring = open_half(world)
    client = enter(world.reporter)

    answer = client.post(page_of(monitoring), typed(world, likelihood="possible", estimate="约九十", cause="人手不足"))

    words = words_of(answer)
    assert answer.status_code == 422
    for sentence in ("不能确定完成的，请勾选偏差原因。", "请写明改进措施。", "约九十"):
        assert sentence in answer.content.decode()
    assert "还有 1 处要填写或改正" in words
    assert f'<a href="#line-{world.indicator.pk}">{world.indicator.code}</a>' in answer.content.decode()
    again = client.get(page_of(monitoring)).content.decode()
    assert 'value="约九十"' in again
    assert "人手不足" in again


def test_a_form_that_is_right_goes_in(world):
    fund(world)
    monitoring = open_half(world)
    data = typed(world, likelihood="certain", estimate="９２．５") | {"mmoney-general": "95"}

    answer = enter(world.reporter).post(page_of(monitoring), data)

    line = MonitoringLine.objects.get()
    assert (answer.status_code, line.estimate, line.likelihood) == (302, Decimal("92.5"), "certain")
    assert line.report.money.get().estimate == 950_000


def test_a_part_is_saved_by_itself_and_says_what_is_wrong_with_it(world):
    monitoring = open_half(world)
    path = reverse("progress:monitoring_draft", args=[monitoring.pk, world.indicator.pk])

    first = enter(world.reporter).post(path, typed(world, estimate="70", likelihood="certain"))
    second = enter(world.head).post(path, typed(world, estimate="88"))

    assert "达不到指标值 ≥ 80 %，不能填“确定能”" in first.content.decode()
    assert f"{world.reporter} 在" in words_of(second)
    assert MonitoringDraft.objects.get().fields["estimate"] == "70"


def test_a_place_that_the_plan_does_not_have_is_not_there(world):
    monitoring = open_half(world)
    path = reverse("progress:monitoring_draft", args=[monitoring.pk, "999999"])

    assert enter(world.reporter).post(path, {}).status_code == 404
    assert not MonitoringDraft.objects.exists()


def test_a_part_of_a_closed_round_says_so_instead_of_saving(world):
    monitoring = open_half(world)
    actions.close_monitorings(row=monitoring.round, officer=world.people[Role.OFFICER], reason="结束", at=NOW)
    path = reverse("progress:monitoring_draft", args=[monitoring.pk, world.indicator.pk])

    answer = enter(world.reporter).post(path, typed(world, estimate="88"))

    assert "监控已关闭" in words_of(answer)
    assert not MonitoringDraft.objects.exists()


def test_the_head_passes_it_and_the_officer_files_it_on_its_page(world):
    monitoring = open_half(world)
    submit(world, monitoring)
    pass_it = reverse("progress:monitoring_deed", args=[monitoring.pk, "pass"])

    for role in (Role.HEAD, Role.OFFICER):
        client = enter(world.people[role])
        seen = re.search(r'name="seen" value="(\d+)"', client.get(page_of(monitoring)).content.decode())
        client.post(pass_it, {"seen": seen.group(1)})

    assert fresh(monitoring).state == MonitoringState.FILED


def test_the_page_shows_what_was_known_on_a_day(world):
    monitoring = open_half(world)
    submit(world, monitoring, said(world, estimate=Decimal(81)))
    actions.return_monitoring(
        monitoring=monitoring, person=world.head, seen=last_step(monitoring), reason="偏低", at=NOW
    )
    later = NOW + timedelta(days=3)
    actions.submit_monitoring(
        monitoring=monitoring,
        said=[said(world, estimate=Decimal(99))],
        money={},
        person=world.reporter,
        today=TODAY,
        at=later,
    )
    client = enter(world.people[Role.AUDITOR])

    now, then = (words_of(client.get(page_of(monitoring) + query)) for query in ("", "?as_of=2016-09-07"))
    before = client.get(page_of(monitoring) + "?as_of=2016-09-01")

    assert ("99.00 %" in now, "81.00 %" in now) == (True, False)
    assert ("99.00 %" in then, "81.00 %" in then) == (False, True)
    assert "第 1 次提交的监控表，只供查阅" in then
    assert "到那一天为止还没有提交过监控表" in words_of(before)


def test_the_list_finds_what_is_in_doubt_and_goes_out_as_a_file(world):
    monitoring = open_half(world)
    submit(world, monitoring, said(world, **DOUBT))
    client, path = enter(world.people[Role.OFFICER]), reverse("progress:monitorings")

    found = words_of(client.get(path, {"year": "2016", "doubt": "doubt"}))
    none = words_of(client.get(path, {"year": "2016", "doubt": "impossible"}))
    file = b"".join(client.get(path, {"year": "2016", "export": "csv"}).streaming_content).decode()

    assert "有可能 1" in found
    assert "没有符合条件的监控表。" in none
    assert "处室审核" in file
    assert "有可能 1" in file


def test_the_list_keeps_what_waits_for_the_person(world):
    monitoring, path = open_half(world), reverse("progress:monitorings")

    def rows(role, turn):
        return enter(world.people[role]).get(path, {"turn": turn}).context["table"].page.object_list

    before = [len(rows(role, turn)) for role in (Role.REPORTER, Role.HEAD) for turn in ("fill", "review")]
    submit(world, monitoring)
    after = [len(rows(role, turn)) for role in (Role.REPORTER, Role.HEAD) for turn in ("fill", "review")]

    assert before == [1, 0, 1, 0]
    assert after == [0, 0, 0, 1]


def test_the_list_begins_with_the_latest_window(world):
    half, seven = open_half(world), open_half(world, month=7, title="1—7月")
    client = enter(world.people[Role.AUDITOR])

    page = client.get(reverse("progress:monitorings"))

    assert [row.record for row in page.context["table"].paginated_rows] == [seven, half]
    assert "1—7月截止 9月30日 周五" in words_of(page)


def test_an_officer_opens_a_round_on_its_page(world):
    client, path = enter(world.people[Role.OFFICER]), reverse("progress:monitoring_rounds")
    data = {"year": "2016", "month": "6", "title": "半年", "due_on": "2016-09-30", "layout": "local"}

    wrong = client.post(path, data | {"due_on": "2016-06-01"})
    right = client.post(path, data, follow=True)

    assert wrong.status_code == 422
    assert wrong.context["form"].errors["due_on"] == ["截止日应在监控期末（2016-06-30）之后。"]
    assert client.post(path, data).context["form"].errors["title"] == ["2016 年度已有名为“半年”的监控。"]
    assert "已开放“半年”：1 个项目。" in words_of(right)


def test_what_cannot_be_submitted_yet_has_no_button_for_it(world):
    monitoring = open_half(world, month=9, title="1—9月", due_on=date(2016, 10, 14))

    page = enter(world.reporter).get(page_of(monitoring)).content.decode()

    assert "监控期到 2016-09-30 结束，之后才能提交；现在可以先填" in page
    assert "提交审核" not in page


def test_a_round_without_a_name_is_called_after_its_window(world):
    client, path = enter(world.people[Role.OFFICER]), reverse("progress:monitoring_rounds")
    data = {"year": "2016", "title": "", "due_on": "2016-12-30", "layout": "local"}

    assert "title" not in client.get(path).context["form"].initial
    for month in (6, 9):
        client.post(path, data | {"month": str(month)})

    assert [row.title for row in MonitoringRound.objects.order_by("ends_on")] == ["2016年上半年", "2016年1—9月"]


def test_a_due_day_beyond_reason_is_refused_with_everything_kept(world):
    row = open_half(world).round
    client, path = enter(world.people[Role.OFFICER]), reverse("progress:monitoring_rounds")
    data = {"year": "2016", "month": "6", "title": "另一次", "due_on": "9999-12-31", "layout": "local"}

    opened = client.post(path, data)
    moved = client.post(
        reverse("progress:monitoring_round_deed", args=[row.pk, "reopen"]),
        {"due_on": "9999-12-31", "reason": "延期办理"},
    )

    for answer in (opened, moved):
        assert answer.status_code == 422
        assert "截止日最晚为 2017-09-07（一年以内），请检查年份。" in words_of(answer)
    assert 'value="另一次"' in opened.content.decode()
    assert "延期办理</textarea>" in moved.content.decode()
    assert re.search(r"<details[^>]* open>", moved.content.decode())


def test_what_another_window_closed_already_says_so_and_keeps_the_reason(world):
    row = open_half(world).round
    client = enter(world.people[Role.OFFICER])
    path = reverse("progress:monitoring_round_deed", args=[row.pk, "close"])

    assert "已关闭“2016年上半年”监控。" in words_of(client.post(path, {"reason": "已上报。"}, follow=True))
    late = client.post(path, {"reason": "再关一次。"})

    assert late.status_code == 422
    assert "▲ “2016年上半年”监控已经关闭。 您填写的原因：“再关一次。”" in words_of(late)


def test_the_list_says_what_comes_first_while_there_is_nothing(world):
    path = reverse("progress:monitorings")

    assert "请先点右上角“监控期”开放一次" in words_of(enter(world.people[Role.OFFICER]).get(path))
    assert "绩效管理岗开放监控期之后" in words_of(enter(world.reporter).get(path))
    open_half(world)
    assert "还没有开放过监控" not in words_of(enter(world.people[Role.OFFICER]).get(path))


def test_what_is_late_is_not_called_the_next(world):
    row = open_half(world).round
    MonitoringRound.objects.filter(pk=row.pk).update(due_on=date(2016, 9, 1))

    assert "最早一份已逾期（9月1日 周四 截止）。" in words_of(
        enter(world.reporter).get(reverse("progress:monitorings"))
    )


def test_who_returned_it_reads_that_it_came_back(world):
    monitoring = open_half(world)
    submit(world, monitoring)
    actions.return_monitoring(
        monitoring=monitoring, person=world.head, seen=last_step(monitoring), reason="偏低", at=NOW
    )

    words = words_of(enter(world.people[Role.LEADER]).get(page_of(monitoring)))

    assert "已退回填表人修改，等待重新提交" in words
    assert "尚未提交" not in words


def test_the_page_costs_the_same_for_one_indicator_and_for_three(world):
    fund(world)
    monitoring, client = open_half(world), enter(world.reporter)
    one = queries_of(lambda: client.get(page_of(monitoring)))
    for _ in range(2):
        world.ask(NumberFactory(bureau=world.bureau, division=world.division), value=Decimal(9))

    assert (queries_of(lambda: client.get(page_of(monitoring))), one <= 22) == (one, True)


def test_home_leads_to_what_waits(world):
    monitoring = open_half(world)

    to_fill = words_of(enter(world.reporter).get("/"))
    submit(world, monitoring)
    to_review, done = words_of(enter(world.head).get("/")), words_of(enter(world.reporter).get("/"))

    assert ("待填监控" in to_fill, "待审监控" in to_review) == (True, True)
    assert "待填监控" not in done


def test_what_is_held_against_the_same_period_is_held_against_the_whole_year_at_its_end(world):
    flow = NumberFactory(bureau=world.bureau, division=world.division)
    indicator = world.ask(flow, value=None, basis="same_period", operator="less_than")
    Result.objects.create(measure=flow, year=2015, value=Decimal(50), origin="typed", document="上年决算")

    aim = content_of(open_half(world)).aims[indicator.pk]

    assert (aim.value, aim.operator) == (50, "less_than")


@pytest.mark.parametrize(("until", "known"), [(6, None), (12, 120)])
def test_half_of_last_year_is_not_held_against_a_whole_year(world, until, known):
    flow = NumberFactory(bureau=world.bureau, division=world.division)
    indicator = world.ask(flow, value=None, basis="same_period", operator="less_than")
    Year(world.bureau).report(flow, each_month(10, until), year=2015)
    world.count([50], 6, measure=flow)
    monitoring = open_half(world)
    content = content_of(monitoring)
    expected = actions.Said(indicator.pk, likelihood="certain", estimate=Decimal(500))

    assert content.aims[indicator.pk].value == known
    if known is None:
        assert submit(world, monitoring, said(world), expected).number == 1
    else:
        with pytest.raises(actions.SaidUnfit, match=r"达不到指标值 < 120 .*（年末与上年全年比），不能填"):
            submit(world, monitoring, said(world), expected)
