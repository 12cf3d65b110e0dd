"""A bureau in whose journal something happened."""

import pytest


@pytest.fixture
def world(db):
    from tests.prepared import prepared

    return prepared(counted)


def counted():
    from tests.progress.world import make_world

    made = make_world()
    made.count([(9, 10), (8, 10), (7, 10)])
    return made


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
