"""`make run` is one group: whatever dies comes back, and whatever ends it ends all of it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.servers import programs

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("supervisor", "broker", "web", "worker", "beat")


class Installation:
    """`python -m deploy.run` with data and a port of its own."""

    def __init__(self, var: Path):
        self.var, self.port = var, programs.free_port()
        self.said = var / "said.txt"
        self.program = None
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        # A mark that every process of the group inherits, so that the test can count them without trusting our own code.
        self.mark = f"PERFTRACK_VAR={var}".encode()
        self.environment = {
            **kept,
            "PERFTRACK_VAR": str(var),
            "PORT": str(self.port),
            "PERFTRACK_DEMO_PASSWORD": "shown-at-start",
        }

    def start(self) -> "Installation":
        self.start_only()
        programs.wait_until(
            lambda: "Ctrl-C" in self.read() or self.program.poll() is not None, 90, "the address to be printed"
        )
        assert self.program.poll() is None, self.read()
        programs.wait_until(lambda: "ready." in self.log("worker") and self.log("beat"), 60, "worker and beat to start")
        return self

    def start_only(self) -> None:
        with self.said.open("w") as said:
            command = [sys.executable, "-m", "deploy.run"]
            self.program = programs.start(command, cwd=ROOT, env=self.environment, stdout=said, stderr=said)

    def read(self) -> str:
        return self.said.read_text()

    def log(self, part: str) -> str:
        path = self.var / "log" / f"{part}.log"
        return path.read_text() if path.exists() else ""

    def pid(self, part: str) -> int:
        return int((self.var / "run" / f"{part}.pid").read_text())

    def members(self) -> set[int]:
        """Return every living process that carries the mark."""
        found = set()
        for path in Path("/proc").glob("[0-9]*"):
            try:
                if (
                    self.mark in (path / "environ").read_bytes().split(b"\0")
                    and "\nState:\tZ" not in (path / "status").read_text()
                ):
                    found.add(int(path.name))
            except OSError:
                continue
        return found

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/accounts/login/", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def kill_all(self) -> None:
        for pid in self.members():
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """Return a folder of data as the first start leaves it, and the accounts it tells of."""
    made = Installation(tmp_path_factory.mktemp("prepared"))
    command = [sys.executable, "-m", "deploy.prepare"]
    done = subprocess.run(command, cwd=ROOT, env=made.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return made.var, json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def bare(tmp_path):
    """An installation that has never run."""
    yield from _installed(tmp_path / "var")


@pytest.fixture
def installation(tmp_path, prepared):
    """An installation that has run before, in a folder with a name that trips programs."""
    shutil.copytree(prepared[0], tmp_path / "var 1%")
    yield from _installed(tmp_path / "var 1%")


def _installed(var):
    var.mkdir(exist_ok=True)
    made = Installation(var)
    yield made
    made.kill_all()
    if made.program is not None:
        made.program.wait()


needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc, which only Linux has")


def test_an_empty_database_is_filled_and_its_accounts_are_told(prepared):
    var, accounts = prepared

    assert accounts.pop("") == (var / "demo-password").read_text().strip() == "shown-at-start"
    assert list(accounts) == ["reporter", "district", "head", "officer", "leader", "finance", "auditor", "admin"]
    assert (var / "demo-password").stat().st_mode & 0o777 == 0o600


@needs_proc
def test_what_is_killed_comes_back_a_crash_is_cleared_up_and_ctrl_c_leaves_nothing(installation):
    """One after the other, for a start takes long: each part is killed, a second command is tried, all of it is lost."""
    installation.start()
    many = len(installation.members())
    kill_each_part(installation)
    refused = second_command(installation)
    stopped = lose_everything_but_the_web(installation)
    installation.start()
    programs.wait_until(installation.answers, 30, "a page")
    assert stopped not in installation.members()
    installation.program.send_signal(signal.SIGINT)
    code = installation.program.wait(60)

    assert refused.program.returncode == 1
    assert "running already" in refused.read()
    assert many >= 1 + len(PARTS)
    assert f"http://127.0.0.1:{installation.port}/" in installation.read()
    assert "shown-at-start" in installation.read()
    assert code == 0
    assert installation.members() == set()


def kill_each_part(installation):
    for part in ("broker", "web", "worker", "beat"):
        before = installation.pid(part)
        orphans = {process for process in installation.members() if os.getpgid(process) == before}
        os.kill(before, signal.SIGKILL)
        programs.wait_until(lambda: installation.pid(part) != before, 30, f"{part} to come back")  # noqa: B023 - used at once
        programs.wait_until(lambda: not orphans & installation.members(), 30, f"what {part} left")  # noqa: B023
    programs.wait_until(installation.answers, 30, "a page")


def second_command(installation) -> Installation:
    second = Installation(installation.var)
    second.said = installation.var / "second.txt"
    second.start_only()
    second.program.wait(30)
    return second


def lose_everything_but_the_web(installation) -> int:
    """Kill command and supervisor while the web server is stopped: it cannot follow them and keeps the port."""
    stopped = installation.pid("web")
    os.kill(stopped, signal.SIGSTOP)
    os.kill(installation.program.pid, signal.SIGKILL)
    os.kill(installation.pid("supervisor"), signal.SIGKILL)
    installation.program.wait(30)
    return stopped


@needs_proc
@pytest.mark.parametrize("victim", ["supervisor", "command"])
def test_no_part_outlives_the_supervisor_or_the_command(installation, victim):
    installation.start()

    os.kill(installation.pid("supervisor") if victim == "supervisor" else installation.program.pid, signal.SIGKILL)
    installation.program.wait(30)

    programs.wait_until(lambda: not installation.members(), 30, "every process to end")


def test_a_port_in_use_gets_a_sentence_before_anything_is_made(bare):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", bare.port))
        taken.listen()
        bare.start_only()
        code = bare.program.wait(30)

    assert code == 1
    assert f"Cannot use 127.0.0.1:{bare.port} (Address already in use)" in bare.read()
    assert f"PORT={bare.port + 1} make run" in bare.read()
    assert not (bare.var / "perftrack.sqlite3").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"PORT": "eighty"}, 'PORT must be a whole number from 1 to 65535, read "eighty".'),
        ({"PERFTRACK_HOST": "0.0.0.0"}, "set SECRET_KEY"),
        ({"REDIS_URL": "amqp://h"}, 'REDIS_URL: read "amqp:…"'),
    ],
)
def test_a_wrong_variable_gets_a_sentence(bare, change, sentence):
    bare.environment |= change

    bare.start_only()

    assert bare.program.wait(60) == 1
    assert sentence in bare.read()
