"""The reading pages: what they say, to whom, and at what cost."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from apps.accounts.enums import Role
from apps.calculation.workdays import Workdays
from apps.journal.actions import Change, record
from apps.journal.enums import Verb
from apps.plans.enums import ScopeRule, TargetStatus, VersionState
from apps.progress.enums import Verdict
from apps.reminders.queries import obligations
from tests.dashboards.world import MORNING, READERS, TODAY, World
from tests.factories import (
    GoalTermsFactory,
    IndicatorFactory,
    IndicatorTermsFactory,
    PlanVersionFactory,
    ReviewFactory,
    RevisionFactory,
    RoundFactory,
    TargetFactory,
)


def read(answer):
    """Return the words of a page without its tags, whose keys differ each time."""
    assert answer.status_code == 200
    return strip_tags(text_of(answer))


def text_of(answer):
    return " ".join(answer.content.decode().split())


# Home -----------------------------------------------------------------------------------------------------------------


def test_home_says_first_what_is_due_and_until_when(world, see):
    world.cells(world.indicator(world.plan()))

    page = text_of(see(world.person(Role.REPORTER, world.division), "/"))

    assert "早上好。 你有 1 项待填，最近一项截止 9月8日 周四，还有 2 个工作日。" in page


def test_home_leads_to_the_grid_of_what_is_due(world, see):
    indicator = world.indicator(world.plan())
    world.cells(indicator)

    page = text_of(see(world.person(Role.REPORTER, world.division), "/"))

    assert reverse("progress:grid", args=[world.august.pk, indicator.measure_id]) in page


def test_home_says_what_is_overdue(world, see):
    world.cells(world.indicator(world.plan()), world.july)

    assert "已逾期 21 个工作日" in text_of(see(world.person(Role.REPORTER, world.division), "/"))


def test_home_tells_why_a_figure_was_returned(world, see):
    entry = world.cells(world.indicator(world.plan()))[0]
    revision = RevisionFactory(entry=entry, value=None, numerator=Decimal(5), denominator=Decimal(10))
    ReviewFactory(revision=revision, verdict=Verdict.RETURNED, reason="分母比6月少了18%")

    page = text_of(see(world.person(Role.REPORTER, world.division), "/"))

    assert "有 1 项被退回。" in page
    assert "“分母比6月少了18%”" in page


def test_home_of_a_head_says_what_waits(world, see):
    entries = world.cells(world.indicator(world.plan()), world.august)
    for entry in entries:
        RevisionFactory(entry=entry, value=None, numerator=Decimal(5), denominator=Decimal(10))

    page = text_of(see(world.person(Role.HEAD, world.division), "/"))

    assert "有 1 项等你审核。" in page
    assert "2 条" in page


def test_home_calls_a_round_out_of_turn_by_its_name(world, see):
    row = RoundFactory(bureau=world.bureau, title="节前检查", opened_by=world.person(Role.OFFICER))
    [entry, *_others] = world.cells(world.indicator(world.plan()), row)
    RevisionFactory(entry=entry, value=None, numerator=Decimal(5), denominator=Decimal(10))

    assert "节前检查 · 2016年8月" in text_of(see(world.person(Role.HEAD, world.division), "/"))


def test_home_without_duties_says_so(world, see):
    assert "没有待填的数据。" in text_of(see(world.person(Role.REPORTER, world.division), "/"))


def test_home_of_a_leader_counts_the_late(world, see):
    world.cells(world.indicator(world.plan()), world.july)
    world.stand()

    page = text_of(see(world.person(Role.LEADER), "/"))

    assert "2016 年跟踪 1 项绩效指标。 有 2 条数据逾期未报。" in page


def test_home_of_an_administrator_shows_no_figure(world, see):
    world.spend(world.plan(), Decimal(250_000))

    page = text_of(see(world.person(Role.ADMIN), "/"))

    assert "看不到也改不了业务数据" in page
    assert "绩效指标" not in page.split("<main")[1]


def happened(world, subject, actor=None, unit=None):
    from django.db import transaction

    with transaction.atomic():
        record(bureau=unit or world.bureau, actor=actor, changes=[Change(Verb.LOAD, subject)], at=MORNING)


def test_home_tells_what_happened_until_one_took_note(world, see, client):
    plan = world.plan()
    leader = world.person(Role.LEADER)
    happened(world, plan)

    before = text_of(see(leader, "/"))
    client.post(reverse("dashboards:seen"), {"until": MORNING.isoformat()})
    after = text_of(see(leader, "/"))

    assert (f"载入 · {plan}" in before, f"载入 · {plan}" in after) == (True, False)


def test_news_of_another_bureau_and_of_oneself_stay_out(world, see):
    stranger = World()
    plan, mine = stranger.plan(), world.plan()
    leader = world.person(Role.LEADER)
    happened(stranger, plan)
    happened(world, mine, actor=leader)

    page = text_of(see(leader, "/"))

    assert (str(plan) in page, str(mine) in page) == (False, False)
    assert str(plan) in text_of(see(stranger.person(Role.LEADER), "/"))


def test_a_reporter_hears_of_targets_and_of_own_cells_only(world, see):
    indicator = world.indicator(world.plan())
    entry = world.cells(indicator)[0]
    target = indicator.targets.get()
    for subject in (entry, target, indicator.plan):
        happened(world, subject)

    page = text_of(see(world.person(Role.REPORTER, world.division), "/"))

    assert (f"载入 · {entry}" in page, f"载入 · {indicator.plan}" in page) == (True, False)


def test_a_figure_of_the_news_leads_to_its_cell(world, see):
    indicator = world.indicator(world.plan())
    entry = world.cells(indicator)[0]
    revision = RevisionFactory(entry=entry)
    happened(world, revision)

    page = see(world.person(Role.REPORTER, world.division), "/").content.decode()

    assert f'<a href="{reverse("progress:history", args=[entry.pk])}">{entry}</a>' in page
    assert f"{entry} · {revision.number}<" not in page


@pytest.mark.parametrize("until", ["", "yesterday", "2100-01-01T00:00:00+00:00"])
def test_one_cannot_take_note_of_nonsense_or_of_the_future(world, client, until):
    client.force_login(world.person(Role.LEADER))

    assert client.post(reverse("dashboards:seen"), {"until": until}).status_code == 404


# Projects -------------------------------------------------------------------------------------------------------------


def test_a_project_without_goals_says_so_beside_its_money(world, see):
    plan = world.plan()
    world.spend(plan, Decimal(250_000))

    page = text_of(see(world.person(Role.LEADER), reverse("dashboards:project", args=[plan.pk])))

    assert "未设绩效目标" in page
    assert "<strong>25.00 %</strong>" in page
    assert "应达 66.67 %" in page


def test_nothing_spent_is_a_zero_and_nothing_reported_is_not(world, see):
    spent, unreported = world.plan(), world.plan()
    world.spend(spent, Decimal(0))
    leader = world.person(Role.LEADER)

    zero = text_of(see(leader, reverse("dashboards:project", args=[spent.pk])))
    unknown = text_of(see(leader, reverse("dashboards:project", args=[unreported.pk])))

    assert ("<strong>0.00 %</strong>" in zero, "尚无已审核的执行数" in zero) == (True, False)
    assert ("<strong>0.00 %</strong>" in unknown, "尚无已审核的执行数" in unknown) == (False, True)


def test_an_incomplete_figure_names_who_is_missing(world, see):
    indicator = world.indicator(world.plan(), members=2)
    first, second = world.cells(indicator)
    world.report(first, 90)
    world.stand()

    page = text_of(see(world.person(Role.LEADER), reverse("dashboards:project", args=[indicator.plan_id])))

    assert f"1/2 已审，缺：{second.member}" in page


def test_a_goal_without_an_indicator_stays_on_the_page(world, see):
    plan = world.plan()
    GoalTermsFactory(version=plan.approved, goal__plan=plan, text="开好经验交流会", original_text="开好经验交流会")

    page = text_of(see(world.person(Role.LEADER), reverse("dashboards:project", args=[plan.pk])))

    assert "开好经验交流会" in page
    assert "原表没有为这个目标列出指标。" in page


def test_the_words_of_the_source_are_shown_where_they_differ(world, see):
    plan = world.plan()
    GoalTermsFactory(version=plan.approved, goal__plan=plan, text="服务窗口", original_text="服务物窗口")

    assert "服务物窗口" in text_of(see(world.person(Role.LEADER), reverse("dashboards:project", args=[plan.pk])))


def test_a_pending_target_shows_last_years_figure_as_such(world, see):
    indicator = world.indicator(
        world.plan(),
        value=None,
        status=TargetStatus.PENDING,
        reference_value=Decimal(75),
        reference_year=2015,
    )
    world.stand()

    page = text_of(see(world.person(Role.LEADER), reverse("dashboards:project", args=[indicator.plan_id])))

    assert "指标值待定；2015年为 75 %" in page
    assert "◇" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("", ["A", "B"], id="this year's without a word"),
        pytest.param("words=出租屋", ["A"], id="by name"),
        pytest.param("words=P-B", ["B"], id="by number"),
        pytest.param("nature=one_off", ["B"], id="by nature"),
        pytest.param("status=not_reported", ["A"], id="by the status of an indicator"),
        pytest.param("year=2015", ["C"], id="another year"),
        pytest.param("year=", ["A", "B", "C"], id="all years"),
        pytest.param("sort=-budget", ["B", "A"], id="most money first"),
        pytest.param("sort=nonsense", ["A", "B"], id="an unknown order is no error"),
    ],
)
def test_projects_are_found_and_sorted(world, see, query, found):
    first = world.plan(project__name="A出租屋专项", project__number="P-A", budget=Decimal(10_000))
    world.plan(project__name="B设备", project__number="P-B", project__nature="one_off", budget=Decimal(20_000))
    world.plan(project__name="C旧项目", project__number="P-C", year=2015)
    world.cells(world.indicator(first), world.july)
    world.stand()

    page = text_of(see(world.person(Role.LEADER), f"{reverse('dashboards:projects')}?{query}"))

    names = {"A": "A出租屋专项", "B": "B设备", "C": "C旧项目"}
    shown = sorted((page.index(name), key) for key, name in names.items() if name in page)
    assert [key for _, key in shown] == found


# Indicators -----------------------------------------------------------------------------------------------------------


def test_the_indicator_explains_its_figure(world, see):
    indicator = world.indicator(world.plan(), members=2)
    first, second = world.cells(indicator)
    world.report(first, 90)
    world.report(second, 60)
    world.stand()

    page = text_of(see(world.person(Role.LEADER), reverse("dashboards:indicator", args=[indicator.pk])))

    assert "<strong>75.00 % </strong>" in page
    assert "150 ÷ 200 = 75.00 %" in page
    assert '<td class="pt-number">2/2</td>' in page


def test_members_are_ranked_with_what_they_lack(world, see):
    indicator = world.indicator(world.plan(), members=3)
    low, high, silent = world.cells(indicator)
    world.report(low, 60)
    world.report(high, 90)

    page = text_of(see(world.person(Role.LEADER), reverse("dashboards:members", args=[indicator.pk])))

    assert page.index(str(high.member)) < page.index(str(low.member)) < page.index(str(silent.member))
    assert '<td class="pt-number">20</td>' in page
    assert "○ 未报" in page


def test_the_figures_that_count_are_listed_and_returned_ones_are_not(world, see):
    indicator = world.indicator(world.plan(), members=2)
    counting, returned = world.cells(indicator)
    world.report(counting, 77)
    bad = RevisionFactory(entry=returned, value=None, numerator=Decimal(66), denominator=Decimal(100))
    ReviewFactory(revision=bad, verdict=Verdict.RETURNED)

    page = text_of(see(world.person(Role.LEADER), reverse("dashboards:figures", args=[indicator.pk])))

    assert ('<td class="pt-number">77</td>' in page, '<td class="pt-number">66</td>' in page) == (True, False)


def test_an_indicator_that_the_approved_plan_does_not_have_has_no_page(world, see):
    indicator = IndicatorFactory(plan=world.indicator(world.plan()).plan)

    answer = see(world.person(Role.LEADER), reverse("dashboards:indicator", args=[indicator.pk]))

    assert answer.status_code == 404


# Board ----------------------------------------------------------------------------------------------------------------


def test_the_board_names_what_lags_and_who_is_late(world, see):
    indicator = world.indicator(world.plan(), members=2)
    name = indicator.terms.get().name
    first, second = world.cells(indicator, world.july)
    world.report(first, 5)
    world.stand()

    page = text_of(see(world.person(Role.LEADER), reverse("dashboards:board")))

    red, late = page.split('id="red"')[1].split('id="late"')
    assert (name in red, "■" in red, f"1/2 已审，缺：{second.member}" in red) == (True, True, True)
    assert (str(second.member) in late, "应于 8月8日 周一 报送" in late) == (True, True)


def test_the_heat_list_holds_each_district_against_the_line(world, see):
    indicator = world.indicator(world.plan(), members=3)
    met, short, _silent = world.cells(indicator)
    world.report(met, 85)
    world.report(short, 60)
    world.stand()

    page = text_of(see(world.person(Role.LEADER), reverse("dashboards:heat", args=[2016])))

    assert ("● 85.00" in page, "▽ 60.00" in page, "○ 未报" in page) == (True, True, True)


def test_a_line_for_some_districts_does_not_judge_the_others(world, see):
    indicator = world.indicator(world.plan(), members=2, scope=ScopeRule.ALL)
    named, other = world.cells(indicator)
    indicator.targets.get().members.add(named.member)
    world.report(named, 60)
    world.report(other, 61)
    world.stand()

    page = text_of(see(world.person(Role.LEADER), reverse("dashboards:heat", args=[2016])))

    assert ("▽ 60.00" in page, "▽ 61.00" in page, "61.00" in page) == (True, False, True)


# Who sees what --------------------------------------------------------------------------------------------------------


def paths_of(world):
    indicator = world.indicator(world.plan())
    return [
        reverse("dashboards:project", args=[indicator.plan_id]),
        reverse("dashboards:indicator", args=[indicator.pk]),
        reverse("dashboards:members", args=[indicator.pk]),
        reverse("dashboards:figures", args=[indicator.pk]),
    ]


@pytest.mark.parametrize("role", READERS)
def test_readers_of_the_bureau_see_its_pages_and_nobody_elses(world, see, role):
    mine, others = paths_of(world), paths_of(World())
    person = world.person(role)

    assert [see(person, path).status_code for path in mine + others] == [200] * 4 + [404] * 4


def test_an_administrator_sees_no_figure(world, see):
    admin = world.person(Role.ADMIN)

    board = [reverse("dashboards:board"), reverse("dashboards:heat", args=[2016]), reverse("dashboards:budgets")]

    assert {see(admin, path).status_code for path in paths_of(world) + board} == {404}


@pytest.mark.parametrize("name", ["home", "board", "projects", "budgets"])
def test_a_stranger_is_asked_to_sign_in(client, db, name):
    answer = client.get(reverse(f"dashboards:{name}"))

    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))


def test_a_year_without_a_published_budget_has_no_page(world, see):
    answer = see(world.person(Role.OFFICER), reverse("dashboards:budget", args=[2016]))

    assert answer.status_code == 404


def test_the_published_budget_is_shown_with_its_tables(published, world, see):
    officer = world.person(Role.OFFICER, published)

    page = text_of(see(officer, reverse("dashboards:budget", args=[2016])))

    assert "表十 项目支出政府采购预算表" in page
    assert "6,150.64" in page
    assert "空表" in page
    assert "99.52 %" in page
    assert see(officer, reverse("dashboards:budgets")).url == reverse("dashboards:budget", args=[2016])


# Cost -----------------------------------------------------------------------------------------------------------------


def grow(world, projects, members):
    """Give the bureau so many projects, each with an indicator of so many districts, due, returned and approved cells."""
    for _ in range(projects):
        plan = world.plan()
        world.spend(plan, Decimal(250_000))
        indicator = world.indicator(plan, members=members)
        for number, entry in enumerate(world.cells(indicator)):
            if number == 0:
                world.report(entry, 85)
        world.cells(indicator, world.july)
        happened(world, plan)
        happened(world, indicator.targets.get())
    world.stand()
    return indicator


@pytest.mark.parametrize(
    ("role", "unit", "name", "most"),
    [
        (Role.REPORTER, "division", "home", 12),
        (Role.HEAD, "division", "home", 12),
        (Role.LEADER, "bureau", "home", 12),
        (Role.LEADER, "bureau", "board", 12),
        (Role.LEADER, "bureau", "heat", 12),
        (Role.LEADER, "bureau", "projects", 12),
        (Role.LEADER, "bureau", "project", 12),
        (Role.LEADER, "bureau", "indicator", 12),
        (Role.LEADER, "bureau", "members", 12),
        (Role.LEADER, "bureau", "figures", 12),
    ],
)
def test_a_page_costs_the_same_however_many_rows(world, count, role, unit, name, most):
    def cost(indicator):
        argument = {"heat": [2016], "project": [indicator.plan_id]}
        own = argument.get(name, [] if name in ("home", "board", "projects") else [indicator.pk])
        return count(world.person(role, getattr(world, unit)), reverse(f"dashboards:{name}", args=own))

    few = cost(grow(world, 1, 2))
    many = cost(grow(world, 3, 4))

    assert many == few <= most


def test_a_draft_beside_an_approved_plan_changes_nothing_that_is_read(world, see):
    world.cells(world.indicator(world.plan(), status=TargetStatus.PENDING, value=None))
    without = world.plan()
    world.stand()
    world.person(Role.OFFICER)
    leader = world.person(Role.LEADER)
    paths = [reverse(f"dashboards:{name}") for name in ("home", "board", "projects")]
    paths += [f"{paths[-1]}?status=target_pending", reverse("dashboards:heat", args=[2016])]
    before = [read(see(leader, path)) for path in paths]
    before_told = list(obligations(TODAY, Workdays({}), None))

    draft = PlanVersionFactory(
        plan__project__bureau=world.bureau, state=VersionState.DRAFT, approved_at=None, plan__project__number="N1"
    )
    proposed = IndicatorTermsFactory(version=draft)
    TargetFactory(indicator=proposed.indicator, version=draft, status=TargetStatus.PENDING, value=None)
    added = IndicatorTermsFactory(version=PlanVersionFactory(plan=without, number=2, state=VersionState.DRAFT))
    TargetFactory(indicator=added.indicator, version=added.version)
    world.stand()

    assert [read(see(leader, path)) for path in paths] == before
    assert list(obligations(TODAY, Workdays({}), None)) == before_told
    assert "跟踪 1 项" in before[0]
    assert before_told
