"""A bureau in September 2016; see `tests.dashboards.world`. Imported late: this is read before Django is set up."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def september():
    """Stand on the morning of 6 September 2016."""
    import time_machine

    from tests.dashboards.world import MORNING

    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def world(db):
    """Set up one bureau without any project."""
    from tests.dashboards.world import World

    return World()


@pytest.fixture
def see(client):
    """Return `see(person, path)`: the answer to a person, in Chinese."""

    def get(person, path):
        client.force_login(person)
        return client.get(path, headers={"accept-language": "zh-hans"})

    return get


@pytest.fixture
def count(see, client):
    """Return `count(person, path)`: how many queries the page takes once the person is signed in."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(person, path):
        assert see(person, path).status_code == 200
        with CaptureQueriesContext(connection) as found:
            client.get(path)
        return len(found)

    return queries


@pytest.fixture
def published(db):
    """Load the published year and return its bureau."""
    from tests.prepared import prepared

    return prepared(load)


def load():
    from apps.plans.actions import load_published
    from tests.dashboards.world import MORNING

    fixtures = Path(__file__).resolve().parents[2] / "fixtures"
    return load_published(folder=fixtures / "2016", schemes=fixtures / "schemes", at=MORNING).bureau
