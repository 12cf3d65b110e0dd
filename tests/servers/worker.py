"""A Celery worker as a process of its own, so that a test can kill it."""

import os
import signal
import sys

from tests.servers import programs

READY = "ready."


def database_url(connection) -> str:
    """Return the address of the database that the tests use now."""
    row = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{row['NAME']}"
    return f"postgres://{row['USER']}:{row['PASSWORD']}@{row['HOST']}:{row['PORT']}/{row['NAME']}"


class Worker:
    """`python -m celery worker` on the database and the broker of the test; `log` is the path of what it says."""

    def __init__(self, log, environment, concurrency: int = 2):
        self.log = log
        self.environment = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
        self.concurrency = concurrency
        self.program = None

    def start(self) -> "Worker":
        command = [sys.executable, "-m", "celery", "--app", "perftrack", "--quiet", "worker", "--loglevel", "INFO"]
        command += [
            "--concurrency",
            self.concurrency,
            "--without-gossip",
            "--without-mingle",
            "--hostname",
            f"{id(self)}@tests",
        ]
        with self.log.open("a") as log:
            self.program = programs.start(command, stdout=log, stderr=log, env=self.environment)
        programs.wait_until(self._is_ready, what=f"the worker to be ready, see {self.log}")
        return self

    def _is_ready(self) -> bool:
        assert self.program.poll() is None, self.log.read_text()
        return READY in self.log.read_text()

    def kill(self) -> None:
        """Kill the worker and its children without a word: kill -9."""
        programs.kill_group(self.program)
        self.program.wait()

    def stop(self) -> None:
        """Ask it to finish what it is doing, and wait."""
        programs.end(self.program, signal.SIGTERM)
