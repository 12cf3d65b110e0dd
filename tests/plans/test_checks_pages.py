"""Seeing what a check found, and giving the word that a warning asks for."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.enums import Role
from apps.journal.enums import Verb
from apps.journal.models import Event
from apps.plans.actions.drafts import NotYours, PlanLocked
from apps.plans.actions.explanations import NotToExplain, NoWord, SameWord, explain
from apps.plans.enums import Severity, VersionState
from apps.plans.models import Explanation, PlanVersion
from apps.plans.queries.checks import check_plan
from tests.factories import DivisionFactory, PlanVersionFactory, UserFactory
from tests.plans.drafts import bureau_of, make_draft

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
AT = datetime(2017, 1, 5, 1, 0, tzinfo=UTC)
WORD = "本项目是人员经费，没有可单列的成本。"


@pytest.fixture
def division():
    return DivisionFactory()


@pytest.fixture
def version(division):
    return make_draft(division)


@pytest.fixture
def officer(division):
    return UserFactory(role=Role.OFFICER, unit=bureau_of(division), name="甲")


@pytest.fixture
def client(officer):
    client = Client()
    client.force_login(officer)
    return client


def finding(version, rule):
    return next(row for row in check_plan(version) if row.rule == rule)


def say(version, rule="cost_missing", text=WORD, **more):
    return explain(version=version, finding=finding(version, rule), text=text, at=AT, **more)


def test_a_word_settles_a_warning_and_its_speaker_becomes_an_author(version, officer):
    say(version, text=f"  {WORD}\n", person=officer)

    found = finding(version, "cost_missing")
    assert (found.explanation.text, found.explanation.person, found.is_open) == (WORD, officer, False)
    assert list(version.authors.all()) == [officer]
    event = Event.objects.get(verb=Verb.EXPLAIN)
    assert (event.actor, event.before, event.after) == (officer, None, {found.key: WORD})


def test_a_word_can_be_changed_and_one_said_again_leaves_no_trace(version, officer):
    first = say(version, person=officer)
    assert say(version, person=officer) == first
    say(version, text="成本由市财政统一核定，不在本项目内。", person=officer)

    assert Explanation.objects.get().text == "成本由市财政统一核定，不在本项目内。"
    assert [event.before for event in Event.objects.filter(verb=Verb.EXPLAIN).order_by("number")] == [
        None,
        {first.finding: WORD},
    ]


@pytest.mark.parametrize(
    "text", ["", "  ", "无", "暂无", "无说明。", "————", "同上", "不适用", "已核实", "好的", "长" * 301]
)
def test_a_word_that_says_nothing_is_refused(version, officer, text):
    with pytest.raises(NoWord):
        say(version, text=text, person=officer)
    assert not Explanation.objects.exists()


def test_one_sentence_does_not_stand_for_everything(version, officer):
    say(version, "cost_missing", person=officer)
    say(version, "timeliness_missing", person=officer)
    with pytest.raises(SameWord):
        say(version, "directions_missing", person=officer)
    assert Explanation.objects.count() == 2


def test_an_error_is_mended_and_not_explained(version, officer):
    found = next(row for row in check_plan(version) if row.severity == Severity.ERROR)
    with pytest.raises(NotToExplain):
        explain(version=version, finding=found, text=WORD, person=officer, at=AT)


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.FINANCE])
def test_only_who_drafts_explains(version, division, role):
    with pytest.raises(NotYours):
        say(version, person=UserFactory(role=role, unit=bureau_of(division)))


@pytest.mark.parametrize("state", [VersionState.DIVISION_REVIEW, VersionState.APPROVED])
def test_a_plan_on_its_way_takes_no_more_words(version, officer, state):
    PlanVersion.objects.filter(pk=version.pk).update(state=state)
    with pytest.raises(PlanLocked):
        say(version, person=officer)
    assert not Explanation.objects.exists()


def test_a_finding_that_is_gone_takes_its_word_out_of_sight_and_brings_it_back(version, officer):
    say(version, person=officer)
    row = version.indicators.get()
    row.level2 = "cost"
    row.save()
    assert "cost_missing" not in {found.rule for found in check_plan(version)}
    row.level2 = "quantity"
    row.save()
    assert finding(version, "cost_missing").explanation.text == WORD


def test_the_next_version_remembers_the_word_and_asks_again(version, officer):
    say(version, person=officer)
    PlanVersion.objects.filter(pk=version.pk).update(state=VersionState.APPROVED)
    second = PlanVersionFactory(plan=version.plan, number=2, state=VersionState.DRAFT, approved_at=None)

    found = finding(second, "cost_missing")
    assert (found.explanation, found.earlier.text, found.is_open) == (None, WORD, True)
    assert finding(version, "cost_missing").earlier is None


# Pages ---------------------------------------------------------------------------------------------------------------


def page(client, version, headers=None):
    return client.get(reverse("plans:checks", args=[version.plan_id]), headers=headers)


def post(client, version, rule="cost_missing", text=WORD, headers=None):
    key = finding(version, rule).key if rule else ""
    return client.post(reverse("plans:checks", args=[version.plan_id]), {"finding": key, "text": text}, headers=headers)


def test_the_page_tells_what_is_wrong_why_and_where_to_mend_it(client, version):
    text = page(client, version).content.decode()
    assert "没有成本指标" in text
    assert "财预〔2021〕101号" in text
    assert "#piece-indicators" in text
    assert f'name="finding" value="{finding(version, "cost_missing").key}"' in text
    assert "<html" in text


def test_beside_the_editor_comes_the_panel_alone(client, version):
    text = page(client, version, headers=HTMX).content.decode()
    assert "没有成本指标" in text
    assert "<html" not in text


def test_a_word_is_kept_in_place_and_the_cursor_goes_on(client, version):
    text = post(client, version, headers=HTMX).content.decode()
    assert f"<q>{WORD}</q>" in text
    assert text.count(" autofocus") == 1
    after = text[text.index(" autofocus") - 900 :]
    assert "word-timeliness-missing" in after


def test_without_a_script_the_page_comes_again(client, version):
    answer = post(client, version)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("plans:checks", args=[version.plan_id]))
    assert Explanation.objects.get().text == WORD


@pytest.mark.parametrize(("headers", "status"), [({}, 422), (HTMX, 200)])
def test_a_refused_word_stays_in_its_field_with_the_reason(client, version, headers, status):
    answer = post(client, version, text="同上 ", headers=headers)
    text = answer.content.decode()
    assert answer.status_code == status
    assert "请写一句具体的说明" in text
    assert 'value="同上 "' in text
    assert 'aria-invalid="true"' in text
    assert not Explanation.objects.exists()


def test_a_word_for_what_is_settled_meanwhile_is_not_lost_silently(client, version):
    answer = post(client, version, rule=None)
    assert answer.status_code == 422
    assert "已经解决" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR])
def test_readers_see_the_findings_and_no_field(version, division, role):
    client = Client()
    client.force_login(UserFactory(role=role, unit=bureau_of(division)))
    answer = page(client, version)
    assert "没有成本指标" in answer.content.decode()
    assert 'name="finding"' not in answer.content.decode()
    refused = post(client, version)
    assert refused.status_code == 403
    assert "不能填写说明" in refused.content.decode()


def test_another_bureau_finds_nothing(version):
    client = Client()
    client.force_login(UserFactory(role=Role.OFFICER))
    assert page(client, version).status_code == 404
    assert post(client, version).status_code == 404


def test_an_approved_plan_shows_its_findings_and_takes_no_word(client, version):
    key = finding(version, "cost_missing").key
    PlanVersion.objects.filter(pk=version.pk).update(state=VersionState.APPROVED)
    assert "已经定下" in page(client, version).content.decode()
    answer = client.post(reverse("plans:checks", args=[version.plan_id]), {"finding": key, "text": WORD})
    assert answer.status_code == 403
    assert not Explanation.objects.exists()


def test_a_withdrawn_version_is_not_looked_at(client, version):
    PlanVersion.objects.filter(pk=version.pk).update(state=VersionState.WITHDRAWN)
    assert page(client, version).status_code == 404


def test_the_list_counts_what_is_to_mend_in_each_plan(client, version, officer):
    say(version, person=officer)
    answer = client.get(reverse("plans:check_list"), {"year": "2017"})
    (row,) = answer.context["rows"]
    assert row.warnings - row.unexplained == 1
    assert row.errors
    text = answer.content.decode()
    assert str(version.plan.project) in text
    assert row.first.sentence in text


@pytest.mark.parametrize("asked", ["2018", "12345", "abcd", ""])
def test_a_year_without_plans_or_that_is_none_shows_an_empty_list(client, version, asked):
    assert client.get(reverse("plans:check_list"), {"year": asked}).context["rows"] == []


def test_an_approved_plan_whose_goals_were_never_published_is_not_blamed(client, version):
    version.goals.all().delete()
    version.indicators.all().delete()
    PlanVersion.objects.filter(pk=version.pk).update(state=VersionState.APPROVED)
    answer = client.get(reverse("plans:check_list"), {"year": "2017"})
    assert [(row.version, row.findings) for row in answer.context["rows"]] == [(None, [])]
    assert "未设绩效目标" in answer.content.decode()
    assert page(client, version).status_code == 404


def test_the_list_hides_other_bureaus_plans(version):
    client = Client()
    client.force_login(UserFactory(role=Role.OFFICER))
    assert client.get(reverse("plans:check_list"), {"year": "2017"}).context["rows"] == []


def test_the_list_takes_as_many_queries_however_many_plans(client, division):
    taken = []
    for number in range(3):
        make_draft(division, number=f"P{number}")
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(reverse("plans:check_list"), {"year": "2017"})
        taken.append((len(answer.context["rows"]), len(queries)))
    assert taken == [(count, taken[0][1]) for count in (1, 2, 3)]
