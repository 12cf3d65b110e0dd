"""No accepted figure is ever lost: who saves, who serves and who keeps is killed at any moment, again and again."""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest
from django.db import connection, transaction
from django.urls import reverse

from apps.progress.models import Entry
from tests.servers import programs
from tests.servers.postgres import PostgresServer
from tests.servers.web import Visitor, Web
from tests.servers.worker import database_url

ROOT = Path(__file__).resolve().parents[2]
NAME = "saving"
IS_LONG = bool(os.environ.get("PERFTRACK_LONG"))
KILLS = 200 if IS_LONG else 8
FEW_KILLS = 100 if IS_LONG else 3
WEB_KILLS = 60 if IS_LONG else 3
WAYS = ("workers", "one", "server")
# Starting a web server takes long, so the short form does it on one database only.
IN_ONE_PASS = pytest.mark.long if IS_LONG else pytest.mark.once

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


def moment(kill: int, seconds: float) -> float:
    """Return when to kill: every time another moment of the stretch, and all of it in the end."""
    return kill * 0.618 % 1 * seconds


class Saver:
    """The process of `saving`, and the last of what it acknowledged."""

    def __init__(self, world, address: str, log):
        people = [str(person.pk) for person in (world.reporter, world.head)]
        self.child = self.saved = self.counted = 0
        self.program = subprocess.Popen(
            [sys.executable, "-m", "tests.progress.saving", *people, *(str(entry.pk) for entry in world.cells())],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": address},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )

    def order(self, what: str) -> None:
        """Have a child do something."""
        self.program.stdin.write(f"{what}\n")
        self.program.stdin.flush()
        word, number = self.program.stdout.readline().split()
        assert word == "started"
        self.child = int(number)

    def read(self) -> tuple[str, str]:
        """Return the next line as its word and the rest, and keep in mind what it acknowledges."""
        word, rest = self.program.stdout.readline().split(maxsplit=1)
        assert word in ("saved", "counted", "lost", "found", "ended"), f"{word} {rest}"
        if word in ("saved", "counted"):
            assert int(rest) > getattr(self, word)
            setattr(self, word, int(rest))
        return word, rest

    def read_until(self, wanted: str) -> str:
        """Return the rest of the next line with that word; a child that ended before has failed."""
        while True:
            word, rest = self.read()
            if word == wanted:
                return rest
            assert word != "ended", "the child ended by itself, see saver.log"

    def look(self) -> dict:
        """Return what the database says, to a process that has just begun."""
        self.order("look")
        return json.loads(self.read_until("found"))


@contextmanager
def saver(world, address, folder):
    with (folder / "saver.log").open("a") as log:
        made = Saver(world, address, log)
    try:
        yield made
    finally:
        if made.child:
            programs.kill(made.child)
        made.program.kill()
        made.program.wait(10)
        made.program.stdin.close()
        made.program.stdout.close()


def assert_nothing_is_lost_or_half(there: dict, *, saved: int, counted: int) -> int:
    """Hold what is there against what was acknowledged and return the last figure; at most one save more went in.

    What was approved counts; so may approvals whose word was cut off, one kill after the other, but nothing that was not saved.
    """
    assert [len(there[name]) for name in ("latest", "counting", "typed")] == [1, 1, 1], (
        f"a grid went in by half: {there}"
    )
    latest, counting = there["latest"][0], there["counting"][0]
    assert saved <= latest <= saved + 1
    assert counted <= counting <= latest == there["typed"][0] == there["revisions"]
    assert there["drifts"] == []
    return latest


def assert_the_journal_is_whole(there: dict) -> None:
    assert there["flaws"] == []
    assert there["told"] == there["revisions"] > 0


# --- the process that saves ---------------------------------------------------------------------------------------------


def test_a_process_that_saves_is_killed(whole_world, tmp_path):
    from tests.progress.saving import found

    entries = [entry.pk for entry in whole_world.cells()]
    with saver(whole_world, named_database_url(), tmp_path) as saving:
        for kill in range(KILLS):
            saving.order("go")
            for _save in range(1 + kill % 2):
                saving.read_until("saved")
            time.sleep(moment(kill, 0.1))
            programs.kill(saving.child)
            saving.read_until("ended")
            programs.wait_until(_no_child_is_connected, what="the database to notice the end")

            assert_nothing_is_lost_or_half(found(entries), saved=saving.saved, counted=saving.counted)
            there = found(entries)
            saving.saved, saving.counted = there["latest"][0], there["counting"][0]

    assert_the_journal_is_whole(found(entries, with_journal=True))


def named_database_url() -> str:
    """Return this test's database, under a name by which a server tells the children's connections from others."""
    address = database_url(connection)
    return address if connection.vendor != "postgresql" else f"{address}?application_name={NAME}"


def _no_child_is_connected() -> bool:
    """Tell whether a server has ended what a dead client had begun; a file has nobody who goes on."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s", [NAME]
        )
        return cursor.fetchone()[0] == 0


# --- the web server -----------------------------------------------------------------------------------------------------


class Desk:
    """A reporter and a head who work through the web: one fills the grid, the other lets it count."""

    def __init__(self, world, web: Web):
        self.world, self.web = world, web
        self.entries = [entry.pk for entry in world.cells()]
        self.grid = reverse("progress:grid", args=[world.round_of(8).pk, world.measure.pk])
        self.reporter, self.head = Visitor(web, world.reporter), Visitor(web, world.head)
        self.saved = self.counted = 0

    def step(self) -> bool:
        """Look what is there, do what comes next, and tell whether that was acknowledged."""
        there = self.look()
        latest, counting = there["latest"][0], there["counting"][0]
        if latest == counting:
            status = self.reporter.post(self.grid, self._figures(latest))
            self.saved = latest + 1 if status == 302 else latest
        else:
            waiting = Entry.objects.filter(pk__in=self.entries).values_list("latest", flat=True)
            status = self.head.post(reverse("progress:review"), {"revision": list(waiting), "verdict": "approve"})
            self.counted = latest if status == 302 else counting
        assert status in (302, None), self.web.log.read_text()
        return status == 302

    def look(self) -> dict:
        """Hold what is there against what was acknowledged, once nobody is writing any more."""
        from tests.progress.saving import found

        with transaction.atomic():
            list(Entry.objects.filter(pk__in=self.entries).select_for_update())
        there = found(self.entries)
        assert_nothing_is_lost_or_half(there, saved=self.saved, counted=self.counted)
        return there

    def _figures(self, seen: int) -> dict:
        typed = {"numerator": seen + 1, "denominator": 10**6, "seen": seen, "reason": "更正。"}
        return {f"c{pk}-{name}": value for pk in self.entries for name, value in typed.items()}


def kill_the_web(web: Web, way: str) -> None:
    """Kill the whole server, all its workers, or one of them."""
    if way == "server":
        programs.kill_group(web.program)
    for pid in web.workers()[way == "one" :]:
        programs.kill(pid)


@IN_ONE_PASS
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which processes are the workers")
def test_the_web_server_is_killed(whole_world, tmp_path):
    from tests.progress.saving import found

    web = Web(tmp_path / "web.log", {"DATABASE_URL": database_url(connection)})
    try:
        desk = Desk(whole_world, web.start())
        began = time.monotonic()
        assert all(desk.step() for _step in range(4))
        once = (time.monotonic() - began) / 4
        broken = 0
        for kill in range(WEB_KILLS):
            killer = Timer(moment(kill, once), kill_the_web, [web, WAYS[kill % len(WAYS)]])
            killer.start()
            while killer.is_alive():
                broken += not desk.step()
            programs.wait_until(lambda: web.keep() or desk.step(), 60, f"an acknowledged save, see {web.log}")
        desk.look()
        assert broken
    finally:
        web.stop()

    assert_the_journal_is_whole(found(desk.entries, with_journal=True))


# --- the database -------------------------------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which processes are the server's")
def test_the_database_server_is_killed(whole_world, tmp_path):
    with PostgresServer(is_durable=True) as server:
        server.fill_from(database_url(connection))
        with saver(whole_world, server.url, tmp_path) as saving:
            saving.order("go")
            for kill in range(FEW_KILLS):
                for _save in range(1 + kill % 3):
                    saving.read_until("saved")
                time.sleep(moment(kill, 0.1))
                server.kill()
                server.start()
                there = json.loads(saving.read_until("found"))
                assert_nothing_is_lost_or_half(there, saved=saving.saved, counted=saving.counted)
                saving.saved, saving.counted = there["latest"][0], there["counting"][0]
            programs.kill(saving.child)
            saving.read_until("ended")
            assert_the_journal_is_whole(saving.look())
