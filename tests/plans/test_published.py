"""What the published year holds once it is in the database: every sum of the source, its words, and nothing invented."""

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum
from django.test import TestCase

from apps.accounts.enums import UnitKind
from apps.accounts.models import Unit
from apps.journal.models import Event
from apps.plans.actions import PrintedSumDiffers, PublishedFileMissing, SchemeMissing, load_published
from apps.plans.actions.rows import yuan
from apps.plans.enums import EconomicItem, Nature, Origin, StatementNumber, TargetStatus
from apps.plans.models import (
    BudgetLine,
    ChecklistItem,
    EconomicLine,
    FunctionLine,
    Goal,
    GoalTerms,
    Indicator,
    IndicatorTerms,
    Measure,
    Member,
    Plan,
    ProcurementLine,
    Project,
    Scheme,
    Staffing,
    Statement,
    Target,
)
from tests.plans.conftest import FIXTURES, NOW

PRINTED = Path(__file__).parent / "printed"
AMOUNTS = (
    "last_initial",
    "last_adjusted",
    "last_executed",
    "wages",
    "goods_services",
    "subsidies",
    "recurring",
    "one_off",
)


def wan(text):
    return Decimal(text) * 10_000


def without_spaces(text):
    return "".join(text.split())


def columns(lines):
    """Return the sum of every column of 表四 in 元 over some lines; a dash counts as nothing."""
    return {name: sum((getattr(line, name) or Decimal(0) for line in lines), Decimal(0)) for name in AMOUNTS}


def copied(tmp_path, **changes):
    """Return a folder with the fixtures, after the named files were changed."""
    for path in (FIXTURES / "2016").glob("*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        changes.get(path.stem, lambda _content: None)(content)
        (tmp_path / path.name).write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


class Published(TestCase):
    """Tests that look at the published year, loaded once for all of them."""

    @classmethod
    def setUpTestData(cls):
        cls.bureau = load_published(folder=FIXTURES / "2016", schemes=FIXTURES / "schemes", at=NOW).bureau


class TestMoney(Published):
    """All sums of the published tables, from the database."""

    def test_table_four_adds_up_column_by_column_as_printed(self):
        totals = columns(FunctionLine.objects.filter(bureau=self.bureau, year=2016))

        assert totals == {
            "last_initial": wan("4736.11"),
            "last_adjusted": wan("4736.11"),
            "last_executed": wan("4439.22"),
            "wages": wan("337.95"),
            "goods_services": wan("146.77"),
            "subsidies": wan("171.12"),
            "recurring": wan("4868.30"),
            "one_off": wan("626.50"),
        }
        assert totals["wages"] + totals["goods_services"] + totals["subsidies"] == wan("655.84")
        assert totals["recurring"] + totals["one_off"] == wan("5494.80")
        assert sum(totals[name] for name in AMOUNTS[3:]) == wan("6150.64")

    def test_table_four_adds_up_class_by_class_as_printed(self):
        table = json.loads((FIXTURES / "2016" / "budget.json").read_text(encoding="utf-8"))["general"]
        lines = list(FunctionLine.objects.filter(bureau=self.bureau, year=2016))
        for values in table["printed_sums"]:
            printed = dict(zip(table["columns"], values, strict=True))
            below = columns([line for line in lines if line.code.startswith(printed["code"])])
            assert below == {name: yuan(printed[name]) or Decimal(0) for name in AMOUNTS}, printed["name"]

    def test_projects_add_up_by_nature_and_by_function_and_equal_table_four(self):
        lines = BudgetLine.objects.filter(plan__project__bureau=self.bureau, plan__year=2016)
        by_nature = dict(lines.order_by().values_list("plan__project__nature").annotate(total=Sum("amount")))
        by_code = dict(lines.order_by().values_list("plan__project__function_code").annotate(total=Sum("amount")))
        of_projects = {
            line.code: (line.recurring or 0) + (line.one_off or 0)
            for line in FunctionLine.objects.filter(bureau=self.bureau)
            if line.recurring or line.one_off
        }

        assert by_nature == {Nature.RECURRING: wan("4868.30"), Nature.ONE_OFF: wan("626.50")}
        assert lines.aggregate(total=Sum("amount"))["total"] == wan("5494.80")
        assert (
            by_code
            == of_projects
            == {
                "201 03 01": wan("55.00"),
                "201 03 02": wan("918.30"),
                "201 99 99": wan("4020.00"),
                "206 05 03": wan("501.50"),
            }
        )

    def test_the_increase_over_last_year_is_the_sum_of_the_increases_by_class(self):
        words = json.loads((FIXTURES / "2016" / "budget.json").read_text(encoding="utf-8"))["in_words"]
        increases = defaultdict(Decimal)
        for line in FunctionLine.objects.filter(bureau=self.bureau):
            now = sum((getattr(line, name) or Decimal(0) for name in AMOUNTS[3:]), Decimal(0))
            increases[line.code[:3]] += now - (line.last_adjusted or 0)

        assert increases == {code: yuan(printed) for code, printed in words["increase_by_class"].items()}
        assert sum(increases.values()) == yuan(words["increase"]) == wan("1414.53")
        assert yuan(words["increase_of_basic"]) + yuan(words["increase_of_projects"]) == wan("1414.53")

    def test_table_five_lists_part_of_the_goods_and_services_of_table_four(self):
        listed = EconomicLine.objects.filter(bureau=self.bureau, statement=StatementNumber.GOODS_AND_SERVICES)
        printed = Statement.objects.get(
            bureau=self.bureau, year=2016, number=StatementNumber.GOODS_AND_SERVICES
        ).printed_total
        column = FunctionLine.objects.filter(bureau=self.bureau).aggregate(total=Sum("goods_services"))["total"]

        assert listed.count() == 12
        assert listed.aggregate(total=Sum("amount"))["total"] == wan("50.42")
        assert printed == column == wan("146.77")

    def test_table_nine_adds_up_by_item_and_by_project(self):
        printed = {
            2015: {"travel_abroad": "32.50", "car_running": "25.32", "reception": "0.87", "meetings": "24.40"},
            2016: {"travel_abroad": "30.00", "car_running": "25.00", "reception": "8.33", "meetings": "29.60"},
        }
        sums = {2015: ("58.69", "57.82", "20.00", "0.87"), 2016: ("63.33", "62.00", "23.50", "1.33")}
        for money_year, by_item in printed.items():
            rows = EconomicLine.objects.filter(
                bureau=self.bureau, statement=StatementNumber.THREE_EXPENSES, money_year=money_year
            ).order_by()
            three = rows.exclude(item=EconomicItem.MEETINGS)
            of_projects = rows.filter(project__isnull=False)
            parts = (
                three,
                three.filter(project__isnull=False),
                of_projects.filter(item=EconomicItem.MEETINGS),
                three.filter(project=None),
            )

            totals = dict(rows.values_list("item").annotate(total=Sum("amount")))
            assert totals == {item: wan(amount) for item, amount in by_item.items()}
            found = [part.aggregate(total=Sum("amount"))["total"] for part in parts]
            assert found == [wan(text) for text in sums[money_year]]

    def test_table_nine_and_table_five_agree_on_basic_expenditure(self):
        basic = EconomicLine.objects.filter(bureau=self.bureau, project=None, money_year=2016)
        for item, amount in ((EconomicItem.RECEPTION, "1.33"), (EconomicItem.MEETINGS, "6.10")):
            assert set(basic.filter(item=item).values_list("amount", flat=True)) == {wan(amount)}
            assert basic.filter(item=item).count() == 2

    def test_table_ten_adds_up_by_line_and_by_project(self):
        rows = ProcurementLine.objects.filter(project__bureau=self.bureau, year=2016)
        by_project = dict(rows.order_by().values_list("project__number").annotate(total=Sum("amount")))

        assert rows.count() == 10
        assert sum(by_project.values()) == wan("1085.90")
        assert by_project["P06"] == wan("220.40")
        assert rows.get(project__number="P05").quantity == 25

    def test_thirty_one_people_hold_thirty_six_posts(self):
        staffing = Staffing.objects.get(bureau=self.bureau, year=2016)
        assert (staffing.quota, staffing.administrative, staffing.service, staffing.employed) == (36, 30, 1, 31)

    def test_empty_tables_are_loaded_as_empty(self):
        printed = dict(Statement.objects.filter(bureau=self.bureau).values_list("number", "printed_total"))
        assert len(printed) == 11
        assert [number for number, total in sorted(printed.items()) if total is None] == [7, 8]
        assert printed[1] == printed[2] == printed[3] == printed[4] == wan("6150.64")


class TestAims(Published):
    """The performance plan: word for word, and only where the source has one."""

    def test_goals_and_indicators_carry_the_words_of_the_source_slips_included(self):
        source = without_spaces((PRINTED / "table11.txt").read_text(encoding="utf-8"))
        goals = GoalTerms.objects.filter(version__plan__project__bureau=self.bureau)
        terms = IndicatorTerms.objects.filter(version__plan__project__bureau=self.bureau)

        assert goals.count() == 12
        for row in goals:
            assert f"{row.goal.number}.{without_spaces(row.original_text)}" in source
        for row in terms:
            assert without_spaces(row.original_text) in source
        assert "服务物窗口" in terms.get(indicator__code="3-1").original_text
        assert "领导到小组办公室" in terms.get(indicator__code="4-1").original_text
        assert not [row for row in goals if "，口岸" in row.text]

    def test_project_names_and_descriptions_carry_the_words_of_the_source(self):
        source = without_spaces((PRINTED / "table6.txt").read_text(encoding="utf-8"))
        for project in Project.objects.filter(bureau=self.bureau):
            assert without_spaces(project.name) in source
            assert without_spaces(project.description) in source

    def test_only_one_project_has_goals_and_every_project_has_money_and_an_execution_measure(self):
        plans = Plan.objects.filter(project__bureau=self.bureau).select_related(
            "approved__scheme", "project__execution"
        )
        assert plans.count() == 12
        for plan in plans:
            assert plan.budget_lines.exists()
            assert plan.project.execution.dimension == "funding"
            has_goals = plan.project.number == "P07"
            assert plan.goals.exists() is plan.indicators.exists() is plan.approved.directions.exists() is has_goals
            assert (plan.approved.scheme is not None) is has_goals

    def test_fifteen_indicators_look_at_fourteen_measures_and_weigh_ninety_points(self):
        terms = IndicatorTerms.objects.filter(version__plan__project__bureau=self.bureau).order_by("position")
        assert [row.indicator.code for row in terms.select_related("indicator")] == (
            ["1-1", "1-2", "2-1", "3-1", "4-1", "5-1", "5-2", "6-1", "7-1", "7-2", "8-1", "9-1", "10-1", "11-1", "12-1"]
        )
        assert Indicator.objects.get(code="1-1").measure == Indicator.objects.get(code="1-2").measure
        assert Measure.objects.filter(bureau=self.bureau, indicators__isnull=False).distinct().count() == 14
        by_class = dict(terms.order_by().values_list("level1").annotate(total=Sum("weight")))
        assert by_class == {"output": 50, "benefit": 40}
        assert terms.filter(has_suggested_weight=True).count() == 15
        unverified = terms.filter(pairing="unverified").values_list("indicator__code", flat=True)
        assert set(unverified) == {"2-1", "3-1"}
        soft = terms.filter(is_soft=True).values_list("indicator__code", flat=True)
        assert set(soft) == {"1-1", "1-2", "3-1", "5-1", "5-2"}

    def test_targets_say_what_the_source_says_and_leave_open_what_it_leaves_open(self):
        targets = {row.indicator.code: row for row in Target.objects.select_related("indicator").filter(number=1)}
        settled = {code for code, row in targets.items() if row.status == TargetStatus.FINAL}

        assert set(targets) - settled == {"1-1", "8-1", "10-1"}
        assert (targets["8-1"].value, targets["8-1"].reference_value, targets["8-1"].reference_year) == (
            None,
            4500,
            2015,
        )
        assert (targets["10-1"].status, targets["10-1"].value) == (TargetStatus.PROVISIONAL, 4500)
        assert targets["10-1"].equal_means == targets["8-1"].equal_means == "exact"
        assert (targets["1-1"].scope, targets["1-1"].value, targets["1-1"].named.count()) == ("all", 90, 0)
        assert targets["2-1"].value == Decimal("0.5")
        assert targets["4-1"].due_on == date(2016, 12, 31)
        for code, basis in (("6-1", "last_year"), ("7-1", "same_period"), ("7-2", "same_period")):
            assert (targets[code].operator, targets[code].basis, targets[code].step) == ("less_than", basis, 1)
            assert targets[code].path == "last_years_shape"
        assert {row.origin for row in targets.values()} == {Origin.PUBLISHED}

    def test_a_judgement_has_four_things_to_look_at(self):
        assert ChecklistItem.objects.filter(measure__indicators__code="3-1").count() == 4

    def test_the_fifth_direction_serves_no_goal(self):
        version = Plan.objects.get(project__number="P07").approved
        goals = {row.number: [goal.number for goal in row.goals.order_by("number")] for row in version.directions.all()}
        assert goals == {1: [3], 2: [3], 3: [4], 4: [5], 5: [], 6: [8, 9, 10, 11]}

    def test_eleven_districts_report_in_2016_and_the_merged_one_does_not(self):
        measure = Measure.objects.get(bureau=self.bureau, code="managed-rate")
        assert measure.memberships.count() == 11
        merged = Member.objects.get(bureau=self.bureau, code="440116")
        assert (merged.ends_on, merged.memberships.count()) == (date(2014, 2, 11), 0)


class TestLoading:
    """Taking in, once and again."""

    def test_a_second_load_changes_nothing_and_says_so(self, load):
        first = load()
        counts = {model: model.objects.count() for model in (Event, Goal, Target, FunctionLine, Scheme, Unit)}
        second = load()

        assert first.made["indicator"] == 15
        assert not first.is_nothing_new
        assert second.is_nothing_new
        assert counts == {model: model.objects.count() for model in counts}

    def test_one_event_tells_of_the_tables_and_one_of_each_plan_and_scheme(self, load):
        bureau = load().bureau
        subjects = list(
            Event.objects.filter(chain__bureau=bureau).order_by("number").values_list("subject_type", flat=True)
        )
        schemes = Scheme.objects.count()
        assert subjects == ["plans.statement", *["plans.scheme"] * schemes, *["plans.planversion"] * 12]
        assert set(Event.objects.values_list("channel", "verb", "actor_name")) == {("command", "load", "perftrack")}

    def test_what_somebody_changed_since_stays_changed(self, load):
        load()
        Project.objects.filter(number="P04").update(name="课题调研")
        assert load().is_nothing_new
        assert Project.objects.get(number="P04").name == "课题调研"

    def test_a_finance_bureau_stands_above_the_bureau(self, bureau):
        parent = Unit.objects.get_parent(bureau)
        assert (parent.kind, bureau.kind, bureau.code) == (UnitKind.FINANCE, UnitKind.BUREAU, "127001")

    def test_a_sum_that_does_not_hold_is_refused_and_nothing_is_kept(self, db, tmp_path):
        def slip(content):
            content["general"]["lines"][1][2] = "265.00"

        folder = copied(tmp_path, budget=slip)
        with pytest.raises(
            PrintedSumDiffers, match=r"表四.*“合  计”印出的合计是 4736.11 万元，各行相加是 4735.11 万元"
        ):
            load_published(folder=folder, schemes=FIXTURES / "schemes", at=NOW)
        assert not Unit.objects.exists()

    @pytest.mark.parametrize(
        ("table", "change"),
        [
            ("表六", {"projects": lambda content: content["projects"][2].update(amount="81.00")}),
            ("表九", {"budget": lambda content: content["three_expenses"]["lines"][3]["2016"].__setitem__(4, "0.60")}),
            ("表十", {"budget": lambda content: content["procurement"]["lines"][0].__setitem__(4, "31.00")}),
        ],
    )
    def test_each_table_is_held_against_its_own_sum(self, db, tmp_path, table, change):
        with pytest.raises(PrintedSumDiffers, match=table):
            load_published(folder=copied(tmp_path, **change), schemes=FIXTURES / "schemes", at=NOW)

    def test_a_missing_file_is_named(self, db, tmp_path):
        folder = copied(tmp_path)
        (folder / "plan.json").unlink()
        with pytest.raises(PublishedFileMissing, match=r"plan\.json"):
            load_published(folder=folder, schemes=FIXTURES / "schemes", at=NOW)

    def test_a_missing_scheme_is_named_and_nothing_is_kept(self, db, tmp_path):
        with pytest.raises(SchemeMissing, match="national-2020-without-satisfaction"):
            load_published(folder=FIXTURES / "2016", schemes=tmp_path, at=NOW)
        assert not Unit.objects.exists()
