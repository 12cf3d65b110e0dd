"""A program that may come in."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.api.actions import issue_token
from tests.factories import UserFactory


@pytest.fixture
def token(db):
    now = timezone.now()
    return issue_token(person=UserFactory(), at=now, ends_at=now + timedelta(days=1))


@pytest.fixture
def ask(client, token):
    """Return `ask(door, body, **headers)`: the answer of one door to a body, which is sent as it is where it is bytes."""

    def post(door, body, **headers):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}"} | headers
        return client.post(f"/api/v1/preview/{door}", content, content_type="application/json", headers=headers)

    return post


@pytest.fixture
def items(ask):
    """Return `items(door, *items)`: what the door answers to the items, one for one."""

    def post(door, *sent):
        answer = ask(door, {"items": list(sent)})
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()[door]

    return post
