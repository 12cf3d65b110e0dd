"""The strip on a plan's page, the queue, the request to adjust, and where people are told that it is their turn."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.calculation.workdays import Workdays
from apps.plans.actions import approval
from apps.plans.models import Plan, PlanVersion
from apps.plans.queries.approval import last_step
from apps.reminders.enums import Sort
from apps.reminders.queries import lines, obligations
from tests.plans.approving import make_desk
from tests.progress.world import NOW, TODAY

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def desk():
    return make_desk()


@pytest.fixture
def enter(client):
    def enter(person):
        client.force_login(person)
        return client

    return enter


def address(name, version):
    return reverse(f"plans:{name}", args=[version.plan_id])


def strip(client, version):
    """Return the words of the page of a plan, with the buttons."""
    return client.get(address("editor", version)).content.decode()


def test_each_person_finds_the_button_of_their_turn(desk, enter):
    version = desk.draft()
    buttons = {
        "提交审核": address("submit", version),
        "收回修改": address("recall", version),
        "通过": address("pass", version),
        "申请调整": address("adjust", version),
    }

    def shown(person):
        page = strip(enter(person), version)
        return {word for word, path in buttons.items() if f'"{path}"' in page}

    assert (shown(desk.reporter), shown(desk.leader)) == ({"提交审核"}, set())
    enter(desk.reporter).post(buttons["提交审核"])
    assert (shown(desk.reporter), shown(desk.head), shown(desk.officer)) == ({"收回修改"}, {"通过"}, set())
    assert str(desk.head) in strip(enter(desk.reporter), version)
    for person in (desk.head, desk.officer, desk.leader):
        enter(person).post(buttons["通过"], {"seen": str(last_step(version))})
    assert (shown(desk.reporter), shown(desk.leader)) == ({"申请调整"}, set())
    assert Plan.objects.get(pk=version.plan_id).approved == version


def test_a_step_that_is_not_yours_is_refused_with_a_sentence(desk, enter):
    version = desk.submitted()

    answer = enter(desk.leader).post(address("pass", version), {"seen": str(last_step(version))})

    assert (answer.status_code, str(desk.head) in answer.content.decode()) == (403, True)


def test_a_returned_plan_tells_its_author_why(desk, enter):
    version = desk.submitted()

    enter(desk.head).post(address("return", version), {"seen": str(last_step(version)), "reason": "口径不清"})

    assert "口径不清" in strip(enter(desk.reporter), version)
    assert "口径不清" in enter(desk.reporter).get("/").content.decode()


def test_the_queue_passes_several_and_says_how_each_went(desk, enter):
    first, second = desk.submitted(), another(desk).submitted()
    seen = last_step(second)
    approval.recall_version(version=second, person=desk.reporter, at=NOW)
    desk.submit(second)
    client = enter(desk.head)
    page = client.get(reverse("plans:queue")).content.decode()
    assert (str(first.plan.project) in page, str(second.plan.project) in page) == (True, True)
    typed = {
        "version": [first.pk, second.pk],
        f"seen-{first.pk}": last_step(first),
        f"seen-{second.pk}": seen,
        "verdict": "pass",
    }

    told = client.post(reverse("plans:queue"), typed, follow=True).content.decode()

    states = dict(PlanVersion.objects.values_list("pk", "state"))
    assert (states[first.pk], states[second.pk]) == ("officer_review", "division_review")
    assert (f"已通过：{first}" in told, "请刷新" in told) == (True, True)


def another(desk):
    """Return the desk of another project of the division."""
    from dataclasses import replace

    from tests.factories import ProjectFactory

    project = ProjectFactory(bureau=desk.world.bureau, division=desk.world.division, name="出租屋巡查")
    return replace(desk, project=project)


def test_the_queue_returns_nothing_without_a_reason(desk, enter):
    version = desk.submitted()
    typed = {"version": [version.pk], f"seen-{version.pk}": last_step(version), "verdict": "return", "reason": " "}

    answer = enter(desk.head).post(reverse("plans:queue"), typed)

    assert (answer.status_code, "请写明原因" in answer.content.decode()) == (422, True)
    version.refresh_from_db()
    assert version.state == "division_review"


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_as_many_queries_for_three_as_for_one(desk, enter, count, django_assert_num_queries):
    for number in range(count):
        (another(desk) if number else desk).submitted()
    client = enter(desk.head)

    with django_assert_num_queries(7):
        client.get(reverse("plans:queue"))


def test_an_adjustment_is_asked_for_with_reason_and_document(desk, enter, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    version = desk.approved()
    path = address("adjust", version)
    enter(desk.reporter)

    assert client.post(path, {"reason": "", "document": "文"}).status_code == 422
    wrong = client.post(path, {"reason": "增", "document": "文", "file": SimpleUploadedFile("x.exe", b"MZ\x90")})
    assert (wrong.status_code, "增" in wrong.content.decode()) == (422, True)
    assert not PlanVersion.objects.filter(number=2).exists()
    done = client.post(path, {"reason": "增", "document": "财函8号", "file": SimpleUploadedFile("x.pdf", PAPER)})

    second = PlanVersion.objects.get(plan=version.plan, number=2)
    assert done.headers["Location"] == address("editor", version)
    assert (second.state, second.reason, second.document) == ("draft", "增", "财函8号")
    page = strip(client, version)
    assert reverse("assessments:effect", args=[second.pk]) in page
    file = client.get(reverse("plans:document", args=[second.pk]))
    assert b"".join(file.streaming_content) == PAPER
    assert client.post(path, {"reason": "又", "document": "文"}).headers["Location"] == address("editor", version)


def told(desk, person):
    owed = dict(obligations(TODAY, Workdays({}))).get(person.pk, [])
    return [line for line in lines(owed, TODAY, Workdays({})) if line.sort in (Sort.PLAN_REVIEW, Sort.PLAN_RETURNED)]


def test_whose_turn_it_is_is_told_and_nobody_else(desk):
    version = desk.submitted()

    (line,) = told(desk, desk.head)
    assert (line.sort, line.state) == (Sort.PLAN_REVIEW, "处室审核")
    assert line.title == "居住证办理 · 2016年度绩效目标"
    assert line.link.endswith(address("editor", version))
    assert [told(desk, person) for person in (desk.reporter, desk.officer, desk.leader)] == [[], [], []]

    desk.pass_(version, desk.head, desk.officer)
    assert [len(told(desk, person)) for person in (desk.head, desk.officer, desk.leader)] == [0, 0, 1]


def test_an_author_is_told_what_came_back(desk):
    version = desk.submitted()
    owed = dict(obligations(TODAY, Workdays({})))[desk.head.pk]
    approval.return_version(version=version, person=desk.head, seen=last_step(version), reason="口径不清", at=NOW)

    (line,) = told(desk, desk.reporter)
    assert (line.sort, line.state) == (Sort.PLAN_RETURNED, f"{desk.head} 退回：“口径不清”")
    assert lines(owed, TODAY, Workdays({})) == []  # what was handled meanwhile has no line
    desk.submit(version)
    assert told(desk, desk.reporter) == []


def test_the_home_page_names_what_waits(desk, enter):
    desk.submitted()

    assert "等您审核的目标" in enter(desk.head).get("/").content.decode()
    assert "等您审核的目标" not in enter(desk.officer).get("/").content.decode()
