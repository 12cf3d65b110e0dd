"""Bureaus in September 2016; see `world`. Imported late: a folder's conftest is read before Django is set up."""

import pytest


@pytest.fixture
def another_world(db):
    """Return a function that sets up one more bureau."""
    from tests.reminders.world import make_world

    return make_world


@pytest.fixture
def world(another_world):
    """Set up one bureau."""
    from tests.prepared import prepared

    return prepared(another_world)
