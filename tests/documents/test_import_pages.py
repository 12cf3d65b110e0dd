"""The pages of an import: who may open them, what they say, and what a person mends there."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.accounts.enums import Role
from apps.documents import actions, tasks
from apps.documents.models import ImportedPlan, PlanImport
from apps.documents.queries.readings import readings_from_json
from apps.files.models import StoredFile
from apps.plans.enums import Kind, Level1, Operator, TargetStatus
from apps.plans.models import Plan, PlanVersion
from apps.plans.queries.contents import content_of, from_json
from tests.documents import malformed
from tests.documents.filled import fill
from tests.documents.importing import NAME, NOW, goal_table_of, house
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db
MANY = "场馆开放率达到70%\n培训人数4500人（以市政府审定数为准）\n修缮费用不超过1.5万元\n安全隐患数量逐年减少"


@pytest.fixture(autouse=True)
def _september(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def here():
    return house()


@pytest.fixture
def officer(client, here):
    client.force_login(here.officer)
    return client


def upload(client, content, name=NAME, **more):
    return client.post(reverse("documents:imports"), {"file": SimpleUploadedFile(name, content), **more})


def test_a_file_goes_from_the_upload_to_the_editor(officer, here):
    answer = upload(officer, malformed.goal_table(malformed.changed((8, MANY))))
    row = PlanImport.objects.get()
    assert answer.headers["Location"] == reverse("documents:import", args=[row.pk])
    waiting = officer.get(answer.headers["Location"]).content.decode()
    assert "等待读取" in waiting
    assert reverse("documents:import_progress", args=[row.pk]) in waiting
    tasks.read_plan_import(row.pk)
    assert officer.get(reverse("documents:import_progress", args=[row.pk])).headers["HX-Redirect"]

    page = officer.get(reverse("documents:imported", args=[row.pk, 1])).content.decode()
    for words in (
        "培训人数4500人（以市政府审定数为准）",
        "≥ 4,500 人",
        "≤ 1.50 万元",
        "&lt; 上年全年",
        "暂定",
        "第 4 行 I 列",
    ):
        assert words in page
    assert page.index("≥ 4,500 人") < page.index("≥ 70 %")
    confirm = reverse("documents:imported_confirm", args=[row.pk, 1])
    refused = officer.post(confirm)
    assert refused.status_code == 409
    assert "请先选择责任处室" in refused.content.decode()
    chosen = {"division": here.division.pk, "number": "P88", "nature": "recurring", "function_code": "201 03 02"}
    officer.post(reverse("documents:imported_project", args=[row.pk, 1]), chosen)

    answer = officer.post(confirm)

    plan = Plan.objects.get()
    assert answer.headers["Location"] == reverse("plans:editor", args=[plan.pk])
    assert (plan.project.number, plan.project.division) == ("P88", here.division)


def test_a_refused_file_says_what_to_mend(officer):
    upload(officer, malformed.text_in_money())
    row = PlanImport.objects.get()
    tasks.read_plan_import(row.pk)

    page = officer.get(reverse("documents:import", args=[row.pk])).content.decode()

    assert "四千万" in page
    assert "系统里什么都没有写入" in page


def test_what_is_no_workbook_is_refused_at_the_door(officer):
    answer = upload(officer, malformed.password_protected())

    assert answer.status_code == 422
    assert "设有打开密码" in answer.content.decode()
    assert not PlanImport.objects.exists()


@pytest.mark.parametrize(("content", "name"), [(b"%PDF-1.4\n%%EOF", "目标.pdf"), (b"name,value\n", "目标.xlsx")])
def test_what_is_no_excel_file_is_told_what_to_bring(officer, content, name):
    answer = upload(officer, content, name)

    assert answer.status_code == 422
    assert f"“{name}”不是 Excel 文件，请上传 .xlsx 或 .xls" in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_a_number_that_a_project_has_is_refused_where_it_is_typed(officer, here):
    ProjectFactory(bureau=here.bureau, number="P01")
    row = here.one(malformed.goal_table(malformed.PROJECT))
    words = {"division": here.division.pk, "number": "P01", "nature": "recurring", "function_code": ""}

    answer = officer.post(reverse("documents:imported_project", args=[row.plan_import_id, 1]), words)

    assert answer.status_code == 422
    assert "编号“P01”已被本单位另一个项目使用。" in answer.content.decode()
    row.refresh_from_db()
    assert row.number == "P02"


def test_two_projects_of_a_file_do_not_get_one_number(officer, here):
    row = here.take(malformed.goal_table(*[malformed.changed((0, str(n)), (2, f"项目{n}")) for n in range(1, 3)]))
    first, second = row.plans.order_by("position")
    words = {"division": here.division.pk, "number": first.number, "nature": "recurring", "function_code": ""}

    answer = officer.post(reverse("documents:imported_project", args=[row.pk, second.position]), words)

    assert answer.status_code == 422
    assert f"编号“{first.number}”已被本单位另一个项目使用。" in answer.content.decode()


def test_a_confirmed_reading_is_counted_off_at_once(officer, here):
    row = here.one(malformed.goal_table(malformed.changed((8, f"{MANY}\n方案印发"))))
    page = officer.get(reverse("documents:imported", args=[row.plan_import_id, 1])).content.decode()
    code = next(found.code for found in readings_from_json(row.readings) if found.is_open)
    assert f"{row.ambiguous} 处待核，全部确认无误" in page

    seen = reverse("documents:imported_seen", args=[row.plan_import_id, 1])
    answer = officer.post(seen, {"code": code}).content.decode()

    assert f"{row.ambiguous - 1} 处待核，全部确认无误" in answer
    assert f"还有 {row.ambiguous - 1} 处待核" in answer
    assert answer.count('hx-swap-oob="true"') == 2


def test_a_preview_shows_what_else_the_file_says(officer, here):
    row = here.one(malformed.goal_table(malformed.changed((9, None))))

    page = officer.get(reverse("documents:imported", args=[row.plan_import_id, 1])).content.decode()

    facts = page[page.index('id="facts"') : page.index('id="readings"')]
    for words in ("持续项目", "2016-01-01 – 2016-12-31", "120.00 万元", "1. 场馆维护费", "2. 培训费"):
        assert words in facts
    assert facts.count("表中没有写") == 1


def test_the_same_file_again_is_told_with_a_link(officer, here):
    first = here.take(malformed.goal_table(malformed.PROJECT))

    answer = upload(officer, malformed.goal_table(malformed.PROJECT))

    assert answer.status_code == 409
    assert reverse("documents:import", args=[first.pk]) in answer.content.decode()
    assert upload(officer, malformed.goal_table(malformed.PROJECT), is_meant="1").status_code == 302


def test_a_whole_file_is_confirmed_from_its_page(officer, here):
    projects = [malformed.changed((0, str(n)), (2, f"项目{n}")) for n in range(1, 4)]
    row = here.take(malformed.goal_table(*projects))
    confirm = reverse("documents:import_confirm", args=[row.pk])
    assert officer.post(confirm).status_code == 409
    officer.post(reverse("documents:import_division", args=[row.pk]), {"division": here.division.pk})

    assert officer.post(confirm).status_code == 302
    assert "正在写入" in officer.get(reverse("documents:import_progress", args=[row.pk])).content.decode()
    tasks.confirm_plan_import(row.pk)

    page = officer.get(reverse("documents:import", args=[row.pk])).content.decode()
    assert page.count("已写入</span>") == 3
    assert Plan.objects.count() == 3


def reading(row, code="1-1"):
    return reverse("documents:imported_reading", args=[row.plan_import_id, row.position, code])


def typed(**more):
    words = {
        "name": "场馆开放率",
        "goal": "1",
        "level2": "social",
        "kind": "ratio",
        "operator": "at_least",
        "value": "75",
        "unit": "%",
        "status": "final",
        "numerator": "开放场馆数",
        "denominator": "场馆总数",
    }
    return words | more


def test_a_reading_is_mended_beside_its_words(officer, here):
    row = here.one(malformed.goal_table(malformed.PROJECT))
    assert 'name="value"' in officer.get(reading(row)).content.decode()
    assert 'name="value"' not in officer.get(reading(row), {"closed": ""}).content.decode()

    answer = officer.post(reading(row), typed())

    assert "已改" in answer.content.decode()
    row.refresh_from_db()
    content = from_json(row.content)
    (indicator,), (measure,) = content.indicators, content.measures
    assert (indicator.level1, indicator.target.value, indicator.target.operator) == (
        Level1.BENEFIT,
        75,
        Operator.AT_LEAST,
    )
    assert (measure.numerator_name, measure.denominator_name, row.ambiguous) == ("开放场馆数", "场馆总数", 0)
    assert content_of(here.confirm(row)).indicators[0].target.value == 75


@pytest.mark.parametrize(
    ("words", "kind", "wanted"),
    [
        ({"kind": "money", "value": "1.5", "operator": "at_most", "unit": ""}, Kind.MONEY, {"value": 15000}),
        (
            {"kind": "number", "unit": "场", "value": "3", "high": "5", "operator": "range"},
            Kind.NUMBER,
            {"value": 3, "high": 5},
        ),
        ({"kind": "milestone", "value": "", "due_on": "2016-11-30"}, Kind.MILESTONE, {"operator": Operator.DATE}),
        ({"kind": "judgement", "value": ""}, Kind.JUDGEMENT, {"operator": Operator.QUALITATIVE, "value": None}),
        (
            {"status": "pending", "value": "", "operator": "range"},
            Kind.RATIO,
            {"operator": Operator.AT_LEAST, "high": None},
        ),
        ({"status": "pending", "value": ""}, Kind.RATIO, {"status": TargetStatus.PENDING, "value": None}),
    ],
)
def test_a_reading_may_become_another_kind(officer, here, words, kind, wanted):
    row = here.one(malformed.goal_table(malformed.PROJECT))

    assert officer.post(reading(row), typed(**words)).status_code == 200

    row.refresh_from_db()
    content = from_json(row.content)
    assert content.measures[0].kind == kind
    target = content.indicators[0].target
    assert {name: getattr(target, name) for name in wanted} == wanted
    here.confirm(row)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"value": "七成"}, "value"),
        ({"value": ""}, "value"),
        ({"operator": "range", "high": "60"}, "high"),
        ({"operator": "qualitative"}, "operator"),
        ({"denominator": ""}, "numerator"),
        ({"kind": "milestone", "value": ""}, "due_on"),
        ({"goal": "7"}, "goal"),
    ],
)
def test_a_mistake_stays_beside_its_field_and_changes_nothing(officer, here, words, field):
    row = here.one(malformed.goal_table(malformed.PROJECT))
    before = row.content

    answer = officer.post(reading(row), typed(**words))

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    row.refresh_from_db()
    assert row.content == before


def test_a_target_on_an_earlier_figure_stays_one_until_a_number_is_typed(officer, here):
    row = here.one(malformed.goal_table(malformed.changed((8, "安全隐患数量逐年减少"))))
    words = typed(kind="number", unit="", numerator="", denominator="", operator="at_most")

    officer.post(reading(row), words | {"value": ""})
    row.refresh_from_db()
    assert from_json(row.content).indicators[0].target.basis == "last_year"
    officer.post(reading(row), words | {"value": "20"})

    row.refresh_from_db()
    target = from_json(row.content).indicators[0].target
    assert (target.basis, target.value, target.step) == ("fixed", 20, None)


def test_a_change_of_an_approved_plan_is_shown_old_beside_new_and_asks_why(client):
    plan = fill().plan
    plan.project.refresh_from_db()
    here = house(plan.project.bureau)
    client.force_login(here.officer)
    row = here.one(goal_table_of(plan, ("=答复率：100%", "=答复率：90%")))

    page = client.get(reverse("documents:imported", args=[row.plan_import_id, 1])).content.decode()

    assert "该目标已批复" in page
    assert "= 100" in page
    assert "= 90" in page
    confirm = reverse("documents:imported_confirm", args=[row.plan_import_id, 1])
    refused = client.post(confirm)
    assert refused.status_code == 409
    assert "请写明调整原因" in refused.content.decode()
    assert client.post(confirm, {"reason": "任务调整", "document": "会议纪要"}).status_code == 302
    assert PlanVersion.objects.get(number=2).reason == "任务调整"


def test_files_are_hidden_from_everybody_but_the_officers_of_the_bureau(client, here):
    row = here.one(malformed.goal_table(malformed.PROJECT))
    pages = [
        reverse("documents:import", args=[row.plan_import_id]),
        reverse("documents:imported", args=[row.plan_import_id, 1]),
        reading(row),
    ]
    people = [UserFactory(role=role, unit=here.bureau) for role in Role if role not in (Role.OFFICER, Role.AUDITOR)]
    for person in [*people, house().officer]:
        client.force_login(person)
        assert {client.get(page).status_code for page in pages} == {404}
    client.force_login(here.officer)
    assert {client.get(page).status_code for page in pages} == {200}


@pytest.mark.parametrize("layout", ["goal_table", "declaration"])
def test_an_empty_template_can_be_had_and_filled_in(officer, here, layout):
    content = officer.get(reverse("documents:template", args=[layout, 2016])).content

    row = here.take(content, "空表.xlsx")

    assert content[:2] == b"PK"
    assert row.state == "refused"
    assert "只有表头" in row.findings[0]
    assert officer.get(reverse("documents:template", args=["none", 2016])).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_lists_cost_the_same_for_one_and_for_three(officer, here, many, django_assert_num_queries):
    projects = [malformed.changed((0, str(n)), (2, f"项目{n}")) for n in range(many)]
    for number in range(many):
        row = here.take(malformed.goal_table(*projects), f"{number}.xlsx", is_meant=True)
    officer.get(reverse("documents:imports"))

    with django_assert_num_queries(7):
        officer.get(reverse("documents:imports"))
    with django_assert_num_queries(9):
        officer.get(reverse("documents:import", args=[row.pk]))
    assert ImportedPlan.objects.count() == many * many


def test_a_project_that_is_left_out_is_not_written(officer, here):
    projects = [malformed.changed((0, str(n)), (2, f"项目{n}")) for n in range(1, 3)]
    row = here.take(malformed.goal_table(*projects))
    actions.choose_division(plan_import=row, division=here.division)

    officer.post(reverse("documents:imported_drop", args=[row.pk, 1]))
    actions.request_confirmation(plan_import=row, person=here.officer, at=NOW)
    tasks.confirm_plan_import(row.pk)

    assert [plan.project.name for plan in Plan.objects.all()] == ["项目2"]
