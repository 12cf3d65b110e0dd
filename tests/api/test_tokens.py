"""Keys for programs: shown once, kept as a hash, good until a day."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.accounts.enums import Role
from apps.accounts.models import Token
from apps.api.actions import end_tokens, issue_token
from apps.journal.models import Event
from apps.journal.queries import content_flaws
from tests.factories import BureauFactory, UserFactory

pytestmark = pytest.mark.django_db
DOORS = ("readings", "scores", "executions", "aggregations", "progress", "audits")


def ask(client, token, door="scores"):
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    return client.post(f"/api/v1/preview/{door}", '{"items": []}', content_type="application/json", headers=headers)


def printed(*arguments):
    out = StringIO()
    call_command("issue_token", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_command_prints_a_token_that_opens_the_door(client):
    UserFactory(username="robot")

    token = printed("robot")

    assert ask(client, token).json() == {"scores": []}


@pytest.mark.parametrize("door", DOORS)
def test_nobody_comes_in_without_a_token(client, door):
    answer = ask(client, None, door)

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json() == {"detail": "需要有效的访问令牌：Authorization: Bearer <令牌>。"}


def test_there_is_nothing_at_the_root(client):
    assert client.get("/api/v1/").status_code == 404


@pytest.mark.parametrize("token", ["", "wrong", "错", "a b c", "\x00"])
def test_nobody_comes_in_with_a_token_that_was_never_issued(client, token):
    assert ask(client, token).status_code == 401


def test_a_person_signed_in_to_the_pages_still_needs_a_token(client):
    client.force_login(UserFactory(role=Role.OFFICER))

    assert ask(client, "wrong").status_code == 401


def test_the_token_itself_is_kept_nowhere():
    person = UserFactory(role=Role.OFFICER)

    token = printed(person.username)

    kept = [str(value) for row in (*Token.objects.values(), *Event.objects.values()) for value in row.values()]
    assert kept
    assert not [value for value in kept if token in value]


def test_a_token_ends_on_its_day(client):
    UserFactory(username="robot")
    token = printed("robot", "--days", "1")

    Token.objects.update(ends_at=timezone.now() - timedelta(seconds=1))

    assert ask(client, token).status_code == 401


def test_who_was_put_to_sleep_has_no_token_any_more(client):
    person = UserFactory(username="robot")
    token = printed("robot")
    person.is_active = False
    person.save()

    assert ask(client, token).status_code == 401
    with pytest.raises(CommandError, match="“robot”已停用"):
        printed("robot")


def test_all_tokens_of_a_person_can_be_ended(client):
    UserFactory(username="robot")
    tokens = [printed("robot"), printed("robot")]
    UserFactory(username="other")
    stays = printed("other")

    assert printed("robot", "--end") == "已终止 2 个令牌。"

    assert [ask(client, token).status_code for token in (*tokens, stays)] == [401, 401, 200]


def test_the_command_refuses_strangers_and_odd_lengths():
    with pytest.raises(CommandError, match="没有用户名为“nobody”的人"):
        printed("nobody")
    UserFactory(username="robot")
    for days in ("0", "3651"):
        with pytest.raises(CommandError, match=f"读到 {days}"):
            printed("robot", "--days", days)


@time_machine.travel(datetime(2016, 3, 1, tzinfo=UTC), tick=False)
def test_issuing_and_ending_stand_in_the_journal_of_the_bureau():
    bureau = BureauFactory()
    person = UserFactory(username="robot", role=Role.OFFICER, unit=bureau)
    now = timezone.now()

    issue_token(person=person, at=now, ends_at=now + timedelta(days=2))
    assert end_tokens(person=person, at=now + timedelta(days=1)) == 1

    events = Event.objects.order_by("number")
    assert [(event.chain.bureau, event.verb, event.channel) for event in events] == [
        (bureau, "add", "command"),
        (bureau, "change", "command"),
    ]
    assert events[0].after == {"user": "robot", "ends_at": "2016-03-03T00:00:00Z"}
    assert events[1].before == {"ends_at": "2016-03-03T00:00:00Z"}
    assert list(content_flaws()) == []


def test_the_token_of_a_person_without_a_unit_stands_in_the_journal_of_the_root():
    root = BureauFactory()
    UserFactory(username="robot")

    printed("robot")

    assert Event.objects.get().chain.bureau == root
