from datetime import date

import pytest
from django.urls import reverse

from apps.accounts.enums import Role, UnitKind
from apps.calendars.models import DemonstrationDay
from apps.progress.enums import StandingStatus
from apps.ui.statuses import STANDINGS
from tests.factories import BureauFactory, DivisionFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def home_of(client, role, unit=None, **headers):
    client.force_login(UserFactory(role=role, unit=unit or BureauFactory()))
    return client.get("/", headers={"accept-language": "zh-hans"} | headers).content.decode()


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        (Role.REPORTER, ["项目", "填报"], ["看板", "审核", "预算"]),
        (Role.HEAD, ["看板", "项目", "审核"], ["预算"]),
        (Role.OFFICER, ["填报", "填报期", "监控", "提醒"], ["审核", "移交"]),
        (Role.LEADER, ["看板", "项目", "预算", "日志"], ["填报期", "审核", "提醒"]),
        (
            Role.ADMIN,
            ["工作台", "提醒", "账号", "移交", "系统"],
            ["看板", "项目", "填报", "审核", "自评", "预算", "日志"],
        ),
    ],
)
def test_the_rail_has_only_what_the_role_may_use(client, role, shown, hidden):
    rail = home_of(client, role).split('<nav class="pt-rail"')[1].split("</nav>")[0]

    assert [word for word in shown + hidden if f"{word}</a>" in rail] == shown


@pytest.mark.parametrize(
    ("role", "words"),
    [(Role.HEAD, ["工作台", "看板", "填报", "审核"]), (Role.REPORTER, ["工作台", "项目", "目标", "填报"])],
)
def test_a_phone_has_the_places_of_daily_work_at_hand(client, role, words):
    at_hand = home_of(client, role).split('<li class="pt-at-hand">')[1:]

    assert [item.split("</svg>")[1].split("</a>")[0] for item in at_hand] == words


def test_the_head_names_the_bureau_above_a_division(client):
    bureau = BureauFactory(name="某某局", parent=UnitFactory(name="某财政局", kind=UnitKind.FINANCE))

    assert "<strong>某某局</strong>" in home_of(client, Role.HEAD, DivisionFactory(parent=bureau))


def test_the_finance_bureau_stands_under_its_own_name(client):
    unit = UnitFactory(name="某财政局", kind=UnitKind.FINANCE)

    assert "<strong>某财政局</strong>" in home_of(client, Role.FINANCE, unit)


def test_a_demonstration_is_labelled_with_its_day(client):
    DemonstrationDay.objects.create(date=date(2016, 9, 6))

    page = home_of(client, Role.LEADER)

    assert "<strong>演示数据</strong> · 演示日期 2016-09-06（9月6日 周二）" in page


def test_in_earnest_nothing_is_labelled_a_demonstration(client):
    assert "演示数据" not in home_of(client, Role.LEADER)


def test_a_demonstration_is_labelled_before_anybody_signs_in(client):
    DemonstrationDay.objects.create(date=date(2016, 9, 6))

    assert (
        "演示日期 2016-09-06"
        in client.get(reverse("account_login"), headers={"accept-language": "zh"}).content.decode()
    )


def test_the_language_switch_is_remembered_for_the_person(client):
    user = UserFactory(role=Role.LEADER, unit=BureauFactory())
    client.force_login(user)

    client.post(reverse("set_language"), {"language": "en", "next": "/"})

    user.refresh_from_db()
    assert (user.language, '<html lang="en"' in client.get("/").content.decode()) == ("en", True)


def test_pages_have_no_inline_script_or_style(client):
    page = home_of(client, Role.LEADER)

    assert "<style" not in page
    assert " style=" not in page
    assert all("src=" in tag for tag in page.split("<script")[1:])


def test_what_is_not_there_is_said_in_the_frame_of_the_product(client):
    client.force_login(UserFactory(role=Role.LEADER, unit=BureauFactory()))

    answer = client.get("/projects/4711/", headers={"accept-language": "zh-hans"})

    assert (answer.status_code, "没有找到这个页面" in answer.content.decode()) == (404, True)


def test_every_standing_has_its_own_shape_and_its_usual_word():
    assert {code: mark.word for code, mark in STANDINGS.items()} == dict(StandingStatus.choices)
    assert len({mark.shape for mark in STANDINGS.values()}) == len(STANDINGS)


@pytest.mark.parametrize(
    ("path", "word"), [("/", "工作台"), ("/projects/", "项目"), ("/progress/", "填报"), ("/progress/queue/", "审核")]
)
def test_the_rail_marks_one_place_as_here(client, path, word):
    client.force_login(UserFactory(role=Role.HEAD, unit=BureauFactory()))

    page = client.get(path, headers={"accept-language": "zh-hans"}).content.decode()

    here = [part.split("</a>")[0] for part in page.split('aria-current="page"')[1:]]
    assert [text.rpartition(">")[2] for text in here] == [word]
