"""What every answer carries, whoever asks."""

import pytest


@pytest.fixture
def answer(client, db):
    return client.get("/accounts/login/")


def test_the_door_opens_for_strangers(answer):
    assert answer.status_code == 200


def test_no_page_may_load_or_run_what_is_not_ours(answer):
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))

    assert policy == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


def test_the_language_is_chinese_unless_chosen(client, db):
    assert client.get("/accounts/login/").headers["Content-Language"] == "zh-hans"

    client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})

    assert client.get("/accounts/login/").headers["Content-Language"] == "en"


def test_the_admin_has_no_door_of_its_own(client, db):
    answer = client.get("/admin/login/", {"next": "/admin/"})

    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=%2Fadmin%2F")


def test_nobody_can_sign_up(client, db):
    assert client.get("/accounts/signup/").status_code == 404


def test_guessing_a_password_is_slowed_down(client, db):
    for _ in range(5):
        client.post("/accounts/login/", {"login": "head", "password": "wrong"})

    from tests.factories import UserFactory

    UserFactory(username="head", password="right-and-long")
    answer = client.post("/accounts/login/", {"login": "head", "password": "right-and-long"})

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session
