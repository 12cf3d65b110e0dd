"""The demonstration comes with one command, plays a plausible year, and goes with another."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client, TestCase

from apps.accounts.enums import Role
from apps.accounts.models import Unit, User
from apps.calendars.models import DemonstrationDay
from apps.calendars.queries import SHANGHAI
from apps.journal.models import Chain, Event
from apps.journal.queries import chain_flaws, content_flaws
from apps.plans.actions import load_published
from apps.plans.models import Indicator, Measure, Plan, Project, Result, Target
from apps.progress.actions import (
    Cell,
    approve,
    close_round,
    open_rounds,
    reopen_cell,
    return_,
    save_drafts,
    submit,
)
from apps.progress.actions.demonstration import (
    DEMONSTRATION_DAY,
    NoPlan,
    TooShort,
    load_demonstration,
    remove_demonstration,
)
from apps.progress.actions.demonstration.figures import Figures
from apps.progress.enums import EntryState, RevisionOrigin
from apps.progress.models import Draft, Entry, Review, Revision, Round, Standing
from apps.progress.queries import member_figures, trend
from apps.progress.queries.executions import executions
from apps.progress.queries.history import entry_history
from tests.factories import BureauFactory
from tests.prepared import prepared

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
PASSWORD = "look-around-2016"
AUGUST = date(2016, 8, 31)


def published():
    return load_published(folder=FIXTURES / "2016", schemes=FIXTURES / "schemes", at=NOW).bureau


def demonstrated():
    bureau = published()
    load_demonstration(bureau=bureau, password=PASSWORD, at=NOW)
    return bureau


@pytest.fixture
def bureau(db):
    return prepared(published)


@pytest.fixture
def demonstration(db):
    return prepared(demonstrated)


def standing(code):
    return Standing.objects.get(indicator__code=code)


def cell(measure, member, ends_on=AUGUST):
    return Entry.objects.get(measure__code=measure, member__code=member, round__ends_on=ends_on)


class Demonstrated(TestCase):
    """Tests that look at the demonstration, loaded once for all of them."""

    @classmethod
    def setUpTestData(cls):
        prepared(demonstrated)


class TestFigures(Demonstrated):
    """What the pages show on the demonstration's morning."""

    def test_august_shows_ten_districts_and_says_which_is_missing(self):
        row = standing("1-2")
        missing = [Entry.objects.filter(member=pk).first().member.name for pk in row.missing]
        assert (row.numerator, row.denominator) == (3_525_000, 4_527_000)
        assert (row.reported, row.asked, missing) == (10, 11, ["从化区"])
        assert round(row.actual, 2) == Decimal("77.87")

    def test_districts_stand_as_in_the_worked_example(self):
        figures = {row.member.name: row for row in member_figures(Indicator.objects.get(code="1-2"), DEMONSTRATION_DAY)}
        assert (figures["荔湾区"].numerator, figures["荔湾区"].denominator) == (92_000, 100_000)
        assert round(figures["白云区"].value, 2) == Decimal("71.54")
        assert figures["从化区"].value is None
        assert not figures["从化区"].is_reported

    def test_rates_grow_month_by_month(self):
        for code in ("managed-rate", "access-control-installed"):
            values = [point.value for point in trend(Measure.objects.get(code=code), 2016, DEMONSTRATION_DAY)]
            assert len(values) == 8
            assert values == sorted(set(values))

    def test_the_history_of_a_figure_names_the_event_that_brought_it(self):
        entry = cell("managed-rate", "440114", date(2016, 6, 30))
        history = entry_history(entry, User.objects.first())
        ranges = history.loading.after["rows"]["progress.revision"]
        assert any(first <= history.lines[0].revision.pk <= last for first, last in ranges)
        assert history.loading.verb == "load"

    def test_every_indicator_has_the_state_its_figures_deserve(self):
        assert dict(Standing.objects.values_list("indicator__code", "status")) == {
            "1-1": "not_reported",
            "1-2": "slightly_behind",
            "2-1": "slightly_behind",
            "3-1": "slightly_behind",
            "4-1": "not_reported",
            "5-1": "slightly_behind",
            "5-2": "on_pace",
            "6-1": "on_pace",
            "7-1": "slightly_behind",
            "7-2": "on_pace",
            "8-1": "target_pending",
            "9-1": "on_pace",
            "10-1": "on_pace",
            "11-1": "done",
            "12-1": "slightly_behind",
        }

    def test_last_year_is_imported_into_closed_rounds_with_a_document(self):
        past = Revision.objects.filter(entry__round__fiscal_year=2015)
        assert past.count() == 12 * 11 + 2 * 4
        assert not past.filter(document="").exists()
        assert not Round.objects.filter(fiscal_year=2015, closed_at=None).exists()
        assert (standing("6-1").baseline, standing("7-1").baseline, standing("7-2").baseline) == (1200, 860, 45)

    def test_money_is_spent_at_twelve_paces_and_nothing_spent_is_a_zero(self):
        plans = list(Plan.objects.select_related("project"))
        rates = {plan.project.number: executions([plan], DEMONSTRATION_DAY)[plan.pk].rate for plan in plans}
        assert rates["P07"] == Decimal("62.1")
        assert rates["P12"] == 0
        assert all(0 <= rate < 100 for rate in rates.values())

    def test_august_still_has_something_to_do_for_everybody(self):
        august = Entry.objects.filter(round__ends_on=AUGUST)
        assert set(august.values_list("state", flat=True)) == set(EntryState.values)
        assert set(august.values_list("round__due_on", flat=True)) == {date(2016, 9, 8)}
        reporter, district, head = (User.objects.get(username=name) for name in ("reporter", "district", "head"))
        assert august.reportable_by(reporter).open_by(DEMONSTRATION_DAY).filter(state=EntryState.PENDING).exists()
        assert august.reportable_by(reporter).open_by(DEMONSTRATION_DAY).filter(state=EntryState.RETURNED).exists()
        assert [str(row.measure) for row in august.reportable_by(district).open_by(DEMONSTRATION_DAY)] == [
            "门禁系统安装率"
        ]
        assert august.reviewable_by(head).count() == 5
        assert not Entry.objects.exclude(round__ends_on=AUGUST).exclude(state=EntryState.APPROVED).exists()

    def test_a_return_and_its_correction_are_kept(self):
        entry = cell("managed-rate", "440114", date(2016, 6, 30))
        verdicts = list(Review.objects.filter(revision__entry=entry).values_list("verdict", flat=True))
        assert (entry.revisions.count(), verdicts, entry.approved.number) == (2, ["returned", "approved"], 2)

    def test_figures_name_the_definition_that_they_were_reported_under(self):
        rows = Revision.objects.filter(entry__measure__code="managed-rate")

        assert rows.exists()
        assert not rows.filter(definition=None).exists()
        assert not rows.exclude(definition__measure=F("entry__measure")).exists()

    def test_moments_lie_before_the_demonstrations_morning_and_reviews_after_submissions(self):
        morning = datetime(2016, 9, 6, 9, 30, tzinfo=SHANGHAI)
        for review in Review.objects.select_related("revision__entry__round"):
            submitted_at = review.revision.submitted_at
            assert review.revision.entry.round.opens_on <= submitted_at.astimezone(SHANGHAI).date()
            assert submitted_at < review.reviewed_at < morning
        assert not Revision.objects.filter(submitted_at__gte=morning).exists()
        assert not Revision.objects.exclude(origin=RevisionOrigin.DEMONSTRATION).exists()

    def test_nobody_reviewed_a_figure_of_their_own(self):
        typists = set(Revision.objects.values_list("submitted_by__username", flat=True))
        assert set(Review.objects.values_list("reviewer__username", flat=True)) == {"head"}
        assert len(typists) == 12
        assert "head" not in typists

    def test_two_runs_make_the_same_figures(self):
        assert Figures().slopes == Figures().slopes
        assert Figures().growths == Figures().growths

    def test_the_list_of_excellent_districts_is_a_demonstration_target(self):
        target = Target.objects.get(origin="demonstration")
        assert (target.indicator.code, target.number, target.status) == ("1-1", 2, "final")
        assert {row.member.name for row in target.named.all()} == {"荔湾区", "越秀区", "从化区"}
        assert (standing("1-1").met, standing("1-1").asked) == (2, 3)


class TestPeople(Demonstrated):
    """Eight accounts, each with its role, and silent reporters behind the other districts."""

    def test_every_account_signs_in_with_the_password_and_has_its_role(self):
        roles = {
            "reporter": Role.REPORTER,
            "district": Role.REPORTER,
            "head": Role.HEAD,
            "officer": Role.OFFICER,
            "leader": Role.LEADER,
            "finance": Role.FINANCE,
            "auditor": Role.AUDITOR,
            "admin": Role.ADMIN,
        }
        for username, role in roles.items():
            user = User.objects.get(username=username)
            assert user.check_password(PASSWORD)
            assert [duty.role for duty in user.duties] == [role]
        assert {user.username for user in User.objects.all() if user.has_usable_password()} == set(roles)

    def test_names_say_that_it_is_a_demonstration(self):
        assert all(user.name.startswith("演示") for user in User.objects.all())
        assert User.objects.count() == 18

    def test_the_administrator_has_no_power_over_figures(self):
        admin = User.objects.get(username="admin")
        assert admin.has_perm("accounts.change_user")
        assert not admin.is_superuser
        assert not [name for name in admin.get_all_permissions() if name.startswith(("plans.", "progress."))]

    def test_the_reporters_of_other_districts_cannot_sign_in(self):
        assert not Client().login(username="demo-440104", password=PASSWORD)
        assert Client().login(username="district", password=PASSWORD)


class TestLoading:
    """Once, and again."""

    def test_a_second_load_makes_no_figure_and_sets_the_password(self, demonstration):
        counts = [
            model.objects.count() for model in (Revision, Review, Entry, Round, Unit, User, Target, Result, Event)
        ]
        again = load_demonstration(bureau=demonstration, password="another-password", at=NOW)
        assert again.revisions == 0
        assert counts == [
            model.objects.count() for model in (Revision, Review, Entry, Round, Unit, User, Target, Result, Event)
        ]
        assert User.objects.get(username="head").check_password("another-password")

    def test_each_plan_has_one_event_and_the_day_is_set(self, demonstration):
        events = Event.objects.filter(verb="load", subject_type="plans.plan")
        assert events.count() == 12
        assert DemonstrationDay.objects.get().date == DEMONSTRATION_DAY

    @pytest.mark.parametrize("password", ["", "short"])
    def test_without_a_password_nothing_is_loaded(self, bureau, password):
        with pytest.raises(TooShort, match="PERFTRACK_DEMO_PASSWORD"):
            load_demonstration(bureau=bureau, password=password, at=NOW)
        assert not User.objects.exists()

    def test_a_bureau_without_a_plan_is_refused(self, db):
        with pytest.raises(NoPlan, match="load_plan_2016"):
            load_demonstration(bureau=BureauFactory(), password=PASSWORD, at=NOW)


class TestRemoval:
    """Everything made up goes, everything typed stays."""

    def test_nothing_of_the_demonstration_is_left_and_the_published_year_is_untouched(self, demonstration):
        removed = remove_demonstration(bureau=demonstration, today=NOW.date(), at=NOW)

        assert (len(removed.revisions), len(removed.targets), removed.accounts, removed.had_day) == (602, 1, 18, True)
        for model in (Revision, Review, Entry, Round, DemonstrationDay, Result):
            assert not model.objects.exists()
        assert not User.objects.filter(is_active=True).exists()
        assert not Measure.objects.exclude(division=None).exists()
        assert not Project.objects.exclude(division=None).exists()
        assert Target.objects.count() == Indicator.objects.count() == 15
        assert not Standing.objects.exclude(actual=None).exists()
        assert Event.objects.filter(verb="remove").count() == 12

    def test_a_second_removal_finds_nothing(self, demonstration):
        remove_demonstration(bureau=demonstration, today=NOW.date(), at=NOW)
        events = Event.objects.count()
        assert remove_demonstration(bureau=demonstration, today=NOW.date(), at=NOW).is_nothing
        assert Event.objects.count() == events

    def test_it_can_come_back(self, demonstration):
        remove_demonstration(bureau=demonstration, today=NOW.date(), at=NOW)
        assert load_demonstration(bureau=demonstration, password=PASSWORD, at=NOW).revisions == 602
        assert User.objects.get(username="reporter").is_active

    def test_figures_and_drafts_that_people_typed_stay_and_go_on_counting(self, demonstration):
        reporter, head = User.objects.get(username="reporter"), User.objects.get(username="head")
        fresh, corrected = cell("petition-replies", "12345"), cell("petition-replies", "window")
        drafted = cell("execution-p08", "general")
        now = NOW + timedelta(hours=1)
        ratio = {"numerator": Decimal(99), "denominator": Decimal(100)}
        made = submit(
            cells=[
                Cell(fresh.pk, ratio, note="本月只统计工作日"),
                Cell(corrected.pk, ratio, seen=1, note="本月只统计工作日", reason="漏报一件"),
            ],
            person=reporter,
            today=DEMONSTRATION_DAY,
            at=now,
        )
        approve(revision_ids=[made[0].pk], reviewer=head, today=DEMONSTRATION_DAY, at=now)
        save_drafts(texts={drafted.pk: {"value": "1,2"}}, person=reporter, at=now)

        remove_demonstration(bureau=demonstration, today=DEMONSTRATION_DAY, at=now)

        fresh.refresh_from_db()
        corrected.refresh_from_db()
        assert {row.pk for row in Revision.objects.all()} == {row.pk for row in made}
        assert (fresh.state, fresh.approved) == (EntryState.APPROVED, made[0])
        assert (corrected.state, corrected.latest, corrected.approved) == (EntryState.SUBMITTED, made[1], None)
        assert Draft.objects.get().fields == {"value": "1,2"}
        assert (standing("12-1").numerator, standing("12-1").denominator) == (99, 100)

    def test_a_cell_that_was_opened_again_by_hand_stays(self, demonstration):
        reporter, officer = User.objects.get(username="reporter"), User.objects.get(username="officer")
        entry = cell("petition-replies", "12345")
        close_round(row=entry.round, reason="已上报。", officer=officer, today=DEMONSTRATION_DAY, at=NOW)
        reopen_cell(
            entry=entry,
            person=reporter,
            until=DEMONSTRATION_DAY,
            reason="补报。",
            officer=officer,
            today=DEMONSTRATION_DAY,
            at=NOW,
        )

        remove_demonstration(bureau=demonstration, today=DEMONSTRATION_DAY, at=NOW)

        assert Entry.objects.get() == entry
        assert Round.objects.get() == entry.round

    def test_a_typed_figure_that_was_returned_stays_returned(self, demonstration):
        reporter, head = User.objects.get(username="reporter"), User.objects.get(username="head")
        entry = cell("petition-replies", "telephone")
        ratio = {"numerator": Decimal(99), "denominator": Decimal(100)}
        told = Cell(entry.pk, ratio, seen=1, note="本月只统计工作日")
        (typed,) = submit(cells=[told], person=reporter, today=DEMONSTRATION_DAY, at=NOW)
        return_(revision_ids=[typed.pk], reviewer=head, reason="仍然偏少", at=NOW)

        remove_demonstration(bureau=demonstration, today=DEMONSTRATION_DAY, at=NOW)

        entry.refresh_from_db()
        assert (entry.state, entry.latest, entry.approved) == (EntryState.RETURNED, typed, None)

    def test_rounds_open_again_for_the_bureau_itself(self, demonstration):
        remove_demonstration(bureau=demonstration, today=DEMONSTRATION_DAY, at=NOW)
        open_rounds(bureau=demonstration, today=DEMONSTRATION_DAY, at=NOW)
        assert set(Entry.objects.values_list("reporting_unit", flat=True)) == {demonstration.pk}

    def test_the_journal_holds_true_from_load_to_removal(self, demonstration):
        entry = cell("petition-replies", "12345")
        waiting = cell("points-applications", "unit")
        reporter, head = User.objects.get(username="reporter"), User.objects.get(username="head")
        ratio = {"numerator": Decimal(99), "denominator": Decimal(100)}
        told = Cell(entry.pk, ratio, note="本月只统计工作日")
        submit(cells=[told], person=reporter, today=DEMONSTRATION_DAY, at=NOW)
        approve(revision_ids=[waiting.latest_id], reviewer=head, today=DEMONSTRATION_DAY, at=NOW)
        (chain,) = Chain.objects.all()
        assert [*chain_flaws(chain), *content_flaws()] == []

        remove_demonstration(bureau=demonstration, today=DEMONSTRATION_DAY, at=NOW)

        (chain,) = Chain.objects.all()
        assert [*chain_flaws(chain), *content_flaws()] == []


class TestCommands:
    """What the two commands say."""

    def run(self, name, **options):
        out = StringIO()
        call_command(name, stdout=out, **options)
        return out.getvalue().strip()

    def test_load_names_the_accounts_and_says_when_nothing_changed(self, bureau, settings):
        settings.DEMO_PASSWORD = PASSWORD
        first, second = self.run("load_demonstration"), self.run("load_demonstration")
        assert first.startswith("已载入演示数据602条，演示日期 2016-09-06")
        assert first.rstrip().endswith("：reporter、district、head、officer、leader、finance、auditor、admin。")
        assert "没有变化" in second

    def test_load_refuses_without_a_password_or_a_plan(self, db):
        with pytest.raises(CommandError, match="load_plan_2016"):
            self.run("load_demonstration", password=PASSWORD)

    def test_load_refuses_without_a_password(self, bureau):
        with pytest.raises(CommandError, match="PERFTRACK_DEMO_PASSWORD"):
            self.run("load_demonstration", password="")

    def test_remove_says_what_went_and_then_that_there_is_nothing(self, demonstration):
        assert self.run("remove_demonstration").startswith("已清除演示数据602条、演示指标值1个，停用演示账号18个")
        assert self.run("remove_demonstration") == "没有演示数据，没有变化。"
