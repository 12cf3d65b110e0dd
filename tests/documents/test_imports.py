"""A goal table becomes drafts: read, previewed, confirmed; and nothing of it before."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection

from apps.documents import actions, tasks
from apps.documents.forms import read_plans
from apps.documents.forms.suggestions import amount_in, economic_item
from apps.documents.forms.targets import fitting
from apps.documents.models import ImportedPlan, PlanImport
from apps.documents.queries.readings import readings_from_json
from apps.files.actions import FileRefused
from apps.journal.models import Event
from apps.journal.queries import AnchorBook, journal_flaws
from apps.plans.actions import load_published
from apps.plans.actions.drafts import AlreadyOpen, DraftRefused, PlanLocked, edit
from apps.plans.actions.projects import NotOfficer, NumberTaken
from apps.plans.enums import (
    Accumulation,
    BudgetKind,
    Kind,
    Level1,
    Operator,
    Origin,
    Pairing,
    TargetStatus,
    VersionState,
)
from apps.plans.models import Indicator, Measure, Member, Plan, PlanVersion, Project
from apps.plans.queries.contents import content_of, from_json, to_json
from tests.documents import malformed
from tests.documents.importing import NOW, declaration_of, goal_table_of, house
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
MALFORMED = (
    malformed.not_excel,
    malformed.password_protected,
    malformed.empty,
    malformed.of_fifty_megabytes,
    malformed.with_macros,
    malformed.wrong_sheet,
    malformed.head_missing,
    malformed.text_in_money,
    malformed.failed_formulas,
    malformed.one_code_twice,
)
LAYOUTS = pytest.mark.parametrize("export", [goal_table_of, declaration_of])


@pytest.fixture(autouse=True)
def _september(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def here():
    return house()


@pytest.fixture
def published():
    """Return the plan of 2016 that is printed with goals, in the database, and its house."""
    bureau = load_published(folder=FIXTURES / "2016", schemes=FIXTURES / "schemes", at=NOW).bureau
    return house(bureau), Plan.objects.get(project__number="P07")


def rows_of_plans():
    return {model: model.objects.count() for model in (Project, Plan, PlanVersion, Indicator, Measure, Member)}


# What cannot be read --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", MALFORMED)
def test_a_malformed_file_ends_in_a_sentence_and_leaves_the_plans_alone(here, make):
    before = rows_of_plans()
    try:
        row = here.take(make())
        said = row.findings
        assert row.state == "refused"
        assert row.job.state == "failed"
    except FileRefused as why:
        said = [str(why)]
        assert not PlanImport.objects.exists()

    assert said
    assert all(len(text) > 8 and text.endswith("。") for text in said)
    assert rows_of_plans() == before
    assert not ImportedPlan.objects.exists()
    assert not Event.objects.exists()


def test_a_file_that_the_store_has_lost_is_told(here, settings, tmp_path):
    row = here.start(malformed.goal_table(malformed.PROJECT))
    settings.MEDIA_ROOT = tmp_path / "elsewhere"

    tasks.read_plan_import(row.pk)

    row.refresh_from_db()
    assert (row.state, row.findings) == ("refused", ["存储中找不到这份文件，请重新上传。"])


def test_a_problem_of_one_project_keeps_only_that_one_out(here):
    goalless = malformed.changed((0, "2"), (2, "没有目标的项目"), (7, ""))
    row = here.take(malformed.goal_table(malformed.PROJECT, goalless))
    actions.choose_division(plan_import=row, division=here.division)

    actions.request_confirmation(plan_import=row, person=here.officer, at=NOW)
    tasks.confirm_plan_import(row.pk)

    row.refresh_from_db()
    assert row.state == "read"
    assert len(row.findings) == 1
    assert "没有绩效目标" in row.findings[0]
    assert [plan.project.name for plan in Plan.objects.all()] == ["体育场馆开放经费"]


# Round trips ----------------------------------------------------------------------------------------------------------


@LAYOUTS
def test_an_exported_plan_comes_back_without_a_change(published, export):
    here, plan = published

    row = here.take(export(plan))

    imported = row.plans.get()
    assert (imported.state, imported.differences, imported.problem) == ("same", [], "")
    assert from_json(imported.content) == from_json(imported.content | {"budget": []})
    with pytest.raises(actions.ImportRefused):
        here.confirm(imported)


@LAYOUTS
def test_what_a_layout_prints_is_the_same_after_a_journey_into_an_empty_bureau(published, export):
    _here, plan = published
    printed = read_plans(export(plan, number="P01"), "源.xlsx")
    elsewhere = house()
    imported = elsewhere.one(export(plan, number="P01"))

    version = elsewhere.confirm(imported)
    version.state = VersionState.APPROVED
    version.save()
    Plan.objects.filter(pk=version.plan_id).update(approved=version)

    again = read_plans(export(version.plan), "果.xlsx")
    for after, before in zip(again, printed, strict=True):
        assert _without_bureau(after) == _without_bureau(before)
    assert version.origin == Origin.IMPORTED


def _without_bureau(row):
    """Return what is printed of the project itself; indicators of one class stand in the order in which they were taken in."""
    from dataclasses import asdict

    left_out = {"bureau_code", "bureau_name", "implementer", "addresses", "notes", "sheet"}
    plain = {name: value for name, value in asdict(row).items() if name not in left_out}
    for part in ("directions", "goals", "indicators"):
        plain[part] = [{k: v for k, v in piece.items() if k != "address"} for piece in plain[part]]
    for part in ("project_number", "project_name", "last_year_completion"):
        plain[part] = plain[part] and plain[part]["text"]
    plain["indicators"].sort(key=str)
    return plain


# From words to plans --------------------------------------------------------------------------------------------------


def test_a_new_project_becomes_a_draft_with_everything_it_needs(here):
    words = "门禁安装数/计划安装数：80%\n群众满意度≥90%\n争取举办活动12场\n修缮费用不超过1.5万元\n年底前通过验收"
    imported = here.one(malformed.goal_table(malformed.changed((8, words))))
    assert not Plan.objects.exists()

    version = here.confirm(imported)

    content = content_of(version)
    said = [
        (
            row.level1,
            content.measure_of(row).kind,
            row.target.operator,
            row.target.value,
            row.target.due_on,
            row.is_soft,
        )
        for row in content.indicators
    ]
    assert said == [
        (Level1.OUTPUT, Kind.RATIO, Operator.AT_LEAST, Decimal(80), None, False),
        (Level1.SATISFACTION, Kind.RATIO, Operator.AT_LEAST, Decimal(90), None, False),
        (Level1.OUTPUT, Kind.NUMBER, Operator.AT_LEAST, Decimal(12), None, True),
        (Level1.OUTPUT, Kind.MONEY, Operator.AT_MOST, Decimal(15000), None, False),
        (Level1.OUTPUT, Kind.MILESTONE, Operator.DATE, None, date(2016, 12, 31), False),
    ]
    assert (content.measures[0].numerator_name, content.measures[0].denominator_name) == ("门禁安装数", "计划安装数")
    assert {row.members[0].reporting_unit for row in content.measures} == {here.division.code}
    assert content.scheme == "national-2020@1"
    assert [(line.source, line.kind, line.amount) for line in content.budget] == [
        ("general", BudgetKind.INITIAL, 1_200_000)
    ]
    project = version.plan.project
    assert (project.division, project.execution.code, version.state) == (
        here.division,
        f"execution-{project.number.lower()}",
        VersionState.DRAFT,
    )
    assert list(version.authors.all()) == [here.officer]
    assert {event.verb for event in Event.objects.all()} == {"add", "import"}
    assert [flaw for flaw in journal_flaws(AnchorBook()) if "评分方案" not in flaw] == []  # which came by a factory


@pytest.mark.parametrize(
    ("words", "kind", "wanted"),
    [
        (
            "投诉件数比上年下降5%",
            Kind.NUMBER,
            {"operator": Operator.AT_MOST, "basis": "last_year", "factor": Decimal("0.95")},
        ),
        ("投诉件数较上年减少10件", Kind.NUMBER, {"operator": Operator.AT_MOST, "offset": Decimal(-10), "factor": 1}),
        ("安全隐患数量逐年减少", Kind.NUMBER, {"operator": Operator.LESS_THAN, "basis": "last_year", "step": 1}),
        ("发案率比上年下降2个百分点", Kind.RATIO, {"offset": Decimal(-2), "basis": "last_year"}),
        ("每2名管理员配备1台终端", Kind.RATIO, {"value": Decimal("0.5"), "operator": Operator.AT_LEAST}),
        ("入户人数4500人（以市政府审定数为准）", Kind.NUMBER, {"value": 4500, "status": TargetStatus.PROVISIONAL}),
        (
            "入户指标（2015年积分制入户指标为4500个）",
            Kind.NUMBER,
            {"value": None, "status": TargetStatus.PENDING, "reference_value": 4500, "reference_year": 2015},
        ),
        ("方案印发", Kind.MILESTONE, {"due_on": date(2016, 12, 31), "operator": Operator.DATE}),
        ("环境明显改善", Kind.JUDGEMENT, {"operator": Operator.QUALITATIVE, "value": None}),
        ("活动参与人数在30人至50人之间", Kind.NUMBER, {"operator": Operator.RANGE, "value": 30, "high": 50}),
    ],
)
def test_the_words_of_a_target_become_figures(here, words, kind, wanted):
    imported = here.one(malformed.goal_table(malformed.changed((8, words))))

    content = from_json(imported.content)

    (row,) = content.indicators
    assert content.measure_of(row).kind == kind
    assert {name: getattr(row.target, name) for name in wanted} == wanted
    assert here.confirm(imported).state == VersionState.DRAFT


@pytest.mark.parametrize(
    ("words", "kind", "value", "unit"),
    [
        ("人均培训成本不超过240元", Kind.NUMBER, 240, "元"),
        ("人均培训成本不超过12000.50元", Kind.NUMBER, Decimal("12000.5"), "元"),
        ("每场活动成本不超过2千元", Kind.NUMBER, 2000, "元"),
        ("修缮费用不超过9999元", Kind.NUMBER, 9999, "元"),
        ("培训成本不超过240元/人", Kind.NUMBER, 240, "元/人"),
        ("修缮费用不超过10000元", Kind.MONEY, 10000, "元"),
        ("人均培训成本不超过0.5万元", Kind.MONEY, 5000, "元"),
        ("每年投入不超过50000元", Kind.MONEY, 50000, "元"),
    ],
)
def test_what_one_costs_is_a_number_in_yuan_and_no_sum_of_money(here, words, kind, value, unit):
    content = from_json(here.one(malformed.goal_table(malformed.changed((8, words)))).content)

    (row,), (measure,) = content.indicators, content.measures
    assert (measure.kind, row.target.value, measure.unit_name) == (kind, value, unit)
    expected = Accumulation.SNAPSHOT if kind == Kind.NUMBER else Accumulation.RUNNING_TOTAL
    assert measure.accumulation == expected


def test_the_number_of_an_indicator_is_no_quantity_and_names_its_goal(here):
    goals = "1.服务市民\n2.建设队伍"
    words = "2-2.年底前完成志愿者信息库建设\n1-1 场馆开放率达到70%\n2.1 2-3场培训"
    imported = here.one(malformed.goal_table(malformed.changed((7, goals), (8, words))))

    content = from_json(imported.content)

    assert [(row.goal, row.name, row.original_text, row.pairing) for row in content.indicators] == [
        (2, "年底前完成志愿者信息库建设", "2-2.年底前完成志愿者信息库建设", Pairing.CONFIRMED),
        (1, "场馆开放率", "1-1 场馆开放率达到70%", Pairing.CONFIRMED),
        (2, "2-3场培训", "2.1 2-3场培训", Pairing.CONFIRMED),
    ]
    assert content.measures[0].kind == Kind.MILESTONE


def test_a_figure_keeps_as_many_digits_as_every_database_does():
    assert fitting(Decimal("0.333333333")) == Decimal("0.3333")
    assert fitting(Decimal("1.5"), Decimal(10000)) == Decimal(15000)
    assert fitting(Decimal(10) ** 15) is None
    assert fitting(Decimal("12345678901234.25")) is None


def test_the_same_project_of_another_year_goes_on_with_its_measures(here):
    first = here.confirm(here.one(malformed.goal_table(malformed.PROJECT)))
    heads = tuple(head.replace("2016", "2017") for head in malformed.HEADS)
    later = malformed.changed((4, "2017-01-01至2017-12-31"), (8, "体育场馆开放率达到75%"))

    version = here.confirm(here.one(malformed.goal_table(later, heads=heads), "下年.xlsx"))

    assert (version.plan.project, version.plan.year) == (first.plan.project, 2017)
    before, after = content_of(first), content_of(version)
    assert [row.code for row in after.measures] == [row.code for row in before.measures]
    assert after.indicators[0].target.value == 75


# Onto plans that are there --------------------------------------------------------------------------------------------


def test_an_approved_plan_is_only_changed_by_an_adjustment(published):
    here, plan = published
    approved = content_of(plan.approved)
    file = goal_table_of(plan, ("95%以上", "97%以上"), ("答复率：100%", "答复率：98%"), initial=Decimal(41_000_000))
    imported = here.one(file)
    assert imported.state == "adjustment"
    with pytest.raises(DraftRefused):
        here.confirm(imported)
    assert content_of(plan.approved) == approved
    imported.refresh_from_db()
    assert imported.state == "adjustment"

    version = here.confirm(imported, reason="市政府调整任务", document="穗府〔2016〕12号")

    content = content_of(version)
    plan.refresh_from_db()
    assert (version.number, version.state, plan.approved.number) == (2, VersionState.DRAFT, 1)
    assert to_json(content_of(plan.approved)) == to_json(approved)
    changed = {row.code: row for row in content.indicators if row != approved.indicator(row.code)}
    assert {code: (row.target.operator, row.target.value) for code, row in changed.items()} == {
        "5-2": ("at_least", 97),
        "12-1": ("equal", 98),
    }
    assert changed["5-2"].measure == "access-control-managed"
    assert [row.weight for row in content.indicators] == [row.weight for row in approved.indicators]
    assert [(line.kind, line.amount) for line in content.budget] == [(BudgetKind.ADJUSTMENT, 800_000)]
    assert (content.reason, content.document) == ("市政府调整任务", "穗府〔2016〕12号")


def test_a_renamed_indicator_keeps_its_measure_and_its_place(published):
    here, plan = published
    before = content_of(plan.approved).indicator("12-1")

    imported = here.one(declaration_of(plan, ("信访答复率", "信访按期答复率")))
    version = here.confirm(imported, reason="口径调整")

    assert [(row["name"], row["column"]) for row in imported.differences] == [
        ("12-1", "name"),
        ("12-1", "original_text"),
    ]
    after = content_of(version).indicator("12-1")
    assert (after.name, after.measure, after.weight, after.target) == (
        "信访按期答复率",
        before.measure,
        before.weight,
        before.target,
    )


def test_goals_and_indicators_come_and_go_with_the_file(here):
    goals = malformed.changed((7, "1.第一个目标\n2.第二个目标"), (8, "1.场馆开放率达到70%\n2.培训人数达到30人"))
    version = here.confirm(here.one(malformed.goal_table(goals)))
    fewer = malformed.changed((7, "1.第一个目标"), (8, "1.场馆开放率达到70%\n年底前通过验收"))

    here.confirm(here.one(malformed.goal_table(fewer), "改.xlsx"))

    content = content_of(version)
    assert [goal.number for goal in content.goals] == [1]
    assert [content.measure_of(row).kind for row in content.indicators] == [Kind.RATIO, Kind.MILESTONE]
    assert not Indicator.objects.filter(terms=None).exists()


def test_a_draft_is_changed_in_place_and_can_be_changed_back(here):
    version = here.confirm(here.one(malformed.goal_table(malformed.PROJECT)))
    before = content_of(version)
    file = malformed.goal_table(malformed.changed((5, 130), (8, "体育场馆开放率达到80%\n新增活动场次20场")))

    imported = here.one(file, "改.xlsx")
    assert imported.state == "changed"
    changed = here.confirm(imported)

    after = content_of(version)
    assert changed == version
    assert [(row.code, row.target.value) for row in after.indicators] == [("1-1", 80), ("1-2", 20)]
    assert [line.amount for line in after.budget] == [1_300_000]
    assert after.measures[0] == before.measures[0]
    assert after.measures[1].members[0].reporting_unit == here.division.code
    assert version.edits.get().label == "导入“改.xlsx”"


def test_a_plan_that_changed_since_the_preview_is_looked_at_again(here):
    version = here.confirm(here.one(malformed.goal_table(malformed.PROJECT)))
    imported = here.one(malformed.goal_table(malformed.changed((8, "体育场馆开放率达到80%"))), "改.xlsx")
    edit(version=version, person=here.officer, at=NOW, label="改", change=_with_another_end)
    before = content_of(version)

    with pytest.raises(actions.ChangedSincePreview):
        here.confirm(imported)

    assert content_of(version) == before


def _with_another_end(content):
    from dataclasses import replace

    return replace(content, last_year_completion="已完成")


def test_a_version_under_review_stands(here):
    version = here.confirm(here.one(malformed.goal_table(malformed.PROJECT)))
    PlanVersion.objects.filter(pk=version.pk).update(state=VersionState.OFFICER_REVIEW)
    before = content_of(version)
    imported = here.one(malformed.goal_table(malformed.changed((8, "体育场馆开放率达到80%"))), "改.xlsx")

    with pytest.raises(PlanLocked):
        here.confirm(imported)

    assert content_of(version) == before
    imported.refresh_from_db()
    assert imported.state == "changed"


def test_two_projects_of_one_name_are_told_apart_by_their_number(here):
    twins = [ProjectFactory(bureau=here.bureau, name="体育场馆开放经费") for _place in range(2)]
    imported = here.one(malformed.goal_table(malformed.PROJECT))
    assert all(twin.number in imported.problem for twin in twins)
    with pytest.raises(actions.ImportRefused):
        here.confirm(imported)

    file = malformed.goal_table((*malformed.PROJECT, twins[1].number), heads=(*malformed.HEADS, "项目编号"))
    assert here.one(file, "带编号.xlsx").project == twins[1]


# Twice, and at once ---------------------------------------------------------------------------------------------------


def test_the_same_content_is_noticed_and_taken_again_only_when_meant(here):
    first = here.take(malformed.goal_table(malformed.PROJECT))
    with pytest.raises(actions.SeenBefore) as why:
        here.take(malformed.goal_table(malformed.PROJECT), "换了名字.xlsx")
    assert why.value.imports == [first]

    assert here.take(malformed.goal_table(malformed.PROJECT), is_meant=True).state == "read"


def test_a_project_is_confirmed_once(here):
    imported = here.one(malformed.goal_table(malformed.PROJECT))
    here.confirm(imported)

    with pytest.raises(actions.AlreadyConfirmed):
        here.confirm(imported)

    assert PlanVersion.objects.count() == 1
    assert PlanImport.objects.get().state == "confirmed"


def test_a_number_that_somebody_took_meanwhile_is_refused(here):
    imported = here.one(malformed.goal_table(malformed.PROJECT))
    ProjectFactory(bureau=here.bureau, number=imported.number)

    with pytest.raises(NumberTaken):
        here.confirm(imported)

    imported.refresh_from_db()
    assert (imported.state, Plan.objects.count()) == ("new", 0)


def test_reading_twice_changes_nothing_and_a_lost_worker_costs_nothing(here):
    row = here.start(malformed.goal_table(malformed.PROJECT))
    PlanImport.objects.filter(pk=row.pk).update(state="reading")  # as a killed worker leaves it

    tasks.read_plan_import(row.pk)
    tasks.read_plan_import(row.pk)

    row.refresh_from_db()
    assert (row.state, row.plans.count(), row.job.state, row.job.finished_steps) == ("read", 1, "done", 1)


def test_a_whole_file_is_written_and_what_a_lost_worker_left_is_written_by_the_next(
    here, django_assert_max_num_queries
):
    projects = [malformed.changed((0, str(n)), (2, f"项目{n}")) for n in range(1, 4)]
    row = here.take(malformed.goal_table(*projects))
    with pytest.raises(actions.ImportRefused):
        actions.request_confirmation(plan_import=row, person=here.officer, at=NOW)
    actions.choose_division(plan_import=row, division=here.division)
    actions.request_confirmation(plan_import=row, person=here.officer, at=NOW)
    with pytest.raises(actions.AlreadyConfirmed):
        actions.request_confirmation(plan_import=row, person=here.officer, at=NOW)
    first = row.plans.first()
    row.refresh_from_db()
    assert actions.confirm_batch(plan_import=row, rows=[first], at=NOW) == []  # then the worker was lost

    with django_assert_max_num_queries(90):
        tasks.confirm_plan_import(row.pk)

    row.refresh_from_db()
    assert (row.state, row.job.state, row.job.finished_steps) == ("confirmed", "done", 2)
    assert Plan.objects.count() == 3
    assert [imported.plan.project.name for imported in row.plans.all()] == ["项目1", "项目2", "项目3"]
    assert [flaw for flaw in journal_flaws(AnchorBook()) if "评分方案" not in flaw] == []  # which came by a factory


def test_files_left_lying_are_rung_for(here, redis_url):
    row = here.start(malformed.goal_table(malformed.PROJECT))
    with time_machine.travel(NOW.replace(hour=3), tick=False):
        tasks.sweep_imports()
    row.refresh_from_db()
    assert row.state == "waiting"


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_make_one_plan(here):
    imported = here.one(malformed.goal_table(malformed.PROJECT))
    both, told = Barrier(2), []

    def confirm():
        both.wait()
        try:
            told.append(str(here.confirm(imported).number))
        except (actions.AlreadyConfirmed, AlreadyOpen) as why:
            told.append(type(why).__name__)
        finally:
            connection.close()

    people = [Thread(target=confirm) for _place in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert sorted(told) == ["1", "AlreadyConfirmed"]
    assert PlanVersion.objects.count() == 1


# Mending --------------------------------------------------------------------------------------------------------------


def test_a_preview_counts_what_is_to_be_looked_at_and_a_person_settles_it(here):
    words = "入户人数4500人（以市政府审定数为准）\n争取举办活动12场以上"
    imported = here.one(malformed.goal_table(malformed.changed((8, words))))
    assert (imported.ambiguous, imported.soft, imported.provisional, imported.unpaired) == (1, 1, 1, 0)

    seen = actions.confirm_readings(imported=imported, code="1-1")

    assert seen.ambiguous == 0
    assert [row.is_confirmed for row in readings_from_json(seen.readings)] == [True, False]


def test_indicators_that_stand_beside_no_goal_are_to_be_paired(here):
    goals = "1.第一个目标\n2.第二个目标"
    imported = here.one(malformed.goal_table(malformed.changed((7, goals), (8, "场馆开放率达到70%"))))

    content = from_json(imported.content)

    assert imported.unpaired == 1
    assert content.indicators[0].pairing == Pairing.UNVERIFIED


def test_nothing_is_mended_after_it_was_confirmed_or_put_away(here):
    imported = here.one(malformed.goal_table(malformed.PROJECT))
    assert actions.drop_import(plan_import=imported.plan_import)
    assert not actions.drop_import(plan_import=imported.plan_import)

    with pytest.raises(ValueError, match="已经写入或放弃"):
        actions.confirm_readings(imported=imported)
    with pytest.raises(actions.AlreadyConfirmed):
        here.confirm(imported)


def test_only_officers_of_the_bureau_take_files_in(here):
    for person in (UserFactory(), house().officer):
        with pytest.raises(NotOfficer):
            actions.start_import(bureau=here.bureau, content=None, name="x.xlsx", person=person, at=NOW)
    assert not PlanImport.objects.exists()


@pytest.mark.parametrize("many", [1, 3])
def test_reading_costs_the_same_for_one_and_for_three(here, many, django_assert_num_queries):
    projects = [malformed.changed((0, str(n)), (2, f"项目{n}")) for n in range(many)]
    row = here.start(malformed.goal_table(*projects))

    with django_assert_num_queries(18):
        tasks.read_plan_import(row.pk)


@pytest.mark.parametrize(
    ("words", "item", "amount"),
    [
        ("会议费 1.5万元", "meetings", "15000"),
        ("培 训费：12,000元", "training", "12000"),
        ("融合社区建设", "", None),
        ("培训费 3万元，其中教材1万元", "training", None),
    ],
)
def test_a_direction_says_what_the_money_is_for_and_how_much(words, item, amount):
    assert economic_item(words) == item
    assert amount_in(words) == (None if amount is None else Decimal(amount))
