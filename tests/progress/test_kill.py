"""No accepted figure is ever lost: a process that saves is killed at any line, again and again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from apps.journal.models import Chain, Event
from apps.journal.queries import chain_flaws
from apps.progress.models import Entry, Revision
from tests.servers import programs
from tests.servers.worker import database_url

ROOT = Path(__file__).resolve().parents[2]
NAME = "saving"
KILLS = 200 if os.environ.get("PERFTRACK_LONG") else 20


def named_database_url() -> str:
    """Return this test's database, under a name by which a server tells the children's connections from others."""
    address = database_url(connection)
    return address if connection.vendor != "postgresql" else f"{address}?application_name={NAME}"


@pytest.fixture
def saver(whole_world):
    """Run the process that forks saving children on this test's database."""
    command = [sys.executable, "-m", "tests.progress.saving", str(whole_world.reporter.pk)]
    process = subprocess.Popen(
        [*command, *(str(entry.pk) for entry in whole_world.cells())],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": named_database_url()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.wait(10)
    process.stdin.close()
    process.stdout.close()


def save_and_kill(saver, saves: int, moment: float) -> int:
    """Let a child save so many times, kill it a moment later, and return the last save it acknowledged before its end."""
    saver.stdin.write("go\n")
    saver.stdin.flush()
    child = int(saver.stdout.readline().split()[1])
    acknowledged = [int(saver.stdout.readline().split()[1]) for _number in range(saves)]
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    acknowledged += [int(line.split()[1]) for line in iter(saver.stdout.readline, "ended 0\n")]
    programs.wait_until(_no_child_is_connected, what="the database to notice the end")
    return acknowledged[-1]


def _no_child_is_connected() -> bool:
    """Tell whether a server has ended what a dead client had begun; a file has nobody who goes on."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s", [NAME]
        )
        return cursor.fetchone()[0] == 0


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_every_acknowledged_figure_is_there_and_none_is_half(saver, whole_world):
    saved = 0
    for kill in range(KILLS):
        acknowledged = save_and_kill(saver, saves=1 + kill % 3, moment=kill % 20 / 500)

        cells = Entry.objects.filter(measure=whole_world.measure, round=whole_world.round_of(8)).select_related(
            "latest"
        )
        latest = {entry.latest.number for entry in cells}
        assert len(latest) == 1, "a grid went in by half"
        number = latest.pop()
        assert number >= acknowledged > saved
        assert {entry.latest.numerator for entry in cells} == {number}
        assert Revision.objects.count() == number * len(cells)
        saved = number

    chain = Chain.objects.select_related("bureau").get()
    assert list(chain_flaws(chain)) == []
    assert Event.objects.filter(subject_type="progress.revision").count() == Revision.objects.count()
