"""The published year, loaded from the fixtures that the product ships."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.prepared import prepared

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


@pytest.fixture
def load(db):
    """Return a function that loads the published year once more."""
    from apps.plans.actions import load_published

    return lambda: load_published(folder=FIXTURES / "2016", schemes=FIXTURES / "schemes", at=NOW)


def published():
    """Load the published year and return its bureau."""
    from apps.plans.actions import load_published

    return load_published(folder=FIXTURES / "2016", schemes=FIXTURES / "schemes", at=NOW).bureau


@pytest.fixture
def bureau(db):
    """Return the bureau of the published year."""
    return prepared(published)
