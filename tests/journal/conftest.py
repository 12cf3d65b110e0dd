"""A bureau in whose journal something happened."""

import pytest


@pytest.fixture
def world(db):
    from tests.prepared import prepared

    return prepared(counted)


def counted():
    from apps.journal.actions import Change, listed, record
    from apps.journal.enums import Verb
    from apps.plans.models import Scheme
    from tests.progress.world import NOW, make_world

    made = make_world()
    loaded = Change(Verb.LOAD, made.version, after=listed(Scheme.objects.all()))  # both came by factories
    record(bureau=made.bureau, actor=None, changes=[loaded], at=NOW)
    made.count([(9, 10), (8, 10), (7, 10)])
    return made


@pytest.fixture
def anchored(world, settings, tmp_path):
    """Return the world with the end of its chain written down the day before."""
    from datetime import timedelta

    from apps.journal.actions import anchor_chains
    from tests.progress.world import NOW

    settings.ANCHOR_DIR = tmp_path / "anchors"
    anchor_chains(at=NOW - timedelta(days=1))
    return world


@pytest.fixture
def forge(db):
    """Return `forge(sql, *values)`: what somebody does who holds the database and has put its guards aside."""
    from django.db import connection

    def by_hand(statement, *values):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = replica")
            else:
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                for (name,) in cursor.fetchall():
                    cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(statement, values)
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = origin")

    return by_hand
