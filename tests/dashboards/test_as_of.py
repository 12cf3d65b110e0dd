"""The reading pages and their files as they stood on a past day, and what has changed since."""

from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from python_calamine import CalamineWorkbook

from apps.accounts.enums import Role
from apps.calendars.queries import SHANGHAI
from apps.journal.actions import Change, record
from apps.journal.enums import Verb
from apps.plans.enums import BudgetKind, Path
from apps.plans.models import Plan
from apps.progress.enums import Verdict
from apps.progress.models import Reopening
from tests.factories import (
    BudgetLineFactory,
    IndicatorTermsFactory,
    PlanVersionFactory,
    ReviewFactory,
    RevisionFactory,
    TargetFactory,
)

pytestmark = pytest.mark.django_db


def at(month, day, hour=10):
    return datetime(2016, month, day, hour, tzinfo=SHANGHAI)


def tell(world, entry, numerator, moment, number=1, **more):
    """Let a cell be reported and approved at a moment, and count from then on."""
    revision = RevisionFactory(
        entry=entry,
        number=number,
        value=None,
        numerator=Decimal(numerator),
        denominator=Decimal(100),
        submitted_at=moment - timedelta(hours=1),
        **more,
    )
    ReviewFactory(revision=revision, reviewed_at=moment, reviewer=world.person(Role.HEAD, world.division))
    entry.approved = entry.latest = revision
    entry.save()
    return revision


@pytest.fixture
def told(world):
    """Report July of two districts: 60 and 70 on 10 August, the first corrected to 90 on 20 August."""
    plan = world.plan()
    indicator = world.indicator(plan, members=2, path=Path.KEEP_AT)
    first, second = world.cells(indicator, world.july)
    tell(world, first, 60, at(8, 10))
    tell(world, second, 70, at(8, 10))
    tell(world, first, 90, at(8, 20), number=2, reason="漏报补齐")
    world.stand()
    return indicator


def words(answer, status=200):
    assert answer.status_code == status
    return " ".join(strip_tags(answer.content.decode()).split())


def path(name, *own, **asked):
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return reverse(f"dashboards:{name}", args=own) + (f"?{query}" if query else "")


def test_the_indicator_says_what_was_known_on_the_day(world, told, see):
    leader = world.person(Role.LEADER)

    now = words(see(leader, path("indicator", told.pk)))
    then = words(see(leader, path("indicator", told.pk, as_of="2016-08-15")))

    assert "80.00 %" in now
    assert "65.00 %" in then
    assert "按 2016-08-15 当日所知显示（之后的更正、审定不计）" in then
    assert ("2016-07-31" in then, "2016-08-31" in then, "回到现在" in then) == (True, True, True)
    assert "当日所知" not in now


@pytest.mark.parametrize("name", ["project", "board", "projects"])
def test_links_of_a_past_day_stay_on_that_day(world, told, see, name):
    own = [told.plan_id] if name == "project" else []
    page = see(world.person(Role.LEADER), path(name, *own, as_of="2016-08-15")).content.decode()

    wanted = reverse("dashboards:project", args=[told.plan_id])
    if name == "project":
        wanted = reverse("dashboards:indicator", args=[told.pk])
    assert f'href="{wanted}?as_of=2016-08-15"' in page
    assert f'href="{wanted}"' not in page


def test_a_search_stays_on_the_day(world, told, see):
    page = see(world.person(Role.LEADER), path("projects", as_of="2016-08-15", since="2016-07-31")).content.decode()

    search = page.split('class="pt-filter"')[1].split("</form>")[0]
    assert '<input type="hidden" name="as_of" value="2016-08-15">' in search
    assert '<input type="hidden" name="since" value="2016-07-31">' in search
    assert "export=csv" in search
    assert "as_of=2016-08-15" in search


def test_parts_of_the_page_are_of_the_same_day(world, told, see):
    leader = world.person(Role.LEADER)

    members = see(leader, path("members", told.pk, as_of="2016-08-15")).content.decode()
    figures = see(leader, path("figures", told.pk, as_of="2016-08-15")).content.decode()
    heat = words(see(leader, path("heat", 2016, as_of="2016-08-15")))

    for part in (members, figures):
        assert (">60<" in part, ">90<" in part) == (True, False)
    assert "60.00" in heat
    assert "90.00" not in heat


def test_who_was_late_on_the_day_is_named(world, told, see):
    leader = world.person(Role.LEADER)

    before = words(see(leader, path("board", as_of="2016-08-09")))
    after = words(see(leader, path("board", as_of="2016-08-12")))

    assert "应于 8月8日 周一 报送" in before
    assert "没有逾期未报的数据" in after


def test_a_figure_that_had_been_returned_asked_again_on_that_day(world, told, see):
    entry = world.cells(world.indicator(world.plan(), members=1), world.july)[0]
    revision = RevisionFactory(
        entry=entry, value=None, numerator=Decimal(1), denominator=Decimal(2), submitted_at=at(8, 3)
    )
    ReviewFactory(revision=revision, verdict=Verdict.RETURNED, reason="请核对", reviewed_at=at(8, 9))

    leader = world.person(Role.LEADER)

    waiting = words(see(leader, path("board", as_of="2016-08-08")))
    returned = words(see(leader, path("board", as_of="2016-08-11")))

    assert (str(entry.member) in waiting.split("逾期未报")[1].split("资金执行")[0]) is False
    assert str(entry.member) in returned.split("逾期未报")[1].split("资金执行")[0]


def test_before_anything_was_approved_the_pages_say_so(world, told, see):
    leader = world.person(Role.LEADER)

    assert "到这一天为止，还没有已批复的绩效目标" in words(
        see(leader, path("project", told.plan_id, as_of="2015-12-31"))
    )
    assert "还没有这个指标" in words(see(leader, path("indicator", told.pk, as_of="2015-12-31")))
    assert "到这一天为止，还没有已批复的项目" in words(see(leader, path("board", as_of="2015-12-31")))
    assert "没有符合条件的项目" in words(see(leader, path("projects", as_of="2015-12-31", year=2016)))


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2016-09-07", "2016-09-07 还没有到，只能看今天和以前。"),
        ("2016-02-30", "“2016-02-30”不是日期，请写成 2016-07-31 这样。"),
        ("昨天", "“昨天”不是日期，请写成 2016-07-31 这样。"),
        ("0001-01-01", "0001-01-01 太早了，最早可以看 2000-01-01。"),
    ],
)
def test_a_day_that_cannot_be_answered_is_refused_in_a_sentence(world, told, see, day, sentence):
    leader = world.person(Role.LEADER)
    pages = [
        path("board", as_of=day),
        path("projects", as_of=day, export="csv"),
        path("project", told.plan_id, since=day),
    ]
    pages.append(f"{reverse('documents:assessment_workbook', args=[told.plan_id])}?as_of={day}")

    for page in pages:
        assert sentence in words(see(leader, page), 400)


def test_changes_are_told_from_an_earlier_day_only(world, told, see):
    page = path("project", told.plan_id, as_of="2016-08-15", since="2016-08-15")

    assert "“此后的变化”要从更早的一天算起。" in words(see(world.person(Role.LEADER), page), 400)


def test_the_list_is_filtered_and_sent_as_it_stood(world, told, see):
    leader = world.person(Role.LEADER)

    then = see(leader, path("projects", as_of="2016-08-15", status="behind", export="csv"))
    now = see(leader, path("projects", status="behind", export="csv"))

    assert "按2016-08-15所知" in then.headers["Content-Disposition"].encode("latin-1").decode("unicode_escape") or (
        "%E6%8C%892016-08-15" in then.headers["Content-Disposition"]
    )
    lines_then = b"".join(then.streaming_content).decode().splitlines()
    lines_now = b"".join(now.streaming_content).decode().splitlines()
    assert (len(lines_then), len(lines_now)) == (2, 1)


def test_the_official_form_is_filled_with_what_was_known(world, told, see):
    def sheet(**asked):
        query = "".join(f"?{key}={value}" for key, value in asked.items())
        answer = see(world.person(Role.LEADER), reverse("documents:assessment_workbook", args=[told.plan_id]) + query)
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        return " ".join(str(value) for row in rows for value in row if value != "")

    then, now = sheet(as_of="2016-08-15"), sheet()

    assert "65" in then
    assert "本表按 2016-08-15 当日所知填列，之后的更正、审定不计。" in then
    assert "当日所知" not in now


def test_what_changed_since_is_told_from_what_to_what(world, told, see):
    plan = told.plan
    version = PlanVersionFactory(plan=plan, number=2, approved_at=at(8, 25), reason="年中调整")
    IndicatorTermsFactory(version=version, indicator=told, name="纳管率")
    TargetFactory(indicator=told, version=version, number=2, value=Decimal(85))
    BudgetLineFactory(plan=plan, version=version, kind=BudgetKind.ADJUSTMENT, amount=Decimal(-50_000))
    Plan.objects.filter(pk=plan.pk).update(approved=version)
    entry = told.measure.entries.order_by("pk").first()
    ReviewFactory(
        revision=entry.latest,
        verdict=Verdict.TAKEN_BACK,
        reason="又发现错误",
        reviewed_at=at(9, 1),
        reviewer=world.person(Role.HEAD, world.division),
    )
    reporter = world.person(Role.REPORTER, world.division)
    Reopening.objects.create(
        entry=entry, person=reporter, until=at(9, 9).date(), reason="补报", opened_by=reporter, opened_at=at(9, 2)
    )
    record(
        bureau=world.bureau,
        actor=reporter,
        changes=[Change(Verb.REOPEN, world.july, reason="全市补报")],
        at=at(9, 3),
    )

    section = words(see(world.person(Role.LEADER), path("changes", plan.pk, since="2016-08-15")))

    assert "共 7 处" in section
    for text in (
        "60 ÷ 100 = 60.00 % → 90 ÷ 100 = 90.00 %",
        "漏报补齐",
        "撤回审核",
        "90 ÷ 100 = 90.00 % → 60 ÷ 100 = 60.00 %",
        "又发现错误",
        "≥ 80 % → ≥ 85 %",
        "第 2 版",
        "-5.00 万元",
        "单格重新开放",
        "填报期重新开放",
        "全市补报",
    ):
        assert text in section
    until = words(see(world.person(Role.LEADER), path("changes", plan.pk, since="2016-08-15", as_of="2016-08-31")))
    assert "共 4 处" in until


def test_the_dashboard_counts_changes_and_leads_to_them(world, told, see):
    leader = world.person(Role.LEADER)

    counted = see(leader, path("change_counts", as_of="2016-08-31", since="2016-08-15")).content.decode()

    assert (
        f"{reverse('dashboards:project', args=[told.plan_id])}?as_of=2016-08-31&amp;since=2016-08-15#changes" in counted
    )
    assert "1 处" in counted
    assert "这段时间里没有变化" in words(see(leader, path("change_counts", since="2016-08-25")))
    assert "没有变化" in words(see(leader, path("change_counts", since="2016-08-15", words="别的项目")))


@pytest.mark.parametrize("name", ["board", "projects", "project", "indicator"])
def test_pages_fetch_what_changed_after_themselves(world, told, see, name):
    leader = world.person(Role.LEADER)
    own = {"project": [told.plan_id], "indicator": [told.pk]}.get(name, [])
    part = path("changes", told.plan_id) if own else path("change_counts")

    asked = see(leader, path(name, *own, as_of="2016-08-31", since="2016-08-15")).content.decode()
    quiet = see(leader, path(name, *own, as_of="2016-08-31")).content.decode()

    assert f'hx-get="{part}?as_of=2016-08-31&amp;since=2016-08-15' in asked
    assert (f"indicator={told.pk}" in asked) == (name == "indicator")
    assert part not in quiet


def test_changes_come_as_a_part_or_as_a_page(world, told, see, client):
    address = path("changes", told.plan_id, since="2016-08-15")
    whole = see(world.person(Role.LEADER), address)
    part = client.get(address, headers={"HX-Request": "true"})

    assert ("<html" in whole.content.decode(), "<html" in part.content.decode()) == (True, False)
    assert "HX-Request" in part.headers["Vary"]
    assert "请先选择从哪一天之后看起" in words(see(world.person(Role.LEADER), path("changes", told.plan_id)))
    for nothing in ("x", "9" * 30):
        address = path("changes", told.plan_id, since="2016-08-01", indicator=nothing)
        assert see(world.person(Role.LEADER), address).status_code == 404


def test_figures_that_two_indicators_share_are_told_once_under_both_names(world, told, see):
    terms = IndicatorTermsFactory(
        version=told.plan.approved, indicator__plan=told.plan, indicator__measure=told.measure, name="全市纳管率"
    )

    page = words(see(world.person(Role.LEADER), path("changes", told.plan_id, since="2016-08-01")))

    assert "共 3 处" in page
    assert f"、{terms.indicator.code} 全市纳管率" in page


def test_a_first_figure_and_a_last_one_taken_back_say_so(world, told, see):
    second = told.measure.entries.order_by("pk").last()
    head = world.person(Role.HEAD, world.division)
    ReviewFactory(
        revision=second.latest, verdict=Verdict.TAKEN_BACK, reason="报错", reviewed_at=at(9, 1), reviewer=head
    )

    page = words(see(world.person(Role.LEADER), path("changes", told.plan_id, since="2016-08-01")))

    assert "70 ÷ 100 = 70.00 % → 不再计入" in page
    assert "— →" not in page


def test_the_project_leads_to_its_files_of_the_day(world, told, see):
    page = see(world.person(Role.LEADER), path("project", told.plan_id, as_of="2016-08-15")).content.decode()

    for name in ("assessment_workbook", "plan_workbook"):
        assert f'{reverse(f"documents:{name}", args=[told.plan_id])}?as_of=2016-08-15"' in page


def test_at_most_two_hundred_changes_are_listed(world, told, see):
    entry = told.measure.entries.order_by("pk").first()
    for number in range(3, 206):
        tell(world, entry, number % 100, at(9, 1) + timedelta(minutes=number), number=number)

    page = words(see(world.person(Role.LEADER), path("changes", told.plan_id, indicator=told.pk, since="2016-08-15")))

    assert "共 204 处" in page
    assert "另有更早的 4 处没有列出" in page


def grow(world, projects, corrections):
    for _ in range(projects):
        plan = world.plan()
        world.spend(plan, Decimal(1))
        indicator = world.indicator(plan, members=3)
        for entry in world.cells(indicator, world.july):
            for number in range(1, corrections + 1):
                tell(world, entry, 50 + number, at(8, 10) + timedelta(hours=number), number=number)
    world.stand()
    return indicator


@pytest.mark.parametrize(
    "name", ["board", "heat", "projects", "project", "indicator", "members", "figures", "changes", "change_counts"]
)
def test_a_past_day_costs_the_same_however_many_cells_and_reviews(world, count, name):
    def cost(indicator):
        plan = [indicator.plan_id]
        own = {"heat": [2016], "project": plan, "changes": plan, "board": [], "projects": [], "change_counts": []}
        return count(
            world.person(Role.LEADER),
            path(name, *own.get(name, [indicator.pk]), as_of="2016-08-31", since="2016-07-31"),
        )

    few = cost(grow(world, 1, 1))
    many = cost(grow(world, 3, 3))

    assert many == few <= (12 if name != "changes" else 14)
