"""Every address of the product and everybody who may knock there.

200 and 302 is "come in", 404 "there is nothing here for you", 403 "you may look and not do". A new address without a row
in one of the tables below fails.
"""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.accounts.doors import House, names
from tests.prepared import prepared
from tests.progress.world import NOW

pytestmark = pytest.mark.django_db

WHO = ("reporter", "head", "officer", "leader", "finance", "auditor", "admin", "nobody", "other")
YES, SEE, NO = 200, 403, 404

# Figures and plans are seen by everybody who works on them in this bureau.
READERS = (YES, YES, YES, YES, YES, YES, NO, NO, NO)
# The same, where a person of another bureau finds their own.
LISTS = (YES, YES, YES, YES, YES, YES, NO, NO, YES)
# What is written into a plan, where the plan is approved already.
LOCKED = (SEE, SEE, SEE, SEE, SEE, SEE, NO, NO, NO)
BOARD = (NO, YES, YES, YES, YES, YES, NO, NO, YES)
WHOLE_BUREAU = (NO, NO, YES, YES, YES, YES, NO, NO, NO)
# Plans are begun by those who write them; members and seasons are kept by officers.
DRAFTED = (YES, YES, YES, SEE, SEE, SEE, NO, NO, YES)
KEPT = (SEE, SEE, YES, SEE, SEE, SEE, NO, NO, NO)
KEPT_LISTS = (SEE, SEE, YES, SEE, SEE, SEE, NO, NO, YES)
EVERYBODY = (YES,) * 9
ADMIN = (NO, NO, NO, NO, NO, NO, YES, NO, NO)
# Workbooks of figures are their reporter's alone.
REPORTER = (YES, NO, NO, NO, NO, NO, NO, NO, NO)
REPORTERS = (YES, NO, NO, NO, NO, NO, NO, NO, YES)
# Files are taken in by officers, each in their own bureau.
OFFICER = (NO, NO, YES, NO, NO, NO, NO, NO, NO)
OFFICERS = (NO, NO, YES, NO, NO, NO, NO, NO, YES)
# What happened is read by officers, leaders and auditors.
JOURNAL = (NO, NO, YES, YES, NO, YES, NO, NO, YES)

PAGES = {
    "api:self_test": ((), ADMIN),
    "assessments:effect": (("version_id",), READERS),
    "assessments:hand_over": ((), ADMIN),
    "assessments:index": ((), LISTS),
    "assessments:scorecard": (("plan_id",), READERS),
    "dashboards:board": ((), BOARD),
    "dashboards:budget": (("year",), WHOLE_BUREAU),
    "dashboards:budgets": ((), WHOLE_BUREAU),
    "dashboards:change_counts": ((), LISTS),
    "dashboards:changes": (("plan_id",), READERS),
    "dashboards:figures": (("indicator_id",), READERS),
    "dashboards:heat": (("year",), BOARD),
    "dashboards:home": ((), EVERYBODY),
    "dashboards:indicator": (("indicator_id",), READERS),
    "dashboards:members": (("indicator_id",), READERS),
    "dashboards:project": (("plan_id",), READERS),
    "dashboards:projects": ((), LISTS),
    "documents:assessment_workbook": (("plan_id",), READERS),
    "documents:declaration_workbook": (("plan_id",), READERS),
    "documents:import": (("import_id",), OFFICER),
    "documents:import_progress": (("import_id",), OFFICER),
    "documents:imported": (("import_id", "position"), OFFICER),
    "documents:imported_reading": (("import_id", "position", "code"), OFFICER),
    "documents:imports": ((), (NO, NO, YES, NO, NO, NO, NO, NO, YES)),
    "documents:monitoring_workbook": (("submitted_monitoring_id",), READERS),
    "documents:plan_workbook": (("plan_id",), READERS),
    "documents:target_document": (("target_id",), READERS),
    "documents:template": (("layout", "year"), LISTS),
    "jobs:jobs": ((), ADMIN),
    "jobs:chains": ((), JOURNAL),
    "jobs:verification": ((), JOURNAL),
    "journal:events": ((), JOURNAL),
    "plans:adjust": (("plan_id",), (YES, YES, YES, SEE, SEE, SEE, NO, NO, NO)),
    "plans:baseline": (("plan_id", "measure_code"), LOCKED),
    "plans:check_list": ((), LISTS),
    "plans:checks": (("plan_id",), READERS),
    "plans:compare": (("plan_id",), READERS),
    "plans:decide": (("indicator_id",), (SEE, SEE, YES, SEE, SEE, SEE, NO, NO, NO)),
    "plans:document": (("version_id",), READERS),
    "plans:editor": (("plan_id",), READERS),
    "plans:index": ((), LISTS),
    "plans:indicators": ((), LISTS),
    "plans:library": (("plan_id",), LOCKED),
    "plans:measure": (("measure_id",), READERS),
    "plans:member": (("member_id",), KEPT),
    "plans:member_new": (("dimension",), KEPT_LISTS),
    "plans:members": ((), LISTS),
    "plans:piece": (("plan_id", "part", "indicator_code"), LOCKED),
    "plans:project": (("project_id",), READERS),
    "plans:queue": ((), (NO, YES, YES, YES, NO, NO, NO, NO, YES)),
    "plans:roll_over": ((), DRAFTED),
    "plans:season": (("season_id",), KEPT),
    "plans:season_new": ((), KEPT_LISTS),
    "plans:start": ((), DRAFTED),
    "progress:bulk": ((), OFFICERS),
    "progress:bulk_download": (("bulk_id", "bulk_part"), OFFICER),
    "progress:bulk_progress": (("bulk_id",), OFFICER),
    "progress:bulk_template": ((), OFFICERS),
    "progress:bulk_upload": (("bulk_id",), OFFICER),
    "progress:entry_evidence": (("entry_id",), READERS),
    "progress:evidence": (("evidence_id",), READERS),
    "progress:evidence_list": ((), LISTS),
    "progress:evidence_missing": ((), LISTS),
    "progress:evidence_page": (("evidence_id",), READERS),
    "progress:evidence_supersede": (("evidence_id",), READERS),
    "progress:letter_list": ((), LISTS),
    "progress:bulk_confirm": (("bulk_id",), OFFICER),
    "progress:monitoring_round_deed": (("monitoring_round_id", "monitoring_round_deed"), OFFICER),
    "progress:review": ((), (NO, YES, NO, NO, NO, NO, NO, NO, YES)),
    "progress:evidence_preview": (("evidence_id",), READERS),
    "progress:behalf": (("round_id", "measure_id"), (YES, SEE, YES, SEE, SEE, SEE, NO, NO, NO)),
    "progress:grid": (("round_id", "measure_id"), READERS),
    "progress:history": (("entry_id",), READERS),
    "progress:monitoring": (("monitoring_id",), READERS),
    "progress:monitoring_rounds": ((), OFFICERS),
    "progress:monitorings": ((), LISTS),
    "progress:queue": ((), (NO, YES, NO, NO, NO, NO, NO, NO, YES)),
    "progress:letter": (("letter_id",), READERS),
    "progress:round_new": ((), OFFICERS),
    "progress:round_office": (("round_id",), OFFICER),
    "progress:rounds": ((), LISTS),
    "progress:rounds_office": ((), OFFICERS),
    "progress:upload": (("upload_id",), REPORTER),
    "progress:upload_annotated": (("upload_id",), REPORTER),
    "progress:uploads": ((), REPORTERS),
    "progress:workbook": ((), REPORTERS),
    "progress:take_back": ((), (NO, YES, NO, NO, NO, NO, NO, NO, YES)),
    "reminders:go": (("token",), (YES, SEE, SEE, SEE, SEE, SEE, SEE, SEE, SEE)),
    "reminders:overview": ((), (NO, NO, YES, NO, NO, NO, YES, NO, YES)),
}

# What a button or a script sends; 422 is "come in, but say what you want".
UNCLEAR = 422
# The same, where what it is said of is not ready.
NOT_YET = 409
DEEDS = {
    "assessments:draw_up": (("plan_id",), (SEE, SEE, YES, SEE, SEE, SEE, NO, NO, NO)),
    "assessments:hand_over": ((), (NO, NO, NO, NO, NO, NO, UNCLEAR, NO, NO)),
    "dashboards:seen": ((), EVERYBODY),
    "documents:import_confirm": (("import_id",), (NO, NO, NOT_YET, NO, NO, NO, NO, NO, NO)),
    "documents:import_division": (("import_id",), (NO, NO, UNCLEAR, NO, NO, NO, NO, NO, NO)),
    "documents:import_drop": (("import_id",), OFFICER),
    "documents:imported_confirm": (("import_id", "position"), (NO, NO, NOT_YET, NO, NO, NO, NO, NO, NO)),
    "documents:imported_drop": (("import_id", "position"), OFFICER),
    "documents:imported_project": (("import_id", "position"), (NO, NO, UNCLEAR, NO, NO, NO, NO, NO, NO)),
    "documents:imported_reading": (("import_id", "position", "code"), (NO, NO, UNCLEAR, NO, NO, NO, NO, NO, NO)),
    "documents:imported_seen": (("import_id", "position"), OFFICER),
    "documents:imports": ((), (NO, NO, UNCLEAR, NO, NO, NO, NO, NO, UNCLEAR)),
    "jobs:verify": ((), JOURNAL),
    "plans:adjust": (("plan_id",), (UNCLEAR, UNCLEAR, UNCLEAR, SEE, SEE, SEE, NO, NO, NO)),
    "plans:baseline": (("plan_id", "measure_code"), LOCKED),
    "plans:checks": (("plan_id",), (UNCLEAR, UNCLEAR, UNCLEAR, SEE, SEE, SEE, NO, NO, NO)),
    "plans:decide": (("indicator_id",), (SEE, SEE, YES, SEE, SEE, SEE, NO, NO, NO)),
    "plans:deed": (("plan_id", "deed", "part", "indicator_code"), LOCKED),
    "plans:measure": (("measure_id",), (SEE, SEE, UNCLEAR, SEE, SEE, SEE, NO, NO, NO)),
    "plans:member": (("member_id",), (SEE, SEE, UNCLEAR, SEE, SEE, SEE, NO, NO, NO)),
    "plans:member_new": (("dimension",), (SEE, SEE, UNCLEAR, SEE, SEE, SEE, NO, NO, UNCLEAR)),
    "plans:membership": (("membership_id",), (SEE, SEE, YES, SEE, SEE, SEE, NO, NO, NO)),
    "plans:pass": (("waiting_plan_id",), (SEE, YES, SEE, SEE, SEE, SEE, NO, NO, NO)),
    "plans:piece": (("plan_id", "part", "indicator_code"), LOCKED),
    "plans:project": (("project_id",), (SEE, SEE, UNCLEAR, SEE, SEE, SEE, NO, NO, NO)),
    "plans:queue": ((), (NO, UNCLEAR, UNCLEAR, UNCLEAR, NO, NO, NO, NO, UNCLEAR)),
    "plans:reading": (("plan_id", "indicator_code"), LOCKED),
    "plans:recall": (("waiting_plan_id",), (YES, SEE, SEE, SEE, SEE, SEE, NO, NO, NO)),
    "plans:return": (("waiting_plan_id",), (SEE, YES, SEE, SEE, SEE, SEE, NO, NO, NO)),
    "plans:roll_over": ((), DRAFTED),
    "plans:season": (("season_id",), (SEE, SEE, UNCLEAR, SEE, SEE, SEE, NO, NO, NO)),
    "plans:season_new": ((), (SEE, SEE, UNCLEAR, SEE, SEE, SEE, NO, NO, UNCLEAR)),
    "plans:start": ((), (UNCLEAR, UNCLEAR, UNCLEAR, SEE, SEE, SEE, NO, NO, UNCLEAR)),
    "plans:submit": (("waiting_plan_id",), (YES, YES, YES, SEE, SEE, SEE, NO, NO, NO)),
    "plans:undo": (("plan_id",), LOCKED),
    "plans:withdraw": (("waiting_plan_id",), (YES, YES, YES, SEE, SEE, SEE, NO, NO, NO)),
    "progress:behalf": (("round_id", "measure_id"), (UNCLEAR, SEE, UNCLEAR, SEE, SEE, SEE, NO, NO, NO)),
    "progress:round_new": ((), (NO, NO, UNCLEAR, NO, NO, NO, NO, NO, UNCLEAR)),
    "progress:round_office": (("round_id",), (NO, NO, UNCLEAR, NO, NO, NO, NO, NO, NO)),
    "progress:bulk": ((), (NO, NO, UNCLEAR, NO, NO, NO, NO, NO, UNCLEAR)),
    "progress:bulk_confirm": (("bulk_id",), (NO, NO, NOT_YET, NO, NO, NO, NO, NO, NO)),
    "progress:bulk_again": (("bulk_id",), OFFICER),
    "progress:bulk_drop": (("bulk_id",), OFFICER),
    "progress:draft": (("round_id", "measure_id", "entry_id"), (YES, SEE, SEE, SEE, SEE, SEE, NO, NO, NO)),
    "progress:drafts": (("round_id", "measure_id"), (YES, SEE, SEE, SEE, SEE, SEE, NO, NO, NO)),
    "progress:entry_evidence": (("entry_id",), (UNCLEAR, SEE, UNCLEAR, SEE, SEE, SEE, NO, NO, NO)),
    "progress:evidence_supersede": (("evidence_id",), (UNCLEAR, SEE, UNCLEAR, SEE, SEE, SEE, NO, NO, NO)),
    "progress:grid": (("round_id", "measure_id"), (YES, SEE, SEE, SEE, SEE, SEE, NO, NO, NO)),
    "progress:monitoring": (("monitoring_id",), (UNCLEAR, UNCLEAR, SEE, SEE, SEE, SEE, NO, NO, NO)),
    "progress:monitoring_deed": (
        ("submitted_monitoring_id", "monitoring_deed"),
        (SEE, YES, SEE, SEE, SEE, SEE, NO, NO, NO),
    ),
    "progress:monitoring_draft": (("monitoring_id", "monitoring_place"), (YES, YES, SEE, SEE, SEE, SEE, NO, NO, NO)),
    "progress:monitoring_round_deed": (
        ("monitoring_round_id", "monitoring_round_deed"),
        (NO, NO, UNCLEAR, NO, NO, NO, NO, NO, NO),
    ),
    "progress:monitoring_rounds": ((), (NO, NO, UNCLEAR, NO, NO, NO, NO, NO, UNCLEAR)),
    "progress:review": ((), (NO, UNCLEAR, NO, NO, NO, NO, NO, NO, UNCLEAR)),
    "progress:upload": (("upload_id",), (NOT_YET, NO, NO, NO, NO, NO, NO, NO, NO)),
    "progress:upload_drop": (("upload_id",), REPORTER),
    "progress:uploads": ((), (UNCLEAR, NO, NO, NO, NO, NO, NO, NO, UNCLEAR)),
    "progress:take_back": ((), (NO, UNCLEAR, NO, NO, NO, NO, NO, NO, UNCLEAR)),
    "reminders:again": (("mail_id",), (NO, NO, YES, NO, NO, NO, YES, NO, NO)),
}
DATA = {
    "progress:round_office": {"deed": "close"},
    "dashboards:seen": {"until": NOW.isoformat()},
    "plans:pass": {"seen": "999"},  # so that the stage stays the same for whoever comes next
    "plans:return": {"seen": "999"},
}

# For strangers too.
OPEN = {"api:healthz", "account_inactive", "account_login", "account_logout", "set_language"}
# For everybody who has an account, whatever their role.
OWN = {"account_change_password"}

# For programs with a token, and 401 for everybody else: `tests/api/test_tokens.py`. There is nothing at the root.
PROGRAMS = {
    f"api:v1:{name}" for name in ("api-root", "aggregations", "audits", "executions", "progress", "readings", "scores")
}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The file behind the evidence is the same for every test."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture
def house(settings, files, db):
    settings.MEDIA_ROOT = files
    return prepared(House)


def ask(house, who, method, name, parts):
    """Return the status with which somebody's request is answered; a redirect within the product counts as 200."""
    words = house.words()
    client = Client()
    if who is not None:
        client.force_login(house.people[who])
    path = reverse(name, args=[words[part] for part in parts])
    answer = getattr(client, method)(path, DATA.get(name, {}))
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code, answer.headers.get("Location", "")


def answers(house, method, name, parts):
    found = []
    for who in WHO:
        status, place = ask(house, who, method, name, parts)
        assert not place.startswith("/accounts/login/")
        found.append(200 if status == 302 else status)
    return tuple(found)


def test_no_address_is_forgotten():
    assert names() == set(PAGES) | set(DEEDS) | OPEN | OWN | PROGRAMS


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_whom_it_is_meant(house, name):
    parts, expected = PAGES[name]

    assert dict(zip(WHO, answers(house, "get", name, parts), strict=True)) == dict(zip(WHO, expected, strict=True))


@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_is_done_for_whom_it_is_meant(house, name):
    parts, expected = DEEDS[name]

    assert dict(zip(WHO, answers(house, "post", name, parts), strict=True)) == dict(zip(WHO, expected, strict=True))


@pytest.mark.parametrize("name", [*PAGES, *OWN])
def test_a_stranger_is_led_to_the_door_and_back(house, name):
    parts = PAGES[name][0] if name in PAGES else ()

    status, place = ask(house, None, "get", name, parts)

    assert (status, place.partition("?next=")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("name", DEEDS)
def test_a_stranger_does_nothing(house, name):
    status, place = ask(house, None, "post", name, DEEDS[name][0])

    assert (status, place.partition("?next=")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("name", sorted(set(DEEDS) - set(PAGES)))
def test_a_deed_is_no_link(house, name):
    for who in WHO:
        assert ask(house, who, "get", name, DEEDS[name][0])[0] == 405


def test_who_was_put_to_sleep_is_a_stranger(house):
    client = Client()
    person = house.people["officer"]
    client.force_login(person)
    person.is_active = False
    person.save()

    assert client.get("/journal/").headers["Location"] == "/accounts/login/?next=/journal/"


def test_a_right_that_has_ended_opens_nothing(house):
    person = house.people["auditor"]
    client = Client()
    client.force_login(person)
    assert client.get("/journal/").status_code == 200

    person.assignments.update(ends_at="2016-01-01T00:00Z")

    assert client.get("/journal/").status_code == 404
