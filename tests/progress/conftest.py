"""The bureau of `world` for tests that need one. Imports stand in the fixtures: Django is not ready yet up here."""

import pytest
import time_machine


@pytest.fixture
def world(db):
    from tests.prepared import prepared
    from tests.progress.world import make_world

    return prepared(make_world)


@pytest.fixture
def whole_world(db):
    """Return a world with all eleven districts."""
    from tests.prepared import prepared
    from tests.progress.world import make_whole_world

    return prepared(make_whole_world)


@pytest.fixture
def clock():
    """Stop the clock at half past nine of 6 September 2016 in Shanghai."""
    from tests.progress.world import NOW

    with time_machine.travel(NOW, tick=False):
        yield
