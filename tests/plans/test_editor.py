"""The page on which a plan is made: every piece opened, saved, refused, taken back; and the locks."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import reduce

import pytest
import time_machine
from django.db import connection
from django.forms import Select
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.enums import Role
from apps.plans.actions import pieces
from apps.plans.actions.drafts import edit, open_plan
from apps.plans.enums import Attribute, Dimension, VersionState
from apps.plans.models import Measure, PlanVersion, Result
from apps.plans.queries.contents import GoalContent, MembershipContent, TargetContent, content_of
from apps.plans.queries.editing import fingerprint
from tests.factories import AssignmentFactory, MemberFactory, UserFactory
from tests.plans.approving import make_desk, sound_content
from tests.progress.world import NOW

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


class Editor:
    """A draft of four indicators, open on the screen of somebody who writes it."""

    def __init__(self, client):
        self.desk = make_desk()
        self.version = open_plan(
            project=self.desk.project,
            year=2016,
            content=sound_content(self.desk.world.division.code),
            person=self.desk.reporter,
            at=NOW,
        )
        self.client = client
        self.sign_in(self.desk.reporter)

    def sign_in(self, person):
        self.client.force_login(person)

    @property
    def content(self):
        return content_of(PlanVersion.objects.get(pk=self.version.pk))

    def path(self, name, *parts):
        return reverse(f"plans:{name}", args=[self.version.plan_id, *parts])

    def page(self):
        return self.client.get(self.path("editor"))

    def open(self, part, name="+", query=""):
        return self.client.get(self.path("piece", part, name) + query, headers=HTMX)

    def typed(self, part, name="+", query=""):
        """Return what the opened form would send."""
        form = self.open(part, name, query).context["opened"]
        return {"seen": form.seen, **typed(form.desk.form)}

    def post(self, part, name, data):
        return self.client.post(self.path("piece", part, name), data, headers=HTMX)

    def save(self, part, name="+", query="", **fields):
        """Post what the opened form would send, with some fields typed anew."""
        return self.post(part, name, self.typed(part, name, query) | fields)

    def refuses(self, part, name, cases):
        """Assert for each of some ways to fill a form that it is refused with a sentence, and nothing is kept."""
        before, data = self.content, self.typed(part, name, "?goal=1")
        for fields, sentence in cases:
            answer = self.post(part, name, data | fields)
            assert (fields, answer.status_code) == (fields, 422)
            assert sentence in text(answer), fields
        assert self.content == before

    def do(self, deed, part, name, **data):
        return self.client.post(self.path("deed", deed, part, name), data, headers=HTMX)

    def change(self, change):
        return edit(version=self.version, person=self.desk.reporter, at=NOW, label="改", change=change)


def typed(form):
    """Return what a browser would send of a form as it was opened."""
    data = {}
    for part in getattr(form, "bound", [form]):
        for field in part:
            value = field.value()
            if isinstance(value, date):
                value = value.isoformat()
            if value is True:
                value = "on"
            if value is None and isinstance(field.field.widget, Select):
                value = next(iter(field.field.choices), ("",))[0]
            if value not in (None, False):
                data[field.html_name] = value
    return data


@pytest.fixture
def editor(client):
    return Editor(client)


def text(answer):
    return answer.content.decode()


# The page -------------------------------------------------------------------------------------------------------------


def test_the_page_shows_everything_that_a_version_says(editor):
    page = text(editor.page())

    assert editor.path("checks") in page
    assert "原文" not in page
    for words in ("居住证办理", "v1", "草稿", "100.00 万元", "印刷费", "目标1", "≥ 80 件", "办证数4", "当期数（相加）"):
        assert words in page
    assert "正好" in page
    assert editor.desk.reporter.name in page


def test_the_page_says_how_many_points_are_missing(editor):
    editor.change(lambda plan: pieces.put_indicator(plan, replace(plan.indicators[0], weight=Decimal("26.5")), "1-1"))

    assert "还差 3.5 分" in text(editor.page())


def test_a_unit_in_which_nobody_reports_is_named(editor):
    editor.desk.reporter.assignments.filter(role=Role.REPORTER).delete()
    editor.sign_in(editor.desk.officer)

    assert "该单位还没有填报人" in text(editor.page())


def test_the_page_asks_as_often_for_three_indicators_as_for_fifteen(editor):
    def asked():
        editor.page()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert editor.page().status_code == 200
        return len(queries)

    editor.change(lambda plan: pieces.remove_indicator(plan, "1-4"))
    three = asked()
    editor.change(lambda plan: reduce(pieces.duplicate_indicator, ["1-1"] * 12, plan))

    assert len(editor.content.indicators) == 15
    assert asked() == three <= 30


def test_a_piece_opens_on_the_page_itself_where_no_script_runs(editor):
    page = editor.client.get(editor.path("editor"), {"open": "goals/1"})

    assert '<textarea name="text"' in text(page)
    saved = editor.client.post(editor.path("piece", "goals", "1"), {"number": "1", "text": "改过的目标", "seen": ""})
    assert saved.headers["Location"].endswith(f"/plans/{editor.version.plan_id}/#piece-goals-1")
    refused = editor.client.post(editor.path("piece", "goals", "1"), {"number": "0", "text": ""})
    assert (refused.status_code, editor.content.goals[0].text) == (422, "改过的目标")


# Pieces ---------------------------------------------------------------------------------------------------------------


def test_the_head_is_saved(editor):
    answer = editor.save("head", "plan", attribute="continuing", last_year_completion="上年执行 98 %。", scheme="")

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (200, "#editor-body")
    assert "plan-changed" in answer.headers["HX-Trigger-After-Settle"]
    now = editor.content
    assert (now.attribute, now.last_year_completion, now.scheme) == ("continuing", "上年执行 98 %。", "")


def test_the_head_is_refused_with_the_sentence_beside_the_field(editor):
    answer = editor.save("head", "plan", ends_on="2015-12-31", document="留下的字")

    assert answer.status_code == 422
    assert "截止日期早于起始日期。" in text(answer)
    assert "留下的字" in text(answer)


def test_money_is_typed_in_wan_or_with_its_unit(editor):
    data = editor.typed("budget") | {"kind": "carried_over", "document": "结转通知"}
    for amount in ("20", "20万元", "200,000元", "0.002亿", "２０ 万"):
        editor.post("budget", "+", data | {"amount": amount})
    editor.post("budget", "+", data | {"amount": "0.0001"})

    lines = editor.content.budget[1:]
    assert [(row.kind, row.source) for row in lines] == [("carried_over", "general")] * 6
    assert [row.amount for row in lines] == [Decimal(200_000)] * 5 + [Decimal(1)]


def test_money_that_is_none_is_refused(editor):
    said = {"kind": "initial", "document": "文"}
    cases = [
        ({"amount": "三十"}, "应为数字"),
        ({"amount": "0.0000001"}, "位数过多"),
        ({"amount": "0.001元"}, "比 1 分还细"),
        ({"amount": "-5"}, "不能是负数"),
        ({"amount": ""}, "请填写金额"),
        ({"amount": "9999999999999"}, "太大"),
        ({"amount": "5"}, "每个来源只有一行"),
        ({"amount": "-5", "kind": "adjustment"}, "年中调整请写明原因"),
        ({"amount": "0", "kind": "adjustment", "reason": "x"}, "没有调整"),
    ]
    editor.refuses("budget", "+", [(said | fields, sentence) for fields, sentence in cases])


def test_a_direction_is_changed_and_one_is_put_below_it(editor):
    editor.save("directions", "1", text="会议费", economic_item="meetings", amount="30", goals=["1"])
    editor.save("directions", query="?below=1", text="培训费", economic_item="", amount="", goals=[], below="1")

    first, second = editor.content.directions
    assert (first.text, first.economic_item, first.amount, first.goals) == (
        "会议费",
        "meetings",
        Decimal(300_000),
        (1,),
    )
    assert (second.number, second.text, second.amount, second.goals) == (2, "培训费", None, ())


def test_a_goal_is_added_with_its_own_words_as_its_source(editor):
    editor.save("goals", text="第二个目标")
    editor.save("goals", "2", text="改了的目标")

    assert editor.content.goals[1] == GoalContent(number=2, text="改了的目标", original_text="改了的目标")


def test_a_goal_with_the_number_of_another_is_refused(editor):
    answer = editor.save("goals", text="又一个", number="1")

    assert answer.status_code == 422
    assert "已有目标1" in text(answer)
    assert "又一个" in text(answer)


def test_a_goal_with_indicators_is_not_removed(editor):
    answer = editor.do("remove", "goals", "1")

    assert answer.status_code == 422
    assert "还有指标 1-1" in text(answer)
    assert 'class="alert alert-danger ed-refused" role="alert" data-refused="piece-goals-1"' in text(answer)
    assert editor.content.goals


def test_an_indicator_is_made_from_words_with_its_measure(editor):
    answer = editor.save(
        "indicators",
        query="?goal=1",
        **{
            "terms-name": "按时办结率",
            "terms-weight": "5",
            "target-words": "力争95%以上",
            "measure-numerator_name": "按时办结数",
            "measure-denominator_name": "办结数",
        },
    )

    assert answer.status_code == 200
    row = editor.content.indicator("1-5")
    measure = editor.content.measure_of(row)
    assert (row.name, row.original_text, row.is_soft, row.weight) == ("按时办结率", "力争95%以上", True, Decimal(5))
    assert (row.target.operator, row.target.value, row.target.path) == ("at_least", Decimal(95), "from_baseline")
    assert (measure.name, measure.kind, measure.unit_name, measure.factor) == ("按时办结率", "ratio", "%", Decimal(100))
    assert (measure.aggregation, measure.division) == ("pooled", editor.desk.world.division.code)
    assert measure.members == (MembershipContent(member="unit"),)


def test_words_choose_the_kind_of_the_measure(editor):
    data = editor.typed("indicators", query="?goal=1") | {"terms-name": "指标", "terms-code": ""}
    cases = [
        ("2016年6月30日前", {}, "milestone", {"operator": "date", "due_on": date(2016, 6, 30)}),
        ("不超过3天", {"measure-accumulation": "average"}, "number", {"operator": "at_most", "value": Decimal(3)}),
        ("不超过120万元", {}, "money", {"operator": "at_most", "value": Decimal(1_200_000)}),
        ("群众普遍认可", {"measure-items": "环境整洁\n制度上墙"}, "judgement", {"operator": "qualitative"}),
        ("比上年下降5%", {}, "number", {"basis": "last_year", "factor": Decimal("0.95"), "value": None}),
    ]
    for words, fields, kind, target in cases:
        assert editor.post("indicators", "+", data | {"target-words": words, **fields}).status_code == 200
        row = editor.content.indicators[-1]
        assert (words, editor.content.measure_of(row).kind) == (words, kind)
        assert {name: getattr(row.target, name) for name in target} == target


def test_an_indicator_says_what_is_missing_beside_its_fields(editor):
    before = editor.content
    answer = editor.save("indicators", query="?goal=1", **{"terms-weight": "120", "target-words": "≥95%"})

    page = text(answer)
    assert answer.status_code == 422
    for sentence in ("请填写。", "分值应大于 0", "比率要写明分子和分母各是什么。"):
        assert sentence in page
    assert "≥95%" in page
    assert editor.content == before


def test_a_target_that_contradicts_itself_is_refused(editor):
    cases = [
        ({"target-value": ""}, "要有数值"),
        ({"target-status": "pending"}, "待定的指标没有指标值"),
        ({"target-operator": "range", "target-high": "70"}, "上限小于下限"),
        ({"target-operator": "range"}, "区间要有上限"),
        (
            {"target-operator": "", "target-words": "", "terms-measure": "cards-2", "terms-goal": "9"},
            "选择一个有效的选项",
        ),
        ({"target-operator": "date", "target-due_on": "2016-05-01"}, "数据项的类别是“数量”"),
        ({"target-basis": "mean_of_years"}, "取几年的平均"),
        ({"target-scope": "at_least", "target-members": ["unit"]}, "至少几个"),
        ({"target-scope": "all"}, "请勾选名单"),
        ({"target-path": "per_period"}, "至少一期"),
        ({"target-value": "八十"}, "应为数字"),
        ({"terms-code": "1-2"}, "已有指标1-2"),
    ]
    editor.refuses("indicators", "1-1", cases)


def test_a_target_is_set_field_by_field(editor):
    fields = {
        "target-operator": "equal",
        "target-equal_means": "exact",
        "target-value": "4,500件",
        "target-status": "provisional",
        "target-document": "初步方案",
        "target-path": "per_period",
        "target-planned-2016-06-30": "2000",
        "target-reference_value": "4400",
        "target-reference_year": "2015",
        "terms-classes": "benefit/social",
        "terms-is_unverified": "on",
    }
    editor.save("indicators", "1-1", **fields)

    row = editor.content.indicator("1-1")
    said = "operator equal_means value status document path reference_value reference_year"
    assert [getattr(row.target, name) for name in said.split()] == [
        "equal", "exact", Decimal(4500), "provisional", "初步方案", "per_period", Decimal(4400), 2015,
    ]  # fmt: skip
    assert [(row.ends_on, row.value) for row in row.target.planned] == [(date(2016, 6, 30), Decimal(2000))]
    assert (row.level1, row.level2, row.pairing, row.original_text) == ("benefit", "social", "unverified", "不少于80件")


def test_other_words_change_the_target_and_keep_what_they_do_not_say(editor):
    editor.save("indicators", "1-1", **{"target-path": "keep_at", "target-document": "文件甲"})
    editor.save("indicators", "1-1", **{"target-words": "不少于 90 件"})

    target = editor.content.indicator("1-1").target
    assert (target.value, target.path, target.document) == (Decimal(90), "keep_at", "文件甲")


def test_other_words_keep_the_way_to_the_target(editor):
    old = TargetContent(operator="equal", equal_means="exact", value=Decimal(80), path="from_zero", document="文件甲")
    editor.change(lambda plan: pieces.put_indicator(plan, replace(plan.indicators[0], target=old), "1-1"))
    for words, operator, value in (("不超过 99 件", "at_most", 99), ("≥ 70 件", "at_least", 70)):
        editor.save("indicators", "1-1", **{"target-words": words})
        wanted = replace(old, operator=operator, equal_means="floor", value=Decimal(value))
        assert editor.content.indicator("1-1").target == wanted


def test_words_that_do_not_say_against_what_keep_the_basis(editor):
    editor.save("indicators", "1-1", **{"target-words": "比前三年平均下降5%"})
    editor.save("indicators", "1-1", **{"target-years": "5"})
    editor.save("indicators", "1-1", **{"target-words": "下降8%"})

    target = editor.content.indicator("1-1").target
    assert (target.basis, target.years, target.factor) == ("mean_of_years", 5, Decimal("0.92"))


def test_a_target_of_another_kind_says_that_its_way_is_another(editor):
    data = editor.typed("indicators", "1-1") | {"target-words": "2016年6月30日前"}

    page = text(editor.client.post(editor.path("reading", "1-1"), data, headers=HTMX))

    assert "“年内怎样推进”改为“始终保持”" in page


def test_a_bare_fraction_of_a_rate_is_asked_about(editor):
    data = editor.typed("indicators", query="?goal=1") | {
        "terms-name": "按时办结率",
        "measure-numerator_name": "按时办结数",
        "measure-denominator_name": "办结数",
    }
    live = editor.client.post(editor.path("reading", "+"), data | {"target-words": "0.8"}, headers=HTMX)
    assert '<option value="ratio" selected>' in text(live)

    refused = editor.post("indicators", "+", data | {"target-words": "0.8"})
    assert (refused.status_code, "是 80 % 吗？请写 80%。" in text(refused)) == (422, True)
    for words in ("80%", "0.8%", "80"):
        assert editor.post("indicators", "+", data | {"target-words": words, "terms-code": ""}).status_code == 200
    rows = editor.content.indicators[-3:]
    assert [row.target.value for row in rows] == [Decimal(80), Decimal("0.8"), Decimal(80)]
    assert {editor.content.measure_of(row).kind for row in rows} == {"ratio"}
    again = editor.save("indicators", rows[0].code, **{"target-words": "≥0.9"})
    assert (again.status_code, "是 90 % 吗？" in text(again)) == (422, True)


def test_what_is_wrong_in_a_fold_is_said_at_its_field(editor):
    answer = editor.save(
        "indicators",
        "1-1",
        **{"target-scope": "at_least", "target-scope_count": "5", "target-members": ["unit"]},
    )

    page = text(answer)
    fold = page[page.index('data-group="target"') :]
    assert fold.startswith('data-group="target" open>')
    assert '<p class="ed-error" id="id_target-scope_count_error" role="alert">要求至少 5 个达到' in fold


@pytest.mark.parametrize(
    ("operator", "last", "is_refused"),
    [
        ("at_least", "79", True), ("at_least", "80", False), ("more_than", "80", True), ("at_most", "81", True),
        ("at_most", "80", False), ("less_than", "80", True), ("equal", "79", True), ("equal", "81", False),
        ("range", "91", True), ("range", "85", False),
    ],
)  # fmt: skip
def test_a_plan_by_periods_that_misses_the_target_is_refused(editor, operator, last, is_refused):
    fields = {"target-operator": operator, "target-value": "80", "target-high": "90", "target-path": "per_period"}
    answer = editor.save("indicators", "1-1", **fields, **{"target-planned-2016-12-31": last})

    sentence = '<p class="ed-error" id="id_target-planned-2016-12-31_error" role="alert">最后一期的计划数'
    assert (answer.status_code == 422, sentence in text(answer)) == (is_refused, is_refused)


def test_a_project_of_several_years_has_a_target_for_all_of_them(editor):
    editor.change(lambda plan: pieces.put_head(plan, attribute=Attribute.MULTI_YEAR, ends_on=date(2018, 12, 31)))
    editor.save("indicators", "1-1", **{"whole-words": "不少于300件"})

    assert editor.content.indicator("1-1").whole_target == TargetContent(value=Decimal(300))
    assert "整个项目期 ≥ 300 件" in text(editor.page())


def test_words_are_read_while_they_are_typed(editor):
    data = {"terms-name": "办理时限", "terms-measure": "+", "target-words": "不超过3天", "terms-suggested": "ratio"}
    answer = editor.client.post(editor.path("reading", "+"), {**data, "measure-kind": "ratio"}, headers=HTMX)

    page = text(answer)
    assert "读作：不超过3天。" in page
    assert '<option value="number" selected>' in page
    assert '<option value="at_most" selected>' in page
    assert "请填写" not in page
    assert len(editor.content.indicators) == 4


def test_a_measure_says_who_reports_it_and_how_it_adds_up(editor):
    world = editor.desk.world
    editor.save(
        "measures",
        "cards-1",
        accumulation="x",
        **{
            "measure-accumulation": "running_total",
            "measure-definition": "按月末台账累计。",
            "measure-unit-unit": world.bureau.code,
            "measure-from-unit": "2016-02-01",
        },
    )

    measure = editor.content.measures[0]
    assert (measure.accumulation, measure.definition) == ("running_total", "按月末台账累计。")
    assert measure.members == (
        MembershipContent(member="unit", reporting_unit=world.bureau.code, starts_on=date(2016, 2, 1)),
    )


def test_a_measure_that_is_broken_down_otherwise_gets_the_members_of_that(editor):
    for code in ("A", "B"):
        MemberFactory(bureau=editor.desk.world.bureau, dimension=Dimension.CHANNEL, code=code)
    gone = MemberFactory(bureau=editor.desk.world.bureau, dimension=Dimension.CHANNEL, ends_on=date(2014, 2, 11))
    editor.save("measures", "cards-1", **{"measure-dimension": "channel"})

    measure = editor.content.measures[0]
    assert (measure.dimension, [row.member for row in measure.members]) == ("channel", ["A", "B"])
    assert gone.code not in text(editor.page())


def test_a_measure_that_cannot_be_asked_is_refused(editor):
    cases = [
        ({"measure-kind": "ratio"}, "比率要写明分子和分母各是什么。"),
        ({"measure-kind": "checklist"}, "至少要有一项"),
        ({"measure-frequency": "season"}, "请选择填报季"),
        ({"measure-aggregation": "pooled"}, "只有比率"),
        ({"measure-dimension": "site"}, "还没有成员"),
        ({"measure-in-unit": ""}, "至少要有一个成员"),
        ({"measure-from-unit": "2016-05-01", "measure-until-unit": "2016-04-01"}, "停用早于启用"),
    ]
    editor.refuses("measures", "cards-1", cases)


def test_a_measure_of_another_plan_is_used_again(editor):
    terms = editor.desk.world.version.indicators.get()
    found = editor.client.get(editor.path("library"), {"words": terms.indicator.measure.name, "goal": 1}, headers=HTMX)
    assert f"library={terms.pk}" in text(found)

    editor.save("indicators", query=f"?goal=1&library={terms.pk}", **{"terms-weight": "5"})

    row = editor.content.indicator("1-5")
    assert (row.name, row.measure) == (terms.name, terms.indicator.measure.code)
    assert Measure.objects.filter(bureau=editor.desk.world.bureau, code=row.measure).count() == 1


def test_what_is_used_again_leaves_the_papers_of_the_other_project_behind(editor):
    target = TargetContent(value=Decimal(80), document="别处的文件", decided_by="别处", path="keep_at")
    source = replace(editor.content.indicators[0], target=target, is_soft=True)
    editor.change(lambda plan: pieces.put_indicator(plan, source, "1-1"))
    terms = editor.version.indicators.get(indicator__code="1-1")

    editor.save("indicators", query=f"?goal=1&library={terms.pk}")

    row = editor.content.indicator("1-5")
    assert (row.target, row.is_soft) == (TargetContent(value=Decimal(80), path="keep_at"), False)


def test_a_measure_that_an_approved_plan_uses_changes_only_its_wording(editor):
    terms = editor.desk.world.version.indicators.get()
    editor.save("indicators", query=f"?goal=1&library={terms.pk}")
    code = terms.indicator.measure.code
    before = next(row for row in editor.content.measures if row.code == code)

    editor.save(
        "measures", code, **{"measure-definition": "新的口径", "measure-kind": "number", "measure-name": "别名"}
    )

    assert "已用于批复的目标" in text(editor.open("measures", code))
    assert next(row for row in editor.content.measures if row.code == code) == replace(before, definition="新的口径")


def test_a_figure_of_an_earlier_year_is_written_down_with_its_source(editor):
    data = {"baseline-year": "2015", "baseline-value": "1,200件", "baseline-document": "2015年统计报表"}
    path = editor.path("baseline", "cards-1")
    assert editor.client.post(path, {**data, "baseline-document": ""}, headers=HTMX).status_code == 422

    page = text(editor.client.post(path, data, headers=HTMX))

    result = Result.objects.get(measure__code="cards-1")
    assert (result.year, result.value, result.member) == (2015, Decimal(1200), None)
    assert "2015 年 1,200 件" in page
    again = editor.client.post(path, {**data, "baseline-value": "1300"}, headers=HTMX)
    assert (again.status_code, "更正请写明原因" in text(again)) == (422, True)


def test_the_form_for_an_earlier_year_stands_on_the_page_where_no_script_asks(editor):
    path = editor.path("baseline", "cards-1")
    for answer, status in ((editor.client.get(path), 200), (editor.client.post(path, {}), 422)):
        page = text(answer)
        assert answer.status_code == status
        assert page.index("<html") < page.index('id="piece-measures-cards-1"') < page.index('id="piece-baseline"')
        assert page.count('id="piece-baseline"') == 1
    assert "<html" not in text(editor.client.get(path, headers=HTMX))


def test_a_figure_of_one_member_is_kept_for_that_member(editor):
    members = [
        MemberFactory(bureau=editor.desk.world.bureau, dimension=Dimension.CHANNEL, code=code) for code in ("A", "B")
    ]
    editor.save("measures", "cards-1", **{"measure-dimension": "channel"})
    data = {"baseline-year": "2015", "baseline-member": "B", "baseline-value": "7", "baseline-document": "台账"}

    editor.client.post(editor.path("baseline", "cards-1"), data, headers=HTMX)

    assert Result.objects.get(measure__code="cards-1").member == members[1]


def test_money_is_shown_and_kept_as_it_is_typed(editor):
    editor.save("indicators", query="?goal=1", **{"terms-name": "成本", "target-words": "不超过120万元"})

    assert "≤ 120.00 万元" in text(editor.page())
    editor.save("indicators", "1-5", **{"target-value": "130.5"})
    assert editor.content.indicator("1-5").target.value == Decimal(1_305_000)


# Deeds and undo -------------------------------------------------------------------------------------------------------


def test_a_button_moves_doubles_and_removes(editor):
    for deed, part, name, codes in (
        ("up", "indicators", "1-2", ["1-2", "1-1", "1-3", "1-4"]),
        ("down", "indicators", "1-2", ["1-1", "1-2", "1-3", "1-4"]),
        ("duplicate", "indicators", "1-1", ["1-1", "1-5", "1-2", "1-3", "1-4"]),
        ("remove", "indicators", "1-1", ["1-5", "1-2", "1-3", "1-4"]),
        ("up", "goals", "1", ["1-5", "1-2", "1-3", "1-4"]),
    ):
        assert editor.do(deed, part, name).status_code == 200
        assert [row.code for row in editor.content.indicators] == codes
    labels = editor.version.edits.order_by("number").values_list("label", flat=True)
    assert list(labels) == ["移动绩效指标 1-2", "移动绩效指标 1-2", "复制指标 1-1", "删除绩效指标 1-1"]


def test_suggested_weights_and_a_pairing_are_confirmed(editor):
    editor.change(
        lambda plan: replace(
            plan, indicators=tuple(replace(r, has_suggested_weight=True, pairing="unverified") for r in plan.indicators)
        )
    )
    assert "确认 4 个建议分值" in text(editor.page())

    editor.do("settle", "indicators", "+")
    editor.do("confirm", "indicators", "1-1")

    assert not any(row.has_suggested_weight for row in editor.content.indicators)
    assert [row.pairing for row in editor.content.indicators] == ["confirmed", *["unverified"] * 3]


def test_what_no_button_asks_is_not_there(editor):
    for deed, part, name in (
        ("remove", "measures", "cards-1"),
        ("remove", "head", "plan"),
        ("burn", "indicators", "1-1"),
        ("up", "goals", "x"),
        ("remove", "indicators", "9-9"),
    ):
        assert editor.do(deed, part, name).status_code == 404


def test_the_last_change_is_taken_back_by_its_name(editor):
    before = editor.content
    editor.save("indicators", "1-1", **{"terms-weight": "7"})
    assert "撤销上一步（修改绩效指标 1-1（分值））" in text(editor.page())

    last = editor.version.edits.get().pk
    answer = editor.client.post(editor.path("undo"), {"last": last}, headers=HTMX)

    assert "已撤销：修改绩效指标 1-1（分值）" in text(answer)
    assert editor.content == before
    assert editor.client.post(editor.path("undo"), headers=HTMX).status_code == 422


def test_a_later_change_is_not_taken_back_unseen(editor):
    editor.save("indicators", "1-1", **{"terms-weight": "7"})
    seen = editor.version.edits.get().pk
    editor.save("goals", "1", text="别人改的")

    answer = editor.client.post(editor.path("undo"), {"last": seen}, headers=HTMX)

    assert (answer.status_code, "刚才又有人修改了" in text(answer)) == (422, True)
    assert editor.content.goals[0].text == "别人改的"


# Two people -----------------------------------------------------------------------------------------------------------


def test_what_somebody_else_changed_meanwhile_is_shown_and_not_written_over(editor):
    seen = fingerprint(editor.content, "goals", "1")
    editor.save("goals", "1", text="同事的写法")
    data = {"seen": seen, "number": "1", "text": "我的写法"}

    answer = editor.client.post(editor.path("piece", "goals", "1"), data, headers=HTMX)

    page = text(answer)
    assert answer.status_code == 422
    assert "已被别人修改" in page
    assert "同事的写法" in page
    assert "我的写法" in page
    assert editor.content.goals[0].text == "同事的写法"
    again = {**data, "seen": answer.context["opened"].seen}
    assert editor.client.post(editor.path("piece", "goals", "1"), again, headers=HTMX).status_code == 200
    assert editor.content.goals[0].text == "我的写法"


def test_what_somebody_else_changed_meanwhile_is_not_removed(editor):
    seen = fingerprint(editor.content, "indicators", "1-1")
    editor.save("indicators", "1-1", **{"terms-weight": "7"})

    assert editor.do("remove", "indicators", "1-1", seen=seen).status_code == 422
    assert editor.content.indicator("1-1") is not None


# Locks ----------------------------------------------------------------------------------------------------------------

DOORS = [
    ("piece", ("head", "plan"), {"attribute": "continuing"}),
    ("piece", ("goals", "1"), {"number": "1", "text": "改"}),
    ("piece", ("indicators", "1-1"), {"terms-name": "改"}),
    ("piece", ("measures", "cards-1"), {"measure-name": "改"}),
    ("piece", ("budget", "+"), {"amount": "1"}),
    ("deed", ("remove", "indicators", "1-1"), {}),
    ("deed", ("up", "indicators", "1-2"), {}),
    ("undo", (), {}),
    ("baseline", ("cards-1",), {"baseline-year": "2015", "baseline-value": "1", "baseline-document": "文"}),
]


@pytest.mark.parametrize(("state", "sentence"), [("approved", "申请调整"), ("officer_review", "请先收回")])
def test_a_version_that_is_no_draft_stands(editor, state, sentence):
    editor.save("goals", "1", text="最后一改")
    editor.version.state = VersionState(state)
    editor.version.save(update_fields=["state"])
    before = editor.content

    page = text(editor.page())
    assert sentence in page
    assert "ed-edit" not in page
    for name, parts, data in DOORS:
        answer = editor.client.post(editor.path(name, *parts), data, headers=HTMX)
        assert (name, parts, answer.status_code) == (name, parts, 403)
        assert sentence in text(answer)
    assert editor.content == before
    assert not Result.objects.filter(measure__code="cards-1").exists()


def test_a_piece_that_is_shut_is_read_again(editor):
    shut = editor.open("goals", "1", "?shut=1")

    assert "ed-edit" in text(shut)
    assert "<form" not in text(shut)
    assert text(editor.open("goals", "+", "?shut=1")).strip() == ""
    assert editor.open("goals", "9").status_code == 404
    assert editor.open("colours", "1").status_code == 404
    assert editor.open("measures", "+").status_code == 404


def test_what_was_withdrawn_is_shown_and_says_so(editor):
    editor.version.state = VersionState.WITHDRAWN
    editor.version.save(update_fields=["state"])

    page = text(editor.page())
    assert "这一版已撤销，不能再修改。" in page
    assert editor.path("checks") not in page


def test_the_action_refuses_what_changed_its_state_after_the_page_was_read(editor):
    data = typed(editor.open("goals", "1").context["opened"].desk.form) | {"text": "太晚"}
    editor.version.state = VersionState.DIVISION_REVIEW
    editor.version.save(update_fields=["state"])

    assert editor.client.post(editor.path("piece", "goals", "1"), data, headers=HTMX).status_code == 403


def test_who_may_look_may_not_write(editor):
    for role in (Role.LEADER, Role.FINANCE, Role.AUDITOR):
        editor.sign_in(editor.desk.world.people[role])
        assert "您可以查看，不能修改" in text(editor.page())
        for name, parts, data in DOORS:
            assert editor.client.post(editor.path(name, *parts), data).status_code == 403


def test_another_bureau_sees_nothing(editor):
    stranger = UserFactory()
    AssignmentFactory(user=stranger, role=Role.OFFICER)
    editor.sign_in(stranger)

    assert editor.page().status_code == 404
    assert editor.open("goals", "1").status_code == 404
    for name, parts, data in DOORS:
        assert editor.client.post(editor.path(name, *parts), data).status_code == 404


def test_an_approved_indicator_keeps_its_code_and_its_measure(client):
    editor = Editor(client)
    desk = editor.desk
    approved = desk.pass_(desk.submit(desk.answered(editor.version)), desk.head, desk.officer, desk.leader)
    editor.version = desk.adjustment()

    editor.save("indicators", "1-1", **{"terms-code": "9-9", "terms-measure": "cards-2", "terms-weight": "29"})

    row = editor.content.indicator("1-1")
    assert (row.measure, row.weight) == ("cards-1", Decimal(29))
    assert editor.content.indicator("9-9") is None
    assert content_of(approved).indicator("1-1").weight == Decimal(30)


@time_machine.travel(NOW, tick=False)
def test_money_that_an_adjustment_moves_is_moved_today(client):
    editor = Editor(client)
    assert editor.typed("budget")["effective_on"] == editor.content.starts_on.isoformat()
    desk = editor.desk
    desk.pass_(desk.submit(desk.answered(editor.version)), desk.head, desk.officer, desk.leader)
    editor.version = desk.adjustment()

    assert editor.typed("budget")["effective_on"] == "2016-09-06"
