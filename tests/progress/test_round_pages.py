"""The pages on which an officer keeps rounds."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.enums import Role, UnitKind
from apps.progress.models import Entry, Reopening, Round
from tests.factories import NumberFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

OFFICE, NEW = "/progress/office/", "/progress/office/new/"


@pytest.fixture
def officer(world):
    client = Client()
    client.force_login(world.people[Role.OFFICER])
    return client


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def page_of(row):
    return reverse("progress:round_office", args=[row.pk])


def extra(world, **more):
    return {
        "title": "节前检查",
        "starts_on": "2016-08-25",
        "ends_on": "2016-09-05",
        "due_on": "2016-09-17",
        "measures": [world.measure.pk],
        "reason": "市里要求。",
    } | more


def test_the_list_counts_and_narrows(world, officer):
    world.submit([(9, 10)], month=7)
    page = words(officer.get(OFFICE))
    assert "2016年8月" in page
    assert '<strong class="pt-bad">■ 2</strong>' in page  # July is past its day with one of three reported

    assert "还没有这样的填报期" in words(officer.get(OFFICE, {"frequency": "yearly"}))
    assert "还没有这样的填报期" in words(officer.get(OFFICE, {"year": "2015"}))
    assert officer.get(OFFICE, {"year": "x", "frequency": "nonsense"}).status_code == 200
    assert officer.get(OFFICE, {"bureau": "nowhere"}).status_code == 404


def test_an_extra_round_is_opened_by_its_form(world, officer):
    answer = officer.post(NEW, extra(world), follow=True)

    row = Round.objects.get(title="节前检查")
    assert answer.redirect_chain == [(page_of(row), 302)]
    assert "9月17日 周六 是休息日，截止日定为 9月16日 周五。" in words(answer)
    assert "节前检查 · 2016-08-25 – 2016-09-05" in words(answer)
    assert "节前检查" in words(officer.get("/progress/"))


def test_what_would_count_twice_is_refused_with_everything_kept(world, officer):
    measure = NumberFactory(bureau=world.bureau, division=world.division, name="发放册数")
    world.ask(measure)
    answer = officer.post(NEW, extra(world, measures=[measure.pk]))

    assert answer.status_code == 422
    assert "“发放册数”的各期数要相加或平均，2016年8月 已要求填报；再开一期会重复计算。" in words(answer)
    assert 'value="节前检查"' in words(answer)
    assert re.search(r'name="title"[^>]* autofocus', words(answer))  # the refusal is of no single field
    silent = words(officer.post(NEW, extra(world, reason="")))
    assert re.findall(r'name="(\w+)"[^>]* autofocus', silent) == ["reason"]
    backwards = officer.post(NEW, extra(world, ends_on="2016-08-01"))
    assert "期间的最后一天早于第一天。" in words(backwards)
    assert not Round.objects.exclude(title="").exists()


def test_a_round_is_closed_one_cell_opened_and_all_opened_again(world, officer):
    row = world.round_of(8)
    assert "还有 3 格没报或被退回" in words(officer.get(page_of(row)))
    silent = officer.post(page_of(row), {"deed": "close"})
    assert silent.status_code == 422
    assert re.findall(r'name="([\w-]+)"[^>]* autofocus', words(silent)) == ["close-reason"]
    closed = officer.post(page_of(row), {"deed": "close", "close-reason": "已上报。"}, follow=True)
    assert "已关闭 2016年8月。" in words(closed)

    entry = world.cells()[0]
    form = officer.get(page_of(row), {"cell": entry.pk})
    assert f"单独开放：{world.measure} · {entry.member}" in words(form)
    typed = {
        "again-person": world.reporter.pk,
        "again-until": "2016-09-20",
        "again-reason": "漏报。",
        "cell": entry.pk,
    }
    late = officer.post(page_of(row), typed | {"deed": "again", "again-until": "2016-12-20"})
    assert "单格开放的最后一天应在 2016-09-06 到 2016-10-07 之间。" in words(late)
    done = officer.post(page_of(row), typed | {"deed": "again"}, follow=True)
    assert f"对{world.reporter}开放到 9月20日" in words(done)
    assert Reopening.objects.get().entry == entry
    assert "漏报。" in words(officer.get(OFFICE))

    late = officer.post(page_of(row), {"deed": "close", "close-reason": "再关。"})
    assert late.status_code == 422
    assert "这里刚才已由另一个页面办理过" in words(late)
    assert "您填写的原因：“再关。”" in words(late)
    assert officer.post(page_of(row), {"deed": "nonsense"}).status_code == 404
    officer.post(page_of(row), {"deed": "reopen", "reopen-reason": "都补。"})
    row.refresh_from_db()
    assert row.closed_at is None


def test_a_due_day_on_a_rest_day_is_told_where_it_went(world, officer):
    row = world.round_of(8)
    typed = {"deed": "due", "due-due_on": "2016-09-18", "due-reason": "中秋。"}

    assert "9月18日 周日 是休息日，截止日定为 9月16日 周五。" in words(officer.post(page_of(row), typed, follow=True))
    far = words(officer.post(page_of(row), typed | {"due-due_on": "9999-12-31"}))
    assert "截止日最晚为 2017-09-07（一年以内），请检查年份。" in far
    assert "中秋。</textarea>" in far
    next_year = officer.post(page_of(row), typed | {"due-due_on": "2017-06-30"}, follow=True)
    assert "截止日已改为 2017年6月30日 周五。" in words(next_year)
    past = words(officer.post(page_of(row), typed | {"due-due_on": "2016-09-01"}))
    assert "新的截止日不能早于 2016-09-06。" in past


def test_a_cell_of_an_office_without_an_account_leads_to_typing_for_it(world, officer):
    office = UnitFactory(parent=world.bureau, kind=UnitKind.DISTRICT)
    Entry.objects.filter(member=world.members[0]).update(reporting_unit=office)
    row = world.round_of(8)

    page = words(officer.get(page_of(row)))
    assert "没有账号" in page
    assert f"{reverse('progress:behalf', args=[row.pk, world.measure.pk])}?unit={office.pk}" in page


def test_the_pages_cost_the_same_with_one_and_with_three_cells(world, officer, django_assert_max_num_queries):
    row = world.round_of(8)
    others = Entry.objects.filter(round=row)[1:]
    Entry.objects.filter(pk__in=[entry.pk for entry in others]).update(state="approved")
    officer.get(page_of(row))
    with django_assert_max_num_queries(12) as one:
        officer.get(page_of(row))
    Entry.objects.filter(round=row).update(state="pending")
    with django_assert_max_num_queries(12) as three:
        officer.get(page_of(row))

    assert len(one) == len(three)
